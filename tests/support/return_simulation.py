"""Three systems, a network and a hub in one process, with virtual time: the loyalty service, a marketplace, a web shop.

A request of a system without client keys is delivered once, or late: a network that doubles it pays twice, whatever a
client does.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from hashlib import sha256
from random import Random
from types import MethodType
from typing import Any

import httpx

from bonifiq_desktop.connectors.connector import CALL_TIMEOUT
from bonifiq_desktop.connectors.http_client import (
    MAX_RESPONSE_BYTES,
    HeaderAuth,
    HttpClient,
    _secret_forms_of,
)
from bonifiq_desktop.domain.returns import AKINON, MIRAKL
from bonifiq_desktop.security.credentials import Credentials
from bonifiq_desktop.storage.paths import resource
from bonifiq_desktop.training_server.akinon.server import AkinonTraining
from bonifiq_desktop.training_server.akinon.shop import AppliedItem
from bonifiq_desktop.training_server.json_codec import format_timestamp
from bonifiq_desktop.training_server.mirakl.marketplace import AppliedEntry
from bonifiq_desktop.training_server.mirakl.server import MiraklTraining
from bonifiq_desktop.training_server.remote.faults import RemoteFaultName
from bonifiq_desktop.training_server.transport import Connections
from tests.support.oracle import SENT_UNRECORDED, Violation
from tests.support.simulation import NETWORK_FAULTS, Simulation, TillConnection, call_asgi

POINTS_FIRST = "points first"
PORTS = {201: MIRAKL, 202: AKINON}
WRITE_FAULT_RATE = 0.6
WRITE_FAULTS = (*(("late_copy",) * 8), "lost_before", "lost_after", "lost_after", "die_before", "die_after")
REMOTE_SERVER_FAULTS: tuple[RemoteFaultName, ...] = (
    "error_500",
    "error_500_after",
    "error_503",
    "html_502",
    "html_502_after",
    "html",
    "no_ids",
    "unauthorized",
    "forbidden",
    "error_429",
    "refuse",
)
COPY_DELAYS = (0.5, 5.0, 120.0, 700.0, 3600.0)


@dataclass
class Effect:
    """What one request really did. `till`, `operation`: whose it was, by the ledger at the time of its sending."""

    system: str
    till: str
    operation: int
    body: bytes
    entries: list[AppliedEntry | AppliedItem] = field(default_factory=list)


class ReturnSimulation(Simulation):
    """`effects`: of each request that changed something. `released`: points that a person let go without the money."""

    def __init__(self, rng: Random, *, fault_rate: float) -> None:
        super().__init__(rng, fault_rate=fault_rate)
        self.effects: list[Effect] = []
        self.released: set[tuple[str, int]] = set()
        self.connecting = 0
        self.market = MiraklTraining(resource("contract/mirakl.openapi.json"))
        self.web = AkinonTraining(resource("contract/akinon.openapi.json"))
        for system in (self.market, self.web):
            # The systems' clock is the simulation's.
            system.service.now = lambda: format_timestamp(self.clock())  # type: ignore[method-assign]
        self._apps: dict[str, Any] = {
            MIRAKL: self.market._build(Connections(self.market.faults)),
            AKINON: self.web._build(Connections(self.web.faults)),
        }

    async def exchange_remote(self, request: httpx.Request, system: str, number: int) -> httpx.Response:
        """Deliver a request to the marketplace or the web shop with a random fault."""
        line = self.connections[number]
        self.requests += 1
        is_write = request.method != "GET" and not request.url.path.endswith("/login/")
        fate = self._choose_remote_fault(line, is_write=is_write)
        if fate == "no_line":
            raise httpx.ConnectError("refused")
        if fate == "no_line_slowly":
            await asyncio.sleep(CALL_TIMEOUT + 1)
        await request.extensions["trace"]("http11.send_request_headers.started", {})
        effect = self._sender(request, system, line) if is_write else None
        if fate in {"lost_before", "silence_before", "late_copy", "die_before"}:
            if fate == "late_copy":
                self._deliver_effect_later(request, system, effect)
            return await self._no_answer(fate, line)
        answer = await self._deliver_effect(request, system, effect, fate)
        if fate in {"lost_after", "silence_after", "die_after"}:
            return await self._no_answer(fate, line)
        content = answer.content[: len(answer.content) // 2] if fate == "cut" else answer.content
        return httpx.Response(answer.status_code, headers=answer.headers, stream=httpx.ByteStream(content))

    def _choose_remote_fault(self, line: TillConnection, *, is_write: bool) -> str:
        if self.is_network_sound:
            return "ok"
        if asyncio.get_running_loop().time() < line.down_until:
            return "no_line"
        # Reads come often and must succeed for a write to leave at all.
        if self.rng.random() >= (WRITE_FAULT_RATE if is_write else self.fault_rate / 2):
            return "ok"
        faults: tuple[str, ...] = (*NETWORK_FAULTS, *REMOTE_SERVER_FAULTS, *(WRITE_FAULTS if is_write else ()))
        return self.rng.choice(faults)

    def _sender(self, request: httpx.Request, system: str, line: TillConnection) -> Effect | None:
        """The operation whose attempt stands on the till's disk while these bytes leave."""
        query = """SELECT o.id FROM attempts a JOIN operations o ON o.id = a.operation_id
                   WHERE a.ended_at IS NULL AND o.state = 'sending' AND o.body_sha256 = ? AND o.path = ?
                   AND o.system = ?"""
        digest = sha256(request.content).hexdigest()
        path = request.url.raw_path.decode()
        with closing(sqlite3.connect(f"{line.ledger.as_uri()}?mode=ro", uri=True)) as db:
            rows = db.execute(query, (digest, path, system)).fetchall()
        if len(rows) != 1:
            self.violations.append(Violation(SENT_UNRECORDED, f"{line.name} sent what is not on its disk: {path}"))
            return None
        return Effect(system, line.name, rows[0][0], request.content)

    def _deliver_effect_later(self, request: httpx.Request, system: str, effect: Effect | None) -> None:
        async def arrive() -> None:
            await asyncio.sleep(seconds)
            await self._deliver_effect(request, system, effect, "ok")

        seconds = self.rng.choice(COPY_DELAYS)
        copy = asyncio.get_running_loop().create_task(arrive())
        self.copies.add(copy)
        copy.add_done_callback(self.copies.discard)

    async def _deliver_effect(
        self, request: httpx.Request, system: str, effect: Effect | None, fate: str
    ) -> httpx.Response:
        server = self.market if system == MIRAKL else self.web
        for name in REMOTE_SERVER_FAULTS:
            if name == fate:
                server.faults.add(name, retry_after=self.rng.choice((0, 7, 4000)))
        applied: list[Any] = server.service.applied
        before = len(applied)
        answer = await call_asgi(self._apps[system], request)
        server.faults.clear()
        if effect is not None and len(applied) > before:
            self.effects.append(Effect(system, effect.till, effect.operation, effect.body, applied[before:]))
        return answer

    def _check_recorded(self, request: httpx.Request, line: TillConnection) -> None:
        """Check also that the points of a return leave after its money, unless a person let them go."""
        super()._check_recorded(request, line)
        query = """SELECT p.id, m.id, m.state FROM operations p JOIN operations m
                   ON m.return_id = p.return_id AND NOT m.after_money
                   WHERE p.after_money AND p.state = 'sending' AND p.body_sha256 = ? AND m.state <> 'confirmed'
                   AND m.id = (
                       SELECT max(id) FROM operations WHERE return_id = p.return_id AND leg = m.leg AND id < p.id
                   )"""
        digest = sha256(request.content).hexdigest()
        with closing(sqlite3.connect(f"{line.ledger.as_uri()}?mode=ro", uri=True)) as db:
            for points, money, state in db.execute(query, (digest,)).fetchall():
                if (line.name, points) not in self.released:
                    text = f"{line.name}/{points} left while {money} was {state}"
                    self.violations.append(Violation(POINTS_FIRST, text))


