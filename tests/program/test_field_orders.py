"""Orders, sales and numbers as the field reported them, through the real window over real HTTP."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt

from tests.support.cashier import Cashier, let_work, wait_until
from tests.support.field_window import DONE, ORDER, OpenTill, opened_till, scripted
from tests.support.scripted_server import DROP, Answer, Drop, Request, ScriptedServer, refusal, success

__all__ = ["opened_till"]


GATEWAY_404 = [
    Answer(404, {"Message": "No HTTP resource was found that matches the request URI 'http://x/v1/pvt/Order/NOVA-1'."}),
    Answer(200, refusal("Cliente não encontrado", "CustomerNotFound")),
    Answer(404, {"message": "no Route matched with those values"}),
    Answer(404, {"error": {"code": "NotFound", "message": "Order service not found"}}),
    Answer(404, b"<html>404</html>", "text/html"),
]


@pytest.mark.parametrize("answer", GATEWAY_404)
def test_order_number_is_not_free_after_another_not_found_error(till: OpenTill, answer: Answer) -> None:
    there = {**ORDER, "OriginalId": "NOVA-1", "OrderTotal": 300.0}
    cashier, server = till(scripted(Answer(200, success({"OriginalId": "NOVA-1"})), gets=(answer, Answer(200, there))))
    cashier.fill_sale("20000")
    cashier.type("saleOrderId", "NOVA-1")
    cashier.press(Qt.Key.Key_Return, "saleSubmit")
    cashier.wait_for_state("saleOutcome", "review")
    assert not server.sent("POST", "POS/orders")


@pytest.mark.parametrize("answer", [Answer(204), Answer(200, None), Answer(200, success(None))])
def test_look_up_answer_without_order_is_not_found(till: OpenTill, answer: Answer) -> None:
    cashier, _server = till(scripted(gets=(answer,)))
    cashier.ask_for("PED-1001")
    words = cashier.wait_for_message("lookupMessage")
    assert "não encontr" in words.lower() or "não existe" in words.lower() or "não tem" in words.lower(), words


def changed(path: str, value: Any) -> dict[str, Any]:
    """The base order with another value at a dotted path."""
    order: dict[str, Any] = json.loads(json.dumps(ORDER))
    target: Any = order
    *parents, last = path.split(".")
    for name in parents:
        target = target[int(name) if name.isdigit() else name]
    target[last] = value
    return order


ODD = [
    ("Customer.PointsBalance", 310.5),
    ("Customer.PointsBalance", 310.0),
    ("Customer.PointsBalance", "310"),
    ("Customer.Cashback", "12.50"),
    ("Customer.Phone", 11987654321),
    ("Customer.Document", 52998224725),
    ("Customer.OriginalId", 9),
    ("Customer.TierName", {"Name": "Ouro"}),
    ("Customer", []),
    ("Coupon", {"Code": "X"}),
    ("Coupon", 12345),
    ("Coupon", []),
    ("OrderStatus", 3),
    ("IsCompleted", "true"),
    ("IsCompleted", 1),
    ("Products.0.OriginalId", 7891),
    ("Products.0.Title", 123),
    ("Products.0.ProductPrice", "49.90"),
    ("Products", [None, {"OriginalId": "P1"}]),
    ("Products", {}),
    ("Products", [{"OriginalId": f"P{i}", "Title": "x", "ProductPrice": 0.1} for i in range(1500)]),
    ("OrderPlacementDate", 7),
    ("Customer.Name", None),
    ("Metadatas", {"a": 1}),
    ("Metadatas", [None, 3]),
    ("Origin", "x"),
    ("Customer.IsEnrolled", "yes"),
    ("Customer", "c9"),
    ("OrderTotal", 129.89999999999998),
    ("Customer.Email", ["a"]),
]


def test_order_with_odd_side_fields_is_shown(till: OpenTill) -> None:
    current = {"order": ORDER}
    cashier, _server = till(lambda _request: Answer(200, current["order"]))
    for number, (path, value) in enumerate(ODD):
        current["order"] = {**changed(path, value), "OriginalId": f"PED-{number}"}
        cashier.look_up(current["order"]["OriginalId"])
        assert "129,90" in cashier.text("orderTotal"), (path, value)


@pytest.mark.parametrize(
    "fields",
    [
        {"State": "Cancelled", "IsCancelledOrReturned": None},
        {"State": None, "IsCancelledOrReturned": None, "OrderCancelledDate": "2026-11-20T10:00:00Z"},
        {"State": "cancelled", "IsCancelledOrReturned": None},
        {"State": 3, "IsCancelledOrReturned": None},
    ],
)
def test_cancelled_order_in_any_form_refuses_a_refund(till: OpenTill, fields: dict[str, Any]) -> None:
    cashier, _server = till(scripted(order={**ORDER, **fields}))
    cashier.look_up("PED-1001")
    assert "0,00" in cashier.text("orderRefundable") or not cashier.find("refundButton").isEnabled()
    assert not cashier.find("refundButton").isEnabled()


def test_order_opened_at_zero_is_refundable_at_its_final_total(till: OpenTill) -> None:
    current = {"total": 0.0}
    cashier, _server = till(lambda _request: Answer(200, {**ORDER, "OrderTotal": current["total"]}))
    cashier.look_up("PED-1001")
    current["total"] = 129.90
    cashier.ask_for("PED-1001")
    wait_until(lambda: "129,90" in cashier.text("orderRefundable"), "all of it")


def test_sale_with_a_lost_answer_is_found_in_a_bare_look_up(till: OpenTill) -> None:
    stored: dict[str, Any] = {}

    def script(request: Request) -> Answer | Drop:
        if request.method == "POST":
            stored.update(json.loads(request.body))
            return DROP
        if not stored:
            return Answer(404, refusal("Pedido não encontrado", "OrderNotFound"))
        shown = {
            k: stored[k]
            for k in ("OriginalId", "OrderTotal", "OrderPlacementDate", "Customer", "Metadatas")
            if k in stored
        }
        return Answer(
            200,
            {
                **shown,
                "State": 2,
                "HasError": False,
                "ErrorMessage": None,
                "Customer": {**stored["Customer"], "PointsBalance": 509.5},
            },
        )

    cashier, server = till(script)
    cashier.fill_sale("20000")
    cashier.press(Qt.Key.Key_Return, "saleSubmit")
    cashier.wait_for_state("saleOutcome", "confirmed")
    assert len(server.sent("POST", "POS/orders")) == 1


def test_sale_with_a_fractional_estimate_is_confirmed(till: OpenTill) -> None:
    bonus = {"GenerateBonus": True, "EstimatedPoints": 199.5, "EstimatedCashback": 0}

    def script(request: Request) -> Answer:
        return Answer(200, success({**json.loads(request.body), "EstimatedBonus": bonus}))

    cashier, server = till(script)
    cashier.fill_sale("20000")
    cashier.press(Qt.Key.Key_Return, "saleSubmit")
    cashier.wait_for_state("saleOutcome", "confirmed")
    assert len(server.sent("POST", "POS/orders")) == 1


PERSONAL = [
    "529982247-25",
    "529-982-247-25",
    "529.982.247–25",
    "CPF 529982247-25",
    "11222333/0001-81",
    "52998224725",
    "11987654321",
    "+55 11 98765-4321",
    "(11) 98765-4321",
    "529\u00a0982\u00a0247\u00a025",
    "52998224725\u200e",
]


def test_cpf_and_phone_are_never_in_a_url(till: OpenTill) -> None:
    cashier, server = till(scripted())
    for text in PERSONAL:
        cashier.press(Qt.Key.Key_F2)
        cashier.find("lookupField").setText(text)
        cashier.press(Qt.Key.Key_Return, "lookupField")
        let_work(0.3)
        assert not server.sent("GET", "/Order/"), text


def test_refund_of_an_order_cancelled_while_offline_is_not_sent(
    till: OpenTill, start: Callable[..., Cashier], data: Path
) -> None:
    order = {"now": ORDER}

    def script(request: Request) -> Answer:
        return Answer(200, DONE if request.method == "POST" else order["now"])

    cashier, server = till(script)
    cashier.look_up("PED-1001")
    server.__exit__()  # no line: nothing listens there any more
    cashier.open_refund()
    cashier.type("refundValue", "2590")
    cashier.confirm_refund()
    cashier.wait_for_state("refundOutcome", "queued")
    assert cashier.app.stop()
    order["now"] = {**ORDER, "State": 3, "IsCancelledOrReturned": True}
    with ScriptedServer(script) as again:
        other = start("--data-dir", str(data), "--api-url", again.url)
        wait_until(lambda: other.counted and "decisão" in other.counted[-1], "the review")
        assert not again.sent("POST", "partialcancel")
