"""Common style of all tables: fixed row heights, no grid, amounts right-aligned."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QTableWidget,
    QTableWidgetItem,
)

from bonifiq_desktop.ui.theme import color, px, stroke

_BAR = 3  # pixels at 100 %
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class RowDelegate(QStyledItemDelegate):
    """Paints a bar at the left of a selected row; no frame around its current cell."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        super().initStyleOption(option, index)
        option.state &= ~QStyle.StateFlag.State_HasFocus

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().paint(painter, option, index)
        if index.column() == 0 and option.state & QStyle.StateFlag.State_Selected:
            area = option.rect
            painter.fillRect(area.left(), area.top(), px(_BAR), area.height(), color("accent"))


def style_table(table: QTableView, row_height: int) -> None:
    """Style a table: rows of that height (pixels at 100 %), whole rows selected, Tab leaves the table."""
    table.setItemDelegate(RowDelegate(table))
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.setTabKeyNavigation(False)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.verticalHeader().hide()
    table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    table.verticalHeader().setDefaultSectionSize(px(row_height))
    table.horizontalHeader().setDefaultAlignment(LEFT)
    table.horizontalHeader().setHighlightSections(False)


def set_headings(table: QTableWidget, headings: list[str], *, amounts: set[int]) -> None:
    """Set the headings; the first column stretches, the columns of `amounts` are right-aligned."""
    for column, heading in enumerate(headings):
        item = QTableWidgetItem(heading)
        item.setTextAlignment(RIGHT if column in amounts else LEFT)
        table.setHorizontalHeaderItem(column, item)
        mode = QHeaderView.ResizeMode.ResizeToContents if column else QHeaderView.ResizeMode.Stretch
        table.horizontalHeader().setSectionResizeMode(column, mode)


def amount_item(text: str) -> QTableWidgetItem:
    item = QTableWidgetItem(text)
    item.setTextAlignment(RIGHT)
    return item


def fit_rows(table: QTableWidget, max_rows: int) -> None:
    """Set the height to that of the rows, at most `max_rows`."""
    rows = min(max(table.rowCount(), 1), max_rows)
    header = table.horizontalHeader().sizeHint().height()
    frame = 2 * table.frameWidth() + 4 * stroke()
    table.setFixedHeight(rows * table.verticalHeader().defaultSectionSize() + header + frame)