class _Transport(httpx.AsyncBaseTransport):
    def __init__(self, deliver: Callable[[httpx.Request], Any]) -> None:
        self._deliver = deliver

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        answer: httpx.Response = await self._deliver(request)
        return answer


def return_client(simulation: ReturnSimulation) -> type[HttpClient]:
    """A client class for every connector: the real one on the simulated network.

    `simulation.connecting`: the number of the till whose connection is being made.
    """

    class Client(HttpClient):
        def __init__(
            self,
            url: str,
            credentials: Credentials | None,
            *,
            timeout: float = CALL_TIMEOUT,
            max_bytes: int = MAX_RESPONSE_BYTES,
            auth: HeaderAuth | None = None,
        ) -> None:
            self._url, self._timeout, self._max_bytes, self._auth = url, timeout, max_bytes, auth
            self._secret_forms = _secret_forms_of(credentials) if credentials else ()
            number = simulation.connecting
            system = PORTS.get(httpx.URL(url).port or 0)

            async def deliver(_self: object, request: httpx.Request) -> httpx.Response:
                if system is None:
                    return await simulation.exchange(request, request.url.port or 0)
                return await simulation.exchange_remote(request, system, number)

            basic = httpx.BasicAuth(credentials.token, credentials.key) if credentials else None
            transport = _Transport(MethodType(deliver, self))
            self._reader = self._writer = httpx.AsyncClient(transport=transport, auth=auth or basic, trust_env=False)

    return Client
