"""A pending sale is completed or cancelled later, from the card of its order, by the keyboard."""

from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from bonifiq_desktop.domain.sales import SaleState
from bonifiq_desktop.training_server.server import TrainingServer
from tests.support.cashier import Cashier, history, wait_until
from tests.support.server_requests import bodies_sent_to, exact_json


@pytest.fixture(name="order_id")
def number_of_a_pending_sale(cashier: Cashier, server: TrainingServer) -> str:
    cashier.fill_sale("15990")
    box = cashier.find("saleState")
    box.setCurrentIndex(box.findData(SaleState.PENDING))
    cashier.press(Qt.Key.Key_Return, "saleSubmit")
    assert "Concluir a venda" in cashier.wait_for_state("saleOutcome", "confirmed")
    return server.service.orders()[-1].original_id


def open_completion(cashier: Cashier) -> None:
    wait_until(lambda: cashier.find("completeSaleButton").isEnabled(), "the button")
    QTest.keySequence(cashier.window, QKeySequence(cashier.find("completeSaleButton").key))
    wait_until(lambda: cashier.is_open("completeDialog"), "the page")


def test_pending_sale_is_completed_from_its_card(cashier: Cashier, server: TrainingServer, order_id: str) -> None:
    cashier.look_up(order_id)
    assert "pendente" in cashier.wait_for_message("lookupMessage")
    open_completion(cashier)
    assert order_id in cashier.find("completeDialog").accessibleName()
    assert QApplication.focusWidget() is cashier.find("completeDate")
    cashier.press(Qt.Key.Key_Return, "completeConfirm")
    words = cashier.wait_for_state("completeOutcome", "confirmed")
    assert f"Venda {order_id} concluída" in words
    assert "159 pontos" in words
    assert cashier.find("completeOutcome").property("tone") == "success"
    first, second = (exact_json(body) for body in bodies_sent_to(server, "/POS/orders"))
    assert (first["IsCompleted"], second["IsCompleted"]) == (False, True)
    assert first["OriginalId"] == second["OriginalId"] == order_id
    assert first["OrderPlacementDate"] == second["OrderPlacementDate"]
    assert second["Customer"]["Document"] == "52998224725"
    assert [entry.kind for entry in server.service.applied] == ["sale", "sale_update"]
    cashier.press(Qt.Key.Key_Return, "completeConfirm")
    wait_until(lambda: cashier.text("orderState") == "Concluído", "the card anew")
    assert not cashier.find("completeSaleButton").isVisible()
    kinds = [(row["kind"], row["state"], row["order_id"]) for row in history(cashier.app.paths.folder)]
    assert sorted(kinds) == [("completion", "confirmed", order_id), ("sale", "confirmed", order_id)]


def test_completion_with_a_lost_answer_settles(cashier: Cashier, server: TrainingServer, order_id: str) -> None:
    cashier.look_up(order_id)
    open_completion(cashier)
    server.faults.add("lose_answer", only="sale")
    cashier.press(Qt.Key.Key_Return, "completeConfirm")
    cashier.wait_for_state("completeOutcome", "confirmed")
    assert [entry.kind for entry in server.service.applied] == ["sale", "sale_update"]


def test_pending_sale_is_cancelled_from_its_card(cashier: Cashier, server: TrainingServer, order_id: str) -> None:
    cashier.look_up(order_id)
    dialog = cashier.open_cancel()
    assert any("pendente" in label.text() for label in dialog.findChildren(type(cashier.find("orderTotal"))))
    cashier.press(Qt.Key.Key_Return, "cancelConfirm")
    words = cashier.wait_for_state("cancelOutcome", "confirmed")
    assert "não havia pontos" in words
    assert [entry.kind for entry in server.service.applied] == ["sale", "cancel"]
    cashier.press(Qt.Key.Key_Return, "cancelConfirm")
    wait_until(lambda: cashier.text("orderState") == "Cancelado", "the card anew")
    assert not cashier.find("completeSaleButton").isVisible()


@pytest.mark.parametrize("typed", ["amanhã", "31/02/2026", "tomorrow", "long ago"])
def test_invalid_completion_date_is_marked_and_not_sent(
    cashier: Cashier, server: TrainingServer, order_id: str, typed: str
) -> None:
    days = {"tomorrow": timedelta(days=2), "long ago": timedelta(days=-900)}
    if typed in days:
        typed = (datetime.now(UTC) + days[typed]).strftime("%d/%m/%Y %H:%M")
    cashier.look_up(order_id)
    open_completion(cashier)
    field = cashier.find("completeDate")
    field.setText(typed)
    cashier.press(Qt.Key.Key_Return, "completeConfirm")
    cashier.wait_for_message("completeMessage")
    assert field.property("wrong") == "true"
    assert [entry.kind for entry in server.service.applied] == ["sale"]
    field.clear()
    cashier.press(Qt.Key.Key_Return, "completeConfirm")
    cashier.wait_for_state("completeOutcome", "confirmed")


def test_completed_order_offers_no_completion(cashier: Cashier) -> None:
    cashier.look_up("1001")
    assert not cashier.find("completeSaleButton").isVisible()
    QTest.keySequence(cashier.window, QKeySequence(cashier.find("completeSaleButton").key))
    assert not cashier.is_open("completeDialog")
