"""Every fault of the training server, with the real client, ledger and outbox over HTTP.

The fault hits the first attempt once; then the network is sound.

======================================================  ========================================
fault                                                   outcome
======================================================  ========================================
refused, unread or reset connection                     confirmed by the answer
closed before applying; 500, 503, 429; HTML; redirect   confirmed by the answer
invalid JSON; success of another order                  confirmed by the answer
Retry-After as a date                                   confirmed by the answer, not before it
undocumented refusal (409, 410, 400, 422, 404)          confirmed by the answer; review if repeated
"this key is being processed"                           repeated until the outcome is known
401, 403                                                everything waits for credentials
documented refusal                                      refused; a whole cancel after a look-up
applied, the answer lost, cut, slow, huge or empty      sale, cancel: by the look-up; refund: below
a copy applied later, before or after the repeat        confirmed
delivered twice, first answer                           confirmed by the answer
delivered twice, second answer                          below
any of them on the deciding look-up                     confirmed by the look-up
======================================================  ========================================

A refund is repeated with its key, and the answer to the used key decides:

===========================================================  ==============================
code_name, message_en, message_pt, http_400, http_409        confirmed, evidence `key`
echo (the first answer again)                                confirmed, evidence `answer`
silent (a refusal without a word about the key)              review, `refused_on_repeat`
===========================================================  ==============================

Where the network delivers a first attempt twice and returns the second answer, a sale is confirmed by that answer and a
whole cancel by the look-up after its refusal. A refund's refusal that names the key goes to review. A refusal that does
not name it equals an honest refusal of the only attempt: the client cannot tell them apart, and
`test_silent_refusal_of_second_delivery_is_the_known_limit` records what happens then.

`test_answer_forms.py` tests all forms of answers. Each test sets the service options that `fault_cases.options_of_test`
chooses by its name; `test_service_options.py` tests the options one by one. The oracle checks every test.
"""

from pathlib import Path
from typing import Any, Literal

import pytest

from bonifiq_desktop.domain.operations import Evidence, Kind, ReviewReason, State
from bonifiq_desktop.training_server.fault_injection.answer_forms import ANSWER_FORMS, KeyUsedForm
from bonifiq_desktop.training_server.fault_injection.fault_injector import FAULT_NAMES, FaultName
from bonifiq_desktop.training_server.loyalty_service import KnownSale
from bonifiq_desktop.training_server.server import TrainingServer
from tests.faults.conftest import DEADLINE
from tests.support import oracle
from tests.support.fault_cases import applied_kinds, check_promises, for_each_kind, options_of_test, register
from tests.support.foreign_origin import ForeignOrigin
from tests.support.headless_till import Till, call_kind_of, posted_requests

NOT_APPLIED: dict[FaultName, dict[str, Any]] = {
    "never_read": {},
    "reset_on_accept": {},
    "close": {},
    "error_500": {},
    "error_503": {"retry_after": 0},
    "error_429": {"retry_after": 1},
    "error_503_until": {},
    "error_429_until": {},
    "conflict": {},
    "problem_400": {},
    "problem_422": {},
    "model_state": {},
    "gone": {},
    "gateway_404": {},
    "html": {},
    "nonsense": {},
    "redirect_302": {},
    "redirect_307": {},
    "redirect_308": {},
    "wrong_order": {},
}
APPLIED: tuple[FaultName, ...] = (
    "lose_answer",
    "reset",
    "reset_midway",
    "cut_with_length",
    "cut_without_length",
    "error_500_after",
    "empty",
    "null_result",
    "null_body",
    "no_content",
    "hang",
    "slow",
    "huge",
    "gzip_bomb",
)
OTHERS = {
    *("unauthorized", "forbidden", "refuse", "refuse_by_number", "in_progress", "in_progress_200"),
    *("delay", "late_copy", "twice", "twice_second_answer"),
}
TELLING: tuple[KeyUsedForm, ...] = ("code_name", "message_en", "message_pt", "http_400", "http_409")
BY_FORM: dict[KeyUsedForm, tuple[State, Evidence | None, ReviewReason | None]] = {
    **dict.fromkeys(TELLING, (State.CONFIRMED, Evidence.KEY, None)),
    "echo": (State.CONFIRMED, Evidence.ANSWER, None),
    "silent": (State.REVIEW, None, ReviewReason.REFUSED_ON_REPEAT),
}
ABSURD = (None, 0, -1, 10**12, "soon", "1e9", "Wed, 21 Oct 2015 07:28:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT")

