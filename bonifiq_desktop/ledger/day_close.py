"""A till's day: its operations by this PC's calendar, what is open or came late, and its close.

A day lasts from local midnight to local midnight, by the time zone that this PC had then. It begins where the closed
day before it ended, and ends where the closed day after it began, so that no operation falls between two closes or into
both when the PC's time zone was changed.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from bonifiq_desktop.domain.day_close import (
    ClosedDay,
    DamagedClose,
    DayChanged,
    DayNotClosable,
    DayReport,
    LateChange,
    ReasonNeeded,
)
from bonifiq_desktop.domain.day_totals import EarnedBy, day_totals, open_operations
from bonifiq_desktop.domain.estimates import Earned
from bonifiq_desktop.domain.operations import Kind, Operation, State
from bonifiq_desktop.domain.orders import normalized_order_id
from bonifiq_desktop.ledger.closed_days import (
    ClosedDays,
    Period,
    insert_closed_day,
    is_whole,
    read_closed_days,
    with_lost_closes,
)
from bonifiq_desktop.ledger.connection import LedgerConnection
from bonifiq_desktop.ledger.database import open_for_reading, translate_errors
from bonifiq_desktop.ledger.errors import RowDamaged
from bonifiq_desktop.ledger.row_mapping import (
    OPERATION_COLUMNS,
    REQUEST_COLUMNS,
    earned_from,
    has_valid_checksum,
    operation_from,
    restoration_from,
    rows_may_be_damaged,
    stored_cents,
    to_timestamp,
)
from bonifiq_desktop.ledger.shop_day import shop_day

_NEXT_DAY = timedelta(days=1)
PAGE_SIZE = 50
"""Closed days that are read at once."""
_RECENT = 500  # operations
_IN_PERIOD = "INDEXED BY operations_by_time WHERE o.created_at >= ? AND o.created_at < ?"
_EARNED = "o.kind IN ('sale', 'completion') AND o.state = 'confirmed' AND o.value > 0 AND o.bonus IS NOT NULL"
# The closed day before a moment is the one that began last; only it can hold the moment. CROSS JOIN fixes the order.
_LATE = """SELECT o.id, o.kind, o.order_id, o.value, o.currency, o.state, o.contradicted, c.day, e.at,
    max(e.id) AS newest,
    sum(e.from_state IS e.to_state) AS contradictions,
    (SELECT p.to_state FROM events p WHERE p.operation_id = o.id AND p.id <= ?1 ORDER BY p.id DESC LIMIT 1) AS before
    FROM events e CROSS JOIN operations o ON o.id = e.operation_id
    CROSS JOIN closed_days c ON c.since = (SELECT max(since) FROM closed_days WHERE since <= o.created_at)
    WHERE e.id > ?1 AND o.created_at < c.until AND c.day = coalesce(?2, c.day) GROUP BY o.id ORDER BY newest"""


def local_day(moment: datetime) -> date:
    """The day of a moment by this PC's calendar."""
    return moment.astimezone().date()


