"""The worker's side: owns the ledger, the client and the outbox, and answers commands. Lives on the worker thread."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from bonifiq_desktop.domain.connections import ConnectionStatus, NotSetUp
from bonifiq_desktop.domain.operations import Operation
from bonifiq_desktop.domain.personal_data import ErasureResult
from bonifiq_desktop.domain.sales import SaleState
from bonifiq_desktop.domain.staff import ApprovalGrant, Session
from bonifiq_desktop.ledger.errors import (
    LedgerDamaged,
    LedgerForeign,
    LedgerInUnsafeLocation,
    LedgerMissing,
    LedgerNewer,
    LedgerOlder,
    RowDamaged,
)
from bonifiq_desktop.ledger.ledger import Ledger
from bonifiq_desktop.security.credentials import (
    Credentials,
    CredentialsTimeout,
    CredentialStore,
)
from bonifiq_desktop.security.keyrings import TimedKeyring, system_keyring
from bonifiq_desktop.services import export
from bonifiq_desktop.services.access_control import AccessControl
from bonifiq_desktop.services.backup_schedule import run_backup_schedule
from bonifiq_desktop.services.connection import Connection
from bonifiq_desktop.services.counter import Counter
from bonifiq_desktop.services.file_executor import FileExecutor
from bonifiq_desktop.services.outbox import Outbox
from bonifiq_desktop.services.personal_data import PersonalDataService, read_hash_key
from bonifiq_desktop.services.purge import Purge
from bonifiq_desktop.services.support import save_support_file
from bonifiq_desktop.services.suspend_watch import watch_for_suspend
from bonifiq_desktop.services.updates import UpdateChecker
from bonifiq_desktop.storage.drafts import load_draft, save_draft
from bonifiq_desktop.storage.files import make_private_folder
from bonifiq_desktop.storage.paths import Paths
from bonifiq_desktop.storage.settings import Settings, UpdateFeed, parse_update_feed
from bonifiq_desktop.worker import commands as c
from bonifiq_desktop.worker.settings_store import SettingsStore

_log = logging.getLogger(__name__)

Notice = c.Status | c.OperationChanged | Session
Handler = Callable[[Any], Any | Awaitable[Any]]
ManagedHandler = Callable[[Any, ApprovalGrant], Any | Awaitable[Any]]
_OF_PEOPLE = (c.SignIn, c.SignOut, c.SavePerson, c.RemovePerson, c.ResetPin)
# What is half typed is kept and given back behind the lock, where nobody sees it.
_WITHOUT_ANYBODY = (c.SignIn, c.SignOut, c.ResetPin, c.ReadSettings, c.SaveDraft, c.LoadDraft)
_OF_THE_FILE = (LedgerDamaged, LedgerMissing, LedgerOlder, LedgerForeign, LedgerNewer, LedgerInUnsafeLocation)
_WITH_THE_PAIR = (
    c.LookUp,
    c.FindCustomer,
    c.RevealDocument,
    c.RegisterSale,
    c.RegisterRefund,
    c.RegisterCancellation,
    c.DecideReview,
    c.ReadSettings,
    c.SaveSettings,
    c.ForgetCredentials,
    c.TestConnection,
    c.ResetPin,
)
_AT_ONCE = 1.0  # seconds


class Backend:
    """Everything behind the counter. Make it with `open`, use and close it on one event loop.

    `over` is set when the ledger turns out not to be sound; `why` says what was found.
    """

    def __init__(
        self,
        paths: Paths,
        settings: Settings,
        ledger: Ledger,
        given: Credentials | None,
        tell: Callable[[Notice], None],
        *,
        access: AccessControl,
        stored_url: str | None = None,
        held: dict[str, Credentials] | None = None,
    ) -> None:
        self._paths = paths
        self._tell = tell
        self._ledger = ledger
        self._access = access
        self._connected = asyncio.Event()
        self._connection = Connection(self._link_changed, server_id="training" if given else None)
        hash_key = read_hash_key(paths)
        self._beside = FileExecutor()
        self._counter = Counter(ledger, self._connection, settings, hash_key, self._operation_changed, access=access)
        self._customers = PersonalDataService(ledger, paths, self._beside, hash_key, access=access)
        self._purge = Purge(ledger, paths, self._beside, lambda: self._setup.settings)
        self._outbox = Outbox(ledger, self._connection, lambda: self._setup.settings, self._operation_changed)
        self._setup = SettingsStore(
            paths,
            settings,
            given,
            store=CredentialStore(paths.credentials, None if given else TimedKeyring(system_keyring), held),
            ledger=ledger,
            connection=self._connection,
            access=access,
            counter=self._counter,
            outbox=self._outbox,
            on_change=self._tell_counts,
            stored_url=stored_url,
        )
        self._updates = UpdateChecker(paths.update_check, self._feed, self._is_busy, self._tell_counts)
        self._tasks: list[asyncio.Task[None]] = []
        self.stopped = asyncio.Event()
        self.failure: Exception | None = None
        self._handlers: dict[type, Handler] = {
            c.LookUp: lambda w: self._counter.look_up(w.text, is_sure=w.is_order_number),
            c.FindCustomer: lambda w: self._counter.customer.find(w.document),
            c.RegisterCompletion: self._complete_sale,
            c.WithdrawOperation: lambda w: self._registered(self._counter.withdraw(w.operation_id), "withdraw"),
            c.ReadHistoryPage: lambda w: ledger.page(w.search, w.before_id),
            c.ReadOperationDetails: lambda w: self._counter.details(w.operation_id),
            c.ExportHistory: lambda w: self._beside.run(
                export.save, paths.ledger, Path(w.path), data_folder=paths.folder
            ),
            c.FindPersonalData: lambda w: self._customers.find(w.customer),
            c.SaveSupportFile: lambda w: save_support_file(paths, Path(w.path)),
            c.ReadSettings: lambda _w: self._setup.read(),
            c.TestConnection: self._setup.test_connection,
            c.SaveDraft: lambda w: save_draft(paths.drafts, w.screen, w.content),
            c.LoadDraft: lambda w: load_draft(paths.drafts, w.screen),
            c.SignIn: lambda w: access.sign_in(w.name, w.pin),
            c.SignOut: lambda _w: access.sign_out(),
            c.ResetPin: self._reset_pin,
        }
        self._managed: dict[type, ManagedHandler] = {
            c.RegisterSale: self._sell,
            c.RegisterRefund: lambda w, grant: self._registered(
                self._counter.refund(w.request, grant), "refund", "refund"
            ),
            c.RegisterCancellation: lambda w, grant: self._registered(
                self._counter.cancel(w.order, w.reason, w.intent_id, w.seen_at, grant), "cancel", "refund", "cancel"
            ),
            c.DecideReview: lambda w, grant: self._registered(
                self._counter.decide(w.operation_id, w.decision, w.name, w.reason, grant), "decided", "review"
            ),
            c.AcknowledgeContradiction: lambda w, grant: self._acknowledged(
                self._counter.acknowledge(w.operation_id, grant)
            ),
            c.RevealDocument: lambda w, grant: self._counter.customer.reveal(w.order_id, grant=grant),
            c.ExportPersonalData: lambda w, grant: self._customers.export(w.customer, Path(w.path), grant=grant),
            c.ErasePersonalData: self._erase_customer,
            c.SaveSettings: self._setup.save,
            c.ForgetCredentials: self._setup.forget_credentials,
            c.SavePerson: lambda w, grant: access.save_person(w.name, w.role, w.pin, grant),
            c.RemovePerson: lambda w, grant: access.remove_person(w.name, grant),
        }

    @classmethod
    async def open(
        cls,
        paths: Paths,
        settings: Settings,
        given: Credentials | None,
        tell: Callable[[Notice], None],
        *,
        access: AccessControl,
        stored_url: str | None = None,
        held: dict[str, Credentials] | None = None,
    ) -> "Backend":
        """Open the ledger, take up what was left unfinished, and start the outbox.

        `given`: credentials that are never stored (training). `stored_url`: the address in the settings file, where
        another one is in force for this run. `held`: what a CredentialStore keeps in memory, for the office after this
        one. Raises LedgerError, OSError, CredentialsError.
        """
        make_private_folder(paths.folder)
        ledger = Ledger(paths.ledger)
        try:
            ledger.recover()
            access.attach(ledger)
            office = cls(paths, settings, ledger, given, tell, access=access, stored_url=stored_url, held=held)
            connecting = asyncio.create_task(office._connect(), name="pair")
            await asyncio.wait(
                {connecting}, timeout=_AT_ONCE
            )  # a keyring that takes its time keeps only its own waiting
            if connecting.done():
                connecting.result()
        except BaseException:
            access.detach()
            ledger.close()
            raise
        office._tasks = [
            connecting,
            asyncio.create_task(office._outbox.run(), name="outbox"),
            asyncio.create_task(watch_for_suspend(office._outbox.resume_after_suspend), name="sleep"),
            asyncio.create_task(
                run_backup_schedule(paths.ledger, office._beside, lambda: office._give_up(LedgerDamaged("a copy"))),
                name="copies",
            ),
            asyncio.create_task(office._purge.run(), name="purge"),
            asyncio.create_task(office._updates.run(), name="updates"),
        ]
        return office

    async def handle(self, command: c.Command[Any]) -> Any:
        """Do what a command asks. Raises what its handler raises, SignInNeeded while nobody is at the counter."""
        if not isinstance(command, _WITHOUT_ANYBODY):
            self._access.require_sign_in()
        if isinstance(command, _WITH_THE_PAIR):
            await self._connected.wait()
        try:
            result = await self._begin(command)
            return await result if isinstance(result, Awaitable) else result
        except NotSetUp:
            if self._setup.keyring_timed_out:
                raise CredentialsTimeout from None
            raise
        except _OF_THE_FILE as error:
            if not isinstance(error, RowDamaged):
                self._give_up(error)
            raise
        finally:
            if isinstance(command, _OF_PEOPLE):
                self._tell(self._access.session)

    async def _begin(self, command: c.Command[Any]) -> Any:
        if isinstance(command, c.NeedsApproval):
            return self._managed[type(command)](command, await self._access.approve(command.approval))
        return self._handlers[type(command)](command)

    def _give_up(self, why: Exception) -> None:
        """Opened anew, the ledger shows what is left and what can be done."""
        self.failure = why
        self.stopped.set()

    async def aclose(self) -> None:
        """Stop sending, hang up, close the ledger. What was under way is taken up at the next start."""
        try:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            await self._connection.aclose()
        finally:
            self._access.detach()
            self._ledger.close()

    # --- telling

    def publish_status(self) -> None:
        """Tell the window what it always shows."""
        self._tell(self._access.session)
        self._tell_counts()

    def _tell_counts(self) -> None:
        line = self._connection
        try:
            counts = self._ledger.counts()
            elsewhere = len(self._ledger.waiting_elsewhere(line.server_id, line.account)) if counts.pending else 0
        except Exception:
            # Whoever needs the ledger says what is wrong with it.
            _log.exception("nothing to tell")
            return
        stopped = self._outbox.stopped_by_credentials
        newer = None if counts.pending or counts.review else self._updates.newer
        told = c.Status(line.status, counts.pending, counts.review, stopped, counts.contradicted, newer)
        self._tell(
            replace(
                told,
                clock_doubt=line.clock.doubt(),
                pending_for_other_shop=elsewhere,
                shop_unconfirmed=self._setup.shop_unconfirmed,
            )
        )

    def _link_changed(self) -> None:
        if self._connection.status is ConnectionStatus.ONLINE:
            self._outbox.connection_verified()
        self._tell_counts()

    def _operation_changed(self, operation: Operation) -> None:
        self._tell(c.OperationChanged(operation))
        self._tell_counts()

    # --- newer versions

    def _feed(self) -> UpdateFeed | None:
        """Where to ask for newer versions; in training nobody is asked."""
        return None if self._setup.given else parse_update_feed(self._setup.settings.update_feed)

    def _is_busy(self) -> bool:
        """Whether something is to be sent, or somebody is looking orders up. Raises LedgerError."""
        return self._connection.recently_used_by_person or self._ledger.counts().pending > 0

    # --- registering

    def _registered(self, operation: Operation, did: str, *drafts: str) -> Operation:
        self._access.record(did, operation=operation.operation_id, order=operation.order_id, value=operation.value)
        for draft in drafts:
            with suppress(OSError):  # a draft that stays is known by its intent, and refused
                save_draft(self._paths.drafts, draft, {})
        self._outbox.wake()
        self._operation_changed(operation)
        return operation

    async def _sell(self, wish: c.RegisterSale, grant: ApprovalGrant) -> Operation:
        if not wish.ignore_clock:
            # A cancelled sale waits for a manager before anything goes out.
            may_ask = wish.sale.state is not SaleState.CANCELLED
            await self._connection.check_clock(self._ledger.last_registered_at(), may_ask=may_ask)
        return self._registered(self._counter.sell(wish.sale, wish.intent_id, grant), "sell", "sale")

    async def _complete_sale(self, wish: c.RegisterCompletion) -> Operation:
        return self._registered(await self._counter.complete(wish.request), "complete")

    def _acknowledged(self, operation: Operation) -> Operation:
        self._tell_counts()  # no news of the operation itself: whoever asked has the answer
        return operation

    async def _reset_pin(self, wish: c.ResetPin) -> None:
        proved = await self._setup.verify_owner(wish.credentials)
        await self._access.reset_pin(wish.name, wish.pin, proved=proved)

    async def _connect(self) -> None:
        await self._setup.connect()
        self._connected.set()
        self._outbox.wake()

    async def _erase_customer(self, wish: c.ErasePersonalData, grant: ApprovalGrant) -> ErasureResult:
        erased = await self._customers.erase(wish.customer, grant=grant)
        self._counter.customer.forget()
        self._outbox.wake()  # what could not be taken out of the log at once is tried again
        return erased
