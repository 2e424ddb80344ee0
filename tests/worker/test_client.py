"""WorkerClient and WorkerThread: every command gets its outcome, in the window's thread."""

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
from tests.worker.conftest import MakeClient, Window

STATUS = c.Status(ConnectionStatus.ONLINE, 1, 0, stopped_by_credentials=False)


@dataclass
class FakeBackend:
    """Answers a LookUp with its text; `boom` raises, `wait` waits until `go`, `over` stops the backend."""

    tell: Callable[[object], None]
    threads: list[int] = field(default_factory=list)
    go: asyncio.Event = field(default_factory=asyncio.Event)
    cancelled: list[str] = field(default_factory=list)
    closed: bool = False
    stopped: asyncio.Event = field(default_factory=asyncio.Event)

    async def handle(self, command: c.Command[Any]) -> Any:
        """Answer a LookUp."""
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
        """Publish a fixed status."""
        self.tell(STATUS)

    async def aclose(self) -> None:
        """Record the call."""
        self.closed = True


def opening(backends: list[FakeBackend]) -> OpenBackend:
    """An open_backend_for_test that keeps what it made."""

    async def open_backend_for_test(tell: Callable[[object], None]) -> FakeBackend:
        backend = FakeBackend(tell)
        backends.append(backend)
        return backend

    return open_backend_for_test


@pytest.fixture(name="backends")
def opened_backends() -> list[FakeBackend]:
    """The backends opened so far."""
    return []


@pytest.fixture(name="client")
def started_client(make_client: MakeClient, backends: list[FakeBackend]) -> WorkerClient:
    """A client with a fake backend."""
    client = make_client(opening(backends))
    client.start()
    return client


def test_outcomes_and_signals_arrive_in_the_windows_thread(
    make_client: MakeClient, backends: list[FakeBackend], window: Window
) -> None:
    client = make_client(opening(backends))
    seen: list[tuple[str, int, bool]] = []

    def note(what: str) -> Callable[[object], None]:
        return lambda _told: seen.append((what, threading.get_ident(), QThread.currentThread() is client.thread()))

    client.statusChanged.connect(note("status"))
    client.submit(c.LookUp("1001"), note("outcome"))
    client.start()
    window.until(lambda: len(seen) == 2)
    assert seen == [("status", threading.get_ident(), True), ("outcome", threading.get_ident(), True)]
    assert backends[0].threads
    assert threading.get_ident() not in backends[0].threads


def test_commands_before_the_backend_opens_are_answered_in_order(
    make_client: MakeClient, backends: list[FakeBackend], window: Window
) -> None:
    client = make_client(opening(backends))
    answers: list[object] = []
    for typed in ("1", "2", "3"):
        client.submit(c.LookUp(typed), lambda outcome: answers.append(outcome.value))
    assert backends == []
    client.start()
    window.until(lambda: len(answers) == 3)
    assert answers == ["1", "2", "3"]


def test_outcome_has_the_request_id_of_its_command(client: WorkerClient, window: Window) -> None:
    outcomes: list[c.Outcome[Any]] = []
    tickets = [client.submit(c.LookUp(typed), outcomes.append) for typed in ("wait", "a", "go")]
    window.until(lambda: len(outcomes) == 3)
    assert len(set(tickets)) == 3
    assert {o.request_id: o.value for o in outcomes} == dict(zip(tickets, ("waited", "a", "gone"), strict=True))


def test_waiting_command_delays_no_other_command(client: WorkerClient, window: Window) -> None:
    order: list[object] = []
    client.submit(c.LookUp("wait"), lambda outcome: order.append(outcome.value))
    assert window.get(client, c.LookUp("quick")) == "quick"  # type: ignore[comparison-overlap]
    assert order == []
    client.submit(c.LookUp("go"))
    window.until(lambda: bool(order))


def test_unexpected_error_is_an_outcome_and_the_worker_goes_on(client: WorkerClient, window: Window) -> None:
    outcome = window.ask(client, c.LookUp("boom"))
    assert (type(outcome.error), outcome.value) == (ZeroDivisionError, None)
    assert window.ask(client, c.LookUp("after")).value == "after"  # type: ignore[comparison-overlap]


