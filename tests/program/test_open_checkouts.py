"""A redeemed reward without a sale, in the real window: offered until it is undone, and undone exactly once."""

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from bonifiq_desktop.domain.operations import Operation, State
from bonifiq_desktop.domain.orders import Customer
from bonifiq_desktop.domain.rewards import AvailableRewards, Basket, RedemptionRequest, RewardKind
from bonifiq_desktop.training_server.fault_injection.fault_injector import FaultName
from bonifiq_desktop.training_server.server import TrainingServer
from bonifiq_desktop.ui.lookup.rows import RowList
from bonifiq_desktop.worker.commands import Command, FindRewards, Outcome, ReadCheckout, RegisterRedemption
from tests.support.cashier import Cashier, wait_until

Key = Qt.Key
MARIA = Customer(customer_id="52998224725", document="52998224725", name="Maria Aparecida dos Santos")
BASKET = Basket(MARIA, 10000)
CTRL = Qt.KeyboardModifier.ControlModifier


def ask(cashier: Cashier, command: Command[Any]) -> Any:
    got: list[Outcome[Any]] = []
    cashier.app.client.submit(command, got.append)
    wait_until(lambda: got, f"the outcome of {type(command).__name__}")
    assert got[0].error is None, got[0].error
    return got[0].value


def checkout(cashier: Cashier) -> tuple[Operation, ...]:
    operations: tuple[Operation, ...] = ask(cashier, ReadCheckout("c1"))
    return operations


def redeem(cashier: Cashier) -> None:
    """Redeem R$ 10,00 of Maria's cashback, as the sale page does, and lose the sale's draft."""
    found: AvailableRewards = ask(cashier, FindRewards(BASKET))
    cashback = next(reward for reward in found.rewards if reward.kind is RewardKind.CASHBACK)
    ask(cashier, RegisterRedemption(RedemptionRequest("c1", BASKET, cashback, 1000)))
    wait_until(lambda: checkout(cashier)[0].state is State.CONFIRMED, "the redemption")


def rows(cashier: Cashier) -> list[str]:
    return [row.title for row in cashier.find("homeRows", RowList).rows]


def open_question(cashier: Cashier) -> None:
    wait_until(lambda: rows(cashier)[:2] == ["Benefícios usados sem venda", "Cashback"], "the open checkout")
    cashier.press(Key.Key_Down, "lookupField")
    cashier.press(Key.Key_Return, "lookupField")
    wait_until(lambda: cashier.is_shown("checkoutSheet"), "the question")


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
    wait_until(lambda: "Cashback" not in rows(again), "the checkout to be gone")
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
    wait_until(lambda: "Cashback" not in rows(cashier), "the checkout to be on its way to its end")
    assert cashier.text("homePending") == "1"


def test_question_that_is_left_keeps_the_reward_in_sight(cashier: Cashier, server: TrainingServer) -> None:
    redeem(cashier)
    cashier.press(Key.Key_F2)
    open_question(cashier)
    cashier.press(Key.Key_Escape, "checkoutSheet")
    assert undone(server) == [False]
    assert rows(cashier)[:2] == ["Benefícios usados sem venda", "Cashback"]


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
