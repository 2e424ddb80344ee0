"""What the window may ask for, and what comes back: frozen values, never widgets or connections."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Generic, TypeVar

from bonifiq_desktop.domain.completions import CompletionRequest
from bonifiq_desktop.domain.connections import ConnectionStatus, Shop
from bonifiq_desktop.domain.documents import RevealedDocument
from bonifiq_desktop.domain.operations import Decision, Operation
from bonifiq_desktop.domain.orders import Customer, Order
from bonifiq_desktop.domain.personal_data import ErasureResult, PersonalDataReport
from bonifiq_desktop.domain.sales import Sale
from bonifiq_desktop.domain.staff import Approval, Person, Role
from bonifiq_desktop.domain.updates import Release
from bonifiq_desktop.ledger.backups import Backup
from bonifiq_desktop.ledger.history import OperationDetails
from bonifiq_desktop.security.credentials import Credentials, KeyStorage
from bonifiq_desktop.services.clock_check import ClockDoubt
from bonifiq_desktop.services.lookup_result import LookupResult
from bonifiq_desktop.services.refundable import RefundRequest
from bonifiq_desktop.storage.settings import Settings

T = TypeVar("T")


@dataclass(frozen=True)
class Command(Generic[T]):
    """A wish of the window; its type parameter is what a fulfilled one answers."""


@dataclass(frozen=True, kw_only=True)
class NeedsApproval(Command[T]):
    """A wish that a manager may have to allow; `approval`: the manager who does, for this one time."""

    approval: Approval | None = field(default=None, repr=False)


@dataclass(frozen=True)
class LookUp(Command[LookupResult]):
    """Ask BonifiQ for an order. `is_sure`: a person says that it is an order's number, whatever it looks like."""

    text: str
    is_order_number: bool = False


@dataclass(frozen=True)
class RevealDocument(NeedsApproval[RevealedDocument]):
    """Show the whole document of an order's customer."""

    order_id: str


@dataclass(frozen=True)
class FindCustomer(Command[Customer | None]):
    """Find a customer by document among the orders seen here; answered masked."""

    document: str = field(repr=False)


@dataclass(frozen=True)
class RegisterRefund(NeedsApproval[Operation]):
    """Register a refund of part of an order."""

    request: RefundRequest


@dataclass(frozen=True)
class RegisterCancellation(NeedsApproval[Operation]):
    """Register the cancellation of a whole order. `seen_at`: as in FoundOrder."""

    order: Order
    reason: str
    intent_id: str | None = None
    seen_at: datetime | None = None


@dataclass(frozen=True)
class RegisterSale(NeedsApproval[Operation]):
    """Register a sale; `despite_clock`: with this PC's date, whatever is known of its clock."""

    sale: Sale = field(repr=False)
    intent_id: str | None = None
    ignore_clock: bool = False


@dataclass(frozen=True)
class RegisterCompletion(Command[Operation]):
    """Register that a pending sale is completed."""

    request: CompletionRequest


@dataclass(frozen=True)
class WithdrawOperation(Command[Operation]):
    """Take back an operation that has not left."""

    operation_id: int


@dataclass(frozen=True)
class DecideReview(NeedsApproval[Operation]):
    """Settle an operation in review by a person's word."""

    operation_id: int
    decision: Decision
    name: str
    reason: str


@dataclass(frozen=True)
class AcknowledgeContradiction(NeedsApproval[Operation]):
    """A person has looked into what BonifiQ showed against a final operation."""

    operation_id: int


@dataclass(frozen=True)
class ReadHistoryPage(Command[list[Operation]]):
    """One page of operations, newest first."""

    search: str
    before_id: int | None = None


@dataclass(frozen=True)
class ReadOperationDetails(Command[OperationDetails | None]):
    """One operation with its attempts and events."""

    operation_id: int


@dataclass(frozen=True)
class ExportHistory(Command[int]):
    """Write all operations to a file, by its ending XLSX or CSV; answers how many."""

    path: str


@dataclass(frozen=True)
class FindPersonalData(Command[PersonalDataReport]):
    """How much this till holds of a customer, by CPF, CNPJ or e-mail."""

    customer: str = field(repr=False)


@dataclass(frozen=True)
class ExportPersonalData(NeedsApproval[int]):
    """Write all that this till holds of a customer to a JSON file; answers how many entries."""

    customer: str = field(repr=False)
    path: str


@dataclass(frozen=True)
class SaveSupportFile(Command[None]):
    """Write the file for the support."""

    path: str


@dataclass(frozen=True)
class ErasePersonalData(NeedsApproval[ErasureResult]):
    """Drop what this till holds of a customer."""

    customer: str = field(repr=False)


@dataclass(frozen=True)
class CurrentSettings:
    """The settings in force, and what the window may know of the credentials.

    `token_suffix`: tells one token from another. `credentials_withheld`: the stored ones are for another address.
    `keyring_timed_out`: the keyring did not answer in this run. `shop_unconfirmed`: see ShopUnconfirmed.
    """

    settings: Settings
    token_suffix: str
    has_key: bool
    key_storage: KeyStorage | None
    keyring_usable: bool
    credentials_withheld: bool = False
    keyring_timed_out: bool = False
    shop_unconfirmed: bool = False


