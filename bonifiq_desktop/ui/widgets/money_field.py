"""A field for an amount: digits fill from the right, a pasted amount is read as one, a scanned code never is."""

from time import monotonic

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QDropEvent, QFocusEvent, QKeyEvent, QKeySequence, QMouseEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from bonifiq_desktop.domain.money import MAX_CENTS, Cents, MoneyError, format_plain, read_money

_SCAN_ENDS_AFTER = 0.15  # seconds without a key; scanners are an order of magnitude faster


class MoneyField(QLineEdit):
    """Shows `1.234,56`; empty means nothing typed. `valueEdited` tells cents after each change by a person."""

    valueEdited = Signal(int)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setProperty("look", "money")
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setPlaceholderText("0,00")
        self.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly)
        self.setMinimumWidth(110)
        self._cents: Cents = 0
        self._overflowed_at: float | None = None

    def value(self) -> Cents:
        """The amount in cents."""
        return self._cents

    def set_value(self, cents: Cents) -> None:
        """Show an amount; does not tell `valueEdited`."""
        self._cents = cents
        super().setText(format_plain(cents) if cents else "")

    def setText(self, text: str | None) -> None:
        """Take an amount as a paste would; text that is not one empties the field."""
        try:
            self._edited(read_money(text or ""))
        except MoneyError:
            self._edited(0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.isReadOnly():
            super().keyPressEvent(event)
        elif event.matches(QKeySequence.StandardKey.Paste):
            self._paste()
        elif event.matches(QKeySequence.StandardKey.Cut):
            self.copy()
            self._edited(0)
        elif event.key() in {Qt.Key.Key_Backspace, Qt.Key.Key_Delete}:
            self._edited(0 if self._replaces() else self._cents // 10)
        elif len(event.text()) == 1 and event.text() in "0123456789":
            self._digit(int(event.text()))
        elif event.text().isprintable() and event.text() and not event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier:
            event.accept()  # separators and letters change nothing: digits alone fill from the right
        else:
            super().keyPressEvent(event)

    def _digit(self, digit: int) -> None:
        if self._is_overflowing():
            return
        cents = digit if self._replaces() else self._cents * 10 + digit
        if cents > MAX_CENTS:
            # More digits than money has: a scanned code. What it typed so far goes, and the rest is ignored.
            self._overflowed_at = monotonic()
            self._edited(0)
            return
        self._edited(cents)

    def _is_overflowing(self) -> bool:
        if self._overflowed_at is None:
            return False
        now = monotonic()
        still = now - self._overflowed_at < _SCAN_ENDS_AFTER
        self._overflowed_at = now if still else None
        return still

    def _replaces(self) -> bool:
        return bool(self.text()) and self.selectedText() == self.text()

    def _paste(self) -> None:
        try:
            self._edited(read_money(QApplication.clipboard().text()))
        except MoneyError:
            QApplication.beep()  # nothing changes: better an old amount in sight than a wrong one

    def _edited(self, cents: Cents) -> None:
        changed = cents != self._cents
        self.set_value(cents)
        if changed:
            self.valueEdited.emit(cents)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.selectAll()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        self.selectAll()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        event.accept()  # Qt's own menu would paste past the rules above

    def dropEvent(self, event: QDropEvent) -> None:
        event.ignore()
