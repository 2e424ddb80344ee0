"""The life of an operation: from the cashier's confirmation to a final state that never changes."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bonifiq_desktop.domain.money import Cents
from bonifiq_desktop.domain.orders import Order, order_summary
from bonifiq_desktop.domain.redaction import redact_personal_data
from bonifiq_desktop.domain.refusals import has_clear_cause
from bonifiq_desktop.domain.verdicts import Bonus, CancelStatus, Done, FailureReason, NotSent, Refused, Unknown, Verdict

BONIFIQ = "bonifiq"
"""The system of every operation, and the name of its connection, unless they are named."""

_WITH_DIGITS = re.compile(r"\w*\d\w*")


class Kind(StrEnum):
    """What an operation does."""

    SALE = "sale"
    REFUND = "refund"
    CANCEL = "cancel"
    COMPLETION = "completion"


class State(StrEnum):
    """Where an operation stands."""

    QUEUED = "queued"
    SENDING = "sending"
    UNKNOWN = "unknown"
    REVIEW = "review"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    NOT_APPLIED = "not_applied"


UNFINISHED = frozenset({State.QUEUED, State.SENDING, State.UNKNOWN, State.REVIEW})
FINAL = frozenset(State) - UNFINISHED
CLOSED_NEGATIVELY = frozenset({State.REFUSED, State.WITHDRAWN, State.NOT_APPLIED})

TRANSITIONS: dict[State, frozenset[State]] = {
    State.QUEUED: frozenset({State.SENDING, State.REVIEW, State.WITHDRAWN}),
    State.SENDING: frozenset({State.QUEUED, State.UNKNOWN, State.REVIEW, State.CONFIRMED, State.REFUSED}),
    State.UNKNOWN: frozenset({State.SENDING, State.REVIEW, State.CONFIRMED}),
    State.REVIEW: frozenset({State.CONFIRMED, State.NOT_APPLIED, State.QUEUED, State.UNKNOWN}),
    **dict.fromkeys(FINAL, frozenset[State]()),
}
"""Every move an operation can make; the ledger refuses any other."""


class Evidence(StrEnum):
    """What a state rests on."""

    ANSWER = "answer"
    KEY = "key"
    LOOKUP = "lookup"
    PERSON = "person"


class ReviewReason(StrEnum):
    """Why a person must decide."""

    KEY_USED_BEFORE = "key_used_before"
    REFUSED_ON_REPEAT = "refused_on_repeat"
    KEY_NOT_TRUSTED = "key_not_trusted"
    LOOKUP_DISAGREES = "lookup_disagrees"
    BUDGET_USED_UP = "budget_used_up"
    REFUSAL_UNCHECKED = "refusal_unchecked"
    ORDER_CHANGED = "order_changed"
    UNSENDABLE = "unsendable"
    RESTORED = "restored"
    SAYS_NO_TWICE = "says_no_twice"
    REFUSED_BEFORE = "refused_before"


class Decision(StrEnum):
    """What a person says about an operation in review, with the evidence of both sides in sight."""

    TRY_AGAIN = "try_again"
    WAS_DONE = "was_done"
    ANOTHER_RETURN = "another_return"
    NOT_DONE = "not_done"


@dataclass(frozen=True)
class Line:
    """One returned item of a refund; `value` in cents. `units`: how many pieces came back, 0 when not counted.

    `position`: the item's index among the products of the order that was on the screen; None when not known.
    """

    product_id: str
    title: str
    value: Cents
    units: int = 0
    position: int | None = None


@dataclass(frozen=True)
class Operation:
    """One operation of the ledger, as the window shows it.

    `value`: cents refunded, or the total of a sale or of a cancelled order. `order`: the order as it was when the
    cashier confirmed. `message`: what BonifiQ said last, if anything. `trouble`: why the last attempt gave no verdict.
    `check_first`: registered from the order as last seen here, or a sale under a number that somebody typed, so the
    order is looked up before the first sending.
    `contradicted`: a look-up showed the opposite of its final state, and nobody has acknowledged that yet.
    `api_status`: the Status of the answer that settled a refund or a whole cancel, when it carried one.
    `who`: registered it; empty where the till does not ask who is at the counter. `account`: the shop for which it was
    registered. `system`, `connection`: the kind of remote system, and which one of that kind.
    `key_index`: the running number in a refund's key. `reference`: what a sale carries among its Metadatas,
    to be known by.
    """

    operation_id: int
    kind: Kind
    order_id: str
    cancel_key: str | None
    value: Cents
    state: State
    evidence: Evidence | None
    review_reason: ReviewReason | None
    reason: str
    message: str
    failure_reason: FailureReason | None
    bonus: Bonus | None
    lines: tuple[Line, ...]
    order: Order | None
    attempts: int
    created_at: datetime
    settled_at: datetime | None
    look_up_first: bool = False
    contradicted: bool = False
    api_status: CancelStatus | None = None
    registered_by: str = ""
    account: str = ""
    key_index: int | None = None
    reference: str | None = None
    system: str = BONIFIQ
    connection: str = BONIFIQ


@dataclass(frozen=True)
class Resolution:
    """Where an operation goes, and what that rests on."""

    state: State
    evidence: Evidence | None = None
    review_reason: ReviewReason | None = None


def resolve_attempt(
    verdict: Verdict,
    *,
    has_client_key: bool,
    earlier_possibly_sent: bool,
    trust_used_key: bool,
    earlier_made_here: bool = True,
    same_denial_before: bool = False,
    key_sent_earlier: bool = False,
) -> Resolution:
    """Where a `sending` operation goes after `verdict`. A pure function; its table is tested row by row.

    `earlier_may_have_left`: an earlier attempt with the same key may have reached BonifiQ. `earlier_is_known`: this
    till knows that it made one; a restored ledger has to reckon with it, but a used key then tells nothing of ours.
    `trust_used_key`: the shop's setting about the one assumption below. `same_no_before`: the last attempt that may
    have left got the same answer. `key_sent_before`: an earlier operation, closed negatively, was sent with this key.
    """
    match verdict:
        case NotSent():
            return Resolution(State.UNKNOWN if earlier_possibly_sent else State.QUEUED)
        case Done():
            return Resolution(State.CONFIRMED, Evidence.ANSWER)
        case Unknown(reason=FailureReason.SAYS_NO) if same_denial_before:
            # A third one would tell nothing new.
            return _review_or_look_up(ReviewReason.SAYS_NO_TWICE, has_client_key=has_client_key)
        case Unknown():
            return Resolution(State.UNKNOWN)
        case Refused(used_key=True, key_use_contradicted=True) if has_client_key:
            return Resolution(State.REVIEW, review_reason=ReviewReason.KEY_NOT_TRUSTED)
        case Refused(used_key=True) if has_client_key:
            ours = earlier_possibly_sent and earlier_made_here
            return _resolve_used_key(earlier_may_have_left=ours, trust_used_key=trust_used_key)
        case Refused() if earlier_possibly_sent:
            # It may be refused *because* the first one was applied.
            return _review_or_look_up(ReviewReason.REFUSED_ON_REPEAT, has_client_key=has_client_key)
        case Refused():
            return _resolve_first_refusal(verdict, has_client_key=has_client_key, key_sent_before=key_sent_earlier)


def is_same_denial(verdict: Verdict, earlier: Unknown | None) -> bool:
    """Whether two answers in a row say no in the same words, whatever time and request number these hold."""
    if not isinstance(verdict, Unknown) or earlier is None:
        return False
    return verdict.reason is earlier.reason is FailureReason.SAYS_NO and _comparable_text(verdict) == _comparable_text(
        earlier
    )


def _comparable_text(answer: Unknown) -> tuple[str, str]:
    # The ledger keeps both without personal data, and the answer must compare equal to that.
    return redact_personal_data(answer.code), _WITH_DIGITS.sub("#", redact_personal_data(answer.message))


def _review_or_look_up(reason: ReviewReason, *, has_client_key: bool) -> Resolution:
    """Review; without a client key the system's records are read first, and the reason stands until then."""
    return Resolution(State.REVIEW if has_client_key else State.UNKNOWN, review_reason=reason)


