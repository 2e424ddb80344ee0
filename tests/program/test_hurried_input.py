"""Hurried hands: Enter upon Enter, a scanner at the wrong moment, Esc too early, a window closed at once."""

import json
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from bonifiq_desktop.storage.paths import resource
from bonifiq_desktop.training_server.server import TrainingServer
from bonifiq_desktop.ui.widgets.operation_page import OperationPage
from tests.support.cashier import Cashier, history, let_work, wait_until


def applied(server: TrainingServer) -> list[tuple[str, int]]:
    return [(entry.kind, entry.cents) for entry in server.service.applied]


def press_enter_where_the_focus_is() -> None:
    focused = QApplication.focusWidget()
    if focused is not None:
        QTest.keyClick(focused, Qt.Key.Key_Return)


def test_repeated_enter_confirms_the_typed_value_only(cashier: Cashier, server: TrainingServer) -> None:
    cashier.look_up("1001")
    cashier.open_refund()
    cashier.type("refundValue", "1000")
    for _ in range(2):  # to the button, and on it
        let_work(0.2)
        press_enter_where_the_focus_is()
    cashier.wait_for_state("refundOutcome", "confirmed")
    for _ in range(2):  # closes the outcome, and looks the order up again
        let_work(0.2)
        press_enter_where_the_focus_is()
    assert applied(server) == [("refund", 1000)]


def test_scanned_code_and_its_enter_confirm_nothing(cashier: Cashier, server: TrainingServer) -> None:
    cashier.look_up("1001")
    cashier.open_refund()
    cashier.press(Qt.Key.Key_F8)
    for _ in range(4):
        let_work(0.2)
        focused = QApplication.focusWidget()
        assert focused is not None
        QTest.keyClicks(focused, "7891000315507")
        press_enter_where_the_focus_is()
    let_work(0.3)
    assert applied(server) == []
    assert cashier.find("refundDialog").isVisible()


def test_enter_and_esc_after_confirming_leave_no_draft(
    cashier: Cashier, server: TrainingServer, tmp_path: Path
) -> None:
    cashier.look_up("1001")
    cashier.open_refund()
    cashier.type("refundValue", "1000")
    wait_until((tmp_path / "data" / "drafts" / "refund.json").exists, "the draft")
    QTest.keyClick(cashier.find("refundConfirm"), Qt.Key.Key_Return)
    QTest.keyClick(cashier.find("refundDialog"), Qt.Key.Key_Escape)
    press_enter_where_the_focus_is()
    cashier.wait_for_state("refundOutcome", "confirmed")
    cashier.close_refund()
    cashier.look_up("1001")
    cashier.open_refund()
    let_work(0.3)
    assert cashier.text("refundValue") == ""
    assert not cashier.find("refundConfirm").isEnabled()
    assert applied(server) == [("refund", 1000)]


def test_draft_of_a_registered_refund_is_not_registered_again(
    cashier: Cashier, server: TrainingServer, start: Callable[..., Cashier], tmp_path: Path
) -> None:
    draft = tmp_path / "data" / "drafts" / "sale.json"
    cashier.fill_sale()
    wait_until(lambda: draft.exists() and json.loads(draft.read_text())["total"] == 15990, "the whole draft")
    kept = draft.read_bytes()
    cashier.press(Qt.Key.Key_Return, "saleSubmit")
    cashier.wait_for_state("saleOutcome", "confirmed")
    cashier.app.stop()
    draft.write_bytes(kept)  # the power went between the commit and the end of the draft
    again = start("--data-dir", str(tmp_path / "data"), "--api-url", server.url)
    again.press(Qt.Key.Key_F3)
    wait_until(lambda: again.text("saleTotal") == "159,90", "the draft")
    again.press(Qt.Key.Key_Return, "saleSubmit")
    assert "já estava registrado" in again.wait_for_message("saleMessage")
    assert again.text("saleTotal") == ""
    assert applied(server) == [("sale", 15990)]


