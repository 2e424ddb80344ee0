"""JSON numbers, amounts and timestamps are exact."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bonifiq_desktop.training_server.json_codec import (
    AmountError,
    JsonError,
    format_brl,
    format_timestamp,
    parse_timestamp,
    read_json,
    to_cents,
    to_reais,
    write_json,
)

scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(10**18), 10**18)
    | st.text(st.characters(exclude_categories=["Cs"]))
    | st.decimals(allow_nan=False, allow_infinity=False, places=2)
)
documents = st.recursive(
    scalars, lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner)
)


@settings(database=None)
@given(documents)
def test_written_json_reads_back_with_every_digit(document: object) -> None:
    written = write_json(document)
    assert repr(read_json(written)) == repr(document)
    assert json.loads(written, parse_float=Decimal) == document


@settings(database=None)
@given(st.integers(-(10**13), 10**13))
def test_cents_written_and_read_are_unchanged(amount: int) -> None:
    assert to_cents(read_json(write_json(to_reais(amount)))) == amount


def test_write_of_a_float_is_refused() -> None:
    with pytest.raises(TypeError):
        write_json({"OrderTotal": 129.9})


@pytest.mark.parametrize(
    ("text", "expected"),
    [("129.9", 12990), ("129.900", 12990), ("1.2e2", 12000), ("0.07", 7), ("0", 0), ("0.000", 0), ("-3", -300)],
)
def test_amount_in_any_json_spelling_is_read(text: str, expected: int) -> None:
    assert to_cents(read_json(text.encode())) == expected


@pytest.mark.parametrize("text", ["0.001", "129.905", "1e-3", "1e13", "1e999999999", "9" * 40])
def test_impossible_amount_is_refused(text: str) -> None:
    with pytest.raises(AmountError):
        to_cents(Decimal(text))


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b'{"a":1,"a":2}',
        b"[NaN]",
        b"[Infinity]",
        b"1e99999999999999999999",
        b"1" * 5000,
        b"[" * 100_000,
        b"[" * 30 + b"]" * 30,
        b'"\\ud800"',
        b'{"\\udfff":1}',
        b'"\xff"',
        b"\xef\xbb\xbf{}",
    ],
)
def test_doubtful_json_is_refused(raw: bytes) -> None:
    with pytest.raises(JsonError):
        read_json(raw)


def test_timestamp_of_any_offset_is_written_as_utc_with_seven_digits() -> None:
    assert format_timestamp(parse_timestamp("2025-03-14T10:20:30.1234567-03:00")) == "2025-03-14T13:20:30.1234560Z"
    assert format_timestamp(parse_timestamp("2025-03-14t10:20:30z")) == "2025-03-14T10:20:30.0000000Z"


@pytest.mark.parametrize(
    "text",
    [
        "2025-03-14",
        "2025-03-14T10:20:30",
        "20250314T102030Z",
        "2025-02-30T10:20:30Z",
        "2025-03-14 10:20:30Z",
        "0001-01-01T00:00:00+01:00",
        "２025-03-14T10:20:30Z",
    ],
)
def test_timestamp_without_offset_or_outside_calendar_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_timestamp(text)


def test_amount_is_formatted_as_brazilian_reais() -> None:
    assert format_brl(450) == "R$\N{NO-BREAK SPACE}4,50"
    assert format_brl(123456789) == "R$\N{NO-BREAK SPACE}1.234.567,89"