# All forms with one fault of each sort, two forms with every fault: each silent fault takes the whole timeout.
FORMS_OF_FAULT: list[tuple[FaultName, KeyUsedForm]] = [
    *((fault, form) for fault in ("lose_answer", "cut_without_length", "null_result") for form in BY_FORM),
    *((fault, form) for fault in APPLIED[:-4] for form in ("code_name", "silent")),
    *((fault, "code_name") for fault in APPLIED[-4:]),
]
NOTHING_THERE: tuple[FaultName, ...] = ("null_result", "null_body", "no_content")
ON_LOOKUPS = sorted(
    {*NOT_APPLIED, *APPLIED, "refuse", "refuse_by_number"} - {"never_read", "reset_on_accept", "hang", *NOTHING_THERE}
)


@pytest.fixture(autouse=True)
def one_of_many_services(server: TrainingServer, request: pytest.FixtureRequest) -> None:
    """Set the test's service options."""
    server.service.set_options(**options_of_test(request.node.nodeid))


def test_every_fault_has_a_case() -> None:
    assert {*NOT_APPLIED, *APPLIED, *OTHERS} == set(FAULT_NAMES)
    assert set(BY_FORM) == set(ANSWER_FORMS["key_used_form"])


@for_each_kind
@pytest.mark.parametrize("fault", NOT_APPLIED)
def test_fault_before_applying_ends_in_one_application(
    till: Till, server: TrainingServer, ledger_file: Path, elsewhere: ForeignOrigin, fault: FaultName, kind: Kind
) -> None:
    operation = register(till, kind)
    only = call_kind_of(kind)
    server.faults.add(fault, only=only, location=elsewhere.url, **NOT_APPLIED[fault])
    done = till.wait_until_settled(operation)
    assert (done.state, done.evidence) == (State.CONFIRMED, Evidence.ANSWER)
    first, *rest = till.attempt_outcomes(operation)
    # The reset may come before or after the first byte.
    assert first == "unknown" or (first, fault) == ("not_sent", "reset_on_accept")
    assert (rest, applied_kinds(server)) == (["done"], [kind.value])
    assert check_promises(server, ledger_file) == []


@pytest.mark.parametrize("asked", ABSURD)
def test_absurd_retry_after_ends_in_one_application(
    till: Till, server: TrainingServer, ledger_file: Path, asked: int | str | None
) -> None:
    operation = register(till, Kind.REFUND)
    server.faults.add("error_429", only="refund", retry_after=asked)
    assert till.wait_until_settled(operation).evidence is Evidence.ANSWER
    assert check_promises(server, ledger_file) == []


@for_each_kind
def test_operation_after_refused_connections_is_sent_once(
    till: Till, server: TrainingServer, ledger_file: Path, kind: Kind
) -> None:
    operation = register(till, kind)
    server.stop()  # closes the look-up's connection, too
    till.wait_until(lambda: till.attempt_outcomes(operation).count("not_sent") >= 2)
    assert till.stored(operation).state in {State.QUEUED, State.SENDING}
    server.start()
    done = till.wait_until_settled(operation)
    assert (done.state, done.evidence) == (State.CONFIRMED, Evidence.ANSWER)
    assert len(posted_requests(server)) == 1
    assert check_promises(server, ledger_file) == []


@for_each_kind
@pytest.mark.parametrize("fault", ["unauthorized", "forbidden"])
def test_refused_credentials_give_no_verdict(
    till: Till, server: TrainingServer, ledger_file: Path, fault: FaultName, kind: Kind
) -> None:
    operation = register(till, kind)
    other = till.refund(1000, "1003")
    only = call_kind_of(kind)
    server.faults.add(fault, only=only)
    till.wait_until(lambda: till.outbox.stopped_by_credentials)
    till.run_for(0.1)
    assert (till.stored(operation).state, len(posted_requests(server))) == (State.UNKNOWN, 1)
    assert till.stored(other).state is State.QUEUED
    till.outbox.credentials_changed()
    assert till.wait_until_settled(operation).evidence is Evidence.ANSWER
    assert till.wait_until_settled(other).evidence is Evidence.ANSWER
    assert check_promises(server, ledger_file) == []


