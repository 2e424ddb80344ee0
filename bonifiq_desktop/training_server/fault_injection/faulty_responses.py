"""What a fault makes of an answer: pages, statuses and bodies that no client should believe, cut or endless ones."""

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

from bonifiq_desktop.training_server.fault_injection.faults import Fault, FaultName, Faults
from bonifiq_desktop.training_server.http_replies import Held, JsonReply, NoAnswer, plain, unauthorized
from bonifiq_desktop.training_server.json_codec import reais, write_json
from bonifiq_desktop.training_server.responses import failure, success
from bonifiq_desktop.training_server.transport import Lines, cut, until_gone

_PORTAL = """<!DOCTYPE html>
<html lang="pt-BR"><head><title>Wi-Fi do shopping</title></head>
<body><h1>Conecte-se</h1><form action="/entrar"><button>Aceito os termos</button></form></body></html>
"""
_HALF_A_SECOND = 0.5
_PIECE = 1 << 16
_HUGE_PIECES = 128
_BOMB = 64 << 20

# Answers that say no in some other form than the API's. They name an address as gateways do, and no order.
_NO_SUCH_ADDRESS = "No HTTP resource was found that matches the request URI 'http://gateway.invalid/v1/pvt/Order'."
_PROBLEM = {
    "type": "https://tools.ietf.org/html/rfc9110#section-15.5.1",
    "title": "One or more validation errors occurred.",
    "errors": {"$": ["The JSON value could not be converted."]},
}
_MODEL_STATE = {"Message": "The request is invalid.", "ModelState": {"request": ["An error has occurred."]}}

# What any kind of call could take for its success, were it not about somebody else's order.
_ANOTHER_ORDERS = success(
    {
        "Id": 1,
        "OriginalId": "OUTRO-PEDIDO",
        "OrderTotal": reais(100),
        "IsCancelledOrReturned": True,
        "isCanceled": True,
        "UpdatedAt": "2025-03-15T10:00:00.0000000Z",
        "Status": 3,
        "EstimatedBonus": {"GenerateBonus": True, "EstimatedPoints": 1, "EstimatedCashback": reais(5)},
    }
)


class Raw(Response):
    """Bytes written past the HTTP layer, which would not let half an answer out; then the end of the connection."""

    def __init__(self, lines: Lines, answer: Response, *, told_length: bool, part: float = 0.5) -> None:
        super().__init__()
        self._lines = lines
        body = bytes(answer.body)
        length = f"Content-Length: {len(body)}\r\n" if told_length else ""
        status = HTTPStatus(answer.status_code)
        head = f"HTTP/1.1 {status.value} {status.phrase}\r\nContent-Type: application/json\r\n{length}"
        self._bytes = f"{head}Connection: close\r\n\r\n".encode() + body[: int(len(body) * part)]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002  (ASGI)
        """Write, end, and wait until the server has noticed, or it would try to say 500."""
        transport = self._lines.transport(scope)
        if transport is not None:
            await self._write(transport)
        await until_gone(receive)

    async def _write(self, transport: asyncio.Transport) -> None:
        transport.write(self._bytes)
        transport.close()


class Reset(Raw):
    """Half an answer, then a reset."""

    async def _write(self, transport: asyncio.Transport) -> None:
        transport.write(self._bytes)
        cut(transport, reset=True)


class Trickle(Raw):
    """A whole answer, byte by byte."""

    def __init__(self, lines: Lines, answer: Response, seconds: float) -> None:
        super().__init__(lines, answer, told_length=True, part=1)
        self._seconds = seconds

    async def _write(self, transport: asyncio.Transport) -> None:
        for place in range(len(self._bytes)):
            if transport.is_closing() or not await self._lines.pause(self._seconds):
                return
            transport.write(self._bytes[place : place + 1])
        transport.close()


def instead(fault: Fault, faults: Faults, lines: Lines) -> Response | None:
    """What a fault answers without applying the call; None for faults that let it be applied."""
    make = _INSTEAD.get(fault.name)
    return make(fault, faults, lines) if make else None


def afterwards(fault: Fault, answer: Response, faults: Faults, lines: Lines) -> Response:
    """What a fault makes of the answer to a call that was applied."""
    make = _AFTERWARDS.get(fault.name)
    return make(fault, answer, faults, lines) if make else answer


def _busy(status: int, message: str, fault: Fault) -> Response:
    again = {} if fault.retry_after is None else {"retry-after": str(fault.retry_after)}
    return plain(status, message, headers=again)


def _redirect(fault: Fault, _faults: Faults, _lines: Lines) -> Response:
    return Response(status_code=int(fault.name.removeprefix("redirect_")), headers={"location": fault.location})


def _refusal(fault: Fault, faults: Faults, _lines: Lines) -> Response:
    return JsonReply(faults.refusal_status, failure(fault.message, code="87", code_name=fault.code_name))


