"""Opening the ledger file: pragmas that survive a power cut, a file that is ours, numbered migrations."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bonifiq_desktop.ledger.errors import (
    CommitUncertain,
    LedgerDamaged,
    LedgerFailed,
    LedgerForeign,
    LedgerNewer,
)
from bonifiq_desktop.ledger.migrations import MIGRATIONS

APPLICATION_ID = 0x42_51_44_31
"""`BQD1` in the file's header: a SQLite file without it is somebody else's."""

# synchronous=FULL: a commit that returned survives a power cut. NORMAL would be faster and lose the last ones.
_DURABLE = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def open_for_writing(path: Path) -> sqlite3.Connection:
    """Open the ledger, making it when there is no file, and bring it to today's version.

    There must be one such connection in the whole system: SQLite before 3.51.3 can corrupt a WAL file that two
    connections write or checkpoint. Raises LedgerError.
    """
    with _named_errors():
        db = sqlite3.connect(path, isolation_level=None)
        try:
            _check_ours(db)
            _make_durable(db)
            _migrate(db, path)
        except BaseException:
            db.close()
            raise
        return db


def open_for_reading(path: Path) -> sqlite3.Connection:
    """Open the ledger beside a running program, without writing or checkpointing. Raises LedgerError."""
    with _named_errors():
        db = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, isolation_level=None)
        try:
            _check_ours(db)
        except BaseException:
            db.close()
            raise
        return db


@contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[None]:
    """One durable step. Raises CommitUncertain when COMMIT itself fails: then only the reopened file tells."""
    with _named_errors():
        db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            if db.in_transaction:
                db.execute("ROLLBACK")
            raise
        try:
            db.execute("COMMIT")
        except sqlite3.Error as error:
            raise CommitUncertain(str(error)) from error


@contextmanager
def _named_errors() -> Iterator[None]:
    try:
        yield
    except sqlite3.IntegrityError:
        raise
    except sqlite3.OperationalError as error:
        raise LedgerFailed(str(error)) from error
    except sqlite3.DatabaseError as error:
        raise LedgerDamaged(str(error)) from error


def _check_ours(db: sqlite3.Connection) -> None:
    application_id = _pragma(db, "application_id")
    tables = db.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
    if application_id != APPLICATION_ID and (application_id or tables):
        raise LedgerForeign
    if _pragma(db, "user_version") > len(MIGRATIONS):
        raise LedgerNewer


def _make_durable(db: sqlite3.Connection) -> None:
    for name, value in _DURABLE.items():
        db.execute(f"PRAGMA {name} = {value}")
    # Read back: a network folder, for one, silently keeps another journal mode.
    for name, value in _DURABLE.items():
        if _pragma(db, name) != value:
            raise LedgerFailed(f"PRAGMA {name}")


def _migrate(db: sqlite3.Connection, path: Path) -> None:
    done = _pragma(db, "user_version")
    if 0 < done < len(MIGRATIONS):
        _copy(db, path.with_name(f"{path.name}.before-{len(MIGRATIONS)}"))
    for number, step in enumerate(MIGRATIONS[done:], done + 1):
        with transaction(db):
            for statement in _statements(step):
                db.execute(statement)
            db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            db.execute(f"PRAGMA user_version = {number}")


def _statements(script: str) -> Iterator[str]:
    # executescript() would commit the open transaction first, and a step must be all or nothing.
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def _copy(db: sqlite3.Connection, target: Path) -> None:
    copy = sqlite3.connect(target)
    try:
        db.backup(copy)
    finally:
        copy.close()


def _pragma(db: sqlite3.Connection, name: str) -> Any:
    value: int | str = db.execute(f"PRAGMA {name}").fetchone()[0]
    return value
