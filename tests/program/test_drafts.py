"""What is half typed survives Esc, closing and a power cut."""

import json
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from bonifiq_desktop.training_server.server import TrainingServer
from tests.support.cashier import Cashier, let_work, wait_until


def draft_file(tmp_path: Path, screen: str) -> Path:
    return tmp_path / "data" / "drafts" / f"{screen}.json"


def close(cashier: Cashier, dialog: str) -> None:
    """Esc in a dialog."""
    cashier.press(Qt.Key.Key_Escape, dialog)
    wait_until(lambda: not cashier.is_open(dialog), "the dialog to close")


def test_refund_draft_survives_esc(cashier: Cashier) -> None:
    cashier.look_up("1001")
    cashier.open_refund()
    cashier.tick(1)
    cashier.type_item_value(1, "2000")
    cashier.close_refund()
    cashier.open_refund()
    wait_until(lambda: cashier.text("refundValue") == "20,00", "the draft")
    assert cashier.find("refundItems").ticked_rows() == [1]


def test_refund_draft_of_another_order_is_not_restored(cashier: Cashier) -> None:
    cashier.look_up("1001")
    cashier.open_refund()
    cashier.type("refundValue", "2000")
    cashier.close_refund()
    cashier.look_up("1003")
    cashier.open_refund()
    let_work(0.2)
    assert cashier.text("refundValue") == ""


def test_sale_draft_is_saved_while_typing_and_restored_at_the_start(
    cashier: Cashier, server: TrainingServer, start: Callable[..., Cashier], tmp_path: Path
) -> None:
    cashier.fill_sale("15990")
    wait_until(draft_file(tmp_path, "sale").exists, "the draft on disk")
    # The power is cut here: what is on disk now is all there is.
    on_disk = draft_file(tmp_path, "sale").read_bytes()
    assert json.loads(on_disk)["saleName"] == "Maria Aparecida"
    cashier.app.stop()
    draft_file(tmp_path, "sale").write_bytes(on_disk)
    again = start("--data-dir", str(tmp_path / "data"), "--api-url", server.url)
    again.press(Qt.Key.Key_F3)
    wait_until(lambda: again.text("saleName") == "Maria Aparecida", "the draft")
    assert again.text("saleTotal") == "159,90"
    assert "ainda não foi registrada" in again.wait_for_message("saleMessage", ("info",))
    assert not server.service.applied


def test_registered_sale_deletes_its_draft(cashier: Cashier, tmp_path: Path) -> None:
    cashier.fill_sale()
    wait_until(draft_file(tmp_path, "sale").exists, "the draft on disk")
    cashier.press(Qt.Key.Key_Return, "saleSubmit")
    cashier.wait_for_state("saleOutcome", "confirmed")
    wait_until(lambda: not draft_file(tmp_path, "sale").exists(), "the draft to go")


def test_late_customer_answer_does_not_fill_the_next_sale(cashier: Cashier, server: TrainingServer) -> None:
    cashier.look_up("1001")
    server.faults.add("delay", only="lookup", seconds=0.5)
    cashier.fill_sale()
    cashier.press(Qt.Key.Key_Return, "saleSubmit")
    cashier.wait_for_state("saleOutcome", "confirmed")
    let_work(0.8)
    assert cashier.text("saleName") == cashier.text("saleEmail") == ""
    assert cashier.find("saleOutcome").property("state") == "confirmed"


def test_cancel_reason_draft_survives_esc_and_a_restart(
    cashier: Cashier, server: TrainingServer, start: Callable[..., Cashier], tmp_path: Path
) -> None:
    cashier.look_up("1001")
    cashier.open_cancel()
    QTest.keyClicks(cashier.find("cancelReason1"), "5")
    cashier.type("cancelReasonText", "Cliente mudou-se")
    close(cashier, "cancelDialog")
    cashier.look_up("1002")
    cashier.open_cancel()
    let_work(0.2)
    assert cashier.find("cancelReason").currentText() != "Cliente mudou-se"
    close(cashier, "cancelDialog")
    cashier.app.stop()
    again = start("--data-dir", str(tmp_path / "data"), "--api-url", server.url)
    again.look_up("1001")
    again.open_cancel()
    wait_until(lambda: again.find("cancelReason").currentText() == "Cliente mudou-se", "the draft")
    again.press(Qt.Key.Key_Return, "cancelConfirm")
    again.wait_for_state("cancelOutcome", "confirmed")
    order = server.service.find("1001")
    assert order is not None
    assert order.status == "Cliente mudou-se"
    wait_until(lambda: not draft_file(tmp_path, "cancel").exists(), "the draft to go")
