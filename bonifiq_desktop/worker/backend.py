"""The worker's backend while the ledger is open: composes the services, runs their tasks, publishes their changes."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from time import monotonic
from typing import Any

from bonifiq_desktop.connectors.bonifiq.connector import BonifiqConnector
from bonifiq_desktop.domain.connections import ConnectionStatus, NotSetUp
from bonifiq_desktop.domain.operations import Operation
from bonifiq_desktop.ledger.connection import LedgerConnection
from bonifiq_desktop.ledger.errors import LedgerDamaged, LedgerError, LedgerUnusable, RowDamaged
from bonifiq_desktop.ledger.integrity_check import IntegrityCheck
from bonifiq_desktop.ledger.ledger import Ledger
from bonifiq_desktop.security.audit_log import AuditLog
from bonifiq_desktop.security.credentials import Credentials, CredentialsTimeout, CredentialStore
from bonifiq_desktop.security.keyrings import TimedKeyring, system_keyring
from bonifiq_desktop.security.staff import StaffFile
from bonifiq_desktop.services.access_control import AccessControl
from bonifiq_desktop.services.balances import BalanceService
from bonifiq_desktop.services.claims import OrderClaims
from bonifiq_desktop.services.connection import Connection
from bonifiq_desktop.services.connection_services import ConnectionServices
from bonifiq_desktop.services.connections import ConnectionsByName, RemoteConnections
from bonifiq_desktop.services.customer_index import CustomerIndex
from bonifiq_desktop.services.day_check import DayCheckService
from bonifiq_desktop.services.day_close import DayCloseService
from bonifiq_desktop.services.file_executor import FileExecutor
from bonifiq_desktop.services.installed_versions import InstalledVersions
from bonifiq_desktop.services.maintenance import Purge, run_backup_schedule
from bonifiq_desktop.services.outbox import Outbox
from bonifiq_desktop.services.personal_data import PersonalDataService
from bonifiq_desktop.services.print_at_once import PrintAtOnce
from bonifiq_desktop.services.printing import PrintingService
from bonifiq_desktop.services.remote_lookup import RemoteLookupService
from bonifiq_desktop.services.retry import watch_for_suspend
from bonifiq_desktop.services.return_requests import ConnectionUnknown
from bonifiq_desktop.services.returns import ReturnService
from bonifiq_desktop.services.review import ReviewService
from bonifiq_desktop.services.search import SearchService
from bonifiq_desktop.services.settings_store import Overrides, SettingsStore
from bonifiq_desktop.services.shop_membership import ShopMembership
from bonifiq_desktop.services.slips import SlipService
from bonifiq_desktop.services.updates import UpdateChecker
from bonifiq_desktop.storage.files import make_private_folder, remove_temporary_folders
from bonifiq_desktop.storage.paths import Paths
from bonifiq_desktop.storage.settings import Settings, UpdateFeed, parse_update_feed
from bonifiq_desktop.worker import all_handlers as _all_handlers  # noqa: F401 - registers them
from bonifiq_desktop.worker import commands as c
from bonifiq_desktop.worker.connectors import CONNECTORS
from bonifiq_desktop.worker.handlers import Mode, dispatch, handler_of
from bonifiq_desktop.worker.recovery import RecoveryBackend
from bonifiq_desktop.worker.running_work import RunningWork
from bonifiq_desktop.worker.status import read_status
from bonifiq_desktop.worker.thread import Publish

_log = logging.getLogger(__name__)
_KEYRING_SECONDS = 1.0
"""How long `open` waits for the credentials; a slower keyring delays only the commands that need them."""
_RECHECK_SECONDS = 30.0
"""How long nothing is sent after the ledger's file could not be read through."""


