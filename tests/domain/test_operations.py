"""Tests of attempts, look-ups and transitions of an operation, each with its table."""

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bonifiq_desktop.domain.operations import (
    CLOSED_NEGATIVELY,
    FINAL,
    TRANSITIONS,
    UNFINISHED,
    Decision,
    Evidence,
    Kind,
    Operation,
    Resolution,
    ReviewReason,
    State,
    is_same_denial,
    resolve_attempt,
    resolve_by_person,
    resolve_unsent,
)
from bonifiq_desktop.domain.orders import Order, order_summary, still_refundable
from bonifiq_desktop.domain.redaction import redact_personal_data
from bonifiq_desktop.domain.verdicts import Bonus, Done, FailureReason, NotSent, Refused, Unknown, Verdict
from tests.support.operations import make_operation

NOT_SENT, DONE, UNKNOWN = NotSent(FailureReason.NO_CONNECTION), Done(Bonus(5, 100)), Unknown(FailureReason.TIMED_OUT)
REFUSED, KEY_USED = Refused("X", "no"), Refused("KeyUsed", "key", used_key=True)

QUEUED, UNSETTLED = Resolution(State.QUEUED), Resolution(State.UNKNOWN)
BY_ANSWER = Resolution(State.CONFIRMED, Evidence.ANSWER)
BY_KEY = Resolution(State.CONFIRMED, Evidence.KEY)
NO_BY_ANSWER = Resolution(State.REFUSED, Evidence.ANSWER)
LOOK = Resolution(State.UNKNOWN, review_reason=ReviewReason.REFUSED_ON_REPEAT)
LOOK_AT_ONCE = Resolution(State.UNKNOWN, review_reason=ReviewReason.REFUSAL_UNCHECKED)


def _review(reason: ReviewReason) -> Resolution:
    return Resolution(State.REVIEW, review_reason=reason)


def _no(message: str, code: str = "409") -> Unknown:
    return Unknown(FailureReason.SAYS_NO, code=code, message=message)


# verdict → (first attempt, repeat), with and without the setting that trusts a used key.
_REFUND = {
    NOT_SENT: ((QUEUED, UNSETTLED), (QUEUED, UNSETTLED)),
    DONE: ((BY_ANSWER, BY_ANSWER), (BY_ANSWER, BY_ANSWER)),
    UNKNOWN: ((UNSETTLED, UNSETTLED), (UNSETTLED, UNSETTLED)),
    REFUSED: (
        (NO_BY_ANSWER, _review(ReviewReason.REFUSED_ON_REPEAT)),
        (NO_BY_ANSWER, _review(ReviewReason.REFUSED_ON_REPEAT)),
    ),
    KEY_USED: (
        (_review(ReviewReason.KEY_USED_BEFORE), BY_KEY),
        (_review(ReviewReason.KEY_USED_BEFORE), _review(ReviewReason.KEY_NOT_TRUSTED)),
    ),
}
# The other kinds have no key, so a refusal is resolved only after a look-up, also one of the first attempt: the network
# may have delivered that request twice.
_KEYLESS = _REFUND | {REFUSED: ((LOOK_AT_ONCE, LOOK),) * 2, KEY_USED: ((LOOK_AT_ONCE, LOOK),) * 2}

_ROWS = [
    (kind, verdict, earlier, trust, table[verdict][not trust][earlier])
    for kind, table in ((kind, _REFUND if kind is Kind.REFUND else _KEYLESS) for kind in Kind)
    for verdict, earlier, trust in product(_REFUND, (False, True), (True, False))
]


@pytest.mark.parametrize(("kind", "verdict", "earlier", "trust", "resolution"), _ROWS)
def test_resolve_attempt_follows_table(
    kind: Kind, verdict: Verdict, *, earlier: bool, trust: bool, resolution: Resolution
) -> None:
    assert (
        resolve_attempt(
            verdict, has_client_key=kind is Kind.REFUND, earlier_possibly_sent=earlier, trust_used_key=trust
        )
        == resolution
    )


def test_resolve_attempt_table_is_complete() -> None:
    assert len(_ROWS) == len(set(_ROWS)) == len(Kind) * 5 * 2 * 2


SAYS_NO, IN_PROGRESS = (
    Unknown(FailureReason.SAYS_NO, code="409", message="Conflict"),
    Unknown(FailureReason.IN_PROGRESS),
)
TWICE = ReviewReason.SAYS_NO_TWICE


