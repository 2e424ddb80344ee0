"""The life of an operation: one table for what an attempt leads to, one for look-ups, one for the moves."""

from dataclasses import replace
from datetime import UTC, datetime
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
    resolve_by_lookup,
    resolve_by_person,
    resolve_refused_cancel,
    resolve_unsent,
)
from bonifiq_desktop.domain.orders import Order, order_summary, still_refundable
from bonifiq_desktop.domain.redaction import redact_personal_data
from bonifiq_desktop.domain.verdicts import Bonus, Done, FailureReason, NotSent, Refused, Unknown, Verdict

NOT_SENT, DONE, UNKNOWN = NotSent(FailureReason.NO_CONNECTION), Done(Bonus(5, 100)), Unknown(FailureReason.TIMED_OUT)
REFUSED, KEY_USED = Refused("X", "no"), Refused("KeyUsed", "key", used_key=True)

QUEUED, UNSETTLED = Resolution(State.QUEUED), Resolution(State.UNKNOWN)
BY_ANSWER = Resolution(State.CONFIRMED, Evidence.ANSWER)
BY_KEY = Resolution(State.CONFIRMED, Evidence.KEY)
NO_BY_ANSWER = Resolution(State.REFUSED, Evidence.ANSWER)
LOOK = Resolution(State.UNKNOWN, review_reason=ReviewReason.REFUSED_ON_REPEAT)
LOOK_AT_ONCE = Resolution(State.UNKNOWN, review_reason=ReviewReason.REFUSAL_UNCHECKED)


def _review(doubt: ReviewReason) -> Resolution:
    return Resolution(State.REVIEW, review_reason=doubt)


def _no(message: str, code: str = "409") -> Unknown:
    return Unknown(FailureReason.SAYS_NO, code=code, message=message)


# verdict → (first attempt, repeat) where the shop trusts a used key, and where it does not.
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
# The others have no key: a refusal on a repeat is judged only after a look-up. The network may have delivered the first
# request twice: not even its refusal is taken as it comes.
_KEYLESS = _REFUND | {REFUSED: ((LOOK_AT_ONCE, LOOK),) * 2, KEY_USED: ((LOOK_AT_ONCE, LOOK),) * 2}

_ROWS = [
    (kind, verdict, earlier, trust, table[verdict][not trust][earlier])
    for kind, table in ((kind, _REFUND if kind is Kind.REFUND else _KEYLESS) for kind in Kind)
    for verdict, earlier, trust in product(_REFUND, (False, True), (True, False))
]


@pytest.mark.parametrize(("kind", "verdict", "earlier", "trust", "settled"), _ROWS)
def test_every_verdict_leads_where_it_must(
    kind: Kind, verdict: Verdict, *, earlier: bool, trust: bool, settled: Resolution
) -> None:
    assert (
        resolve_attempt(
            verdict, has_client_key=kind is Kind.REFUND, earlier_possibly_sent=earlier, trust_used_key=trust
        )
        == settled
    )


def test_the_table_is_complete() -> None:
    assert len(_ROWS) == len(set(_ROWS)) == len(Kind) * 5 * 2 * 2


SAYS_NO, IN_PROGRESS = (
    Unknown(FailureReason.SAYS_NO, code="409", message="Conflict"),
    Unknown(FailureReason.IN_PROGRESS),
)
TWICE = ReviewReason.SAYS_NO_TWICE


@pytest.mark.parametrize("earlier", [False, True])
@pytest.mark.parametrize("trust", [False, True])
@pytest.mark.parametrize(
    ("kind", "verdict", "before", "settled"),
    [
        *((kind, SAYS_NO, False, UNSETTLED) for kind in Kind),
        (Kind.REFUND, SAYS_NO, True, _review(TWICE)),
        (Kind.SALE, SAYS_NO, True, Resolution(State.UNKNOWN, review_reason=TWICE)),  # looked up first
        (Kind.CANCEL, SAYS_NO, True, Resolution(State.UNKNOWN, review_reason=TWICE)),
        # A request that is still being processed is neither done nor refused, however often it is said.
        *((kind, IN_PROGRESS, before, UNSETTLED) for kind in Kind for before in (False, True)),
        *((kind, Unknown(FailureReason.SERVER_ERROR), True, UNSETTLED) for kind in Kind),
    ],
)
def test_the_same_no_twice_ends_the_repeats(
    kind: Kind, verdict: Unknown, settled: Resolution, *, before: bool, earlier: bool, trust: bool
) -> None:
    found = resolve_attempt(
        verdict,
        has_client_key=kind is Kind.REFUND,
        earlier_possibly_sent=earlier,
        trust_used_key=trust,
        same_denial_before=before,
        key_sent_earlier=True,
    )
    assert found == settled


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
def test_a_no_is_the_same_whatever_time_and_number_it_holds(
    verdict: Verdict, earlier: Unknown | None, *, same: bool
) -> None:
    assert is_same_denial(verdict, earlier) is same


