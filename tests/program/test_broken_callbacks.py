"""Errors in the program's own code: the window stays usable and registers nothing twice."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from bonifiq_desktop.training_server.server import TrainingServer
from bonifiq_desktop.ui.lookup.result import LookupResultView
from bonifiq_desktop.ui.refund.refund_page import RefundPage
from bonifiq_desktop.ui.sale.page import SalePage
from bonifiq_desktop.ui.widgets.banner import OutcomeBanner
from bonifiq_desktop.ui.widgets.outcome_panel import OutcomePanel
from tests.support.cashier import Cashier, history, wait_until

ERROR_TEXT = "a text that may name a customer"


def fail_once(monkeypatch: pytest.MonkeyPatch, owner: type, name: str) -> None:
    """Make one method raise the first time it is called."""
    really = getattr(owner, name)

    def fragile(*arguments: object) -> object:
        monkeypatch.setattr(owner, name, really)
        raise ZeroDivisionError(ERROR_TEXT)

    monkeypatch.setattr(owner, name, fragile)


def log_text(cashier: Cashier) -> str:
    return "".join(file.read_text(encoding="utf-8") for file in cashier.app.paths.logs.iterdir())


def confirm_a_refund(cashier: Cashier) -> None:
    cashier.look_up("1001")
    cashier.open_refund()
    cashier.type("refundValue", "1000")
    cashier.confirm_refund()


def test_crashed_worker_is_reported_and_its_operations_resume(
    cashier: Cashier, server: TrainingServer, start: Callable[..., Cashier], tmp_path: Path
) -> None:
    cashier.look_up("1001")
    server.stop()
    cashier.open_refund()
    cashier.type("refundValue", "1000")
    cashier.confirm_refund()
    wait_until(lambda: "aguardando a internet" in cashier.text("refundOutcome"), "the waiting refund")
    cashier.close_refund()
    thread = cashier.app.client._thread
    assert thread is not None
    thread._loop.call_soon_threadsafe(sys.exit)
    said = cashier.find("workerMessage")
    wait_until(said.isVisible, "the sentence")
    assert "não se perde" in said.text()
    assert "abra de novo" in said.text()
    cashier.ask_for("1002")
    assert "parou de funcionar" in cashier.wait_for_message("lookupMessage")
    cashier.fill_sale("15990")
    cashier.press(Qt.Key.Key_Return, "saleSubmit")
    assert "parou de funcionar" in cashier.wait_for_message("saleMessage")
    assert cashier.text("saleTotal") == "159,90"
    assert cashier.find("saleSubmit").isEnabled()
    assert cashier.app.stop()
    server.start()
    again = start("--data-dir", str(tmp_path / "data"), "--api-url", server.url)
    wait_until(lambda: again.counted and again.counted[-1] == "Nada pendente", "the empty outbox")
    assert [(row["kind"], row["state"]) for row in history(tmp_path / "data")] == [("refund", "confirmed")]
    assert [entry.kind for entry in server.service.applied] == ["refund"]


@pytest.mark.qt_no_exception_capture
@pytest.mark.parametrize(("owner", "name"), [(RefundPage, "registered"), (OutcomePanel, "show_operation")])
def test_dialog_failing_after_registration_registers_once(
    cashier: Cashier, server: TrainingServer, monkeypatch: pytest.MonkeyPatch, owner: type, name: str
) -> None:
    fail_once(monkeypatch, owner, name)
    confirm_a_refund(cashier)
    assert "não esperava" in cashier.wait_for_message("refundMessage")
    confirm = cashier.find("refundConfirm")
    assert "Fechar" in confirm.text()
    wait_until(confirm.isEnabled, "the button")
    cashier.press(Qt.Key.Key_Return, "refundConfirm")
    wait_until(lambda: cashier.window.findChild(RefundPage) is None, "the dialog to close")
    wait_until(lambda: cashier.text("orderRefundable") == "R$\u00a0119,90", "the settled refund")
    assert [entry.cents for entry in server.service.applied] == [1000]
    assert '"error": ["ZeroDivisionError"]' in log_text(cashier)
    assert ERROR_TEXT not in log_text(cashier)


@pytest.mark.qt_no_exception_capture
@pytest.mark.parametrize(("owner", "name"), [(SalePage, "_clear"), (OutcomeBanner, "show_operation")])
def test_sale_page_failing_after_registration_registers_once(
    cashier: Cashier, server: TrainingServer, monkeypatch: pytest.MonkeyPatch, owner: type, name: str
) -> None:
    fail_once(monkeypatch, owner, name)
    cashier.fill_sale("15990")
    cashier.press(Qt.Key.Key_Return, "saleSubmit")
    assert "não esperava" in cashier.wait_for_message("saleMessage")
    if name == "_clear":  # the sale is still on the form; the cashier presses again
        cashier.press(Qt.Key.Key_Return, "saleSubmit")
        wait_until(lambda: "já estava registrado" in cashier.text("saleMessage"), "the answer")
    cashier.fill_sale("100")
    cashier.press(Qt.Key.Key_Return, "saleSubmit")
    cashier.wait_for_state("saleOutcome", "confirmed")
    wait_until(lambda: len(server.service.applied) == 2, "both sales")
    assert [entry.cents for entry in server.service.applied] == [15990, 100]


@pytest.mark.qt_no_exception_capture
def test_look_up_that_cannot_be_shown_ends_with_a_message(cashier: Cashier, monkeypatch: pytest.MonkeyPatch) -> None:
    fail_once(monkeypatch, LookupResultView, "_show_order")
    cashier.ask_for("1001")
    assert "não esperava" in cashier.wait_for_message("lookupMessage")
    cashier.look_up("1001")
    assert cashier.find("refundButton").isEnabled()
