"""The worker's backend while the ledger is open: composes the services, runs their tasks, publishes their changes."""

import asyncio
import logging
from collections.abc import Callable
from functools import partial
from typing import Any

from bonifiq_desktop.connectors.bonifiq.connector import BonifiqConnector
from bonifiq_desktop.domain.connections import ConnectionStatus, NotSetUp
from bonifiq_desktop.domain.operations import Operation
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
from bonifiq_desktop.security.credentials import Credentials, CredentialsTimeout, CredentialStore
from bonifiq_desktop.services.access_control import AccessControl
from bonifiq_desktop.services.backup_schedule import run_backup_schedule
from bonifiq_desktop.services.connection import Connection
from bonifiq_desktop.services.connection_services import ConnectionServices
from bonifiq_desktop.services.file_executor import FileExecutor
from bonifiq_desktop.services.installed_versions import InstalledVersions
from bonifiq_desktop.services.personal_data import PersonalDataService, read_hash_key
from bonifiq_desktop.services.purge import Purge
from bonifiq_desktop.services.review import ReviewService
from bonifiq_desktop.services.settings_store import Overrides, SettingsStore
from bonifiq_desktop.services.suspend_watch import watch_for_suspend
from bonifiq_desktop.services.updates import UpdateChecker
from bonifiq_desktop.storage.files import make_private_folder
from bonifiq_desktop.storage.paths import Paths
from bonifiq_desktop.storage.settings import UpdateFeed, parse_update_feed
from bonifiq_desktop.worker import commands as c
from bonifiq_desktop.worker.handlers import Mode, dispatch, handler_of

_log = logging.getLogger(__name__)
_UNUSABLE_LEDGER = (
    LedgerDamaged, LedgerMissing, LedgerOlder, LedgerForeign, LedgerNewer, LedgerInUnsafeLocation,
)  # fmt: skip
_KEYRING_SECONDS = 1.0
"""How long `open` waits for the credentials; a slower keyring delays only the commands that need them."""


