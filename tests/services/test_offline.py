"""Tests of offline look-ups and registrations, which are looked up before they are sent."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bonifiq_desktop.domain.operations import Decision, Evidence, Operation, ReviewReason, State
from bonifiq_desktop.domain.verdicts import FailureReason, LookupFailed, OrderNotFound
from bonifiq_desktop.training_server.fault_injection.fault_injector import FaultName
from bonifiq_desktop.training_server.server import TrainingServer
from tests.services.conftest import MakeTill
from tests.support.headless_till import FAST_RETRIES, SALE, Till, applied, posted_requests

REFUNDED = [("refund", "1001", 4990)]
CANCELLED = {"OrderCancelledDate": "2026-01-01T00:00:00Z"}
ASKS: dict[str, Callable[[Till], Operation]] = {"refund": lambda till: till.refund(4990), "cancel": Till.cancel}

by_kind = pytest.mark.parametrize("kind", ASKS)


def registered_offline(till: Till, server: TrainingServer, kind: str = "refund") -> Operation:
    """A refund that was registered offline, with the server still down."""
    till.look_up()
    server.stop()
    operation = ASKS[kind](till)
    assert operation.look_up_first
    return operation


def methods(server: TrainingServer) -> list[str]:
    """The arrived requests, in order."""
    return [request.method for request in server.service.requests]


# --- the look-up


def test_offline_lookup_returns_cached_order_with_reason(till: Till, server: TrainingServer) -> None:
    fresh = till.look_up()
    assert (fresh.cached_at, fresh.failure_reason) == (None, None)
    server.stop()
    found = till.look_up()
    assert found.failure_reason is FailureReason.NO_CONNECTION
    assert found.cached_at is not None
    assert timedelta() <= datetime.now(UTC) - found.cached_at < timedelta(minutes=1)
    assert (found.order, found.refundable) == (fresh.order.for_ledger(), 12990)
    server.start()
    assert till.look_up() == fresh


def test_offline_lookup_returns_newest_snapshot(till: Till, server: TrainingServer) -> None:
    server.service.shows_refunds = True
    till.look_up()
    server.service.refund("1001", {"ValueToRefund": 100, "CancelKey": "ELSEWHERE"})
    till.look_up()
    server.stop()
    assert till.look_up(" 1001 ").order.total == 2990


@pytest.mark.parametrize(
    ("fault", "failure_reason"),
    [
        ("html", FailureReason.UNREADABLE),
        ("error_500", FailureReason.SERVER_ERROR),
        ("error_503", FailureReason.THROTTLED),
        ("redirect_302", FailureReason.REDIRECTED),
        ("gzip_bomb", FailureReason.UNREADABLE),
    ],
)
def test_unreadable_answer_returns_cached_order(
    till: Till, server: TrainingServer, fault: FaultName, failure_reason: FailureReason
) -> None:
    till.look_up()
    server.faults.add(fault, only="lookup")
    found = till.look_up()
    assert (found.failure_reason, found.order.order_id) == (failure_reason, "1001")
    assert found.cached_at is not None


def test_refused_credentials_fail_despite_cached_order(till: Till, server: TrainingServer) -> None:
    till.look_up()
    server.faults.add("unauthorized", only="lookup")
    with pytest.raises(LookupFailed) as failed:
        till.look_up()
    assert failed.value.reason is FailureReason.CREDENTIALS


def test_answer_about_known_order_overrides_cache(till: Till, server: TrainingServer) -> None:
    till.look_up()
    server.faults.add("refuse", only="lookup")
    with pytest.raises(LookupFailed) as refused:
        till.look_up()
    assert refused.value.reason is None
    server.service._orders.clear()
    with pytest.raises(OrderNotFound):
        till.look_up()


def test_offline_lookup_of_unknown_order_fails(till: Till, server: TrainingServer) -> None:
    till.look_up("1002")
    server.stop()
    with pytest.raises(LookupFailed) as failed:
        till.look_up("1001")
    assert failed.value.reason is FailureReason.NO_CONNECTION


def test_cached_order_counts_operations_since_lookup(till: Till, server: TrainingServer) -> None:
    till.look_up("1002")
    till.wait_until_settled(till.refund(4990))
    till.wait_until_settled(till.cancel("1002"))
    server.stop()
    found = till.look_up()
    assert (found.refundable, found.refunded) == (8000, 4990)
    assert till.look_up("1002").closed


def test_own_sale_is_cached_without_lookup(till: Till, server: TrainingServer) -> None:
    till.wait_until_settled(till.sell())
    server.stop()
    found = till.look_up("2001")
    assert (found.order.total, found.refundable, found.unfinished) == (9000, 9000, None)
    waiting = till.sell(replace(SALE, order_id="2002"))
    unfinished = till.look_up("2002").unfinished
    assert unfinished is not None
    assert unfinished.operation_id == waiting.operation_id
    till.wait_for_state(waiting, State.QUEUED)
    till.registration.withdraw(waiting.operation_id)
    with pytest.raises(LookupFailed):
        till.look_up("2002")


@pytest.mark.parametrize("shows_refunds", [True, False])
def test_own_sale_refunded_before_lookup_is_counted(till: Till, server: TrainingServer, *, shows_refunds: bool) -> None:
    server.service.shows_refunds = shows_refunds
    till.wait_until_settled(till.sell())
    server.stop()
    operation = till.refund(1000, "2001")
    server.start()
    assert till.wait_until_settled(operation).state is State.CONFIRMED
    assert till.look_up("2001").refundable == 8000


# --- the check before the first sending


@by_kind
def test_offline_registration_is_looked_up_before_sending(till: Till, server: TrainingServer, kind: str) -> None:
    operation = registered_offline(till, server, kind)
    till.wait_until(lambda: till.states(operation).count(State.QUEUED) >= 2)
    seen = len(server.service.requests)
    server.start()
    done = till.wait_until_settled(operation)
    assert (done.state, done.evidence, done.attempts) == (State.CONFIRMED, Evidence.ANSWER, 1)
    assert methods(server)[seen:] == ["GET", "POST"]
    assert server.service.requests[seen].path.endswith("/1001")


def test_offline_refund_up_to_refundable_value_is_allowed(till: Till, server: TrainingServer) -> None:
    till.look_up()
    server.stop()
    operation = till.refund(12989)
    server.start()
    assert till.wait_until_settled(operation).state is State.CONFIRMED


@by_kind
def test_online_registration_needs_no_second_lookup(till: Till, server: TrainingServer, kind: str) -> None:
    till.wait_until_settled(ASKS[kind](till))
    assert methods(server) == ["GET", "POST"]


CHANGES: dict[str, Callable[[TrainingServer], object]] = {
    "cancelled": lambda server: server.service.cancel("1001", CANCELLED),
    "gone": lambda server: server.service._orders.pop("1001"),
    "less": lambda server: server.service.refund("1001", {"ValueToRefund": 100, "CancelKey": "ELSEWHERE"}),
}


@by_kind
@pytest.mark.parametrize("change", CHANGES)
def test_offline_registration_of_changed_order_needs_review(
    till: Till, server: TrainingServer, kind: str, change: str
) -> None:
    server.service.shows_refunds = True
    operation = registered_offline(till, server, kind)
    CHANGES[change](server)
    server.start()
    done = till.wait_until_settled(operation)
    assert (done.state, done.review_reason, done.attempts) == (State.REVIEW, ReviewReason.ORDER_CHANGED, 0)
    till.run_for(0.2)
    assert posted_requests(server) == []


@pytest.mark.parametrize("shows_refunds", [True, False])
def test_own_refunds_do_not_count_as_order_change(till: Till, server: TrainingServer, *, shows_refunds: bool) -> None:
    server.service.shows_refunds = shows_refunds
    till.wait_until_settled(till.refund(4990))
    server.stop()  # the cached total is from before that refund
    operation = till.cancel()
    server.start()
    assert till.wait_until_settled(operation).state is State.CONFIRMED
    assert applied(server) == [*REFUNDED, ("cancel", "1001", 8000)]


def test_offline_lookups_use_no_retry_budget(make_till: MakeTill, server: TrainingServer) -> None:
    till = make_till("caixa1", pace=replace(FAST_RETRIES, max_offline_delay=0.02, max_attempts=2))
    till.look_up("1002")
    operation = registered_offline(till, server)
    other = till.refund(100, "1002")
    till.wait_until(lambda: till.states(operation).count(State.QUEUED) >= 5)
    assert till.states(other) == []
    server.start()
    assert till.wait_until_settled(operation).state is State.CONFIRMED
    assert till.wait_until_settled(other).state is State.CONFIRMED


def test_failing_lookups_end_in_review_without_blocking_others(make_till: MakeTill, server: TrainingServer) -> None:
    till = make_till("caixa1", pace=replace(FAST_RETRIES, max_attempts=3))
    operation = registered_offline(till, server)
    server.start()
    other = till.refund(100, "1002")
    server.faults.add("html", only="lookup", times=3)
    done = till.wait_until_settled(operation)
    assert (done.state, done.review_reason, done.attempts) == (State.REVIEW, ReviewReason.BUDGET_USED_UP, 0)
    assert till.wait_until_settled(other).state is State.CONFIRMED
    assert applied(server) == [("refund", "1002", 100)]


def test_refused_credentials_at_lookup_stop_the_outbox(till: Till, server: TrainingServer) -> None:
    operation = registered_offline(till, server)
    server.start()
    server.faults.add("unauthorized", only="lookup")
    till.wait_until(lambda: till.outbox.stopped_by_credentials)
    till.run_for(0.1)
    assert (till.stored(operation).state, posted_requests(server)) == (State.QUEUED, [])
    till.outbox.credentials_changed()
    assert till.wait_until_settled(operation).state is State.CONFIRMED


@pytest.mark.parametrize("answered", [True, False])
def test_withdrawal_during_lookup_stays_withdrawn(
    till: Till, server: TrainingServer, caplog: pytest.LogCaptureFixture, *, answered: bool
) -> None:
    operation = registered_offline(till, server)
    server.start()
    server.faults.add("hang", only="lookup")
    till.wait_until_external(lambda: server.faults.wait_until_held(0))
    till.registration.withdraw(operation.operation_id)
    if answered:
        server.faults.release()
    else:
        server.stop()
    till.run_for(0.3)
    assert till.stored(operation).state is State.WITHDRAWN
    assert posted_requests(server) == []
    assert till.states(operation) == [], "an operation that still waits is not published"
    assert caplog.records == []


# --- a person's word about a changed order


def changed(till: Till, server: TrainingServer, kind: str = "refund") -> Operation:
    """In review, because a part of the order was refunded elsewhere."""
    server.service.shows_refunds = True
    operation = registered_offline(till, server, kind)
    server.service.refund("1001", {"ValueToRefund": 100, "CancelKey": "ELSEWHERE"})
    server.start()
    return till.wait_until_settled(operation)


def decide(till: Till, operation: Operation, decision: Decision) -> None:
    till.published.clear()
    till.review.decide(operation.operation_id, decision, "Ana", "conferi")
    till.outbox.wake()


def test_decision_to_send_skips_lookup_and_keeps_refusal(till: Till, server: TrainingServer) -> None:
    operation = changed(till, server)
    seen = len(server.service.requests)
    decide(till, operation, Decision.TRY_AGAIN)
    done = till.wait_until_settled(operation)
    assert (done.state, done.evidence, done.attempts) == (State.REFUSED, Evidence.ANSWER, 1)
    assert methods(server)[seen:] == ["POST"]


def test_decision_to_send_offline_waits_without_lookup(till: Till, server: TrainingServer) -> None:
    operation = changed(till, server)
    server.stop()
    seen = len(server.service.requests)
    decide(till, operation, Decision.TRY_AGAIN)
    till.wait_for_state(operation, State.QUEUED)
    server.start()
    assert till.wait_until_settled(operation).state is State.REFUSED
    assert methods(server)[seen:] == ["POST"]


def test_decision_to_send_cancel_is_applied(till: Till, server: TrainingServer) -> None:
    operation = changed(till, server, "cancel")
    decide(till, operation, Decision.TRY_AGAIN)
    assert till.wait_until_settled(operation).state is State.CONFIRMED
    assert applied(server)[-1] == ("cancel", "1001", 2990)


@pytest.mark.parametrize(
    ("decision", "state"), [(Decision.WAS_DONE, State.CONFIRMED), (Decision.NOT_DONE, State.NOT_APPLIED)]
)
def test_decision_not_done_is_never_sent(till: Till, server: TrainingServer, decision: Decision, state: State) -> None:
    operation = changed(till, server)
    decide(till, operation, decision)
    till.run_for(0.2)
    assert (till.stored(operation).state, posted_requests(server)) == (state, [])
