"""A till in the simulation that can die at any commit or send, and restart from its files."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path

from bonifiq_desktop.connectors.bonifiq.connector import BonifiqConnector
from bonifiq_desktop.domain.operations import Operation
from bonifiq_desktop.ledger.connection import LedgerConnection
from bonifiq_desktop.ledger.ledger import Ledger
from bonifiq_desktop.security.customer_keys import CustomerKeys
from bonifiq_desktop.services.connection import Connection
from bonifiq_desktop.services.connection_services import ConnectionServices
from bonifiq_desktop.services.refundable import RefundRequest
from bonifiq_desktop.services.retry import RetryPolicy
from bonifiq_desktop.services.review import ReviewService
from bonifiq_desktop.storage.settings import Settings
from tests.support.simulation import CREDENTIALS, Killed, Simulation, TillConnection
from tests.support.staff import access_control_in

SETTINGS = Settings(account="LOJA1")


class KillableConnection(LedgerConnection):
    """The ledger's connection; its process may die right before or right after each commit."""

    def __init__(self, path: Path, clock: Callable[[], datetime], may_die: Callable[[], bool]) -> None:
        self.dead = False
        self._may_die = may_die
        super().__init__(path, clock)

    @property
    def db(self) -> sqlite3.Connection:
        if self.dead:
            raise Killed
        return super().db

    @contextmanager
    def transaction(self) -> Iterator[None]:
        with super().transaction():
            yield
            self._maybe_die()
        self._maybe_die()

    def _maybe_die(self) -> None:
        if self._may_die():
            self.dead = True
            raise Killed


class KillableLedger(Ledger):
    """The real ledger on a killable connection."""

    connection: KillableConnection

    def __init__(self, path: Path, clock: Callable[[], datetime], may_die: Callable[[], bool]) -> None:
        seconds = asyncio.get_running_loop().time
        super().__init__(
            path,
            clock=clock,
            customer_keys=CustomerKeys(b"h" * 32),
            monotonic_clock=lambda: timedelta(seconds=seconds()),
            connect=lambda path, clock: KillableConnection(path, clock, may_die),
        )


class KillableTill:
    """A till without a window. `open` and a cashier's actions may raise Killed.

    `clock_skew`: the till's clock minus the service's clock.
    """

    def __init__(self, simulation: Simulation, number: int, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.simulation = simulation
        self.number = number
        self.name = f"caixa{number}"
        self.path = folder / f"{self.name}.db"
        self.kill_in: int | None = None
        self.policy = RetryPolicy(max_attempts=simulation.rng.choice((2, 8)))
        self.clock_skew = timedelta()
        self.kills = 0
        self.promised: list[int] = []
        self.ledger: KillableLedger | None = None
        self._outbox_task: asyncio.Task[None] | None = None
        self.connect()

    def connect(self) -> None:
        """Connect to the simulated network."""
        self.simulation.connections[self.number] = TillConnection(self.name, self.path, self.kill)

    @property
    def is_running(self) -> bool:
        """Whether the process is running."""
        return self.ledger is not None and not self.ledger.connection.dead

    def clock(self) -> datetime:
        """The till's clock."""
        return self.simulation.clock() + self.clock_skew

    def _may_die(self) -> bool:
        if self.kill_in is None:
            return False
        self.kill_in -= 1
        if self.kill_in >= 0:
            return False
        self.kill_in = None
        self.kills += 1
        return True

    def kill(self) -> None:
        """Kill the process at this instruction."""
        self.kills += 1
        if self.ledger is not None:
            self.ledger.connection.dead = True
        raise Killed

    async def open(self) -> None:
        """Start the program from its files. Raises Killed."""
        await self.discard()
        self.ledger = KillableLedger(self.path, self.clock, self._may_die)
        self.ledger.recover()
        self.connection = Connection(BonifiqConnector, self._line_changed)
        access = access_control_in(self.path.parent)
        services = self.services = ConnectionServices(
            self.ledger,
            self.connection,
            lambda: SETTINGS,
            lambda _operation: None,
            access=access,
            policy=self.policy,
        )
        self.lookup, self.registration, self.outbox = services.lookup, services.registration, services.outbox
        self.review = ReviewService(self.ledger, {self.connection.name: self.connection}, access=access)
        await self.connection.configure(f"http://127.0.0.1:{self.number}", CREDENTIALS)
        self._outbox_task = asyncio.get_running_loop().create_task(self.outbox.run())

    def _line_changed(self) -> None:
        self.outbox.wake()

    async def discard(self) -> None:
        """Remove the dead process: its tasks and open files."""
        if self._outbox_task is not None:
            self._outbox_task.cancel()
            with suppress(Killed, asyncio.CancelledError):
                await self._outbox_task
            self._outbox_task = None
        if self.ledger is not None:
            self.ledger.connection.dead = True
            self.ledger.close()
            self.ledger = None

    async def close(self) -> None:
        """Stop like the program."""
        if self._outbox_task is not None:
            self._outbox_task.cancel()
            with suppress(Killed, asyncio.CancelledError):
                await self._outbox_task
            self._outbox_task = None
        await self.discard()

    # --- a cashier's actions

    async def refund(self, order_id: str, value: int) -> Operation:
        """Look up and register a refund."""
        found = await self.lookup.look_up(order_id)
        request = RefundRequest(found.order, value, "Troca", cached_at=found.cached_at)
        return self._registered(self.registration.refund(request))

    async def cancel(self, order_id: str) -> Operation:
        """Look up and register the cancellation of a whole order."""
        found = await self.lookup.look_up(order_id)
        return self._registered(self.registration.cancel(found.order, "Desistência", cached_at=found.cached_at))

    def remember_registered(self, operation: Operation) -> Operation:
        """Remember that the cashier saw the operation as registered."""
        return self._registered(operation)

    def _registered(self, operation: Operation) -> Operation:
        self.promised.append(operation.operation_id)
        self.outbox.wake()
        return operation
