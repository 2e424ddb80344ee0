"""Orders: their numbers, what is left of them, and what is kept of their customers."""

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
def test_any_number_a_shop_may_use_names_an_order(text: str) -> None:
    assert read_order_id(f" {text}\n") == text


@pytest.mark.parametrize(
    "text", ["", "  ", ".", "..", " .. ", "a\nb", "a\0", "a\u202eb", "\u200b", "\ud800", "x" * (MAX_ORDER_ID + 1)]
)
def test_what_could_leave_its_place_in_an_address_names_no_order(text: str) -> None:
    with pytest.raises(OrderIdError):
        read_order_id(text)


def test_numbers_that_a_server_may_fold_are_the_same_order() -> None:
    assert same_order("A-1 ", "a-1")
    assert not same_order("A-1", "A-10")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("São-1", "Sa\u0303o-1"),  # two letters as one sign, or as two
        ("SÃO-1", "sa\u0303o-1"),
        ("Straße", "STRASSE"),
        ("STRAẞE", "straße"),
        ("İZ-1", "i\u0307z-1"),
        ("ΛΟΓΟΣ", "λογος"),
        ("ᾴ", "\u03b1\u0345\u0301"),
        ("\u212b-1", "\u00e5-1"),  # the sign of the unit is the letter
    ],
)
def test_one_number_in_another_writing_is_the_same_order(one: str, other: str) -> None:
    assert same_order(one, other)
    assert normalized_order_id(one) == normalized_order_id(other)


@pytest.mark.parametrize(("one", "other"), [("São", "Sao"), ("Iz", "İz"), ("1O", "10"), ("a b", "ab")])
def test_what_only_looks_alike_is_another_order(one: str, other: str) -> None:
    assert not same_order(one, other)


@given(st.text(max_size=20))
def test_the_normal_form_of_a_number_is_the_same_for_every_writing_of_it(text: str) -> None:
    form = normalized_order_id(text)
    assert normalized_order_id(form) == form
    assert {normalized_order_id(normalize(kind, text)) for kind in ("NFC", "NFD")} == {form}
    assert normalized_order_id(f" {text.casefold()}\n") == form


@pytest.mark.parametrize(
    ("total_now", "largest_total", "refunds", "left"),
    [
        (10000, 10000, [], 10000),
        (10000, 10000, [3000], 7000),  # the look-up does not show earlier refunds
        (7000, 10000, [3000], 7000),  # it does
        (6000, 10000, [3000], 6000),  # somebody refunded elsewhere
        (18000, 18000, [2590], 15410),  # exchanged for dearer goods after a refund
        (10000, 10000, [3000, 7000], 0),
        (10000, 10000, [9000, 7000], 0),
        (0, 10000, [], 0),
        (-100, 10000, [], 0),
    ],
)
def test_never_more_is_left_than_either_side_says(
    total_now: int, largest_total: int, refunds: list[int], left: int
) -> None:
    assert still_refundable(total_now, largest_total, refunds) == left


@given(st.integers(0, 10**10), st.integers(0, 10**10), st.lists(st.integers(0, 10**9)))
def test_refunding_what_is_left_never_passes_the_largest_total(now: int, largest: int, refunds: list[int]) -> None:
    left = still_refundable(now, largest, refunds)
    assert 0 <= left <= now
    assert left == 0 or sum(refunds) + left <= largest


@pytest.mark.parametrize(
    ("confirmed", "total_now", "speaks_against"),
    [
        (3000, 7000, True),  # the earlier refund shows and this one does not
        (3000, 5000, False),  # both show
        (3000, 10000, False),  # none shows: the look-up tells nothing
        (0, 10000, False),  # there is no earlier one to compare with
    ],
)
def test_only_a_lookup_that_shows_refunds_can_contradict_one(
    confirmed: int, total_now: int, speaks_against: bool
) -> None:
    assert lookup_contradicts(10000, confirmed, 2000, total_now) is speaks_against


def test_the_ledger_keeps_a_first_name_and_a_masked_document() -> None:
    kept = Order("A-1", 100, customer=ANA).for_ledger()
    assert kept.customer == Customer(name="Ana", document="***.982.247-**", tier="Ouro")
    assert kept.for_ledger() == kept
    assert Order("A-1", 100).for_ledger() == Order("A-1", 100)
    assert Order("A-1", 100, customer=Customer(name="  ")).for_ledger().customer == Customer()


def test_nothing_personal_or_secret_is_printed_by_accident() -> None:
    for shown in (repr(ANA), repr(Order("A-1", 100, customer=ANA)), str(ANA)):
        assert not any(secret in shown for secret in SECRETS)
    assert "TOKEN" not in repr(Credentials("TOKEN", "SECRET"))
    assert "SECRET" not in repr(Credentials("TOKEN", "SECRET"))
