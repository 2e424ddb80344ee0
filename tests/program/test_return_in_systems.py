"""One return in BonifiQ and in a marketplace, by keys alone: the whole program over HTTP."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from bonifiq_desktop.domain import undo
from bonifiq_desktop.domain.money import to_wire
from bonifiq_desktop.domain.operations import Operation
from bonifiq_desktop.domain.orders import Order
from bonifiq_desktop.domain.read_back import ReadBack
from bonifiq_desktop.training_server.server import TrainingServer
from bonifiq_desktop.worker import backend as backend_module
from bonifiq_desktop.worker.commands import ConnectionInfo, Outcome, SaveConnection
from tests.support.cashier import Cashier, history, wait_until
from tests.support.tally_returns import TallyReturns, tally_settings
from tests.support.tally_system import ReturnTallyConnector, TallyServer

Key = Qt.Key
ORDER = "PED-1"
SECRET = "tally-secret-key"


class Marketplace(TallyReturns):
    """The made-up system with the ids before the sending as baseline."""

    async def read_back(self, operation: Operation, body: bytes | None) -> ReadBack:
        return await ReturnTallyConnector.read_back(cast("ReturnTallyConnector", self), operation, body)

    def baseline(self, order: Order, operation: Operation) -> str:
        del operation
        return json.dumps(order.status_text.split())


class Shop:
    """A till with a marketplace, and one purchase of three shirts in both systems."""

    def __init__(self, cashier: Cashier, server: TrainingServer, tally: TallyServer, data: Path) -> None:
        self.cashier, self.server, self.tally, self.data = cashier, server, tally, data

    def press(self, *keys: Qt.Key) -> None:
        """Press keys where the focus is."""
        if QApplication.activeWindow() is None:
            # The window of an earlier test, deleted late in this same process, took the focus with it.
            self.cashier.window.activateWindow()
            assert QTest.qWaitForWindowActive(self.cashier.window)
        for key in keys:
            focused = QApplication.focusWidget()
            assert focused is not None
            QTest.keyClick(focused, key)

    def open(self) -> None:
        self.cashier.look_up(ORDER)
        self.cashier.open_refund()

    def choose_defect(self) -> None:
        """The second reason, by its number."""
        QTest.keyClicks(self.cashier.find("refundReason1"), "2")

    def banners(self) -> dict[str, str]:
        """The states of the legs, by system."""
        found = self.cashier.window.findChildren(QWidget, "legOutcome")
        return {each.property("system"): each.property("state") for each in found}

    def wait_for_legs(self, **states: str) -> None:
        wait_until(lambda: self.banners() == states, f"the legs to be {states}")

    def rows(self) -> dict[str, str]:
        """The states on disk, by kind."""
        return {row["kind"]: row["state"] for row in history(self.data)}

    def points_taken_back(self) -> list[int]:
        return [entry.cents for entry in self.server.service.applied if entry.kind == "refund"]


@pytest.fixture(name="tally")
def tally_server() -> Iterator[tuple[TallyServer, str]]:
    server = TallyServer(totals={ORDER: 3000})
    with server.listening() as url:
        yield server, url


@pytest.fixture(name="shop")
def shop_with_marketplace(
    tally: tuple[TallyServer, str],
    monkeypatch: pytest.MonkeyPatch,
    server: TrainingServer,
    request: pytest.FixtureRequest,
    data: Path,
) -> Shop:
    monkeypatch.setattr(backend_module, "CONNECTORS", {"mirakl": Marketplace})
    cashier: Cashier = request.getfixturevalue("cashier")
    outcomes: list[Outcome[tuple[ConnectionInfo, ...]]] = []
    command = SaveConnection(tally_settings("Carrefour", tally[1]), SECRET, allow_plain_file=True)
    cashier.app.client.submit(command, outcomes.append)
    wait_until(lambda: outcomes, "the connection")
    assert outcomes[0].error is None
    server.service.register_sale(
        {
            "OriginalId": ORDER,
            "OrderPlacementDate": "2026-11-20T12:00:00Z",
            "OrderCompletedDate": "2026-11-20T12:00:00Z",
            "IsCompleted": True,
            "OrderTotal": to_wire(2700),
            "Customer": {"OriginalId": "maria.santos@exemplo.com.br"},
            "Products": [{"OriginalId": "SKU1", "Title": "Camiseta", "ProductPrice": to_wire(2700)}],
        }
    )
    return Shop(cashier, server, tally[0], data)


def test_one_return_goes_to_both_systems_by_keys_alone(shop: Shop) -> None:
    shop.open()
    shop.press(Key.Key_Space)
    shop.choose_defect()
    shop.press(Key.Key_Return)
    wait_until(lambda: "R$\u00a010,00" in " ".join(_texts(shop, "refundLeg")), "the amount")
    assert "Não pague na gaveta" in shop.cashier.text("refundDanger")
    assert shop.cashier.text("refundPreview") == "BonifiQ estorna o valor de R$\u00a09,00"
    assert QApplication.focusWidget() is shop.cashier.find("refundConfirm")
    shop.press(Key.Key_Return)
    shop.wait_for_legs(mirakl="confirmed", bonifiq="confirmed")
    assert shop.cashier.find("refundOutcome").property("state") == "confirmed"
    assert (shop.tally.cents(ORDER), shop.points_taken_back()) == ([1000], [900])
    assert shop.rows() == {"return": "confirmed", "refund": "confirmed"}
    shop.cashier.close_refund()


def test_lost_answer_of_the_marketplace_is_settled_by_its_records(shop: Shop) -> None:
    shop.tally.faults.append("drop_after")
    shop.open()
    shop.press(Key.Key_Space)
    shop.choose_defect()
    shop.press(Key.Key_Return)
    shop.cashier.confirm_refund()
    shop.wait_for_legs(mirakl="confirmed", bonifiq="confirmed")
    assert (shop.tally.cents(ORDER), shop.points_taken_back()) == ([1000], [900])


def test_unmapped_reason_leaves_the_marketplace_out_and_says_so(shop: Shop) -> None:
    shop.open()
    shop.press(Key.Key_Space)
    wait_until(lambda: "fica de fora" in " ".join(_texts(shop, "refundLeg")), "the sentence")
    assert not shop.cashier.find("refundDanger").isVisible()
    shop.cashier.confirm_refund()
    shop.cashier.wait_for_state("refundOutcome", "confirmed")
    assert (shop.tally.posts, shop.points_taken_back()) == (0, [900])


def test_undo_withdraws_both_legs(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(undo, "UNDO_SECONDS", 60.0)
    shop.open()
    shop.press(Key.Key_Space)
    shop.choose_defect()
    shop.press(Key.Key_Return)
    shop.cashier.confirm_refund()
    shop.wait_for_legs(mirakl="queued", bonifiq="queued")
    shop.cashier.press(Key.Key_Z, modifier=Qt.KeyboardModifier.ControlModifier)
    wait_until(lambda: "nada foi enviado" in shop.cashier.text("refundMessage"), "the undo")
    assert shop.rows() == {"return": "withdrawn", "refund": "withdrawn"}
    assert (shop.tally.posts, shop.points_taken_back()) == (0, [])


def test_refused_money_keeps_the_points(shop: Shop) -> None:
    shop.tally.faults.append("refuse")
    shop.open()
    shop.press(Key.Key_Space)
    shop.choose_defect()
    shop.press(Key.Key_Return)
    shop.cashier.confirm_refund()
    shop.wait_for_legs(mirakl="refused", bonifiq="review")
    assert "dinheiro não devolvido, pontos mantidos" in shop.cashier.text("refundOutcome")
    assert shop.points_taken_back() == []


def _texts(shop: Shop, name: str) -> list[str]:
    return [each.text() for each in shop.cashier.window.findChildren(QWidget, name)]  # type: ignore[attr-defined]
