"""One return in BonifiQ, the training marketplace and the training web shop, by keys alone on the real window."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from bonifiq_desktop.training_server.server import TrainingServer
from tests.support.cashier import Cashier, wait_until

Key = Qt.Key


class Practice:
    """The program in training, with a hand at its keys. `presses`: without the digits of a number."""

    def __init__(self, cashier: Cashier) -> None:
        self.cashier = cashier
        wait_until(lambda: cashier.app.training_server is not None, "the training server")
        server = cashier.app.training_server
        assert server is not None
        self.server: TrainingServer = server
        wait_until(lambda: len(self._names()) == 2, "both connections")
        self.presses = 0

    def _names(self) -> list[str]:
        lookup = self.cashier.window.lookup.load_views().result._lookup
        return [each.name for each in lookup._connections]

    def press(self, *keys: Qt.Key) -> None:
        if QApplication.activeWindow() is None:
            # The window of an earlier test, deleted late in this same process, took the focus with it.
            self.cashier.window.activateWindow()
            assert QTest.qWaitForWindowActive(self.cashier.window)
        for key in keys:
            focused = QApplication.focusWidget()
            assert focused is not None
            self.presses += 1
            QTest.keyClick(focused, key)

    def look_up(self, number: str, *systems: str) -> None:
        """Type a number and wait until these systems show its order."""
        self.cashier.ask_for(number)
        rows = self.cashier.find("orderProducts")
        wait_until(lambda: all(self._has(rows, name) for name in systems), f"{number} in {systems}")

    @staticmethod
    def _has(rows: QWidget, name: str) -> bool:
        return any(row.title.startswith(name) and row.chip.startswith("Pode") for row in rows.rows)  # type: ignore[attr-defined]

    def open(self) -> None:
        wait_until(self.cashier.find("refundButton").isEnabled, "the button")
        self.press(Key.Key_F6)
        wait_until(lambda: self.cashier.is_open("refundDialog"), "the page")

    def sentences(self) -> str:
        found = self.cashier.window.findChildren(QWidget, "refundLeg")
        return " / ".join(each.text() for each in found if each.isVisible())  # type: ignore[attr-defined]

    def wait_for_legs(self, **states: str) -> None:
        def shown() -> dict[str, str]:
            found = self.cashier.window.findChildren(QWidget, "legOutcome")
            return {each.property("system"): each.property("state") for each in found}

        wait_until(lambda: shown() == states, f"the legs to be {states}")

    def given_back(self) -> tuple[list[Decimal], list[str], list[int]]:
        """What really happened: amounts in the marketplace, units in the web shop, cents in BonifiQ."""
        money = [entry.amount for entry in self.server.mirakl.service.applied]
        units = [entry.order for entry in self.server.akinon.service.applied]
        points = [entry.cents for entry in self.server.service.applied if entry.kind == "refund"]
        return money, units, points


@pytest.fixture(name="practice")
def program_in_training(start: Callable[..., Cashier], tmp_path: Path) -> Practice:
    return Practice(start("--training", "--data-dir", str(tmp_path / "data")))


def test_one_return_reaches_every_system_that_has_the_order(practice: Practice) -> None:
    practice.look_up("1001", "BonifiQ", "Marketplace")
    practice.open()
    practice.press(Key.Key_Space, Key.Key_Return)
    wait_until(lambda: "Marketplace devolve R$\u00a049,90" in practice.sentences(), "the amount")
    assert "Não pague na gaveta" in practice.cashier.text("refundDanger")
    practice.press(Key.Key_Return)
    practice.wait_for_legs(mirakl="confirmed", bonifiq="confirmed")
    assert practice.given_back() == ([Decimal("49.90")], [], [4990])
    practice.press(Key.Key_Escape)
    wait_until(lambda: not practice.cashier.is_open("refundDialog"), "the page to close")
    assert practice.presses <= 5


def test_lost_answer_of_the_marketplace_ends_confirmed_with_its_id(practice: Practice) -> None:
    practice.server.mirakl.faults.add("lose_answer", only="refund")
    practice.look_up("1001", "BonifiQ", "Marketplace")
    practice.open()
    practice.press(Key.Key_Space, Key.Key_Return, Key.Key_Return)
    practice.wait_for_legs(mirakl="confirmed", bonifiq="confirmed")
    assert practice.given_back() == ([Decimal("49.90")], [], [4990])
    leg = next(o for o in practice.cashier.find("refundDialog").outcome.operations if o.system == "mirakl")
    assert leg.evidence_id == practice.server.mirakl.service.applied[0].entry_id


def test_refusal_of_the_marketplace_holds_the_points(practice: Practice) -> None:
    practice.server.mirakl.faults.add("refuse", only="refund", message="No payable balance")
    practice.look_up("1001", "BonifiQ", "Marketplace")
    practice.open()
    practice.press(Key.Key_Space, Key.Key_Return, Key.Key_Return)
    practice.wait_for_legs(mirakl="refused", bonifiq="review")
    assert practice.given_back() == ([], [], [])
    assert "pontos mantidos" in practice.cashier.text("refundOutcome")


def test_order_of_the_marketplace_alone_is_returned_without_points(practice: Practice) -> None:
    practice.look_up("2007", "Marketplace")
    assert practice.cashier.find("orderCard").property("orderId") in {"2007", "2007-A"}
    practice.open()
    practice.press(Key.Key_Space, Key.Key_Return)
    wait_until(lambda: "Marketplace" in practice.sentences(), "the amount")
    practice.press(Key.Key_Return)
    practice.wait_for_legs(mirakl="confirmed")
    assert practice.cashier.find("refundOutcome").property("state") == "confirmed"
    assert practice.given_back()[0] == [Decimal("49.90")]


def test_web_shop_takes_three_single_items_unit_by_unit(practice: Practice) -> None:
    practice.look_up("3001", "Loja on-line")
    practice.open()
    practice.press(Key.Key_Space, Key.Key_Space, Key.Key_Return)
    wait_until(lambda: "Loja on-line devolve R$\u00a099,80 (estimado)" in practice.sentences(), "the amount")
    assert practice.cashier.find("refundItems").item(0, 0).text() == "2 de 3 × Camiseta básica algodão"
    practice.press(Key.Key_Return)
    practice.wait_for_legs(akinon="confirmed")
    assert practice.given_back() == ([], ["3001", "3001"], [])


def test_purchase_in_all_systems_goes_back_in_all_of_them(practice: Practice) -> None:
    shop = practice.server.akinon.service
    with_shop = next(order for order in shop.orders if order.number == "1006/B")
    with_shop.number = "1001"
    practice.look_up("1001", "BonifiQ", "Marketplace", "Loja on-line")
    practice.open()
    practice.press(Key.Key_Space, Key.Key_Return, Key.Key_Return)
    practice.wait_for_legs(mirakl="confirmed", akinon="confirmed", bonifiq="confirmed")
    assert practice.given_back() == ([Decimal("49.90")], ["1001"], [4990])


def test_marketplace_that_is_down_leaves_the_others_alone(practice: Practice) -> None:
    practice.server.mirakl.refuse_connections()
    practice.look_up("1001", "BonifiQ")
    rows = practice.cashier.find("orderProducts")
    wait_until(lambda: any(row.chip == "Sem conexão" for row in rows.rows), "the row of the marketplace")
    assert practice.cashier.find("refundButton").isEnabled()


def test_history_foot_counts_a_return_once_and_names_its_money(practice: Practice) -> None:
    for number, systems in {"2007": ("Marketplace",), "1001": ("BonifiQ", "Marketplace")}.items():
        practice.look_up(number, *systems)
        practice.open()
        practice.press(Key.Key_Space, Key.Key_Return)
        wait_until(lambda: "Marketplace devolve" in practice.sentences(), "the amount")
        practice.press(Key.Key_Return)
        practice.wait_for_legs(**dict.fromkeys(["mirakl", "bonifiq"][: len(systems)], "confirmed"))
        practice.press(Key.Key_Escape)
        wait_until(lambda: not practice.cashier.is_open("refundDialog"), "the page to close")
    practice.press(Key.Key_F4)
    wait_until(lambda: practice.cashier.text("historyTotals").startswith("2 registros"), "the totals")
    named = "devoluções no BonifiQ R$\u00a049,90 · devoluções em outros sistemas R$\u00a099,80"
    assert practice.cashier.text("historyTotals").endswith(f"confirmados: {named}")


def _obstacle(practice: Practice, number: str) -> str:
    """The sentence in the marketplace's row of an order that cannot go back from here."""
    practice.cashier.ask_for(number)
    rows = practice.cashier.find("orderProducts")

    def shown() -> list[str]:
        return [
            row.detail for row in rows.rows if row.title.startswith("Marketplace") and row.chip == "Não dá por aqui"
        ]

    wait_until(lambda: bool(shown()), f"the row of {number}")
    assert not practice.cashier.find("refundButton").isEnabled()
    return shown()[0]


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("2003-A", "recuse"),
        ("2006-A", "reclamação aberta"),
        ("2008-A", "encerrado"),
        ("2009-A", "devolução aberta"),
    ],
)
def test_order_that_the_marketplace_keeps_says_why(practice: Practice, number: str, text: str) -> None:
    assert text in _obstacle(practice, number)
    assert practice.given_back() == ([], [], [])


