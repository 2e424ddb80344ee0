"""Shares of a line's amounts: exact, in the order's decimals, and adding up."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bonifiq_desktop.connectors.mirakl.amounts import (
    amounts_left,
    charges_left,
    fraction_digits,
    share_of_amount,
    share_of_units,
)
from bonifiq_desktop.domain.remote_orders import Charge, RemoteRecord
from tests.connectors.mirakl.examples import line_json, order_json, parsed

DIGITS = st.sampled_from([0, 2, 3])
MINOR = st.integers(0, 10**9)


@given(MINOR, st.integers(1, 60), DIGITS)
def test_units_one_by_one_add_up_to_the_whole(minor: int, units: int, digits: int) -> None:
    whole = Decimal(minor).scaleb(-digits)
    left, given_back = whole, []
    for units_left in range(units, 0, -1):
        given_back.append(share_of_units(left, 1, units_left, digits))
        left -= given_back[-1]
    assert sum(given_back) == whole
    assert left == 0
    assert max(given_back) - min(given_back) <= Decimal(1).scaleb(-digits)


@given(MINOR, st.integers(1, 60), st.data(), DIGITS)
def test_units_at_once_give_the_same_as_one_by_one(minor: int, units: int, data: st.DataObject, digits: int) -> None:
    whole = Decimal(minor).scaleb(-digits)
    some = data.draw(st.integers(1, units))
    left = whole
    for units_left in range(units, units - some, -1):
        left -= share_of_units(left, 1, units_left, digits)
    assert share_of_units(whole, some, units, digits) == whole - left


@given(MINOR, st.integers(1, 10**6), st.data(), DIGITS)
def test_share_of_an_amount_never_exceeds_what_is_left(
    minor: int, amount_left: int, data: st.DataObject, digits: int
) -> None:
    left, most = Decimal(minor).scaleb(-digits), Decimal(amount_left).scaleb(-digits)
    amount = Decimal(data.draw(st.integers(1, amount_left))).scaleb(-digits)
    share = share_of_amount(left, amount, most, digits)
    assert 0 <= share <= left
    assert share_of_amount(left, most, most, digits) == left
    assert share == share.quantize(Decimal(1).scaleb(-digits))


@pytest.mark.parametrize(
    ("currency", "price", "digits", "share"),
    [
        ("BRL", "100", 2, "33.34"),
        ("JPY", "1000", 0, "334"),
        ("CLP", "19990", 0, "6664"),
        ("TND", "10.5", 3, "3.500"),
        ("KWD", "1.001", 3, "0.334"),
        ("EUR", "10.0005", 4, "3.3335"),  # an order of a platform with four decimals
        ("BRL", "129.89999999999998", 2, "43.30"),  # the noise of a double
    ],
)
def test_share_has_the_decimals_that_the_order_shows(currency: str, price: str, digits: int, share: str) -> None:
    order = parsed(order_json(line_json(price=price, quantity=3, shipping_price=0), currency_iso_code=currency))
    assert order.remote is not None
    (line,) = order.remote.lines
    assert fraction_digits(line, currency) == digits
    assert str(share_of_units(line.amount_left, 1, 3, digits)) == share


def test_amount_left_has_a_smaller_and_a_larger_reading() -> None:
    records = (
        RemoteRecord("1", "cancelation", Decimal("12.34"), Decimal(0)),
        RemoteRecord("2", "refund", Decimal("6.82"), Decimal(0)),
        RemoteRecord("3", "return", Decimal(0), Decimal(0)),
    )
    assert amounts_left(Decimal(165), records) == (Decimal("145.84"), Decimal("158.18"))
    assert amounts_left(Decimal(10), records) == (Decimal(0), Decimal("3.18"))


def test_charges_left_are_without_those_of_records() -> None:
    left = charges_left(
        [Charge("ICMS", Decimal(10), "NONE"), Charge("ISS", Decimal(1))],
        [Charge("ICMS", Decimal(4)), Charge("ICMS", Decimal(5)), Charge("ISS", Decimal(2)), Charge("X", Decimal(2))],
    )
    assert left == (Charge("ICMS", Decimal(1), "NONE"), Charge("ISS", Decimal(0)))
