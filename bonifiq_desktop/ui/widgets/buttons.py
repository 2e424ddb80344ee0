"""Buttons that show their key in a small box, and the box alone.

Loaded before the window is painted: see `widgets/labels.py` on PySide's `Qt` class.
"""

from time import monotonic
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFontMetricsF, QPainter, QPainterPath
from PySide6.QtWidgets import QLabel, QPushButton

from bonifiq_desktop.ui.theme import font, px, set_icon, set_variant, stroke
from bonifiq_desktop.ui.widgets.long_words import shortened

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import SignalInstance
    from PySide6.QtGui import QKeyEvent, QPaintEvent

_CAP_HEIGHT, _CAP_PADDING, _CAP_MARGIN, _CAP_RADIUS = 22, 6, 12, 5  # pixels at 100 %
_CAPTION = 13
_FILLED = {"primary", "danger"}
_PLAIN_TEXT = 0  # Qt.TextFormat.PlainText
_FOCUS_INSET = 3  # outlines
_ROOM = {"short": 4, "medium": 6}  # characters; the sheet gives each its padding
_ICON_TOKENS = {"primary": "onAccent", "danger": "onDanger", "dangerGhost": "danger", "ghost": "accent"}
_OUTLINE = 0.55  # opacity of the box's outline


class ActionButton(QPushButton):
    """A button with an icon, its text, and its key in a box at the right.

    `look`: primary, secondary, danger, dangerGhost, ghost, filter or nav. `action`: called at each press.
    `has_shortcut`: the key works in the whole window while the button is visible and enabled; False where the
    surrounding fields handle the key. A hidden button has no active shortcut: two shortcuts with one key are ambiguous,
    and Qt would press neither button.
    """

    def __init__(
        self,
        name: str,
        text: str,
        key: str = "",
        action: "Callable[[], object] | SignalInstance | None" = None,
        *,
        look: str = "secondary",
        icon: str = "",
        has_shortcut: bool = False,
        tall: bool = False,
    ) -> None:
        super().__init__()
        if action is not None:
            self.clicked.connect(action)
        self.setObjectName(name)
        self._key = key
        self._other_key_at = float("-inf")
        self.setProperty("look", look)
        if key:
            self.setProperty("cap", next((room for room, most in _ROOM.items() if len(key) <= most), "long"))
        if tall:
            self.setProperty("tall", "true")
        self.setAutoDefault(False)
        self.set_label(text)
        if icon:
            set_icon(self, icon, _ICON_TOKENS.get(look, "text"))
        if key:
            self.setAccessibleDescription(key)
        if key and has_shortcut:
            from PySide6.QtGui import QKeySequence, QShortcut

            QShortcut(QKeySequence(key), self).activated.connect(self.click)

    @property
    def key(self) -> str:
        return self._key

    def set_label(self, text: str) -> None:
        """Change the text; the key stays."""
        self.setText(shortened(text).replace("&", "&&"))  # a lone & would be taken for a mnemonic
        self.setAccessibleName(text)

    def set_look(self, look: str) -> None:
        """Change the look, and the icon's colour with it."""
        set_variant(self, look=look)
        if name := self.property("iconName"):
            set_icon(self, name, _ICON_TOKENS.get(look, "text"))

    def paintEvent(self, event: "QPaintEvent") -> None:
        super().paintEvent(event)
        if self._key:
            _paint_key(self, self._key)
        if self.hasFocus() and self.property("look") in _FILLED:
            _paint_focus(self)

    def keyPressEvent(self, event: "QKeyEvent") -> None:
        from bonifiq_desktop.ui.widgets.keys import ENTER, MAX_SCANNER_PAUSE

        if event.key() not in ENTER:
            self._other_key_at = monotonic()
            super().keyPressEvent(event)
        elif not event.isAutoRepeat() and monotonic() - self._other_key_at > MAX_SCANNER_PAUSE:
            self.click()  # an Enter that follows keys this fast is the end of a scanned code


class KeyCap(QLabel):
    """A key in a small box, beside a text that explains it. Screen readers skip it."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.setProperty("look", "keycap")
        self.setProperty("textFormat", _PLAIN_TEXT)
        self.setFixedHeight(px(_CAP_HEIGHT))


def _paint_focus(button: QPushButton) -> None:
    """Paint a line inside the outline of a filled button, in the colour of its text."""
    painter = QPainter(button)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = painter.pen()
    pen.setWidth(stroke())
    painter.setPen(pen)
    inset = _FOCUS_INSET * stroke() + 0.5
    painter.drawRoundedRect(QRectF(button.rect()).adjusted(inset, inset, -inset, -inset), _CAP_RADIUS, _CAP_RADIUS)
    painter.end()


def _paint_key(button: QPushButton, key: str) -> None:
    """Paint a key's box in the colour of the button's text."""
    letters = font(_CAPTION, bold=True)
    metrics = QFontMetricsF(letters)
    width, height = metrics.horizontalAdvance(key) + 2 * px(_CAP_PADDING), px(_CAP_HEIGHT)
    box = QRectF(button.width() - px(_CAP_MARGIN) - width, (button.height() - height) / 2, width, height)
    painter = QPainter(button)  # its pen has the colour of the button's text; `setPen` costs PySide's `Qt` class
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(letters)
    baseline = box.center().y() + (metrics.ascent() - metrics.descent()) / 2
    painter.drawText(QPointF(box.x() + px(_CAP_PADDING), baseline), key)
    outline = QPainterPath()
    outline.addRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), _CAP_RADIUS, _CAP_RADIUS)
    painter.setOpacity(_OUTLINE)
    painter.drawPath(outline)
    painter.end()
