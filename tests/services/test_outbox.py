"""The outbox offline, with wrong credentials, after Retry-After, and after errors."""

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace

import pytest

from bonifiq_desktop.domain.connections import ConnectionStatus
from bonifiq_desktop.domain.operations import Decision, Evidence, Operation, ReviewReason, Scope, State
from bonifiq_desktop.domain.requests import SerializedRequest
from bonifiq_desktop.domain.verdicts import CancelStatus, Done, FailureReason, Verdict
from bonifiq_desktop.ledger.errors import LedgerFailed, OrderBusy, TransitionRefused
from bonifiq_desktop.ledger.records import StartedAttempt
from bonifiq_desktop.security.credentials import Credentials
from bonifiq_desktop.services import reconciliation
from bonifiq_desktop.services.retry import RetryPolicy
from bonifiq_desktop.training_server.fault_injection.fault_injector import CallKind, FaultName
from bonifiq_desktop.training_server.server import TrainingServer
from tests.services.conftest import MakeTill, QueueVerdicts
from tests.support.headless_till import FAST_RETRIES, Till, applied, credentials_of, posted_requests

ONCE = [("refund", "1001", 4990)]
WRONG = Credentials("training-x", "wrong")


def test_refund_offline_waits_and_is_sent_when_connection_returns(till: Till, server: TrainingServer) -> None:
    operation = till.refund(4990)
    server.stop()
    till.wait_until(lambda: till.states(operation).count(State.QUEUED) >= 2)
    assert till.connection_status() is ConnectionStatus.OFFLINE
    waiting = till.details(operation)
    assert all(attempt.outcome in {"not_sent", None} for attempt in waiting.attempts)
    assert waiting.attempts[0].failure_reason is FailureReason.NO_CONNECTION
    server.start()
    done = till.wait_until_settled(operation)
    assert (done.state, done.evidence) == (State.CONFIRMED, Evidence.ANSWER)
    assert till.connection_status() is ConnectionStatus.ONLINE
    assert applied(server) == ONCE
    assert len(posted_requests(server)) == 1


def test_offline_refund_attempts_use_no_retry_budget(make_till: MakeTill, server: TrainingServer) -> None:
    till = make_till("caixa1", pace=replace(FAST_RETRIES, max_offline_delay=0.02, max_attempts=2))
    operation = till.refund(4990)
    server.stop()
    till.wait_until(lambda: till.states(operation).count(State.QUEUED) >= 5)
    server.start()
    assert till.wait_until_settled(operation).state is State.CONFIRMED


@pytest.mark.parametrize("first", ["not sent", "unknown"])
def test_unsent_attempts_beside_sent_ones_use_no_retry_budget(
    make_till: MakeTill, server: TrainingServer, first: str
) -> None:
    till = make_till("caixa1", pace=replace(FAST_RETRIES, max_offline_delay=0.02, max_attempts=3))
    operation = till.refund(4990)
    server.faults.add("close", only="refund", times=2)
    if first == "unknown":
        till.wait_until(lambda: till.stored(operation).state is State.UNKNOWN)
    server.stop()
    till.wait_until(lambda: till.attempt_outcomes(operation).count("not_sent") >= 5)
    server.start()
    done = till.wait_until_settled(operation)
    assert (done.state, done.evidence) == (State.CONFIRMED, Evidence.ANSWER)
    assert till.attempt_outcomes(operation).count("unknown") == 2


def test_wake_after_connection_returns_ends_backoff(make_till: MakeTill, server: TrainingServer) -> None:
    till = make_till("caixa1", pace=RetryPolicy(first_delay=3600, max_delay=3600, max_offline_delay=3600))
    operation = till.refund(4990)
    server.stop()
    till.wait_for_state(operation, State.QUEUED)
    server.start()
    till.outbox.wake()
    assert till.wait_until_settled(operation).state is State.CONFIRMED


def test_unsent_refund_offline_can_be_withdrawn(till: Till, server: TrainingServer) -> None:
    operation = till.refund(4990)
    server.stop()
    till.wait_for_state(operation, State.QUEUED)
    assert till.registration.withdraw(operation.operation_id).state is State.WITHDRAWN
    server.start()
    till.run_for(0.2)
    assert posted_requests(server) == []
    assert till.stored(operation).state is State.WITHDRAWN


