"""A simulation of tills, network and service in one process, with virtual time.

The tills are real down to the HTTP client; only its transport is simulated. The service is the training server's ASGI
application, called without sockets.
"""

from __future__ import annotations

import asyncio
import selectors
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any

import httpx

from bonifiq_desktop.connectors.connector import CALL_TIMEOUT
from bonifiq_desktop.connectors.http_client import MAX_RESPONSE_BYTES, HttpClient, _secret_forms_of
from bonifiq_desktop.security.credentials import Credentials
from bonifiq_desktop.storage.paths import resource
from bonifiq_desktop.training_server.asgi_app import build_asgi_app
from bonifiq_desktop.training_server.contract import Contract
from bonifiq_desktop.training_server.fault_injection.fault_injector import FaultInjector, FaultName
from bonifiq_desktop.training_server.loyalty_service import LoyaltyService
from bonifiq_desktop.training_server.transport import Connections
from tests.support.oracle import SENT_UNRECORDED, Violation

START = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
CREDENTIALS = Credentials("treino", "segredo")
MAX_COPY_DELAY = 3600.0
CLOCK_JUMP = timedelta(days=7)
"""Longer than a day of the simulation. Tills' clocks jump by multiples, so that the true time can be computed."""

CONTRACT = Contract(resource("contract/bonifiq.openapi.json"))

# Faults by the part that causes them.
NETWORK_FAULTS = ("no_line", "no_line_slowly", "lost_before", "lost_after", "silence_before", "silence_after", "cut")
POST_FAULTS = ("late_copy", "another_late_copy", "twice", "twice_second_answer", "die_before", "die_after")
SERVER_FAULTS: tuple[FaultName, ...] = (
    "error_500",
    "error_500_after",
    "error_503",
    "error_429",
    "html",
    "nonsense",
    "unauthorized",
    "forbidden",
    "redirect_307",
    "wrong_order",
    "empty",
    "null_result",
    "refuse",
)
RETRY_AFTER = (None, 0, 7, 10**9, "soon")


class Killed(BaseException):
    """The simulated process was killed."""


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop whose clock jumps to the next timer instead of waiting."""

    def __init__(self) -> None:
        self._now = 0.0
        super().__init__(_SkippingSelector(self))

    def time(self) -> float:
        """Virtual seconds since the loop's creation."""
        return self._now

    def skip(self, seconds: float) -> None:
        """Advance the clock."""
        self._now += seconds


class _SkippingSelector(selectors.DefaultSelector):
    def __init__(self, loop: VirtualLoop) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            raise RuntimeError("event loop has no timer and no ready callback")
        if timeout > 0:
            self._loop.skip(timeout)
        return super().select(0)


@dataclass
class TillConnection:
    """A till's connection, down until `down_until`. `kill` ends the till's simulated process."""

    name: str
    ledger: Path
    kill: Callable[[], None]
    down_until: float = 0.0


def true_time(on_the_wall: datetime) -> datetime:
    """Convert a till's time to the simulation's time."""
    return START + (on_the_wall - START) % CLOCK_JUMP


