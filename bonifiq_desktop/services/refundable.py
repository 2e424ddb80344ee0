"""What can still be given back of an order and of its items, as BonifiQ and this till's history say together."""

from dataclasses import dataclass
from datetime import datetime

from bonifiq_desktop.domain.items import find_unrefundable
from bonifiq_desktop.domain.money import Cents
from bonifiq_desktop.domain.operations import Kind, Line, State
from bonifiq_desktop.domain.orders import Order, still_refundable
from bonifiq_desktop.ledger.records import OrderHistory


@dataclass(frozen=True)
class RefundRequest:
    """What the cashier confirmed in the refund dialog; `value` in cents. `seen_at`: as in FoundOrder."""

    order: Order
    value: Cents
    reason: str = ""
    lines: tuple[Line, ...] = ()
    intent_id: str | None = None
    cached_at: datetime | None = None


class OrderAlreadyCancelled(Exception):
    """The whole order is cancelled: nothing of it can be refunded."""


class ValueNotRefundable(Exception):
    """The value is zero or above what is left of the order; `left` in cents."""

    def __init__(self, left: Cents) -> None:
        super().__init__(left)
        self.refundable = left


class ItemNotRefundable(Exception):
    """An item has come back already, or would be given back above what was paid for it; `refundable` in cents.

    `title` empty: the items do not add up to the value.
    """

    def __init__(self, title: str, refundable: Cents) -> None:
        super().__init__(refundable)
        self.title = title
        self.refundable = refundable


def is_fully_cancelled(order: Order, history: OrderHistory) -> bool:
    """Whether an order is cancelled whole, as BonifiQ or this till's history says."""
    return order.cancelled or any(o.kind is Kind.CANCEL and o.state is State.CONFIRMED for o in history.operations)


def refundable_amount(order: Order, history: OrderHistory) -> Cents:
    """How much of an order can still be given back.

    The largest total counts from each refund on: one that had fallen before (goods exchanged for cheaper ones) is no
    measure for what that refund left, and would give back 80,00 of 50,00 where look-ups show no refunds.
    """
    if is_fully_cancelled(order, history):
        return 0
    left = largest = max(0, order.total)
    given_back = 0
    for refund in history.refunds:  # newest first: each with those that came after it
        largest = max(largest, refund.order.total if refund.order else 0)
        given_back += refund.value
        left = min(left, still_refundable(order.total, largest, (given_back,)))
    return left


def largest_total(order: Order, history: OrderHistory) -> Cents:
    """The largest total in which an order was seen here, the present one with them."""
    return max(order.total, history.largest_total or 0)


def validate_items(request: RefundRequest, history: OrderHistory) -> None:
    """Raises ItemNotRefundable for an item given back twice or above what was paid, whatever the window offered."""
    if not request.lines:
        return  # a value typed by hand counts against the order alone
    total = largest_total(request.order, history)
    wrong = find_unrefundable(request.order.products, total, history.operations, request.lines)
    if wrong is not None:
        line, refundable = wrong
        raise ItemNotRefundable(line.title or line.product_id, refundable)
    items_total = sum(line.value for line in request.lines)
    if items_total != request.value:
        raise ItemNotRefundable("", items_total)
