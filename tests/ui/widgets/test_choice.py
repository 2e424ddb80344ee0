"""Choices: values, keys, focus, and the mouse wheel."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QMainWindow, QRadioButton, QVBoxLayout, QWidget

from bonifiq_desktop.ui import theme
from bonifiq_desktop.ui.widgets.choice import Choice
from bonifiq_desktop.ui.widgets.forms import combo_box
from bonifiq_desktop.ui.widgets.keys import EnterChain

REASONS = [("r", "Devolveu"), ("d", "Defeito"), ("t", "Troca")]
Show = Callable[..., None]


@pytest.fixture(name="show")
def shown_in_a_window(qapp: QApplication) -> Iterator[Show]:
    window = QMainWindow()
    theme.apply_style(window, "light")

    def show(*parts: QWidget) -> None:
        page = QWidget()
        layout = QVBoxLayout(page)
        for part in parts:
            layout.addWidget(part)
        window.setCentralWidget(page)
        window.resize(500, 300)
        window.show()
        assert QTest.qWaitForWindowActive(window)

    yield show
    window.close()
    window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def focused() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def test_segments_choose_nothing_at_first_and_by_number_key(show: Show) -> None:
    choice = Choice("reason", REASONS)
    seen: list[object] = []
    choice.changed.connect(seen.append)
    show(choice)
    assert choice.value() is None
    choice.setFocus()
    QTest.keyClick(focused(), Qt.Key.Key_2)
    assert (choice.value(), choice.text(), seen) == ("d", "Defeito", ["d"])
    assert focused().objectName() == "reason2"
    QTest.keyClick(focused(), Qt.Key.Key_9)
    assert choice.value() == "d"


def test_arrows_move_the_choice_and_tab_leaves_it(show: Show) -> None:
    choice, after = Choice("reason", REASONS), QLineEdit()
    show(choice, after)
    choice.set_value("d")
    choice.setFocus()
    QTest.keyClick(focused(), Qt.Key.Key_Right)
    assert choice.value() == "t"
    QTest.keyClick(focused(), Qt.Key.Key_Tab)
    assert after.hasFocus()
    QTest.keyClick(after, Qt.Key.Key_Backtab)
    assert focused().objectName() == "reason3"


def test_tab_leaves_segments_of_which_none_is_chosen(show: Show) -> None:
    choice, after = Choice("reason", REASONS), QLineEdit()
    show(choice, after)
    choice.setFocus()
    QTest.keyClick(focused(), Qt.Key.Key_Tab)
    assert after.hasFocus()


def test_enter_goes_on_to_the_next_field(show: Show) -> None:
    choice, after = Choice("reason", REASONS), QLineEdit()
    show(choice, after)
    EnterChain(choice, choice, after)
    choice.setFocus()
    QTest.keyClick(focused(), Qt.Key.Key_Return)
    assert after.hasFocus()


def test_set_value_emits_nothing_and_unknown_value_chooses_none(show: Show) -> None:
    choice = Choice("reason", REASONS)
    seen: list[object] = []
    choice.changed.connect(seen.append)
    choice.set_value("t")
    assert choice.value() == "t"
    choice.set_value("x")
    assert (choice.value(), seen) == (None, [])


def test_new_entries_keep_the_value_that_is_still_there(show: Show) -> None:
    choice = Choice("reason", REASONS, segments=False)
    show(choice)
    assert choice.value() == "r"
    choice.set_value("t")
    choice.set_entries([("t", "Troca"), ("x", "Outro")])
    assert choice.value() == "t"
    choice.set_entries([("x", "Outro")])
    assert choice.value() == "x"


def test_click_anywhere_on_a_segment_chooses_it(show: Show) -> None:
    choice = Choice("reason", REASONS)
    show(choice)
    segment = choice.findChild(QRadioButton, "reason3")
    assert segment is not None
    QTest.mouseClick(segment, Qt.MouseButton.LeftButton, pos=QPoint(segment.width() - 4, 4))
    assert choice.value() == "t"


def test_more_than_nine_entries_make_a_list(show: Show) -> None:
    choice = Choice("reason", [(number, str(number)) for number in range(10)])
    show(choice)
    assert choice.value() is None
    box = choice.findChild(QComboBox)
    assert box is not None
    assert box.count() == 10


def test_segments_wrap_in_a_narrow_window(show: Show) -> None:
    choice = Choice("payment", [(number, "Cartão de crédito Mastercard") for number in range(5)])
    show(choice)
    segments = choice.findChildren(QRadioButton)
    assert all(choice.rect().contains(segment.geometry()) for segment in segments)
    assert len({segment.y() for segment in segments}) > 1


def test_segments_have_the_name_of_their_choice(show: Show) -> None:
    choice = Choice("reason", REASONS)
    choice.setAccessibleName("Motivo")
    assert [part.accessibleName() for part in choice.findChildren(QRadioButton)] == [
        "Motivo: Devolveu",
        "Motivo: Defeito",
        "Motivo: Troca",
    ]


@pytest.mark.parametrize("make", [lambda: Choice("x", REASONS, segments=False), lambda: combo_box("x", REASONS)])
def test_mouse_wheel_never_changes_a_list(show: Show, make: Callable[[], QWidget]) -> None:
    part = make()
    show(part)
    box = part if isinstance(part, QComboBox) else part.findChild(QComboBox)
    assert isinstance(box, QComboBox)
    box.setCurrentIndex(1)
    box.setFocus()
    here = QPointF(box.rect().center())
    no_button, no_key = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    down, phase = QPoint(0, -120), Qt.ScrollPhase.NoScrollPhase
    wheel = QWheelEvent(here, box.mapToGlobal(here), QPoint(), down, no_button, no_key, phase, False)  # noqa: FBT003
    QCoreApplication.sendEvent(box, wheel)
    assert box.currentIndex() == 1


def test_new_entries_keep_the_place_of_the_choice_in_the_tab_ring(show: Show) -> None:
    before, choice, after = QLineEdit(), Choice("reason", REASONS), QLineEdit()
    show(before, choice, after)
    choice.set_entries([*REASONS, ("x", "Outro")])
    QTest.qWait(20)  # until the new segments are shown
    before.setFocus()
    QTest.keyClick(before, Qt.Key.Key_Tab)
    segment = QApplication.focusWidget()
    assert segment is not None
    assert choice.isAncestorOf(segment)
    QTest.keyClick(segment, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is after
