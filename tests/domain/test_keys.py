"""CancelKeys and sale numbers: the same wherever they are made, and never by chance."""

import re
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from bonifiq_desktop.config.settings import TILL_NAME
from bonifiq_desktop.domain.keys import cancel_key, sale_order_id

parts = st.tuples(
    st.text(st.characters(codec="utf-8"), max_size=12), st.text(st.characters(codec="utf-8"), max_size=12)
)
numbers = st.tuples(st.integers(1, 10**10), st.integers(0, 50), st.integers(0, 5))


def test_the_derivation_of_a_key_never_changes() -> None:
    # Tills of different versions and a reinstalled PC must make this very key. Never adapt these to the code.
    assert cancel_key("7C9E2A10", "1006/B", 2590, 0) == "BQ-P34AL-4VLVL-NIUOI-BEXNX-Y5IEO"
    assert cancel_key("7C9E2A10", "1006/B", 2590, 1, 2) == "BQ-B2ULP-EJAFX-3OPFB-PDT4J-GDRSH"


@given(parts, numbers)
def test_a_key_has_a_form_that_every_system_takes(names: tuple[str, str], rest: tuple[int, int, int]) -> None:
    assert re.fullmatch(r"BQ(-[A-Z2-7]{5}){5}", cancel_key(*names, *rest))


@given(parts, numbers, parts, numbers)
def test_a_key_is_the_same_exactly_for_the_same_intention(
    names: tuple[str, str], rest: tuple[int, int, int], names2: tuple[str, str], rest2: tuple[int, int, int]
) -> None:
    same = (names[0], names[1].upper(), rest) == (names2[0], names2[1].upper(), rest2)
    assert (cancel_key(*names, *rest) == cancel_key(*names2, *rest2)) is same
    assert cancel_key(*names, *rest) == cancel_key(*names, *rest)


def test_every_part_counts() -> None:
    keys = {
        cancel_key("A", "1", 100, 0, 0),
        cancel_key("B", "1", 100, 0, 0),
        cancel_key("A", "2", 100, 0, 0),
        cancel_key("A", "1", 101, 0, 0),
        cancel_key("A", "1", 100, 1, 0),
        cancel_key("A", "1", 100, 0, 1),
    }
    assert len(keys) == 6


def test_parts_that_only_join_alike_make_different_keys() -> None:
    assert cancel_key("AB", "C", 1, 0) != cancel_key("A", "BC", 1, 0)
    assert cancel_key("A", "1", 11, 0) != cancel_key("A", "11", 1, 0)
    assert cancel_key("A", "1:1,", 1, 0) != cancel_key("A", "1", 1, 0)
    assert cancel_key("A", "1", 1, 11, 0) != cancel_key("A", "1", 1, 1, 10)


def test_a_key_holds_nothing_of_what_it_is_made_from() -> None:
    assert "529" not in cancel_key("TOKEN", "52998224725", 100, 0)


def test_a_sale_number_tells_till_day_ledger_and_count() -> None:
    assert sale_order_id("CAIXA1", date(2026, 11, 20), "7KQF", 1) == "CAIXA1-261120-7KQF-0001"
    assert sale_order_id("CAIXA1", date(2026, 11, 20), "7KQF", 12345) == "CAIXA1-261120-7KQF-12345"


def test_a_till_name_is_short_and_plain() -> None:
    assert TILL_NAME.fullmatch("CAIXA1")
    for bad in ("", "caixa", "CAIXA 1", "A" * 13, "CAIXA-1", "CAIXÃ"):
        assert TILL_NAME.fullmatch(bad) is None
