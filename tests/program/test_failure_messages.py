"""Messages for failures: title, effect, action; typed text is kept."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from bonifiq_desktop.training_server.server import TrainingServer
from tests.support.cashier import Cashier, history, let_work, wait_until


def test_unknown_order_shows_a_message_and_keeps_the_number(cashier: Cashier) -> None:
    cashier.ask_for("999999")
    words = cashier.wait_for_message("lookupMessage")
    assert "não encontrou este pedido" in words
    assert "Confira o número" in words
    assert cashier.text("lookupField") == "999999"
    assert not cashier.find("orderCard").isVisible()


@pytest.mark.parametrize("typed", ["", "..", "a\u0007b"])
def test_invalid_order_number_makes_no_request(cashier: Cashier, server: TrainingServer, typed: str) -> None:
    cashier.find("lookupField").setText(typed)
    cashier.press(Qt.Key.Key_Return, "lookupField")
    assert "não serve" in cashier.wait_for_message("lookupMessage")
    assert not server.service.requests


def test_wrong_credentials_show_a_message_naming_the_settings(
    server: TrainingServer, start: Callable[..., Cashier], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BONIFIQ_API_TOKEN", server.token)
    monkeypatch.setenv("BONIFIQ_API_KEY", "wrong")
    cashier = start("--data-dir", str(tmp_path), "--api-url", server.url)
    cashier.ask_for("1001")
    words = cashier.wait_for_message("lookupMessage")
    assert "não aceitou o token e a chave" in words
    assert "F9" in words
    wait_until(lambda: "recusados" in cashier.text("connectionStatus"), "the status")


def test_first_start_without_credentials_asks_for_them(
    start: Callable[..., Cashier], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("BONIFIQ_API_TOKEN", raising=False)
    monkeypatch.delenv("BONIFIQ_API_KEY", raising=False)
    cashier = start("--data-dir", str(tmp_path))
    wait_until(lambda: cashier.is_shown("firstStart"), "the first step")
    assert cashier.find("setupPractise").key == "Ctrl+P"
    cashier.press(Qt.Key.Key_Return, "setupNext")
    assert "token e a chave" in cashier.wait_for_message("setupConnectMessage", ("info",))
    cashier.ask_for("1001")
    assert "ainda não está conectado" in cashier.wait_for_message("lookupMessage")


def test_server_down_shows_a_message(cashier: Cashier, server: TrainingServer) -> None:
    server.stop()
    cashier.ask_for("1001")
    words = cashier.wait_for_message("lookupMessage")
    assert "Sem conexão" in words
    assert "internet" in words
    wait_until(lambda: "Sem conexão" in cashier.text("connectionStatus"), "the status")


def test_portal_page_as_a_look_up_answer_shows_a_message(cashier: Cashier, server: TrainingServer) -> None:
    server.faults.add("html", only="lookup")
    cashier.ask_for("1001")
    words = cashier.wait_for_message("lookupMessage")
    assert "não veio do BonifiQ" in words
    assert "login" in words


def test_portal_page_as_a_refund_answer_leads_to_one_refund(cashier: Cashier, server: TrainingServer) -> None:
    server.faults.add("html", only="refund")
    cashier.look_up("1001")
    cashier.open_refund()
    cashier.type("refundValue", "1000")
    cashier.confirm_refund()
    cashier.wait_for_state("refundOutcome", "unknown")
    cashier.wait_for_state("refundOutcome", "confirmed")
    assert [entry.cents for entry in server.service.applied] == [1000]


def test_value_above_the_refundable_cannot_be_confirmed(
    cashier: Cashier, server: TrainingServer, tmp_path: Path
) -> None:
    cashier.look_up("1001")
    cashier.open_refund()
    cashier.type("refundValue", "12991")
    words = cashier.wait_for_message("refundMessage")
    assert "passa do que ainda pode ser devolvido" in words
    assert "R$\u00a0129,90" in words
    assert not cashier.find("refundConfirm").isEnabled()
    cashier.confirm_refund()
    let_work(0.1)
    assert not server.service.applied
    assert history(tmp_path / "data") == []
    cashier.type("refundValue", "1000")
    assert cashier.find("refundConfirm").isEnabled()


def test_refusal_quotes_the_answer_as_plain_text(cashier: Cashier, server: TrainingServer) -> None:
    server.faults.add("refuse", only="refund", code_name="NotAllowed", message="Fora do <b>prazo</b> da loja.")
    cashier.look_up("1001")
    cashier.open_refund()
    cashier.type("refundValue", "1000")
    cashier.confirm_refund()
    words = cashier.wait_for_state("refundOutcome", "refused")
    assert "Fora do <b>prazo</b> da loja." in words
    assert "Nenhum ponto" in words
    cashier.close_refund()
    wait_until(lambda: cashier.find("refundButton").isEnabled(), "the order free again")


def test_refund_registered_offline_is_sent_when_the_network_returns(cashier: Cashier, server: TrainingServer) -> None:
    cashier.look_up("1001")
    server.stop()
    cashier.open_refund()
    cashier.type("refundValue", "1000")
    cashier.confirm_refund()
    outcome = cashier.find("refundOutcome")
    wait_until(lambda: "aguardando a internet" in outcome.text(), "the waiting refund")
    assert outcome.property("state") == "queued"
    assert "1 registro em andamento" in cashier.text("pendingCount")
    server.start()
    cashier.wait_for_state("refundOutcome", "confirmed")
    assert [entry.cents for entry in server.service.applied] == [1000]
    wait_until(lambda: cashier.text("pendingCount") == "Nada pendente", "the empty outbox")


def test_second_refund_of_a_busy_order_is_rejected_with_a_reason(cashier: Cashier, server: TrainingServer) -> None:
    cashier.look_up("1001")
    server.faults.add("hang", only="refund")
    cashier.open_refund()
    cashier.type("refundValue", "1000")
    cashier.confirm_refund()
    cashier.wait_for_state("refundOutcome", "sending")
    cashier.close_refund()
    words = cashier.wait_for_message("lookupMessage")
    assert "em andamento" in words
    assert not cashier.find("refundButton").isEnabled()
    server.faults.release()
    wait_until(lambda: cashier.find("refundButton").isEnabled(), "the order free again")


def test_answer_with_another_order_id_shows_a_warning(cashier: Cashier, server: TrainingServer) -> None:
    server.service._orders["1002"].original_id = "7777"
    cashier.ask_for("1002")
    words = cashier.wait_for_message("lookupMessage")
    assert "você procurou 1002" in words
    assert "7777" in words
    assert cashier.find("orderCard").property("orderId") == "7777"


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("saleDocument", "111.111.111-11", "CPF ou CNPJ válido"),
        ("saleEmail", "maria@", "e-mail não parece certo"),
        ("salePhone", "123", "telefone não parece certo"),
        ("saleName", "", "Falta o nome"),
        ("saleTotal", "", "Falta o valor"),
    ],
)
def test_invalid_sale_field_is_named_and_the_form_kept(
    cashier: Cashier, tmp_path: Path, field: str, typed: str, sentence: str
) -> None:
    cashier.fill_sale()
    cashier.find(field).clear()
    cashier.type(field, typed)
    cashier.press(Qt.Key.Key_Return, "saleSubmit")
    words = cashier.wait_for_message("saleMessage")
    assert sentence in words
    assert "Nada foi registrado" in words
    assert cashier.find(field).property("wrong") == "true"
    assert cashier.text("saleName") == ("" if field == "saleName" else "Maria Aparecida")
    assert history(tmp_path / "data") == []


def test_sale_number_used_before_is_rejected(cashier: Cashier, server: TrainingServer) -> None:
    for _ in range(2):
        cashier.fill_sale()
        cashier.type("saleOrderId", "LOJA-77")
        cashier.press(Qt.Key.Key_Return, "saleSubmit")
        wait_until(
            lambda: (
                cashier.find("saleOutcome").property("state") == "confirmed" or cashier.find("saleMessage").isVisible()
            ),
            "an answer",
        )
    assert "Já existe um pedido com este número" in cashier.text("saleMessage")
    assert [entry.kind for entry in server.service.applied] == ["sale"]


def test_sale_number_of_a_known_order_is_rejected(cashier: Cashier, server: TrainingServer) -> None:
    cashier.look_up("1002")
    cashier.fill_sale()
    cashier.type("saleOrderId", "1002")
    cashier.press(Qt.Key.Key_Return, "saleSubmit")
    assert "Já existe um pedido com este número" in cashier.wait_for_message("saleMessage")
    assert not server.service.applied
