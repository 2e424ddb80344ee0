"""Exact shares of a line's amounts, in the decimals that the order shows."""

from collections.abc import Iterable
from decimal import ROUND_DOWN, Decimal

from bonifiq_desktop.domain.remote_orders import Charge, RemoteLine, RemoteRecord, minor_digits


def fraction_digits(line: RemoteLine, currency: str) -> int:
    """Decimal places of a line: those of its currency, or more where its amounts show more."""
    charges = (*line.taxes, *line.shipping_taxes, *line.fees)
    amounts = [line.price, line.amount_left, line.shipping_left, *(charge.amount for charge in charges)]
    return max(minor_digits(currency), *map(_digits_of, amounts))


def _digits_of(amount: Decimal) -> int:
    exponent = amount.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def rounded(amount: Decimal, digits: int) -> Decimal:
    """An amount with exactly these decimal places; a finer fraction is cut."""
    return amount.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_DOWN)


def share_of_units(left: Decimal, units: int, units_left: int, digits: int) -> Decimal:
    """The share of `units` of `units_left` in what is left. Units taken back one by one add up to `left` exactly.

    The first units get the remainder, one smallest unit of money each.
    """
    whole = int(left.scaleb(digits))
    if units >= units_left:
        return rounded(left, digits)
    each, larger = divmod(whole, units_left)
    return Decimal(units * each + min(units, larger)).scaleb(-digits)


def share_of_amount(left: Decimal, amount: Decimal, amount_left: Decimal, digits: int) -> Decimal:
    """The part of `left` that goes with `amount` of `amount_left`; the last amount takes all that is left."""
    if amount >= amount_left:
        return rounded(left, digits)
    return rounded(left * amount / amount_left, digits)


def charges_left(charges: Iterable[Charge], taken: Iterable[Charge]) -> tuple[Charge, ...]:
    """What is left of taxes or fees after those that records took back."""
    gone: dict[str, Decimal] = {}
    for charge in taken:
        gone[charge.code] = gone.get(charge.code, Decimal(0)) + charge.amount
    return tuple(
        Charge(each.code, _left_of(each.amount, gone.get(each.code, Decimal(0))), each.rule) for each in charges
    )


def _left_of(amount: Decimal, gone: Decimal) -> Decimal:
    """What is left of an amount: never more than it, also where a record shows a negative one."""
    return max(Decimal(0), amount - max(Decimal(0), gone))


def amounts_left(price: Decimal, records: Iterable[RemoteRecord]) -> tuple[Decimal, Decimal]:
    """What is left of a line's price: the smaller and the larger reading.

    Some operators show a price from which cancelled amounts were deducted already, others the price at the sale.
    Refunds are deducted by neither. Source: Mirakl's sample orders, and a payment connector in production.
    """
    records = tuple(records)
    cancelled = sum((r.amount for r in records if r.kind == "cancelation"), Decimal(0))
    refunded = sum((r.amount for r in records if r.kind == "refund"), Decimal(0))
    return max(Decimal(0), price - cancelled - refunded), max(Decimal(0), price - refunded)
