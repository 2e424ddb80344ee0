"""Tests of sales and whole cancels, which have no key and are resolved by a look-up."""

from dataclasses import replace

import pytest

from bonifiq_desktop.connectors import exact_json
from bonifiq_desktop.domain.operations import Decision, Evidence, Operation, ReviewReason, State
from bonifiq_desktop.domain.sales import SaleState
from bonifiq_desktop.domain.verdicts import Bonus, FailureReason
from bonifiq_desktop.training_server.fault_injection.fault_injector import FaultName
from bonifiq_desktop.training_server.server import TrainingServer
from tests.services.conftest import MakeTill
from tests.support.headless_till import FAST_RETRIES, SALE, Till, applied, posted_requests

SOLD = [("sale", "2001", 9000)]
CANCELLED = [("cancel", "1001", 12990)]


def test_sale_is_confirmed_with_bonus(till: Till, server: TrainingServer) -> None:
    done = till.wait_until_settled(till.sell())
    assert (done.state, done.evidence, done.bonus) == (State.CONFIRMED, Evidence.ANSWER, Bonus(90, 450))
    assert applied(server) == SOLD


@pytest.mark.parametrize("fault", ["lose_answer", "reset", "error_500_after"])
def test_unknown_sale_found_is_confirmed_without_repeat(till: Till, server: TrainingServer, fault: FaultName) -> None:
    server.faults.add(fault, only="sale")
    done = till.wait_until_settled(till.sell())
    assert (done.state, done.evidence, done.attempts) == (State.CONFIRMED, Evidence.LOOKUP, 1)
    assert State.UNKNOWN in till.states(done)
    assert applied(server) == SOLD
    assert len(posted_requests(server)) == 1


FREE = ["GET", "GET"]  # twice not found


@pytest.mark.parametrize("fault", ["close", "error_500", "html", "nonsense"])
def test_unknown_sale_not_found_is_repeated_unchanged(till: Till, server: TrainingServer, fault: FaultName) -> None:
    server.faults.add(fault, only="sale")
    done = till.wait_until_settled(till.sell())
    assert (done.state, done.evidence, done.attempts) == (State.CONFIRMED, Evidence.ANSWER, 2)
    assert applied(server) == SOLD
    first, second = posted_requests(server)
    assert first.body == second.body
    looked = [request.method for request in server.service.requests]
    assert looked == [*FREE, "POST", *FREE, "POST", "GET"]


def test_sale_with_typed_number_is_looked_up_first(till: Till, server: TrainingServer) -> None:
    till.wait_until_settled(till.sell())
    till.wait_until_settled(till.sell(replace(SALE, order_id="")))
    assert [request.method for request in server.service.requests] == [*FREE, "POST", "GET", "POST"]


@pytest.mark.parametrize("total", [18900, 100])
@pytest.mark.parametrize("state", SaleState)
def test_sale_under_taken_number_needs_review(till: Till, server: TrainingServer, state: SaleState, total: int) -> None:
    before = server.service.find("1002")
    operation = till.wait_until_settled(till.sell(replace(SALE, order_id="1002", total=total, state=state)))
    for _ in range(2):
        assert (operation.state, operation.review_reason, operation.attempts) == (
            State.REVIEW,
            ReviewReason.ORDER_CHANGED,
            0,
        )
        till.review.decide(operation.operation_id, Decision.TRY_AGAIN, "Ana", "de novo")
        till.outbox.wake()
        operation = till.wait_until_settled(operation)
    assert posted_requests(server) == []
    assert server.service.find("1002") == before
    server.service._orders.clear()
    till.review.decide(operation.operation_id, Decision.TRY_AGAIN, "Ana", "apagado no painel")
    till.outbox.wake()
    assert till.wait_until_settled(operation).state is State.CONFIRMED


def test_sale_with_typed_number_offline_waits(till: Till, server: TrainingServer) -> None:
    server.stop()
    operation = till.sell()
    till.wait_until(lambda: till.states(operation).count(State.QUEUED) >= 3)
    server.start()
    server.faults.add("error_500", only="lookup")
    assert till.wait_until_settled(operation).state is State.CONFIRMED
    assert [request.method for request in server.service.requests] == ["GET", *FREE, "POST", "GET"]


