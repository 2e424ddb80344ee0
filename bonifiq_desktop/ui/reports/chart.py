"""A bar chart as values, and its painter: the same for the screen and for paper.

Two series differ in pattern as well as in colour: the first one is filled, the second one is striped.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

BARS = ("accent", "danger")
"""Colours of the first and the second series, by their tokens."""
LETTERS = ("text", "text2")
GROUND = "surface"
MAX_BARS = 12
"""Most categories of a chart with a row for each; the table behind it has all."""
_BODY, _FIELD, _TITLE = 15, 17, 20  # pixels at 100 %
_GAP, _TICK, _ROW, _MOST_ROW, _STRIPE = 8, 16, 44, 72, 7
_MAX_BAR, _TICKS, _LEAST_PLOT = 44, 5, 180
_NAME_SHARE, _BAR_SHARE = 0.34, 0.62


@dataclass(frozen=True)
class Series:
    """Bars of one meaning, one for each category; never negative. `bar`: its place in BARS."""

    name: str
    values: tuple[int, ...]
    bar: int = 0


@dataclass(frozen=True)
class Chart:
    """A chart with at most two series. `has_rows`: each category is a row, with room for a long name.

    `number`: the text of a value. `headings`, `table`: the figures behind it. `notes`: what the figures leave out.
    """

    title: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    number: Callable[[int], str]
    headings: tuple[str, ...]
    table: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()
    has_rows: bool = False

    @property
    def largest(self) -> int:
        return max((value for series in self.series for value in series.values), default=0)

    @property
    def summary(self) -> str:
        """The largest bar of each series in words, for assistive technology."""
        found = []
        for series in self.series:
            largest = max(series.values, default=0)
            if largest:
                place = self.categories[series.values.index(largest)]
                found.append(f"{series.name}: {place}, {self.number(largest)}")
        return "; ".join(found)


@dataclass(frozen=True)
class Canvas:
    """What the painter draws with: colours by token, and lengths and letters in the units of its surface."""

    color: Callable[[str], QColor]
    px: Callable[[float], float]
    font: Callable[[int, bool], QFont]


def ticks(largest: int) -> list[int]:
    """Round values from 0 up to the first one that is not below `largest`, at most six."""
    step, unit = 1, 1
    while step * _TICKS < largest:
        step, unit = {1: (2 * unit, unit), 2: (5 * unit, unit), 5: (10 * unit, 10 * unit)}[step // unit]
    count = max(1, -(-largest // step))
    return [step * each for each in range(count + 1)]


def chart_height(chart: Chart, canvas: Canvas) -> float:
    """The least height at which a chart is readable."""
    head = canvas.px(_TITLE + _FIELD + 3 * _GAP)
    return head + canvas.px(_ROW) * max(1, len(chart.categories)) if chart.has_rows else head + canvas.px(_LEAST_PLOT)


def paint_chart(painter: QPainter, area: QRectF, chart: Chart, canvas: Canvas) -> None:
    """Draw title, legend and bars into an area."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _ChartPainter(painter, chart, canvas).paint(area)
    painter.restore()


