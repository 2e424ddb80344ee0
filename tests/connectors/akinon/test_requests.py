"""Paths and bytes of the requests: the walk-through of the cancel call's documentation."""

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from bonifiq_desktop.connectors.akinon import requests
from bonifiq_desktop.domain.orders import OrderIdError
from bonifiq_desktop.domain.returns import BankAccount, Call, Leg, LegLine
from bonifiq_desktop.storage.remote_settings import RemoteSettings
from tests.support.omnitron import SETTINGS

CHANNEL = replace(SETTINGS, channel=3)
LEG = Leg(
    Call.CANCEL_ITEMS,
    "12345",
    (LegLine("1001", 1, Decimal("49.90")),),
    reason_code="7",
    currency="TRY",
    total=Decimal("49.90"),
)
TWO = (*LEG.lines, LegLine("1002", 1, Decimal("49.90")))


def _sent(leg: Leg) -> Any:
    return json.loads(requests.cancel_body(leg))


def test_whole_order_names_no_items_and_a_reason_for_each() -> None:
    leg = replace(LEG, lines=TWO, takes_all=True, shipping=True)
    assert requests.cancel_body(leg) == (
        b'{"order":12345,"is_all":true,"cancel_items":[],"forced_refund_amount":null,'
        b'"reasons":{"1001":7,"1002":7},"is_cargo_refund":true,"return_details":false}'
    )


def test_some_items_are_named_by_their_keys_with_every_optional_field() -> None:
    account = BankAccount("TR330006100519786457841326", "Maria Souza")
    assert _sent(replace(LEG, lines=TWO, invoice_number="R-2025-17", bank_account=account)) == {
        "order": 12345,
        "is_all": False,
        "cancel_items": [1001, 1002],
        "forced_refund_amount": None,
        "reasons": {"1001": 7, "1002": 7},
        "is_cargo_refund": False,
        "refund_invoice_number": "R-2025-17",
        "ibans": dict.fromkeys(("1001", "1002"), account.iban),
        "holder_names": dict.fromkeys(("1001", "1002"), account.holder),
        "return_details": False,
    }


def test_optional_fields_stay_away_when_there_is_nothing_to_say() -> None:
    assert _sent(LEG).keys().isdisjoint({"refund_invoice_number", "ibans", "holder_names"})


def test_same_leg_makes_the_same_bytes() -> None:
    assert requests.cancel_body(LEG) == requests.cancel_body(replace(LEG))


def _under(call: str, prefix: str, settings: RemoteSettings = SETTINGS) -> RemoteSettings:
    return replace(settings, prefixes=((call, prefix),))


PAGE = "limit=50&page=1"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (requests.orders_path(SETTINGS, "W 1/2"), f"/api/i1/orders/?number=W%201%2F2&{PAGE}"),
        (requests.order_path(SETTINGS, 5), "/api/i1/orders_integration/5/detailed_integration/"),
        (requests.order_path(_under("orders", "v1"), 5), "/api/v1/orders_integration/5/detailed_integration/"),
        (requests.items_path(SETTINGS, 5), f"/api/v1/order_item/detailed_integration/?order=5&{PAGE}"),
        (requests.items_path(_under("items", "i1"), 5), f"/api/i1/order_item/detailed_integration/?order=5&{PAGE}"),
        (requests.items_path(CHANNEL, 5, 2), "/api/v1/channel/3/order_items/?order=5&sort=id&limit=50&page=2"),
        (requests.reasons_path(SETTINGS), f"/api/v1/cancellation_reasons/?{PAGE}"),
        (requests.reasons_path(CHANNEL), f"/api/v1/channel/3/cancellation_reasons/?{PAGE}"),
        (requests.cancel_path(SETTINGS, 5), "/api/i1/orders/5/cancel/"),
        (requests.cancel_path(CHANNEL, 5), "/api/i1/orders/5/cancel/"),
        (requests.cancel_path(_under("cancel", "v1", CHANNEL), 5), "/api/v1/channel/3/orders/5/cancel/"),
        (requests.cancel_path(_under("cancel", "v1"), 5), "/api/v1/orders/5/cancel/"),
    ],
)
def test_path_has_the_prefix_of_its_call_and_ends_with_a_slash(path: str, expected: str) -> None:
    assert path == expected
    assert path.partition("?")[0].endswith("/")


def test_personal_number_never_becomes_a_query() -> None:
    with pytest.raises(OrderIdError):
        requests.orders_path(SETTINGS, "529.982.247-25")
