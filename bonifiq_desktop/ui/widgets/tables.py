"""Common style of all tables: fixed row heights, no grid, amounts right-aligned."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QTableWidget, QTableWidgetItem

_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


def style_table(table: QTableView, row_height: int) -> None:
    """Style a table: fixed row height, whole rows selected, Tab leaves the table."""
    table.setAlternatingRowColors(True)
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.setTabKeyNavigation(False)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.verticalHeader().hide()
    table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    table.verticalHeader().setDefaultSectionSize(row_height)
    table.horizontalHeader().setDefaultAlignment(_LEFT)
    table.horizontalHeader().setHighlightSections(False)


def set_headings(table: QTableWidget, headings: list[str], *, amounts: set[int]) -> None:
    """Set the headings; the first column stretches, the columns of `amounts` are right-aligned."""
    for column, heading in enumerate(headings):
        item = QTableWidgetItem(heading)
        item.setTextAlignment(RIGHT if column in amounts else _LEFT)
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
    table.setFixedHeight(rows * table.verticalHeader().defaultSectionSize() + header + 4)
