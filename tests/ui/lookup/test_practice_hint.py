"""The hint of the first page in training: orders to look up and customers to sell to."""

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from bonifiq_desktop.ui.lookup.home import HomeView
from bonifiq_desktop.worker.commands import PracticeOrders
from tests.support.scripted_client import ScriptedClient

ORDERS, CUSTOMERS = (("1001", "três produtos"),), (("529.982.247-25", "cashback e pontos"),)


@pytest.mark.parametrize(
    ("practice", "text"),
    [
        (PracticeOrders(()), ""),
        (PracticeOrders(ORDERS), "Pedidos para experimentar:\n1001   três produtos"),
        (
            PracticeOrders(ORDERS, CUSTOMERS),
            (
                "Pedidos para experimentar:\n1001   três produtos\n\n"
                "Clientes para vender com benefício:\n529.982.247-25   cashback e pontos"
            ),
        ),
    ],
)
def test_practice_hint_lists_orders_and_customers(qtbot: QtBot, practice: PracticeOrders, text: str) -> None:
    view = HomeView(ScriptedClient())
    qtbot.addWidget(view)
    view.show()
    view.set_practice_orders(practice)
    hint = view.findChild(QLabel, "lookupHint")
    assert hint is not None
    assert (hint.text(), hint.isVisible()) == (text, bool(text))
