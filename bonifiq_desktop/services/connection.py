"""The line to BonifiQ: one client for the present address and credentials, and what is known of its health."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from bonifiq_desktop.connectors import exact_json
from bonifiq_desktop.connectors.bonifiq.classify import failure_of_status
from bonifiq_desktop.connectors.bonifiq.requests import PROBE_PATH
from bonifiq_desktop.connectors.http_client import HttpClient, HttpResponse, HttpResult, TransportFailure
from bonifiq_desktop.domain.connections import ConnectionStatus, NotSetUp
from bonifiq_desktop.domain.verdicts import FailureReason, LookupFailed
from bonifiq_desktop.security.credentials import Credentials
from bonifiq_desktop.services.clock_check import ClockCheck, ClockDoubted, installed_at
from bonifiq_desktop.services.recent_orders import RecentOrders
from bonifiq_desktop.services.retry import ForegroundFirst
from bonifiq_desktop.storage.settings import account_for_token

_OK = 200
_BRIEFLY = 3.0  # seconds that a sale waits to learn the time


class Connection:
    """Sends requests with the address and credentials in force; `on_change`: the link or the clock is another."""

    def __init__(
        self, on_change: Callable[[], None], *, server_id: str | None = None, clock: ClockCheck | None = None
    ) -> None:
        """`home` names the server across restarts where its address does not (training)."""
        self._on_change = on_change
        self._home = server_id
        self._client: HttpClient | None = None
        self._url = ""
        self._account: str | None = None
        self._courtesy = ForegroundFirst()
        self.recent_orders = RecentOrders()
        self.credentials: Credentials | None = None
        self.status = ConnectionStatus.NOT_SET_UP
        self.clock = clock or ClockCheck()

    @property
    def server_id(self) -> str:
        """Where a request goes now, as the ledger remembers it: address and shop. The same address may serve another
        shop, which has other orders under the same numbers.
        """
        return self._home or f"{self._url}#{self.account}"  # an address has no "#"

    @property
    def account(self) -> str:
        """The shop in force; empty while that is not sure: then nothing may be registered or sent."""
        return self._account or ""

    async def configure(self, url: str, credentials: Credentials | None, account: str | None = None) -> None:
        """Talk to this address with these credentials from now on; None: to none. Raises UnsafeAddress.

        `account` None: the shop stays the one in force, or is the one that the first token names.
        """
        if account is not None:
            self._account = account
        elif self._account is None and credentials is not None:
            self._account = account_for_token(credentials.token)
        if (url, credentials) == (self._url, self.credentials):
            return
        fresh = HttpClient(url, credentials) if credentials else None
        old, self._client = self._client, fresh
        self._url, self.credentials = url, credentials
        self.recent_orders.clear()
        self._set_link(ConnectionStatus.UNTRIED if credentials else ConnectionStatus.NOT_SET_UP)
        if old is not None:
            await old.aclose()

    async def get_for_person(self, path: str) -> HttpResult:
        """Read for a person, who goes before all that the program does by itself. Raises NotSetUp."""
        with self._courtesy.foreground_request():
            return await self.get(path)

    @property
    def recently_used_by_person(self) -> bool:
        """Whether a person is looking orders up."""
        return self._courtesy.recently_active

    async def wait_for_foreground(self) -> None:
        """Return when no person waits for an answer; one that hangs is not waited for long."""
        await self._courtesy.wait_for_foreground()

    async def get(self, path: str) -> HttpResult:
        """Read. Raises NotSetUp."""
        client = self._ready()
        try:
            seen = await client.get(path)
        except RuntimeError:
            if client is self._client:
                raise
            return await self.get(path)  # hung up meanwhile, for another address or other credentials
        return self._noted(client, seen)

    async def post(self, path: str, body: bytes) -> HttpResult:
        """Write, once. Raises NotSetUp."""
        client = self._ready()
        return self._noted(client, await client.post(path, body))

    async def check_clock(self, newest: datetime | None, *, may_ask: bool) -> None:
        """Whether this PC's clock may date what is registered now; asks BonifiQ, briefly, if no answer told its clock.

        `newest`: when something was last registered here. Raises ClockDoubted, NotSetUp.
        """
        if may_ask and not self.clock.has_answer and self.status in {ConnectionStatus.UNTRIED, ConnectionStatus.ONLINE}:
            with suppress(TimeoutError):
                async with asyncio.timeout(_BRIEFLY):
                    await self.get_for_person(PROBE_PATH)
        doubt = self.clock.doubt(installed_at(), *filter(None, [newest]))
        if doubt is not None:
            raise ClockDoubted(doubt)

    async def aclose(self) -> None:
        """Hang up."""
        if self._client is not None:
            await self._client.aclose()

    def _ready(self) -> HttpClient:
        if self._client is None:
            raise NotSetUp
        return self._client

    def _noted(self, client: HttpClient, seen: HttpResult) -> HttpResult:
        if client is self._client:  # a call that was cut off says nothing of the line now in force
            link, before = _link_after(seen), self.clock.doubt()
            if link is ConnectionStatus.ONLINE and isinstance(
                seen, HttpResponse
            ):  # the date of a portal's page says nothing
                self.clock.record_answer(seen.date)
            self._set_link(link)
            if (before is None) is not (self.clock.doubt() is None):
                self._on_change()
        return seen

    def _set_link(self, link: ConnectionStatus) -> None:
        if link is not self.status:
            self.status = link
            self._on_change()


def _link_after(seen: HttpResult) -> ConnectionStatus:
    if isinstance(seen, TransportFailure):
        return ConnectionStatus.OFFLINE if not seen.possibly_sent else ConnectionStatus.TROUBLE
    match failure_of_status(seen.status):
        case None if seen.body.lstrip()[:1] in {b"{", b"["} or not seen.body:
            return ConnectionStatus.ONLINE
        case None:
            return ConnectionStatus.TROUBLE  # a portal's page under 200 is no line to BonifiQ
        case FailureReason.CREDENTIALS:
            return ConnectionStatus.CREDENTIALS
        case _:
            return ConnectionStatus.TROUBLE


async def is_training_server(url: str, credentials: Credentials) -> bool:
    """Whether a training server listens there: only one tells its books. Raises UnsafeAddress."""
    client = HttpClient(url, credentials)
    try:
        seen = await client.get("/training/state")
    finally:
        await client.aclose()
    return isinstance(seen, HttpResponse) and seen.status == _OK and b'"applied"' in seen.body


async def verify_credentials(url: str, credentials: Credentials) -> None:
    """Prove that an address and a pair of credentials work, changing nothing there.

    Asks the balance of a customer who cannot exist: only BonifiQ, with right credentials, answers that with
    CustomerExists. Raises LookupFailed when it does not, UnsafeAddress.
    """
    client = HttpClient(url, credentials)
    try:
        seen = await client.get(PROBE_PATH)
    finally:
        await client.aclose()
    if isinstance(seen, TransportFailure):
        raise LookupFailed(seen.reason)
    trouble = failure_of_status(seen.status)
    if trouble is not None:
        raise LookupFailed(trouble)
    if not _is_balance(seen):
        raise LookupFailed(FailureReason.UNREADABLE)


def _is_balance(answer: HttpResponse) -> bool:
    try:
        data = exact_json.load(answer.body)
    except exact_json.Unreadable:
        return False
    inner = data.get("Result") if isinstance(data, dict) and "Result" in data else data
    return isinstance(inner, dict) and isinstance(inner.get("CustomerExists"), bool)
