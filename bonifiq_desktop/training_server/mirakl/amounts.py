"""Amounts of a line in either tax mode, and the taxes that go with a part of it."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal

from bonifiq_desktop.training_server.mirakl.models import NONE, Tax

EXCLUDED = "TAX_EXCLUDED"
MODES = frozenset({"TAX_INCLUDED", EXCLUDED})
_DIGITS = {"JPY": 0, "CLP": 0, "KWD": 3, "TND": 3}


def digits_of(currency: str) -> int:
    """The decimals of a currency."""
    return _DIGITS.get(currency, 2)


def in_mode(amount: Decimal, taxes: Iterable[Tax], *, own: str, wanted: str) -> Decimal:
    """An amount with its taxes, of the mode `own`, in the mode `wanted`."""
    if own == wanted:
        return amount
    total = sum((tax.amount for tax in taxes), Decimal(0))
    return amount - total if wanted == EXCLUDED else amount + total


def taxes_of_part(
    taxes: Sequence[Tax], part: Decimal, whole: Decimal, named: Mapping[str, Decimal], digits: int
) -> list[Tax]:
    """The taxes that go with a part of an amount.

    The platform computes those whose rule says so; of the others it takes what the request names, and no more.
    """
    found = []
    for tax in taxes:
        computed = rounded(tax.amount * part / whole, digits) if whole else Decimal(0)
        amount = named.get(tax.code, Decimal(0)) if tax.rule == NONE else computed
        if amount:
            found.append(Tax(tax.code, amount, tax.rule))
    return found


def rounded(amount: Decimal, digits: int) -> Decimal:
    return amount.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
