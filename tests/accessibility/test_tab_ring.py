"""Tab ring: Tab visits every usable control of a page once and comes back; the side bar stays out of it."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from tests.support.cashier import Cashier, let_work


def ring(window: QWidget, key: Qt.Key = Qt.Key.Key_Tab) -> list[QWidget]:
    """Press Tab until the first widget has the focus again; the widgets in their order."""
    seen: list[QWidget] = []
    for _ in range(200):
        focused = QApplication.focusWidget()
        assert focused is not None
        if seen and focused is seen[0]:
            return seen
        assert focused not in seen, f"Tab goes round behind {seen[0].objectName()}: {names(seen)}"
        seen.append(focused)
        QTest.keyClick(focused, key)
    raise AssertionError(f"Tab does not come back: {names(seen)}")


def names(widgets: list[QWidget]) -> list[str]:
    return [widget.objectName() or type(widget).__name__ for widget in widgets]


def tabbed(page: QWidget) -> set[str]:
    """Return the object names of the controls that Tab should visit."""
    return {
        widget.objectName()
        for widget in page.findChildren(QWidget)
        if widget.isVisible()
        and widget.isEnabled()
        and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and widget.focusProxy() is None
        and widget.objectName()
        and not widget.objectName().startswith("qt_")
    }


@pytest.mark.parametrize("key", [Qt.Key.Key_F2, Qt.Key.Key_F3, Qt.Key.Key_F4, Qt.Key.Key_F10, Qt.Key.Key_F9])
def test_tab_visits_every_control_of_a_page_and_no_other(cashier: Cashier, key: Qt.Key) -> None:
    cashier.look_up("1001")
    cashier.press(key)
    let_work(0.3)
    page = cashier.window.pages.currentWidget()
    assert page is not None
    visited = ring(cashier.window)
    assert tabbed(page) - set(names(visited)) == set()
    outside = [widget for widget in visited if not page.isAncestorOf(widget)]
    assert names(outside) == []


@pytest.mark.parametrize("prefix", ["refund", "cancel"])
def test_tab_visits_every_control_of_a_return_in_its_order(cashier: Cashier, prefix: str) -> None:
    cashier.look_up("1001")
    cashier.open_refund() if prefix == "refund" else cashier.open_cancel()
    let_work(0.3)
    visited = names(ring(cashier.window))
    assert tabbed(cashier.find(f"{prefix}Dialog")) - set(visited) <= {
        f"{prefix}Reason{number}" for number in range(2, 6)
    }
    assert visited[0] == f"{prefix}Items"
    assert visited[-1] == f"{prefix}Cancel"
    assert [name for name in visited if not name.startswith(prefix)] == []


@pytest.mark.parametrize("key", [Qt.Key.Key_F2, Qt.Key.Key_F3, Qt.Key.Key_F4, Qt.Key.Key_F10, Qt.Key.Key_F9])
def test_shift_tab_is_the_way_back(cashier: Cashier, key: Qt.Key) -> None:
    cashier.press(key)
    let_work(0.3)
    forwards = ring(cashier.window)
    backwards = ring(cashier.window, Qt.Key.Key_Backtab)
    assert names(backwards) == names(forwards[:1] + forwards[:0:-1])
