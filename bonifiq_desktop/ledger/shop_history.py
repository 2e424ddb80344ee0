"""The history of the other tills: pages in the order of their time, by the indexes of the mirror.

The ids of the mirror tell in which order the changes arrived here, not when an operation was registered. So a page
walks from the newest time to older ones, and the ids tell apart what has the same time. The legs of one return are
registered within moments of each other, and stand where its first one does.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bonifiq_desktop.domain.operations import Scope
from bonifiq_desktop.domain.orders import normalized_order_id
from bonifiq_desktop.domain.text import MAX_ORDER_ID
from bonifiq_desktop.ledger.history_filter import HistoryFilter, Query, Waiting
from bonifiq_desktop.ledger.history_walks import (
    GRAM_LENGTH,
    MATCHES,
    OF_PERSON,
    ROW_ID,
    Walk,
    grams_of,
    index_steps,
    is_within,
    patterns_of,
    remaining_conditions,
)
from bonifiq_desktop.ledger.row_mapping import to_timestamp

LEGS = 999
"""Ids that each registration has in the mirror, one for each leg."""
_FEW = 2_000  # found rows that are sorted by their time
_ONE_REGISTRATION = timedelta(minutes=1)
_WAITING = {
    Waiting.PENDING: "o.state IN ('queued', 'sending', 'unknown')",
    Waiting.PERSON: "(o.state = 'review' OR o.contradicted)",
}
_KINDS = ("kind", "connection", "system")
_BY_KIND = "shop_operations o INDEXED BY shop_operations_by_kind"
_SEARCHED = "shop_search s CROSS JOIN shop_operations o ON o.id = s.rowid"

Place = tuple[str, int]
"""The time and the row of a registration: later ones are larger."""


@dataclass(frozen=True)
class HistoryRow:
    """One row of the history: an operation, or the legs of a return, the last one first. `created_at`: of the first."""

    created_at: str
    rows: list[sqlite3.Row]


class ShopSelection:
    """What a query selects of the other tills' operations; its walks are found once for all pages."""

    def __init__(self, db: sqlite3.Connection, query: Query) -> None:
        self.db = db
        self._walks = tuple(_walks(db, query)) if is_needed(db, query.filter) else ()

    def rows(self, columns: str, after: int, size: int) -> Iterator[HistoryRow]:
        """The rows older than the row `after`, newest first; 0: from the newest. `columns`: of `o`.

        Reads `size` operations at a time.
        """
        start = _place_of(self.db, after) if after else None
        before = _just_after(start) if start else None
        held: list[Place] = []  # until no newer row can be found any more
        returns: set[int] = set()  # that are held or were shown
        while self._walks:
            found = self._newest(before, size)
            new = {row_id for _at, _id, row_id, _leg in found} - returns
            returns.update(row_id for _at, _id, row_id, leg in found if leg)
            held += [place for place in _places(self.db, new) if start is None or place < start]
            before = found[-1][:2] if len(found) == size else None
            ready = sorted((place for place in held if before is None or place > before), reverse=True)
            held = [place for place in held if before is not None and place <= before]
            yield from _read(self.db, columns, ready)
            if before is None:
                return

    def _newest(self, before: Place | None, size: int) -> list[tuple[str, int, int, int]]:
        """The time, the id, the row and the leg of the newest operations before a place."""
        found: set[tuple[str, int, int, int]] = set()
        for walk in self._walks:
            condition, values = conditions_of(walk)
            if before is not None:
                condition += " AND o.created_at <= ? AND (o.created_at < ? OR o.id < ?)"
                values = (*values, before[0], *before)
            statement = f"""SELECT o.created_at, o.id, {ROW_ID}, o.leg FROM {walk.table} WHERE {condition}
                ORDER BY o.created_at DESC, o.id DESC LIMIT {size}"""
            found.update(map(tuple, self.db.execute(statement, values)))
        return sorted(found, reverse=True)[:size]

    def operations(self, columns: str, limit: int) -> list[sqlite3.Row]:
        """The newest operations; `columns` of `o`."""
        ids = json.dumps([number for _at, number, _row_id, _leg in self._newest(None, limit)])
        statement = f"SELECT {columns} FROM shop_operations o WHERE o.id IN (SELECT value FROM json_each(?))"
        return self.db.execute(statement, (ids,)).fetchall()

    def count(self) -> int:
        """How many operations it has; one that two walks lead to, by a text and by a customer, counts twice."""
        count = 0
        for walk in self._walks:
            condition, values = conditions_of(walk)
            count += self.db.execute(f"SELECT count(*) FROM {walk.table} WHERE {condition}", values).fetchone()[0]
        return count


def conditions_of(walk: Walk) -> tuple[str, tuple[object, ...]]:
    """The conditions of a walk, with those of the filter that its index does not answer."""
    condition, values = remaining_conditions(walk.rest, _WAITING)
    return f"{walk.condition} AND {condition}", (*walk.values, *values)


