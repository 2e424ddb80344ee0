"""Statements that read one page of what a filter of the history selects, by the indexes; operations of this till.

Every statement of a page walks one index in the order of the operations' ids and stops after a page, so that a page
costs the same with a thousand and with a million operations. A filter by kind, person or system takes a walk for each
kind in each connection, where an index leads to the newest ids at once; their pages are merged.
"""

import json
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from bonifiq_desktop.domain.operations import Scope
from bonifiq_desktop.domain.orders import normalized_order_id
from bonifiq_desktop.domain.text import MAX_ORDER_ID
from bonifiq_desktop.ledger.history_filter import BEFORE_NEWEST, HistoryFilter, Query, Waiting
from bonifiq_desktop.ledger.row_mapping import to_timestamp
from bonifiq_desktop.ledger.search_index import SEARCHED_COLUMNS

GRAM_LENGTH = 3
_FEW = 20_000
MATCHES = " OR ".join(rf"o.{column} LIKE ? ESCAPE '\'" for column in SEARCHED_COLUMNS)
MATCHES = f"({MATCHES})"
# In the words of the index: SQLite then reads unfinished operations from it.
_UNFINISHED = """SELECT id FROM operations INDEXED BY one_unfinished
    WHERE state IN ('queued', 'sending', 'unknown', 'review') AND state"""
_WAITING = {
    Waiting.PENDING: f"o.id IN ({_UNFINISHED} <> 'review')",
    Waiting.PERSON: f"o.id IN ({_UNFINISHED} = 'review' UNION SELECT id FROM operations WHERE contradicted)",
}
OF_PERSON = "o.registered_by = ? AND o.registered_by <> ''"
ROW_ID = "o.id - max(0, o.leg - 1)"
"""The id of an operation's row: of the first leg of its return, else its own."""


@dataclass(frozen=True)
class Walk:
    """One walk through an index: a FROM clause, the name of its id, the condition that the index answers, and the rest.

    `rest`: what each row is asked for beside.
    """

    table: str
    row_id: str
    condition: str
    values: tuple[object, ...]
    rest: HistoryFilter


class Selection:
    """What a query selects; its walks and its span of ids are found once for all pages."""

    def __init__(self, db: sqlite3.Connection, query: Query) -> None:
        self.db = db
        self._span = span_of(db, query.filter)
        is_possible = query.filter.selects_this_till and self._span is not None
        self._walks = tuple(_walks(db, query)) if is_possible else ()

    def rows(self, columns: str, before: int, limit: int) -> list[sqlite3.Row]:
        """The newest operations older than `before`; `columns` of `o`."""
        ids = json.dumps(self._ids(before, limit))
        statement = f"""SELECT {columns} FROM operations o WHERE o.id IN (SELECT value FROM json_each(?))
            ORDER BY o.id DESC"""
        return self.db.execute(statement, (ids,)).fetchall()

    def _ids(self, before: int, limit: int) -> list[int]:
        found: set[int] = set()
        first, end = self._span or (0, 0)
        for walk in self._walks:
            where, values = own_conditions(walk, (first, min(end, before)))
            statement = f"""SELECT {walk.row_id} FROM {walk.table} WHERE {where}
                ORDER BY {walk.row_id} DESC LIMIT {limit}"""
            found.update(row[0] for row in self.db.execute(statement, values))
        return sorted(found, reverse=True)[:limit]

    def count(self) -> int:
        """How many operations it has; one that two walks lead to, by a text and by a customer, counts twice."""
        count = 0
        for walk in self._walks:
            where, values = own_conditions(walk, self._span or (0, 0))
            count += self.db.execute(f"SELECT count(*) FROM {walk.table} WHERE {where}", values).fetchone()[0]
        return count


def is_missed_by_index(db: sqlite3.Connection, query: Query) -> bool:
    """Whether reading through the ledger finds a text that the index does not know."""
    if not GRAM_LENGTH <= len(query.text) <= MAX_ORDER_ID:
        return False
    found = db.execute(f"SELECT o.id FROM operations o WHERE {MATCHES} LIMIT 1", patterns_of(query.text)).fetchone()
    return found is not None and not Selection(db, Query(text=query.text)).rows("o.id", BEFORE_NEWEST, 1)


