"""What a PIN and a name must be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bonifiq_desktop.domain.staff import Approval, PersonError, read_name, read_pin, same_name


@pytest.mark.parametrize("pin", ["", "123", "1111", "1234", "4321", "98765", "12a4", "١٢٣٥", "123456789", " 4862"])
def test_a_pin_that_anybody_would_guess_is_refused(pin: str) -> None:
    with pytest.raises(PersonError) as refused:
        read_pin(pin)
    assert refused.value.field == "pin"


@given(st.text("0123456789", min_size=4, max_size=8))
def test_any_other_number_of_4_to_8_digits_will_do(pin: str) -> None:
    row = "01234567890"
    if len(set(pin)) > 1 and pin not in row and pin not in row[::-1]:
        assert read_pin(pin) == pin


@pytest.mark.parametrize("name", ["", "  ", "\u200b", "A" * 41])
def test_a_person_has_a_name(name: str) -> None:
    with pytest.raises(PersonError):
        read_name(name)


def test_a_name_is_the_same_whatever_its_case_and_blanks() -> None:
    assert same_name(" ana  MARIA ", "Ana Maria")
    assert not same_name("Ana", "Anna")


def test_a_pin_is_never_printed() -> None:
    assert "4862" not in repr(Approval("Ana", "4862"))
