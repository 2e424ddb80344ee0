"""Resolve operations by what the remote system shows: before the first sending, after an answer, after a lost one."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace

from bonifiq_desktop.domain.completions import resolve_unsent_completion
from bonifiq_desktop.domain.connections import NotSetUp
from bonifiq_desktop.domain.evidence import is_other_sale
from bonifiq_desktop.domain.legs import remote_summary, resolve_unsent_return
from bonifiq_desktop.domain.operations import (
    Evidence,
    Kind,
    Operation,
    Resolution,
    ReviewReason,
    State,
    is_same_denial,
    resolve_attempt,
    resolve_unsent,
    resolve_unsent_sale,
)
from bonifiq_desktop.domain.orders import Order, lookup_contradicts, order_summary, same_order
from bonifiq_desktop.domain.other_tills import (
    has_same_key,
    live_of_other_tills,
    may_be_of_another_till,
    other_tills_summary,
)
from bonifiq_desktop.domain.read_back import (
    Finding,
    ReadBack,
    resolve_by_read_back,
    resolve_refusal_by_read_back,
)
from bonifiq_desktop.domain.specs import spec_of
from bonifiq_desktop.domain.verdicts import (
    CancelStatus,
    Done,
    FailureReason,
    LookupFailed,
    NotSent,
    OrderNotFound,
    Verdict,
)
from bonifiq_desktop.ledger.decided_reviews import last_review_note
from bonifiq_desktop.ledger.errors import LedgerError
from bonifiq_desktop.ledger.ledger import Ledger
from bonifiq_desktop.ledger.records import StartedAttempt
from bonifiq_desktop.services.connection import Connection
from bonifiq_desktop.services.lookup import OrderLookup
from bonifiq_desktop.services.refundable import refundable_amount
from bonifiq_desktop.services.settling import Settling


class LookupMustRepeat(Exception):
    """One answer does not decide yet: the operation is looked up once more after these `seconds`."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


