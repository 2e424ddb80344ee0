"""Combine an order that was looked up with what the ledger knows about it."""

from bonifiq_desktop.domain.orders import Order
from bonifiq_desktop.ledger.ledger import Ledger
from bonifiq_desktop.ledger.records import Restoration
from bonifiq_desktop.services.refundable import is_fully_cancelled, largest_total, refundable_amount
from bonifiq_desktop.services.values import LookupResult


def lookup_result(ledger: Ledger, order: Order, requested_id: str) -> LookupResult:
    """The order with masked customer, its operations, and the refundable rest. `asked`: the number looked up."""
    history = ledger.queries.history_of(order.order_id)
    return LookupResult(
        order=order.masked(),
        requested_id=requested_id,
        refundable=refundable_amount(order, history),
        refunded=history.confirmed_refunds,
        operations=history.operations,
        unfinished=history.unfinished,
        closed=is_fully_cancelled(order, history),
        largest_total=largest_total(order, history),
        restored=_older_than(ledger.queries.restoration(), order),
    )


def _older_than(restored: Restoration | None, order: Order) -> Restoration | None:
    if restored is None or (order.placed_at is not None and order.placed_at > restored.restored_at):
        return None
    return restored
