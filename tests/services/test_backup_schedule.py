"""Tests of the automatic backups."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from bonifiq_desktop.ledger.backups import backups_of
from bonifiq_desktop.ledger.ledger import Ledger
from bonifiq_desktop.services import maintenance
from bonifiq_desktop.services.file_executor import FileExecutor
from bonifiq_desktop.services.maintenance import run_backup_schedule
from tests.support.ledger_actions import refund


async def _keep_until(path: Path, done: Callable[[], bool], damaged: Callable[[], None] = lambda: None) -> None:
    """Run the schedule until a condition holds."""
    keeping = asyncio.create_task(run_backup_schedule(path, FileExecutor(), damaged))
    for _ in range(3000):
        if done():
            break
        await asyncio.sleep(0.01)
    keeping.cancel()
    with suppress(asyncio.CancelledError):
        await keeping
    assert done()


def test_backup_is_made_at_start_and_after_change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(maintenance, "BACKUP_SECONDS", 1.1)  # the names of backups differ by seconds
    path = tmp_path / "ledger.db"
    ledger = Ledger(path)

    def second_copy() -> bool:
        made = len(backups_of(path))
        if made == 1 and ledger.queries.counts().pending == 1:
            refund(ledger, order_id="1007")
        return made == 2

    refund(ledger)
    asyncio.run(_keep_until(path, second_copy))
    assert [backup.operations for backup in backups_of(path)] == [2, 1]
    ledger.close()


def test_backup_schedule_reports_damage_and_survives_failures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(maintenance, "BACKUP_SECONDS", 0.01)
    path = tmp_path / "ledger.db"
    told: list[str] = []

    def told_twice() -> bool:
        if "backup failed" in caplog.text and not path.exists():  # the first backup failed without a ledger
            assert not told
            path.write_bytes(b"not a database" * 100)
        return len(told) > 1

    asyncio.run(_keep_until(path, told_twice, lambda: told.append("damaged")))
