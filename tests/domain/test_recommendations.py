"""Recommended decisions: offered ones only, by what the order shows, and none where it shows too little."""

from dataclasses import replace
from decimal import Decimal
from itertools import product

import pytest

from bonifiq_desktop.domain.operations import Decision, Kind, Operation, ReviewReason, State
from bonifiq_desktop.domain.orders import Order, OrderState
from bonifiq_desktop.domain.recommendations import Because, Recommendation, recommend
from bonifiq_desktop.domain.remote_orders import RemoteLine, RemoteOrder, RemoteRecord
from bonifiq_desktop.domain.specs import spec_of
from tests.support.operations import make_operation

SEEN = Order("1001", 10000, OrderState.COMPLETED, completed=True)
PENDING = Order("1001", 10000, OrderState.PENDING)
CANCELLED = replace(SEEN, cancelled=True)
AGAIN, DONE, NOT_DONE = Decision.TRY_AGAIN, Decision.WAS_DONE, Decision.NOT_DONE


def in_review(kind: Kind, reason: ReviewReason | None, value: int = 2500, order: Order | None = SEEN) -> Operation:
    """An operation that a person must decide about."""
    return make_operation(
        kind=kind, order_id="1001", value=value, order=order, state=State.REVIEW, review_reason=reason, reference=None
    )


CASES: dict[str, tuple[Kind, ReviewReason | None, Order | None, int, Decision | None, Because]] = {
    "sale missing": (Kind.SALE, ReviewReason.BUDGET_USED_UP, None, 0, AGAIN, Because.ORDER_LACKS_IT),
    "sale there": (Kind.SALE, ReviewReason.BUDGET_USED_UP, replace(SEEN, total=2500), 0, DONE, Because.ORDER_SHOWS_IT),
    "sale of other value": (Kind.SALE, ReviewReason.RESTORED, SEEN, 0, NOT_DONE, Because.ORDER_IS_ANOTHER),
    "number taken before it was sent": (
        *(Kind.SALE, ReviewReason.ORDER_CHANGED, replace(SEEN, total=2500), 0),
        *(NOT_DONE, Because.ORDER_IS_ANOTHER),
    ),
    "sale not known as ours": (
        *(Kind.SALE, ReviewReason.LOOKUP_DISAGREES, replace(SEEN, total=2500), 0),
        *(None, Because.UNCLEAR),
    ),
    "cancel shown": (Kind.CANCEL, ReviewReason.BUDGET_USED_UP, CANCELLED, 0, DONE, Because.ORDER_SHOWS_IT),
    "cancel not shown": (Kind.CANCEL, ReviewReason.BUDGET_USED_UP, SEEN, 0, AGAIN, Because.ORDER_LACKS_IT),
    "cancel of a dearer order": (
        *(Kind.CANCEL, ReviewReason.ORDER_CHANGED, replace(SEEN, total=12000), 0),
        *(None, Because.UNCLEAR),
    ),
    "cancel without order": (Kind.CANCEL, ReviewReason.ORDER_CHANGED, None, 0, NOT_DONE, Because.ORDER_IS_MISSING),
    "completion shown": (Kind.COMPLETION, ReviewReason.BUDGET_USED_UP, SEEN, 0, DONE, Because.ORDER_SHOWS_IT),
    "completion not shown": (Kind.COMPLETION, ReviewReason.RESTORED, PENDING, 0, AGAIN, Because.ORDER_LACKS_IT),
    "completion of a cancelled one": (
        *(Kind.COMPLETION, ReviewReason.RESTORED, CANCELLED, 0),
        *(NOT_DONE, Because.ORDER_CANCELLED),
    ),
    "refund seen in the total": (
        *(Kind.REFUND, ReviewReason.BUDGET_USED_UP, replace(SEEN, total=7500), 7500),
        *(DONE, Because.ORDER_SHOWS_IT),
    ),
    "refund again": (Kind.REFUND, ReviewReason.REFUSED_ON_REPEAT, SEEN, 10000, AGAIN, Because.SAME_KEY),
    "refund restored": (Kind.REFUND, ReviewReason.RESTORED, SEEN, 10000, AGAIN, Because.SAME_KEY),
    "another till's change leaves room": (Kind.REFUND, ReviewReason.OTHER_TILL, SEEN, 10000, None, Because.UNCLEAR),
    "another till's change leaves none": (
        Kind.REFUND,
        ReviewReason.OTHER_TILL,
        SEEN,
        1,
        NOT_DONE,
        Because.NO_LONGER_FITS,
    ),
    "taken over": (Kind.REFUND, ReviewReason.TAKEN_OVER, replace(SEEN, total=7500), 10000, None, Because.UNCLEAR),
    "spent key": (Kind.REFUND, ReviewReason.KEY_USED_BEFORE, SEEN, 10000, DONE, Because.KEY_IS_SPENT),
    "still fits": (Kind.REFUND, ReviewReason.ORDER_CHANGED, replace(SEEN, total=9000), 9000, AGAIN, Because.STILL_FITS),
    "fits no longer": (
        *(Kind.REFUND, ReviewReason.ORDER_CHANGED, replace(SEEN, total=2000), 2000),
        *(NOT_DONE, Because.NO_LONGER_FITS),
    ),
    "refund of a cancelled order": (
        *(Kind.REFUND, ReviewReason.ORDER_CHANGED, CANCELLED, 0),
        *(NOT_DONE, Because.ORDER_CANCELLED),
    ),
    "denied twice": (Kind.REFUND, ReviewReason.SAYS_NO_TWICE, SEEN, 10000, None, Because.UNCLEAR),
    "sale without its reward": (
        *(Kind.SALE, ReviewReason.REWARD_NOT_REDEEMED, None, 0),
        *(AGAIN, Because.SALE_IS_PAID),
    ),
    "number of a sale without its reward": (
        # of the same value as the sale, which was never sent
        *(Kind.SALE, ReviewReason.REWARD_NOT_REDEEMED, replace(SEEN, total=2500), 0),
        *(NOT_DONE, Because.ORDER_IS_ANOTHER),
    ),
    "redemption again": (Kind.REDEMPTION, ReviewReason.BUDGET_USED_UP, None, 0, AGAIN, Because.SAME_KEY),
    "redemption with a used key": (Kind.REDEMPTION, ReviewReason.KEY_NOT_TRUSTED, None, 0, DONE, Because.KEY_IS_SPENT),
    "reversal again": (Kind.REVERSAL, ReviewReason.RESTORED, None, 0, AGAIN, Because.SAME_KEY),
    "reversal denied twice": (Kind.REVERSAL, ReviewReason.SAYS_NO_TWICE, None, 0, None, Because.UNCLEAR),
    "cannot be sent": (Kind.CANCEL, ReviewReason.UNSENDABLE, SEEN, 10000, None, Because.UNCLEAR),
}


