"""What goes into the ledger and what it answers."""

from dataclasses import dataclass
from datetime import datetime

from bonifiq_desktop.domain.money import Cents
from bonifiq_desktop.domain.operations import CLOSED_NEGATIVELY, Kind, Operation
from bonifiq_desktop.domain.requests import SerializedRequest
from bonifiq_desktop.domain.verdicts import Unknown


@dataclass(frozen=True)
class StartedAttempt:
    """An attempt that is on disk and may now leave.

    `earlier_is_known`: an earlier one was really made here, not only reckoned with after a restore. `said_no`: the
    answer to the last one that may have left, if it was a no that decides nothing. `key_sent_before`: an earlier
    operation of the order, closed negatively, was sent with the same key.
    """

    operation: Operation
    attempt_id: int
    request: SerializedRequest
    earlier_possibly_sent: bool
    earlier_made_here: bool = True
    previous_denial: Unknown | None = None
    key_sent_earlier: bool = False


@dataclass(frozen=True)
class OrderHistory:
    """What this till knows of an order.

    `largest_total`: of all totals in which the order was seen here; None when it never was.
    """

    largest_total: Cents | None
    confirmed_refunds: Cents
    operations: tuple[Operation, ...]

    @property
    def unfinished(self) -> Operation | None:
        """The order's operation that is not final yet, or None."""
        return next((o for o in self.operations if o.settled_at is None), None)

    @property
    def refunds(self) -> list[Operation]:
        """The refunds that are not closed negatively, newest first."""
        return [o for o in self.operations if o.kind is Kind.REFUND and o.state not in CLOSED_NEGATIVELY]

    @property
    def open_refunds(self) -> tuple[Cents, ...]:
        """Their values in cents."""
        return tuple(refund.value for refund in self.refunds)


@dataclass(frozen=True)
class Restoration:
    """A ledger put back from a copy: what happened here between `made_at` and `at` may be missing in it.

    `made_at` None: nobody knows how old the copy was, or the ledger was begun anew. `by`: who decided it.
    """

    copy_made_at: datetime | None
    restored_at: datetime
    decided_by: str


@dataclass(frozen=True)
class OperationCounts:
    """`pending`: still has to reach BonifiQ or be settled, by itself; `review`: waits for a person.

    `contradicted`: final, and a look-up showed the opposite.
    """

    pending: int
    review: int
    contradicted: int = 0
