"""The desk and its worker: every command gets its outcome, in the window's thread, whatever happens behind."""

import asyncio
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QThread
from PySide6.QtWidgets import QWidget

from bonifiq_desktop.domain.connections import ConnectionStatus
from bonifiq_desktop.domain.verdicts import LookupFailed
from bonifiq_desktop.worker import commands as c
from bonifiq_desktop.worker.client import WorkerClient
from bonifiq_desktop.worker.thread import OpenBackend
from tests.worker.conftest import MakeDesk, Window

STATUS = c.Status(ConnectionStatus.ONLINE, 1, 0, stopped_by_credentials=False)


@dataclass
class FakeOffice:
    """Answers a LookUp with what was typed; `boom` raises, `wait` waits until `go`."""

    tell: Callable[[object], None]
    threads: list[int] = field(default_factory=list)
    go: asyncio.Event = field(default_factory=asyncio.Event)
    cancelled: list[str] = field(default_factory=list)
    closed: bool = False
    stopped: asyncio.Event = field(default_factory=asyncio.Event)

    async def handle(self, command: c.Command[Any]) -> Any:
        """Do as told."""
        self.threads.append(threading.get_ident())
        match command:
            case c.LookUp("boom"):
                raise ZeroDivisionError("boom")
            case c.LookUp("wait"):
                try:
                    await self.go.wait()
                except asyncio.CancelledError:
                    self.cancelled.append("wait")
                    raise
                return "waited"
            case c.LookUp("over"):
                self.stopped.set()
                return None
            case c.LookUp("go"):
                self.go.set()
                return "gone"
            case c.LookUp(typed):
                return typed
        raise AssertionError(command)

    def publish_status(self) -> None:
        """Tell."""
        self.tell(STATUS)

    async def aclose(self) -> None:
        """Close."""
        self.closed = True


def opening(offices: list[FakeOffice]) -> OpenBackend:
    """An open_office that keeps what it made."""

    async def open_office(tell: Callable[[object], None]) -> FakeOffice:
        office = FakeOffice(tell)
        offices.append(office)
        return office

    return open_office


@pytest.fixture(name="offices")
def made_offices() -> list[FakeOffice]:
    """The offices that were opened."""
    return []


@pytest.fixture(name="desk")
def started_desk(make_desk: MakeDesk, offices: list[FakeOffice]) -> WorkerClient:
    """A desk with a fake office."""
    desk = make_desk(opening(offices))
    desk.start()
    return desk


def test_outcomes_and_signals_arrive_in_the_windows_thread_and_work_is_done_in_another(
    make_desk: MakeDesk, offices: list[FakeOffice], window: Window
) -> None:
    desk = make_desk(opening(offices))
    seen: list[tuple[str, int, bool]] = []

    def note(what: str) -> Callable[[object], None]:
        return lambda _told: seen.append((what, threading.get_ident(), QThread.currentThread() is desk.thread()))

    desk.statusChanged.connect(note("status"))
    desk.submit(c.LookUp("1001"), note("outcome"))
    desk.start()
    window.until(lambda: len(seen) == 2)
    assert seen == [("status", threading.get_ident(), True), ("outcome", threading.get_ident(), True)]
    assert offices[0].threads
    assert threading.get_ident() not in offices[0].threads


def test_commands_given_before_the_office_is_open_are_answered_in_their_order(
    make_desk: MakeDesk, offices: list[FakeOffice], window: Window
) -> None:
    desk = make_desk(opening(offices))
    answers: list[object] = []
    for typed in ("1", "2", "3"):
        desk.submit(c.LookUp(typed), lambda outcome: answers.append(outcome.value))
    assert offices == []
    desk.start()
    window.until(lambda: len(answers) == 3)
    assert answers == ["1", "2", "3"]


def test_every_outcome_bears_the_ticket_of_its_command(desk: WorkerClient, window: Window) -> None:
    outcomes: list[c.Outcome[Any]] = []
    tickets = [desk.submit(c.LookUp(typed), outcomes.append) for typed in ("wait", "a", "go")]
    window.until(lambda: len(outcomes) == 3)
    assert len(set(tickets)) == 3
    assert {o.request_id: o.value for o in outcomes} == dict(zip(tickets, ("waited", "a", "gone"), strict=True))


def test_a_command_that_waits_holds_up_no_other(desk: WorkerClient, window: Window) -> None:
    order: list[object] = []
    desk.submit(c.LookUp("wait"), lambda outcome: order.append(outcome.value))
    assert window.get(desk, c.LookUp("quick")) == "quick"  # type: ignore[comparison-overlap]
    assert order == []
    desk.submit(c.LookUp("go"))
    window.until(lambda: bool(order))


