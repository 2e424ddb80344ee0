"""Row of fields for one entry of a list. Enter goes through the fields, then adds the entry."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QTableWidget, QTableWidgetItem, QWidget

from bonifiq_desktop.ui.widgets.keys import is_enter
from bonifiq_desktop.ui.widgets.labels import tooltip
from bonifiq_desktop.ui.widgets.tables import amount_item, fit_rows, set_headings, style_table

_ROW_HEIGHT = 34


class EntryRow(QWidget):
    """`finished`: Enter in an empty row or in one that makes no valid entry, so that the form goes on.

    A subclass implements `is_half_typed` and `add`, and calls `link_fields`. Its first field takes the focus.
    """

    edited = Signal()
    finished = Signal()

    def is_half_typed(self) -> bool:
        """Whether something is typed that was not added."""
        raise NotImplementedError

    def add(self) -> bool:
        """Add the typed entry; False when something is missing, which is marked."""
        raise NotImplementedError

    def link_fields(self, *fields: QWidget, required: int) -> None:
        """Set the fields in their order. `required`: the number of fields that Enter visits in an empty row."""
        self._fields, self._required = fields, required
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFocusProxy(fields[0])
        for field in fields:
            field.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if is_enter(event):
            self._enter_pressed(next(place for place, field in enumerate(self._fields) if field is watched))
            return True  # otherwise the form would handle the same Enter
        return super().eventFilter(watched, event)

    def _enter_pressed(self, place: int) -> None:
        following = [field for field in self._fields[place + 1 :] if not field.isHidden()]
        if following and (self.is_half_typed() or place + 1 < self._required):
            following[0].setFocus(Qt.FocusReason.TabFocusReason)
        elif not self.is_half_typed() or not self.add():
            self.finished.emit()


class EntryTable(QTableWidget):
    """A table of texts, hidden while it is empty. `deletePressed` carries the current row."""

    deletePressed = Signal(int)

    def __init__(self, name: str, accessible: str, headings: list[str], *, amounts: set[int], max_rows: int) -> None:
        """`amounts`: the right-aligned columns."""
        super().__init__(0, len(headings))
        self._amounts = amounts
        self._max_rows = max_rows
        self.setObjectName(name)
        self.setAccessibleName(accessible)
        style_table(self, _ROW_HEIGHT)
        set_headings(self, headings, amounts=amounts)

    def show_rows(self, rows: list[tuple[str, ...]]) -> None:
        self.setRowCount(len(rows))
        for row, texts in enumerate(rows):
            for column, text in enumerate(texts):
                if column in self._amounts:
                    item = amount_item(text)
                else:
                    item = QTableWidgetItem(text)
                    item.setToolTip(tooltip(text))
                self.setItem(row, column, item)
        self.setVisible(bool(rows))
        fit_rows(self, self._max_rows)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete and self.currentRow() >= 0:
            self.deletePressed.emit(self.currentRow())
        else:
            super().keyPressEvent(event)
