"""A slip for tests of printing, and what a picture of it shows."""

from dataclasses import replace

import zxingcpp
from PySide6.QtGui import QColor, QImage, QPainter, Qt

from bonifiq_desktop.domain.slips import LineStyle, Slip, SlipKind, SlipLine, SlipSubject
from bonifiq_desktop.printing.painter import paint as paint  # noqa: PLC0414 - what a test compares with

NUMBER = "123456789012"
QR = "https://pedido.example/1006-B"

SLIP = Slip(
    SlipSubject(SlipKind.REFUND, "1"),
    "pt_BR",
    (SlipLine("Armazém São João", style=LineStyle.BIG, centred=True), SlipLine(style=LineStyle.RULE)),
    (SlipLine("Devolução do pedido 1006/B", "R$ 25,90", LineStyle.STRONG), SlipLine("Calça bordô, tamanho único")),
    (SlipLine("Obrigado pela preferência!", centred=True),),
    number=NUMBER,
    qr=QR,
)
LONG_SLIP = replace(SLIP, lines=tuple(SlipLine(f"Item {number}", "R$ 1,00") for number in range(60)))


def grey(picture: QImage) -> bytes:
    """The picture as grey values, row by row: two pictures are equal dot for dot where these are."""
    flat = picture.convertToFormat(QImage.Format.Format_Grayscale8)
    rows, stride = bytes(flat.constBits()), flat.bytesPerLine()
    return b"".join(rows[row * stride : row * stride + flat.width()] for row in range(flat.height()))


def read_codes(picture: QImage) -> set[str]:
    """The texts of all codes on a picture, as a camera reads them."""
    return {code.text for code in zxingcpp.read_barcodes(picture.convertToFormat(QImage.Format.Format_Grayscale8))}


def worn(picture: QImage) -> QImage:
    """The picture as of a faded slip before a bad camera: half the contrast, and blurred."""
    size = picture.size()
    smooth = Qt.TransformationMode.SmoothTransformation
    shape = Qt.AspectRatioMode.IgnoreAspectRatio
    flat = picture.convertToFormat(QImage.Format.Format_RGB32)
    blurred = flat.scaled(size * 0.6, shape, smooth).scaled(size, shape, smooth)
    painter = QPainter(blurred)
    painter.fillRect(blurred.rect(), QColor(160, 160, 160, 128))
    painter.end()
    return blurred
