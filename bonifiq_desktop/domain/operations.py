"""Operations, their states and transitions, and the rules that resolve an attempt."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from bonifiq_desktop.domain.money import Cents
from bonifiq_desktop.domain.orders import Order, order_summary
from bonifiq_desktop.domain.redaction import redact_personal_data
from bonifiq_desktop.domain.refusals import has_clear_cause
from bonifiq_desktop.domain.verdicts import Bonus, CancelStatus, Done, FailureReason, NotSent, Refused, Unknown, Verdict

BONIFIQ = "bonifiq"
"""Default system of an operation, and default name of its connection."""


class Scope(NamedTuple):
    """The connection in which an order number is meant: the kind of remote system, and which one of that kind."""

    system: str = BONIFIQ
    connection: str = BONIFIQ


BONIFIQ_SCOPE = Scope()

_WITH_DIGITS = re.compile(r"\w*\d\w*")


class Kind(StrEnum):
    """Kind of operation; `domain/specs.py` says what sets each kind apart."""

    SALE = "sale"
    REFUND = "refund"
    CANCEL = "cancel"
    COMPLETION = "completion"
    RETURN = "return"
    """A leg of a return in a marketplace or web shop, whose system takes no client key."""
    REDEMPTION = "redemption"
    """A reward is used in a sale; its client key is the OriginalKey."""
    REVERSAL = "reversal"
    """A redemption is undone, because its sale did not come about."""


class State(StrEnum):
    """State of an operation; see `docs/operation-lifecycle.md`."""

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
"""All permitted state transitions; the ledger refuses every other one."""


class Evidence(StrEnum):
    """Source that proves the state of an operation."""

    ANSWER = "answer"
    KEY = "key"
    LOOKUP = "lookup"
    PERSON = "person"


class ReviewReason(StrEnum):
    """Reason why an operation needs a person's decision."""

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
    NO_TRACE = "no_trace"
    """The system's records show no trace of a request that may have arrived, and a repeat could be applied twice."""
    MONEY_REFUSED = "money_refused"
    """The points of a return wait for a money leg, and that was refused or given up."""
    REWARD_NOT_REDEEMED = "reward_not_redeemed"
    """A sale waits for its redemption, and that was refused or given up."""
    OTHER_TILL = "other_till"
    """Another till of the shop changed the order after this was registered; nothing was sent."""
    TAKEN_OVER = "taken_over"
    """Another till took the order over while the outcome here was open."""


class Decision(StrEnum):
    """A person's decision about an operation in review."""

    TRY_AGAIN = "try_again"
    WAS_DONE = "was_done"
    ANOTHER_RETURN = "another_return"
    NOT_DONE = "not_done"


@dataclass(frozen=True)
class Line:
    """One returned item of a refund. `value`: cents. `units`: units returned, 0 when not counted.

    `position`: the item's index among the products of the order on the screen; None when unknown.
    """

    product_id: str
    title: str
    value: Cents
    units: int = 0
    position: int | None = None


