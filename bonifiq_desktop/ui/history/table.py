"""Table of the history: its columns fit the width, and `row_painter.py` paints its rows."""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from bonifiq_desktop.ui import theme
from bonifiq_desktop.ui.history.model import CUSTOMER, KIND, ORDER, PERSON, STATE, VALUE, WHEN, HistoryModel
from bonifiq_desktop.ui.history.row_painter import RowPainter
from bonifiq_desktop.ui.widgets.tables import style_table

_ROW = 48  # pixels at 100 %
_WIDTHS = {WHEN: 108, KIND: 40, CUSTOMER: 116, PERSON: 84, VALUE: 132, STATE: 160}  # pixels at 100 %
_MIN_ORDER = 112  # pixels at 100 %


class HistoryTable(QTableView):
    """The order stretches; in a narrow table the person and then the customer are left to the details."""

    def __init__(self, model: HistoryModel) -> None:
        super().__init__()
        self.setObjectName("historyTable")
        self._model = model
        self._painter: RowPainter | None = None
        self._painted_for: tuple[Any, ...] = ()
        self._scale = 0
        self.setModel(model)
        style_table(self, _ROW)
        self.setAlternatingRowColors(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(ORDER, QHeaderView.ResizeMode.Stretch)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_columns()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows of the region; there is no grid, no editor and no drop place."""
        painter = QPainter(self.viewport())
        rows = self._row_painter()
        height, current = self.verticalHeader().defaultSectionSize(), self.currentIndex().row()
        first = self.rowAt(event.rect().top())
        top = self.rowViewportPosition(max(first, 0))
        if first >= 0:
            for number in range(first, self._model.rowCount()):
                if top > event.rect().bottom():
                    break
                rows.paint(painter, top, self._model.row(number), selected=number == current)
                top += height
        painter.end()

    def _row_painter(self) -> RowPainter:
        """The painter for the present columns, look and size."""
        shown = [column for column in range(self._model.columnCount()) if not self.isColumnHidden(column)]
        columns = {column: (self.columnViewportPosition(column), self.columnWidth(column)) for column in shown}
        painted_for = (theme.look(), theme.scale(), self.devicePixelRatioF(), tuple(columns.items()))
        if self._painter is None or painted_for != self._painted_for:
            self._painted_for = painted_for
            self._painter = RowPainter(columns, self.verticalHeader().defaultSectionSize(), self.devicePixelRatioF())
        return self._painter

    def _fit_columns(self) -> None:
        header = self.horizontalHeader()
        if self._scale != theme.scale():
            self._scale = theme.scale()
            self.verticalHeader().setDefaultSectionSize(theme.px(_ROW))
            header.setMinimumSectionSize(theme.px(_WIDTHS[KIND]))
            for column, width in _WIDTHS.items():
                header.resizeSection(column, theme.px(width))
        free = self.viewport().width() - theme.px(_MIN_ORDER + sum(_WIDTHS.values()))
        without_person = free + theme.px(_WIDTHS[PERSON])
        self.setColumnHidden(PERSON, free < 0)
        self.setColumnHidden(CUSTOMER, without_person < 0)
