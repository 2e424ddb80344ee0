"""Part of a form that is closed until it is needed, and opens when one of its fields gets the focus or a key."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

QWIDGETSIZE_MAX = 16777215  # Qt's own name, which PySide lacks
_OPENING_EVENTS = frozenset({QEvent.Type.FocusIn, QEvent.Type.KeyPress, QEvent.Type.InputMethod})


class Fold(QWidget):
    """Closed, it has no height, and Tab and Enter skip it. A hidden widget could take neither the focus nor a key.

    A subclass fills it, then calls `watch_fields` once.
    """

    opened = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._policies: dict[QWidget, Qt.FocusPolicy] = {}

    def watch_fields(self, *, is_open: bool = False) -> None:
        """Watch the fields of this part, and open or close it.

        Fields have names; the unnamed parts of a list box are Qt's, which deletes them when the style changes.
        """
        for child in self.findChildren(QWidget):
            is_field = bool(child.objectName()) and not child.objectName().startswith("qt_")
            if is_field and child.focusPolicy() != Qt.FocusPolicy.NoFocus:
                child.installEventFilter(self)
                self._policies[child] = child.focusPolicy()
        self.set_open(is_open)

    def is_open(self) -> bool:
        return self.maximumHeight() > 0

    def set_open(self, is_open: bool) -> None:
        self.setMaximumHeight(QWIDGETSIZE_MAX if is_open else 0)
        for child, policy in self._policies.items():
            child.setFocusPolicy(policy if is_open else Qt.FocusPolicy.NoFocus)
        self.opened.emit(is_open)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _OPENING_EVENTS and not self.is_open():
            self.set_open(True)
            if event.type() != QEvent.Type.FocusIn and isinstance(watched, QWidget):
                watched.setFocus()  # input of assistive technology becomes visible as well
        return super().eventFilter(watched, event)
