"""Reading the history: pages and search, an operation's details, and whole files beside a running program."""

import sqlite3
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import merge
from itertools import chain, islice
from pathlib import Path

from bonifiq_desktop.domain.operations import Operation, Scope
from bonifiq_desktop.ledger.database import (
    check_integrity,
    check_watermark,
    open_for_reading,
    open_immutable,
    translate_errors,
)
from bonifiq_desktop.ledger.errors import LedgerDamaged, RowDamaged, RowsUnreadable
from bonifiq_desktop.ledger.history_choices import other_scopes, other_tills, people
from bonifiq_desktop.ledger.history_filter import (
    EVERYTHING,
    NEWEST,
    THIS_TILL,
    Cursor,
    HistoryFilter,
    HistoryTotals,
    Query,
)
from bonifiq_desktop.ledger.history_totals import totals
from bonifiq_desktop.ledger.history_walks import Selection, is_missed_by_index
from bonifiq_desktop.ledger.records import Restoration
from bonifiq_desktop.ledger.row_mapping import (
    BARE_OPERATION_COLUMNS,
    BARE_SHOP_OPERATION_COLUMNS,
    OPERATION_COLUMNS,
    REQUEST_COLUMNS,
    SHOP_OPERATION_COLUMNS,
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
from bonifiq_desktop.ledger.shop_history import HistoryRow, ShopSelection, has_rows, registration_of

SQLITE_VERSION = sqlite3.sqlite_version

PAGE_SIZE = 40
"""Rows of one page, two or three screenfuls. The table shows the first page and asks for the next as it is scrolled."""


_BATCH = 1_000


@dataclass(frozen=True)
class TakenOver:
    """A person's decision to release another till's order to this one. `by`: empty without a sign-in."""

    by: str
    at: datetime


@dataclass(frozen=True)
class OperationDetails:
    """An operation with its attempts and events, oldest first.

    `copy_lifetime`: how long a copy of its request may still be on its way. `waits_elsewhere`: it waits for another
    shop or address than the one in force. `legs`: of its return, with it, in the order of their sending.
    `taken_over`: of another till's operation whose order was released to this one.
    """

    operation: Operation
    attempts: tuple[Attempt, ...]
    events: tuple[Event, ...]
    copy_lifetime: timedelta = timedelta()
    waits_elsewhere: bool = False
    legs: tuple[Operation, ...] = ()
    taken_over: TakenOver | None = None


@dataclass(frozen=True)
class IntegrityReport:
    """A sound ledger's state. `changed_operations`: ids of operations that changed on disk after they were written."""

    changed_operations: tuple[int, ...]
    restoration: Restoration | None


def read_page(
    db: sqlite3.Connection,
    search: str,
    before: Cursor = NEWEST,
    wanted: HistoryFilter = EVERYTHING,
    orders: tuple[str, ...] = (),
    *,
    show: ShowCustomer = no_customer,
) -> list[Operation]:
    """Up to PAGE_SIZE operations and whole returns, newest first, from a place on; see `by_return`.

    A return is selected by any of its legs. The other arguments: see `Query`.
    Raises RowsUnreadable, with the readable ones, when some are not.
    """
    query = Query(wanted, search.strip(), orders)
    rows = list(chain.from_iterable(row.rows for row in islice(_rows(db, query, before, PAGE_SIZE), PAGE_SIZE)))
    if not rows and before == NEWEST:
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
    if query.text and query.filter.selects_this_till and is_missed_by_index(db, query):
        raise LedgerDamaged("the index of the search misses operations")


def _rows(
    db: sqlite3.Connection, query: Query, before: Cursor, size: int, *, bare: bool = False
) -> Iterator[HistoryRow]:
    """This till's rows, in the order of their ids, merged by time with those of the others; `size` are read at once.

    A place in each of the two is enough to go on: a clock that went back changes no order within either.
    """
    own_columns = BARE_OPERATION_COLUMNS if bare else OPERATION_COLUMNS
    shop_columns = BARE_SHOP_OPERATION_COLUMNS if bare else SHOP_OPERATION_COLUMNS
    own = _own_rows(Selection(db, query), before.own, own_columns, size)
    others = ShopSelection(db, query).rows(shop_columns, before.shop, size)
    return merge(own, others, key=lambda row: row.created_at, reverse=True)


def _own_rows(selection: Selection, before: int, columns: str, size: int) -> Iterator[HistoryRow]:
    """The rows of this till's returns and single operations."""
    while True:
        rows = selection.rows(columns, before, size)
        found: dict[int, list[sqlite3.Row]] = {}
        for row in _with_other_legs(selection.db, rows, columns):
            found.setdefault(_first_leg(row), []).append(row)
        for first in sorted(found, reverse=True):
            yield HistoryRow(found[first][-1]["created_at"], found[first])
        if len(rows) < size:
            return
        before = min(found)


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
    """One operation with its attempts and events, or None. Those of another till's operation are not known here."""
    if operation_id < 0:
        return _details_elsewhere(db, -operation_id, show)
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


def _details_elsewhere(db: sqlite3.Connection, number: int, show: ShowCustomer) -> OperationDetails | None:
    legs = [operation_from(row, show) for row in registration_of(db, SHOP_OPERATION_COLUMNS, number)]
    operation = next((leg for leg in legs if leg.operation_id == -number), None)
    if operation is None:
        return None
    released = db.execute("SELECT decided_by, at FROM take_overs WHERE uid = ?", (operation.uid,)).fetchone()
    taken_over = TakenOver(released["decided_by"], datetime.fromisoformat(released["at"])) if released else None
    return OperationDetails(operation, (), (), legs=tuple(legs) if operation.return_id else (), taken_over=taken_over)


def iterate_operations(read_page: Callable[[str, Cursor], list[Operation]]) -> Iterator[Operation]:
    """Every operation, newest first, a page at a time."""
    before = NEWEST
    while found := read_page("", before):
        yield from found
        before = before.after_all(found)


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
    """This till's operations in a ledger file, newest first, read beside a running program. Raises LedgerError."""
    with translate_errors(), closing(open_for_reading(path)) as db:
        db.row_factory = sqlite3.Row
        yield from iterate_operations(lambda search, before: read_page(db, search, before, THIS_TILL))


def read_selected(path: Path, query: Query) -> Generator[Operation, None, None]:
    """What the pages of a query show, newest first, without items, order and customer; read beside a running program.

    Raises LedgerError.
    """
    with translate_errors(), closing(open_for_reading(path)) as db:
        db.row_factory = sqlite3.Row
        is_empty = True
        for row in _rows(db, query, NEWEST, _BATCH, bare=True):
            is_empty = False
            yield from map(operation_from, row.rows)
        if is_empty:
            _require_complete_index(db, query)


def count_operations(path: Path, query: Query = Query()) -> int:  # noqa: B008 - it is frozen
    """The number of operations that a query selects, read beside a running program. Raises LedgerError."""
    with translate_errors(), closing(open_for_reading(path)) as db:
        return Selection(db, query).count() + ShopSelection(db, query).count()


def knows_other_tills(path: Path) -> bool:
    """Whether operations of other tills are known, read beside a running program. Raises LedgerError."""
    with translate_errors(), closing(open_for_reading(path)) as db:
        return has_rows(db)


def read_choices(path: Path) -> tuple[list[str], list[Scope], list[str]]:
    """Who registered something, the connections beside BonifiQ's own, other tills; read beside a running program.

    Raises LedgerError.
    """
    with translate_errors(), closing(open_for_reading(path)) as db:
        return people(db), other_scopes(db), other_tills(db)


def read_totals(path: Path, query: Query) -> HistoryTotals:
    """The totals of a query, read beside a running program. Raises LedgerError."""
    with translate_errors(), closing(open_for_reading(path)) as db:
        db.row_factory = sqlite3.Row
        return totals(db, query)
