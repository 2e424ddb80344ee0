"""One handler per command, and what each command needs before its handler runs."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Flag, auto
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from bonifiq_desktop.domain.decisions import DecisionIncomplete
from bonifiq_desktop.domain.documents import RevealedDocument
from bonifiq_desktop.domain.operations import Operation
from bonifiq_desktop.domain.orders import Customer
from bonifiq_desktop.domain.sales import SaleState
from bonifiq_desktop.domain.staff import ApprovalGrant, Person, Task
from bonifiq_desktop.ledger.backups import move_to_this_machine, restore
from bonifiq_desktop.ledger.errors import LedgerNewer, LedgerOfAnotherMachine
from bonifiq_desktop.ledger.history import OperationDetails, read_totals
from bonifiq_desktop.ledger.history_filter import HistoryTotals, Query
from bonifiq_desktop.ledger.schema import MIGRATIONS
from bonifiq_desktop.services import support
from bonifiq_desktop.services.file_executor import FileExecutor
from bonifiq_desktop.services.installed_versions import InstalledVersions, VersionNotUsable, VersionState
from bonifiq_desktop.services.refundable import LookupResult
from bonifiq_desktop.storage import drafts
from bonifiq_desktop.worker import commands as c

if TYPE_CHECKING:
    from bonifiq_desktop.worker.backend import Backend
    from bonifiq_desktop.worker.recovery import RecoveryBackend

_log = logging.getLogger(__name__)
F = TypeVar("F", bound=Callable[..., Any])


class Mode(Flag):
    """Which backend can run a handler: the one with an open ledger, or the one that recovers it."""

    NORMAL = auto()
    RECOVERY = auto()
    BOTH = NORMAL | RECOVERY


@dataclass
class Handler:
    """Decorator of the function that handles a command.

    The function takes the backend, the command and, for a NeedsApproval command, the ApprovalGrant. Its result, or what
    it awaits to, is the value of the outcome.

    `needs_credentials`: wait until the keyring has said which credentials there are. `shows_person`: the value holds
    a customer's data, so that the sign-in is checked again before it is delivered. `changes_session`: publish the
    session afterwards, also after an error.
    """

    command: type[c.Command[Any]]
    mode: Mode = Mode.NORMAL
    needs_sign_in: bool = True
    needs_credentials: bool = False
    shows_person: bool = False
    changes_session: bool = False
    function: Callable[..., Any] = field(init=False)

    def __call__(self, function: F) -> F:
        self.function = function
        _HANDLERS[self.command] = self
        return function


_HANDLERS: dict[type[c.Command[Any]], Handler] = {}


def handler_of(command: c.Command[Any]) -> Handler:
    """Return the handler of a command. Raises KeyError."""
    return _HANDLERS[type(command)]


async def dispatch(backend: "Backend | RecoveryBackend", command: c.Command[Any]) -> Any:
    """Check the approval, run the handler, return its value. Raises what the handler raises, PinWrong, PinLocked."""
    handler = handler_of(command)
    try:
        if isinstance(command, c.NeedsApproval):
            result = handler.function(backend, command, await backend.access.approve(command.approval))
        else:
            result = handler.function(backend, command)
        return await result if isinstance(result, Awaitable) else result
    finally:
        if handler.changes_session:
            backend.session_changed()


# --- look-ups


@Handler(c.LookUp, needs_credentials=True, shows_person=True)
async def look_up(backend: "Backend", command: c.LookUp) -> LookupResult:
    return await backend.lookup.look_up(command.text, is_order_number=command.is_order_number)


@Handler(c.FindCustomer, needs_credentials=True, shows_person=True)
async def find_customer(backend: "Backend", command: c.FindCustomer) -> Customer | None:
    return await backend.customers.find(command.document, command.order_id)


@Handler(c.RevealDocument, needs_credentials=True, shows_person=True)
async def reveal_document(backend: "Backend", command: c.RevealDocument, grant: ApprovalGrant) -> RevealedDocument:
    return await backend.customers.reveal(command.order_id, grant=grant)


# --- registration: the outbox sends what is registered


@Handler(c.RegisterRefund, needs_credentials=True)
def register_refund(backend: "Backend", command: c.RegisterRefund, grant: ApprovalGrant) -> Operation:
    operation = backend.registration.refund(command.request, grant)
    return follow_up(backend, operation, "refund", screens=("refund",), undoable=True)


@Handler(c.RegisterCancellation, needs_credentials=True)
def register_cancellation(backend: "Backend", command: c.RegisterCancellation, grant: ApprovalGrant) -> Operation:
    operation = backend.registration.cancel(command.order, command.reason, command.intent_id, command.seen_at, grant)
    return follow_up(backend, operation, "cancel", screens=("refund", "cancel"), undoable=True)


@Handler(c.RegisterSale, needs_credentials=True)
async def register_sale(backend: "Backend", command: c.RegisterSale, grant: ApprovalGrant) -> Operation:
    if not command.ignore_clock:
        # A cancelled sale waits for a manager before anything goes out.
        may_ask = command.sale.state is not SaleState.CANCELLED
        await backend.connection.check_clock(backend.ledger.queries.last_registered_at(), may_ask=may_ask)
    operation = backend.registration.sell(command.sale, command.intent_id, grant, command.checkout_id)
    return follow_up(backend, operation, "sell", screens=("sale",))


@Handler(c.RegisterCompletion)
async def register_completion(backend: "Backend", command: c.RegisterCompletion) -> Operation:
    return follow_up(backend, await backend.registration.complete(command.request), "complete")


@Handler(c.WithdrawOperation)
def withdraw_operation(backend: "Backend", command: c.WithdrawOperation) -> Operation:
    return follow_up(backend, backend.registration.withdraw(command.operation_id), "withdraw")


_REGISTRATIONS = frozenset({"refund", "cancel", "sell", "complete", "redeem"})


def follow_up(
    backend: "Backend", operation: Operation, action: str, screens: tuple[str, ...] = (), *, undoable: bool = False
) -> Operation:
    """Record a registration in the audit log, drop the screens' drafts, wake the outbox and publish the operation.

    `undoable`: the outbox holds the operation for the time to undo.
    """
    outbox = backend.outbox_of(operation)
    if undoable:
        outbox.hold(operation.operation_id)  # before anything waits: what the queue holds may be sent
    backend.access.record(action, operation=operation.operation_id, order=operation.order_id, value=operation.value)
    for screen in screens:
        with suppress(OSError):  # a draft that stays carries its intent id, and the ledger refuses a second one
            drafts.save_draft(backend.paths.drafts, screen, {})
    outbox.wake()
    if action in _REGISTRATIONS:
        backend.print_at_once.registered(operation, undoable=undoable)
    backend.publish_operation(operation)
    return operation


# --- decisions about operations


@Handler(c.DecideReview, needs_credentials=True)
def decide_review(backend: "Backend", command: c.DecideReview, grant: ApprovalGrant) -> Operation:
    operation = backend.review.decide(command.operation_id, command.decision, command.name, command.reason, grant)
    return follow_up(backend, operation, "decided", screens=("review",))


@Handler(c.AcknowledgeContradiction)
def acknowledge_contradiction(
    backend: "Backend", command: c.AcknowledgeContradiction, grant: ApprovalGrant
) -> Operation:
    operation = backend.review.acknowledge(command.operation_id, grant)
    backend.publish_counts()
    return operation


# --- history


@Handler(c.ReadHistoryPage)
def read_history_page(backend: "Backend", command: c.ReadHistoryPage) -> list[Operation]:
    orders = orders_of_customers(backend, command.search)
    return backend.ledger.queries.page(command.search, command.before, command.filter, orders)


@Handler(c.ReadHistoryTotals)
async def read_history_totals(backend: "Backend", command: c.ReadHistoryTotals) -> HistoryTotals:
    query = Query(command.filter, command.search.strip(), orders_of_customers(backend, command.search))
    return await backend.files.run(read_totals, backend.paths.ledger, query)  # a long history takes a while


def orders_of_customers(backend: "Backend", text: str) -> tuple[str, ...]:
    """The orders of the customers whom a text names, by name, document, phone or e-mail."""
    return tuple(backend.search.orders_of_customers(text)) if text.strip() else ()


@Handler(c.ReadHistoryChoices)
def read_history_choices(backend: "Backend", _command: c.ReadHistoryChoices) -> c.HistoryChoices:
    people, scopes, tills = backend.ledger.queries.history_choices()
    return c.HistoryChoices(tuple(people), tuple(scopes), tuple(tills))


@Handler(c.ReadOperationDetails)
def read_operation_details(backend: "Backend", command: c.ReadOperationDetails) -> OperationDetails | None:
    return backend.review.details(command.operation_id)


# --- settings and credentials


@Handler(c.ReadSettings, needs_sign_in=False, needs_credentials=True)
async def read_settings(backend: "Backend", _command: c.ReadSettings) -> c.CurrentSettings:
    return await _current_settings(backend)


@Handler(c.SaveSettings, needs_credentials=True)
async def save_settings(backend: "Backend", command: c.SaveSettings, grant: ApprovalGrant) -> c.CurrentSettings:
    settings = command.settings.validated()
    backend.access.require(Task.SETTINGS, grant)
    await backend.settings_store.save(
        settings, command.credentials, allow_plain_file=command.allow_plain_file, shop=command.shop
    )
    await backend.use_customer_keys()
    backend.outbox.credentials_changed()
    backend.publish_counts()
    return await _current_settings(backend)


@Handler(c.ForgetCredentials, needs_credentials=True)
async def forget_credentials(
    backend: "Backend", _command: c.ForgetCredentials, grant: ApprovalGrant
) -> c.CurrentSettings:
    backend.access.require(Task.SETTINGS, grant, forget="credentials")
    await backend.settings_store.forget_credentials()
    backend.publish_counts()
    return await _current_settings(backend)


@Handler(c.TestConnection, needs_credentials=True)
async def test_connection(backend: "Backend", command: c.TestConnection) -> None:
    await backend.settings_store.test_connection(command.url, command.credentials)


async def _current_settings(backend: "Backend") -> c.CurrentSettings:
    store, credentials = backend.settings_store, backend.connection.credentials
    return c.CurrentSettings(
        store.settings,
        token_suffix=credentials.token_suffix if credentials else "",
        has_key=credentials is not None,
        key_storage=store.key_storage,
        keyring_usable=await store.is_keyring_usable(),
        credentials_withheld=store.credentials_withheld,
        keyring_timed_out=store.keyring_timed_out,
        shop_unconfirmed=store.shop_unconfirmed,
        customers_kept=backend.ledger.customers.are_kept,
    )


# --- sign-in and staff


@Handler(c.SignIn, mode=Mode.BOTH, needs_sign_in=False, changes_session=True)
async def sign_in(backend: "Backend | RecoveryBackend", command: c.SignIn) -> Person:
    return await backend.access.sign_in(command.name, command.pin)


@Handler(c.SignOut, mode=Mode.BOTH, needs_sign_in=False, changes_session=True)
def sign_out(backend: "Backend | RecoveryBackend", _command: c.SignOut) -> None:
    backend.access.sign_out()


@Handler(c.ResetPin, mode=Mode.BOTH, needs_sign_in=False, needs_credentials=True, changes_session=True)
async def reset_pin(backend: "Backend | RecoveryBackend", command: c.ResetPin) -> None:
    proved = await backend.verify_owner(command.credentials)
    await backend.access.reset_pin(command.name, command.pin, proved=proved)


@Handler(c.SavePerson, changes_session=True)
async def save_person(backend: "Backend", command: c.SavePerson, grant: ApprovalGrant) -> None:
    await backend.access.save_person(command.name, command.role, command.pin, grant)


@Handler(c.RemovePerson, changes_session=True)
async def remove_person(backend: "Backend", command: c.RemovePerson, grant: ApprovalGrant) -> None:
    await backend.access.remove_person(command.name, grant)


# --- drafts and the support file


# Drafts are saved and loaded while the till is locked: the locked window shows none of them.
@Handler(c.SaveDraft, mode=Mode.BOTH, needs_sign_in=False)
def save_draft(backend: "Backend | RecoveryBackend", command: c.SaveDraft) -> None:
    drafts.save_draft(backend.paths.drafts, command.screen, command.content)


@Handler(c.LoadDraft, mode=Mode.BOTH, needs_sign_in=False)
def load_draft(backend: "Backend | RecoveryBackend", command: c.LoadDraft) -> dict[str, Any]:
    return drafts.load_draft(backend.paths.drafts, command.screen)


@Handler(c.SaveSupportFile, mode=Mode.BOTH)
async def save_support_file(backend: "Backend | RecoveryBackend", command: c.SaveSupportFile) -> None:
    await FileExecutor().run(support.write_support_file, backend.paths, Path(command.path))


# --- recovery of an unusable ledger


@Handler(c.ReopenLedger, mode=Mode.RECOVERY)
def reopen_ledger(backend: "RecoveryBackend", _command: c.ReopenLedger) -> None:
    backend.stopped.set()


@Handler(c.RestoreLedger, mode=Mode.RECOVERY)
async def restore_ledger(backend: "RecoveryBackend", command: c.RestoreLedger, grant: ApprovalGrant) -> None:
    source = command.source.name if command.source else "nothing"
    name = _require_decision(backend, grant, command.decided_by, source)
    with backend.work.start(c.RestoreLedger) as progress:
        await FileExecutor().run(
            restore, backend.paths.ledger, command.source, decided_by=name, now=datetime.now(UTC), progress=progress
        )
    _log.warning("ledger restored", extra={"copy": source})
    backend.stopped.set()


@Handler(c.AdoptLedger, mode=Mode.RECOVERY)
def adopt_ledger(backend: "RecoveryBackend", command: c.AdoptLedger, grant: ApprovalGrant) -> None:
    if not isinstance(backend.failure, LedgerOfAnotherMachine):
        raise backend.failure
    name = _require_decision(backend, grant, command.decided_by, "moved")
    move_to_this_machine(backend.paths.ledger, decided_by=name, now=datetime.now(UTC))
    _log.warning("ledger adopted from another machine")
    backend.stopped.set()


def _require_decision(backend: "RecoveryBackend", grant: ApprovalGrant, typed_name: str, source: str) -> str:
    """Record who decides, and return the name. Raises ApprovalNeeded, DecisionIncomplete."""
    name = grant.by.name if grant.by else typed_name.strip()
    backend.access.require(Task.RESTORE, grant, name=name, source=source)
    if not name:
        raise DecisionIncomplete
    return name


# --- installed versions of the program, with and without a usable ledger


@Handler(c.ReadVersions, mode=Mode.BOTH, needs_sign_in=False)
async def read_versions(backend: "Backend | RecoveryBackend", _command: c.ReadVersions) -> VersionState | None:
    installed = InstalledVersions.find()
    return await asyncio.to_thread(installed.state, _needed_ledger_version(backend)) if installed else None


@Handler(c.SwitchVersion, mode=Mode.BOTH)
async def switch_version(
    backend: "Backend | RecoveryBackend", _command: c.SwitchVersion, grant: ApprovalGrant
) -> VersionState:
    installed = InstalledVersions.find()
    backend.access.require(Task.SETTINGS, grant, version=installed.state().alternative if installed else "")
    if installed is None:
        raise VersionNotUsable
    return await asyncio.to_thread(installed.switch, _needed_ledger_version(backend))


def _needed_ledger_version(backend: "Backend | RecoveryBackend") -> int:
    """The lowest version of the ledger that the other program must open."""
    return len(MIGRATIONS) + isinstance(backend.failure, LedgerNewer)
