"""F1 in the whole window."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QListWidget, QWidget

from bonifiq_desktop.ui.help.user_guide import UserGuideDialog
from bonifiq_desktop.ui.widgets.message_code import codes_shown
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


def chapter_shown(cashier: Cashier) -> str:
    """The heading of the open help."""
    wait_until(guide_is_active, "the guide")
    return str(cashier.find("userGuideText").toPlainText()).splitlines()[0]


def close_guide(cashier: Cashier) -> None:
    press(Qt.Key.Key_Escape)
    wait_until(lambda: guides(cashier) == [], "the closed guide")


@pytest.mark.parametrize(
    ("key", "chapter"),
    [
        (Qt.Key.Key_F2, "Consultar um pedido (F2)"),
        (Qt.Key.Key_F3, "Registrar uma venda (F3)"),
        (Qt.Key.Key_F4, "Histórico (F4)"),
        (Qt.Key.Key_F9, "Ajustes (F9)"),
        (Qt.Key.Key_F10, "Fechar o dia (F10)"),
    ],
)
def test_f1_opens_the_chapter_of_each_page(cashier: Cashier, key: Qt.Key, chapter: str) -> None:
    cashier.press(key)
    press(Qt.Key.Key_F1)
    assert chapter_shown(cashier) == chapter
    close_guide(cashier)


def test_f1_in_a_refund_opens_its_chapter_and_gives_the_focus_back(cashier: Cashier) -> None:
    cashier.look_up("1001")
    cashier.open_refund()
    cashier.find("refundValue").setFocus()
    press(Qt.Key.Key_F1)
    assert chapter_shown(cashier) == "Devolver parte de um pedido (F6)"
    close_guide(cashier)
    wait_until(lambda: QApplication.focusWidget() is cashier.find("refundValue"), "the focus in the refund")


def test_code_beside_a_message_is_explained_first_in_the_help(cashier: Cashier) -> None:
    cashier.ask_for("999999")
    wait_until(lambda: "PEDIDO-01" in codes_shown(cashier.window), "the code of the message")
    press(Qt.Key.Key_F1)
    wait_until(guide_is_active, "the guide")
    rows = cashier.find("guideChapters", QListWidget)
    assert rows.item(0).text() == "Esta mensagem: PEDIDO-01"
    press(Qt.Key.Key_Up)
    for _ in range(rows.currentRow()):
        press(Qt.Key.Key_Up)
    selected = cashier.find("userGuideText").textCursor().block().text()
    assert selected.startswith(("PEDIDO-01: O BonifiQ não tem o pedido", "PEDIDO-01: O BonifiQ não encontrou"))
    close_guide(cashier)
