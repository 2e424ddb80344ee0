"""Reading the history: pages and search, an operation's details, and whole files beside a running program."""

import sqlite3
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from bonifiq_desktop.domain.operations import Operation, Scope, first_leg_id
from bonifiq_desktop.ledger.database import (
    check_integrity,
    check_watermark,
    open_for_reading,
    open_immutable,
    translate_errors,
)
from bonifiq_desktop.ledger.errors import LedgerDamaged, RowDamaged, RowsUnreadable
from bonifiq_desktop.ledger.history_filter import (
    BEFORE_NEWEST,
    EVERYTHING,
    HistoryFilter,
    HistoryTotals,
    Query,
    Selection,
    is_missed_by_index,
    other_scopes,
    people,
    totals,
)
from bonifiq_desktop.ledger.records import Restoration
from bonifiq_desktop.ledger.row_mapping import (
    BARE_OPERATION_COLUMNS,
    OPERATION_COLUMNS,
    REQUEST_COLUMNS,
    Attempt,
    Event,
    ShowCustomer,
    attempt_from,
    event_from,
    has_valid_checksum,
    no_customer,
    operation_from,
    restoration_from,
    stored_cents,
)

SQLITE_VERSION = sqlite3.sqlite_version

PAGE_SIZE = 40
"""Rows of one page, two or three screenfuls. The table shows the first page and asks for the next as it is scrolled."""


_BATCH = 1_000


@dataclass(frozen=True)
class OperationDetails:
    """An operation with its attempts and events, oldest first.

    `copy_lifetime`: how long a copy of its request may still be on its way. `waits_elsewhere`: it waits for another
    shop or address than the one in force. `legs`: of its return, with it, in the order of their sending.
    """

    operation: Operation
    attempts: tuple[Attempt, ...]
    events: tuple[Event, ...]
    copy_lifetime: timedelta = timedelta()
    waits_elsewhere: bool = False
    legs: tuple[Operation, ...] = ()


@dataclass(frozen=True)
class IntegrityReport:
    """A sound ledger's state. `changed_operations`: ids of operations that changed on disk after they were written."""

    changed_operations: tuple[int, ...]
    restoration: Restoration | None


def read_page(
    db: sqlite3.Connection,
    search: str,
    before_id: int | None,
    wanted: HistoryFilter = EVERYTHING,
    orders: tuple[str, ...] = (),
    *,
    show: ShowCustomer = no_customer,
) -> list[Operation]:
    """Up to PAGE_SIZE operations and whole returns, newest first, older than `before_id`; see `by_return`.

    A return is selected by any of its legs. `before_id`: the first leg, or the operation, that ended the last page. The
    other arguments: see `Query`.
    Raises RowsUnreadable, with the readable ones, when some are not.
    """
    query = Query(wanted, search.strip(), orders)
    rows = _page_of_returns(Selection(db, query), BEFORE_NEWEST if before_id is None else before_id)
    if not rows and before_id is None:
        _require_complete_index(db, query)
    readable = []
    for row in rows:
        with suppress(RowDamaged):
            readable.append(operation_from(row, show))
    if len(readable) < len(rows):
        raise RowsUnreadable(readable, len(rows) - len(readable))
    return readable


def _require_complete_index(db: sqlite3.Connection, query: Query) -> None:
    """Prove that nothing is found, which the index alone does not: SQLite's check sees no changed bit in it."""
    if query.text and is_missed_by_index(db, query):
        raise LedgerDamaged("the index of the search misses operations")


def _page_of_returns(
    selection: Selection, before: int, columns: str = OPERATION_COLUMNS, size: int = PAGE_SIZE
) -> list[sqlite3.Row]:
    """The rows of up to `size` returns and single operations."""
    page: dict[int, list[sqlite3.Row]] = {}
    while True:
        rows = selection.rows(columns, before, size)
        for row in _with_other_legs(selection.db, rows, columns):
            page.setdefault(_first_leg(row), []).append(row)
        if len(rows) < size or len(page) >= size:
            break
        before = min(page)
    newest = sorted(page, reverse=True)[:size]
    return [row for first in newest for row in page[first]]


def _first_leg(row: sqlite3.Row) -> int:
    with suppress(RowDamaged):
        return stored_cents(row["operation_id"]) - max(0, stored_cents(row["leg"]) - 1)
    return int(row["operation_id"])