def test_an_error_nobody_foresaw_is_an_outcome_and_the_work_goes_on(desk: WorkerClient, window: Window) -> None:
    outcome = window.ask(desk, c.LookUp("boom"))
    assert (type(outcome.error), outcome.value) == (ZeroDivisionError, None)
    assert window.ask(desk, c.LookUp("after")).value == "after"  # type: ignore[comparison-overlap]


class Asker(QWidget):
    """A widget that asks and is gone before the answer."""

    def __init__(self, heard: list[object]) -> None:
        super().__init__()
        self._heard = heard

    def answered(self, outcome: c.Outcome[Any]) -> None:
        """Take the answer; it would fail if the widget were gone."""
        self.setWindowTitle(str(outcome.value))
        self._heard.append(outcome.value)


def test_the_answer_for_a_widget_that_is_gone_reaches_nobody(desk: WorkerClient, window: Window) -> None:
    heard: list[object] = []
    asker, stays = Asker(heard), Asker(heard)
    desk.submit(c.LookUp("for the gone"), asker.answered)
    shiboken6.delete(asker)
    desk.submit(c.LookUp("for the one that stays"), stays.answered)
    window.until(lambda: bool(heard))
    assert heard == ["for the one that stays"]
    shiboken6.delete(stays)


def test_an_office_that_does_not_open_answers_every_command_with_its_error(
    make_desk: MakeDesk, window: Window, caplog: pytest.LogCaptureFixture
) -> None:
    trouble = OSError("disk")

    async def open_office(_tell: Callable[[object], None]) -> FakeOffice:
        raise trouble

    desk = make_desk(open_office)
    broken: list[object] = []
    desk.ledgerUnavailable.connect(broken.append)
    early: list[c.Outcome[Any]] = []
    desk.submit(c.LookUp("early"), early.append)
    desk.start()
    window.until(lambda: bool(early))
    assert early[0].error is trouble
    assert window.ask(desk, c.LookUp("late")).error is trouble
    assert broken == [c.LedgerUnavailable(trouble)]
    assert desk.stop()


def test_an_office_that_is_over_makes_room_for_another_and_leaves_no_command_without_an_answer(
    desk: WorkerClient, offices: list[FakeOffice], window: Window
) -> None:
    assert window.ask(desk, c.LookUp("x")).error is None
    cut: list[c.Outcome[Any]] = []
    desk.submit(c.LookUp("wait"), cut.append)
    desk.submit(c.LookUp("over"), cut.append)
    assert window.ask(desk, c.LookUp("y")).error is None
    window.until(lambda: len(cut) == 2)
    assert [str(outcome.error) for outcome in cut] == ["None", "interrupted"]
    assert [office.closed for office in offices] == [True, False]
    assert desk.stop()


def test_an_office_that_is_over_at_the_very_end_is_not_followed_by_another(
    desk: WorkerClient, offices: list[FakeOffice], window: Window
) -> None:
    assert window.ask(desk, c.LookUp("x")).error is None
    desk.submit(c.LookUp("over"))
    assert desk.stop()
    assert [office.closed for office in offices] in ([True], [True, True])


def kill(desk: WorkerClient) -> None:
    """End the loop under everything that runs on it, as running out of memory could."""
    loop = desk._thread
    assert loop is not None
    loop._loop.call_soon_threadsafe(sys.exit)


def test_a_worker_that_ends_by_itself_says_so_and_leaves_no_command_without_an_answer(
    desk: WorkerClient, offices: list[FakeOffice], window: Window
) -> None:
    assert window.ask(desk, c.LookUp("x")).error is None
    ended: list[object] = []
    desk.workerCrashed.connect(ended.append)
    waiting: list[c.Outcome[Any]] = []
    desk.submit(c.LookUp("wait"), waiting.append)
    window.until(lambda: len(offices[0].threads) == 2)
    kill(desk)
    while desk._thread and desk._thread.is_alive():
        desk.submit(c.LookUp("too late, and not known yet"), waiting.append)
    window.until(lambda: bool(ended))
    window.until(lambda: not desk._callbacks)
    errors = {type(outcome.error) for outcome in waiting}
    assert LookupFailed in errors
    assert errors <= {c.WorkerCrashed, LookupFailed}
    assert len({outcome.request_id for outcome in waiting}) == len(waiting)
    assert isinstance(window.ask(desk, c.LookUp("afterwards")).error, c.WorkerCrashed)
    assert [type(error) for error in ended] == [c.WorkerCrashed]
    assert offices[0].closed
    assert desk.stop()


