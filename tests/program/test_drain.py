"""A long queue drains in the background: look-ups meanwhile are as quick as in an idle program."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from statistics import quantiles
from time import perf_counter

import pytest
from PySide6.QtCore import QEventLoop, Qt, QTimer

from bonifiq_desktop.connectors.bonifiq.requests import SALES_PATH, sale_body
from bonifiq_desktop.domain.operations import Operation, State
from bonifiq_desktop.domain.orders import Customer, Order
from bonifiq_desktop.domain.sales import Sale
from bonifiq_desktop.domain.verdicts import FailureReason
from bonifiq_desktop.services.refundable import LookupResult, RefundRequest
from bonifiq_desktop.worker.commands import LookUp, Outcome, RegisterRefund, RegisterSale
from tests.support.cashier import Cashier, history, wait_until
from tests.support.ledger_actions import START
from tests.support.separate_training_server import SeparateTrainingServer, separate_training_server

ROUNDS = ((45, 15, 60, 40), (20, 75, 30, 45), (35, 60, 25, 50))
"""How many operations the outbox settles between two pauses: at no regular times, so that whatever else this machine
does slows down both its waiting and its working."""

QUEUED = sum(map(sum, ROUNDS))
CUSTOMER = Customer(name="Maria", document="52998224725", customer_id="52998224725")


def ask_for_a_pause(server: SeparateTrainingServer) -> None:
    """Let the outbox wait for a second from its next refund on; look-ups are answered as ever."""
    server.add_faults({"name": "error_429", "only": "refund", "retry_after": 1})


@pytest.fixture(name="elsewhere")
def server_in_another_process(monkeypatch: pytest.MonkeyPatch) -> Iterator[SeparateTrainingServer]:
    """Start it, and give the program its credentials."""
    with separate_training_server() as server:
        monkeypatch.setenv("BONIFIQ_API_TOKEN", server.credentials.token)
        monkeypatch.setenv("BONIFIQ_API_KEY", server.credentials.key)
        yield server


@dataclass
class Figures:
    """Seconds: of each look-up, and between two beats of the window's event loop."""

    look_ups: list[float] = field(default_factory=list)
    beats: list[float] = field(default_factory=list)


@dataclass
class Round:
    """What a window and its cashier felt while the outbox waited, and while it worked."""

    idle: Figures = field(default_factory=Figures)
    busy: Figures = field(default_factory=Figures)

    def slower(self) -> float:
        """How many times as long look-ups take while the outbox works: of each, the time that nine in ten stay below.

        The median would hide a worker that sleeps 30 ms in each sending.
        """
        return quantiles(self.busy.look_ups, n=10)[-1] / quantiles(self.idle.look_ups, n=10)[-1]

    def rougher(self) -> float:
        """The same of the window's beats, of which one in twenty is left out."""
        return quantiles(self.busy.beats, n=20)[-1] / quantiles(self.idle.beats, n=20)[-1]


class Watch:
    """Looks up again and again, and takes the time, apart for what the outbox did meanwhile."""

    def __init__(self, cashier: Cashier) -> None:
        self._desk = cashier.app.client
        self._desk.operationChanged.connect(self._changed)
        self._confirmed: set[int] = set()
        self._goal = 0
        self._draining = False
        self.round = Round()
        self._rng = Random(1)
        self._last_beat = 0.0
        self._pulse = QTimer(cashier.window, interval=5, timerType=Qt.TimerType.PreciseTimer)
        self._pulse.timeout.connect(self._beat)

    def look_up_while_settling(self, more: int) -> None:
        """One look-up after the other, at no regular times, until so many more operations are confirmed."""
        self._goal += more
        self._last_beat = perf_counter()
        self._pulse.start()
        while len(self._confirmed) < self._goal:
            self._look_up()
            pause = QEventLoop()
            QTimer.singleShot(self._rng.randrange(40), pause.quit)
            pause.exec()
        self._pulse.stop()

    @property
    def _figures(self) -> Figures:
        return self.round.busy if self._draining else self.round.idle

    def _changed(self, operation: Operation) -> None:
        if operation.state is State.CONFIRMED:
            self._confirmed.add(operation.operation_id)
        if operation.state is State.SENDING:
            self._draining = True
        elif operation.failure_reason is FailureReason.THROTTLED:
            self._draining = False

    def _beat(self) -> None:
        now = perf_counter()
        self._figures.beats.append(now - self._last_beat)
        self._last_beat = now

    def _look_up(self) -> None:
        waiting = QEventLoop()
        outcomes: list[Outcome[LookupResult]] = []

        def answered(outcome: Outcome[LookupResult]) -> None:
            outcomes.append(outcome)
            waiting.quit()

        figures, asked_at = self._figures, perf_counter()
        self._desk.submit(LookUp("1001"), answered)
        waiting.exec()
        assert outcomes[0].error is None
        if figures is self._figures:
            figures.look_ups.append(perf_counter() - asked_at)


def register(cashier: Cashier, server: SeparateTrainingServer) -> None:
    """Half of them sales, half refunds of orders that BonifiQ knows."""
    answers: list[Outcome[Operation]] = []
    ask_for_a_pause(server)
    for number in range(QUEUED // 2):
        sold = Sale(CUSTOMER, 9000, START, order_id=f"SOLD-{number}")
        server.ask("POST", SALES_PATH, sale_body(sold, sold.order_id))
        refund = RefundRequest(Order(sold.order_id, sold.total), 1000)
        cashier.app.client.submit(RegisterRefund(refund), answers.append)
        cashier.app.client.submit(RegisterSale(Sale(CUSTOMER, 9000, START, order_id=f"SALE-{number}")), answers.append)
    wait_until(lambda: len(answers) == QUEUED, "the queue")
    assert [answer.error for answer in answers if answer.error] == []


def test_look_ups_stay_quick_while_500_operations_drain_once_each(
    elsewhere: SeparateTrainingServer, start: Callable[..., Cashier], tmp_path: Path
) -> None:
    cashier = start("--data-dir", str(tmp_path), "--api-url", elsewhere.url)
    cashier.look_up("1001")
    watch = Watch(cashier)
    register(cashier, elsewhere)
    rounds = []
    for turns in ROUNDS:
        watch.round = Round()
        for operations in turns:
            ask_for_a_pause(elsewhere)
            watch.look_up_while_settling(operations)
        rounds.append(watch.round)

    assert min(each.slower() for each in rounds) <= 2.5
    assert min(each.rougher() for each in rounds) <= 1.5, "the window keeps painting"
    rows = history(tmp_path)
    assert (len(rows), {row["state"] for row in rows}) == (QUEUED, {"confirmed"})
    applied = json.loads(elsewhere.ask("GET", "/training/state"))["applied"]
    expected = [
        (kind, f"{order}-{number}")
        for kind, order in (("sale", "SOLD"), ("refund", "SOLD"), ("sale", "SALE"))
        for number in range(QUEUED // 2)
    ]
    assert Counter((entry["kind"], entry["order_id"]) for entry in applied) == Counter(expected)
