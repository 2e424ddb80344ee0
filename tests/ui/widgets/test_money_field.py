"""A field for money takes what a person types or pastes, and nothing else ever becomes an amount."""

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QAccessible, QClipboard, QGuiApplication, QInputMethodEvent, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from bonifiq_desktop.domain.money import MAX_CENTS, format_plain
from bonifiq_desktop.ui.widgets import money_field
from bonifiq_desktop.ui.widgets.money_field import MoneyField

KEYPAD = Qt.KeyboardModifier.KeypadModifier
EAN_13 = "7891234567895"


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(name="clock")
def field_clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock by which the field distinguishes a scanner from typing."""
    clock = Clock()
    monkeypatch.setattr(money_field, "monotonic", clock)
    return clock


@pytest.fixture(name="form")
def shown_form(qtbot: QtBot) -> QWidget:
    """A window with a money field and another field after it."""
    form = QWidget()
    layout = QVBoxLayout(form)
    layout.addWidget(MoneyField("amount"))
    layout.addWidget(QLineEdit())
    qtbot.addWidget(form)
    form.show()
    form.activateWindow()
    return form


@pytest.fixture(name="field")
def focused_field(form: QWidget, qtbot: QtBot, clock: Clock) -> MoneyField:
    """The money field, with the keyboard's focus."""
    field = form.findChild(MoneyField, "amount")
    assert field is not None
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    return field


@pytest.fixture(name="told")
def edited_values(field: MoneyField) -> list[int]:
    """Values emitted by `valueEdited`, in cents."""
    told: list[int] = []
    field.valueEdited.connect(told.append)
    return told


def type_slowly(field: MoneyField, clock: Clock, text: str) -> None:
    """Type as a person does."""
    for sign in text:
        clock.now += 0.3
        QTest.keyClicks(field, sign)


def paste(field: MoneyField, text: str) -> None:
    """Ctrl+V."""
    QApplication.clipboard().setText(text)
    QTest.keyClick(field, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)


def seen(field: MoneyField) -> tuple[str, int]:
    """What is shown and what counts."""
    return field.text(), field.value()


@pytest.mark.parametrize(
    ("typed", "shown", "cents"),
    [
        ("2590", "25,90", 2590),
        ("25,90", "25,90", 2590),
        ("25.90", "25,90", 2590),
        ("1.234,56", "1.234,56", 123456),
        ("R$ 7", "0,07", 7),
        ("007", "0,07", 7),
        ("0", "", 0),
        ("abc-+ ", "", 0),
        ("9999999999", "99.999.999,99", MAX_CENTS),
    ],
)
def test_money_field_fills_digits_from_the_right_and_ignores_other_keys(
    field: MoneyField, clock: Clock, typed: str, shown: str, cents: int
) -> None:
    type_slowly(field, clock, typed)
    assert seen(field) == (shown, cents)


def test_money_field_accepts_fast_typing(field: MoneyField) -> None:
    QTest.keyClicks(field, "123456")
    assert seen(field) == ("1.234,56", 123456)


def test_money_field_emits_each_change_once(field: MoneyField, told: list[int]) -> None:
    QTest.keyClicks(field, "25,9x0")
    assert told == [2, 25, 259, 2590]
    field.set_value(100)
    paste(field, "1,00")
    assert told == [2, 25, 259, 2590], "the same amount pasted again or shown by the program is no edit"


@pytest.mark.parametrize(
    ("pasted", "shown"),
    [
        ("25,90", "25,90"),
        ("R$ 1.234,56", "1.234,56"),
        ("R$\u00a01.234,56\n", "1.234,56"),
        ("2590", "25,90"),
        ("12.50", "12,50"),
        (" 7 ", "0,07"),
    ],
)
def test_money_field_parses_a_pasted_amount(field: MoneyField, pasted: str, shown: str) -> None:
    QTest.keyClicks(field, "111")
    paste(field, pasted.strip("\n"))
    assert field.text() == shown


