"""Orders as last seen, look-ups that are due, contradictions."""

from datetime import timedelta

import pytest

from bonifiq_desktop.domain.operations import (
    Decision,
    Evidence,
    Kind,
    Operation,
    Resolution,
    ReviewReason,
    State,
    resolve_by_person,
)
from bonifiq_desktop.domain.orders import Order
from bonifiq_desktop.domain.requests import Intent, SerializedRequest
from bonifiq_desktop.ledger.errors import TransitionRefused
from bonifiq_desktop.ledger.ledger import Ledger
from bonifiq_desktop.ledger.records import OperationCounts
from tests.support.ledger_actions import (
    ANSWERED_DONE,
    CONFIRMED,
    ORDER,
    REFUSAL,
    REFUSED,
    START,
    TIMED_OUT,
    UNKNOWN,
    bring_to,
    bring_to_review,
    cancel,
    confirm,
    refund,
    start_attempt,
)


def sell(ledger: Ledger, total: int = 100) -> Operation:
    """Register a sale of order A, with its order for the history."""
    intent = Intent(Kind.SALE, "A", total, order=Order("A", total))
    return ledger.enqueue(intent, lambda _confirmed: SerializedRequest("/v1/pvt/POS/orders", b"{}"))


def test_order_is_remembered_as_last_seen_with_its_time(ledger: Ledger) -> None:
    assert ledger.queries.cached_order("1006/B") is None
    for order in (Order("1006/B", 1), ORDER):
        ledger.remember_order(order)
    seen = ledger.queries.cached_order("1006/b")  # capitals and small letters are the same order
    assert seen is not None
    assert seen[0] == ORDER.for_ledger()
    assert seen[1] > START


def test_sale_is_remembered_until_a_later_look_up(ledger: Ledger) -> None:
    refused = sell(ledger)
    assert ledger.queries.cached_order("A") == (Order("A", 100), refused.created_at)
    ledger.finish_attempt(start_attempt(ledger, refused), REFUSAL, REFUSED)
    assert ledger.queries.cached_order("A") is None
    confirm(ledger, sell(ledger, 200))
    ledger.connection.clock = lambda: START - timedelta(days=900)  # the PC's clock was years ahead, and is put right
    ledger.remember_order(Order("A", 150))
    seen = ledger.queries.cached_order("A")
    assert seen is not None
    assert seen[0].total == 150


def checked_first(ledger: Ledger) -> Operation:
    intent = Intent(Kind.CANCEL, "A", 100, order=Order("A", 100), look_up_first=True)
    return ledger.enqueue(intent, lambda _confirmed: SerializedRequest("/cancel", b"{}"))


def test_look_up_first_stays_until_a_person_decides(ledger: Ledger) -> None:
    operation = checked_first(ledger)
    assert operation.look_up_first
    changed = ledger.resolve(
        operation.operation_id,
        State.QUEUED,
        Resolution(State.REVIEW, review_reason=ReviewReason.ORDER_CHANGED),
        note="shown missing",
    )
    assert changed.look_up_first
    decided = ledger.resolve(operation.operation_id, State.REVIEW, resolve_by_person(Decision.TRY_AGAIN))
    assert (decided.state, decided.look_up_first) == (State.UNKNOWN, False)


def finals(ledger: Ledger) -> list[Operation]:
    """One operation in each final state."""
    refused = ledger.finish_attempt(start_attempt(ledger, refund(ledger, order_id="R")), REFUSAL, REFUSED)
    withdrawn = ledger.withdraw(refund(ledger, order_id="W").operation_id)
    doubtful = bring_to_review(ledger, refund(ledger, order_id="N"))
    not_applied = ledger.resolve(doubtful.operation_id, State.REVIEW, resolve_by_person(Decision.NOT_DONE))
    return [confirm(ledger, cancel(ledger)), refused, withdrawn, not_applied]


def test_contradiction_changes_only_the_alarm_of_a_final_operation(ledger: Ledger) -> None:
    for number, before in enumerate(finals(ledger), 1):
        after = ledger.record_contradiction(before.operation_id, "shown cancelled")
        assert after.contradicted
        assert (after.state, after.evidence, after.review_reason) == (
            before.state,
            before.evidence,
            before.review_reason,
        )
        assert (after.settled_at, after.message) == (before.settled_at, before.message)
        assert ledger.queries.counts() == OperationCounts(0, 0, contradicted=number)
        assert ledger.queries.last_contradiction(before.operation_id) == "shown cancelled"
        details = ledger.queries.details(before.operation_id)
        assert details is not None
        event = details.events[-1]
        assert event.from_state is event.to_state is before.state
        assert (event.evidence, event.review_reason, event.note) == (
            Evidence.LOOKUP,
            ReviewReason.LOOKUP_DISAGREES,
            "shown cancelled",
        )


def test_contradiction_is_recorded_once_and_acknowledged_once(ledger: Ledger) -> None:
    made = confirm(ledger, cancel(ledger))
    with pytest.raises(TransitionRefused):
        ledger.acknowledge_contradiction(made.operation_id)
    ledger.record_contradiction(made.operation_id, "shown 1")
    with pytest.raises(TransitionRefused):
        ledger.record_contradiction(made.operation_id, "shown 2")
    assert not ledger.acknowledge_contradiction(made.operation_id).contradicted
    with pytest.raises(TransitionRefused):
        ledger.acknowledge_contradiction(made.operation_id)
    assert ledger.queries.counts() == OperationCounts(0, 0)
    details = ledger.queries.details(made.operation_id)
    assert details is not None
    assert [event.evidence for event in details.events[-2:]] == [Evidence.LOOKUP, Evidence.PERSON]
    assert ledger.record_contradiction(made.operation_id, "shown 2").contradicted


@pytest.mark.parametrize("state", [State.QUEUED, State.SENDING, State.UNKNOWN, State.REVIEW])
def test_unfinished_operation_is_not_contradicted(ledger: Ledger, state: State) -> None:
    made = refund(ledger)
    bring_to(ledger, made, state)
    with pytest.raises(TransitionRefused):
        ledger.record_contradiction(made.operation_id, "shown missing")
    assert not ledger.queries.operation(made.operation_id).contradicted
    details = ledger.queries.details(made.operation_id)
    assert details is not None
    assert all(event.review_reason is not ReviewReason.LOOKUP_DISAGREES for event in details.events)


def test_server_ids_are_those_of_possibly_sent_attempts(ledger: Ledger) -> None:
    made = refund(ledger)
    assert ledger.queries.attempts.server_ids(made.operation_id) == set()
    ledger.finish_attempt(ledger.start_attempt(made.operation_id, "https://a"), TIMED_OUT, UNKNOWN)
    ledger.finish_attempt(ledger.start_attempt(made.operation_id, "https://b"), ANSWERED_DONE, CONFIRMED)
    assert ledger.queries.attempts.server_ids(made.operation_id) == {"https://a", "https://b"}
