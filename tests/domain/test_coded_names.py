"""Tests of names with a code."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bonifiq_desktop.domain.coded_names import (
    CodedName,
    code_in,
    format_coded_name,
    read_coded_name,
    read_path,
)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("17 = Ana Lima", CodedName("17", "Ana Lima")),
        ("17=Ana", CodedName("17", "Ana")),
        (" Ana ", CodedName("Ana", "Ana")),
        ("= Ana", CodedName("Ana", "Ana")),
        ("17 =", CodedName("17", "17")),
        ("a = b = c", CodedName("a", "b = c")),
        ("", None),
        (" = ", None),
    ],
)
def test_read_coded_name_separates_code_and_name(text: str, named: CodedName | None) -> None:
    assert read_coded_name(text) == named


def test_read_path_starts_with_widest_category() -> None:
    assert read_path("r = Roupas > 12 = Blusas") == (CodedName("r", "Roupas"), CodedName("12", "Blusas"))
    assert read_path("Roupas > > Blusas >") == (CodedName("Roupas", "Roupas"), CodedName("Blusas", "Blusas"))
    assert read_path("") == ()


@given(st.text("ab 1", max_size=6), st.text("ab 1", max_size=6))
def test_coded_name_round_trip_is_equal(code: str, name: str) -> None:
    code, name = " ".join(code.split()), " ".join(name.split())
    wanted = CodedName(code or name, name or code) if code or name else None
    assert read_coded_name(format_coded_name(code, name)) == wanted


def test_code_in_finds_code_of_name() -> None:
    people = ("17 = Ana", "Bia", "3 = Cida Souza")
    assert code_in(people, "ana") == "17"
    assert code_in(people, " Cida  Souza ") == "3"
    assert code_in(people, "Bia") == code_in(people, "Rui") == code_in(people, "") == ""
