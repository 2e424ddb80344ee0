"""Every fault that the training server can inject, with the real client, ledger and outbox over HTTP.

What must come of it, when the fault hits the first sending once and the line is sound afterwards:

======================================================  =========================  ============================
fault                                                   outcome                    test
======================================================  =========================  ============================
refused connection                                      confirmed by the answer    refused_connections
accepted and never read, reset as soon as made          confirmed by the answer    not_applied
closed before applying                                  confirmed by the answer    not_applied
500, 503, 429 (Retry-After good, absurd, missing)       confirmed by the answer    not_applied
429, 503 with a date in Retry-After                     the same, not before it    not_applied, forms
404 of a gateway, 409, 410, 400, 422 in no form of the  confirmed by the answer;   not_applied, forms
API's (problem document, ModelState, text)              twice the same: review
"this key is being processed"                           repeated until it is       forms
portal's page under 200, bytes that are not JSON        confirmed by the answer    not_applied
302, 307, 308 to another origin, which hears nothing    confirmed by the answer    not_applied
success about another order                             confirmed by the answer    not_applied
401, 403                                                all waits for credentials  credentials
a well-formed refusal, one of a number alone            refused (whole cancel:     chosen_refusal
                                                        once looked up)
applied; closed, reset, reset in mid-answer             see below                  applied, key_forms
applied; cut JSON with and without Content-Length       see below                  applied, key_forms
applied; 500, empty 200, null Result, null, 204         see below                  applied, key_forms
applied; held for ever, one byte per half second        see below                  applied, key_forms
applied; huge body, gzip bomb                           see below                  applied, key_forms
applied after the caller gave up (delay)                confirmed by the answer    late
a copy applied later, before or after the repeat        confirmed                  late
delivered twice, first answer                           confirmed by the answer    twice
delivered twice, the copy's answer                      see below                  twice_with_…, twice_and_silent
any of them on the look-up that should settle a doubt   confirmed by the look-up   lookups
======================================================  =========================  ============================

"See below", for what was applied and whose answer was lost: a sale and a whole cancel are confirmed by the look-up.
A refund is repeated with its key, and what the used key gets decides:

===========================================================  ==============================
code_name, message_en, message_pt, http_400, http_409        confirmed, evidence `key`
echo (the first answer again)                                confirmed, evidence `answer`
silent (a refusal that does not mention the key)             review, `refused_on_repeat`
===========================================================  ==============================

When the network itself delivers a first sending twice and brings the second answer, a sale is confirmed by that
answer, and a whole cancel by the look-up that every refusal of one is followed by. Of a refund, a refusal that names
the key is for a person (review). One that tells nothing looks exactly like an honest refusal of the only sending:
nothing on this side can tell them apart, and `test_twice_and_silent` holds what then happens, so that nobody takes it
for covered.

*forms* is `test_every_form.py`: every form of an answer, of a look-up and of "not there".

Each test meets one of the services that the documents allow (`cases.switches_of`); `test_switches.py` goes through the
switches one by one. After every test the oracle compares the shop with the ledger.
"""

from pathlib import Path
from typing import Any

import pytest

from bonifiq_desktop.domain.operations import Evidence, Kind, ReviewReason, State
from bonifiq_desktop.training_server.fault_injection.answer_forms import ANSWER_FORMS, KeyUsedForm
from bonifiq_desktop.training_server.fault_injection.fault_injector import FAULT_NAMES, FaultName
from bonifiq_desktop.training_server.loyalty_service import KnownSale
from bonifiq_desktop.training_server.server import TrainingServer
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

# All forms with one fault of each sort, the two extremes with every fault: each silent one costs the whole patience.
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
    """Nobody documents which of them BonifiQ is."""
    server.service.set_options(**options_of_test(request.node.nodeid))


def test_no_fault_is_forgotten_here() -> None:
    assert {*NOT_APPLIED, *APPLIED, *OTHERS} == set(FAULT_NAMES)
    assert set(BY_FORM) == set(ANSWER_FORMS["key_used_form"])


@for_each_kind
@pytest.mark.parametrize("fault", NOT_APPLIED)
def test_not_applied(
    till: Till, server: TrainingServer, ledger_file: Path, elsewhere: ForeignOrigin, fault: FaultName, kind: Kind
) -> None:
    operation = register(till, kind)
    only = call_kind_of(kind)
    server.faults.add(fault, only=only, location=elsewhere.url, **NOT_APPLIED[fault])
    done = till.wait_until_settled(operation)
    assert (done.state, done.evidence) == (State.CONFIRMED, Evidence.ANSWER)
    first, *rest = till.attempt_outcomes(operation)
    # A reset may come before or after the first byte was written.
    assert first == "unknown" or (first, fault) == ("not_sent", "reset_on_accept")
    assert (rest, applied_kinds(server)) == (["done"], [kind.value])
    assert check_promises(server, ledger_file) == []


@pytest.mark.parametrize("asked", ABSURD)
def test_not_applied_with_an_absurd_retry_after(
    till: Till, server: TrainingServer, ledger_file: Path, asked: int | str | None
) -> None:
    operation = register(till, Kind.REFUND)
    server.faults.add("error_429", only="refund", retry_after=asked)
    assert till.wait_until_settled(operation).evidence is Evidence.ANSWER
    assert check_promises(server, ledger_file) == []


@for_each_kind
def test_refused_connections(till: Till, server: TrainingServer, ledger_file: Path, kind: Kind) -> None:
    operation = register(till, kind)
    server.stop()  # the look-up's connection, too
    till.wait_until(lambda: till.attempt_outcomes(operation).count("not_sent") >= 2)
    assert till.stored(operation).state in {State.QUEUED, State.SENDING}
    server.start()
    done = till.wait_until_settled(operation)
    assert (done.state, done.evidence) == (State.CONFIRMED, Evidence.ANSWER)
    assert len(posted_requests(server)) == 1
    assert check_promises(server, ledger_file) == []


