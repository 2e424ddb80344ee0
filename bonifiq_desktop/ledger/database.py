"""Opening the ledger file: durability pragmas, checks of the file, transactions, migrations, copies."""

import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

from bonifiq_desktop.ledger.errors import (
    CommitUncertain,
    LedgerDamaged,
    LedgerFailed,
    LedgerForeign,
    LedgerInUnsafeLocation,
    LedgerMissing,
    LedgerNewer,
    LedgerOlder,
)
from bonifiq_desktop.ledger.files import backup_files, backups_folder, set_aside_files
from bonifiq_desktop.ledger.schema import MIGRATIONS
from bonifiq_desktop.ledger.unsafe_location import unsafe_location
from bonifiq_desktop.ledger.watermark import read_watermark
from bonifiq_desktop.storage.files import sync_folder
from bonifiq_desktop.storage.held_files import retry_while_held, wait_until_writable

APPLICATION_ID = 0x42_51_44_31
"""`BQD1` in the file's header; a SQLite file without it belongs to another program."""

BUSY_TIMEOUT_MS = 5000
"""How long a connection waits for others; the default of Python's sqlite3."""

# synchronous=FULL: a commit that returned survives a power cut. NORMAL loses the last ones.
# secure_delete: erased personal data is overwritten, not left in a free page.
_DURABILITY_PRAGMAS: dict[str, str | int] = {
    "journal_mode": "wal",
    "synchronous": 2,
    "foreign_keys": 1,
    "secure_delete": 1,
}


# Of every connection, reading ones too. trusted_schema: a function that an attacker put into the file's schema is not
# called. cell_size_check: a page whose cells do not fit is found before it is read.
_SAFETY_PRAGMAS: dict[str, str | int] = {"trusted_schema": 0, "cell_size_check": 1}

_SEARCH_MODULE = "fts5"


def open_for_writing(path: Path, *, checked: bool = True) -> sqlite3.Connection:
    """Open the ledger, create it when there never was one, and migrate it to today's version.

    `checked`: the whole file is checked first, which takes 2 s per 100,000 operations. A migration always does so.

    Hold one such connection in the whole system: SQLite before 3.51.3 can corrupt a WAL file that two
    connections write or checkpoint. Raises LedgerError.
    """
    with translate_errors():
        location = unsafe_location(path.parent)
        if location is not None:
            raise LedgerInUnsafeLocation(location)
        if not path.exists():
            if read_watermark(path) is not None or backup_files(path) or set_aside_files(path) or _has_wal(path):
                raise LedgerMissing  # SQLite would apply the old file's WAL to a new file
            with replace_database(path) as fresh:
                create_ledger(fresh)
        _check_not_empty(path)
        wait_until_writable(path)
        db = _connect(str(path))
        with _closed_on_error(db):
            _check_header(db)
            if checked or _pragma(db, "user_version") < len(MIGRATIONS):
                check_integrity(db)
            check_watermark(db, path)
            _set_pragmas(db, _DURABILITY_PRAGMAS)
            migrate(db, path)
        return db


def _has_wal(path: Path) -> bool:
    wal = path.with_name(f"{path.name}-wal")
    return wal.exists() and wal.stat().st_size > 0


def create_ledger(db: sqlite3.Connection) -> None:
    """Turn an empty file into a ledger without operations."""
    _set_pragmas(db, _DURABILITY_PRAGMAS)
    migrate(db)


@contextmanager
def replace_database(
    path: Path, around_replace: AbstractContextManager[None] | None = None
) -> Iterator[sqlite3.Connection]:
    """A new database that replaces `path` when the block ends without an error; nothing changes before that.

    `around_replace`: entered around the replacement, once the new database is whole.
    """
    fresh = path.with_name(f".{path.name}.new")
    _remove(fresh)
    try:
        fresh.touch(mode=0o600)  # SQLite gives the WAL the same permissions
        db = _connect(str(fresh))
        try:
            yield db
        finally:
            db.close()
        with fresh.open("rb+") as whole:
            os.fsync(whole.fileno())
        with around_replace or nullcontext():
            retry_while_held(lambda: fresh.replace(path))
    except BaseException:
        _remove(fresh)
        raise
    sync_folder(path.parent)


