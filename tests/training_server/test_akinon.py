"""The look-alike of a web shop: its orders, its rules and its switches, over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from bonifiq_desktop.training_server.akinon.server import AkinonTraining
from tests.training_server.remote_calls import CONTRACTS, cancel_items, check_answer, web_shop

DELIVERED, SHIRT, HAT = 5002, 61002, 61003
APPROVED, DRESS = 5001, 61001


@pytest.fixture(name="akinon")
def running_web_shop() -> Iterator[AkinonTraining]:
    server = AkinonTraining(CONTRACTS / "akinon.openapi.json")
    server.start()
    yield server
    server.stop()


@pytest.fixture(name="shop")
def shop_client(akinon: AkinonTraining) -> Iterator[httpx.Client]:
    with web_shop(akinon) as http:
        yield http


def send(shop: httpx.Client, pk: int, /, *items: int, **changes: Any) -> httpx.Response:
    return shop.post(f"/api/i1/orders/{pk}/cancel/", json=cancel_items(pk, *items, **changes))


def items_of(shop: httpx.Client, pk: int) -> dict[int, dict[str, Any]]:
    detail = shop.get(f"/api/i1/orders_integration/{pk}/detailed_integration/").json()
    check_answer("akinon", "getOrderDetailed", 200, detail)
    return {item["pk"]: item for item in detail["orderitem_set"]}


def test_wrong_password_is_a_400_and_a_wrong_token_a_401(akinon: AkinonTraining, shop: httpx.Client) -> None:
    wrong = shop.post("/api/i1/auth/login/", json={"username": akinon.user, "password": "x"})
    assert (wrong.status_code, list(wrong.json())) == (400, ["non_field_errors"])
    for token in ("", "Token x", akinon.password):
        assert shop.get("/api/i1/orders/", headers={"Authorization": token}).status_code == 401


def test_token_ends_and_a_new_login_opens_again(akinon: AkinonTraining, shop: httpx.Client) -> None:
    akinon.expire_token()
    assert send(shop, DELIVERED, SHIRT).status_code == 401
    with web_shop(akinon) as renewed:
        assert send(renewed, DELIVERED, SHIRT).status_code == 200
    assert len(akinon.service.applied) == 1


def test_answers_have_the_form_of_the_contract(shop: httpx.Client, akinon: AkinonTraining) -> None:
    for bare in (False, True):
        akinon.service.switches.bare_lists = bare
        for path, operation_id in {
            "/api/i1/orders/?number=1002": "listOrders",
            f"/api/v1/order_item/detailed_integration/?order={DELIVERED}": "listOrderItemsDetailed",
            f"/api/v1/channel/4/order_items/?order={DELIVERED}": "listChannelOrderItems",
            "/api/v1/cancellation_reasons/?limit=50": "listCancellationReasons",
            "/api/v1/channel/4/cancellation_reasons/": "listChannelCancellationReasons",
        }.items():
            answer = shop.get(path)
            assert answer.status_code == 200
            check_answer("akinon", operation_id, 200, answer.json())
    assert shop.get("/api/i1/orders").status_code == 404  # every path ends with a slash
    assert shop.get("/api/i1/orders/?numero=1002").status_code == 400


def test_amount_of_an_order_is_its_items_with_the_freight(shop: httpx.Client) -> None:
    [order] = shop.get("/api/i1/orders/?number=3001").json()["results"]
    assert (order["amount"], order["shipping_amount"]) == ("159.60", "9.90")


def test_item_is_taken_back_once(shop: httpx.Client, akinon: AkinonTraining) -> None:
    assert send(shop, DELIVERED, SHIRT).json() == {}
    again = send(shop, DELIVERED, SHIRT, HAT)
    assert (again.status_code, "non_field_errors" in again.json()) == (406, True)
    items = items_of(shop, DELIVERED)
    assert [(items[pk]["status"], items[pk]["cancel_status"]) for pk in (SHIRT, HAT)] == [
        ("50", "waiting"),
        ("550", None),
    ]
    assert [(entry.item, entry.plan) for entry in akinon.service.applied] == [(SHIRT, "refund")]
    akinon.service.settle()
    assert items_of(shop, DELIVERED)[SHIRT]["status"] == "100"


@pytest.mark.parametrize(
    ("order", "items", "changes", "status"),
    [
        (DELIVERED, [SHIRT], {"reason": 1}, 400),  # a reason to cancel, after the shipment
        (APPROVED, [DRESS], {"reason": 7}, 400),  # a reason to return, before it
        (APPROVED, [1], {"reason": 1}, 400),  # no item of the order
        (APPROVED, [DRESS], {"reason": 1, "order": DELIVERED}, 400),
        (APPROVED, [DRESS], {"reason": 1, "forced_refund_amount": "10.00"}, 400),
        (APPROVED, [DRESS], {"reason": 1, "is_all": True}, 400),
        (APPROVED, [DRESS], {"reason": 1, "reasons": {}}, 400),
        (APPROVED, [DRESS], {"reason": 1, "unknown": 1}, 400),
        (5005, [61030], {}, 406),  # a status that nothing is known of
        (5004, [61021], {"reason": 7}, 400),
        (99, [1], {}, 404),
    ],
)
def test_invalid_cancel_is_refused(
    shop: httpx.Client, akinon: AkinonTraining, order: int, items: list[int], changes: dict[str, Any], status: int
) -> None:
    assert send(shop, order, *items, **changes).status_code == status
    assert akinon.service.applied == []


def test_whole_order_goes_back_with_bank_data(shop: httpx.Client, akinon: AkinonTraining) -> None:
    whole = {"is_all": True, "cancel_items": [], "ibans": {"61040": "TR0"}, "holder_names": {"61040": "A"}}
    assert send(shop, 5006, 61040, **whole, refund_invoice_number="NF-1", is_cargo_refund=True).status_code == 200
    [applied] = akinon.service.applied
    assert (applied.item, applied.with_cargo, applied.invoice_number) == (61040, True, "NF-1")


def test_cancel_and_return_are_not_mixed_in_one_order(shop: httpx.Client, akinon: AkinonTraining) -> None:
    next(order for order in akinon.service.orders if order.pk == 5004).units[1].status = "550"
    assert send(shop, 5004, 61021).status_code == 406


def test_state_survives_a_restart(tmp_path: Path) -> None:
    contract, file = CONTRACTS / "akinon.openapi.json", tmp_path / "shop.json"
    first = AkinonTraining(contract, state_file=file)
    first.start()
    with web_shop(first) as shop:
        send(shop, DELIVERED, SHIRT)
    first.stop()
    again = AkinonTraining(contract, state_file=file)
    assert again.service.applied == first.service.applied
    assert again.service.orders == first.service.orders
