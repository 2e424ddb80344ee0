"""Backups of the ledger: made while it is in use, rotated, and restored.

A restored copy may be older than the requests that BonifiQ received from this till. So the replaced file is set aside,
never deleted. The copy gets a new ledger id, so that no sale number comes twice. It is put into quarantine:
`Ledger.recover` treats its unfinished operations as possibly sent before anything is sent.
"""

import json
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from bonifiq_desktop.domain.progress import Progress
from bonifiq_desktop.ledger.database import (
    check_integrity,
    commit_count,
    copy_database,
    create_ledger,
    migrate,
    open_for_reading,
    open_for_writing,
    open_immutable,
    replace_database,
    transaction,
    translate_errors,
)
from bonifiq_desktop.ledger.errors import LedgerError, LedgerFailed, LedgerMissing, LedgerNewer
from bonifiq_desktop.ledger.files import (
    TIMESTAMP_FORMAT,
    backup_files,
    backup_path,
    backups_folder,
    file_identity,
    set_aside_files,
)
from bonifiq_desktop.ledger.machine_id import machine_hash
from bonifiq_desktop.ledger.watermark import Watermark, read_watermark, write_watermark
from bonifiq_desktop.storage.files import sync_folder
from bonifiq_desktop.storage.held_files import retry_while_held

_COMMITS_IN_NAME = re.compile(r"-(\d+)-\d{8}T\d{6}Z\.db$")
_TIME_IN_NAME = re.compile(r"-(\d{8}T\d{6}Z)(?:-\d+)?\.db$")
_MAX_NEWEST = 12
_MAX_DAYS = 14
_PAGES_AT_ONCE, _STEPS_AT_ONCE = 2000, 100_000
"""What a restore copies or checks between two looks at whether it was stopped: some hundredths of a second."""
_FILE_SUFFIXES = ("", "-wal", "-shm")


@dataclass(frozen=True)
class Backup:
    """A sound copy of a ledger, or a ledger that was set aside. `operations`: their number."""

    path: Path
    made_at: datetime
    operations: int


def make_backup(ledger: Path, now: datetime) -> Path | None:
    """Copy a ledger that is in use, unless nothing changed since the newest copy; remove the oldest ones.

    Reads beside the writer, from any thread. Raises LedgerError: LedgerDamaged when the copy is not
    sound, LedgerMissing when the ledger is gone.
    """
    if file_identity(ledger) is None:
        raise LedgerMissing
    with translate_errors(), closing(open_for_reading(ledger)) as db:
        last_commit = _last_commit_in(db)
        newest = next(iter(_backups_newest_first(ledger)), None)
        if newest is not None and _last_commit_of(newest) == last_commit:
            return None
        remove_partial_copies(ledger)
        if shutil.disk_usage(ledger.parent).free < 2 * ledger.stat().st_size:
            raise LedgerFailed("no room for a copy")
        target = backup_path(ledger, commit_count(last_commit), now)
        copy_database(db, target)
        _remove_old(ledger, target)
        return target


def remove_partial_copies(ledger: Path) -> None:
    """Remove the incomplete copies of a process that died. No copy may be in the making. Raises OSError."""
    for half in backups_folder(ledger).glob(f".{ledger.stem}-*"):
        half.unlink(missing_ok=True)


def backups_of(ledger: Path) -> list[Backup]:
    """The copies and set-aside files that can be restored, by commits, highest first. Unreadable ones are left out."""
    found = []
    for path in [*backup_files(ledger), *set_aside_files(ledger)]:
        with suppress(LedgerError), translate_errors(), closing(open_for_reading(path)) as db:
            check_integrity(db)
            operations = db.execute("SELECT count(*) FROM operations").fetchone()[0]
            found.append((commit_count(_last_commit_in(db)), Backup(path, copy_time(path), operations)))
    return [backup for _commits, backup in sorted(found, key=lambda each: each[0], reverse=True)]


def restore(
    ledger: Path, source: Path | None, *, decided_by: str, now: datetime, progress: Progress | None = None
) -> None:
    """Replace the ledger by a copy, by itself in quarantine (`source` is `ledger`), or by an empty one (None).

    `decided_by`: a person's name. No program may have the ledger open. The new file is whole before any file is moved,
    and an interrupted call can be repeated. `progress` counts the pages of the copy.
    Raises WorkStopped, LedgerError; then nothing changed: LedgerNewer for the ledger of a newer version, which holds
    more than any copy that this version can read.
    """
    _refuse_newer(ledger)
    age = None if source is None or source == ledger else copy_time(source).isoformat()
    restored = {"from": age, "to": now.astimezone(UTC).isoformat(), "by": decided_by}
    with translate_errors():
        with replace_database(ledger, _set_aside(ledger, now)) as into:
            if source is None:
                create_ledger(into)
            else:
                _copy_into_quarantine(source, into, progress or Progress())
            # Above every count here, so that later backups are the newest.
            metadata = [
                ("restored", json.dumps(restored)),
                ("last_commit", f"{_highest_commit_count(ledger, into) + 1}:restored"),
            ]
            into.executemany("INSERT OR REPLACE INTO metadata VALUES (?, ?)", metadata)
        write_watermark(ledger, Watermark())


