"""The guard of the fields: what is a scan and what a hand types, and that the field under a scan is as it was."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QDate, QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QDateEdit,
    QDial,
    QDoubleSpinBox,
    QFontComboBox,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QSlider,
    QSpinBox,
    QTabBar,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from bonifiq_desktop.ui.widgets import scan_guard
from bonifiq_desktop.ui.widgets.money_field import MoneyField
from bonifiq_desktop.ui.widgets.pin_field import PinField
from bonifiq_desktop.ui.widgets.scan_guard import TAKES_SCAN, ScanGuard

ENTER, TAB = Qt.Key.Key_Return, Qt.Key.Key_Tab


class Counter:
    """A guarded window with one field in it, and the codes that were scanned there."""

    def __init__(self, field: QWidget, qtbot: QtBot) -> None:
        self.window = QWidget()
        QVBoxLayout(self.window).addWidget(field)
        self.field = field
        self.codes: list[str] = []
        guard = ScanGuard(self.window)
        guard.scanned.connect(self.codes.append)
        qtbot.addWidget(self.window)
        self.window.show()
        self.window.activateWindow()
        field.setFocus()
        self.time = 10_000

    def send(self, key: Qt.Key, text: str, gap: int, *, repeat: bool = False) -> None:
        """One key of the window system, `gap` ms after the last one."""
        self.time += gap
        modifier = Qt.KeyboardModifier.ShiftModifier if text.isupper() else Qt.KeyboardModifier.NoModifier
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            event = QKeyEvent(kind, key, modifier, text, repeat)
            event.setTimestamp(self.time)
            QApplication.sendEvent(QApplication.focusWidget() or self.field, event)

    def scan(self, code: str, gap: int = 4, *, end: Qt.Key | None = ENTER, end_gap: int | None = None) -> None:
        """A code as a scanner types it."""
        QTest.qWait(1)
        self.time += 500
        for sign in code:
            if sign.isupper():
                self.send(Qt.Key.Key_Shift, "", 0)
            self.send(Qt.Key(ord(sign.upper())) if sign.isascii() else Qt.Key.Key_unknown, sign, gap)
        if end is not None:
            self.send(end, "\r" if end == ENTER else "\t", gap if end_gap is None else end_gap)
        self.wait_for_news()

    def wait_for_news(self) -> None:
        """Wait until a code is emitted, or 40 rounds of events have passed."""
        told = len(self.codes)
        for _ in range(40):
            if len(self.codes) > told:
                break
            QTest.qWait(5)


@pytest.fixture(name="at")
def counters(qtbot: QtBot) -> Callable[[QWidget], Counter]:
    """Puts a field into a guarded window."""
    return lambda field: Counter(field, qtbot)


At = Callable[[QWidget], Counter]


@pytest.mark.parametrize("end", [ENTER, Qt.Key.Key_Enter, TAB])
@pytest.mark.parametrize("gap", [1, 34])
@pytest.mark.parametrize("code", ["1002", "7891000315507", "PED-1001/B", "abCD", "https://x?p=1|2"])
def test_scan_restores_the_amount_and_emits_its_code(at: At, code: str, gap: int, end: Qt.Key) -> None:
    field = MoneyField("amount")
    counter = at(field)
    field.set_value(4990)
    told: list[int] = []
    field.valueEdited.connect(told.append)
    counter.scan(code, gap, end=end)
    assert (field.text(), field.value(), counter.codes) == ("49,90", 4990, [code])
    assert not told or told[-1] == 4990
    assert field.hasFocus()


@pytest.mark.parametrize(
    ("code", "gap", "end_gap"),
    [("2590", 36, 36), ("2590", 120, 120), ("259", 4, 4), ("2590", 4, 200), ("2590", 60, 5)],
    ids=["slow", "by hand", "three keys", "Enter after a pause", "only Enter fast"],
)
def test_typed_keys_are_no_scan(at: At, code: str, gap: int, end_gap: int) -> None:
    field = MoneyField("amount")
    counter = at(field)
    counter.scan(code, gap, end_gap=end_gap)
    assert (field.value(), counter.codes) == (int(code), [])


def test_scan_after_typed_digits_keeps_them_out_of_the_code(at: At) -> None:
    field = MoneyField("amount")
    counter = at(field)
    counter.scan("49", 90, end=None)
    counter.scan("1002")
    assert (field.value(), counter.codes) == (49, ["1002"])


def test_held_key_is_no_scan(at: At) -> None:
    field = MoneyField("amount")
    counter = at(field)
    counter.send(Qt.Key.Key_5, "5", 500)
    for _ in range(6):
        counter.send(Qt.Key.Key_5, "5", 30, repeat=True)
    counter.send(ENTER, "\r", 30)
    assert (field.value(), counter.codes) == (5555555, [])


def test_keys_without_time_stamp_sent_in_one_call_are_no_scan(at: At) -> None:
    field = QLineEdit()
    counter = at(field)
    entered: list[str] = []
    field.returnPressed.connect(lambda: entered.append(field.text()))
    QTest.keyClicks(field, "2590")
    QTest.keyClick(field, ENTER)
    counter.wait_for_news()
    assert (entered, counter.codes) == (["2590"], [])


@pytest.mark.parametrize(("gap", "is_scan"), [(0.004, True), (0.03, True), (0.05, False)])
def test_keys_without_time_stamp_are_timed_by_the_clock(
    at: At, monkeypatch: pytest.MonkeyPatch, gap: float, is_scan: bool
) -> None:
    clock = iter(range(1000))
    monkeypatch.setattr(scan_guard, "monotonic", lambda: 100 + next(clock) * gap / 2)  # at each press and release
    field = MoneyField("amount")
    counter = at(field)
    field.set_value(4990)
    field.selectAll()
    for key in (Qt.Key.Key_1, Qt.Key.Key_0, Qt.Key.Key_0, Qt.Key.Key_2, ENTER):
        QTest.keyClick(field, key, Qt.KeyboardModifier.NoModifier, 2)
    counter.wait_for_news()
    assert (field.value(), counter.codes) == ((4990, ["1002"]) if is_scan else (1002, []))


@pytest.mark.parametrize(
    ("between", "at_each_reading", "is_scan"),
    [
        (0.005, 0.0, True),  # the sender sleeps between the keys
        (0.0, 0.005, False),  # a worker holds Python's lock: presses and releases are held up alike
        (0.0, 0.0, False),  # one call sends them all
        (0.05, 0.0, False),
    ],
)
def test_keys_without_time_stamp_are_a_scan_only_if_their_sender_waited(
    at: At, monkeypatch: pytest.MonkeyPatch, between: float, at_each_reading: float, is_scan: bool
) -> None:
    now = 100.0

    def clock() -> float:
        nonlocal now
        now += at_each_reading
        return now

    monkeypatch.setattr(scan_guard, "monotonic", clock)
    monkeypatch.setattr(scan_guard, "thread_time", lambda: 1.0)
    field = MoneyField("amount")
    counter = at(field)
    field.set_value(4990)
    field.selectAll()
    for key in (Qt.Key.Key_1, Qt.Key.Key_0, Qt.Key.Key_0, Qt.Key.Key_2, ENTER):
        now += between
        QTest.keyClick(field, key)
    counter.wait_for_news()
    assert (field.value(), counter.codes) == ((4990, ["1002"]) if is_scan else (1002, []))


def test_propagated_key_counts_once(at: At) -> None:
    counter = at(QPushButton("x"))  # takes no letters: they go on to the window
    counter.scan("12", 4)
    assert counter.codes == []
    counter.scan("1234", 4)
    assert counter.codes == ["1234"]


def test_space_and_enter_of_a_scan_press_no_button(at: At) -> None:
    button = QPushButton("x")
    counter = at(button)
    pressed: list[bool] = []
    button.clicked.connect(lambda: pressed.append(True))
    counter.scan("PED 1001 B")
    assert (counter.codes, pressed) == (["PED 1001 B"], [])


def test_second_enter_of_a_scan_confirms_nothing(at: At) -> None:
    field = QLineEdit("Ana")
    counter = at(field)
    entered: list[bool] = []
    field.returnPressed.connect(lambda: entered.append(True))
    counter.scan("1002")
    counter.send(ENTER, "\n", 4)
    assert (entered, counter.codes) == ([], ["1002"])
    counter.send(ENTER, "\n", 400)
    assert entered == [True], "an Enter of a hand"


def test_scan_restores_text_cursor_and_selection(at: At) -> None:
    field = QLineEdit("Maria Aparecida")
    counter = at(field)
    edited: list[str] = []
    field.textEdited.connect(edited.append)
    for start, length in ((6, 9), (15, -9), (0, 15)):
        field.setSelection(start, length)
        before = (field.selectedText(), field.cursorPosition())
        counter.scan("1002")
        assert (field.text(), field.selectedText(), field.cursorPosition()) == ("Maria Aparecida", *before)
    field.setCursorPosition(3)
    counter.scan("1002")
    assert (field.text(), field.selectedText(), field.cursorPosition()) == ("Maria Aparecida", "", 3)
    assert edited[-1] == "Maria Aparecida"


def _choice(*, editable: bool) -> QComboBox:
    box = QComboBox()
    box.setEditable(editable)
    box.addItems(["Pix", "1 Dinheiro", "2 Cartão"])
    box.setCurrentIndex(2)
    return box


@pytest.mark.parametrize("editable", [False, True])
def test_scan_restores_a_combo_box(at: At, editable: bool) -> None:
    box = _choice(editable=editable)
    counter = at(box)
    counter.scan("1002")
    assert (box.currentIndex(), box.currentText(), counter.codes) == (2, "2 Cartão", ["1002"])


def test_scan_closes_an_open_list_without_choosing(at: At) -> None:
    box = _choice(editable=False)
    counter = at(box)
    box.showPopup()
    QTest.qWait(20)
    counter.scan("1002")
    assert (box.currentIndex(), counter.codes, box.view().isVisible()) == (2, ["1002"], False)


def test_scan_restores_lists_numbers_and_dates(qtbot: QtBot, at: At) -> None:
    text, rows, number, date, tick = (
        QPlainTextEdit("Pix\nDinheiro"),
        QListWidget(),
        QSpinBox(),
        QDateEdit(),
        QCheckBox(),
    )
    rows.addItems(["a", "1b", "c"])
    rows.setCurrentRow(2)
    number.setRange(0, 99_999)
    number.setValue(7)
    day = date.date()
    counters = [
        at(field) for field in (text, rows, number, date, tick)
    ]  # a window that is forgotten takes its field along
    for counter, field in zip(counters, (text, rows, number, date, tick), strict=True):
        counter.window.activateWindow()
        field.setFocus()
        counter.scan("1002")
        assert counter.codes == ["1002"], field
    assert (text.toPlainText(), rows.currentRow(), number.value()) == ("Pix\nDinheiro", 2, 7)
    assert (date.date(), tick.isChecked()) == (day, False)


def test_scan_stays_in_a_field_that_takes_codes(at: At) -> None:
    field = QLineEdit()
    field.setProperty(TAKES_SCAN, 1)
    counter = at(field)
    counter.scan("CUPOM10")
    assert (field.text(), counter.codes) == ("CUPOM10", [])


@pytest.mark.parametrize(
    ("code", "kept"), [("52998224725", True), ("12ABC34501DE35", True), ("1002", False), ("7891000315507", False)]
)
def test_scan_stays_in_a_document_field_if_it_is_a_document(at: At, code: str, kept: bool) -> None:
    field = QLineEdit()
    field.setProperty(TAKES_SCAN, "document")
    counter = at(field)
    counter.scan(code)
    assert (field.text(), counter.codes) == ((code, []) if kept else ("", [code]))


def test_scan_into_a_hidden_field_is_discarded(at: At) -> None:
    secret = QLineEdit("abc")
    secret.setEchoMode(QLineEdit.EchoMode.Password)
    for field, rest in ((PinField("pin"), ""), (secret, "abc")):
        counter = at(field)
        entered: list[bool] = []
        field.returnPressed.connect(lambda entered=entered: entered.append(True))
        counter.scan("7891")
        assert (field.text(), counter.codes, entered) == (rest, [], [])


def test_scan_guard_ignores_other_windows(qtbot: QtBot, at: At) -> None:
    first = at(QLineEdit())
    second = at(QLineEdit())
    second.scan("1002")
    assert (first.codes, second.codes) == ([], ["1002"])


# --- the wheel


def turn_wheel(widget: QWidget, step: int) -> None:
    """Turn the wheel over a widget by an event of the window system."""
    window = widget.window()
    place = widget.mapTo(window, QPoint(5, 5))
    QTest.wheelEvent(window.windowHandle(), QPointF(place), QPoint(0, step))


@pytest.mark.parametrize("step", [-120, 120])
@pytest.mark.parametrize(
    ("make", "value"),
    [
        (QSpinBox, 50),
        (QDoubleSpinBox, 50.0),
        (QDateEdit, QDate(2026, 11, 15)),
        (QSlider, 50),
        (QDial, 50),
        (QComboBox, "b"),
        (QFontComboBox, None),
    ],
)
def test_wheel_changes_no_field(at: At, make: Callable[[], QWidget], value: object, step: int) -> None:
    field = make()
    chosen = field.metaObject().userProperty()
    if isinstance(field, QComboBox):
        field.addItems(["a", "b", "c"])
    if value is not None:
        chosen.write(field, value)
    at(field)
    QTest.qWait(20)
    before = chosen.read(field)
    turn_wheel(field, step)
    for inside in field.findChildren(QLineEdit):
        turn_wheel(inside, step)
    assert chosen.read(field) == before


def test_wheel_changes_no_tab_and_scrolls_the_page(at: At) -> None:
    tabs = QTabBar()
    for name in ("a", "b", "c"):
        tabs.addTab(name)
    box, inner, page = _choice(editable=False), QWidget(), QScrollArea()
    box.setCurrentIndex(1)
    rows = QVBoxLayout(inner)
    rows.addWidget(tabs)
    rows.addWidget(box)
    rows.addStretch(1)
    inner.setMinimumHeight(3000)
    page.setWidget(inner)
    at(page).window.resize(400, 300)
    QTest.qWait(20)
    turn_wheel(tabs, -120)
    assert tabs.currentIndex() == 0
    scrolled = page.verticalScrollBar().value()
    assert scrolled > 0
    page.verticalScrollBar().setValue(0)
    turn_wheel(box, -120)
    assert box.currentIndex() == 1
    assert page.verticalScrollBar().value() == scrolled
