"""The worker thread and its front desk in the window's thread."""

import asyncio
import logging
import sys
import threading
from collections.abc import Awaitable, Callable
from typing import Any, Protocol, TypeVar

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal, Slot

from bonifiq_desktop.background import commands as c
from bonifiq_desktop.domain.people import Attendance
from bonifiq_desktop.domain.verdicts import LookupFailed, Trouble

T = TypeVar("T")
_log = logging.getLogger(__name__)
_LAST_WORK = 0.3  # seconds


class AnyOffice(Protocol):
    """Whoever answers commands. `over`: set when it makes room for another one."""

    over: asyncio.Event

    async def answer(self, command: c.Command[Any]) -> Any:
        """Do what a command asks, or raise."""

    def tell_status(self) -> None:
        """Tell the window what it always shows."""

    async def aclose(self) -> None:
        """Close everything."""


OpenOffice = Callable[[Callable[[object], None]], Awaitable[AnyOffice]]
"""Makes the office on the worker's own loop; gets the function that tells the window something."""

Item = tuple[int, c.Command[Any]] | None
_OVER: Item = (0, c.Command())


class _Worker(threading.Thread):
    """One event loop. Look-ups and the outbox take turns on it, so neither waits for the other's network."""

    def __init__(self, open_office: OpenOffice, tell: Callable[[object], None]) -> None:
        super().__init__(name="worker", daemon=True)  # a window that died never leaves a process behind
        self._open_office = open_office
        self._tell = tell
        self._lock = threading.Lock()
        self._early: list[Item] = []
        self._ended = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._inbox: asyncio.Queue[Item]

    def put(self, item: Item) -> bool:
        """Hand a command over, from any thread; None ends the work. False when nobody is left to do it."""
        with self._lock:
            if self._ended:
                return False
            if self._loop is None:
                self._early.append(item)
            else:
                self._loop.call_soon_threadsafe(self._inbox.put_nowait, item)
            return True

    def run(self) -> None:
        try:
            self._run_loop()
        except BaseException as error:  # noqa: BLE001 - whatever ends it, nobody may go on waiting for this thread
            _log.critical("the worker has ended", exc_info=True)
            ended = c.WorkerEnded()
            ended.__cause__ = error
            self._tell(ended)

    def _run_loop(self) -> None:
        loop = asyncio.new_event_loop()
        try:
            try:
                loop.run_until_complete(self._work(loop))
            finally:
                _end_all_tasks(loop)  # none is left, unless something ended the loop under them
        finally:
            with self._lock:
                self._ended = True
                # Without waiting for the loop's own helper threads: a name look-up cannot be interrupted.
                loop.close()

    async def _work(self, loop: asyncio.AbstractEventLoop) -> None:
        with self._lock:
            self._inbox = asyncio.Queue()
            for item in self._early:
                self._inbox.put_nowait(item)
            self._loop = loop
        while True:
            try:
                office = await self._open_office(self._tell)
            except Exception as error:  # noqa: BLE001 - whatever it is, every command gets it as its answer
                _log.exception("the office did not open")
                self._tell(c.LedgerBroken(error))
                await self._answer_all_with(error)
                return
            if not await self._serve(office):
                return

    async def _serve(self, office: AnyOffice) -> bool:
        """Have an office answer commands until the end, or until it is over: then True."""
        tasks: set[asyncio.Task[None]] = set()
        over = asyncio.create_task(office.over.wait())
        try:
            self._tell_status(office)
            while (item := await self._next_item(over)) is not None:
                if item is _OVER:
                    return True
                task = asyncio.create_task(self._answer(office, *item))
                tasks.add(task)
                task.add_done_callback(tasks.discard)
            return False
        finally:
            over.cancel()
            if tasks:  # what needs no network is done, a draft or a sale; what does is given up
                await asyncio.wait(tasks, timeout=_LAST_WORK)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await office.aclose()

    def _tell_status(self, office: AnyOffice) -> None:
        try:
            office.tell_status()
        except Exception:  # noqa: BLE001 - commands are answered all the same
            _log.exception("nothing to tell")

    async def _next_item(self, over: asyncio.Task[bool]) -> Item:
        """The next command; _OVER when the office is, with the commands that wait left for the next one."""
        coming = asyncio.create_task(self._inbox.get())
        await asyncio.wait({coming, over}, return_when=asyncio.FIRST_COMPLETED)
        if coming.done():
            return coming.result()
        coming.cancel()
        return _OVER

    async def _answer(self, office: AnyOffice, ticket: int, command: c.Command[Any]) -> None:
        try:
            outcome = c.Outcome(ticket, value=await office.answer(command))
        except Exception as error:  # noqa: BLE001 - it crosses over to the window as a value
            outcome = c.Outcome(ticket, error=error)
        except asyncio.CancelledError:
            self._tell(c.Outcome(ticket, error=LookupFailed(Trouble.INTERRUPTED)))
            raise
        self._tell(outcome)

    async def _answer_all_with(self, error: Exception) -> None:
        while (item := await self._inbox.get()) is not None:
            self._tell(c.Outcome(item[0], error=error))