def _with_other_legs(
    db: sqlite3.Connection, rows: list[sqlite3.Row], columns: str = OPERATION_COLUMNS
) -> list[sqlite3.Row]:
    """The rows of a page, newest first, with all legs of each return among them, whose ids follow each other."""
    firsts = {_first_leg(row) for row in rows if row["return_id"]}
    if not firsts:
        return rows
    found = {row["operation_id"]: row for row in rows}
    legs = f"""SELECT {columns} FROM operations o INDEXED BY operations_by_return
        WHERE o.return_id = (SELECT return_id FROM operations WHERE id = ?1) AND o.return_id <> ''
        AND o.id - o.leg + 1 = ?1"""
    for first in firsts:
        found.update((row["operation_id"], row) for row in db.execute(legs, (first,)))
    return [found[number] for number in sorted(found, reverse=True)]


def read_details(
    db: sqlite3.Connection, operation_id: int, show: ShowCustomer = no_customer
) -> OperationDetails | None:
    """One operation with its attempts and events, or None."""
    row = db.execute(
        f"SELECT {OPERATION_COLUMNS} FROM operations o WHERE o.id = ?",
        (operation_id,),
    ).fetchone()
    if row is None:
        return None
    attempts = db.execute("SELECT * FROM attempts WHERE operation_id = ? ORDER BY id", (operation_id,))
    events = db.execute("SELECT * FROM events WHERE operation_id = ? ORDER BY id", (operation_id,))
    operation = operation_from(row, show)
    legs = (operation_from(leg, show) for leg in reversed(_with_other_legs(db, [row]))) if row["return_id"] else ()
    return OperationDetails(
        operation, tuple(map(attempt_from, attempts)), tuple(map(event_from, events)), legs=tuple(legs)
    )


def iterate_operations(read_page: Callable[[str, int | None], list[Operation]]) -> Iterator[Operation]:
    """Every operation, newest first, a page at a time."""
    before: int | None = None
    while found := read_page("", before):
        yield from found
        before = first_leg_id(found[-1])


def inspect_ledger(path: Path) -> IntegrityReport:
    """Check a ledger file beside a running program without changing it. Raises LedgerError."""
    with translate_errors(), closing(open_for_reading(path)) as db:
        check_watermark(db, path)
        check_integrity(db)
        db.row_factory = sqlite3.Row
        found = db.execute("SELECT value FROM metadata WHERE name = 'restored'").fetchone()
        rows = db.execute(f"SELECT id, {REQUEST_COLUMNS} FROM operations")
        changed = tuple(row["id"] for row in rows if not has_valid_checksum(row))
        return IntegrityReport(changed, restoration_from(found["value"]) if found else None)


def read_metadata(path: Path, *, in_use: bool = True) -> dict[str, str]:
    """The metadata of a ledger file by name. `in_use`: a program may have it open. Raises LedgerError."""
    with translate_errors(), closing(open_for_reading(path) if in_use else open_immutable(path)) as db:
        return dict(db.execute("SELECT name, value FROM metadata"))


def read_operations(path: Path) -> Generator[Operation, None, None]:
    """Every operation of a ledger file, newest first, read beside a running program. Raises LedgerError."""
    with translate_errors(), closing(open_for_reading(path)) as db:
        db.row_factory = sqlite3.Row
        yield from iterate_operations(lambda search, before: read_page(db, search, before))


def read_selected(path: Path, query: Query) -> Generator[Operation, None, None]:
    """What the pages of a query show, newest first, without items, order and customer; read beside a running program.

    Raises LedgerError.
    """
    with translate_errors(), closing(open_for_reading(path)) as db:
        db.row_factory = sqlite3.Row
        selection, before = Selection(db, query), BEFORE_NEWEST
        while rows := _page_of_returns(selection, before, BARE_OPERATION_COLUMNS, _BATCH):
            yield from map(operation_from, rows)
            before = _first_leg(rows[-1])
        if before == BEFORE_NEWEST:
            _require_complete_index(db, query)


def count_operations(path: Path, query: Query = Query()) -> int:  # noqa: B008 - it is frozen
    """The number of operations that a query selects, read beside a running program. Raises LedgerError."""
    with translate_errors(), closing(open_for_reading(path)) as db:
        return Selection(db, query).count()


def read_choices(path: Path) -> tuple[list[str], list[Scope]]:
    """Who registered something, and the connections beside BonifiQ's own; read beside a running program.

    Raises LedgerError.
    """
    with translate_errors(), closing(open_for_reading(path)) as db:
        return people(db), other_scopes(db)


def read_totals(path: Path, query: Query) -> HistoryTotals:
    """The totals of a query, read beside a running program. Raises LedgerError."""
    with translate_errors(), closing(open_for_reading(path)) as db:
        db.row_factory = sqlite3.Row
        return totals(db, query)
