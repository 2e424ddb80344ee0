"""Filters of the history: statements that read one page or the totals of what a filter selects, by the indexes.

Every page statement walks one index in the order of the operations' ids and stops after a page, so that a page costs
the same with a thousand and with a million operations.
"""

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
_MATCHES = " OR ".join(rf"o.{column} LIKE ? ESCAPE '\'" for column in SEARCHED_COLUMNS)
_MATCHES = f"({_MATCHES})"
# In the words of the index: SQLite then reads unfinished operations from it.
_UNFINISHED = """SELECT id FROM operations INDEXED BY one_unfinished
    WHERE state IN ('queued', 'sending', 'unknown', 'review') AND state"""


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

    `since`, `until`: registered from one moment until before the other. `person`: who registered it.
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
class _Source:
    """One walk through an index: a FROM clause, the name of its id, and the condition that the index answers."""

    table: str
    row_id: str
    condition: str
    values: tuple[object, ...]


_ROW_ID = "o.id - max(0, o.leg - 1)"
"""The id of an operation's row: of the first leg of its return, else its own."""
_RETURNS = _Source("operations o INDEXED BY operations_by_return", "o.id", "o.return_id <> ''", ())


def page_rows(db: sqlite3.Connection, columns: str, query: Query, before: int, limit: int) -> list[sqlite3.Row]:
    """The rows of the newest operations older than `before` that a query selects; `columns` of `o`, with `o.id` in it.

    The first column is the id, by which the pages of several walks are merged.
    """
    span = _span(db, query.filter, before)
    if span is None:
        return []
    found: dict[int, sqlite3.Row] = {}
    for source in _sources(query):
        where, values = _conditions(query, source, span)
        statement = f"SELECT {columns} FROM {source.table} WHERE {where} ORDER BY {source.row_id} DESC LIMIT {limit}"
        found.update((row[0], row) for row in db.execute(statement, values))
    return [found[number] for number in sorted(found, reverse=True)[:limit]]


def is_missed_by_index(db: sqlite3.Connection, query: Query) -> bool:
    """Whether reading through the ledger finds a text that the index does not know."""
    if not _GRAM_LENGTH <= len(query.text) <= MAX_ORDER_ID:
        return False
    found = db.execute(f"SELECT o.id FROM operations o WHERE {_MATCHES} LIMIT 1", _patterns(query.text)).fetchone()
    return found is not None and not page_rows(db, "o.id", Query(text=query.text), BEFORE_NEWEST, 1)


def totals(db: sqlite3.Connection, query: Query) -> HistoryTotals:
    """Count and add up what a query selects."""
    span = _span(db, query.filter, BEFORE_NEWEST)
    if span is None:
        return HistoryTotals(0, ())
    if query.text or query.orders:
        return _totals_of_text(db, query)
    [source] = _total_sources(query)
    where, values = _conditions(query, source, span)
    groups = db.execute(
        f"""SELECT o.kind, o.state, count(*) AS n, sum(o.value) AS value FROM {source.table}
            WHERE {where} GROUP BY o.kind, o.state""",
        values,
    )
    found = _totals(groups)
    return replace(found, count=found.count - _further_legs(db, query, span), money=_money(db, query, span))


def _further_legs(db: sqlite3.Connection, query: Query, span: tuple[int, int]) -> int:
    """How many of the selected operations stand in a row of another one: legs of one return share a row."""
    where, values = _conditions(query, _RETURNS, span)
    statement = f"SELECT count(*) - count(DISTINCT {_ROW_ID}) FROM {_RETURNS.table} WHERE {where}"
    return int(db.execute(statement, values).fetchone()[0])


@rows_may_be_damaged()
def _money(db: sqlite3.Connection, query: Query, span: tuple[int, int]) -> tuple[tuple[str, int], ...]:
    where, values = _conditions(query, _RETURNS, span)
    sums = db.execute(
        f"""SELECT o.currency, sum(o.value) FROM {_RETURNS.table}
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
    rows = page_rows(db, columns, query, BEFORE_NEWEST, MAX_COUNTED + 1)
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
               SELECT min(registered_by) FROM events WHERE registered_by <> ''
               UNION ALL
               SELECT (SELECT min(registered_by) FROM events WHERE registered_by > name AND registered_by <> '')
               FROM names WHERE name IS NOT NULL
           ) SELECT name FROM names WHERE name IS NOT NULL"""
    )
    return [str(row[0]) for row in rows]


def other_scopes(db: sqlite3.Connection) -> list[Scope]:
    """The connections beside BonifiQ's own that have operations here."""
    rows = db.execute(
        "SELECT DISTINCT system, connection FROM operations INDEXED BY operations_elsewhere "
        f"WHERE connection <> '{BONIFIQ}'"
    )
    return [Scope(str(row[0]), str(row[1])) for row in rows]


