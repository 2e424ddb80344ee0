"""Chip: a state in one or two words."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy

from bonifiq_desktop.ui.theme import pixmap, px, set_variant

TONE_TOKENS = {"success": "success", "info": "accent", "warning": "warning", "danger": "danger"}
"""The colour token of each tone; the neutral tone is `text2`."""
_ICON, _GAP, _PADDING = 16, 6, 8  # pixels at 100 %


class Chip(QLabel):
    """A tone's colour, an icon and a short text; hidden while it has none."""

    def __init__(self, name: str = "") -> None:
        super().__init__()
        self.setObjectName(name)
        self.setProperty("look", "chip")
        self.setProperty("textFormat", 0)  # Qt.TextFormat.PlainText
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._icon = ""
        self.hide()

    def show_chip(self, tone: str, text: str, icon: str = "") -> None:
        """`tone`: success, info, warning, danger or neutral."""
        self._icon = icon
        self.setText(text)
        self.setIndent(px(_ICON + _GAP) if icon else 0)
        set_variant(self, tone=tone)
        self.setVisible(bool(text))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._icon:
            token = TONE_TOKENS.get(self.property("tone"), "text2")
            painter = QPainter(self)
            painter.drawPixmap(px(_PADDING), (self.height() - px(_ICON)) // 2, pixmap(self._icon, token, _ICON))
            painter.end()
