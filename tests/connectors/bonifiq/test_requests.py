"""Request paths and bodies: exact names of the API, and no field that an older server would refuse."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from bonifiq_desktop.connectors import exact_json
from bonifiq_desktop.connectors.bonifiq.requests import (
    SALES_PATH,
    cancel_body,
    cancel_path,
    order_path,
    refund_body,
    refund_path,
    sale_body,
)
from bonifiq_desktop.domain.operations import Line
from bonifiq_desktop.domain.orders import Customer, OrderIdError, Product
from bonifiq_desktop.domain.sales import Sale, SaleState

# Fields of each object of a request. An older server could refuse any other.
NAMES = {
    "sale": {
        *("OriginalId", "OrderPlacementDate", "OrderCompletedDate", "OrderCancelledDate", "OrderStatus"),
        *("IsCancelledOrReturned", "IsCompleted", "OrderTotal", "Customer", "Products", "UpdatedDate", "Coupon"),
        *("Metadatas", "PaymentMethod", "Branch", "SalesPerson"),
    },
    "Customer": {"OriginalId", "Name", "Email", "Phone", "Document", "IsEnrolled", "BirthdayDate"},
    "Products": {"OriginalId", "Title", "IsActive", "ProductPrice", "ProductBrand", "ProductCategory"},
    "Metadatas": {"Name", "Value"},
    "PaymentMethod": {"OriginalId", "Name"},
    "Branch": {"OriginalId", "Name"},
    "SalesPerson": {"OriginalId", "Name"},
}
AT = datetime(2026, 11, 20, 12, 30, 5, 123456, tzinfo=timezone(timedelta(hours=-3)))
AT_WIRE = "2026-11-20T15:30:05.123Z"
ANA = Customer("52998224725", "Ana Lima", "52998224725", "ana@exemplo.com.br", "+5511987654321", "Ouro", 5, 10)
BARE = Sale(customer=Customer(customer_id="52998224725", name="Ana"), total=2590, placed_at=AT)
FULL = Sale(
    customer=ANA,
    total=3000,
    placed_at=AT,
    status_text="Entregue",
    products=(Product("P1", "Café", 1000), Product("P2", "Pão", None), Product("P1", "Café", 2000)),
    coupon="VIP10",
    payment_method="Cartão de crédito Visa",
    sales_person="Bia",
    branch_id="L1",
    notes=(("caixa", "CAIXA1"),),
)


def _read(body: bytes) -> dict[str, Any]:
    data = exact_json.load(body)
    assert isinstance(data, dict)
    return data


@pytest.mark.parametrize(
    ("order_id", "quoted"),
    [
        ("1006/B", "1006%2FB"),
        ("a b", "a%20b"),
        ("ç%2F", "%C3%A7%252F"),
        ("100%", "100%25"),
        ("?#&=+", "%3F%23%26%3D%2B"),
        ("../x", "..%2Fx"),
        ("...", "..."),
        (" A-1 ", "A-1"),
    ],
)
def test_order_number_is_quoted_in_every_path(order_id: str, quoted: str) -> None:
    assert order_path(order_id) == f"/v1/pvt/Order/{quoted}"
    assert refund_path(order_id, family="POS") == f"/v1/pvt/POS/{quoted}/partialcancel"
    assert refund_path(order_id, family="Order") == f"/v1/pvt/Order/{quoted}/partialcancel"
    assert cancel_path(order_id, family="POS") == f"/v1/pvt/POS/orders/{quoted}/cancel"
    assert cancel_path(order_id, family="Order") == f"/v1/pvt/Order/{quoted}/cancel"
    assert SALES_PATH == "/v1/pvt/POS/orders"


@pytest.mark.parametrize("order_id", ["", ".", "..", "a\r\nHost: x", "\ud800"])
def test_order_number_that_could_change_the_path_is_refused(order_id: str) -> None:
    for path in (order_path, lambda o: refund_path(o, family="POS"), lambda o: cancel_path(o, family="POS")):
        with pytest.raises(OrderIdError):
            path(order_id)


def test_refund_body_holds_only_value_and_key() -> None:
    assert refund_body(2590, "BQ-1") == b'{"ValueToRefund":25.90,"CancelKey":"BQ-1"}'
    assert refund_body(5, "BQ-1") == b'{"ValueToRefund":0.05,"CancelKey":"BQ-1"}'


def test_refund_body_with_items_has_one_entry_per_product() -> None:
    lines = [Line("P1", "Café", 1000), Line("P2", "Pão", 90), Line("P1", "Café", 1500), Line("P3", "Leite", 0)]
    body = _read(refund_body(2590, "BQ-1", lines))
    assert body == {
        "ValueToRefund": Decimal("25.90"),
        "CancelKey": "BQ-1",
        "Products": [
            {"OriginalId": "P1", "ValueToRefund": Decimal("25.00")},
            {"OriginalId": "P2", "ValueToRefund": Decimal("0.90")},
        ],
    }
    assert sum(p["ValueToRefund"] for p in body["Products"]) == body["ValueToRefund"]


@pytest.mark.parametrize(
    "lines",
    [
        [Line("P1", "Café", 2000), Line("", "Sem número", 590)],
        [Line("P1", "Café", 3590), Line("D", "Desconto", -1000)],
        [Line("P1", "Café", 2500)],
        [Line("P1", "Café", 0)],
    ],
)
def test_refund_body_omits_items_that_bonifiq_would_refuse(lines: list[Line]) -> None:
    assert refund_body(2590, "BQ-1", lines) == refund_body(2590, "BQ-1")


def test_cancel_body_holds_date_and_reason() -> None:
    assert _read(cancel_body(AT, "Desistiu")) == {"OrderCancelledDate": AT_WIRE, "OrderStatus": "Desistiu"}
    assert _read(cancel_body(AT, "")) == {"OrderCancelledDate": AT_WIRE, "OrderStatus": None}


def test_sale_body_of_smallest_sale_holds_required_fields_only() -> None:
    assert _read(sale_body(BARE, "CAIXA1-1")) == {
        "OriginalId": "CAIXA1-1",
        "OrderPlacementDate": AT_WIRE,
        "OrderCompletedDate": AT_WIRE,
        "OrderStatus": "Concluído",
        "IsCompleted": True,
        "IsCancelledOrReturned": False,
        "OrderTotal": Decimal("25.90"),
        "UpdatedDate": AT_WIRE,
        "Customer": {"OriginalId": "52998224725", "Name": "Ana", "IsEnrolled": True},
    }


def test_sale_body_of_complete_sale_holds_every_field() -> None:
    body = _read(sale_body(FULL, "A-1"))
    assert body["Customer"] == {
        "OriginalId": "52998224725",
        "Name": "Ana Lima",
        "Document": "52998224725",
        "Email": "ana@exemplo.com.br",
        "Phone": "+5511987654321",
        "IsEnrolled": True,
    }
    assert [p["ProductPrice"] for p in body["Products"]] == [Decimal("10.00"), Decimal("0.00"), Decimal("20.00")]
    assert body["Coupon"] == "VIP10"
    assert body["PaymentMethod"] == {"OriginalId": "Cartão de crédito Visa", "Name": "Cartão de crédito Visa"}
    assert body["SalesPerson"] == {"OriginalId": "Bia", "Name": "Bia"}
    assert body["Branch"] == {"OriginalId": "L1", "Name": "L1"}
    assert body["Metadatas"] == [{"Name": "caixa", "Value": "CAIXA1"}]
    assert body["OrderStatus"] == "Entregue"


@pytest.mark.parametrize(
    ("state", "completed", "cancelled"),
    [(SaleState.COMPLETED, True, False), (SaleState.PENDING, False, False), (SaleState.CANCELLED, False, True)],
)
def test_sale_body_has_the_date_of_its_true_flag_only(state: SaleState, *, completed: bool, cancelled: bool) -> None:
    body = _read(sale_body(replace(BARE, state=state), "A-1"))
    assert (body["IsCompleted"], body["IsCancelledOrReturned"]) == (completed, cancelled)
    assert ("OrderCompletedDate" in body, "OrderCancelledDate" in body) == (completed, cancelled)
    assert body["OrderStatus"]


@pytest.mark.parametrize("sale", [BARE, FULL, replace(FULL, state=SaleState.CANCELLED)])
def test_sale_body_holds_no_field_unknown_to_older_servers(sale: Sale) -> None:
    body = _read(sale_body(sale, "A-1"))
    assert body.keys() <= NAMES["sale"]
    for name, value in body.items():
        for item in value if isinstance(value, list) else [value]:
            assert not isinstance(item, dict) or item.keys() <= NAMES[name]
    assert "PaymentMethods" not in body


def test_sale_body_splits_coded_names_into_code_and_name() -> None:
    sale = replace(
        FULL,
        sales_person="17 = Bia",
        payment_method="v = Visa",
        products=(Product("P1", "Blusa", 3000, 2, "10 = Nike", "r = Roupas > Blusas"), Product("P2", "Pão", 0)),
    )
    body = _read(sale_body(sale, "A-1"))
    assert body["SalesPerson"] == {"OriginalId": "17", "Name": "Bia"}
    assert body["PaymentMethod"] == {"OriginalId": "v", "Name": "Visa"}
    first, second = body["Products"]
    assert first["ProductBrand"] == {"OriginalId": "10", "Name": "Nike"}
    above = {"OriginalId": "r", "Name": "Roupas"}
    assert first["ProductCategory"] == {"OriginalId": "Blusas", "Name": "Blusas", "ParentCategory": above}
    assert first["ProductPrice"] == Decimal("30.00"), "the price of both pieces together"
    assert not second.keys() & {"ProductBrand", "ProductCategory", "Quantity"}


@pytest.mark.parametrize(("known", "sent"), [(None, True), (True, True), (False, False)])
def test_sale_body_consent_is_known_value_or_true(*, known: bool | None, sent: bool) -> None:
    body = _read(sale_body(replace(BARE, customer=replace(BARE.customer, enrolled=known)), "A-1"))
    assert body["Customer"]["IsEnrolled"] is sent


def test_sale_body_dates_come_from_their_own_fields() -> None:
    placed, settled, made = (datetime(2026, 11, day, 23, 59, 59, 999999, tzinfo=UTC) for day in (18, 19, 20))
    sale = replace(BARE, placed_at=placed, settled_at=settled, made_at=made, birthday=date(1990, 5, 17))
    body = _read(sale_body(sale, "A-1"))
    assert body["OrderPlacementDate"] == "2026-11-18T23:59:59.999Z"
    assert body["OrderCompletedDate"] == "2026-11-19T23:59:59.999Z"
    assert body["UpdatedDate"] == "2026-11-20T23:59:59.999Z"
    assert body["Customer"]["BirthdayDate"] == "1990-05-17T12:00:00.000Z"
    cancelled = _read(sale_body(replace(sale, state=SaleState.CANCELLED), "A-1"))
    assert cancelled["OrderCancelledDate"] == "2026-11-19T23:59:59.999Z"


def test_request_times_are_utc_with_milliseconds() -> None:
    assert _read(cancel_body(datetime(2026, 1, 1, tzinfo=UTC), ""))["OrderCancelledDate"] == "2026-01-01T00:00:00.000Z"


def test_request_amounts_are_json_numbers() -> None:
    assert b'"OrderTotal":25.90' in sale_body(BARE, "A-1")
    assert isinstance(json.loads(sale_body(BARE, "A-1"), parse_float=Decimal)["OrderTotal"], Decimal)
