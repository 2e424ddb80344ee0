"""Tests of order numbers, refundable values and stored customer data."""

from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bonifiq_desktop.domain.orders import (
    Customer,
    Order,
    OrderIdError,
    lookup_contradicts,
    normalized_order_id,
    read_order_id,
    same_order,
    still_refundable,
)
from bonifiq_desktop.domain.text import MAX_ORDER_ID
from bonifiq_desktop.security.credentials import Credentials

ANA = Customer(
    customer_id="ana@exemplo.com.br",
    name="Ana Lima Prado",
    document="52998224725",
    email="ana@exemplo.com.br",
    phone="+5511987654321",
    tier="Ouro",
    points=120,
    cashback=450,
)
SECRETS = ("ana@exemplo", "52998224725", "11987654321", "Prado", "Lima")


@pytest.mark.parametrize("text", ["1006/B", "a b", "ç%2F", "100%", "...", ".a", "x" * MAX_ORDER_ID, "v1.0"])
def test_order_id_of_any_shop_format_is_read(text: str) -> None:
    assert read_order_id(f" {text}\n") == text


@pytest.mark.parametrize(
    "text", ["", "  ", ".", "..", " .. ", "a\nb", "a\0", "a\u202eb", "\u200b", "\ud800", "x" * (MAX_ORDER_ID + 1)]
)
def test_order_id_unsafe_in_url_is_refused(text: str) -> None:
    with pytest.raises(OrderIdError):
        read_order_id(text)


def test_order_id_with_other_case_names_same_order() -> None:
    assert same_order("A-1 ", "a-1")
    assert not same_order("A-1", "A-10")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("São-1", "Sa\u0303o-1"),  # composed and decomposed letters
        ("SÃO-1", "sa\u0303o-1"),
        ("Straße", "STRASSE"),
        ("STRAẞE", "straße"),
        ("İZ-1", "i\u0307z-1"),
        ("ΛΟΓΟΣ", "λογος"),
        ("ᾴ", "\u03b1\u0345\u0301"),
        ("\u212b-1", "\u00e5-1"),  # the Ångström sign is the letter
    ],
)
def test_order_id_in_other_unicode_form_names_same_order(one: str, other: str) -> None:
    assert same_order(one, other)
    assert normalized_order_id(one) == normalized_order_id(other)


@pytest.mark.parametrize(("one", "other"), [("São", "Sao"), ("Iz", "İz"), ("1O", "10"), ("a b", "ab")])
def test_order_id_that_looks_alike_names_other_order(one: str, other: str) -> None:
    assert not same_order(one, other)


@given(st.text(max_size=20))
def test_order_id_normal_form_is_equal_for_all_spellings(text: str) -> None:
    form = normalized_order_id(text)
    assert normalized_order_id(form) == form
    assert {normalized_order_id(normalize(kind, text)) for kind in ("NFC", "NFD")} == {form}
    assert normalized_order_id(f" {text.casefold()}\n") == form


@pytest.mark.parametrize(
    ("total_now", "largest_total", "refunds", "left"),
    [
        (10000, 10000, [], 10000),
        (10000, 10000, [3000], 7000),  # the look-up shows no earlier refunds
        (7000, 10000, [3000], 7000),  # the look-up shows them
        (6000, 10000, [3000], 6000),  # refunded elsewhere
        (18000, 18000, [2590], 15410),  # exchanged for dearer goods after a refund
        (10000, 10000, [3000, 7000], 0),
        (10000, 10000, [9000, 7000], 0),
        (0, 10000, [], 0),
        (-100, 10000, [], 0),
    ],
)
def test_refundable_value_never_exceeds_lookup_or_history(
    total_now: int, largest_total: int, refunds: list[int], left: int
) -> None:
    assert still_refundable(total_now, largest_total, refunds) == left


@given(st.integers(0, 10**10), st.integers(0, 10**10), st.lists(st.integers(0, 10**9)))
def test_refunds_of_refundable_value_never_exceed_largest_total(now: int, largest: int, refunds: list[int]) -> None:
    left = still_refundable(now, largest, refunds)
    assert 0 <= left <= now
    assert left == 0 or sum(refunds) + left <= largest


@pytest.mark.parametrize(
    ("confirmed", "total_now", "speaks_against"),
    [
        (3000, 7000, True),  # shows the earlier refund only
        (3000, 5000, False),  # shows both
        (3000, 10000, False),  # shows none, and so proves nothing
        (0, 10000, False),  # no earlier refund to compare with
    ],
)
def test_lookup_contradicts_refund_only_when_it_shows_refunds(
    confirmed: int, total_now: int, speaks_against: bool
) -> None:
    assert lookup_contradicts(10000, confirmed, 2000, total_now) is speaks_against


def test_order_for_ledger_keeps_first_name_and_masked_document() -> None:
    kept = Order("A-1", 100, customer=ANA).for_ledger()
    assert kept.customer == Customer(name="Ana", document="***.982.247-**", tier="Ouro")
    assert kept.for_ledger() == kept
    assert Order("A-1", 100).for_ledger() == Order("A-1", 100)
    assert Order("A-1", 100, customer=Customer(name="  ")).for_ledger().customer == Customer()


def test_repr_of_records_hides_personal_data_and_secrets() -> None:
    for shown in (repr(ANA), repr(Order("A-1", 100, customer=ANA)), str(ANA)):
        assert not any(secret in shown for secret in SECRETS)
    assert "TOKEN" not in repr(Credentials("TOKEN", "SECRET"))
    assert "SECRET" not in repr(Credentials("TOKEN", "SECRET"))