@pytest.mark.parametrize("clear", [False, True])
@pytest.mark.parametrize("before", [False, True])
@pytest.mark.parametrize("kind", Kind)
def test_a_first_refusal_is_one_unless_it_names_no_cause_for_a_key_sent_before(
    kind: Kind, *, before: bool, clear: bool
) -> None:
    verdict = Refused("CUSTOMER_NOT_FOUND" if clear else "Refused", "no")
    settled = resolve_attempt(
        verdict,
        has_client_key=kind is Kind.REFUND,
        earlier_possibly_sent=False,
        trust_used_key=True,
        key_sent_earlier=before,
    )
    if kind is not Kind.REFUND:
        assert settled == LOOK_AT_ONCE
    elif before and not clear:
        assert settled == _review(ReviewReason.REFUSED_BEFORE)
    else:
        assert settled == NO_BY_ANSWER


FOUND = Order("A-1", 3000)
SHOWN_CANCELLED = Order("A-1", 3000, cancelled=True)
BY_LOOKUP = Resolution(State.CONFIRMED, Evidence.LOOKUP)
REPEAT, UNCHECKED = ReviewReason.REFUSED_ON_REPEAT, ReviewReason.REFUSAL_UNCHECKED


@pytest.mark.parametrize(
    ("kind", "order", "doubt", "settled"),
    [
        (Kind.SALE, FOUND, None, BY_LOOKUP),
        (Kind.SALE, FOUND, REPEAT, BY_LOOKUP),
        (Kind.SALE, Order("A-1", 2999), None, _review(ReviewReason.LOOKUP_DISAGREES)),
        (Kind.SALE, Order("A-1", 2999), REPEAT, _review(ReviewReason.LOOKUP_DISAGREES)),
        (Kind.SALE, None, None, UNSETTLED),
        (Kind.SALE, None, REPEAT, _review(REPEAT)),
        (Kind.SALE, None, TWICE, _review(TWICE)),
        (Kind.SALE, FOUND, TWICE, BY_LOOKUP),
        (Kind.CANCEL, FOUND, TWICE, _review(TWICE)),
        (Kind.CANCEL, SHOWN_CANCELLED, TWICE, BY_LOOKUP),
        (Kind.CANCEL, SHOWN_CANCELLED, None, BY_LOOKUP),
        (Kind.CANCEL, SHOWN_CANCELLED, REPEAT, BY_LOOKUP),
        (Kind.CANCEL, FOUND, None, UNSETTLED),
        (Kind.CANCEL, FOUND, REPEAT, _review(REPEAT)),
        (Kind.CANCEL, FOUND, UNCHECKED, _review(UNCHECKED)),
        (Kind.CANCEL, SHOWN_CANCELLED, UNCHECKED, BY_LOOKUP),
        (Kind.CANCEL, None, None, UNSETTLED),
        (Kind.CANCEL, None, REPEAT, _review(REPEAT)),
        (Kind.REFUND, FOUND, None, UNSETTLED),  # a look-up is no evidence for a refund
        (Kind.REFUND, SHOWN_CANCELLED, None, UNSETTLED),
    ],
)
def test_a_lookup_leads_where_it_must(
    kind: Kind, order: Order | None, doubt: ReviewReason | None, settled: Resolution
) -> None:
    assert resolve_by_lookup(kind, 3000, order, doubt) == settled


def test_a_refused_cancel_is_refused_only_where_the_order_does_not_show_it() -> None:
    assert resolve_refused_cancel(FOUND) == NO_BY_ANSWER
    assert resolve_refused_cancel(SHOWN_CANCELLED) == BY_LOOKUP


def _queued(kind: Kind, value: int) -> Operation:
    """Registered without a line, from an order that was last seen with a total of 10000."""
    return Operation(
        operation_id=1,
        kind=kind,
        order_id="A-1",
        value=value,
        state=State.QUEUED,
        reason="",
        message="",
        lines=(),
        order=Order("A-1", 10000),
        attempts=0,
        created_at=datetime(2026, 11, 20, tzinfo=UTC),
        settled_at=None,
        look_up_first=True,
        cancel_key=None,
        evidence=None,
        review_reason=None,
        failure_reason=None,
        bonus=None,
    )


CHANGED = _review(ReviewReason.ORDER_CHANGED)