def _resolve_used_key(*, earlier_may_have_left: bool, trust_used_key: bool) -> Resolution:
    if not earlier_may_have_left:
        # Another till, or this one before its history was lost, made this very return.
        return Resolution(State.REVIEW, review_reason=ReviewReason.KEY_USED_BEFORE)
    if not trust_used_key:
        return Resolution(State.REVIEW, review_reason=ReviewReason.KEY_NOT_TRUSTED)
    # The one assumption of this program: a cancel that was *refused* does not spend its key, so a used key on
    # a repeat means that our own earlier attempt was applied. The vendor suggests it; no page says it.
    return Resolution(State.CONFIRMED, Evidence.KEY)


def _resolve_first_refusal(verdict: Refused, *, has_client_key: bool, key_sent_before: bool) -> Resolution:
    if not has_client_key:
        # Refused though it is the only sending: the network can deliver it twice and bring the second answer, which has
        # no key to tell it by.
        return Resolution(State.UNKNOWN, review_reason=ReviewReason.REFUSAL_UNCHECKED)
    if key_sent_before and not has_clear_cause(verdict.code):
        # Registered anew, an equal return has the same key: without a person it would be refused for ever.
        return Resolution(State.REVIEW, review_reason=ReviewReason.REFUSED_BEFORE)
    return Resolution(State.REFUSED, Evidence.ANSWER)


