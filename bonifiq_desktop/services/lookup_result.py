"""An order that was looked up, combined with this till's history."""

from dataclasses import dataclass
from datetime import datetime

from bonifiq_desktop.domain.items import Item, items_of
from bonifiq_desktop.domain.money import Cents
from bonifiq_desktop.domain.operations import CLOSED_NEGATIVELY, Kind, Operation, State
from bonifiq_desktop.domain.orders import Order, same_order
from bonifiq_desktop.domain.verdicts import FailureReason
from bonifiq_desktop.ledger.records import Restoration


@dataclass(frozen=True)
class LookupResult:
    """An order just looked up, with what this till knows of it. Its customer is masked. Values are in cents.

    `requested_id`: the typed number; the system may have answered with another order.
    `refundable`: what can still be refunded. `refunded`: the confirmed refunds of this till.
    `closed`: cancelled whole, in the system or in this till's history.
    `largest_total`: of all totals in which the order was seen here.
    `cached_at`: when this till saw the order last, where the system was not reached for `failure_reason`. What is
    registered from such an order is looked up before it is sent.
    `restored`: set for an order older than the restoration of the ledger: some of its refunds may be missing here.
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
        """The order's items, each with what can still be given back for it."""
        return items_of(self.order.products, max(self.order.total, self.largest_total), self.operations)

    @property
    def total_increased(self) -> bool:
        """Whether the total is larger than at an earlier refund of the order.

        It may still contain what was refunded, so that `refundable` may not be all of the order.
        """
        given_back = [o for o in self.operations if o.kind is Kind.REFUND and o.state not in CLOSED_NEGATIVELY]
        return any(o.order is not None and o.order.total < self.order.total for o in given_back)

    @property
    def completable(self) -> bool:
        """Whether this is a pending sale to complete here: just looked up, and without an unfinished operation."""
        busy = self.unfinished is not None or self.closed or self.cached_at is not None
        done = any(o.kind is Kind.COMPLETION and o.state is State.CONFIRMED for o in self.operations)
        return self.order.pending and not busy and not done

    @property
    def id_mismatch(self) -> bool:
        """Whether the answer bears another number than the requested one."""
        return not same_order(self.order.order_id, self.requested_id)
