"""Filters of the history: statements that read one page or the totals of what a filter selects, by the indexes.

Every statement of a page walks one index in the order of the operations' ids and stops after a page, so that a page
costs the same with a thousand and with a million operations. A filter by kind, person or system takes a walk for each
kind in each connection, where an index leads to the newest ids at once; their pages are merged.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from bonifiq_desktop.domain.money import Cents
from bonifiq_desktop.domain.operations import BONIFIQ, Kind, Scope, State
from bonifiq_desktop.domain.orders import normalized_order_id
from bonifiq_desktop.domain.text import MAX_ORDER_ID
from bonifiq_desktop.ledger.row_mapping import rows_may_be_damaged, stored_cents, to_timestamp
from bonifiq_desktop.ledger.search_index import SEARCHED_COLUMNS

BEFORE_NEWEST = 2**63 - 1
MAX_COUNTED = 10_000
"""Maximum number of operations that the totals of a text search count: each one costs a look at its row."""
_GRAM_LENGTH = 3
_FEW = 20_000
_MATCHES = " OR ".join(rf"o.{column} LIKE ? ESCAPE '\'" for column in SEARCHED_COLUMNS)
_MATCHES = f"({_MATCHES})"
# In the words of the index: SQLite then reads unfinished operations from it.
_UNFINISHED = """SELECT id FROM operations INDEXED BY one_unfinished
    WHERE state IN ('queued', 'sending', 'unknown', 'review') AND state"""

_OF_PERSON = "o.registered_by = ? AND o.registered_by <> ''"


class Waiting(StrEnum):
    """What an operation waits for: `PENDING` for its system, `PERSON` for a decision or a check."""

    ANYTHING = ""
    PENDING = "pending"
    PERSON = "person"


_WAITING = {
    Waiting.PENDING: f"o.id IN ({_UNFINISHED} <> 'review')",
    Waiting.PERSON: f"o.id IN ({_UNFINISHED} = 'review' UNION SELECT id FROM operations WHERE contradicted)",
}


@dataclass(frozen=True)
class HistoryFilter:
    """Which operations the history shows; an empty field selects all.

    `since`, `until`: registered from one moment until before the other. `person`: who registered it. `scope`: its
    system and connection; an empty part of it selects all.
    """

    since: datetime | None = None
    until: datetime | None = None
    kinds: frozenset[Kind] = frozenset()
    waiting: Waiting = Waiting.ANYTHING
    person: str = ""
    scope: Scope | None = None


EVERYTHING = HistoryFilter()


@dataclass(frozen=True)
class Query:
    """What the history page asks for: a filter, a text, and the orders of the customers whom the text names.

    `text`: part of an order number, a key, or an id that a system gave a return.
    """

    filter: HistoryFilter = EVERYTHING
    text: str = ""
    orders: tuple[str, ...] = ()


@dataclass(frozen=True)
class HistoryTotals:
    """How many rows of the history a query selects, and the value of their confirmed operations.

    - `values`: of BonifiQ's operations by kind, in cents of the real.
    - `money`: what marketplaces and web shops give back by currency, in its minor unit, the real first.
    - `is_partial`: there are more than MAX_COUNTED operations, and the values are left out.
    """

    count: int
    values: tuple[tuple[Kind, Cents], ...]
    is_partial: bool = False
    money: tuple[tuple[str, int], ...] = ()

    def value_of(self, *kinds: Kind) -> Cents:
        """The confirmed value of some kinds."""
        return sum(value for kind, value in self.values if kind in kinds)


@dataclass(frozen=True)
class _Walk:
    """One walk through an index: a FROM clause, the name of its id, the condition that the index answers, and the rest.

    `rest`: what each row is asked for beside.
    """

    table: str
    row_id: str
    condition: str
    values: tuple[object, ...]
    rest: HistoryFilter


_ROW_ID = "o.id - max(0, o.leg - 1)"
"""The id of an operation's row: of the first leg of its return, else its own."""


