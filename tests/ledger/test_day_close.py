"""The day close in the ledger: which operations make a day, what keeps it open, its record, and late changes."""

import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bonifiq_desktop.domain.day_close import (
    ClosedDay,
    DamagedClose,
    DayChanged,
    DayNotClosable,
    DayReport,
    LateChange,
    ReasonNeeded,
)
from bonifiq_desktop.domain.operations import Kind, Operation, State
from bonifiq_desktop.domain.requests import Intent, SerializedRequest
from bonifiq_desktop.ledger.day_close import day_period, day_report, midnight, read_closed, read_day
from bonifiq_desktop.ledger.errors import LedgerFailed
from bonifiq_desktop.ledger.ledger import Ledger
from tests.support.ledger_actions import ANSWERED_DONE, CONFIRMED, KEYS, bring_to, start_attempt

DAY = date(2026, 11, 20)
NEXT = date(2026, 11, 21)
ALL = 10**6
"""More operations than any day here has."""


class SetClock:
    """A clock that stands where a test sets it."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def to(self, day: date, hour: int = 12, minute: int = 0) -> None:
        """Set it to a time of this PC's calendar."""
        self.now = datetime(day.year, day.month, day.day, hour, minute).astimezone(UTC)


@pytest.fixture(name="use_zone")
def change_time_zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Move this PC to another time zone."""
    if sys.platform == "win32":
        pytest.skip("a process cannot change its time zone there")

    def use(name: str) -> None:
        monkeypatch.setenv("TZ", name)
        time.tzset()

    yield use
    monkeypatch.undo()
    time.tzset()


@pytest.fixture(name="clock")
def settable_clock() -> SetClock:
    """The clock of the ledger."""
    return SetClock()


@pytest.fixture(name="ledger")
def open_ledger(path: Path, clock: SetClock) -> Iterator[Ledger]:
    """The open ledger."""
    ledger = Ledger(path, clock=clock, customer_keys=KEYS)
    yield ledger
    ledger.close()


def register(ledger: Ledger, number: int, kind: Kind = Kind.SALE, value: int = 1000) -> Operation:
    """Register an operation of an order of its own."""
    key = f"BQ-{number}" if kind is Kind.REFUND else None
    intent = Intent(kind, f"N-{number}", value, reason="Troca", registered_by="Bia")
    return ledger.enqueue(intent, lambda _index: SerializedRequest("/p", b"{}", key))


def confirm(ledger: Ledger, operation: Operation) -> Operation:
    """Let the system confirm an operation."""
    return ledger.finish_attempt(start_attempt(ledger, operation), ANSWERED_DONE, CONFIRMED)


def close(ledger: Ledger, day: date = DAY, person: str = "", reason: str = "", seen: int = ALL) -> ClosedDay:
    """Close a day."""
    return ledger.days.close(day, till="CAIXA1", seen_operations=seen, person=person, reason=reason)


def read(path: Path, day: date = DAY) -> DayReport:
    """A day as the window reads it."""
    return read_day(path, day, till="CAIXA1", now=datetime.now(UTC))


def change_file(path: Path, *statements: str) -> None:
    """Change the file by hand, past the program and its triggers."""
    with closing(sqlite3.connect(path)) as db, db:
        db.executescript("DROP TRIGGER closed_days_stay; DROP TRIGGER closed_days_are_kept;")
        for statement in statements:
            db.execute(statement)


# --- which operations make a day


def test_day_reports_confirmed_totals_and_open_operations_apart(ledger: Ledger, path: Path) -> None:
    confirm(ledger, register(ledger, 1))
    waiting = register(ledger, 2, Kind.REFUND, 250)
    report = read(path)
    assert (report.totals.sales.count, report.totals.sales.value) == (1, 1000)
    assert report.totals.refunds.count == 0
    assert [each.operation_id for each in report.open_operations] == [waiting.operation_id]
    assert (report.operations, report.undecided) == (2, 1)


def test_operations_at_midnight_belong_to_the_day_that_begins(ledger: Ledger, path: Path, clock: SetClock) -> None:
    for number, moment in enumerate((midnight(DAY), midnight(NEXT) - timedelta(milliseconds=1), midnight(NEXT))):
        clock.now = moment
        confirm(ledger, register(ledger, number))
    assert (read(path).operations, read(path, NEXT).operations) == (2, 1)


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("America/Sao_Paulo", date(2026, 11, 20), 24),
        ("America/Sao_Paulo", date(2018, 11, 4), 23),  # the clock went from 23:59 to 01:00: no midnight
        ("America/Sao_Paulo", date(2019, 2, 16), 25),  # and from 23:59 back to 23:00
        ("America/Havana", date(2026, 11, 1), 25),  # from 00:59 back to 00:00: two midnights
        ("America/Manaus", date(2026, 11, 20), 24),
    ],
)
def test_day_lasts_from_midnight_to_midnight_of_the_local_clock(
    use_zone: Callable[[str], None], ledger: Ledger, path: Path, clock: SetClock, zone: str, day: date, hours: int
) -> None:
    use_zone(zone)
    since, until = midnight(day), midnight(day + timedelta(days=1))
    assert until - since == timedelta(hours=hours)
    number = 0
    for minute in range(-60, hours * 60 + 60, 30):
        clock.now = since + timedelta(minutes=minute)
        number += 1
        register(ledger, number)
    report = read(path, day)
    assert report.operations == hours * 2
    assert {each.created_at.astimezone().date() for each in report.open_operations} == {day}
    days = [read(path, day + timedelta(days=n)).operations for n in (-1, 0, 1)]
    assert sum(days) == number


def test_days_of_a_till_that_changes_its_time_zone_hold_each_operation_once(
    use_zone: Callable[[str], None], ledger: Ledger, path: Path, clock: SetClock
) -> None:
    use_zone("America/Sao_Paulo")
    clock.to(DAY, 23, 30)
    register(ledger, 1)
    before = close(ledger, person="Ana", reason="rede")
    use_zone("America/Manaus")  # midnight comes an hour later there
    clock.now += timedelta(hours=1)  # half past eleven once more, of the same day
    register(ledger, 2)
    clock.to(NEXT)
    register(ledger, 3)
    after = close(ledger, NEXT, "Ana", "rede")
    assert (before.operations, after.operations) == (1, 2)
    with closing(sqlite3.connect(path)) as db:
        db.row_factory = sqlite3.Row
        assert day_period(db, DAY).until == day_period(db, NEXT).since
    assert read(path, NEXT).earlier_open_days == ()


# --- what may be closed


def test_clean_day_closes_without_a_reason_once(ledger: Ledger, path: Path) -> None:
    confirm(ledger, register(ledger, 1))
    closed = close(ledger)
    assert (closed.number, closed.day, closed.operations, closed.open_operations) == (1, DAY, 1, 0)
    assert len(closed.code) == 8
    with pytest.raises(DayNotClosable):
        close(ledger)
    assert read(path).closed == closed
    assert read_closed(path, None) == (closed,)


@pytest.mark.parametrize("state", [State.QUEUED, State.UNKNOWN, State.REVIEW])
def test_open_day_closes_only_with_a_person_and_a_reason(ledger: Ledger, state: State) -> None:
    bring_to(ledger, register(ledger, 1), state)
    for person, reason in (("", ""), ("Ana", ""), ("", "rede")):
        with pytest.raises(ReasonNeeded) as needed:
            close(ledger, person=person, reason=reason)
        assert needed.value.open_operations == 1
    closed = close(ledger, person="Ana", reason="rede")
    assert (closed.person, closed.reason, closed.open_operations) == ("Ana", "rede", 1)


def test_contradicted_operation_keeps_a_day_open(ledger: Ledger, path: Path) -> None:
    ledger.record_contradiction(confirm(ledger, register(ledger, 1)).operation_id, "order missing")
    assert read(path).open_operations[0].contradicted
    with pytest.raises(ReasonNeeded):
        close(ledger)


def test_future_day_is_not_closed_and_today_is(ledger: Ledger) -> None:
    with pytest.raises(DayNotClosable):
        close(ledger, NEXT)
    close(ledger, DAY)


def test_day_with_more_operations_than_were_seen_is_not_closed(ledger: Ledger) -> None:
    confirm(ledger, register(ledger, 1))
    confirm(ledger, register(ledger, 2))
    with pytest.raises(DayChanged):
        close(ledger, seen=1)
    close(ledger, seen=2)


def test_earlier_open_days_are_listed_oldest_first(ledger: Ledger, path: Path, clock: SetClock) -> None:
    days = [DAY - timedelta(days=n) for n in (40, 3, 2, 1)]
    for number, day in enumerate([*days, DAY]):
        clock.to(day)
        confirm(ledger, register(ledger, number))
    assert read(path).earlier_open_days == tuple(days)
    close(ledger, days[1])
    close(ledger, days[3])
    assert read(path).earlier_open_days == (days[0], days[2])


# --- late changes


def test_operation_settled_after_the_close_is_a_late_change_of_the_next(
    ledger: Ledger, path: Path, clock: SetClock
) -> None:
    waiting = register(ledger, 1, Kind.REFUND, 250)
    first = close(ledger, person="Ana", reason="rede")
    clock.to(NEXT)
    confirm(ledger, waiting)
    confirm(ledger, register(ledger, 2))
    change = LateChange(1, Kind.REFUND, "N-1", DAY, State.QUEUED, State.CONFIRMED, 250, "BRL", clock.now)
    assert read(path, NEXT).late_changes == (change,)
    second = close(ledger, NEXT)
    assert second.late_changes == (change,)
    assert second.totals.refunds.count == 0
    assert read(path).closed == first
    assert read(path).late_changes == (change,)
    assert read(path, NEXT).late_changes == ()
    assert read(path, NEXT + timedelta(days=1)).late_changes == ()


def test_operation_registered_into_a_closed_day_is_a_late_change(ledger: Ledger, path: Path, clock: SetClock) -> None:
    close(ledger)
    clock.to(NEXT)
    confirm(ledger, register(ledger, 1))
    close(ledger, NEXT)
    clock.to(DAY, 9)  # the clock went back
    confirm(ledger, register(ledger, 2))
    [change] = read(path, NEXT + timedelta(days=1)).late_changes
    assert (change.operation_id, change.day, change.before, change.now) == (2, DAY, None, State.CONFIRMED)


def test_late_contradiction_is_listed_though_the_state_stays(ledger: Ledger, path: Path, clock: SetClock) -> None:
    sold = confirm(ledger, register(ledger, 1))
    close(ledger)
    clock.to(NEXT)
    ledger.record_contradiction(sold.operation_id, "order missing")
    [change] = read(path, NEXT).late_changes
    assert (change.before, change.now, change.contradicted) == (State.CONFIRMED, State.CONFIRMED, True)


def test_changes_of_an_open_earlier_day_are_in_its_totals_not_late(ledger: Ledger, path: Path, clock: SetClock) -> None:
    waiting = register(ledger, 1)
    clock.to(NEXT)
    close(ledger, NEXT)
    confirm(ledger, waiting)
    assert read(path).late_changes == ()
    assert close(ledger).totals.sales.value == 1000


# --- the record


def test_closed_days_are_chained_and_the_file_refuses_their_change(ledger: Ledger, path: Path) -> None:
    for day in (DAY - timedelta(days=1), DAY):
        close(ledger, day)
    with closing(sqlite3.connect(path)) as db:
        rows = db.execute("SELECT previous, chain FROM closed_days ORDER BY number").fetchall()
        assert rows[0][0] == ""
        assert rows[1][0] == rows[0][1]
        for statement in ("UPDATE closed_days SET record = '{}'", "DELETE FROM closed_days"):
            with pytest.raises(sqlite3.IntegrityError):
                db.execute(statement)


@pytest.mark.parametrize("column", ["record", "day", "since", "until", "last_event", "previous", "chain"])
def test_damaged_record_is_named_and_hides_no_other(ledger: Ledger, path: Path, clock: SetClock, column: str) -> None:
    days = [DAY - timedelta(days=n) for n in (3, 2, 1)]
    for day in days:
        close(ledger, day)
    new = {"last_event": "7", "day": "'1999-01-01'"}.get(column, f"replace({column}, '1', '2') || '9'")
    if column in {"since", "until"}:
        new = "'2020-01-01T00:00:00.000+00:00'"
    change_file(path, f"UPDATE closed_days SET {column} = {new} WHERE number = 2")
    assert [each.number for each in read(path).damaged_closes] == [2]
    assert [each.day for each in read_closed(path, None)] == [days[2], days[0]]
    assert close(ledger).number == 4
    if column != "day":
        assert read(path, days[1]).closed is None
        with pytest.raises(DayNotClosable):
            close(ledger, days[1])


@pytest.mark.parametrize("until", ["2020-01-01T00:00:00.000+00:00", "2099-01-01T00:00:00.000+00:00", "not a time"])
def test_period_of_a_damaged_record_moves_no_other_day(ledger: Ledger, path: Path, clock: SetClock, until: str) -> None:
    days = [DAY - timedelta(days=n) for n in (2, 1, 0)]
    for number, day in enumerate(days):
        clock.to(day)
        confirm(ledger, register(ledger, number))
    close(ledger, days[1])
    change_file(path, f"UPDATE closed_days SET until = '{until}'")
    report = read(path)
    assert (report.operations, report.since) == (1, midnight(DAY))
    assert report.earlier_open_days == (days[0],)
    assert close(ledger).totals.sales.value == 1000


def test_damaged_number_of_a_record_is_no_reason_to_list_millions(ledger: Ledger, path: Path) -> None:
    close(ledger)
    change_file(path, "UPDATE closed_days SET number = 1000000000000")
    assert len(read(path).damaged_closes) < 2000


def test_deleted_newest_record_is_missed(ledger: Ledger, path: Path) -> None:
    for day in (DAY - timedelta(days=1), DAY):
        close(ledger, day)
    change_file(path, "DELETE FROM closed_days WHERE number = 2")
    report = read(path)
    assert report.damaged_closes == (DamagedClose(2, is_gone=True),)
    assert report.closed is None
    assert close(ledger).number == 3
    assert read(path).damaged_closes == (DamagedClose(2, is_gone=True),)


def test_rewritten_record_with_a_right_hash_is_betrayed_by_its_successor(ledger: Ledger, path: Path) -> None:
    other = path.with_name("other.db")
    twin = Ledger(other, clock=SetClock())
    confirm(twin, register(twin, 1, value=999))
    close(twin, DAY - timedelta(days=1))
    twin.close()
    for day in (DAY - timedelta(days=1), DAY):
        close(ledger, day)
    with closing(sqlite3.connect(other)) as db:
        row = db.execute("SELECT * FROM closed_days").fetchone()
    with closing(sqlite3.connect(path)) as db, db:
        db.executescript("DROP TRIGGER closed_days_are_kept")
        db.execute("DELETE FROM closed_days WHERE number = 1")
        db.execute("INSERT INTO closed_days VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
    assert [each.number for each in read(path).damaged_closes] == [1]


def test_damaged_operation_is_named_and_needs_a_reason(ledger: Ledger, path: Path) -> None:
    confirm(ledger, register(ledger, 1))
    confirm(ledger, register(ledger, 2))
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("DROP TRIGGER final_stays")
        db.execute("UPDATE operations SET value = 9000 WHERE id = 2")
    report = read(path)
    assert (report.damaged_operations, report.totals.sales.value, report.operations) == ((2,), 1000, 2)
    with pytest.raises(ReasonNeeded):
        close(ledger)
    assert close(ledger, person="Ana", reason="disco").damaged_operations == (2,)


def test_operation_whose_state_changed_on_disk_is_damaged(ledger: Ledger, path: Path) -> None:
    register(ledger, 1)
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("UPDATE operations SET state = 'confirmed' WHERE id = 1")
    assert read(path).damaged_operations == (1,)


def test_close_on_a_full_disk_leaves_no_record(ledger: Ledger, path: Path) -> None:
    confirm(ledger, register(ledger, 1))
    pages = ledger.connection.rows("PRAGMA page_count")[0][0]
    ledger.connection.db.execute(f"PRAGMA max_page_count = {pages}")

    def close_many() -> None:
        for n in range(40):
            close(ledger, DAY - timedelta(days=n))

    with pytest.raises(LedgerFailed):
        close_many()
    closed = read_closed(path, None)
    assert read(path).damaged_closes == ()
    ledger.connection.db.execute("PRAGMA max_page_count = 1000000")
    assert close(ledger, DAY - timedelta(days=len(closed))).number == len(closed) + 1


def test_day_is_read_by_the_index_of_times(ledger: Ledger, path: Path) -> None:
    statements: list[str] = []
    register(ledger, 1)
    with closing(sqlite3.connect(path)) as db:
        db.row_factory = sqlite3.Row
        db.set_trace_callback(statements.append)
        day_report(db, DAY, till="")
        db.set_trace_callback(None)
        plans = [
            str(row["detail"])
            for statement in statements
            if statement.lstrip().startswith("SELECT")
            for row in db.execute(f"EXPLAIN QUERY PLAN {statement}")
        ]
    few = ("closed_days", "shop_tills")  # rows
    scans = [plan for plan in plans if plan.startswith("SCAN") and not any(table in plan for table in few)]
    assert scans == []
