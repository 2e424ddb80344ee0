"""Field for the reason of a refund or cancel."""

from PySide6.QtWidgets import QComboBox, QWidget

from bonifiq_desktop.domain.text import plain
from bonifiq_desktop.ui.widgets.forms import limit_length

_MAX_REASON = 200


class ReasonBox(QComboBox):
    """Editable list; its first entry is the most common reason."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setAccessibleName(self.tr("Motivo"))
        self.addItems(
            [
                self.tr("Cliente devolveu o produto"),
                self.tr("Produto com defeito"),
                self.tr("Troca"),
                self.tr("Erro no registro da venda"),
            ]
        )
        edit = self.lineEdit()
        if edit is not None:
            limit_length(edit, _MAX_REASON)

    def reason(self) -> str:
        return plain(self.currentText())