@dataclass(frozen=True)
class ReadSettings(Command[CurrentSettings]):
    """How this till is set up."""


@dataclass(frozen=True)
class SaveSettings(NeedsApproval[CurrentSettings]):
    """Store settings, and credentials if new ones were typed. `file_allowed`: the owner agreed to a plain file.

    `shop`: whose the pair is, where it is new to this till.
    """

    settings: Settings
    credentials: Credentials | None = field(repr=False, default=None)
    allow_plain_file: bool = False
    shop: Shop | None = None


@dataclass(frozen=True)
class ForgetCredentials(NeedsApproval[CurrentSettings]):
    """Keep no token and no key any more; what waits to be sent goes on waiting."""


@dataclass(frozen=True)
class TestConnection(Command[None]):
    """Prove an address and credentials without changing anything; None: those in force, at their own address only."""

    __test__ = False  # not a test, whatever pytest thinks of the name

    url: str
    credentials: Credentials | None = field(repr=False, default=None)


@dataclass(frozen=True)
class SaveDraft(Command[None]):
    """Keep what is half typed on a screen; empty content forgets it."""

    screen: str
    content: dict[str, Any] = field(repr=False)


@dataclass(frozen=True)
class LoadDraft(Command[dict[str, Any]]):
    """What was half typed on a screen."""

    screen: str


@dataclass(frozen=True)
class SignIn(Command[Person]):
    """Somebody takes the counter over."""

    name: str
    pin: str = field(repr=False)


@dataclass(frozen=True)
class SignOut(Command[None]):
    """Nobody is at the counter any more: until somebody signs in, nothing but the queue goes on."""


@dataclass(frozen=True)
class SavePerson(NeedsApproval[None]):
    """Add somebody to the till's people, or change the role or PIN (empty: as it was) of who has that name."""

    name: str
    role: Role
    pin: str = field(repr=False)


@dataclass(frozen=True)
class RemovePerson(NeedsApproval[None]):
    """Take somebody off the list."""

    name: str


@dataclass(frozen=True)
class ResetPin(Command[None]):
    """The owner, proved by the till's token and key, names a manager or gives one a new PIN."""

    name: str
    pin: str = field(repr=False)
    credentials: Credentials = field(repr=False)


@dataclass(frozen=True)
class RestoreLedger(NeedsApproval[None]):
    """Put a copy in the broken ledger's place, or use the file that is there, or begin a new one (None).

    `name`: who decided it.
    """

    source: Path | None
    decided_by: str


@dataclass(frozen=True)
class AdoptLedger(NeedsApproval[None]):
    """The till moved to this PC: go on with the ledger that another one used. `name`: who decided it."""

    decided_by: str


@dataclass(frozen=True)
class ReopenLedger(Command[None]):
    """Open the broken ledger once more, as it is."""


@dataclass(frozen=True)
class Outcome(Generic[T]):
    """What became of a command: a value, or the error that its handler raised."""

    request_id: int
    value: T | None = field(repr=False, default=None)
    error: Exception | None = None


@dataclass(frozen=True)
class Status:
    """What the window always shows. `contradicted`: how many final operations BonifiQ shows otherwise.

    `elsewhere`: how many of `pending` wait for another shop or address. `shop_unsure`: see ShopUnsure. `newer`: a newer
    version than this one, told of only while nothing is unsent or undecided. `clock`: what is wrong with this PC's.
    """

    connection: ConnectionStatus
    pending: int
    review: int
    stopped_by_credentials: bool
    contradictions: int = 0
    newer_release: Release | None = None
    clock_doubt: ClockDoubt | None = None
    pending_for_other_shop: int = 0
    shop_unconfirmed: bool = False


@dataclass(frozen=True)
class OperationChanged:
    """An operation moved, by itself or by a command."""

    operation: Operation


@dataclass(frozen=True)
class RecoveryOptions:
    """What can take the place of a broken ledger. `as_it_is`: the file that is there, where it can be used at all.

    `elsewhere`: it is sound, and another PC's; then the question is only whether the till moved or this is a copy.
    """

    backups: tuple[Backup, ...]
    usable_file: Path | None
    from_other_pc: bool = False


@dataclass(frozen=True)
class LedgerUnavailable:
    """The history cannot be used: nothing is registered or sent until it can.

    `ways`: what can be put in its place, where that is the remedy; told a second time once they are known, until when
    they are `sought`.
    """

    error: Exception
    options: RecoveryOptions | None = None
    is_searching: bool = False


class WorkerCrashed(Exception):
    """The worker ended by a fault of its own: nothing is done any more until the program is started again."""


@dataclass(frozen=True)
class PracticeOrders:
    """Training: the order numbers to try, each with a hint."""

    orders: tuple[tuple[str, str], ...]
