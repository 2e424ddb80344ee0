"""Statuses of orders and items, and what they mean for a return (API docs, section 2).

Assumptions in one place, to be tested on a real Omnitron: an item is cancelled before it is shipped and returned
afterwards; an item with a `cancel_status` is being taken back, whatever the status says.
"""

from enum import Enum
from typing import Any

from bonifiq_desktop.connectors.akinon.fields import text_of

_NAMES = {
    "50": "cancellation_waiting",
    "100": "canceled",
    "200": "waiting",
    "300": "payment_waiting",
    "350": "confirmation_waiting",
    "400": "approved",
    "450": "preparing",
    "500": "shipped",
    "510": "shipped_and_informed",
    "520": "ready_for_pickup",
    "540": "attempted_delivery",
    "544": "review_started",
    "545": "review_waiting",
    "550": "delivered",
}
CANCELED = _NAMES["100"]
WAITING = _NAMES["50"]
DELIVERED = _NAMES["550"]
_UNPAID = frozenset({"waiting", "payment_waiting", "confirmation_waiting"})
_BEFORE_SHIPMENT = _UNPAID | {"approved", "preparing"}
_AFTER_SHIPMENT = frozenset(_NAMES.values()) - _BEFORE_SHIPMENT - {CANCELED, WAITING}
_GONE = frozenset({CANCELED, "cancelled", "refunded", "returned"})


class Stage(Enum):
    """Where an item stands."""

    BEFORE_SHIPMENT = "cancel"
    AFTER_SHIPMENT = "refund"
    UNDER_WAY = "under_way"
    GONE = "gone"
    UNKNOWN = "unknown"


def status_name(value: Any) -> str:
    """The name of a status: a number, a number as text, or a name already. An unknown one stays as it is."""
    text = text_of(value)
    return _NAMES.get(text, text.lower())


def stage_of(name: str) -> Stage:
    """The stage that a status names."""
    if name in _GONE:
        return Stage.GONE
    if name == WAITING:
        return Stage.UNDER_WAY
    if name in _BEFORE_SHIPMENT:
        return Stage.BEFORE_SHIPMENT
    return Stage.AFTER_SHIPMENT if name in _AFTER_SHIPMENT else Stage.UNKNOWN


def is_paid(name: str) -> bool:
    """Whether an order in this status was paid."""
    return name not in _UNPAID
