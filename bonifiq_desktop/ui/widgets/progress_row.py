"""Progress of one slow command: what it does, a bar, and a button that stops it."""

from typing import Any

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar

from bonifiq_desktop.ui.theme import px
from bonifiq_desktop.ui.widgets.announcer import announce
from bonifiq_desktop.ui.widgets.buttons import ActionButton
from bonifiq_desktop.ui.widgets.labels import label
from bonifiq_desktop.worker.client import WorkerClient
from bonifiq_desktop.worker.commands import Command, StopWork, WorkProgress

_SHOWN_AFTER_MS = 400  # what is over by then needs no bar


class ProgressRow(QFrame):
    """Hidden until a command takes a while. Object names: `<name>Progress`, `<name>Bar`, `<name>Stop`.

    Call `begin` with the command's submission, and `end` with its outcome. `can_stop`: offer a button that stops it.
    """

    def __init__(self, client: WorkerClient, name: str, *, can_stop: bool = True) -> None:
        super().__init__()
        self.setObjectName(f"{name}Progress")
        self.setProperty("look", "notice")
        self._client = client
        self._command: type[Command[Any]] | None = None
        self._can_stop = can_stop
        self._text = label("", "noticeTitle")
        self._count = label("", "muted", f"{name}Count")
        self._bar = QProgressBar()
        self._bar.setObjectName(f"{name}Bar")
        self._bar.setTextVisible(False)
        self._stop = ActionButton(f"{name}Stop", self.tr("Parar"), action=self._stop_work)
        row = QHBoxLayout(self)
        row.setContentsMargins(px(12), px(8), px(12), px(8))
        row.setSpacing(px(12))
        row.addWidget(self._text)
        row.addWidget(self._bar, 1, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._count)
        row.addWidget(self._stop)
        self._timer = QTimer(self, singleShot=True, interval=_SHOWN_AFTER_MS)
        self._timer.timeout.connect(self._appear)
        client.workProgress.connect(self._progressed)
        self.hide()

    def begin(self, command: type[Command[Any]], text: str) -> None:
        """`text`: what the program does meanwhile."""
        self._command = command
        self._text.setText(text)
        self._bar.setAccessibleName(text)
        self._stop.setVisible(self._can_stop)
        self._stop.setEnabled(True)
        self._show_steps(0, 0)
        self._timer.start()

    def end(self) -> None:
        self._command = None
        self._timer.stop()
        self.hide()

    @property
    def is_running(self) -> bool:
        return self._command is not None

    @Slot()
    def _appear(self) -> None:
        self.show()
        announce(self, self._text.text())

    @Slot(object)
    def _progressed(self, progress: WorkProgress) -> None:
        if progress.command is self._command:
            self._show_steps(progress.done, progress.total)

    def _show_steps(self, done: int, total: int) -> None:
        self._bar.setRange(0, total)  # 0: the bar only says that something goes on
        self._bar.setValue(done)
        self._count.setText(self.tr("{0} %").format(100 * done // total) if total else "")

    @Slot()
    def _stop_work(self) -> None:
        if self._command is not None:
            self._stop.setEnabled(False)
            self._client.submit(StopWork(self._command))
