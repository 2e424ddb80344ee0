"""Position and size of the main window: as it was left, and within a screen that exists now.

Loaded before the window is painted: see `widgets/labels.py` on PySide's `Qt` class.
"""

from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import QRect
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMainWindow

from bonifiq_desktop.storage.files import read_json, write_json

_DEFAULT_SIZE, _MIN_SIZE = (1360, 800), (900, 560)
_LARGE_SCREEN = (1400, 800)
"""On a smaller screen the first start is maximized."""

_TITLE_BAR = 36
"""Height in pixels."""


class WindowGeometry:
    """Reads the geometry from `file` and saves it there. A file error only loses the geometry.

    `first_width`: the window's width when it is shown.
    """

    def __init__(self, window: QMainWindow, file: Path) -> None:
        self._window = window
        self._file = file
        place, maximized = _read_geometry(file)
        screen = _available_area(place)
        room = screen.adjusted(0, _TITLE_BAR, 0, 0)
        is_small = screen.width() < _LARGE_SCREEN[0] or screen.height() < _LARGE_SCREEN[1]
        self._maximized = is_small if place is None else maximized
        window.setMinimumSize(min(_MIN_SIZE[0], room.width()), min(_MIN_SIZE[1], room.height()))
        window.setGeometry(_fitted(room, place or _centred(room)))
        self._size = window.size()
        self.first_width = screen.width() if self._maximized else window.width()

    def show(self) -> None:
        """Show the window, maximized if it was so and got no other size meanwhile."""
        if self._maximized and self._window.size() == self._size:
            self._window.showMaximized()
        else:
            self._window.show()

    def save(self) -> None:
        if not self._window.isVisible():
            return
        normal = self._window.normalGeometry()
        place = normal if normal.isValid() else self._window.geometry()
        kept = {"x": place.x(), "y": place.y(), "width": place.width(), "height": place.height()}
        with suppress(OSError):
            write_json(self._file, {**kept, "maximized": self._window.isMaximized()})


def _read_geometry(file: Path) -> tuple[QRect | None, bool]:
    """The saved rectangle, None where there is no valid one, and whether the window was maximized."""
    try:
        kept = read_json(file)
        place = QRect(*(int(kept[name]) for name in ("x", "y", "width", "height")))
        return place if place.isValid() else None, kept["maximized"] is True
    except (OSError, ValueError, KeyError, TypeError, OverflowError):
        return None, False


def _available_area(place: QRect | None) -> QRect:
    """The available area of the screen that holds a rectangle, or of the primary screen."""
    if place is not None:
        for screen in QGuiApplication.screens():
            if screen.availableGeometry().intersects(place):
                return screen.availableGeometry()
    return QGuiApplication.primaryScreen().availableGeometry()


def _centred(room: QRect) -> QRect:
    place = QRect(0, 0, *_DEFAULT_SIZE)
    place.moveCenter(room.center())
    return place


def _fitted(room: QRect, place: QRect) -> QRect:
    """The rectangle moved, and shrunk if necessary, so that all of it is visible."""
    width, height = min(place.width(), room.width()), min(place.height(), room.height())
    x = min(max(place.x(), room.x()), room.x() + room.width() - width)
    y = min(max(place.y(), room.y()), room.y() + room.height() - height)
    return QRect(x, y, width, height)