def _remove(fresh: Path) -> None:
    for rest in ("", "-wal", "-shm", "-journal"):
        fresh.with_name(fresh.name + rest).unlink(missing_ok=True)


def open_for_reading(path: Path) -> sqlite3.Connection:
    """Open the ledger beside a running program, without writing or checkpointing. Raises LedgerError."""
    with translate_errors():
        # SQLite first rolls an interrupted transaction of a copy back, which a read-only connection cannot do.
        is_whole = not path.with_name(f"{path.name}-journal").exists()
        return _open_existing(path, "ro" if is_whole else "rw")


def open_immutable(path: Path) -> sqlite3.Connection:
    """Open a file that no program has open, without making files beside it. Its WAL is not read. Raises LedgerError."""
    with translate_errors():
        return _open_existing(path, "ro&immutable=1")


def open_copy_for_writing(path: Path) -> sqlite3.Connection:
    """Open a copy or a set-aside file, never the ledger in use, to erase data in it. Raises LedgerError.

    It keeps its version: personal data is in the same columns in all of them.
    """
    with translate_errors():
        db = _open_existing(path, "rw")
        with _closed_on_error(db):
            names = ("synchronous", "foreign_keys", "secure_delete")
            _set_pragmas(db, {name: _DURABILITY_PRAGMAS[name] for name in names})
        return db


def _connect(name: str, *, uri: bool = False) -> sqlite3.Connection:
    db = sqlite3.connect(name, uri=uri, isolation_level=None)
    db.text_factory = bytes.decode
    with _closed_on_error(db):
        _set_pragmas(db, _SAFETY_PRAGMAS)
    return db


def _open_existing(path: Path, mode: str) -> sqlite3.Connection:
    _check_not_empty(path)
    db = _connect(f"{path.resolve().as_uri()}?mode={mode}", uri=True)
    with _closed_on_error(db):
        _check_header(db)
    return db


@contextmanager
def _closed_on_error(db: sqlite3.Connection) -> Iterator[None]:
    try:
        yield
    except BaseException:
        db.close()
        raise


@contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[None]:
    """One durable transaction. Raises CommitUncertain when COMMIT fails: only the reopened file shows its outcome.

    A full disk is certain: an incomplete commit is not there, and a file reopened without room might not open.
    """
    with translate_errors():
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
            if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL:
                raise
            raise CommitUncertain(str(error)) from error


def checkpoint(db: sqlite3.Connection) -> None:
    """Write the WAL into the file and sync it: after a failed sync a commit may be in the system's memory only.

    Raises LedgerError.
    """
    with translate_errors():
        busy, *_ = db.execute("PRAGMA wal_checkpoint(FULL)").fetchone()
        if busy:
            raise LedgerFailed("the WAL is being read")


@contextmanager
def translate_errors() -> Iterator[None]:
    """Raise errors of SQLite and of the system about the file as LedgerFailed or LedgerDamaged."""
    try:
        yield
    except sqlite3.ProgrammingError:
        raise  # a mistake in our call, not in the file
    except UnicodeDecodeError:
        raise LedgerDamaged(
            "a stored text is not valid UTF-8"
        ) from None  # the error would quote it, and it may be a name
    except (sqlite3.OperationalError, OSError) as error:
        if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_ERROR:
            raise LedgerDamaged(str(error)) from error  # our SQL does not fit the schema that the file describes
        raise LedgerFailed(str(error)) from error
    except sqlite3.DatabaseError as error:
        raise LedgerDamaged(str(error)) from error