def _walks(db: sqlite3.Connection, query: Query) -> Iterator[Walk]:
    """The walks whose rows together hold everything that a query selects."""
    wanted, text = query.filter, query.text
    of_tills, tills = _of_tills(db, wanted)
    if query.orders:
        keys = tuple(map(normalized_order_id, query.orders))
        places = f"o.order_key IN ({', '.join('?' for _ in keys)}) AND {of_tills}"
        yield _walk("shop_operations o INDEXED BY shop_operations_by_order", places, (*keys, *tills), wanted)
    if not text:
        if not query.orders:
            yield from _filter_walks(db, wanted)
    elif len(text) > MAX_ORDER_ID:
        return
    elif len(text) >= GRAM_LENGTH and "\0" not in text and _are_few(db, text):
        condition, values = f"s.shop_search MATCH ? AND {MATCHES} AND {of_tills}", (*patterns_of(text), *tills)
        yield _walk(_SEARCHED, condition, (grams_of(text), *values), wanted)
    else:  # a walk comes upon a frequent text soon
        for walk in _filter_walks(db, wanted):
            yield replace(walk, condition=f"{walk.condition} AND {MATCHES}", values=(*walk.values, *patterns_of(text)))


def _filter_walks(db: sqlite3.Connection, wanted: HistoryFilter) -> Iterator[Walk]:
    """The walks that leave the fewest rows to read for a filter."""
    of_tills, tills = _of_tills(db, wanted)
    if wanted.waiting:
        yield from _waiting_walks(of_tills, tills, wanted)
    elif wanted.person:
        yield from _person_walks(db, of_tills, tills, wanted)
    elif wanted.kinds or wanted.scope:
        yield from _kind_walks(db, tills if wanted.till else _till_ids(db), wanted)
    elif wanted.till:
        for till in tills:
            yield _walk("shop_operations o INDEXED BY shop_operations_by_till", "o.till_id = ?", (till,), wanted)
    else:
        yield _walk("shop_operations o INDEXED BY shop_operations_by_time", "1", (), wanted)


def _person_walks(
    db: sqlite3.Connection, of_tills: str, tills: tuple[int, ...], wanted: HistoryFilter
) -> Iterator[Walk]:
    table = "shop_operations o INDEXED BY shop_operations_by_person"
    condition = f"{OF_PERSON} AND o.kind = ? AND o.connection = ? AND o.system = ? AND {of_tills}"
    for kind, connection, system in index_steps(db, table, _KINDS, OF_PERSON, wanted.person):
        if _is_wanted(kind, Scope(system, connection), wanted):
            yield _walk(table, condition, (wanted.person, kind, connection, system, *tills), _period_alone(wanted))


def _kind_walks(db: sqlite3.Connection, tills: Iterable[int], wanted: HistoryFilter) -> Iterator[Walk]:
    condition = "o.till_id = ? AND o.kind = ? AND o.connection = ? AND o.system = ?"
    for till in tills:
        for kind, scope in _kinds_of_till(db, till):
            if _is_wanted(kind, scope, wanted):
                yield _walk(_BY_KIND, condition, (till, kind, scope.connection, scope.system), _period_alone(wanted))


def _waiting_walks(of_tills: str, tills: tuple[int, ...], wanted: HistoryFilter) -> Iterator[Walk]:
    """In the words of the indexes, which hold few rows."""
    rest = replace(wanted, waiting=Waiting.ANYTHING)
    unfinished = "o.state IN ('queued', 'sending', 'unknown', 'review') AND o.state"
    table = "shop_operations o INDEXED BY unfinished_shop_operations"
    if wanted.waiting is Waiting.PENDING:
        yield _walk(table, f"{unfinished} <> 'review' AND {of_tills}", tills, rest)
    else:
        yield _walk(table, f"{unfinished} = 'review' AND {of_tills}", tills, rest)
        table = "shop_operations o INDEXED BY contradicted_shop_operations"
        yield _walk(table, f"o.contradicted AND {of_tills}", tills, rest)


def _walk(table: str, condition: str, values: tuple[object, ...], rest: HistoryFilter) -> Walk:
    return Walk(table, "o.id", condition, values, rest)


def _period_alone(wanted: HistoryFilter) -> HistoryFilter:
    return HistoryFilter(wanted.since, wanted.until)


def _is_wanted(kind: str, scope: Scope, wanted: HistoryFilter) -> bool:
    return (not wanted.kinds or kind in wanted.kinds) and is_within(scope, wanted.scope)


def _of_tills(db: sqlite3.Connection, wanted: HistoryFilter) -> tuple[str, tuple[int, ...]]:
    """The condition that a row is of the wanted till, and the ids of its incarnations."""
    if not wanted.till:
        return "1", ()
    tills = tuple(number for (number,) in db.execute("SELECT id FROM shop_tills WHERE till = ?", (wanted.till,)))
    return f"o.till_id IN ({', '.join('?' for _ in tills)})", tills


