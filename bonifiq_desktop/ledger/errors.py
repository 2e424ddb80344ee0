"""What can be wrong with the ledger. The words for people are in `ui/messages/ledger_errors.py`."""

from bonifiq_desktop.domain.operations import Operation
from bonifiq_desktop.ledger.unsafe_location import UnsafeLocation


class LedgerError(Exception):
    """Base of everything the ledger raises on purpose."""


class LedgerFailed(LedgerError):
    """The file could not be read or written: disk full, read-only folder, I/O error. It is not damaged."""


class CommitUncertain(LedgerFailed):
    """COMMIT failed; whether the step is on disk is known only after reopening the file."""


class LedgerDamaged(LedgerError):
    """The file is not a sound database."""


class RowDamaged(LedgerDamaged):
    """One row is no longer what was written; the others are not touched by it."""


class RowsUnreadable(RowDamaged):
    """Some rows of a page of the history are damaged. `readable`: the others; `left_out`: how many are."""

    def __init__(self, readable: list[Operation], unreadable_count: int) -> None:
        super().__init__(f"{unreadable_count} operations")
        self.readable = readable
        self.unreadable_count = unreadable_count


class RequestDamaged(RowDamaged):
    """One operation's request is no longer what was written."""


class LedgerForeign(LedgerError):
    """The file belongs to another program."""


class LedgerNewer(LedgerError):
    """The file was written by a newer version of this program."""


class LedgerMissing(LedgerError):
    """There was a ledger here, and the file is gone."""


class LedgerOlder(LedgerError):
    """The file is not the one that this till wrote last: an older copy, or another till's."""


class LedgerOfAnotherMachine(LedgerError):
    """The file was last used by another PC: the till moved here, or this is a copy. A person has to say which."""


class LedgerInUnsafeLocation(LedgerError):
    """The folder is no safe place for a ledger."""

    def __init__(self, location: UnsafeLocation) -> None:
        super().__init__(location)
        self.location = location


class OrderBusy(LedgerError):
    """Another operation of the same order is unfinished."""

    def __init__(self, other: Operation) -> None:
        super().__init__(other.order_id)
        self.other = other


class AlreadyRegistered(LedgerError):
    """This very intention is in the ledger."""

    def __init__(self, operation: Operation) -> None:
        super().__init__(operation.order_id)
        self.operation = operation


class SaleNumberUsed(LedgerError):
    """A sale with this number was registered here before."""


class TransitionRefused(LedgerError):
    """The operation is no longer in the state that the move starts from."""
