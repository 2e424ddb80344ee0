"""A list of the settings as rows: add, change, move and take away; nothing is stored before the section is saved."""

from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QTableWidget, QTableWidgetItem, QVBoxLayout, QWidget

from bonifiq_desktop.domain.coded_names import format_coded_name, read_coded_name
from bonifiq_desktop.ui.theme import px
from bonifiq_desktop.ui.widgets.buttons import ActionButton
from bonifiq_desktop.ui.widgets.dialog_frame import add_all
from bonifiq_desktop.ui.widgets.flow_layout import FlowLayout
from bonifiq_desktop.ui.widgets.forms import limited_text_field
from bonifiq_desktop.ui.widgets.keys import is_enter
from bonifiq_desktop.ui.widgets.labels import label
from bonifiq_desktop.ui.widgets.tables import set_headings, style_table
from bonifiq_desktop.ui.widgets.toast import Toast

_ROW_HEIGHT = 44
_MIN_ROWS, _MAX_ROWS = 3, 8
_CODE_WIDTH = 140


class ListEditor(QWidget):
    """`name`: first part of the object names. `has_codes`: a second column for the code that the shop's system uses."""

    edited = Signal()

    def __init__(self, name: str, heading: str, *, has_codes: bool, hint: str = "") -> None:
        super().__init__()
        self.setObjectName(name)
        self._has_codes = has_codes
        headings = [heading, self.tr("Código (se houver)")] if has_codes else [heading]
        self._table = QTableWidget(0, len(headings))
        self._table.setObjectName(f"{name}Table")
        self._table.setAccessibleName(heading)
        style_table(self._table, _ROW_HEIGHT)
        set_headings(self._table, headings, amounts=set())
        self._table.setEditTriggers(QAbstractItemView.EditTrigger.DoubleClicked)
        self._table.installEventFilter(self)
        self._empty = label(self.tr("Lista vazia"), "muted")
        self._name = limited_text_field(f"{name}Name", self.tr("{0}: nome").format(heading), hint=hint)
        self._code = limited_text_field(f"{name}Code", self.tr("{0}: código").format(heading))
        self._code.setPlaceholderText(self.tr("código"))
        self._code.setFixedWidth(px(_CODE_WIDTH))
        if not has_codes:
            self._code.hide()  # to show it here, before it is in the card, would open it as a window
        self._add = ActionButton(f"{name}Add", self.tr("Incluir"), "Enter", self.add, icon="plus")
        change, remove = self.tr("Mudar"), self.tr("Tirar")
        self._buttons = (
            ActionButton(f"{name}Change", change, "Enter", self._change, look="ghost", icon="edit"),
            ActionButton(f"{name}Remove", remove, "Del", self.remove, look="ghost", icon="trash"),
            ActionButton(f"{name}Up", self.tr("Subir"), "Alt+↑", partial(self.move_row, -1), look="ghost"),
            ActionButton(f"{name}Down", self.tr("Descer"), "Alt+↓", partial(self.move_row, 1), look="ghost"),
        )
        for field in (self._name, self._code):
            field.returnPressed.connect(self.add)
        self._table.itemChanged.connect(self._item_changed)
        self._table.currentCellChanged.connect(self._show_state)
        self._arrange()
        self._show_state()

    def _arrange(self) -> None:
        adding = QHBoxLayout()
        adding.addWidget(self._name, 1)
        adding.addWidget(self._code)
        adding.addWidget(self._add)
        rows = FlowLayout(spacing=px(8))
        for button in self._buttons:
            rows.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(px(8))
        add_all(layout, adding, self._table, self._empty, rows)

    # --- the entries

    def values(self) -> tuple[str, ...]:
        """The entries as text, see `domain/coded_names.py`; a row without text is none."""
        return tuple(filter(None, map(self._entry, range(self._table.rowCount()))))

    def set_values(self, entries: tuple[str, ...]) -> None:
        row = self._table.currentRow()
        self._table.blockSignals(True)
        self._table.setRowCount(len(entries))
        for place, entry in enumerate(entries):
            known = read_coded_name(entry) if self._has_codes else None
            texts = (known.name, known.code if known.code != known.name else "") if known else (entry, "")
            for column in range(self._table.columnCount()):
                self._table.setItem(place, column, QTableWidgetItem(texts[column]))
        self._table.blockSignals(False)
        if entries:
            self._table.setCurrentCell(min(max(row, 0), len(entries) - 1), 0)
        self._show_state()

    def _entry(self, row: int) -> str:
        texts = [item.text() if (item := self._table.item(row, column)) else "" for column in (0, 1)]
        return format_coded_name(texts[1], texts[0]) if self._has_codes else texts[0].strip()

    def _replace(self, entries: tuple[str, ...], row: int) -> None:
        self.set_values(entries)
        if entries:
            self._table.setCurrentCell(min(max(row, 0), len(entries) - 1), 0)
        self.edited.emit()

    # --- acts

    @Slot()
    def add(self) -> None:
        """Add the typed entry at the end."""
        entry = (
            format_coded_name(self._code.text(), self._name.text()) if self._has_codes else self._name.text().strip()
        )
        if not entry:
            self._name.setFocus()
            return
        for field in (self._name, self._code):
            field.clear()
        self._replace((*self.values(), entry), self._table.rowCount())
        self._name.setFocus()

    @Slot()
    def remove(self) -> None:
        """Take the current row away, with a way back for some seconds."""
        before, row = self.values(), self._table.currentRow()
        if not 0 <= row < len(before):
            return
        self._replace(before[:row] + before[row + 1 :], row)
        Toast.show_in(self, self.tr("{0} saiu da lista.").format(before[row]), lambda: self._replace(before, row))

    def move_row(self, step: int) -> None:
        """Move the current row up or down."""
        entries, row = list(self.values()), self._table.currentRow()
        if 0 <= row < len(entries) and 0 <= row + step < len(entries):
            entries.insert(row + step, entries.pop(row))
            self._replace(tuple(entries), row + step)

    @Slot()
    def _change(self) -> None:
        item = self._table.currentItem()
        if item is not None:
            self._table.editItem(item)

    @Slot()
    def _item_changed(self) -> None:
        values = self.values()
        if len(values) < self._table.rowCount():  # an entry was emptied
            self.set_values(values)
        self.edited.emit()

    @Slot()
    def _show_state(self) -> None:
        count, row = self._table.rowCount(), self._table.currentRow()
        self._table.setVisible(count > 0)
        self._empty.setVisible(count == 0)
        rows = min(max(count, _MIN_ROWS), _MAX_ROWS)
        self._table.setFixedHeight(rows * px(_ROW_HEIGHT) + self._table.horizontalHeader().sizeHint().height() + px(4))
        change, remove, up, down = self._buttons
        for button, is_usable in ((change, row >= 0), (remove, row >= 0), (up, row > 0), (down, 0 <= row < count - 1)):
            button.setEnabled(is_usable)
            button.setVisible(count > 0)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys of the table: Enter changes, Del takes away, Alt with an arrow moves."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and watched is self._table:
            steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
            if is_enter(event):
                self._change()
            elif event.key() == Qt.Key.Key_Delete:
                self.remove()
            elif event.modifiers() == Qt.KeyboardModifier.AltModifier and event.key() in steps:
                self.move_row(steps[Qt.Key(event.key())])
            else:
                return super().eventFilter(watched, event)
            return True
        return super().eventFilter(watched, event)