def _end_all_tasks(loop: asyncio.AbstractEventLoop) -> None:
    tasks = asyncio.all_tasks(loop)
    for task in tasks:
        task.cancel()
    if tasks:
        loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
    loop.run_until_complete(asyncio.sleep(0))  # a line that was hung up at the very end is closed in the round after


class Desk(QObject):
    """The window's way to the worker. Lives in the window's thread; callbacks and signals arrive there.

    Every command gets its outcome, whatever becomes of the worker; `workerEnded` says that it ended by itself;
    its cause says why. `attendance`: who works here and who is at the counter, as last told.
    """

    statusChanged = Signal(object)
    operationChanged = Signal(object)
    ledgerBroken = Signal(object)
    practiceOrders = Signal(object)
    workerEnded = Signal(object)
    attendanceChanged = Signal(object)
    _told = Signal(object)

    def __init__(self, open_office: OpenOffice, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._worker = _Worker(open_office, self._told.emit)
        self._callbacks: dict[int, Callable[[c.Outcome[Any]], None]] = {}
        self._tickets = 0
        self.attendance = Attendance()
        self._stopped = False
        # A bound method of an object of this thread: the signal crosses over instead of running on the worker.
        self._told.connect(self._receive, Qt.ConnectionType.QueuedConnection)

    def start(self) -> None:
        """Start the worker, once; not after `stop`."""
        if not self._stopped and self._worker.ident is None:
            self._worker.start()

    def stop(self, patience: float = 10.0) -> bool:
        """End the worker and wait for it, at most `patience` seconds; True when it ended."""
        self._callbacks.clear()
        self._stopped = True
        if not self._worker.is_alive():
            return True
        self._worker.put(None)
        self._worker.join(patience)
        return not self._worker.is_alive()

    def submit(self, command: c.Command[T], then: Callable[[c.Outcome[T]], None] | None = None) -> int:
        """Hand a command over; `then` gets its outcome in this thread, unless its widget is gone by then."""
        self._tickets += 1
        if then is not None:
            self._callbacks[self._tickets] = then
        if not self._worker.put((self._tickets, command)):
            self._told.emit(c.Outcome(self._tickets, error=c.WorkerEnded()))
        return self._tickets

    @Slot(object)
    def _receive(self, told: object) -> None:
        match told:
            case c.Outcome():
                self._deliver(told)
            case c.Status():
                self.statusChanged.emit(told)
            case c.OperationChanged():
                self.operationChanged.emit(told.operation)
            case Attendance():
                self.attendance = told
                self.attendanceChanged.emit(told)
            case c.LedgerBroken():
                self.ledgerBroken.emit(told)
            case c.PracticeOrders():
                self.practiceOrders.emit(told.orders)
            case c.WorkerEnded():
                self.workerEnded.emit(told)
                for ticket in list(self._callbacks):
                    self._deliver(c.Outcome(ticket, error=told))

    def _deliver(self, outcome: c.Outcome[Any]) -> None:
        callback = self._callbacks.pop(outcome.ticket, None)
        if callback is None or not _alive(callback):
            return
        try:
            callback(outcome)
        except Exception as error:  # noqa: BLE001 - a screen that breaks on good news is given back as after bad ones
            sys.excepthook(type(error), error, error.__traceback__)
            if outcome.error is None:
                callback(c.Outcome(outcome.ticket, error=error))


def _alive(callback: Callable[..., None]) -> bool:
    owner = getattr(callback, "__self__", None)
    return not isinstance(owner, QObject) or shiboken6.isValid(owner)
