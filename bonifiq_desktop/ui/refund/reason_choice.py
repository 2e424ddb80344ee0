"""Reason of a refund or whole cancel: numbered segments, the last one with a text of its own."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QWidget

from bonifiq_desktop.domain.text import plain
from bonifiq_desktop.ui.theme import px, set_variant
from bonifiq_desktop.ui.widgets.dialog_frame import lay_out
from bonifiq_desktop.ui.widgets.forms import limited_text_field
from bonifiq_desktop.ui.widgets.labels import label

_MAX_REASON = 200  # characters


class ReasonChoice(QWidget):
    """The most common reason is chosen at first. Keys 1 to 5 choose while a segment has the focus."""

    changed = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(self.tr("Motivo"))
        self._reasons = [
            (self.tr("Devolveu"), self.tr("Cliente devolveu o produto")),
            (self.tr("Defeito"), self.tr("Produto com defeito")),
            (self.tr("Troca"), self.tr("Troca")),
            (self.tr("Erro"), self.tr("Erro no registro da venda")),
            (self.tr("Outro…"), ""),
        ]
        self._group = QButtonGroup(self)
        self.text_field = limited_text_field(
            f"{name}Text", self.tr("Motivo com suas palavras"), _MAX_REASON, hint=self.tr("Escreva o motivo")
        )
        self.text_field.hide()
        row = QHBoxLayout()
        row.setSpacing(px(4))
        for number, (short, _full) in enumerate(self._reasons):
            button = _Segment(f"{number + 1}  {short}")
            button.setObjectName(f"{name}{number + 1}")
            button.setAccessibleName(self.tr("Motivo: {0}").format(short))
            self._group.addButton(button, number)
            row.addWidget(button)
            button.numberPressed.connect(self._choose)
        row.addStretch(1)
        lay_out(self, label(self.tr("Motivo"), "figureName"), row, self.text_field, spacing=px(4))
        self._group.button(0).setChecked(True)
        self.setFocusProxy(self._group.button(0))
        self._group.idToggled.connect(self._toggled)
        self.text_field.textChanged.connect(self.changed)

    def reason(self) -> str:
        return plain(self.currentText())

    def currentText(self) -> str:
        return self._reasons[self._group.checkedId()][1] or self.text_field.text()

    def setCurrentText(self, text: str) -> None:
        """Choose the segment with this text; another text is one of the person's own."""
        full = [reason for _short, reason in self._reasons]
        if not text or text not in full:
            self.text_field.setText(text)
            self._group.button(len(full) - 1).setChecked(True)
        else:
            self._group.button(full.index(text)).setChecked(True)

    def fields(self) -> list[QWidget]:
        """The widgets that take keys, in their order."""
        return [*self._group.buttons(), self.text_field]

    def set_invalid(self, *, wrong: bool) -> None:
        set_variant(self.text_field, wrong="true" if wrong else "false")

    @Slot(int)
    def _choose(self, number: int) -> None:
        if number < len(self._reasons):
            self._group.button(number).setChecked(True)
            self._group.button(number).setFocus()
            if self.text_field.isVisible():
                self.text_field.setFocus()

    @Slot(int, bool)
    def _toggled(self, number: int, checked: bool) -> None:
        if checked:
            self.text_field.setVisible(not self._reasons[number][1])
            self.setFocusProxy(self._group.button(number) if self._reasons[number][1] else self.text_field)
            self.changed.emit()


class _Segment(QPushButton):
    """One reason. `numberPressed`: the index of the segment whose number was pressed here."""

    numberPressed = Signal(int)

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.setProperty("look", "segment")
        self.setCheckable(True)
        self.setAutoDefault(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.text() and event.text() in "12345":
            self.numberPressed.emit(int(event.text()) - 1)
        else:
            super().keyPressEvent(event)