def _span(db: sqlite3.Connection, wanted: HistoryFilter, before: int) -> tuple[int, int] | None:
    """The ids, from one until before the other, between which all operations of a period lie; None: there are none.

    The clock of a till may jump, so the ids of a period need not follow each other; each row's own time counts, too.
    """
    if wanted.since is None and wanted.until is None:
        return 0, before
    condition, values = _period(wanted)
    first, last = db.execute(
        f"SELECT min(id), max(id) FROM operations o INDEXED BY operations_by_time WHERE {condition}", values
    ).fetchone()
    return None if first is None else (first, min(last + 1, before))


def _period(wanted: HistoryFilter) -> tuple[str, tuple[object, ...]]:
    bounds = ((">=", wanted.since), ("<", wanted.until))
    given = [(sign, to_timestamp(at)) for sign, at in bounds if at is not None]
    return " AND ".join(f"o.created_at {sign} ?" for sign, _ in given), tuple(at for _, at in given)


def _sources(query: Query) -> Iterator[_Source]:
    """The walks whose rows together hold everything that a query selects."""
    if query.orders:
        keys = tuple(map(normalized_order_id, query.orders))
        places = ", ".join("?" for _ in keys)
        yield _Source("operations o INDEXED BY operations_by_order", "o.id", f"o.order_key IN ({places})", keys)
    text = query.text
    if not text:
        if not query.orders:
            yield from _filter_sources(query.filter)
    elif len(text) > MAX_ORDER_ID:
        return  # longer than any order number or key, and SQLite limits the length of a pattern
    elif len(text) < _GRAM_LENGTH or "\0" in text:  # NUL ends a text of SQLite's query language
        for source in _filter_sources(query.filter):
            yield _Source(
                source.table, source.row_id, f"{source.condition} AND {_MATCHES}", (*source.values, *_patterns(text))
            )
    else:
        # CROSS JOIN fixes the order of the tables.
        table = "search s CROSS JOIN operations o ON o.id = s.rowid"
        yield _Source(table, "s.rowid", f"s.search MATCH ? AND {_MATCHES}", (_grams(text), *_patterns(text)))


def _filter_sources(wanted: HistoryFilter) -> Iterator[_Source]:
    """The index that leaves the fewest rows to read for a filter."""
    if wanted.waiting:
        yield _Source("operations o", "o.id", _WAITING[wanted.waiting], ())
    elif wanted.scope is not None and wanted.scope.connection != BONIFIQ:
        yield _Source(
            "operations o INDEXED BY operations_elsewhere",
            "o.id",
            f"o.connection <> '{BONIFIQ}' AND o.system = ? AND o.connection = ?",
            tuple(wanted.scope),
        )
    elif wanted.person and wanted.kinds != {Kind.CANCEL}:
        table = "events e CROSS JOIN operations o ON o.id = e.operation_id"
        yield _Source(table, "e.operation_id", "e.registered_by = ? AND e.registered_by <> ''", (wanted.person,))
    elif wanted.kinds:
        for kind in sorted(wanted.kinds):
            yield _Source("operations o INDEXED BY operations_by_kind", "o.id", "o.kind = ?", (kind,))
    else:
        yield _Source("operations o", "o.id", "1", ())


def _total_sources(query: Query) -> Iterator[_Source]:
    """The one walk for the totals: the index of times holds all columns that they read."""
    [first, *others] = _filter_sources(query.filter)
    is_plain = bool(others) or first.table.endswith("operations_by_kind") or first.condition == "1"
    yield _Source("operations o INDEXED BY operations_by_time", "o.id", "1", ()) if is_plain else first


def _conditions(query: Query, source: _Source, span: tuple[int, int]) -> tuple[str, tuple[object, ...]]:
    """The conditions of one walk, with those of the filter that its index does not answer."""
    wanted = query.filter
    conditions = [source.condition, f"{source.row_id} >= ? AND {source.row_id} < ?"]
    values: list[object] = [*source.values, *span]
    if wanted.since is not None or wanted.until is not None:
        condition, bounds = _period(wanted)
        conditions.append(condition)
        values += bounds
    if wanted.kinds:
        conditions.append(f"o.kind IN ({', '.join('?' for _ in wanted.kinds)})")
        values += sorted(wanted.kinds)
    if wanted.waiting:
        conditions.append(_WAITING[wanted.waiting])
    if wanted.person:
        conditions.append("EXISTS (SELECT 1 FROM events p WHERE p.operation_id = o.id AND p.registered_by = ?)")
        values.append(wanted.person)
    if wanted.scope is not None:
        conditions.append("o.system = ? AND o.connection = ?")
        values += wanted.scope
    return " AND ".join(conditions), tuple(values)


def _patterns(text: str) -> tuple[str, ...]:
    pattern = "%" + text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    return (pattern,) * len(SEARCHED_COLUMNS)


def _grams(text: str) -> str:
    """The index query for a text: as few quoted trigrams as cover it."""
    starts = [*range(0, len(text) - _GRAM_LENGTH, _GRAM_LENGTH), len(text) - _GRAM_LENGTH]
    threes = (text[start : start + _GRAM_LENGTH].replace('"', '""') for start in starts)
    return " AND ".join(f'"{three}"' for three in threes)
