"""A customer's data on the screen: masked, shown on purpose for a moment, and never a mask in a draft or a sale."""

import json
from pathlib import Path

from PySide6.QtCore import Qt

from bonifiq_desktop.connectors import exact_json
from bonifiq_desktop.training_server.server import TrainingServer
from bonifiq_desktop.ui.lookup.order_card import OrderCard
from tests.support.cashier import Cashier, wait_until

CPF = "529.982.247-25"


def _customer(cashier: Cashier) -> str:
    return f"{cashier.text('orderCustomer')} {cashier.text('orderBalances')}"


def _reveal(cashier: Cashier) -> None:
    cashier.press(Qt.Key.Key_Space, "revealButton")
    wait_until(lambda: CPF in _customer(cashier), "the whole CPF")
    assert not cashier.find("revealButton").isVisible()


def test_a_cpf_is_shown_on_purpose_until_another_order_is(cashier: Cashier) -> None:
    cashier.look_up("1001")
    assert "***.982.247-**" in _customer(cashier)
    _reveal(cashier)
    cashier.look_up("1002")
    assert "***.444.777-**" in _customer(cashier)
    cashier.look_up("1001")
    assert "***.982.247-**" in _customer(cashier)
    assert cashier.find("revealButton").isVisible()


def test_a_cpf_is_covered_again_by_itself_and_with_its_page(cashier: Cashier) -> None:
    cashier.look_up("1001")
    _reveal(cashier)
    cashier.press(Qt.Key.Key_F4)
    assert CPF not in _customer(cashier)
    cashier.press(Qt.Key.Key_F2)
    card = cashier.find("orderCard", OrderCard)
    assert card._cover_soon.interval() == 20_000
    card._cover_soon.setInterval(50)
    _reveal(cashier)
    wait_until(lambda: CPF not in _customer(cashier), "the mask")
    assert "***.982.247-**" in _customer(cashier)


def test_there_is_nothing_to_show_of_who_has_no_cpf(cashier: Cashier) -> None:
    for order in ("1008", "1009"):
        cashier.look_up(order)
        assert not cashier.find("revealButton").isVisible()


def test_a_cpf_that_cannot_be_asked_for_stays_masked_and_is_said(cashier: Cashier, server: TrainingServer) -> None:
    cashier.look_up("1001")
    server.faults.add("error_500", only="lookup")
    cashier.press(Qt.Key.Key_Space, "revealButton")
    assert "problemas" in cashier.wait_for_message("lookupMessage")
    assert "***.982.247-**" in _customer(cashier)


def test_a_cpf_typed_for_an_orders_number_is_said_and_not_sent(cashier: Cashier, server: TrainingServer) -> None:
    cashier.ask_for(CPF)
    said = cashier.wait_for_message("lookupMessage")
    assert "Isto parece um CPF: aqui vai o número do pedido." in said
    assert "Nada foi registrado nem enviado." in said
    assert server.service.requests == []


def test_a_found_customer_is_filled_in_masked_sold_to_unmasked_and_never_a_mask_in_the_draft(
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
