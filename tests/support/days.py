"""Days of a till: operations written into a ledger of its own time, before the window opens it."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

from bonifiq_desktop.domain.day_close import ClosedDay
from bonifiq_desktop.domain.operations import Kind, Operation, Resolution, ReviewReason, State
from bonifiq_desktop.domain.orders import Customer, Order
from bonifiq_desktop.domain.requests import Intent, SerializedRequest
from bonifiq_desktop.ledger.ledger import Ledger
from tests.support.ledger_actions import ANSWERED_DONE, CONFIRMED, start_attempt

ALL = 10**6
"""More operations than any day here has."""


def today() -> date:
    return datetime.now().astimezone().date()


def day_before(days: int) -> date:
    """The day so many days ago."""
    return today() - timedelta(days=days)


def noon(day: date) -> datetime:
    """Noon of a day of this PC's calendar, but never in the future."""
    return min(datetime(day.year, day.month, day.day, 12).astimezone(), datetime.now().astimezone())


def register(
    path: Path,
    day: date,
    order_id: str,
    kind: Kind = Kind.SALE,
    value: int = 1000,
    *,
    state: State = State.CONFIRMED,
    person: str = "Ana",
    reason: str = "",
) -> Operation:
    """Register an operation on a day, confirmed or in review."""
    ledger = Ledger(path, clock=lambda: noon(day))
    try:
        order = Order(order_id, value * 10, customer=Customer(name="Maria"))
        key = f"BQ-{order_id}" if kind is Kind.REFUND else None
        made = ledger.enqueue(
            Intent(kind, order_id, value, order=order, registered_by=person, reason=reason),
            lambda _index: SerializedRequest("/p", b"{}", key),
        )
        if state is State.CONFIRMED:
            return ledger.finish_attempt(start_attempt(ledger, made), ANSWERED_DONE, CONFIRMED)
        in_doubt = Resolution(State.REVIEW, review_reason=ReviewReason.ORDER_CHANGED)
        return ledger.resolve(made.operation_id, State.QUEUED, in_doubt)
    finally:
        ledger.close()


def close_days(path: Path, days: Sequence[date], person: str = "Ana", reason: str = "") -> list[ClosedDay]:
    """Close days as a person did on each of them."""
    closed = []
    for day in days:
        ledger = Ledger(path, clock=lambda day=day: noon(day))  # type: ignore[misc]
        closed.append(ledger.days.close(day, till="CAIXA1", seen_operations=ALL, person=person, reason=reason))
        ledger.close()
    return closed
