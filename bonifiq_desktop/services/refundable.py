"""Refundable value of an order and its items, and the result of a look-up: the order with the shop's history."""

from dataclasses import dataclass
from datetime import datetime

from bonifiq_desktop.domain.estimates import Earned
from bonifiq_desktop.domain.items import Item, find_unrefundable, items_of
from bonifiq_desktop.domain.money import Cents
from bonifiq_desktop.domain.operations import Kind, Line, Operation, State
from bonifiq_desktop.domain.orders import Order, same_order, still_refundable
from bonifiq_desktop.domain.specs import open_refunds, spec_of
from bonifiq_desktop.domain.verdicts import FailureReason
from bonifiq_desktop.ledger.records import OrderHistory, Restoration


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
    """Whether the look-up or the shop's history shows the whole order as cancelled."""
    return order.cancelled or any(
        spec_of(o.kind).cancels_order and o.state is State.CONFIRMED for o in history.operations
    )


def refundable_amount(order: Order, history: OrderHistory) -> Cents:
    """The refundable value of an order.

    The largest total counts from each refund on. A total that fell before a refund (goods exchanged for cheaper ones)
    must not count: where look-ups show no refunds, it would allow 80,00 back for 50,00. The refunds that saw the
    present total count against it in any case: the clocks of two tills may not tell which refund came first.
    """
    if is_fully_cancelled(order, history):
        return 0
    largest = max(0, order.total)
    given_back = 0
    seen_so = [refund.value for refund in history.refunds if refund.order and refund.order.total == order.total]
    left = still_refundable(largest, largest, seen_so)
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


@dataclass(frozen=True)
class LookupResult:
    """A looked-up order with the history of this till and, as far as known here, of the others; the customer is masked.

    - `requested_id`: the number looked up; the answer may name another order.
    - `refundable`: the refundable value in cents. `refunded`: the confirmed refunds in cents.
    - `closed`: the whole order is cancelled. `largest_total`: the largest total seen here, in cents.
    - `cached_at`: set when the system gave no answer, with the `failure_reason`. The order is then as last seen here,
      and an operation registered from it is looked up before it is sent.
    - `restored`: set for an order from before the ledger was restored, whose refunds may be missing here.
    - `earned`: what its sale, or else the last sale here, earned; for estimates only.
    """

    order: Order
    requested_id: str
    refundable: Cents
    refunded: Cents
    operations: tuple[Operation, ...]
    unfinished: Operation | None
    closed: bool
    largest_total: Cents = 0
    cached_at: datetime | None = None
    failure_reason: FailureReason | None = None
    restored: Restoration | None = None
    earned: Earned | None = None

    @property
    def items(self) -> tuple[Item, ...]:
        return items_of(self.order.products, max(self.order.total, self.largest_total), self.operations)

    @property
    def total_increased(self) -> bool:
        """Whether the total is larger than at an earlier refund.

        The total may still include that refund, so `refundable` may be less than the rest of the order.
        """
        refunds = open_refunds(self.operations)
        return any(o.order is not None and o.order.total < self.order.total for o in refunds)

    @property
    def completable(self) -> bool:
        """Whether this is a pending sale that this till can complete: just looked up, and without an open operation."""
        busy = self.unfinished is not None or self.closed or self.cached_at is not None
        done = any(o.kind is Kind.COMPLETION and o.state is State.CONFIRMED for o in self.operations)
        return self.order.pending and not busy and not done

    @property
    def id_mismatch(self) -> bool:
        return not same_order(self.order.order_id, self.requested_id)
