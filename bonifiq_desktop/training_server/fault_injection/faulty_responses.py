"""The reply that each fault produces: wrong pages, statuses and bodies, truncated and endless ones."""

from __future__ import annotations

import asyncio
import gzip
import time
from collections.abc import AsyncIterator, Callable
from email.utils import formatdate
from functools import lru_cache
from http import HTTPStatus

from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from bonifiq_desktop.training_server.fault_injection.fault_injector import Fault, FaultInjector, FaultName
from bonifiq_desktop.training_server.http_replies import (
    ClosedWithoutAnswer,
    HeldReply,
    JsonReply,
    message_reply,
    unauthorized_reply,
)
from bonifiq_desktop.training_server.json_codec import to_reais, write_json
from bonifiq_desktop.training_server.responses import error_envelope, success_envelope
from bonifiq_desktop.training_server.transport import Connections, abort, wait_for_disconnect

_CAPTIVE_PORTAL_PAGE = """<!DOCTYPE html>
<html lang="pt-BR"><head><title>Wi-Fi do shopping</title></head>
<body><h1>Conecte-se</h1><form action="/entrar"><button>Aceito os termos</button></form></body></html>
"""
_DEFAULT_BYTE_INTERVAL = 0.5
_CHUNK_SIZE = 1 << 16
_HUGE_CHUNKS = 128
_GZIP_BOMB_SIZE = 64 << 20

# Refusals outside the API's forms. Like a gateway's they name an address and no order.
_NO_SUCH_ADDRESS = "No HTTP resource was found that matches the request URI 'http://gateway.invalid/v1/pvt/Order'."
_PROBLEM = {
    "type": "https://tools.ietf.org/html/rfc9110#section-15.5.1",
    "title": "One or more validation errors occurred.",
    "errors": {"$": ["The JSON value could not be converted."]},
}
_MODEL_STATE = {"Message": "The request is invalid.", "ModelState": {"request": ["An error has occurred."]}}

# Every kind of call could take this for its success; only the order is another one.
_SUCCESS_FOR_ANOTHER_ORDER = success_envelope(
    {
        "Id": 1,
        "OriginalId": "OUTRO-PEDIDO",
        "OrderTotal": to_reais(100),
        "IsCancelledOrReturned": True,
        "isCanceled": True,
        "UpdatedAt": "2025-03-15T10:00:00.0000000Z",
        "Status": 3,
        "EstimatedBonus": {"GenerateBonus": True, "EstimatedPoints": 1, "EstimatedCashback": to_reais(5)},
    }
)


class TruncatedReply(Response):
    """Part of an answer, then the end of the connection. Written past uvicorn, which refuses to send half an answer."""

    def __init__(self, connections: Connections, answer: Response, *, with_length: bool, fraction: float = 0.5) -> None:
        super().__init__()
        self._connections = connections
        body = bytes(answer.body)
        length = f"Content-Length: {len(body)}\r\n" if with_length else ""
        status = HTTPStatus(answer.status_code)
        head = f"HTTP/1.1 {status.value} {status.phrase}\r\nContent-Type: application/json\r\n{length}"
        self._bytes = f"{head}Connection: close\r\n\r\n".encode() + body[: int(len(body) * fraction)]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI's signature
        """Write, close, and wait until uvicorn notices, because it would send a 500 otherwise."""
        transport = self._connections.transport(scope)
        if transport is not None:
            await self._write(transport)
        await wait_for_disconnect(receive)

    async def _write(self, transport: asyncio.Transport) -> None:
        transport.write(self._bytes)
        transport.close()


class ResetReply(TruncatedReply):
    """Half an answer, then a connection reset."""

    async def _write(self, transport: asyncio.Transport) -> None:
        transport.write(self._bytes)
        abort(transport, reset=True)


class SlowReply(TruncatedReply):
    """A whole answer, one byte every `seconds`."""

    def __init__(self, connections: Connections, answer: Response, seconds: float) -> None:
        super().__init__(connections, answer, with_length=True, fraction=1)
        self._seconds = seconds

    async def _write(self, transport: asyncio.Transport) -> None:
        for place in range(len(self._bytes)):
            if transport.is_closing() or not await self._connections.sleep(self._seconds):
                return
            transport.write(self._bytes[place : place + 1])
        transport.close()


def reply_without_applying(fault: Fault, faults: FaultInjector, connections: Connections) -> Response | None:
    """The reply of a fault that keeps the call from being applied; None for other faults."""
    make = _NOT_APPLIED.get(fault.name)
    return make(fault, faults, connections) if make else None


def reply_after_applying(fault: Fault, answer: Response, faults: FaultInjector, connections: Connections) -> Response:
    """The reply of a fault after the call was applied; `answer` where the fault changes nothing."""
    make = _APPLIED.get(fault.name)
    return make(fault, answer, faults, connections) if make else answer


def _busy(status: int, message: str, fault: Fault) -> Response:
    again = {} if fault.retry_after is None else {"retry-after": str(fault.retry_after)}
    return message_reply(status, message, headers=again)


def _redirect(fault: Fault, _faults: FaultInjector, _connections: Connections) -> Response:
    return Response(status_code=int(fault.name.removeprefix("redirect_")), headers={"location": fault.location})


def _refusal(fault: Fault, faults: FaultInjector, _connections: Connections) -> Response:
    return JsonReply(faults.refusal_status, error_envelope(fault.message, code="87", code_name=fault.code_name))


