"""What people decide about a checkout in review, by the service's data."""

from __future__ import annotations

from contextlib import suppress

from bonifiq_desktop.domain.decisions import DecisionTooEarly
from bonifiq_desktop.domain.operations import Decision, Kind, Operation, ReviewReason, State
from bonifiq_desktop.domain.specs import spec_of
from tests.support.checkout_simulation import CheckoutSimulation
from tests.support.checkout_till import CheckoutTill


def decide_reviews(simulation: CheckoutSimulation, till: CheckoutTill) -> bool:
    """Decide each operation in review. Return whether there was one."""
    review = [operation for operation in till.operations() if operation.state is State.REVIEW]
    for operation in review:
        decision = _true_decision(simulation, till, operation)
        if operation.review_reason is ReviewReason.REWARD_NOT_REDEEMED and decision is Decision.TRY_AGAIN:
            simulation.released.add((till.name, operation.operation_id))
        with suppress(DecisionTooEarly):  # tried again later
            till.review.decide(operation.operation_id, decision, "Ana", "conferido no painel")
    till.outbox.wake()
    return bool(review)


def _true_decision(simulation: CheckoutSimulation, till: CheckoutTill, operation: Operation) -> Decision:
    offered = spec_of(operation.kind).decisions_for(operation.review_reason)
    if _was_applied(simulation, till, operation):
        return Decision.WAS_DONE if Decision.WAS_DONE in offered else offered[-1]
    if Decision.TRY_AGAIN in offered and simulation.rng.random() < 0.5:
        return Decision.TRY_AGAIN
    return Decision.NOT_DONE


def _was_applied(simulation: CheckoutSimulation, till: CheckoutTill, operation: Operation) -> bool:
    if operation.kind in {Kind.REDEMPTION, Kind.REVERSAL}:
        redemption = next(each for each in till.checkouts.operations(operation.checkout_id))
        own = [each for each in simulation.redeemed().values() if each.key == redemption.cancel_key]
        return any(each.is_undone or operation.kind is Kind.REDEMPTION for each in own)
    applied = simulation.service.applied
    return any((each.kind, each.order_id) == (operation.kind.value, operation.order_id) for each in applied)
