"""The worker's backend while the ledger cannot be used: it registers and sends nothing, and offers ways back."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bonifiq_desktop.connectors.bonifiq.connector import BonifiqConnector
from bonifiq_desktop.ledger.backups import Backup, backups_of
from bonifiq_desktop.ledger.errors import (
    LedgerFailed,
    LedgerInUnsafeLocation,
    LedgerNewer,
    LedgerOfAnotherMachine,
    LedgerOlder,
)
from bonifiq_desktop.security.credentials import Credentials, CredentialsError, CredentialStore
from bonifiq_desktop.services.access_control import AccessControl
from bonifiq_desktop.services.settings_store import verify_owner
from bonifiq_desktop.storage.paths import Paths
from bonifiq_desktop.storage.settings import Settings, SettingsError, load_settings
from bonifiq_desktop.worker import commands as c
from bonifiq_desktop.worker.handlers import Mode, dispatch, handler_of
from bonifiq_desktop.worker.running_work import RunningWork

_log = logging.getLogger(__name__)
_NOT_SOLVED_BY_BACKUP = (SettingsError, CredentialsError, OSError, LedgerFailed, LedgerNewer, LedgerInUnsafeLocation)
"""Any other failure may come from the ledger's content, and a backup may be free of it."""


@dataclass(eq=False, repr=False)
class RecoveryBackend:
    """Answers all but the recovery commands with `failure`; `stopped` is set when the ledger is to be opened again."""

    paths: Paths
    publish: Callable[[object], None]
    failure: Exception
    access: AccessControl
    credential_store: CredentialStore
    stopped: asyncio.Event = field(init=False, default_factory=asyncio.Event)
    work: RunningWork = field(init=False)
    _searching: asyncio.Task[None] | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        self.work = RunningWork(self.publish)

    async def handle(self, command: c.Command[Any]) -> Any:
        """Run the command's handler where it works without a ledger. Raises what it raises, or `failure`."""
        if Mode.RECOVERY not in handler_of(command).mode:
            raise self.failure
        return await dispatch(self, command)

    async def verify_owner(self, credentials: Credentials) -> bool:
        try:
            settings = load_settings(self.paths.settings)
        except SettingsError:
            settings = Settings()
        return await verify_owner(credentials, self.credential_store, settings, connect=BonifiqConnector)

    def session_changed(self) -> None:
        self.publish(self.access.session)

    def publish_status(self) -> None:
        """Publish the failure, and the recovery options once the backups were read."""
        self.publish(self.access.session)
        may_have_options = not isinstance(self.failure, _NOT_SOLVED_BY_BACKUP)
        self.publish(c.LedgerUnavailable(self.failure, is_searching=may_have_options))
        if may_have_options:
            self._searching = asyncio.create_task(self._publish_options(), name="recovery options")

    async def _publish_options(self) -> None:
        ledger = self.paths.ledger
        if isinstance(self.failure, LedgerOfAnotherMachine):
            options = c.RecoveryOptions((), ledger, from_other_pc=True)
        else:
            backups: list[Backup] = []
            try:
                backups = await asyncio.to_thread(backups_of, ledger)  # large ones take seconds
            except Exception:
                _log.exception("backups not readable")
            options = c.RecoveryOptions(tuple(backups), ledger if isinstance(self.failure, LedgerOlder) else None)
        self.publish(c.LedgerUnavailable(self.failure, options))

    async def aclose(self) -> None:
        if self._searching is not None:
            self._searching.cancel()
