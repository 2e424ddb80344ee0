"""When a look-up speaks against a final state: the state stays, and a person is told."""

from collections.abc import Sequence

from bonifiq_desktop.domain.completions import is_completed
from bonifiq_desktop.domain.money import Cents
from bonifiq_desktop.domain.operations import CLOSED_NEGATIVELY, UNFINISHED, Kind, Operation, State
from bonifiq_desktop.domain.orders import Order


def contradicts(
    operation: Operation,
    order: Order | None,
    others: Sequence[Operation],
    *,
    first_total: Cents | None,
    may_have_left: bool,
) -> bool:
    """Whether a look-up just made shows the opposite of a final operation; `order` is None when there is none.

    In doubt it does not: an alarm that is false once is not looked at the next time. `others`: the other operations of
    the order known here. `first_total`: the first one ever seen here. `may_have_left`: an attempt may have reached
    BonifiQ.
    """
    if operation.state is State.CONFIRMED:
        return _denies(operation.kind, order, others)
    if operation.state not in CLOSED_NEGATIVELY or order is None or _explained(operation.kind, others):
        return False
    match operation.kind:
        case Kind.SALE:
            # Its number names one sale: whoever sent it, it counts there and not here.
            return order.total == operation.value and not order.cancelled
        case Kind.COMPLETION:
            return may_have_left and is_completed(order) and order.total == operation.value
        case Kind.CANCEL:
            # What never left this till was done by another till or in BonifiQ's panel, and that is no secret.
            return may_have_left and order.cancelled
        case Kind.REFUND:
            confirmed = sum(o.value for o in others if (o.kind, o.state) == (Kind.REFUND, State.CONFIRMED))
            # Without an earlier refund that shows, a lower total may be anything: a correction, another till.
            shows_this_one_too = first_total is not None and order.total == first_total - confirmed - operation.value
            return may_have_left and confirmed > 0 and shows_this_one_too and not order.cancelled


def _denies(kind: Kind, order: Order | None, others: Sequence[Operation]) -> bool:
    match kind:
        case Kind.SALE:
            cancelled_here = any((o.kind, o.state) == (Kind.CANCEL, State.CONFIRMED) for o in others)
            return order is None and not cancelled_here
        case Kind.CANCEL:
            return order is not None and not order.cancelled
        case Kind.COMPLETION:
            return order is not None and order.pending
        case Kind.REFUND:
            return False  # look-ups need not show refunds


def _explained(kind: Kind, others: Sequence[Operation]) -> bool:
    """Whether another operation here did it, or may just be doing it. A confirmed refund is in the figures instead."""
    explaining = UNFINISHED if kind is Kind.REFUND else UNFINISHED | {State.CONFIRMED}
    return any(other.kind is kind and other.state in explaining for other in others)
