"""Copies of the ledger, made by themselves while the program is open."""

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
"""Seconds between two copies; none is made while nothing changes."""


async def run_backup_schedule(ledger: Path, beside: FileExecutor, damaged: Callable[[], None]) -> None:
    """Copy the ledger now and every so often, until cancelled. `damaged` is called when a copy shows damage, or
    the ledger is gone."""
    while True:
        try:
            await beside.run(make_backup, ledger, datetime.now(UTC))
        except (LedgerDamaged, LedgerMissing):
            _log.exception("the ledger is damaged or gone")
            damaged()
        except Exception:
            _log.exception("no copy was made")
        await asyncio.sleep(INTERVAL_SECONDS)
