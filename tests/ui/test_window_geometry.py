"""The main window stands where it was left, always within the screen that is there now."""

import json
from pathlib import Path

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMainWindow
from pytestqt.qtbot import QtBot

from bonifiq_desktop.ui.window_geometry import WindowGeometry

ROOM = QRect(0, 0, 1366, 728)


@pytest.fixture(name="file")
def place_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the place is kept, on a PC with one screen of 1366x768 and its task bar."""

    class Screen:
        def availableGeometry(self) -> QRect:
            return ROOM

    monkeypatch.setattr(QGuiApplication, "screens", lambda: [Screen()])
    monkeypatch.setattr(QGuiApplication, "primaryScreen", Screen)
    return tmp_path / "window.json"


def opened(qtbot: QtBot, file: Path) -> QMainWindow:
    """A window that was opened at its place."""
    window = QMainWindow()
    qtbot.addWidget(window)
    WindowGeometry(window, file)
    return window


def keep(file: Path, place: tuple[int, int, int, int], *, maximized: bool = False) -> None:
    """What an earlier run kept."""
    names = ("x", "y", "width", "height")
    file.write_text(json.dumps({**dict(zip(names, place, strict=True)), "maximized": maximized}))


def test_window_on_a_small_screen_starts_maximized(qtbot: QtBot, file: Path) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    WindowGeometry(window, file).show()
    assert window.isMaximized()


def test_saved_geometry_is_restored(qtbot: QtBot, file: Path) -> None:
    keep(file, (100, 60, 1000, 600))
    window = QMainWindow()
    qtbot.addWidget(window)
    place = WindowGeometry(window, file)
    assert window.geometry() == QRect(100, 60, 1000, 600)
    place.show()
    assert not window.isMaximized()
    window.setGeometry(120, 70, 950, 580)
    place.save()
    assert json.loads(file.read_text()) == {"x": 120, "y": 70, "width": 950, "height": 580, "maximized": False}


@pytest.mark.parametrize(
    "place",
    [(5000, 60, 1000, 600), (-900, -900, 1000, 600), (300, 300, 1300, 700), (0, 0, 4000, 3000), (0, 700, 900, 560)],
)
def test_geometry_outside_the_screen_is_moved_into_it(
    qtbot: QtBot, file: Path, place: tuple[int, int, int, int]
) -> None:
    keep(file, place)
    window = opened(qtbot, file)
    assert ROOM.contains(window.geometry())
    assert window.geometry().top() > 0, "its title bar is in sight"


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"x": 1}', '{"x":"a","y":0,"width":9,"height":9,"maximized":false}', '{"x":1e400}']
)
def test_unreadable_geometry_file_gives_the_default_geometry(qtbot: QtBot, file: Path, content: str) -> None:
    file.write_text(content)
    assert ROOM.contains(opened(qtbot, file).geometry())


def test_unwritable_geometry_file_is_ignored(qtbot: QtBot, file: Path) -> None:
    file.mkdir()
    window = QMainWindow()
    qtbot.addWidget(window)
    place = WindowGeometry(window, file)
    place.show()
    place.save()