@pytest.mark.parametrize("rubbish", ["", "abc", "-5,00", "1,234,56", "12,345", EAN_13, "52998224725", "٢٥٩٠", "1e5"])
def test_money_field_ignores_an_invalid_paste(field: MoneyField, told: list[int], rubbish: str) -> None:
    QTest.keyClicks(field, "2590")
    told.clear()
    paste(field, rubbish)
    assert (*seen(field), told) == ("25,90", 2590, [])


@pytest.mark.parametrize("key", [Qt.Key.Key_Backspace, Qt.Key.Key_Delete])
def test_money_field_backspace_removes_the_last_digit(field: MoneyField, key: Qt.Key) -> None:
    QTest.keyClicks(field, "2590")
    shown = []
    for _ in range(5):
        QTest.keyClick(field, key)
        shown.append(field.text())
    assert shown == ["2,59", "0,25", "0,02", "", ""]


def test_money_field_digit_replaces_a_whole_selection(field: MoneyField) -> None:
    QTest.keyClicks(field, "2590")
    field.selectAll()
    QTest.keyClicks(field, "7")
    assert seen(field) == ("0,07", 7)
    field.selectAll()
    QTest.keyClick(field, Qt.Key.Key_Backspace)
    assert seen(field) == ("", 0)


def test_money_field_focused_again_starts_a_new_amount(field: MoneyField, form: QWidget) -> None:
    QTest.keyClicks(field, "2590")
    other = next(line for line in form.findChildren(QLineEdit) if line is not field)
    other.setFocus()
    field.setFocus()
    QTest.keyClicks(field, "12")
    assert seen(field) == ("0,12", 12)


def test_money_field_clicked_starts_a_new_amount(field: MoneyField) -> None:
    QTest.keyClicks(field, "2590")
    QTest.mouseClick(field, Qt.MouseButton.LeftButton)
    QTest.keyClicks(field, "12")
    assert seen(field) == ("0,12", 12)


def test_money_field_copy_and_cut_copy_the_amount(field: MoneyField) -> None:
    QTest.keyClicks(field, "2590")
    field.selectAll()
    QTest.keyClick(field, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert (QApplication.clipboard().text(), field.text()) == ("25,90", "25,90")
    QTest.keyClick(field, Qt.Key.Key_X, Qt.KeyboardModifier.ControlModifier)
    assert (QApplication.clipboard().text(), *seen(field)) == ("25,90", "", 0)


@pytest.mark.parametrize("code", [EAN_13, "0001234567895", "00000000000001", "1" * 44])
@pytest.mark.parametrize("before", ["", "2590"])
def test_money_field_refuses_a_scanned_code_and_stays_usable(
    field: MoneyField, clock: Clock, before: str, code: str
) -> None:
    type_slowly(field, clock, before)
    clock.now += 2
    for sign in code:
        clock.now += 0.01
        QTest.keyClicks(field, sign)
    assert seen(field) == (("25,90", 2590) if before else ("", 0)), "the amount before the code"
    field.selectAll()
    type_slowly(field, clock, "1234")
    assert seen(field) == ("12,34", 1234)


def test_money_field_does_not_cut_an_amount_that_is_too_large(field: MoneyField, clock: Clock) -> None:
    type_slowly(field, clock, "99999999999")
    assert seen(field) == ("", 0)


def test_money_field_takes_number_pad_digits_and_ignores_its_comma(field: MoneyField) -> None:
    for key, text in ((Qt.Key.Key_2, "2"), (Qt.Key.Key_5, "5"), (Qt.Key.Key_Comma, ","), (Qt.Key.Key_9, "9")):
        QApplication.sendEvent(field, QKeyEvent(QEvent.Type.KeyPress, key, KEYPAD, text))
    assert seen(field) == ("2,59", 259)
    field.selectAll()
    QApplication.sendEvent(field, QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Comma, KEYPAD, ","))
    assert seen(field) == ("2,59", 259)


@pytest.mark.parametrize(
    ("modifiers", "text"),
    [
        (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier, "²"),
        (Qt.KeyboardModifier.GroupSwitchModifier, "€"),
        (Qt.KeyboardModifier.AltModifier, "x"),
        (Qt.KeyboardModifier.ShiftModifier, "X"),
    ],
)
def test_money_field_ignores_characters_typed_with_modifiers(
    field: MoneyField, modifiers: Qt.KeyboardModifier, text: str
) -> None:
    QTest.keyClicks(field, "2590")
    QApplication.sendEvent(field, QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_unknown, modifiers, text))
    assert seen(field) == ("25,90", 2590)