class Asker(QWidget):
    """A widget that submits a command and may be deleted before the outcome."""

    def __init__(self, heard: list[object]) -> None:
        super().__init__()
        self._heard = heard

    def answered(self, outcome: c.Outcome[Any]) -> None:
        """Take the outcome; fails if the widget is deleted."""
        self.setWindowTitle(str(outcome.value))
        self._heard.append(outcome.value)


def test_outcome_for_a_deleted_widget_is_dropped(client: WorkerClient, window: Window) -> None:
    heard: list[object] = []
    asker, stays = Asker(heard), Asker(heard)
    client.submit(c.LookUp("for the gone"), asker.answered)
    shiboken6.delete(asker)
    client.submit(c.LookUp("for the one that stays"), stays.answered)
    window.until(lambda: bool(heard))
    assert heard == ["for the one that stays"]
    shiboken6.delete(stays)


def test_backend_that_fails_to_open_answers_every_command_with_the_error(
    make_client: MakeClient, window: Window, caplog: pytest.LogCaptureFixture
) -> None:
    trouble = OSError("disk")

    async def open_backend_for_test(_tell: Callable[[object], None]) -> FakeBackend:
        raise trouble

    client = make_client(open_backend_for_test)
    broken: list[object] = []
    client.ledgerUnavailable.connect(broken.append)
    early: list[c.Outcome[Any]] = []
    client.submit(c.LookUp("early"), early.append)
    client.start()
    window.until(lambda: bool(early))
    assert early[0].error is trouble
    assert window.ask(client, c.LookUp("late")).error is trouble
    assert broken == [c.LedgerUnavailable(trouble)]
    assert client.stop()


def test_stopped_backend_is_replaced_and_every_command_gets_its_outcome(
    client: WorkerClient, backends: list[FakeBackend], window: Window
) -> None:
    assert window.ask(client, c.LookUp("x")).error is None
    cut: list[c.Outcome[Any]] = []
    client.submit(c.LookUp("wait"), cut.append)
    client.submit(c.LookUp("over"), cut.append)
    assert window.ask(client, c.LookUp("y")).error is None
    window.until(lambda: len(cut) == 2)
    assert [str(outcome.error) for outcome in cut] == ["None", "interrupted"]
    window.until(lambda: [backend.closed for backend in backends] == [True, False])
    assert client.stop()


def test_backend_stopped_at_the_end_has_no_working_successor(
    client: WorkerClient, backends: list[FakeBackend], window: Window
) -> None:
    assert window.ask(client, c.LookUp("x")).error is None
    client.submit(c.LookUp("over"))
    assert client.stop()
    assert [backend.closed for backend in backends] in ([True], [True, True])


def kill(client: WorkerClient) -> None:
    """End the event loop under its tasks, as running out of memory could."""
    loop = client._thread
    assert loop is not None
    loop._loop.call_soon_threadsafe(sys.exit)


def test_crashed_worker_is_reported_and_every_command_gets_its_outcome(
    client: WorkerClient, backends: list[FakeBackend], window: Window
) -> None:
    assert window.ask(client, c.LookUp("x")).error is None
    ended: list[object] = []
    client.workerCrashed.connect(ended.append)
    waiting: list[c.Outcome[Any]] = []
    client.submit(c.LookUp("wait"), waiting.append)
    window.until(lambda: len(backends[0].threads) == 2)
    kill(client)
    while client._thread and client._thread.is_alive():
        client.submit(c.LookUp("too late, and not known yet"), waiting.append)
    window.until(lambda: bool(ended))
    window.until(lambda: not client._callbacks)
    errors = {type(outcome.error) for outcome in waiting}
    assert LookupFailed in errors
    assert errors <= {c.WorkerCrashed, LookupFailed}
    assert len({outcome.request_id for outcome in waiting}) == len(waiting)
    assert isinstance(window.ask(client, c.LookUp("afterwards")).error, c.WorkerCrashed)
    assert [type(error) for error in ended] == [c.WorkerCrashed]
    assert backends[0].closed
    assert client.stop()


