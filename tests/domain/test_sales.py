"""Tests of sales: required fields and the price paid."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bonifiq_desktop.domain import sales
from bonifiq_desktop.domain.orders import Customer, Product
from bonifiq_desktop.domain.sales import Sale, SaleError, SaleState, net_products, paid_total

ANA = Customer(name="Ana", document="52998224725", email="ana@exemplo.com.br")
AT, SECOND = datetime(2026, 11, 20, 15, tzinfo=UTC), timedelta(seconds=1)
SALE = Sale(customer=ANA, total=3000, placed_at=AT)
prices = st.lists(st.integers(0, 10**8), max_size=20)


def _products(values: list[int]) -> list[Product]:
    return [Product(f"P{n}", f"Item {n}", value) for n, value in enumerate(values)]


@pytest.mark.parametrize(
    ("customer", "known_as"),
    [
        (ANA, "52998224725"),
        (replace(ANA, document=""), "ana@exemplo.com.br"),
        (replace(ANA, customer_id="loja-77"), "loja-77"),
        (Customer(name="Ana", phone="+5511987654321"), "+5511987654321"),
    ],
)
def test_sale_customer_id_is_document_or_email_or_phone(customer: Customer, known_as: str) -> None:
    assert replace(SALE, customer=customer).checked().customer.customer_id == known_as


@pytest.mark.parametrize(
    ("sale", "field"),
    [
        (replace(SALE, customer=Customer(name="Ana")), "document"),
        (replace(SALE, customer=replace(ANA, name=" ")), "name"),
        (replace(SALE, total=0), "total"),
        (replace(SALE, total=-1), "total"),
        (replace(SALE, products=(Product("P", "Item", 2999),)), "products"),
        (replace(SALE, products=(Product("P", "Item", None),)), "products"),
        (replace(SALE, made_at=AT - SECOND), "date"),
        (replace(SALE, made_at=AT, settled_at=AT - SECOND), "state_date"),
        (replace(SALE, made_at=AT, settled_at=AT + SECOND), "state_date"),
        (replace(SALE, settled_at=AT - SECOND), "state_date"),
        (replace(SALE, notes=(("NFC-e", "\u200b"),)), "metadata"),
        (replace(SALE, notes=((" ", "35"),)), "metadata"),
        (replace(SALE, order_id=".."), "order_id"),
        (replace(SALE, order_id="a\nb"), "order_id"),
    ],
)
def test_invalid_sale_is_refused_with_field_name(sale: Sale, field: str) -> None:
    with pytest.raises(SaleError) as refused:
        sale.checked()
    assert refused.value.field == field


def test_complete_sale_is_valid() -> None:
    sale = replace(SALE, order_id=" 1006/B ", products=(Product("P", "Item", 1000), Product("Q", "Outro", 2000)))
    assert sale.checked().order_id == "1006/B"
    assert SALE.checked().order_id == ""
    assert sale.checked().checked() == sale.checked()


def test_sale_completed_a_day_later_is_valid() -> None:
    sale = replace(SALE, settled_at=AT + SECOND, made_at=AT + SECOND, notes=(("NFC-e", "35AB"),))
    assert sale.checked().settled_at == AT + SECOND
    assert replace(SALE, settled_at=AT + SECOND).checked().made_at is None


def test_sale_error_field_is_always_in_sale_fields() -> None:
    source = Path(sales.__file__).read_text(encoding="utf-8")
    assert set(re.findall(r'SaleError\("(\w+)"\)', source)) <= set(sales.SALE_FIELDS)


@pytest.mark.parametrize("state", SaleState)
def test_order_from_sale_has_state_of_sale(state: SaleState) -> None:
    order = sales.order_from_sale(replace(SALE, state=state), "A-1")
    assert (order.completed, order.cancelled, order.pending) == (
        state is SaleState.COMPLETED,
        state is SaleState.CANCELLED,
        state is SaleState.PENDING,
    )


def test_paid_total_is_sum_less_discount() -> None:
    assert paid_total([1000, 2000], 500) == 2500
    assert paid_total([1000], 1000) == 0


@pytest.mark.parametrize(("values", "discount"), [([1000], 1001), ([], 1), ([0, 0], 1), ([1000], -1)])
def test_impossible_discount_is_refused(values: list[int], discount: int) -> None:
    for refused_by in (lambda: paid_total(values, discount), lambda: net_products(_products(values), discount)):
        with pytest.raises(SaleError) as refused:
            refused_by()
        assert refused.value.field == "discount"


def test_negative_price_is_refused() -> None:
    with pytest.raises(SaleError):
        net_products(_products([1000, -500]), 0)


@given(prices, st.data())
def test_net_products_add_up_to_paid_total(values: list[int], data: st.DataObject) -> None:
    discount = data.draw(st.integers(0, sum(values)))
    net = net_products(_products(values), discount)
    assert sum(product.price or 0 for product in net) == paid_total(values, discount)
    assert all(0 <= (product.price or 0) <= value for product, value in zip(net, values, strict=True))
    assert [product.product_id for product in net] == [product.product_id for product in _products(values)]


def test_net_products_without_price_count_zero() -> None:
    assert [p.price for p in net_products([Product("P", "Brinde", None), Product("Q", "Item", 100)], 10)] == [0, 90]


def test_repr_of_sale_hides_customer() -> None:
    assert "52998224725" not in repr(SALE)
