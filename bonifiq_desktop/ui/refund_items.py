"""The items of an order, to tick what comes back, each with its value."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from bonifiq_desktop.domain.money import Cents, format_reais
from bonifiq_desktop.domain.operations import Line
from bonifiq_desktop.domain.orders import Product
from bonifiq_desktop.ui.formats import translate
from bonifiq_desktop.ui.widgets.money_field import MoneyField
from bonifiq_desktop.ui.widgets.parts import tooltip
from bonifiq_desktop.ui.widgets.tables import amount_item, dress_table, fit_rows, set_headings

_ROW = 40
_VISIBLE_ROWS = 3
_TITLE, _PRICE, _VALUE = range(3)


class RefundItems(QTableWidget):
    """One row per product: a tick, the price paid, and the value to give back (the price unless changed)."""

    edited = Signal()

    def __init__(self, products: tuple[Product, ...], parent: QWidget | None = None) -> None:
        super().__init__(len(products), 3, parent)
        self.setObjectName("refundItems")
        self.setAccessibleName(translate("RefundItems", "Itens do pedido"))
        self._products = products
        self._fields: list[MoneyField] = []
        for row, product in enumerate(products):
            self._fill(row, product)
        self._arrange()
        self.itemChanged.connect(self._ticked)

    def _fill(self, row: int, product: Product) -> None:
        title = QTableWidgetItem(product.title or product.product_id)
        title.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable)
        title.setCheckState(Qt.CheckState.Unchecked)
        title.setToolTip(tooltip(product.title))
        price = amount_item("" if product.price is None else format_reais(product.price))
        price.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
        field = MoneyField(f"refundItemValue{row}")
        field.setAccessibleName(translate("RefundItems", "Valor a devolver de {0}").format(title.text()))
        field.setEnabled(False)
        field.valueEdited.connect(self.edited)
        self._fields.append(field)
        self.setItem(row, _TITLE, title)
        self.setItem(row, _PRICE, price)
        self.setCellWidget(row, _VALUE, field)

    def _arrange(self) -> None:
        dress_table(self, _ROW)
        set_headings(
            self,
            [
                translate("RefundItems", "Item (espaço marca)"),
                translate("RefundItems", "Pago"),
                translate("RefundItems", "Devolver"),
            ],
            amounts={_PRICE, _VALUE},
        )
        self.horizontalHeader().setSectionResizeMode(_VALUE, QHeaderView.ResizeMode.Fixed)
        self.setColumnWidth(_VALUE, 140)
        fit_rows(self, _VISIBLE_ROWS)
        self.setCurrentCell(0, _TITLE)

    def fields(self) -> list[MoneyField]:
        """The value fields, one per row."""
        return list(self._fields)

    def lines(self) -> tuple[Line, ...]:
        """The ticked items with the value each gives back."""
        return tuple(
            Line(product.product_id, product.title, self._fields[row].value())
            for row, product in enumerate(self._products)
            if self._is_ticked(row)
        )

    def total(self) -> Cents:
        """The sum of the ticked items' values."""
        return sum(line.value for line in self.lines())

    def ticks(self) -> list[int]:
        """The rows that are ticked."""
        return [row for row in range(self.rowCount()) if self._is_ticked(row)]

    def values(self) -> list[Cents]:
        """The value typed in each row."""
        return [field.value() for field in self._fields]

    def restore(self, ticks: list[int], values: list[Cents]) -> None:
        """Tick these rows again, with these values."""
        self.blockSignals(True)
        for row, field in enumerate(self._fields):
            self._set_ticked(row, ticked=row in ticks)
            field.set_value(values[row] if row in ticks and row < len(values) else 0)
        self.blockSignals(False)

    def untick_all(self) -> None:
        """A value typed by hand counts instead of the items."""
        self.restore([], [])

    def _is_ticked(self, row: int) -> bool:
        item = self.item(row, _TITLE)
        return item is not None and item.checkState() == Qt.CheckState.Checked

    def _set_ticked(self, row: int, *, ticked: bool) -> None:
        item = self.item(row, _TITLE)
        if item is not None:
            item.setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
        self._fields[row].setEnabled(ticked)

    @Slot(QTableWidgetItem)
    def _ticked(self, item: QTableWidgetItem) -> None:
        row = item.row()
        if item.column() != _TITLE:
            return
        field, ticked = self._fields[row], self._is_ticked(row)
        if field.isEnabled() == ticked:
            return
        field.setEnabled(ticked)
        field.set_value((self._products[row].price or 0) if ticked else 0)
        self.edited.emit()
