"""Commands of the window, and the outcomes and events that come back: frozen values, never widgets or files."""

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
from bonifiq_desktop.domain.print_jobs import PrinterInfo as PrinterInfo
from bonifiq_desktop.domain.sales import Sale
from bonifiq_desktop.domain.search import Balance, Home, SearchResult
from bonifiq_desktop.domain.staff import Person, Role
from bonifiq_desktop.domain.updates import Release
from bonifiq_desktop.ledger.backups import Backup
from bonifiq_desktop.security.credentials import Credentials, KeyStorage
from bonifiq_desktop.services.clock_check import ClockDoubt
from bonifiq_desktop.services.installed_versions import VersionState
from bonifiq_desktop.services.refundable import LookupResult, RefundRequest
from bonifiq_desktop.storage.settings import Settings
from bonifiq_desktop.worker.command import Command as Command
from bonifiq_desktop.worker.command import NeedsApproval as NeedsApproval
from bonifiq_desktop.worker.day_commands import CheckDay as CheckDay
from bonifiq_desktop.worker.day_commands import CloseDay as CloseDay
from bonifiq_desktop.worker.day_commands import ExportDay as ExportDay
from bonifiq_desktop.worker.day_commands import ReadClosedDays as ReadClosedDays
from bonifiq_desktop.worker.day_commands import ReadDay as ReadDay
from bonifiq_desktop.worker.history_commands import ExportHistory as ExportHistory
from bonifiq_desktop.worker.history_commands import HistoryChoices as HistoryChoices
from bonifiq_desktop.worker.history_commands import ReadHistoryChoices as ReadHistoryChoices
from bonifiq_desktop.worker.history_commands import ReadHistoryPage as ReadHistoryPage
from bonifiq_desktop.worker.history_commands import ReadHistoryTotals as ReadHistoryTotals
from bonifiq_desktop.worker.history_commands import ReadOperationDetails as ReadOperationDetails
from bonifiq_desktop.worker.print_commands import ListPrinters as ListPrinters
from bonifiq_desktop.worker.print_commands import PrintSlip as PrintSlip
from bonifiq_desktop.worker.print_commands import ReadPrintJobs as ReadPrintJobs
from bonifiq_desktop.worker.print_commands import ReadSlip as ReadSlip
from bonifiq_desktop.worker.print_commands import RepeatPrintJob as RepeatPrintJob
from bonifiq_desktop.worker.print_commands import WithdrawPrintJob as WithdrawPrintJob
from bonifiq_desktop.worker.remote_commands import ConnectionInfo as ConnectionInfo
from bonifiq_desktop.worker.remote_commands import FetchReasons as FetchReasons
from bonifiq_desktop.worker.remote_commands import LookUpElsewhere as LookUpElsewhere
from bonifiq_desktop.worker.remote_commands import PlanReturn as PlanReturn
from bonifiq_desktop.worker.remote_commands import ReadConnections as ReadConnections
from bonifiq_desktop.worker.remote_commands import RegisterReturn as RegisterReturn
from bonifiq_desktop.worker.remote_commands import RemoteStatus as RemoteStatus
from bonifiq_desktop.worker.remote_commands import RemoveConnection as RemoveConnection
from bonifiq_desktop.worker.remote_commands import SaveConnection as SaveConnection
from bonifiq_desktop.worker.remote_commands import TestRemoteConnection as TestRemoteConnection
from bonifiq_desktop.worker.remote_commands import WithdrawReturn as WithdrawReturn
from bonifiq_desktop.worker.reward_commands import CheckCode as CheckCode
from bonifiq_desktop.worker.reward_commands import FindRewards as FindRewards
from bonifiq_desktop.worker.reward_commands import ReadCheckout as ReadCheckout
from bonifiq_desktop.worker.reward_commands import RegisterRedemption as RegisterRedemption
from bonifiq_desktop.worker.reward_commands import SendCode as SendCode
from bonifiq_desktop.worker.reward_commands import UndoRedemption as UndoRedemption
from bonifiq_desktop.worker.shop_commands import BeginIncarnation as BeginIncarnation
from bonifiq_desktop.worker.shop_commands import InviteTill as InviteTill
from bonifiq_desktop.worker.shop_commands import JoinShopDatabase as JoinShopDatabase
from bonifiq_desktop.worker.shop_commands import LeaveShopDatabase as LeaveShopDatabase
from bonifiq_desktop.worker.shop_commands import ReadOrderOperations as ReadOrderOperations
from bonifiq_desktop.worker.shop_commands import ReadShopDatabase as ReadShopDatabase
from bonifiq_desktop.worker.shop_commands import SyncShopDatabase as SyncShopDatabase
from bonifiq_desktop.worker.shop_commands import TakeOver as TakeOver
from bonifiq_desktop.worker.slip_file_commands import SaveSlipFile as SaveSlipFile