def move_to_this_machine(ledger: Path, *, decided_by: str, now: datetime) -> None:
    """Continue with a ledger on this PC unchanged: the till moved, and the other PC is used no more.

    `decided_by`: a person's name. No program may have the ledger open. Raises LedgerError; then nothing changed.
    """
    with translate_errors(), closing(open_for_writing(ledger)) as db, transaction(db):
        ledger_id = str(db.execute("SELECT value FROM metadata WHERE name = 'ledger_id'").fetchone()[0])
        moved = {"to": now.astimezone(UTC).isoformat(), "by": decided_by}
        db.executemany(
            "INSERT OR REPLACE INTO metadata VALUES (?, ?)",
            [("machine_hash", machine_hash(ledger_id)), ("moved", json.dumps(moved))],
        )


def _refuse_newer(ledger: Path) -> None:
    has_log = ledger.with_name(f"{ledger.name}-wal").exists()  # the version may be in the WAL only
    try:
        (open_for_reading if has_log else open_immutable)(ledger).close()
    except LedgerNewer:
        raise
    except LedgerError:  # the reason for the restore
        return


def _copy_into_quarantine(source: Path, into: sqlite3.Connection, progress: Progress) -> None:
    with closing(open_for_reading(source)) as db:
        _check_unless_stopped(db, progress)
        db.backup(
            into,
            pages=_PAGES_AT_ONCE,
            progress=lambda _status, remaining, total: progress.report(total - remaining, total),
        )
    into.execute("PRAGMA journal_mode = delete")
    migrate(into)  # here, so that the copy itself is unchanged
    into.execute("DELETE FROM metadata WHERE name IN ('ledger_id', 'machine_hash')")
    into.execute("INSERT OR REPLACE INTO metadata VALUES ('quarantine', '1')")


def _check_unless_stopped(db: sqlite3.Connection, progress: Progress) -> None:
    """Check the whole file. Raises WorkStopped, LedgerDamaged."""
    progress.report(0, 0)
    db.set_progress_handler(lambda: progress.is_stopped, _STEPS_AT_ONCE)
    try:
        check_integrity(db)
    except sqlite3.OperationalError:
        progress.report(0, 0)  # raises when the check was stopped
        raise
    finally:
        db.set_progress_handler(None, 0)


def _highest_commit_count(ledger: Path, into: sqlite3.Connection) -> int:
    remembered = read_watermark(ledger) or Watermark()
    counted = [_commits_in_name(path) for path in backup_files(ledger)]
    return max(remembered.commits, commit_count(_last_commit_in(into)), *counted, 0)


@contextmanager
def _set_aside(ledger: Path, now: datetime) -> Iterator[None]:
    """Move the ledger and its WAL aside, and back again if the block fails."""
    stamp = f"{now.astimezone(UTC):{TIMESTAMP_FORMAT}}"
    names = (f"{ledger.stem}-set-aside-{stamp}{'-' * bool(n)}{n or ''}{ledger.suffix}" for n in count())
    aside = next(path for path in map(ledger.with_name, names) if not path.exists())
    moved: list[str] = []
    try:
        for rest in _FILE_SUFFIXES:
            with suppress(FileNotFoundError):
                _rename(ledger, aside, rest)
                moved.append(rest)
        sync_folder(ledger.parent)
        yield
    except BaseException:
        for rest in reversed(moved):
            _rename(aside, ledger, rest)
        raise


def _rename(old: Path, new: Path, suffix: str) -> None:
    retry_while_held(lambda: old.with_name(old.name + suffix).rename(new.with_name(new.name + suffix)))


def _backups_newest_first(ledger: Path) -> list[Path]:
    """All backups by their number of commits, not by time: the clock may have jumped."""
    return sorted(backup_files(ledger), key=_commits_in_name, reverse=True)


def _commits_in_name(path: Path) -> int:
    """How many commits a backup holds; 0 for one made before a migration."""
    found = _COMMITS_IN_NAME.search(path.name)
    return int(found[1]) if found else 0


def copy_time(path: Path) -> datetime:
    """When a backup was made or a file set aside: the time in its name, else of the file."""
    found = _TIME_IN_NAME.search(path.name)
    with suppress(ValueError):  # renamed by hand
        if found is not None:
            return datetime.strptime(found[1], TIMESTAMP_FORMAT).replace(tzinfo=UTC)
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)


def _last_commit_of(path: Path) -> str | None:
    try:
        with translate_errors(), closing(open_for_reading(path)) as db:
            return _last_commit_in(db)
    except LedgerError:
        return None


def _last_commit_in(db: sqlite3.Connection) -> str | None:
    found = db.execute("SELECT value FROM metadata WHERE name = 'last_commit'").fetchone()
    return found[0] if found else None


def _remove_old(ledger: Path, made: Path) -> None:
    """Remove all but the newest backups and the last backup of each of the newest days."""
    files = _backups_newest_first(ledger)
    last_of_day: dict[str, Path] = {}
    for path in files:
        last_of_day.setdefault(f"{copy_time(path):%Y-%m-%d}", path)
    kept = {made, *files[:_MAX_NEWEST], *list(last_of_day.values())[:_MAX_DAYS]}
    for path in files:
        if path not in kept:
            path.unlink(missing_ok=True)
            path.with_name(f"{path.name}-journal").unlink(missing_ok=True)  # of a transaction that was interrupted
