"""Masked customer data: revealed for a moment, and no mask in a draft or a sale."""

import json
from pathlib import Path

from PySide6.QtCore import Qt

from bonifiq_desktop.connectors import exact_json
from bonifiq_desktop.training_server.server import TrainingServer
from bonifiq_desktop.ui.lookup.order_card import OrderCard
from tests.support.cashier import Cashier, wait_until

CPF = "529.982.247-25"


def _customer(cashier: Cashier) -> str:
    return f"{cashier.text('orderCustomer')} {cashier.text('orderDocument')}"


def _reveal(cashier: Cashier) -> None:
    cashier.press(Qt.Key.Key_Space, "revealButton")
    wait_until(lambda: CPF in _customer(cashier), "the whole CPF")
    assert not cashier.find("revealButton").isVisible()


def test_revealed_cpf_is_masked_again_by_another_order(cashier: Cashier) -> None:
    cashier.look_up("1001")
    assert "***.982.247-**" in _customer(cashier)
    _reveal(cashier)
    cashier.look_up("1002")
    assert "***.444.777-**" in _customer(cashier)
    cashier.look_up("1001")
    assert "***.982.247-**" in _customer(cashier)
    assert cashier.find("revealButton").isVisible()


def test_revealed_cpf_is_masked_again_by_time_and_by_leaving(cashier: Cashier) -> None:
    cashier.look_up("1001")
    _reveal(cashier)
    cashier.press(Qt.Key.Key_F4)
    assert CPF not in _customer(cashier)
    cashier.press(Qt.Key.Key_F2)
    card = cashier.find("orderCard", OrderCard).customer
    assert card._mask_timer.interval() == 20_000
    card._mask_timer.setInterval(50)
    _reveal(cashier)
    wait_until(lambda: CPF not in _customer(cashier), "the mask")
    assert "***.982.247-**" in _customer(cashier)


def test_customer_without_cpf_offers_no_reveal(cashier: Cashier) -> None:
    for order in ("1008", "1009"):
        cashier.look_up(order)
        assert not cashier.find("revealButton").isVisible()


def test_failed_reveal_keeps_the_mask_and_shows_an_error(cashier: Cashier, server: TrainingServer) -> None:
    cashier.look_up("1001")
    server.faults.add("error_500", only="lookup")
    cashier.press(Qt.Key.Key_Space, "revealButton")
    assert "problemas" in cashier.wait_for_message("lookupMessage")
    assert "***.982.247-**" in _customer(cashier)


def test_cpf_typed_as_an_order_number_is_not_sent(cashier: Cashier, server: TrainingServer) -> None:
    cashier.ask_for(CPF)
    said = cashier.wait_for_message("lookupMessage")
    assert "Nenhum pedido deste CPF passou por este caixa." in said
    assert server.service.requests == []


def test_known_customer_is_masked_on_screen_but_not_in_the_sale(
    cashier: Cashier, server: TrainingServer, tmp_path: Path
) -> None:
    cashier.look_up("1001")
    cashier.press(Qt.Key.Key_F3)
    cashier.type("saleDocument", CPF)
    cashier.press(Qt.Key.Key_Return, "saleDocument")
    wait_until(lambda: cashier.text("saleEmail") == "m***@exemplo.com.br", "the customer")
    assert cashier.text("salePhone") == "(11) *****-0501"
    draft = tmp_path / "data" / "drafts" / "sale.json"
    wait_until(lambda: draft.exists() and "Aparecida" in draft.read_text(encoding="utf-8"), "the draft")
    assert "***" not in draft.read_text(encoding="utf-8")
    assert json.loads(draft.read_text(encoding="utf-8"))["saleEmail"] == ""
    cashier.type("saleTotal", "15990")
    cashier.press(Qt.Key.Key_Return, "saleSubmit")
    cashier.wait_for_state("saleOutcome", "confirmed")
    sent = exact_json.load([request for request in server.service.requests if request.method == "POST"][-1].body)[
        "Customer"
    ]
    assert (sent["Email"], sent["Phone"]) == ("maria.santos@exemplo.com.br", "+5511900000501")