def span_of(db: sqlite3.Connection, wanted: HistoryFilter) -> tuple[int, int] | None:
    """The ids, from one until before the other, between which all operations of a period lie; None: there are none.

    The clock of a till may jump, so the ids of a period need not follow each other; each row's own time counts, too.
    A long period has no bound on a side where few operations lie beyond it: reading them all would take longer.
    """
    if wanted.since is None and wanted.until is None:
        return 0, BEFORE_NEWEST
    condition, values = period_of(wanted)
    is_short = _are_few(db, condition, values)
    later, earlier = HistoryFilter(since=wanted.until), HistoryFilter(until=wanted.since)
    has_begin = wanted.since is not None and (is_short or not _are_few(db, *period_of(earlier)))
    has_end = wanted.until is not None and (is_short or not _are_few(db, *period_of(later)))
    if not (has_begin or has_end):
        return 0, BEFORE_NEWEST
    first, last = db.execute(
        f"SELECT min(id), max(id) FROM operations o INDEXED BY operations_by_time WHERE {condition}", values
    ).fetchone()
    if first is None:
        return None
    return first if has_begin else 0, last + 1 if has_end else BEFORE_NEWEST


def _are_few(db: sqlite3.Connection, condition: str, values: tuple[object, ...]) -> bool:
    found = db.execute(
        f"""SELECT count(*) FROM (
            SELECT 1 FROM operations o INDEXED BY operations_by_time WHERE {condition} LIMIT {_FEW})""",
        values,
    )
    return int(found.fetchone()[0]) < _FEW


def period_of(wanted: HistoryFilter) -> tuple[str, tuple[object, ...]]:
    bounds = ((">=", wanted.since), ("<", wanted.until))
    given = [(sign, to_timestamp(at)) for sign, at in bounds if at is not None]
    return " AND ".join(f"o.created_at {sign} ?" for sign, _ in given), tuple(at for _, at in given)


def _walks(db: sqlite3.Connection, query: Query) -> Iterator[Walk]:
    """The walks whose rows together hold everything that a query selects."""
    if query.orders:
        keys = tuple(map(normalized_order_id, query.orders))
        places = f"o.order_key IN ({', '.join('?' for _ in keys)})"
        yield Walk("operations o INDEXED BY operations_by_order", "o.id", places, keys, query.filter)
    text = query.text
    if not text:
        if not query.orders:
            yield from _filter_walks(db, query.filter)
    elif len(text) > MAX_ORDER_ID:
        return  # longer than any order number or key, and SQLite limits the length of a pattern
    elif len(text) < GRAM_LENGTH or "\0" in text:  # NUL ends a text of SQLite's query language
        for walk in _filter_walks(db, query.filter):
            condition, values = f"{walk.condition} AND {MATCHES}", (*walk.values, *patterns_of(text))
            yield replace(walk, condition=condition, values=values)
    else:
        # CROSS JOIN fixes the order of the tables.
        table, values = "search s CROSS JOIN operations o ON o.id = s.rowid", (grams_of(text), *patterns_of(text))
        yield Walk(table, "s.rowid", f"s.search MATCH ? AND {MATCHES}", values, query.filter)


def _filter_walks(db: sqlite3.Connection, wanted: HistoryFilter) -> Iterator[Walk]:
    """The walks that leave the fewest rows to read for a filter."""
    if wanted.waiting:
        yield Walk("operations o", "o.id", _WAITING[wanted.waiting], (), replace(wanted, waiting=Waiting.ANYTHING))
        return
    if not (wanted.kinds or wanted.person or wanted.scope):
        yield Walk("operations o", "o.id", "1", (), wanted)
        return
    index, condition, values = "operations_by_kind", "", tuple[str, ...]()
    if wanted.person:
        index, condition, values = "operations_by_person", f"{OF_PERSON} AND ", (wanted.person,)
    condition += "o.kind = ? AND o.connection = ? AND o.system = ?"
    rest = HistoryFilter(wanted.since, wanted.until)
    for kind, scope in kinds_of_scopes(db):
        if (not wanted.kinds or kind in wanted.kinds) and is_within(scope, wanted.scope):
            given = (*values, kind, scope.connection, scope.system)
            yield Walk(f"operations o INDEXED BY {index}", "o.id", condition, given, rest)


