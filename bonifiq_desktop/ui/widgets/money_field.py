"""Amount field: typed digits fill from the right, a pasted amount is parsed, a scanned code is refused."""

from collections.abc import Callable
from time import monotonic

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QInputMethodEvent, QKeyEvent, QKeySequence, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from bonifiq_desktop.domain.money import MAX_CENTS, Cents, MoneyError, format_plain, read_money
from bonifiq_desktop.ui.theme import color, font, px, set_variant
from bonifiq_desktop.ui.widgets.keys import ENTER, MAX_SCANNER_PAUSE, is_printable

_DIGITS = "0123456789"
_CURRENCY, _CURRENCY_AT = 20, 16  # pixels at 100 %
_MAX_HERO = 8  # characters in the largest size
_MAX_DIGITS = len(str(MAX_CENTS))


class DigitBurst:
    """Digits that follow each other as fast as a scanner types them.

    More digits than money has, be they zeros, are a code. `ScanGuard` knows the fast ones that end with Enter; this is
    for a scanner that is slow or sends no Enter. `is_code`: the rest of the burst is ignored.
    """

    def __init__(self) -> None:
        self.restart()
        self._last_at = 0.0

    def restart(self) -> None:
        self.count, self.is_code = 0, False

    def add(self) -> None:
        now = monotonic()
        if now - self._last_at >= MAX_SCANNER_PAUSE:
            self.restart()
        self._last_at = now
        self.count += 1

    @property
    def is_too_long(self) -> bool:
        return self.count > _MAX_DIGITS


class MoneyField(QLineEdit):
    """Shows `1.234,56`; empty means no input. `valueEdited` carries the cents after each edit.

    `limitReached` carries the limit when the input exceeds it; the field then shows the limit.
    """

    valueEdited = Signal(object)  # object: a C int ends at R$ 21.474.836,47, and a scanner types more
    limitReached = Signal(object)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setProperty("look", "money")
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setPlaceholderText("0,00")
        self.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly)
        self.setMinimumWidth(px(110))
        self.setAcceptDrops(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)  # Qt's menu would paste without parsing
        self._cents: Cents = 0
        self._burst = DigitBurst()
        self._undo_burst = self.snapshot()
        self.textChanged.connect(self._text_set_from_outside)

    def value(self) -> Cents:
        return self._cents

    def set_value(self, cents: Cents) -> None:
        """Show an amount of 0 or more, without `valueEdited`."""
        self._cents = max(0, cents)
        super().setText(_shown(self._cents))

    def setText(self, text: str | None) -> None:
        """Parse an amount as a paste does; an invalid text empties the field."""
        try:
            self._set_edited(read_money(text or ""))
        except MoneyError:
            self._set_edited(0)

    def clear(self) -> None:
        self._set_edited(0)

    def snapshot(self) -> Callable[[], None]:
        """Remember the amount; the returned call restores it and emits `valueEdited`."""
        cents, replaces = self._cents, self._is_all_selected()

        def back() -> None:
            self._set_edited(cents)
            if replaces:
                self.selectAll()

        return back

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in ENTER:
            self._burst.restart()  # Enter ends a burst, so the next digit starts another amount
        if self.isReadOnly():
            super().keyPressEvent(event)
        elif event.matches(QKeySequence.StandardKey.Paste):
            self._insert_text(QApplication.clipboard().text())
        elif event.matches(QKeySequence.StandardKey.Cut):
            self.copy()
            self._set_edited(0)
        elif event.key() in {Qt.Key.Key_Backspace, Qt.Key.Key_Delete}:
            self._set_edited(0 if self._is_all_selected() else self._cents // 10)
        elif len(event.text()) == 1 and event.text() in _DIGITS:
            self._type_digit(int(event.text()))
        elif is_printable(event):
            event.accept()  # separators and letters are ignored: digits alone fill from the right
        else:
            super().keyPressEvent(event)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Take input of an on-screen keyboard: one character or a whole amount."""
        text = event.commitString()
        event.accept()
        if self.isReadOnly() or not text:
            return
        if len(text) > 1:
            self._insert_text(text)
        elif text in _DIGITS:
            self._type_digit(int(text))

    def _type_digit(self, digit: int) -> None:
        self._burst.add()
        if self._burst.count == 1:
            self._undo_burst = self.snapshot()
        if self._burst.is_code:
            return
        cents = digit if self._is_all_selected() else self._cents * 10 + digit
        if cents > MAX_CENTS or self._burst.is_too_long:
            self._burst.is_code = True
            if self._burst.count > 1:
                self._undo_burst()
            else:
                self._set_edited(0)  # a typed amount that is too large is not cut
            return
        self._set_edited(cents)

    def _is_all_selected(self) -> bool:
        return bool(self.text()) and self.selectedText() == self.text()

    def _insert_text(self, text: str) -> None:
        try:
            self._set_edited(read_money(text))
        except MoneyError:
            QApplication.beep()  # keep the visible amount rather than guess another

    def _set_edited(self, cents: Cents) -> None:
        before = self._cents
        self.set_value(cents)
        if self._cents != before:
            self.valueEdited.emit(self._cents)
        if self._cents < cents:
            self.limitReached.emit(self._cents)

    @Slot()
    def _text_set_from_outside(self) -> None:
        """Parse a text that assistive technology set, so that the visible amount and the value stay equal."""
        text = self.text()
        if text != _shown(self._cents):
            try:
                self._set_edited(read_money(text) if text else 0)
            except MoneyError:
                self._set_edited(self._cents)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._burst.restart()
        self.selectAll()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        self.selectAll()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.MiddleButton:
            event.accept()  # X11 would paste without parsing
        else:
            super().mouseReleaseEvent(event)


class HeroField(MoneyField):
    """The one large amount of a page, with the currency at its left."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self.setProperty("look", "hero")
        self.textChanged.connect(self._fit_text)

    @Slot(str)
    def _fit_text(self, text: str) -> None:
        """Write a long amount smaller, beside the currency and not over it."""
        set_variant(self, long="true" if len(text) > _MAX_HERO else "false")

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setFont(font(_CURRENCY))
        painter.setPen(color("text2"))
        area = self.rect().adjusted(px(_CURRENCY_AT), 0, 0, 0)
        painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, "R$")
        painter.end()


def _shown(cents: Cents) -> str:
    return format_plain(cents) if cents else ""
