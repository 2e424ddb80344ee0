"""Check of the change log in a ledger file, beside a running program."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from bonifiq_desktop.domain.shop_database import NO_HASH, change_hash
from bonifiq_desktop.ledger.database import open_for_reading, translate_errors
from bonifiq_desktop.ledger.row_mapping import rows_may_be_damaged


@dataclass(frozen=True)
class ChangeLogReport:
    """State of a ledger's change log.

    `incarnation`: None outside a shop database. `changes`: their number. `waiting`: rows that are to be told.
    `broken_at`: the first change that does not follow the one before it, or was changed on the disk; 0: none.
    """

    incarnation: int | None
    changes: int = 0
    waiting: int = 0
    broken_at: int = 0


def inspect_change_log(path: Path) -> ChangeLogReport:
    """Check the chain of changes in a ledger file without changing it. Raises LedgerError."""
    with translate_errors(), closing(open_for_reading(path)) as db:
        db.row_factory = sqlite3.Row
        found = db.execute("SELECT value FROM metadata WHERE name = 'shop_incarnation'").fetchone()
        if found is None:
            return ChangeLogReport(None)
        with rows_may_be_damaged():
            waiting = db.execute("SELECT count(*) FROM untold_rows").fetchone()[0]
            changes, broken_at = _follow(db)
            return ChangeLogReport(int(found["value"]), changes, int(waiting), broken_at)


def _follow(db: sqlite3.Connection) -> tuple[int, int]:
    """The number of changes, and the first one that breaks the chain."""
    previous, number = NO_HASH, 0
    for number, row in enumerate(db.execute("SELECT * FROM changes ORDER BY seq"), start=1):
        follows = row["seq"] == number and row["previous"] == previous and _hash(row) == row["hash"]
        if not follows or not _is_sealed_as_told(row):
            return number, number
        previous = row["hash"]
    return number, 0


def _hash(row: sqlite3.Row) -> bytes:
    return change_hash(row["previous"], row["version"], row["body"], row["sealed_sha256"] or NO_HASH)


def _is_sealed_as_told(row: sqlite3.Row) -> bool:
    """Whether the sealed record is the one that was told, or erased."""
    return row["sealed"] is None or sha256(row["sealed"]).digest() == row["sealed_sha256"]
