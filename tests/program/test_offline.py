"""Without a line: an order seen here is shown as last seen, can be refunded, and is checked before it is sent."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QRadioButton, QWidget

from bonifiq_desktop.training_server.server import TrainingServer
from tests.support.cashier import Cashier, history, let_work, wait_until


@pytest.fixture(name="offline")
def order_seen_and_no_line(cashier: Cashier, server: TrainingServer) -> Cashier:
    """1001 was looked up; now there is no line, and it is looked up again."""
    cashier.look_up("1001")
    server.stop()
    cashier.look_up("1001")
    wait_until(lambda: cashier.find("orderCard").property("fresh") == "false", "the order as last seen")
    return cashier


def calls(server: TrainingServer) -> list[tuple[str, str]]:
    """What arrived, in order: the method, and the last part of the path."""
    return [(request.method, request.path.rpartition("/")[2]) for request in server.service.requests]


def refund(cashier: Cashier, value: str = "1000") -> None:
    cashier.open_refund()
    cashier.type("refundValue", value)
    cashier.confirm_refund()
    wait_until(lambda: cashier.find("refundOutcome").isVisible(), "the outcome")


def open_cancel(cashier: Cashier) -> None:
    cashier.press(Qt.Key.Key_F7)
    wait_until(lambda: cashier.is_open("cancelDialog"), "the dialog")


def test_cached_order_is_shown_as_last_seen(offline: Cashier) -> None:
    words = offline.text("lookupMessage")
    assert "Sem conexão com o BonifiQ" in words
    assert "como este caixa o conhecia em" in words
    assert "será conferido no BonifiQ antes do envio" in words
    assert "Não consultado agora" in offline.text("orderSeen")
    assert offline.find("orderSeen").isVisible()
    assert offline.text("orderRefundable") == "R$\u00a0129,90"
    assert "***.982.247-**" in offline.text("orderDocument")


def test_fresh_order_is_not_shown_as_last_seen(offline: Cashier, server: TrainingServer) -> None:
    server.start()
    offline.look_up("1001")
    wait_until(lambda: offline.find("orderCard").property("fresh") == "true", "the fresh order")
    assert not offline.find("orderSeen").isVisible()
    assert not offline.find("lookupMessage").isVisible()
    offline.open_refund()
    assert offline.is_open("refundDialog")
    assert offline.window.findChild(QWidget, "refundSeen") is None


def test_unknown_order_offline_shows_an_error_without_a_card(offline: Cashier) -> None:
    offline.ask_for("1002")
    words = offline.wait_for_message("lookupMessage", ("danger",))
    assert "Sem conexão" in words
    assert "Nada mudou" in words
    assert not offline.find("orderCard").isVisible()


def test_refund_and_cancel_dialogs_announce_the_check_of_a_cached_order(offline: Cashier) -> None:
    offline.open_refund()
    assert "Será conferido no BonifiQ antes do envio" in offline.text("refundSeen")
    offline.type("refundValue", "1000")  # what is typed does not wipe it away
    assert offline.find("refundSeen").isVisible()
    offline.close_refund()
    wait_until(lambda: offline.find("cancelOrderButton").isEnabled(), "the card again")
    open_cancel(offline)
    assert "Será conferido no BonifiQ antes do envio" in offline.text("cancelSeen")


def test_refund_registered_offline_is_checked_online_and_confirmed(
    offline: Cashier, server: TrainingServer, tmp_path: Path
) -> None:
    refund(offline)
    assert "será conferido antes do envio" in offline.text("refundOutcome")
    assert offline.find("refundOutcome").property("state") == "queued"
    before = len(server.service.requests)
    server.start()
    offline.wait_for_state("refundOutcome", "confirmed")
    assert calls(server)[before:][:2] == [("GET", "1001"), ("POST", "partialcancel")]
    assert [entry.cents for entry in server.service.applied] == [1000]
    [row] = history(tmp_path / "data")
    assert (row["state"], row["evidence"], row["attempts"]) == ("confirmed", "answer", 1)
    offline.close_refund()
    wait_until(lambda: offline.find("orderCard").property("fresh") == "true", "the refreshed card")
    assert offline.text("orderRefundable") == "R$\u00a0119,90"


@pytest.mark.parametrize("by", ["F7", "all that is left"])
def test_cancel_registered_offline_is_checked_online(offline: Cashier, server: TrainingServer, by: str) -> None:
    if by == "F7":
        open_cancel(offline)
        offline.press(Qt.Key.Key_Return, "cancelConfirm")
        outcome = "cancelOutcome"
    else:
        refund(offline, "12990")
        outcome = "refundOutcome"
    offline.wait_for_state(outcome, "queued")
    before = len(server.service.requests)
    server.start()
    offline.wait_for_state(outcome, "confirmed")
    assert calls(server)[before:][:2] == [("GET", "1001"), ("POST", "cancel")]


def test_order_with_a_waiting_refund_refuses_another_operation(offline: Cashier) -> None:
    refund(offline)
    offline.close_refund()
    wait_until(lambda: "em andamento" in offline.text("lookupMessage"), "the reason")
    assert "como este caixa o conhecia em" in offline.text("lookupMessage")
    assert not offline.find("refundButton").isEnabled()
    assert not offline.find("cancelOrderButton").isEnabled()


def test_refund_of_an_order_cancelled_meanwhile_goes_to_review_unsent(
    offline: Cashier, server: TrainingServer, tmp_path: Path
) -> None:
    refund(offline)
    server.service.cancel("1001", {"OrderCancelledDate": "2026-01-01T00:00:00Z"})
    server.start()
    words = offline.wait_for_state("refundOutcome", "review")
    assert "não está mais como foi visto aqui; nada foi enviado ainda" in words
    offline.close_refund()
    offline.open_review()
    wait_until(lambda: offline.text("reviewTheirsState") == "Cancelado", "BonifiQ's side")
    assert offline.text("reviewAgain") == "Enviar assim mesmo"
    assert "com o protocolo deste registro" in offline.text("reviewAgainEffect")
    assert offline.find("reviewNotDoneAdvice").isVisible()
    assert "o pedido inteiro já está cancelado" in offline.text("reviewNotDoneAdvice")
    assert offline.window.findChild(QRadioButton, "reviewDone") is not None
    assert offline.window.findChild(QRadioButton, "reviewAnother") is None
    offline.press(Qt.Key.Key_Space, "reviewNotDone")
    offline.type("reviewName", "Dona Lucia")
    offline.type("reviewReason", "cancelado no painel")
    offline.press(Qt.Key.Key_Return, "reviewConfirm")
    offline.wait_for_state("reviewOutcome", "not_applied")
    let_work(0.1)
    assert [call for call in calls(server) if call[0] == "POST"] == []
    [row] = history(tmp_path / "data")
    assert (row["state"], row["attempts"]) == ("not_applied", 0)


def test_review_offline_shows_no_cached_order_as_evidence(offline: Cashier, server: TrainingServer) -> None:
    refund(offline)
    server.service.cancel("1001", {"OrderCancelledDate": "2026-01-01T00:00:00Z"})
    server.start()
    offline.wait_for_state("refundOutcome", "review")
    offline.close_refund()
    server.stop()
    offline.open_review()
    wait_until(lambda: "Sem conexão" in offline.text("reviewTheirs"), "BonifiQ's silence")
    assert offline.text("reviewTheirsTotal") == "—"
    reasons = [offline.find(f"{name}Advice") for name in ("reviewAgain", "reviewDone", "reviewNotDone")]
    assert not any(reason.isVisible() for reason in reasons), "a decision is recommended without an answer"


def test_refund_registered_offline_is_checked_after_a_restart(
    offline: Cashier, server: TrainingServer, start: Callable[..., Cashier], tmp_path: Path
) -> None:
    refund(offline)
    assert offline.app.stop()
    before = len(server.service.requests)
    server.start()
    again = start("--data-dir", str(tmp_path / "data"), "--api-url", server.url)
    wait_until(lambda: server.service.applied, "the refund")
    wait_until(lambda: again.text("pendingCount") == "Nada pendente", "the empty outbox")
    assert calls(server)[before:][:2] == [("GET", "1001"), ("POST", "partialcancel")]