def test_possibly_sent_refund_offline_stays_unknown_and_cannot_be_withdrawn(till: Till, server: TrainingServer) -> None:
    server.faults.add("lose_answer", only="refund")
    operation = till.refund(4990)
    till.wait_for_state(operation, State.UNKNOWN)
    server.stop()
    till.wait_until(lambda: "not_sent" in till.attempt_outcomes(operation))
    assert State.QUEUED not in till.states(operation)
    with pytest.raises(TransitionRefused):
        till.registration.withdraw(operation.operation_id)
    server.start()
    assert till.wait_until_settled(operation).evidence is Evidence.KEY
    assert applied(server) == ONCE


def test_outbox_with_wrong_credentials_stops_until_right_ones_are_set(
    make_till: MakeTill, server: TrainingServer
) -> None:
    till = make_till("caixa1")
    refund, sale = till.refund(4990), till.refund(100, "1002")
    till.run(till.connection.configure(server.url, WRONG))
    till.mark_recently_seen(refund, sale)
    till.wait_until(lambda: till.outbox.stopped_by_credentials)
    till.outbox.wake()
    till.run_for(0.3)
    assert len(posted_requests(server)) == 1, "further attempts could lock the account"
    assert (till.stored(refund).state, till.stored(sale).state) == (State.UNKNOWN, State.QUEUED)
    assert till.connection_status() is ConnectionStatus.CREDENTIALS
    till.run(till.connection.configure(server.url, credentials_of(server)))
    till.outbox.credentials_changed()
    assert till.wait_until_settled(refund).state is State.CONFIRMED
    assert till.wait_until_settled(sale).state is State.CONFIRMED
    assert not till.outbox.stopped_by_credentials
    first, second, _other = posted_requests(server)
    assert (first.path, first.body) == (second.path, second.body)


def test_outbox_lookup_with_refused_credentials_stops_outbox(till: Till, server: TrainingServer) -> None:
    operation = till.cancel()
    server.faults.add("lose_answer", only="cancel")
    server.faults.add("unauthorized", only="lookup")
    till.wait_for_state(operation, State.UNKNOWN)
    till.wait_until(lambda: till.outbox.stopped_by_credentials and till.states(operation).count(State.UNKNOWN) > 1)
    till.outbox.credentials_changed()
    assert till.wait_until_settled(operation).state is State.CONFIRMED


def test_operation_without_credentials_waits_until_they_are_set(till: Till, server: TrainingServer) -> None:
    operation = till.refund(4990)
    till.run(till.connection.configure(server.url, None))
    till.run_for(0.1)
    assert (till.stored(operation).state, posted_requests(server)) == (State.QUEUED, [])
    till.run(till.connection.configure(server.url, credentials_of(server)))
    till.outbox.credentials_changed()
    assert till.wait_until_settled(operation).state is State.CONFIRMED


@pytest.mark.parametrize("fault", ["error_429", "error_503"])
def test_retry_after_delays_all_operations_despite_wake(
    make_till: MakeTill, server: TrainingServer, fault: FaultName
) -> None:
    till = make_till("caixa1", pace=replace(FAST_RETRIES, max_retry_after=900))
    server.faults.add(fault, only="refund", retry_after=1)
    times: list[tuple[float, float]] = []
    really = till.connection.send

    async def send(operation: Operation, request: SerializedRequest) -> Verdict:
        began = asyncio.get_running_loop().time()
        verdict = await really(operation, request)
        times.append((began, asyncio.get_running_loop().time()))
        return verdict

    till.connection.send = send  # type: ignore[method-assign]
    one, two = till.refund(4990), till.refund(100, "1002")
    told = till.wait_for_state(one, State.UNKNOWN)
    assert (told.failure_reason, told.evidence, told.review_reason) == (FailureReason.THROTTLED, None, None)
    for _ in range(5):
        till.outbox.wake()
        till.run_for(0.05)
    till.outbox.credentials_changed()
    till.run_for(0.05)
    assert len(posted_requests(server)) == 1
    assert [till.wait_until_settled(o).state for o in (one, two)] == [State.CONFIRMED] * 2
    assert times[1][0] - times[0][1] >= 1, "the wait counts from the answer with Retry-After"


@pytest.mark.parametrize("only", ["lookup", "refund"])
def test_retry_after_of_lookup_or_refund_delays_all_operations(
    make_till: MakeTill, server: TrainingServer, judged: QueueVerdicts, only: CallKind
) -> None:
    """A look-up after a used key gives no verdict, but its Retry-After counts."""
    till = make_till("caixa1", pace=replace(FAST_RETRIES, max_retry_after=900))
    first = till.refund(4990)
    if only == "lookup":
        judged([Done(status=CancelStatus.CANCELLED)])
    server.faults.add("error_503", only=only, retry_after=1)
    till.start_outbox()
    till.wait_until(lambda: till.outbox._throttle._asked_until > 0)
    other = till.refund(100, "1002")
    sent = len(posted_requests(server))
    till.run_for(0.1)
    assert len(posted_requests(server)) == sent
    assert till.wait_until_settled(other).state is State.CONFIRMED
    assert till.wait_until_settled(first).state is State.CONFIRMED


