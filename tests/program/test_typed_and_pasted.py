"""What is pasted and is too long, a person's number, or a fiscal receipt's key is never another order's number."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QWidget

from bonifiq_desktop.training_server.server import TrainingServer
from tests.support.cashier import Cashier, let_work, wait_until
from tests.support.server_requests import looked_up_orders

KEY = "35260911222333000181650010000001231000001233"
"""The key of a fiscal receipt."""

QR_CODE = (
    f"https://www.nfce.fazenda.sp.gov.br/NFCeConsultaPublica/Paginas/ConsultaQRCode.aspx?p={KEY}|2|1|1|{'0A' * 16}"
)


def paste(field: QWidget, text: str) -> None:
    """Paste over what is in a field."""
    QApplication.clipboard().setText(text)
    field.setFocus()
    if isinstance(field, QLineEdit):
        field.selectAll()
    QTest.keyClick(field, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)


def ask_by_paste(cashier: Cashier, text: str) -> str:
    """Paste into the look-up field, press Enter; what is said then."""
    cashier.press(Qt.Key.Key_F2)
    paste(cashier.find("lookupField"), text)
    cashier.press(Qt.Key.Key_Return, "lookupField")
    return cashier.wait_for_message("lookupMessage")


def test_too_long_paste_is_refused_as_a_whole(cashier: Cashier, server: TrainingServer) -> None:
    assert "não serve" in ask_by_paste(cashier, "9" * 100 + "123456")
    assert "não serve" in ask_by_paste(cashier, "1001" + " " * 99 + "x")
    assert "não serve" in ask_by_paste(cashier, "1001" + "x" * 2000)
    assert looked_up_orders(server) == []


def test_receipt_key_in_a_qr_code_is_looked_up_after_confirmation(cashier: Cashier, server: TrainingServer) -> None:
    assert len(QR_CODE) > 138
    said = ask_by_paste(cashier, QR_CODE)
    assert "chave de um cupom fiscal" in said
    assert looked_up_orders(server) == []
    cashier.press(Qt.Key.Key_Return, modifier=Qt.KeyboardModifier.ControlModifier)
    wait_until(lambda: looked_up_orders(server) == [KEY], "the look-up of the key")


@pytest.mark.parametrize(
    ("typed", "word", "may_be"),
    [
        ("52998224725", "CPF", True),
        ("529982247-25", "CPF", True),
        ("11987654321", "telefone", True),
        ("11222333/0001-81", "CNPJ", True),
        ("529.982.247\N{EN DASH}25", "CPF", False),
        ("CPF 529982247-25", "CPF", False),
        ("(11) 98765-4321", "telefone", False),
        ("maria@exemplo.com.br", "e-mail", False),
    ],
)
def test_cpf_or_phone_needs_confirmation(
    cashier: Cashier, server: TrainingServer, typed: str, word: str, may_be: bool
) -> None:
    assert word in ask_by_paste(cashier, typed)
    assert cashier.find("lookupSure").isVisible() is may_be
    cashier.press(Qt.Key.Key_Return, "lookupField")
    let_work(0.1)
    assert looked_up_orders(server) == [], "Enter again says nothing new"
    cashier.press(Qt.Key.Key_Return, modifier=Qt.KeyboardModifier.ControlModifier)
    let_work(0.1)
    if may_be:
        wait_until(lambda: len(looked_up_orders(server)) == 1, "the look-up")
        assert not cashier.find("lookupSure").isVisible()
    else:
        assert looked_up_orders(server) == []
    cashier.look_up("1001")
    assert not cashier.find("lookupSure").isVisible()


def test_sale_with_a_number_like_a_cpf_needs_a_second_press(cashier: Cashier, server: TrainingServer) -> None:
    cashier.fill_sale()
    cashier.type("saleOrderId", "52998224725")
    cashier.press(Qt.Key.Key_Return, "saleSubmit")
    assert "parece um CPF" in cashier.wait_for_message("saleMessage")
    assert cashier.find("saleOrderId").property("wrong") == "true"
    let_work(0.2)
    cashier.press(Qt.Key.Key_Return, "saleSubmit")
    cashier.wait_for_state("saleOutcome", "confirmed")
    assert [(entry.kind, entry.order_id) for entry in server.service.applied] == [("sale", "52998224725")]


def test_no_field_cuts_a_pasted_text(cashier: Cashier) -> None:
    text = "Maria " * 400
    fields = [field for field in cashier.window.findChildren(QLineEdit) if not isinstance(field.parent(), QComboBox)]
    fields += [line for box in cashier.window.findChildren(QComboBox) if (line := box.lineEdit()) is not None]
    assert len(fields) > 15
    for field in fields:
        if field.isReadOnly() or not field.isEnabled() or field.objectName() == "lookupField":
            continue
        before = field.text()
        paste(field, text)
        assert field.text() in {before, text}, field.objectName()
