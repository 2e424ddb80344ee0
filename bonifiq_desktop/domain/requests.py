"""What a person confirmed, and the request that says so to a remote system."""

from dataclasses import dataclass, field
from datetime import datetime

from bonifiq_desktop.domain.money import Cents
from bonifiq_desktop.domain.operations import BONIFIQ, Kind, Line
from bonifiq_desktop.domain.orders import Order
from bonifiq_desktop.domain.sales import Sale


@dataclass(frozen=True)
class Intent:
    """What the cashier confirmed. `value` in cents: refunded, or the total of the sale or of the cancelled order.

    `intent_id`: names this very intention, so that a draft which outlived its registration cannot be registered again.
    `look_up_first`: look the order up before the first sending.
    `document_hash`: keyed hash of the customer's document, to find the customer again at the next sale.
    `account`: the shop it is for. `reference`, `system`, `connection`: as in Operation.
    `sale`: what a sale or completion registers; only its request is kept. `stated_at`: the moment that a cancellation
    states.
    `registered_by` was at the counter, `approved_by` the manager who allowed it; empty where nobody was asked.
    """

    kind: Kind
    order_id: str
    value: Cents
    reason: str = ""
    lines: tuple[Line, ...] = ()
    order: Order | None = None
    document_hash: str | None = None
    intent_id: str | None = None
    look_up_first: bool = False
    account: str = ""
    reference: str | None = None
    registered_by: str = ""
    approved_by: str = ""
    system: str = BONIFIQ
    connection: str = BONIFIQ
    sale: Sale | None = field(default=None, repr=False)
    stated_at: datetime | None = None


@dataclass(frozen=True)
class SerializedRequest:
    """The request of an intent, byte for byte as every attempt will send it."""

    path: str
    body: bytes = field(repr=False)
    client_key: str | None = None
    method: str = "POST"