T = TypeVar("T")


class LookUp(Command[LookupResult]):
    """Look an order up. `is_order_number`: the user said that a text which looks like a document is one."""

    text: str
    is_order_number: bool = False


class Search(Command[SearchResult]):
    """Find orders of this till by a typed or scanned text, without the network. Nothing leaves the till."""

    text: str = field(repr=False)


class HomeSummary(Command[Home]):
    """Recent orders, today's figures, what is pending, and the drafts."""


class CustomerBalance(Command[Balance]):
    """Ask BonifiQ for a customer's balance, by CPF, CNPJ, e-mail, or the phone of a customer known here."""

    document_or_phone: str = field(repr=False)


class RevealDocument(NeedsApproval[RevealedDocument]):
    order_id: str


class FindCustomer(Command[Customer | None]):
    """Find a customer among the orders seen at this till; the value is masked.

    `document`: a CPF or CNPJ, an e-mail address or a phone. `order_id`: an order of the customer, in place of it.
    """

    document: str = field(repr=False, default="")
    order_id: str = ""


class RegisterRefund(NeedsApproval[Operation]):
    request: RefundRequest


class RegisterCancellation(NeedsApproval[Operation]):
    """Register the cancellation of a whole order. `seen_at`: see LookupResult."""

    order: Order
    reason: str
    intent_id: str | None = None
    seen_at: datetime | None = None


class RegisterSale(NeedsApproval[Operation]):
    """Register a sale. `ignore_clock`: also when this PC's clock is known to be wrong.

    `checkout_id`: of the redemption that the sale uses; its total is net of the discount then.
    """

    sale: Sale = field(repr=False)
    intent_id: str | None = None
    ignore_clock: bool = False
    checkout_id: str = ""


class RegisterCompletion(Command[Operation]):
    request: CompletionRequest


class WithdrawOperation(Command[Operation]):
    operation_id: int


class DecideReview(NeedsApproval[Operation]):
    operation_id: int
    decision: Decision
    name: str
    reason: str


class AcknowledgeContradiction(NeedsApproval[Operation]):
    """Acknowledge that BonifiQ shows a final operation otherwise."""

    operation_id: int


class FindPersonalData(Command[PersonalDataReport]):
    """Count what this till holds of a customer, by CPF, CNPJ or e-mail."""

    customer: str = field(repr=False)


class ExportPersonalData(NeedsApproval[int]):
    """Write all that this till holds of a customer to a JSON file; the value is the number of entries."""

    customer: str = field(repr=False)
    path: str


class StopWork(Command[None]):
    """Stop a running command that publishes WorkProgress; its outcome is then WorkStopped."""

    command: type[Command[Any]]


class SaveSupportFile(Command[None]):
    path: str


class ReadVersions(Command[VersionState | None]):
    """Read which versions of the program are installed; None where it is not in version folders."""


class SwitchVersion(NeedsApproval[VersionState]):
    """Let the next start of the program take the other installed version. Stops nothing that is under way."""


class ErasePersonalData(NeedsApproval[ErasureResult]):
    customer: str = field(repr=False)


@dataclass(frozen=True)
class CurrentSettings:
    """The settings in force, and what the window may know of the credentials.

    `token_suffix`: tells one token from another. `credentials_withheld`: the stored ones are for another address.
    `keyring_timed_out`: the keyring did not answer in this run. `shop_unconfirmed`: see ShopUnconfirmed.
    `customers_kept`: False where no keyring is usable, so that customers' data is not kept on disk.
    """

    settings: Settings
    token_suffix: str
    has_key: bool
    key_storage: KeyStorage | None
    keyring_usable: bool
    credentials_withheld: bool = False
    keyring_timed_out: bool = False
    shop_unconfirmed: bool = False
    customers_kept: bool = True


