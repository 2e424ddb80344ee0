"""Customers of this till that fit what is typed in the customer field."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from bonifiq_desktop.domain.money import format_reais
from bonifiq_desktop.domain.search import OrderHit
from bonifiq_desktop.ui.messages.formats import short_date

_MAX_ROWS = 5
_HIT = Qt.ItemDataRole.UserRole


class CustomerHits(QListWidget):
    """Hidden while empty; the keys come from the field. `chosen` carries a hit, or None for a new customer."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("saleCustomerHits")
        self.setAccessibleName(self.tr("Clientes encontrados"))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.itemClicked.connect(self._choose)
        self.hide()

    def show_hits(self, hits: Sequence[OrderHit], new_name: str) -> None:
        """Show one row for each customer, the newest order first. `new_name`: the name of a new one, may be empty."""
        self.clear()
        for hit in one_of_each(hits)[:_MAX_ROWS]:
            last = self.tr("última compra {0}, {1}").format(short_date(hit.at), format_reais(hit.value))
            self._add("  ·  ".join(part for part in (hit.first_name, hit.masked_document, last) if part), hit)
        if self.count() and new_name:
            self._add(self.tr("Cliente novo: {0}").format(new_name), None)
        self.setCurrentRow(-1)
        self.setFixedHeight(sum(self.sizeHintForRow(row) for row in range(self.count())) + 2 * self.frameWidth())
        self.setVisible(self.count() > 0)

    def _add(self, text: str, hit: OrderHit | None) -> None:
        item = QListWidgetItem(text)
        item.setData(_HIT, hit)
        self.addItem(item)

    def hide_hits(self) -> None:
        self.clear()
        self.hide()

    def move_choice(self, by: int) -> None:
        self.setCurrentRow((self.currentRow() + by) % self.count() if self.currentRow() >= 0 or by > 0 else -1)

    def choose_current(self) -> bool:
        """Choose the current row; without one, make the first one current. False when there are no rows."""
        if self.currentRow() >= 0:
            self._choose(self.currentItem())
        elif self.count():
            self.setCurrentRow(0)
        else:
            return False
        return True

    @Slot(QListWidgetItem)
    def _choose(self, item: QListWidgetItem) -> None:
        hit = item.data(_HIT)
        self.hide_hits()
        self.chosen.emit(hit)


def one_of_each(hits: Sequence[OrderHit]) -> list[OrderHit]:
    """The first hit of each customer; orders without a customer are left out."""
    return list({hit.customer: hit for hit in reversed(hits) if hit.customer}.values())[::-1]
