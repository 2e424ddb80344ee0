"""A field for a PIN: digits that nobody sees, typed by a person and never by a scanner."""

from time import monotonic

from PySide6.QtCore import QRegularExpression, Qt, Signal
from PySide6.QtGui import QKeyEvent, QRegularExpressionValidator
from PySide6.QtWidgets import QLineEdit, QWidget

from bonifiq_desktop.ui.widgets.keys import ENTER

_MAX_DIGITS = 8
_MIN_TYPING_PAUSE = 0.03  # seconds between the last digit and Enter: no hand is faster, every scanner is


class PinField(QLineEdit):
    """`entered`: a person typed it and pressed Enter. A scanned code is thrown away whole: it would cost a try.

    So would a longer paste that is cut to a PIN's length: it is refused whole.
    """

    entered = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setValidator(QRegularExpressionValidator(QRegularExpression(f"[0-9]{{0,{_MAX_DIGITS}}}"), self))
        self.setInputMethodHints(
            Qt.InputMethodHint.ImhDigitsOnly | Qt.InputMethodHint.ImhHiddenText | Qt.InputMethodHint.ImhSensitiveData
        )
        self._last_key_at = 0.0

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter says that it is complete."""
        now = monotonic()
        if event.key() not in ENTER:
            self._last_key_at = now
            super().keyPressEvent(event)
        elif now - self._last_key_at < _MIN_TYPING_PAUSE:
            self.clear()
        elif self.text() and not event.isAutoRepeat():
            self.entered.emit()
