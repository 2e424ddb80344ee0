"""Pictures and questions of the owner equal what reading through all operations gives, on days of every length."""

import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bonifiq_desktop.domain.operations import Decision, Evidence, Kind, Operation, Resolution, State, resolve_by_person
from bonifiq_desktop.domain.owner_questions import ByHand, Decided, Question, ReturningCustomer, Unsent
from bonifiq_desktop.domain.progress import Progress, WorkStopped
from bonifiq_desktop.domain.reports import GivenBack
from bonifiq_desktop.domain.requests import Intent, SerializedRequest
from bonifiq_desktop.domain.verdicts import Bonus, FailureReason, NotSent
from bonifiq_desktop.ledger.errors import RowDamaged
from bonifiq_desktop.ledger.ledger import Ledger
from bonifiq_desktop.services import reports
from tests.support.ledger_actions import (
    CONFIRMED,
    KEYS,
    TIMED_OUT,
    UNKNOWN,
    bring_to_review,
    cancel,
    confirm,
    refund,
    sell,
    start_attempt,
)
from tests.support.report_days import RandomDays, SetClock, time_zone

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no tzset")
SEEDS = range(4)
# A clock that is put back, one that is put forward, an offset of a quarter of an hour, and a zone without changes.
ZONES = {
    "America/New_York": date(2026, 11, 1),
    "Europe/Lisbon": date(2026, 3, 29),
    "Asia/Kathmandu": date(2026, 6, 1),
    "America/Sao_Paulo": date(2026, 12, 31),
}


@pytest.fixture(name="clock")
def set_clock() -> SetClock:
    return SetClock(datetime(2026, 11, 20, 15, 0, tzinfo=UTC))


@pytest.fixture(name="ledger")
def ledger_on_that_clock(path: Path, clock: SetClock) -> Iterator[Ledger]:
    ledger = Ledger(path, clock=clock, customer_keys=KEYS)
    yield ledger
    ledger.close()


def ask(path: Path, question: Question, first: date, last: date) -> tuple[object, ...]:
    """All rows of an answer."""
    return reports.all_rows(path, question, first, last, Progress())


