"""Charts on paper: A4 pages as PDF, each chart with its table and notes, and one chart as a PNG picture.

Paper takes the light colours, whatever look the window has.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QImage, QImageWriter, QPageLayout, QPageSize, QPainter, QPdfWriter

from bonifiq_desktop.ui.reports.chart import GROUND, Canvas, Chart, chart_height, paint_chart
from bonifiq_desktop.ui.theme import font_of_dots, paper_color

_DPI, _MARGIN_MM, _WIDTH = 300, 15, 900
"""A page's text is as wide as 900 pixels of a screen."""
_PNG_WIDTH, _PNG_HEIGHT, _PNG_MARGIN, _PNG_SCALE = 1120, 640, 24, 2
_ROW, _GAP, _CELL = 26, 16, 15
_HEADINGS = -1
_MOST_OTHERS = 0.8
"""How much of a table's width the columns behind the first one take at most."""


def pdf_bytes(charts: Sequence[Chart], title: str) -> bytes:
    """Draw charts on A4 pages; one that is taller than a page shrinks, a table goes on on the next page."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setTitle(title)
    writer.setResolution(_DPI)
    margins = QMarginsF(_MARGIN_MM, _MARGIN_MM, _MARGIN_MM, _MARGIN_MM)
    writer.setPageLayout(
        QPageLayout(
            QPageSize(QPageSize.PageSizeId.A4),
            QPageLayout.Orientation.Portrait,
            margins,
            QPageLayout.Unit.Millimeter,
        )
    )
    painter = QPainter(writer)
    page = _Page(painter, QRectF(0, 0, writer.width(), writer.height()), writer.newPage)
    for chart in charts:
        page.add(chart)
    painter.end()
    return bytes(buffer.data().data())


def png_bytes(chart: Chart) -> bytes:
    """Draw one chart as a picture for a message or a document."""
    canvas = _canvas(_PNG_SCALE)
    width = _PNG_WIDTH * _PNG_SCALE
    height = max(_PNG_HEIGHT * _PNG_SCALE, chart_height(chart, canvas) + canvas.px(2 * _PNG_MARGIN))
    image = QImage(width, int(height), QImage.Format.Format_RGB32)
    image.fill(paper_color(GROUND))
    painter = QPainter(image)
    edge = canvas.px(_PNG_MARGIN)
    paint_chart(painter, QRectF(image.rect()).adjusted(edge, edge, -edge, -edge), chart, canvas)
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(image)
    return bytes(buffer.data().data())


def _canvas(scale: float) -> Canvas:
    def font(pixels: int, bold: bool) -> QFont:
        return font_of_dots(max(1, round(pixels * scale)), bold=bold)

    return Canvas(paper_color, lambda pixels: pixels * scale, font)


@dataclass
class _Page:
    """A place on the pages: `top` is where the next part begins."""

    painter: QPainter
    area: QRectF
    new_page: Callable[[], object]
    top: float = 0.0

    def add(self, chart: Chart) -> None:
        scale = self.area.width() / _WIDTH
        canvas = _canvas(scale)
        wanted = max(chart_height(chart, canvas), canvas.px(340))
        if wanted > self.area.height():  # a chart is never cut
            canvas = _canvas(scale * self.area.height() / wanted)
            wanted = self.area.height()
        self._need(wanted)
        paint_chart(self.painter, QRectF(0, self.top, self.area.width(), wanted), chart, canvas)
        self.top += wanted + canvas.px(_GAP)
        table = _Table(self.painter, chart, _canvas(scale), self.area.width())
        self._need(2 * table.row_height)
        self._row(table, _HEADINGS)
        for row in range(len(chart.table)):
            if self.top + table.row_height > self.area.height():
                self._need(self.area.height())
                self._row(table, _HEADINGS)
            self._row(table, row)
        for note in chart.notes:
            self._note(note, _canvas(scale))
        self.top += canvas.px(2 * _GAP)

    def _row(self, table: "_Table", row: int) -> None:
        table.draw(row, self.top)
        self.top += table.row_height

    def _need(self, height: float) -> None:
        """Begin a new page where the rest of this one is too small."""
        if self.top and self.top + height > self.area.height():
            self.new_page()
            self.top = 0.0

    def _note(self, text: str, canvas: Canvas) -> None:
        self.painter.setFont(canvas.font(_CELL, False))
        flags = int(Qt.TextFlag.TextWordWrap)
        room = QRectF(0, 0, self.area.width(), self.area.height())
        height = QFontMetricsF(self.painter.font(), self.painter.device()).boundingRect(room, flags, text).height()
        self._need(height)
        self.painter.setPen(canvas.color("text2"))
        self.painter.drawText(QRectF(0, self.top, self.area.width(), height), flags, text)
        self.top += height


class _Table:
    """Rows of a chart's figures; the first column takes the room that the others leave."""

    def __init__(self, painter: QPainter, chart: Chart, canvas: Canvas, width: float) -> None:
        self._painter = painter
        self._chart = chart
        self._canvas = canvas
        self._width = width
        self.row_height = canvas.px(_ROW)
        self._widths = list(self._column_widths())

    def draw(self, row: int, top: float) -> None:
        """Draw a row, or _HEADINGS."""
        self._painter.setFont(self._canvas.font(_CELL, row == _HEADINGS))
        cells = self._chart.headings if row == _HEADINGS else self._chart.table[row]
        left = 0.0
        for column, (text, width) in enumerate(zip(cells, self._widths, strict=True)):
            align = Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft
            cell = QRectF(left, top, width, self.row_height)
            metrics = QFontMetricsF(self._painter.font(), self._painter.device())
            shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, width + 1)
            self._painter.setPen(self._canvas.color("text"))
            self._painter.drawText(cell, int(align | Qt.AlignmentFlag.AlignVCenter), shown)
            left += width
        self._painter.setPen(self._canvas.color("line"))
        self._painter.drawLine(0, int(top + self.row_height), int(self._width), int(top + self.row_height))

    def _column_widths(self) -> Iterator[float]:
        self._painter.setFont(self._canvas.font(_CELL, True))
        metrics = QFontMetricsF(self._painter.font(), self._painter.device())
        rows = (self._chart.headings, *self._chart.table)
        widths = [max(metrics.horizontalAdvance(row[column]) for row in rows) for column in range(len(rows[0]))]
        others = [width + self._canvas.px(_GAP) for width in widths[1:]]
        share = min(1, self._width * _MOST_OTHERS / sum(others)) if others else 1
        yield self._width - sum(others) * share
        yield from (width * share for width in others)