def test_unknown_sale_with_other_total_needs_review(till: Till, server: TrainingServer) -> None:
    operation = till.sell()
    server.faults.add("close", only="sale")
    other = exact_json.load(_body(till, operation)) | {"OrderTotal": 100, "Products": []}
    till.on_published = lambda o: (
        None if o.state is not State.UNKNOWN or applied(server) else _unused(server.service.register_sale(other))
    )
    done = till.wait_until_settled(operation)
    assert (done.state, done.review_reason) == (State.REVIEW, ReviewReason.LOOKUP_DISAGREES)
    assert len(posted_requests(server)) == 1


def _unused(_value: object) -> None:
    """Turn an expression into a statement."""


def _body(till: Till, operation: Operation) -> bytes:
    row = till.ledger.connection.rows("SELECT body FROM operations WHERE id = ?", (operation.operation_id,))[0]
    return bytes(row["body"])


@pytest.mark.parametrize("fault", ["html", "error_500", "nonsense", "lose_answer"])
def test_failed_lookup_never_repeats_sale(till: Till, server: TrainingServer, fault: FaultName) -> None:
    server.faults.add("lose_answer", only="sale")
    server.faults.add(fault, only="lookup", times=2)  # the client repeats a read once by itself
    done = till.wait_until_settled(till.sell())
    assert (done.state, done.evidence, done.attempts) == (State.CONFIRMED, Evidence.LOOKUP, 1)
    assert len(posted_requests(server)) == 1


def test_offline_lookup_is_retried_with_connection_backoff(make_till: MakeTill, server: TrainingServer) -> None:
    till = make_till("caixa1", pace=replace(FAST_RETRIES, max_delay=3600))
    server.faults.add("lose_answer", only="sale")
    operation = till.sell()
    till.wait_for_state(operation, State.UNKNOWN)
    server.stop()
    till.wait_until(lambda: till.states(operation).count(State.UNKNOWN) >= 15)
    server.start()
    assert till.wait_until_settled(operation).evidence is Evidence.LOOKUP


@pytest.mark.parametrize("state", ["sale", "cancel"])
def test_lookup_obeys_retry_after(make_till: MakeTill, server: TrainingServer, state: str) -> None:
    till = make_till("caixa1", pace=replace(FAST_RETRIES, max_retry_after=900))
    server.faults.add("lose_answer", only="sale" if state == "sale" else "cancel")
    operation = till.sell(replace(SALE, order_id="")) if state == "sale" else till.cancel()
    server.faults.add("error_503", only="lookup", retry_after=600)
    till.wait_until(lambda: till.states(operation).count(State.UNKNOWN) >= 2)
    asked = len(server.service.requests)
    till.outbox.wake()
    till.run_for(0.3)
    assert len(server.service.requests) == asked


def test_refused_sale_is_final(till: Till, server: TrainingServer) -> None:
    server.faults.add("refuse", only="sale", message="Cliente bloqueado.")
    done = till.wait_until_settled(till.sell())
    assert (done.state, done.message) == (State.REFUSED, "Cliente bloqueado.")
    assert till.wait_until_settled(till.sell()).state is State.CONFIRMED


def test_sale_that_never_arrives_ends_in_review(make_till: MakeTill, server: TrainingServer) -> None:
    till = make_till("caixa1", pace=replace(FAST_RETRIES, max_attempts=2))
    server.faults.add("error_500", only="sale", times=50)
    done = till.wait_until_settled(till.sell())
    assert (done.state, done.review_reason, done.attempts) == (State.REVIEW, ReviewReason.BUDGET_USED_UP, 2)


def test_cancel_is_confirmed_by_answer(till: Till, server: TrainingServer) -> None:
    done = till.wait_until_settled(till.cancel())
    assert (done.state, done.evidence, done.value) == (State.CONFIRMED, Evidence.ANSWER, 12990)
    assert applied(server) == CANCELLED
    assert till.look_up().closed


@pytest.mark.parametrize("fault", ["lose_answer", "reset", "error_500_after"])
def test_unknown_cancel_is_confirmed_by_lookup(till: Till, server: TrainingServer, fault: FaultName) -> None:
    server.faults.add(fault, only="cancel")
    done = till.wait_until_settled(till.cancel())
    assert (done.state, done.evidence, done.attempts) == (State.CONFIRMED, Evidence.LOOKUP, 1)
    assert applied(server) == CANCELLED