@for_each_kind
@pytest.mark.parametrize("fault", ["unauthorized", "forbidden"])
def test_credentials(till: Till, server: TrainingServer, ledger_file: Path, fault: FaultName, kind: Kind) -> None:
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
def test_chosen_refusal(
    till: Till, server: TrainingServer, ledger_file: Path, kind: Kind, fault: FaultName, status: int
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
def test_applied(till: Till, server: TrainingServer, ledger_file: Path, fault: FaultName, kind: Kind) -> None:
    operation = register(till, kind)
    only = call_kind_of(kind)
    server.faults.add(fault, only=only)
    done = till.wait_until_settled(operation)
    assert (done.state, done.evidence) == (State.CONFIRMED, Evidence.LOOKUP)
    assert applied_kinds(server) == [kind.value]
    assert len(posted_requests(server)) == 1
    assert check_promises(server, ledger_file) == []


@pytest.mark.parametrize(("fault", "form"), sorted(set(FORMS_OF_FAULT)))
def test_key_forms(till: Till, server: TrainingServer, ledger_file: Path, fault: FaultName, form: KeyUsedForm) -> None:
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
    ("fault", "seconds"), [("delay", 0.6), ("late_copy", 0.0), ("late_copy", 0.04), ("late_copy", 0.2)]
)
def test_late(
    till: Till, server: TrainingServer, ledger_file: Path, fault: FaultName, seconds: float, kind: Kind
) -> None:
    operation = register(till, kind)
    only = call_kind_of(kind)
    server.faults.add(fault, only=only, seconds=seconds)
    assert till.wait_until_settled(operation).state is State.CONFIRMED
    till.run_for(seconds)  # whatever is still under way arrives now
    assert applied_kinds(server) == [kind.value]
    assert check_promises(server, ledger_file) == []


@for_each_kind
@pytest.mark.parametrize("form", ["code_name", "silent", "echo"])
def test_twice(till: Till, server: TrainingServer, ledger_file: Path, kind: Kind, form: KeyUsedForm) -> None:
    operation = register(till, kind)
    only = call_kind_of(kind)
    server.faults.key_used_form = form
    server.faults.add("twice", only=only)
    done = till.wait_until_settled(operation)
    assert (done.state, done.evidence) == (State.CONFIRMED, Evidence.ANSWER)
    assert applied_kinds(server) == [kind.value]
    assert check_promises(server, ledger_file) == []


@pytest.mark.parametrize("form", TELLING)
def test_twice_with_the_copys_answer(till: Till, server: TrainingServer, ledger_file: Path, form: KeyUsedForm) -> None:
    operation = register(till, Kind.REFUND)
    server.faults.key_used_form = form
    server.faults.add("twice_second_answer", only="refund")
    done = till.wait_until_settled(operation)
    assert (done.state, done.review_reason) == (State.REVIEW, ReviewReason.KEY_USED_BEFORE)
    assert check_promises(server, ledger_file) == []


@pytest.mark.parametrize(("kind", "evidence"), [(Kind.SALE, Evidence.ANSWER), (Kind.CANCEL, Evidence.LOOKUP)])
@pytest.mark.parametrize("status", [200, 400])
def test_twice_with_the_copys_answer_and_no_key(
    till: Till, server: TrainingServer, ledger_file: Path, kind: Kind, evidence: Evidence, status: int
) -> None:
    server.service.set_options(known_sale="updates")  # one that refuses is in `test_switches.py`
    operation = register(till, kind)
    only = call_kind_of(kind)
    server.faults.refusal_status = status
    server.faults.add("twice_second_answer", only=only)
    done = till.wait_until_settled(operation)
    assert (done.state, done.evidence, done.attempts) == (State.CONFIRMED, evidence, 1)
    assert applied_kinds(server) == [kind.value]
    assert check_promises(server, ledger_file) == []


@pytest.mark.parametrize("fault", ["html", "error_500", "reset", "null_result"])
def test_twice_with_the_copys_answer_and_no_look_up(
    till: Till, server: TrainingServer, ledger_file: Path, fault: FaultName
) -> None:
    operation = register(till, Kind.CANCEL)
    server.faults.add("twice_second_answer", only="cancel")
    # A lost answer of a read is asked for twice at once.
    server.faults.add(fault, only="lookup", times=2 if fault == "reset" else 1)
    assert till.wait_for_state(operation, State.UNKNOWN).review_reason is ReviewReason.REFUSAL_UNCHECKED
    done = till.wait_until_settled(operation)
    assert (done.state, done.evidence, done.attempts) == (State.CONFIRMED, Evidence.LOOKUP, 1)
    assert check_promises(server, ledger_file) == []


def test_twice_and_silent(till: Till, server: TrainingServer, ledger_file: Path) -> None:
    """The limit that the docstring names: no client can see the copy that the network made."""
    operation = register(till, Kind.REFUND)
    server.faults.key_used_form = "silent"
    server.faults.add("twice_second_answer", only="refund")
    assert till.wait_until_settled(operation).state is State.REFUSED
    assert [finding.kind for finding in check_promises(server, ledger_file)] == [oracle.FALSELY_REFUSED]


@pytest.mark.parametrize(
    ("fault", "kind"), [*((fault, Kind.SALE) for fault in ON_LOOKUPS), ("html", Kind.CANCEL), ("refuse", Kind.CANCEL)]
)
def test_lookups(
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
