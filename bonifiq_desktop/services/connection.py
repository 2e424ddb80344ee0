"""The line to BonifiQ: one client for the present address and credentials, and what is known of its health."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from bonifiq_desktop.api import wire
from bonifiq_desktop.api.client import ApiClient, HttpAnswer, NoAnswer, Seen
from bonifiq_desktop.api.requests import PROOF
from bonifiq_desktop.api.verdict import trouble_of_status
from bonifiq_desktop.config.credentials import Credentials
from bonifiq_desktop.config.settings import account_of
from bonifiq_desktop.domain.verdicts import LookupFailed, Trouble
from bonifiq_desktop.services.clock import Clock, installed_at
from bonifiq_desktop.services.errors import ClockDoubted, NotSetUp
from bonifiq_desktop.services.pace import Courtesy
from bonifiq_desktop.services.recently_seen import RecentlySeen
from bonifiq_desktop.services.values import Link

_OK = 200
_BRIEFLY = 3.0  # seconds that a sale waits to learn the time


class Connection:
    """Sends requests with the address and credentials in force; `on_change`: the link or the clock is another."""

    def __init__(self, on_change: Callable[[], None], *, home: str | None = None, clock: Clock | None = None) -> None:
        """`home` names the server across restarts where its address does not (training)."""
        self._on_change = on_change
        self._home = home
        self._client: ApiClient | None = None
        self._url = ""
        self._account: str | None = None
        self._courtesy = Courtesy()
        self.recently_seen = RecentlySeen()
        self.credentials: Credentials | None = None
        self.link = Link.NOT_SET_UP
        self.clock = clock or Clock()

    @property
    def home(self) -> str:
        """Where a request goes now, as the ledger remembers it: address and shop. The same address may serve another
        shop, which has other orders under the same numbers.
        """
        return self._home or f"{self._url}#{self.account}"  # an address has no "#"

    @property
    def account(self) -> str:
        """The shop in force; empty while that is not sure: then nothing may be registered or sent."""
        return self._account or ""

    async def use(self, url: str, credentials: Credentials | None, account: str | None = None) -> None:
        """Talk to this address with these credentials from now on; None: to none. Raises UnsafeAddress.

        `account` None: the shop stays the one in force, or is the one that the first token names.
        """
        if account is not None:
            self._account = account
        elif self._account is None and credentials is not None:
            self._account = account_of(credentials.token)
        if (url, credentials) == (self._url, self.credentials):
            return
        fresh = ApiClient(url, credentials) if credentials else None
        old, self._client = self._client, fresh
        self._url, self.credentials = url, credentials
        self.recently_seen.clear()
        self._set_link(Link.UNTRIED if credentials else Link.NOT_SET_UP)
        if old is not None:
            await old.aclose()

    async def ask(self, path: str) -> Seen:
        """Read for a person, who goes before all that the program does by itself. Raises NotSetUp."""
        with self._courtesy.asking():
            return await self.get(path)

    @property
    def asked_lately(self) -> bool:
        """Whether a person is looking orders up."""
        return self._courtesy.asked_lately

    async def give_way(self) -> None:
        """Return when no person waits for an answer; one that hangs is not waited for long."""
        await self._courtesy.give_way()

    async def get(self, path: str) -> Seen:
        """Read. Raises NotSetUp."""
        client = self._ready()
        try:
            seen = await client.get(path)
        except RuntimeError:
            if client is self._client:
                raise
            return await self.get(path)  # hung up meanwhile, for another address or other credentials
        return self._noted(client, seen)

    async def post(self, path: str, body: bytes) -> Seen:
        """Write, once. Raises NotSetUp."""
        client = self._ready()
        return self._noted(client, await client.post(path, body))

    async def check_clock(self, newest: datetime | None, *, may_ask: bool) -> None:
        """Whether this PC's clock may date what is registered now; asks BonifiQ, briefly, if no answer told its clock.

        `newest`: when something was last registered here. Raises ClockDoubted, NotSetUp.
        """
        if may_ask and not self.clock.has_heard and self.link in {Link.UNTRIED, Link.ONLINE}:
            with suppress(TimeoutError):
                async with asyncio.timeout(_BRIEFLY):
                    await self.ask(PROOF)
        doubt = self.clock.doubt(installed_at(), *filter(None, [newest]))
        if doubt is not None:
            raise ClockDoubted(doubt)

    async def aclose(self) -> None:
        """Hang up."""
        if self._client is not None:
            await self._client.aclose()

    def _ready(self) -> ApiClient:
        if self._client is None:
            raise NotSetUp
        return self._client

    def _noted(self, client: ApiClient, seen: Seen) -> Seen:
        if client is self._client:  # a call that was cut off says nothing of the line now in force
            link, before = _link_after(seen), self.clock.doubt()
            if link is Link.ONLINE and isinstance(seen, HttpAnswer):  # the date of a portal's page says nothing
                self.clock.note(seen.date)
            self._set_link(link)
            if (before is None) is not (self.clock.doubt() is None):
                self._on_change()
        return seen

    def _set_link(self, link: Link) -> None:
        if link is not self.link:
            self.link = link
            self._on_change()


def _link_after(seen: Seen) -> Link:
    if isinstance(seen, NoAnswer):
        return Link.OFFLINE if not seen.may_have_left else Link.TROUBLE
    match trouble_of_status(seen.status):
        case None if seen.body.lstrip()[:1] in {b"{", b"["} or not seen.body:
            return Link.ONLINE
        case None:
            return Link.TROUBLE  # a portal's page under 200 is no line to BonifiQ
        case Trouble.CREDENTIALS:
            return Link.CREDENTIALS
        case _:
            return Link.TROUBLE


async def is_training_server(url: str, credentials: Credentials) -> bool:
    """Whether a training server listens there: only one tells its books. Raises UnsafeAddress."""
    client = ApiClient(url, credentials)
    try:
        seen = await client.get("/training/state")
    finally:
        await client.aclose()
    return isinstance(seen, HttpAnswer) and seen.status == _OK and b'"applied"' in seen.body


async def prove(url: str, credentials: Credentials) -> None:
    """Prove that an address and a pair of credentials work, changing nothing there.

    Asks the balance of a customer who cannot exist: only BonifiQ, with right credentials, answers that with
    CustomerExists. Raises LookupFailed when it does not, UnsafeAddress.
    """
    client = ApiClient(url, credentials)
    try:
        seen = await client.get(PROOF)
    finally:
        await client.aclose()
    if isinstance(seen, NoAnswer):
        raise LookupFailed(seen.trouble)
    trouble = trouble_of_status(seen.status)
    if trouble is not None:
        raise LookupFailed(trouble)
    if not _is_balance(seen):
        raise LookupFailed(Trouble.UNREADABLE)


def _is_balance(answer: HttpAnswer) -> bool:
    try:
        data = wire.load(answer.body)
    except wire.Unreadable:
        return False
    inner = data.get("Result") if isinstance(data, dict) and "Result" in data else data
    return isinstance(inner, dict) and isinstance(inner.get("CustomerExists"), bool)
