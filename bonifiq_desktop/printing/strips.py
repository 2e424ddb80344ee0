"""Pictures of slips in parts that fit a printer's paper."""

from collections.abc import Iterator

from PySide6.QtGui import QImage


def strips(picture: QImage, height: int) -> Iterator[QImage]:
    """Cut a picture into parts of at most a height, between two lines where the lower third has a white row.

    `picture`: with set bits for white.
    """
    top = 0
    while picture.height() - top > height:
        rows = range(top + height, top + height - height // 3, -1)
        cut = next((row for row in rows if _is_white(picture, row)), top + height)
        yield picture.copy(0, top, picture.width(), cut - top)
        top = cut
    yield picture.copy(0, top, picture.width(), picture.height() - top)


def _is_white(picture: QImage, row: int) -> bool:
    whole_bytes, start = picture.width() // 8, row * picture.bytesPerLine()
    return bytes(picture.constBits()[start : start + whole_bytes]) == b"\xff" * whole_bytes
