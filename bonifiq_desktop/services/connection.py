"""A connection to a remote system: the connector in force, its account, its health, and the orders it showed lately."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TypeVar, cast
from unicodedata import normalize

from bonifiq_desktop.connectors.connector import (
    CallReport,
    Connector,
    ConnectorFactory,
    ReturnConnector,
    RewardConnector,
)
from bonifiq_desktop.domain.connections import ConnectionStatus, NotSetUp, OffLine, ShopUncertain
from bonifiq_desktop.domain.operations import BONIFIQ, Operation, Scope
from bonifiq_desktop.domain.orders import Order, normalized_order_id, same_order
from bonifiq_desktop.domain.read_back import ReadBack
from bonifiq_desktop.domain.requests import Intent, SerializedRequest
from bonifiq_desktop.domain.returns import Leg, RemoteAccount, RemoteReason, ReturnChoice, SettlingTimes
from bonifiq_desktop.domain.rewards import AvailableRewards, Basket, CodeChecked, CodeRequest, CodeSent
from bonifiq_desktop.domain.verdicts import LookupFailed, OrderNotFound, Refused, Verdict
from bonifiq_desktop.security.credentials import Credentials
from bonifiq_desktop.services.clock_check import ClockCheck, ClockDoubted, installed_at
from bonifiq_desktop.services.retry import ForegroundFirst
from bonifiq_desktop.storage.settings import account_for_token

MAX_ORDER_AGE = 60.0
"""Seconds within which an order needs no second look-up before an operation on it is sent."""


@dataclass(frozen=True)
class _Entry:
    order: Order
    at: float
    at_wall: float


class RecentOrders:
    """Orders as they were last shown, in memory only, so that a restart forgets all.

    Both clocks must agree that a look-up is recent. The loop's clock never jumps, but on Linux it stands still while
    the PC is suspended; `wall_clock` goes on meanwhile, but it may be set.
    """

    def __init__(self, wall_clock: Callable[[], float] = time.time) -> None:
        self._wall_clock = wall_clock
        self._entries: dict[str, _Entry] = {}

    def put(self, order: Order) -> None:
        """Keep an order that the system has just shown, without its customer, which no caller needs."""
        self._entries = {name: entry for name, entry in self._entries.items() if self._is_recent(entry)}
        entry = _Entry(order.for_ledger(), asyncio.get_running_loop().time(), self._wall_clock())
        self._entries[normalized_order_id(order.order_id)] = entry

    def get(self, order_id: str) -> Order | None:
        """The order as it was shown within the last minute, or None.

        Numbers that differ in capitals alone may name two orders in the system: neither stands for the other.
        """
        entry = self._entries.get(normalized_order_id(order_id))
        if entry is None or not self._is_recent(entry):
            return None
        return entry.order if _exact_id(entry.order.order_id) == _exact_id(order_id) else None

    def discard(self, order_id: str) -> None:
        """Forget an order that may have changed: a request of ours was sent, or the system does not find it."""
        self._entries.pop(normalized_order_id(order_id), None)

    def clear(self) -> None:
        """Forget all: the PC was suspended, or another account is in force."""
        self._entries.clear()

    def _is_recent(self, entry: _Entry) -> bool:
        is_recent = asyncio.get_running_loop().time() - entry.at < MAX_ORDER_AGE
        return is_recent and abs(self._wall_clock() - entry.at_wall) < MAX_ORDER_AGE


def _exact_id(order_id: str) -> str:
    return normalize("NFC", order_id.strip())


_SAME_MINUTE = timedelta(seconds=20)
"""Answers within this time of the one published last are not published: the window shows minutes."""
_CLOCK_REQUEST_TIMEOUT = 3.0  # seconds that a sale waits to learn the time
_LINE_TIMEOUT = 5.0  # seconds that a redemption waits to learn whether the system is reached
_T = TypeVar("_T")


@dataclass(eq=False, repr=False)
class Connection:
    """One configured remote system. Its troubles are its own: nothing here is shared with another connection.

    `connect` makes a connector. `on_change`: called after the status or the doubt about the clock changed.
    `system` and `name` stand in the ledger beside each of its operations.
    `status_at`: the time of the last answer while the status is ONLINE, else the time when the status changed.
    `fixed_server_id` names the server across restarts where its address does not (training). `on_refusal`: called with
    the code of each refusal.
    """

    connect: ConnectorFactory
    on_change: Callable[[], None]
    system: str = BONIFIQ
    name: str = BONIFIQ
    fixed_server_id: str | None = None
    on_refusal: Callable[[str], None] = lambda _code: None
    credentials: Credentials | None = field(init=False, default=None)
    status: ConnectionStatus = field(init=False, default=ConnectionStatus.NOT_SET_UP)
    status_at: datetime | None = field(init=False, default=None)
    clock: ClockCheck = field(init=False, default_factory=ClockCheck)
    foreground: ForegroundFirst = field(init=False, default_factory=ForegroundFirst)
    recent_orders: RecentOrders = field(init=False, default_factory=RecentOrders)
    _connector: Connector | None = field(init=False, default=None)
    _url: str = field(init=False, default="")
    _account: str | None = field(init=False, default=None)

    @property
    def scope(self) -> Scope:
        """What names this connection in the ledger's questions and in an intent."""
        return Scope(self.system, self.name)

    @property
    def server_id(self) -> str:
        """Where a request goes now, as the ledger remembers it: address and shop.

        The same address may serve another shop, which has other orders under the same numbers.
        """
        return self.fixed_server_id or f"{self._url}#{self.account}"  # an address has no "#"

    @property
    def account(self) -> str:
        """The shop in force; empty while that is not sure: then nothing may be registered or sent."""
        return self._account or ""

    def require_account(self) -> str:
        """The shop in force. Raises NotSetUp, ShopUncertain."""
        self._in_force()
        if not self.account:
            raise ShopUncertain
        return self.account

    async def configure(self, url: str, credentials: Credentials | None, account: str | None = None) -> None:
        """Use this address with these credentials from now on; None: no longer connect. Raises UnsafeUrl.

        `account` None: the shop stays the one in force, or is the one that the first token names.
        """
        if account is not None:
            self._account = account
        elif self._account is None and credentials is not None:
            self._account = account_for_token(credentials.token)
        if (url, credentials) == (self._url, self.credentials):
            return
        old = self._connector
        self._connector = self.connect(url, credentials, observe=self._observe) if credentials else None
        self._url, self.credentials = url, credentials
        self.recent_orders.clear()
        self._set_status(ConnectionStatus.UNTRIED if credentials else ConnectionStatus.NOT_SET_UP)
        if old is not None:
            await old.aclose()

    # --- calls; all raise NotSetUp

    def serialize(self, intent: Intent, key_index: int = 0) -> SerializedRequest:
        return self._in_force().serialize(intent, key_index)

    async def send(self, operation: Operation, request: SerializedRequest) -> Verdict:
        verdict = await self._in_force().send(operation, request)
        if isinstance(verdict, Refused):
            self.on_refusal(verdict.code)
        return verdict

    async def look_up(self, order_id: str) -> Order:
        """The order under a number; it may bear another number. Raises OrderNotFound, LookupFailed."""
        return await self._read(lambda connector: connector.look_up(order_id))

    async def look_up_for_person(self, order_id: str) -> Order:
        """Look up before all that the program does by itself. Raises OrderNotFound, LookupFailed."""
        with self.foreground.foreground_request():
            return await self.look_up(order_id)

    async def read_back(self, operation: Operation, body: bytes | None) -> ReadBack:
        """What the system's records show of an operation. Raises LookupFailed."""
        return await self._read(lambda connector: connector.read_back(operation, body))

    def plan(self, order: Order, choice: ReturnChoice) -> tuple[Leg, ...]:
        """The requests that a choice makes here, in the order of their sending. Raises ReturnImpossible."""
        return self._return_connector().plan(order, choice)

    def baseline(self, order: Order, operation: Operation) -> str:
        """What `read_back` has to know of the records just before the first sending."""
        return self._return_connector().baseline(order, operation)

    def remote_state(self, order: Order, operation: Operation) -> str:
        """The state of what a confirmed operation made, by the system's own word; "" where it shows none."""
        return self._return_connector().remote_state(order, operation)

    @property
    def settling(self) -> SettlingTimes | None:
        """How long the records of this system are watched; None for a system with client keys, or not set up."""
        return getattr(self._connector, "settling", None)

    def _return_connector(self) -> ReturnConnector:
        return cast("ReturnConnector", self._in_force())

    # --- rewards of a loyalty service, all but `require_line` for a person who waits

    async def rewards_for_person(self, basket: Basket) -> AvailableRewards:
        """The rewards for a basket. Raises RewardsNotOffered, LookupFailed."""
        with self.foreground.foreground_request():
            return await self._read(lambda connector: cast("RewardConnector", connector).rewards(basket))

    async def send_code(self, request: CodeRequest) -> CodeSent:
        """Ask for a one-time code to be sent to a customer. Raises LookupFailed."""
        with self.foreground.foreground_request():
            return await self._read(lambda connector: cast("RewardConnector", connector).send_code(request))

    async def check_code(self, request: CodeRequest, code: str) -> CodeChecked:
        """Check a one-time code that the customer named. Raises LookupFailed."""
        with self.foreground.foreground_request():
            return await self._read(lambda connector: cast("RewardConnector", connector).check_code(request, code))

    def with_reward(self, body: bytes, redemption: Operation) -> bytes:
        """The body of an unsent sale, with the code of its redemption."""
        return self._reward_connector().with_reward(body, redemption)

    def reversal(self, redemption: Operation) -> SerializedRequest:
        """The request that undoes a redemption."""
        return self._reward_connector().reversal(redemption)

    def _reward_connector(self) -> RewardConnector:
        return cast("RewardConnector", self._in_force())

    async def require_line(self) -> None:
        """Make sure that the system answers now, asking it briefly where its last answer was none. Raises OffLine."""
        if self.status is ConnectionStatus.ONLINE:
            return
        try:
            with self.foreground.foreground_request():
                async with asyncio.timeout(_LINE_TIMEOUT):
                    await self._read(lambda connector: connector.verify())
        except (TimeoutError, LookupFailed) as failed:
            raise OffLine from failed

    async def _read(self, ask: Callable[[Connector], Awaitable[_T]]) -> _T:
        connector = self._in_force()
        try:
            return await ask(connector)
        except RuntimeError:
            if connector is self._connector:
                raise
            return await self._read(ask)  # closed meanwhile, for another address or other credentials

    def _in_force(self) -> Connector:
        if self._connector is None:
            raise NotSetUp
        return self._connector

    async def aclose(self) -> None:
        if self._connector is not None:
            await self._connector.aclose()

    # --- health

    async def check_clock(self, newest: datetime | None, *, may_ask: bool) -> None:
        """Whether this PC's clock may date what is registered now; asks the system, briefly, if its clock is not known.

        `newest`: when something was last registered here. Raises ClockDoubted, NotSetUp.
        """
        if may_ask and not self.clock.has_answer and self.status in {ConnectionStatus.UNTRIED, ConnectionStatus.ONLINE}:
            with suppress(TimeoutError, LookupFailed), self.foreground.foreground_request():
                async with asyncio.timeout(_CLOCK_REQUEST_TIMEOUT):
                    await self._read(lambda connector: connector.verify())
        doubt = self.clock.doubt(installed_at(), *filter(None, [newest]))
        if doubt is not None:
            raise ClockDoubted(doubt)

    def _observe(self, report: CallReport) -> None:
        before = self.clock.doubt()
        if report.status is ConnectionStatus.ONLINE:
            self.clock.record_answer(report.server_time)
        self._set_status(report.status)
        if (before is None) is not (self.clock.doubt() is None):
            self.on_change()

    def _set_status(self, status: ConnectionStatus) -> None:
        now = datetime.now(UTC)
        is_newer = self.status_at is None or abs(now - self.status_at) > _SAME_MINUTE
        if status is not self.status or (status is ConnectionStatus.ONLINE and is_newer):
            self.status, self.status_at = status, now
            self.on_change()


