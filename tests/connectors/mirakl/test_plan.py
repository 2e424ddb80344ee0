"""Which call a return makes of Mirakl, with which amounts: the walk through Mirakl's rules."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from bonifiq_desktop.connectors.mirakl.plan import plan
from bonifiq_desktop.domain.remote_orders import Charge, Obstacle, ReturnImpossible
from bonifiq_desktop.domain.returns import Call, ChosenLine, CounterReason, Leg, ReturnChoice
from bonifiq_desktop.storage.remote_settings import Learnable, RemoteSettings
from tests.connectors.mirakl.examples import (
    LINE,
    ORDER,
    SETTINGS,
    choice,
    line_json,
    order_json,
    paid_line,
    paid_order,
    parsed,
    record_json,
)

BY_RETURN_FLOW = replace(SETTINGS, by_return_flow=True)
BOTH = (ChosenLine("a", 2), ChosenLine("b", 1))


def _tax(code: str, amount: float, rule: str | None = "NONE") -> dict[str, Any]:
    return {"code": code, "amount": amount} | ({"tax_calculation_rule": rule} if rule else {})


def _only(answer: dict[str, Any], chosen: ReturnChoice, settings: RemoteSettings = SETTINGS) -> Leg:
    (leg,) = plan(parsed(answer), chosen, settings)
    return leg


def _refused(answer: dict[str, Any], chosen: ReturnChoice, settings: RemoteSettings = SETTINGS) -> Obstacle:
    with pytest.raises(ReturnImpossible) as caught:
        plan(parsed(answer), chosen, settings)
    return caught.value.obstacle


def test_part_of_an_undebited_order_is_cancelled_by_line() -> None:
    leg = _only(order_json(), choice(1))
    assert (leg.call, leg.order_key, leg.reason_code, leg.currency) == (Call.CANCEL_LINE, ORDER, "34", "BRL")
    (line,) = leg.lines
    assert (line.line_id, line.units, str(line.amount), str(line.shipping)) == (LINE, 1, "49.90", "0.00")
    assert (leg.total, leg.tax_mode, leg.takes_all, leg.is_estimate) == (Decimal("49.9"), "TAX_INCLUDED", False, False)
    assert not leg.excluded_from_shipment


def test_whole_undebited_order_is_cancelled_at_once_with_its_shipping() -> None:
    leg = _only(order_json(), choice(2))
    assert (leg.call, leg.order_key, leg.reason_code) == (Call.CANCEL_ORDER, ORDER, "")
    assert (leg.takes_all, leg.shipping, leg.total) == (True, True, Decimal("107.8"))


def test_whole_order_that_cannot_be_cancelled_at_once_goes_by_line() -> None:
    answer = order_json(line_json("a"), line_json("b", quantity=1, price=10), can_cancel=False)
    legs = plan(parsed(answer), choice(lines=BOTH, shipping=True), SETTINGS)
    assert [(leg.call, leg.lines[0].line_id, leg.total, leg.takes_all) for leg in legs] == [
        (Call.CANCEL_LINE, "a", Decimal("107.8"), True),
        (Call.CANCEL_LINE, "b", Decimal(18), True),
    ]


def test_whole_order_leaves_lines_out_that_were_taken_back_before() -> None:
    gone = line_json("gone", order_line_state="CANCELED")
    assert _only(order_json(line_json(), gone), choice(2)).call is Call.CANCEL_ORDER
    assert _only(order_json(line_json(), line_json("more")), choice(2)).call is Call.CANCEL_LINE


def test_part_of_an_amount_is_never_the_whole_order() -> None:
    part = choice(lines=(ChosenLine(LINE, 2, Decimal(90)),))
    assert _only(order_json(), part).call is Call.CANCEL_LINE


@pytest.mark.parametrize(
    ("state", "excluded"), [("SHIPPING", True), ("SHIPPED", False), ("TO_COLLECT", False), ("RECEIVED", False)]
)
def test_debited_line_is_refunded_and_taken_out_of_a_coming_shipment(state: str, excluded: bool) -> None:
    leg = _only(paid_order(state=state), choice(1, shipping=True))
    assert (leg.call, leg.reason_code, leg.excluded_from_shipment) == (Call.REFUND_LINE, "15", excluded)
    assert (leg.lines[0].shipping, leg.total, leg.shipping) == (Decimal(4), Decimal("53.9"), True)


@pytest.mark.parametrize(
    ("state", "call"),
    [
        ("SHIPPING", Call.REFUND_LINE),
        ("SHIPPED", Call.OPEN_RETURN),
        ("TO_COLLECT", Call.OPEN_RETURN),
        ("RECEIVED", Call.OPEN_RETURN),
    ],
)
def test_return_flow_takes_shipped_lines_and_no_refund_beside_it(state: str, call: Call) -> None:
    leg = _only(paid_order(state=state), choice(1, shipping=True), BY_RETURN_FLOW)
    assert leg.call is call


def test_return_flow_takes_no_line_that_is_not_debited() -> None:
    shipped = order_json(
        line_json(order_line_state="SHIPPED"), order_state="SHIPPED", payment_workflow="PAY_ON_DELIVERY"
    )
    assert _only(shipped, choice(1), BY_RETURN_FLOW).call is Call.CANCEL_LINE


def test_return_flow_is_one_request_for_all_lines() -> None:
    answer = paid_order(paid_line("a"), paid_line("b", quantity=1, price=10))
    leg = _only(answer, choice(lines=BOTH, shipping=True, return_id="RET-1"), BY_RETURN_FLOW)
    assert (leg.call, leg.order_key, leg.reason_code) == (Call.OPEN_RETURN, "8817455903", "RETURN_CHANGED_MIND")
    assert [(line.line_id, line.units) for line in leg.lines] == [("a", 2), ("b", 1)]
    assert (leg.total, leg.is_estimate, leg.shipping, leg.return_id) == (Decimal("109.8"), True, False, "RET-1")


def test_refund_of_several_lines_is_one_request_each() -> None:
    answer = paid_order(paid_line("a"), paid_line("b", quantity=1, price=10))
    legs = plan(parsed(answer), choice(lines=BOTH), SETTINGS)
    assert [[line.line_id for line in leg.lines] for leg in legs] == [["a"], ["b"]]
    assert all(leg.takes_all for leg in legs)


def test_every_counter_reason_has_a_word_of_the_return_flow() -> None:
    for reason in CounterReason:
        leg = _only(paid_order(), choice(1, reason=reason), BY_RETURN_FLOW)
        assert leg.reason_code.startswith("RETURN_")


@pytest.mark.parametrize("answer", [order_json(), paid_order()])
def test_unmapped_reason_makes_no_request_and_has_no_fallback(answer: dict[str, Any]) -> None:
    assert _refused(answer, choice(1, reason=CounterReason.DEFECT)) is Obstacle.REASON_NOT_MAPPED


def test_connection_without_line_cancelling_offers_the_whole_order_only() -> None:
    off = replace(SETTINGS, cancel_lines=Learnable.NO)
    assert _refused(order_json(), choice(1), off) is Obstacle.WHOLE_ORDER_ONLY
    assert _refused(order_json(can_cancel=False), choice(1), off) is Obstacle.FEATURE_OFF
    assert _only(order_json(), choice(2), off).call is Call.CANCEL_ORDER
    assert _only(paid_order(), choice(1), off).call is Call.REFUND_LINE


@pytest.mark.parametrize(
    ("answer", "obstacle"),
    [
        (
            order_json(line_json(order_line_state="WAITING_ACCEPTANCE"), order_state="WAITING_ACCEPTANCE"),
            "not_accepted",
        ),
        (paid_order(state="CLOSED"), "closed"),
        (paid_order(fully_refunded=True), "fully_returned"),
        (paid_order(paid_line(state="INCIDENT_OPEN"), paid_line("b")), "incident"),
    ],
)
def test_obstacle_of_order_or_line_stops_the_return(answer: dict[str, Any], obstacle: str) -> None:
    assert _refused(answer, choice(1)).value == obstacle


def test_more_units_or_money_than_left_are_refused() -> None:
    answer = paid_order(paid_line(refunds=[record_json("r")]))
    assert _only(answer, choice(1)).total == Decimal("49.9")
    assert _refused(answer, choice(2)) is Obstacle.FULLY_RETURNED
    dear = choice(lines=(ChosenLine(LINE, 1, Decimal("49.91")),))
    assert _refused(answer, dear) is Obstacle.FULLY_RETURNED
    assert _refused(answer, choice(1, line_id="another")) is Obstacle.NOT_SHOWN


def test_choice_that_no_screen_makes_is_an_error() -> None:
    twice = choice(lines=(ChosenLine(LINE, 1), ChosenLine(LINE, 1)))
    for chosen in (choice(0), choice(lines=()), twice):
        with pytest.raises(ValueError, match=r"."):
            plan(parsed(order_json()), chosen, SETTINGS)


def test_smaller_reading_of_what_is_left_is_offered() -> None:
    deducted = paid_order(paid_line(price=49.9, cancelations=[record_json("c", 10, quantity=0)]))
    assert _only(deducted, choice(2)).total == Decimal("39.9")


def test_only_taxes_of_rule_none_are_named() -> None:
    taxes = [_tax("ICMS", 9.01), _tax("ISS", 5, "PROPORTIONAL_TO_AMOUNT")]
    answer = paid_order(paid_line(taxes=taxes, shipping_taxes=[_tax("FRETE", 1)]))
    (line,) = _only(answer, choice(1, shipping=True)).lines
    assert line.taxes == (Charge("ICMS", Decimal("4.51"), "NONE"),)
    assert line.shipping_taxes == (Charge("FRETE", Decimal("0.5"), "NONE"),)
    assert _only(answer, choice(1)).lines[0].shipping_taxes == ()


def test_taxes_of_units_one_by_one_add_up() -> None:
    record = record_json("r", taxes=[{"code": "ICMS", "amount": 4.51}])
    answer = paid_order(paid_line(taxes=[_tax("ICMS", 9.01)], refunds=[record]))
    assert _only(answer, choice(1)).lines[0].taxes == (Charge("ICMS", Decimal("4.5"), "NONE"),)


def test_tax_of_a_reduced_amount_is_reduced_with_it() -> None:
    answer = paid_order(paid_line(taxes=[_tax("ICMS", 10)]))
    half = choice(lines=(ChosenLine(LINE, 2, Decimal("49.9")),))
    assert _only(answer, half).lines[0].taxes == (Charge("ICMS", Decimal(5), "NONE"),)


@pytest.mark.parametrize(
    ("mode", "rule", "order_taxes", "named", "total", "estimate"),
    [
        ("TAX_INCLUDED", "NONE", None, True, "49.90", False),
        ("TAX_EXCLUDED", "NONE", None, True, "54.90", False),
        ("TAX_EXCLUDED", "PROPORTIONAL_TO_AMOUNT", None, False, "49.90", True),
        ("TAX_EXCLUDED", "NONE", [{"code": "A", "total_amount": 10}], False, "49.90", True),
        ("TAX_EXCLUDED", None, [{"code": "A", "total_amount": 10}], False, "49.90", True),
        ("TAX_INCLUDED", "NONE", [{"code": "A", "total_amount": 10}], True, "49.90", False),
    ],
)
def test_tax_mode_decides_what_is_named_and_what_comes_on_top(
    mode: str, rule: str | None, order_taxes: list[Any] | None, named: bool, total: str, estimate: bool
) -> None:
    line = paid_line(taxes=[_tax("A", 10, rule)])
    leg = _only(paid_order(line, order_tax_mode=mode, order_taxes=order_taxes), choice(1))
    assert (leg.tax_mode, bool(leg.lines[0].taxes)) == (mode, named)
    assert (leg.total, leg.is_estimate) == (Decimal(total), estimate)


def test_tax_of_unknown_rule_stops_a_request_that_would_have_to_name_it() -> None:
    taxes = [_tax("A", 10, None)]
    assert _refused(paid_order(paid_line(taxes=taxes)), choice(1)) is Obstacle.TAXES_UNKNOWN
    assert _refused(paid_order(paid_line(taxes=[_tax("A", 1, "NEW_RULE")])), choice(1)) is Obstacle.TAXES_UNKNOWN
    assert _only(order_json(line_json(taxes=taxes)), choice(2)).call is Call.CANCEL_ORDER
    assert _only(paid_order(paid_line(taxes=taxes)), choice(1), BY_RETURN_FLOW).call is Call.OPEN_RETURN
    assert _only(paid_order(paid_line(taxes=[_tax("A", 0, None)])), choice(1)).call is Call.REFUND_LINE


def test_fees_of_a_line_go_back_with_its_units() -> None:
    leg = _only(order_json(line_json(fees=[{"code": "DEPOSITO", "amount": 3}])), choice(1))
    assert leg.lines[0].fees == (Charge("DEPOSITO", Decimal("1.5")),)
    assert leg.total == Decimal("51.4")


@pytest.mark.parametrize(
    ("currency", "price", "shipping", "amount", "freight"),
    [
        ("JPY", 1001, 501, "501", "251"),
        ("CLP", 19990, 0, "9995", "0"),
        ("TND", 25.001, 7.5, "12.501", "3.750"),
        ("KWD", 9.999, 1, "5.000", "0.500"),
        ("BRL", 99.8, 8, "49.90", "4.00"),
    ],
)
def test_amounts_have_the_decimals_of_the_currency(
    currency: str, price: float, shipping: float, amount: str, freight: str
) -> None:
    line = line_json(price=price, shipping_price=shipping)
    (sent,) = _only(order_json(line, currency_iso_code=currency), choice(1, shipping=True)).lines
    assert (str(sent.amount), str(sent.shipping)) == (amount, freight)
