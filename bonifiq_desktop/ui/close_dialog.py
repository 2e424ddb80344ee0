"""Sheet shown when the window closes while operations are unfinished."""

from PySide6.QtWidgets import QWidget

from bonifiq_desktop.ui.widgets.buttons import ActionButton
from bonifiq_desktop.ui.widgets.dialog_frame import button_row, paragraph
from bonifiq_desktop.ui.widgets.labels import label
from bonifiq_desktop.ui.widgets.sheet import Sheet

_WIDTH = 560


class CloseDialog(Sheet):
    """Accepted: close. `pending`: operations that go on at the next start; `review`: those that need a decision."""

    def __init__(self, pending: int, review: int, parent: QWidget) -> None:
        super().__init__(parent, "leaveDialog", self.tr("Fechar o programa?"), _WIDTH)
        close = ActionButton("leaveAnyway", self.tr("Fechar"), "Enter", self.accept, look="primary", tall=True)
        stay = ActionButton("leaveStay", self.tr("Voltar"), "Esc", self.reject, tall=True)
        sentences = []
        if pending:
            sentences.append(
                self.tr(
                    "%n registro(s) ainda não têm a confirmação do BonifiQ. "
                    "Estão guardados neste PC e seguem sozinhos quando o programa abrir de novo.",
                    "",
                    pending,
                )
            )
        if review:
            sentences.append(
                self.tr("%n registro(s) esperam decisão no Histórico. Estão guardados neste PC até lá.", "", review)
            )
        buttons = button_row(stay, right=(close,))
        self.fill(label(self.windowTitle(), "title"), *map(paragraph, sentences), buttons)
        close.setFocus()
