"""Choice of the operation whose slip is printed, where an order has several."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from bonifiq_desktop.domain.operations import Operation
from bonifiq_desktop.domain.slips import SlipSubject, subject_of
from bonifiq_desktop.ui.lookup.rows import Row, RowList
from bonifiq_desktop.ui.lookup.texts import operation_row
from bonifiq_desktop.ui.messages.message import translate
from bonifiq_desktop.ui.theme import px
from bonifiq_desktop.ui.widgets.buttons import ActionButton
from bonifiq_desktop.ui.widgets.dialog_frame import button_row
from bonifiq_desktop.ui.widgets.labels import label
from bonifiq_desktop.ui.widgets.sheet import Sheet

_WIDTH, _ROW, _PADDING = 760, 48, 24  # pixels at 100 %
_MAX_ROWS = 8


def slips_of(operations: Sequence[Operation]) -> dict[SlipSubject, Operation]:
    """The slips of this till's operations, in their order. The last leg of a return stands for its one slip."""
    return {subject_of(operation): operation for operation in operations if not operation.till}


class SlipChoice(Sheet):
    """The first slip is selected. `chosen` carries the subject."""

    chosen = Signal(object)

    def __init__(self, slips: dict[SlipSubject, Operation], parent: QWidget) -> None:
        heading = translate("SlipChoice", "Qual comprovante?")
        super().__init__(parent, "slipChoice", heading, _WIDTH)
        rows: list[Row] = [replace(operation_row(each), target=subject) for subject, each in slips.items()]
        self._rows = RowList("slipChoiceRows", heading, two_lines=True)
        self._rows.show_rows(rows, 0)
        self._rows.setFixedHeight(px(_ROW) * min(len(rows), _MAX_ROWS) + px(_PADDING))
        self._rows.chosen.connect(self._choose)
        go_on = ActionButton("slipChoiceOpen", self.tr("Ver e imprimir"), "Enter", self._rows.choose, look="primary")
        back = ActionButton("slipChoiceBack", self.tr("Voltar"), "Esc", self.reject, look="ghost")
        self.fill(label(heading, "section"), self._rows, button_row(back, right=(go_on,)))
        self._rows.setFocus()

    @Slot(object)
    def _choose(self, subject: SlipSubject) -> None:
        self.accept()
        self.chosen.emit(subject)