@pytest.mark.parametrize("name", sorted(CASES))
def test_recommendation_follows_what_the_order_shows(name: str) -> None:
    kind, reason, order, refundable, decision, because = CASES[name]
    assert recommend(in_review(kind, reason), order, refundable) == Recommendation(decision, because)


@pytest.mark.parametrize("order", [None, SEEN, PENDING, CANCELLED, replace(SEEN, total=7500)])
def test_recommended_decision_is_always_an_offered_one(order: Order | None) -> None:
    for kind, reason in product(Kind, [*ReviewReason, None]):
        found = recommend(in_review(kind, reason), order, 5000)
        offered = spec_of(kind).decisions_for(reason)
        assert found.decision in {*offered, None}, (kind, reason)
        assert found.decision is not Decision.ANOTHER_RETURN, "the risky one is never recommended"


def test_leg_whose_line_was_refunded_elsewhere_is_never_recommended_to_be_sent() -> None:
    line = RemoteLine("L1", ("SKU",), "Camiseta", 2, 2, Decimal(50), Decimal(50), Decimal(50))
    other = RemoteRecord("R1", "refund", Decimal(25), Decimal(0), "1")
    seen, now = (
        replace(SEEN, remote=RemoteOrder("BRL", (replace(line, records=records, units_left=2 - len(records)),)))
        for records in ((), (other,))
    )
    leg = replace(in_review(Kind.RETURN, ReviewReason.ORDER_CHANGED, order=seen), remote_line="L1")
    assert recommend(leg, now, 0) == Recommendation(None, Because.UNCLEAR)
    assert recommend(leg, seen, 0) == Recommendation(Decision.TRY_AGAIN, Because.STILL_FITS)
