"""Rules by which a look-up contradicts a final operation: the state stays, and the program tells a person."""

from collections.abc import Sequence
from dataclasses import dataclass

from bonifiq_desktop.domain.completions import is_completed
from bonifiq_desktop.domain.evidence import is_other_sale
from bonifiq_desktop.domain.legs import is_still_returnable, new_records, unseen_records
from bonifiq_desktop.domain.money import Cents
from bonifiq_desktop.domain.operations import Kind, Operation, State, is_later
from bonifiq_desktop.domain.orders import Order
from bonifiq_desktop.domain.verdicts import CancelStatus


@dataclass(frozen=True)
class History:
    """What this till knows beside the operation.

    `others`: the other operations of the order. `largest_total`: the largest total seen here, in cents.
    `possibly_sent`: an attempt of the operation may have reached the system.
    """

    others: Sequence[Operation]
    largest_total: Cents | None
    possibly_sent: bool

    def confirmed(self, kind: Kind) -> list[Operation]:
        """The confirmed operations of one kind."""
        return [other for other in self.others if (other.kind, other.state) == (kind, State.CONFIRMED)]


def sale_applied_after_all(operation: Operation, order: Order, _history: History) -> bool:
    """A sale that is closed negatively stands in the system. Its number names one sale, also from another till."""
    return order.total == operation.value and not order.cancelled


def sale_undone(operation: Operation, order: Order | None, history: History) -> bool:
    """A confirmed sale is gone, or two tills sold under one typed number."""
    if order is not None:
        return is_other_sale(operation, order)
    return not history.confirmed(Kind.CANCEL)


def completion_applied_after_all(operation: Operation, order: Order, history: History) -> bool:
    """A completion that is closed negatively stands in the system."""
    return history.possibly_sent and is_completed(order) and order.total == operation.value


def completion_undone(_operation: Operation, order: Order | None, _history: History) -> bool:
    """A sale whose completion was confirmed is pending again."""
    return order is not None and order.pending


def cancel_applied_after_all(_operation: Operation, order: Order, history: History) -> bool:
    """A whole cancel that is closed negatively was applied. One that was not sent is another till's, and no alarm."""
    return history.possibly_sent and order.cancelled


def cancel_undone(_operation: Operation, order: Order | None, _history: History) -> bool:
    """An order whose cancel was confirmed is not cancelled."""
    return order is not None and not order.cancelled


def refund_applied_after_all(operation: Operation, order: Order, history: History) -> bool:
    """The total of an order shows a refund that is closed negatively."""
    if not history.possibly_sent or order.cancelled:
        return False
    return order.total in _totals_with(operation, history)


def refund_cancelled_order(operation: Operation, order: Order | None, history: History) -> bool:
    """A refund that was answered as "cancelled" has cancelled the whole order. Look-ups need not show refunds."""
    cancelled_all = operation.api_status is CancelStatus.CANCELLED and order is not None and order.cancelled
    return cancelled_all and not history.confirmed(Kind.CANCEL)


def return_applied_after_all(operation: Operation, order: Order, history: History) -> bool:
    """The records show the money of a return that is closed negatively: a new one of its amount, and of no other leg.

    Where the system computes the amount itself, none of its records can be told from another client's.
    """
    explained = {other.evidence_id for other in history.others}
    new = {record.record_id for record in new_records(operation, order)}
    return history.possibly_sent and bool(new - explained)


def return_undone(operation: Operation, order: Order | None, history: History) -> bool:
    """An accepted cancellation without an id shows nowhere: it was not applied after all, or the system rejected it.

    Where the system named an id, a missing record is an old order's.
    """
    if order is None or operation.evidence_id or not history.possibly_sent:
        return False
    return is_still_returnable(operation, order) and not unseen_records(operation, order)


def never_applied_after_all(_operation: Operation, _order: Order, _history: History) -> bool:
    """An order's look-up shows nothing certain of a redemption or its reversal."""
    return False


def never_undone(_operation: Operation, _order: Order | None, _history: History) -> bool:
    """See `never_applied_after_all`."""
    return False


def _totals_with(operation: Operation, history: History) -> set[Cents]:
    """The totals that an order shows when a refund closed negatively was applied all the same, and not without it."""
    confirmed = history.confirmed(Kind.REFUND)
    # Without an earlier refund that shows, a lower total may be anything: a correction, another till. What a person
    # closed as not done is watched all the same: a copy of its request was perhaps still on its way.
    if not confirmed and operation.state is not State.NOT_APPLIED:
        return set()
    largest = history.largest_total
    before = set() if largest is None else {largest - sum(o.value for o in confirmed)}
    if operation.order is None:
        return {total - operation.value for total in before}
    # From the total that the cashier saw: earlier refunds, and those of other tills, may be in it already.
    since = sum(o.value for o in confirmed if is_later(o, operation))
    without = operation.order.total - since
    return {total - operation.value for total in before | {without}} - {without}