@dataclass(eq=False, repr=False)
class Backend:
    """Handles commands with an open ledger. Make it with `open`; use and close it on one event loop.

    `stopped` is set when the ledger turns out to be unusable; `failure` says why.
    """

    paths: Paths
    publish: Callable[[object], None]
    ledger: Ledger
    access: AccessControl
    credential_store: CredentialStore
    overrides: Overrides
    failure: Exception | None = field(init=False, default=None)
    files: FileExecutor = field(init=False, default_factory=FileExecutor)
    stopped: asyncio.Event = field(init=False, default_factory=asyncio.Event)
    settings_store: SettingsStore = field(init=False)
    work: RunningWork = field(init=False)
    _credentials_loaded: asyncio.Event = field(init=False, default_factory=asyncio.Event)
    _tasks: list[asyncio.Task[None]] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        ledger, paths, access = self.ledger, self.paths, self.access
        self.work = RunningWork(self.publish)
        self._integrity_check = IntegrityCheck(paths.ledger)
        self.connection = Connection(
            partial(BonifiqConnector, settings=self._settings),
            self._connection_changed,
            fixed_server_id="training" if self.overrides.credentials else None,
        )
        self.settings_store = SettingsStore(
            paths.settings, self.overrides, self.credential_store, ledger, self.connection
        )
        claims = OrderClaims(ledger, lambda: self.shop.exchange)
        services = ConnectionServices(
            ledger, self.connection, self._settings, self.publish_operation, access, claims=claims
        )
        self.lookup, self.registration = services.lookup, services.registration
        self.customers, self.outbox = services.customers, services.outbox
        self.rewards, self.checkouts = services.rewards, services.checkouts
        self.connections = RemoteConnections(
            ledger, self.settings_store, access, CONNECTORS, self.publish_operation, self.publish_counts, claims
        )
        self.remote_lookup = RemoteLookupService(ledger, self.connections)
        self.returns = ReturnService(ledger, self.registration, self.connections, self._settings, access)
        self.review = ReviewService(ledger, ConnectionsByName(self.connection, self.connections), access=access)
        self.personal_data = PersonalDataService(ledger, paths, self.files, access=access)
        self.shop = ShopMembership(
            ledger, self.settings_store, paths, access, self.publish,
            on_heard=self._tills_heard, on_keys=self._keys_changed, erase_due=self.personal_data.erase_due,
        )  # fmt: skip
        self.customer_index = CustomerIndex(ledger, paths.ledger, lambda: self.publish(c.SearchIndexReady()))
        self.search = SearchService(ledger, self.customer_index, paths.drafts)
        self.balances = BalanceService(ledger, self.connection)
        self.day_check = DayCheckService(ledger, paths, self.outbox, self.connections)
        self.day_close = DayCloseService(ledger, paths, self._settings, access)
        self.slips = SlipService(ledger, self._settings, paths.slips, is_training=self.settings_store.is_training)
        self.printing = PrintingService(
            ledger.print_jobs, lambda: self._settings().printer, self.slips.make, self.publish, access, paths.folder
        )
        self.print_at_once = PrintAtOnce(self.printing.print, lambda: self.settings_store.settings.printer)
        self._installed = None if self.settings_store.is_training else InstalledVersions.find()
        self._failed_version = self._installed.state().failed if self._installed else ""
        self._purge = Purge(ledger, paths, self.files, self._settings)
        self._updates = UpdateChecker(paths.update_check, self._update_feed, self._is_busy, self.publish_counts)

    @classmethod
    async def open(
        cls,
        paths: Paths,
        publish: Callable[[object], None],
        access: AccessControl,
        credential_store: CredentialStore,
        overrides: Overrides,
        *,
        checked: bool = False,
    ) -> "Backend":
        """Open the ledger, recover what was unfinished, and start the tasks.

        `checked`: the whole file is checked first, not beside its use.
        Raises LedgerError, SettingsError, CredentialsError, OSError.
        """
        make_private_folder(paths.folder)
        remove_temporary_folders(paths.folder)
        ledger = Ledger(paths.ledger, connect=partial(LedgerConnection, checked=checked))
        try:
            ledger.recover()
            access.attach(ledger.connection)
            backend = cls(paths, publish, ledger, access, credential_store, overrides)
            connecting = asyncio.create_task(backend._connect(), name="credentials")
            await asyncio.wait({connecting}, timeout=_KEYRING_SECONDS)
            if connecting.done():
                connecting.result()
        except BaseException:
            access.detach()
            ledger.close()
            raise
        backend._start_tasks(connecting)
        return backend

    async def _connect(self) -> None:
        try:
            await self.settings_store.connect()
            await self.use_customer_keys()
            await self.connections.connect()
            self.shop.start()
        except LedgerError as error:
            self._fail(error)  # after a slow keyring nothing waits for this task's result
            raise
        finally:
            self._credentials_loaded.set()  # commands wait for it
        self.outbox.wake()
        for remote in self.connections:
            remote.services.outbox.wake()

    async def use_customer_keys(self) -> None:
        """Use the keys of the customer records that this till may keep now. Raises LedgerError."""
        keys = await self.settings_store.customer_keys(self.paths.customer_key)
        await self.shop.use_customer_keys(keys)
        self.update_customer_index()

    def _keys_changed(self) -> None:
        self.customer_index.drop()  # the records that it was made of are sealed with another key

    def update_customer_index(self) -> None:
        """Keep the index of customers only while a person may use the till."""
        if self.access.session.is_locked:
            self.customer_index.drop()
        else:
            self.customer_index.start()

    def _start_tasks(self, connecting: asyncio.Task[None]) -> None:
        backups = run_backup_schedule(self.paths.ledger, self.files, lambda: self._fail(LedgerDamaged("backup failed")))
        tasks = {
            "outbox": self._send_from_checked_ledger(),
            "suspend watch": watch_for_suspend(self._resume_after_suspend),
            "backups": backups,
            "purge": self._purge.run(),
            "printing": self._print(),
            "updates": self._updates.run(),
        }
        if self._installed is not None:  # the worker starts after the first paint: the window is there as well
            tasks["good start"] = asyncio.to_thread(self._installed.report_good_start)
        self._tasks = [connecting, *(asyncio.create_task(task, name=name) for name, task in tasks.items())]

    async def _send_from_checked_ledger(self) -> None:
        """Run the outbox once the whole file was checked: a damaged index can hide an order's unfinished operation."""
        while True:
            try:
                await FileExecutor().run(self._integrity_check.run)
                break
            except LedgerUnusable as error:
                _log.exception("ledger damaged or missing")
                self._fail(error)
                return
            except LedgerError:
                _log.exception("ledger not checked")
                await asyncio.sleep(_RECHECK_SECONDS)
        self.connections.start_sending()
        await self.outbox.run()

    async def _print(self) -> None:
        await self._credentials_loaded.wait()  # the names on the slips are sealed until then
        await self.printing.run()

    def _resume_after_suspend(self) -> None:
        self.outbox.resume_after_suspend()
        self.connections.resume_after_suspend()

    async def aclose(self) -> None:
        """Cancel the tasks, close the connection and the ledger. The next start recovers what was under way."""
        try:
            self.customer_index.drop()
            self._integrity_check.stop()  # its cancellation waits for its end
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            await self.shop.aclose()
            await self.connections.aclose()
            await self.connection.aclose()
        finally:
            self.access.detach()
            self.ledger.close()

    # --- commands

    async def handle(self, command: c.Command[Any]) -> Any:
        """Run the command's handler. Raises what it raises, and SignInNeeded."""
        handler = handler_of(command)
        if Mode.NORMAL not in handler.mode:
            raise LookupError(type(command).__name__)
        if handler.needs_sign_in:
            self.access.require_sign_in()
        if handler.needs_credentials:
            await self._credentials_loaded.wait()
        try:
            value = await dispatch(self, command)
        except NotSetUp:
            if self.settings_store.keyring_timed_out:
                raise CredentialsTimeout from None
            raise
        except RowDamaged:
            raise
        except LedgerUnusable as error:
            self._fail(error)
            raise
        if handler.shows_person:
            self.access.require_sign_in()  # the till may have been locked while BonifiQ was asked
        return value

    async def verify_owner(self, credentials: Credentials) -> bool:
        return await self.settings_store.verify_owner(credentials)

    def _fail(self, error: Exception) -> None:
        """Stop: the worker opens the next backend, which shows what is left of the ledger."""
        self.failure = error
        self.stopped.set()

    # --- events

    def session_changed(self) -> None:
        self.update_customer_index()
        self.publish(self.access.session)

    def publish_status(self) -> None:
        self.publish(self.access.session)
        self.publish_counts()

    def publish_operation(self, operation: Operation) -> None:
        self.publish(operation)
        self.shop.wake()
        self.print_at_once.changed(operation)
        self.publish_counts()

    def publish_counts(self) -> None:
        """Publish the status. A ledger error is logged only: the command that needs the ledger reports it."""
        newer = self._updates.newer
        status = read_status(self, newer_release=newer, failed_version=self._failed_version)
        if status is not None:
            self.publish(status)

    def outbox_of(self, operation: Operation) -> Outbox:
        """The outbox that sends an operation; BonifiQ's for one of a connection that was removed."""
        with suppress(ConnectionUnknown):
            return self.connections.get(operation.connection).services.outbox
        return self.outbox

    def _tills_heard(self) -> None:
        """Operations whose order another till had may be sent now, and restored ones may have ended."""
        self.publish_counts()
        self.outbox.tills_heard()
        for remote in self.connections:
            remote.services.outbox.tills_heard()

    def _connection_changed(self) -> None:
        if self.connection.status is ConnectionStatus.ONLINE:
            self.outbox.connection_verified()
        self.publish_counts()

    def _settings(self) -> Settings:
        return self.settings_store.settings

    # --- update notices

    def _update_feed(self) -> UpdateFeed | None:
        if self.settings_store.is_training:
            return None
        return parse_update_feed(self.settings_store.settings.update_feed)

    def _is_busy(self) -> bool:
        """Whether an operation waits or a person looks orders up. Raises LedgerError."""
        return self.connection.foreground.recently_active or self.ledger.queries.counts().pending > 0


