"""Sale form: Enter order, marked errors, details that open by themselves."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from bonifiq_desktop.domain import sales
from bonifiq_desktop.domain.sales import SALE_FIELDS, SaleState
from bonifiq_desktop.training_server.server import TrainingServer
from bonifiq_desktop.ui.messages.field_errors import message_for_field
from bonifiq_desktop.ui.sale.form import SaleForm
from tests.support.cashier import Cashier, let_work, wait_until
from tests.support.server_requests import bodies_sent_to, exact_json

DETAILS = (
    "saleItemCode", "saleItemName", "saleItemQuantity", "saleItemPrice", "saleEmail", "salePhone", "saleOrderId",
    "saleState", "saleDate", "saleStateDate", "saleBirthday", "saleSellerCode", "saleCoupon", "saleNote",
    "saleMetadataName", "saleMetadataValue", "saleSalesPerson",
)  # fmt: skip


def focused() -> str:
    widget = QApplication.focusWidget()
    return widget.objectName() if widget is not None else ""


def walk(cashier: Cashier, most: int = 40) -> list[str]:
    """Enter from the first field until *Registrar* has the focus; where it went."""
    cashier.find("saleDocument").setFocus()
    way = [focused()]
    while way[-1] != "saleSubmit" and len(way) < most:
        QTest.keyClick(cashier.find(way[-1]), Qt.Key.Key_Return)
        way.append(focused())
    return way


def add_item(cashier: Cashier) -> None:
    cashier.type("saleItemName", "Blusa")
    cashier.type("saleItemPrice", "1000")
    cashier.press(Qt.Key.Key_Return, "saleItemPrice")


@pytest.mark.parametrize("opened", [False, True])
@pytest.mark.parametrize("items", ["none", "one", "half", "price only"])
def test_enter_goes_from_the_first_field_to_the_button(
    cashier: Cashier, server: TrainingServer, items: str, *, opened: bool
) -> None:
    cashier.press(Qt.Key.Key_F3)
    if opened:
        cashier.press(Qt.Key.Key_F8)
    if items == "one":
        add_item(cashier)
    elif items == "half":
        cashier.type("saleItemName", "Blusa")
    elif items == "price only":
        cashier.type("saleItemPrice", "500")
    way = walk(cashier)
    assert way[-1] == "saleSubmit", way
    is_open = opened or items != "none"  # a filled part is in sight
    assert ("saleOrderId" in way) is is_open
    assert ("saleMetadataName" in way) is is_open
    assert len(way) == len(set(way)), "no field twice"
    assert server.service.applied == []


def test_enter_passes_the_fields_of_a_pending_sale(cashier: Cashier) -> None:
    cashier.press(Qt.Key.Key_F3)
    cashier.find("saleState").setCurrentIndex(1)
    assert walk(cashier)[-1] == "saleSubmit"


@pytest.mark.parametrize("name", DETAILS)
@pytest.mark.parametrize("by", ["focus", "typing"])
def test_focused_detail_field_opens_the_details(cashier: Cashier, name: str, by: str) -> None:
    cashier.press(Qt.Key.Key_F3)
    field = cashier.find(name)
    assert _visible_height(field) == 0
    if by == "focus":
        field.setFocus()
    else:
        QTest.keyClicks(field, "7")
    wait_until(lambda: _visible_height(field) > 20, "the field in sight")
    assert by == "typing" or focused() == name


def _visible_height(field: QWidget) -> int:
    return field.visibleRegion().boundingRect().height()


def test_closed_details_are_skipped_by_tab_and_enter_and_opened_by_f8(cashier: Cashier) -> None:
    cashier.press(Qt.Key.Key_F3)
    cashier.press(Qt.Key.Key_F8)
    assert focused() == "saleItemCode"
    cashier.press(Qt.Key.Key_F8)
    let_work(0.05)
    assert _visible_height(cashier.find("saleOrderId")) == 0
    cashier.find("salePaymentSegment1").setFocus()
    for _ in range(6):
        QTest.keyClick(cashier.find(focused()), Qt.Key.Key_Tab)
        assert focused() not in DETAILS
    cashier.type("saleCoupon", "VIP")
    cashier.press(Qt.Key.Key_F8)
    assert cashier.text("saleMore").startswith("Menos"), "nothing is sent that is not in sight"


def _break(cashier: Cashier, field: str) -> str:
    """Make one field wrong; the object name that must be marked."""
    later = (datetime.now(UTC) + timedelta(days=2)).strftime("%d/%m/%Y %H:%M")
    typed = {
        "document": ("saleDocument", "529.982.247-26"),
        "name": ("saleName", ""),
        "email": ("saleEmail", "a@b.com; c@d.com"),
        "phone": ("salePhone", "123"),
        "birthday": ("saleBirthday", "31/02/1990"),
        "item": ("saleItemName", "Blusa"),
        "total": ("saleTotal", ""),
        "order_id": ("saleOrderId", ".."),
        "date": ("saleDate", later),
        "state_date": ("saleStateDate", "01/01/2020"),
        "metadata": ("saleMetadataValue", "35"),
    }
    marked = {"item": "saleItemPrice", "metadata": "saleMetadataName"}
    if field in {"discount", "products"}:
        add_item(cashier)
        cashier.type("saleDiscount", "2000")
        return "saleDiscount"
    name, text = typed[field]
    if text:
        cashier.type(name, text)
    else:
        cashier.find(name).clear()
    return marked.get(field, name)


@pytest.mark.parametrize("field", [name for name in SALE_FIELDS if name != "products"])
def test_invalid_field_is_marked_visible_and_focused(cashier: Cashier, server: TrainingServer, field: str) -> None:
    cashier.fill_sale()
    marked = cashier.find(_break(cashier, field))
    cashier.press(Qt.Key.Key_Return, "saleSubmit")
    words = cashier.wait_for_message("saleMessage")
    assert message_for_field(field).title in words
    assert "um dos campos" not in words.lower()
    assert marked.property("wrong") == "true"
    wait_until(lambda: _visible_height(marked) > 20, "the marked field in sight")
    assert focused() == marked.objectName()
    wrong = [w.objectName() for w in cashier.find("saleDocument").window().findChildren(QWidget)
             if w.property("wrong") == "true"]  # fmt: skip
    assert wrong == [marked.objectName()], "that one and no other"
    QTest.keyClicks(marked, "1")
    assert marked.property("wrong") == "false", "taken away as soon as it is mended"
    assert server.service.applied == []


def test_every_sale_error_has_a_message_and_a_field(cashier: Cashier) -> None:
    source = Path(sales.__file__).parents[1]
    raised = {
        name
        for file in source.rglob("*.py")
        if file.parent.name in {"domain", "services", "ui"}
        for name in re.findall(r'SaleError\("(\w+)"\)', file.read_text(encoding="utf-8"))
    }
    assert raised <= set(SALE_FIELDS)
    generic = message_for_field("nothing").title
    cashier.press(Qt.Key.Key_F3)
    add_item(cashier)
    form = next(w for w in cashier.window.findChildren(SaleForm))
    for name in SALE_FIELDS:
        assert message_for_field(name).title != generic, name
        form.mark_invalid(name)
        assert any(w.property("wrong") == "true" for w in cashier.window.findChildren(QWidget)), name


def test_order_number_in_use_is_marked(cashier: Cashier) -> None:
    cashier.look_up("1002")
    cashier.fill_sale()
    cashier.type("saleOrderId", "1002")
    cashier.press(Qt.Key.Key_Return, "saleSubmit")
    assert "Já existe um pedido" in cashier.wait_for_message("saleMessage")
    assert cashier.find("saleOrderId").property("wrong") == "true"


def test_sale_to_a_customer_with_a_phone_only_is_registered(cashier: Cashier, server: TrainingServer) -> None:
    cashier.press(Qt.Key.Key_F3)
    cashier.type("saleName", "Ana")
    cashier.find("salePhone").setText("11\u201398765\u20114321\u200e")
    cashier.type("saleTotal", "1000")
    cashier.press(Qt.Key.Key_Return, "saleSubmit")
    cashier.wait_for_state("saleOutcome", "confirmed")
    customer = exact_json(bodies_sent_to(server, "/POS/orders")[0])["Customer"]
    assert customer == {
        "OriginalId": "+5511987654321", "Name": "Ana", "Phone": "+5511987654321", "IsEnrolled": True
    }  # fmt: skip


def test_consent_starts_with_the_customers_value(cashier: Cashier, server: TrainingServer) -> None:
    customer = next(c for c in server.service._customers.values() if c.document == "52998224725")
    customer.is_enrolled = False
    cashier.look_up("1001")
    cashier.press(Qt.Key.Key_F3)
    box = cashier.find("saleEnrolled")
    assert box.isChecked()
    cashier.type("saleDocument", "529.982.247-25")
    cashier.press(Qt.Key.Key_Return, "saleDocument")
    wait_until(lambda: not box.isChecked(), "the known value")
    cashier.type("saleTotal", "1000")
    cashier.press(Qt.Key.Key_Return, "saleSubmit")
    cashier.wait_for_state("saleOutcome", "confirmed")
    assert exact_json(bodies_sent_to(server, "/POS/orders")[0])["Customer"]["IsEnrolled"] is False
    assert box.isChecked(), "the next customer's box"


@pytest.mark.parametrize(("state", "said"), [(SaleState.PENDING, "pendente"), (SaleState.CANCELLED, "cancelada")])
def test_sale_without_points_is_shown_as_a_warning(cashier: Cashier, state: SaleState, said: str) -> None:
    cashier.fill_sale()
    box = cashier.find("saleState")
    box.setCurrentIndex(box.findData(state))
    cashier.press(Qt.Key.Key_Return, "saleSubmit")
    words = cashier.wait_for_state("saleOutcome", "confirmed")
    assert f"Venda registrada como {said}" in words
    assert cashier.find("saleOutcome").property("tone") == "warning"


def test_sale_draft_restores_every_field(
    cashier: Cashier, server: TrainingServer, start: Callable[..., Cashier], tmp_path: Path
) -> None:
    cashier.fill_sale()
    add_item(cashier)
    typed = {
        "saleItemCode": "789", "saleItemName": "Meia", "saleItemQuantity": "3", "saleItemPrice": "5,00",
        "saleOrderId": "PAPEL-1", "saleDate": "19/11 14:05", "saleStateDate": "20/11", "saleBirthday": "17/05",
        "saleSellerCode": "17", "saleCoupon": "VIP", "saleNote": "embrulhar", "saleMetadataValue": "0001",
    }  # fmt: skip
    for name, text in typed.items():
        cashier.type(name, text)
    cashier.find("saleEnrolled").click()
    cashier.find("saleMetadataName").setCurrentText("Cupom fiscal")
    draft = tmp_path / "data" / "drafts" / "sale.json"
    wait_until(
        lambda: draft.exists() and "Cupom fiscal" in json.dumps(json.loads(draft.read_text()), ensure_ascii=False),
        "the whole draft",
    )
    on_disk = draft.read_bytes()
    cashier.app.stop()
    draft.write_bytes(on_disk)
    again = start("--data-dir", str(tmp_path / "data"), "--api-url", server.url)
    again.press(Qt.Key.Key_F3)
    wait_until(lambda: again.text("saleNote") == "embrulhar", "the draft")
    assert {name: again.text(name) for name in typed} == typed
    assert not again.find("saleEnrolled").isChecked()
    assert again.find("saleItems").rowCount() == 1
    assert again.find("saleMetadataName").currentText() == "Cupom fiscal"
    assert again.text("saleMore").startswith("Menos"), "nothing is sent that is not in sight"


@pytest.mark.parametrize(
    "content",
    [
        {"saleName": "Maria", "items": [["Blusa", 1000]], "details": []},
        {"saleName": "Maria", "items": {"added": [{"price": "1"}], "typed": []}, "details": {"metadata": {"added": 3}}},
        {"saleName": "Maria", "items": {"added": [{}]}, "details": {"state": "x", "metadata": "y"}},
    ],
)
def test_sale_draft_of_another_shape_is_ignored(
    cashier: Cashier, server: TrainingServer, start: Callable[..., Cashier], tmp_path: Path, content: dict[str, object]
) -> None:
    cashier.app.stop()
    draft = tmp_path / "data" / "drafts" / "sale.json"
    draft.parent.mkdir(mode=0o700, exist_ok=True)
    draft.write_text(json.dumps(content))
    draft.chmod(0o600)
    again = start("--data-dir", str(tmp_path / "data"), "--api-url", server.url)
    again.press(Qt.Key.Key_F3)
    wait_until(lambda: again.text("saleName") == "Maria", "the draft")
    again.fill_sale("100")
    again.press(Qt.Key.Key_Return, "saleSubmit")
    again.wait_for_state("saleOutcome", "confirmed")
