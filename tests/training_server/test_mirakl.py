"""The look-alike of a marketplace: its orders, its rules and its switches, over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest

from bonifiq_desktop.training_server.mirakl.server import MiraklTraining
from tests.training_server.remote_calls import CONTRACTS, cancel, check_answer, marketplace, refund

PAID = "1001-A"
SHIRT = f"{PAID}-1"
UNPAID = "2002-A"
TAXED = "2001-A"  # three shirts, TAX_EXCLUDED: ICMS is computed, TAXA is not


@pytest.fixture(name="mirakl")
def running_marketplace() -> Iterator[MiraklTraining]:
    server = MiraklTraining(CONTRACTS / "mirakl.openapi.json")
    server.start()
    yield server
    server.stop()


@pytest.fixture(name="shop")
def shop_client(mirakl: MiraklTraining) -> Iterator[httpx.Client]:
    with marketplace(mirakl) as http:
        yield http


def order_of(shop: httpx.Client, order_id: str, **query: str) -> dict[str, Any]:
    """The order as OR11 shows it."""
    answer = shop.get("/api/orders", params={"order_ids": order_id, **query}).json()
    check_answer("mirakl", "or11ListOrders", 200, answer)
    [found] = answer["orders"]
    return dict(found)


def test_every_call_without_the_key_is_unauthorized(mirakl: MiraklTraining) -> None:
    with httpx.Client(base_url=mirakl.url, trust_env=False) as http:
        assert http.get("/api/version").status_code == 200
        for authorization in ({}, {"Authorization": f"Bearer {mirakl.key}"}):
            assert http.get("/api/orders", headers=authorization).status_code == 401
            assert http.put("/api/orders/refund", headers=authorization, json=refund(SHIRT)).status_code == 401
    assert mirakl.service.applied == []


def test_answers_have_the_form_of_the_contract(shop: httpx.Client) -> None:
    for path, operation_id in {
        "/api/account": "a01Shop",
        "/api/reasons": "re01Reasons",
        "/api/orders/taxes": "or75Taxes",
        "/api/platform/configuration": "pc01Configuration",
        "/api/orders?max=100": "or11ListOrders",
        "/api/returns?return_rma=1": "rt11ListReturns",
    }.items():
        answer = shop.get(path)
        assert answer.status_code == 200
        check_answer("mirakl", operation_id, 200, answer.json())


def test_orders_come_in_pages(shop: httpx.Client, mirakl: MiraklTraining) -> None:
    everything = shop.get("/api/orders", params={"max": "100"}).json()
    assert everything["total_count"] == len(everything["orders"]) == len(mirakl.service.orders)
    page = shop.get("/api/orders", params={"max": "2", "offset": "1"}).json()["orders"]
    assert page == everything["orders"][1:3]


def test_requests_outside_the_contract_are_refused(shop: httpx.Client, mirakl: MiraklTraining) -> None:
    good = refund(SHIRT)
    missing = {"refunds": [{name: value for name, value in good["refunds"][0].items() if name != "reason_code"}]}
    for body in ({}, missing, refund(SHIRT, note="x"), refund(SHIRT, quantity="1"), {**good, "order_id": PAID}):
        assert shop.put("/api/orders/refund", json=body).status_code == 400
    assert shop.put("/api/orders/refund", content=b"{", headers={"Content-Type": "application/json"}).status_code == 400
    assert shop.put("/api/orders/refund", content=b"{}").status_code == 415
    assert shop.put(f"/api/orders/{UNPAID}/cancel", json={}).status_code == 400  # OR29 takes no body
    for query in ({"order_id": PAID}, {"max": "0"}, {"max": "101"}, {"shop_id": ["1", "2"]}, {"order_tax_mode": "NET"}):
        assert shop.get("/api/orders", params=query).status_code == 400
    assert mirakl.service.applied == []


def test_refund_is_recorded_once_per_call_and_limited(shop: httpx.Client, mirakl: MiraklTraining) -> None:
    answer = shop.put("/api/orders/refund", json=refund(SHIRT, shipping_amount=8))
    check_answer("mirakl", "or28RefundLines", 200, answer.json())
    assert shop.put("/api/orders/refund", json=refund(SHIRT, "0.01")).status_code == 400
    [made] = order_of(shop, PAID)["order_lines"][0]["refunds"]
    [applied] = mirakl.service.applied
    assert made["id"] == answer.json()["refunds"][0]["refund_id"] == applied.entry_id
    assert (applied.line_id, applied.amount, applied.shipping) == (SHIRT, Decimal("49.9"), Decimal(8))


def test_two_equal_calls_are_two_refunds_where_enough_is_left(shop: httpx.Client, mirakl: MiraklTraining) -> None:
    for _ in range(2):
        assert shop.put("/api/orders/refund", json=refund(SHIRT, "20")).status_code == 200
    assert [entry.amount for entry in mirakl.service.applied] == [20, 20]


@pytest.mark.parametrize(
    "changes",
    [
        {"reason_code": "15"},  # a reason to cancel
        {"reason_code": "50"},
        {"reason_code": "999"},
        {"currency_iso_code": "USD"},
        {"amount": -1},
        {"amount": 0},
        {"amount": 10.001},
        {"amount": 49.91},
        {"shipping_amount": 8.01},
        {"taxes": [{"code": "VAT", "amount": 1}]},
    ],
)
def test_refund_that_the_line_does_not_allow_is_refused(
    shop: httpx.Client, mirakl: MiraklTraining, changes: dict[str, Any]
) -> None:
    assert shop.put("/api/orders/refund", json=refund(SHIRT, **changes)).status_code == 400
    assert mirakl.service.applied == []


@pytest.mark.parametrize("order_id", ["2001-A", "2002-A", "2003-A", "2006-A"])
def test_refund_in_a_wrong_state_is_refused(shop: httpx.Client, mirakl: MiraklTraining, order_id: str) -> None:
    assert shop.put("/api/orders/refund", json=refund(f"{order_id}-1", "1")).status_code == 400
    assert mirakl.service.applied == []


@pytest.mark.parametrize("order_id", [PAID, "2003-A", "2007-A"])
def test_cancelation_in_a_wrong_state_is_refused(shop: httpx.Client, mirakl: MiraklTraining, order_id: str) -> None:
    assert order_of(shop, order_id)["can_cancel"] is False
    assert shop.put("/api/orders/cancel", json=cancel(f"{order_id}-1", "1")).status_code == 400
    assert shop.put(f"/api/orders/{order_id}/cancel").status_code == 400
    assert mirakl.service.applied == []


def test_order_not_debited_is_cancelled_by_lines_or_whole(shop: httpx.Client, mirakl: MiraklTraining) -> None:
    answer = shop.put("/api/orders/cancel", json=cancel(f"{UNPAID}-1", "10"))
    check_answer("mirakl", "or30CancelLines", 200, answer.json())
    whole = shop.put(f"/api/orders/{UNPAID}/cancel")
    assert (whole.status_code, whole.content) == (204, b"")
    assert order_of(shop, UNPAID)["order_state"] == "CANCELED"
    assert shop.put(f"/api/orders/{UNPAID}/cancel").status_code == 400
    assert [entry.kind for entry in mirakl.service.applied] == ["cancelation", "order"]


@pytest.mark.parametrize("deducts", [False, True])
def test_price_shows_cancelations_in_both_readings(shop: httpx.Client, mirakl: MiraklTraining, deducts: bool) -> None:
    mirakl.service.switches.deducts = deducts
    shop.put("/api/orders/cancel", json=cancel(f"{UNPAID}-1", "89"))
    [line] = order_of(shop, UNPAID)["order_lines"]
    assert line["price"] == (100 if deducts else 189)
    assert len(line["cancelations"]) == 1


@pytest.mark.parametrize("status", [400, 403])
def test_line_cancelation_can_be_off(shop: httpx.Client, mirakl: MiraklTraining, status: int) -> None:
    mirakl.service.switches.cancels_lines = False
    mirakl.service.switches.refused_with = status
    assert shop.put("/api/orders/cancel", json=cancel(f"{UNPAID}-1", "10")).status_code == status
    assert shop.put(f"/api/orders/{UNPAID}/cancel").status_code == 204


def test_tax_of_rule_none_goes_back_only_where_it_is_named(shop: httpx.Client) -> None:
    line = f"{TAXED}-1"
    without = shop.put("/api/orders/cancel", json=cancel(line, "49.90")).json()["cancelations"][0]
    named = shop.put("/api/orders/cancel", json=cancel(line, taxes=[{"code": "TAXA", "amount": 1}])).json()
    assert without["taxes"] == [{"code": "ICMS", "amount": 5.99}]
    assert named["cancelations"][0]["taxes"] == [{"code": "ICMS", "amount": 5.99}, {"code": "TAXA", "amount": 1}]


def test_amounts_of_another_tax_mode_mean_another_price(shop: httpx.Client, mirakl: MiraklTraining) -> None:
    assert order_of(shop, TAXED)["order_lines"][0]["price"] == 149.7
    assert order_of(shop, TAXED, order_tax_mode="TAX_INCLUDED")["order_lines"][0]["price"] == 170.67
    gross = cancel(f"{TAXED}-1", "56.89", taxes=[{"code": "TAXA", "amount": 1}]) | {"order_tax_mode": "TAX_INCLUDED"}
    made = shop.put("/api/orders/cancel", json=gross).json()
    assert (made["order_tax_mode"], made["cancelations"][0]["amount"]) == ("TAX_INCLUDED", 56.89)
    assert mirakl.service.applied[0].amount == Decimal("49.90")


@pytest.mark.parametrize(
    ("order_id", "currency", "amount", "fine"),
    [
        ("2004-A", "JPY", "1990", "0.5"),
        ("2005-A", "KWD", "4.99", "0.0001"),
        ("2012-A", "CLP", "9990", "0.5"),
        ("2013-A", "TND", "14.99", "0.0001"),
    ],
)
def test_amounts_have_the_decimals_of_their_currency(
    shop: httpx.Client, order_id: str, currency: str, amount: str, fine: str
) -> None:
    is_debited = order_of(shop, order_id)["customer_debited_date"] is not None
    path, make = ("/api/orders/refund", refund) if is_debited else ("/api/orders/cancel", cancel)
    line = f"{order_id}-1"
    assert shop.put(path, json=make(line, fine, currency_iso_code=currency)).status_code == 400
    assert shop.put(path, json=make(line, amount)).status_code == 400  # BRL is another currency
    assert shop.put(path, json=make(line, amount, currency_iso_code=currency)).status_code == 200


@pytest.mark.parametrize("refunds", [False, True])
def test_return_is_found_by_rma_and_may_start_the_refund(
    shop: httpx.Client, mirakl: MiraklTraining, refunds: bool
) -> None:
    mirakl.service.switches.return_refunds = refunds
    line = {"order_line_id": SHIRT, "quantity": 1, "reason_code": "RETURN_CHANGED_MIND"}
    entry = {"order_commercial_id": "1001", "method_code": "RETURN_METHOD_IN_STORE", "return_lines": [line]}
    body = {"returns": [{**entry, "rma": "DV-1", "accepted": True}]}
    answer = shop.post("/api/returns", json=body).json()
    check_answer("mirakl", "rt01CreateReturns", 200, answer)
    [found] = shop.get("/api/returns", params={"return_rma": "DV-1"}).json()["data"]
    assert found["id"] == answer["return_success"][0]["id"]
    lines = {"order_line_id": [SHIRT, f"{PAID}-2"]}
    assert shop.get("/api/returns", params=lines).json()["data"] == [found]
    assert shop.get("/api/returns", params={"order_commercial_id": "1001"}).json()["data"] == [found]
    assert len(order_of(shop, PAID)["order_lines"][0]["refunds"]) == refunds
    assert shop.post("/api/returns", json=body).json()["return_success"] == []


def test_seed_data_has_every_kind_of_order(shop: httpx.Client) -> None:
    orders = {order["order_id"]: order for order in shop.get("/api/orders", params={"max": "100"}).json()["orders"]}
    states = {state for order in orders.values() for state in (order["order_state"], *_line_states(order))}
    assert states >= {"WAITING_ACCEPTANCE", "SHIPPING", "TO_COLLECT", "RECEIVED", "CLOSED", "INCIDENT_OPEN"}
    assert {order["currency_iso_code"] for order in orders.values()} == {"BRL", "JPY", "CLP", "KWD", "TND"}
    assert {order["payment_workflow"] for order in orders.values()} == {
        "PAY_ON_ACCEPTANCE",
        "PAY_ON_DELIVERY",
        "PAY_ON_DUE_DATE",
        "PAY_ON_SHIPMENT",
        "NO_CUSTOMER_PAYMENT_CONFIRMATION",
    }
    baskets = [order["commercial_id"] for order in orders.values()]
    assert [basket for basket in set(baskets) if baskets.count(basket) > 1] == ["2011"]
    rules = {tax["tax_calculation_rule"] for order in orders.values() for tax in _line_taxes(order)}
    assert rules == {"NONE", "PROPORTIONAL_TO_AMOUNT"}


def test_seed_return_is_open_until_it_is_decided(shop: httpx.Client) -> None:
    [opened] = shop.get("/api/returns", params={"order_commercial_id": "2009"}).json()["data"]
    assert (opened["order_id"], opened["state"]) == ("2009-A", "IN_PROGRESS")


def test_refund_before_the_order_is_closed_and_not_after(shop: httpx.Client, mirakl: MiraklTraining) -> None:
    assert shop.put("/api/orders/refund", json=refund("2010-A-1")).status_code == 200  # waits at the counter
    assert shop.put("/api/orders/refund", json=refund("2008-A-1")).status_code == 400
    assert [entry.line_id for entry in mirakl.service.applied] == ["2010-A-1"]


def test_fees_go_back_as_named_and_no_more(shop: httpx.Client) -> None:
    line = "2013-A-1"
    body = cancel(line, "14.99", currency_iso_code="TND", fees=[{"code": "ECO", "amount": 0.25}])
    made = shop.put("/api/orders/cancel", json=body).json()["cancelations"][0]
    assert made["fees"] == [{"code": "ECO", "amount": 0.25}]
    for fees in ([{"code": "ECO", "amount": 0.501}], [{"code": "OTHER", "amount": 0.1}]):
        body = cancel(line, "14.99", currency_iso_code="TND", fees=fees)
        assert shop.put("/api/orders/cancel", json=body).status_code == 400


def _line_states(order: dict[str, Any]) -> list[str]:
    return [line["order_line_state"] for line in order["order_lines"]]


def _line_taxes(order: dict[str, Any]) -> list[dict[str, Any]]:
    return [tax for line in order["order_lines"] for tax in (*line["taxes"], *line["shipping_taxes"])]


def test_state_survives_a_restart(tmp_path: Path) -> None:
    contract, file = CONTRACTS / "mirakl.openapi.json", tmp_path / "shop.json"
    first = MiraklTraining(contract, state_file=file)
    first.start()
    with marketplace(first) as shop:
        shop.put("/api/orders/cancel", json=cancel(f"{TAXED}-1", taxes=[{"code": "TAXA", "amount": 1}]))
        before = order_of(shop, TAXED)
    first.stop()
    again = MiraklTraining(contract, state_file=file)
    again.start()
    with marketplace(again) as shop:
        assert order_of(shop, TAXED) == before
        made = shop.put("/api/orders/refund", json=refund(SHIRT)).json()["refunds"][0]
    again.stop()
    assert made["refund_id"] > first.service.applied[0].entry_id
    file.write_text("{}")
    assert MiraklTraining(contract, state_file=file).service.applied == []
    assert len(list(tmp_path.glob("shop.json.damaged-*"))) == 1
