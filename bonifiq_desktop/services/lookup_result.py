"""An order that was looked up, combined with this till's history."""

from dataclasses import dataclass
from datetime import datetime

from bonifiq_desktop.domain.items import Item, items_of
from bonifiq_desktop.domain.money import Cents
from bonifiq_desktop.domain.operations import Kind, Operation, State
from bonifiq_desktop.domain.orders import Order, same_order
from bonifiq_desktop.domain.specs import open_refunds
from bonifiq_desktop.domain.verdicts import FailureReason
from bonifiq_desktop.ledger.records import Restoration


@dataclass(frozen=True)
class LookupResult:
    """A looked-up order with this till's history; the customer is masked.

    - `requested_id`: the number looked up; the answer may name another order.
    - `refundable`: the refundable value in cents. `refunded`: the confirmed refunds in cents.
    - `closed`: the whole order is cancelled. `largest_total`: the largest total seen here, in cents.
    - `cached_at`: set when the system gave no answer, with the `failure_reason`. The order is then as last seen here,
      and an operation registered from it is looked up before it is sent.
    - `restored`: set for an order from before the ledger was restored, whose refunds may be missing here.
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

    @property
    def items(self) -> tuple[Item, ...]:
        """The order's items with their refundable values."""
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
        """Whether the answer names another order than the requested one."""
        return not same_order(self.order.order_id, self.requested_id)
