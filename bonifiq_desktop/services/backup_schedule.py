"""Schedule of automatic ledger backups."""

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from bonifiq_desktop.ledger.backups import make_backup
from bonifiq_desktop.ledger.errors import LedgerDamaged, LedgerMissing
from bonifiq_desktop.services.file_executor import FileExecutor

_log = logging.getLogger(__name__)
INTERVAL_SECONDS = 30 * 60.0
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
        await asyncio.sleep(INTERVAL_SECONDS)
