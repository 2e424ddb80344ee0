"""The sale page over a scripted worker: the rewards of a customer, and what becomes of a redemption."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMainWindow, QWidget

from bonifiq_desktop.domain.operations import Kind, Operation, State
from bonifiq_desktop.domain.orders import Customer
from bonifiq_desktop.domain.rewards import (
    AvailableRewards,
    CannotUseReason,
    CodeChecked,
    CodeSent,
    ProductPricing,
    ProductReward,
    Reward,
    RewardKind,
)
from bonifiq_desktop.ui import theme
from bonifiq_desktop.ui.sale.page import SalePage
from bonifiq_desktop.worker.commands import (
    CheckCode,
    FindCustomer,
    FindRewards,
    ReadCheckout,
    RegisterRedemption,
    RegisterSale,
    SendCode,
    UndoRedemption,
)
from tests.support.operations import make_operation
from tests.support.scripted_client import ScriptedClient

MARIA = Customer(
    customer_id="known-1",
    name="Maria Aparecida dos Santos",
    document="***.982.247-**",
    email="m***@exemplo.com.br",
    tier="Ouro",
    points=320,
    cashback=1850,
    enrolled=True,
)
CASHBACK = Reward(
    1, "Cashback", RewardKind.CASHBACK, Decimal(0), can_use=True, maximum=1850, available=1850, can_select_value=True
)
PERCENT = Reward(2, "10 % na compra", RewardKind.PERCENT, Decimal(10), can_use=True, points=100)
FIXED = Reward(3, "Vale R$ 20", RewardKind.FIXED, Decimal(2000), can_use=True, points=200)
MUG = Reward(
    5,
    "Caneca de presente",
    RewardKind.PRODUCT,
    Decimal(0),
    can_use=True,
    product=ProductReward("CAN-1", "Caneca", ProductPricing.FREE, Decimal(0)),
)
HALF_MUG = replace(MUG, product=ProductReward("CAN-1", "Caneca", ProductPricing.PERCENT, Decimal(50)))
DEAR = Reward(
    9,
    "Vale R$ 500",
    RewardKind.FIXED,
    Decimal(50000),
    can_use=False,
    reason=CannotUseReason.EXCEEDS_PURCHASE,
    requirements="Compra acima de R$ 500",
)


def answer_of(*rewards: Reward, **changes: Any) -> AvailableRewards:
    """BonifiQ's answer for Maria."""
    return replace(AvailableRewards(MARIA, tuple(rewards), points=320, cashback=1850, maximum=1850), **changes)


class SaleDesk:
    """The sale page over a scripted client. `redeemed`: the operation that a redemption becomes."""

    def __init__(self, *rewards: Reward, **changes: Any) -> None:
        self.client = ScriptedClient()
        self.answer = answer_of(*rewards, **changes)
        self.redemption_state = State.CONFIRMED
        self.external_code = "CUPOM-1"
        self.operations: list[Operation] = []
        self.client.script = {
            FindCustomer: lambda _command: MARIA,
            FindRewards: lambda _command: self.answer,
            RegisterRedemption: self._redeem,
            UndoRedemption: self._undo,
            ReadCheckout: lambda command: tuple(
                each for each in self.operations if each.checkout_id == command.checkout_id
            ),
            RegisterSale: self._sell,
            SendCode: lambda _command: CodeSent(was_sent=True, by_sms=True),
            CheckCode: lambda command: CodeChecked(command.code == "123456", "Código inválido"),
        }
        self.window = QMainWindow()
        theme.apply_style(self.window, "light")
        self.page = SalePage(self.client)
        self.window.setCentralWidget(self.page)
        self.window.resize(1100, 760)
        self.window.show()
        assert QTest.qWaitForWindowActive(self.window)
        self.client.answer()

    # --- the worker

    def _redeem(self, command: RegisterRedemption) -> Operation:
        request = command.request
        return self.became(
            Kind.REDEMPTION,
            self.redemption_state,
            checkout_id=request.checkout_id,
            value=request.amount,
            reason=request.reward.title,
            external_code=self.external_code if self.redemption_state is State.CONFIRMED else "",
        )

    def _undo(self, command: UndoRedemption) -> Operation:
        return self.became(Kind.REVERSAL, State.SENDING, checkout_id=command.checkout_id, value=1850)

    def _sell(self, command: RegisterSale) -> Operation:
        return self.became(
            Kind.SALE, State.CONFIRMED, value=command.sale.total, checkout_id=command.checkout_id, order_id="LOJA-1"
        )

    def became(self, kind: Kind, state: State, **changes: Any) -> Operation:
        """A new operation of the ledger."""
        made = make_operation(
            operation_id=len(self.operations) + 1, kind=kind, state=state, created_at=datetime.now(UTC), **changes
        )
        self.operations.append(made)
        return made

    def change(self, place: int, state: State, **changes: Any) -> None:
        """An operation of the ledger reaches a state, and the window hears of it."""
        self.operations[place] = replace(self.operations[place], state=state, **changes)
        self.client.operationChanged.emit(self.operations[place])
        self.client.answer()

    # --- the cashier

    def find(self, name: str, kind: type[QWidget] = QWidget) -> Any:
        found = self.window.findChild(kind, name)
        assert found is not None, name
        return found

    def shows(self, name: str) -> bool:
        found = self.window.findChild(QWidget, name)
        return found is not None and found.isVisible()

    def text(self, name: str) -> str:
        return str(self.find(name).text())

    def type(self, name: str, text: str) -> None:
        field = self.find(name, QLineEdit)
        field.setFocus()
        field.selectAll()
        QTest.keyClicks(field, text)
        self.settle()

    def press(
        self, key: Qt.Key, times: int = 1, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
    ) -> None:
        for _ in range(times):
            QTest.qWait(180)  # an Enter that follows another key faster is a scanner's
            QTest.keyClick(self.focused(), key, modifier)
            self.settle()

    def focused(self) -> QWidget:
        return QApplication.focusWidget() or self.window

    def settle(self) -> None:
        """Let pauses in typing pass, and the worker answer."""
        for timer in (self.page.form.customer._pause, self.page.checkout._query._pause):
            if timer.isActive():
                timer.stop()
                timer.timeout.emit()
        self.client.answer()
        QTest.qWait(1)

    def sell_to_maria(self, total: str = "15990") -> None:
        """A sale that lacks nothing, with the focus in its total."""
        self.type("saleDocument", "52998224725")
        if total:
            self.type("saleTotal", total)

    def use_first(self) -> None:
        """F5, and Enter until the first reward is used."""
        self.press(Qt.Key.Key_F5)
        self.press(Qt.Key.Key_Return, 2)

    def close(self) -> None:
        self.window.close()
        self.window.deleteLater()