def _in_progress(status: int) -> JsonReply:
    name = "CancelKeyInUse" if status == HTTPStatus.CONFLICT else "CANCEL_KEY_IN_USE"
    return JsonReply(
        status,
        error_envelope(
            "There is currently another in-progress request using this CancelKey", code="05", code_name=name
        ),
    )


def _problem(status: int) -> Response:
    return Response(
        write_json({**_PROBLEM, "status": status}), status_code=status, media_type="application/problem+json"
    )


def _busy_until(status: int, fault: Fault) -> Response:
    now = time.time()
    dates = {"date": now, "retry-after": now + fault.seconds}
    headers = {name: formatdate(at, usegmt=True) for name, at in dates.items()}
    return message_reply(status, "Muitas requisições.", headers=headers)


async def _huge(body: bytes) -> AsyncIterator[bytes]:
    for _ in range(_HUGE_CHUNKS):
        yield b" " * _CHUNK_SIZE
    yield body


@lru_cache(maxsize=1)
def _gzip_bomb() -> bytes:
    return gzip.compress(b" " * _GZIP_BOMB_SIZE, compresslevel=9)


_NOT_APPLIED: dict[FaultName, Callable[[Fault, FaultInjector, Connections], Response]] = {
    "close": lambda _fault, _faults, connections: ClosedWithoutAnswer(connections),
    "late_copy": lambda _fault, _faults, connections: ClosedWithoutAnswer(connections),
    "error_500": lambda _fault, _faults, _connections: message_reply(500, "Erro interno."),
    "error_503": lambda fault, _faults, _connections: _busy(503, "Serviço indisponível.", fault),
    "error_429": lambda fault, _faults, _connections: _busy(429, "Muitas requisições.", fault),
    "html": lambda _fault, _faults, _connections: Response(_CAPTIVE_PORTAL_PAGE, media_type="text/html"),
    "nonsense": lambda _fault, _faults, _connections: Response(b'{"Result": {\xff\xfe', media_type="application/json"),
    "unauthorized": lambda _fault, _faults, _connections: unauthorized_reply(),
    "forbidden": lambda _fault, _faults, _connections: message_reply(403, "Acesso negado."),
    "redirect_302": _redirect,
    "redirect_307": _redirect,
    "redirect_308": _redirect,
    "refuse": _refusal,
    "refuse_by_number": lambda _fault, _faults, _connections: JsonReply(
        200, {"ErrorCode": 1234, "HasError": True, "Result": None}
    ),
    "in_progress": lambda _fault, _faults, _connections: _in_progress(409),
    "in_progress_200": lambda _fault, _faults, _connections: _in_progress(200),
    "conflict": lambda _fault, _faults, _connections: message_reply(409, "Conflict"),
    "problem_400": lambda _fault, _faults, _connections: _problem(400),
    "problem_422": lambda _fault, _faults, _connections: _problem(422),
    "model_state": lambda _fault, _faults, _connections: JsonReply(400, _MODEL_STATE),
    "gone": lambda _fault, _faults, _connections: Response("Gone", status_code=410, media_type="text/plain"),
    "gateway_404": lambda _fault, _faults, _connections: message_reply(404, _NO_SUCH_ADDRESS),
    "error_429_until": lambda fault, _faults, _connections: _busy_until(429, fault),
    "error_503_until": lambda fault, _faults, _connections: _busy_until(503, fault),
    "wrong_order": lambda _fault, _faults, _connections: JsonReply(200, _SUCCESS_FOR_ANOTHER_ORDER),
}

_APPLIED: dict[FaultName, Callable[[Fault, Response, FaultInjector, Connections], Response]] = {
    "lose_answer": lambda _fault, _answer, _faults, connections: ClosedWithoutAnswer(connections),
    "reset": lambda _fault, _answer, _faults, connections: ClosedWithoutAnswer(connections, reset=True),
    "reset_midway": lambda _fault, answer, _faults, connections: ResetReply(connections, answer, with_length=True),
    "cut_with_length": lambda _fault, answer, _faults, connections: TruncatedReply(
        connections, answer, with_length=True
    ),
    "cut_without_length": lambda _fault, answer, _faults, connections: TruncatedReply(
        connections, answer, with_length=False
    ),
    "error_500_after": lambda _fault, _answer, _faults, _connections: message_reply(500, "Erro interno."),
    "empty": lambda _fault, _answer, _faults, _connections: Response(b"", media_type="application/json"),
    "null_result": lambda _fault, _answer, _faults, _connections: JsonReply(
        200, {**success_envelope({}), "Result": None}
    ),
    "null_body": lambda _fault, _answer, _faults, _connections: JsonReply(200, None),
    "no_content": lambda _fault, _answer, _faults, _connections: Response(status_code=204),
    "slow": lambda fault, answer, _faults, connections: SlowReply(
        connections, answer, fault.seconds or _DEFAULT_BYTE_INTERVAL
    ),
    "huge": lambda _fault, answer, _faults, _connections: StreamingResponse(_huge(bytes(answer.body))),
    "gzip_bomb": lambda _fault, _answer, _faults, _connections: Response(
        _gzip_bomb(), headers={"content-encoding": "gzip"}
    ),
    "hang": lambda _fault, answer, faults, _connections: HeldReply(answer, faults),
}
