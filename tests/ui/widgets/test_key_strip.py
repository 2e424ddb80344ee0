"""Key strip: keys for a touch screen, which go to the field that has the focus, also above a sheet."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QMainWindow, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from bonifiq_desktop.ui.widgets.buttons import ActionButton
from bonifiq_desktop.ui.widgets.key_strip import KeyStrip
from bonifiq_desktop.ui.widgets.sheet import Sheet
from bonifiq_desktop.ui.widgets.toast import Toast


class Till:
    """A window with a field, a button with F6, a list with Esc, and the strip."""

    def __init__(self, qtbot: QtBot) -> None:
        self.pressed: list[str] = []
        self.window = QMainWindow()
        self.field = QLineEdit()
        self.refund = ActionButton("refund", "Devolver", "F6", lambda: self.pressed.append("F6"), has_shortcut=True)
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.addWidget(self.field)
        layout.addWidget(self.refund)
        self.window.setCentralWidget(page)
        QShortcut(QKeySequence("Esc"), self.window).activated.connect(lambda: self.pressed.append("Esc"))
        self.field.returnPressed.connect(lambda: self.pressed.append("Enter"))
        self.strip = KeyStrip(self.window)
        qtbot.addWidget(self.window)
        self.window.resize(900, 400)
        self.window.show()
        self.window.activateWindow()
        assert QTest.qWaitForWindowActive(self.window)
        self.field.setFocus()
        self.strip.set_shown(True)

    def key(self, name: str) -> QPushButton:
        found = self.strip.findChild(QPushButton, f"strip{name}")
        assert isinstance(found, QPushButton)
        return found

    def touch(self, name: str) -> None:
        QTest.mouseClick(self.key(name), Qt.MouseButton.LeftButton)

    def page_keys(self) -> list[str]:
        buttons = self.strip.findChildren(QPushButton)
        return sorted(button.text() for button in buttons if button.objectName()[5:6] == "F" and button.isVisible())


@pytest.fixture(name="till")
def touch_till(qtbot: QtBot) -> Till:
    return Till(qtbot)


def test_strip_is_hidden_until_switched_on(till: Till) -> None:
    till.strip.set_shown(False)
    assert not till.strip.isVisible()


def test_touched_keys_reach_the_focused_field_which_keeps_the_focus(till: Till) -> None:
    QTest.keyClicks(till.field, "1002")
    till.touch("Left")
    QTest.keyClicks(till.field, "x")
    assert till.field.text() == "100x2"
    till.touch("Return")
    till.touch("Esc")
    assert till.pressed == ["Enter", "Esc"]
    assert till.field.hasFocus()


def test_strip_shows_and_presses_the_function_keys_of_usable_buttons(till: Till, qtbot: QtBot) -> None:
    assert till.page_keys() == ["F6  Devolver"]
    till.touch("F6")
    assert till.pressed == ["F6"]
    till.refund.setEnabled(False)
    qtbot.waitUntil(lambda: till.page_keys() == [])


def test_strip_serves_the_open_sheet_and_no_button_below_it(till: Till, qtbot: QtBot) -> None:
    sheet = Sheet(till.window, "sheet", "Código lido")
    sheet.fill(QLabel("Código lido"), ActionButton("go", "Consultar", "F5", sheet.accept, has_shortcut=True))
    sheet.open()
    qtbot.waitUntil(lambda: till.page_keys() == ["F5  Consultar"])
    touched = till.window.childAt(till.key("Esc").mapTo(till.window, QPoint(5, 5)))
    assert touched is till.key("Esc"), "the sheet lies above the strip"
    finished: list[int] = []
    sheet.finished.connect(finished.append)
    till.touch("Esc")
    assert (finished, till.pressed) == ([0], [])


def test_every_key_is_named_and_large_enough_for_a_finger(till: Till) -> None:
    keys = till.strip.findChildren(QPushButton)
    assert len(keys) == 9
    for key in keys:
        assert key.accessibleName()
        assert key.focusPolicy() == Qt.FocusPolicy.NoFocus
        assert min(key.width(), key.height()) >= 44, key.text()


def test_touched_tab_moves_to_the_next_field(till: Till) -> None:
    till.touch("Tab")
    assert till.refund.hasFocus()


def test_toast_stands_above_the_strip(till: Till) -> None:
    toast = Toast.show_in(till.window, "Leitura ignorada")
    assert toast.geometry().bottom() < till.strip.y()
