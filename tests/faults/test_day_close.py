"""A process killed over the close of a day leaves no record or a whole one, and the day can be closed after that."""

import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bonifiq_desktop.ledger.day_close import read_closed, read_day
from bonifiq_desktop.ledger.ledger import Ledger
from tests.support.ledger_actions import sell
from tests.support.sudden_death import STATUS

YESTERDAY = date(2026, 11, 19)
DAY = date(2026, 11, 20)


def close(ledger: Ledger, day: date) -> None:
    """Close a day with a reason."""
    ledger.days.close(day, till="CAIXA1", seen_operations=10**6, person="Ana", reason="rede")


@pytest.mark.parametrize(
    ("statement", "closed"),
    [
        ("BEGIN IMMEDIATE", 1),
        ("INSERT INTO closed_days", 1),
        ("last_close", 1),
        ("last_commit", 1),
        ("COMMIT", 1),
        ("", 2),
    ],
)
def test_close_that_was_killed_is_whole_or_not_there(tmp_path: Path, statement: str, closed: int) -> None:
    path = tmp_path / "ledger.db"
    ledger = Ledger(path, clock=lambda: datetime(2026, 11, 20, 15, tzinfo=UTC))
    for number in range(200):
        sell(ledger, f"CAIXA1-{number}")
    close(ledger, YESTERDAY)
    ledger.close()
    arguments = [sys.executable, "-m", "tests.support.killed_close", str(path), DAY.isoformat(), statement]
    assert subprocess.run(arguments, check=False).returncode == STATUS
    days = [each.day for each in read_closed(path, None)]
    assert days == [DAY, YESTERDAY][-closed:]
    assert read_day(path, DAY, till="", now=datetime.now(UTC)).damaged_closes == ()
    ledger = Ledger(path)
    if closed == 1:
        close(ledger, DAY)
    ledger.close()
    [newest, _] = read_closed(path, None)
    assert (newest.number, newest.day, newest.open_operations) == (2, DAY, 200)
