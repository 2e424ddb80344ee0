"""Claims on orders: what the shop database and the other tills' operations say before an operation is sent."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from typing import Protocol

from bonifiq_desktop.domain.items import find_unrefundable
from bonifiq_desktop.domain.operations import UNFINISHED, Kind, Operation, Resolution, ReviewReason, Scope, State
from bonifiq_desktop.domain.orders import Order
from bonifiq_desktop.domain.other_tills import (
    OTHER_TILLS_NOTE,
    conflicts_by_kind,
    has_same_key,
    live_of_other_tills,
    other_tills_summary,
)
from bonifiq_desktop.domain.shop_database import Claim, Outcome, ShopDatabaseError
from bonifiq_desktop.domain.specs import spec_of
from bonifiq_desktop.ledger.decided_reviews import last_review_note
from bonifiq_desktop.ledger.ledger import Ledger
from bonifiq_desktop.ledger.records import OrderHistory
from bonifiq_desktop.services.refundable import is_fully_cancelled, largest_total, refundable_amount

OUTCOME_SECONDS = 120.0
"""How long an operation waits, without the database, for another till's outcome that the database named."""


class Exchange(Protocol):
    """The exchange with the shop database, as far as a sending needs it."""

    async def claim(self, operation: Operation) -> Claim:
        """Claim the order of an operation, which the database knows by then. Raises ShopDatabaseError."""

    async def pull_all(self) -> bool:
        """Apply what every other till told before this call; False: that takes longer. Raises ShopDatabaseError."""


@dataclass(frozen=True)
class Admission:
    """Whether an operation may be sent now. `resolution`: where it goes instead, with the note of its event.

    Neither: it waits, for another till's outcome or for the changes that tell of it.
    """

    may_send: bool = False
    resolution: Resolution | None = None
    note: str = ""


_TAKEN_OVER, _OTHER_TILL = ReviewReason.TAKEN_OVER, ReviewReason.OTHER_TILL
_UNREADABLE_SUMMARY = f"{OTHER_TILLS_NOTE} unreadable"

SEND = Admission(may_send=True)
WAIT = Admission()


class _Answer(Enum):
    OURS = auto()
    NONE = auto()
    WAIT = auto()
    TAKEN_OVER = auto()
    RESTORED = auto()
    UNREADABLE = auto()


