"""A till without a window: ledger, line, counter and outbox on an event loop of their own, over real HTTP."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from time import time
from typing import Any, TypeVar

from bonifiq_desktop.connectors.bonifiq.connector import BonifiqConnector
from bonifiq_desktop.connectors.connector import CALL_TIMEOUT
from bonifiq_desktop.domain.connections import ConnectionStatus
from bonifiq_desktop.domain.decisions import COPY_LIFETIME
from bonifiq_desktop.domain.operations import FINAL, Kind, Operation, State
from bonifiq_desktop.domain.orders import Customer
from bonifiq_desktop.domain.sales import Sale
from bonifiq_desktop.ledger.elapsed import monotonic
from bonifiq_desktop.ledger.history import OperationDetails
from bonifiq_desktop.ledger.ledger import Ledger
from bonifiq_desktop.security.credentials import Credentials
from bonifiq_desktop.security.customer_keys import CustomerKeys
from bonifiq_desktop.services.claims import Exchange, OrderClaims
from bonifiq_desktop.services.connection import Connection, RecentOrders
from bonifiq_desktop.services.connection_services import ConnectionServices
from bonifiq_desktop.services.refundable import LookupResult, RefundRequest
from bonifiq_desktop.services.retry import RetryPolicy
from bonifiq_desktop.services.review import ReviewService
from bonifiq_desktop.storage.settings import Settings
from bonifiq_desktop.training_server.fault_injection.fault_injector import CallKind
from bonifiq_desktop.training_server.models import ReceivedRequest
from bonifiq_desktop.training_server.server import TrainingServer
from tests.support.ledger_actions import START
from tests.support.server_requests import is_write
from tests.support.staff import access_control_in

T = TypeVar("T")

FAST_RETRIES = RetryPolicy(
    not_found_interval=0.05,
    first_delay=0.02,
    max_delay=0.05,
    max_offline_delay=0.05,
    max_retry_after=0.3,
    max_attempts=6,
)
TIMEOUT = 60.0
CUSTOMER_KEYS = CustomerKeys(b"h" * 32)
SETTLED_OR_REVIEW = FINAL | {State.REVIEW}
SALE = Sale(Customer(name="Maria", document="52998224725"), 9000, START, order_id="2001")


def credentials_of(server: TrainingServer) -> Credentials:
    """What this server lets in."""
    return Credentials(server.token, server.key)


def posted_requests(server: TrainingServer) -> list[ReceivedRequest]:
    """The requests that wanted to change something, in order of arrival."""
    return [request for request in server.service.requests if is_write(request)]


def applied(server: TrainingServer) -> list[tuple[str, str, int]]:
    """What really happened on the server: kind, order, cents."""
    return [(entry.kind, entry.order_id, entry.cents) for entry in server.service.applied]


def call_kind_of(kind: Kind) -> CallKind:
    """What the server calls the request of a kind: a completion is the sale again."""
    calls: dict[Kind, CallKind] = {Kind.REFUND: "refund", Kind.CANCEL: "cancel"}
    return calls.get(kind, "sale")


class Till:
    """Everything behind one counter. `heard` has every operation as it was announced.

    `ahead`: how much more time has passed for it than really did. `skew`: how far its clock on the wall is ahead.
    """

    def __init__(
        self,
        folder: Path,
        url: str,
        credentials: Credentials | None,
        *,
        pace: RetryPolicy = FAST_RETRIES,
        settings: Settings,
    ) -> None:
        folder.mkdir(exist_ok=True)
        self.path = folder / "ledger.db"
        self.published: list[Operation] = []
        self.time_offset = timedelta()
        self.clock_skew = timedelta()
        self.on_published: Callable[[Operation], None] = lambda _operation: None
        self.exchange: Exchange | None = None
        self._runner = asyncio.Runner()
        self._closed = False
        self._changed = asyncio.Event()
        self.settings = replace(settings, url=url)
        self.ledger = Ledger(
            self.path,
            clock=lambda: datetime.now(UTC) + self.time_offset + self.clock_skew,
            monotonic_clock=lambda: monotonic() + self.time_offset,
            customer_keys=CUSTOMER_KEYS,
        )
        self.ledger.recover()
        self.connection = Connection(partial(BonifiqConnector, settings=lambda: self.settings), self._changed.set)
        # Without this a card would stay as new as it is, and a test of an old one would prove nothing.
        self.connection.recent_orders = RecentOrders(lambda: time() + self.time_offset.total_seconds())
        self.access = access_control_in(folder)
        self.access.attach(self.ledger.connection)
        services = ConnectionServices(
            self.ledger,
            self.connection,
            lambda: self.settings,
            self._hear,
            access=self.access,
            policy=pace,
            claims=OrderClaims(self.ledger, lambda: self.exchange),
        )
        self.lookup, self.registration = services.lookup, services.registration
        self.customers, self.outbox = services.customers, services.outbox
        self.rewards, self.checkouts = services.rewards, services.checkouts
        self.review = ReviewService(self.ledger, {self.connection.name: self.connection}, access=self.access)
        self._draining: asyncio.Task[None] | None = None
        self.run(self.connection.configure(url, credentials, settings.account or None))

    def close(self) -> None:
        """Stop as the program does, once."""
        if self._closed:
            return
        self._closed = True
        self.run(self._stop())
        self._runner.close()
        self.ledger.close()

    async def _stop(self) -> None:
        if self._draining is not None:
            self._draining.cancel()
            await asyncio.gather(self._draining, return_exceptions=True)
        await self.connection.aclose()

    def _hear(self, operation: Operation) -> None:
        self.published.append(operation)
        self._changed.set()
        self.on_published(operation)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Let the loop go on until this is done."""
        return self._runner.run(work)

    def start_outbox(self) -> None:
        """Start the outbox."""

        async def start() -> None:
            self._draining = asyncio.get_running_loop().create_task(self.outbox.run())

        if self._draining is None:
            self.run(start())

    def wait_until(self, is_so: Callable[[], bool]) -> None:
        """Let the outbox work until something is so; looked at after every announcement and change of the link."""

        async def wait() -> None:
            async with asyncio.timeout(TIMEOUT):
                while not is_so():
                    self._changed.clear()
                    await self._changed.wait()

        self.start_outbox()
        self.run(wait())

    def run_for(self, seconds: float) -> None:
        """Let the outbox work for a while; for what must not happen."""
        self.start_outbox()
        self.run(asyncio.sleep(seconds))

    def wait_until_external(self, is_so: Callable[[], bool]) -> None:
        """Let the outbox work until a condition outside holds that publishes nothing."""

        async def wait() -> None:
            async with asyncio.timeout(TIMEOUT):
                while not await asyncio.to_thread(is_so):
                    pass

        self.start_outbox()
        self.run(wait())

    # --- what a cashier does

    def look_up(self, order_id: str = "1001") -> LookupResult:
        """Look an order up."""
        return self.run(self.lookup.look_up(order_id))

    def mark_recently_seen(self, *operations: Operation) -> None:
        """As if the orders had been looked up a moment ago with what is in force now."""

        async def note() -> None:
            for order in (operation.order for operation in operations if operation.order):
                self.connection.recent_orders.put(order)

        self.run(note())

    def expire_copies(self) -> None:
        """Let the time pass in which a copy of a request may still be on its way."""
        self.time_offset += timedelta(seconds=CALL_TIMEOUT) + COPY_LIFETIME

    def refund(self, value: int, order_id: str = "1001") -> Operation:
        """Look up and register a refund; nothing is sent before the outbox works."""
        found = self.look_up(order_id)
        operation = self.registration.refund(RefundRequest(found.order, value, "Troca", cached_at=found.cached_at))
        self.outbox.wake()
        return operation

    def cancel(self, order_id: str = "1001") -> Operation:
        """Look up and register the cancellation of the whole order."""
        found = self.look_up(order_id)
        operation = self.registration.cancel(found.order, "Desistência", cached_at=found.cached_at)
        self.outbox.wake()
        return operation

    def sell(self, sale: Sale = SALE) -> Operation:
        """Register a sale."""
        operation = self.registration.sell(sale)
        self.outbox.wake()
        return operation

    def wait_until_settled(self, operation: Operation) -> Operation:
        """The operation once nothing more happens to it by itself."""
        self.wait_until(lambda: self.ledger.queries.operation(operation.operation_id).state in SETTLED_OR_REVIEW)
        return self.ledger.queries.operation(operation.operation_id)

    def wait_for_state(self, operation: Operation, state: State) -> Operation:
        """The operation as it was when it was first announced in a state."""
        self.wait_until(lambda: state in self.states(operation))
        return next(o for o in self.published if (o.operation_id, o.state) == (operation.operation_id, state))

    def states(self, operation: Operation) -> list[State]:
        """The states in which an operation was announced."""
        return [heard.state for heard in self.published if heard.operation_id == operation.operation_id]

    def connection_status(self) -> ConnectionStatus:
        """How the last call went."""
        return self.connection.status

    def stored(self, operation: Operation) -> Operation:
        """The operation as it is on disk."""
        return self.ledger.queries.operation(operation.operation_id)

    def details(self, operation: Operation) -> OperationDetails:
        """The operation with its attempts and events."""
        found = self.ledger.queries.details(operation.operation_id)
        assert found is not None
        return found

    def attempt_outcomes(self, operation: Operation) -> list[str | None]:
        """How each attempt ended."""
        return [attempt.outcome for attempt in self.details(operation).attempts]
