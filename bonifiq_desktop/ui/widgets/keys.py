"""What Enter means: in a form "next", and on the heels of other keys the end of a scanned code."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPushButton, QWidget

ENTER = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})
MAX_SCANNER_PAUSE = 0.15  # seconds between two keys of a person; scanners are an order of magnitude faster

_TYPING = (
    Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.GroupSwitchModifier
)
_ALT_GR = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier


def is_printable(event: QKeyEvent) -> bool:
    """Whether a key types a sign, rather than being a shortcut; the comma of the number pad and AltGr count too."""
    held = event.modifiers() & ~_TYPING
    return bool(event.text()) and event.text().isprintable() and held in {Qt.KeyboardModifier.NoModifier, _ALT_GR}


def is_enter(event: QEvent) -> bool:
    """Whether Enter is pressed, of either block, with no other key held: Ctrl+Enter confirms a whole form."""
    return (
        isinstance(event, QKeyEvent)
        and event.type() == QEvent.Type.KeyPress
        and event.key() in ENTER
        and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    )


class EnterChain(QObject):
    """In the widgets it links, Enter goes to the next one that can take it: never to a button that was not meant."""

    def __init__(self, parent: QObject, *widgets: QWidget) -> None:
        super().__init__(parent)
        self._widgets = list(widgets)
        for widget in widgets:
            widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if is_enter(event) and isinstance(watched, QWidget) and not isinstance(watched, QPushButton):
            self._focus_next(watched)
            return True
        return super().eventFilter(watched, event)

    def _focus_next(self, widget: QWidget) -> None:
        for following in self._widgets[self._widgets.index(widget) + 1 :]:
            if following.isEnabled() and following.isVisible() and following.focusPolicy() != Qt.FocusPolicy.NoFocus:
                following.setFocus(Qt.FocusReason.TabFocusReason)
                return