class _ChartPainter:
    def __init__(self, painter: QPainter, chart: Chart, canvas: Canvas) -> None:
        self._painter = painter
        self._chart = chart
        self._canvas = canvas
        self._px = canvas.px
        self._has_numbers = False

    def paint(self, area: QRectF) -> None:
        self._letters(_TITLE, bold=True)
        top = area.top() + self._height()
        self._text(QRectF(area.left(), area.top(), area.width(), self._height()), self._chart.title, "text")
        top = self._legend(area, top + self._px(_GAP)) + self._px(_GAP)
        rest = QRectF(area.left(), top, area.width(), max(1.0, area.bottom() - top))
        if self._chart.has_rows:
            self._rows(rest)
        else:
            self._columns(rest)

    def _legend(self, area: QRectF, top: float) -> float:
        """One square and name for each series; returns where they end."""
        if len(self._chart.series) < len(BARS):
            return top
        self._letters(_FIELD)
        side, left = self._px(_TICK), area.left()
        for series in self._chart.series:
            self._bar(QRectF(left, top + (self._height() - side) / 2, side, side), series)
            width = self._width(series.name)
            self._text(QRectF(left + side + self._px(_GAP), top, width, self._height()), series.name, "text")
            left += side + width + self._px(4 * _GAP)
        return top + self._height()

    # --- columns: time from left to right

    def _columns(self, area: QRectF) -> None:
        self._letters(_BODY)
        values = ticks(self._chart.largest)
        margin = max(self._width(self._chart.number(value)) for value in values) + self._px(_GAP)
        names = self._height() + self._px(_GAP)
        plot = QRectF(area).adjusted(margin, self._height(), 0, -names)
        for value in values:
            y = plot.bottom() - plot.height() * value / values[-1]
            self._line(QLineF(plot.left(), y, plot.right(), y), "lineStrong" if value == 0 else "line")
            number = QRectF(area.left(), y - self._height() / 2, margin - self._px(_GAP), self._height())
            self._text(number, self._chart.number(value), "text2", Qt.AlignmentFlag.AlignRight)
        room = plot.width() / max(1, len(self._chart.categories))
        self._has_numbers = self._numbers_fit(room / len(self._chart.series))
        for place in range(len(self._chart.categories)):
            self._group(QRectF(plot.left() + room * place, plot.top(), room, plot.height()), place, values[-1])
        self._names(QRectF(plot.left(), plot.bottom() + self._px(_GAP), plot.width(), self._height()), room)

    def _group(self, room: QRectF, place: int, top: int) -> None:
        """The bars of one category."""
        count = len(self._chart.series)
        width = min(room.width() * (1 - (1 - _BAR_SHARE) / 2) / count, self._px(_MAX_BAR))
        left = room.center().x() - width * count / 2
        for number, series in enumerate(self._chart.series):
            value = series.values[place]
            if value:
                height = max(room.height() * value / top, self._px(2))
                bar = QRectF(left + number * width, room.bottom() - height, width - self._px(1), height)
                self._bar(bar, series)
                if self._has_numbers:
                    self._number_above(bar, self._chart.number(value))

    def _numbers_fit(self, room: float) -> bool:
        """Whether the numbers of all bars have room above them: a few alone would look like marks."""
        self._letters(_BODY)
        return all(self._width(self._chart.number(value)) <= room - self._px(2) for value in self._values())

    def _number_above(self, bar: QRectF, text: str) -> None:
        width = self._width(text)
        place = QRectF(bar.center().x() - width / 2, bar.top() - self._height(), width, self._height())
        self._text(place, text, "text", Qt.AlignmentFlag.AlignHCenter)

    def _names(self, area: QRectF, room: float) -> None:
        """The names of the categories, every second, third or later one where they are close."""
        self._letters(_FIELD if self._fits(_FIELD, room) else _BODY)
        widest = max(map(self._width, self._chart.categories), default=1.0) + self._px(_GAP)
        every = max(1, -int(-widest // room))
        for place in range(0, len(self._chart.categories), every):
            middle = area.left() + room * (place + 0.5)
            where = QRectF(middle - widest / 2, area.top(), widest, area.height())
            self._text(where, self._chart.categories[place], "text", Qt.AlignmentFlag.AlignHCenter)

    def _fits(self, size: int, room: float) -> bool:
        self._letters(size)
        return all(self._width(name) + self._px(_GAP) <= room for name in self._chart.categories)

    # --- rows: one category below the other

    def _rows(self, area: QRectF) -> None:
        self._letters(_FIELD)
        numbers = max((self._width(self._chart.number(each)) for each in self._values()), default=0.0)
        names = min(area.width() * _NAME_SHARE, max(map(self._width, self._chart.categories), default=0.0))
        left = area.left() + names + self._px(2 * _GAP)
        most = max(self._px(8), area.right() - left - numbers - self._px(2 * _GAP))
        height = min(self._px(_MOST_ROW), area.height() / max(1, len(self._chart.categories)))
        for place, name in enumerate(self._chart.categories):
            row = QRectF(area.left(), area.top() + place * height, names, height)
            self._text(row, self._elided(name, names), "text")
            value = self._chart.series[0].values[place]
            width = max(most * value / max(1, self._chart.largest), self._px(2) if value else 0)
            bar = QRectF(left, row.top() + height * 0.2, width, height * 0.6)
            self._bar(bar, self._chart.series[0])
            number = QRectF(bar.right() + self._px(_GAP), row.top(), numbers + self._px(_GAP), height)
            self._text(number, self._chart.number(value), "text")

    def _values(self) -> Iterator[int]:
        return (value for series in self._chart.series for value in series.values)

    def _elided(self, text: str, width: float) -> str:
        metrics = QFontMetricsF(self._painter.font(), self._painter.device())
        return metrics.elidedText(text, Qt.TextElideMode.ElideRight, width + 1)

    # --- parts

    def _bar(self, bar: QRectF, series: Series) -> None:
        colour = self._canvas.color(BARS[series.bar])
        if series.bar == 0:
            self._painter.fillRect(bar, colour)
            return
        self._painter.save()
        self._painter.fillRect(bar, self._canvas.color(GROUND))
        self._painter.setClipRect(bar)
        pen = QPen(colour)
        pen.setWidthF(self._px(2))
        self._painter.setPen(pen)
        step = self._px(_STRIPE)
        for number in range(int((bar.width() + bar.height()) / step) + 1):
            at = bar.left() + number * step
            self._painter.drawLine(QPointF(at, bar.top()), QPointF(at - bar.height(), bar.bottom()))
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        half = self._px(1)
        self._painter.drawRect(bar.adjusted(half, half, -half, -half))
        self._painter.restore()

    def _line(self, line: QLineF, token: str) -> None:
        pen = QPen(self._canvas.color(token))
        pen.setWidthF(self._px(1))
        self._painter.setPen(pen)
        self._painter.drawLine(line)

    def _text(self, area: QRectF, text: str, token: str, align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft) -> None:
        self._painter.setPen(self._canvas.color(token))
        flags = align | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine | Qt.TextFlag.TextDontClip
        self._painter.drawText(area, int(flags), text)

    def _letters(self, size: int, *, bold: bool = False) -> None:
        self._painter.setFont(self._canvas.font(size, bold))

    def _metrics(self) -> QFontMetricsF:
        return QFontMetricsF(self._painter.font(), self._painter.device())

    def _width(self, text: str) -> float:
        return self._metrics().horizontalAdvance(text)

    def _height(self) -> float:
        return self._metrics().height()


def shortened_rows(
    names: Sequence[str], values: Sequence[int], others: Callable[[int], str]
) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """At most MAX_BARS categories, the largest first; the last one stands for the rest, named by its number."""
    if len(names) <= MAX_BARS:
        return tuple(names), tuple(values)
    kept = MAX_BARS - 1
    return (*names[:kept], others(len(names) - kept)), (*values[:kept], sum(values[kept:]))
