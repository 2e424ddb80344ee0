"""Sale page at the counter: keys by count, one field for the customer, the last sale, and the cleared form."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from bonifiq_desktop.training_server.server import TrainingServer
from tests.support.cashier import Cashier, let_work, wait_until
from tests.support.server_requests import bodies_sent_to, exact_json

MARIA = "52998224725"
NEW = "11144477735"


class Hands:
    """Presses keys where the focus is, and counts those that are not digits or letters of a field."""

    def __init__(self) -> None:
        self.keys = 0

    def enter(self) -> None:
        self.press(Qt.Key.Key_Return)

    def press(self, key: Qt.Key) -> None:
        self.keys += 1
        let_work(0.2)  # a hand is slower than a scanner
        QTest.keyClick(_focused(), key)

    def type(self, text: str) -> None:
        QTest.keyClicks(_focused(), text)


def _focused() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def _focus() -> str:
    return _focused().objectName()


@pytest.fixture(name="hands")
def hands_on_the_sale_page(cashier: Cashier) -> Hands:
    cashier.look_up("1001")  # Maria's order: she is known at this till
    cashier.press(Qt.Key.Key_F3)
    return Hands()


def test_known_customer_is_sold_to_with_four_enters(cashier: Cashier, server: TrainingServer, hands: Hands) -> None:
    assert _focus() == "saleDocument"
    hands.type(MARIA)
    wait_until(lambda: cashier.find("saleCustomer").isVisible(), "the card")
    assert cashier.text("saleCustomerName") == "Maria Aparecida dos Santos"
    hands.enter()
    assert _focus() == "saleTotal"
    hands.type("15990")
    hands.enter()
    assert _focus() == "salePaymentSegment1"
    hands.enter()
    assert _focus() == "saleSubmit"
    hands.enter()
    cashier.wait_for_state("saleOutcome", "confirmed")
    assert hands.keys <= 4
    sale = exact_json(bodies_sent_to(server, "/POS/orders")[0])
    assert sale["Customer"]["Document"] == MARIA
    assert sale["Customer"]["Name"] == "Maria Aparecida dos Santos"
    assert "PaymentMethod" not in sale


def test_new_customer_with_payment_takes_six_keys(cashier: Cashier, server: TrainingServer, hands: Hands) -> None:
    hands.type(NEW)
    hands.enter()
    wait_until(lambda: _focus() == "saleName", "the name of a new customer")
    hands.type("Bruno Lima")
    hands.enter()
    assert _focus() == "saleTotal"
    hands.type("5000")
    hands.enter()
    hands.press(Qt.Key.Key_2)
    hands.enter()
    assert _focus() == "saleSubmit"
    hands.enter()
    cashier.wait_for_state("saleOutcome", "confirmed")
    assert hands.keys <= 6
    sale = exact_json(bodies_sent_to(server, "/POS/orders")[0])
    assert (sale["Customer"]["Name"], sale["Customer"]["Document"]) == ("Bruno Lima", NEW)
    assert sale["PaymentMethod"]["Name"] == "Pix"


def test_enter_before_the_answer_types_the_total_and_then_the_name(cashier: Cashier, hands: Hands) -> None:
    hands.type(NEW)
    QTest.keyClick(_focused(), Qt.Key.Key_Return)  # at once: the worker has not answered yet
    assert _focus() == "saleTotal"
    hands.type("5000")
    wait_until(lambda: cashier.find("saleNewCustomer").text() != "", "the answer")
    assert (_focus(), cashier.text("saleTotal"), cashier.text("saleDocument")) == ("saleTotal", "50,00", NEW)
    hands.enter()
    hands.enter()
    hands.enter()
    assert "Falta o nome" in cashier.wait_for_message("saleMessage")
    assert _focus() == "saleName"


@pytest.mark.parametrize(
    ("typed", "field", "sent"),
    [("(11) 98765-4321", "Phone", "+5511987654321"), ("Ana@Exemplo.com.br;", "Email", "Ana@Exemplo.com.br")],
)
def test_customer_field_takes_a_phone_or_an_e_mail(
    cashier: Cashier, server: TrainingServer, hands: Hands, typed: str, field: str, sent: str
) -> None:
    hands.type(typed)
    hands.enter()
    wait_until(lambda: _focus() == "saleName", "the name")
    hands.type("Ana")
    cashier.type("saleTotal", "1000")
    cashier.press(Qt.Key.Key_Return, "saleSubmit")
    cashier.wait_for_state("saleOutcome", "confirmed")
    customer = exact_json(bodies_sent_to(server, "/POS/orders")[0])["Customer"]
    assert customer == {"OriginalId": sent, "Name": "Ana", field: sent, "IsEnrolled": True}


def test_name_in_the_customer_field_moves_and_asks_for_a_number(
    cashier: Cashier, server: TrainingServer, hands: Hands
) -> None:
    hands.type("Bruno Lima")
    hands.enter()
    wait_until(lambda: cashier.text("saleName") == "Bruno Lima", "the name in its own field")
    assert (_focus(), cashier.text("saleDocument")) == ("saleDocument", "")
    hands.enter()
    hands.type("1000")
    cashier.press(Qt.Key.Key_Return, "saleSubmit")
    assert "de quem são os pontos" in cashier.wait_for_message("saleMessage")
    assert _focus() == "saleDocument"
    hands.type(NEW)
    cashier.press(Qt.Key.Key_Return, "saleSubmit")
    cashier.wait_for_state("saleOutcome", "confirmed")
    assert exact_json(bodies_sent_to(server, "/POS/orders")[0])["Customer"]["Name"] == "Bruno Lima"


def sell_and_read(cashier: Cashier, server: TrainingServer) -> dict[str, object]:
    """Sell to the customer on the screen; the customer as BonifiQ got it."""
    cashier.type("saleTotal", "1000")
    cashier.press(Qt.Key.Key_Return, "saleSubmit")
    cashier.wait_for_state("saleOutcome", "confirmed")
    customer: dict[str, object] = exact_json(bodies_sent_to(server, "/POS/orders")[-1])["Customer"]
    return customer


def hits(cashier: Cashier) -> list[str]:
    found = cashier.find("saleCustomerHits")
    return [found.item(row).text() for row in range(found.count())] if found.isVisible() else []


def test_customer_is_found_by_name_and_chosen_by_enter(cashier: Cashier, server: TrainingServer, hands: Hands) -> None:
    hands.type("maria")
    wait_until(lambda: len(hits(cashier)) == 2, "Maria, and the row of a new customer")
    assert "***.982.247-**" in hits(cashier)[0]
    assert "maria" in hits(cashier)[1]
    hands.enter()
    assert not cashier.find("saleCustomer").isVisible(), "the first Enter only points at the row"
    hands.enter()
    wait_until(lambda: cashier.find("saleCustomer").isVisible(), "the card")
    assert (_focus(), cashier.text("saleCustomerName")) == ("saleTotal", "Maria Aparecida dos Santos")
    customer = sell_and_read(cashier, server)
    assert (customer["OriginalId"], customer["Document"]) == (MARIA, MARIA)
    assert customer["Email"] == "maria.santos@exemplo.com.br"


def test_row_of_a_new_customer_takes_the_typed_name(cashier: Cashier, hands: Hands) -> None:
    hands.type("Maria Souza")
    hands.press(Qt.Key.Key_Return)
    wait_until(lambda: cashier.text("saleName") == "Maria Souza", "no such customer: the name moves")
    cashier.find("saleName").clear()
    hands.type("Maria")
    wait_until(lambda: bool(hits(cashier)), "the rows")
    hands.press(Qt.Key.Key_Escape)
    assert hits(cashier) == []
    assert cashier.find("saleDocument").isVisible(), "Esc closed the rows, not the page"
    hands.type("n")
    QTest.keyClick(_focused(), Qt.Key.Key_Backspace)
    wait_until(lambda: bool(hits(cashier)), "the rows")
    hands.press(Qt.Key.Key_Down)
    hands.press(Qt.Key.Key_Down)
    hands.enter()
    assert cashier.text("saleName") == "Maria"
    assert not cashier.find("saleCustomer").isVisible()


def test_customer_with_a_document_is_found_by_phone(cashier: Cashier, server: TrainingServer, hands: Hands) -> None:
    hands.type("(11) 90000-0501")
    wait_until(lambda: cashier.find("saleCustomer").isVisible(), "the card")
    assert sell_and_read(cashier, server)["OriginalId"] == MARIA


def test_customer_chosen_by_name_survives_a_restart(
    cashier: Cashier, server: TrainingServer, start: Callable[..., Cashier], tmp_path: Path, hands: Hands
) -> None:
    hands.type("maria")
    wait_until(lambda: bool(hits(cashier)), "the rows")
    hands.enter()
    hands.enter()
    wait_until(lambda: cashier.find("saleCustomer").isVisible(), "the card")
    draft = tmp_path / "data" / "drafts" / "sale.json"
    wait_until(lambda: draft.exists() and '"1001"' in draft.read_text(encoding="utf-8"), "the draft")
    assert MARIA not in draft.read_text(encoding="utf-8")
    cashier.app.stop()
    again = start("--data-dir", str(tmp_path / "data"), "--api-url", server.url)
    again.press(Qt.Key.Key_F3)
    wait_until(lambda: again.find("saleCustomer").isVisible(), "the card again")
    assert sell_and_read(again, server)["OriginalId"] == MARIA


def test_known_customer_is_sold_to_without_a_connection(cashier: Cashier, server: TrainingServer, hands: Hands) -> None:
    server.faults.add("error_500", times=1000)
    hands.type(MARIA)
    wait_until(lambda: cashier.find("saleCustomer").isVisible(), "the card")
    cashier.type("saleTotal", "1000")
    cashier.press(Qt.Key.Key_Return, "saleSubmit")
    cashier.wait_for_state("saleOutcome", "queued", "sending", "unknown")
    server.faults.clear()
    cashier.wait_for_state("saleOutcome", "confirmed")
    customer = exact_json(bodies_sent_to(server, "/POS/orders")[-1])["Customer"]
    assert (customer["Document"], customer["Name"]) == (MARIA, "Maria Aparecida dos Santos")


def test_phone_that_makes_a_cpf_is_read_as_the_cashier_says(
    cashier: Cashier, server: TrainingServer, hands: Hands
) -> None:
    hands.type("11973660750")
    assert cashier.text("saleCustomerKind") == "CPF"
    cashier.find("saleCustomerIsPhone").click()
    assert cashier.text("saleCustomerKind") == "Telefone"
    cashier.type("saleName", "Ana")
    cashier.type("saleTotal", "1000")
    cashier.press(Qt.Key.Key_Return, "saleSubmit")
    cashier.wait_for_state("saleOutcome", "confirmed")
    customer = exact_json(bodies_sent_to(server, "/POS/orders")[0])["Customer"]
    assert customer["Phone"] == "+5511973660750"
    assert "Document" not in customer


def test_last_sale_stays_in_sight_while_the_next_is_typed(
    cashier: Cashier, server: TrainingServer, start: Callable[..., Cashier], tmp_path: Path
) -> None:
    cashier.fill_sale("15990")
    cashier.press(Qt.Key.Key_Return, "saleSubmit")
    cashier.wait_for_state("saleOutcome", "confirmed")
    number = server.service.orders()[-1].original_id
    cashier.type("saleDocument", NEW)
    assert not cashier.find("saleOutcome").isVisible()
    assert cashier.text("lastSaleNumber") == number
    assert "Maria Aparecida" in cashier.text("lastSaleFacts")
    assert "R$\u00a0159,90" in cashier.text("lastSaleFacts")
    assert "159 pontos" in cashier.text("lastSalePoints")
    cashier.find("lastSaleCopy").click()
    assert QApplication.clipboard().text() == number
    cashier.type("saleTotal", "10000")
    assert cashier.text("salePoints") == "≈ 100 pontos"
    cashier.app.stop()
    again = start("--data-dir", str(tmp_path / "data"), "--api-url", server.url)
    again.press(Qt.Key.Key_F3)
    wait_until(lambda: again.text("lastSaleNumber") == number, "the last sale of the day before")


def test_last_sale_opens_its_order(cashier: Cashier, server: TrainingServer) -> None:
    cashier.fill_sale("15990")
    cashier.press(Qt.Key.Key_Return, "saleSubmit")
    cashier.wait_for_state("saleOutcome", "confirmed")
    number = server.service.orders()[-1].original_id
    cashier.find("lastSaleOpen").click()
    wait_until(lambda: cashier.find("orderCard").property("orderId") == number, "the order's card")


def test_cleared_sale_is_brought_back_by_undo(cashier: Cashier, server: TrainingServer, hands: Hands) -> None:
    hands.type(MARIA)
    wait_until(lambda: cashier.text("saleEmail").startswith("m***"), "the customer")
    cashier.type("saleTotal", "15990")
    cashier.find("salePaymentSegment2").click()
    cashier.type("saleNote", "embrulhar")
    QTest.keyClick(cashier.window, Qt.Key.Key_Delete, Qt.KeyboardModifier.ControlModifier)
    names = ("saleDocument", "saleName", "saleEmail", "saleTotal", "saleNote")
    assert {cashier.text(name) for name in names} == {""}
    assert not cashier.find("saleCustomer").isVisible()
    cashier.find("toastUndo").click()
    wait_until(lambda: cashier.find("saleCustomer").isVisible(), "the customer again")
    assert [cashier.text(name) for name in names][:4] == [
        MARIA,
        "Maria Aparecida dos Santos",
        "m***@exemplo.com.br",
        "159,90",
    ]
    assert cashier.find("salePaymentSegment2").isChecked()
    cashier.press(Qt.Key.Key_Return, "saleSubmit")
    cashier.wait_for_state("saleOutcome", "confirmed")
    sale = exact_json(bodies_sent_to(server, "/POS/orders")[0])
    assert sale["Customer"]["Email"] == "maria.santos@exemplo.com.br"
