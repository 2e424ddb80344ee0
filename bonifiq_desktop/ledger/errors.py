"""Errors of the ledger. Their user messages are in `ui/messages/errors.py`."""

from bonifiq_desktop.domain.operations import Operation
from bonifiq_desktop.ledger.unsafe_location import UnsafeLocation


class LedgerError(Exception):
    """Base of the ledger's errors."""


class LedgerFailed(LedgerError):
    """The file could not be read or written: disk full, read-only folder, I/O error. It is not damaged."""


class CommitUncertain(LedgerFailed):
    """COMMIT failed. Only the reopened file shows whether the transaction is on disk."""


class LedgerUnusable(LedgerError):
    """Base of the errors of a file that cannot be used as a whole."""


class LedgerDamaged(LedgerUnusable):
    """The file is not a sound database."""


class RowDamaged(LedgerDamaged):
    """One row is no longer what was written. The others are usable."""


class RowsUnreadable(RowDamaged):
    """Some rows of a history page are damaged. `readable`: the others."""

    def __init__(self, readable: list[Operation], unreadable_count: int) -> None:
        super().__init__(f"{unreadable_count} operations")
        self.readable = readable
        self.unreadable_count = unreadable_count


class RequestDamaged(RowDamaged):
    """One operation's request is no longer what was written."""


class LedgerForeign(LedgerUnusable):
    """The file belongs to another program."""


class LedgerNewer(LedgerUnusable):
    """The file was written by a newer version of this program."""


class LedgerMissing(LedgerUnusable):
    """The ledger file is gone."""


class LedgerOlder(LedgerUnusable):
    """The file is not the one that this till wrote last: an older copy, or another till's."""


class LedgerOfAnotherMachine(LedgerUnusable):
    """The file was last used by another PC. A person has to say whether the till moved here or the file is a copy."""


class LedgerInUnsafeLocation(LedgerUnusable):
    """The folder is on a network drive or synchronised."""

    def __init__(self, location: UnsafeLocation) -> None:
        super().__init__(location)
        self.location = location


class OrderBusy(LedgerError):
    """Another operation of the same order is unfinished, here or at another till (`Operation.till`)."""

    def __init__(self, other: Operation) -> None:
        super().__init__(other.order_id)
        self.other = other


class AlreadyRegistered(LedgerError):
    """The same intent is in the ledger."""

    def __init__(self, operation: Operation) -> None:
        super().__init__(operation.order_id)
        self.operation = operation


class CheckoutEnded(LedgerError):
    """A checkout can no longer be ended so. `operation`: its live end, or the redemption that no sale can use."""

    def __init__(self, operation: Operation) -> None:
        super().__init__(operation.checkout_id)
        self.operation = operation


class CheckoutUnknown(LedgerError):
    """Nothing was redeemed in this checkout."""


class SaleNumberUsed(LedgerError):
    """A sale with this number was registered in the shop before."""


class TransitionRefused(LedgerError):
    """The operation is not in the state from which the transition starts."""


class MirrorBroken(LedgerError):
    """Another till's changes do not continue what is known of it, or one of them is malformed. None was applied."""


class MirrorNewer(LedgerError):
    """Another till's next change is in a newer form than this program reads. `till`: its name."""

    def __init__(self, till: str) -> None:
        super().__init__(till)
        self.till = till
