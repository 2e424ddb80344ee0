"""Orders as OR11 shows them: what is left of a line, and what stands in the way of a return."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from bonifiq_desktop.connectors.mirakl import orders
from bonifiq_desktop.domain.orders import Order
from bonifiq_desktop.domain.remote_orders import Obstacle, RemoteLine
from tests.connectors.mirakl.examples import (
    DEBITED,
    LINE,
    NOW,
    ORDER,
    line_json,
    order_json,
    paid_line,
    paid_order,
    parsed,
    record_json,
    schema,
)


def _line(order: Order) -> RemoteLine:
    assert order.remote is not None
    return order.remote.lines[0]


def _return(state: str) -> dict[str, Any]:
    lines = [{"order_line_id": LINE, "quantity": 1, "reason_code": "RETURN_OTHER"}]
    return {"id": "ret-1", "state": state, "order_id": ORDER, "return_lines": lines}


def test_order_is_read_with_its_numbers_and_amounts() -> None:
    order = parsed(
        paid_order(references={"order_reference_for_customer": "WEB-77", "order_reference_for_seller": "1234"})
    )
    assert (order.order_id, order.total, order.status_text) == (ORDER, 9980, "RECEIVED")
    assert order.remote is not None
    assert order.remote.references == ("8817455903", "WEB-77", "1234")
    assert (order.remote.currency, order.remote.tax_mode, order.remote.paid) == ("BRL", "TAX_INCLUDED", True)
    assert (order.remote.read_at, order.remote.changed_at) == (NOW, "2026-11-10T10:00:00Z")
    line = _line(order)
    assert line.codes == ("CAMISETA-P", "7891000100103")
    assert (line.units, line.units_left, line.price, line.shipping_left) == (2, 2, Decimal("99.8"), Decimal(8))
    assert (line.paid, line.shipped, line.obstacle) == (True, True, None)


def test_records_leave_less_of_a_line() -> None:
    line = _line(
        parsed(
            paid_order(
                paid_line(
                    quantity=3,
                    price=165,
                    cancelations=[record_json("c", "12.34", quantity=0, shipping_amount=1)],
                    refunds=[record_json("r", 6.82, refund_state="WAITING_REFUND")],
                )
            )
        )
    )
    assert (line.amount_left, line.amount_left_at_most) == (Decimal("145.84"), Decimal("158.18"))
    assert (line.units_left, line.shipping_left) == (2, Decimal(7))
    assert [(each.record_id, each.kind, each.state) for each in line.records] == [
        ("c", "cancelation", ""),
        ("r", "refund", "WAITING_REFUND"),
    ]


def test_old_answer_without_later_fields_is_read() -> None:
    answer = order_json()
    for name in ("order_tax_mode", "fully_refunded", "payment_workflow", "can_cancel"):
        del answer[name]
    order = parsed(answer)
    assert order.remote is not None
    assert (order.remote.tax_mode, order.remote.can_cancel, order.remote.obstacle) == ("", False, None)


def test_order_without_readable_price_is_refused() -> None:
    assert schema(order_json(line_json(price="49.90"))).lines[0].price == Decimal("49.9")
    for price in ("1e99", "abc", True, None, [1]):
        with pytest.raises(ValidationError):
            schema(order_json(line_json(price=price)))


@pytest.mark.parametrize(
    "answer",
    [
        order_json(price=-5),
        order_json(line_json(price=-5)),
        order_json(line_json(shipping_price=-8)),
        order_json(line_json(cancelations=[record_json("c", -500)])),
        paid_order(paid_line(refunds=[record_json("r", 10, shipping_amount=-3)])),
    ],
    ids=["order", "line", "shipping", "cancelation", "shipping of a refund"],
)
def test_order_with_a_negative_amount_is_refused(answer: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        schema(answer)


@pytest.mark.parametrize("name", ["order_id", "order_line_id", "id"])
def test_order_with_an_unprintable_identifier_is_refused(name: str) -> None:
    def with_bad(part: dict[str, Any]) -> dict[str, Any]:
        return part | ({name: "95\ud800"} if name in part else {})

    with pytest.raises(ValidationError):
        schema(with_bad(order_json(with_bad(line_json(cancelations=[with_bad(record_json("c"))])))))


def test_negative_tax_of_a_record_leaves_no_more_than_the_line_has() -> None:
    tax = {"code": "T", "amount": 3, "tax_calculation_rule": "NONE"}
    record = record_json("r", taxes=[{"code": "T", "amount": -50}])
    (left,) = orders.taxes_left(_line(parsed(paid_order(paid_line(taxes=[tax], refunds=[record])))))
    assert left.amount == 3


@pytest.mark.parametrize(
    ("state", "obstacle"),
    [
        ("STAGING", Obstacle.NOT_ACCEPTED),
        ("WAITING_ACCEPTANCE", Obstacle.NOT_ACCEPTED),
        ("WAITING_DEBIT", None),
        ("WAITING_DEBIT_PAYMENT", None),
        ("SHIPPING", None),
        ("SHIPPED", None),
        ("TO_COLLECT", None),
        ("RECEIVED", None),
        ("CLOSED", Obstacle.CLOSED),
        ("REFUSED", Obstacle.FULLY_RETURNED),
        ("CANCELED", Obstacle.FULLY_RETURNED),
        ("WAITING_REFUND", Obstacle.UNDER_WAY),
        ("WAITING_REFUND_PAYMENT", Obstacle.UNDER_WAY),
        ("A_NEW_WORD", Obstacle.NOT_SHOWN),
    ],
)
def test_order_state_decides_whether_a_return_is_possible(state: str, obstacle: Obstacle | None) -> None:
    order = parsed(order_json(line_json(order_line_state=state), order_state=state))
    assert order.remote is not None
    assert order.remote.obstacle is obstacle
    assert _line(order).obstacle is obstacle


@pytest.mark.parametrize(
    ("line", "obstacle"),
    [
        (paid_line(), None),
        (paid_line(can_refund=False), Obstacle.NOT_SHOWN),
        (paid_line(can_refund=False, refunds=[record_json("r")]), None),
        (paid_line(state="INCIDENT_OPEN"), Obstacle.INCIDENT),
        (paid_line(state="REFUNDED"), Obstacle.FULLY_RETURNED),
        (paid_line(state="CLOSED"), Obstacle.CLOSED),
        (paid_line(state="A_NEW_WORD"), Obstacle.NOT_SHOWN),
        (paid_line(refunds=[record_json("r", 99.8, quantity=2)]), Obstacle.FULLY_RETURNED),
        (paid_line(refunds=[record_json("r", 99.8, quantity=None)]), Obstacle.FULLY_RETURNED),
        (paid_line(refunds=[record_json("r", 60, quantity=2)]), Obstacle.FULLY_RETURNED),
    ],
)
def test_line_of_a_debited_order_shows_its_obstacle(line: dict[str, Any], obstacle: Obstacle | None) -> None:
    assert _line(parsed(paid_order(line, paid_line("other")))).obstacle is obstacle


@pytest.mark.parametrize(
    ("workflow", "shipped", "can_cancel", "obstacle"),
    [
        ("PAY_ON_DELIVERY", False, True, None),
        ("PAY_ON_DELIVERY", True, True, None),
        ("PAY_ON_DUE_DATE", False, True, None),
        ("PAY_ON_SHIPMENT", False, False, None),
        ("NO_CUSTOMER_PAYMENT_CONFIRMATION", False, True, None),
        ("NO_CUSTOMER_PAYMENT_CONFIRMATION", True, True, Obstacle.NOT_SHOWN),
        ("PAY_ON_ACCEPTANCE", False, True, None),
        ("PAY_ON_ACCEPTANCE", False, False, Obstacle.NOT_SHOWN),
        (None, False, True, None),
    ],
)
def test_undebited_line_may_be_cancelled_by_workflow(
    workflow: str | None, shipped: bool, can_cancel: bool, obstacle: Obstacle | None
) -> None:
    state = "SHIPPED" if shipped else "SHIPPING"
    line = line_json(order_line_state=state)
    order = parsed(order_json(line, order_state=state, payment_workflow=workflow, can_cancel=can_cancel))
    assert (_line(order).obstacle, _line(order).paid) == (obstacle, False)


def test_shipped_line_without_payment_confirmation_counts_as_paid_when_refundable() -> None:
    line = line_json(order_line_state="SHIPPED", can_refund=True)
    order = parsed(order_json(line, order_state="SHIPPED", payment_workflow="NO_CUSTOMER_PAYMENT_CONFIRMATION"))
    assert (_line(order).paid, _line(order).obstacle) == (True, None)


def test_order_debited_as_a_whole_has_paid_lines() -> None:
    assert _line(parsed(order_json(line_json(can_refund=True), customer_debited_date=DEBITED))).paid


@pytest.mark.parametrize(
    ("state", "obstacle"),
    [
        ("WAITING_ACCEPTANCE", Obstacle.OPEN_RETURN),
        ("IN_PROGRESS", Obstacle.OPEN_RETURN),
        ("RECEIVED", Obstacle.OPEN_RETURN),
        ("REFUSED", None),
        ("NO_RECEPTION", None),
        ("CLOSED", None),
        ("CANCELED", None),
    ],
)
def test_open_return_stands_in_the_way(state: str, obstacle: Obstacle | None) -> None:
    line = _line(parsed(paid_order(), (_return(state),)))
    assert line.obstacle is obstacle
    assert [(each.kind, each.record_id, each.state, each.amount) for each in line.records] == [
        ("return", "ret-1", state, Decimal(0))
    ]
    assert (line.units_left, line.amount_left) == (2, Decimal("99.8"))


def test_tax_rules_of_the_platform_fill_only_the_gaps() -> None:
    taxes = [{"code": "A", "amount": 1, "tax_calculation_rule": "proportional_to_amount"}, {"code": "B", "amount": 2}]
    answer = schema(order_json(line_json(taxes=taxes)))
    assert orders.lacks_tax_rules(answer)
    ruled = orders.with_tax_rules(answer, {"A": "NONE", "B": "NONE"})
    assert not orders.lacks_tax_rules(ruled)
    shown = _line(orders.to_order(ruled, read_at=NOW)).taxes
    assert [(tax.code, tax.rule) for tax in shown] == [("A", "PROPORTIONAL_TO_AMOUNT"), ("B", "NONE")]


def test_platform_without_refunds_of_direct_payments_makes_an_obstacle() -> None:
    order = orders.forbid_cancel_and_refund(parsed(paid_order()))
    assert order.remote is not None
    assert order.remote.obstacle is Obstacle.FEATURE_OFF
    assert orders.forbid_cancel_and_refund(replace(order, remote=None)).remote is None
