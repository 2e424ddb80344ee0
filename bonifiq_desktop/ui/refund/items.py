"""Table of an order's items, to tick the returned ones with a value each."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from bonifiq_desktop.domain.items import Item
from bonifiq_desktop.domain.money import Cents, format_plain, format_reais
from bonifiq_desktop.domain.operations import Line
from bonifiq_desktop.domain.orders import Product
from bonifiq_desktop.ui.messages.formats import short_date
from bonifiq_desktop.ui.widgets.labels import tooltip
from bonifiq_desktop.ui.widgets.money_field import MoneyField
from bonifiq_desktop.ui.widgets.tables import amount_item, fit_rows, set_headings, style_table

_ROW_HEIGHT = 40
_VISIBLE_ROWS = 3
_VALUE_WIDTH = 190
_TITLE, _PRICE, _VALUE, _UNITS = range(4)


class RefundItems(QTableWidget):
    """One row per product: a tick, the price paid, and the value to refund.

    Returned items and discounts have no tick and no field. `limitReached` carries the row whose value was cut.
    """

    edited = Signal()
    limitReached = Signal(int)

    def __init__(self, products: Sequence[Product], items: Iterable[Item], parent: QWidget | None = None) -> None:
        super().__init__(len(products), 4, parent)
        self.setObjectName("refundItems")
        self.setAccessibleName(self.tr("Itens do pedido"))
        self._items = {item.position: item for item in items}
        self._refundable = {row: item for row, item in self._items.items() if item.refundable}
        self._units = dict.fromkeys(self._refundable, 0)
        self._fields: dict[int, MoneyField] = {}
        for row, product in enumerate(products):
            self._fill(row, product)
        self._arrange()
        self.itemChanged.connect(self._check_state_changed)
        self.cellClicked.connect(self._cell_clicked)

    def _fill(self, row: int, product: Product) -> None:
        title = QTableWidgetItem(product.title or product.product_id)
        title.setToolTip(tooltip(product.title))
        paid, closed, units = self._paid_text(row, product), self._closed_text(row), ""
        cells = [title, *map(amount_item, (paid, closed, units))]
        for column, cell in enumerate(cells):
            cell.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
            self.setItem(row, column, cell)
        cells[_VALUE].setToolTip(tooltip(cells[_VALUE].text()))
        if row in self._refundable:
            title.setFlags(title.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            self._add_field(row, title.text())
            self._apply_units(row, 0)

    def _add_field(self, row: int, title: str) -> None:
        item = self._refundable[row]
        field = MoneyField(f"refundItemValue{row}")
        field.setAccessibleName(self.tr("Valor a devolver de {0}").format(title))
        if item.returned:
            field.setPlaceholderText(self.tr("resta {0}").format(format_plain(item.refundable)))
        field.valueEdited.connect(self.edited)
        field.limitReached.connect(lambda _cents: self.limitReached.emit(row))
        self._fields[row] = field
        self.setCellWidget(row, _VALUE, field)

    def _paid_text(self, row: int, product: Product) -> str:
        item = self._items.get(row)
        cents = product.price if item is None else item.paid
        return "" if cents is None else format_reais(cents)

    def _closed_text(self, row: int) -> str:
        item = self._items.get(row)
        if item is None:
            return self.tr("desconto")
        if item.refundable:
            return ""
        if item.last_return is None:
            return "—"
        day, person = short_date(item.last_return.created_at), item.last_return.registered_by
        returned = self.tr("devolvida {0}").format(day)
        return self.tr("{0}, {1}").format(returned, person) if person else returned

    def _arrange(self) -> None:
        style_table(self, _ROW_HEIGHT)
        set_headings(
            self,
            [
                self.tr("Item (espaço marca)"),
                self.tr("Pago"),
                self.tr("Devolver"),
                self.tr("Peças (+ −)"),
            ],
            amounts={_PRICE, _VALUE, _UNITS},
        )
        self.horizontalHeader().setSectionResizeMode(_VALUE, QHeaderView.ResizeMode.Fixed)
        self.setColumnWidth(_VALUE, _VALUE_WIDTH)
        self.horizontalHeader().moveSection(_UNITS, _PRICE)
        self.setColumnHidden(_UNITS, all(item.units == 1 for item in self._refundable.values()))
        fit_rows(self, _VISIBLE_ROWS)
        self.setCurrentCell(min(self._refundable, default=0), _TITLE)

    def fields(self) -> list[MoneyField]:
        return list(self._fields.values())

    def limit_of(self, row: int) -> Cents:
        """The most that the ticked units of a row can refund."""
        return self._refundable[row].max_value_for(self._units[row])

    def lines(self) -> tuple[Line, ...]:
        return tuple(
            Line(
                item.product.product_id,
                item.product.title,
                self._fields[row].value(),
                item.whole_units(self._fields[row].value(), self._units[row]),
                position=row,
            )
            for row, item in self._refundable.items()
            if self._units[row] and self._fields[row].value()
        )

    def total(self) -> Cents:
        return sum(line.value for line in self.lines())

    def ticked_rows(self) -> list[int]:
        return [row for row, units in self._units.items() if units]

    def units(self) -> list[int]:
        return [self._units.get(row, 0) for row in range(self.rowCount())]

    def values(self) -> list[Cents]:
        return [self._fields[row].value() if row in self._fields else 0 for row in range(self.rowCount())]

    def restore(self, units: Sequence[int], values: Sequence[Cents]) -> None:
        """Tick these units of each row with these values, as far as they are still refundable."""
        for row, (count, value) in enumerate(zip(units, values, strict=False)):
            if row in self._refundable and count > 0:
                self._apply_units(row, min(count, self._refundable[row].units))
                self._fields[row].set_value(value)

    def untick_all(self) -> None:
        for row in self._refundable:
            self._apply_units(row, 0)

    # --- ticking

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self.currentRow()
        if event.key() == Qt.Key.Key_Space:
            self._add_unit(row)
        elif event.text() == "+":
            self._set_units(row, self._units.get(row, 0) + 1)
        elif event.text() in {"-", "−"}:
            self._set_units(row, self._units.get(row, 0) - 1)
        else:
            super().keyPressEvent(event)

    def _add_unit(self, row: int) -> None:
        """Tick one more unit; after the last one, none."""
        if row in self._refundable:
            self._set_units(row, (self._units[row] + 1) % (self._refundable[row].units + 1))

    def _set_units(self, row: int, units: int) -> None:
        if row in self._refundable and 0 <= units <= self._refundable[row].units:
            self._apply_units(row, units)
            self.edited.emit()

    def _apply_units(self, row: int, units: int) -> None:
        self._units[row] = units
        item, field = self._refundable[row], self._fields[row]
        self.blockSignals(True)
        title, count = self.item(row, _TITLE), self.item(row, _UNITS)
        if title is not None and count is not None:
            title.setCheckState(Qt.CheckState.Checked if units else Qt.CheckState.Unchecked)
            count.setText(self.tr("{0} de {1}").format(units, item.units))
        self.blockSignals(False)
        field.setEnabled(units > 0)
        field.set_limit(item.max_value_for(units) if units else 0)
        field.set_value(item.value_of(units))

    @Slot(QTableWidgetItem)
    def _check_state_changed(self, cell: QTableWidgetItem) -> None:
        row, ticked = cell.row(), cell.checkState() == Qt.CheckState.Checked
        if cell.column() == _TITLE and row in self._refundable and ticked != bool(self._units[row]):
            self._set_units(row, 1 if ticked else 0)

    @Slot(int, int)
    def _cell_clicked(self, row: int, column: int) -> None:
        if column == _UNITS:
            self._add_unit(row)