@dataclass(frozen=True)
class Operation:
    """One operation of the ledger, as the window shows it.

    - `value`: cents refunded, or the total of the sale or of the cancelled order.
    - `order`: the order at the moment of the cashier's confirmation.
    - `message`: the last message of the remote system. `failure_reason`: why the last attempt gave no verdict.
    - `look_up_first`: the order is looked up before the first sending, because it was registered from a cached order
      or under a typed sale number.
    - `contradicted`: a look-up shows the opposite of the final state, and no manager has acknowledged that yet.
    - `api_status`: the Status in the answer that confirmed a refund or a whole cancel.
    - `registered_by`: the user who registered it; empty when the till requires no sign-in.
    - `account`: the shop. `system`, `connection`: the kind of remote system, and the connection to one of that kind.
    - `key_index`: the running number in a refund's key. `reference`: the identifying entry in a sale's Metadatas.
    - `return_id`: common to the legs of one return; empty outside of returns. `leg`: its number within the return.
    - `after_money`: this leg waits until all other legs of its return are confirmed.
    - `remote_line`: the line or lines that it takes back, by the system's keys, joined by a comma;
      of a reversal, the system's id of its redemption.
    - `currency`: of `value`, which is in its smallest unit. `is_estimate`: the system computes the value itself.
    - `baseline`: what the system's records showed just before the first sending, in the connector's own form.
    - `evidence_id`: the system's id of what it applied. `remote_state`: the last state of that, by the system's word.
    - `checkout_id`: common to a redemption and to the sale or the reversal that ends its checkout; else empty.
    - `external_code`: of a redemption; of its sale, once the request bears it as Coupon.
    - `external_product_id`: of the redemption of a product reward.
    - `uid`: names the registration at every till. `till`: the till that registered it; empty: this one. An operation of
      another till has a negative `operation_id`, which no command that changes or sends accepts.
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
    return_id: str = ""
    leg: int = 0
    after_money: bool = False
    remote_line: str = ""
    currency: str = "BRL"
    is_estimate: bool = False
    baseline: str = ""
    evidence_id: str = ""
    remote_state: str = ""
    checkout_id: str = ""
    external_code: str = ""
    external_product_id: str = ""
    uid: str = ""
    till: str = ""


def first_leg_id(operation: Operation) -> int:
    """The id of the first leg of an operation's return, which names the registration; its own outside of returns.

    The ids of the legs of one return follow each other; those of another till count down.
    """
    earlier_legs = max(0, operation.leg - 1)
    return operation.operation_id + (-earlier_legs if operation.operation_id > 0 else earlier_legs)


def is_later(one: Operation, other: Operation) -> bool:
    """Whether an operation was registered after another one: at one till by their ids, else by the tills' clocks."""
    if one.till == other.till == "":
        return one.operation_id > other.operation_id
    return one.created_at > other.created_at


@dataclass(frozen=True)
class Resolution:
    """Next state of an operation, with its evidence or its reason for a review.

    `evidence_id`: the system's id of what it applied, if it names one. `external_code`, `external_product_id`: of a
    redemption.
    """

    state: State
    evidence: Evidence | None = None
    review_reason: ReviewReason | None = None
    evidence_id: str = ""
    external_code: str = ""
    external_product_id: str = ""


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
    """Resolve a `sending` operation by the verdict of its attempt. Pure; the tests hold one row for each case.

    - `earlier_possibly_sent`: an earlier attempt with the same key may have reached the system.
    - `earlier_made_here`: this till recorded that attempt. A restored ledger only assumes one, and a used key then
      proves nothing.
    - `trust_used_key`: the shop's setting for the assumption in `_resolve_used_key`.
    - `same_denial_before`: the last attempt that was possibly sent got the same answer.
    - `key_sent_earlier`: an earlier operation, closed negatively, was sent with this key.
    """
    match verdict:
        case NotSent():
            return Resolution(State.UNKNOWN if earlier_possibly_sent else State.QUEUED)
        case Done():
            return Resolution(
                State.CONFIRMED,
                Evidence.ANSWER,
                evidence_id=verdict.evidence_id,
                external_code=verdict.external_code,
                external_product_id=verdict.external_product_id,
            )
        case Unknown(reason=FailureReason.SAYS_NO) if same_denial_before:
            # A third attempt would get the same answer.
            return _review_or_look_up(ReviewReason.SAYS_NO_TWICE, has_client_key=has_client_key)
        case Unknown():
            return Resolution(State.UNKNOWN)
        case Refused(used_key=True, key_use_contradicted=True) if has_client_key:
            return Resolution(State.REVIEW, review_reason=ReviewReason.KEY_NOT_TRUSTED)
        case Refused(used_key=True) if has_client_key:
            sent_from_here = earlier_possibly_sent and earlier_made_here
            return _resolve_used_key(sent_from_here=sent_from_here, trust_used_key=trust_used_key)
        case Refused() if earlier_possibly_sent:
            # The system may refuse the repeat because it applied the first attempt.
            return _review_or_look_up(ReviewReason.REFUSED_ON_REPEAT, has_client_key=has_client_key)
        case Refused():
            return _resolve_first_refusal(verdict, has_client_key=has_client_key, key_sent_before=key_sent_earlier)


def is_same_denial(verdict: Verdict, earlier: Unknown | None) -> bool:
    """Whether two consecutive answers deny with the same words; words with digits (times, request ids) may differ."""
    if not isinstance(verdict, Unknown) or earlier is None:
        return False
    both_deny = verdict.reason is earlier.reason is FailureReason.SAYS_NO
    return both_deny and _comparable_text(verdict) == _comparable_text(earlier)


