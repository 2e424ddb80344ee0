"""Legs of a return: records that show one, whether it still fits, when its points may follow, and one row of all."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from enum import StrEnum
from itertools import groupby

from bonifiq_desktop.domain.operations import (
    CLOSED_NEGATIVELY,
    UNFINISHED,
    Operation,
    Resolution,
    ReviewReason,
    State,
    first_leg_id,
)
from bonifiq_desktop.domain.orders import Order, order_summary
from bonifiq_desktop.domain.remote_orders import RemoteLine, RemoteRecord, to_minor_units


def new_records(leg: Operation, order: Order) -> list[RemoteRecord]:
    """Records of a leg's lines, of its amount, that the cashier did not see: perhaps its own, perhaps another client's.

    Where the system computes the amount itself, no record can be told from the others, and there are none.
    """
    if leg.is_estimate:
        return []
    return [each for each in unseen_records(leg, order) if leg.value in record_totals(each, leg.currency)]


def unseen_records(leg: Operation, order: Order) -> list[RemoteRecord]:
    """Records of a leg's lines that the order did not show when the cashier confirmed it.

    One may be this very return, made at another till or in the portal. Where enough units are left, the system would
    give the money back twice.
    """
    if leg.order is None:
        return []
    known = {record.record_id for line in _lines(leg, leg.order) for record in line.records}
    return [record for line in _lines(leg, order) for record in line.records if record.record_id not in known]


def record_totals(record: RemoteRecord, currency: str) -> set[int]:
    """What a record gives back: with taxes and fees where the order's amounts lack them, else without."""
    without = record.amount + record.shipping
    charges = sum(charge.amount for charge in (*record.taxes, *record.shipping_taxes, *record.fees))
    return {to_minor_units(without, currency), to_minor_units(without + charges, currency)}


def _lines(leg: Operation, order: Order) -> list[RemoteLine]:
    """The lines of an order that a leg takes back."""
    line_ids = leg.remote_line.split(",")
    return [line for line in (order.remote.lines if order.remote else ()) if line.line_id in line_ids]


def is_still_returnable(leg: Operation, order: Order | None) -> bool:
    """Whether an order still allows what a leg asks for: its lines stand there, and nothing is in their way."""
    if order is None or order.remote is None or order.remote.obstacle is not None:
        return False
    lines = _lines(leg, order)
    wanted = {line.product_id: line.units for line in leg.lines}
    is_whole = len(lines) == len(leg.remote_line.split(","))
    return is_whole and all(line.obstacle is None and line.units_left >= wanted.get(line.line_id, 0) for line in lines)


def remote_summary(order: Order | None) -> str:
    """Summarize a look-up for a leg's events: a person's decision holds for one state of the order alone."""
    if order is None or order.remote is None:
        return order_summary(order)
    return f"{order_summary(order)} {order.remote.state} {order.remote.changed_at}".rstrip()


def resolve_unsent_return(
    leg: Operation, order: Order | None, *, decided: bool, known_records: Collection[str]
) -> Resolution:
    """Resolve an unsent leg by a look-up; its present state as the result means "send it".

    `decided`: a person saw the order as it is and decided to send it all the same. `known_records`: ids of what other
    operations of this till made.
    """
    if order is not None and decided:
        return Resolution(leg.state)
    if order is not None and is_still_returnable(leg, order):
        unseen = {record.record_id for record in unseen_records(leg, order)}
        if unseen <= set(known_records):
            return Resolution(leg.state)
    return Resolution(State.REVIEW, review_reason=ReviewReason.ORDER_CHANGED)


def resolve_points(others: Iterable[Operation]) -> Resolution | None:
    """Where the points of a return go before a sending; None: they wait for a money leg.

    `others`: the other legs. The queue as the result means "send it"; a money leg that was not given back holds the
    points, because the customer has neither the money nor the goods.
    """
    states = {other.state for other in others}
    if states & UNFINISHED:
        return None
    if states & CLOSED_NEGATIVELY:
        return Resolution(State.REVIEW, review_reason=ReviewReason.MONEY_REFUSED)
    return Resolution(State.QUEUED)


_SETTLED = frozenset({"refunded", "canceled", "cancelled", "closed", "returned", "refused"})


def is_settled_remotely(remote_state: str) -> bool:
    """Whether a system is done with what it accepted; of several words, joined by a comma, all must say so.

    Mirakl: `refund_state` REFUNDED, an order CANCELED, a return CLOSED or REFUSED. Akinon: names of its item states.
    """
    words = [word.strip().casefold() for word in remote_state.split(",")]
    return all(word in _SETTLED for word in words)


class RemoteProgress(StrEnum):
    """How far a system is with a return that it accepted, as far as its own word tells."""

    UNSAID = "unsaid"
    WAITS_FOR_TAXES = "waits_for_taxes"
    NOT_PAID_YET = "not_paid_yet"
    REFUNDED = "refunded"
    CANCELLING = "cancelling"
    CANCELLED = "cancelled"
    OTHER = "other"


_PROGRESS = {
    "": RemoteProgress.UNSAID,
    "WAITING_REFUND_TAX_CONFIRMATION": RemoteProgress.WAITS_FOR_TAXES,
    "WAITING_REFUND": RemoteProgress.NOT_PAID_YET,
    "WAITING_REFUND_PAYMENT": RemoteProgress.NOT_PAID_YET,
    "REFUNDED": RemoteProgress.REFUNDED,
    "50": RemoteProgress.CANCELLING,
    "CANCELLATION_WAITING": RemoteProgress.CANCELLING,
    "100": RemoteProgress.CANCELLED,
    "CANCELED": RemoteProgress.CANCELLED,
}


def remote_progress(leg: Operation) -> RemoteProgress:
    """How far a system is with an accepted leg, by its word (see `Operation.remote_state`)."""
    return _PROGRESS.get(leg.remote_state.strip().upper(), RemoteProgress.OTHER)


def by_return(operations: Sequence[Operation]) -> Iterator[tuple[Operation, ...]]:
    """The rows of a history page: the legs of each return together, in the order of their sending; others alone.

    `operations`: newest first, each return whole (see `history.read_page`).
    """
    for _first, legs in groupby(operations, key=first_leg_id):
        yield tuple(sorted(legs, key=lambda leg: leg.leg))
