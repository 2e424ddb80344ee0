"""Tests of slip numbers and of the text of a slip's QR code."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bonifiq_desktop.domain.phones import read_phone_shape
from bonifiq_desktop.domain.slip_numbers import (
    MAX_OPERATION,
    TEST_PAGE,
    SlipNumber,
    code_text,
    format_slip_number,
    read_slip_number,
    slip_number,
    till_tag,
)
from tests.support.operations import make_operation

LEDGER_IDS = st.text("23456789ABCDEFGHJKLMNPQRSTUVWXYZ", min_size=4, max_size=4)
OPERATION_IDS = st.integers(TEST_PAGE, MAX_OPERATION)
NUMBERS = st.builds(slip_number, LEDGER_IDS, OPERATION_IDS)


@given(LEDGER_IDS, OPERATION_IDS)
def test_slip_number_read_back_names_its_till_and_operation(ledger_id: str, operation_id: int) -> None:
    number = slip_number(ledger_id, operation_id)
    assert len(number) == 12
    assert read_slip_number(number) == SlipNumber(till_tag(ledger_id), operation_id)
    assert read_slip_number(f" {format_slip_number(number)} ") == SlipNumber(till_tag(ledger_id), operation_id)


@given(NUMBERS, st.integers(0, 11), st.integers(1, 9))
def test_slip_number_with_one_wrong_digit_is_refused(number: str, place: int, by: int) -> None:
    wrong = f"{number[:place]}{(int(number[place]) + by) % 10}{number[place + 1 :]}"
    assert read_slip_number(wrong) is None


@given(NUMBERS)
def test_slip_number_with_any_two_digits_swapped_is_refused(number: str) -> None:
    for one, other in combinations(range(12), 2):
        swapped = list(number)
        swapped[one], swapped[other] = swapped[other], swapped[one]
        if number[one] != number[other]:
            assert read_slip_number("".join(swapped)) is None


@given(NUMBERS)
def test_slip_number_never_reads_as_a_telephone(number: str) -> None:
    assert read_phone_shape(number) is None


@pytest.mark.parametrize("text", ["", "12345678901", "1234567890123", "１２３４５６７８９０１２", "9120000006 1X"])
def test_text_that_is_no_twelve_digits_is_no_slip_number(text: str) -> None:
    assert read_slip_number(text) is None


def test_operation_beyond_seven_digits_has_no_slip_number() -> None:
    with pytest.raises(ValueError, match="10000000"):
        slip_number("7KQF", MAX_OPERATION + 1)


# --- the QR code

NUMBER = slip_number("7KQF", 1)


def qr_of(order_id: str, cancel_key: str | None = None) -> str:
    """The text of the QR code of an operation on an order."""
    return code_text(make_operation(order_id=order_id, cancel_key=cancel_key), NUMBER)


@pytest.mark.parametrize("order_id", ["1001", "CAIXA1-261120-7KQF-0001", "12345678-A", "1234567890123-01", "#991_2"])
def test_qr_of_an_order_number_that_is_safe_holds_it(order_id: str) -> None:
    assert qr_of(order_id) == order_id


@pytest.mark.parametrize(
    "order_id",
    [
        *("52998224725", "529.982.247-25", "11111111111", "PED 529 982 247 25", "12345678901"),
        *("11222333000181", "12345678901234", "11987654321", "(11) 98765-4321", "+55 11 98765-4321", "987654321"),
        *("maria@loja.com.br", "Maria", "pedido número 1", "ontem", "", " 1001", "1001\n", "√9"),
        *("35261112345678000195650010000001231000001238", slip_number("8ABC", 77)),
    ],
)
def test_qr_of_an_order_number_that_may_be_private_holds_the_slip_number(order_id: str) -> None:
    assert qr_of(order_id) == NUMBER


def test_qr_of_an_order_number_with_the_cancel_key_in_it_holds_the_slip_number() -> None:
    assert qr_of("PED-BQ-7KQF-22", cancel_key="BQ-7KQF-22") == NUMBER


@given(st.from_regex(r"([A-Z0-9. /()+-]{0,8}[A-Z][/+-]?)?([0-9]{3}[. /-]?){3}[0-9]{2}", fullmatch=True))
def test_qr_never_holds_eleven_digits_in_the_form_of_a_cpf(order_id: str) -> None:
    assert qr_of(order_id) == NUMBER
