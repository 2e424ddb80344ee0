"""Look up, refund, sell: the whole program against the training server, by object names and keys only."""

from decimal import Decimal
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTableWidget

from bonifiq_desktop.training_server.server import TrainingServer
from tests.support.cashier import Cashier, history, let_work, wait_until
from tests.support.server_requests import bodies_sent_to, exact_json


def refunds_on(server: TrainingServer) -> list[int]:
    """What the server really gave back, in cents."""
    return [entry.cents for entry in server.service.applied if entry.kind == "refund"]


def test_look_up_shows_the_order_with_masked_cpf_and_refundable_amount(cashier: Cashier) -> None:
    cashier.look_up("1001")
    assert cashier.text("orderNumber") == "Pedido 1001"
    assert cashier.text("orderState") == "Concluído"
    assert cashier.text("orderTotal") == cashier.text("orderRefundable") == "R$\u00a0129,90"
    assert "Maria" in cashier.text("orderCustomer")
    assert "***.982.247-**" in cashier.text("orderDocument")
    assert "529" not in cashier.text("orderDocument")
    assert "pontos" in cashier.text("orderBalances")


def test_refund_of_a_ticked_item_updates_the_card(cashier: Cashier, server: TrainingServer, tmp_path: Path) -> None:
    cashier.look_up("1001")
    cashier.open_refund()
    cashier.tick(0)
    assert cashier.text("refundValue") == "49,90"
    assert "R$\u00a049,90" in cashier.text("refundConfirm")
    assert "R$\u00a080,00" in cashier.text("refundPreview")
    cashier.confirm_refund()
    words = cashier.wait_for_state("refundOutcome", "confirmed")
    assert "R$\u00a049,90" in words
    assert "maquininha" in words
    cashier.close_refund()
    wait_until(lambda: cashier.text("orderRefundable") == "R$\u00a080,00", "the new figure")
    assert refunds_on(server) == [4990]
    [row] = history(tmp_path / "data")
    assert (row["kind"], row["order_id"], row["value"], row["state"]) == ("refund", "1001", "49.90", "confirmed")
    assert row["evidence"] == "answer"
    assert row["attempts"] == 1


def test_refund_with_a_lost_answer_is_confirmed_and_applied_once(
    cashier: Cashier, server: TrainingServer, tmp_path: Path
) -> None:
    server.faults.add("lose_answer", only="refund")
    server.faults.add("delay", only="refund", seconds=0.5)
    cashier.look_up("1001")
    cashier.open_refund()
    cashier.type("refundValue", "2590")
    cashier.confirm_refund()
    words = cashier.wait_for_state("refundOutcome", "unknown")
    assert "Sendo confirmado" in words
    assert "Não registre de novo" in words
    cashier.wait_for_state("refundOutcome", "confirmed")
    assert refunds_on(server) == [2590]
    first, second = bodies_sent_to(server, "/partialcancel")
    assert first == second
    assert exact_json(first)["CancelKey"] in cashier.text("refundKey")
    [row] = history(tmp_path / "data")
    assert (row["state"], row["evidence"], row["attempts"]) == ("confirmed", "key", 2)


def test_second_confirmation_registers_nothing(cashier: Cashier, server: TrainingServer, tmp_path: Path) -> None:
    cashier.look_up("1001")
    cashier.open_refund()
    cashier.type("refundValue", "1000")
    confirm = cashier.find("refundConfirm")
    for _ in range(3):
        QTest.keyClick(confirm, Qt.Key.Key_Return)
        QTest.mouseClick(confirm, Qt.MouseButton.LeftButton)
        if cashier.window.findChild(type(confirm), "refundConfirm") is None:
            break
    wait_until(lambda: refunds_on(server), "the refund")
    let_work(0.2)
    assert refunds_on(server) == [1000]
    assert len(history(tmp_path / "data")) == 1


