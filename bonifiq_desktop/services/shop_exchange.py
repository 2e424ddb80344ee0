"""The exchange with the shop database: tell this till's changes, apply the others', claim orders.

Every step may be repeated: the server takes a change once, and the ledger applies one once.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from bonifiq_desktop.domain.operations import Operation, ReviewReason, Scope
from bonifiq_desktop.domain.orders import normalized_order_id
from bonifiq_desktop.domain.shop_database import Change, Claim, ClaimedOrder, ShopDatabaseError, TillHead, Trouble
from bonifiq_desktop.ledger.decided_reviews import was_decided
from bonifiq_desktop.ledger.errors import LedgerError, MirrorBroken, MirrorNewer
from bonifiq_desktop.ledger.ledger import Ledger
from bonifiq_desktop.shop_database import protocol
from bonifiq_desktop.shop_database.calls import ShopDatabase

if TYPE_CHECKING:
    from bonifiq_desktop.shop_database.connect import Connection

_log = logging.getLogger(__name__)
T = TypeVar("T")

CALL_SECONDS = 10.0
CLAIM_SECONDS = 3.0
"""How long a sending waits for the database: an operation goes out without a claim rather than late."""
BATCH = 100
"""Changes in one call at most: between two calls a claim has its turn, and the ledger writes them at once."""
_LONG_CALL_SECONDS = 1.0
"""A call with changes that takes longer is followed by smaller ones: a claim waits for it."""
_LEAST_PULL_SECONDS = 1.0
_LEAST_CLAIM_SECONDS = 1.0
_PUSHED = "shop_pushed"
"""Metadata: incarnation and newest change that the database has, so that their number is known after a restart."""
_UNREACHABLE_SECONDS = 5.0
"""How long no claim is tried after the database gave no answer, so that each sending does not wait for it."""


@dataclass(eq=False, repr=False)
class ShopExchange:
    """Exchanges changes with the shop database. All methods that call it raise ShopDatabaseError and LedgerError.

    `till`: this till, as the database knows it. `newer_till`: the till whose changes this program cannot read.
    `is_broken`: another till's changes do not fit together.
    """

    ledger: Ledger
    database: ShopDatabase
    till: str
    newer_till: str = field(init=False, default="")
    is_broken: bool = field(init=False, default=False)
    pushed: int = field(init=False, default=0)
    """The newest change of this till that the database has, as far as is known here."""
    _batch: int = field(init=False, default=BATCH)
    """How many changes the line carries in one call."""
    _has_greeted: bool = field(init=False, default=False)
    _logged: set[tuple[str, int]] = field(init=False, default_factory=set)
    _failed_at: float | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        incarnation, _, seq = (self.ledger.connection.metadata(_PUSHED) or "").partition(":")
        if seq.isdecimal() and incarnation == str(self.ledger.changes.incarnation):
            self.pushed = int(seq)

    # --- this till's changes

    async def greet(self, seconds: float = CALL_SECONDS) -> None:
        """Compare the database's head of this till with the log, and begin an incarnation where there is none.

        Raises ShopDatabaseError FORK where another copy of this till's history told something else.
        """
        self._has_greeted = False
        self.ledger.changes.add_name(self.till)
        number = await self._incarnation(seconds)
        hello = await self._call(partial(protocol.hello, incarnation=number), seconds)
        if hello.newest_incarnation < number:  # a restored database, or a fail-over, lost the beginning
            name = self.ledger.changes.incarnation_id or ""
            again = partial(protocol.begin_incarnation, incarnation_id=name, number=number)
            number = await self._call(again, seconds)
            hello = await self._call(partial(protocol.hello, incarnation=number), seconds)
        own_head, _hash = self.ledger.changes.head()
        if hello.newest_incarnation > number or hello.head_seq > own_head:
            raise ShopDatabaseError(Trouble.FORK, "the database knows a newer history of this till")
        known = self.ledger.changes.change_at(hello.head_seq) if hello.head_seq else None
        if known is not None and known.hash != hello.head_hash:
            raise ShopDatabaseError(Trouble.FORK, f"change {hello.head_seq} differs from the database's")
        self.pushed, self._has_greeted = hello.head_seq, True

    async def _incarnation(self, seconds: float) -> int:
        if self.ledger.changes.incarnation is None:
            await self.begin_incarnation(seconds)
        return self.ledger.changes.incarnation or 0

    async def begin_incarnation(self, seconds: float = CALL_SECONDS) -> None:
        """Begin a chain of changes that tells this till's whole history anew."""
        name = self.ledger.changes.next_incarnation_id()
        number = (self.ledger.changes.incarnation or 0) + 1
        begin = partial(protocol.begin_incarnation, incarnation_id=name, number=number)
        self.ledger.changes.begin(await self._call(begin, seconds), name, pushed=self.pushed)
        self.pushed, self._has_greeted = 0, False

    async def push_all(self) -> None:
        """Tell the database every change that it lacks, oldest first."""
        await self.greet()
        is_more = True
        while is_more:
            is_more = self.ledger.changes.tell_untold(BATCH)
            await asyncio.sleep(0)  # let look-ups and the outbox run between two batches
        while await self._push_batch(CALL_SECONDS):
            pass
        known = f"{self.ledger.changes.incarnation}:{self.pushed}"
        if self.ledger.connection.metadata(_PUSHED) != known:
            self.ledger.connection.set_metadata(_PUSHED, known)

    async def _push_batch(self, seconds: float) -> bool:
        """Push some changes; False: there are none."""
        batch = self.ledger.changes.after(self.pushed, self._batch)
        if not batch:
            return False
        push = partial(protocol.push, incarnation=self.ledger.changes.incarnation or 0, changes=batch)
        try:
            self.pushed = await self._call_with_changes(push, seconds)
        except ShopDatabaseError as error:
            if error.trouble is not Trouble.HOLE:
                raise
            await self.greet(seconds)  # a fail-over may have lost changes that the database had
            if self.pushed >= batch[0].seq - 1:
                raise
        return True

    @property
    def unpushed(self) -> int:
        """How many changes of this till the database lacks, as far as is known here."""
        return self.ledger.changes.count_after(self.pushed)

    # --- the other tills' changes

    async def pull_all(self, seconds: float = CLAIM_SECONDS) -> bool:
        """Apply what every other till told before this call; False: not all of it within so many seconds."""
        until = _now() + seconds
        heads = await self.read_heads(seconds)
        if self._behind(heads):
            self.ledger.shop.note_heads(heads, datetime.now(UTC))
        return await self.pull(heads, until - _now())

    async def pull(self, heads: list[TillHead], seconds: float) -> bool:
        """Apply changes up to these heads; False: not all of them within so many seconds."""
        until = _now() + seconds
        for head in self._behind(heads):
            if not await self._pull_up_to(head, until):
                return False
        return True

    async def read_heads(self, seconds: float = CALL_SECONDS) -> list[TillHead]:
        """How far the database knows the other tills, and earlier incarnations of this one."""
        own = (self.till, self.ledger.changes.incarnation)
        return [each for each in await self._call(protocol.heads, seconds) if (each.till, each.incarnation) != own]

    def _behind(self, heads: list[TillHead]) -> list[TillHead]:
        cursors = self.ledger.shop.cursors()
        return [each for each in heads if each.seq > cursors.get((each.till, each.incarnation), 0)]

    async def _pull_up_to(self, head: TillHead, until: float) -> bool:
        """Apply an incarnation's changes up to its head; False: the time was over before."""
        place = (head.till, head.incarnation)
        cursor = self.ledger.shop.cursors().get(place, 0)
        while cursor < head.seq:
            left = until - _now()
            if left <= 0:
                return False
            pull = partial(protocol.pull, till=head.till, incarnation=head.incarnation, after=cursor, limit=self._batch)
            changes = await self._call_with_changes(pull, min(CALL_SECONDS, max(_LEAST_PULL_SECONDS, left)))
            if not changes or not self._apply(head, changes):
                break
            cursor = self.ledger.shop.cursors().get(place, 0)
        return True

    def _apply(self, head: TillHead, changes: list[Change]) -> bool:
        """Apply changes of one incarnation; False: one cannot be applied, which leaves the other tills' alone.

        The changes before it are applied.
        """
        try:
            self.ledger.shop.apply(head.till, head.incarnation, changes)
        except MirrorNewer as newer:
            self.newer_till = newer.till
            return False
        except Exception as error:
            if isinstance(error, LedgerError) and not isinstance(error, MirrorBroken):
                raise  # the file's trouble
            if len(changes) > 1:
                half = len(changes) // 2
                return self._apply(head, changes[:half]) and self._apply(head, changes[half:])
            if (head.till, head.incarnation) not in self._logged:
                _log.exception("changes of another till not applied")
                self._logged.add((head.till, head.incarnation))
            self.is_broken = True
            return False
        return True

    # --- claims

    async def claim(self, operation: Operation) -> Claim:
        """Claim the order of an operation, which the database is told of before. Raises ShopDatabaseError."""
        started = _now()
        if self._failed_at is not None and started - self._failed_at < _UNREACHABLE_SECONDS:
            raise ShopDatabaseError(Trouble.UNREACHABLE, "it gave no answer a moment ago")
        await self._tell_before_claim(started + CLAIM_SECONDS)
        scope = Scope(operation.system, operation.connection)
        shop = self.ledger.shop
        # A finished operation holds no order, though the database was not told so: it was restored from a backup, or
        # another name of the till told the outcome.
        over = [*shop.taken_over(operation.order_id, scope), *shop.ended(operation.order_id, scope)]
        if self._is_decided_unsent(operation, ReviewReason.TAKEN_OVER):  # a person decided to go on all the same
            over.append(operation.uid)
        claim = await self._claim(operation, over, started + CLAIM_SECONDS)
        if claim.holder and self._may_be_own_claim(claim.holder, operation):
            over += shop.unfinished_here(operation.order_id, scope)
            claim = await self._claim(operation, over, started + CLAIM_SECONDS)
        return claim

    async def _claim(self, operation: Operation, over: list[str], until: float) -> Claim:
        claim = partial(
            protocol.claim,
            incarnation=self.ledger.changes.incarnation or 0,
            order=ClaimedOrder(operation.system, operation.account, normalized_order_id(operation.order_id)),
            uid=operation.uid,
            over=over,
        )
        return await self._call(claim, max(_LEAST_CLAIM_SECONDS, until - _now()))

    def _may_be_own_claim(self, holder: str, operation: Operation) -> bool:
        """Whether a holder may be this till under another name; that it claims the same uids then proves it.

        A restored copy may lack the name that the till had last. A person's decision to send again stands for it.
        """
        is_former = holder != self.till and holder in self.ledger.changes.names()
        return is_former or self._is_decided_unsent(operation, ReviewReason.RESTORED)

    def _is_decided_unsent(self, operation: Operation, reason: ReviewReason) -> bool:
        """Whether a person decided an operation's review for a reason; holds for one sending."""
        operation_id = operation.operation_id
        decided = was_decided(self.ledger.connection, operation_id, reason)
        return decided and not self.ledger.queries.attempts.attempts_since_review(operation_id)

    async def _tell_before_claim(self, until: float) -> None:
        """Tell the database of an operation before its claim: the other tills' people must see who has the order.

        Another history of this till is no obstacle to the claim, which protects the order all the same.
        """
        try:
            if not self._has_greeted:
                await self.greet(until - _now())
            while _now() < until and await self._push_batch(until - _now()):
                pass
        except ShopDatabaseError as error:
            if error.trouble not in {Trouble.FORK, Trouble.HOLE}:
                raise

    async def _call_with_changes(self, function: "Callable[[Connection], T]", seconds: float) -> T:
        """Call with a batch, and fit the next one to the line: what a slow line cannot carry would fail each time."""
        started, is_short = _now(), False
        try:
            answer = await self._call(function, seconds)
            is_short = _now() - started < _LONG_CALL_SECONDS
            return answer
        finally:
            self._batch = min(BATCH, self._batch * 2) if is_short else max(1, self._batch // 2)

    async def _call(self, function: "Callable[[Connection], T]", seconds: float = CALL_SECONDS) -> T:
        try:
            answer = await self.database.call(function, seconds)
        except ShopDatabaseError as error:
            if error.trouble is Trouble.UNREACHABLE:
                self._failed_at, self._has_greeted = _now(), False  # the next connection asks for the head again
            raise
        self._failed_at = None
        return answer


def _now() -> float:
    return asyncio.get_running_loop().time()
