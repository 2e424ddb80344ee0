"""The worker thread and its front desk in the window's thread.

Loaded before the window is painted: what only a running worker needs (its loop, the commands, everything that they
speak of) is imported by that worker, or when it first tells something.
"""

import logging
import sys
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import shiboken6
from PySide6.QtCore import QObject, QTimer, Signal, Slot

if TYPE_CHECKING:
    from bonifiq_desktop.domain.staff import Session
    from bonifiq_desktop.worker import commands as c
    from bonifiq_desktop.worker.thread import Item, Loop, OpenBackend

T = TypeVar("T")
_log = logging.getLogger(__name__)


class _Worker(threading.Thread):
    """Runs the loop, and keeps what is put before there is one."""

    def __init__(self, open_office: "OpenBackend", tell: Callable[[object], None]) -> None:
        super().__init__(name="worker", daemon=True)  # a window that died never leaves a process behind
        self._open_office = open_office
        self._tell = tell
        self._lock = threading.Lock()
        self._early: list[Item] = []
        self._ended = False
        self._loop: Loop | None = None

    def put(self, item: "Item") -> bool:
        """Hand a command over, from any thread; None ends the work. False when nobody is left to do it."""
        with self._lock:
            if self._ended:
                return False
            if self._loop is None:
                self._early.append(item)
            else:
                self._loop.put(item)
            return True

    def run(self) -> None:
        try:
            self._run_loop()
        except BaseException as error:  # noqa: BLE001 - whatever ends it, nobody may go on waiting for this thread
            from bonifiq_desktop.worker.commands import WorkerCrashed  # noqa: PLC0415

            _log.critical("the worker has ended", exc_info=True)
            ended = WorkerCrashed()
            ended.__cause__ = error
            self._tell(ended)

    def _run_loop(self) -> None:
        try:
            from bonifiq_desktop.worker.thread import Loop  # noqa: PLC0415

            loop = Loop(self._open_office, self._tell)
            with self._lock:
                for item in self._early:
                    loop.put(item)
                self._loop = loop
            loop.run()
        finally:
            with self._lock:
                self._ended = True
                if self._loop is not None:
                    self._loop.close()


class WorkerClient(QObject):
    """The window's way to the worker. Lives in the window's thread; callbacks and signals arrive there.

    Every command gets its outcome, whatever becomes of the worker; `workerEnded` says that it ended by itself;
    its cause says why.
    """

    statusChanged = Signal(object)
    operationChanged = Signal(object)
    ledgerUnavailable = Signal(object)
    practiceOrders = Signal(object)
    workerCrashed = Signal(object)
    sessionChanged = Signal(object)
    draftSaved = Signal(object)
    """Emitted when a draft is saved: the error that kept it from the disk, or None."""
    _told = Signal(object)

    def __init__(self, open_office: "OpenBackend", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._worker = _Worker(open_office, self._told.emit)
        self._callbacks: dict[int, Callable[[c.Outcome[Any]], None]] = {}
        self._tickets = 0
        self._attendance: Session | None = None
        self._stopped = False
        # A bound method of an object of this thread: the signal crosses over instead of running on the worker.
        self._told.connect(self._receive)

    @property
    def session(self) -> "Session":
        """Who works here and who is at the counter, as last told."""
        from bonifiq_desktop.domain.staff import Session  # noqa: PLC0415

        return self._attendance or Session()

    def start(self) -> None:
        """Start the worker, once; not after `stop`."""
        if not self._stopped and self._worker.ident is None:
            self._worker.start()

    def stop(self, timeout: float = 10.0) -> bool:
        """End the worker and wait for it, at most `patience` seconds; True when it ended."""
        self._callbacks.clear()
        self._stopped = True
        if not self._worker.is_alive():
            return True
        self._worker.put(None)
        self._worker.join(timeout)
        return not self._worker.is_alive()

    def submit(self, command: "c.Command[T]", on_outcome: "Callable[[c.Outcome[T]], None] | None" = None) -> int:
        """Hand a command over; `then` gets its outcome in this thread, unless its widget is gone by then."""
        self._tickets += 1
        if on_outcome is not None:
            self._callbacks[self._tickets] = on_outcome
        if not self._worker.put((self._tickets, command)):
            from bonifiq_desktop.worker import commands as c  # noqa: PLC0415

            outcome: c.Outcome[T] = c.Outcome(self._tickets, error=c.WorkerCrashed())
            QTimer.singleShot(0, self, lambda: self._receive(outcome))  # whoever asks has the ticket before the answer
        return self._tickets

    @Slot(object)
    def _receive(self, told: object) -> None:
        from bonifiq_desktop.domain.staff import Session  # noqa: PLC0415
        from bonifiq_desktop.worker import commands as c  # noqa: PLC0415

        match told:
            case c.Outcome():
                self._deliver(told)
            case c.Status():
                self.statusChanged.emit(told)
            case c.OperationChanged():
                self.operationChanged.emit(told.operation)
            case Session():
                self._attendance = told
                self.sessionChanged.emit(told)
            case c.LedgerUnavailable():
                self.ledgerUnavailable.emit(told)
            case c.PracticeOrders():
                self.practiceOrders.emit(told.orders)
            case c.WorkerCrashed():
                self.workerCrashed.emit(told)
                for ticket in list(self._callbacks):
                    self._deliver(c.Outcome(ticket, error=told))

    def _deliver(self, outcome: "c.Outcome[Any]") -> None:
        callback = self._callbacks.pop(outcome.request_id, None)
        if callback is None or not _alive(callback):
            return
        try:
            callback(outcome)
        except Exception as error:  # noqa: BLE001 - a screen that breaks on good news is given back as after bad ones
            sys.excepthook(type(error), error, error.__traceback__)
            if outcome.error is None:
                callback(type(outcome)(outcome.request_id, error=error))


def _alive(callback: Callable[..., None]) -> bool:
    owner = getattr(callback, "__self__", None)
    return not isinstance(owner, QObject) or shiboken6.isValid(owner)
