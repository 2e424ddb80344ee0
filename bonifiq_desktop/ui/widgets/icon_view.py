"""An icon without a button, drawn in the current look at each paint."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from bonifiq_desktop.ui.theme import pixmap, px


class IconView(QWidget):
    """Decoration: the text beside it says the same."""

    def __init__(self, name: str = "", colour: str = "text", pixels: int = 20) -> None:
        super().__init__()
        self._name, self._colour, self._pixels = name, colour, pixels
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_icon(self, name: str, colour: str) -> None:
        self._name, self._colour = name, colour
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(px(self._pixels), px(self._pixels))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._name:
            painter = QPainter(self)
            painter.drawPixmap(0, 0, pixmap(self._name, self._colour, self._pixels))
            painter.end()
