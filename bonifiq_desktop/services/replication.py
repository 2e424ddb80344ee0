"""Replication with the shop database: exchanges at intervals and after each change, and says how it goes."""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bonifiq_desktop.domain.shop_database import ShopDatabaseError, ShopDatabaseStatus, Trouble
from bonifiq_desktop.services.shop_exchange import ShopExchange
from bonifiq_desktop.shop_database.backoff import FullJitter

_log = logging.getLogger(__name__)

POLL_SECONDS = 30.0
_JITTER = 0.3
_GATHER_SECONDS = 0.2
"""How long a round waits for further changes after the first one that wakes it."""
_LEAST_WAIT = 0.5
_PULL_SECONDS = 600.0
_TRANSIENT = frozenset({Trouble.UNREACHABLE, Trouble.FAILED, Trouble.CERTIFICATE})
_LONG_WAIT = 300.0
"""Longest wait where only a person can put the trouble right."""


@dataclass(eq=False, repr=False)
class Replication:
    """Runs the exchange. `publish` gets the status when it changed. `on_heard`: other tills' changes were asked for.

    `erase_due`: erases customers here whom a person erased at another till.
    """

    exchange: ShopExchange
    shop: str
    publish: Callable[[ShopDatabaseStatus], None]
    on_heard: Callable[[], None]
    erase_due: Callable[[], Awaitable[None]]
    status: ShopDatabaseStatus = field(init=False)
    _is_waiting_out: bool = field(init=False, default=False)
    _round: asyncio.Lock = field(init=False, default_factory=asyncio.Lock)
    _woken: asyncio.Event = field(init=False, default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self._ledger = self.exchange.ledger
        self.status = ShopDatabaseStatus(self.shop, self.exchange.till, synced_at=self._ledger.shop.synced_at())
        self._backoff = FullJitter(first=1.0, longest=POLL_SECONDS)
        self._long_backoff = FullJitter(first=POLL_SECONDS, longest=_LONG_WAIT)

    def wake(self) -> None:
        """There is something to tell, or another till told something. While the database fails, its wait goes on."""
        if not self._is_waiting_out:
            self._woken.set()

    async def run(self) -> None:
        """Exchange until cancelled."""
        while True:
            try:
                await self.sync()
                self._is_waiting_out = False
                wait = POLL_SECONDS * random.uniform(1 - _JITTER, 1 + _JITTER)  # noqa: S311 - not a secret
            except ShopDatabaseError as error:
                self._is_waiting_out = error.trouble in _TRANSIENT
                wait = self._wait_after(error)
            except Exception:
                _log.exception("replication paused")
                wait = POLL_SECONDS
            with suppress(TimeoutError):
                async with asyncio.timeout(wait):
                    await self._woken.wait()
            self._woken.clear()
            await asyncio.sleep(_GATHER_SECONDS)

    def _wait_after(self, error: ShopDatabaseError) -> float:
        backoff = self._backoff if error.trouble in _TRANSIENT else self._long_backoff
        return max(_LEAST_WAIT, backoff.next_delay())

    async def sync(self) -> None:
        """Exchange changes once, in both directions. Raises ShopDatabaseError, LedgerError.

        Where this till's own changes are refused, the others' are applied all the same.
        """
        async with self._round:
            refusal: ShopDatabaseError | None = None
            try:
                try:
                    await self.exchange.push_all()
                except ShopDatabaseError as error:
                    if error.trouble not in {Trouble.FORK, Trouble.HOLE}:
                        raise
                    refusal = error
                await self._pull()
            except ShopDatabaseError as error:
                self._report(error.trouble)
                raise
            await self.erase_due()
            self._heard(refusal)
        if refusal is not None:
            raise refusal

    async def tell(self) -> None:
        """Tell this till's changes alone. Raises ShopDatabaseError, LedgerError."""
        async with self._round:
            await self.exchange.push_all()

    async def _pull(self) -> None:
        heads = await self.exchange.read_heads()
        self._ledger.shop.note_heads(heads, datetime.now(UTC))
        self.exchange.newer_till, self.exchange.is_broken = "", False
        await self.exchange.pull(heads, _PULL_SECONDS)

    def _heard(self, refusal: ShopDatabaseError | None) -> None:
        self._backoff.reset()
        self._long_backoff.reset()
        trouble = refusal.trouble if refusal else None
        if trouble is None and self.exchange.newer_till:
            trouble = Trouble.NEWER
        if trouble is None and self.exchange.is_broken:
            trouble = Trouble.FAILED
        self._report(trouble, synced_at=datetime.now(UTC))
        self.on_heard()

    def _report(self, trouble: Trouble | None, synced_at: datetime | None = None) -> None:
        if trouble is not self.status.trouble:
            _log.warning("shop database exchange changed", extra={"state": trouble or "ok"})
        status = ShopDatabaseStatus(
            self.shop,
            self.exchange.till,
            synced_at or self.status.synced_at,
            trouble,
            self.exchange.unpushed,
            tuple(each for each in self._ledger.shop.known_tills() if each.till != self.exchange.till),
            self.exchange.newer_till if trouble is Trouble.NEWER else "",
        )
        if status != self.status:
            self.status = status
            self.publish(status)
