"""The widget that shows a chart, and the table of its figures."""

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHeaderView, QSizePolicy, QTableWidget, QTableWidgetItem, QWidget

from bonifiq_desktop.ui.reports.chart import GROUND, Canvas, Chart, chart_height, paint_chart
from bonifiq_desktop.ui.theme import color, font, px
from bonifiq_desktop.ui.widgets.labels import tooltip
from bonifiq_desktop.ui.widgets.tables import LEFT, RIGHT, style_table

_PADDING, _LEAST_WIDTH, _RADIUS = 16, 420, 12  # pixels at 100 %
_ROW, _NARROWEST, _WIDEST, _WIDEST_OF_SEVERAL = 40, 72, 280, 176


def screen_canvas() -> Canvas:
    """Colours, lengths and letters of the window, in the look and size in force."""
    return Canvas(color, px, lambda pixels, bold: font(pixels, bold=bold))


class ChartView(QWidget):
    """Paints one chart; its title is the accessible name, its largest bars are the description."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._chart: Chart | None = None

    def show_chart(self, chart: Chart | None) -> None:
        self._chart = chart
        self.setAccessibleName(chart.title if chart else "")
        self.setAccessibleDescription(chart.summary if chart else "")
        self.updateGeometry()
        self.update()

    def minimumSizeHint(self) -> QSize:
        height = chart_height(self._chart, screen_canvas()) if self._chart else 0
        return QSize(px(_LEAST_WIDTH), round(height) + 2 * px(_PADDING))

    def sizeHint(self) -> QSize:
        return self.minimumSizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(color("edge"))
        painter.setBrush(color(GROUND))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), px(_RADIUS), px(_RADIUS))
        if self._chart is not None:
            edge = px(_PADDING)
            area = QRectF(self.rect()).adjusted(edge, edge, -edge, -edge)
            paint_chart(painter, area, self._chart, screen_canvas())
        painter.end()


class FiguresTable(QTableWidget):
    """Texts in rows. `show_figures`: the first column is left-aligned, those of `amounts` at the right."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        style_table(self, _ROW)

    def show_figures(
        self, headings: tuple[str, ...], rows: tuple[tuple[str, ...], ...], *, amounts: set[int], wide: int = 0
    ) -> None:
        """Replace the rows. `wide`: the column that takes the room which the others leave.

        A column of `amounts` that is empty in all rows is hidden.
        """
        self.setUpdatesEnabled(False)
        self.clear()
        self.setColumnCount(len(headings))
        self.setRowCount(len(rows))
        for column, heading in enumerate(headings):
            item = QTableWidgetItem(heading)
            item.setTextAlignment(RIGHT if column in amounts else LEFT)
            self.setHorizontalHeaderItem(column, item)
        for number, row in enumerate(rows):
            for column, text in enumerate(row):
                item = QTableWidgetItem(text)
                if column in amounts:
                    item.setTextAlignment(RIGHT)
                else:
                    item.setToolTip(tooltip(text))  # the column may cut it
                self.setItem(number, column, item)
        for column in range(len(headings)):
            self.setColumnHidden(column, column in amounts and not any(row[column] for row in rows))
        self._fit_columns(wide, texts=len(headings) - len(amounts))
        if rows:
            self.setCurrentCell(0, 0)
        self.setUpdatesEnabled(True)

    def _fit_columns(self, wide: int, texts: int) -> None:
        """`texts`: number of text columns; several of them leave room for the one that stretches."""
        header = self.horizontalHeader()
        header.setMinimumSectionSize(px(_NARROWEST))
        header.setMaximumSectionSize(px(_WIDEST_OF_SEVERAL if texts > 1 else _WIDEST))
        for column in range(self.columnCount()):
            mode = QHeaderView.ResizeMode.Stretch if column == wide else QHeaderView.ResizeMode.ResizeToContents
            header.setSectionResizeMode(column, mode)
