"""The oracle finds each kind of broken promise."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bonifiq_desktop.connectors.bonifiq import requests
from bonifiq_desktop.domain.operations import Evidence, Kind, Operation, Resolution, State
from bonifiq_desktop.domain.requests import Intent, SerializedRequest
from bonifiq_desktop.domain.verdicts import Done, FailureReason, Refused, Unknown, Verdict
from bonifiq_desktop.ledger.ledger import Ledger
from bonifiq_desktop.training_server.loyalty_service import LoyaltyService
from bonifiq_desktop.training_server.models import AppliedChange
from tests.support import oracle

KEY = "BQ-AAAAA"
BODY = requests.refund_body(1000, KEY)
PATH = requests.refund_path("1001", family="POS")
ENDS: dict[State, tuple[Verdict, Resolution]] = {
    State.CONFIRMED: (Done(), Resolution(State.CONFIRMED, Evidence.ANSWER)),
    State.REFUSED: (Refused(), Resolution(State.REFUSED, Evidence.ANSWER)),
    State.UNKNOWN: (Unknown(FailureReason.TIMED_OUT), Resolution(State.UNKNOWN)),
}


class Case:
    """A service, and a till whose ledger states what a test wants."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "ledger.db"
        self.service = LoyaltyService()
        self.ledger = Ledger(self.path)

    def tell(self, state: State, *, check_first: bool = False) -> Operation:
        """Record in the ledger that the till sent one refund with this result."""
        intent = Intent(Kind.REFUND, "1001", 1000, look_up_first=check_first)
        operation = self.ledger.enqueue(intent, lambda _count: SerializedRequest(PATH, BODY, KEY))
        sending = self.ledger.start_attempt(operation.operation_id)
        self.arrive()
        return self.ledger.finish_attempt(sending, *ENDS[state])

    def arrive(self, body: bytes = BODY) -> None:
        """Record a received request."""
        self.service.log_request("POST", PATH, body, [])

    def apply(self, cents: int = 1000, key: str = KEY) -> None:
        """Record an applied change."""
        self.service.applied.append(AppliedChange("refund", "1001", key, cents, self.service.now()))

    def found(self, *promised: int) -> set[str]:
        """The kinds of the oracle's violations."""
        evidence = oracle.Observation(
            self.service, {"till": self.path}, promised=[("till", number) for number in promised]
        )
        return {finding.kind for finding in oracle.find_violations(evidence)}


@pytest.fixture(name="case")
def one_case(tmp_path: Path) -> Iterator[Case]:
    """A service and a till with an empty ledger."""
    case = Case(tmp_path)
    yield case
    case.ledger.close()


def test_oracle_finds_no_violation_in_a_true_state(case: Case) -> None:
    case.tell(State.REFUSED)
    assert case.found(1) == set()
    done = case.tell(State.CONFIRMED)
    case.apply()
    assert case.found(1, done.operation_id) == set()


@pytest.mark.parametrize(
    ("lie", "fault"),
    [
        (lambda case: (case.tell(State.CONFIRMED), case.apply(), case.apply()), oracle.APPLIED_TWICE),
        (lambda case: case.tell(State.CONFIRMED), oracle.FALSELY_CONFIRMED),
        (lambda case: (case.tell(State.CONFIRMED), case.apply(cents=999)), oracle.FALSELY_CONFIRMED),
        (lambda case: (case.tell(State.REFUSED), case.apply()), oracle.FALSELY_REFUSED),
        (lambda case: (case.tell(State.UNKNOWN), case.apply()), oracle.LOST),
        (lambda case: case.apply(key="BQ-BBBBB"), oracle.LOST),
        (lambda case: case.arrive(), oracle.SENT_UNRECORDED),
        (lambda case: (case.tell(State.REFUSED), case.arrive()), oracle.SENT_UNRECORDED),
        (lambda case: (case.tell(State.REFUSED), case.arrive(BODY.replace(b"10", b"20"))), oracle.APPLIED_TWICE),
        (lambda case: case.tell(State.REFUSED, check_first=True), oracle.SENT_WITHOUT_LOOKUP),
    ],
)
def test_oracle_finds_a_false_state(case: Case, lie: Callable[[Case], object], fault: str) -> None:
    lie(case)
    assert fault in case.found()


@pytest.mark.parametrize(("earlier", "faults"), [(timedelta(seconds=61), {oracle.APPLIED_TWICE}), (timedelta(), set())])
def test_oracle_finds_a_refund_applied_after_cancellation(case: Case, earlier: timedelta, faults: set[str]) -> None:
    at = datetime.fromisoformat(case.service.now()) - earlier
    case.service.applied.append(AppliedChange("cancel", "1001", "", 12990, at.isoformat()))
    case.tell(State.CONFIRMED)
    case.apply()
    assert case.found() - {oracle.LOST} == faults  # no operation requested the cancel


def test_oracle_finds_a_missing_promised_operation(case: Case) -> None:
    case.tell(State.REFUSED)
    assert case.found(1, 2) == {oracle.LOST}
