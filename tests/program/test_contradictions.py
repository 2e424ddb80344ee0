"""BonifiQ later shows the opposite of what is closed here: an alarm that stays until a person has looked into it."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog

from bonifiq_desktop.services import reconciliation
from bonifiq_desktop.training_server.server import TrainingServer
from tests.support.cashier import Cashier, history, let_work, wait_until

ALARM = "para conferir no BonifiQ"


@pytest.fixture(name="alarmed")
def cancel_that_bonifiq_forgot(cashier: Cashier, server: TrainingServer, monkeypatch: pytest.MonkeyPatch) -> Cashier:
    """A confirmed whole cancel; then BonifiQ shows the order as not cancelled."""
    monkeypatch.setattr(reconciliation, "PROPAGATION_DELAY", timedelta())  # as if it had been confirmed a while ago
    cashier.look_up("1002")
    cashier.press(Qt.Key.Key_F7)
    wait_until(lambda: cashier.window.findChild(QDialog, "cancelDialog") is not None, "the dialog")
    cashier.press(Qt.Key.Key_Return, "cancelConfirm")
    cashier.wait_for_state("cancelOutcome", "confirmed")
    cashier.press(Qt.Key.Key_Return, "cancelConfirm")
    wait_until(lambda: cashier.text("orderState") == "Cancelado", "the cancelled card")
    assert ALARM not in cashier.text("pendingCount")
    server.service._orders["1002"].cancelled = None
    cashier.look_up("1002")
    wait_until(lambda: ALARM in cashier.text("pendingCount"), "the alarm")
    return cashier


def open_history(cashier: Cashier) -> None:
    cashier.press(Qt.Key.Key_F4)
    wait_until(lambda: cashier.find("historyTable").model().rowCount() == 1, "the history")
    detail = cashier.find("historyDetail")
    wait_until(lambda: "1002" in detail.toPlainText(), "the details")


def test_it_is_said_at_once_and_stays_in_red_beside_the_counts(alarmed: Cashier, tmp_path: Path) -> None:
    assert alarmed.text("pendingCount").startswith("1 registro")
    assert alarmed.find("pendingCount").property("tone") == "danger"
    notice = alarmed.find("operationNotice")
    assert notice.isVisible()
    words = notice.text()
    assert "1002" in words
    assert "mostra o pedido sem cancelar" in words
    assert "podem não ter sido estornados" in words
    assert "painel do BonifiQ" in words
    wait_until(lambda: "Confirmada (conferir)" in alarmed.text("orderOperations"), "the mark on the card")
    [row] = history(tmp_path / "data")
    assert row["state"] == "confirmed"


def test_the_history_tells_what_bonifiq_showed_and_a_press_ends_the_alarm(alarmed: Cashier, tmp_path: Path) -> None:
    open_history(alarmed)
    detail = alarmed.find("historyDetail").toPlainText()
    assert "O BonifiQ mostra outra coisa" in detail
    assert "o BonifiQ mostrou: pedido não cancelado, total de R$ 189,00" in detail
    assert alarmed.find("historyTable").model().index(0, 4).data() == "Confirmada (conferir)"
    button = alarmed.find("historyAcknowledge")
    assert button.isVisible()
    alarmed.press(Qt.Key.Key_F12)
    wait_until(lambda: alarmed.text("pendingCount") == "Nada pendente", "the end of the alarm")
    wait_until(lambda: "Verificado por uma pessoa" in alarmed.find("historyDetail").toPlainText(), "the record of it")
    assert not button.isVisible()
    assert alarmed.find("historyTable").model().index(0, 4).data() == "Confirmada"
    assert "mostra outra coisa: alguém" not in alarmed.find("historyDetail").toPlainText()
    [row] = history(tmp_path / "data")
    assert (row["state"], row["evidence"]) == ("confirmed", "answer")


def test_what_was_looked_into_is_not_brought_up_again(alarmed: Cashier) -> None:
    open_history(alarmed)
    alarmed.press(Qt.Key.Key_F12)
    wait_until(lambda: alarmed.text("pendingCount") == "Nada pendente", "the end of the alarm")
    alarmed.look_up("1002")
    wait_until(lambda: not alarmed.find("lookupMessage").isVisible(), "the answer")
    let_work(0.1)
    assert alarmed.text("pendingCount") == "Nada pendente"
    assert not alarmed.find("operationNotice").isVisible()


def test_the_alarm_outlives_a_restart(
    alarmed: Cashier, server: TrainingServer, start: Callable[..., Cashier], tmp_path: Path
) -> None:
    assert alarmed.app.stop()
    again = start("--data-dir", str(tmp_path / "data"), "--api-url", server.url)
    wait_until(lambda: ALARM in again.text("pendingCount"), "the alarm")
    open_history(again)
    wait_until(lambda: again.find("historyAcknowledge").isVisible(), "the button")


def test_without_a_contradiction_there_is_no_such_button(cashier: Cashier) -> None:
    cashier.look_up("1002")
    cashier.open_refund()
    cashier.type("refundValue", "1000")
    cashier.confirm_refund()
    cashier.wait_for_state("refundOutcome", "confirmed")
    cashier.close_refund()
    open_history(cashier)
    assert not cashier.find("historyAcknowledge").isVisible()
    cashier.press(Qt.Key.Key_F12)  # nor does its key do anything
    let_work(0.1)
    assert "Verificado" not in cashier.find("historyDetail").toPlainText()