def test_two_refunds_of_one_value_have_two_keys(cashier: Cashier, server: TrainingServer) -> None:
    for _ in range(2):
        cashier.look_up("1001")
        cashier.open_refund()
        cashier.type("refundValue", "1000")
        cashier.confirm_refund()
        cashier.wait_for_state("refundOutcome", "confirmed")
        cashier.close_refund()
    assert refunds_on(server) == [1000, 1000]
    first, second = (exact_json(body)["CancelKey"] for body in bodies_sent_to(server, "/partialcancel"))
    assert first != second


def test_refund_of_all_that_remains_is_a_whole_cancel(cashier: Cashier, server: TrainingServer) -> None:
    cashier.look_up("1001")
    cashier.open_refund()
    cashier.type("refundValue", "12990")
    assert "Cancelar tudo" in cashier.text("refundConfirm")
    cashier.confirm_refund()
    assert "Pedido 1001 cancelado" in cashier.wait_for_state("refundOutcome", "confirmed")
    assert [entry.kind for entry in server.service.applied] == ["cancel"]


def test_small_order_shows_all_items_without_scrolling(cashier: Cashier) -> None:
    cashier.look_up("1001")
    dialog = cashier.open_refund()
    table = cashier.find("refundItems", QTableWidget)
    wait_until(dialog.isVisible, "the dialog")
    assert table.rowCount() == 3
    assert table.verticalScrollBar().maximum() == 0
    cashier.close_refund()


def test_f7_cancels_the_whole_order_after_a_confirmation_that_names_it(
    cashier: Cashier, server: TrainingServer
) -> None:
    cashier.look_up("1002")
    cashier.press(Qt.Key.Key_F7)
    wait_until(lambda: cashier.is_open("cancelDialog"), "the dialog")
    assert "1002" in cashier.text("cancelConfirm")
    assert not server.service.applied
    cashier.press(Qt.Key.Key_Return, "cancelConfirm")
    cashier.wait_for_state("cancelOutcome", "confirmed")
    assert [(entry.kind, entry.order_id) for entry in server.service.applied] == [("cancel", "1002")]
    cashier.press(Qt.Key.Key_Return, "cancelConfirm")
    wait_until(lambda: cashier.text("orderState") == "Cancelado", "the cancelled card")
    assert not cashier.find("refundButton").isEnabled()
    assert not cashier.find("cancelOrderButton").isEnabled()


def test_sale_is_registered_and_shows_its_points(cashier: Cashier, server: TrainingServer, tmp_path: Path) -> None:
    cashier.fill_sale("15990")
    cashier.press(Qt.Key.Key_Return, "saleSubmit")
    words = cashier.wait_for_state("saleOutcome", "confirmed")
    assert "159 pontos" in words
    assert "R$\u00a07,99 de cashback" in words
    [body] = bodies_sent_to(server, "/POS/orders")
    sale = exact_json(body)
    assert sale["OrderTotal"] == Decimal("159.90")
    assert sale["Customer"]["Document"] == "52998224725"
    assert sale["IsCompleted"] is True
    assert sale["OrderCompletedDate"].endswith("Z")
    assert cashier.text("saleTotal") == ""
    [row] = history(tmp_path / "data")
    assert (row["kind"], row["state"], row["order_id"]) == ("sale", "confirmed", sale["OriginalId"])


def test_item_prices_less_discount_add_up_to_the_paid_total(cashier: Cashier, server: TrainingServer) -> None:
    cashier.press(Qt.Key.Key_F3)
    cashier.type("saleDocument", "52998224725")
    cashier.type("saleName", "Maria")
    for name, price in (("Blusa", "1000"), ("Saia", "1000"), ("Meia", "1000")):
        cashier.type("saleItemName", name)
        cashier.press(Qt.Key.Key_Return, "saleItemName")
        cashier.type("saleItemPrice", price)
        cashier.press(Qt.Key.Key_Return, "saleItemPrice")
    cashier.type("saleDiscount", "1000")
    assert cashier.text("saleTotal") == "20,00"
    cashier.press(Qt.Key.Key_Return, "saleSubmit")
    cashier.wait_for_state("saleOutcome", "confirmed")
    sale = exact_json(bodies_sent_to(server, "/POS/orders")[0])
    prices = [product["ProductPrice"] for product in sale["Products"]]
    assert prices == [Decimal("6.67"), Decimal("6.67"), Decimal("6.66")]
    assert sum(prices) == sale["OrderTotal"] == Decimal("20.00")


