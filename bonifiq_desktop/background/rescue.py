"""Stands in for the office while the ledger cannot be used: nothing is registered or sent; a way back is offered."""

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bonifiq_desktop.background import commands as c
from bonifiq_desktop.ledger.backups import Backup, backups_of, restore
from bonifiq_desktop.ledger.errors import LedgerDamaged, LedgerError, LedgerForeign, LedgerMissing, LedgerOlder
from bonifiq_desktop.services.errors import DecisionIncomplete

_log = logging.getLogger(__name__)
_LOST = (LedgerMissing, LedgerDamaged, LedgerForeign, LedgerOlder)
"""What a copy can mend; a full disk, or a file of a newer program, it cannot."""


class RescueOffice:
    """Answers every command with the reason why there is no office, until `over`: then it is tried again."""

    def __init__(self, ledger: Path, error: Exception, tell: Callable[[c.LedgerBroken], None]) -> None:
        self._ledger = ledger
        self._error = error
        self._tell = tell
        self.over = asyncio.Event()

    async def answer(self, command: c.Command[Any]) -> None:
        """Restore, or try again. Raises what a restore raises, and for any other command the reason."""
        match command:
            case c.TryAgain():
                self.over.set()
            case c.Restore(source=source, name=name):
                if not name.strip():
                    raise DecisionIncomplete
                restore(self._ledger, source, by=name.strip(), now=datetime.now(UTC))
                _log.warning("%s put %s in the ledger's place", name.strip(), source or "an empty one")
                self.over.set()
            case _:
                raise self._error

    def tell_status(self) -> None:
        """Tell the window what is wrong, and what may be done about it."""
        if not isinstance(self._error, _LOST):
            self._tell(c.LedgerBroken(self._error))
            return
        as_it_is = self._ledger if isinstance(self._error, LedgerOlder) else None
        self._tell(c.LedgerBroken(self._error, c.Ways(self._backups(), as_it_is)))

    def _backups(self) -> tuple[Backup, ...]:
        try:
            return tuple(backups_of(self._ledger))
        except (LedgerError, OSError):
            _log.exception("the copies cannot be read")
            return ()

    async def aclose(self) -> None:
        """Nothing is open."""