@dataclass(eq=False, repr=False)
class OrderClaims:
    """Claims the order of an operation before its first byte, and before each repeat.

    `exchange`: None while this till takes part in no shop database. Without an answer the operation is sent as without
    a shop database, and its derived key protects it.
    """

    ledger: Ledger
    exchange: Callable[[], Exchange | None] = lambda: None
    _known_since_claim: set[str] = field(init=False, default_factory=set)
    """The uids whose order was claimed, and what the others had told by then is applied."""
    _missing: dict[str, tuple[tuple[Outcome, ...], float]] = field(init=False, default_factory=dict)

    async def admit(self, operation: Operation) -> Admission:
        """Whether an operation that waits may be sent now. Raises LedgerError."""
        exchange = self.exchange()
        if exchange is None or is_number_made_here(operation):
            return SEND
        answer = await self._ask(exchange, operation)
        if answer is _Answer.WAIT:
            return WAIT
        if answer is _Answer.TAKEN_OVER:
            return Admission(resolution=Resolution(State.REVIEW, review_reason=_TAKEN_OVER))
        if answer is _Answer.RESTORED:
            return Admission(resolution=Resolution(State.REVIEW, review_reason=ReviewReason.RESTORED))
        return self._judge(operation, answer)

    def may_be_looked_up(self, operation: Operation) -> bool:
        """Whether a look-up may resolve an operation while another till has its order.

        It must have been possibly sent. A return is not read back then: a record that the other till makes, and has not
        told yet, would be taken for this one's.
        """
        is_sent = self.ledger.queries.attempts.possibly_sent_attempts(operation.operation_id) > 0
        return is_sent and not spec_of(operation.kind).needs_baseline

    def forget(self, operation: Operation) -> None:
        """An operation is final or in review."""
        self._known_since_claim.discard(operation.uid)
        self._missing.pop(operation.uid, None)

    # --- the database

    async def _ask(self, exchange: Exchange, operation: Operation) -> _Answer:
        try:
            claim = await exchange.claim(operation)
            if claim.holder:
                self._known_since_claim.discard(operation.uid)
                return _Answer.RESTORED if self._needs_person(operation) else _Answer.WAIT
            if claim.was_ours:  # not after a person's decision, whose first claim takes the order back
                return _Answer.TAKEN_OVER
            if claim.is_finished:  # once the till begins anew, it ends as it was told
                return _Answer.RESTORED
            return await self._catch_up(exchange, operation, claim)
        except ShopDatabaseError:
            return self._answer_without_database(operation)

    def _needs_person(self, operation: Operation) -> bool:
        """Whether only a person can resolve a restored operation while another till has its order.

        The holder may be gone for ever: this till, under the name that it had before.
        """
        return operation.review_reason is ReviewReason.RESTORED and not self.may_be_looked_up(operation)

    async def _catch_up(self, exchange: Exchange, operation: Operation, claim: Claim) -> _Answer:
        """Apply what the others told before the order was ours: no other till adds to it as long as it is."""
        if not self._covers(claim.outcomes):
            self._missing.setdefault(operation.uid, (claim.outcomes, asyncio.get_running_loop().time()))
        is_known = operation.uid in self._known_since_claim and operation.uid not in self._missing
        if not is_known and not await exchange.pull_all():
            return _Answer.WAIT
        self._known_since_claim.add(operation.uid)
        self._missing.pop(operation.uid, None)
        return _Answer.OURS if self._covers(claim.outcomes) else _Answer.UNREADABLE

    def _answer_without_database(self, operation: Operation) -> _Answer:
        """Wait a while for an outcome that is known to exist; sending beside it could give value back twice."""
        missing = self._missing.get(operation.uid)
        if missing is None or self._covers(missing[0]):
            return _Answer.NONE
        passed = asyncio.get_running_loop().time() - missing[1]
        return _Answer.WAIT if passed < OUTCOME_SECONDS else _Answer.UNREADABLE

    def _covers(self, outcomes: tuple[Outcome, ...]) -> bool:
        cursors = self.ledger.shop.cursors() if outcomes else {}
        return all(cursors.get((each.till, each.incarnation), 0) >= each.seq for each in outcomes)

    # --- what is known of the other tills

    def _judge(self, operation: Operation, answer: _Answer) -> Admission:
        scope = Scope(operation.system, operation.connection)
        history = self.ledger.queries.history_of(operation.order_id, scope)
        taken_over = self.ledger.shop.taken_over(operation.order_id, scope)
        others = live_of_other_tills(history.operations, taken_over)
        if self.ledger.queries.attempts.possibly_sent_attempts(operation.operation_id):
            return _judge_repeat(operation, others)
        if answer is _Answer.NONE and any(other.state in UNFINISHED for other in others):
            return WAIT  # what the other till does to the order is not known; a person may take it over
        summary = other_tills_summary(others)
        if answer is _Answer.UNREADABLE:
            summary = _UNREADABLE_SUMMARY
        elif not others or still_fits(operation, history, others):
            return SEND
        if last_review_note(self.ledger.connection, operation.operation_id, _OTHER_TILL) == summary:
            return SEND  # a person saw them, and decided to send it all the same
        return Admission(resolution=Resolution(State.REVIEW, review_reason=_OTHER_TILL), note=summary)


def is_number_made_here(operation: Operation) -> bool:
    """Whether an operation is a sale under a number that this till made, which no other till can name."""
    return operation.kind is Kind.SALE and not operation.look_up_first


def still_fits(operation: Operation, history: OrderHistory, others: tuple[Operation, ...]) -> bool:
    """Whether an unsent operation fits what other tills did since it was registered. `history`: with theirs."""
    beside = replace(
        history, operations=tuple(o for o in history.operations if o.operation_id != operation.operation_id)
    )
    order = operation.order or Order(operation.order_id, operation.value)
    if conflicts_by_kind(operation, others) or is_fully_cancelled(order, beside):
        return False
    if operation.kind is Kind.REFUND:
        total = largest_total(order, beside)
        if find_unrefundable(order.products, total, beside.operations, operation.lines) is not None:
            return False
        return operation.value <= refundable_amount(order, beside)
    return operation.kind is not Kind.CANCEL or operation.value == refundable_amount(order, beside)


def _judge_repeat(operation: Operation, others: tuple[Operation, ...]) -> Admission:
    """A spent key of another till's equal operation would be taken for the proof that this one was applied."""
    if any(has_same_key(operation, other) and other.state is State.CONFIRMED for other in others):
        return Admission(resolution=Resolution(State.REVIEW, review_reason=ReviewReason.KEY_USED_BEFORE))
    return SEND
