"""Meaning of keys: Enter as *next* in a form, printable keys, and the pause that tells a scanner."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPushButton, QWidget

ENTER = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})
MAX_SCANNER_PAUSE = 0.15  # seconds between two keys; a person needs longer

_TYPING = (
    Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.GroupSwitchModifier
)
_ALT_GR = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier


def is_printable(event: QKeyEvent) -> bool:
    """Whether a key press types a character; AltGr and the number pad's comma included."""
    held = event.modifiers() & ~_TYPING
    return bool(event.text()) and event.text().isprintable() and held in {Qt.KeyboardModifier.NoModifier, _ALT_GR}


def is_enter(event: QEvent) -> bool:
    """Whether Enter of either block is pressed without a modifier: Ctrl+Enter confirms a whole form."""
    return (
        isinstance(event, QKeyEvent)
        and event.type() == QEvent.Type.KeyPress
        and event.key() in ENTER
        and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    )


class EnterChain(QObject):
    """Enter moves the focus to the next usable widget, and presses no button."""

    def __init__(self, parent: QObject, *widgets: QWidget) -> None:
        super().__init__(parent)
        self._widgets = list(widgets)
        for widget in widgets:
            widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if is_enter(event) and isinstance(watched, QWidget) and not isinstance(watched, QPushButton):
            for widget in self._widgets[self._widgets.index(watched) + 1 :]:
                if widget.isEnabled() and widget.isVisible() and widget.focusPolicy() != Qt.FocusPolicy.NoFocus:
                    widget.setFocus(Qt.FocusReason.TabFocusReason)
                    break
            return True
        return super().eventFilter(watched, event)
