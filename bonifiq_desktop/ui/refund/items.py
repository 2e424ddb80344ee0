"""List of an order's items, to tick the returned ones; typed digits change the value of the current line."""

from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QHeaderView, QStyleOptionViewItem, QTableWidget, QTableWidgetItem, QWidget

from bonifiq_desktop.domain.items import Item
from bonifiq_desktop.domain.money import MAX_CENTS, Cents, format_plain, format_reais
from bonifiq_desktop.domain.operations import Line
from bonifiq_desktop.domain.orders import Product
from bonifiq_desktop.ui.messages.formats import short_date
from bonifiq_desktop.ui.messages.message import translate
from bonifiq_desktop.ui.messages.shop_database import person_and_till
from bonifiq_desktop.ui.theme import color, px, stroke
from bonifiq_desktop.ui.widgets.announcer import announce
from bonifiq_desktop.ui.widgets.keys import ENTER, is_printable
from bonifiq_desktop.ui.widgets.labels import tooltip
from bonifiq_desktop.ui.widgets.money_field import DigitBurst
from bonifiq_desktop.ui.widgets.tables import RowDelegate, amount_item, set_headings, style_table

_VALUE_WIDTH = 124  # pixels at 100 %
_ROW_HEIGHT = 56  # pixels at 100 %: a name has two lines
_TITLE, PAID, _VALUE = range(3)
_DIGITS = "0123456789"
_HAS_VALUE = Qt.ItemDataRole.UserRole


