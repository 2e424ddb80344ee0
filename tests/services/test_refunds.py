"""Tests of refunds: applied once, with a proven outcome."""

from dataclasses import replace

import pytest

from bonifiq_desktop.domain.operations import Decision, Evidence, ReviewReason, State
from bonifiq_desktop.domain.verdicts import FailureReason
from bonifiq_desktop.training_server.fault_injection.answer_forms import KeyUsedForm, RefusalForm
from bonifiq_desktop.training_server.fault_injection.fault_injector import FaultName
from bonifiq_desktop.training_server.server import TrainingServer
from tests.services.conftest import SETTINGS, MakeTill
from tests.support.headless_till import FAST_RETRIES, Till, applied, posted_requests

ONCE = [("refund", "1001", 4990)]


def test_refund_is_confirmed_by_answer(till: Till, server: TrainingServer) -> None:
    operation = till.refund(4990)
    assert (operation.state, operation.attempts) == (State.QUEUED, 0)
    done = till.wait_until_settled(operation)
    assert (done.state, done.evidence, done.attempts) == (State.CONFIRMED, Evidence.ANSWER, 1)
    assert till.states(operation) == [State.SENDING, State.CONFIRMED]
    assert applied(server) == ONCE
    [request] = posted_requests(server)
    assert request.path == "/v1/pvt/POS/1001/partialcancel"
    assert request.body == f'{{"ValueToRefund":49.90,"CancelKey":"{operation.cancel_key}"}}'.encode()


@pytest.mark.parametrize("form", ["code_name", "message_en", "message_pt", "http_400", "http_409"])
def test_unknown_refund_is_confirmed_by_used_key(till: Till, server: TrainingServer, form: KeyUsedForm) -> None:
    server.faults.key_used_form = form
    server.faults.add("lose_answer", only="refund")
    done = till.wait_until_settled(till.refund(4990))
    assert (done.state, done.evidence, done.attempts) == (State.CONFIRMED, Evidence.KEY, 2)
    assert till.states(done) == [State.SENDING, State.UNKNOWN, State.SENDING, State.CONFIRMED]
    assert applied(server) == ONCE
    first, second = posted_requests(server)
    assert first.body == second.body


def test_unknown_refund_is_confirmed_by_repeated_answer(till: Till, server: TrainingServer) -> None:
    server.faults.key_used_form = "echo"
    server.faults.add("lose_answer", only="refund")
    done = till.wait_until_settled(till.refund(4990))
    assert (done.state, done.evidence) == (State.CONFIRMED, Evidence.ANSWER)
    assert applied(server) == ONCE


def test_refused_repeat_without_key_needs_review(till: Till, server: TrainingServer) -> None:
    server.faults.key_used_form = "silent"
    server.faults.add("lose_answer", only="refund")
    done = till.wait_until_settled(till.refund(4990))
    assert (done.state, done.review_reason, done.evidence) == (State.REVIEW, ReviewReason.REFUSED_ON_REPEAT, None)
    assert State.REFUSED not in till.states(done)
    assert applied(server) == ONCE
    till.run_for(0.2)
    assert len(posted_requests(server)) == 2, "nothing is sent any more once a person has to decide"


def test_used_key_without_trust_needs_review(make_till: MakeTill, server: TrainingServer) -> None:
    till = make_till("caixa1", settings=replace(SETTINGS, trust_used_key=False))
    server.faults.add("lose_answer", only="refund")
    done = till.wait_until_settled(till.refund(4990))
    assert (done.state, done.review_reason) == (State.REVIEW, ReviewReason.KEY_NOT_TRUSTED)
    assert applied(server) == ONCE


def test_same_return_at_two_tills_is_applied_once(make_till: MakeTill, server: TrainingServer) -> None:
    first, second = make_till("caixa1"), make_till("caixa2", settings=replace(SETTINGS, till="CAIXA2"))
    done = first.wait_until_settled(first.refund(4990))
    again = second.wait_until_settled(second.refund(4990))
    assert done.cancel_key == again.cancel_key
    assert (done.state, again.state, again.review_reason) == (
        State.CONFIRMED,
        State.REVIEW,
        ReviewReason.KEY_USED_BEFORE,
    )
    assert applied(server) == ONCE


def test_second_equal_return_at_two_tills_is_applied_once(make_till: MakeTill, server: TrainingServer) -> None:
    first, second = make_till("caixa1"), make_till("caixa2", settings=replace(SETTINGS, till="CAIXA2"))
    first.wait_until_settled(first.refund(2590))
    other = second.wait_until_settled(second.refund(2590))
    second.review.decide(other.operation_id, Decision.ANOTHER_RETURN, "Ana", "outra peça igual")
    second.outbox.wake()
    assert second.wait_until_settled(other).state is State.CONFIRMED
    again = first.wait_until_settled(first.refund(2590))
    assert again.cancel_key == second.stored(other).cancel_key
    assert (again.state, again.review_reason) == (State.REVIEW, ReviewReason.KEY_USED_BEFORE)
    assert applied(server) == [("refund", "1001", 2590)] * 2