def _in_progress(status: int) -> JsonReply:
    name = "CancelKeyInUse" if status == HTTPStatus.CONFLICT else "CANCEL_KEY_IN_USE"
    return JsonReply(
        status,
        failure("There is currently another in-progress request using this CancelKey", code="05", code_name=name),
    )


def _problem(status: int) -> Response:
    return Response(
        write_json({**_PROBLEM, "status": status}), status_code=status, media_type="application/problem+json"
    )


def _busy_until(status: int, fault: Fault) -> Response:
    now = time.time()
    dates = {"date": now, "retry-after": now + fault.seconds}
    headers = {name: formatdate(at, usegmt=True) for name, at in dates.items()}
    return plain(status, "Muitas requisições.", headers=headers)


async def _huge(body: bytes) -> AsyncIterator[bytes]:
    for _ in range(_HUGE_PIECES):
        yield b" " * _PIECE
    yield body


@lru_cache(maxsize=1)
def _bomb() -> bytes:
    return gzip.compress(b" " * _BOMB, compresslevel=9)


_INSTEAD: dict[FaultName, Callable[[Fault, Faults, Lines], Response]] = {
    "close": lambda _fault, _faults, lines: NoAnswer(lines),
    "late_copy": lambda _fault, _faults, lines: NoAnswer(lines),
    "error_500": lambda _fault, _faults, _lines: plain(500, "Erro interno."),
    "error_503": lambda fault, _faults, _lines: _busy(503, "Serviço indisponível.", fault),
    "error_429": lambda fault, _faults, _lines: _busy(429, "Muitas requisições.", fault),
    "html": lambda _fault, _faults, _lines: Response(_PORTAL, media_type="text/html"),
    "nonsense": lambda _fault, _faults, _lines: Response(b'{"Result": {\xff\xfe', media_type="application/json"),
    "unauthorized": lambda _fault, _faults, _lines: unauthorized(),
    "forbidden": lambda _fault, _faults, _lines: plain(403, "Acesso negado."),
    "redirect_302": _redirect,
    "redirect_307": _redirect,
    "redirect_308": _redirect,
    "refuse": _refusal,
    "refuse_by_number": lambda _fault, _faults, _lines: JsonReply(
        200, {"ErrorCode": 1234, "HasError": True, "Result": None}
    ),
    "in_progress": lambda _fault, _faults, _lines: _in_progress(409),
    "in_progress_200": lambda _fault, _faults, _lines: _in_progress(200),
    "conflict": lambda _fault, _faults, _lines: plain(409, "Conflict"),
    "problem_400": lambda _fault, _faults, _lines: _problem(400),
    "problem_422": lambda _fault, _faults, _lines: _problem(422),
    "model_state": lambda _fault, _faults, _lines: JsonReply(400, _MODEL_STATE),
    "gone": lambda _fault, _faults, _lines: Response("Gone", status_code=410, media_type="text/plain"),
    "gateway_404": lambda _fault, _faults, _lines: plain(404, _NO_SUCH_ADDRESS),
    "error_429_until": lambda fault, _faults, _lines: _busy_until(429, fault),
    "error_503_until": lambda fault, _faults, _lines: _busy_until(503, fault),
    "wrong_order": lambda _fault, _faults, _lines: JsonReply(200, _ANOTHER_ORDERS),
}

_AFTERWARDS: dict[FaultName, Callable[[Fault, Response, Faults, Lines], Response]] = {
    "lose_answer": lambda _fault, _answer, _faults, lines: NoAnswer(lines),
    "reset": lambda _fault, _answer, _faults, lines: NoAnswer(lines, reset=True),
    "reset_midway": lambda _fault, answer, _faults, lines: Reset(lines, answer, told_length=True),
    "cut_with_length": lambda _fault, answer, _faults, lines: Raw(lines, answer, told_length=True),
    "cut_without_length": lambda _fault, answer, _faults, lines: Raw(lines, answer, told_length=False),
    "error_500_after": lambda _fault, _answer, _faults, _lines: plain(500, "Erro interno."),
    "empty": lambda _fault, _answer, _faults, _lines: Response(b"", media_type="application/json"),
    "null_result": lambda _fault, _answer, _faults, _lines: JsonReply(200, {**success({}), "Result": None}),
    "null_body": lambda _fault, _answer, _faults, _lines: JsonReply(200, None),
    "no_content": lambda _fault, _answer, _faults, _lines: Response(status_code=204),
    "slow": lambda fault, answer, _faults, lines: Trickle(lines, answer, fault.seconds or _HALF_A_SECOND),
    "huge": lambda _fault, answer, _faults, _lines: StreamingResponse(_huge(bytes(answer.body))),
    "gzip_bomb": lambda _fault, _answer, _faults, _lines: Response(_bomb(), headers={"content-encoding": "gzip"}),
    "hang": lambda _fault, answer, faults, _lines: Held(answer, faults),
}
