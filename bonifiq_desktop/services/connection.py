"""A connection to a remote system: the connector in force, its account, and what is known of its health."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime
from typing import TypeVar

from bonifiq_desktop.connectors.connector import CallReport, Connector, ConnectorFactory
from bonifiq_desktop.domain.connections import ConnectionStatus, NotSetUp, ShopUncertain
from bonifiq_desktop.domain.operations import BONIFIQ, Operation, Scope
from bonifiq_desktop.domain.orders import Order
from bonifiq_desktop.domain.read_back import ReadBack
from bonifiq_desktop.domain.requests import Intent, SerializedRequest
from bonifiq_desktop.domain.verdicts import LookupFailed, Verdict
from bonifiq_desktop.security.credentials import Credentials
from bonifiq_desktop.services.clock_check import ClockCheck, ClockDoubted, installed_at
from bonifiq_desktop.services.foreground_first import ForegroundFirst
from bonifiq_desktop.services.recent_orders import RecentOrders
from bonifiq_desktop.storage.settings import account_for_token

_CLOCK_REQUEST_TIMEOUT = 3.0  # seconds that a sale waits to learn the time
_T = TypeVar("_T")


class Connection:
    """One configured remote system. Its troubles are its own: nothing here is shared with another connection.

    `system` and `name` stand in the ledger beside each of its operations.
    """

    def __init__(
        self,
        connect: ConnectorFactory,
        on_change: Callable[[], None],
        *,
        system: str = BONIFIQ,
        name: str = BONIFIQ,
        server_id: str | None = None,
        clock: ClockCheck | None = None,
    ) -> None:
        """`connect` makes a connector. `on_change`: called after the status or the doubt about the clock changed.

        `server_id` names the server across restarts where its address does not (training).
        """
        self.system = system
        self.name = name
        self.connect = connect
        self._on_change = on_change
        self._fixed_server_id = server_id
        self._connector: Connector | None = None
        self._url = ""
        self._account: str | None = None
        self._foreground = ForegroundFirst()
        self.recent_orders = RecentOrders()
        self.credentials: Credentials | None = None
        self.status = ConnectionStatus.NOT_SET_UP
        self.clock = clock or ClockCheck()

    @property
    def scope(self) -> Scope:
        """What names this connection in the ledger's questions and in an intent."""
        return Scope(self.system, self.name)

    @property
    def server_id(self) -> str:
        """Where a request goes now, as the ledger remembers it: address and shop.

        The same address may serve another shop, which has other orders under the same numbers.
        """
        return self._fixed_server_id or f"{self._url}#{self.account}"  # an address has no "#"

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
        """The request of an intent."""
        return self._in_force().serialize(intent, key_index)

    async def send(self, operation: Operation, request: SerializedRequest) -> Verdict:
        """Send an operation's request once."""
        return await self._in_force().send(operation, request)

    async def look_up(self, order_id: str) -> Order:
        """The order under a number; it may bear another number. Raises OrderNotFound, LookupFailed."""
        return await self._read(lambda connector: connector.look_up(order_id))

    async def look_up_for_person(self, order_id: str) -> Order:
        """Look up before all that the program does by itself. Raises OrderNotFound, LookupFailed."""
        with self._foreground.foreground_request():
            return await self.look_up(order_id)

    async def read_back(self, operation: Operation, body: bytes | None) -> ReadBack:
        """What the system's records show of an operation. Raises LookupFailed."""
        return await self._read(lambda connector: connector.read_back(operation, body))

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
        """Close the connector."""
        if self._connector is not None:
            await self._connector.aclose()

    # --- a person goes first

    @property
    def recently_used_by_person(self) -> bool:
        """Whether a person is looking orders up."""
        return self._foreground.recently_active

    async def wait_for_foreground(self) -> None:
        """Return when no person waits for an answer; one that hangs is not waited for long."""
        await self._foreground.wait_for_foreground()

    # --- health

    async def check_clock(self, newest: datetime | None, *, may_ask: bool) -> None:
        """Whether this PC's clock may date what is registered now; asks the system, briefly, if its clock is not known.

        `newest`: when something was last registered here. Raises ClockDoubted, NotSetUp.
        """
        if may_ask and not self.clock.has_answer and self.status in {ConnectionStatus.UNTRIED, ConnectionStatus.ONLINE}:
            with suppress(TimeoutError, LookupFailed), self._foreground.foreground_request():
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
            self._on_change()

    def _set_status(self, status: ConnectionStatus) -> None:
        if status is not self.status:
            self.status = status
            self._on_change()


async def verify_credentials(connect: ConnectorFactory, url: str, credentials: Credentials) -> None:
    """Prove that an address and credentials work. Raises LookupFailed, UnsafeUrl."""
    connector = connect(url, credentials)
    try:
        await connector.verify()
    finally:
        await connector.aclose()
