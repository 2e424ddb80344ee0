"""Layout of notices and dialogs, shortcuts of hidden buttons, accessible names."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QLabel, QLineEdit, QWidget

from bonifiq_desktop.storage.appearance import SCALES, Appearance, write_appearance
from bonifiq_desktop.training_server.server import TrainingServer
from bonifiq_desktop.ui.messages.message import Message
from bonifiq_desktop.ui.widgets.buttons import KeyCap
from tests.support.cashier import Cashier, let_work, wait_until


@pytest.mark.parametrize(
    "name", ["workerMessage", "ledgerMessage", "operationNotice", "faultNotice", "draftNotice", "clockNotice"]
)
def test_notice_has_the_height_of_its_text(cashier: Cashier, name: str) -> None:
    cashier.window.resize(1366, 768)
    notice = cashier.find(name)
    notice.show_message(Message("warning", "O relógio deste PC está errado.", "Nada mudou.", "Acerte a data e a hora."))
    let_work(0.2)
    assert notice.height() < 2 * notice.fontMetrics().lineSpacing() * 4
    assert cashier.window.pages.geometry().top() <= notice.height() + 30


def test_hidden_button_holds_no_shortcut(cashier: Cashier) -> None:
    """Ctrl+Enter is on two buttons: on the card of a pending sale, and on the question about a personal number."""
    cashier.ask_for("52998224725")
    cashier.wait_for_message("lookupMessage")
    assert cashier.find("lookupSure").isVisible()
    cashier.look_up("1007")
    wait_until(lambda: cashier.find("completeSaleButton").isEnabled(), "the button")
    assert not cashier.find("lookupSure").isVisible()
    cashier.press(Qt.Key.Key_Return, modifier=Qt.KeyboardModifier.ControlModifier)
    wait_until(lambda: cashier.window.findChild(QWidget, "completeMessage") is not None, "the dialog")


def test_refund_form_after_a_message_keeps_its_line_spacing(cashier: Cashier) -> None:
    cashier.look_up("1001")
    cashier.open_refund()
    heading = cashier.find("refundItems")
    before = heading.y()
    cashier.type("refundValue", "99999999")
    let_work(0.2)
    cashier.type("refundValue", "1000")
    let_work(0.2)
    assert heading.y() == before


def test_refund_heading_after_registration_is_no_question(cashier: Cashier) -> None:
    cashier.look_up("1002")
    dialog = cashier.open_cancel()
    assert any(each.text().startswith("Cancelar inteiro  ·  pedido 1002") for each in dialog.findChildren(QLabel))
    cashier.press(Qt.Key.Key_Return, "cancelConfirm")
    cashier.wait_for_state("cancelOutcome", "confirmed")
    assert not [each.text() for each in dialog.findChildren(QLabel) if "?" in each.text()]


def test_pending_sale_shows_its_value_and_no_payment(cashier: Cashier) -> None:
    def words() -> set[str]:
        return {each.text() for each in cashier.find("orderCard").findChildren(QLabel)}

    cashier.look_up("1007")
    assert "Valor da venda" in words()
    assert "Cliente pagou" not in words()
    cashier.look_up("1001")
    assert "Cliente pagou" in words()


def test_first_start_focuses_the_token(
    start: Callable[..., Cashier], server: TrainingServer, data: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("BONIFIQ_API_TOKEN", "BONIFIQ_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    new = start("--data-dir", str(data), "--api-url", server.url)
    wait_until(lambda: new.is_shown("firstStart"), "the first step")
    assert new.window.focusWidget() is new.find("setupToken")


def test_every_field_has_an_accessible_name(cashier: Cashier) -> None:
    fields = [
        field
        for kind in (QLineEdit, QComboBox, QAbstractItemView)
        for field in cashier.window.findChildren(kind)
        if field.objectName() and not field.objectName().startswith("qt_")
    ]
    assert len(fields) > 20
    assert [field.objectName() for field in fields if not field.accessibleName()] == []


def test_refusal_on_the_open_refund_page_is_told_once(cashier: Cashier, server: TrainingServer) -> None:
    cashier.look_up("1001")
    cashier.open_refund()
    cashier.type("refundValue", "1000")
    server.faults.add("refuse", only="refund")
    cashier.confirm_refund()
    cashier.wait_for_state("refundOutcome", "refused")
    let_work(0.2)
    assert not cashier.find("operationNotice").isVisible()


def test_first_screen_has_the_stored_size(
    server: TrainingServer, credentials: None, start: Callable[..., Cashier], tmp_path: Path
) -> None:
    heights = []
    for scale in SCALES:
        data = tmp_path / str(scale)
        data.mkdir(mode=0o700)
        write_appearance(data / "appearance.json", Appearance(scale=scale))
        cashier = start("--data-dir", str(data), "--api-url", server.url)
        cap = cashier.window.side_bar.findChild(KeyCap)
        assert cap is not None
        heights.append(cap.height())
    assert heights == [22, 25, 29]
