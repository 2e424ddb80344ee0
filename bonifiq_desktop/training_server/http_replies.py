"""HTTP replies: JSON, and replies without an answer."""

import asyncio
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from bonifiq_desktop.training_server.fault_injection.answer_forms import MissingForm
from bonifiq_desktop.training_server.fault_injection.fault_injector import FaultInjector
from bonifiq_desktop.training_server.json_codec import write_json
from bonifiq_desktop.training_server.responses import error_envelope
from bonifiq_desktop.training_server.transport import Connections, reset, wait_for_disconnect


class JsonReply(Response):
    media_type = "application/json"

    def __init__(self, status: int, body: Any, *, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(write_json(body), status_code=status, headers=headers)


class RawReply(Response):
    """Bytes written past uvicorn, which refuses to send half an answer, then the end of the connection.

    `reset` ends it with RST instead of FIN. `byte_interval` (seconds) separates the bytes.
    """

    def __init__(
        self, connections: Connections, content: bytes = b"", *, reset: bool = False, byte_interval: float = 0
    ) -> None:
        super().__init__()
        self._connections = connections
        self._content = content
        self._reset = reset
        self._byte_interval = byte_interval

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI's signature
        """Write, close, and wait until uvicorn notices, because it would send a 500 otherwise."""
        transport = self._connections.transport(scope)
        if transport is not None:
            await self._write(transport)
        await wait_for_disconnect(receive)

    async def _write(self, transport: asyncio.Transport) -> None:
        step = 1 if self._byte_interval else len(self._content) or 1
        for place in range(0, len(self._content), step):
            if transport.is_closing() or not await self._connections.sleep(self._byte_interval):
                return
            transport.write(self._content[place : place + step])
        if self._reset:
            reset(transport)
        else:
            transport.close()


def part_of_answer(
    connections: Connections,
    answer: Response,
    *,
    with_length: bool = True,
    fraction: float = 0.5,
    reset: bool = False,
    byte_interval: float = 0,
) -> RawReply:
    """The head of an answer and a part of its body; a part of the head where the body is empty."""
    body = bytes(answer.body)
    length = f"Content-Length: {len(body)}\r\n" if with_length else ""
    status = HTTPStatus(answer.status_code)
    head = f"HTTP/1.1 {status.value} {status.phrase}\r\nContent-Type: application/json\r\n{length}"
    content = f"{head}Connection: close\r\n\r\n".encode() + body[: int(len(body) * fraction)]
    if not body:
        content = content[: int(len(content) * fraction)]
    return RawReply(connections, content, reset=reset, byte_interval=byte_interval)


class HeldReply(Response):
    """An answer that waits for FaultInjector.release(), or until the caller hangs up."""

    def __init__(self, held: Response, faults: FaultInjector) -> None:
        super().__init__()
        self._held = held
        self._faults = faults
        self._released = faults.hold()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the answer after its release; nothing if the caller has hung up."""
        released = asyncio.wrap_future(self._released)
        gone = asyncio.create_task(wait_for_disconnect(receive))
        await asyncio.wait({released, gone}, return_when=asyncio.FIRST_COMPLETED)
        if gone.done():
            released.cancel()
            self._faults.discard_held(self._released)
            return
        gone.cancel()
        await self._held(scope, receive, send)


def message_reply(status: int, message: str, *, headers: Mapping[str, str] | None = None) -> JsonReply:
    """A Message alone, for statuses without a documented body."""
    return JsonReply(status, {"Message": message}, headers=headers)


def refusal_reply(status: int, message: str, *, code: str = "90", code_name: str = "InvalidRequest") -> JsonReply:
    return JsonReply(status, error_envelope(message, code=code, code_name=code_name))


def order_not_found_reply(form: MissingForm) -> Response:
    text = "Pedido não encontrado."
    if form in {"envelope_404", "envelope_200"}:
        return refusal_reply(int(form.removeprefix("envelope_")), text, code="91", code_name="OrderNotFound")
    make: Mapping[str, Callable[[], Response]] = {
        "message": lambda: message_reply(404, text),
        "text": lambda: Response("Order not found", status_code=404, media_type="text/plain"),
        "json_text": lambda: JsonReply(404, "Pedido nao encontrado"),
        "empty": lambda: Response(status_code=404),
        "no_content": lambda: Response(status_code=204),
        "null": lambda: JsonReply(200, None),
    }
    return make[form]()


def unauthorized_reply() -> JsonReply:
    return message_reply(401, "Credenciais inválidas.", headers={"www-authenticate": 'Basic realm="BonifiQ"'})