def test_order_of_both_systems_shows_two_amounts_and_the_freight(practice: Practice) -> None:
    practice.look_up("8817455903", "BonifiQ", "Marketplace")
    practice.open()
    practice.press(Key.Key_Space)
    practice.cashier.find("refundShipping").click()
    practice.press(Key.Key_Return)
    wait_until(lambda: "R$\u00a049,90 + frete R$\u00a08,00" in practice.sentences(), "the amount with its freight")
    assert practice.cashier.text("refundPreview") == "BonifiQ estorna o valor de R$\u00a046,06"
    practice.press(Key.Key_Return)
    practice.wait_for_legs(mirakl="confirmed", bonifiq="confirmed")
    assert practice.given_back() == ([Decimal("49.90")], [], [4606])
    assert practice.server.mirakl.service.applied[0].shipping == Decimal("8.00")


def test_order_that_waits_to_be_collected_is_refunded(practice: Practice) -> None:
    practice.look_up("2010-A", "Marketplace")
    practice.open()
    practice.press(Key.Key_Space, Key.Key_Return)
    wait_until(lambda: "R$\u00a049,90" in practice.sentences(), "the amount")
    practice.press(Key.Key_Return)
    practice.wait_for_legs(mirakl="confirmed")
    assert practice.given_back()[0] == [Decimal("49.90")]


