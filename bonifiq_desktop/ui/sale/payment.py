"""Payment of a sale: the shop's methods as numbered segments, and a field for any other one."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from bonifiq_desktop.ui.sale.fold import Fold
from bonifiq_desktop.ui.theme import px
from bonifiq_desktop.ui.widgets.choice import MAX_SEGMENTS, Choice
from bonifiq_desktop.ui.widgets.dialog_frame import lay_out
from bonifiq_desktop.ui.widgets.forms import editable_combo_box, set_entries

_OTHER = ""  # the value of the last segment


class _OtherPayment(Fold):
    """The editable list `salePayment`. It always holds the payment; it is visible for one without a segment."""

    def __init__(self) -> None:
        super().__init__()
        name = self.tr("Forma de pagamento")
        self.box = editable_combo_box("salePayment", name, self.tr("Qual?"))
        line = self.box.lineEdit()
        if line is not None:
            line.setAccessibleName(name)
        lay_out(self, self.box, margins=(0, px(8), 0, 0))
        self.watch_fields()


class SalePayment(QWidget):
    """Digits choose a segment, arrows move the choice. Without a choice the sale names no payment."""

    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names: tuple[str, ...] = ()
        self.segments = Choice("salePaymentSegment", ())
        self.segments.setAccessibleName(self.tr("Pagamento"))
        self.segments.changed.connect(self._segment_chosen)
        self._other = _OtherPayment()
        self.box = self._other.box
        self.box.editTextChanged.connect(self._text_changed)
        lay_out(self, self.segments, self._other, spacing=0)
        self.set_methods(())

    def set_methods(self, names: Sequence[str]) -> None:
        """Use the shop's methods; the chosen one stays."""
        self._names = tuple(names[: MAX_SEGMENTS - 1])
        self.segments.set_entries([*((name, name) for name in self._names), (_OTHER, self.tr("Outra…"))])
        set_entries(self.box, names)
        self._show_chosen()

    @Slot(object)
    def _segment_chosen(self, name: str) -> None:
        if name != _OTHER:
            self.box.setCurrentText(name)
            return
        self._other.set_open(True)
        self.box.setFocus()
        if self.text() in self._names:
            self.box.setCurrentText("")

    def text(self) -> str:
        return self.box.currentText().strip()

    def set_text(self, text: str) -> None:
        self.box.setCurrentText(text)

    @Slot()
    def _text_changed(self) -> None:
        self._show_chosen()
        self.edited.emit()

    def _show_chosen(self) -> None:
        """Choose the segment of the text. While another one is typed, it stays: `Pix` may become `Pix parcelado`."""
        text = self.text()
        is_typing_other = self._other.is_open() and self.box.hasFocus()
        named = next((name for name in self._names if name.casefold() == text.casefold()), None)
        is_other = is_typing_other or (bool(text) and named is None)
        self.segments.set_value(_OTHER if is_other else named)
        self._other.set_open(is_other)

    def setFocus(self, reason: Qt.FocusReason = Qt.FocusReason.OtherFocusReason) -> None:
        self.segments.setFocus(reason)

    def snapshot(self) -> Callable[[], None]:
        """Remember the payment; the returned call restores it: the digits of a scanned code choose segments."""
        text = self.box.currentText()

        def back() -> None:
            if self.box.currentText() != text:
                self.set_text(text)

        return back
