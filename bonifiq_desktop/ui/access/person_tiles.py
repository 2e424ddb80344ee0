"""The people of the till as tiles with initials: the keys 1 to 9, arrows and Enter, or a click choose one."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QRect, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QPushButton, QWidget

from bonifiq_desktop.ui.person_button import initials
from bonifiq_desktop.ui.side_bar import LaidOutButton
from bonifiq_desktop.ui.theme import font, px
from bonifiq_desktop.ui.widgets.buttons import KeyCap
from bonifiq_desktop.ui.widgets.keys import ENTER
from bonifiq_desktop.ui.widgets.labels import label, tooltip

_COLUMNS, _MAX_ROWS = 4, 2
_WIDTH, _HEIGHT, _GAP, _CIRCLE = 144, 136, 8, 40
_TEXT = 13  # pixels at 100 %, as in the style sheet
_Key = Qt.Key
_STEPS = {_Key.Key_Left: -1, _Key.Key_Right: 1, _Key.Key_Up: -_COLUMNS, _Key.Key_Down: _COLUMNS}


class PersonTiles(QWidget):
    """`chosen` carries the name of the person that was picked; arrows alone move without picking."""

    chosen = Signal(str)

    def __init__(self, name: str, accessible: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(accessible)
        self._tiles: dict[str, QPushButton] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(px(_GAP))
        self._grid.setColumnStretch(_COLUMNS, 1)

    def names(self) -> list[str]:
        return list(self._tiles)

    def current(self) -> str:
        """The chosen name; empty while there is none."""
        return next((name for name, tile in self._tiles.items() if tile.isChecked()), "")

    def show_people(self, names: Sequence[str]) -> None:
        """Offer these people; the chosen one stays chosen. One person alone needs no choice."""
        before = self.current()
        if list(names) != self.names():
            for tile in self._tiles.values():
                self._grid.removeWidget(tile)
                tile.deleteLater()
            self._tiles = {name: self._tile(place, name) for place, name in enumerate(names)}
        self.choose(before if before in self._tiles else names[0] if len(names) == 1 else "")

    def choose(self, name: str) -> None:
        """Mark a person without picking; an empty name marks none."""
        for each, tile in self._tiles.items():
            tile.setChecked(each == name)
            tile.setFocusPolicy(Qt.FocusPolicy.StrongFocus if each == name else Qt.FocusPolicy.ClickFocus)
        if not name and self._tiles:
            next(iter(self._tiles.values())).setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def height_of_rows(self) -> int:
        """Height of the first rows, the rest scrolls."""
        rows = min(_MAX_ROWS, -(-len(self._tiles) // _COLUMNS))
        return rows * px(_HEIGHT + _GAP)

    def take_focus(self) -> None:
        if self._tiles:
            self._tiles.get(self.current(), next(iter(self._tiles.values()))).setFocus()

    def _tile(self, place: int, name: str) -> QPushButton:
        tile = LaidOutButton("", "tile")
        tile.row.setDirection(QBoxLayout.Direction.TopToBottom)
        tile.row.setContentsMargins(px(8), px(12), px(8), px(8))
        circle = label(initials(name), "monogram")
        circle.setFixedSize(px(_CIRCLE), px(_CIRCLE))
        circle.setAlignment(Qt.AlignmentFlag.AlignCenter)
        shown = self._shortened(name)
        text = label(shown, "tileText")
        text.setWordWrap(True)
        text.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        tile.row.addWidget(circle, 0, Qt.AlignmentFlag.AlignHCenter)
        tile.row.addWidget(text, 1)
        key = "123456789"[place : place + 1]
        if key:
            tile.row.addWidget(KeyCap(key), 0, Qt.AlignmentFlag.AlignHCenter)
        tile.setCheckable(True)
        tile.setFixedSize(px(_WIDTH), px(_HEIGHT))
        tile.setAccessibleName(name)
        tile.setToolTip(tooltip(name if shown != name else ""))
        tile.setAccessibleDescription(key)
        tile.installEventFilter(self)
        tile.clicked.connect(lambda: self._pick(name))
        self._grid.addWidget(tile, place // _COLUMNS, place % _COLUMNS)
        return tile

    def _shortened(self, name: str) -> str:
        """A name in two lines: in place of a longer one, its first and its last word."""
        metrics, width = QFontMetrics(font(_TEXT, bold=True)), px(_WIDTH) - 4 * px(_GAP)
        needed = metrics.boundingRect(QRect(0, 0, width, 0), Qt.TextFlag.TextWordWrap, name)
        if needed.width() <= width and needed.height() <= 2 * metrics.lineSpacing():
            return name
        words = name.split()
        ends = words[:1] + words[1:][-1:]
        return "\n".join(metrics.elidedText(word, Qt.TextElideMode.ElideRight, width) for word in ends)

    def _pick(self, name: str) -> None:
        self.choose(name)
        self.chosen.emit(name)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return super().eventFilter(watched, event)
        names = self.names()
        place = next(row for row, tile in enumerate(self._tiles.values()) if tile is watched)
        if event.key() in _STEPS:
            self._move_to(place + _STEPS[_Key(event.key())])
        elif event.key() in ENTER:
            self._pick(names[place])
        elif event.text().isdecimal() and 1 <= int(event.text()) <= len(names):
            self._pick(names[int(event.text()) - 1])
        else:
            return super().eventFilter(watched, event)
        return True

    def _move_to(self, place: int) -> None:
        names = self.names()
        if 0 <= place < len(names):
            self.choose(names[place])
            self.take_focus()