async def describe_account(connect: ConnectorFactory, url: str, credentials: Credentials) -> RemoteAccount:
    """Prove that an address and credentials of a marketplace or web shop work. Raises LookupFailed, UnsafeUrl."""
    async with aclosing(connect(url, credentials)) as connector:
        return await cast("ReturnConnector", connector).describe()


async def finds_one_of(orders: Sequence[Order], connect: ConnectorFactory, url: str, credentials: Credentials) -> bool:
    """Whether credentials find one of these orders. Raises LookupFailed, UnsafeUrl."""
    async with aclosing(connect(url, credentials)) as connector:
        for order in orders:
            with suppress(OrderNotFound):
                if same_order((await connector.look_up(order.order_id)).order_id, order.order_id):
                    return True
    return False


async def read_reasons(connect: ConnectorFactory, url: str, credentials: Credentials) -> tuple[RemoteReason, ...]:
    """The reasons that a marketplace or web shop knows. Raises LookupFailed, UnsafeUrl."""
    async with aclosing(connect(url, credentials)) as connector:
        return await cast("ReturnConnector", connector).reasons()


async def verify_credentials(connect: ConnectorFactory, url: str, credentials: Credentials) -> None:
    """Prove that an address and credentials work. Raises LookupFailed, UnsafeUrl."""
    async with aclosing(connect(url, credentials)) as connector:
        await connector.verify()