@pytest.mark.parametrize("fault", ["close", "error_500"])
def test_unknown_cancel_not_applied_is_repeated_unchanged(till: Till, server: TrainingServer, fault: FaultName) -> None:
    server.faults.add(fault, only="cancel")
    done = till.wait_until_settled(till.cancel())
    assert (done.state, done.evidence, done.attempts) == (State.CONFIRMED, Evidence.ANSWER, 2)
    first, second = posted_requests(server)
    assert first.body == second.body
    assert applied(server) == CANCELLED


ELSEWHERE = {"OrderCancelledDate": "2026-01-01T00:00:00Z"}


def test_refused_cancel_is_final_after_lookup(till: Till, server: TrainingServer) -> None:
    operation = till.cancel()
    server.faults.add("refuse", only="cancel", message="Fora do prazo.")
    done = till.wait_until_settled(operation)
    assert (done.state, done.evidence, done.message) == (State.REFUSED, Evidence.ANSWER, "Fora do prazo.")
    assert till.states(operation) == [State.SENDING, State.REFUSED]
    assert [request.method for request in server.service.requests] == ["GET", "POST", "GET"]


def test_refused_cancel_of_cancelled_order_is_confirmed(till: Till, server: TrainingServer) -> None:
    operation = till.cancel()
    server.service.cancel("1001", ELSEWHERE)  # elsewhere, or by a copy that the network made
    done = till.wait_until_settled(operation)
    assert (done.state, done.evidence, done.attempts) == (State.CONFIRMED, Evidence.LOOKUP, 1)
    assert State.REFUSED not in till.states(operation)


@pytest.mark.parametrize("fault", ["html", "error_500", "null_result", "refuse"])
@pytest.mark.parametrize("cancelled", [True, False])
def test_refused_cancel_without_lookup_stays_unknown(
    till: Till, server: TrainingServer, fault: FaultName, *, cancelled: bool
) -> None:
    operation = till.cancel()
    if cancelled:
        server.service.cancel("1001", ELSEWHERE)
    else:
        server.faults.add("refuse", only="cancel")
    server.faults.add(fault, only="lookup")
    uncertain = till.wait_for_state(operation, State.UNKNOWN)
    assert uncertain.review_reason is ReviewReason.REFUSAL_UNCHECKED
    done = till.wait_until_settled(operation)
    if cancelled:
        assert (done.state, done.evidence) == (State.CONFIRMED, Evidence.LOOKUP)
    else:
        assert (done.state, done.review_reason) == (State.REVIEW, ReviewReason.REFUSAL_UNCHECKED)
    assert len(posted_requests(server)) == 1, "nothing is sent again"


@pytest.mark.parametrize("kind", ["sale", "cancel"])
@pytest.mark.parametrize("shows", [True, False])
def test_refused_repeat_is_resolved_after_lookup(till: Till, server: TrainingServer, kind: str, *, shows: bool) -> None:
    operation = till.sell() if kind == "sale" else till.cancel()
    body = exact_json.load(_body(till, operation))
    server.faults.add("close", only="sale" if kind == "sale" else "cancel")
    server.faults.add("refuse", only="sale" if kind == "sale" else "cancel")

    def arrive_late(heard: Operation) -> None:
        """The first request arrives late, between the refusal and the look-up."""
        if shows and heard.review_reason is ReviewReason.REFUSED_ON_REPEAT and not applied(server):
            if kind == "sale":
                server.service.register_sale(body)
            else:
                server.service.cancel("1001", body)

    till.on_published = arrive_late
    done = till.wait_until_settled(operation)
    if shows:
        assert (done.state, done.evidence) == (State.CONFIRMED, Evidence.LOOKUP)
    else:
        assert (done.state, done.review_reason) == (State.REVIEW, ReviewReason.REFUSED_ON_REPEAT)
    assert State.REFUSED not in till.states(done)
    assert len(posted_requests(server)) == 2
    assert server.service.requests[-1].method == "GET"


def test_sale_left_sending_by_crash_is_looked_up_first(make_till: MakeTill, server: TrainingServer) -> None:
    till = make_till("caixa1")
    operation = till.sell()
    sending = till.ledger.start_attempt(operation.operation_id, till.connection.server_id)
    server.service.register_sale(exact_json.load(sending.request.body))
    till.ledger.close()
    again = make_till("caixa1")
    assert again.stored(operation).failure_reason is FailureReason.INTERRUPTED
    done = again.wait_until_settled(operation)
    assert (done.state, done.evidence) == (State.CONFIRMED, Evidence.LOOKUP)
    assert posted_requests(server) == []
