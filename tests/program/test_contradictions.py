"""Contradictions: BonifiQ shows the opposite of a final state; the alarm stays until it is acknowledged."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog

from bonifiq_desktop.services import lookup
from bonifiq_desktop.training_server.server import TrainingServer
from tests.support.cashier import Cashier, history, let_work, wait_until

ALARM = "para conferir no BonifiQ"


@pytest.fixture(name="contradicted")
def contradicted_cancel(cashier: Cashier, server: TrainingServer, monkeypatch: pytest.MonkeyPatch) -> Cashier:
    """Confirm a whole cancel; then BonifiQ shows the order as not cancelled."""
    monkeypatch.setattr(lookup, "PROPAGATION_DELAY", timedelta())  # the confirmation counts as old
    cashier.look_up("1002")
    cashier.press(Qt.Key.Key_F7)
    wait_until(lambda: cashier.is_open("cancelDialog"), "the dialog")
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


def test_contradiction_is_shown_at_once_and_counted_in_red(contradicted: Cashier, tmp_path: Path) -> None:
    assert contradicted.text("pendingCount").startswith("1 registro")
    assert contradicted.find("pendingCount").property("tone") == "danger"
    notice = contradicted.find("operationNotice")
    assert notice.isVisible()
    words = notice.text()
    assert "1002" in words
    assert "mostra o pedido sem cancelar" in words
    assert "podem não ter sido estornados" in words
    assert "painel do BonifiQ" in words
    lines = contradicted.find("orderProducts")
    wait_until(lambda: any(row.chip == "Confirmada (conferir)" for row in lines.rows), "the mark on the card")
    [row] = history(tmp_path / "data")
    assert row["state"] == "confirmed"


def test_history_shows_the_contradiction_until_acknowledged(contradicted: Cashier, tmp_path: Path) -> None:
    open_history(contradicted)
    detail = contradicted.find("historyDetail").toPlainText()
    assert "O BonifiQ mostra outra coisa" in detail
    assert "o BonifiQ mostrou: pedido não cancelado, total de R$ 189,00" in detail
    assert contradicted.find("historyTable").model().index(0, 6).data() == "Confirmada (conferir)"
    button = contradicted.find("historyAcknowledge")
    assert button.isVisible()
    contradicted.acknowledge()
    wait_until(lambda: contradicted.text("pendingCount") == "Nada pendente", "the end of the alarm")
    wait_until(
        lambda: "Verificado por uma pessoa" in contradicted.find("historyDetail").toPlainText(), "the record of it"
    )
    assert not button.isVisible()
    assert contradicted.find("historyTable").model().index(0, 6).data() == "Confirmada"
    assert "mostra outra coisa: alguém" not in contradicted.find("historyDetail").toPlainText()
    [row] = history(tmp_path / "data")
    assert (row["state"], row["evidence"]) == ("confirmed", "answer")


@pytest.mark.parametrize("key", [Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_F12])
def test_alarm_is_not_cleared_by_a_second_key(contradicted: Cashier, key: Qt.Key) -> None:
    open_history(contradicted)
    contradicted.press(Qt.Key.Key_F12)
    wait_until(lambda: contradicted.window.findChild(QDialog, "acknowledgeDialog") is not None, "the question")
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keyClick(focused, key)
    let_work(0.2)
    assert ALARM in contradicted.text("pendingCount")
    assert contradicted.find("historyAcknowledge").isVisible()


def test_acknowledged_contradiction_is_not_raised_again(contradicted: Cashier) -> None:
    open_history(contradicted)
    contradicted.acknowledge()
    wait_until(lambda: contradicted.text("pendingCount") == "Nada pendente", "the end of the alarm")
    contradicted.look_up("1002")
    wait_until(lambda: not contradicted.find("lookupMessage").isVisible(), "the answer")
    let_work(0.1)
    assert contradicted.text("pendingCount") == "Nada pendente"
    assert not contradicted.find("operationNotice").isVisible()


def test_contradiction_survives_a_restart(
    contradicted: Cashier, server: TrainingServer, start: Callable[..., Cashier], tmp_path: Path
) -> None:
    assert contradicted.app.stop()
    again = start("--data-dir", str(tmp_path / "data"), "--api-url", server.url)
    wait_until(lambda: ALARM in again.text("pendingCount"), "the alarm")
    open_history(again)
    wait_until(lambda: again.find("historyAcknowledge").isVisible(), "the button")


def test_history_without_a_contradiction_hides_the_acknowledge_button(cashier: Cashier) -> None:
    cashier.look_up("1002")
    cashier.open_refund()
    cashier.type("refundValue", "1000")
    cashier.confirm_refund()
    cashier.wait_for_state("refundOutcome", "confirmed")
    cashier.close_refund()
    open_history(cashier)
    assert not cashier.find("historyAcknowledge").isVisible()
    cashier.press(Qt.Key.Key_F12)  # the hidden button's key does nothing
    let_work(0.1)
    assert "Verificado" not in cashier.find("historyDetail").toPlainText()