def test_retry_after_of_a_week_is_shortened_to_limit(till: Till, server: TrainingServer) -> None:
    server.faults.add("error_503", only="refund", retry_after=604800)
    assert till.wait_until_settled(till.refund(4990)).state is State.CONFIRMED


def test_throttled_answer_without_retry_after_delays_next_request(make_till: MakeTill, server: TrainingServer) -> None:
    till = make_till("caixa1", pace=RetryPolicy(first_delay=0.3))
    server.faults.add("error_429", only="refund")
    operation = till.refund(4990)
    till.wait_for_state(operation, State.UNKNOWN)
    till.run_for(0.1)
    assert len(posted_requests(server)) == 1
    assert till.wait_until_settled(operation).state is State.CONFIRMED


def test_queued_operations_are_sent_oldest_first(till: Till, server: TrainingServer) -> None:
    operations = [till.refund(100, order) for order in ("1003", "1001", "1002")]
    for operation in operations:
        till.wait_until_settled(operation)
    assert [entry.order_id for entry in server.service.applied] == ["1003", "1001", "1002"]


def test_operation_withdrawn_while_another_is_sent_is_not_sent(till: Till, server: TrainingServer) -> None:
    server.faults.add("delay", only="refund", seconds=0.2)
    first, second, third = (till.refund(100, order) for order in ("1003", "1001", "1002"))
    till.wait_for_state(first, State.SENDING)
    assert (
        till.registration.withdraw(second.operation_id).state is State.WITHDRAWN
    )  # withdrawing does not wake the outbox
    assert till.wait_until_settled(third).state is State.CONFIRMED
    assert [entry.order_id for entry in server.service.applied] == ["1003", "1002"]
    assert till.stored(second).state is State.WITHDRAWN


def test_operation_registered_while_another_is_sent_is_sent_too(till: Till, server: TrainingServer) -> None:
    server.faults.add("delay", only="refund", seconds=0.2)
    first, second = (till.refund(100, order) for order in ("1003", "1001"))
    till.wait_for_state(first, State.SENDING)
    late = till.refund(100, "1002")
    till.wait_until_settled(late)
    assert [entry.order_id for entry in server.service.applied] == ["1003", "1001", "1002"]
    assert till.stored(second).state is State.CONFIRMED


def test_queued_operations_after_lost_connection_are_sent_oldest_first(till: Till, server: TrainingServer) -> None:
    operations = [till.refund(100, order) for order in ("1003", "1001", "1002")]
    server.stop()
    till.wait_for_state(operations[0], State.SENDING)
    till.wait_until(lambda: till.connection_status() is ConnectionStatus.OFFLINE)
    server.start()
    for operation in operations:
        till.wait_until_settled(operation)
    assert [entry.order_id for entry in server.service.applied] == ["1003", "1001", "1002"]


def _damage(till: Till, operation: Operation, change: str) -> None:
    """Change one row outside the program, as a damaged disk would."""
    with closing(sqlite3.connect(till.path)) as db, db:
        db.execute(f"UPDATE operations SET {change} WHERE id = ?", (operation.operation_id,))


def test_damaged_operation_goes_to_review_and_others_are_sent(till: Till, server: TrainingServer) -> None:
    bad, good = till.refund(4990), till.refund(100, "1002")
    _damage(till, bad, "body = NULL")
    assert till.wait_until_settled(good).state is State.CONFIRMED
    left = till.wait_for_state(bad, State.REVIEW)
    assert left == till.stored(bad)
    assert (left.review_reason, left.evidence, left.attempts) == (ReviewReason.UNSENDABLE, None, 0)
    assert [event.to_state for event in till.details(bad).events] == [State.QUEUED, State.REVIEW]
    assert applied(server) == [("refund", "1002", 100)]
    with pytest.raises(OrderBusy):
        till.refund(1000)
    with pytest.raises(TransitionRefused):
        till.review.decide(bad.operation_id, Decision.TRY_AGAIN, "Ana", "de novo")
    till.review.decide(bad.operation_id, Decision.NOT_DONE, "Ana", "arquivo danificado")
    assert till.wait_until_settled(till.refund(1000)).state is State.CONFIRMED


