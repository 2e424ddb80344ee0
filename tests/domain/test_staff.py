"""Tests of PINs and names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bonifiq_desktop.domain.staff import Approval, PersonError, read_name, read_pin, same_name


@pytest.mark.parametrize("pin", ["", "123", "1111", "1234", "4321", "98765", "12a4", "١٢٣٥", "123456789", " 4862"])
def test_read_pin_easy_to_guess_is_refused(pin: str) -> None:
    with pytest.raises(PersonError) as refused:
        read_pin(pin)
    assert refused.value.field == "pin"


@given(st.text("0123456789", min_size=4, max_size=8))
def test_read_pin_of_4_to_8_digits_is_valid(pin: str) -> None:
    row = "01234567890"
    if len(set(pin)) > 1 and pin not in row and pin not in row[::-1]:
        assert read_pin(pin) == pin


@pytest.mark.parametrize("name", ["", "  ", "\u200b", "A" * 41])
def test_read_name_empty_or_long_is_refused(name: str) -> None:
    with pytest.raises(PersonError):
        read_name(name)


def test_same_name_ignores_case_and_blanks() -> None:
    assert same_name(" ana  MARIA ", "Ana Maria")
    assert not same_name("Ana", "Anna")


def test_repr_of_approval_hides_pin() -> None:
    assert "4862" not in repr(Approval("Ana", "4862"))
