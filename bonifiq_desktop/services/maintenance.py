"""Regular work on the files of this till: backups of the ledger, and deletion of expired personal data."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bonifiq_desktop.ledger.backups import make_backup, remove_partial_copies
from bonifiq_desktop.ledger.errors import LedgerDamaged, LedgerError, LedgerMissing
from bonifiq_desktop.ledger.ledger import Ledger
from bonifiq_desktop.ledger.personal_data_in_copies import (
    copies_with_personal_data,
    purge_copy,
    unfinished_in,
)
from bonifiq_desktop.services.file_executor import FileExecutor
from bonifiq_desktop.storage import files
from bonifiq_desktop.storage.drafts import delete_old_drafts
from bonifiq_desktop.storage.paths import Paths
from bonifiq_desktop.storage.settings import Settings

_log = logging.getLogger(__name__)
BACKUP_SECONDS = 30 * 60.0
"""Seconds between two backups; an unchanged ledger is not copied again."""


async def run_backup_schedule(ledger: Path, file_executor: FileExecutor, on_damage: Callable[[], None]) -> None:
    """Back the ledger up now and at each interval, until cancelled.

    `on_damage` is called when a backup finds the ledger damaged or missing.
    """
    while True:
        try:
            await file_executor.run(make_backup, ledger, datetime.now(UTC))
        except (LedgerDamaged, LedgerMissing):
            _log.exception("ledger damaged or missing")
            on_damage()
        except Exception:
            _log.exception("backup failed")
        await asyncio.sleep(BACKUP_SECONDS)


PURGE_SECONDS = 24 * 60 * 60.0
"""Seconds between two purges, by the monotonic clock of the event loop."""
_BATCH = 200


@dataclass(eq=False, repr=False)
class Purge:
    """Deletes personal data older than the setting `keep_personal_days`, at the start and daily.

    In copies, it also deletes the requests of sales that are final by now. Unfinished operations keep their data.
    """

    ledger: Ledger
    paths: Paths
    file_executor: FileExecutor
    settings: Callable[[], Settings]
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)

    async def run(self) -> None:
        while True:
            try:
                await self.purge_now()
            except Exception:
                _log.exception("purge failed")
            await asyncio.sleep(PURGE_SECONDS)

    async def purge_now(self) -> None:
        """Purge once. Raises LedgerError and OSError for ledger and drafts; a failed copy is retried the next day."""
        before = self.clock() - timedelta(days=self.settings().keep_personal_days)
        dropped = _BATCH
        while dropped:
            dropped = self.ledger.personal_data.purge(before, _BATCH)
            await asyncio.sleep(0)  # lets look-ups and the outbox run between two batches
        self.ledger.connection.truncate_wal()
        delete_old_drafts(self.paths.drafts, before)
        # The training server writes its state itself, which holds no personal data of real people.
        for folder in (self.paths.folder, self.paths.drafts):
            files.remove_partial_files(folder, except_for=self.paths.training_state)
        await self.file_executor.run(remove_partial_copies, self.paths.ledger)
        for path in await self.file_executor.run(copies_with_personal_data, self.paths.ledger):
            try:
                unfinished = await self.file_executor.run(unfinished_in, path)
                settled = self.ledger.personal_data.settled_times(unfinished)
                await self.file_executor.run(purge_copy, self.paths.ledger, path, settled, before)
            except LedgerError:
                _log.warning("copy not purged", extra={"copy": path.name}, exc_info=True)