def test_operation_damaged_after_possible_sending_goes_to_review(make_till: MakeTill, server: TrainingServer) -> None:
    till = make_till("caixa1", pace=replace(FAST_RETRIES, first_delay=0.3, max_delay=0.3))
    server.faults.add("lose_answer", only="refund")
    bad = till.refund(4990)
    till.wait_for_state(bad, State.UNKNOWN)
    _damage(till, bad, "value = 9990")
    left = till.wait_until_settled(bad)
    assert (left.state, left.review_reason, left.attempts) == (State.REVIEW, ReviewReason.UNSENDABLE, 1)
    assert (applied(server), len(posted_requests(server))) == (ONCE, 1)


def test_operation_that_crashes_reconciliation_repeatedly_goes_to_review(
    make_till: MakeTill, server: TrainingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    till = make_till("caixa1", pace=replace(FAST_RETRIES, first_delay=0.3, max_delay=0.3, max_crashes=3))
    server.faults.add("lose_answer", only="sale")
    bad = till.sell()
    till.wait_for_state(bad, State.UNKNOWN)
    monkeypatch.setattr(reconciliation, "resolve_by_read_back", lambda *_given: 1 // 0)  # a programming error
    till.run_for(0.5)
    assert till.stored(bad).state is State.UNKNOWN, "one crash is below max_crashes"
    left = till.wait_until_settled(bad)
    assert (left.state, left.review_reason) == (State.REVIEW, ReviewReason.UNSENDABLE)
    assert till.wait_until_settled(till.refund(100)).state is State.CONFIRMED


def test_operation_after_many_ledger_errors_is_still_sent(
    till: Till, server: TrainingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    really = till.ledger.start_attempt
    errors = iter([LedgerFailed("full")] * 2 * FAST_RETRIES.max_crashes)

    def start(operation_id: int, home: str) -> StartedAttempt:
        for error in errors:
            raise error
        return really(operation_id, home)

    monkeypatch.setattr(till.ledger, "start_attempt", start)
    assert till.wait_until_settled(till.refund(4990)).state is State.CONFIRMED
    assert applied(server) == ONCE


def test_unreadable_operation_delays_no_other_operation(till: Till, server: TrainingServer) -> None:
    bad, good = till.refund(4990), till.refund(100, "1002")
    _damage(till, bad, "snapshot = 'rubbish'")
    assert till.wait_until_settled(good).state is State.CONFIRMED
    till.run_for(20 * FAST_RETRIES.max_delay)
    assert till.wait_until_settled(till.refund(100, "1003")).state is State.CONFIRMED
    assert [entry.order_id for entry in server.service.applied] == ["1002", "1003"]


def test_failing_operation_does_not_delay_another_order(till: Till, server: TrainingServer) -> None:
    server.faults.add("error_500", only="refund", times=3)
    first, second = till.refund(4990), till.refund(100, "1002")
    till.wait_until_settled(first)
    till.wait_until_settled(second)
    paths = [request.path for request in posted_requests(server)]
    assert paths[:2] == ["/v1/pvt/POS/1001/partialcancel", "/v1/pvt/POS/1002/partialcancel"]


def test_outbox_continues_after_ledger_errors(
    till: Till, server: TrainingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    really = till.ledger.queries.waiting
    errors = iter([LedgerFailed("busy"), RuntimeError("unforeseen")])

    def waiting(server_id: str, account: str, scope: Scope) -> list[int]:
        for error in errors:
            raise error
        return really(server_id, account, scope)

    monkeypatch.setattr(till.ledger.queries, "waiting", waiting)
    assert till.wait_until_settled(till.refund(4990)).state is State.CONFIRMED


@pytest.mark.parametrize("failures", [1, 2, 5, 60])
@pytest.mark.parametrize("longest", [30.0, 300.0])
def test_backoff_grows_with_failures_within_bounds(failures: int, longest: float) -> None:
    waits = [RetryPolicy().delay_after(failures, longest) for _ in range(200)]
    middle = min(longest, 2.0 ** (failures - 1))
    assert middle * 0.7 <= min(waits)
    assert max(waits) <= middle * 1.3
    assert len(set(waits)) > 100, "tills that failed together retry at different times"


def test_final_operation_is_not_sent_when_outbox_runs_again(till: Till, server: TrainingServer) -> None:
    ways: list[Callable[[], None]] = [lambda: server.faults.add("refuse", only="refund"), lambda: None]
    for way, order in zip(ways, ("1001", "1002"), strict=True):
        way()
        till.wait_until_settled(till.refund(4990, order))
    till.outbox.credentials_changed()
    till.run_for(0.1)
    assert len(posted_requests(server)) == 2
