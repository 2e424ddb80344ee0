"""Watches for what nobody caught: it goes into the log and a report, and whoever works at the window is told."""

import logging
import sys
import threading
from contextlib import suppress
from pathlib import Path
from time import monotonic
from types import TracebackType

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QApplication, QWidget

from bonifiq_desktop.diagnostics.crash_reports import write_crash_report
from bonifiq_desktop.diagnostics.log_file import describe_error
from bonifiq_desktop.storage.paths import Paths
from bonifiq_desktop.ui.access.lock import WindowLock
from bonifiq_desktop.ui.recovery.crash_dialog import CrashDialog

_log = logging.getLogger(__name__)
_REPEAT_SECONDS = 60.0  # seconds after which the same error is worth another report


class CrashHandler(QObject):
    """Takes the place of the interpreter's hooks until `stop`. `options`: those given on the command line. Behind
    `front`, the window's lock, nobody is told before it opens.
    """

    _reported = Signal(object)

    def __init__(self, paths: Paths, arguments: list[str], window: QWidget, window_lock: WindowLock) -> None:
        super().__init__(window)
        self._paths = paths
        self._options = arguments
        self._window = window
        self._window_lock = window_lock
        self._undelivered: list[Path | None] = []
        window_lock.changed.connect(self._lock_changed)
        self._is_silenced = False
        self._last_reported: dict[tuple[str, ...], float] = {}
        self._lock = threading.Lock()
        # Not at once: the error may come from the midst of painting.
        self._reported.connect(self._show_dialog, Qt.ConnectionType.QueuedConnection)
        self._hook, self._thread_hook = sys.excepthook, threading.excepthook
        sys.excepthook, threading.excepthook = self._unexpected, self._unexpected_in_thread

    def silence(self) -> None:
        """The program ends: nobody is asked anything any more."""
        self._is_silenced = True
        for dialog in self._dialogs():
            dialog.close()

    def stop(self) -> None:
        """Give the hooks back."""
        sys.excepthook, threading.excepthook = self._hook, self._thread_hook

    @Slot(object)
    def report_worker_crash(self, ended: BaseException) -> None:
        """The worker ended by a fault of its own; the window says so by itself."""
        self._save_report(ended.__cause__ or ended, "worker")

    def _unexpected(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """Nobody caught it: keep it in the log and a report, and the window alive."""
        if issubclass(kind, Exception):
            _log.error("unexpected error", exc_info=(kind, error, trace))
            in_window = threading.current_thread() is threading.main_thread()
            self._save_report(error, threading.current_thread().name, show=in_window)
        if not issubclass(kind, Exception) or self._hook is not sys.__excepthook__:
            self._hook(kind, error, trace)
        else:
            _print_error(error)

    def _unexpected_in_thread(self, what: threading.ExceptHookArgs) -> None:
        name = what.thread.name if what.thread else "unknown"
        if issubclass(what.exc_type, Exception) and what.exc_value is not None:
            _log.error("unexpected error in a thread", exc_info=what.exc_value)
            self._save_report(what.exc_value, name)
            if self._thread_hook is threading.__excepthook__:
                _print_error(what.exc_value)
                return
        self._thread_hook(what)

    def _save_report(self, error: BaseException, thread: str, *, show: bool = False) -> None:
        if not self._is_new(error):
            return
        report = None
        try:
            report = write_crash_report(self._paths, error, thread=thread, options=self._options)
        except Exception:
            _log.exception("no report was kept")
        if show:
            self._reported.emit(report)

    def _is_new(self, error: BaseException) -> bool:
        """Whether this very error was not there a moment ago: one in a paint event comes sixty times a second."""
        facts = describe_error(error)
        what, now = (*facts.get("error", []), *facts.get("trace", [])[-1:]), monotonic()
        with self._lock:
            self._last_reported = {seen: at for seen, at in self._last_reported.items() if now - at < _REPEAT_SECONDS}
            is_news = what not in self._last_reported
            self._last_reported.setdefault(what, now)
            return is_news

    @Slot(object)
    def _show_dialog(self, report: Path | None) -> None:
        if self._window_lock.is_locked:
            self._undelivered = [report]
        elif not self._is_silenced and not self._dialogs():
            CrashDialog(report, QApplication.activeModalWidget() or self._window).open()

    @Slot()
    def _lock_changed(self) -> None:
        if not self._window_lock.is_locked and self._undelivered:
            self._show_dialog(self._undelivered.pop())

    def _dialogs(self) -> list[CrashDialog]:
        return [
            widget
            for widget in QApplication.topLevelWidgets()
            if isinstance(widget, CrashDialog) and widget.isVisible()
        ]


def _print_error(error: BaseException) -> None:
    """For whoever started us from a terminal. The interpreter would print the text too, and on many systems what a
    window prints ends in a log of theirs."""
    facts = describe_error(error)
    if sys.stderr is not None:  # a windowed program has none
        with suppress(OSError):
            sys.stderr.write(f"BonifiQ Desktop: {facts.get('error')} {facts.get('trace')}\n")
