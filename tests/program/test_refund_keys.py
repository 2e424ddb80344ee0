"""Keys that a refund and a whole cancel take on the real window, after a scan and after typing."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from bonifiq_desktop.training_server.server import TrainingServer
from tests.program.test_scans import scan
from tests.support.cashier import Cashier, wait_until

Key = Qt.Key


def focused() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


class Hand:
    """Presses keys where the focus is, and counts them."""

    def __init__(self, cashier: Cashier) -> None:
        self.cashier = cashier
        self.presses = 0

    def press(self, *keys: Qt.Key) -> None:
        for key in keys:
            self.presses += 1
            QTest.keyClick(focused(), key)

    def type(self, digits: str) -> None:
        """Digits of an amount do not count."""
        QTest.keyClicks(focused(), digits)

    def open(self, key: Qt.Key, page: str) -> None:
        button = {Key.Key_F6: "refundButton", Key.Key_F7: "cancelOrderButton"}[key]
        wait_until(self.cashier.find(button).isEnabled, "the button")
        self.press(key)
        wait_until(lambda: self.cashier.is_open(page), "the page")

    def settle(self, prefix: str) -> None:
        self.cashier.wait_for_state(f"{prefix}Outcome", "confirmed")

    def close(self, page: str) -> None:
        self.press(Key.Key_Escape)
        wait_until(lambda: not self.cashier.is_open(page), "the page to close")


def scanned(cashier: Cashier, order_id: str) -> None:
    scan(order_id)
    wait_until(lambda: cashier.is_open("orderCard"), "the card")
    wait_until(lambda: cashier.find("orderCard").property("orderId") == order_id, "the order")


def typed(cashier: Cashier, order_id: str) -> None:
    cashier.look_up(order_id)


@pytest.fixture(name="hand", params=[scanned, typed])
def hand_at_the_order(cashier: Cashier, request: pytest.FixtureRequest) -> Hand:
    """A hand at the keys, with order 1001 on the screen."""
    look_up: Callable[[Cashier, str], None] = request.param
    cashier.window.lookup.take_focus()
    look_up(cashier, "1001")
    return Hand(cashier)


def test_refund_of_one_item_takes_five_keys_with_closing(hand: Hand, server: TrainingServer) -> None:
    hand.open(Key.Key_F6, "refundDialog")
    hand.press(Key.Key_Space, Key.Key_Return)
    assert focused() is hand.cashier.find("refundConfirm"), "armed, not registered"
    assert not server.service.applied
    hand.press(Key.Key_Return)
    hand.settle("refund")
    hand.close("refundDialog")
    assert hand.presses <= 5
    assert [(e.kind, e.cents) for e in server.service.applied] == [("refund", 4990)]
    wait_until(lambda: hand.cashier.text("orderRefundable") == "R$\u00a080,00", "the new figure")


def test_refund_of_a_typed_value_takes_five_keys_besides_digits(hand: Hand, server: TrainingServer) -> None:
    hand.open(Key.Key_F6, "refundDialog")
    hand.press(Key.Key_Right)
    assert focused() is hand.cashier.find("refundValue")
    hand.type("2590")
    hand.press(Key.Key_Return)
    assert focused() is hand.cashier.find("refundConfirm")
    hand.press(Key.Key_Return)
    hand.settle("refund")
    hand.close("refundDialog")
    assert hand.presses <= 5
    assert [(e.kind, e.cents) for e in server.service.applied] == [("refund", 2590)]


def test_typed_item_value_takes_four_keys_besides_digits(hand: Hand, server: TrainingServer) -> None:
    hand.open(Key.Key_F6, "refundDialog")
    hand.type("1234")
    hand.press(Key.Key_Return, Key.Key_Return)
    hand.settle("refund")
    hand.close("refundDialog")
    assert hand.presses <= 4
    assert [(e.kind, e.cents) for e in server.service.applied] == [("refund", 1234)]


def test_whole_cancel_takes_four_keys(hand: Hand, server: TrainingServer) -> None:
    hand.open(Key.Key_F7, "cancelDialog")
    hand.press(Key.Key_Return)
    assert focused() is hand.cashier.find("cancelConfirm")
    assert not server.service.applied
    hand.press(Key.Key_Return)
    hand.settle("cancel")
    hand.close("cancelDialog")
    assert hand.presses <= 4
    assert [e.kind for e in server.service.applied] == ["cancel"]


def test_f8_takes_everything_and_a_number_chooses_the_reason(hand: Hand, server: TrainingServer) -> None:
    hand.open(Key.Key_F6, "refundDialog")
    hand.press(Key.Key_F8)
    assert hand.cashier.text("refundValue") == "129,90"
    hand.cashier.find("refundReason").setFocus()
    hand.press(Key.Key_3)
    assert hand.cashier.find("refundReason").reason() == "Troca"
    hand.press(Key.Key_Return, Key.Key_Return)
    hand.settle("refund")
    order = server.service.find("1001")
    assert order is not None
    assert order.status == "Troca"


def test_enter_without_a_value_goes_to_the_value_and_registers_nothing(hand: Hand, server: TrainingServer) -> None:
    hand.open(Key.Key_F6, "refundDialog")
    hand.press(Key.Key_Return)
    assert focused() is hand.cashier.find("refundValue")
    hand.press(Key.Key_Return, Key.Key_Return)
    assert hand.cashier.find("refundOutcome").property("state") is None
    assert not server.service.applied


def test_own_reason_is_written_after_key_five(hand: Hand) -> None:
    hand.open(Key.Key_F6, "refundDialog")
    hand.press(Key.Key_Right)
    hand.type("1000")
    hand.cashier.find("refundReason").setFocus()
    hand.press(Key.Key_5)
    assert focused() is hand.cashier.find("refundReasonText")
    assert not hand.cashier.find("refundConfirm").isEnabled()
    hand.press(Key.Key_Return)
    assert focused() is hand.cashier.find("refundReasonText"), "Enter shows what is missing"
    QTest.keyClicks(focused(), "Avaria")
    hand.press(Key.Key_Return)
    assert focused() is hand.cashier.find("refundConfirm")
