"""The items of a sale: a helper that adds them up to what the customer really paid."""

from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from bonifiq_desktop.domain.money import Cents, format_reais
from bonifiq_desktop.domain.orders import Product
from bonifiq_desktop.ui.formats import translate
from bonifiq_desktop.ui.widgets.money_field import MoneyField
from bonifiq_desktop.ui.widgets.parts import KeyButton, mark_wrong
from bonifiq_desktop.ui.widgets.tables import amount_item, dress_table, fit_rows, set_headings

_ROW = 34
_VISIBLE_ROWS = 4


class _Rows(QTableWidget):
    """The items added so far; Delete takes one out."""

    removed = Signal(int)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete and self.currentRow() >= 0:
            self.removed.emit(self.currentRow())
        else:
            super().keyPressEvent(event)


class SaleItems(QWidget):
    """A line to type an item, Enter adds it; below, what was added."""

    edited = Signal()
    finished = Signal()
    """Enter on an empty line: no more items."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._products: list[Product] = []
        self._name = self.first_field = QLineEdit()
        self._name.setObjectName("saleItemName")
        self._name.setPlaceholderText(translate("SaleItems", "Item: código ou nome"))
        self._name.setAccessibleName(translate("SaleItems", "Código ou nome do item"))
        self._name.returnPressed.connect(self._name_entered)
        self._price = MoneyField("saleItemPrice")
        self._price.setAccessibleName(translate("SaleItems", "Valor do item"))
        self._price.returnPressed.connect(self._add)
        add = KeyButton("saleItemAdd", translate("SaleItems", "Incluir"), "Enter")
        add.clicked.connect(self._add)
        self._table = _Rows(0, 2)
        self._table.setObjectName("saleItems")
        self._table.removed.connect(self._remove)
        self._arrange(add)
        self._show()

    def _arrange(self, add: KeyButton) -> None:
        entry = QHBoxLayout()
        entry.addWidget(self._price, 1)
        entry.addWidget(add)
        dress_table(self._table, _ROW)
        headings = [translate("SaleItems", "Item (Del retira)"), translate("SaleItems", "Valor")]
        set_headings(self._table, headings, amounts={1})
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._name)
        layout.addLayout(entry)
        layout.addWidget(self._table)

    def products(self) -> tuple[Product, ...]:
        """The items added so far, at full price."""
        return tuple(self._products)

    def total(self) -> Cents:
        """The sum of the items, at full price."""
        return sum(product.price or 0 for product in self._products)

    def half_typed(self) -> bool:
        """Whether an item is typed and not added."""
        return bool(self._name.text().strip() or self._price.value())

    def forget(self) -> None:
        """No items."""
        self._products.clear()
        self._name.clear()
        self._price.set_value(0)
        self._show()

    def read_draft(self) -> list[list[Any]]:
        """The items as plain values."""
        return [[product.title, product.price] for product in self._products]

    def restore(self, rows: list[list[Any]]) -> None:
        """Items read by `read_draft`."""
        self._products = [Product(str(title), str(title), int(price)) for title, price in rows]
        self._show()

    @Slot()
    def _name_entered(self) -> None:
        if self._name.text().strip():
            self._price.setFocus()
        else:
            self.finished.emit()

    @Slot()
    def _add(self) -> None:
        name, price = self._name.text().strip(), self._price.value()
        mark_wrong(self._name, wrong=not name)
        mark_wrong(self._price, wrong=not price)
        if not name or not price:
            (self._price if name else self._name).setFocus()
            return
        self._products.append(Product(name, name, price))
        self._name.clear()
        self._price.set_value(0)
        self._show()
        self._name.setFocus()
        self.edited.emit()

    @Slot(int)
    def _remove(self, row: int) -> None:
        del self._products[row]
        self._show()
        self.edited.emit()

    def _show(self) -> None:
        self._table.setRowCount(len(self._products))
        for row, product in enumerate(self._products):
            self._table.setItem(row, 0, QTableWidgetItem(product.title))
            self._table.setItem(row, 1, amount_item(format_reais(product.price or 0)))
        self._table.setVisible(bool(self._products))
        fit_rows(self._table, _VISIBLE_ROWS)
        self._table.scrollToBottom()