def _check_not_empty(path: Path) -> None:
    if path.exists() and not path.is_file():
        raise LedgerDamaged("the path is not a file")
    # SQLite takes an empty file for a new database that passes its check. A ledger is never empty.
    if path.exists() and not path.stat().st_size:
        raise LedgerDamaged("the file is empty")


def _check_header(db: sqlite3.Connection) -> None:
    db.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    if _pragma(db, "application_id") != APPLICATION_ID:
        raise LedgerForeign
    if _pragma(db, "user_version") > len(MIGRATIONS):
        raise LedgerNewer


def check_watermark(db: sqlite3.Connection, path: Path) -> None:
    """Compare a ledger with the watermark beside it. Raises LedgerOlder."""
    remembered = read_watermark(path)
    if remembered is None or not remembered.ledger_id:
        return
    stored = dict(db.execute("SELECT name, value FROM metadata WHERE name IN ('ledger_id', 'last_commit')"))
    if stored.get("ledger_id") != remembered.ledger_id or commit_count(stored.get("last_commit")) < remembered.commits:
        raise LedgerOlder


def commit_count(last_commit: str | None) -> int:
    """The number in a commit's name (`number:token`). Raises LedgerDamaged."""
    number = (last_commit or "0").partition(":")[0]
    if not number.isdecimal():
        raise LedgerDamaged("the number of the last commit is not decimal")
    return int(number)


def check_integrity(db: sqlite3.Connection) -> None:
    """Check the whole file: pages, indexes, constraints. Raises LedgerDamaged."""
    found = db.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if found != "ok":
        raise LedgerDamaged(found)


def _check_search(db: sqlite3.Connection) -> None:
    """Compare the search index with the operations, which SQLite's integrity check does not.

    For copies, since it writes and takes time. Raises sqlite3.DatabaseError when an operation is missing.
    """
    db.execute("INSERT INTO search (search, rank) VALUES ('integrity-check', 1)")


def _set_pragmas(db: sqlite3.Connection, pragmas: Mapping[str, str | int]) -> None:
    for name, value in pragmas.items():
        db.execute(f"PRAGMA {name} = {value}")
    # Read back: a network folder silently keeps another journal mode, and an old SQLite ignores an unknown pragma.
    for name, value in pragmas.items():
        if _pragma(db, name) != value:
            raise LedgerFailed(f"PRAGMA {name}")


def migrate(db: sqlite3.Connection, path: Path | None = None) -> None:
    """Migrate a ledger to today's version, each migration and its number in one transaction.

    `path`: of the ledger in use, of which a copy is made first. Raises LedgerError, sqlite3.Error, OSError.
    """
    if not db.execute("SELECT 1 FROM pragma_module_list WHERE name = ?", (_SEARCH_MODULE,)).fetchone():
        raise LedgerFailed(f"this SQLite was built without {_SEARCH_MODULE}")
    version = _pragma(db, "user_version")
    if path is not None and 0 < version < len(MIGRATIONS):
        copy_database(db, backups_folder(path) / f"{path.stem}-before-version-{len(MIGRATIONS)}.db")
    for number, migration in enumerate(MIGRATIONS[version:], version + 1):
        with transaction(db):
            for statement in _statements(migration):
                db.execute(statement)
            db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            db.execute(f"PRAGMA user_version = {number}")


def _statements(script: str) -> Iterator[str]:
    # Not executescript(): it commits the open transaction, and a migration must be all or nothing.
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
    if statement.strip():
        yield statement


def copy_database(db: sqlite3.Connection, target: Path) -> None:
    """Copy a ledger into one checked file, or leave none. Raises LedgerDamaged, sqlite3.Error, OSError."""
    target.parent.mkdir(mode=0o700, exist_ok=True)
    with replace_database(target) as into:
        db.backup(into)
        check_integrity(into)
        _check_search(into)
        into.execute("PRAGMA journal_mode = delete")  # no WAL beside a copy


def _pragma(db: sqlite3.Connection, name: str) -> Any:
    value: int | str = db.execute(f"PRAGMA {name}").fetchone()[0]
    return value
