"""An order with hostile texts: shown literally, stored and exported as plain text."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QLabel, QTextBrowser, QWidget

from bonifiq_desktop.domain.text import is_plain
from bonifiq_desktop.training_server.server import TrainingServer
from bonifiq_desktop.ui.widgets.banner import Notice
from tests.support.cashier import Cashier, program, wait_until

HTML = '<img src="file:///etc/passwd"><b>Ana</b>'
HIDDEN = "\u202egpj.\u2066\u200b\x07\r\n\u2028"
SHOWN = f"{HTML}gpj."
HIDERS = [sign.encode() for sign in ("\u202e", "\u2066", "\u200b", "\x07", "\u2028")]


@pytest.fixture(name="evil")
def order_with_evil_texts(server: TrainingServer) -> str:
    """The number of an order whose customer, items and state hold hostile text."""
    order = server.service._orders["1001"]
    order.items[0].title = HTML + HIDDEN
    order.status = HTML + HIDDEN
    order.coupon = HTML + HIDDEN
    customer = server.service._customers[order.customer_id]
    customer.name = customer.tier = HTML + HIDDEN
    return order.original_id


def _labels(top: QWidget) -> list[QLabel]:
    return [widget for widget in (top, *top.findChildren(QWidget)) if isinstance(widget, QLabel)]


def _cell(cashier: Cashier, table: str) -> str:
    model = cashier.find(table, QAbstractItemView).model()
    rows = (str(model.data(model.index(row, 0))) for row in range(model.rowCount()))
    return next(row for row in rows if row != "Itens")


def test_order_texts_are_neither_html_nor_hidden(
    cashier: Cashier, evil: str, server: TrainingServer, tmp_path: Path
) -> None:
    cashier.look_up(evil)
    assert cashier.text("orderCustomer") == SHOWN
    assert cashier.text("orderTier") == SHOWN
    assert cashier.text("orderFacts").endswith(SHOWN)
    assert _cell(cashier, "orderProducts") == SHOWN
    cashier.open_refund()
    assert _cell(cashier, "refundItems") == SHOWN
    for label in _labels(cashier.window):
        assert isinstance(label, Notice) or label.textFormat() is Qt.TextFormat.PlainText
        assert is_plain(label.text().replace("\n", "").replace("\u00a0", ""))
    cashier.tick(0)
    server.faults.add("refuse", only="refund")
    cashier.find("refundReason").setCurrentText(f"=1+1{HIDDEN}")
    cashier.confirm_refund()
    cashier.wait_for_state("refundOutcome", "refused", "confirmed")
    cashier.close_refund()
    cashier.press(Qt.Key.Key_F4)
    detail = cashier.find("historyDetail", QTextBrowser)
    wait_until(lambda: "gpj." in detail.toPlainText(), "the details")
    assert SHOWN in detail.toPlainText()
    assert "=1+1gpj." in detail.toPlainText()
    cashier.app.stop()
    for file in (tmp_path / "data").rglob("*"):
        content = file.read_bytes() if file.is_file() else b""
        assert not [sign for sign in HIDERS[:3] if sign in content], file.name
    printed = program("history", "--format", "csv", "--data-dir", str(tmp_path / "data"))
    assert is_plain(printed.stdout.replace("\n", ""))


def test_sale_is_sent_without_line_breaks_and_hidden_characters(
    cashier: Cashier, server: TrainingServer, start: Callable[..., Cashier]
) -> None:
    del start
    cashier.fill_sale()
    cashier.find("saleName").setText("Maria\u202e\u200b  Aparecida\u2028")
    cashier.find("saleNote").setText("\u2066troca\x1b[0m")
    cashier.press(Qt.Key.Key_Return, "saleSubmit")
    cashier.wait_for_state("saleOutcome", "confirmed")
    [body] = [request.body.decode() for request in server.service.requests if request.path.endswith("/POS/orders")]
    assert '"Name":"Maria Aparecida"' in body
    assert '"Value":"troca [0m"' in body


def test_order_number_with_qt_placeholder_is_shown_in_the_title(cashier: Cashier, server: TrainingServer) -> None:
    order = server.service._orders.pop("1001")
    order.original_id = "[*]7"
    server.service._orders["[*]7"] = order
    cashier.look_up("[*]7")
    page = cashier.open_refund()
    assert any("pedido [*]7" in each.text() for each in page.findChildren(QLabel))
