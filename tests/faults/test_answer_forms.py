"""Every form of an answer, with the real client, ledger and outbox over HTTP.

=========================================================  ==============================================
form                                                       outcome
=========================================================  ==============================================
"this key is being processed" on a repeat                  unknown, repeated, confirmed by the answer
the same undocumented refusal twice                        review, after two requests
Retry-After as a date, a minute after the answer's Date    one request in that time
a look-up beside envelope fields, or wrapped               confirmed by the look-up, one request
a flat result, or an envelope of four fields               confirmed by the answer
Status Accepted, Completed, Cancel or absent               confirmed; the Status is kept
"not found" in the API's form, 204, null                   a sale with a typed number is sent once
"not found" in another form                                sent once, or review; never pending for ever
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
    """Set the test's service options."""
    server.service.set_options(**options_of_test(request.node.nodeid))


@pytest.mark.parametrize("fault", ["in_progress", "in_progress_200"])
@pytest.mark.parametrize("before", ["close", "lose_answer", None])
def test_key_in_progress_is_repeated_until_the_outcome_is_known(
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
def test_undocumented_refusal_twice_goes_to_review(
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
def test_retry_after_date_is_obeyed(
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
def test_lost_answer_is_settled_by_lookup_in_any_form(
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
def test_result_in_any_form_confirms(
    till: Till, server: TrainingServer, ledger_file: Path, kind: Kind, form: ResultForm
) -> None:
    server.faults.result_form = form
    operation = register(till, kind)
    done = till.wait_until_settled(operation)
    assert (done.state, done.evidence, done.attempts) == (State.CONFIRMED, Evidence.ANSWER, 1)
    assert check_promises(server, ledger_file) == []


@pytest.mark.parametrize("status", [3, 0, 4, None])
@pytest.mark.parametrize("form", ["envelope", "flat"])
def test_refund_with_any_status_is_confirmed_and_keeps_the_status(
    till: Till, server: TrainingServer, ledger_file: Path, status: RefundStatus, form: ResultForm
) -> None:
    server.faults.refund_status, server.faults.result_form = status, form
    done = till.wait_until_settled(register(till, Kind.REFUND))
    assert done.state is State.CONFIRMED
    assert done.api_status == (None if status is None else CancelStatus(status))
    assert check_promises(server, ledger_file) == []


@pytest.mark.parametrize("form", SURE)
def test_sale_with_free_number_is_sent_once_for_any_not_found_form(
    till: Till, server: TrainingServer, ledger_file: Path, form: MissingForm
) -> None:
    server.faults.missing_form = form
    done = till.wait_until_settled(till.sell(SALE))
    assert (done.state, done.evidence) == (State.CONFIRMED, Evidence.ANSWER)
    assert len(posted_requests(server)) == 1
    assert check_promises(server, ledger_file) == []


@pytest.mark.parametrize("form", UNSURE)
def test_sale_with_ambiguous_lookup_answer_never_stays_pending(
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
def test_not_found_of_something_else_frees_no_number(
    till: Till, server: TrainingServer, ledger_file: Path, fault: FaultName, code_name: str | None, message: str
) -> None:
    operation = till.sell(replace(SALE, order_id="1001"))
    # Twice, because a single "not found" frees no number.
    server.faults.add(fault, only="lookup", code_name=code_name, message=message, times=2)
    assert till.wait_until_settled(operation).state is State.REVIEW
    assert posted_requests(server) == []
    assert check_promises(server, ledger_file) == []
