"""Tests of exact money."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bonifiq_desktop.connectors import exact_json
from bonifiq_desktop.domain.money import (
    MAX_CENTS,
    MAX_WIRE_CENTS,
    MoneyError,
    format_plain,
    format_reais,
    from_wire,
    read_money,
    spread,
    to_wire,
)

typable = st.integers(0, MAX_CENTS)


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("2590", 2590),
        ("1", 1),
        ("25,90", 2590),
        ("25,9", 2590),
        ("R$ 1.234,56", 123456),
        ("R$\u00a01.234,56", 123456),
        ("R$\u202f1.234,56", 123456),
        (" 1.234,56 ", 123456),
        ("1.234", 123400),
        ("12.50", 1250),
        ("12.5", 1250),
        ("1,234.50", 123450),
        ("0,05", 5),
        ("99.999.999,99", MAX_CENTS),
        ("9999999999", MAX_CENTS),
    ],
)
def test_read_money_brazilian_text_is_read(text: str, cents: int) -> None:
    assert read_money(text) == cents


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "R$", ",", ".", "abc", "1e5", "1 000,0 0,0", "NaN", "0x10"),
        *("1,234", "1.23.456,00", "12,345", "1.2345", "12,,5", "1..000", ",50"),
        *("-1", "-25,90", "R$ -5", "R$R$5", "+5", "25,90-"),
        *("10000000000", "100.000.000,00", "9" * 5000),
        *("٢٥٩٠", "٢٥,٩٠", "２５"),
    ],
)
def test_read_money_ambiguous_text_is_refused(text: str) -> None:
    with pytest.raises(MoneyError):
        read_money(text)


@given(typable)
def test_read_money_reads_every_formatted_amount(cents: int) -> None:
    assert read_money(format_plain(cents)) == cents
    assert read_money(format_reais(cents)) == cents
    assert read_money(str(cents)) == cents


def test_format_reais_is_brazilian_and_never_breaks() -> None:
    assert format_plain(123456789) == "1.234.567,89"
    assert format_plain(-5) == "-0,05"
    assert format_reais(0) == "R$\u00a00,00"


@given(typable)
def test_wire_round_trip_keeps_every_amount(cents: int) -> None:
    sent = exact_json.dump({"value": to_wire(cents)})
    reais, rest = divmod(cents, 100)
    assert sent == f'{{"value":{reais}.{rest:02}}}'.encode()
    assert from_wire(exact_json.load(sent)["value"]) == cents


def test_wire_sum_of_tenths_is_exact() -> None:
    total = to_wire(from_wire(exact_json.load(b"0.1")) + from_wire(exact_json.load(b"0.2")))
    assert exact_json.dump(total) == b"0.30"


@pytest.mark.parametrize(
    ("text", "cents"),
    [(b"129.999", 12999), (b"0.009", 0), (b"-0.019", -1), (b"129.9", 12990), (b"129", 12900), (b"1.299E2", 12990)],
)
def test_from_wire_fraction_of_cent_is_cut(text: bytes, cents: int) -> None:
    assert from_wire(exact_json.load(text)) == cents


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        *((b"129.89999999999998", 12990), (b"19.989999999999998", 1999), (b"129.90000000000003", 12990)),
        *((b"-9.999999999999998", -1000), (b"-10.000000000000002", -1000), (b"0.30000000000000004", 30)),
        *((b"129.8999", 12989), (b"129.89999", 12989), (b"-0.0199", -1)),
    ],
)
def test_from_wire_rounding_error_is_corrected(text: bytes, cents: int) -> None:
    assert from_wire(exact_json.load(text)) == cents


@given(st.lists(st.integers(0, 10**7), min_size=1, max_size=40))
def test_from_wire_sum_of_doubles_is_sum_of_cents(parts: list[int]) -> None:
    double = sum(part / 100 for part in parts)
    assert from_wire(exact_json.load(repr(double).encode())) == sum(parts)


@pytest.mark.parametrize("text", ["NaN", "sNaN", "Infinity", "-Infinity", "1e999999", "-1e999999", "10000000000000.01"])
def test_from_wire_impossible_amount_is_refused(text: str) -> None:
    with pytest.raises(MoneyError):
        from_wire(Decimal(text))


def test_from_wire_largest_amount_is_read() -> None:
    assert from_wire(Decimal(MAX_WIRE_CENTS).scaleb(-2)) == MAX_WIRE_CENTS
    assert from_wire(Decimal("1e-999999")) == 0


@given(st.integers(-(10**12), 10**12), st.lists(st.integers(0, 10**10), min_size=1, max_size=30).filter(any))
def test_spread_parts_add_up_within_a_cent_of_share(total: int, weights: list[int]) -> None:
    parts = spread(total, weights)
    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part * sum(weights) - total * weight) < sum(weights)


def test_spread_ties_favour_earlier_weight() -> None:
    assert spread(100, [1, 1, 1]) == [34, 33, 33]
    assert spread(2, [5, 5, 5]) == [1, 1, 0]
    assert spread(10, [0, 3, 0]) == [0, 10, 0]
    assert spread(0, [0, 0]) == [0, 0]
    assert spread(0, []) == []


@pytest.mark.parametrize(("total", "weights"), [(1, []), (1, [0, 0]), (5, [2, -1])])
def test_spread_impossible_weights_are_refused(total: int, weights: list[int]) -> None:
    with pytest.raises(MoneyError):
        spread(total, weights)
