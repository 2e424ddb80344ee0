"""PIN field: hidden digits, typed and never scanned."""

from time import monotonic

from PySide6.QtCore import QRegularExpression, Qt, Signal
from PySide6.QtGui import QKeyEvent, QRegularExpressionValidator
from PySide6.QtWidgets import QLineEdit, QWidget

from bonifiq_desktop.domain.staff import PIN_LENGTHS
from bonifiq_desktop.ui.widgets.keys import ENTER

_MAX_DIGITS = PIN_LENGTHS.stop - 1
_MIN_TYPING_PAUSE = 0.03  # seconds before Enter; every scanner is faster


class PinField(QLineEdit):
    """`entered`: Enter after a typed PIN. A scanned code or a longer paste is refused as a whole.

    Otherwise its first digits would count as a failed attempt.
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
        now = monotonic()
        if event.key() not in ENTER:
            self._last_key_at = now
            super().keyPressEvent(event)
        elif now - self._last_key_at < _MIN_TYPING_PAUSE:
            self.clear()
        elif self.text() and not event.isAutoRepeat():
            self.entered.emit()
