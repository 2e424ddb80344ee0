"""Picture of BonifiQ's panel that shows where token and key are, drawn in the colours in force."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from bonifiq_desktop.ui.theme import color, font, px

_WIDTH, _HEIGHT = 480, 176  # pixels at 100 %
_BAR, _MENU, _ENTRY = 24, 128, 28
_CAPTION = 13
_MENU_LINES = (72, 56, 84)  # widths of the entries that do not matter here


class ApiKeysPicture(QWidget):
    """The menu entry is marked 1, the two fields 2 and 3, as in the text beside the picture."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(
            self.tr("Desenho do painel do BonifiQ: menu “API Keys”, e nele o token e a chave, cada um com “copiar”")
        )

    def sizeHint(self) -> QSize:
        return QSize(px(_WIDTH), px(_HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font(_CAPTION, bold=True))
        self._box(painter, QRectF(0.5, 0.5, px(_WIDTH) - 1, px(_HEIGHT) - 1), "surface2", "lineStrong")
        for place in range(3):
            self._dot(painter, px(14 + 14 * place), px(_BAR / 2), px(4), color("lineStrong"))
        painter.setPen(color("lineStrong"))
        painter.drawLine(0, px(_BAR), px(_WIDTH), px(_BAR))
        painter.drawLine(px(_MENU), px(_BAR), px(_MENU), px(_HEIGHT))
        for place, width in enumerate(_MENU_LINES):
            line = QRectF(px(12), px(_BAR + 12 + place * 20), px(width), px(8))
            self._box(painter, line, "line", "line")
        entry = QRectF(px(6), px(_BAR + 76), px(_MENU - 12), px(_ENTRY))
        self._box(painter, entry, "accentSoft", "accent")
        painter.setPen(color("text"))
        painter.drawText(entry.adjusted(px(8), 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, "API Keys")
        self._number(painter, entry, "1")
        for place, (caption, number) in enumerate(((self.tr("Token"), "2"), (self.tr("Chave"), "3"))):
            top = px(_BAR + 10 + place * 68)
            painter.setPen(color("text"))
            painter.drawText(QRectF(px(_MENU + 20), top, px(200), px(20)), Qt.AlignmentFlag.AlignVCenter, caption)
            field = QRectF(px(_MENU + 20), top + px(22), px(_WIDTH - _MENU - 48), px(32))
            self._box(painter, field, "surface", "accent")
            painter.setPen(color("text2"))
            painter.drawText(field.adjusted(px(10), 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, "• • • • • • • • • •")
            painter.setPen(color("accent"))
            right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
            painter.drawText(field.adjusted(0, 0, -px(24), 0), right, self.tr("copiar"))
            self._number(painter, field, number)
        painter.end()

    def _box(self, painter: QPainter, box: QRectF, fill: str, outline: str) -> None:
        painter.setPen(color(outline))
        painter.setBrush(color(fill))
        painter.drawRoundedRect(box, px(4), px(4))

    def _dot(self, painter: QPainter, x: float, y: float, radius: float, fill: QColor) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(fill)
        painter.drawEllipse(QRectF(x - radius, y - radius, 2 * radius, 2 * radius))

    def _number(self, painter: QPainter, box: QRectF, number: str) -> None:
        """A round number on the right edge of a box."""
        radius = px(10)
        self._dot(painter, box.right(), box.center().y(), radius, color("accent"))
        painter.setPen(color("onAccent"))
        place = QRectF(box.right() - radius, box.center().y() - radius, 2 * radius, 2 * radius)
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, number)
