"""Metadata of a sale: pairs of name and value, such as the NFC-e key."""

from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from bonifiq_desktop.ui.widgets.buttons import ActionButton
from bonifiq_desktop.ui.widgets.dialog_frame import lay_out
from bonifiq_desktop.ui.widgets.entry_row import EntryRow, EntryTable
from bonifiq_desktop.ui.widgets.forms import editable_combo_box, limited_text_field, set_entries
from bonifiq_desktop.ui.widgets.labels import set_invalid

_MAX_VALUE = 250


class SaleMetadata(EntryRow):
    """Fields of one pair, and the table of the added ones. A complete pair counts, added or not."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("saleMetadataRow")
        self._pairs: list[tuple[str, str]] = []
        self.till = ""  # the default value of the name *Caixa*
        self._name = editable_combo_box(
            "saleMetadataName",
            self.tr("Nome da informação extra"),
            self.tr("Informação extra"),
        )
        set_entries(self._name, (self.tr("Cupom fiscal"), self.tr("Chave da NFC-e"), self.tr("Caixa")))
        self._name.currentTextChanged.connect(self._name_changed)
        self._value = limited_text_field(
            "saleMetadataValue",
            self.tr("Conteúdo da informação extra"),
            _MAX_VALUE,
            hint=self.tr("Conteúdo"),
            takes_scan=True,  # for the key of a fiscal receipt
        )
        self._value.textChanged.connect(self.edited)
        add = ActionButton("saleMetadataAdd", self.tr("Incluir"), "Enter", self.add)
        headings = [self.tr("Informação (Del retira)"), self.tr("Conteúdo")]
        title = self.tr("Informações extras da venda")
        self.table = EntryTable("saleMetadata", title, headings, amounts=set(), max_rows=3)
        self.table.deletePressed.connect(self._remove)
        row = QHBoxLayout()
        row.addWidget(self._name, 1)
        row.addWidget(self._value, 1)
        row.addWidget(add)
        lay_out(self, row, self.table)
        self.link_fields(self._name, self._value, required=1)
        self._fill_table()

    @Slot()
    def _name_changed(self) -> None:
        if self._name.currentText() == self.tr("Caixa") and not self._value.text():
            self._value.setText(self.till)
        self.edited.emit()

    def pairs(self) -> tuple[tuple[str, str], ...]:
        return (*self._pairs, self._typed()) if self.is_half_typed() else tuple(self._pairs)

    def _typed(self) -> tuple[str, str]:
        return self._name.currentText().strip(), self._value.text().strip()

    def is_half_typed(self) -> bool:
        return any(self._typed())

    def mark_incomplete(self, *, wrong: bool) -> None:
        """Mark the field that the typed pair lacks and focus it; or unmark both."""
        missing = self._value if self._typed()[0] else self._name
        for field in (self._name, self._value):
            set_invalid(field, wrong=wrong and field is missing)
        if wrong:
            missing.setFocus()

    @Slot()
    def add(self) -> bool:
        if not all(self._typed()):
            self.mark_incomplete(wrong=True)
            return False
        self._pairs.append(self._typed())
        self._clear_fields()
        self._fill_table()
        self._name.setFocus()
        self.edited.emit()
        return True

    def _clear_fields(self) -> None:
        self.mark_incomplete(wrong=False)
        self._name.setCurrentText("")
        self._value.clear()

    @Slot(int)
    def _remove(self, row: int) -> None:
        del self._pairs[row]
        self._fill_table()
        self.edited.emit()

    def read_draft(self) -> dict[str, Any]:
        """The added and the typed pairs as plain values, empty when there are none."""
        if not self.pairs():
            return {}
        return {"added": [list(pair) for pair in self._pairs], "typed": [self._name.currentText(), self._value.text()]}

    def restore_draft(self, draft: dict[str, Any]) -> None:
        """Restore the values of `read_draft`. Raises TypeError, ValueError, KeyError for another shape."""
        self._pairs.clear()
        self._clear_fields()
        if draft:
            name, value = draft["typed"]
            self._pairs = [(str(name), str(value)) for name, value in draft["added"]]
            self._name.setCurrentText(str(name))
            self._value.setText(str(value))
        self._fill_table()

    def _fill_table(self) -> None:
        self.table.show_rows([*self._pairs])