def _comparable_text(answer: Unknown) -> tuple[str, str]:
    # The ledger stores redacted texts, so the new answer is redacted before the comparison.
    return redact_personal_data(answer.code), _WITH_DIGITS.sub("#", redact_personal_data(answer.message))


def _review_or_look_up(reason: ReviewReason, *, has_client_key: bool) -> Resolution:
    """Review; without a client key the system's records are read first, and the reason stands until then."""
    return Resolution(State.REVIEW if has_client_key else State.UNKNOWN, review_reason=reason)


def _resolve_used_key(*, sent_from_here: bool, trust_used_key: bool) -> Resolution:
    if not sent_from_here:
        # Another till, or this one before it lost its history, registered the same return.
        return Resolution(State.REVIEW, review_reason=ReviewReason.KEY_USED_BEFORE)
    if not trust_used_key:
        return Resolution(State.REVIEW, review_reason=ReviewReason.KEY_NOT_TRUSTED)
    # Assumption: a refused cancel does not spend its key, so a used key on a repeat proves that our earlier attempt
    # was applied. The vendor suggests this; the API's pages do not state it.
    return Resolution(State.CONFIRMED, Evidence.KEY)


def _resolve_first_refusal(verdict: Refused, *, has_client_key: bool, key_sent_before: bool) -> Resolution:
    if not has_client_key:
        # The network may deliver the only attempt twice and return the second answer; without a key, that answer looks
        # like a refusal of the first.
        return Resolution(State.UNKNOWN, review_reason=ReviewReason.REFUSAL_UNCHECKED)
    if key_sent_before and not has_clear_cause(verdict.code):
        # A new equal return has the same key, and without a decision the system would refuse it for ever.
        return Resolution(State.REVIEW, review_reason=ReviewReason.REFUSED_BEFORE)
    return Resolution(State.REFUSED, Evidence.ANSWER)


def resolve_unsent_sale(order: Order | None, present: State) -> Resolution:
    """Resolve an unsent sale by the look-up of its number; `present` as the result means "send it".

    `order`: None when the number is free. A sale sent under another order's number would change that order.
    """
    if order is None:
        return Resolution(present)
    return Resolution(State.REVIEW, review_reason=ReviewReason.ORDER_CHANGED)


def resolve_unsent(
    operation: Operation, order: Order | None, refundable: Cents, unrefunded: Cents, decided: str = ""
) -> Resolution:
    """Resolve an unsent refund or whole cancel by a look-up; the present state as the result means "send it".

    - `order`: None when there is no order.
    - `refundable`: the refundable value beside this operation.
    - `unrefunded`: the largest total seen here less the other refunds.
    - `decided`: the `order_summary` with which a person decided to send it all the same.
    """
    if operation.state is State.UNKNOWN and operation.kind is Kind.CANCEL and order is not None and order.cancelled:
        return Resolution(
            State.CONFIRMED, Evidence.LOOKUP
        )  # a person decided to send it unless it is cancelled already
    if order_summary(order) == decided or _still_fits(operation, order, refundable, unrefunded):
        return Resolution(operation.state)
    return Resolution(State.REVIEW, review_reason=ReviewReason.ORDER_CHANGED)


def _still_fits(operation: Operation, order: Order | None, left: Cents, unrefunded: Cents) -> bool:
    if order is None or order.cancelled:
        return False
    if operation.kind is Kind.REFUND:
        return operation.value <= left
    seen = operation.order.total if operation.order else operation.value
    # A total lowered exactly by this till's refunds is acceptable: look-ups may show refunds. A raised total is not,
    # because the cashier did not see the goods that were added.
    return order.total == seen or seen > order.total == unrefunded


def resolve_by_person(decision: Decision) -> Resolution:
    """Resolve an operation in review by a person's decision.

    TRY_AGAIN repeats the same key and body, so it cannot be applied twice. ANOTHER_RETURN queues it with a new key.
    """
    state = {
        Decision.TRY_AGAIN: State.UNKNOWN,
        Decision.WAS_DONE: State.CONFIRMED,
        Decision.ANOTHER_RETURN: State.QUEUED,
        Decision.NOT_DONE: State.NOT_APPLIED,
    }[decision]
    return Resolution(state, Evidence.PERSON)
