"""Slips as PDF and PNG: the same pictures as on paper, dot for dot."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QRect, QSize
from PySide6.QtGui import QImage, QImageWriter, QPageSize, QPainter, QPdfWriter

from bonifiq_desktop.domain.slips import Paper
from bonifiq_desktop.printing.painter import blank
from bonifiq_desktop.printing.paper import PAPERS

_TENTHS_PER_INCH, _POINTS_PER_INCH = 254, 72
_GAP = 40  # dots between the pages in one picture


def pdf_bytes(pages: Sequence[QImage], paper: Paper, title: str = "") -> bytes:
    """A PDF with the paper's size, and each picture in it at its own size."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    dots = PAPERS[paper]
    writer.setResolution(dots.dpi)
    writer.setTitle(title)
    writer.setPageMargins(QMarginsF(0, 0, 0, 0))
    painter = QPainter()
    for number, page in enumerate(pages):
        writer.setPageSize(_page_size(page, paper))
        if number:
            writer.newPage()
        else:
            painter.begin(writer)
        left, top = (writer.width() - page.width()) // 2, (writer.height() - page.height()) // 2
        painter.drawImage(QRect(left, max(0, top), page.width(), page.height()), in_one_bit(page))
    painter.end()
    buffer.close()
    return bytes(buffer.data().data())


def _page_size(page: QImage, paper: Paper) -> QPageSize:
    dots = PAPERS[paper]
    if dots.page_height:
        return QPageSize(QPageSize.PageSizeId.A4)
    # Qt keeps whole points, and would cut the last row off.
    height = -(-page.height() * _POINTS_PER_INCH // dots.dpi)
    width = -(-dots.paper_width * _POINTS_PER_INCH // _TENTHS_PER_INCH)
    return QPageSize(QSize(width, height), "", QPageSize.SizeMatchPolicy.ExactMatch)


def in_one_bit(page: QImage) -> QImage:
    """The same picture with black before white in its table of colours; Qt writes any other one in full colour."""
    black_first = page.copy()
    black_first.invertPixels()
    black_first.setColorTable(list(reversed(page.colorTable())))
    return black_first


def png_bytes(pages: Sequence[QImage]) -> bytes:
    """A PNG of a slip, its pages one below the other."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(joined(pages))
    buffer.close()
    return bytes(buffer.data().data())


def joined(pages: Sequence[QImage]) -> QImage:
    """The pages of a slip in one picture, one below the other."""
    if len(pages) == 1:
        return pages[0]
    image = blank(pages[0].width(), sum(page.height() + _GAP for page in pages) - _GAP)
    painter = QPainter(image)
    top = 0
    for page in pages:
        painter.drawImage(0, top, page)
        top += page.height() + _GAP
    painter.end()
    return image


def save(path: Path, pages: Sequence[QImage], paper: Paper, title: str = "") -> None:
    """Write a slip as PDF or PNG, by the file's ending. Raises OSError."""
    is_pdf = path.suffix.casefold() == ".pdf"
    path.write_bytes(pdf_bytes(pages, paper, title) if is_pdf else png_bytes(pages))
