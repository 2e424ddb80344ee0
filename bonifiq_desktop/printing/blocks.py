"""Parts of a slip's picture, one below the other: lines of text, rules and codes."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QImage, QPainter, QTextLayout, QTextLine, QTextOption

from bonifiq_desktop.domain.slips import LineStyle, SlipLine
from bonifiq_desktop.printing.codes import QUIET_CODE_128, QUIET_QR, code_128_modules, qr_rows
from bonifiq_desktop.printing.paper import Dots

FAMILIES = ("DejaVu Sans", "Segoe UI", "Arial", "Helvetica")
CODE_128_DOTS = 3
"""Dots of a module; scanners at a counter read thinner bars from thermal paper badly."""

_LEAST_QR_DOTS = 4
_CODE_128_HEIGHT = 84
_RULE_HEIGHT = 14
_GAP = 12  # between a text and its amount
_LOGO_HEIGHT = 200


@dataclass(frozen=True)
class Block:
    """A part as wide as the paper. `draw` takes the painter and the part's top, in dots."""

    height: int
    draw: Callable[[QPainter, int], None]


def font(pixels: int, *, bold: bool) -> QFont:
    """A font whose letters have whole dots, without smoothing."""
    made = QFont(list(FAMILIES))
    made.setPixelSize(pixels)
    made.setBold(bold)
    made.setStyleStrategy(QFont.StyleStrategy.NoAntialias)
    made.setHintingPreference(QFont.HintingPreference.PreferFullHinting)
    made.setKerning(False)  # kerning puts letters between two dots
    return made


def text_blocks(line: SlipLine, dots: Dots) -> Iterator[Block]:
    """The lines of a paragraph; its amount stands at the right of the last one, or below it where it has no room."""
    if line.style is LineStyle.RULE:
        yield _rule(dots)
        return
    letters = font(dots.height_of(line.style), bold=line.style in {LineStyle.STRONG, LineStyle.BIG})
    rows = wrapped(line.text, letters, dots.width)
    amount = wrapped(line.amount, letters, dots.width) if line.amount else []
    if amount and rows:
        last, first = rows[-1], amount[0]
        if len(amount) == 1 and _width(last) + _GAP + _width(first) <= dots.width:
            yield from (_text(row, dots, centred=line.centred) for row in rows[:-1])
            yield _beside(last, first, dots)
            return
    yield from (_text(row, dots, centred=line.centred) for row in rows)
    yield from (_text(row, dots, at_right=True) for row in amount)
    if not rows and not amount:
        yield Block(QFontMetrics(letters).height() // 2, lambda _painter, _top: None)


@dataclass(frozen=True)
class Row:
    """One line of a wrapped paragraph. `layout` keeps `line` alive."""

    layout: QTextLayout
    line: QTextLine
    height: int


def wrapped(text: str, letters: QFont, width: int) -> list[Row]:
    """Break a text into lines of a width, at blanks where it has some, else within a word."""
    layout = QTextLayout(text, letters)
    option = QTextOption(Qt.AlignmentFlag.AlignLeft)
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    layout.setCacheEnabled(True)
    height = QFontMetrics(letters).height()
    rows = []
    layout.beginLayout()
    while (line := layout.createLine()).isValid():
        line.setLineWidth(width)
        line.setPosition(QPointF(0, 0))
        rows.append(Row(layout, line, height))
    layout.endLayout()
    return rows if text else []


def _width(row: Row) -> int:
    return -int(-row.line.naturalTextWidth() // 1)


def _text(row: Row, dots: Dots, *, centred: bool = False, at_right: bool = False) -> Block:
    room = max(0, dots.width - _width(row))
    left = room if at_right else room // 2 if centred else 0
    return Block(row.height, lambda painter, top: row.line.draw(painter, QPointF(left, top)))


def _beside(text: Row, amount: Row, dots: Dots) -> Block:
    def draw(painter: QPainter, top: int) -> None:
        text.line.draw(painter, QPointF(0, top))
        amount.line.draw(painter, QPointF(dots.width - _width(amount), top))

    return Block(max(text.height, amount.height), draw)


def _rule(dots: Dots) -> Block:
    middle = _RULE_HEIGHT // 2
    return Block(_RULE_HEIGHT, lambda painter, top: _ink(painter, QRect(0, top + middle, dots.width, 2)))


def _ink(painter: QPainter, area: QRect) -> None:
    painter.fillRect(area, Qt.GlobalColor.black)


def space(height: int) -> Block:
    """White paper."""
    return Block(height, lambda _painter, _top: None)


def picture_block(image: QImage, dots: Dots) -> Block:
    """A shop's logo in black and white, centred; a larger one is made smaller, none is made larger."""
    if image.width() > dots.width or image.height() > _LOGO_HEIGHT:
        image = image.scaled(
            dots.width,
            _LOGO_HEIGHT,
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
    flat = QImage(image.size(), QImage.Format.Format_RGB32)
    flat.fill(Qt.GlobalColor.white)  # a transparent ground would turn black
    painter = QPainter(flat)
    painter.drawImage(0, 0, image)
    painter.end()
    ink = flat.convertToFormat(QImage.Format.Format_Mono, Qt.ImageConversionFlag.DiffuseDither)
    left = (dots.width - ink.width()) // 2
    return Block(ink.height() + _GAP, lambda painter, top: painter.drawImage(QPoint(left, top), ink))


def qr_block(text: str, dots: Dots) -> Block:
    """A QR code with its quiet zone, at least four dots a module."""
    rows = qr_rows(text)
    side = len(rows) + 2 * QUIET_QR
    module = max(_LEAST_QR_DOTS, min(dots.qr, dots.width) // side)
    return _code(rows, QSize(module, module), QSize(side, side) * module, dots)


def number_block(number: str, dots: Dots) -> Block:
    """A slip number as Code 128-C with its quiet zones, three dots a module."""
    modules = [int(module) for module in code_128_modules(number)]
    width = (len(modules) + 2 * QUIET_CODE_128) * CODE_128_DOTS
    return _code([modules], QSize(CODE_128_DOTS, _CODE_128_HEIGHT), QSize(width, _CODE_128_HEIGHT), dots)


def _code(rows: Sequence[Sequence[int]], module: QSize, size: QSize, dots: Dots) -> Block:
    """Modules in the middle of a white area of a size, which holds the quiet zones."""
    left = (dots.width - size.width()) // 2
    inset_x = (size.width() - len(rows[0]) * module.width()) // 2
    inset_y = (size.height() - len(rows) * module.height()) // 2

    def draw(painter: QPainter, top: int) -> None:
        painter.fillRect(QRect(QPoint(left, top), size), Qt.GlobalColor.white)
        for y, row in enumerate(rows):
            for x, dark in enumerate(row):
                if dark:
                    place = QPoint(left + inset_x + x * module.width(), top + inset_y + y * module.height())
                    painter.fillRect(QRect(place, module), Qt.GlobalColor.black)

    return Block(size.height(), draw)
