"""What the window asks of the systems for one return, and what a marketplace or web shop shows of a purchase."""

from dataclasses import dataclass
from datetime import datetime

from bonifiq_desktop.domain.operations import Operation
from bonifiq_desktop.domain.orders import Order
from bonifiq_desktop.domain.returns import ReturnChoice
from bonifiq_desktop.domain.verdicts import FailureReason
from bonifiq_desktop.services.refundable import RefundRequest


class ConnectionUnknown(Exception):
    """There is no connection with this name."""


@dataclass(frozen=True)
class RemoteRequest:
    """What goes back in one marketplace or web shop; `order` as it was looked up there."""

    connection: str
    order: Order
    choice: ReturnChoice


@dataclass(frozen=True)
class ReturnRequest:
    """A return that the cashier confirmed. `points`: its part in BonifiQ. `intent_id`: as in RefundRequest."""

    points: RefundRequest | None = None
    money: tuple[RemoteRequest, ...] = ()
    intent_id: str | None = None


@dataclass(frozen=True)
class RemoteLookup:
    """What a marketplace or web shop shows of a purchase, with this till's history of it.

    - `order`: None where it has no order under any of the numbers.
    - `operations`: those of this till on that order, newest first; `unfinished`: one of them that is.
    - `cached_at`: set when the system gave no answer, with the `failure_reason`. The order is then as last seen here;
      a return that is registered from it is looked up before it is sent, as every one is.
    """

    connection: str
    system: str
    order: Order | None
    operations: tuple[Operation, ...] = ()
    unfinished: Operation | None = None
    cached_at: datetime | None = None
    failure_reason: FailureReason | None = None