class ReadSettings(Command[CurrentSettings]):
    """Read the settings in force."""


class SaveSettings(NeedsApproval[CurrentSettings]):
    """Store settings, and credentials where new ones were typed.

    `allow_plain_file`: the owner agreed to a file without a seal. `shop`: the shop of credentials new to this till.
    """

    settings: Settings
    credentials: Credentials | None = field(repr=False, default=None)
    allow_plain_file: bool = False
    shop: Shop | None = None


class ForgetCredentials(NeedsApproval[CurrentSettings]):
    """Delete the stored credentials; the queue waits for new ones."""


class TestConnection(Command[None]):
    """Verify an address and credentials; None: those in force, at their own address only."""

    __test__ = False  # pytest would collect the class for its name

    url: str
    credentials: Credentials | None = field(repr=False, default=None)


class SaveDraft(Command[None]):
    """Save the draft of a screen; empty content deletes it."""

    screen: str
    content: dict[str, Any] = field(repr=False)


class LoadDraft(Command[dict[str, Any]]):
    screen: str


class SignIn(Command[Person]):
    name: str
    pin: str = field(repr=False)


class SignOut(Command[None]):
    """Lock the till: until the next sign-in only the outbox works on."""


class SavePerson(NeedsApproval[None]):
    """Add a person to the staff, or change the role or PIN of the person with that name; an empty PIN stays."""

    name: str
    role: Role
    pin: str = field(repr=False)


class RemovePerson(NeedsApproval[None]):
    name: str


class ResetPin(Command[None]):
    """Name a manager or set a manager's PIN; the till's own token and key prove that the owner asks."""

    name: str
    pin: str = field(repr=False)
    credentials: Credentials = field(repr=False)


class RestoreLedger(NeedsApproval[None]):
    """Replace an unusable ledger by a backup, or by the file that is there; None: start a new one."""

    source: Path | None
    decided_by: str


class AdoptLedger(NeedsApproval[None]):
    """Use the ledger of another PC here: the till was moved to this one."""

    decided_by: str


class ReopenLedger(Command[None]):
    """Open the unusable ledger again, unchanged."""


@dataclass(frozen=True)
class Outcome(Generic[T]):
    """The result of a command: a value, or the error that its handler raised."""

    request_id: int
    value: T | None = field(repr=False, default=None)
    error: Exception | None = None


@dataclass(frozen=True)
class Status:
    """What the window always shows.

    `contradictions`: final operations that BonifiQ shows otherwise. `pending_for_other_shop`: those of `pending` that
    wait for another shop or address. `newer_release`: set only while nothing is pending or in review.
    `clock_doubt`: the error of this PC's clock. `shop_unconfirmed`: see ShopUncertain. `failed_version`: the version
    that the starter gave up for this one. `connection_at`: when the connection answered last, or since when it has not.
    `elsewhere`: the connections to marketplaces and web shops; the other fields of a connection are BonifiQ's.
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
    failed_version: str = ""
    connection_at: datetime | None = None
    elsewhere: tuple[RemoteStatus, ...] = ()


@dataclass(frozen=True)
class RecoveryOptions:
    """What can replace an unusable ledger. `usable_file`: the file that is there, where it can be used.

    `from_other_pc`: the file is sound and another PC's; a person says whether the till moved or this is a copy.
    """

    backups: tuple[Backup, ...]
    usable_file: Path | None
    from_other_pc: bool = False


@dataclass(frozen=True)
class LedgerUnavailable:
    """Event: the ledger cannot be used, so nothing is registered or sent.

    Published a second time with `options`, where a replacement helps; until then `is_searching`.
    """

    error: Exception
    options: RecoveryOptions | None = None
    is_searching: bool = False


class WorkerCrashed(Exception):
    """The worker thread ended by an unexpected error; only a restart of the program helps."""


@dataclass(frozen=True)
class WorkProgress:
    """Event: how far a slow command is. `total`: 0 while it is not known."""

    command: type[Command[Any]]
    done: int
    total: int


@dataclass(frozen=True)
class SearchIndexReady:
    """Event: names and parts of phone numbers are found from now on."""


@dataclass(frozen=True)
class PracticeOrders:
    """Event in training: order numbers, and documents of customers to sell to, each with a hint."""

    orders: tuple[tuple[str, str], ...]
    customers: tuple[tuple[str, str], ...] = ()
