"""Phone numbers are found however they are written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bonifiq_desktop.domain.phones import Phone, read_phone_shape

MOBILE = Phone("87654321", "11")


@pytest.mark.parametrize(
    "text",
    [
        "(11) 98765-4321", "+5511987654321", "011987654321", "0 11 98765 4321", "11987654321", "5511987654321",
        "+55 (11) 98765-4321", "+55 (011) 98765-4321", "(011) 98765-4321", "015 11 98765-4321", "11 8765-4321",
        "(11)8765-4321", "+551187654321", "1187654321", "tel: 11 98765.4321", "cel 11987654321", "11-98765-4321",
        "whatsapp (11) 98765-4321",
    ],
)  # fmt: skip
def test_phone_in_any_form_has_one_key(text: str) -> None:
    found = read_phone_shape(text)
    assert found is not None
    assert (found.digits, found.area, found.key) == ("87654321", "11", MOBILE.key)
    assert found.is_whole


@pytest.mark.parametrize(
    ("text", "digits"),
    [("98765-4321", "87654321"), ("987654321", "87654321"), ("87654321", "87654321"), ("4321", "4321")],
)
def test_last_digits_of_a_phone_are_read(text: str, digits: str) -> None:
    found = read_phone_shape(text)
    assert found is not None
    assert (found.digits, found.is_whole) == (digits, False)


def test_foreign_phone_keeps_its_country() -> None:
    assert read_phone_shape("+1 (202) 555-0123") == Phone("12025550123", country="+", surely=True)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "123",
        "12345",
        "1234567",
        "00",
        "20123456789",
        "1106543210987",
        "1001-B",
        "11 98765-43210",
        "28/11",
        "+",
        "()",
    ],
)
def test_other_text_is_no_phone(text: str) -> None:
    assert read_phone_shape(text) is None


@given(
    st.sampled_from(["11", "21", "55", "85", "99"]),
    st.integers(2 * 10**7, 10**8 - 1),
    st.booleans(),
    st.sampled_from(["{a}{n}", "({a}) {n}", "+55{a}{n}", "+55 ({a}) {n}", "0{a}{n}", "55{a}{n}", "041{a}{n}"]),
    st.booleans(),
)
def test_ways_to_write_a_number_agree(area: str, number: int, mobile: bool, form: str, hyphen: bool) -> None:
    digits = f"{number:08}"
    is_mobile = mobile and digits[0] in "6789"
    written = f"9{digits}" if is_mobile else digits
    shown = f"{written[:-4]}-{written[-4:]}" if hyphen else written
    found = read_phone_shape(form.format(a=area, n=shown))
    assert found is not None
    assert found.key == f"{area}{digits}"
