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

from bonifiq_desktop.config.logs import error_facts
from bonifiq_desktop.config.paths import Paths
from bonifiq_desktop.config.reports import report_error
from bonifiq_desktop.ui.crash_dialog import CrashDialog
from bonifiq_desktop.ui.lock import Lock

_log = logging.getLogger(__name__)
_AGAIN = 60.0  # seconds after which the same error is worth another report


class CrashWatch(QObject):
    """Takes the place of the interpreter's hooks until `stop`. `options`: those given on the command line. Behind
    `front`, the window's lock, nobody is told before it opens.
    """

    _reported = Signal(object)

    def __init__(self, paths: Paths, options: list[str], window: QWidget, front: Lock) -> None:
        super().__init__(window)
        self._paths = paths
        self._options = options
        self._window = window
        self._front = front
        self._untold: list[Path | None] = []
        front.changed.connect(self._lock_changed)
        self._quiet = False
        self._seen: dict[tuple[str, ...], float] = {}
        self._lock = threading.Lock()
        # Not at once: the error may come from the midst of painting.
        self._reported.connect(self._tell, Qt.ConnectionType.QueuedConnection)
        self._hook, self._thread_hook = sys.excepthook, threading.excepthook
        sys.excepthook, threading.excepthook = self._unexpected, self._unexpected_in_thread

    def be_quiet(self) -> None:
        """The program ends: nobody is asked anything any more."""
        self._quiet = True
        for dialog in self._dialogs():
            dialog.close()

    def stop(self) -> None:
        """Give the hooks back."""
        sys.excepthook, threading.excepthook = self._hook, self._thread_hook

    @Slot(object)
    def worker_ended(self, ended: BaseException) -> None:
        """The worker ended by a fault of its own; the window says so by itself."""
        self._keep(ended.__cause__ or ended, "worker")

    def _unexpected(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """Nobody caught it: keep it in the log and a report, and the window alive."""
        if issubclass(kind, Exception):
            _log.error("unexpected error", exc_info=(kind, error, trace))
            in_window = threading.current_thread() is threading.main_thread()
            self._keep(error, threading.current_thread().name, tell=in_window)
        if not issubclass(kind, Exception) or self._hook is not sys.__excepthook__:
            self._hook(kind, error, trace)
        else:
            _hint(error)

    def _unexpected_in_thread(self, what: threading.ExceptHookArgs) -> None:
        name = what.thread.name if what.thread else "unknown"
        if issubclass(what.exc_type, Exception) and what.exc_value is not None:
            _log.error("unexpected error in a thread", exc_info=what.exc_value)
            self._keep(what.exc_value, name)
            if self._thread_hook is threading.__excepthook__:
                _hint(what.exc_value)
                return
        self._thread_hook(what)

    def _keep(self, error: BaseException, thread: str, *, tell: bool = False) -> None:
        if not self._is_news(error):
            return
        report = None
        try:
            report = report_error(self._paths, error, thread=thread, options=self._options)
        except Exception:  # noqa: BLE001 - a full disk, for one; in here nothing else may break
            _log.exception("no report was kept")
        if tell:
            self._reported.emit(report)

    def _is_news(self, error: BaseException) -> bool:
        """Whether this very error was not there a moment ago: one in a paint event comes sixty times a second."""
        facts = error_facts(error)
        what, now = (*facts.get("error", []), *facts.get("trace", [])[-1:]), monotonic()
        with self._lock:
            self._seen = {seen: at for seen, at in self._seen.items() if now - at < _AGAIN}
            is_news = what not in self._seen
            self._seen.setdefault(what, now)
            return is_news

    @Slot(object)
    def _tell(self, report: Path | None) -> None:
        if self._front.is_locked:
            self._untold = [report]
        elif not self._quiet and not self._dialogs():
            CrashDialog(report, QApplication.activeModalWidget() or self._window).open()

    @Slot()
    def _lock_changed(self) -> None:
        if not self._front.is_locked and self._untold:
            self._tell(self._untold.pop())

    def _dialogs(self) -> list[CrashDialog]:
        return [
            widget
            for widget in QApplication.topLevelWidgets()
            if isinstance(widget, CrashDialog) and widget.isVisible()
        ]


def _hint(error: BaseException) -> None:
    """For whoever started us from a terminal. The interpreter would print the text too, and on many systems what a
    window prints ends in a log of theirs."""
    facts = error_facts(error)
    if sys.stderr is not None:  # a windowed program has none
        with suppress(OSError):
            sys.stderr.write(f"BonifiQ Desktop: {facts.get('error')} {facts.get('trace')}\n")
