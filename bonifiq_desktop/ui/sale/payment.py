"""Payment of a sale: the shop's methods as numbered segments, and a field for any other one."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QRadioButton, QWidget

from bonifiq_desktop.ui.sale.fold import Fold
from bonifiq_desktop.ui.theme import px
from bonifiq_desktop.ui.widgets.dialog_frame import lay_out
from bonifiq_desktop.ui.widgets.forms import editable_combo_box, set_entries
from bonifiq_desktop.ui.widgets.keys import is_printable
from bonifiq_desktop.ui.widgets.labels import shortened

_HEIGHT = 44  # pixels at 100 %
_MAX_SEGMENTS = 8  # one key each, and one for the others
_GAP = 8


class _OtherPayment(Fold):
    """The editable list `salePayment`. It always holds the payment; it is visible for one without a segment."""

    def __init__(self) -> None:
        super().__init__()
        self.box = editable_combo_box("salePayment", self.tr("Forma de pagamento"), self.tr("Qual?"))
        line = self.box.lineEdit()
        if line is not None:
            line.setAccessibleName(self.tr("Forma de pagamento"))
        lay_out(self, self.box, margins=(0, _GAP, 0, 0))
        self.watch_fields()


class _SegmentRows(QWidget):
    """Lays its buttons out in as many rows as they need; each row is as wide as the widget."""

    def arrange(self) -> None:
        gap, height = px(_GAP), px(_HEIGHT)
        rows: list[list[tuple[QRadioButton, int]]] = [[]]
        for button in self.findChildren(QRadioButton):
            button.ensurePolished()
            needed = button.sizeHint().width()
            if rows[-1] and sum(width + gap for _button, width in rows[-1]) + needed > self.width():
                rows.append([])
            rows[-1].append((button, needed))
        for number, row in enumerate(rows):
            left = 0
            spare = max(0, self.width() - sum(width for _button, width in row) - gap * (len(row) - 1))
            for place, (button, needed) in enumerate(row):
                width = needed + spare * (place + 1) // len(row) - spare * place // len(row)
                button.setGeometry(left, number * (height + gap), width, height)
                left += width + gap
        self.setFixedHeight(len(rows) * (height + gap) - gap)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.arrange()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in {QEvent.Type.StyleChange, QEvent.Type.FontChange}:
            self.arrange()


class SalePayment(QWidget):
    """Digits choose a segment, arrows move the choice. Without a choice the sale names no payment."""

    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._group = QButtonGroup(self)
        self._group.idClicked.connect(self._segment_clicked)
        self._segments: list[tuple[str, QRadioButton]] = []
        self._other = _OtherPayment()
        self.box = self._other.box
        self.box.editTextChanged.connect(self._text_changed)
        self._rows = _SegmentRows()
        lay_out(self, self._rows, self._other, spacing=0)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Forma de pagamento"))
        self.set_methods(())

    # --- the segments

    def set_methods(self, names: Sequence[str]) -> None:
        """Use the shop's methods; the chosen one stays."""
        for _name, button in self._segments:
            self._group.removeButton(button)
            button.setParent(None)
            button.deleteLater()
        texts = [*names[:_MAX_SEGMENTS], self.tr("Outra…")]
        self._segments = []
        for number, text in enumerate(texts, start=1):
            button = QRadioButton(f"{number}   {shortened(text)}".replace("&", "&&"), self._rows)
            button.setObjectName(f"salePayment{number}")
            button.setProperty("look", "segment")
            button.setAccessibleName(self.tr("Pagamento: {0}").format(text))
            self._group.addButton(button, number)
            self._segments.append((text if number < len(texts) else "", button))
            button.show()
        set_entries(self.box, names)
        self._show_chosen()
        self._rows.arrange()

    def setFocus(self, reason: Qt.FocusReason = Qt.FocusReason.OtherFocusReason) -> None:
        """Give the focus to the chosen segment, else to the first."""
        button = self._group.checkedButton() or self._segments[0][1]
        button.setFocus(reason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        button = self._group.button(int(event.text())) if event.text() in set("123456789") else None
        if button is not None and is_printable(event):
            button.click()
        else:
            super().keyPressEvent(event)

    @Slot(int)
    def _segment_clicked(self, number: int) -> None:
        name, button = self._segments[number - 1]
        if name:
            self.box.setCurrentText(name)
            button.setFocus()
            return
        if self.box.currentText() in self._names():
            self.box.setCurrentText("")
        self._other.set_open(True)
        self.box.setFocus()

    def _names(self) -> set[str]:
        return {name for name, _button in self._segments if name}

    # --- the value

    def text(self) -> str:
        return self.box.currentText().strip()

    def set_text(self, text: str) -> None:
        self.box.setCurrentText(text)

    @Slot()
    def _text_changed(self) -> None:
        self._show_chosen()
        self.edited.emit()

    def _show_chosen(self) -> None:
        """Check the segment of the text; only the first or the checked one is in the ring of Tab."""
        text = self.text().casefold()
        is_typing_other = self._other.is_open() and self.box.hasFocus()
        chosen = next((button for name, button in self._segments if name and name.casefold() == text), None)
        if is_typing_other or (text and chosen is None):
            chosen = self._segments[-1][1]  # also while a segment's name is typed: it may become a longer one
        self._group.setExclusive(False)
        for _name, button in self._segments:
            button.setChecked(button is chosen)
        self._group.setExclusive(True)
        self._other.set_open(chosen is self._segments[-1][1])
        first = chosen or self._segments[0][1]
        for _name, button in self._segments:
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus if button is first else Qt.FocusPolicy.ClickFocus)

    def snapshot(self) -> Callable[[], None]:
        """Remember the payment; the returned call restores it: the digits of a scanned code choose segments."""
        text = self.box.currentText()

        def back() -> None:
            if self.box.currentText() != text:
                self.set_text(text)

        return back
