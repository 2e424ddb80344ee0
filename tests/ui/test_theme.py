"""Tokens, sizes and icons of the window."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMainWindow

from bonifiq_desktop.storage.appearance import SYSTEM, Appearance, read_appearance
from bonifiq_desktop.storage.paths import resource
from bonifiq_desktop.ui import theme
from bonifiq_desktop.ui.appearance import AppearanceControl
from bonifiq_desktop.ui.widgets.buttons import ActionButton

ICONS = sorted(path for path in resource("icons/check.svg").parent.glob("*.svg"))
OWN = ("bonifiq-desktop", "sheet-")


@pytest.fixture(name="window")
def styled_window(qapp: QApplication) -> Iterator[QMainWindow]:
    window = QMainWindow()
    theme.apply_style(window, "light")
    yield window
    window.close()
    theme.apply_style(QMainWindow(), "light")  # the size and the palette of the next test
    qapp.processEvents()


def test_three_sets_of_colours_have_the_same_tokens() -> None:
    sets = [set(theme._tokens()[look]) for look in theme.LOOKS]
    assert sets[0] == sets[1] == sets[2]


@pytest.mark.parametrize("look", theme.LOOKS)
def test_sheet_has_a_value_for_each_token(window: QMainWindow, look: str) -> None:
    theme.apply_style(window, look)
    assert "@" not in window.styleSheet()
    assert theme.color("text").name().upper() == theme._tokens()[look]["text"]


def test_size_scales_the_font_and_the_sheet(window: QMainWindow, qapp: QApplication) -> None:
    assert qapp.font().pixelSize() == 15 or theme.px(15) == 15
    theme.apply_style(window, "light", 130)
    assert theme.px(17) == 22
    assert qapp.font().pixelSize() == 20
    assert "font-size: 31px" in window.styleSheet()
    theme.apply_style(window, "light")
    assert qapp.font().pixelSize() == 15


def test_button_icon_takes_the_colour_of_the_new_look(window: QMainWindow) -> None:
    button = ActionButton("x", "Consultar", icon="search")
    window.setCentralWidget(button)
    before = button.icon().pixmap(20, 20).toImage()
    theme.apply_style(window, "dark")
    assert button.icon().pixmap(20, 20).toImage() != before


@pytest.mark.parametrize("file", ICONS, ids=lambda file: file.stem)
def test_icon_is_drawn_on_the_common_grid(qapp: QApplication, file: Path) -> None:
    if file.stem == "bonifiq-desktop":
        return
    drawing = file.read_text(encoding="utf-8")
    assert 'viewBox="0 0 24 24"' in drawing
    assert 'stroke-width="2" stroke-linecap="round"' in drawing
    assert drawing.count("stroke-width") == 1
    if not file.stem.startswith(OWN):
        assert 'stroke="currentColor"' in drawing
        assert theme.pixmap(file.stem).toImage().hasAlphaChannel()
        assert not theme.pixmap(file.stem).isNull()


@pytest.mark.parametrize("look", theme.LOOKS)
@pytest.mark.parametrize("name", theme.SHEET_ICONS)
def test_icon_of_the_sheet_has_the_colour_of_its_token(look: str, name: str) -> None:
    source, token = theme.SHEET_ICONS[name]
    drawing = resource(f"icons/{source}.svg").read_text(encoding="utf-8")
    coloured = drawing.replace("currentColor", theme._tokens()[look][token])
    assert resource(f"icons/{name}-{look}.svg").read_text(encoding="utf-8") == coloured


def test_ctrl_plus_enlarges_the_window_and_the_next_start_keeps_it(window: QMainWindow, tmp_path: Path) -> None:
    file = tmp_path / "appearance.json"
    AppearanceControl(window, file)
    window.show()
    assert QTest.qWaitForWindowActive(window)
    for _press in range(3):
        QTest.keyClick(window, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    assert theme.scale() == 130
    assert read_appearance(file) == Appearance(SYSTEM, 130)
    QTest.keyClick(window, Qt.Key.Key_Minus, Qt.KeyboardModifier.ControlModifier)
    assert theme.scale() == 115
    QTest.keyClick(window, Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
    assert theme.scale() == 100


def test_chosen_look_is_kept_and_announced(window: QMainWindow, tmp_path: Path) -> None:
    file = tmp_path / "appearance.json"
    control = AppearanceControl(window, file)
    seen: list[Appearance] = []
    control.changed.connect(seen.append)
    control.choose(look="contrast")
    assert theme.look() == "contrast"
    assert seen == [Appearance("contrast", 100)] == [read_appearance(file)]