@pytest.mark.parametrize("earlier", [False, True])
@pytest.mark.parametrize("trust", [False, True])
@pytest.mark.parametrize(
    ("kind", "verdict", "before", "resolution"),
    [
        *((kind, SAYS_NO, False, UNSETTLED) for kind in Kind),
        (Kind.REFUND, SAYS_NO, True, _review(TWICE)),
        (Kind.SALE, SAYS_NO, True, Resolution(State.UNKNOWN, review_reason=TWICE)),  # looked up first
        (Kind.CANCEL, SAYS_NO, True, Resolution(State.UNKNOWN, review_reason=TWICE)),
        # "In progress" is neither done nor refused, however often the system answers it.
        *((kind, IN_PROGRESS, before, UNSETTLED) for kind in Kind for before in (False, True)),
        *((kind, Unknown(FailureReason.SERVER_ERROR), True, UNSETTLED) for kind in Kind),
    ],
)
def test_resolve_attempt_same_denial_twice_ends_repeats(
    kind: Kind, verdict: Unknown, resolution: Resolution, *, before: bool, earlier: bool, trust: bool
) -> None:
    found = resolve_attempt(
        verdict,
        has_client_key=kind is Kind.REFUND,
        earlier_possibly_sent=earlier,
        trust_used_key=trust,
        same_denial_before=before,
        key_sent_earlier=True,
    )
    assert found == resolution


@pytest.mark.parametrize(
    ("verdict", "earlier", "same"),
    [
        (SAYS_NO, SAYS_NO, True),
        (Unknown(FailureReason.SAYS_NO), Unknown(FailureReason.SAYS_NO), True),
        (_no("Conflict at 10:15:02, trace 00-a1b2"), _no("Conflict at 10:16:44, trace 00-ffe9"), True),
        (_no("CPF 529.982.247-25 recusado"), _no(redact_personal_data("CPF 529.982.247-25 recusado")), True),
        (_no("Conflict"), _no("Not allowed"), False),
        (_no("Conflict"), _no("Conflict", code="405"), False),
        (SAYS_NO, None, False),
        (SAYS_NO, Unknown(FailureReason.SERVER_ERROR, code="409", message="Conflict"), False),
        (Unknown(FailureReason.IN_PROGRESS), Unknown(FailureReason.IN_PROGRESS), False),
        (Refused("409", "Conflict"), SAYS_NO, False),
        (DONE, SAYS_NO, False),
    ],
)
def test_is_same_denial_ignores_words_with_digits(verdict: Verdict, earlier: Unknown | None, *, same: bool) -> None:
    assert is_same_denial(verdict, earlier) is same


@pytest.mark.parametrize("clear", [False, True])
@pytest.mark.parametrize("before", [False, True])
@pytest.mark.parametrize("kind", Kind)
def test_first_refusal_of_earlier_sent_key_without_cause_needs_review(kind: Kind, *, before: bool, clear: bool) -> None:
    verdict = Refused("CUSTOMER_NOT_FOUND" if clear else "Refused", "no")
    resolution = resolve_attempt(
        verdict,
        has_client_key=kind is Kind.REFUND,
        earlier_possibly_sent=False,
        trust_used_key=True,
        key_sent_earlier=before,
    )
    if kind is not Kind.REFUND:
        assert resolution == LOOK_AT_ONCE
    elif before and not clear:
        assert resolution == _review(ReviewReason.REFUSED_BEFORE)
    else:
        assert resolution == NO_BY_ANSWER


def _queued(kind: Kind, value: int) -> Operation:
    """An operation registered offline, from an order that was last seen with a total of 10000."""
    order = Order("A-1", 10000)
    return make_operation(kind=kind, value=value, state=State.QUEUED, order=order, attempts=0, look_up_first=True)


CHANGED = _review(ReviewReason.ORDER_CHANGED)


@pytest.mark.parametrize(
    ("kind", "value", "order", "others", "resolution"),
    [
        (Kind.REFUND, 3000, Order("A-1", 10000), [], QUEUED),
        (Kind.REFUND, 3000, None, [], CHANGED),
        (Kind.REFUND, 3000, Order("A-1", 10000, cancelled=True), [], CHANGED),
        (Kind.REFUND, 3000, Order("A-1", 3000), [], QUEUED),  # refunded elsewhere, and enough is refundable
        (Kind.REFUND, 3000, Order("A-1", 2999), [], CHANGED),
        (Kind.REFUND, 3000, Order("A-1", 10000), [7000], QUEUED),  # refunded here, and not shown by look-ups
        (Kind.REFUND, 3000, Order("A-1", 10000), [4000, 3001], CHANGED),
        (Kind.REFUND, 3000, Order("A-1", 12000), [], QUEUED),  # the total has increased
        (Kind.CANCEL, 10000, Order("A-1", 10000), [], QUEUED),
        (Kind.CANCEL, 10000, None, [], CHANGED),
        (Kind.CANCEL, 10000, Order("A-1", 10000, cancelled=True), [], CHANGED),
        (Kind.CANCEL, 10000, Order("A-1", 9999), [], CHANGED),
        (Kind.CANCEL, 10000, Order("A-1", 12000), [], CHANGED),
        (Kind.CANCEL, 6000, Order("A-1", 6000), [4000], QUEUED),  # lowered by the refunds of this till
        (Kind.CANCEL, 6000, Order("A-1", 10000), [4000], QUEUED),  # the same, not shown by look-ups
        (Kind.CANCEL, 6000, Order("A-1", 5000), [4000], CHANGED),
    ],
)
def test_resolve_unsent_requires_that_order_still_allows_it(
    kind: Kind, value: int, order: Order | None, others: list[int], resolution: Resolution
) -> None:
    left = still_refundable(order.total, 10000, others) if order else 0
    assert resolve_unsent(_queued(kind, value), order, left, 10000 - sum(others)) == resolution
    assert resolution.state in TRANSITIONS[State.QUEUED] | {State.QUEUED}


