"""What a choice asks of Omnitron: one request for each order, or why it cannot be asked."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bonifiq_desktop.connectors.akinon.orders import items_in, read_order
from bonifiq_desktop.connectors.akinon.plan import plan_return
from bonifiq_desktop.domain.orders import Order
from bonifiq_desktop.domain.remote_orders import Obstacle, ReturnImpossible
from bonifiq_desktop.domain.returns import BankAccount, Call, ChosenLine, CounterReason, Leg, ReturnChoice
from tests.support.omnitron import SETTINGS, item, order_row

ACCOUNT = BankAccount("TR330006100519786457841326", "Maria Souza")


def _order(*items: dict[str, Any]) -> Order:
    row = order_row(*items)
    return read_order(row, items_in(row), "BRL")


def _choice(keys: Sequence[int], **changes: Any) -> ReturnChoice:
    lines = tuple(ChosenLine(str(key), 1) for key in keys)
    return replace(ReturnChoice(lines, CounterReason.REGRET, return_id="DV-1"), **changes)


def _leg(order: Order, *keys: int, **changes: Any) -> Leg:
    (leg,) = plan_return(order, _choice(keys, **changes), SETTINGS)
    return leg


THREE = _order(item(1001), item(1002), item(1003))


def test_part_of_an_order_is_one_request_with_an_estimate() -> None:
    leg = _leg(THREE, 1001, 1003)
    assert (leg.call, leg.order_key, leg.reason_code, leg.currency) == (Call.CANCEL_ITEMS, "12345", "7", "BRL")
    assert [line.line_id for line in leg.lines] == ["1001", "1003"]
    assert (leg.total, leg.is_estimate, leg.takes_all, leg.shipping) == (Decimal("99.80"), True, False, False)


def test_whole_order_takes_all_only_when_no_item_went_back_before() -> None:
    assert _leg(THREE, 1001, 1002, 1003).takes_all
    assert not _leg(_order(item(1001), item(1002), item(1003, 100)), 1001, 1002).takes_all


def test_freight_is_estimated_for_the_whole_order_and_spread_over_the_lines() -> None:
    leg = _leg(THREE, 1001, 1002, shipping=True)
    assert leg.shipping
    assert [line.shipping for line in leg.lines] == [Decimal("4.00"), Decimal("4.00")]
    assert leg.total == Decimal("107.80")


@pytest.mark.parametrize(("status", "code"), [(400, "7"), ("preparing", "7"), (500, "9"), (520, "9"), ("550", "9")])
def test_reason_is_of_cancellations_before_shipment_and_of_refunds_after(status: Any, code: str) -> None:
    assert _leg(_order(item(1001, status)), 1001).reason_code == code


@pytest.mark.parametrize(
    ("items", "chosen", "obstacle"),
    [
        ([item(1001, 400), item(1002, 550)], [1001, 1002], Obstacle.MIXED),
        ([item(1001, 400), item(1002, 550, cancel_status="waiting")], [1001], Obstacle.MIXED),
        ([item(1001, 550), item(1002, 400, cancel_status="waiting")], [1001], Obstacle.MIXED),
        ([item(1001, 100), item(1002)], [1001], Obstacle.FULLY_RETURNED),
        ([item(1001, 50), item(1002)], [1001], Obstacle.UNDER_WAY),
        ([item(1001, 400, cancel_status="waiting"), item(1002)], [1001, 1002], Obstacle.UNDER_WAY),
        ([item(1001, 999)], [1001], Obstacle.NOT_SHOWN),
        ([item(1001)], [1009], Obstacle.NOT_SHOWN),
        ([item(1001)], [1001, 1001], Obstacle.FULLY_RETURNED),
    ],
)
def test_choice_that_the_system_forbids_is_impossible(
    items: list[dict[str, Any]], chosen: list[int], obstacle: Obstacle
) -> None:
    with pytest.raises(ReturnImpossible) as impossible:
        plan_return(_order(*items), _choice(chosen), SETTINGS)
    assert impossible.value.obstacle is obstacle


@pytest.mark.parametrize("status", [50, 100])
def test_item_gone_without_a_known_past_leaves_the_rest_to_the_system(status: int) -> None:
    order = _order(item(1001, status), item(1002, 550))
    assert _leg(order, 1002).reason_code == "9"


def test_reason_that_is_not_mapped_makes_the_return_impossible() -> None:
    for settings in (replace(SETTINGS, reasons=()), SETTINGS):
        with pytest.raises(ReturnImpossible) as impossible:
            plan_return(THREE, _choice([1001], reason=CounterReason.DEFECT), settings)
        assert impossible.value.obstacle is Obstacle.REASON_NOT_MAPPED


@pytest.mark.parametrize(("units", "amount"), [(2, None), (0, None), (1, Decimal("10.00"))])
def test_item_goes_back_whole_and_once(units: int, amount: Decimal | None) -> None:
    with pytest.raises(ReturnImpossible):
        plan_return(THREE, _choice([], lines=(ChosenLine("1001", units, amount),)), SETTINGS)


def test_invoice_number_is_the_shops_else_the_return_id_where_the_setting_says_so() -> None:
    marked = replace(SETTINGS, send_return_id=True)
    assert _leg(THREE, 1001).invoice_number == ""
    assert plan_return(THREE, _choice([1001]), marked)[0].invoice_number == "DV-1"
    assert plan_return(THREE, _choice([1001], invoice_number="R-17"), marked)[0].invoice_number == "R-17"


def test_bank_account_goes_along_only_where_the_setting_says_so() -> None:
    asked = replace(SETTINGS, ask_bank_account=True)
    assert _leg(THREE, 1001, bank_account=ACCOUNT).bank_account is None
    assert plan_return(THREE, _choice([1001], bank_account=ACCOUNT), asked)[0].bank_account == ACCOUNT
    assert "TR33" not in repr(ACCOUNT)
    assert "Maria" not in repr(ACCOUNT)


def test_empty_choice_makes_no_request() -> None:
    assert plan_return(THREE, _choice([]), SETTINGS) == ()


@given(st.lists(st.decimals(0, 10**6, places=2), min_size=1, max_size=8), st.booleans(), st.data())
def test_total_of_a_leg_is_the_sum_of_its_lines(prices: list[Decimal], shipping: bool, data: st.DataObject) -> None:
    row = order_row(
        *(item(1000 + number, price=str(price)) for number, price in enumerate(prices)), amount=str(sum(prices) + 8)
    )
    order = read_order(row, items_in(row), "BRL")
    keys = data.draw(
        st.lists(st.sampled_from([1000 + number for number in range(len(prices))]), min_size=1, unique=True)
    )
    leg = _leg(order, *keys, shipping=shipping)
    assert leg.total == sum(prices[key - 1000] for key in keys) + (8 if shipping else 0)
    assert leg.total == sum(line.amount + line.shipping for line in leg.lines)
    assert leg.takes_all is (len(keys) == len(prices))
