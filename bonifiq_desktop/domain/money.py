"""Exact money in whole cents, from the typed digit to the JSON number; never a binary float."""

import re
from collections.abc import Sequence
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, Decimal
from typing import TypeAlias

Cents: TypeAlias = int
"""An amount in centavos of real. Always a whole number."""

MAX_CENTS: Cents = 99_999_999_99
"""The largest amount a person can type: R$ 99.999.999,99."""

MAX_WIRE_CENTS: Cents = 10**15
"""The largest amount accepted from an answer; a larger one would overflow SQLite's integers."""

_CENT = Decimal("0.01")
_NOISE = Decimal("0.000001")  # in cents: the error of summed doubles, such as 129.89999999999998 for 129.90
_MAX_WIRE = Decimal(MAX_WIRE_CENTS).scaleb(-2)
_BLANKS = str.maketrans("", "", " \t\u00a0\u202f")
_TYPED = re.compile(r"[0-9]+")
_BRAZILIAN = re.compile(r"(\d+|\d{1,3}(?:\.\d{3})+)(?:,(\d{1,2}))?", re.ASCII)
_POINT = re.compile(r"(\d+|\d{1,3}(?:,\d{3})+)\.(\d{1,2})", re.ASCII)
_MAX_TEXT = 40  # int() raises another error for thousands of digits


class MoneyError(ValueError):
    """The text or number is not an amount of money."""


def read_money(text: str) -> Cents:
    """Read typed or pasted text as cents.

    Digits alone fill from the right, as on a till (`2590` is 25,90). With `R$` or separators the text was written as
    an amount and is read the Brazilian way (`R$ 50`, `1.234,5`), or with a decimal point when that can mean nothing
    else (`12.50`).
    Raises MoneyError when the text is empty, ambiguous, negative or above MAX_CENTS.
    """
    written = text.translate(_BLANKS)
    bare = written.removeprefix("R$")
    if len(bare) > _MAX_TEXT:
        raise MoneyError
    if _TYPED.fullmatch(written):
        return _within_limit(int(bare))
    match = _BRAZILIAN.fullmatch(bare) or _POINT.fullmatch(bare)
    if match is None:
        raise MoneyError(text)
    whole = int(re.sub(r"\D", "", match[1]))
    return _within_limit(whole * 100 + int((match[2] or "").ljust(2, "0")))


def _within_limit(cents: Cents) -> Cents:
    if cents > MAX_CENTS:
        raise MoneyError(cents)
    return cents


def format_plain(cents: Cents) -> str:
    """`123456` as `1.234,56`."""
    reais, rest = divmod(abs(cents), 100)
    sign = "-" if cents < 0 else ""
    return f"{sign}{reais:,}".replace(",", ".") + f",{rest:02}"


def format_reais(cents: Cents) -> str:
    """`123456` as `R$ 1.234,56`, with a no-break space that keeps both parts on one line."""
    return f"R$\u00a0{format_plain(cents)}"


def to_wire(cents: Cents) -> Decimal:
    """Convert cents to the Decimal of a JSON number: `2590` is `25.90`."""
    return Decimal(cents).scaleb(-2)


def from_wire(number: Decimal | int) -> Cents:
    """Convert an amount of an answer to cents. Raises MoneyError above MAX_WIRE_CENTS.

    The rounding error of summed doubles is corrected. Other fractions of a cent are cut, so that the screen never
    promises more than the server holds.
    """
    value = Decimal(number)
    # Check the size first: `1e999999` times 100 would overflow.
    if not value.is_finite() or value.copy_abs() > _MAX_WIRE:
        raise MoneyError(number)
    nearest = value.quantize(_CENT, rounding=ROUND_HALF_EVEN)
    if abs(value - nearest).scaleb(2) <= _NOISE:
        return int(nearest.scaleb(2))
    return int(value.quantize(_CENT, rounding=ROUND_DOWN).scaleb(2))


def spread(total: Cents, weights: Sequence[int]) -> list[Cents]:
    """Share `total` over `weights` by largest remainder; ties go to the earlier one, and the parts add up exactly.

    Raises MoneyError for a negative weight, or when all weights are zero and `total` is not.
    """
    whole = sum(weights)
    if any(weight < 0 for weight in weights) or (whole == 0 and total != 0):
        raise MoneyError(total)
    if whole == 0:
        return [0] * len(weights)
    parts = [total * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: (-(total * weights[i] % whole), i))
    for i in by_remainder[: total - sum(parts)]:
        parts[i] += 1
    return parts