@pytest.mark.parametrize(
    ("total_now", "resolution"), [(10000, QUEUED), (12000, CHANGED), (6000, QUEUED), (5999, CHANGED)]
)
def test_resolve_unsent_cancel_of_increased_order_needs_review(total_now: int, resolution: Resolution) -> None:
    others = 4000 if total_now < 10000 else 0
    unrefunded = max(10000, total_now) - others  # the total of this look-up counts too
    assert resolve_unsent(_queued(Kind.CANCEL, 10000), Order("A-1", total_now), 0, unrefunded) == resolution


@pytest.mark.parametrize("state", [State.QUEUED, State.UNKNOWN])
@pytest.mark.parametrize("kind", [Kind.REFUND, Kind.CANCEL])
@pytest.mark.parametrize("order", [None, Order("A-1", 10), Order("A-1", 10000), Order("A-1", 10000, cancelled=True)])
def test_resolve_unsent_after_decision_sends_while_summary_is_equal(
    kind: Kind, state: State, order: Order | None
) -> None:
    operation = replace(_queued(kind, 3000 if kind is Kind.REFUND else 9000), state=state)
    decided = resolve_unsent(operation, order, 0, 9000, order_summary(order))
    if (kind, state) == (Kind.CANCEL, State.UNKNOWN) and order is not None and order.cancelled:
        assert decided == Resolution(State.CONFIRMED, Evidence.LOOKUP)
    else:
        assert decided == Resolution(state)
    assert resolve_unsent(operation, Order("A-1", 11), 0, 9000, order_summary(order)) == CHANGED
    assert {State.REVIEW, State.CONFIRMED} <= TRANSITIONS[State.UNKNOWN]


def test_transitions_equal_the_documented_ones() -> None:
    assert {(str(before), str(after)) for before, afters in TRANSITIONS.items() for after in afters} == {
        ("queued", "sending"),
        ("queued", "review"),
        ("queued", "withdrawn"),
        ("sending", "queued"),
        ("sending", "unknown"),
        ("sending", "review"),
        ("sending", "confirmed"),
        ("sending", "refused"),
        ("unknown", "sending"),
        ("unknown", "review"),
        ("unknown", "confirmed"),
        ("review", "confirmed"),
        ("review", "not_applied"),
        ("review", "queued"),
        ("review", "unknown"),  # a person's decision repeats it with the same key
    }
    assert set(TRANSITIONS) == set(State)


def test_final_state_has_no_transition() -> None:
    assert {State.CONFIRMED, State.REFUSED, State.WITHDRAWN, State.NOT_APPLIED} == FINAL
    assert not any(TRANSITIONS[state] for state in FINAL)
    assert all(TRANSITIONS[state] for state in UNFINISHED)
    assert FINAL - {State.CONFIRMED} == CLOSED_NEGATIVELY


troubles = st.sampled_from(FailureReason)
verdicts = st.one_of(
    st.builds(Done),
    st.builds(Refused, used_key=st.booleans()),
    st.builds(NotSent, troubles),
    st.builds(Unknown, troubles),
)


@given(st.sampled_from(Kind), st.lists(verdicts, min_size=1, max_size=12), st.booleans())
def test_random_lives_keep_transitions_and_never_refuse_possibly_sent(
    kind: Kind, answers: list[Verdict], trust: bool
) -> None:
    state, may_have_arrived = State.QUEUED, False
    for verdict in answers:
        if state in FINAL | {State.REVIEW}:
            break
        assert State.SENDING in TRANSITIONS[state]
        resolution = resolve_attempt(
            verdict, has_client_key=kind is Kind.REFUND, earlier_possibly_sent=may_have_arrived, trust_used_key=trust
        )
        assert resolution.state in TRANSITIONS[State.SENDING]
        assert resolution.state is not State.REFUSED or not may_have_arrived
        assert resolution.state is not State.QUEUED or not may_have_arrived
        assert resolution.state is not State.CONFIRMED or isinstance(verdict, Done | Refused)
        assert (resolution.state is State.REVIEW) <= (resolution.review_reason is not None)
        may_have_arrived = may_have_arrived or isinstance(verdict, Unknown)
        state = resolution.state


@pytest.mark.parametrize("decision", Decision)
def test_resolve_by_person_uses_transitions_of_review(decision: Decision) -> None:
    resolution = resolve_by_person(decision)
    assert resolution.state in TRANSITIONS[State.REVIEW]
    assert resolution.evidence is Evidence.PERSON