def test_known_document_fills_in_the_customer(cashier: Cashier) -> None:
    cashier.look_up("1001")
    cashier.press(Qt.Key.Key_F3)
    cashier.type("saleDocument", "529.982.247-25")
    cashier.press(Qt.Key.Key_Return, "saleDocument")
    wait_until(lambda: "Maria" in cashier.text("saleName"), "the name")
    assert "@" in cashier.text("saleEmail")


def test_history_shows_newest_first_with_key_attempts_and_times(cashier: Cashier) -> None:
    for value in ("1000", "1100"):
        cashier.look_up("1001")
        cashier.open_refund()
        cashier.type("refundValue", value)
        cashier.confirm_refund()
        cashier.wait_for_state("refundOutcome", "confirmed")
        key = cashier.text("refundKey").split()[-1]
        cashier.close_refund()
    cashier.press(Qt.Key.Key_F4)
    model = cashier.find("historyTable").model()
    wait_until(lambda: model.rowCount() == 2, "both rows")
    shown = {model.index(0, column).data() for column in range(model.columnCount())}
    assert "R$\u00a011,00" in shown
    detail = cashier.find("historyDetail")
    wait_until(lambda: key in detail.toPlainText(), "the key")
    assert "Situação: Confirmada" in detail.toPlainText()
    cashier.type("historySearch", key[-8:])
    wait_until(lambda: model.rowCount() == 1, "the row with that key")


def test_amounts_are_exact_numbers_in_the_request(cashier: Cashier, server: TrainingServer) -> None:
    cashier.look_up("1001")
    cashier.open_refund()
    cashier.type("refundValue", "25,90")
    cashier.confirm_refund()
    cashier.wait_for_state("refundOutcome", "confirmed")
    cashier.close_refund()
    assert b'"ValueToRefund":25.90,' in bodies_sent_to(server, "/1001/partialcancel")[0]
    prices = (("BALA", "0.1"), ("CHICLE", "0.2"), ("PIRULITO", "0.5"))
    server.service.register_sale(
        {
            "OriginalId": "DOCES-1",
            "OrderPlacementDate": "2026-11-20T12:00:00Z",
            "OrderCompletedDate": "2026-11-20T12:00:00Z",
            "IsCompleted": True,
            "OrderTotal": Decimal("0.8"),
            "Customer": {"OriginalId": "maria.santos@exemplo.com.br"},
            "Products": [{"OriginalId": n, "Title": n, "ProductPrice": Decimal(p)} for n, p in prices],
        }
    )
    cashier.look_up("DOCES-1")
    cashier.open_refund()
    cashier.tick(0, 1)
    cashier.confirm_refund()
    cashier.wait_for_state("refundOutcome", "confirmed")
    assert b'"ValueToRefund":0.30,' in bodies_sent_to(server, "/DOCES-1/partialcancel")[0]


def test_largest_amount_survives_the_round_trip(cashier: Cashier, server: TrainingServer, tmp_path: Path) -> None:
    cashier.fill_sale("99999999,99")
    cashier.press(Qt.Key.Key_Return, "saleSubmit")
    cashier.wait_for_state("saleOutcome", "confirmed")
    assert b'"OrderTotal":99999999.99,' in bodies_sent_to(server, "/POS/orders")[0]
    [row] = history(tmp_path / "data")
    assert row["value"] == "99999999.99"
    cashier.look_up(row["order_id"])
    assert cashier.text("orderTotal") == "R$\u00a099.999.999,99"