def _till_ids(db: sqlite3.Connection) -> list[int]:
    return [number for (number,) in db.execute("SELECT id FROM shop_tills")]


def kinds_of_other_tills(db: sqlite3.Connection) -> list[tuple[str, Scope]]:
    """The kinds of the other tills' operations in each connection."""
    return [found for till in _till_ids(db) for found in _kinds_of_till(db, till)]


def _kinds_of_till(db: sqlite3.Connection, till: int) -> list[tuple[str, Scope]]:
    found = index_steps(db, _BY_KIND, _KINDS, "o.till_id = ?", till)
    return [(kind, Scope(system, connection)) for kind, connection, system in found]


def total_walk(db: sqlite3.Connection, wanted: HistoryFilter) -> Walk:
    """The one walk for the totals: the index of times holds all columns that they read, but for person and till."""
    of_tills, tills = _of_tills(db, wanted)
    if wanted.person:
        table = "shop_operations o INDEXED BY shop_operations_by_person"
        condition, values = f"{OF_PERSON} AND {of_tills}", (wanted.person, *tills)
        return _walk(table, condition, values, replace(wanted, person=""))
    index = "shop_operations_by_till" if wanted.till else "shop_operations_by_time"
    return _walk(f"shop_operations o INDEXED BY {index}", of_tills, tills, wanted)


def walk_of_returns(db: sqlite3.Connection, wanted: HistoryFilter) -> Walk:
    """The walk through the returns that a filter selects."""
    of_tills, tills = _of_tills(db, wanted)
    table = "shop_operations o INDEXED BY shop_operations_by_return"
    return _walk(table, f"o.return_id <> '' AND {of_tills}", tills, wanted)


def has_rows(db: sqlite3.Connection) -> bool:
    """Whether operations of other tills are known here."""
    return db.execute("SELECT 1 FROM shop_operations LIMIT 1").fetchone() is not None


def is_needed(db: sqlite3.Connection, wanted: HistoryFilter) -> bool:
    """Whether the mirror can hold operations that a filter selects."""
    if not (wanted.selects_other_tills and has_rows(db)):
        return False
    return not wanted.till or bool(_of_tills(db, wanted)[1])


def _are_few(db: sqlite3.Connection, text: str) -> bool:
    statement = f"SELECT count(*) FROM (SELECT 1 FROM shop_search WHERE shop_search MATCH ? LIMIT {_FEW})"
    return int(db.execute(statement, (grams_of(text),)).fetchone()[0]) < _FEW


def _places(db: sqlite3.Connection, row_ids: Iterable[int]) -> list[Place]:
    """The places of rows that are still there, by the first of their legs."""
    statement = f"""SELECT j.value, (SELECT o.created_at FROM shop_operations o
        WHERE o.id BETWEEN j.value AND j.value + {LEGS - 1} ORDER BY o.id LIMIT 1) FROM json_each(?) j"""
    found = db.execute(statement, (json.dumps(list(row_ids)),))
    return [(at, row_id) for row_id, at in found if at is not None]


def _place_of(db: sqlite3.Connection, row_id: int) -> Place | None:
    return next(iter(_places(db, (row_id,))), None)


def _just_after(start: Place) -> Place | None:
    """A moment after a place: later legs of its return, and of older ones, lie before it."""
    with suppress(ValueError):
        return to_timestamp(datetime.fromisoformat(start[0]) + _ONE_REGISTRATION), 0
    return None


def registration_of(db: sqlite3.Connection, columns: str, number: int) -> list[sqlite3.Row]:
    """An operation of another till, with all legs of its return in the order of their sending; `columns` of `o`."""
    statement = f"""SELECT {columns} FROM shop_operations r JOIN shop_operations o
        ON o.id BETWEEN r.id - max(0, r.leg - 1) AND r.id - max(0, r.leg - 1) + {LEGS - 1}
        WHERE r.id = ? ORDER BY o.id"""
    return db.execute(statement, (number,)).fetchall()


def _read(db: sqlite3.Connection, columns: str, places: Sequence[Place]) -> Iterator[HistoryRow]:
    """The rows at places, with all legs of each return."""
    if not places:
        return
    statement = f"""SELECT {columns}, {ROW_ID} AS row_id FROM json_each(?) j CROSS JOIN shop_operations o
        ON o.id BETWEEN j.value AND j.value + {LEGS - 1} WHERE {ROW_ID} = j.value ORDER BY o.id DESC"""
    legs: dict[int, list[sqlite3.Row]] = {}
    for row in db.execute(statement, (json.dumps([row_id for _at, row_id in places]),)):
        legs.setdefault(row["row_id"], []).append(row)
    yield from (HistoryRow(at, legs[row_id]) for at, row_id in places if row_id in legs)
