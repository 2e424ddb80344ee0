"""Reason of a refund or whole cancel: numbered segments, the last one with a text of the person's own."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QRadioButton, QWidget

from bonifiq_desktop.domain.returns import CounterReason
from bonifiq_desktop.domain.text import plain
from bonifiq_desktop.ui.theme import px, set_variant
from bonifiq_desktop.ui.widgets.choice import Choice
from bonifiq_desktop.ui.widgets.dialog_frame import lay_out
from bonifiq_desktop.ui.widgets.forms import limited_text_field
from bonifiq_desktop.ui.widgets.labels import label

_MAX_REASON = 200  # characters


class ReasonChoice(QWidget):
    """The most common reason is chosen at first. Number keys choose while a segment has the focus.

    `by_counter`: the reasons are those that the connections map to their codes (`CounterReason`).
    """

    changed = Signal()

    def __init__(self, name: str, parent: QWidget | None = None, *, by_counter: bool = False) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(self.tr("Motivo"))
        entries = self._counter_reasons() if by_counter else self._usual_reasons()
        self._reasons = [reason for reason, _text in entries]
        self._choice = Choice(name, entries)  # names its segments after it
        self._choice.setObjectName(f"{name}Choice")
        self._choice.setAccessibleName(self.tr("Motivo"))
        self._choice.set_value(self._reasons[0])
        self.text_field = limited_text_field(
            f"{name}Text", self.tr("Motivo com suas palavras"), _MAX_REASON, hint=self.tr("Escreva o motivo")
        )
        self.text_field.hide()
        lay_out(self, label(self.tr("Motivo"), "caption"), self._choice, self.text_field, spacing=px(4))
        self.setFocusProxy(self._choice)
        self._choice.changed.connect(self._chosen)
        self.text_field.textChanged.connect(self.changed)

    def _usual_reasons(self) -> list[tuple[str, str]]:
        return [
            (self.tr("Cliente devolveu o produto"), self.tr("Devolveu")),
            (self.tr("Produto com defeito"), self.tr("Defeito")),
            (self.tr("Troca"), self.tr("Troca")),
            (self.tr("Erro no registro da venda"), self.tr("Erro")),
            ("", self.tr("Outro…")),
        ]

    def _counter_reasons(self) -> list[tuple[str, str]]:
        return [
            (CounterReason.REGRET.value, self.tr("Arrependimento")),
            (CounterReason.DEFECT.value, self.tr("Defeito")),
            (CounterReason.SIZE.value, self.tr("Tamanho")),
            (CounterReason.WRONG_ITEM.value, self.tr("Produto errado")),
            (CounterReason.OUT_OF_STOCK.value, self.tr("Sem estoque")),
            ("", self.tr("Outro…")),
        ]

    def counter_reason(self) -> CounterReason:
        """The reason that the connections map; a text of the person's own is `Outro`."""
        text = self.currentText()
        return CounterReason(text) if text in list(CounterReason) else CounterReason.OTHER

    def reason(self) -> str:
        return plain(self.currentText())

    def currentText(self) -> str:
        return str(self._choice.value() or "") or self.text_field.text()

    def setCurrentText(self, text: str) -> None:
        """Choose the segment with this text; another text is one of the person's own."""
        is_own = text not in self._reasons[:-1]
        if is_own:
            self.text_field.setText(text)
        self._choice.set_value("" if is_own else text)
        self._show_choice()

    def fields(self) -> list[QWidget]:
        """The widgets that take keys."""
        return [*self._choice.findChildren(QRadioButton), self.text_field]

    def set_invalid(self, *, wrong: bool) -> None:
        set_variant(self.text_field, wrong="true" if wrong else "false")

    @Slot()
    def _chosen(self) -> None:
        self._show_choice()
        if self.text_field.isVisible():
            self.text_field.setFocus()

    def _show_choice(self) -> None:
        is_own = not self._choice.value()
        self.text_field.setVisible(is_own)
        self.setFocusProxy(self.text_field if is_own else self._choice)
        self.changed.emit()
