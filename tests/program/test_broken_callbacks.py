"""Something of our own breaks: nobody is left before a window that does not move, and nothing registered is lost."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from bonifiq_desktop.training_server.server import TrainingServer
from bonifiq_desktop.ui.lookup.result import LookupResultView
from bonifiq_desktop.ui.refund.dialog import RefundDialog
from bonifiq_desktop.ui.sale.page import SalePage
from bonifiq_desktop.ui.widgets.banner import OutcomeBanner
from tests.support.cashier import Cashier, history, wait_until


def break_once(monkeypatch: pytest.MonkeyPatch, owner: type, name: str) -> None:
    """A mistake of ours in one place, which shows only the first time."""
    really = getattr(owner, name)

    def fragile(*arguments: object) -> object:
        monkeypatch.setattr(owner, name, really)
        raise ZeroDivisionError(name)

    monkeypatch.setattr(owner, name, fragile)


def logged(cashier: Cashier) -> str:
    return "".join(file.read_text(encoding="utf-8") for file in cashier.app.paths.logs.iterdir())


def confirm_a_refund(cashier: Cashier) -> None:
    cashier.look_up("1001")
    cashier.open_refund()
    cashier.type("refundValue", "1000")
    cashier.confirm_refund()


def test_a_worker_that_ends_is_said_and_what_was_registered_goes_on_after_a_restart(
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
@pytest.mark.parametrize(("owner", "name"), [(RefundDialog, "registered"), (OutcomeBanner, "show_operation")])
def test_a_dialog_that_breaks_after_registering_says_so_closes_and_registers_nothing_twice(
    cashier: Cashier, server: TrainingServer, monkeypatch: pytest.MonkeyPatch, owner: type, name: str
) -> None:
    break_once(monkeypatch, owner, name)
    confirm_a_refund(cashier)
    assert "não esperava" in cashier.wait_for_message("refundMessage")
    confirm = cashier.find("refundConfirm")
    assert "Fechar" in confirm.text()
    wait_until(confirm.isEnabled, "the button")
    cashier.press(Qt.Key.Key_Return, "refundConfirm")
    wait_until(lambda: cashier.window.findChild(RefundDialog) is None, "the dialog to close")
    wait_until(lambda: cashier.text("orderRefundable") == "R$\u00a0119,90", "the settled refund")
    assert [entry.cents for entry in server.service.applied] == [1000]
    assert '"error": ["ZeroDivisionError"]' in logged(cashier)
    assert name not in logged(cashier)


@pytest.mark.qt_no_exception_capture
@pytest.mark.parametrize(("owner", "name"), [(SalePage, "_start_anew"), (OutcomeBanner, "show_operation")])
def test_a_sale_page_that_breaks_after_registering_takes_the_next_sale_and_none_twice(
    cashier: Cashier, server: TrainingServer, monkeypatch: pytest.MonkeyPatch, owner: type, name: str
) -> None:
    break_once(monkeypatch, owner, name)
    cashier.fill_sale("15990")
    cashier.press(Qt.Key.Key_Return, "saleSubmit")
    assert "não esperava" in cashier.wait_for_message("saleMessage")
    if name == "_start_anew":  # the sale still stands there, and somebody presses again
        cashier.press(Qt.Key.Key_Return, "saleSubmit")
        wait_until(lambda: "já estava registrado" in cashier.text("saleMessage"), "the answer")
    cashier.fill_sale("100")
    cashier.press(Qt.Key.Key_Return, "saleSubmit")
    cashier.wait_for_state("saleOutcome", "confirmed")
    wait_until(lambda: len(server.service.applied) == 2, "both sales")
    assert [entry.cents for entry in server.service.applied] == [15990, 100]


@pytest.mark.qt_no_exception_capture
def test_a_look_up_that_cannot_be_shown_does_not_look_as_if_it_were_still_going_on(
    cashier: Cashier, monkeypatch: pytest.MonkeyPatch
) -> None:
    break_once(monkeypatch, LookupResultView, "_show")
    cashier.ask_for("1001")
    assert "não esperava" in cashier.wait_for_message("lookupMessage")
    cashier.look_up("1001")
    assert cashier.find("refundButton").isEnabled()
