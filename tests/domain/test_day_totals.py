"""Totals of a day: the groups of a sum add up to it, to the cent, and nothing counts twice or undone."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import count

from hypothesis import given
from hypothesis import strategies as st

from bonifiq_desktop.domain.day_close import LoyaltySum, NamedSum, Sum
from bonifiq_desktop.domain.day_totals import day_totals, open_operations
from bonifiq_desktop.domain.estimates import Earned
from bonifiq_desktop.domain.operations import UNFINISHED, Kind, Operation, State
from bonifiq_desktop.domain.orders import Customer, Order, OrderState
from bonifiq_desktop.domain.verdicts import Bonus
from tests.support.operations import make_operation

NAMES = st.sampled_from(("", "Ana", "Bia", "Troca", "Zé"))
CENTS = st.integers(0, 10**9)
EARNED = Earned(Bonus(100, 500), 10000)


@st.composite
def operations(draw: st.DrawFn) -> list[Operation]:
    """Operations of all kinds, states and names, with ids of their own."""
    number = count(1)
    payments = st.builds(lambda method: Order("A-1", 1, OrderState.COMPLETED, payment_method=method), NAMES)
    return [
        make_operation(
            operation_id=next(number),
            kind=draw(st.sampled_from(Kind)),
            state=draw(st.sampled_from(State)),
            value=draw(CENTS),
            reason=draw(NAMES),
            registered_by=draw(NAMES),
            order=draw(st.none() | payments),
            bonus=draw(st.none() | st.builds(Bonus, CENTS, CENTS)),
            connection=draw(st.sampled_from(("bonifiq", "Carrefour"))),
            currency=draw(st.sampled_from(("BRL", "EUR"))),
            return_id=draw(st.sampled_from(("", "R-1"))),
            is_estimate=draw(st.booleans()),
            contradicted=draw(st.booleans()),
        )
        for _ in range(draw(st.integers(0, 30)))
    ]


def summed(groups: tuple[NamedSum, ...]) -> tuple[int, int]:
    """Count and value of all groups."""
    return sum(each.sum.count for each in groups), sum(each.sum.value for each in groups)


@given(operations())
def test_groups_of_every_sum_add_up_to_it(made: list[Operation]) -> None:
    totals = day_totals(made, lambda _: EARNED)
    for whole, groups in (
        (totals.sales, totals.sales_by_person),
        (totals.sales, totals.sales_by_payment),
        (totals.refunds, totals.refunds_by_reason),
        (totals.refunds, totals.refunds_by_person),
        (totals.cancellations, totals.cancellations_by_reason),
        (totals.cancellations, totals.cancellations_by_person),
    ):
        assert summed(groups) == (whole.count, whole.value)


@given(operations())
def test_sums_are_those_of_the_confirmed_operations_alone(made: list[Operation]) -> None:
    totals = day_totals(made, lambda _: EARNED)

    def value(kind: Kind) -> int:
        return sum(each.value for each in made if (each.kind, each.state) == (kind, State.CONFIRMED))

    assert totals.sales.value == value(Kind.SALE)
    assert totals.refunds.value == value(Kind.REFUND)
    assert totals.cancellations.value == value(Kind.CANCEL)
    assert totals.rewards.value == value(Kind.REDEMPTION)
    assert totals.rewards_undone.value == value(Kind.REVERSAL)
    assert totals.completions.value == value(Kind.COMPLETION)
    assert summed(totals.returns)[1] == value(Kind.RETURN)


@given(operations())
def test_each_operation_is_confirmed_open_or_closed_negatively(made: list[Operation]) -> None:
    listed = {each.operation_id for each in open_operations(made)}
    assert listed == {each.operation_id for each in made if each.state in UNFINISHED or each.contradicted}


def test_return_with_several_legs_in_one_system_counts_once() -> None:
    leg = make_operation(kind=Kind.RETURN, connection="Carrefour", return_id="R-1", value=1000)
    legs = [leg, replace(leg, operation_id=2, value=500), replace(leg, operation_id=3, connection="Shop", value=70)]
    other = replace(leg, operation_id=4, return_id="R-2", value=1, currency="EUR")
    refused = replace(leg, operation_id=5, state=State.REFUSED)
    totals = day_totals([*legs, other, refused], lambda _: None)
    assert totals.returns == (
        NamedSum("Carrefour", Sum(1, 1500)),
        NamedSum("Carrefour", Sum(1, 1, "EUR")),
        NamedSum("Shop", Sum(1, 70)),
    )


def test_sale_registered_as_cancelled_is_no_sale_and_a_pending_one_gives_nothing_yet() -> None:
    sale = make_operation(kind=Kind.SALE, value=10000)
    cancelled = replace(sale, order=Order("A-1", 10000, OrderState.CANCELLED, cancelled=True))
    pending = replace(sale, order=Order("A-1", 10000, OrderState.PENDING))
    completed = make_operation(kind=Kind.COMPLETION, value=10000)
    totals = day_totals([cancelled, pending], lambda _: EARNED)
    assert (totals.sales, totals.pending_sales, totals.given) == (Sum(1, 10000), Sum(1, 10000), LoyaltySum())
    assert day_totals([completed], lambda _: EARNED).given == LoyaltySum(0, 0, 100, 500)


def test_reversal_of_what_gave_nothing_takes_nothing_back() -> None:
    pending = Order("A-1", 10000, OrderState.PENDING)
    stranger = Order("A-2", 10000, OrderState.COMPLETED, customer=Customer(enrolled=False))
    cancel = make_operation(kind=Kind.CANCEL, value=10000, order=pending)
    totals = day_totals([cancel, make_operation(value=2500, order=stranger)], lambda _: EARNED)
    assert totals.taken == LoyaltySum()


def test_told_and_estimated_points_stand_apart() -> None:
    told = make_operation(kind=Kind.SALE, value=5000, bonus=Bonus(7, 30))
    silent = make_operation(kind=Kind.SALE, value=5000)
    refund = make_operation(value=2500)
    totals = day_totals([told, silent, refund], lambda _: EARNED)
    assert totals.given == LoyaltySum(7, 30, 50, 250)
    assert totals.taken == LoyaltySum(0, 0, 25, 125)
    unknown = day_totals([silent, refund], lambda _: None)
    assert (unknown.given, unknown.taken) == (LoyaltySum(), LoyaltySum())


def test_open_operation_shows_what_a_person_needs() -> None:
    at = datetime(2026, 11, 20, 15, tzinfo=UTC)
    [item] = open_operations([make_operation(state=State.REVIEW, created_at=at, order_id="N-1")])
    assert (item.order_id, item.state, item.value, item.created_at) == ("N-1", State.REVIEW, 3000, at)