@dataclass(eq=False, repr=False)
class Reconciler:
    """Resolves the operations of one connection.

    `read_back`: reads back over the connection at the outbox's rate. `not_found_interval`: seconds from one "not found"
    to the next that confirms it. `trust_used_key`: see `resolve_attempt`.
    """

    ledger: Ledger
    connection: Connection
    lookup: OrderLookup
    read_back: Callable[[Operation, bytes | None], Awaitable[ReadBack]]
    trust_used_key: Callable[[], bool]
    not_found_interval: float
    _not_found_since: dict[int, float] = field(init=False, default_factory=dict)  # operation id -> time of the loop
    _settling: Settling = field(init=False, default_factory=Settling)

    # --- before a sending

    def needs_lookup(self, operation: Operation) -> bool:
        """Whether an operation may be sent only as its order allows.

        Before the first sending the order may have changed while the operation waited for a connection, a restart or a
        person. The effect of a sent request without a client key shows in the order only.
        """
        if operation.kind is Kind.SALE:
            return operation.state is State.UNKNOWN or operation.look_up_first
        if operation.kind is Kind.REDEMPTION:
            return False
        if operation.kind is Kind.REVERSAL:
            # It names one redemption, so that the same request again harms nothing. A refusal has to be read back.
            return operation.state is State.UNKNOWN and operation.review_reason is not None
        attempts = self.ledger.queries.attempts
        return operation.cancel_key is None or not attempts.possibly_sent_attempts(operation.operation_id)

    async def resolve(self, operation: Operation) -> tuple[Resolution, str]:
        """Where a look-up leads an operation that needs one, and what it showed. Its present state means: send it.

        Raises LookupFailed, NotSetUp, LookupMustRepeat.
        """
        not_found_since = self._not_found_since.pop(operation.operation_id, None)
        if not self.ledger.queries.attempts.possibly_sent_attempts(operation.operation_id):
            return await self._resolve_unsent(operation, not_found_since)
        if spec_of(operation.kind).needs_baseline:
            return await self._resolve_lost_return(operation)
        if operation.kind is Kind.REVERSAL and not operation.remote_line:  # nothing names what could be read back
            return Resolution(State.REVIEW, review_reason=operation.review_reason), ""
        shown = await self._read_back(operation)
        if shown.finding is Finding.PENDING:
            raise LookupMustRepeat(shown.wait_seconds)
        if shown.order is None:
            self._confirm_not_found(operation, not_found_since)
        resolution = resolve_by_read_back(shown, operation.review_reason)
        return (Resolution(operation.state) if resolution.state is State.UNKNOWN else resolution), shown.summary

    async def _resolve_lost_return(self, leg: Operation) -> tuple[Resolution, str]:
        """Where the system's records lead a leg of a return that may have arrived. Raises what `resolve` raises.

        A person's decision to send it again holds until it was sent, unless the records show it by now. Without a
        baseline (a restored ledger) the records prove nothing.
        """
        reason = leg.review_reason or ReviewReason.NO_TRACE
        attempts = self.ledger.queries.attempts.attempts_since_review(leg.operation_id)
        is_approved = leg.review_reason is None and not attempts
        if not leg.baseline:
            return Resolution(leg.state) if is_approved else Resolution(State.REVIEW, review_reason=reason), ""
        shown = await self._read_back(leg)
        match shown.finding:
            case Finding.PENDING:
                self._settling.forget(leg.operation_id)
                raise LookupMustRepeat(shown.wait_seconds)
            case Finding.ABSENT if is_approved:
                return Resolution(leg.state), shown.summary
            case Finding.ABSENT:
                self._wait_for_trace(leg, shown.fingerprint)
        self._settling.forget(leg.operation_id)
        if shown.finding is Finding.APPLIED and self._may_be_other_tills_record(leg, shown.evidence_id):
            return Resolution(State.REVIEW, review_reason=ReviewReason.LOOKUP_DISAGREES), shown.summary
        resolution = resolve_by_read_back(shown, leg.review_reason, absence_reason=reason)
        return (Resolution(leg.state) if resolution.state is State.UNKNOWN else resolution), shown.summary

    def _may_be_other_tills_record(self, leg: Operation, evidence_id: str) -> bool:
        """Whether a record may prove the return of another till, so that it does not prove this one."""
        history = self.ledger.queries.history_of(leg.order_id, self.connection.scope)
        return may_be_of_another_till(evidence_id, leg, history.operations)

    def _wait_for_trace(self, leg: Operation, fingerprint: str) -> None:
        """Raise LookupMustRepeat until the absence of a leg is proven by two readings that are far enough apart."""
        times = self.connection.settling
        if times is None:
            return
        age = self.ledger.attempt_ages.since_last_attempt(leg.operation_id).total_seconds()
        wait = self._settling.wait_after(leg.operation_id, times, age, fingerprint)
        if wait > 0:
            raise LookupMustRepeat(wait)

    async def _resolve_unsent(self, operation: Operation, not_found_since: float | None) -> tuple[Resolution, str]:
        # An order that was registered as last seen here is looked up in any case: the system could not be asked then.
        uses_cache = spec_of(operation.kind).uses_recent_order and not operation.look_up_first
        order = self.connection.recent_orders.get(operation.order_id) if uses_cache else None
        if order is None:
            try:
                order = await self._look_up_same(operation.order_id)
            except OrderNotFound:
                self._confirm_not_found(operation, not_found_since)
        match operation.kind:
            case Kind.COMPLETION:
                resolution = resolve_unsent_completion(operation, order)
            case Kind.SALE:
                resolution = resolve_unsent_sale(order, operation.state)
            case Kind.RETURN:
                return self._resolve_unsent_return(operation, order)
            case _:
                resolution = self._resolve_by_order(operation, order)
        return resolution, order_summary(order)

    def _resolve_unsent_return(self, leg: Operation, order: Order | None) -> tuple[Resolution, str]:
        """Where its order leads a leg that was not sent; before it is sent, the records of the order are kept."""
        summary = remote_summary(order)
        decided = self.ledger.queries.changed_order_summary(leg.operation_id) == summary
        history = self.ledger.queries.history_of(leg.order_id, self.connection.scope)
        operations = history.operations
        if not self._are_other_tills_accepted(leg, operations):  # what they gave back may be the same goods
            operations = tuple(other for other in operations if not other.till)
        known = {other.evidence_id for other in operations if other.evidence_id}
        resolution = resolve_unsent_return(leg, order, decided=decided, known_records=known)
        is_withdrawn = self.ledger.queries.state(leg.operation_id) is not leg.state
        if order is not None and resolution.state is leg.state and not is_withdrawn:
            self.ledger.record_baseline(leg.operation_id, self.connection.baseline(order, leg))
        return resolution, summary

    def _resolve_by_order(self, operation: Operation, order: Order | None) -> Resolution:
        known = self.ledger.queries.history_of(operation.order_id, self.connection.scope)
        others = tuple(other for other in known.operations if other.operation_id != operation.operation_id)
        if self._are_other_tills_accepted(operation, others):
            others = tuple(other for other in others if not other.till)
        history = replace(known, operations=others)
        seen = operation.order.total if operation.order else operation.value
        largest = seen if history.largest_total is None else history.largest_total
        unrefunded = largest - sum(history.open_refunds)
        refundable = refundable_amount(order, history) if order is not None else 0
        decided = self.ledger.queries.changed_order_summary(operation.operation_id)
        return resolve_unsent(operation, order, refundable, unrefunded, decided)

    def _are_other_tills_accepted(self, operation: Operation, others: tuple[Operation, ...]) -> bool:
        """Whether a person saw what other tills did to the order, and decided to send the operation all the same."""
        summary = other_tills_summary(live_of_other_tills(others))
        note = last_review_note(self.ledger.connection, operation.operation_id, ReviewReason.OTHER_TILL)
        return bool(summary) and note == summary

    def _confirm_not_found(self, operation: Operation, since: float | None) -> None:
        """Take a typed number for free only after "not found" twice in a row, some seconds apart.

        A single answer may come from a part of the system that lags behind, and a sale sent under a number that is not
        free would change another sale. Raises LookupMustRepeat.
        """
        if operation.kind is not Kind.SALE or not operation.look_up_first:
            return
        now = asyncio.get_running_loop().time()
        since = now if since is None else since
        wait = since + self.not_found_interval - now
        if wait > 0:
            self._not_found_since[operation.operation_id] = since
            raise LookupMustRepeat(wait)

    # --- after an answer

    async def resolve_answer(self, attempt: StartedAttempt, verdict: Verdict) -> Resolution:
        """Where an operation goes after an attempt; what its verdict leaves open, the system is asked at once."""
        operation = attempt.operation
        if not isinstance(verdict, NotSent):
            self.connection.recent_orders.discard(operation.order_id)  # the request may have changed the order
        resolution = resolve_attempt(
            verdict,
            has_client_key=operation.cancel_key is not None,
            earlier_possibly_sent=attempt.earlier_possibly_sent,
            earlier_made_here=attempt.earlier_made_here,
            trust_used_key=self.trust_used_key(),
            same_denial_before=is_same_denial(verdict, attempt.previous_denial),
            key_sent_earlier=attempt.key_sent_earlier,
        )
        with suppress(LookupFailed, NotSetUp):  # a failed look-up tells nothing
            if resolution.evidence is Evidence.KEY and self._is_other_tills_key(operation):
                return Resolution(State.REVIEW, review_reason=ReviewReason.KEY_USED_BEFORE)
            is_refund = operation.kind is Kind.REFUND
            if is_refund and resolution.evidence is Evidence.KEY and await self._contradicts_used_key(operation):
                return Resolution(State.REVIEW, review_reason=ReviewReason.LOOKUP_DISAGREES)
            if isinstance(verdict, Done) and operation.kind is Kind.SALE and operation.look_up_first:
                return await self._resolve_accepted_sale(operation) or resolution
            if resolution.review_reason is ReviewReason.REFUSAL_UNCHECKED:
                shown = await self._read_back(operation)
                absence_counts = spec_of(operation.kind).creates_order or operation.kind is Kind.REVERSAL
                judged = resolve_refusal_by_read_back(shown, creates_order=absence_counts) or resolution
                if operation.kind is Kind.REVERSAL and judged.state is State.REFUSED:
                    return self._resolve_refused_reversal(operation, judged)
                return judged
            if is_answered_as_cancelled(operation, verdict) and await self._is_cancelled(operation):
                return Resolution(State.CONFIRMED, Evidence.LOOKUP)
        return resolution

    def _resolve_refused_reversal(self, reversal: Operation, refused: Resolution) -> Resolution:
        """A reward that is refused to be undone twice is left to a person; else it would be offered for ever."""
        if self.ledger.checkouts.was_refused(reversal):
            return Resolution(State.REVIEW, review_reason=ReviewReason.REFUSED_ON_REPEAT)
        return refused

    def _is_other_tills_key(self, operation: Operation) -> bool:
        """Whether a used key may come from another till's request, so that it does not prove this one."""
        history = self.ledger.queries.history_of(operation.order_id, self.connection.scope)
        return any(has_same_key(operation, other) for other in live_of_other_tills(history.operations))

    async def _contradicts_used_key(self, operation: Operation) -> bool:
        """Whether a look-up speaks against a refund that its used key says was applied."""
        history = self.ledger.queries.history_of(operation.order_id, self.connection.scope)
        if history.largest_total is None:
            return False
        order = await self._look_up_same(operation.order_id)
        return lookup_contradicts(history.largest_total, history.confirmed_refunds, operation.value, order.total)

    async def _resolve_accepted_sale(self, operation: Operation) -> Resolution | None:
        """Where a look-up leads a sale under a typed number that was answered "done"; None: it stays done.

        Two tills may find one number free and both be answered "done": the order shows whose sale it is.
        """
        order = await self.lookup.look_up(operation.order_id)
        is_lost = is_other_sale(operation, order, just_sent=True)
        return Resolution(State.REVIEW, review_reason=ReviewReason.LOOKUP_DISAGREES) if is_lost else None

    async def _is_cancelled(self, operation: Operation) -> bool:
        return (await self._look_up_same(operation.order_id)).cancelled

    # --- asking

    async def _read_back(self, operation: Operation) -> ReadBack:
        body = self.ledger.queries.request_body(operation.operation_id)
        shown = await self.read_back(operation, body)
        if spec_of(operation.kind).changes_order:
            self.lookup.record(operation.order_id, shown.order)
        if shown.order is not None:
            self._remember(shown.order, operation.order_id)
        return shown

    async def _look_up_same(self, order_id: str) -> Order:
        order = await self.lookup.look_up(order_id)
        self._remember(order, order_id)
        return order

    def _remember(self, order: Order, requested_id: str) -> None:
        """Keep the answer of a look-up. Raises LookupFailed where it is another order's."""
        if not same_order(order.order_id, requested_id):
            raise LookupFailed(FailureReason.WRONG_ORDER)
        with suppress(LedgerError):  # an answer that cannot be stored is an answer all the same
            self.ledger.remember_order(order, self.connection.scope)


def is_answered_as_cancelled(operation: Operation, verdict: Verdict) -> bool:
    """Whether a refund of a part was answered as a cancellation, so that the whole order may be cancelled."""
    cancelled = isinstance(verdict, Done) and verdict.status is CancelStatus.CANCELLED
    return operation.kind is Kind.REFUND and cancelled
