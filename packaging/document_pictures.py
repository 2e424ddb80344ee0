"""Copy the tour's pictures that the documents show, small enough to travel with the program."""

import sys
from collections import Counter
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

SHOWN = {
    "02-look-up.png": "look-up.png",
    "03-refund.png": "refund.png",
    "05-refund-being-confirmed.png": "being-confirmed.png",
    "07-sale.png": "sale.png",
    "09-sale-rewards.png": "sale-rewards.png",
    "12-return-in-two-systems.png": "return-in-two-systems.png",
    "15-history.png": "history.png",
    "16-slip.png": "slip.png",
    "18-day.png": "day.png",
    "20-charts.png": "charts.png",
}
"""A picture of the tour, and its name in the documents."""
_COLOURS = 16
_SMALLEST = 0  # Qt's name for the strongest compression of a PNG, which loses nothing


def reduced(picture: QImage) -> QImage:
    """The picture in its most frequent colours: a quarter of the bytes, and letters stay sharp."""
    exact = picture.convertToFormat(QImage.Format.Format_RGB32)
    frequent = Counter(memoryview(exact.constBits()).cast("I")).most_common(_COLOURS)
    palette = [colour for colour, _count in frequent]
    return exact.convertToFormat(QImage.Format.Format_Indexed8, palette, Qt.ImageConversionFlag.ThresholdDither)


def copy_pictures(tour: Path, documents: Path) -> None:
    """Renew the documents' pictures. Raises OSError where one is missing or cannot be written."""
    for source, target in SHOWN.items():
        picture = QImage(str(tour / source))
        if picture.isNull() or not reduced(picture).save(str(documents / target), quality=_SMALLEST):
            raise OSError(f"{source} was not copied to {target}")


if __name__ == "__main__":
    copy_pictures(Path(sys.argv[1]), Path(sys.argv[2]))