class Selection:
    """What a query selects; its walks and its span of ids are found once for all pages."""

    def __init__(self, db: sqlite3.Connection, query: Query) -> None:
        self.db = db
        self._span = _span(db, query.filter)
        self._walks = tuple(_walks(db, query)) if self._span is not None else ()

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
            where, values = _conditions(walk, (first, min(end, before)))
            statement = f"""SELECT {walk.row_id} FROM {walk.table} WHERE {where}
                ORDER BY {walk.row_id} DESC LIMIT {limit}"""
            found.update(row[0] for row in self.db.execute(statement, values))
        return sorted(found, reverse=True)[:limit]

    def count(self) -> int:
        """How many operations it has; one that two walks lead to, by a text and by a customer, counts twice."""
        count = 0
        for walk in self._walks:
            where, values = _conditions(walk, self._span or (0, 0))
            count += self.db.execute(f"SELECT count(*) FROM {walk.table} WHERE {where}", values).fetchone()[0]
        return count


def is_missed_by_index(db: sqlite3.Connection, query: Query) -> bool:
    """Whether reading through the ledger finds a text that the index does not know."""
    if not _GRAM_LENGTH <= len(query.text) <= MAX_ORDER_ID:
        return False
    found = db.execute(f"SELECT o.id FROM operations o WHERE {_MATCHES} LIMIT 1", _patterns(query.text)).fetchone()
    return found is not None and not Selection(db, Query(text=query.text)).rows("o.id", BEFORE_NEWEST, 1)


def totals(db: sqlite3.Connection, query: Query) -> HistoryTotals:
    """Count and add up what a query selects."""
    if query.text or query.orders:
        return _totals_of_text(db, query)
    span = _span(db, query.filter)
    if span is None:
        return HistoryTotals(0, ())
    walk = _total_walk(query.filter)
    where, values = _conditions(walk, span)
    groups = db.execute(
        f"""SELECT o.kind, o.state, count(*) AS n, sum(o.value) AS value FROM {walk.table}
            WHERE {where} GROUP BY o.kind, o.state""",
        values,
    )
    found = _totals(groups)
    returns = _walk_of_returns(query.filter), span
    return replace(found, count=found.count - _further_legs(db, *returns), money=_money(db, *returns))


def _walk_of_returns(wanted: HistoryFilter) -> _Walk:
    return _Walk("operations o INDEXED BY operations_by_return", "o.id", "o.return_id <> ''", (), wanted)


def _further_legs(db: sqlite3.Connection, returns: _Walk, span: tuple[int, int]) -> int:
    """How many of the selected operations stand in a row of another one: legs of one return share a row."""
    where, values = _conditions(returns, span)
    statement = f"SELECT count(*) - count(DISTINCT {_ROW_ID}) FROM {returns.table} WHERE {where}"
    return int(db.execute(statement, values).fetchone()[0])


@rows_may_be_damaged()
def _money(db: sqlite3.Connection, returns: _Walk, span: tuple[int, int]) -> tuple[tuple[str, int], ...]:
    where, values = _conditions(returns, span)
    sums = db.execute(
        f"""SELECT o.currency, sum(o.value) FROM {returns.table}
            WHERE o.kind = '{Kind.RETURN}' AND o.state = '{State.CONFIRMED}' AND {where} GROUP BY o.currency""",
        values,
    )
    return _by_currency((str(row[0]), stored_cents(row[1])) for row in sums)