_REPEAT_SECONDS = 60.0


class BackendOpener:
    """Keeps what outlives a reopened ledger: the session, PIN waits, and credentials that are only in memory."""

    def __init__(
        self, paths: Paths, overrides: Callable[[Publish], Awaitable[Overrides]], *, uses_keyring: bool
    ) -> None:
        self._paths = paths
        self._overrides = overrides
        self._access = AccessControl(StaffFile(paths.staff), AuditLog(paths.folder))
        self._credential_store = CredentialStore(
            paths.credentials, TimedKeyring(system_keyring) if uses_keyring else None
        )
        self._backend: Backend | None = None
        self._last_failure: tuple[str, float] = ("", -_REPEAT_SECONDS)

    async def open(self, publish: Publish) -> Backend | RecoveryBackend:
        """Open the ledger with the settings as they are stored now, and return the backend for it."""
        try:
            has_failed = self._raise_repeated_failure()
            overrides = await self._overrides(publish)
            self._backend = await Backend.open(
                self._paths, publish, self._access, self._credential_store, overrides, checked=has_failed
            )
        except Exception as error:
            _log.exception("backend not opened")
            self._access.restore_from(self._paths.ledger)
            return RecoveryBackend(self._paths, publish, error, self._access, self._credential_store)
        return self._backend

    def _raise_repeated_failure(self) -> bool:
        """Raise the last backend's failure when the one before had the same a moment ago. Return whether it had one.

        A ledger that is reopened again and again would send nothing and report nothing.
        """
        backend, self._backend = self._backend, None
        if backend is None or backend.failure is None:
            return False
        before, earlier = self._last_failure
        reason, now = self._last_failure = repr(backend.failure), monotonic()
        if reason == before and now - earlier < _REPEAT_SECONDS:
            raise backend.failure
        return True
