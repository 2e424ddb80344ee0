"""Records that the ledger returns: started attempts, order histories, restorations, counts."""

from dataclasses import dataclass
from datetime import UTC, datetime

from bonifiq_desktop.domain.money import Cents
from bonifiq_desktop.domain.operations import Operation
from bonifiq_desktop.domain.requests import SerializedRequest
from bonifiq_desktop.domain.specs import open_refunds, spec_of
from bonifiq_desktop.domain.verdicts import Unknown

NO_END = datetime(9999, 12, 31, tzinfo=UTC)
"""Later than every time that a ledger stores."""


@dataclass(frozen=True)
class StartedAttempt:
    """An attempt that is on disk and may now be sent.

    `earlier_made_here`: an earlier attempt was made here, not only assumed after a restore. `previous_denial`: the
    answer to the last possibly sent attempt, if it was a denial without a verdict. `key_sent_earlier`: an earlier
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
    """The operations of an order, newest first, and its largest total ever seen here (None: never seen)."""

    largest_total: Cents | None
    confirmed_refunds: Cents
    operations: tuple[Operation, ...]

    @property
    def unfinished(self) -> Operation | None:
        """The operation that keeps the order busy, or None: an unfinished one that registers or changes it."""
        return next((o for o in self.operations if o.settled_at is None and spec_of(o.kind).changes_order), None)

    @property
    def refunds(self) -> list[Operation]:
        """The refunds that are not closed negatively, newest first."""
        return open_refunds(self.operations)

    @property
    def open_refunds(self) -> tuple[Cents, ...]:
        """The values of these refunds in cents."""
        return tuple(refund.value for refund in self.refunds)


@dataclass(frozen=True)
class Restoration:
    """A ledger restored from a copy: events between `copy_made_at` and `restored_at` may be missing in it.

    `copy_made_at` None: the age of the copy is unknown, or the ledger was begun anew.
    """

    copy_made_at: datetime | None
    restored_at: datetime
    decided_by: str


@dataclass(frozen=True)
class OperationCounts:
    """Numbers of operations. `pending`: the outbox still works on them; `review`: a person must decide.

    `contradicted`: final, and a look-up showed the opposite.
    """

    pending: int
    review: int
    contradicted: int = 0


@dataclass(frozen=True)
class Erasure:
    """A customer that a person erased at one till of the shop, by the keyed hash under the shop's key.

    `until`: the customer stays as far as a till saw it later; NO_END where the teller named no time.
    """

    identity: str
    until: datetime = NO_END