@for_each_kind
@pytest.mark.parametrize(("fault", "status"), [("refuse", 200), ("refuse", 400), ("refuse_by_number", 200)])
def test_refusal_of_the_only_attempt_is_final(
    till: Till, server: TrainingServer, ledger_file: Path, kind: Kind, fault: FaultName, status: Literal[200, 400]
) -> None:
    operation = register(till, kind)
    only = call_kind_of(kind)
    server.faults.refusal_status = status
    server.faults.add(fault, only=only)
    done = till.wait_until_settled(operation)
    assert (done.state, done.evidence, applied_kinds(server)) == (State.REFUSED, Evidence.ANSWER, [])
    assert check_promises(server, ledger_file) == []


@pytest.mark.parametrize("kind", [Kind.SALE, Kind.CANCEL])
@pytest.mark.parametrize("fault", APPLIED)
def test_fault_after_applying_ends_in_one_application(
    till: Till, server: TrainingServer, ledger_file: Path, fault: FaultName, kind: Kind
) -> None:
    operation = register(till, kind)
    only = call_kind_of(kind)
    server.faults.add(fault, only=only)
    done = till.wait_until_settled(operation)
    assert (done.state, done.evidence) == (State.CONFIRMED, Evidence.LOOKUP)
    assert applied_kinds(server) == [kind.value]
    assert len(posted_requests(server)) == 1
    assert check_promises(server, ledger_file) == []


@pytest.mark.parametrize(("fault", "form"), sorted(set(FORMS_OF_FAULT)))
def test_used_key_in_any_form_confirms_the_refund(
    till: Till, server: TrainingServer, ledger_file: Path, fault: FaultName, form: KeyUsedForm
) -> None:
    operation = register(till, Kind.REFUND)
    server.faults.key_used_form = form
    server.faults.add(fault, only="refund")
    done = till.wait_until_settled(operation)
    assert (done.state, done.evidence, done.review_reason) == BY_FORM[form]
    assert applied_kinds(server) == ["refund"]
    assert len({request.body for request in posted_requests(server)}) == 1
    assert check_promises(server, ledger_file) == []


@for_each_kind
@pytest.mark.parametrize(
    ("fault", "seconds"), [("delay", 1.5 * DEADLINE), ("late_copy", 0.0), ("late_copy", 0.04), ("late_copy", 0.2)]
)
def test_late_copy_is_applied_once(
    till: Till, server: TrainingServer, ledger_file: Path, fault: FaultName, seconds: float, kind: Kind
) -> None:
    operation = register(till, kind)
    only = call_kind_of(kind)
    server.faults.add(fault, only=only, seconds=seconds)
    assert till.wait_until_settled(operation).state is State.CONFIRMED
    assert State.UNKNOWN in {each.state for each in till.published}, "the first answer came in time"
    till.run_for(seconds)  # copies in flight arrive now
    assert applied_kinds(server) == [kind.value]
    assert check_promises(server, ledger_file) == []


@for_each_kind
@pytest.mark.parametrize("form", ["code_name", "silent", "echo"])
def test_request_delivered_twice_is_applied_once(
    till: Till, server: TrainingServer, ledger_file: Path, kind: Kind, form: KeyUsedForm
) -> None:
    operation = register(till, kind)
    only = call_kind_of(kind)
    server.faults.key_used_form = form
    server.faults.add("twice", only=only)
    done = till.wait_until_settled(operation)
    assert (done.state, done.evidence) == (State.CONFIRMED, Evidence.ANSWER)
    assert applied_kinds(server) == [kind.value]
    assert check_promises(server, ledger_file) == []


@pytest.mark.parametrize("form", TELLING)
def test_answer_of_second_delivery_ends_in_one_application(
    till: Till, server: TrainingServer, ledger_file: Path, form: KeyUsedForm
) -> None:
    operation = register(till, Kind.REFUND)
    server.faults.key_used_form = form
    server.faults.add("twice_second_answer", only="refund")
    done = till.wait_until_settled(operation)
    assert (done.state, done.review_reason) == (State.REVIEW, ReviewReason.KEY_USED_BEFORE)
    assert check_promises(server, ledger_file) == []


