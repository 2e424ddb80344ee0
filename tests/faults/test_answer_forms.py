"""Every form in which the service may word an answer, with the real client, ledger and outbox over HTTP.

=========================================================  ==============================================
form                                                       outcome
=========================================================  ==============================================
a repeat is told that its key is being processed           unknown, repeated, confirmed by the answer
no in a form that is not the API's, twice the same         review, after two requests
Retry-After as a date, a minute after the answer's Date    one request in that time
a look-up beside words of the envelope, or wrapped         confirmed by the look-up, one request
a result flat, or in the envelope of four words            confirmed by the answer
Status Accepted, Completed, Cancel or none                 confirmed; the Status is kept
"not there" in the API's form, 204, null                   a sale under a typed number is sent once
"not there" in another form                                sent once, or for a person; never stuck
=========================================================  ==============================================
"""

from dataclasses import replace
from pathlib import Path

import pytest

from bonifiq_desktop.domain.operations import Evidence, Kind, State
from bonifiq_desktop.domain.verdicts import CancelStatus
from bonifiq_desktop.training_server.fault_injection.answer_forms import (
    LookupForm,
    MissingForm,
    RefundStatus,
    ResultForm,
)
from bonifiq_desktop.training_server.fault_injection.fault_injector import FaultName
from bonifiq_desktop.training_server.server import TrainingServer
from tests.services.conftest import MakeTill
from tests.support.fault_cases import applied_kinds, check_promises, for_each_kind, options_of_test, register
from tests.support.headless_till import FAST_RETRIES, SALE, Till, call_kind_of, posted_requests

SAYS_NO: tuple[FaultName, ...] = ("conflict", "problem_400", "problem_422", "model_state", "gone", "gateway_404")
SURE: tuple[MissingForm, ...] = ("envelope_404", "envelope_200", "no_content", "null")
UNSURE: tuple[MissingForm, ...] = ("message", "text", "json_text", "empty")


@pytest.fixture(autouse=True)
def one_of_many_services(server: TrainingServer, request: pytest.FixtureRequest) -> None:
    """Nobody documents which of them BonifiQ is."""
    server.service.set_options(**options_of_test(request.node.nodeid))


@pytest.mark.parametrize("fault", ["in_progress", "in_progress_200"])
@pytest.mark.parametrize("before", ["close", "lose_answer", None])
def test_a_key_in_progress_is_repeated_until_it_is_known_what_became_of_it(
    till: Till, server: TrainingServer, ledger_file: Path, fault: FaultName, before: FaultName | None
) -> None:
    operation = register(till, Kind.REFUND)
    if before:
        server.faults.add(before, only="refund")
    server.faults.add(fault, only="refund", times=2)
    done = till.wait_until_settled(operation)
    key = before == "lose_answer"
    assert (done.state, done.evidence) == (State.CONFIRMED, Evidence.KEY if key else Evidence.ANSWER)
    assert applied_kinds(server) == ["refund"]
    assert len({request.body for request in posted_requests(server)}) == 1
    assert check_promises(server, ledger_file) == []


@for_each_kind
@pytest.mark.parametrize("fault", SAYS_NO)
def test_what_says_no_twice_in_no_form_of_the_api_is_for_a_person(
    till: Till, server: TrainingServer, ledger_file: Path, fault: FaultName, kind: Kind
) -> None:
    operation = register(till, kind)
    only = call_kind_of(kind)
    server.faults.add(fault, only=only, times=30)
    assert till.wait_until_settled(operation).state is State.REVIEW
    assert len(posted_requests(server)) == 2
    assert applied_kinds(server) == []
    assert check_promises(server, ledger_file) == []


@pytest.mark.parametrize("fault", ["error_429_until", "error_503_until"])
def test_a_date_to_come_back_at_is_obeyed(
    make_till: MakeTill, server: TrainingServer, ledger_file: Path, fault: FaultName
) -> None:
    till = make_till("caixa1", pace=replace(FAST_RETRIES, max_retry_after=30.0))
    operation = register(till, Kind.REFUND)
    server.faults.add(fault, only="refund", seconds=3)
    till.wait_until(lambda: bool(till.attempt_outcomes(operation)) and till.stored(operation).state is State.UNKNOWN)
    till.run_for(1)
    assert len(posted_requests(server)) == 1
    assert till.wait_until_settled(operation).evidence is Evidence.ANSWER
    assert check_promises(server, ledger_file) == []


