"""Toast: a sentence at the bottom of the window that goes away by itself, with a way back for some seconds."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, QTimer, Slot
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from bonifiq_desktop.ui.theme import px
from bonifiq_desktop.ui.widgets.announcer import announce
from bonifiq_desktop.ui.widgets.buttons import ActionButton
from bonifiq_desktop.ui.widgets.dialog_frame import paragraph

_MARGIN, _ABOVE_BUTTONS = 24, 112  # pixels at 100 %
_MAX_WIDTH, _GAP = 640, 4


class Toast(QFrame):
    """At most one in a window: a later one takes the place of the earlier. It takes no focus.

    The time stands still while the mouse is over it.
    """

    def __init__(self, window: QWidget, text: str, undo: Callable[[], object] | None, ms: int) -> None:
        super().__init__(window)
        self.setObjectName("toast")
        self.setProperty("look", "toast")
        self._window = window
        self._undo = undo
        self._label = paragraph(text, "toast", "toastText")
        row = QHBoxLayout(self)
        row.setContentsMargins(px(16), px(8), px(8) if undo else px(16), px(8))
        row.setSpacing(px(16))
        row.addWidget(self._label, 1)
        if undo is not None:
            button = ActionButton(
                "toastUndo", self.tr("Desfazer"), "Ctrl+Z", self._undo_it, look="toast", has_shortcut=True
            )
            row.addWidget(button)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(ms)
        self._timer.timeout.connect(self.close_toast)
        window.installEventFilter(self)

    @staticmethod
    def show_in(window: QWidget, text: str, undo: Callable[[], object] | None = None, ms: int = 5000) -> "Toast":
        """Show a sentence. `undo`: called at most once, by the button or Ctrl+Z, before `ms` milliseconds are over."""
        window = window.window()
        for earlier in window.findChildren(Toast):
            earlier.close_toast()
        toast = Toast(window, text, undo, ms)
        toast.show()
        toast.raise_()
        toast.place()
        toast._timer.start()
        announce(toast, text)
        return toast

    def text(self) -> str:
        return self._label.text()

    def place(self) -> None:
        """Stand in the middle of the window, above the buttons at its lower edge and above the key strip."""
        strip = self._window.findChild(QWidget, "keyStrip")
        bottom = self._window.height() if strip is None or not strip.isVisible() else strip.y()
        one_line = self._label.fontMetrics().horizontalAdvance(self._label.text()) + px(_GAP)
        wanted = self.sizeHint().width() - self._label.sizeHint().width() + one_line
        width = min(px(_MAX_WIDTH), self._window.width() - 2 * px(_MARGIN), wanted)
        height = self.heightForWidth(width) if self.hasHeightForWidth() else self.sizeHint().height()
        self.resize(width, max(height, self.minimumSizeHint().height()))
        self.move(QPoint((self._window.width() - width) // 2, bottom - self.height() - px(_ABOVE_BUTTONS)))

    @Slot()
    def close_toast(self) -> None:
        self._timer.stop()
        self._window.removeEventFilter(self)
        self.hide()
        self.deleteLater()

    @Slot()
    def _undo_it(self) -> None:
        undo, self._undo = self._undo, None
        self.close_toast()
        if undo is not None:
            undo()

    def enterEvent(self, event: QEnterEvent) -> None:
        self._timer.stop()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._timer.start()
        super().leaveEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and watched is self.parentWidget():
            self.place()
        return super().eventFilter(watched, event)
