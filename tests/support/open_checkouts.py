"""A redeemed reward without a sale: what is left when the program ends between the two."""

from typing import Any

from PySide6.QtCore import Qt

from bonifiq_desktop.domain.operations import Operation, State
from bonifiq_desktop.domain.orders import Customer
from bonifiq_desktop.domain.rewards import AvailableRewards, Basket, RedemptionRequest, RewardKind
from bonifiq_desktop.ui.lookup.rows import RowList
from bonifiq_desktop.worker.commands import Command, FindRewards, Outcome, ReadCheckout, RegisterRedemption
from tests.support.cashier import Cashier, wait_until

MARIA = Customer(customer_id="52998224725", document="52998224725", name="Maria Aparecida dos Santos")
BASKET = Basket(MARIA, 10000)


def ask(cashier: Cashier, command: Command[Any]) -> Any:
    """The value of a command."""
    got: list[Outcome[Any]] = []
    cashier.app.client.submit(command, got.append)
    wait_until(lambda: got, f"the outcome of {type(command).__name__}")
    assert got[0].error is None, got[0].error
    return got[0].value


def checkout(cashier: Cashier) -> tuple[Operation, ...]:
    operations: tuple[Operation, ...] = ask(cashier, ReadCheckout("c1"))
    return operations


def register_redemption(cashier: Cashier) -> None:
    """Register R$ 10,00 of Maria's cashback for checkout c1, as the sale page does."""
    found: AvailableRewards = ask(cashier, FindRewards(BASKET))
    cashback = next(reward for reward in found.rewards if reward.kind is RewardKind.CASHBACK)
    ask(cashier, RegisterRedemption(RedemptionRequest("c1", BASKET, cashback, 1000)))


def redeem(cashier: Cashier) -> None:
    """Redeem a reward and lose the sale's draft."""
    register_redemption(cashier)
    wait_until(lambda: checkout(cashier)[0].state is State.CONFIRMED, "the redemption")


def home_rows(cashier: Cashier) -> list[str]:
    return [row.title for row in cashier.find("homeRows", RowList).rows]


def open_question(cashier: Cashier) -> None:
    """Choose the open checkout on the home page by keys."""
    wait_until(lambda: home_rows(cashier)[:2] == ["Benefícios usados sem venda", "Cashback"], "the open checkout")
    choose_first(cashier)


def choose_first(cashier: Cashier) -> None:
    cashier.press(Qt.Key.Key_Down, "lookupField")
    cashier.press(Qt.Key.Key_Return, "lookupField")
    wait_until(lambda: cashier.is_shown("checkoutSheet"), "the question")