def resolve_refused_cancel(order: Order) -> Resolution:
    """Where a whole cancel goes whose only sending was refused a moment ago, by the look-up made at once."""
    if order.cancelled:
        return Resolution(State.CONFIRMED, Evidence.LOOKUP)
    return Resolution(State.REFUSED, Evidence.ANSWER)


def resolve_by_lookup(
    kind: Kind, value: Cents, order: Order | None, review_reason: ReviewReason | None, *, is_ours: bool = True
) -> Resolution:
    """Where an `unknown` sale or whole cancel goes after its order was looked up; `order` is None when there is none.

    UNKNOWN as the answer means: send it again, unchanged. `doubt`: set when it was refused and that may be because it
    was applied; then the look-up has the last word and nothing is sent any more. `is_ours`: the order is this sale, and
    not another till's under the same number (`evidence.is_this_sale`).
    """
    if kind is Kind.SALE and order is not None:
        if order.total == value and is_ours:
            return Resolution(State.CONFIRMED, Evidence.LOOKUP)
        return Resolution(State.REVIEW, review_reason=ReviewReason.LOOKUP_DISAGREES)
    if kind is Kind.CANCEL and order is not None and order.cancelled:
        return Resolution(State.CONFIRMED, Evidence.LOOKUP)
    if review_reason is not None:
        return Resolution(State.REVIEW, review_reason=review_reason)
    return Resolution(State.UNKNOWN)


def resolve_unsent_sale(order: Order | None, present: State) -> Resolution:
    """Where a sale goes of which nothing was sent, now that its number was looked up; `order` is None when it is free.

    `present` as the answer means: send it. Sent under the number of another order, BonifiQ would change that order.
    """
    if order is None:
        return Resolution(present)
    return Resolution(State.REVIEW, review_reason=ReviewReason.ORDER_CHANGED)


def resolve_unsent(
    operation: Operation, order: Order | None, refundable: Cents, unrefunded: Cents, decided: str = ""
) -> Resolution:
    """Where a refund or whole cancel goes of which nothing was sent, now that BonifiQ showed the order; None: no order.

    The operation's present state as the answer means: the order is as the cashier saw it, send it. `left`: what can
    still be given back beside this operation. `unrefunded`: the largest total seen here less the other refunds.
    `decided`: what the order showed (`shown_by`) when a person said that it is to be sent all the same.
    """
    if operation.state is State.UNKNOWN and operation.kind is Kind.CANCEL and order is not None and order.cancelled:
        return Resolution(State.CONFIRMED, Evidence.LOOKUP)  # a person asked for it unless it is cancelled already
    if order_summary(order) == decided or _still_fits(operation, order, refundable, unrefunded):
        return Resolution(operation.state)
    return Resolution(State.REVIEW, review_reason=ReviewReason.ORDER_CHANGED)


def _still_fits(operation: Operation, order: Order | None, left: Cents, unrefunded: Cents) -> bool:
    if order is None or order.cancelled:
        return False
    if operation.kind is Kind.REFUND:
        return operation.value <= left
    seen = operation.order.total if operation.order else operation.value
    # Lowered by just what this till has given back it is the same order; no page says whether that shows.
    # Raised it is not: the cashier who cancelled it did not see the goods that have come to it.
    return order.total == seen or seen > order.total == unrefunded


def resolve_by_person(decision: Decision) -> Resolution:
    """Where an operation in review goes by a person's word.

    TRY_AGAIN repeats the same key and body, which harms nobody. ANOTHER_RETURN: queued again, with a new key.
    """
    state = {
        Decision.TRY_AGAIN: State.UNKNOWN,
        Decision.WAS_DONE: State.CONFIRMED,
        Decision.ANOTHER_RETURN: State.QUEUED,
        Decision.NOT_DONE: State.NOT_APPLIED,
    }[decision]
    return Resolution(state, Evidence.PERSON)
