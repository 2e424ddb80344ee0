"""Totals of what a query of the history selects: of this till, of the others, or of the whole shop."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from bonifiq_desktop.domain.operations import Kind, State
from bonifiq_desktop.ledger import shop_history
from bonifiq_desktop.ledger.history_filter import (
    BEFORE_NEWEST,
    MAX_COUNTED,
    HistoryFilter,
    HistoryTotals,
    Query,
)
from bonifiq_desktop.ledger.history_walks import ROW_ID, Selection, Walk, own_conditions, span_of, total_walk
from bonifiq_desktop.ledger.row_mapping import rows_may_be_damaged, stored_cents

_TEXT_COLUMNS = f"o.id, o.kind, o.state, 1 AS n, o.value, o.currency, {ROW_ID} AS row_id"


@dataclass(frozen=True)
class _Selected:
    """A FROM clause, its conditions and their values."""

    table: str
    where: str
    values: tuple[object, ...]


def totals(db: sqlite3.Connection, query: Query) -> HistoryTotals:
    """Count and add up what a query selects."""
    if query.text or query.orders:
        return _totals_of_text(db, query)
    found = HistoryTotals(0, ())
    for operations, returns in _parts(db, query.filter):
        found = _together(found, _totals_of(db, operations, returns))
    return found


def _parts(db: sqlite3.Connection, wanted: HistoryFilter) -> Iterator[tuple[_Selected, _Selected]]:
    """What a filter selects of this till and of the others, and the returns among it."""
    span = span_of(db, wanted) if wanted.selects_this_till else None
    if span is not None:
        of_returns = Walk("operations o INDEXED BY operations_by_return", "o.id", "o.return_id <> ''", (), wanted)
        yield _own(total_walk(wanted), span), _own(of_returns, span)
    if shop_history.is_needed(db, wanted):
        for_totals, of_returns = shop_history.total_walk(db, wanted), shop_history.walk_of_returns(db, wanted)
        yield _of_others(for_totals), _of_others(of_returns)


def _own(walk: Walk, span: tuple[int, int]) -> _Selected:
    return _Selected(walk.table, *own_conditions(walk, span))


def _of_others(walk: Walk) -> _Selected:
    return _Selected(walk.table, *shop_history.conditions_of(walk))


def _totals_of(db: sqlite3.Connection, operations: _Selected, returns: _Selected) -> HistoryTotals:
    groups = db.execute(
        f"""SELECT o.kind, o.state, count(*) AS n, sum(o.value) AS value FROM {operations.table}
            WHERE {operations.where} GROUP BY o.kind, o.state""",
        operations.values,
    )
    found = _totals(groups)
    return replace(found, count=found.count - _further_legs(db, returns), money=_money(db, returns))


def _together(one: HistoryTotals, other: HistoryTotals) -> HistoryTotals:
    if not (one.count and other.count):
        return one if one.count else other
    values = dict(one.values)
    for kind, value in other.values:
        values[kind] = values.get(kind, 0) + value
    money = _by_currency((*one.money, *other.money))
    return HistoryTotals(one.count + other.count, tuple(values.items()), money=money)


def _further_legs(db: sqlite3.Connection, returns: _Selected) -> int:
    """How many of the selected operations stand in a row of another one: legs of one return share a row."""
    statement = f"SELECT count(*) - count(DISTINCT {ROW_ID}) FROM {returns.table} WHERE {returns.where}"
    return int(db.execute(statement, returns.values).fetchone()[0])


@rows_may_be_damaged()
def _money(db: sqlite3.Connection, returns: _Selected) -> tuple[tuple[str, int], ...]:
    sums = db.execute(
        f"""SELECT o.currency, sum(o.value) FROM {returns.table}
            WHERE o.kind = '{Kind.RETURN}' AND o.state = '{State.CONFIRMED}' AND {returns.where} GROUP BY o.currency""",
        returns.values,
    )
    return _by_currency((str(row[0]), stored_cents(row[1])) for row in sums)


def _by_currency(amounts: Iterable[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    sums: dict[str, int] = {}
    for currency, amount in amounts:
        sums[currency] = sums.get(currency, 0) + amount
    return tuple(sorted(sums.items(), key=lambda each: (each[0] != "BRL", each)))


def _totals_of_text(db: sqlite3.Connection, query: Query) -> HistoryTotals:
    own = Selection(db, query).rows(_TEXT_COLUMNS, BEFORE_NEWEST, MAX_COUNTED + 1)
    others = shop_history.ShopSelection(db, query).operations(_TEXT_COLUMNS, MAX_COUNTED + 1 - len(own))
    if len(own) + len(others) > MAX_COUNTED:
        return HistoryTotals(MAX_COUNTED, (), is_partial=True)
    return _together(_totals_of_rows(own), _totals_of_rows(others))


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
