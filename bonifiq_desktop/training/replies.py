"""Responses: the ordinary JSON one, and those that go wrong on purpose."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from bonifiq_desktop.training.answers import failure
from bonifiq_desktop.training.faults import Fault, Faults
from bonifiq_desktop.training.line import Lines, until_gone
from bonifiq_desktop.training.wire import write_json

_PORTAL = """<!DOCTYPE html>
<html lang="pt-BR"><head><title>Wi-Fi do shopping</title></head>
<body><h1>Conecte-se</h1><form action="/entrar"><button>Aceito os termos</button></form></body></html>
"""


class JsonReply(Response):
    """A JSON body with exact decimals."""

    media_type = "application/json"

    def __init__(self, status: int, body: Any, *, headers: Mapping[str, str] | None = None, indent: int = 0) -> None:
        super().__init__(write_json(body, indent=indent), status_code=status, headers=headers)


class NoAnswer(Response):
    """The connection closes without a byte; with `reset` the peer sees a reset."""

    def __init__(self, lines: Lines, *, reset: bool = False) -> None:
        super().__init__()
        self._lines = lines
        self._reset = reset

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002  (ASGI)
        """Drop the line, then wait until the server has noticed, or it would try to say 500."""
        self._lines.drop(scope, reset=self._reset)
        await until_gone(receive)


class Held(Response):
    """An answer that waits for Faults.release(), or for the caller to go."""

    def __init__(self, held: Response, faults: Faults) -> None:
        super().__init__()
        self._held = held
        self._faults = faults
        self._released = faults.hold()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the held answer once it is released; nothing if the caller has gone before."""
        released = asyncio.wrap_future(self._released)
        gone = asyncio.create_task(until_gone(receive))
        await asyncio.wait({released, gone}, return_when=asyncio.FIRST_COMPLETED)
        if gone.done():
            released.cancel()
            self._faults.let_go(self._released)
            return
        gone.cancel()
        await self._held(scope, receive, send)


def plain(status: int, message: str, *, headers: Mapping[str, str] | None = None) -> JsonReply:
    """A small body for statuses whose body nobody documents."""
    return JsonReply(status, {"Message": message}, headers=headers)


def refused(status: int, message: str, *, code: str = "90", code_name: str = "InvalidRequest") -> JsonReply:
    """An enveloped refusal."""
    return JsonReply(status, failure(message, code=code, code_name=code_name))


def unauthorized() -> JsonReply:
    """401, with the header that HTTP asks for."""
    return plain(401, "Credenciais inválidas.", headers={"www-authenticate": 'Basic realm="BonifiQ"'})


def instead(fault: Fault, faults: Faults, lines: Lines) -> Response | None:
    """What a fault answers without applying the call; None for faults that let it be applied."""
    again = {} if fault.retry_after is None else {"retry-after": str(fault.retry_after)}
    match fault.name:
        case "close":
            return NoAnswer(lines)
        case "error_500":
            return plain(500, "Erro interno.")
        case "error_503":
            return plain(503, "Serviço indisponível.", headers=again)
        case "error_429":
            return plain(429, "Muitas requisições.", headers=again)
        case "html":
            return Response(_PORTAL, media_type="text/html")
        case "nonsense":
            return Response(b'{"Result": {\xff\xfe', media_type="application/json")
        case "unauthorized":
            return unauthorized()
        case "refuse":
            body = failure(fault.message, code="87", code_name=fault.code_name)
            return JsonReply(faults.refusal_status, body)
        case _:
            return None


def afterwards(fault: Fault, answer: Response, faults: Faults, lines: Lines) -> Response:
    """What a fault makes of the answer to a call that was applied."""
    match fault.name:
        case "lose_answer":
            return NoAnswer(lines)
        case "reset":
            return NoAnswer(lines, reset=True)
        case "error_500_after":
            return plain(500, "Erro interno.")
        case "hang":
            return Held(answer, faults)
        case _:
            return answer
