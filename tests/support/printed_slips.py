"""Slips as a scanner sees them: pictures made worse, and the codes in them."""

from collections.abc import Iterator

import zxingcpp
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage, QPainter

NUMBER, ORDER = "912000000130", "CAIXA1-261120-7KQF-0001"


def read_codes(image: QImage) -> dict[str, str]:
    """The text of each code in a picture, by the name of its kind."""
    grey = image.convertToFormat(QImage.Format.Format_Grayscale8)
    width, height, line = grey.width(), grey.height(), grey.bytesPerLine()
    bits = bytes(grey.constBits())
    rows = b"".join(bits[top * line : top * line + width] for top in range(height))
    found = zxingcpp.read_barcodes(memoryview(rows).cast("B", (height, width)))
    return {str(code.format): code.text for code in found}


def blurred(image: QImage) -> QImage:
    """A picture out of focus: each dot spread over its neighbours."""
    smooth = Qt.TransformationMode.SmoothTransformation
    whole = image.convertToFormat(QImage.Format.Format_RGB32)
    small = whole.scaled(image.width() * 5 // 9, image.height() * 5 // 9, Qt.AspectRatioMode.IgnoreAspectRatio, smooth)
    return small.scaled(image.size(), Qt.AspectRatioMode.IgnoreAspectRatio, smooth)


def faded(image: QImage) -> QImage:
    """A picture at half contrast: grey on grey."""
    grey = QImage(image.size(), QImage.Format.Format_RGB32)
    grey.fill(QColor(128, 128, 128))
    painter = QPainter(grey)
    painter.setOpacity(0.5)
    painter.drawImage(0, 0, image)
    painter.end()
    return grey


def ink(image: QImage) -> set[tuple[int, int]]:
    """The dots that are printed."""
    return set(_dots(image))


def _dots(image: QImage) -> Iterator[tuple[int, int]]:
    bits, line = bytes(image.constBits()), image.bytesPerLine()
    for top in range(image.height()):
        row = bits[top * line : (top + 1) * line]
        if any(row):
            yield from ((left, top) for left in range(image.width()) if row[left // 8] & 0x80 >> left % 8)
