"""Actions of the staff in the window: add a person, sign in, type a PIN."""

import json

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLineEdit, QMenu, QPushButton

from bonifiq_desktop.ui.access.person_tiles import PersonTiles
from bonifiq_desktop.ui.settings.section_list import SectionList
from tests.support.cashier import Cashier, let_work, wait_until

TYPING_PAUSE = 0.06
"""Seconds before Enter; a scanner is faster."""


def type_pin(cashier: Cashier, name: str, pin: str) -> None:
    """Type a PIN and press Enter at a typist's speed."""

    def is_there() -> bool:
        field = cashier.window.findChild(QLineEdit, name)
        return field is not None and field.isVisible() and field.isEnabled()

    wait_until(is_there, name)
    cashier.type(name, pin)
    let_work(TYPING_PAUSE)
    cashier.press(Qt.Key.Key_Return, name)


def dialog_is_open(cashier: Cashier, name: str) -> bool:
    """Return whether a dialog of this name exists."""
    return cashier.is_open(name)


def open_settings(cashier: Cashier, section: str) -> None:
    """Open a section of the settings with the keys of its list."""
    cashier.press(Qt.Key.Key_F9)
    sections = cashier.find("settingsSections", SectionList)
    for _step in range(sections.count()):
        if sections.current() == section:
            return
        QTest.keyClick(sections, Qt.Key.Key_Down)
    raise AssertionError(f"there is no section {section}")


def add_person(cashier: Cashier, name: str, role: str, pin: str, *, approved_by: str = "") -> None:
    """Add a person in the settings."""
    open_settings(cashier, "people")
    cashier.find("peopleAdd").click()
    wait_until(lambda: dialog_is_open(cashier, "personDialog"), "the dialog")
    box = cashier.find("personRole", QComboBox)
    box.setCurrentIndex(box.findData(role))
    for field, text in (("personName", name), ("personPin", pin), ("personPinAgain", pin)):
        cashier.type(field, text)
    let_work(0.2)  # else the Enter of the last field would be a scanner's
    cashier.find("personConfirm").click()
    if approved_by:
        wait_until(lambda: dialog_is_open(cashier, "approvalDialog"), "the question for the manager")
        type_pin(cashier, "approvalPin", approved_by)
    wait_until(lambda: not dialog_is_open(cashier, "personDialog"), "the saved person")


def choose_person(cashier: Cashier, tiles: str, name: str) -> None:
    """Choose a person's tile by its number."""
    wait_until(lambda: cashier.find(tiles).isVisible(), tiles)
    names = cashier.find(tiles, PersonTiles).names()
    buttons = cashier.find(tiles).findChildren(QPushButton)
    QTest.keyClick(buttons[0], Qt.Key(Qt.Key.Key_1 + names.index(name)))


def sign_out(cashier: Cashier) -> None:
    """Leave the till with the person's menu."""
    cashier.find("presentPerson").click()
    wait_until(lambda: cashier.window.findChild(QMenu, "personMenu") is not None, "the menu")
    menu = cashier.find("personMenu", QMenu)
    menu.actions()[0].trigger()
    menu.close()
    wait_until(lambda: cashier.is_shown("lockPin"), "the lock")


def sign_in(cashier: Cashier, name: str, pin: str) -> None:
    """Choose a name and type its PIN."""
    choose_person(cashier, "lockName", name)
    type_pin(cashier, "lockPin", pin)
    wait_until(lambda: not cashier.is_shown("lockPin"), "the open window")


def audit_log_entries(cashier: Cashier) -> list[tuple[str, str]]:
    """Return action and outcome of every audit log entry."""
    lines = (cashier.app.paths.folder / "audit.jsonl").read_text().splitlines()
    return [(line["did"], line["outcome"]) for line in map(json.loads, lines)]