class RefundItems(QTableWidget):
    """One row per product: a tick with its units, the price paid, and the value to refund.

    Returned items and discounts have no tick. `limitReached` carries the row whose value was cut; `valueWanted`: the
    person wants to type a value for the whole order.
    """

    edited = Signal()
    limitReached = Signal(int)
    valueWanted = Signal()

    def __init__(
        self,
        products: Sequence[Product],
        items: Iterable[Item],
        parent: QWidget | None = None,
        name: str = "refundItems",
    ) -> None:
        super().__init__(len(products), 3, parent)
        self.setObjectName(name)
        self.setAccessibleName(self.tr("Itens do pedido"))
        self._products = products
        self._items = {item.position: item for item in items}
        self._refundable = {row: item for row, item in self._items.items() if self._can_go_back(item)}
        self._units = dict.fromkeys(self._refundable, 0)
        self._values: dict[int, Cents] = dict.fromkeys(self._refundable, 0)
        self._burst = DigitBurst()
        self._undo_burst: Callable[[], None] = lambda: None
        self._is_locked = False
        self._typed_row = -1  # whose value the next digit continues
        for row in range(len(products)):
            self._fill(row)
        self._arrange()
        self.itemChanged.connect(self._check_state_changed)
        self.cellClicked.connect(self._cell_clicked)
        self.currentCellChanged.connect(self._end_typing)

    @staticmethod
    def _can_go_back(item: Item) -> bool:
        return bool(item.refundable)

    def _fill(self, row: int) -> None:
        title = QTableWidgetItem()
        cells = [title, amount_item(self._paid_text(row)), amount_item("")]
        for column, cell in enumerate(cells):
            cell.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
            self.setItem(row, column, cell)
        title.setToolTip(tooltip(self._products[row].title))
        if row in self._refundable:
            title.setFlags(title.flags() | Qt.ItemFlag.ItemIsUserCheckable)
        self._show_row(row)

    def _arrange(self) -> None:
        style_table(self, _ROW_HEIGHT)
        headings = [self.tr("Produto"), self.tr("Pago"), self.tr("Devolver")]
        set_headings(self, headings, amounts={PAID, _VALUE})
        self.horizontalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(_VALUE, QHeaderView.ResizeMode.Fixed)
        self.setColumnWidth(_VALUE, px(_VALUE_WIDTH))
        for row in self._items.keys() - self._refundable.keys():
            self.setSpan(row, PAID, 1, 2)  # when and by whom it was returned, in place of price and value
        self.setWordWrap(True)
        self.setItemDelegateForColumn(_TITLE, _Tick(self))
        self.setItemDelegateForColumn(_VALUE, _ValueBox(self))
        self.setMaximumHeight(self.rowCount() * self.rowHeight(0) + 2 * self.frameWidth() + 4 * stroke())
        self.setCurrentCell(min(self._refundable, default=0), _TITLE)

    # --- what is shown

    def _show_row(self, row: int) -> None:
        title, paid, value = (self.item(row, column) for column in (_TITLE, PAID, _VALUE))
        if title is None or paid is None or value is None:
            return
        name = self._products[row].title or self._products[row].product_id
        units = self._units.get(row, 0)
        self.blockSignals(True)
        title.setText(self._title(row, name, units))
        if row in self._refundable:
            title.setCheckState(Qt.CheckState.Checked if units else Qt.CheckState.Unchecked)
        shown = self._value_text(row, units)
        value.setText(shown)
        value.setToolTip(tooltip(shown))
        value.setData(_HAS_VALUE, bool(units) and not self._is_locked)
        for cell, spoken in (
            (title, f"{name}, {self._state_text(row, units)}"),
            (paid, paid.text() or self.tr("sem preço")),
            (value, self._spoken_value(row, units) or shown),
        ):
            cell.setData(Qt.ItemDataRole.AccessibleTextRole, spoken)
        self.blockSignals(False)
        self.viewport().update()

    def _spoken_value(self, row: int, units: int) -> str:
        if row not in self._refundable:
            return ""
        return self.tr("{0} a devolver").format(format_reais(self._values[row] if units else 0))

    def _title(self, row: int, name: str, units: int) -> str:
        item = self._refundable.get(row)
        if item is None or item.product.quantity == 1:
            return name
        return self.tr("{0} de {1} × {2}").format(units, item.units, name)

    def _paid_text(self, row: int) -> str:
        item = self._items.get(row)
        cents = self._products[row].price if item is None else item.paid
        if item is not None and row not in self._refundable:
            return _returned_text(item)
        if cents is None:
            return ""
        return format_plain(cents) if item is None else self.tr("pago {0}").format(format_plain(cents))

    def _value_text(self, row: int, units: int) -> str:
        item = self._items.get(row)
        if item is None:
            return self.tr("desconto")
        if row not in self._refundable:
            return _returned_text(item)
        if units:
            return format_plain(self._values[row])
        return self.tr("resta {0}").format(format_plain(item.refundable)) if item.returned else ""

    def _state_text(self, row: int, units: int) -> str:
        item = self._items.get(row)
        if item is None or row not in self._refundable:
            return self.tr("desconto") if item is None else _returned_text(item)
        if not units:
            return self.tr("não marcado")
        return self.tr("marcado, {0} de {1}").format(units, item.units) if item.units > 1 else self.tr("marcado")

    # --- what is chosen

    def limit_of(self, row: int) -> Cents:
        """The most that the ticked units of a row can refund."""
        return self._refundable[row].max_value_for(self._units[row])

    def lines(self) -> tuple[Line, ...]:
        return tuple(
            Line(
                item.product.product_id,
                item.product.title,
                self._values[row],
                item.whole_units(self._values[row], self._units[row]),
                position=row,
            )
            for row, item in self._refundable.items()
            if self._units[row] and self._values[row]
        )

    def total(self) -> Cents:
        return sum(line.value for line in self.lines())

    def ticked_rows(self) -> list[int]:
        return [row for row, units in self._units.items() if units]

    def units(self) -> list[int]:
        return [self._units.get(row, 0) for row in range(self.rowCount())]

    def values(self) -> list[Cents]:
        return [self._values.get(row, 0) for row in range(self.rowCount())]

    def restore(self, units: Sequence[int], values: Sequence[Cents]) -> None:
        """Tick these units of each row with these values, as far as they are still refundable."""
        self._end_typing()
        for row, (count, value) in enumerate(zip(units, values, strict=False)):
            if row in self._refundable:
                self._units[row] = max(0, min(count, self._refundable[row].units))
                self._values[row] = max(0, min(value, self.limit_of(row))) if self._units[row] else 0
                self._show_row(row)

    def untick_all(self) -> None:
        for row in self._refundable:
            self._apply_units(row, 0)

    def set_locked(self) -> None:
        """Let no key and no click change what is ticked."""
        self._is_locked = True
        for row in self._refundable:
            self._show_row(row)

    def tick_all(self) -> None:
        for row, item in self._refundable.items():
            self._apply_units(row, item.units)

    # --- ticking

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row, key = self.currentRow(), event.key()
        if key in ENTER:
            self._end_typing()
            self._burst.restart()
        if key == Qt.Key.Key_Space:
            self._add_unit(row)
        elif event.text() == "+":
            self._set_units(row, self._units.get(row, 0) + 1)
        elif event.text() in {"-", "−"}:
            self._set_units(row, self._units.get(row, 0) - 1)
        elif len(event.text()) == 1 and event.text() in _DIGITS:
            self._type_digit(row, int(event.text()))
        elif key in {Qt.Key.Key_Backspace, Qt.Key.Key_Delete}:
            self._set_value(row, self._values.get(row, 0) // 10)
        elif key == Qt.Key.Key_Right:
            self.valueWanted.emit()
        elif is_printable(event):
            event.accept()  # a letter would move to another row, and the next Space would tick that one
        else:
            super().keyPressEvent(event)

    def _is_editable(self, row: int) -> bool:
        return row in self._refundable and not self._is_locked

    def _add_unit(self, row: int) -> None:
        """Tick one more unit; after the last one, none."""
        if row in self._refundable:
            self._set_units(row, (self._units[row] + 1) % (self._refundable[row].units + 1))

    def _set_units(self, row: int, units: int) -> None:
        if self._is_editable(row) and 0 <= units <= self._refundable[row].units:
            self._apply_units(row, units)
            self._announce(row)
            self.edited.emit()

    def _apply_units(self, row: int, units: int) -> None:
        self._end_typing()
        self._units[row], self._values[row] = units, self._refundable[row].value_of(units)
        self._show_row(row)

    def _announce(self, row: int) -> None:
        title, value = self.item(row, _TITLE), self.item(row, _VALUE)
        if title is not None and value is not None:
            role = Qt.ItemDataRole.AccessibleTextRole
            announce(self, f"{value.data(role)}: {title.data(role)}")

    @Slot(QTableWidgetItem)
    def _check_state_changed(self, cell: QTableWidgetItem) -> None:
        """Follow a tick that assistive technology set."""
        row, ticked = cell.row(), cell.checkState() == Qt.CheckState.Checked
        if cell.column() == _TITLE and self._is_editable(row) and ticked != bool(self._units[row]):
            self._set_units(row, 1 if ticked else 0)

    @Slot(int, int)
    def _cell_clicked(self, row: int, _column: int) -> None:
        self._add_unit(row)

    # --- typing a value

    def _type_digit(self, row: int, digit: int) -> None:
        self._burst.add()
        if self._burst.count == 1:
            units, values = self.units(), self.values()
            self._undo_burst = lambda: self.restore(units, values)
        if not self._is_editable(row) or self._burst.is_code:
            return
        cents = self._values[row] * 10 + digit if row == self._typed_row else digit
        if cents > MAX_CENTS or self._burst.is_too_long:
            self._undo_burst()
            self._burst.is_code = True
            self.edited.emit()
            return
        self._set_value(row, cents)

    def _set_value(self, row: int, cents: Cents) -> None:
        """Set the value of a row within its limit; a row without a tick gets one."""
        if not self._is_editable(row):
            return
        self._units[row] = self._units[row] or 1
        self._values[row] = min(cents, self.limit_of(row))
        self._typed_row = row
        self._show_row(row)
        self._announce(row)
        self.edited.emit()
        if self._values[row] < cents:
            self.limitReached.emit(row)

    @Slot()
    def _end_typing(self) -> None:
        """Let the next digit begin another amount."""
        self._typed_row = -1

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._end_typing()
        self._burst.restart()


def _returned_text(item: Item) -> str:
    if item.last_return is None:
        return "—"
    day, person = short_date(item.last_return.created_at), person_and_till(item.last_return)
    returned = translate("RefundItems", "devolvida {0}").format(day)
    return translate("RefundItems", "{0} · {1}").format(returned, person) if person else returned


class _Tick(RowDelegate):
    """Leaves a click to the table: the whole row ticks, and Qt would tick once more at the box."""

    def editorEvent(self, *_event: object) -> bool:
        return False


class _ValueBox(RowDelegate):
    """Draws a frame around the value of a ticked row, because digits change it."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().paint(painter, option, index)
        if not index.data(_HAS_VALUE):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(color("lineStrong"), stroke()))
        painter.drawRoundedRect(option.rect.adjusted(px(4), px(9), -px(4), -px(9)), px(6), px(6))
        painter.restore()