@pytest.mark.parametrize("form", ["envelope", "details", "status"])
def test_refused_refund_can_be_registered_with_same_key(till: Till, server: TrainingServer, form: RefusalForm) -> None:
    server.faults.refusal_form = form
    order = till.look_up().order
    server.service.refund("1001", {"ValueToRefund": 100, "CancelKey": "AT-THE-OFFICE"})
    refused = till.wait_until_settled(till.refund(4990))
    assert (refused.state, refused.evidence) == (State.REFUSED, Evidence.ANSWER)
    assert [entry[2] for entry in applied(server)] == [10000]
    found = till.look_up()
    assert found.refundable == order.total, "what was refused can still be refunded"
    again = till.wait_until_settled(till.refund(4990))
    assert again.cancel_key == refused.cancel_key
    if form == "status":  # names no cause, so it may mean an equal return of another till
        assert (again.state, again.review_reason) == (State.REVIEW, ReviewReason.REFUSED_BEFORE)
    else:
        assert again.state is State.REFUSED


def test_temporary_refusal_does_not_block_later_refund(till: Till, server: TrainingServer) -> None:
    server.faults.add("refuse", only="refund", message="Cliente bloqueado.")
    refused = till.wait_until_settled(till.refund(4990))
    assert (refused.state, refused.message) == (State.REFUSED, "Cliente bloqueado.")
    done = till.wait_until_settled(till.refund(4990))
    assert (done.state, done.cancel_key) == (State.CONFIRMED, refused.cancel_key)
    assert applied(server) == ONCE


def test_returns_of_equal_value_are_separate_refunds(till: Till, server: TrainingServer) -> None:
    one = till.wait_until_settled(till.refund(4990))
    two = till.wait_until_settled(till.refund(4990))
    assert [one.state, two.state] == [State.CONFIRMED, State.CONFIRMED]
    assert one.cancel_key != two.cancel_key
    assert applied(server) == ONCE * 2
    assert till.look_up().refundable == 12990 - 2 * 4990


def test_returns_of_different_values_are_separate_refunds(till: Till, server: TrainingServer) -> None:
    one = till.wait_until_settled(till.refund(4990))
    two = till.wait_until_settled(till.refund(1000))
    assert [one.state, two.state] == [State.CONFIRMED, State.CONFIRMED]
    assert applied(server) == [*ONCE, ("refund", "1001", 1000)]


@pytest.mark.parametrize("fault", ["lose_answer", "reset", "close", "error_500", "error_500_after", "html", "nonsense"])
def test_refund_after_any_single_fault_is_applied_once(till: Till, server: TrainingServer, fault: FaultName) -> None:
    server.faults.add(fault, only="refund")
    operation = till.refund(4990)
    uncertain = till.wait_for_state(operation, State.UNKNOWN)
    assert uncertain.evidence is None
    assert till.wait_until_settled(operation).state is State.CONFIRMED
    assert applied(server) == ONCE
    assert len({request.body for request in posted_requests(server)}) == 1
    assert till.attempt_outcomes(operation)[0] == "unknown"


@pytest.mark.parametrize("fault", ["lose_answer", "error_500"])
def test_exhausted_retries_end_in_review(make_till: MakeTill, server: TrainingServer, fault: FaultName) -> None:
    till = make_till("caixa1", pace=replace(FAST_RETRIES, max_attempts=3))
    server.faults.add(fault, only="refund", times=50)
    done = till.wait_until_settled(till.refund(4990))
    assert (done.state, done.review_reason, done.attempts) == (State.REVIEW, ReviewReason.BUDGET_USED_UP, 3)
    assert done.failure_reason in {FailureReason.CONNECTION_LOST, FailureReason.SERVER_ERROR}
    assert len(posted_requests(server)) == 3
    assert len(applied(server)) <= 1


def test_lookup_without_this_refund_contradicts_used_key(till: Till, server: TrainingServer) -> None:
    server.service.shows_refunds = True
    till.wait_until_settled(till.refund(1000))
    server.faults.add("close", only="refund")
    server.faults.add("refuse", only="refund", code_name="CancelKeyAlreadyUsed", message="CancelKey already used")
    done = till.wait_until_settled(till.refund(4990))
    assert (done.state, done.review_reason) == (State.REVIEW, ReviewReason.LOOKUP_DISAGREES)
    assert applied(server) == [("refund", "1001", 1000)]


@pytest.mark.parametrize("shows_refunds", [True, False])
def test_lookup_with_this_or_no_refund_keeps_used_key(
    till: Till, server: TrainingServer, *, shows_refunds: bool
) -> None:
    server.service.shows_refunds = shows_refunds
    till.wait_until_settled(till.refund(1000))
    server.faults.add("lose_answer", only="refund")
    done = till.wait_until_settled(till.refund(4990))
    assert (done.state, done.evidence) == (State.CONFIRMED, Evidence.KEY)
    assert len(applied(server)) == 2


def test_failed_lookup_keeps_used_key(till: Till, server: TrainingServer) -> None:
    till.wait_until_settled(till.refund(1000))
    operation = till.refund(4990)
    server.faults.add("lose_answer", only="refund")
    server.faults.add("html", only="lookup", times=5)
    done = till.wait_until_settled(operation)
    assert (done.state, done.evidence) == (State.CONFIRMED, Evidence.KEY)


def test_settings_change_between_attempts_keeps_request(till: Till, server: TrainingServer) -> None:
    server.faults.add("error_500", only="refund", times=2)
    operation = till.refund(4990)
    till.wait_for_state(operation, State.UNKNOWN)
    till.settings = replace(till.settings, account="OUTRA", order_paths="Order", send_refund_products=True)
    till.wait_until_settled(operation)
    assert len({(request.path, request.body) for request in posted_requests(server)}) == 1
