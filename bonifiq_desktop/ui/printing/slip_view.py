"""The picture of a slip on the screen: the dots that are printed, on white paper in every look."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QScrollArea, QWidget

from bonifiq_desktop.domain.slips import Slip
from bonifiq_desktop.ui.theme import px

_GAP = 12  # pixels at 100 % between two pages, and around them


class SlipView(QScrollArea):
    """Scrolls a slip of any length. Its accessible name is the slip's text.

    Where the dots fit, each takes a whole number of the screen's pixels; a wider paper is scaled down smoothly.
    """

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(self.tr("Comprovante"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)  # no change of width while it is scaled
        self.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._pages: tuple[QImage, ...] = ()
        self._paper = _Pages()
        self.setWidget(self._paper)
        self._paper.setAutoFillBackground(False)  # which `setWidget` switches on

    @property
    def pages(self) -> tuple[QImage, ...]:
        """What is shown, in the printer's dots."""
        return self._pages

    def show_slip(self, slip: Slip, pages: Sequence[QImage]) -> None:
        self._pages = tuple(pages)
        self.setAccessibleName(slip_text(slip))
        self._scale()
        self.verticalScrollBar().setValue(0)

    def step(self, pages: int) -> None:
        """Scroll by that many screenfuls."""
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + pages * bar.pageStep())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._scale()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._scale()

    def _scale(self) -> None:
        if not self._pages:
            return
        ratio = self.devicePixelRatioF()
        room = int((self.viewport().width() - 2 * px(_GAP)) * ratio)
        self._paper.show_pages([_scaled(page, max(1, room), ratio) for page in self._pages])


class _Pages(QWidget):
    """Pages below one another."""

    def __init__(self) -> None:
        super().__init__()
        self._pixmaps: list[QPixmap] = []

    def show_pages(self, pixmaps: list[QPixmap]) -> None:
        self._pixmaps = pixmaps
        sizes = [pixmap.deviceIndependentSize() for pixmap in pixmaps]
        gap = px(_GAP)
        width = max(size.width() for size in sizes) + 2 * gap
        height = sum(size.height() + gap for size in sizes) + gap
        self.resize(QSize(int(width), int(height)))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        top = float(px(_GAP))
        for pixmap in self._pixmaps:
            painter.drawPixmap(QPointF(px(_GAP), top), pixmap)
            top += pixmap.deviceIndependentSize().height() + px(_GAP)
        painter.end()


def _scaled(page: QImage, room: int, ratio: float) -> QPixmap:
    """A page for at most `room` pixels of the screen."""
    times = room // page.width()
    if times:
        scaled = page.scaled(page.width() * times, page.height() * times)
    else:
        grey = page.convertToFormat(QImage.Format.Format_Grayscale8)
        scaled = grey.scaledToWidth(room, Qt.TransformationMode.SmoothTransformation)
    pixmap = QPixmap.fromImage(scaled)
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


def slip_text(slip: Slip) -> str:
    """The slip as it is read aloud."""
    lines = (*slip.header, *slip.lines, *slip.footer)
    texts = [" ".join(filter(None, (line.text, line.amount))) for line in lines]
    return "\n".join(filter(None, texts))
