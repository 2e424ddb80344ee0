"""A redeemed reward without a sale, in the real window: offered until it is undone, and undone exactly once."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from bonifiq_desktop.training_server.fault_injection.fault_injector import FaultName
from bonifiq_desktop.training_server.server import TrainingServer
from tests.support.cashier import Cashier, wait_until
from tests.support.open_checkouts import home_rows, open_question, redeem

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier


def undo(cashier: Cashier) -> None:
    QTest.keyClick(cashier.find("checkoutSheet"), Key.Key_Z, CTRL)


def cashback_of_maria(server: TrainingServer) -> int:
    found = server.service.customer("maria.santos@exemplo.com.br")
    assert found is not None
    return found.cashback_cents


def undone(server: TrainingServer) -> list[bool]:
    return [redemption.cancelled is not None for redemption in server.service.rewards.redemptions]


def reversals(server: TrainingServer) -> int:
    return sum(request.method == "DELETE" for request in server.service.requests)


def test_reward_without_a_sale_is_offered_after_a_restart_and_undone_once(
    open_till: Callable[[], Cashier], server: TrainingServer
) -> None:
    before = cashback_of_maria(server)
    first = open_till()
    redeem(first)
    assert cashback_of_maria(server) == before - 1000
    assert first.app.stop()
    again = open_till()
    open_question(again)
    assert "R$\u00a010,00" in again.text("checkoutReward")
    assert undone(server) == [False], "nothing is undone by itself"
    undo(again)
    assert "desfeito no BonifiQ" in again.wait_for_state("checkoutOutcome", "confirmed")
    assert undone(server) == [True]
    assert cashback_of_maria(server) == before
    again.press(Key.Key_Escape, "checkoutSheet")
    wait_until(lambda: "Cashback" not in home_rows(again), "the checkout to be gone")
    assert reversals(server) == 1


@pytest.mark.parametrize("fault", ["close", "lose_answer"])
def test_lost_answer_of_an_undo_ends_undone(cashier: Cashier, server: TrainingServer, fault: FaultName) -> None:
    redeem(cashier)
    server.faults.add(fault, only="reversal")
    cashier.press(Key.Key_F2)
    open_question(cashier)
    undo(cashier)
    cashier.wait_for_state("checkoutOutcome", "confirmed")
    assert undone(server) == [True]


def test_undo_without_a_line_says_so_and_waits(cashier: Cashier, server: TrainingServer) -> None:
    redeem(cashier)
    cashier.press(Key.Key_F2)
    open_question(cashier)
    server.stop()
    undo(cashier)
    outcome = cashier.find("checkoutOutcome")
    wait_until(lambda: "quando a internet voltar" in outcome.text(), "the words for no line")
    cashier.press(Key.Key_Escape, "checkoutSheet")
    wait_until(lambda: "Cashback" not in home_rows(cashier), "the checkout to be on its way to its end")
    assert cashier.text("homePending") == "1"


def test_question_that_is_left_keeps_the_reward_in_sight(cashier: Cashier, server: TrainingServer) -> None:
    redeem(cashier)
    cashier.press(Key.Key_F2)
    open_question(cashier)
    cashier.press(Key.Key_Escape, "checkoutSheet")
    assert undone(server) == [False]
    assert home_rows(cashier)[:2] == ["Benefícios usados sem venda", "Cashback"]


def test_history_leads_from_the_redemption_to_its_reversal(cashier: Cashier) -> None:
    redeem(cashier)
    cashier.press(Key.Key_F2)
    open_question(cashier)
    undo(cashier)
    cashier.wait_for_state("checkoutOutcome", "confirmed")
    cashier.press(Key.Key_Escape, "checkoutSheet")
    cashier.press(Key.Key_F4)
    detail = cashier.find("historyDetail")
    wait_until(lambda: "Nesta compra" in detail.toPlainText(), "the checkout")
    assert cashier.text("historyKind") == "Desfazer benefício"
    for text in ("Uso de benefício", "Cashback"):
        assert text in detail.toPlainText()
    assert not cashier.find("historyOrder").isVisible(), "no order bears this number"
