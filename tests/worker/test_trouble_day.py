"""A day with every kind of trouble closes to the cent: what its close and the late changes say is what was applied.

The till stands in São Paulo on the day that had no midnight, and moves to Manaus after it.
"""

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bonifiq_desktop.domain.day_close import ClosedDay, DayReport, ReasonNeeded
from bonifiq_desktop.domain.operations import FINAL, Kind, Operation, Resolution, ReviewReason, State
from bonifiq_desktop.domain.slips import SlipKind, SlipSubject
from bonifiq_desktop.domain.verdicts import OrderNotFound
from bonifiq_desktop.services.refundable import RefundRequest
from bonifiq_desktop.services.return_requests import RemoteRequest, ReturnRequest
from bonifiq_desktop.training_server.server import TrainingServer
from bonifiq_desktop.worker import commands as c
from tests.support.headless_till import SALE
from tests.support.remote_till import NAME, RemoteTill
from tests.support.rewarded_sales import AMOUNT, CHECKOUT
from tests.worker.test_days import CHOICE, Tally
from tests.worker.test_rewards import redeem

UseZone = Callable[[str], None]

BEFORE, DAY, AFTER = date(2018, 11, 3), date(2018, 11, 4), date(2018, 11, 5)
CHANGE = datetime(2018, 11, 4, 3, tzinfo=UTC)
"""Midnight and one o'clock at once: the hour between them did not exist."""


@pytest.fixture(name="zone")
def time_zones(monkeypatch: pytest.MonkeyPatch) -> Iterator[UseZone]:
    """Moves the PC; back after the test."""
    if sys.platform == "win32":
        pytest.skip("a process cannot change its time zone there")

    def use(name: str) -> None:
        monkeypatch.setenv("TZ", name)
        time.tzset()

    yield use
    monkeypatch.undo()
    time.tzset()


class Trouble:
    """What happens at the counter on that day."""

    def __init__(self, till: RemoteTill, tally: Tally, server: TrainingServer) -> None:
        self.till, self.tally, self.server = till, tally[0], server
        self.ledger = till.backend.ledger

    def at(self, moment: datetime) -> None:
        """Set the till's clock."""
        self.ledger.connection.clock = lambda: moment

    def wait(self, *operations: Operation, states: frozenset[State] = FINAL) -> None:
        """Wait until operations have come to one of these states."""
        state = self.ledger.queries.state
        self.till.wait_until(lambda: all(state(each.operation_id) in states for each in operations))

    def sell(self, order_id: str) -> None:
        """A confirmed sale of 90,00."""
        sale = replace(SALE, order_id=order_id, placed_at=datetime.now(UTC))
        self.wait(self.till.ask(c.RegisterSale(sale, ignore_clock=True)))

    def refund(self, order_id: str, value: int) -> Operation:
        """A registered refund."""
        order = self.till.ask(c.LookUp(order_id)).order
        operation: Operation = self.till.ask(c.RegisterRefund(RefundRequest(order, value, "Troca")))
        return operation

    def give_back(self) -> tuple[Operation, ...]:
        """A registered return of 20,00 in both systems."""
        money = RemoteRequest(NAME, self.till.ask(c.LookUpElsewhere(NAME, "1001")).order, CHOICE)
        points = RefundRequest(self.till.ask(c.LookUp("1001")).order, 2000, "Defeito")
        legs: tuple[Operation, ...] = self.till.ask(c.RegisterReturn(ReturnRequest(points, (money,))))
        return legs

    def read(self, day: date) -> DayReport:
        """A day as the window shows it."""
        report: DayReport = self.till.ask(c.ReadDay(day))
        return report

    def close(self, day: date, person: str = "", reason: str = "") -> ClosedDay:
        """Close a day as it is shown."""
        closed: ClosedDay = self.till.ask(c.CloseDay(day, self.read(day).operations, person, reason))
        return closed

    def applied(self, kind: str) -> int:
        """The cents that the service applied of one kind, for all days."""
        return sum(entry.cents for entry in self.server.service.applied if entry.kind == kind)

    def sell_and_undo(self) -> None:
        """Sales around the hour that was left out, a lost answer, a whole return, and a reward that was undone."""
        self.at(CHANGE - timedelta(minutes=1))
        self.sell("2000")
        self.at(CHANGE)
        self.sell("2001")
        self.server.faults.add("lose_answer", only="refund")
        sent_twice = self.refund("1003", 700)
        self.wait(sent_twice)
        for _ in range(2):  # and printed twice
            self.ledger.print_jobs.add(SlipSubject(SlipKind.REFUND, str(sent_twice.operation_id)), "Caixa")
        self.wait(*self.give_back())
        redeem(self.till)
        self.wait(self.till.ask(c.UndoRedemption(CHECKOUT)))

    def contradict(self) -> Operation:
        """A confirmed sale that the system did not know for a while."""
        self.sell("2002")
        gone = self.server.service._orders.pop("2002")
        with pytest.raises(OrderNotFound):
            self.till.ask(c.LookUp("2002"))
        self.server.service._orders["2002"] = gone
        return self.ledger.queries.history_of("2002").operations[0]

    def leave_open(self) -> tuple[Operation, ...]:
        """A return whose money may or may not be back, its points, an unclear refund, and one in review."""
        self.tally.faults = ["late"]
        money, points = self.give_back()
        self.server.faults.add("error_500", only="refund", times=500)
        unknown, review = self.refund("1002", 300), self.refund("1004", 450)
        self.wait(money, unknown, review, states=frozenset({State.UNKNOWN}))
        failed = Resolution(State.REVIEW, review_reason=ReviewReason.BUDGET_USED_UP)
        self.ledger.resolve(review.operation_id, State.UNKNOWN, failed)
        return money, points, unknown, review


