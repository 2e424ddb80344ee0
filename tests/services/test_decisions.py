"""Tests of decisions in review and of their waiting time."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from itertools import product

import pytest

from bonifiq_desktop.connectors.connector import CALL_TIMEOUT
from bonifiq_desktop.domain.decisions import COPY_LIFETIME, DecisionTooEarly, must_outlive_copies
from bonifiq_desktop.domain.operations import Decision, Kind, Operation, Resolution, ReviewReason, State
from bonifiq_desktop.domain.requests import Intent, SerializedRequest
from bonifiq_desktop.domain.specs import spec_of
from bonifiq_desktop.ledger.errors import TransitionRefused
from bonifiq_desktop.training_server.server import TrainingServer
from tests.services.conftest import MakeTill
from tests.support.headless_till import Till, applied, posted_requests

WAIT = timedelta(seconds=CALL_TIMEOUT) + COPY_LIFETIME
LATE = (Decision.NOT_DONE, Decision.ANOTHER_RETURN)

by_late_decision = pytest.mark.parametrize("decision", LATE)


def decide(till: Till, operation: Operation, decision: Decision) -> Operation:
    return till.review.decide(operation.operation_id, decision, "Ana", "conferi no painel")


def _given(request: SerializedRequest, _count: int) -> SerializedRequest:
    return request


def refused_on_repeat(till: Till, server: TrainingServer) -> Operation:
    """A refund whose first answer was lost before it was applied, and whose repeat was refused without a cause."""
    server.faults.add("close", only="refund")
    server.faults.add("refuse", only="refund")
    operation = till.wait_until_settled(till.refund(4990))
    assert operation.review_reason is ReviewReason.REFUSED_ON_REPEAT
    return operation


def restarted(make_till: MakeTill, till: Till) -> Till:
    till.run(till._stop())
    till.ledger.close()
    return make_till("caixa1")


@pytest.mark.parametrize("sent", [False, True])
@pytest.mark.parametrize(("kind", "review_reason"), list(product(Kind, ReviewReason)))
def test_review_service_accepts_only_offered_decisions(
    till: Till, kind: Kind, review_reason: ReviewReason, *, sent: bool
) -> None:
    accepted, too_early = set(), set()
    for number, decision in enumerate(Decision):
        key = f"BQ-{number}" if kind is Kind.REFUND else None
        request = SerializedRequest("/v1/pvt/POS/A", b"{}", key)
        made = till.ledger.enqueue(Intent(kind, f"A-{number}", 1000), partial(_given, request))
        if sent:
            till.ledger.start_attempt(made.operation_id)
            till.ledger.recover()
        till.ledger.resolve(
            made.operation_id, till.stored(made).state, Resolution(State.REVIEW, review_reason=review_reason)
        )
        try:
            decide(till, made, decision)
        except DecisionTooEarly:
            too_early.add(decision)
        except TransitionRefused:
            assert till.stored(made).state is State.REVIEW
        else:
            accepted.add(decision)
    offered = set(spec_of(kind).decisions_for(review_reason))
    twice = kind is Kind.RETURN  # the same request again is a second one: its system takes no key
    assert too_early == {
        d for d in offered if sent and must_outlive_copies(d, review_reason, repeat_may_apply_twice=twice)
    }
    assert accepted == offered - too_early


def test_decision_outside_review_is_refused(till: Till) -> None:
    operation = till.refund(4990)
    for decision in Decision:
        with pytest.raises(TransitionRefused):
            decide(till, operation, decision)


@by_late_decision
def test_decision_allowing_second_request_waits_for_copies(
    till: Till, server: TrainingServer, decision: Decision
) -> None:
    operation = refused_on_repeat(till, server)
    with pytest.raises(DecisionTooEarly) as early:
        decide(till, operation, decision)
    assert timedelta(0) <= datetime.now(UTC) + WAIT - early.value.until < timedelta(minutes=1)
    found = till.review.details(operation.operation_id)
    assert found is not None
    assert WAIT - timedelta(minutes=1) < found.copy_lifetime <= WAIT
    till.time_offset += WAIT - timedelta(minutes=1)
    for till.clock_skew in (timedelta(days=-400), timedelta(days=400)):  # a clock change does not shorten the wait
        with pytest.raises(DecisionTooEarly):
            decide(till, operation, decision)
    till.clock_skew = timedelta()
    till.time_offset += timedelta(minutes=1)
    found = till.review.details(operation.operation_id)
    assert found is not None
    assert found.copy_lifetime == timedelta(0)
    decide(till, operation, decision)


@pytest.mark.parametrize("decision", [Decision.TRY_AGAIN, Decision.WAS_DONE])
def test_decision_without_second_request_needs_no_wait(till: Till, server: TrainingServer, decision: Decision) -> None:
    decide(till, refused_on_repeat(till, server), decision)


@by_late_decision
def test_decision_wait_survives_restart(make_till: MakeTill, server: TrainingServer, decision: Decision) -> None:
    till = make_till("caixa1")
    till.clock_skew = timedelta(days=-30)  # by the stored time, the attempt was a month ago
    operation = refused_on_repeat(till, server)
    till = restarted(make_till, till)
    with pytest.raises(DecisionTooEarly):
        decide(till, operation, decision)
    till.time_offset += WAIT
    decide(till, operation, decision)


def test_decision_wait_restarts_with_later_attempt(till: Till, server: TrainingServer) -> None:
    operation = refused_on_repeat(till, server)
    till.time_offset += WAIT
    decide(till, operation, Decision.TRY_AGAIN)
    till.published.clear()
    server.faults.add("refuse", only="refund")
    till.outbox.wake()
    assert till.wait_until_settled(operation).state is State.REVIEW
    with pytest.raises(DecisionTooEarly):
        decide(till, operation, Decision.NOT_DONE)


def test_unsent_operation_is_closed_without_wait(till: Till, server: TrainingServer) -> None:
    operation = till.refund(4990)
    till.outbox.resume_after_suspend()
    server.service.cancel("1001", {"OrderCancelledDate": "2026-01-01T00:00:00Z"})
    assert till.wait_until_settled(operation).review_reason is ReviewReason.ORDER_CHANGED
    assert decide(till, operation, Decision.NOT_DONE).state is State.NOT_APPLIED


@pytest.mark.parametrize("made_again", [0, 2000])
def test_refund_applied_after_not_done_raises_alarm(till: Till, server: TrainingServer, made_again: int) -> None:
    server.service.shows_refunds = True
    operation = refused_on_repeat(till, server)
    till.expire_copies()
    decide(till, operation, Decision.NOT_DONE)
    if made_again:
        assert till.wait_until_settled(till.refund(made_again)).state is State.CONFIRMED
    till.expire_copies()
    till.look_up()
    assert not till.stored(operation).contradicted
    server.service.refund("1001", {"ValueToRefund": Decimal("49.90"), "CancelKey": operation.cancel_key})
    till.look_up()
    now = till.stored(operation)
    assert (now.state, now.contradicted) == (State.NOT_APPLIED, True)


def test_another_return_after_unclear_refusal_gets_new_key(till: Till, server: TrainingServer) -> None:
    operation = refused_on_repeat(till, server)
    till.expire_copies()
    again = decide(till, operation, Decision.ANOTHER_RETURN)
    assert again.cancel_key != operation.cancel_key
    till.published.clear()
    till.outbox.wake()
    assert till.wait_until_settled(operation).state is State.CONFIRMED
    assert applied(server) == [("refund", "1001", 4990)]


def test_equal_return_of_second_till_can_be_registered(make_till: MakeTill, server: TrainingServer) -> None:
    """BonifiQ refuses the key of the other till without naming the key."""
    first, second = make_till("caixa1"), make_till("caixa2")
    server.faults.key_used_form = "silent"
    first.wait_until_settled(first.refund(4990))
    refused = second.wait_until_settled(second.refund(4990))
    assert refused.state is State.REFUSED
    asked = second.wait_until_settled(second.refund(4990))
    assert (asked.state, asked.review_reason, asked.cancel_key) == (
        State.REVIEW,
        ReviewReason.REFUSED_BEFORE,
        refused.cancel_key,
    )
    assert len(posted_requests(server)) == 3
    second.expire_copies()
    decide(second, asked, Decision.ANOTHER_RETURN)
    second.published.clear()
    second.outbox.wake()
    assert second.wait_until_settled(asked).state is State.CONFIRMED
    assert applied(server) == [("refund", "1001", 4990)] * 2


def test_equal_return_is_found_by_every_spelling_of_order_id(make_till: MakeTill, server: TrainingServer) -> None:
    """BonifiQ answers an order number in two Unicode forms; the key and the earlier refusal are equal."""
    composed, decomposed = "SÃO-7", "SA\u0303O-7"
    order = server.service.find("1001")
    assert order is not None
    for name in (composed, decomposed):
        server.service._orders[name] = order
    first, second = make_till("caixa1"), make_till("caixa2")
    server.faults.key_used_form = "silent"
    order.original_id = composed
    first.wait_until_settled(first.refund(4990, composed))
    refused = second.wait_until_settled(second.refund(4990, composed))
    assert refused.state is State.REFUSED
    order.original_id = decomposed
    asked = second.wait_until_settled(second.refund(4990, decomposed))
    assert asked.cancel_key == refused.cancel_key
    assert (asked.order_id, asked.state, asked.review_reason) == (decomposed, State.REVIEW, ReviewReason.REFUSED_BEFORE)
