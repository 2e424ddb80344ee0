"""Opening the ledger file: pragmas that survive a power cut, a file that is ours, numbered migrations."""

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
from bonifiq_desktop.ledger.files import backup_files, backups_folder, set_aside_files, sync_folder
from bonifiq_desktop.ledger.schema import MIGRATIONS
from bonifiq_desktop.ledger.unsafe_location import unsafe_location
from bonifiq_desktop.ledger.watermark import read_watermark

APPLICATION_ID = 0x42_51_44_31
"""`BQD1` in the file's header: a SQLite file without it is somebody else's."""

BUSY_TIMEOUT_MS = 5000
"""How long a connection waits for others; Python's own figure."""

# synchronous=FULL: a commit that returned survives a power cut. NORMAL would be faster and lose the last ones.
# secure_delete: what was dropped about a customer is overwritten, not left in a free page.
_DURABILITY_PRAGMAS: dict[str, str | int] = {
    "journal_mode": "wal",
    "synchronous": 2,
    "foreign_keys": 1,
    "secure_delete": 1,
}


# Of every connection, also one that only reads. trusted_schema: a function that was written into the file's schema
# from outside is not called. cell_size_check: a page whose cells do not fit is found before anything is read from it.
_SAFETY_PRAGMAS: dict[str, str | int] = {"trusted_schema": 0, "cell_size_check": 1}

_SEARCH_MODULE = "fts5"


def open_for_writing(path: Path) -> sqlite3.Connection:
    """Open the ledger, making it when there never was one, and bring it to today's version.

    There must be one such connection in the whole system: SQLite before 3.51.3 can corrupt a WAL file that two
    connections write or checkpoint. Raises LedgerError.
    """
    with translate_errors():
        danger = unsafe_location(path.parent)
        if danger is not None:
            raise LedgerInUnsafeLocation(danger)
        if not path.exists():
            if read_watermark(path) is not None or backup_files(path) or set_aside_files(path) or _has_log(path):
                raise LedgerMissing  # a new file would also swallow the old one's log
            with replace_atomically(path) as fresh:
                create_ledger(fresh)
        _check_not_empty(path)
        db = _connect(str(path))
        try:
            _check_header(db)
            check_integrity(db)
            check_watermark(db, path)
            _make_durable(db)
            migrate(db, path)
        except BaseException:
            db.close()
            raise
        return db


def _has_log(path: Path) -> bool:
    log = path.with_name(f"{path.name}-wal")
    return log.exists() and log.stat().st_size > 0


def create_ledger(db: sqlite3.Connection) -> None:
    """Make an empty file a ledger without operations."""
    _make_durable(db)
    migrate(db)


@contextmanager
def replace_atomically(
    path: Path, around_replace: AbstractContextManager[None] | None = None
) -> Iterator[sqlite3.Connection]:
    """A new database that takes the place of `path` when the block ends well; before that nothing changes.

    `room`: entered once the new one is whole, around the moment in which it takes the place.
    """
    fresh = path.with_name(f".{path.name}.new")
    _remove(fresh)
    try:
        fresh.touch(mode=0o600)  # SQLite gives its log the same rights
        db = _connect(str(fresh))
        try:
            yield db
        finally:
            db.close()
        with fresh.open("rb+") as whole:
            os.fsync(whole.fileno())
        with around_replace or nullcontext():
            fresh.replace(path)
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
        # A step that was cut off in a copy is first taken back, which a connection that only reads cannot do.
        is_whole = not path.with_name(f"{path.name}-journal").exists()
        return _open_existing(path, "ro" if is_whole else "rw")


def open_immutable(path: Path) -> sqlite3.Connection:
    """Open a file that no program has open, leaving nothing beside it; what is only in its log is not seen.

    Raises LedgerError.
    """
    with translate_errors():
        return _open_existing(path, "ro&immutable=1")


def open_copy_for_writing(path: Path) -> sqlite3.Connection:
    """Open a copy or a set-aside file, never the ledger in use, to drop something from it. Raises LedgerError.

    It stays in the version it was made in: what is personal stands in the same columns in all of them.
    """
    with translate_errors():
        db = _open_existing(path, "rw")
        try:
            _set(db, {name: _DURABILITY_PRAGMAS[name] for name in ("synchronous", "foreign_keys", "secure_delete")})
        except BaseException:
            db.close()
            raise
        return db


def _connect(name: str, *, uri: bool = False) -> sqlite3.Connection:
    db = sqlite3.connect(name, uri=uri, isolation_level=None)
    db.text_factory = bytes.decode
    try:
        _set(db, _SAFETY_PRAGMAS)
    except BaseException:
        db.close()
        raise
    return db


def _open_existing(path: Path, mode: str) -> sqlite3.Connection:
    _check_not_empty(path)
    db = _connect(f"{path.resolve().as_uri()}?mode={mode}", uri=True)
    try:
        _check_header(db)
    except BaseException:
        db.close()
        raise
    return db


@contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[None]:
    """One durable step. Raises CommitUncertain when COMMIT itself fails: then only the reopened file tells.

    Not for a full disk: what was not written to its end is not there, and a file reopened without room may not open.
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
    """Bring everything that can be read onto the disk: after a failed sync it may be in the system's memory only.

    Raises LedgerError when that cannot be done.
    """
    with translate_errors():
        busy, *_ = db.execute("PRAGMA wal_checkpoint(FULL)").fetchone()
        if busy:
            raise LedgerFailed("the log is being read")


@contextmanager
def translate_errors() -> Iterator[None]:
    """Raises SQLite's complaints about the file, and the system's, as LedgerFailed or LedgerDamaged."""
    try:
        yield
    except sqlite3.ProgrammingError:
        raise  # about what was asked, not about the file
    except UnicodeDecodeError:
        raise LedgerDamaged("a text is none") from None  # without it: it may name a person
    except (sqlite3.OperationalError, OSError) as error:
        if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_ERROR:
            raise LedgerDamaged(str(error)) from error  # our own SQL does not fit: the file describes itself otherwise
        raise LedgerFailed(str(error)) from error
    except sqlite3.DatabaseError as error:
        raise LedgerDamaged(str(error)) from error


def _check_not_empty(path: Path) -> None:
    if path.exists() and not path.is_file():
        raise LedgerDamaged("there is something else in the file's place")
    # SQLite takes a file of no bytes for a new database, and its own check calls it sound. None of ours was ever empty.
    if path.exists() and not path.stat().st_size:
        raise LedgerDamaged("the file is empty")


def _check_header(db: sqlite3.Connection) -> None:
    db.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    if _pragma(db, "application_id") != APPLICATION_ID:
        raise LedgerForeign
    if _pragma(db, "user_version") > len(MIGRATIONS):
        raise LedgerNewer


def check_watermark(db: sqlite3.Connection, path: Path) -> None:
    """Compare a ledger with what this till remembers of it. Raises LedgerOlder."""
    remembered = read_watermark(path)
    if remembered is None or not remembered.ledger_id:
        return
    stored = dict(db.execute("SELECT name, value FROM metadata WHERE name IN ('ledger_id', 'last_commit')"))
    if stored.get("ledger_id") != remembered.ledger_id or commit_count(stored.get("last_commit")) < remembered.commits:
        raise LedgerOlder


def commit_count(last_commit: str | None) -> int:
    """How many steps were committed with this one, as the ledger names it (`number:token`). Raises LedgerDamaged."""
    number = (last_commit or "0").partition(":")[0]
    if not number.isdecimal():
        raise LedgerDamaged("the number of the last step is none")
    return int(number)


def check_integrity(db: sqlite3.Connection) -> None:
    """Look through the whole file: pages, indexes, constraints. Raises LedgerDamaged."""
    found = db.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if found != "ok":
        raise LedgerDamaged(found)


def _check_search(db: sqlite3.Connection) -> None:
    """Compare the index of the search with what it is made of, which SQLite's own check does not. For a copy: it needs
    to write, and time. Raises sqlite3.DatabaseError when an operation would not be found.
    """
    db.execute("INSERT INTO search (search, rank) VALUES ('integrity-check', 1)")


def _make_durable(db: sqlite3.Connection) -> None:
    _set(db, _DURABILITY_PRAGMAS)


def _set(db: sqlite3.Connection, pragmas: Mapping[str, str | int]) -> None:
    for name, value in pragmas.items():
        db.execute(f"PRAGMA {name} = {value}")
    # Read back: a network folder, for one, silently keeps another journal mode, and an old SQLite knows less.
    for name, value in pragmas.items():
        if _pragma(db, name) != value:
            raise LedgerFailed(f"PRAGMA {name}")


def migrate(db: sqlite3.Connection, path: Path | None = None) -> None:
    """Bring a ledger to today's version, a step at a time; each is done or not.

    `path`: where it is in use; then a copy of what was before is kept. Raises LedgerError, sqlite3.Error, OSError.
    """
    if not db.execute("SELECT 1 FROM pragma_module_list WHERE name = ?", (_SEARCH_MODULE,)).fetchone():
        raise LedgerFailed(f"this SQLite was built without {_SEARCH_MODULE}")
    done = _pragma(db, "user_version")
    if path is not None and 0 < done < len(MIGRATIONS):
        copy_database(db, backups_folder(path) / f"{path.stem}-before-version-{len(MIGRATIONS)}.db")
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
    if statement.strip():
        yield statement


def copy_database(db: sqlite3.Connection, target: Path) -> None:
    """Copy a ledger into one file, sound and whole or not there. Raises LedgerDamaged, sqlite3.Error, OSError."""
    target.parent.mkdir(mode=0o700, exist_ok=True)
    with replace_atomically(target) as into:
        db.backup(into)
        check_integrity(into)
        _check_search(into)
        into.execute("PRAGMA journal_mode = delete")  # no log beside a copy


def _pragma(db: sqlite3.Connection, name: str) -> Any:
    value: int | str = db.execute(f"PRAGMA {name}").fetchone()[0]
    return value