def test_basket_of_two_orders_names_them_and_each_opens(practice: Practice) -> None:
    practice.cashier.ask_for("2011")
    message = practice.cashier.find("lookupMessage")
    wait_until(lambda: "2011-A ou 2011-B" in message.text(), "both numbers")
    practice.look_up("2011-B", "Marketplace")
    assert practice.cashier.find("orderCard").property("orderId") == "2011-B"


@pytest.mark.parametrize(
    ("number", "shown", "amount"),
    [("2012-A", "CLP\u00a09.990", "9990"), ("2013-A", "TND\u00a015,157", "14.990")],
)
def test_foreign_currency_goes_back_with_its_own_decimals(
    practice: Practice, number: str, shown: str, amount: str
) -> None:
    practice.look_up(number, "Marketplace")
    practice.open()
    practice.press(Key.Key_Space, Key.Key_Return)
    wait_until(lambda: shown in practice.sentences(), f"the amount, not {practice.sentences()}")
    practice.press(Key.Key_Return)
    practice.wait_for_legs(mirakl="confirmed")
    assert practice.given_back()[0] == [Decimal(amount)]


@pytest.mark.parametrize("trouble", ["down", "unauthorized", "error_429"])
def test_trouble_of_the_marketplace_holds_up_no_other_system(practice: Practice, trouble: str) -> None:
    marketplace = practice.server.mirakl
    practice.look_up("2007", "Marketplace")
    practice.open()
    practice.press(Key.Key_Space, Key.Key_Return)
    wait_until(lambda: "Marketplace devolve" in practice.sentences(), "the amount")
    if trouble == "down":
        marketplace.refuse_connections()
    else:
        marketplace.faults.add(trouble, times=1000, retry_after=3600)  # type: ignore[arg-type]
    practice.press(Key.Key_Return)
    wait_until(lambda: bool(practice.cashier.window.findChildren(QWidget, "legOutcome")), "the registration")
    practice.press(Key.Key_Escape)
    wait_until(lambda: not practice.cashier.is_open("refundDialog"), "the page to close")
    practice.look_up("1002", "BonifiQ", "Loja on-line")
    practice.open()  # though the marketplace gives no answer about this order
    practice.press(Key.Key_Space, Key.Key_Return, Key.Key_Return)
    practice.wait_for_legs(akinon="confirmed", bonifiq="confirmed")
    assert practice.given_back() == ([], ["1002"], [18900])
