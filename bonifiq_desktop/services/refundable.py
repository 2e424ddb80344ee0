"""Refundable value of an order and its items, from the look-up and this till's history."""

from dataclasses import dataclass
from datetime import datetime

from bonifiq_desktop.domain.items import find_unrefundable
from bonifiq_desktop.domain.money import Cents
from bonifiq_desktop.domain.operations import Line, State
from bonifiq_desktop.domain.orders import Order, still_refundable
from bonifiq_desktop.domain.specs import spec_of
from bonifiq_desktop.ledger.records import OrderHistory


@dataclass(frozen=True)
class RefundRequest:
    """The refund that the cashier confirmed. `value`: cents. `cached_at`: as in LookupResult."""

    order: Order
    value: Cents
    reason: str = ""
    lines: tuple[Line, ...] = ()
    intent_id: str | None = None
    cached_at: datetime | None = None


class OrderAlreadyCancelled(Exception):
    """The whole order is cancelled, so nothing can be refunded."""


class ValueNotRefundable(Exception):
    """The value is zero or above the order's refundable value. `refundable`: cents."""

    def __init__(self, refundable: Cents) -> None:
        super().__init__(refundable)
        self.refundable = refundable


class ItemNotRefundable(Exception):
    """An item was returned already, or its value exceeds the price paid. `refundable`: cents.

    `title`: empty when the items do not add up to the value.
    """

    def __init__(self, title: str, refundable: Cents) -> None:
        super().__init__(refundable)
        self.title = title
        self.refundable = refundable


def is_fully_cancelled(order: Order, history: OrderHistory) -> bool:
    """Whether the look-up or this till's history shows the whole order as cancelled."""
    return order.cancelled or any(
        spec_of(o.kind).cancels_order and o.state is State.CONFIRMED for o in history.operations
    )


def refundable_amount(order: Order, history: OrderHistory) -> Cents:
    """The refundable value of an order.

    The largest total counts from each refund on. A total that fell before a refund (goods exchanged for cheaper ones)
    must not count: where look-ups show no refunds, it would allow 80,00 back for 50,00.
    """
    if is_fully_cancelled(order, history):
        return 0
    left = largest = max(0, order.total)
    given_back = 0
    for refund in history.refunds:  # newest first: each one with the later ones
        largest = max(largest, refund.order.total if refund.order else 0)
        given_back += refund.value
        left = min(left, still_refundable(order.total, largest, (given_back,)))
    return left


def largest_total(order: Order, history: OrderHistory) -> Cents:
    """The largest total of an order seen here, including the present one."""
    return max(order.total, history.largest_total or 0)


def validate_items(request: RefundRequest, history: OrderHistory) -> None:
    """Raises ItemNotRefundable for an item that is returned twice or above the price paid."""
    if not request.lines:
        return  # a typed value counts against the whole order
    total = largest_total(request.order, history)
    wrong = find_unrefundable(request.order.products, total, history.operations, request.lines)
    if wrong is not None:
        line, refundable = wrong
        raise ItemNotRefundable(line.title or line.product_id, refundable)
    items_total = sum(line.value for line in request.lines)
    if items_total != request.value:
        raise ItemNotRefundable("", items_total)