@pytest.mark.parametrize(
    ("kind", "value", "order", "others", "settled"),
    [
        (Kind.REFUND, 3000, Order("A-1", 10000), [], QUEUED),
        (Kind.REFUND, 3000, None, [], CHANGED),
        (Kind.REFUND, 3000, Order("A-1", 10000, cancelled=True), [], CHANGED),
        (Kind.REFUND, 3000, Order("A-1", 3000), [], QUEUED),  # somebody refunded elsewhere, and enough is left
        (Kind.REFUND, 3000, Order("A-1", 2999), [], CHANGED),
        (Kind.REFUND, 3000, Order("A-1", 10000), [7000], QUEUED),  # refunded here, and look-ups do not show it
        (Kind.REFUND, 3000, Order("A-1", 10000), [4000, 3001], CHANGED),
        (Kind.REFUND, 3000, Order("A-1", 12000), [], QUEUED),  # more is in it now
        (Kind.CANCEL, 10000, Order("A-1", 10000), [], QUEUED),
        (Kind.CANCEL, 10000, None, [], CHANGED),
        (Kind.CANCEL, 10000, Order("A-1", 10000, cancelled=True), [], CHANGED),
        (Kind.CANCEL, 10000, Order("A-1", 9999), [], CHANGED),
        (Kind.CANCEL, 10000, Order("A-1", 12000), [], CHANGED),
        (Kind.CANCEL, 6000, Order("A-1", 6000), [4000], QUEUED),  # lowered by what this till has refunded
        (Kind.CANCEL, 6000, Order("A-1", 10000), [4000], QUEUED),  # the same, where look-ups do not show it
        (Kind.CANCEL, 6000, Order("A-1", 5000), [4000], CHANGED),
    ],
)
def test_what_was_registered_from_memory_is_sent_only_while_the_order_still_allows_it(
    kind: Kind, value: int, order: Order | None, others: list[int], settled: Resolution
) -> None:
    left = still_refundable(order.total, 10000, others) if order else 0
    assert resolve_unsent(_queued(kind, value), order, left, 10000 - sum(others)) == settled
    assert settled.state in TRANSITIONS[State.QUEUED] | {State.QUEUED}


@pytest.mark.parametrize(("total_now", "settled"), [(10000, QUEUED), (12000, CHANGED), (6000, QUEUED), (5999, CHANGED)])
def test_a_whole_cancel_registered_from_memory_is_not_sent_for_an_order_that_has_grown(
    total_now: int, settled: Resolution
) -> None:
    others = 4000 if total_now < 10000 else 0
    unrefunded = max(10000, total_now) - others  # the look-up's own total was seen, too
    assert resolve_unsent(_queued(Kind.CANCEL, 10000), Order("A-1", total_now), 0, unrefunded) == settled


@pytest.mark.parametrize("state", [State.QUEUED, State.UNKNOWN])
@pytest.mark.parametrize("kind", [Kind.REFUND, Kind.CANCEL])
@pytest.mark.parametrize("order", [None, Order("A-1", 10), Order("A-1", 10000), Order("A-1", 10000, cancelled=True)])
def test_what_a_person_wanted_sent_all_the_same_is_sent_while_the_order_shows_what_it_showed_then(
    kind: Kind, state: State, order: Order | None
) -> None:
    operation = replace(_queued(kind, 3000 if kind is Kind.REFUND else 9000), state=state)
    decided = resolve_unsent(operation, order, 0, 9000, order_summary(order))
    if (kind, state) == (Kind.CANCEL, State.UNKNOWN) and order is not None and order.cancelled:
        assert decided == BY_LOOKUP
    else:
        assert decided == Resolution(state)
    assert resolve_unsent(operation, Order("A-1", 11), 0, 9000, order_summary(order)) == CHANGED
    assert {State.REVIEW, State.CONFIRMED} <= TRANSITIONS[State.UNKNOWN]


def test_the_moves_are_these_and_no_others() -> None:
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
        ("review", "unknown"),  # tried again by a person's word, with the same key
    }
    assert set(TRANSITIONS) == set(State)


def test_a_final_state_leads_nowhere() -> None:
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
def test_no_life_leaves_the_moves_or_calls_refused_what_may_have_arrived(
    kind: Kind, answers: list[Verdict], trust: bool
) -> None:
    state, may_have_arrived = State.QUEUED, False
    for verdict in answers:
        if state in FINAL | {State.REVIEW}:
            break
        assert State.SENDING in TRANSITIONS[state]
        settled = resolve_attempt(
            verdict, has_client_key=kind is Kind.REFUND, earlier_possibly_sent=may_have_arrived, trust_used_key=trust
        )
        assert settled.state in TRANSITIONS[State.SENDING]
        assert settled.state is not State.REFUSED or not may_have_arrived
        assert settled.state is not State.QUEUED or not may_have_arrived
        assert settled.state is not State.CONFIRMED or isinstance(verdict, Done | Refused)
        assert (settled.state is State.REVIEW) <= (settled.review_reason is not None)
        may_have_arrived = may_have_arrived or isinstance(verdict, Unknown)
        state = settled.state


@pytest.mark.parametrize("decision", Decision)
def test_a_persons_word_leads_only_where_a_review_may_go(decision: Decision) -> None:
    settled = resolve_by_person(decision)
    assert settled.state in TRANSITIONS[State.REVIEW]
    assert settled.evidence is Evidence.PERSON
