"""Stands in for the office while the ledger cannot be used: nothing is registered or sent; a way back is offered."""

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bonifiq_desktop.domain.decisions import DecisionIncomplete
from bonifiq_desktop.domain.staff import Session, Task
from bonifiq_desktop.ledger.backups import Backup, backups_of, move_to_this_machine, restore
from bonifiq_desktop.ledger.errors import (
    LedgerFailed,
    LedgerInUnsafeLocation,
    LedgerNewer,
    LedgerOfAnotherMachine,
    LedgerOlder,
)
from bonifiq_desktop.security.credentials import (
    Credentials,
    CredentialsError,
    CredentialStore,
)
from bonifiq_desktop.security.keyrings import TimedKeyring, system_keyring
from bonifiq_desktop.services.access_control import AccessControl
from bonifiq_desktop.services.ownership import verify_owner
from bonifiq_desktop.services.support import save_support_file
from bonifiq_desktop.storage.drafts import load_draft, save_draft
from bonifiq_desktop.storage.paths import Paths
from bonifiq_desktop.storage.settings import Settings, SettingsError, load_settings
from bonifiq_desktop.worker import commands as c

_log = logging.getLogger(__name__)
_NO_COPY_HELPS = (SettingsError, CredentialsError, OSError, LedgerFailed, LedgerNewer, LedgerInUnsafeLocation)
"""Everything else may be in the file itself, whatever it breaks here."""


class RecoveryBackend:
    """Answers every command with the reason why there is no office, until `over`: then it is tried again."""

    def __init__(
        self,
        paths: Paths,
        error: Exception,
        tell: Callable[[c.LedgerUnavailable | Session], None],
        *,
        access: AccessControl,
        held: dict[str, Credentials],
    ) -> None:
        self._paths = paths
        self._held = held
        self._access = access
        self._error = error
        self._tell = tell
        self._seeking: asyncio.Task[None] | None = None
        self.stopped = asyncio.Event()

    async def handle(self, command: c.Command[Any]) -> Any:
        """Restore, or try again; keep what is half typed. Raises what these raise, for any other command the reason."""
        match command:
            case c.SaveSupportFile(path=path):
                await save_support_file(self._paths, Path(path))
            case c.LoadDraft(screen=screen):
                return load_draft(self._paths.drafts, screen)
            case c.SaveDraft(screen=screen, content=content):
                save_draft(self._paths.drafts, screen, content)
            case c.ReopenLedger():
                self.stopped.set()
            case c.SignIn(name=name, pin=pin):
                await self._access.sign_in(name, pin)
                self._tell(self._access.session)
            case c.SignOut():
                self._access.sign_out()
                self._tell(self._access.session)
            case c.ResetPin():
                await self._reset_pin(command)
            case c.RestoreLedger():
                await self._restore(command)
            case c.AdoptLedger():
                await self._move_here(command)
            case _:
                raise self._error
        return None

    async def _reset_pin(self, wish: c.ResetPin) -> None:
        store = CredentialStore(self._paths.credentials, TimedKeyring(system_keyring), self._held)
        try:
            settings = load_settings(self._paths.settings)
        except SettingsError:
            settings = Settings()
        proved = await verify_owner(wish.credentials, store, settings)
        await self._access.reset_pin(wish.name, wish.pin, proved=proved)
        self._tell(self._access.session)

    async def _restore(self, wish: c.RestoreLedger) -> None:
        source = wish.source.name if wish.source else "nothing"
        name = await self._decided_by(wish, source)
        restore(self._paths.ledger, wish.source, decided_by=name, now=datetime.now(UTC))
        _log.warning("put in the ledger's place by a person", extra={"copy": source})
        self.stopped.set()

    async def _move_here(self, wish: c.AdoptLedger) -> None:
        if not isinstance(self._error, LedgerOfAnotherMachine):
            raise self._error
        name = await self._decided_by(wish, "moved")
        move_to_this_machine(self._paths.ledger, decided_by=name, now=datetime.now(UTC))
        _log.warning("the till moved to this PC, says a person")
        self.stopped.set()

    async def _decided_by(self, wish: c.RestoreLedger | c.AdoptLedger, source: str) -> str:
        """Who decides what the ledger goes on with, once the trail has it. Raises ManagerNeeded, DecisionIncomplete."""
        grant = await self._access.approve(wish.approval)
        name = grant.by.name if grant.by else wish.decided_by.strip()
        self._access.require(Task.RESTORE, grant, name=name, source=source)
        if not name:
            raise DecisionIncomplete
        return name

    def publish_status(self) -> None:
        """Tell the window what is wrong, and when the copies have been looked through, what may be done about it."""
        self._tell(self._access.session)
        may_help = not isinstance(self._error, _NO_COPY_HELPS)
        self._tell(c.LedgerUnavailable(self._error, is_searching=may_help))
        if may_help:
            self._seeking = asyncio.create_task(self._seek_ways(), name="copies")

    async def _seek_ways(self) -> None:
        if isinstance(self._error, LedgerOfAnotherMachine):
            self._tell(c.LedgerUnavailable(self._error, c.RecoveryOptions((), self._paths.ledger, from_other_pc=True)))
            return
        backups = await asyncio.to_thread(self._backups)  # large ones take seconds
        as_it_is = self._paths.ledger if isinstance(self._error, LedgerOlder) else None
        self._tell(c.LedgerUnavailable(self._error, c.RecoveryOptions(backups, as_it_is)))

    def _backups(self) -> tuple[Backup, ...]:
        try:
            return tuple(backups_of(self._paths.ledger))
        except Exception:
            _log.exception("the copies cannot be read")
            return ()

    async def aclose(self) -> None:
        """Nothing is open; whoever still looks for copies changes nothing."""
        if self._seeking is not None:
            self._seeking.cancel()
