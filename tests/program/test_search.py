"""The look-up field with the keyboard alone: results while typing, home, balance, and what goes out."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from bonifiq_desktop.training_server.server import TrainingServer
from bonifiq_desktop.ui.lookup.rows import RowList
from tests.support.cashier import Cashier, let_work, wait_until
from tests.support.server_requests import looked_up_orders
from tests.support.staff import BIA
from tests.support.staff_actions import sign_in

CPF = "52998224725"
RECEIPT_KEY = "35260911222333000181650010000001231000001233"
Key = Qt.Key


def titles(cashier: Cashier, name: str = "searchRows") -> list[str]:
    rows = cashier.find(name, RowList).rows
    return [row.title for row in rows if row.target is not None]


def marked(cashier: Cashier, name: str = "searchRows") -> str:
    rows = cashier.find(name, RowList)
    return rows.rows[rows.currentIndex().row()].title if rows.current_target() is not None else ""


def type_slowly(cashier: Cashier, text: str) -> None:
    cashier.type("lookupField", text)
    wait_until(lambda: cashier.find("searchRows").isVisible(), "the results")


@pytest.fixture(name="known")
def till_that_knows_orders(cashier: Cashier) -> Cashier:
    """A till that saw orders 1001 (Maria), 1002 (João) and 1003 (Ana), with the field empty."""
    for number in ("1001", "1002", "1003"):
        cashier.look_up(number)
    cashier.press(Key.Key_Escape, "lookupField")
    wait_until(lambda: len(titles(cashier, "homeRows")) == 3, "the recent orders")
    return cashier


def test_typed_name_finds_the_customers_order_and_never_goes_out(known: Cashier, server: TrainingServer) -> None:
    type_slowly(known, "joao")
    assert titles(known)[0] == marked(known) == "1002"
    assert looked_up_orders(server) == ["1001", "1002", "1003"]
    known.press(Key.Key_Return, "lookupField")
    wait_until(lambda: known.find("orderCard").property("orderId") == "1002", "the order")
    assert looked_up_orders(server)[-1] == "1002"


def test_unknown_name_is_looked_for_at_this_till_alone(known: Cashier, server: TrainingServer) -> None:
    known.type("lookupField", "zulmira")
    known.press(Key.Key_Return, "lookupField")
    assert "Nada encontrado neste caixa" in known.wait_for_message("lookupMessage")
    assert looked_up_orders(server) == ["1001", "1002", "1003"]


def test_arrows_in_the_field_choose_among_results(known: Cashier) -> None:
    type_slowly(known, "100")
    assert titles(known)[1:] == ["1003", "1002", "1001"]
    for _press in range(3):
        known.press(Key.Key_Down, "lookupField")
    assert marked(known) == "1001"
    known.press(Key.Key_Up, "lookupField")
    assert known.find("lookupField").hasFocus()
    known.press(Key.Key_Return, "lookupField")
    wait_until(lambda: known.find("orderCard").property("orderId") == "1002", "the marked order")
    assert known.text("lookupField") == "1002"


def test_typed_cpf_finds_orders_without_a_request(known: Cashier, server: TrainingServer) -> None:
    type_slowly(known, CPF)
    assert titles(known) == ["1001", "Saldo do cliente", "É um número de pedido"]
    let_work(0.2)
    assert looked_up_orders(server) == ["1001", "1002", "1003"]


def test_balance_is_shown_without_a_sale(known: Cashier, server: TrainingServer) -> None:
    known.press(Key.Key_F5)
    message = known.find("lookupMessage")
    wait_until(lambda: "Digite o CPF" in message.text(), "what it needs")
    known.type("lookupField", CPF)
    known.press(Key.Key_F5)
    wait_until(lambda: known.find("balanceCard").isVisible(), "the balance")
    assert known.text("balanceName") == "Maria"
    assert int(known.text("balancePoints").replace(".", "")) > 0
    assert "R$" in known.text("balanceCashback")
    assert not any(CPF in request.path and "Order" in request.path for request in server.service.requests)
    known.press(Key.Key_Escape, "lookupField")
    assert known.find("homeRows").isVisible()


def test_home_opens_a_recent_order_by_arrow_and_enter(known: Cashier) -> None:
    assert titles(known, "homeRows") == ["1003", "1002", "1001"]
    assert known.find("lookupField").hasFocus()
    known.press(Key.Key_Return, "lookupField")
    let_work(0.1)
    assert not known.find("orderCard").isVisible(), "nothing was marked"
    known.press(Key.Key_Down, "lookupField")
    known.press(Key.Key_Down, "lookupField")
    known.press(Key.Key_Return, "lookupField")
    wait_until(lambda: known.find("orderCard").property("orderId") == "1002", "the order")


def test_home_counts_today_and_continues_a_draft(cashier: Cashier) -> None:
    cashier.refund("1000")
    cashier.look_up("1002")
    cashier.open_refund()
    cashier.type("refundValue", "1100")
    let_work(0.5)
    cashier.press(Key.Key_Escape, "refundDialog")
    wait_until(lambda: cashier.window.lookup.operation is None, "the order")
    cashier.press(Key.Key_Escape, "lookupField")
    wait_until(lambda: titles(cashier, "homeRows")[:1] == ["Devolução do pedido 1002"], "the draft")
    assert cashier.text("homeRefunds") == "1  ·  R$\u00a010,00"
    assert cashier.text("homePending") == "0"
    cashier.press(Key.Key_Down, "lookupField")
    cashier.press(Key.Key_Return, "lookupField")
    wait_until(lambda: cashier.window.lookup.operation is not None, "the refund")
    wait_until(lambda: cashier.text("refundValue") == "11,00", "what was typed")


def test_search_works_offline(known: Cashier, server: TrainingServer) -> None:
    server.stop()
    type_slowly(known, "maria")
    assert titles(known)[0] == "1001"
    known.press(Key.Key_Return, "lookupField")
    wait_until(lambda: known.find("orderCard").property("orderId") == "1001", "the order as last seen")
    assert known.find("orderSeen").isVisible()


def test_message_on_an_order_moves_nothing(known: Cashier, server: TrainingServer) -> None:
    known.look_up("1001")
    let_work(0.2)
    names = ("orderNumber", "orderProducts", "refundButton", "cancelOrderButton", "orderRefundable")
    places = [known.find(name).mapToGlobal(known.find(name).rect().topLeft()) for name in names]
    server.faults.add("error_500", only="lookup")
    known.press(Key.Key_Space, "revealButton")
    known.wait_for_message("lookupMessage")
    let_work(0.1)
    assert [known.find(name).mapToGlobal(known.find(name).rect().topLeft()) for name in names] == places


def test_typing_leaves_the_order_at_once(known: Cashier) -> None:
    known.look_up("1001")
    known.type("lookupField", "1002")
    known.press(Key.Key_Return, "lookupField")
    assert not known.find("orderCard").isVisible(), "F6 would refund the order of before"


def test_signed_out_till_shows_no_customer(staffed: Cashier) -> None:
    staffed.look_up("1001")
    staffed.press(Key.Key_Escape, "lookupField")
    wait_until(lambda: titles(staffed, "homeRows") == ["1001"], "the recent order")
    staffed.type("lookupField", "maria")
    wait_until(lambda: "1001" in titles(staffed), "the result")
    staffed.press(Key.Key_L, modifier=Qt.KeyboardModifier.ControlModifier)
    wait_until(lambda: not titles(staffed) and not titles(staffed, "homeRows"), "both lists to be empty")
    assert staffed.text("lookupField") == ""
    sign_in(staffed, "Bia", BIA.pin)
    wait_until(lambda: titles(staffed, "homeRows") == ["1001"], "the recent order")


@pytest.mark.parametrize("code", [CPF, "11987654321", RECEIPT_KEY])
def test_scanned_cpf_phone_or_receipt_key_stays_at_this_till(known: Cashier, server: TrainingServer, code: str) -> None:
    known.press(Key.Key_F4)
    known.window.content.take_scan(code)
    wait_until(lambda: known.find("lookupField").isVisible(), "the look-up page")
    if code == CPF:
        wait_until(lambda: known.find("orderCard").property("orderId") == "1001", "the only order of that CPF")
    else:
        assert known.wait_for_message("lookupMessage")
    assert not [order for order in looked_up_orders(server) if order == code]


def test_scanned_cpf_over_a_half_typed_refund_is_asked_about_without_a_request(
    known: Cashier, server: TrainingServer
) -> None:
    known.look_up("1002")
    known.open_refund()
    known.type("refundValue", "1000")
    before = looked_up_orders(server)
    known.window.content.take_scan(CPF)
    wait_until(lambda: "1001" in known.text("scanFound"), "the order of that CPF")
    assert looked_up_orders(server) == before


def test_tab_ring_of_the_home_page_has_no_unnamed_stop(known: Cashier) -> None:
    seen = []
    known.find("lookupField").setFocus()
    for _press in range(12):
        known.press(Key.Key_Tab)
        focused = QApplication.focusWidget()
        assert focused is not None
        seen.append(focused.objectName())
        if focused.objectName() == "lookupField":
            break
    assert "lookupField" in seen
    assert "homeRows" in seen
    assert all(seen)
