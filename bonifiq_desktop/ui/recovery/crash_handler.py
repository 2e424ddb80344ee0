"""Handler for uncaught exceptions: log entry, crash report, dialog."""

import logging
import sys
import threading
from contextlib import suppress
from time import monotonic
from types import TracebackType

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QApplication, QWidget

from bonifiq_desktop.diagnostics.crash_reports import fault_code, write_crash_report
from bonifiq_desktop.diagnostics.log_file import describe_error
from bonifiq_desktop.storage.paths import Paths
from bonifiq_desktop.ui.access.lock import WindowLock
from bonifiq_desktop.ui.recovery.crash_dialog import CrashDialog, CrashReport
from bonifiq_desktop.worker.client import WorkerClient

_log = logging.getLogger(__name__)
_REPEAT_SECONDS = 60.0  # an equal error within this time gets no second report


class CrashHandler(QObject):
    """Replaces the interpreter's hooks until `stop`. While the window is locked, the dialog waits.

    `arguments`: the command line, for the report.
    """

    _reported = Signal(object)

    def __init__(
        self, paths: Paths, arguments: list[str], client: WorkerClient, window: QWidget, window_lock: WindowLock
    ) -> None:
        super().__init__(window)
        self._client = client
        self._paths = paths
        self._arguments = arguments
        self._window = window
        self._window_lock = window_lock
        self._undelivered: list[CrashReport] = []
        window_lock.changed.connect(self._lock_changed)
        self._is_silenced = False
        self._last_reported: dict[tuple[str, ...], float] = {}
        self._lock = threading.Lock()
        # Queued: a dialog opened during a paint event would paint recursively.
        self._reported.connect(self._show_dialog, Qt.ConnectionType.QueuedConnection)
        self._hook, self._thread_hook = sys.excepthook, threading.excepthook
        sys.excepthook, threading.excepthook = self._unexpected, self._unexpected_in_thread

    def silence(self) -> None:
        """Close the dialogs and open no more: the program is ending."""
        self._is_silenced = True
        for dialog in self._dialogs():
            dialog.close()

    def stop(self) -> None:
        sys.excepthook, threading.excepthook = self._hook, self._thread_hook

    @Slot(object)
    def report_worker_crash(self, crash: BaseException) -> None:
        """Save a report of the worker's crash; the window has its own message for it."""
        self._save_report(crash.__cause__ or crash, "worker")

    def _unexpected(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, Exception):
            _log.error("unexpected error", exc_info=(kind, error, trace))
            in_window = threading.current_thread() is threading.main_thread()
            self._save_report(error, threading.current_thread().name, show=in_window)
        if not issubclass(kind, Exception) or self._hook is not sys.__excepthook__:
            self._hook(kind, error, trace)
        else:
            _print_error(error)

    def _unexpected_in_thread(self, args: threading.ExceptHookArgs) -> None:
        name = args.thread.name if args.thread else "unknown"
        if issubclass(args.exc_type, Exception) and args.exc_value is not None:
            _log.error("unexpected error in a thread", exc_info=args.exc_value)
            self._save_report(args.exc_value, name)
            if self._thread_hook is threading.__excepthook__:
                _print_error(args.exc_value)
                return
        self._thread_hook(args)

    def _save_report(self, error: BaseException, thread: str, *, show: bool = False) -> None:
        if not self._is_new(error):
            return
        path = None
        try:
            path = write_crash_report(self._paths, error, thread=thread, options=self._arguments)
        except Exception:
            _log.exception("crash report not saved")
        if show:
            self._reported.emit(CrashReport(fault_code(describe_error(error)), path))

    def _is_new(self, error: BaseException) -> bool:
        """Return False for a repeated error: a paint event repeats its error sixty times a second."""
        fields = describe_error(error)
        key, now = (*fields.get("error", []), *fields.get("trace", [])[-1:]), monotonic()
        with self._lock:
            recent = {other: at for other, at in self._last_reported.items() if now - at < _REPEAT_SECONDS}
            self._last_reported = {key: now} | recent
            return key not in recent

    @Slot(object)
    def _show_dialog(self, report: CrashReport) -> None:
        if self._window_lock.is_locked:
            self._undelivered = [report]
        elif not self._is_silenced and not self._dialogs():
            CrashDialog(self._client, report, QApplication.activeModalWidget() or self._window).open()

    @Slot()
    def _lock_changed(self) -> None:
        if not self._window_lock.is_locked and self._undelivered:
            self._show_dialog(self._undelivered.pop())

    def _dialogs(self) -> list[CrashDialog]:
        return [dialog for dialog in self._window.findChildren(CrashDialog) if dialog.isVisible()]


def _print_error(error: BaseException) -> None:
    """Print type and trace without the exception's text: many systems log what a window prints."""
    fields = describe_error(error)
    if sys.stderr is not None:  # a windowed program has none
        with suppress(OSError):
            sys.stderr.write(f"BonifiQ Desktop: {fields.get('error')} {fields.get('trace')}\n")