def moments_around(day: date, zone: ZoneInfo) -> list[datetime]:
    """Moments in the days around a day, each 37 minutes after the other, so that every hour of the day is met."""
    begin = datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC) - timedelta(days=1)
    return [begin + step * timedelta(minutes=37) for step in range(3 * 24 * 60 // 37)]


def on_days(operation: Operation, first: date, last: date, zone: ZoneInfo) -> bool:
    return first <= operation.created_at.astimezone(zone).date() <= last


def returned_once(operations: list[Operation]) -> list[Operation]:
    """The operation that stands for each return and currency, with the sum of what it stands for."""
    done = [o for o in operations if o.state is State.CONFIRMED]
    own = [o for o in done if o.kind in {Kind.REFUND, Kind.CANCEL}]
    covered = {o.return_id for o in own if o.return_id}
    groups: dict[tuple[str, str], list[Operation]] = {}
    for leg in done:
        if leg.kind is Kind.RETURN and leg.return_id not in covered:
            groups.setdefault((leg.return_id, leg.currency), []).append(leg)
    return own + [replace(legs[0], value=sum(leg.value for leg in legs)) for legs in groups.values()]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", ZONES)
def test_pictures_equal_those_of_a_reading_through(
    ledger: Ledger, path: Path, clock: SetClock, name: str, seed: int
) -> None:
    zone, day = ZoneInfo(name), ZONES[name]
    days = RandomDays(ledger, clock, seed)
    with time_zone(name):
        days.live(moments_around(day, zone))
        for first, last in ((day, day), (day - timedelta(days=1), day + timedelta(days=1))):
            found = reports.read_pictures(path, first, last, Progress())
            chosen = [o for o in days.operations if on_days(o, first, last, zone)]
            sales = [
                o
                for o in chosen
                if o.kind is Kind.SALE and o.state is State.CONFIRMED and not (o.order and o.order.cancelled)
            ]
            returns = returned_once(chosen)
            reais = [o for o in returns if o.currency == "BRL"]
            assert len(sales) > 3
            assert len(reais) > 3
            for hour in range(24):
                flow = found.hours[hour]
                sold = [o.value for o in sales if o.created_at.astimezone(zone).hour == hour]
                back = [o.value for o in reais if o.created_at.astimezone(zone).hour == hour]
                assert (flow.sales.count, flow.sales.value) == (len(sold), sum(sold))
                assert (flow.given_back.count, flow.given_back.value) == (len(back), sum(back))
            for weekday in range(7):
                sold = [o.value for o in sales if o.created_at.astimezone(zone).weekday() == weekday]
                assert found.weekdays[weekday].sales.value == sum(sold)
            reasons = Counter[tuple[str, str]]()
            for o in returns:
                reasons[o.reason, o.currency] += o.value
            assert {(each.name, each.sum.currency): each.sum.value for each in found.reasons} == dict(reasons)
            dollars = [o.value for o in returns if o.currency == "USD"]
            assert sum(each.value for each in found.other_currencies) == sum(dollars)
            given = [o.bonus for o in sales if o.bonus and not (o.order and o.order.pending)]
            assert sum(each.given.points for each in found.points) == sum(bonus.points for bonus in given)
            assert sum(each.given.cashback for each in found.points) == sum(bonus.cashback for bonus in given)


def test_taken_points_are_those_of_the_sale_in_proportion(ledger: Ledger, path: Path, clock: SetClock) -> None:
    confirm(ledger, sell(ledger, "N-1"))  # 30 points and 4,50 for 25,90
    confirm(ledger, refund(ledger, 1295, "N-1"))
    confirm(ledger, refund(ledger, 500, "X-1"))
    day = clock.now.astimezone().date()
    found = reports.read_pictures(path, day, day, Progress())
    [step] = found.points
    assert (step.given, step.taken) == (Bonus(30, 450), Bonus(15, 225))
    assert found.untold == 1


def test_damaged_amount_is_reported_and_not_added_up(ledger: Ledger, path: Path, clock: SetClock) -> None:
    confirm(ledger, sell(ledger, "N-1"))
    ledger.connection.db.execute("DROP TRIGGER final_stays")
    ledger.connection.db.execute("UPDATE operations SET bonus = 'x'")
    day = clock.now.astimezone().date()
    with pytest.raises(RowDamaged):
        reports.read_pictures(path, day, day, Progress())


def test_stopped_reading_raises_work_stopped(ledger: Ledger, path: Path, clock: SetClock) -> None:
    confirm(ledger, sell(ledger, "N-1"))
    progress = Progress()
    progress.stop()
    day = clock.now.astimezone().date()
    with pytest.raises(WorkStopped):
        reports.read_pictures(path, day, day, progress)
    for question in Question:
        with pytest.raises(WorkStopped):
            reports.answer(path, question, day, day, progress)


@pytest.mark.parametrize("seed", SEEDS)
def test_given_back_names_each_return_once_with_person_and_systems(
    ledger: Ledger, path: Path, clock: SetClock, seed: int
) -> None:
    zone, day = ZoneInfo("America/Sao_Paulo"), date(2026, 12, 31)
    days = RandomDays(ledger, clock, seed)
    with time_zone(zone.key):
        days.live(moments_around(day, zone))
        rows = ask(path, Question.GIVEN_BACK, day, day)
    expected = returned_once([o for o in days.operations if on_days(o, day, day, zone)])
    assert {(row.operation_id, row.value, row.person, row.reason) for row in rows if isinstance(row, GivenBack)} == {
        (o.operation_id, o.value, o.registered_by, o.reason) for o in expected
    }
    assert len(rows) == len(expected)
    legs = {o.return_id: {each.connection for each in days.operations if each.return_id == o.return_id
                          and each.state is State.CONFIRMED} for o in expected if o.return_id}  # fmt: skip
    for row in rows:
        assert isinstance(row, GivenBack)
        operation = ledger.queries.operation(row.operation_id)
        assert set(row.systems) == legs.get(operation.return_id, {operation.connection})


def test_customers_are_ordered_by_their_returns_and_masked(ledger: Ledger, path: Path, clock: SetClock) -> None:
    confirm(ledger, refund(ledger, 100))
    confirm(ledger, refund(ledger, 200))
    confirm(ledger, refund(ledger, 300, "Y-1", None))
    day = clock.now.astimezone().date()
    found = reports.answer(path, Question.CUSTOMERS, day, day, Progress())
    assert found.unnamed == 1
    shown = reports.with_masked_customers(found, ledger.customers)
    [row] = shown.rows
    assert isinstance(row, ReturningCustomer)
    assert (row.count, row.sums[0].value, row.last_order_id) == (2, 300, "1006/B")
    assert (row.name, row.document) == ("A…", "***.982.247-**")


def test_decisions_name_person_reason_and_what_was_asked(ledger: Ledger, path: Path, clock: SetClock) -> None:
    decided = refund(ledger)
    bring_to_review(ledger, decided)
    ledger.resolve(decided.operation_id, State.REVIEW, resolve_by_person(Decision.WAS_DONE), note="Ana: vi: no site")
    taken_back = cancel(ledger, "N-2")
    ledger.withdraw(taken_back.operation_id, by="Bia")
    looked_into = confirm(ledger, sell(ledger, "N-3"))
    ledger.record_contradiction(looked_into.operation_id, "found missing")
    ledger.acknowledge_contradiction(looked_into.operation_id, by="Carla")
    intent = Intent(Kind.CANCEL, "N-4", 500, "Desistiu", registered_by="Bia", approved_by="Ana")
    approved = ledger.enqueue(intent, lambda _index: SerializedRequest("/p", b"{}"))
    day = clock.now.astimezone().date()
    rows = [row for row in ask(path, Question.DECIDED, day, day) if isinstance(row, Decided)]
    assert [(row.operation_id, row.by_hand, row.person, row.reason) for row in rows] == [
        (approved.operation_id, ByHand.APPROVED, "Ana", "Desistiu"),
        (looked_into.operation_id, ByHand.ACKNOWLEDGED, "Carla", ""),
        (taken_back.operation_id, ByHand.WITHDRAWN, "Bia", ""),
        (decided.operation_id, ByHand.DECIDED, "Ana", "vi: no site"),
    ]
    assert not ask(path, Question.DECIDED, day - timedelta(days=1), day - timedelta(days=1))


def test_unsent_lists_what_failed_what_waits_and_what_was_late(ledger: Ledger, path: Path, clock: SetClock) -> None:
    at_once = confirm(ledger, sell(ledger, "N-0"))
    begin = clock.now
    offline = sell(ledger, "N-1")
    failed = NotSent(FailureReason.NO_CONNECTION)
    ledger.finish_attempt(start_attempt(ledger, offline), failed, Resolution(State.QUEUED))
    clock.now = begin + timedelta(hours=2)
    unclear = start_attempt(ledger, offline)
    ledger.finish_attempt(unclear, TIMED_OUT, UNKNOWN)
    clock.now = begin + timedelta(hours=3)
    confirm(ledger, offline)
    switched_off = sell(ledger, "N-2")
    clock.now += timedelta(minutes=20)
    confirm(ledger, switched_off)
    waiting = sell(ledger, "N-3")
    day = begin.astimezone().date()
    rows = {row.operation_id: row for row in ask(path, Question.UNSENT, day, day) if isinstance(row, Unsent)}
    assert set(rows) == {offline.operation_id, switched_off.operation_id, waiting.operation_id}
    assert at_once.operation_id not in rows
    row = rows[offline.operation_id]
    assert (row.attempts, row.failure) == (2, FailureReason.TIMED_OUT)
    assert row.until is not None
    assert row.delay.unsent // timedelta(minutes=1) == 120
    assert row.delay.unknown // timedelta(minutes=1) == 59 or row.delay.unknown // timedelta(minutes=1) == 60
    assert row.delay.total == row.until - row.at
    assert rows[switched_off.operation_id].delay.unsent // timedelta(minutes=1) == 20
    assert rows[waiting.operation_id].until is None


def test_export_writes_every_row_as_plain_text(ledger: Ledger, path: Path, clock: SetClock, tmp_path: Path) -> None:
    intent = Intent(Kind.CANCEL, "N-4", 123456, "=1+1", registered_by="Ana")
    confirm(ledger, ledger.enqueue(intent, lambda _index: SerializedRequest("/p", b"{}")))
    day = clock.now.astimezone().date()
    rows = reports.all_rows(path, Question.GIVEN_BACK, day, day, Progress())
    target = tmp_path / "out.csv"
    saved = reports.save(Question.GIVEN_BACK, rows, target, data_folder=path.parent, progress=Progress())
    head, line, rest = target.read_bytes().decode("utf-8-sig").split("\r\n")
    assert (saved, rest) == (1, "")
    assert head.split(";")[:2] == ["person", "reason"]
    assert line.split(";")[:2] == ["Ana", "'=1+1"]
    assert "1.234,56;BRL" in line


def test_confirmed_evidence_is_no_decision(ledger: Ledger, path: Path, clock: SetClock) -> None:
    assert CONFIRMED.evidence is Evidence.ANSWER
    confirm(ledger, refund(ledger))
    day = clock.now.astimezone().date()
    assert not ask(path, Question.DECIDED, day, day)


def test_comma_in_the_name_of_a_connection_makes_no_second_system(ledger: Ledger, path: Path) -> None:
    confirm(ledger, refund(ledger))
    ledger.connection.db.execute("DROP TRIGGER final_stays")
    ledger.connection.db.execute("UPDATE operations SET connection = 'Loja A, Centro'")
    (row,) = ask(path, Question.GIVEN_BACK, date(2026, 11, 20), date(2026, 11, 20))
    assert isinstance(row, GivenBack)
    assert row.systems == ("Loja A, Centro",)