def is_within(scope: Scope, wanted: Scope | None) -> bool:
    return wanted is None or all(part in {"", own} for part, own in zip(wanted, scope, strict=True))


def total_walk(wanted: HistoryFilter) -> Walk:
    """The one walk for the totals: the index of times holds all columns that they read, but for the person."""
    if wanted.waiting:
        return Walk("operations o", "o.id", _WAITING[wanted.waiting], (), replace(wanted, waiting=Waiting.ANYTHING))
    if wanted.person:
        table = "operations o INDEXED BY operations_by_person"
        return Walk(table, "o.id", OF_PERSON, (wanted.person,), replace(wanted, person=""))
    return Walk("operations o INDEXED BY operations_by_time", "o.id", "1", (), wanted)


def own_conditions(walk: Walk, span: tuple[int, int]) -> tuple[str, tuple[object, ...]]:
    """The conditions of one walk within a span of ids, with those of the filter that its index does not answer."""
    condition, values = remaining_conditions(walk.rest, _WAITING)
    where = " AND ".join((walk.condition, f"{walk.row_id} >= ? AND {walk.row_id} < ?", condition))
    return where, (*walk.values, *span, *values)


def remaining_conditions(rest: HistoryFilter, waiting: Mapping[Waiting, str]) -> tuple[str, tuple[object, ...]]:
    """The conditions that a filter sets on each row `o`. `waiting`: as a condition."""
    conditions, values = ["1"], list[object]()
    if rest.since is not None or rest.until is not None:
        condition, bounds = period_of(rest)
        conditions.append(condition)
        values += bounds
    if rest.kinds:
        conditions.append(f"o.kind IN ({', '.join('?' for _ in rest.kinds)})")
        values += sorted(rest.kinds)
    if rest.waiting:
        conditions.append(waiting[rest.waiting])
    if rest.person:
        conditions.append(OF_PERSON)
        values.append(rest.person)
    for column, part in zip(("system", "connection"), rest.scope or (), strict=False):
        if part:
            conditions.append(f"o.{column} = ?")
            values.append(part)
    return " AND ".join(conditions), tuple(values)


def patterns_of(text: str) -> tuple[str, ...]:
    pattern = "%" + text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    return (pattern,) * len(SEARCHED_COLUMNS)


def grams_of(text: str) -> str:
    """The index query for a text: as few quoted trigrams as cover it."""
    starts = [*range(0, len(text) - GRAM_LENGTH, GRAM_LENGTH), len(text) - GRAM_LENGTH]
    threes = (text[start : start + GRAM_LENGTH].replace('"', '""') for start in starts)
    return " AND ".join(f'"{three}"' for three in threes)


def kinds_of_scopes(db: sqlite3.Connection) -> list[tuple[str, Scope]]:
    """The kinds of operations of this till in each connection."""
    found = index_steps(db, "operations INDEXED BY operations_by_kind", ("kind", "connection", "system"))
    return [(kind, Scope(system, connection)) for kind, connection, system in found]


def index_steps(
    db: sqlite3.Connection, table: str, columns: tuple[str, ...], where: str = "1", *values: object
) -> list[tuple[str, ...]]:
    """The distinct values of an index's columns. Steps through the index from one to the next."""
    found: list[tuple[str, ...]] = []
    last = _next_in_index(db, (table, columns, where, values), ("",) * len(columns))
    while last is not None:
        found.append(last)
        last = _next_in_index(db, (table, columns, where, values), last)
    return found


def _next_in_index(
    db: sqlite3.Connection, index: tuple[str, tuple[str, ...], str, tuple[object, ...]], last: tuple[str, ...]
) -> tuple[str, ...] | None:
    """The values that follow others; compared as a whole, they would be searched by the first column alone."""
    table, columns, where, values = index
    listed = ", ".join(columns)
    for length in range(len(columns), 0, -1):
        equal = [f"{column} = ?" for column in columns[: length - 1]]
        condition = " AND ".join((where, *equal, f"{columns[length - 1]} > ?"))
        statement = f"SELECT {listed} FROM {table} WHERE {condition} ORDER BY {listed} LIMIT 1"
        if row := db.execute(statement, (*values, *last[:length])).fetchone():
            return tuple(row)
    return None