def test_day_with_every_trouble_closes_to_the_cent(
    recording_shop: RemoteTill, tally: Tally, server: TrainingServer, zone: UseZone
) -> None:
    zone("America/Sao_Paulo")
    it = Trouble(recording_shop, tally, server)
    it.sell_and_undo()
    contradicted = it.contradict()
    money, points, unknown, review = it.leave_open()

    report = it.read(DAY)
    assert (report.since, report.until) == (CHANGE, datetime(2018, 11, 5, 2, tzinfo=UTC))
    assert report.earlier_open_days == (BEFORE,)
    assert {each.operation_id: (each.state, each.contradicted) for each in report.open_operations} == {
        contradicted.operation_id: (State.CONFIRMED, True),
        money.operation_id: (State.UNKNOWN, False),
        points.operation_id: (State.QUEUED, False),
        unknown.operation_id: (State.UNKNOWN, False),
        review.operation_id: (State.REVIEW, False),
    }
    with pytest.raises(ReasonNeeded):
        it.close(DAY)
    assert it.close(BEFORE).totals.sales.value == 9000
    closed = it.close(DAY, "Ana", "o sistema não responde")
    totals = closed.totals
    assert (totals.sales.count, totals.sales.value) == (2, 18000)
    assert (totals.refunds.count, totals.refunds.value) == (2, 2700)
    assert [(each.name, each.sum.count, each.sum.value) for each in totals.returns] == [(NAME, 1, 2000)]
    assert (totals.rewards.value, totals.rewards_undone.value) == (AMOUNT, AMOUNT)

    zone("America/Manaus")
    it.at(datetime(2018, 11, 5, 2, 30, tzinfo=UTC))  # still the fourth there; the closed day has ended
    server.faults.clear()
    tally[0].apply_late()
    it.wait(money, points, unknown)
    it.sell("2003")
    it.at(datetime(2018, 11, 5, 16, tzinfo=UTC))
    last = it.close(AFTER)
    assert {each.operation_id: (each.before, each.now) for each in last.late_changes} == {
        money.operation_id: (State.UNKNOWN, State.CONFIRMED),
        points.operation_id: (State.QUEUED, State.CONFIRMED),
        unknown.operation_id: (State.UNKNOWN, State.CONFIRMED),
    }
    assert it.read(DAY).closed == closed
    assert [each.day for each in recording_shop.ask(c.ReadClosedDays())] == [AFTER, DAY, BEFORE]
    _assert_books(it, recording_shop.ask(c.ReadClosedDays()))


def _assert_books(it: Trouble, days: tuple[ClosedDay, ...]) -> None:
    """All closes with their late changes say what the systems applied, kind by kind."""

    def told(kind: Kind, sums: Iterable[int]) -> int:
        return sum(sums) + sum(late.value for day in days for late in day.late_changes if late.kind is kind)

    assert told(Kind.SALE, (day.totals.sales.value for day in days)) == it.applied("sale")
    assert told(Kind.REFUND, (day.totals.refunds.value for day in days)) == it.applied("refund")
    assert told(Kind.REDEMPTION, (day.totals.rewards.value for day in days)) == it.applied("redemption")
    returns = (part.sum.value for day in days for part in day.totals.returns)
    assert told(Kind.RETURN, returns) == sum(it.tally.cents("1001"))
