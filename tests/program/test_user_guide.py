"""F1 in the whole window."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from bonifiq_desktop.ui.help.user_guide import UserGuideDialog
from bonifiq_desktop.ui.widgets.scan_guard import ScanGuard
from bonifiq_desktop.ui.widgets.sheet import Sheet
from tests.support.cashier import Cashier, wait_until


def press(key: Qt.Key) -> None:
    """Press a key where the keyboard goes, as a person would."""
    QTest.keyClick(QApplication.focusWidget() or QApplication.activeWindow() or QWidget(), key)


def guide_is_active() -> bool:
    focused = QApplication.focusWidget()
    return focused is not None and isinstance(Sheet.open_in(focused.window()), UserGuideDialog)


def guides(cashier: Cashier) -> list[UserGuideDialog]:
    return [each for each in cashier.window.findChildren(UserGuideDialog) if each.isVisible()]


def test_f1_opens_the_guide_and_esc_gives_the_window_back(cashier: Cashier) -> None:
    cashier.look_up("1001")
    press(Qt.Key.Key_F1)
    wait_until(guide_is_active, "the guide")
    press(Qt.Key.Key_Escape)
    wait_until(lambda: guides(cashier) == [], "the closed guide")
    assert cashier.text("orderNumber") == "Pedido 1001"


def test_f1_in_a_refund_opens_the_guide_and_keeps_what_is_typed(cashier: Cashier) -> None:
    cashier.look_up("1001")
    cashier.open_refund()
    cashier.type("refundValue", "2590")
    wait_until(lambda: QApplication.focusWidget() is cashier.find("refundValue"), "the focus in the refund")
    press(Qt.Key.Key_F1)
    wait_until(guide_is_active, "the guide over the refund")
    press(Qt.Key.Key_Escape)
    wait_until(lambda: guides(cashier) == [], "the closed guide")
    assert cashier.text("refundValue") == "25,90"


def test_scan_with_the_guide_open_closes_it_and_looks_the_order_up(cashier: Cashier) -> None:
    cashier.look_up("1002")
    press(Qt.Key.Key_F1)
    wait_until(guide_is_active, "the guide")
    guard = cashier.app.window.findChild(ScanGuard)
    assert guard is not None
    guard.scanned.emit("1001")
    wait_until(lambda: cashier.text("orderNumber") == "Pedido 1001", "the scanned order")
    assert guides(cashier) == []
