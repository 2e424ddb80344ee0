"""Copies of the ledger: made while it is in use, rotated, and put back with care.

What is put back may be older than what BonifiQ has seen from this till. So the file that was there is set aside, never
deleted; the copy gets a new tag, so that no sale's number is made twice; and it is put into quarantine: the ledger's
`recover` takes whatever is unfinished in it for perhaps sent, before anything may be.
"""

import json
import re
import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from bonifiq_desktop.ledger.database import (
    backups_folder,
    check_sound,
    copies_of,
    copy,
    create,
    named_errors,
    open_for_reading,
    put_in_place,
    sync_folder,
)
from bonifiq_desktop.ledger.errors import LedgerError
from bonifiq_desktop.ledger.mark import Mark, write_mark

_STAMP = "%Y%m%dT%H%M%SZ"
_STAMPED = re.compile(r"\d{8}T\d{6}Z")
_NEWEST = 12
_DAYS = 14
_REST = ("", "-wal", "-shm")


@dataclass(frozen=True)
class Backup:
    """A sound copy of a ledger. `operations`: how many are in it."""

    path: Path
    made_at: datetime
    operations: int


def make_backup(ledger: Path, now: datetime) -> Path | None:
    """Copy a ledger that is in use, unless nothing changed since the newest copy; drop the oldest copies.

    Reads beside the writer, from any thread. Raises LedgerError; LedgerDamaged when the copy is not sound.
    """
    with named_errors(), closing(open_for_reading(ledger)) as db:
        newest = next(iter(_files(ledger, now)), None)
        if newest is not None and _last_step(newest) == _step_in(db):
            return None
        target = backups_folder(ledger) / f"{ledger.stem}-{now.astimezone(UTC):{_STAMP}}.db"
        copy(db, target)
        _drop_old(ledger, now)
        return target


def backups_of(ledger: Path, now: datetime | None = None) -> list[Backup]:
    """The copies that can be put back, newest first. One that cannot be read is left out, and left alone.

    Those that a clock which ran ahead says were made after `now` come last.
    """
    found = []
    for path in _files(ledger, now):
        with suppress(LedgerError), named_errors(), closing(open_for_reading(path)) as db:
            check_sound(db)
            operations = db.execute("SELECT count(*) FROM operations").fetchone()[0]
            found.append(Backup(path, _made_at(path), operations))
    return found


def restore(ledger: Path, source: Path | None, *, by: str, now: datetime) -> None:
    """Put a copy in the ledger's place, or what is there already (`source` is `ledger`), or an empty one (None).

    `by`: who decided it. No program may have the ledger open. Cut short at any point it leaves a state in which it can
    be called again. Raises LedgerError, and changes nothing when the source is not sound.
    """
    with named_errors():
        if source is not None:
            with closing(open_for_reading(source)) as db:
                check_sound(db)
        write_mark(ledger, Mark())  # there was a ledger: while its place is empty, none may be made silently
        made_at = None if source is None or source == ledger else _made_at(source).isoformat()
        restored = {"from": made_at, "to": now.astimezone(UTC).isoformat(), "by": by}
        aside = _set_aside(ledger, now)
        if source is None:
            create(ledger, restored)
        else:
            _put_back(ledger, aside if source == ledger else source, restored)


def _put_back(ledger: Path, source: Path, restored: dict[str, str | None]) -> None:
    with closing(open_for_reading(source)) as db, put_in_place(ledger) as into:
        db.backup(into)
        into.execute("DELETE FROM facts WHERE name = 'tag'")
        facts = [("restored", json.dumps(restored)), ("quarantine", "1")]
        into.executemany("INSERT OR REPLACE INTO facts VALUES (?, ?)", facts)
        into.execute("PRAGMA journal_mode = delete")


def _set_aside(ledger: Path, now: datetime) -> Path:
    """Move the ledger and its log out of the way; where to."""
    stamp = f"{now.astimezone(UTC):{_STAMP}}"
    names = (f"{ledger.stem}-set-aside-{stamp}{'-' * bool(n)}{n or ''}{ledger.suffix}" for n in count())
    aside = next(path for path in map(ledger.with_name, names) if not path.exists())
    for rest in _REST:
        with suppress(FileNotFoundError):
            ledger.with_name(ledger.name + rest).rename(aside.with_name(aside.name + rest))
    sync_folder(ledger.parent)
    return aside


def _files(ledger: Path, now: datetime | None = None) -> list[Path]:
    """All copies, newest first, but for those from the future."""

    def age(path: Path) -> tuple[bool, datetime]:
        made_at = _made_at(path)
        return now is None or made_at <= now, made_at

    return sorted(copies_of(ledger), key=age, reverse=True)


def _made_at(path: Path) -> datetime:
    stamp = _STAMPED.search(path.name)
    if stamp is None:  # made before a migration
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    return datetime.strptime(stamp.group(), _STAMP).replace(tzinfo=UTC)


def _last_step(path: Path) -> str | None:
    try:
        with named_errors(), closing(open_for_reading(path)) as db:
            return _step_in(db)
    except LedgerError:
        return None


def _step_in(db: sqlite3.Connection) -> str | None:
    found = db.execute("SELECT value FROM facts WHERE name = 'last_step'").fetchone()
    return found[0] if found else None


def _drop_old(ledger: Path, now: datetime) -> None:
    """Keep the newest copies, and the last one of each of the last days that have one."""
    files = _files(ledger, now)
    last_of_day: dict[str, Path] = {}
    for path in files:
        last_of_day.setdefault(f"{_made_at(path):%Y-%m-%d}", path)
    kept = {*files[:_NEWEST], *list(last_of_day.values())[:_DAYS]}
    for path in files:
        if path not in kept:
            path.unlink(missing_ok=True)