@pytest.mark.parametrize(("kind", "evidence"), [(Kind.SALE, Evidence.ANSWER), (Kind.CANCEL, Evidence.LOOKUP)])
@pytest.mark.parametrize("status", [200, 400])
def test_cancel_delivered_twice_is_looked_up(
    till: Till, server: TrainingServer, ledger_file: Path, kind: Kind, evidence: Evidence, status: Literal[200, 400]
) -> None:
    server.service.set_options(known_sale="updates")  # the refusing service is tested in `test_service_options.py`
    operation = register(till, kind)
    only = call_kind_of(kind)
    server.faults.refusal_status = status
    server.faults.add("twice_second_answer", only=only)
    done = till.wait_until_settled(operation)
    assert (done.state, done.evidence, done.attempts) == (State.CONFIRMED, evidence, 1)
    assert applied_kinds(server) == [kind.value]
    assert check_promises(server, ledger_file) == []


@pytest.mark.parametrize("fault", ["html", "error_500", "reset", "null_result"])
def test_cancel_delivered_twice_waits_for_a_working_lookup(
    till: Till, server: TrainingServer, ledger_file: Path, fault: FaultName
) -> None:
    operation = register(till, Kind.CANCEL)
    server.faults.add("twice_second_answer", only="cancel")
    # The client repeats a read at once after a lost answer.
    server.faults.add(fault, only="lookup", times=2 if fault == "reset" else 1)
    assert till.wait_for_state(operation, State.UNKNOWN).review_reason is ReviewReason.REFUSAL_UNCHECKED
    done = till.wait_until_settled(operation)
    assert (done.state, done.evidence, done.attempts) == (State.CONFIRMED, Evidence.LOOKUP, 1)
    assert check_promises(server, ledger_file) == []


def test_silent_refusal_of_second_delivery_is_the_known_limit(
    till: Till, server: TrainingServer, ledger_file: Path
) -> None:
    """The known limit: no client can detect a copy that the network made."""
    operation = register(till, Kind.REFUND)
    server.faults.key_used_form = "silent"
    server.faults.add("twice_second_answer", only="refund")
    assert till.wait_until_settled(operation).state is State.REFUSED
    assert [finding.kind for finding in check_promises(server, ledger_file)] == [oracle.FALSELY_REFUSED]


@pytest.mark.parametrize(
    ("fault", "kind"), [*((fault, Kind.SALE) for fault in ON_LOOKUPS), ("html", Kind.CANCEL), ("refuse", Kind.CANCEL)]
)
def test_failed_lookup_is_repeated_and_sends_nothing(
    till: Till, server: TrainingServer, ledger_file: Path, elsewhere: ForeignOrigin, fault: FaultName, kind: Kind
) -> None:
    operation = register(till, kind)
    only = call_kind_of(kind)
    server.faults.add("lose_answer", only=only)
    options: dict[str, Any] = {"retry_after": 0} if fault in {"error_503", "error_429"} else {}
    server.faults.add(fault, only="lookup", location=elsewhere.url, **options)
    done = till.wait_until_settled(operation)
    assert (done.state, done.evidence, done.attempts) == (State.CONFIRMED, Evidence.LOOKUP, 1)
    assert applied_kinds(server) == [kind.value]
    assert check_promises(server, ledger_file) == []


@pytest.mark.parametrize(
    ("fault", "kind", "known_sale", "states"),
    [
        *((fault, Kind.SALE, "updates", {State.CONFIRMED}) for fault in NOTHING_THERE),
        *((fault, Kind.SALE, "refuses", {State.CONFIRMED, State.REVIEW}) for fault in NOTHING_THERE),
        ("null_result", Kind.CANCEL, "updates", {State.REVIEW}),
        *((fault, Kind.CANCEL, "updates", {State.CONFIRMED, State.REVIEW}) for fault in NOTHING_THERE[1:]),
    ],
)
def test_lookups_without_result_apply_nothing_twice(
    till: Till,
    server: TrainingServer,
    ledger_file: Path,
    fault: FaultName,
    kind: Kind,
    known_sale: KnownSale,
    states: set[State],
) -> None:
    server.service.set_options(known_sale=known_sale)
    operation = register(till, kind)
    only = call_kind_of(kind)
    server.faults.add("lose_answer", only=only)
    server.faults.add(fault, only="lookup", times=2)
    assert till.wait_until_settled(operation).state in states
    assert applied_kinds(server) == [kind.value]
    assert check_promises(server, ledger_file) == []
