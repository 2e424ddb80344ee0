"""Tests of CancelKeys, sale references and sale numbers."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bonifiq_desktop.domain.keys import cancel_key, next_index, sale_order_id, sale_reference
from bonifiq_desktop.domain.orders import normalized_order_id
from bonifiq_desktop.storage.settings import TILL_NAME

names = st.text(st.characters(codec="utf-8"), max_size=12)
intentions = st.tuples(names, names, st.integers(1, 10**10), st.integers(0, 50))


def test_cancel_key_derivation_never_changes() -> None:
    # Tills of all versions must derive these keys. Never adapt the expected keys to the code.
    assert cancel_key("7C9E2A10", "1006/B", 2590, 0) == "BQ-4YTKK-KGSJX-VWG34-REA3R-BMQVF"
    assert cancel_key("7C9E2A10", "1006/B", 2590, 2) == "BQ-E4MCC-RO3JD-I6E6X-HTOVL-UYARX"


@given(intentions)
def test_cancel_key_has_portable_form(intention: tuple[str, str, int, int]) -> None:
    assert re.fullmatch(r"BQ(-[A-Z2-7]{5}){5}", cancel_key(*intention))


@given(intentions, intentions)
def test_cancel_key_is_equal_exactly_for_equal_intents(
    one: tuple[str, str, int, int], other: tuple[str, str, int, int]
) -> None:
    same = (one[0], normalized_order_id(one[1]), one[2:]) == (other[0], normalized_order_id(other[1]), other[2:])
    assert (cancel_key(*one) == cancel_key(*other)) is same
    assert cancel_key(*one) == cancel_key(*one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Pedido é 1", "pedido e\u0301 1"),
        ("STRASSE-1", "straße-1"),
        ("ΟΔΟΣ-1", "οδος-1"),
        ("İ-1", "i\u0307-1"),
        (" a ", "A"),
    ],
)
def test_cancel_key_of_other_spelling_is_equal(one: str, other: str) -> None:
    assert cancel_key("A", one, 100, 0) == cancel_key("A", other, 100, 0)


def test_cancel_key_changes_with_every_part() -> None:
    keys = {
        cancel_key("A", "1", 100, 0),
        cancel_key("B", "1", 100, 0),
        cancel_key("A", "2", 100, 0),
        cancel_key("A", "1", 101, 0),
        cancel_key("A", "1", 100, 1),
    }
    assert len(keys) == 5


def test_cancel_key_of_parts_with_equal_concatenation_differs() -> None:
    assert cancel_key("AB", "C", 1, 0) != cancel_key("A", "BC", 1, 0)
    assert cancel_key("A", "1", 11, 0) != cancel_key("A", "11", 1, 0)
    assert cancel_key("A", "1:1,", 1, 0) != cancel_key("A", "1", 1, 0)
    assert cancel_key("A", "1", 1, 11) != cancel_key("A", "1", 11, 1)


@pytest.mark.parametrize(("used", "index"), [([], 0), ([0], 1), ([1], 2), ([2, 0], 3), ([0, 0], 1)])
def test_next_index_is_one_above_highest_used(used: list[int], index: int) -> None:
    assert next_index(used) == index


def test_cancel_key_reveals_none_of_its_parts() -> None:
    assert "529" not in cancel_key("TOKEN", "52998224725", 100, 0)


def test_sale_order_id_holds_till_day_ledger_and_number() -> None:
    assert sale_order_id("CAIXA1", date(2026, 11, 20), "7KQF", 1) == "CAIXA1-261120-7KQF-0001"
    assert sale_order_id("CAIXA1", date(2026, 11, 20), "7KQF", 12345) == "CAIXA1-261120-7KQF-12345"


def test_sale_reference_identifies_ledger_and_registration() -> None:
    assert sale_reference("7KQF", "intent-1") == sale_reference("7KQF", "intent-1")
    assert re.fullmatch(r"7KQF-[A-Z2-7]{12}", sale_reference("7KQF", "intent-1"))
    others = {
        sale_reference(*parts) for parts in (("7KQF", "intent-1"), ("7KQF", "intent-2"), ("8KQF", "intent-1"))
    } | {sale_reference("7KQF", None) for _ in range(3)}
    assert len(others) == 6


def test_till_name_outside_format_is_refused() -> None:
    assert TILL_NAME.fullmatch("CAIXA1")
    for bad in ("", "caixa", "CAIXA 1", "A" * 13, "CAIXA-1", "CAIXÃ"):
        assert TILL_NAME.fullmatch(bad) is None
