"""History of a checkout: redemption, sale and reversal lead to one another, and a decision looks no order up."""

from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from bonifiq_desktop.domain.operations import Kind, Line, Operation, ReviewReason, State
from bonifiq_desktop.ledger.history import OperationDetails
from bonifiq_desktop.ui.history.detail_panel import DetailPanel
from bonifiq_desktop.ui.history.review_page import ReviewPage
from bonifiq_desktop.worker.commands import LookUp, ReadCheckout, ReadOperationDetails
from tests.support.operations import make_operation
from tests.support.scripted_client import ScriptedClient

REDEEMED = make_operation(
    operation_id=1,
    kind=Kind.REDEMPTION,
    value=1000,
    checkout_id="c1",
    external_code="EC-1",
    evidence_id="9001",
    reason="Vale R$ 10",
    lines=(Line("CAN", "Caneca", 0, 1),),
)
SALE = make_operation(operation_id=2, kind=Kind.SALE, value=8990, checkout_id="c1", order_id="V-1")
REVERSAL = replace(REDEEMED, operation_id=3, kind=Kind.REVERSAL, external_code="", lines=())


class Panel:
    """The panel over a ledger with some operations."""

    def __init__(self, qtbot: QtBot, *operations: Operation) -> None:
        self.client = ScriptedClient()
        known = {operation.operation_id: operation for operation in operations}
        self.client.script[ReadOperationDetails] = lambda c: OperationDetails(known[c.operation_id], (), ())
        self.client.script[ReadCheckout] = lambda c: tuple(o for o in operations if o.checkout_id == c.checkout_id)
        self.panel = DetailPanel(self.client)
        self.orders: list[str] = []
        self.panel.orderRequested.connect(self.orders.append)
        qtbot.addWidget(self.panel)
        self.panel.show()

    def open(self, operation: Operation) -> str:
        self.panel.request(operation.operation_id)
        self.client.answer()
        return self.text()

    def text(self) -> str:
        return str(self.find("historyDetail").toPlainText())

    def find(self, name: str) -> Any:
        return self.panel.findChild(QWidget, name)


def test_redemption_shows_its_reward_code_product_and_sale(qtbot: QtBot) -> None:
    panel = Panel(qtbot, REDEEMED, SALE)
    text = panel.open(REDEEMED)
    for part in ("Vale R$ 10", "EC-1", "9001", "Caneca", "Nesta compra", "Venda"):
        assert part in text
    assert "Itens devolvidos" not in text
    panel.panel._link_chosen(QUrl("leg:2"))
    panel.client.answer()
    assert panel.find("historyKind").text() == "Venda"
    assert "Uso de benefício" in panel.text()


def test_operation_without_a_checkout_asks_for_none(qtbot: QtBot) -> None:
    plain = replace(SALE, checkout_id="")
    panel = Panel(qtbot, plain, REDEEMED)
    assert "Nesta compra" not in panel.open(plain)
    assert panel.client.of(ReadCheckout) == []


def test_other_purchase_shows_nothing_of_the_former_one(qtbot: QtBot) -> None:
    other = replace(REDEEMED, operation_id=4, checkout_id="c2")
    panel = Panel(qtbot, REDEEMED, SALE, other)
    panel.open(SALE)
    panel.client.holds = lambda command: isinstance(command, ReadCheckout)
    assert "Nesta compra" not in panel.open(other)


@pytest.mark.parametrize(("operations", "names_one"), [((REDEEMED, REVERSAL), False), ((REDEEMED, SALE), True)])
def test_number_of_a_redemption_opens_an_order_only_with_its_sale(
    qtbot: QtBot, operations: tuple[Operation, ...], *, names_one: bool
) -> None:
    panel = Panel(qtbot, *operations)
    panel.open(REDEEMED)
    panel.panel.open_order()
    assert panel.orders == (["A-1"] if names_one else [])
    assert panel.find("historyOrder").isVisible() is names_one


@pytest.mark.parametrize(("kind", "heading"), [(Kind.REDEMPTION, "uso do"), (Kind.REVERSAL, "desfazer o")])
def test_decision_about_a_reward_looks_no_order_up(qtbot: QtBot, kind: Kind, heading: str) -> None:
    client, parent = ScriptedClient(), QWidget()
    qtbot.addWidget(parent)
    held = replace(REDEEMED, kind=kind, state=State.REVIEW, review_reason=ReviewReason.BUDGET_USED_UP)
    page = ReviewPage(client, OperationDetails(held, (), ()), parent)
    client.answer()
    assert client.of(LookUp) == []
    assert heading in page.accessibleName()
    assert page._comparison.isHidden()
    texts = [each.text() for each in page.findChildren(QLabel)]
    assert any("saldo do cliente no painel" in text for text in texts)
    assert any("Recomendada" in text for text in texts)