def midnight(day: date) -> datetime:
    """The moment at which a day begins here: the first of two midnights, and the change itself where there is none."""
    begin = datetime.combine(day, time())
    # In the hour that a clock leaves out, one of the two readings still belongs to the day before.
    moments = sorted(begin.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    return next((moment for moment in moments if local_day(moment) == day), moments[-1])


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """One consistent view of a ledger file beside a running program. Raises LedgerError."""
    with translate_errors(), closing(open_for_reading(path)) as db:
        db.row_factory = sqlite3.Row
        db.execute("BEGIN")
        yield db


def read_day(
    path: Path, day: date | None, *, till: str, now: datetime, known_closes: Sequence[DamagedClose] = ()
) -> DayReport:
    """A day, read beside a running program; None: today. `known_closes`: by the audit log. Raises LedgerError."""
    with reading(path) as db:
        return day_report(db, day or local_day(now), till=till, known_closes=known_closes)


def read_operations_of_day(path: Path, day: date) -> list[Operation]:
    """The readable operations of a day, oldest first, read beside a running program. Raises LedgerError."""
    with reading(path) as db:
        return operations_of(db, day_period(db, day))[0]


def read_closed(path: Path, before: date | None) -> tuple[ClosedDay, ...]:
    """The newest closed days before one, read beside a running program. Raises LedgerError."""
    with reading(path) as db:
        return read_closed_days(db).newest(PAGE_SIZE, before)


def day_report(db: sqlite3.Connection, day: date, *, till: str, known_closes: Sequence[DamagedClose] = ()) -> DayReport:
    """A day as the ledger shows it now."""
    closed = read_closed_days(db)
    period = day_period(db, day)
    operations, damaged = operations_of(db, period)
    offset = datetime.combine(day, time(12)).astimezone().utcoffset() or timedelta()
    restored = db.execute("SELECT value FROM metadata WHERE name = 'restored'").fetchone()
    report = DayReport(
        day,
        till,
        int(offset.total_seconds()) // 60,
        day_totals(operations, _earned_by(db, period)),
        open_operations(operations),
        _late_changes(db, closed, day),
        len(operations) + len(damaged),
        closed.of(day),
        tuple(_earlier_open_days(db, period.since)),
        period.since,
        period.until,
        damaged,
        with_lost_closes(closed, known_closes),
        restoration_from(restored[0]).restored_at if restored else None,
    )
    return replace(report, shop=shop_day(db, period, report))


class DayCloses:
    """Days of the open ledger, and their close. All raise LedgerError."""

    def __init__(self, connection: LedgerConnection) -> None:
        self._connection = connection

    def closed(self, day: date) -> ClosedDay | None:
        """The record of a day; None where it is not closed, or its record is damaged."""
        with translate_errors():
            return read_closed_days(self._connection.db).of(day)

    def report(self, day: date, *, till: str, seen_operations: int) -> DayReport:
        """A day that can be closed now. Raises DayNotClosable, DayChanged."""
        with translate_errors():
            report = day_report(self._connection.db, day, till=till)
        is_damaged = any(each.day == day and not each.is_gone for each in report.damaged_closes)
        if day > local_day(self._connection.clock()) or report.closed is not None or is_damaged:
            raise DayNotClosable(day.isoformat())
        if report.operations > seen_operations:
            raise DayChanged(day.isoformat())
        return report

    def close(self, day: date, *, till: str, seen_operations: int, person: str, reason: str) -> ClosedDay:
        """Close a day in one transaction with what it finds then.

        Raises DayNotClosable, DayChanged, and ReasonNeeded where operations are open and no person or reason is given.
        """
        with self._connection.transaction():
            report = self.report(day, till=till, seen_operations=seen_operations)
            if report.undecided and not (person and reason):
                raise ReasonNeeded(report.undecided)
            closed = ClosedDay(
                day,
                0,
                self._connection.clock(),
                person,
                reason,
                report.totals,
                report.undecided,
                report.late_changes,
                "",
                report.operations,
                report.utc_offset_minutes,
                report.damaged_operations,
                report.shop,
            )
            (last_event,) = self._connection.rows("SELECT coalesce(max(id), 0) FROM events")[0]
            return insert_closed_day(self._connection, closed, day_period(self._connection.db, day), last_event)


def day_period(db: sqlite3.Connection, day: date) -> Period:
    """The period of a day: as it was closed, else from midnight to midnight between its closed neighbours.

    What a damaged record says of a period counts for nothing.
    """
    near = (day - _NEXT_DAY, day, day + _NEXT_DAY)
    rows = db.execute("SELECT * FROM closed_days WHERE day IN (?, ?, ?)", [each.isoformat() for each in near])
    stored = {row["day"]: _stored_period(row) for row in rows if is_whole(row)}
    before, itself, after = map(stored.get, map(date.isoformat, near))
    if itself is not None:
        return itself
    since = before.until if before else midnight(day)
    until = after.since if after else midnight(day + _NEXT_DAY)
    return Period(since, max(since, until))


@rows_may_be_damaged()
def _stored_period(row: sqlite3.Row) -> Period:
    return Period(datetime.fromisoformat(row["since"]), datetime.fromisoformat(row["until"]))


def operations_of(db: sqlite3.Connection, period: Period) -> tuple[list[Operation], tuple[int, ...]]:
    """The operations registered in a period, oldest first, and the ids of those that changed on disk."""
    bounds = (to_timestamp(period.since), to_timestamp(period.until))
    checked = db.execute(
        f"""SELECT o.id, o.state, {REQUEST_COLUMNS}, (SELECT e.to_state FROM events e WHERE e.operation_id = o.id
            ORDER BY e.id DESC LIMIT 1) AS last_state FROM operations o {_IN_PERIOD}""",
        bounds,
    )
    damaged = {row["id"] for row in checked if row["state"] != row["last_state"] or not has_valid_checksum(row)}
    operations = []
    for row in db.execute(f"SELECT {OPERATION_COLUMNS} FROM operations o {_IN_PERIOD} ORDER BY o.id", bounds):
        if row["operation_id"] in damaged:
            continue
        try:
            operations.append(operation_from(row))
        except RowDamaged:
            damaged.add(row["operation_id"])
    return operations, tuple(sorted(damaged))


def _earned_by(db: sqlite3.Connection, period: Period) -> EarnedBy:
    """What an order's sale earned, else the newest sale up to the end of a period."""
    newest = db.execute(
        "SELECT max(o.id) FROM operations o INDEXED BY operations_by_time WHERE o.created_at < ? AND o.created_at >= ?",
        (to_timestamp(period.until), to_timestamp(period.since)),
    ).fetchone()[0]
    lately = f"NOT INDEXED WHERE o.id <= ? AND o.id > ? - {_RECENT} AND {_EARNED}"
    usual = _earned(db, lately, newest, newest) if newest else None

    def earned(operation: Operation) -> Earned | None:
        order = (normalized_order_id(operation.order_id), operation.system, operation.connection)
        of_order = "INDEXED BY operations_by_order WHERE o.order_key = ? AND o.system = ? AND o.connection = ?"
        return _earned(db, f"{of_order} AND o.id < ? AND {_EARNED}", *order, operation.operation_id) or usual

    return earned


def _earned(db: sqlite3.Connection, where: str, *values: object) -> Earned | None:
    row = db.execute(f"SELECT o.value, o.bonus FROM operations o {where} ORDER BY o.id DESC LIMIT 1", values).fetchone()
    with suppress(RowDamaged):
        return earned_from(row) if row else None
    return None


def _late_changes(db: sqlite3.Connection, closed: ClosedDays, day: date) -> tuple[LateChange, ...]:
    """What happened to operations of closed days since the last close; of a closed day, to its own since its close.

    By the order of the events, not by their time: the clock of a till may jump.
    """
    if not closed.last_number:
        return ()  # without reading all events
    itself = closed.row_of(day)
    found = []
    since, of_day = (closed.last_event, None) if itself is None else (itself["last_event"], day.isoformat())
    for row in db.execute(_LATE, (since, of_day)):
        if row["before"] != row["state"] or row["contradictions"]:
            with suppress(RowDamaged):  # its own day names it
                found.append(_late_change(row))
    return tuple(found)


@rows_may_be_damaged()
def _late_change(row: sqlite3.Row) -> LateChange:
    return LateChange(
        row["id"],
        Kind(row["kind"]),
        row["order_id"],
        date.fromisoformat(row["day"]),
        State(row["before"]) if row["before"] else None,
        State(row["state"]),
        stored_cents(row["value"]),
        row["currency"],
        datetime.fromisoformat(row["at"]),
        contradicted=bool(row["contradicted"]),
    )


def _earlier_open_days(db: sqlite3.Connection, until: datetime) -> Iterator[date]:
    """The days before a moment that have operations and are not closed, oldest first. Steps from day to day."""
    at = ""
    while first := _first_from(db, at, to_timestamp(until)):
        at = f"{first}\0"  # the next one, where its time is damaged
        closed = db.execute(
            "SELECT * FROM closed_days WHERE since <= ?1 AND until > ?1 ORDER BY since DESC LIMIT 1", (first,)
        ).fetchone()
        if closed and is_whole(closed):
            at = closed["until"]
            continue
        with suppress(ValueError):
            day, period = _day_with(db, datetime.fromisoformat(first))
            if not db.execute("SELECT 1 FROM closed_days WHERE day = ?", (day.isoformat(),)).fetchone():
                yield day
            at = max(at, to_timestamp(period.until))


def _first_from(db: sqlite3.Connection, at: str, until: str) -> str | None:
    query = (
        "SELECT min(created_at) FROM operations INDEXED BY operations_by_time WHERE created_at >= ? AND created_at < ?"
    )
    found = db.execute(query, (at, until)).fetchone()[0]
    return None if found is None else str(found)


def _day_with(db: sqlite3.Connection, moment: datetime) -> tuple[date, Period]:
    """The day whose period holds a moment: a neighbour of its calendar day where the time zone was changed."""
    day = local_day(moment)
    period = day_period(db, day)
    if period.since <= moment < period.until:
        return day, period
    day += _NEXT_DAY if moment >= period.until else -_NEXT_DAY
    return day, day_period(db, day)
