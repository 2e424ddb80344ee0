"""Toasts and empty states."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMainWindow

from bonifiq_desktop.ui import theme
from bonifiq_desktop.ui.widgets.buttons import ActionButton
from bonifiq_desktop.ui.widgets.empty_state import EmptyState
from bonifiq_desktop.ui.widgets.toast import Toast


@pytest.fixture(name="window")
def window_with_a_field(qapp: QApplication) -> Iterator[QMainWindow]:
    window = QMainWindow()
    field = QLineEdit()
    window.setCentralWidget(field)
    theme.apply_style(window, "light")
    window.resize(900, 500)
    window.show()
    assert QTest.qWaitForWindowActive(window)
    field.setFocus()
    yield window
    window.close()
    window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def shown(window: QMainWindow) -> list[str]:
    return [toast.text() for toast in window.findChildren(Toast) if toast.isVisible()]


def test_toast_goes_away_by_itself_and_takes_no_focus(window: QMainWindow) -> None:
    Toast.show_in(window, "Venda registrada.", ms=60)
    assert shown(window) == ["Venda registrada."]
    assert isinstance(QApplication.focusWidget(), QLineEdit)
    QTest.qWait(150)
    assert shown(window) == []


def test_toast_undo_is_called_once(window: QMainWindow) -> None:
    undone: list[bool] = []
    Toast.show_in(window, "Formulário limpo.", lambda: undone.append(True))
    QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert undone == [True]
    assert shown(window) == []


def test_toast_leaves_the_buttons_at_the_lower_edge_free(window: QMainWindow) -> None:
    toast = Toast.show_in(window, "Dia fechado.")
    assert window.height() - toast.geometry().bottom() > theme.px(100)


def test_later_toast_takes_the_place_of_the_earlier(window: QMainWindow) -> None:
    undone: list[str] = []
    Toast.show_in(window, "Primeiro", lambda: undone.append("first"))
    Toast.show_in(window, "Segundo", lambda: undone.append("second"))
    assert shown(window) == ["Segundo"]
    QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert undone == ["second"]


def test_toast_stays_within_a_window_that_changes_its_size(window: QMainWindow) -> None:
    toast = Toast.show_in(window, "Um texto bem comprido que não cabe numa linha só. " * 4, lambda: None)
    window.resize(600, 400)
    QTest.qWait(1)
    assert window.rect().contains(toast.geometry())


def test_empty_state_shows_its_sentence_and_its_button(window: QMainWindow) -> None:
    button = ActionButton("new", "Nova venda", "F3")
    state = EmptyState("history", "Nada registrado hoje.", button)
    window.setCentralWidget(state)
    QTest.qWait(1)
    assert state.text() == "Nada registrado hoje."
    assert button.isVisible()
    state.show_state("search", "Nada encontrado.")
    assert state.text() == "Nada encontrado."
