"""Rules that tell a sale of this till from another sale under the same order number."""

from datetime import datetime, time, timedelta

from bonifiq_desktop.domain.keys import REFERENCE
from bonifiq_desktop.domain.operations import Operation
from bonifiq_desktop.domain.orders import Customer, Order

_OFFSETS = timedelta(minutes=15)  # time zones differ by multiples of it
_ROUNDED = timedelta(seconds=1)


def is_this_sale(sale: Operation, found: Order, customer: Customer | None) -> bool:
    """Whether a looked-up order is the sale that this till sent. `customer`: as sent, while that is still known.

    The reference among the Metadatas decides. Without Metadatas, the placement date (to the millisecond), the customer
    and the total decide together: number and total alone may be another till's sale under a typed number.
    """
    if found.total != sale.value:
        return False
    references = _references(found)
    if references:
        return sale.reference in references
    sold = sale.order
    if sold is None or not same_moment(sold.placed_at, found.placed_at):
        return False
    if customer is None:  # the ledger keeps a masked customer only
        return same_customer(sold.customer, found.for_ledger().customer)
    return same_customer(customer, found.customer)


def is_other_sale(sale: Operation, found: Order, *, just_sent: bool = False) -> bool:
    """Whether a looked-up order proves that another registration took the number of a confirmed sale.

    A foreign reference proves it. Without references, another placement date proves it together with another customer
    or, when this sale was `just_sent`, with another total. One difference alone proves nothing: BonifiQ may store a
    date of its own, and refunds lower the total.
    """
    references = _references(found)
    if references or sale.reference is None or sale.order is None:
        return bool(references) and sale.reference is not None and sale.reference not in references
    if not _another_moment(sale.order.placed_at, found.placed_at):
        return False
    same_person = same_customer(sale.order.for_ledger().customer, found.for_ledger().customer)
    return not same_person or (just_sent and found.total != sale.value)


def same_moment(one: datetime | None, other: datetime | None) -> bool:
    """Whether two known dates agree to the millisecond, the precision of the API."""
    return one is not None and other is not None and _to_millisecond(one) == _to_millisecond(other)


def _another_moment(one: datetime | None, other: datetime | None) -> bool:
    """Whether two dates with a time differ by more than a lost time zone offset or lost milliseconds."""
    if one is None or other is None or other.time() == time():
        return False
    apart = abs(one - other) % _OFFSETS
    return min(apart, _OFFSETS - apart) > _ROUNDED


def same_customer(one: Customer | None, other: Customer | None) -> bool:
    """Whether two customers may be the same; the first identifier that both have decides."""
    if one is None or other is None:
        return True
    for name in ("document", "email", "phone", "customer_id"):
        mine, theirs = _folded(getattr(one, name)), _folded(getattr(other, name))
        if mine and theirs:  # a phone number may lack its country code
            return mine == theirs or (name == "phone" and (mine.endswith(theirs) or theirs.endswith(mine)))
    return True


def _references(order: Order) -> list[str]:
    return [value for name, value in order.metadata if name == REFERENCE]


def _to_millisecond(at: datetime) -> datetime:
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def _folded(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))