class Backend:
    """Handles commands with an open ledger. Make it with `open`; use and close it on one event loop.

    `stopped` is set when the ledger turns out to be unusable; `failure` says why.
    """

    def __init__(
        self,
        paths: Paths,
        publish: Callable[[object], None],
        *,
        ledger: Ledger,
        access: AccessControl,
        credential_store: CredentialStore,
        overrides: Overrides,
    ) -> None:
        self.paths = paths
        self.publish = publish
        self.settings_store: SettingsStore
        self.ledger = ledger
        self.access = access
        self.files = FileExecutor()
        self.stopped = asyncio.Event()
        self.failure: Exception | None = None
        self._credentials_loaded = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        hash_key = read_hash_key(paths)
        self.connection = Connection(
            partial(BonifiqConnector, settings=lambda: self.settings_store.settings),
            self._connection_changed,
            server_id="training" if overrides.credentials else None,
        )
        self.settings_store = SettingsStore(
            paths.settings,
            overrides,
            credential_store=credential_store,
            ledger=ledger,
            connection=self.connection,
        )
        services = ConnectionServices(
            ledger,
            self.connection,
            lambda: self.settings_store.settings,
            self.publish_operation,
            hash_key,
            access=access,
        )
        self.lookup, self.registration = services.lookup, services.registration
        self.customers, self.outbox = services.customers, services.outbox
        self.review = ReviewService(ledger, {self.connection.name: self.connection}, access=access)
        self.personal_data = PersonalDataService(ledger, paths, self.files, hash_key, access=access)
        self._installed = None if self.settings_store.is_training else InstalledVersions.find()
        self._failed_version = self._installed.state().failed if self._installed else ""
        self._purge = Purge(ledger, paths, self.files, lambda: self.settings_store.settings)
        self._updates = UpdateChecker(paths.update_check, self._update_feed, self._is_busy, self.publish_counts)

    @classmethod
    async def open(
        cls,
        paths: Paths,
        publish: Callable[[object], None],
        *,
        access: AccessControl,
        credential_store: CredentialStore,
        overrides: Overrides | None = None,
    ) -> "Backend":
        """Open the ledger, recover what was unfinished, and start the tasks.

        Raises LedgerError, SettingsError, CredentialsError, OSError.
        """
        make_private_folder(paths.folder)
        ledger = Ledger(paths.ledger)
        try:
            ledger.recover()
            access.attach(ledger.connection)
            backend = cls(
                paths,
                publish,
                ledger=ledger,
                access=access,
                credential_store=credential_store,
                overrides=overrides or Overrides(),
            )
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
        await self.settings_store.connect()
        self._credentials_loaded.set()
        self.outbox.wake()

    def _start_tasks(self, connecting: asyncio.Task[None]) -> None:
        backups = run_backup_schedule(self.paths.ledger, self.files, lambda: self._fail(LedgerDamaged("backup failed")))
        tasks = {
            "outbox": self.outbox.run(),
            "suspend watch": watch_for_suspend(self.outbox.resume_after_suspend),
            "backups": backups,
            "purge": self._purge.run(),
            "updates": self._updates.run(),
        }
        if self._installed is not None:  # the worker starts after the first paint: the window is there as well
            tasks["good start"] = asyncio.to_thread(self._installed.report_good_start)
        self._tasks = [connecting, *(asyncio.create_task(task, name=name) for name, task in tasks.items())]

    async def aclose(self) -> None:
        """Cancel the tasks, close the connection and the ledger. The next start recovers what was under way."""
        try:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
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
            return await dispatch(self, command)
        except NotSetUp:
            if self.settings_store.keyring_timed_out:
                raise CredentialsTimeout from None
            raise
        except _UNUSABLE_LEDGER as error:
            if not isinstance(error, RowDamaged):
                self._fail(error)
            raise

    async def verify_owner(self, credentials: Credentials) -> bool:
        """Return whether these credentials are the till's own."""
        return await self.settings_store.verify_owner(credentials)

    def _fail(self, error: Exception) -> None:
        """Stop: the worker opens the next backend, which shows what is left of the ledger."""
        self.failure = error
        self.stopped.set()

    # --- events

    def publish_status(self) -> None:
        """Publish the session and the counts."""
        self.publish(self.access.session)
        self.publish_counts()

    def publish_operation(self, operation: Operation) -> None:
        """Publish a changed operation and the counts."""
        self.publish(c.OperationChanged(operation))
        self.publish_counts()

    def publish_counts(self) -> None:
        """Publish the status. A ledger error is logged only: the command that needs the ledger reports it."""
        connection = self.connection
        try:
            counts = self.ledger.queries.counts()
            waiting = (
                self.ledger.queries.waiting_elsewhere(connection.server_id, connection.account)
                if counts.pending
                else ()
            )
        except Exception:
            _log.exception("status update failed")
            return
        is_idle = not counts.pending and not counts.review
        self.publish(
            c.Status(
                connection.status,
                counts.pending,
                counts.review,
                self.outbox.stopped_by_credentials,
                counts.contradicted,
                newer_release=self._updates.newer if is_idle else None,
                clock_doubt=connection.clock.doubt(),
                pending_for_other_shop=len(waiting),
                shop_unconfirmed=self.settings_store.shop_unconfirmed,
                failed_version=self._failed_version,
            )
        )

    def _connection_changed(self) -> None:
        if self.connection.status is ConnectionStatus.ONLINE:
            self.outbox.connection_verified()
        self.publish_counts()

    # --- update notices

    def _update_feed(self) -> UpdateFeed | None:
        """The feed to ask; None in training."""
        if self.settings_store.is_training:
            return None
        return parse_update_feed(self.settings_store.settings.update_feed)

    def _is_busy(self) -> bool:
        """Whether an operation waits or a person looks orders up. Raises LedgerError."""
        return self.connection.recently_used_by_person or self.ledger.queries.counts().pending > 0
