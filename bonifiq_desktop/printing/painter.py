"""Pictures of slips, in black and white at the printer's own dots: the same on paper, in the preview and in a PDF."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPainterPath, QRegion, QTransform

from bonifiq_desktop.domain.slip_numbers import format_slip_number
from bonifiq_desktop.domain.slips import LineStyle, Paper, Slip, SlipKind, SlipLine
from bonifiq_desktop.printing.blocks import Block, font, number_block, picture_block, qr_block, space, text_blocks
from bonifiq_desktop.printing.paper import PAPERS, Dots

_WORDS = {"pt_BR": ("{0}ª via", "TREINAMENTO"), "en": ("Copy {0}", "TRAINING")}
_MARGIN = 16  # above and below what stands on a roll
_INSET = 6  # at the left and the right
_FRAME = 2
_MARK_DEGREES = -24


def paint(slip: Slip, paper: Paper) -> tuple[QImage, ...]:
    """The pages of a slip as 1-bit pictures: one for a roll, as long as the slip. Needs a QGuiApplication.

    576 dots wide for 80 mm, 384 for 58 mm; pages of 1122 x 1635 dots at 150 dpi for A4. A set bit is ink.
    """
    dots = PAPERS[paper]
    inner = replace(dots, width=dots.width - 2 * _INSET)
    pages = list(_pages(list(_blocks(slip, inner)), dots))
    return tuple(_page(blocks, slip, dots, number, len(pages)) for number, blocks in enumerate(pages, start=1))


def _blocks(slip: Slip, dots: Dots) -> Iterator[Block]:
    copy_word, _mark = _words(slip)
    yield space(_MARGIN)
    if slip.logo and not (logo := QImage(slip.logo)).isNull():
        yield picture_block(logo, dots)
    yield from _texts(slip.header, dots)
    if slip.copy > 1:
        yield from text_blocks(SlipLine(copy_word.format(slip.copy), style=LineStyle.BIG, centred=True), dots)
    yield from _texts(slip.lines, dots)
    if slip.qr:
        yield qr_block(slip.qr, dots)
    if slip.number:
        yield number_block(slip.number, dots)
        yield from text_blocks(SlipLine(format_slip_number(slip.number), centred=True), dots)
    yield from _texts(slip.footer, dots)
    yield space(_MARGIN)


def _texts(lines: Sequence[SlipLine], dots: Dots) -> Iterator[Block]:
    for line in lines:
        yield from text_blocks(line, dots)


def _words(slip: Slip) -> tuple[str, str]:
    return _WORDS.get(slip.language, _WORDS["pt_BR"])


def _pages(blocks: Sequence[Block], dots: Dots) -> Iterator[list[Block]]:
    """The blocks of each page; a roll has one. A page keeps room for its number."""
    room = dots.page_height - 2 * dots.text if dots.page_height else sum(block.height for block in blocks)
    page: list[Block] = []
    for block in blocks:
        if page and sum(each.height for each in page) + block.height > room:
            yield page
            page = []
        page.append(block)
    yield page


def _page(blocks: Sequence[Block], slip: Slip, dots: Dots, number: int, pages: int) -> QImage:
    image = blank(dots.width, dots.page_height or sum(block.height for block in blocks))
    painter = QPainter(image)
    if slip.training:
        _draw_mark(painter, _words(slip)[1], dots, image.height())
    if slip.subject.kind is SlipKind.TEST:
        _draw_frame(painter, image.rect())
    painter.setPen(Qt.GlobalColor.black)
    painter.translate(QPoint(_INSET, 0))
    top = 0
    for block in blocks:
        block.draw(painter, top)
        top += block.height
    if pages > 1:
        inner = replace(dots, width=dots.width - 2 * _INSET)
        [foot] = text_blocks(SlipLine(f"{number}/{pages}", style=LineStyle.SMALL, centred=True), inner)
        foot.draw(painter, dots.page_height - foot.height)
    painter.end()
    return image


def blank(width: int, height: int) -> QImage:
    """White paper: a cleared bit is white, a set one is ink."""
    image = QImage(width, height, QImage.Format.Format_Mono)
    image.setColorTable([QColor(Qt.GlobalColor.white).rgb(), QColor(Qt.GlobalColor.black).rgb()])
    image.fill(0)
    return image


def _draw_frame(painter: QPainter, area: QRect) -> None:
    """Draw a frame at the outermost dots: it is cut where the printer's head has fewer of them."""
    inside = area.adjusted(_FRAME, _FRAME, -_FRAME, -_FRAME)
    painter.setClipRegion(QRegion(area).subtracted(QRegion(inside)))
    painter.fillRect(area, Qt.GlobalColor.black)
    painter.setClipping(False)


def _draw_mark(painter: QPainter, word: str, dots: Dots, height: int) -> None:
    """Draw the mark of the practice across the paper, in so few dots that text and codes upon it stay readable."""
    path = QPainterPath()
    path.addText(0, 0, font(dots.mark, bold=True), word)
    turned = QTransform().rotate(_MARK_DEGREES).map(path)
    bounds = turned.boundingRect().toAlignedRect()
    step = bounds.height() * 4 // 3
    for top in range(dots.text, height, step):
        place = turned.translated((dots.width - bounds.width()) // 2 - bounds.left(), top - bounds.top())
        painter.fillPath(place, QBrush(Qt.GlobalColor.black, Qt.BrushStyle.Dense6Pattern))
