"""The painter of charts: readable pairs of colours, round scales, patterns, and pages that cut nothing."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QByteArray, QRectF
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication

from bonifiq_desktop.ui import theme
from bonifiq_desktop.ui.reports import paper
from bonifiq_desktop.ui.reports.chart import (
    BARS,
    GROUND,
    LETTERS,
    MAX_BARS,
    Canvas,
    Chart,
    Series,
    chart_height,
    paint_chart,
    shortened_rows,
    ticks,
)
from bonifiq_desktop.ui.reports.paper import pdf_bytes, png_bytes
from tests.support.style_sheet import contrast

GREY = "#7f7f7f"


def chart(count: int = 24, *, has_rows: bool = False, rows: int | None = None) -> Chart:
    """A chart with two series, of which the second one has half the values."""
    names = tuple(f"{number}h" for number in range(count))
    values = tuple(100 * number for number in range(count))
    series = (Series("Vendas", values), Series("Devoluções", tuple(each // 2 for each in values), 1))
    table = tuple((f"{number}h", f"R$ {number},00") for number in range(count if rows is None else rows))
    return Chart("Título", names, series[: 1 if has_rows else 2], str, ("Hora", "Valor"), table, ("Nota",), has_rows)


@pytest.mark.parametrize("look", theme.LOOKS)
def test_bars_and_letters_are_seen_on_their_ground(look: str) -> None:
    assert all(contrast(look, bar, GROUND) >= 3 for bar in BARS)
    assert all(contrast(look, letters, GROUND) >= 4.5 for letters in LETTERS)
    assert contrast(look, "lineStrong", GROUND) >= 3


@given(st.integers(0, 10**15))
def test_scale_begins_at_zero_and_ends_at_or_above_the_largest_bar(largest: int) -> None:
    found = ticks(largest)
    steps = {other - one for one, other in pairwise(found)}
    assert found[0] == 0
    assert found[-1] >= largest
    assert len(found) <= 6
    assert len(steps) == 1
    assert str(steps.pop()).rstrip("0") in {"1", "2", "5"}


def test_series_differ_in_pattern_where_colours_are_the_same(qapp: QApplication) -> None:
    del qapp
    canvas = Canvas(lambda token: QColor("white" if token == GROUND else GREY), float, lambda _px, _bold: theme.font(9))
    fills = []
    for place in (0, 1):
        image = QImage(400, 300, QImage.Format.Format_RGB32)
        image.fill(QColor("white"))
        painter = QPainter(image)
        one = Chart("", ("a",), (Series("s", (100,), place),), str, (), ())
        paint_chart(painter, QRectF(0, 0, 400, 300), one, canvas)
        painter.end()
        row = [image.pixelColor(x, 200).name() for x in range(400)]
        fills.append(
            max((len(part) for part in "".join("#" if each == GREY else "." for each in row).split(".")), default=0)
        )
    assert fills[0] > 20 > fills[1] > 0


def test_largest_bar_is_told_in_words() -> None:
    assert chart().summary == "Vendas: 23h, 2300; Devoluções: 23h, 1150"
    assert Chart("", ("a",), (Series("s", (0,)),), str, (), ()).summary == ""


def test_many_categories_end_with_one_for_the_rest() -> None:
    names, values = shortened_rows([f"m{n}" for n in range(40)], [1] * 40, lambda count: f"+{count}")
    assert len(names) == len(values) == MAX_BARS
    assert (names[-1], values[-1]) == ("+29", 29)
    assert sum(values) == 40
    assert shortened_rows(["a"], [1], str) == (("a",), (1,))


def page_count(pdf: bytes) -> int:
    return pdf.count(b"/Type /Page\n") + pdf.count(b"/Type /Page ")


@pytest.mark.usefixtures("qapp")
def test_table_goes_on_on_more_pages() -> None:
    small = pdf_bytes([chart(7)], "x")
    assert small.startswith(b"%PDF")
    assert page_count(small) == 1
    assert page_count(pdf_bytes([chart(7, rows=90)], "x")) == 3


@pytest.mark.usefixtures("qapp")
def test_chart_that_is_taller_than_a_page_shrinks(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = []

    def keep(painter: QPainter, area: QRectF, each: Chart, canvas: Canvas) -> None:
        drawn.append((area, chart_height(each, canvas), painter.viewport().height()))

    monkeypatch.setattr(paper, "paint_chart", keep)
    pdf_bytes([chart(200, has_rows=True, rows=1)], "x")
    [(area, needed, page)] = drawn
    assert 0 <= area.top() < area.bottom() <= page
    assert needed <= area.height() * 1.01


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("count", [1, 7, 100])
def test_png_is_a_picture_in_the_light_colours(count: int) -> None:
    image = QImage.fromData(QByteArray(png_bytes(chart(count))))
    assert image.width() == 2240
    assert image.pixelColor(0, 0) == theme.paper_color(GROUND)
    inked = {image.pixelColor(x, image.height() // 2).name() for x in range(0, image.width(), 3)}
    assert count == 1 or theme.paper_color(BARS[0]).name() in inked
