"""The window's side of the worker: commands go out, outcomes and events come back in the window's thread.

The window imports this before its first paint. The thread, its event loop and the commands are imported later.
"""

import sys
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

import shiboken6
from PySide6.QtCore import QObject, QTimer, Signal, Slot

if TYPE_CHECKING:
    from bonifiq_desktop.domain.shop_database import ShopDatabaseStatus
    from bonifiq_desktop.domain.staff import ApprovalNeeded, Session
    from bonifiq_desktop.worker import commands as c
    from bonifiq_desktop.worker.thread import OpenBackend, Request, WorkerThread

T = TypeVar("T")


class WorkerClient(QObject):
    """Submits commands to the worker. Lives in the window's thread; callbacks and signals arrive there.

    Every command gets its outcome, also after the worker crashed; then `workerCrashed` carries the cause.
    """

    statusChanged = Signal(object)
    operationChanged = Signal(object)
    printJobChanged = Signal(object)
    ledgerUnavailable = Signal(object)
    practiceOrders = Signal(object)
    shopDatabaseChanged = Signal(object)
    """Emitted with a ShopDatabaseStatus; `shop_database` keeps the last one."""
    searchIndexReady = Signal()
    workProgress = Signal(object)
    workerCrashed = Signal(object)
    sessionChanged = Signal(object)
    approvalNeeded = Signal(object)
    """Emitted with an ApprovalRequest that the window shows to a manager."""
    draftSaved = Signal(object)
    """Emitted when a draft is saved: the error that kept it from the disk, or None."""
    _published = Signal(object)

    def __init__(self, open_backend: "OpenBackend", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._open_backend = open_backend
        self._thread: WorkerThread | None = None
        self._early_requests: list[Request] = []
        self._callbacks: dict[int, Callable[[c.Outcome[Any]], None]] = {}
        self._last_id = 0
        self._session: Session | None = None
        self.shop_database: ShopDatabaseStatus | None = None
        self._is_stopped = False
        # A bound method of an object of this thread: Qt queues the signal instead of calling it on the worker.
        self._published.connect(self._receive)

    @property
    def session(self) -> "Session":
        """The staff of this till and the person signed in, as last published."""
        from bonifiq_desktop.domain.staff import Session

        return self._session or Session()

    def start(self) -> None:
        """Start the worker, once; not after `stop`."""
        if self._is_stopped or self._thread is not None:
            return
        from bonifiq_desktop.worker.thread import WorkerThread

        self._thread = WorkerThread(self._open_backend, self._published.emit)
        for request in self._early_requests:
            self._thread.put(request)
        self._thread.start()

    def stop(self, timeout: float = 10.0) -> bool:
        """End the worker and wait at most `timeout` seconds; return True when it ended."""
        self._callbacks.clear()
        self._is_stopped = True
        if self._thread is None:
            return True
        self._thread.put(None)
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def submit(self, command: "c.Command[T]", on_outcome: "Callable[[c.Outcome[T]], None] | None" = None) -> int:
        """Queue a command and return its request id; `on_outcome` is called once, unless its widget is deleted."""
        self._last_id += 1
        request_id = self._last_id
        if on_outcome is not None:
            self._callbacks[request_id] = on_outcome
        if self._thread is None:
            self._early_requests.append((request_id, command))
        elif not self._thread.put((request_id, command)):
            from bonifiq_desktop.worker import commands as c

            crashed: c.Outcome[T] = c.Outcome(request_id, error=c.WorkerCrashed())
            QTimer.singleShot(0, self, lambda: self._receive(crashed))  # the caller gets the id before the outcome
        return request_id

    def submit_with_approval(
        self, command: "c.NeedsApproval[T]", on_outcome: "Callable[[c.Outcome[T]], None]", *, asker: QObject
    ) -> int:
        """Queue a command; where only a manager may allow it, emit `approvalNeeded` and queue it again with a PIN.

        `on_outcome` gets the last outcome, with the id that is returned here: ApprovalNeeded when it was not approved.
        """
        return ApprovalRequest(self, command, on_outcome, asker).request_id

    @Slot(object)
    def _receive(self, event: object) -> None:
        from bonifiq_desktop.domain.operations import Operation
        from bonifiq_desktop.domain.print_jobs import PrintJob
        from bonifiq_desktop.domain.shop_database import ShopDatabaseStatus
        from bonifiq_desktop.domain.staff import Session
        from bonifiq_desktop.worker import commands as c

        signals = {
            c.Status: self.statusChanged,
            Operation: self.operationChanged,
            PrintJob: self.printJobChanged,
            c.LedgerUnavailable: self.ledgerUnavailable,
            c.WorkProgress: self.workProgress,
        }
        match event:
            case c.Outcome():
                self._deliver(event)
            case c.Status() | Operation() | PrintJob() | c.LedgerUnavailable() | c.WorkProgress():
                signals[type(event)].emit(event)
            case Session():
                self._session = event
                self.sessionChanged.emit(event)
            case ShopDatabaseStatus():
                self.shop_database = event if event.shop else None
                self.shopDatabaseChanged.emit(event)
            case c.SearchIndexReady():
                self.searchIndexReady.emit()
            case c.PracticeOrders():
                self.practiceOrders.emit(event)
            case c.WorkerCrashed():
                self.workerCrashed.emit(event)
                for request_id in list(self._callbacks):
                    self._deliver(c.Outcome(request_id, error=event))

    def _deliver(self, outcome: "c.Outcome[Any]") -> None:
        callback = self._callbacks.pop(outcome.request_id, None)
        owner = getattr(callback, "__self__", None)
        if callback is None or (isinstance(owner, QObject) and not shiboken6.isValid(owner)):
            return
        try:
            callback(outcome)
        except Exception as error:
            sys.excepthook(type(error), error, error.__traceback__)
            if outcome.error is None:  # a screen that failed on a value is released as after an error
                callback(type(outcome)(outcome.request_id, error=error))


class ApprovalRequest(QObject):
    """One command that a manager may have to approve, from its first outcome to its last.

    A child of the widget that asked: deleted with it, and then no outcome is delivered.
    """

    refused = Signal(object)
    """Emitted with the error of a wrong or locked PIN; `approve` may be called again."""
    finished = Signal()
    needed: "ApprovalNeeded"
    """What is to be approved and by whom; set when `approvalNeeded` is emitted."""

    def __init__(
        self,
        client: WorkerClient,
        command: "c.NeedsApproval[Any]",
        on_outcome: "Callable[[c.Outcome[Any]], None]",
        asker: QObject,
    ) -> None:
        super().__init__(asker)
        self._client = client
        self._command = command
        self._on_outcome: Callable[[c.Outcome[Any]], None] | None = on_outcome
        self.request_id = client.submit(command, self._first_outcome)

    def approve(self, name: str, pin: str) -> None:
        """Queue the command again, approved by this manager; `refused` or `finished` follows."""
        from bonifiq_desktop.domain.staff import Approval

        self._client.submit(replace(self._command, approval=Approval(name, pin)), self._approved_outcome)

    def decline(self) -> None:
        from bonifiq_desktop.worker.commands import Outcome

        self._finish(Outcome(self.request_id, error=self.needed))

    def _first_outcome(self, outcome: "c.Outcome[Any]") -> None:
        from bonifiq_desktop.domain.staff import ApprovalNeeded

        if isinstance(outcome.error, ApprovalNeeded) and outcome.error.managers:
            self.needed = outcome.error
            self._client.approvalNeeded.emit(self)
        else:
            self._finish(outcome)

    def _approved_outcome(self, outcome: "c.Outcome[Any]") -> None:
        from bonifiq_desktop.domain.staff import ApprovalNeeded, PinLocked, PinWrong

        if isinstance(outcome.error, (ApprovalNeeded, PinLocked, PinWrong)):
            self.refused.emit(outcome.error)
        else:
            self._finish(outcome)

    def _finish(self, outcome: "c.Outcome[Any]") -> None:
        self.finished.emit()
        if self._on_outcome is not None:
            self._on_outcome(replace(outcome, request_id=self.request_id))
        # Break the reference cycle with the widget, so that Qt objects are not collected on the worker thread.
        self._on_outcome = None
        self.deleteLater()