@pytest.mark.parametrize("key", [Qt.Key.Key_K, Qt.Key.Key_U, Qt.Key.Key_Z, Qt.Key.Key_Y])
def test_money_field_text_equals_its_value_after_any_shortcut(field: MoneyField, key: Qt.Key) -> None:
    QTest.keyClicks(field, "123456")
    field.setCursorPosition(3)
    QTest.keyClick(field, key, Qt.KeyboardModifier.ControlModifier)
    text, cents = seen(field)
    assert text == (format_plain(cents) if cents else "")


@pytest.mark.parametrize(
    ("committed", "shown"), [("7", "259,07"), ("12,50", "12,50"), ("abc", "25,90"), ("x", "25,90"), ("", "25,90")]
)
def test_money_field_takes_on_screen_keyboard_input_by_the_same_rules(
    field: MoneyField, committed: str, shown: str
) -> None:
    QTest.keyClicks(field, "2590")
    event = QInputMethodEvent("", [])
    event.setCommitString(committed)
    QApplication.sendEvent(field, event)
    assert field.text() == shown
    assert seen(field)[1] == int(shown.replace(",", ""))


def test_money_field_ignores_a_middle_click_paste(field: MoneyField) -> None:
    QTest.keyClicks(field, "2590")
    clipboard = QGuiApplication.clipboard()
    if clipboard.supportsSelection():
        clipboard.setText("999", QClipboard.Mode.Selection)
    QTest.mouseClick(field, Qt.MouseButton.MiddleButton, pos=QPoint(5, 5))
    assert seen(field) == ("25,90", 2590)


@pytest.mark.parametrize(
    ("text", "shown"), [("25,90", "25,90"), ("1.234,56", "1.234,56"), ("", ""), ("abc", ""), ("2590", "25,90")]
)
def test_money_field_set_text_parses_like_a_paste(field: MoneyField, told: list[int], text: str, shown: str) -> None:
    field.set_value(100)
    field.setText(text)
    assert field.text() == shown
    assert told == [field.value()]


def test_money_field_clear_sets_zero(field: MoneyField) -> None:
    field.set_value(2590)
    field.clear()
    assert seen(field) == ("", 0)


@pytest.mark.parametrize(("text", "shown"), [("12,50", "12,50"), ("rubbish", "25,90"), ("", "")])
def test_money_field_text_set_by_a_screen_reader_sets_the_value(field: MoneyField, text: str, shown: str) -> None:
    field.set_value(2590)
    interface = QAccessible.queryAccessibleInterface(field)
    interface.setText(QAccessible.Text.Value, text)
    assert field.text() == shown
    assert field.value() == int(shown.replace(",", "") or 0)


def test_money_field_read_only_refuses_all_input(field: MoneyField) -> None:
    field.set_value(2590)
    field.setReadOnly(True)
    QTest.keyClicks(field, "1")
    QTest.keyClick(field, Qt.Key.Key_Backspace)
    paste(field, "99,00")
    QTest.keyClick(field, Qt.Key.Key_X, Qt.KeyboardModifier.ControlModifier)
    event = QInputMethodEvent("", [])
    event.setCommitString("7")
    QApplication.sendEvent(field, event)
    assert seen(field) == ("25,90", 2590)


def test_money_field_passes_tab_and_enter_on(field: MoneyField, form: QWidget) -> None:
    pressed: list[None] = []
    field.returnPressed.connect(lambda: pressed.append(None))
    QTest.keyClicks(field, "2590")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert len(pressed) == 1
    QTest.keyClick(field, Qt.Key.Key_Tab)
    assert not field.hasFocus()
    assert seen(field) == ("25,90", 2590)


def test_money_field_passes_escape_on(form: QWidget, field: MoneyField) -> None:
    event = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier, "\x1b")
    field.keyPressEvent(event)
    assert not event.isAccepted()