class Simulation:
    """The service, the network and the clock. `is_network_sound` ends all network faults."""

    def __init__(self, rng: Random, *, fault_rate: float) -> None:
        self.rng = rng
        self.fault_rate = fault_rate
        self.is_network_sound = False
        self.service = LoyaltyService(clock=self.clock)
        self.faults = FaultInjector()
        self.connections: dict[int, TillConnection] = {}
        self.applied_by: dict[int, str] = {}
        self.violations: list[Violation] = []
        self.copies: set[asyncio.Task[None]] = set()
        self.requests = 0
        self._app: Any = build_asgi_app(
            service=self.service,
            faults=self.faults,
            contract=CONTRACT,
            connections=Connections(self.faults),
            credentials=(CREDENTIALS.token, CREDENTIALS.key),
            on_applied=lambda: None,
        )

    def clock(self) -> datetime:
        """The simulation's time."""
        try:
            passed = asyncio.get_running_loop().time()
        except RuntimeError:
            passed = 0.0
        return START + timedelta(seconds=passed)

    # --- the network

    async def exchange(self, request: httpx.Request, port: int) -> httpx.Response:
        """Deliver a request with a random fault and return the response."""
        line = self.connections[port]
        self.requests += 1
        fate = self._choose_fault(request.method, line)
        if fate == "no_line":
            raise httpx.ConnectError("refused")
        if fate == "no_line_slowly":
            await asyncio.sleep(CALL_TIMEOUT + 1)
        await request.extensions["trace"]("http11.send_request_headers.started", {})
        if fate in {"lost_before", "silence_before", "late_copy", "die_before"}:
            self._check_recorded(request, line)
            if fate == "late_copy":
                self._deliver_later(request, line)
            return await self._no_answer(fate, line)
        self._check_recorded(request, line)
        answer = await self._deliver(request, line, fate)
        if fate == "another_late_copy":
            self._deliver_later(request, line)
        if fate.startswith("twice"):
            copy = await self._deliver_copy(request, line)
            if fate == "twice_second_answer" and self._answers_from_copy(request):
                answer = copy
        if fate in {"lost_after", "silence_after", "die_after", "another_late_copy"}:
            return await self._no_answer(fate, line)
        content = answer.content[: len(answer.content) // 2] if fate == "cut" else answer.content
        return httpx.Response(answer.status_code, headers=answer.headers, stream=httpx.ByteStream(content))

    def _answers_from_copy(self, request: httpx.Request) -> bool:
        """Whether the second delivery's answer may come back. For a refund the client cannot detect it."""
        return not request.url.path.endswith("/partialcancel")

    def _choose_fault(self, method: str, line: TillConnection) -> str:
        if self.is_network_sound:
            return "ok"
        if asyncio.get_running_loop().time() < line.down_until:
            return "no_line"
        if self.rng.random() >= self.fault_rate:
            return "ok"
        fates: tuple[str, ...] = (*NETWORK_FAULTS, *SERVER_FAULTS, *(POST_FAULTS if method == "POST" else ()))
        return self.rng.choice(fates)

    async def _no_answer(self, fate: str, line: TillConnection) -> httpx.Response:
        if fate.startswith("die"):
            line.kill()
        if fate.startswith("silence"):
            await asyncio.sleep(CALL_TIMEOUT + 1)
        raise httpx.ReadError("reset")

    def _deliver_later(self, request: httpx.Request, line: TillConnection) -> None:
        async def arrive() -> None:
            await asyncio.sleep(seconds)
            await self._deliver_copy(request, line)

        seconds = self.rng.choice((0.5, 5.0, 120.0, MAX_COPY_DELAY))
        copy = asyncio.get_running_loop().create_task(arrive())
        self.copies.add(copy)
        copy.add_done_callback(self.copies.discard)

    async def _deliver(self, request: httpx.Request, line: TillConnection, fate: str) -> httpx.Response:
        for name in SERVER_FAULTS:
            if name == fate:
                self.faults.add(name, retry_after=self.rng.choice(RETRY_AFTER))
        before = len(self.service.applied)
        answer = await call_asgi(self._app, request)
        for place in range(before, len(self.service.applied)):
            self.applied_by[place] = line.name
        self.faults.clear()
        return answer

    async def _deliver_copy(self, request: httpx.Request, line: TillConnection) -> httpx.Response:
        """Deliver a copy that the network made and that no attempt of the till stands for."""
        answer = await self._deliver(request, line, "ok")
        self.service.requests.pop()
        return answer

    def _check_recorded(self, request: httpx.Request, line: TillConnection) -> None:
        """Check that the ledger file holds an open attempt with these bytes before they arrive."""
        if request.method != "POST":
            return
        query = """SELECT count(*) FROM attempts a JOIN operations o ON o.id = a.operation_id
                   WHERE a.ended_at IS NULL AND o.state = 'sending' AND o.body_sha256 = ?"""
        digest = sha256(request.content).hexdigest()
        with closing(sqlite3.connect(f"{line.ledger.as_uri()}?mode=ro", uri=True)) as db:
            if db.execute(query, (digest,)).fetchone()[0] != 1:
                self.violations.append(Violation(SENT_UNRECORDED, f"{line.name} sent what is not on its disk"))


async def call_asgi(app: Any, request: httpx.Request) -> httpx.Response:
    """Call an ASGI application."""
    sent: list[dict[str, Any]] = []
    content = [{"type": "http.request", "body": request.content, "more_body": False}]

    async def receive() -> dict[str, Any]:
        return content.pop() if content else {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": "http",
        "path": request.url.path,
        "raw_path": request.url.raw_path.split(b"?")[0],
        "query_string": request.url.query,
        "root_path": "",
        "headers": [(name.lower(), value) for name, value in request.headers.raw],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 2),
    }
    await app(scope, receive, send)
    body = b"".join(message.get("body", b"") for message in sent[1:])
    return httpx.Response(sent[0]["status"], headers=sent[0]["headers"], content=body)


class _SimulatedTransport(httpx.AsyncBaseTransport):
    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return await self._simulation.exchange(request, request.url.port or 0)


def simulated_client(simulation: Simulation) -> Callable[[str, Credentials], HttpClient]:
    """A client class for `Connection`: the real one on the simulated transport."""

    class Client(HttpClient):
        def __init__(self, url: str, credentials: Credentials) -> None:
            self._url = url
            self._timeout = CALL_TIMEOUT
            self._max_bytes = MAX_RESPONSE_BYTES
            self._secret_forms, self._auth = _secret_forms_of(credentials), None
            auth = httpx.BasicAuth(credentials.token, credentials.key)
            self._reader = self._writer = httpx.AsyncClient(
                transport=_SimulatedTransport(simulation), auth=auth, trust_env=False
            )

    return Client
