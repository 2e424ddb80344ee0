"""Tests of denials in an undocumented form: repeated once, then a review."""

from collections.abc import Callable

import pytest

from bonifiq_desktop.domain.operations import Decision, Evidence, Kind, Operation, ReviewReason, State
from bonifiq_desktop.domain.verdicts import FailureReason, Unknown, Verdict
from bonifiq_desktop.training_server.server import TrainingServer
from tests.services.conftest import MakeTill, QueueVerdicts
from tests.support.headless_till import Till, applied, posted_requests

NO, OTHER = Unknown(FailureReason.SAYS_NO, code="409", message="Conflict"), Unknown(FailureReason.SAYS_NO, code="422")
IN_PROGRESS, SICK = Unknown(FailureReason.IN_PROGRESS), Unknown(FailureReason.SERVER_ERROR)
ASKS: dict[Kind, Callable[[Till], Operation]] = {
    Kind.REFUND: lambda till: till.refund(4990),
    Kind.CANCEL: Till.cancel,
    Kind.SALE: Till.sell,
}


@pytest.mark.parametrize("kind", ASKS)
def test_same_denial_twice_needs_review_with_answer_text(
    till: Till, server: TrainingServer, judged: QueueVerdicts, kind: Kind
) -> None:
    judged([NO, NO])
    done = till.wait_until_settled(ASKS[kind](till))
    assert (done.state, done.review_reason, done.attempts) == (State.REVIEW, ReviewReason.SAYS_NO_TWICE, 2)
    assert (done.failure_reason, done.message) == (FailureReason.SAYS_NO, "Conflict")
    looks = [request.method for request in server.service.requests][-1]
    assert looks == ("POST" if kind is Kind.REFUND else "GET"), "what has no key is looked up first"
    till.run_for(0.2)
    assert len(posted_requests(server)) == 2


@pytest.mark.parametrize("answers", [[NO, OTHER, NO], [NO, SICK, NO], [NO, IN_PROGRESS, NO], [IN_PROGRESS] * 4])
def test_other_answer_between_denials_restarts_count(
    till: Till, server: TrainingServer, judged: QueueVerdicts, answers: list[Verdict]
) -> None:
    judged(answers)
    done = till.wait_until_settled(till.refund(4990))
    assert (done.state, done.evidence, done.attempts) == (State.CONFIRMED, Evidence.ANSWER, len(answers) + 1)
    assert applied(server) == [("refund", "1001", 4990)]


def test_restart_keeps_count_of_denials(make_till: MakeTill, server: TrainingServer, judged: QueueVerdicts) -> None:
    till = make_till("caixa1")
    judged([NO])
    operation = till.refund(4990)
    till.wait_for_state(operation, State.UNKNOWN)
    till.run(till._stop())
    till.ledger.close()
    judged([NO])
    assert make_till("caixa1").wait_until_settled(operation).review_reason is ReviewReason.SAYS_NO_TWICE
    assert len(posted_requests(server)) == 2


def test_same_denial_after_decision_needs_review_at_once(
    till: Till, server: TrainingServer, judged: QueueVerdicts
) -> None:
    judged([NO] * 3)
    operation = till.wait_until_settled(till.refund(4990))
    till.review.decide(operation.operation_id, Decision.TRY_AGAIN, "Ana", "de novo")
    till.published.clear()
    till.outbox.wake()
    assert till.wait_until_settled(operation).review_reason is ReviewReason.SAYS_NO_TWICE
    assert len(posted_requests(server)) == 3


def test_sale_denied_twice_and_found_is_confirmed(till: Till, server: TrainingServer, judged: QueueVerdicts) -> None:
    judged([NO, NO])
    server.faults.clear()  # the first attempt was applied
    done = till.wait_until_settled(till.sell())
    assert (done.state, done.evidence, len(posted_requests(server))) == (State.CONFIRMED, Evidence.LOOKUP, 1)
