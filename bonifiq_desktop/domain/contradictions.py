"""When a look-up speaks against a final state: the state stays, and a person is told."""

from collections.abc import Sequence

from bonifiq_desktop.domain.completions import is_completed
from bonifiq_desktop.domain.evidence import is_other_sale
from bonifiq_desktop.domain.money import Cents
from bonifiq_desktop.domain.operations import CLOSED_NEGATIVELY, UNFINISHED, Kind, Operation, State
from bonifiq_desktop.domain.orders import Order
from bonifiq_desktop.domain.verdicts import CancelStatus


def contradicts(
    operation: Operation,
    order: Order | None,
    others: Sequence[Operation],
    *,
    largest_total: Cents | None,
    possibly_sent: bool,
) -> bool:
    """Whether a look-up just made shows the opposite of a final operation; `order` is None when there is none.

    In doubt it does not: an alarm that is false once is not looked at the next time. `others`: the other operations of
    the order known here. `largest_total`: the largest one seen here. `may_have_left`: an attempt may have
    reached BonifiQ.
    """
    if operation.state is State.CONFIRMED:
        return _denies(operation, order, others)
    if operation.state not in CLOSED_NEGATIVELY or order is None or _explained(operation.kind, others):
        return False
    match operation.kind:
        case Kind.SALE:
            # Its number names one sale: whoever sent it, it counts there and not here.
            return order.total == operation.value and not order.cancelled
        case Kind.COMPLETION:
            return possibly_sent and is_completed(order) and order.total == operation.value
        case Kind.CANCEL:
            # What never left this till was done by another till or in BonifiQ's panel, and that is no secret.
            return possibly_sent and order.cancelled
        case Kind.REFUND:
            watched = _totals_with(operation, others, largest_total)
            return possibly_sent and not order.cancelled and order.total in watched


def _totals_with(operation: Operation, others: Sequence[Operation], largest_total: Cents | None) -> set[Cents]:
    """The totals that an order shows when a refund closed negatively was applied all the same, and not without it."""
    confirmed = [o for o in others if (o.kind, o.state) == (Kind.REFUND, State.CONFIRMED)]
    # Without an earlier refund that shows, a lower total may be anything: a correction, another till. What a person
    # closed as not done is watched all the same: a copy of its request was perhaps still on its way.
    if not confirmed and operation.state is not State.NOT_APPLIED:
        return set()
    before = set() if largest_total is None else {largest_total - sum(o.value for o in confirmed)}
    if operation.order is None:
        return {total - operation.value for total in before}
    # From the total that the cashier saw: earlier refunds, and those of other tills, may be in it already.
    since = sum(o.value for o in confirmed if o.operation_id > operation.operation_id)
    without = operation.order.total - since
    return {total - operation.value for total in before | {without}} - {without}


def _denies(operation: Operation, order: Order | None, others: Sequence[Operation]) -> bool:
    match operation.kind:
        case Kind.SALE if order is not None:
            return is_other_sale(operation, order)  # two tills sold under one typed number
        case Kind.SALE:
            cancelled_here = any((o.kind, o.state) == (Kind.CANCEL, State.CONFIRMED) for o in others)
            return not cancelled_here
        case Kind.CANCEL:
            return order is not None and not order.cancelled
        case Kind.COMPLETION:
            return order is not None and order.pending
        case Kind.REFUND:
            # Look-ups need not show refunds; but one answered as "cancelled" may have cancelled the whole order.
            cancelled_all = operation.api_status is CancelStatus.CANCELLED and order is not None and order.cancelled
            return cancelled_all and not any((o.kind, o.state) == (Kind.CANCEL, State.CONFIRMED) for o in others)


def _explained(kind: Kind, others: Sequence[Operation]) -> bool:
    """Whether another operation here did it, or may just be doing it. A confirmed refund is in the figures instead."""
    explaining = UNFINISHED if kind is Kind.REFUND else UNFINISHED | {State.CONFIRMED}
    return any(other.kind is kind and other.state in explaining for other in others)
