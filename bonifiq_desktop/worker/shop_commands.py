"""Commands about the shop database: joining, inviting and leaving, its state, taking an order over."""

from dataclasses import field

from bonifiq_desktop.domain.operations import Operation, Scope
from bonifiq_desktop.domain.shop_database import ShopDatabaseStatus
from bonifiq_desktop.worker.command import Command, NeedsApproval


class JoinShopDatabase(NeedsApproval[ShopDatabaseStatus]):
    """Join the shop database with the file that another till or the supporter made, and its one-time code.

    `keep_in_file`: the owner agrees to secrets in a file where there is no usable keyring.
    Raises EnrolmentError, SettingsError, LedgerError, ApprovalNeeded.
    """

    path: str
    code: str
    keep_in_file: bool = False


class InviteTill(NeedsApproval[str]):
    """Let another till join the shop database; the value is the code of 20 letters for its enrolment file.

    `path`: where the file goes, absolute. `user`, `password`: the database administrator's, used for this call only.
    `replaces`: another PC takes the place of the till that has this name, which loses its access.
    Raises SettingsError `till`, InvitationError, ApprovalNeeded.
    """

    till: str
    path: str
    user: str
    password: str = field(repr=False)
    replaces: bool = False


class LeaveShopDatabase(NeedsApproval[None]):
    """Forget the shop database's access, and what this till knows of the others; its own history stays."""


class BeginIncarnation(NeedsApproval[ShopDatabaseStatus]):
    """Begin a new incarnation after Trouble.FORK or Trouble.HOLE: this till tells its whole history anew."""


class ReadShopDatabase(Command[ShopDatabaseStatus | None]):
    """The state of the exchange; None: this till takes part in no shop database."""


class ReadOrderOperations(Command[tuple[Operation, ...]]):
    """The operations of all tills on orders, by what this till's ledger knows now; no system is asked.

    `orders`: the scope and the number of each.
    """

    orders: tuple[tuple[Scope, str], ...]


class SyncShopDatabase(Command[None]):
    """Exchange changes now."""


class TakeOver(NeedsApproval[Operation]):
    """Release the order of another till's unfinished operation to this till; the value is that operation.

    `operation_id`: negative. `reason`: what the person saw or was told.
    """

    operation_id: int
    reason: str
