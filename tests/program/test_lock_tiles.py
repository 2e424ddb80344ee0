"""The tiles of the sign-in page: keys, the chosen person, and what counts as an attempt."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from bonifiq_desktop.ui.access.person_tiles import PersonTiles
from tests.support.cashier import Cashier, let_work, wait_until
from tests.support.staff import BIA
from tests.support.staff_actions import audit_log_entries, sign_out, type_pin


@pytest.fixture(name="locked")
def locked_at_the_start(staffed: Cashier, open_till: Callable[[], Cashier]) -> Cashier:
    """A till with Ana and Bia that was opened again."""
    assert staffed.app.stop()
    again = open_till()
    wait_until(lambda: again.is_shown("lockPin"), "the lock")
    wait_until(lambda: len(tiles(again).names()) == 2, "the people")
    return again


def tiles(cashier: Cashier) -> PersonTiles:
    found = cashier.find("lockName", PersonTiles)
    assert isinstance(found, PersonTiles)
    return found


def press(key: Qt.Key) -> None:
    """Press a key where the focus is."""
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keyClick(focused, key)


def test_program_start_chooses_no_person(locked: Cashier) -> None:
    assert tiles(locked).current() == ""
    assert not locked.find("lockPin").isEnabled()


def test_number_key_chooses_a_person_and_enter_signs_in(locked: Cashier) -> None:
    tiles(locked).take_focus()
    press(Qt.Key.Key_2)
    assert tiles(locked).current() == "Bia"
    assert QApplication.focusWidget() is locked.find("lockPin")
    QTest.keyClicks(locked.find("lockPin"), BIA.pin)
    let_work(0.1)
    press(Qt.Key.Key_Return)
    wait_until(lambda: not locked.is_shown("lockPin"), "the open window")


def test_arrows_move_over_the_tiles_and_enter_chooses(locked: Cashier) -> None:
    tiles(locked).take_focus()
    press(Qt.Key.Key_Right)
    assert tiles(locked).current() == "Bia"
    press(Qt.Key.Key_Left)
    assert tiles(locked).current() == "Ana"
    press(Qt.Key.Key_Return)
    assert QApplication.focusWidget() is locked.find("lockPin")
    press(Qt.Key.Key_Up)
    assert QApplication.focusWidget() is not locked.find("lockPin")


def test_person_who_left_is_chosen_at_the_lock(staffed: Cashier) -> None:
    sign_out(staffed)
    assert tiles(staffed).current() == "Bia"
    wait_until(lambda: QApplication.focusWidget() is staffed.find("lockPin"), "the focus on the PIN")


def test_wrong_pin_names_the_chosen_person_and_keeps_the_other_ones_tries(locked: Cashier) -> None:
    tiles(locked).take_focus()
    press(Qt.Key.Key_2)
    for tries in (4, 3):
        type_pin(locked, "lockPin", "1357")
        wait_until(lambda left=tries: f": {left}." in locked.text("lockMessage"), "the refusal")  # type: ignore[misc]
        assert locked.text("lockMessage").startswith("Bia: ")
        assert "Nada foi registrado" not in locked.text("lockMessage")
        assert tiles(locked).current() == "Bia"
    tiles(locked).take_focus()
    press(Qt.Key.Key_1)
    type_pin(locked, "lockPin", "1357")
    wait_until(lambda: locked.text("lockMessage").startswith("Ana: ") and ": 4." in locked.text("lockMessage"), "Ana")


def test_pin_that_is_too_short_is_no_attempt(locked: Cashier) -> None:
    tiles(locked).take_focus()
    press(Qt.Key.Key_2)
    type_pin(locked, "lockPin", "730")
    wait_until(lambda: "4 a 8 números" in locked.text("lockMessage"), "the hint")
    assert ("pin", "refused") not in audit_log_entries(locked)