def _by_currency(amounts: Iterable[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    sums: dict[str, int] = {}
    for currency, amount in amounts:
        sums[currency] = sums.get(currency, 0) + amount
    return tuple(sorted(sums.items(), key=lambda each: (each[0] != "BRL", each)))


def _totals_of_text(db: sqlite3.Connection, query: Query) -> HistoryTotals:
    columns = f"o.id, o.kind, o.state, 1 AS n, o.value, o.currency, {_ROW_ID} AS row_id"
    rows = Selection(db, query).rows(columns, BEFORE_NEWEST, MAX_COUNTED + 1)
    if len(rows) > MAX_COUNTED:
        return HistoryTotals(MAX_COUNTED, (), is_partial=True)
    return _totals_of_rows(rows)


@rows_may_be_damaged()
def _totals_of_rows(rows: Sequence[sqlite3.Row]) -> HistoryTotals:
    confirmed = (row for row in rows if (row["kind"], row["state"]) == (Kind.RETURN, State.CONFIRMED))
    money = _by_currency((str(row["currency"]), stored_cents(row["value"])) for row in confirmed)
    return replace(_totals(rows), count=len({row["row_id"] for row in rows}), money=money)


@rows_may_be_damaged()
def _totals(groups: Iterable[sqlite3.Row]) -> HistoryTotals:
    count, values = 0, dict.fromkeys(Kind, 0)
    for row in groups:
        count += int(row["n"])
        if row["state"] == State.CONFIRMED and row["kind"] != Kind.RETURN:
            values[Kind(row["kind"])] += stored_cents(row["value"])
    return HistoryTotals(count, tuple(values.items()))


def people(db: sqlite3.Connection) -> list[str]:
    """Everyone who registered an operation here, by name. Steps through the index from name to name."""
    rows = db.execute(
        """WITH RECURSIVE names (name) AS (
               SELECT min(registered_by) FROM operations WHERE registered_by <> ''
               UNION ALL
               SELECT (SELECT min(registered_by) FROM operations WHERE registered_by > name AND registered_by <> '')
               FROM names WHERE name IS NOT NULL
           ) SELECT name FROM names WHERE name IS NOT NULL"""
    )
    return [str(row[0]) for row in rows]


def other_scopes(db: sqlite3.Connection) -> list[Scope]:
    """The connections beside BonifiQ's own that have operations here."""
    return sorted({scope for _kind, scope in _kinds_of_scopes(db) if scope.connection != BONIFIQ})


def _kinds_of_scopes(db: sqlite3.Connection) -> list[tuple[str, Scope]]:
    """The kinds of operations in each connection. Steps through the index from one to the next."""
    found: list[tuple[str, Scope]] = []
    last = _next_in_index(db, ("", "", ""))
    while last is not None:
        kind, connection, system = last
        found.append((kind, Scope(system, connection)))
        last = _next_in_index(db, last)
    return found


def _next_in_index(db: sqlite3.Connection, last: tuple[str, ...]) -> tuple[str, ...] | None:
    """The kind, connection and system that follow others; compared as a whole, they would be searched by kind alone."""
    for condition in ("kind = ? AND connection = ? AND system > ?", "kind = ? AND connection > ?", "kind > ?"):
        statement = f"""SELECT kind, connection, system FROM operations INDEXED BY operations_by_kind
            WHERE {condition} ORDER BY kind, connection, system LIMIT 1"""
        if row := db.execute(statement, last[: condition.count("?")]).fetchone():
            return tuple(row)
    return None


def _span(db: sqlite3.Connection, wanted: HistoryFilter) -> tuple[int, int] | None:
    """The ids, from one until before the other, between which all operations of a period lie; None: there are none.

    The clock of a till may jump, so the ids of a period need not follow each other; each row's own time counts, too.
    A long period has no bound on a side where few operations lie beyond it: reading them all would take longer.
    """
    if wanted.since is None and wanted.until is None:
        return 0, BEFORE_NEWEST
    condition, values = _period(wanted)
    is_short = _are_few(db, condition, values)
    has_begin = wanted.since is not None and (is_short or not _are_few(db, *_period(HistoryFilter(until=wanted.since))))
    has_end = wanted.until is not None and (is_short or not _are_few(db, *_period(HistoryFilter(since=wanted.until))))
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


def _period(wanted: HistoryFilter) -> tuple[str, tuple[object, ...]]:
    bounds = ((">=", wanted.since), ("<", wanted.until))
    given = [(sign, to_timestamp(at)) for sign, at in bounds if at is not None]
    return " AND ".join(f"o.created_at {sign} ?" for sign, _ in given), tuple(at for _, at in given)


def _walks(db: sqlite3.Connection, query: Query) -> Iterator[_Walk]:
    """The walks whose rows together hold everything that a query selects."""
    if query.orders:
        keys = tuple(map(normalized_order_id, query.orders))
        places = f"o.order_key IN ({', '.join('?' for _ in keys)})"
        yield _Walk("operations o INDEXED BY operations_by_order", "o.id", places, keys, query.filter)
    text = query.text
    if not text:
        if not query.orders:
            yield from _filter_walks(db, query.filter)
    elif len(text) > MAX_ORDER_ID:
        return  # longer than any order number or key, and SQLite limits the length of a pattern
    elif len(text) < _GRAM_LENGTH or "\0" in text:  # NUL ends a text of SQLite's query language
        for walk in _filter_walks(db, query.filter):
            condition, values = f"{walk.condition} AND {_MATCHES}", (*walk.values, *_patterns(text))
            yield replace(walk, condition=condition, values=values)
    else:
        # CROSS JOIN fixes the order of the tables.
        table, values = "search s CROSS JOIN operations o ON o.id = s.rowid", (_grams(text), *_patterns(text))
        yield _Walk(table, "s.rowid", f"s.search MATCH ? AND {_MATCHES}", values, query.filter)


def _filter_walks(db: sqlite3.Connection, wanted: HistoryFilter) -> Iterator[_Walk]:
    """The walks that leave the fewest rows to read for a filter."""
    if wanted.waiting:
        yield _Walk("operations o", "o.id", _WAITING[wanted.waiting], (), replace(wanted, waiting=Waiting.ANYTHING))
        return
    if not (wanted.kinds or wanted.person or wanted.scope):
        yield _Walk("operations o", "o.id", "1", (), wanted)
        return
    index, condition, values = "operations_by_kind", "", tuple[str, ...]()
    if wanted.person:
        index, condition, values = "operations_by_person", f"{_OF_PERSON} AND ", (wanted.person,)
    condition += "o.kind = ? AND o.connection = ? AND o.system = ?"
    rest = HistoryFilter(wanted.since, wanted.until)
    for kind, scope in _kinds_of_scopes(db):
        if (not wanted.kinds or kind in wanted.kinds) and _is_within(scope, wanted.scope):
            given = (*values, kind, scope.connection, scope.system)
            yield _Walk(f"operations o INDEXED BY {index}", "o.id", condition, given, rest)


def _is_within(scope: Scope, wanted: Scope | None) -> bool:
    return wanted is None or all(part in {"", own} for part, own in zip(wanted, scope, strict=True))


def _total_walk(wanted: HistoryFilter) -> _Walk:
    """The one walk for the totals: the index of times holds all columns that they read, but for the person."""
    if wanted.waiting:
        return _Walk("operations o", "o.id", _WAITING[wanted.waiting], (), replace(wanted, waiting=Waiting.ANYTHING))
    if wanted.person:
        table = "operations o INDEXED BY operations_by_person"
        return _Walk(table, "o.id", _OF_PERSON, (wanted.person,), replace(wanted, person=""))
    return _Walk("operations o INDEXED BY operations_by_time", "o.id", "1", (), wanted)


def _conditions(walk: _Walk, span: tuple[int, int]) -> tuple[str, tuple[object, ...]]:
    """The conditions of one walk, with those of the filter that its index does not answer."""
    rest = walk.rest
    conditions = [walk.condition, f"{walk.row_id} >= ? AND {walk.row_id} < ?"]
    values: list[object] = [*walk.values, *span]
    if rest.since is not None or rest.until is not None:
        condition, bounds = _period(rest)
        conditions.append(condition)
        values += bounds
    if rest.kinds:
        conditions.append(f"o.kind IN ({', '.join('?' for _ in rest.kinds)})")
        values += sorted(rest.kinds)
    if rest.waiting:
        conditions.append(_WAITING[rest.waiting])
    if rest.person:
        conditions.append(_OF_PERSON)
        values.append(rest.person)
    for column, part in zip(("system", "connection"), rest.scope or (), strict=False):
        if part:
            conditions.append(f"o.{column} = ?")
            values.append(part)
    return " AND ".join(conditions), tuple(values)


def _patterns(text: str) -> tuple[str, ...]:
    pattern = "%" + text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    return (pattern,) * len(SEARCHED_COLUMNS)


def _grams(text: str) -> str:
    """The index query for a text: as few quoted trigrams as cover it."""
    starts = [*range(0, len(text) - _GRAM_LENGTH, _GRAM_LENGTH), len(text) - _GRAM_LENGTH]
    threes = (text[start : start + _GRAM_LENGTH].replace('"', '""') for start in starts)
    return " AND ".join(f'"{three}"' for three in threes)