def test_refund_submitted_just_before_closing_is_registered(
    cashier: Cashier, server: TrainingServer, tmp_path: Path
) -> None:
    cashier.fill_sale()
    cashier.press(Qt.Key.Key_Return, "saleSubmit")
    cashier.app.stop()
    [row] = history(tmp_path / "data")
    assert row["kind"] == "sale"
    assert not (tmp_path / "data" / "drafts" / "sale.json").exists()


def test_card_refresh_keeps_the_typed_number(cashier: Cashier, server: TrainingServer) -> None:
    server.faults.add("delay", only="refund", seconds=0.6)
    cashier.refund(state="sending")
    let_work(0.1)
    field = cashier.find("lookupField")
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "100")
    wait_until(lambda: cashier.text("orderRefundable") == "R$\u00a0119,90", "the settled refund")
    QTest.keyClicks(field, "3")
    assert cashier.text("lookupField") == "1003"


def test_corrected_document_removes_the_autofilled_customer(cashier: Cashier) -> None:
    cashier.look_up("1001")
    cashier.press(Qt.Key.Key_F3)
    cashier.type("saleDocument", "529.982.247-25")
    cashier.press(Qt.Key.Key_Return, "saleDocument")
    wait_until(lambda: "@" in cashier.text("saleEmail"), "the customer")
    cashier.type("saleDocument", "111.444.777-35")
    assert cashier.text("saleName") == cashier.text("saleEmail") == cashier.text("salePhone") == ""


def test_two_keys_at_once_open_one_dialog(cashier: Cashier) -> None:
    cashier.look_up("1001")
    cashier.press(Qt.Key.Key_F6)
    cashier.press(Qt.Key.Key_F7)
    let_work(0.3)
    pages = cashier.window.findChildren(OperationPage)
    assert [page.objectName() for page in pages] == ["refundDialog"]


def test_esc_goes_back_to_the_look_up_with_the_sale_kept(cashier: Cashier) -> None:
    cashier.fill_sale()
    cashier.press(Qt.Key.Key_Escape)
    assert cashier.find("lookupField").isVisible()
    cashier.press(Qt.Key.Key_F3)
    assert cashier.text("saleName") == "Maria Aparecida"


def test_notice_about_a_hidden_operation_stays_until_the_history_opens(
    cashier: Cashier, server: TrainingServer
) -> None:
    server.faults.add("refuse", only="sale", message="Cliente bloqueado.")
    cashier.fill_sale()
    cashier.press(Qt.Key.Key_Return, "saleSubmit")
    cashier.press(Qt.Key.Key_F2)
    notice = cashier.find("operationNotice")
    wait_until(notice.isVisible, "the notice")
    assert "O BonifiQ recusou" in notice.text()
    assert "Cliente bloqueado." in notice.text()
    cashier.press(Qt.Key.Key_F4)
    assert not notice.isVisible()


def test_training_mode_refuses_other_servers(
    server: TrainingServer, credentials: None, start: Callable[..., Cashier], tmp_path: Path
) -> None:
    server.faults.add("refuse", only="lookup")
    other = start("--training", "--data-dir", str(tmp_path / "other"), "--api-url", "http://127.0.0.1:9")
    wait_until(lambda: "servidor de treinamento" in other.text("ledgerMessage"), "the sentence")
    joined = start("--training", "--data-dir", str(tmp_path / "joined"), "--api-url", server.url)
    server.faults.clear()
    joined.look_up("1001")


def test_possibly_sent_operation_is_not_sent_to_another_server(
    cashier: Cashier, server: TrainingServer, start: Callable[..., Cashier], tmp_path: Path
) -> None:
    server.faults.add("lose_answer", only="sale", times=100)
    server.faults.add("error_500", only="lookup", times=100)
    cashier.fill_sale()
    cashier.press(Qt.Key.Key_Return, "saleSubmit")
    cashier.wait_for_state("saleOutcome", "unknown")
    cashier.app.stop()
    with TrainingServer(
        contract=resource("contract/bonifiq.openapi.json"), token=server.token, key=server.key
    ) as second:
        elsewhere = start("--data-dir", str(tmp_path / "data"), "--api-url", second.url)
        elsewhere.look_up("1001")
        let_work(1.5)
        assert [request for request in second.service.requests if request.method == "POST"] == []
    assert history(tmp_path / "data")[0]["state"] == "unknown"
