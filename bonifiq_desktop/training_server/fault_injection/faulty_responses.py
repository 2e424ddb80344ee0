"""The reply that each fault produces: wrong pages, statuses and bodies, truncated and endless ones."""

import gzip
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from email.utils import formatdate
from functools import lru_cache

from starlette.responses import Response, StreamingResponse

from bonifiq_desktop.training_server.fault_injection.fault_injector import Fault, FaultInjector, FaultName
from bonifiq_desktop.training_server.http_replies import (
    HeldReply,
    JsonReply,
    RawReply,
    message_reply,
    part_of_answer,
    unauthorized_reply,
)
from bonifiq_desktop.training_server.json_codec import to_reais, write_json
from bonifiq_desktop.training_server.responses import error_envelope, success_envelope
from bonifiq_desktop.training_server.transport import Connections

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


@dataclass(frozen=True)
class _Call:
    """A call and its fault. `answer` is the true answer, or an empty one where the call is not applied."""

    fault: Fault
    answer: Response
    faults: FaultInjector
    connections: Connections


def reply_without_applying(fault: Fault, faults: FaultInjector, connections: Connections) -> Response | None:
    """The reply of a fault that keeps the call from being applied; None for other faults."""
    make = _NOT_APPLIED.get(fault.name)
    return make(_Call(fault, Response(), faults, connections)) if make else None


def reply_after_applying(fault: Fault, answer: Response, faults: FaultInjector, connections: Connections) -> Response:
    """The reply of a fault after the call was applied; `answer` where the fault changes nothing."""
    make = _APPLIED.get(fault.name)
    return make(_Call(fault, answer, faults, connections)) if make else answer


def _busy(status: int, message: str, fault: Fault) -> Response:
    again = {} if fault.retry_after is None else {"retry-after": str(fault.retry_after)}
    return message_reply(status, message, headers=again)


def _redirect(call: _Call) -> Response:
    status = int(call.fault.name.removeprefix("redirect_"))
    return Response(status_code=status, headers={"location": call.fault.location})


def _refusal(call: _Call) -> Response:
    envelope = error_envelope(call.fault.message, code="87", code_name=call.fault.code_name)
    return JsonReply(call.faults.refusal_status, envelope)


def _in_progress(status: int, code_name: str) -> JsonReply:
    message = "There is currently another in-progress request using this CancelKey"
    return JsonReply(status, error_envelope(message, code="05", code_name=code_name))


def _problem(status: int) -> Response:
    body = write_json({**_PROBLEM, "status": status})
    return Response(body, status_code=status, media_type="application/problem+json")


def _busy_until(status: int, fault: Fault) -> Response:
    now = time.time()
    dates = {"date": now, "retry-after": now + fault.seconds}
    headers = {name: formatdate(at, usegmt=True) for name, at in dates.items()}
    return message_reply(status, "Muitas requisições.", headers=headers)


def _slowly(call: _Call) -> Response:
    interval = call.fault.seconds or _DEFAULT_BYTE_INTERVAL
    return part_of_answer(call.connections, call.answer, fraction=1, byte_interval=interval)


async def _huge(body: bytes) -> AsyncIterator[bytes]:
    for _ in range(_HUGE_CHUNKS):
        yield b" " * _CHUNK_SIZE
    yield body


@lru_cache(maxsize=1)
def _gzip_bomb() -> bytes:
    return gzip.compress(b" " * _GZIP_BOMB_SIZE, compresslevel=9)


_NOT_APPLIED: dict[FaultName, Callable[[_Call], Response]] = {
    "close": lambda call: RawReply(call.connections),
    "late_copy": lambda call: RawReply(call.connections),
    "error_500": lambda _: message_reply(500, "Erro interno."),
    "error_503": lambda call: _busy(503, "Serviço indisponível.", call.fault),
    "error_429": lambda call: _busy(429, "Muitas requisições.", call.fault),
    "html": lambda _: Response(_CAPTIVE_PORTAL_PAGE, media_type="text/html"),
    "nonsense": lambda _: Response(b'{"Result": {\xff\xfe', media_type="application/json"),
    "unauthorized": lambda _: unauthorized_reply(),
    "forbidden": lambda _: message_reply(403, "Acesso negado."),
    "redirect_302": _redirect,
    "redirect_307": _redirect,
    "redirect_308": _redirect,
    "refuse": _refusal,
    "refuse_by_number": lambda _: JsonReply(200, {"ErrorCode": 1234, "HasError": True, "Result": None}),
    "in_progress": lambda _: _in_progress(409, "CancelKeyInUse"),
    "in_progress_200": lambda _: _in_progress(200, "CANCEL_KEY_IN_USE"),
    "conflict": lambda _: message_reply(409, "Conflict"),
    "problem_400": lambda _: _problem(400),
    "problem_422": lambda _: _problem(422),
    "model_state": lambda _: JsonReply(400, _MODEL_STATE),
    "gone": lambda _: Response("Gone", status_code=410, media_type="text/plain"),
    "gateway_404": lambda _: message_reply(404, _NO_SUCH_ADDRESS),
    "error_429_until": lambda call: _busy_until(429, call.fault),
    "error_503_until": lambda call: _busy_until(503, call.fault),
    "wrong_order": lambda _: JsonReply(200, _SUCCESS_FOR_ANOTHER_ORDER),
}

_APPLIED: dict[FaultName, Callable[[_Call], Response]] = {
    "lose_answer": lambda call: RawReply(call.connections),
    "reset": lambda call: RawReply(call.connections, reset=True),
    "reset_midway": lambda call: part_of_answer(call.connections, call.answer, reset=True),
    "cut_with_length": lambda call: part_of_answer(call.connections, call.answer),
    "cut_without_length": lambda call: part_of_answer(call.connections, call.answer, with_length=False),
    "error_500_after": lambda _: message_reply(500, "Erro interno."),
    "empty": lambda _: Response(b"", media_type="application/json"),
    "null_result": lambda _: JsonReply(200, success_envelope(None)),
    "null_body": lambda _: JsonReply(200, None),
    "no_content": lambda _: Response(status_code=204),
    "slow": _slowly,
    "huge": lambda call: StreamingResponse(_huge(bytes(call.answer.body))),
    "gzip_bomb": lambda _: Response(_gzip_bomb(), headers={"content-encoding": "gzip"}),
    "hang": lambda call: HeldReply(call.answer, call.faults),
}