def test_backend_that_fails_to_close_crashes_the_worker_and_is_reported(
    make_client: MakeClient, window: Window
) -> None:
    class BadBackend(FakeBackend):
        async def aclose(self) -> None:
            raise ZeroDivisionError

    async def open_backend_for_test(tell: Callable[[object], None]) -> BadBackend:
        return BadBackend(tell)

    client = make_client(open_backend_for_test)
    client.start()
    ended: list[object] = []
    client.workerCrashed.connect(ended.append)
    assert window.ask(client, c.LookUp("over")).error is None
    assert isinstance(window.ask(client, c.LookUp("x")).error, c.WorkerCrashed)
    window.until(lambda: bool(ended))


@pytest.mark.qt_no_exception_capture
def test_callback_that_raises_gets_the_error_and_others_their_outcome(
    client: WorkerClient, window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    reported: list[type[BaseException]] = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, _error, _trace: reported.append(kind))
    heard: list[c.Outcome[Any]] = []

    def fragile(outcome: c.Outcome[Any]) -> None:
        heard.append(outcome)
        if len(heard) == 1 or outcome.request_id == hopeless:
            raise KeyError("a bug")

    client.submit(c.LookUp("1001"), fragile)
    hopeless = client.submit(c.LookUp("boom"), fragile)
    assert window.ask(client, c.LookUp("last")).error is None
    assert [(outcome.request_id, outcome.value, type(outcome.error)) for outcome in heard] == [
        (1, "1001", type(None)),
        (1, None, KeyError),
        (hopeless, None, ZeroDivisionError),
    ]
    assert reported == [KeyError, KeyError]


def test_stop_cancels_waiting_commands_and_closes_the_backend(
    client: WorkerClient, backends: list[FakeBackend], window: Window
) -> None:
    answers: list[object] = []
    client.submit(c.LookUp("wait"), answers.append)
    assert window.ask(client, c.LookUp("x")).error is None
    assert client.stop()
    assert (backends[0].cancelled, backends[0].closed) == (["wait"], True)
    client.submit(c.LookUp("after the end"), answers.append)
    assert client.stop(), "a second stop does nothing"
    assert [thread.name for thread in threading.enumerate() if thread.name == "worker"] == []
    assert answers == []


def test_stop_before_the_start_or_before_the_backend_opens_succeeds(
    make_client: MakeClient, backends: list[FakeBackend]
) -> None:
    never = make_client(opening(backends))
    assert never.stop()
    assert backends == []
    hasty = make_client(opening(backends))
    hasty.start()
    assert hasty.stop()
    assert [backend.closed for backend in backends] == [True]


def test_client_starts_once_and_not_after_stop(make_client: MakeClient, backends: list[FakeBackend]) -> None:
    client = make_client(opening(backends))
    client.start()
    client.start()
    assert client.stop()
    assert len(backends) == 1
    client.start()
    never = make_client(opening(backends))
    never.stop()
    never.start()
    assert len(backends) == 1


def test_outcome_after_stop_is_dropped(client: WorkerClient, backends: list[FakeBackend], window: Window) -> None:
    window.ask(client, c.LookUp("open"))
    late: list[object] = []
    client.submit(c.LookUp("late"), late.append)
    while len(backends[0].threads) < 2:
        pass  # without the event loop: the answer waits in its queue
    assert client.stop()
    QCoreApplication.sendPostedEvents(client)
    assert late == []


def test_failing_status_does_not_end_the_worker(make_client: MakeClient, window: Window) -> None:
    class FailingStatusBackend(FakeBackend):
        def publish_status(self) -> None:
            raise ZeroDivisionError

    async def open_backend_for_test(tell: Callable[[object], None]) -> FakeBackend:
        return FailingStatusBackend(tell)

    client = make_client(open_backend_for_test)
    client.start()
    assert window.ask(client, c.LookUp("typed")).error is None


def test_published_events_become_signals(client: WorkerClient, backends: list[FakeBackend], window: Window) -> None:
    heard: list[object] = []
    client.practiceOrders.connect(heard.append)
    window.ask(client, c.LookUp("open"))
    event = c.PracticeOrders((("1001", "três produtos"),), (("529.982.247-25", "com cashback"),))
    backends[0].tell(event)
    window.until(lambda: bool(heard))
    assert heard == [event]


def test_repr_of_commands_holds_no_secret_and_no_personal_data() -> None:
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
