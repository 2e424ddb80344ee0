"""Paths and bodies of Mirakl's requests: every documented field, exact names and numbers."""

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from bonifiq_desktop.connectors import exact_json
from bonifiq_desktop.connectors.mirakl import requests
from bonifiq_desktop.connectors.mirakl.plan import plan
from bonifiq_desktop.domain.remote_orders import Charge
from bonifiq_desktop.domain.requests import SerializedRequest
from bonifiq_desktop.domain.returns import Call, Leg, LegLine
from tests.connectors.mirakl.examples import SETTINGS, choice, order_json, paid_line, paid_order, parsed

FULL_LINE = LegLine(
    line_id="95",
    units=1,
    amount=Decimal("12.340"),
    shipping=Decimal("1.500"),
    taxes=(Charge("ICMS", Decimal("0.100"), "NONE"),),
    shipping_taxes=(Charge("FRETE", Decimal("0.010"), "NONE"),),
    fees=(Charge("DEPOSITO", Decimal("0.250")),),
)
FULL = Leg(Call.CANCEL_LINE, "A-1", (FULL_LINE,), "34", "TND", Decimal("14.09"), "TAX_EXCLUDED")
ENTRY = (
    '"order_line_id":"95","amount":12.340,"quantity":1,"shipping_amount":1.500,"reason_code":"34",'
    '"currency_iso_code":"TND","taxes":[{"code":"ICMS","amount":0.100}],'
    '"shipping_taxes":[{"code":"FRETE","amount":0.010}],"fees":[{"code":"DEPOSITO","amount":0.250}]'
)


def _read(request: SerializedRequest) -> dict[str, Any]:
    data = exact_json.load(request.body)
    assert isinstance(data, dict)
    return data


def test_cancelled_line_holds_every_field_and_exact_numbers() -> None:
    request = requests.serialize(FULL, "", None)
    assert (request.method, request.path, request.client_key) == ("PUT", "/api/orders/cancel", None)
    assert request.body.decode() == f'{{"cancelations":[{{{ENTRY}}}],"order_tax_mode":"TAX_EXCLUDED"}}'


def test_refunded_line_holds_every_field_and_its_exclusion_from_the_shipment() -> None:
    leg = replace(FULL, call=Call.REFUND_LINE, excluded_from_shipment=True)
    request = requests.serialize(leg, "", 2004)
    assert (request.method, request.path) == ("PUT", "/api/orders/refund?shop_id=2004")
    excluded = f'{{{ENTRY},"excluded_from_shipment":true}}'
    assert request.body.decode() == f'{{"refunds":[{excluded}],"order_tax_mode":"TAX_EXCLUDED"}}'
    assert (
        "excluded_from_shipment"
        not in requests.serialize(replace(leg, excluded_from_shipment=False), "", 1).body.decode()
    )


def test_bare_line_holds_only_what_is_required() -> None:
    leg = replace(FULL, lines=(LegLine("95", 1, Decimal(1000), Decimal(0)),), currency="JPY", tax_mode="")
    (entry,) = _read(requests.serialize(leg, "", None))["cancelations"]
    assert json.dumps(entry) == json.dumps(
        {
            "order_line_id": "95",
            "amount": 1000,
            "quantity": 1,
            "shipping_amount": 0,
            "reason_code": "34",
            "currency_iso_code": "JPY",
        }
    )
    assert "order_tax_mode" not in _read(requests.serialize(leg, "", None))


@pytest.mark.parametrize(("order_id", "quoted"), [("A-1", "A-1"), ("a/b", "a%2Fb"), ("ç?", "%C3%A7%3F")])
def test_whole_cancel_has_no_body_and_a_quoted_number(order_id: str, quoted: str) -> None:
    request = requests.serialize(replace(FULL, call=Call.CANCEL_ORDER, order_key=order_id), "", 7)
    assert (request.method, request.path, request.body) == ("PUT", f"/api/orders/{quoted}/cancel?shop_id=7", b"")


def test_return_names_our_number_and_the_return_in_store() -> None:
    settings = replace(SETTINGS, by_return_flow=True)
    (leg,) = plan(parsed(paid_order(paid_line("L1"))), choice(1, "L1"), settings)
    request = requests.serialize(leg, "RET-7F3A", None)
    assert (request.method, request.path) == ("POST", "/api/returns")
    assert _read(request) == {
        "returns": [
            {
                "order_commercial_id": "8817455903",
                "method_code": "RETURN_METHOD_IN_STORE",
                "return_lines": [{"order_line_id": "L1", "quantity": 1, "reason_code": "RETURN_CHANGED_MIND"}],
                "rma": "RET-7F3A",
                "accepted": True,
            }
        ]
    }


def test_leg_that_mirakl_cannot_take_is_an_error() -> None:
    for leg in (replace(FULL, call=Call.OPEN_RETURN), replace(FULL, call=Call.CANCEL_ITEMS)):
        with pytest.raises(ValueError, match="not a request to Mirakl"):
            requests.serialize(leg, "", None)


def test_planned_leg_is_serialized_with_the_decimals_of_the_order() -> None:
    (leg,) = plan(parsed(order_json()), choice(1, shipping=True), SETTINGS)
    body = requests.serialize(leg, "", None).body
    assert b'"amount":49.90,' in body
    assert b'"shipping_amount":4.00,' in body
    assert body == requests.serialize(leg, "", None).body


def test_search_asks_by_number_then_by_both_references() -> None:
    first, second, third = requests.search_paths(5, "88 17/é")
    numbers = first.split("order_ids=")[1].split("&")[0].split(",")
    assert numbers[:3] == ["88+17%2F%C3%A9", "88+17%2F%C3%A9-A", "88+17%2F%C3%A9-B"]
    assert len(numbers) == 27
    assert second == "/api/orders?order_references_for_customer=88+17%2F%C3%A9&max=100&shop_id=5"
    assert third == "/api/orders?order_references_for_seller=88+17%2F%C3%A9&max=100&shop_id=5"


def test_reading_of_one_order_asks_for_the_tax_mode_that_was_sent() -> None:
    assert requests.orders_path(None, "A-1") == "/api/orders?order_ids=A-1"
    assert (
        requests.orders_path(9, "A-1", "TAX_EXCLUDED")
        == "/api/orders?order_ids=A-1&order_tax_mode=TAX_EXCLUDED&shop_id=9"
    )