@pytest.mark.parametrize("kind", [Kind.SALE, Kind.CANCEL])
@pytest.mark.parametrize("form", ["flat", "flat_code", "envelope"])
def test_a_lost_answer_is_settled_by_a_look_up_in_any_form(
    till: Till, server: TrainingServer, ledger_file: Path, kind: Kind, form: LookupForm
) -> None:
    server.faults.lookup_form = form
    operation = register(till, kind)
    only = call_kind_of(kind)
    server.faults.add("lose_answer", only=only)
    done = till.wait_until_settled(operation)
    assert (done.state, done.evidence) == (State.CONFIRMED, Evidence.LOOKUP)
    assert len(posted_requests(server)) == 1
    assert check_promises(server, ledger_file) == []


@for_each_kind
@pytest.mark.parametrize("form", ["flat", "four_fields"])
def test_a_result_counts_in_any_form(
    till: Till, server: TrainingServer, ledger_file: Path, kind: Kind, form: ResultForm
) -> None:
    server.faults.result_form = form
    operation = register(till, kind)
    done = till.wait_until_settled(operation)
    assert (done.state, done.evidence, done.attempts) == (State.CONFIRMED, Evidence.ANSWER, 1)
    assert check_promises(server, ledger_file) == []


@pytest.mark.parametrize("status", [3, 0, 4, None])
@pytest.mark.parametrize("form", ["envelope", "flat"])
def test_a_refund_is_confirmed_under_any_status_and_the_status_is_kept(
    till: Till, server: TrainingServer, ledger_file: Path, status: RefundStatus, form: ResultForm
) -> None:
    server.faults.refund_status, server.faults.result_form = status, form
    done = till.wait_until_settled(register(till, Kind.REFUND))
    assert done.state is State.CONFIRMED
    assert done.api_status == (None if status is None else CancelStatus(status))
    assert check_promises(server, ledger_file) == []


@pytest.mark.parametrize("form", SURE)
def test_a_sale_under_a_free_number_is_sent_once_whatever_says_that_it_is_free(
    till: Till, server: TrainingServer, ledger_file: Path, form: MissingForm
) -> None:
    server.faults.missing_form = form
    done = till.wait_until_settled(till.sell(SALE))
    assert (done.state, done.evidence) == (State.CONFIRMED, Evidence.ANSWER)
    assert len(posted_requests(server)) == 1
    assert check_promises(server, ledger_file) == []


@pytest.mark.parametrize("form", UNSURE)
def test_a_sale_never_hangs_on_an_answer_that_may_not_be_about_its_order(
    till: Till, server: TrainingServer, ledger_file: Path, form: MissingForm
) -> None:
    server.faults.missing_form = form
    done = till.wait_until_settled(till.sell(SALE))
    assert done.state in {State.CONFIRMED, State.REVIEW}
    assert len(posted_requests(server)) == (done.state is State.CONFIRMED)
    assert check_promises(server, ledger_file) == []


@pytest.mark.parametrize(
    ("fault", "code_name", "message"),
    [
        ("gateway_404", None, ""),
        ("refuse", "CustomerNotFound", "Cliente não encontrado"),
        ("refuse", None, "Not found"),
    ],
)
def test_a_number_is_not_free_because_something_else_was_not_found(
    till: Till, server: TrainingServer, ledger_file: Path, fault: FaultName, code_name: str | None, message: str
) -> None:
    operation = till.sell(replace(SALE, order_id="1001"))
    # Twice: a single "not found" frees no number, whatever it is about.
    server.faults.add(fault, only="lookup", code_name=code_name, message=message, times=2)
    assert till.wait_until_settled(operation).state is State.REVIEW
    assert posted_requests(server) == []
    assert check_promises(server, ledger_file) == []