def test_an_office_that_breaks_while_it_closes_for_another_ends_the_worker_and_that_is_said(
    make_desk: MakeDesk, window: Window
) -> None:
    class BadOffice(FakeOffice):
        async def aclose(self) -> None:
            raise ZeroDivisionError

    async def open_office(tell: Callable[[object], None]) -> BadOffice:
        return BadOffice(tell)

    desk = make_desk(open_office)
    desk.start()
    ended: list[object] = []
    desk.workerCrashed.connect(ended.append)
    assert window.ask(desk, c.LookUp("over")).error is None
    assert isinstance(window.ask(desk, c.LookUp("x")).error, c.WorkerCrashed)
    window.until(lambda: bool(ended))


@pytest.mark.qt_no_exception_capture
def test_whoever_breaks_on_an_answer_gets_an_error_instead_and_others_get_theirs(
    desk: WorkerClient, window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    reported: list[type[BaseException]] = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, _error, _trace: reported.append(kind))
    heard: list[c.Outcome[Any]] = []

    def fragile(outcome: c.Outcome[Any]) -> None:
        heard.append(outcome)
        if len(heard) == 1 or outcome.request_id == hopeless:
            raise KeyError("a bug")

    desk.submit(c.LookUp("1001"), fragile)
    hopeless = desk.submit(c.LookUp("boom"), fragile)
    assert window.ask(desk, c.LookUp("last")).error is None
    assert [(outcome.request_id, outcome.value, type(outcome.error)) for outcome in heard] == [
        (1, "1001", type(None)),
        (1, None, KeyError),
        (hopeless, None, ZeroDivisionError),
    ]
    assert reported == [KeyError, KeyError]


def test_stopping_cuts_what_still_waits_and_closes_the_office(
    desk: WorkerClient, offices: list[FakeOffice], window: Window
) -> None:
    answers: list[object] = []
    desk.submit(c.LookUp("wait"), answers.append)
    assert window.ask(desk, c.LookUp("x")).error is None
    assert desk.stop()
    assert (offices[0].cancelled, offices[0].closed) == (["wait"], True)
    desk.submit(c.LookUp("after the end"), answers.append)
    assert desk.stop(), "a second stop does nothing"
    assert [thread.name for thread in threading.enumerate() if thread.name == "worker"] == []
    assert answers == []


def test_stopping_before_the_start_and_before_the_office_is_open_ends_well(
    make_desk: MakeDesk, offices: list[FakeOffice]
) -> None:
    never = make_desk(opening(offices))
    assert never.stop()
    assert offices == []
    hasty = make_desk(opening(offices))
    hasty.start()
    assert hasty.stop()
    assert [office.closed for office in offices] == [True]


def test_a_desk_starts_once_and_not_after_its_end(make_desk: MakeDesk, offices: list[FakeOffice]) -> None:
    desk = make_desk(opening(offices))
    desk.start()
    desk.start()
    assert desk.stop()
    assert len(offices) == 1
    desk.start()
    never = make_desk(opening(offices))
    never.stop()
    never.start()
    assert len(offices) == 1


def test_an_answer_that_is_already_there_reaches_nobody_after_the_end(
    desk: WorkerClient, offices: list[FakeOffice], window: Window
) -> None:
    window.ask(desk, c.LookUp("open"))
    late: list[object] = []
    desk.submit(c.LookUp("late"), late.append)
    while len(offices[0].threads) < 2:
        pass  # without the event loop: the answer waits in its queue
    assert desk.stop()
    QCoreApplication.sendPostedEvents(desk)
    assert late == []


def test_a_status_that_cannot_be_told_ends_no_work(make_desk: MakeDesk, window: Window) -> None:
    class Tongueless(FakeOffice):
        def publish_status(self) -> None:
            raise ZeroDivisionError

    async def open_office(tell: Callable[[object], None]) -> FakeOffice:
        return Tongueless(tell)

    desk = make_desk(open_office)
    desk.start()
    assert window.ask(desk, c.LookUp("typed")).error is None


def test_notices_become_signals(desk: WorkerClient, offices: list[FakeOffice], window: Window) -> None:
    heard: list[object] = []
    desk.practiceOrders.connect(heard.append)
    window.ask(desk, c.LookUp("open"))
    offices[0].tell(c.PracticeOrders((("1001", "três produtos"),)))
    window.until(lambda: bool(heard))
    assert heard == [(("1001", "três produtos"),)]


def test_secrets_and_personal_data_are_not_in_what_a_log_would_print() -> None:
    from bonifiq_desktop.security.credentials import Credentials
    from bonifiq_desktop.storage.settings import Settings

    pair = Credentials("the-token", "the-key")
    printed = " ".join(
        map(
            repr,
            (
                c.FindCustomer("52998224725"),
                c.SaveSettings(Settings(), pair),
                c.TestConnection("https://x", pair),
                c.SaveDraft("sale", {"document": "52998224725"}),
                c.Outcome(1, value={"document": "52998224725"}),
            ),
        )
    )
    assert not [text for text in ("52998224725", "the-token", "the-key") if text in printed]
