"""Base of the look-alikes: a listener, the check of the credentials, the faults, and validation by the contract."""

import asyncio
import hmac
from collections.abc import Callable
from email.utils import format_datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from bonifiq_desktop.training_server.contract import Contract, ContractViolation
from bonifiq_desktop.training_server.http_replies import JsonReply, RawReply, part_of_answer
from bonifiq_desktop.training_server.json_codec import JsonError, parse_timestamp, read_json
from bonifiq_desktop.training_server.listener import Listener, TrainingServerError
from bonifiq_desktop.training_server.remote.faults import RemoteFault, RemoteFaults
from bonifiq_desktop.training_server.transport import Connections

_BAD_GATEWAY_PAGE = "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"

_BUSY = {"error_429": (429, "Too many requests"), "error_503": (503, "Service unavailable")}

Act = Callable[[], tuple[int, Any]]
"""Applies a call and returns the status and the body of its answer; `None` as the body: an empty answer."""


class CallRefused(Exception):
    """A call that the system refuses, with a status of 4xx. `body`: its answer."""

    def __init__(self, status: int, body: Any) -> None:
        super().__init__(status)
        self.status = status
        self.body = body


class RemoteSystem:
    """A look-alike on 127.0.0.1. Subclasses give `routes`, `authorization`, `error_body`, `applied_count` and `now`.

    `on_applied`: called after each change and before its answer is sent.
    """

    def __init__(self, name: str, contract: Path, port: int) -> None:
        self.faults = RemoteFaults()
        self.requests: list[tuple[str, str, bytes]] = []
        self._contract = Contract(contract)
        self._listener = Listener(name, self.faults, self._build, port)
        self._open: Connections | None = None
        self._late: set[asyncio.Task[None]] = set()
        self.on_applied: Callable[[], None] = lambda: None

    @property
    def url(self) -> str:
        """`http://127.0.0.1:PORT`. Raises TrainingServerError before the first start."""
        return self._listener.url

    def start(self) -> None:
        """Start and wait until it listens. Raises TrainingServerError."""
        self._listener.start()

    def stop(self) -> None:
        """Abort every connection and wait for the thread. A second call does nothing."""
        self._listener.stop()

    def refuse_connections(self) -> None:
        """Refuse new connections, like a PC without a service on that port."""
        self._listener.refuse_connections()

    def accept_connections(self) -> None:
        self._listener.accept_connections()

    # --- for subclasses

    def routes(self) -> list[Route]:
        """The paths of the system."""
        raise NotImplementedError

    def authorization(self) -> str:
        """The value that the Authorization header must have."""
        raise NotImplementedError

    def error_body(self, status: int, message: str) -> Any:
        """The body of a refusal, in the system's form."""
        raise NotImplementedError

    def now(self) -> str:
        """The system's clock, as a timestamp."""
        raise NotImplementedError

    def applied_count(self) -> int:
        """How many changes the system has made."""
        raise NotImplementedError

    def body_of(self, request: Request, operation_id: str, raw: bytes) -> Any:
        """The JSON body of a request, valid by the contract. Raises CallRefused."""
        media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if media_type != "application/json":
            raise CallRefused(415, self.error_body(415, "Unsupported media type"))
        try:
            body = read_json(raw)
            self._contract.check(operation_id, body)
        except JsonError:
            raise CallRefused(400, self.error_body(400, "The body is not valid JSON")) from None
        except ContractViolation as misfit:
            raise CallRefused(400, self.error_body(400, misfit.message)) from None
        return body

    def route(
        self,
        path: str,
        method: str,
        kind: str,
        operation_id: str,
        act: Callable[[Request, bytes], tuple[int, Any]],
        *,
        is_open: bool = False,
    ) -> Route:
        """A path whose call runs `act`.

        `kind`: which faults it takes. `operation_id`: whose query parameters it takes. `is_open`: it needs no
        credentials.
        """

        async def endpoint(request: Request) -> Response:
            raw = await request.body()
            self.requests.append((method, str(request.url.path), raw))
            given = request.headers.get("authorization", "")
            if not is_open and not hmac.compare_digest(given.encode(), self.authorization().encode()):
                return self._reply(401, self.error_body(401, "Unauthorized"))
            try:
                self._contract.check_query(operation_id, parse_qsl(request.url.query, keep_blank_values=True))
            except ContractViolation as misfit:
                return self._reply(400, self.error_body(400, misfit.message))
            return await self._answer(kind, lambda: act(request, raw))

        return Route(path, endpoint, methods=[method])

    # --- answers

    def _build(self, connections: Connections) -> ASGIApp:
        self._open = connections
        app = Starlette(routes=self.routes())
        app.router.redirect_slashes = False
        return app

    @property
    def _connections(self) -> Connections:
        if self._open is None:
            raise TrainingServerError("training server is not running")
        return self._open

    def _reply(self, status: int, body: Any, retry_after: int | None = None) -> Response:
        headers = {"date": format_datetime(parse_timestamp(self.now()), usegmt=True)}
        if retry_after is not None:
            headers["retry-after"] = str(retry_after)
        if body is None:
            return Response(status_code=status, headers=headers)
        return JsonReply(status, body, headers=headers)

    def _run(self, act: Act) -> Response:
        before = self.applied_count()
        try:
            return self._reply(*act())
        except CallRefused as refused:
            return self._reply(refused.status, refused.body)
        finally:
            if self.applied_count() != before:
                self.on_applied()

    async def _answer(self, kind: str, act: Act) -> Response:
        fault = self.faults.take(kind)
        if fault is None:
            return self._run(act)
        reply = self._without_applying(fault)
        if reply is not None:
            if fault.name == "late":
                self._apply_later(act, fault.seconds)
            return reply
        return await self._with_applying(fault, act)

    def _without_applying(self, fault: RemoteFault) -> Response | None:
        statuses = {
            "error_500": HTTPStatus.INTERNAL_SERVER_ERROR,
            "unauthorized": HTTPStatus.UNAUTHORIZED,
            "forbidden": HTTPStatus.FORBIDDEN,
            "refuse": HTTPStatus.BAD_REQUEST,
            "refuse_406": HTTPStatus.NOT_ACCEPTABLE,
        }
        if fault.name in {"close", "late"}:
            return self._no_answer()
        if fault.name == "html":
            return HTMLResponse("<html><body>Bem-vindo ao Wi-Fi</body></html>")
        if fault.name == "html_502":
            return HTMLResponse(_BAD_GATEWAY_PAGE, HTTPStatus.BAD_GATEWAY)
        if fault.name in _BUSY:
            busy, message = _BUSY[fault.name]
            return self._reply(busy, self.error_body(busy, message), fault.retry_after)
        status = statuses.get(fault.name)
        return None if status is None else self._reply(status, self.error_body(status, fault.message))

    async def _with_applying(self, fault: RemoteFault, act: Act) -> Response:
        if fault.name == "delay":
            if not await self._connections.sleep(fault.seconds):
                return self._no_answer()
            return self._run(act)
        if fault.name == "by_other_client":
            self._run(act)
            return self._no_answer()
        if fault.name == "beside_other_client":
            self._run(act)
        answer = self._run(act)
        if fault.name == "error_500_after":
            return self._reply(500, self.error_body(500, "Internal error"))
        if fault.name == "html_502_after":
            return HTMLResponse(_BAD_GATEWAY_PAGE, HTTPStatus.BAD_GATEWAY)
        if fault.name in {"cut_with_length", "cut_without_length"}:
            return part_of_answer(self._connections, answer, with_length=fault.name == "cut_with_length")
        is_applied = answer.status_code < HTTPStatus.BAD_REQUEST
        return self._reply(200, {}) if fault.name == "no_ids" and is_applied else self._no_answer()

    def _no_answer(self) -> Response:
        return RawReply(self._connections)

    def _apply_later(self, act: Act, seconds: float) -> None:
        async def apply() -> None:
            if await self._connections.sleep(seconds):
                self._run(act)

        copy = asyncio.create_task(apply())
        self._late.add(copy)
        copy.add_done_callback(self._late.discard)
