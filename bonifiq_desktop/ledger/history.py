"""Reading the ledger for people: the history page, an operation's details, the list for other programs."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from bonifiq_desktop.domain.operations import Operation
from bonifiq_desktop.ledger.database import check_newest, check_sound, named_errors, open_for_reading, open_untouched
from bonifiq_desktop.ledger.errors import RowDamaged, RowsUnreadable
from bonifiq_desktop.ledger.rows import (
    OPERATION_COLUMNS,
    Attempt,
    Event,
    attempt_from,
    event_from,
    is_sealed,
    operation_from,
    restored_from,
)
from bonifiq_desktop.ledger.values import Restored

PAGE = 200


@dataclass(frozen=True)
class Details:
    """An operation with all its attempts and events, oldest first."""

    operation: Operation
    attempts: tuple[Attempt, ...]
    events: tuple[Event, ...]


@dataclass(frozen=True)
class Health:
    """What is to be said of a sound ledger. `changed`: ids of operations that are not as they were written."""

    changed: tuple[int, ...]
    restored: Restored | None


def page(db: sqlite3.Connection, search: str, before_id: int | None) -> list[Operation]:
    """Up to PAGE operations, newest first, older than `before_id`; `search` is part of an order number or key.

    Raises RowsUnreadable, with the readable ones, when some are not.
    """
    pattern = "%" + search.strip().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    rows = db.execute(
        f"""SELECT {OPERATION_COLUMNS} FROM operations o
            WHERE (? IS NULL OR o.id < ?)
              AND (? = '%%' OR o.order_id LIKE ? ESCAPE '\\' OR o.cancel_key LIKE ? ESCAPE '\\')
            ORDER BY o.id DESC LIMIT {PAGE}""",  # noqa: S608 - no outside text in it
        (before_id, before_id, pattern, pattern, pattern),
    ).fetchall()
    readable = []
    for row in rows:
        with suppress(RowDamaged):
            readable.append(operation_from(row))
    if len(readable) < len(rows):
        raise RowsUnreadable(readable, len(rows) - len(readable))
    return readable


def details(db: sqlite3.Connection, operation_id: int) -> Details | None:
    """One operation with everything known of it, or None."""
    row = db.execute(
        f"SELECT {OPERATION_COLUMNS} FROM operations o WHERE o.id = ?",  # noqa: S608 - no outside text in it
        (operation_id,),
    ).fetchone()
    if row is None:
        return None
    attempts = db.execute("SELECT * FROM attempts WHERE operation_id = ? ORDER BY id", (operation_id,))
    events = db.execute("SELECT * FROM events WHERE operation_id = ? ORDER BY id", (operation_id,))
    return Details(operation_from(row), tuple(map(attempt_from, attempts)), tuple(map(event_from, events)))


def all_operations(read_page: Callable[[str, int | None], list[Operation]]) -> Iterator[Operation]:
    """Every operation, newest first, a page at a time."""
    before: int | None = None
    while found := read_page("", before):
        yield from found
        before = found[-1].operation_id


def examine_ledger(path: Path) -> Health:
    """Look through a ledger file beside a running program, changing nothing. Raises LedgerError."""
    with named_errors(), closing(open_for_reading(path)) as db:
        check_newest(db, path)
        check_sound(db)
        db.row_factory = sqlite3.Row
        found = db.execute("SELECT value FROM facts WHERE name = 'restored'").fetchone()
        rows = db.execute("SELECT id, kind, order_id, value, cancel_key, path, body, body_sha256, seal FROM operations")
        changed = tuple(row["id"] for row in rows if not is_sealed(row))
        return Health(changed, restored_from(found["value"]) if found else None)


def read_facts(path: Path, *, in_use: bool = True) -> dict[str, str]:
    """What a ledger file remembers, by name; `in_use`: a program may have it open. Raises LedgerError."""
    with named_errors(), closing(open_for_reading(path) if in_use else open_untouched(path)) as db:
        return dict(db.execute("SELECT name, value FROM facts"))


def read_all(path: Path) -> Iterator[Operation]:
    """Every operation of a ledger file, newest first, read beside a running program. Raises LedgerError."""
    with named_errors(), closing(open_for_reading(path)) as db:
        db.row_factory = sqlite3.Row
        yield from all_operations(lambda search, before: page(db, search, before))
