"""The locked window: what it hides, closes and still does."""

import sys
from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from bonifiq_desktop.domain import undo
from bonifiq_desktop.security.credentials import Credentials, CredentialStore
from bonifiq_desktop.training_server.server import TrainingServer
from bonifiq_desktop.ui.recovery.crash_dialog import CrashDialog
from bonifiq_desktop.ui.widgets.sheet import Sheet
from bonifiq_desktop.ui.widgets.toast import Toast
from bonifiq_desktop.worker.commands import SignOut
from tests.support.cashier import Cashier, history, let_work, wait_until
from tests.support.eavesdropper import Eavesdropper
from tests.support.staff import BIA
from tests.support.staff_actions import audit_log_entries, dialog_is_open, open_settings, sign_in, sign_out


def test_order_refunded_while_locked_is_looked_up_again_after_sign_in(staffed: Cashier, server: TrainingServer) -> None:
    staffed.look_up("1001")
    server.stop()
    staffed.open_refund()
    staffed.type("refundValue", "1000")
    staffed.confirm_refund()
    staffed.wait_for_state("refundOutcome", "queued")
    sign_out(staffed)
    server.start()
    wait_until(lambda: history(staffed.app.paths.folder)[0]["state"] == "confirmed", "the refund")
    sign_in(staffed, "Bia", BIA.pin)
    wait_until(lambda: "10,00" in staffed.text("orderRefunded"), "the figures of now")
    assert staffed.find("refundButton").isEnabled()
    assert not staffed.find("lookupMessage").isVisible()


def test_refused_look_up_reveals_no_earlier_operation(staffed: Cashier) -> None:
    staffed.app.client.submit(SignOut())
    staffed.ask_for("1001")
    wait_until(lambda: staffed.is_shown("lockPin"), "the lock")
    wait_until(lambda: "Ninguém entrou" in staffed.text("lookupMessage"), "the answer")
    assert "foi só uma consulta" in staffed.text("lookupMessage")
    assert "registrado" not in staffed.text("lookupMessage")


def type_credentials(cashier: Cashier) -> None:
    """Type a token and a key without saving."""
    cashier.type("settingsToken", "owner-token-123")
    cashier.type("settingsKey", "owner-secret-key")


def typed_credentials(cashier: Cashier) -> tuple[str, str]:
    """Return the texts of both fields."""
    return cashier.text("settingsToken"), cashier.text("settingsKey")


def test_unsaved_credentials_are_cleared_by_lock_and_by_another_page(staffed: Cashier) -> None:
    staffed.press(Qt.Key.Key_F9)
    type_credentials(staffed)
    sign_out(staffed)
    sign_in(staffed, "Bia", BIA.pin)
    assert staffed.find("settingsKey").isVisible()
    assert typed_credentials(staffed) == ("", "")
    type_credentials(staffed)
    staffed.press(Qt.Key.Key_F2)
    staffed.press(Qt.Key.Key_F9)
    assert typed_credentials(staffed) == ("", "")
    assert not staffed.find("settingsKey").isUndoAvailable()


def test_credentials_typed_for_one_address_are_not_sent_to_another(staffed: Cashier) -> None:
    with Eavesdropper().listening() as eavesdropper:
        staffed.press(Qt.Key.Key_F9)
        type_credentials(staffed)
        staffed.find("settingsUrl").setText(eavesdropper.url)
        assert typed_credentials(staffed) == ("", "")
        assert "digite o token e a chave de novo" in staffed.text("settingsMessage")
        button = staffed.find("settingsTest")
        button.click()
        wait_until(button.isEnabled, "the answer")
    assert eavesdropper.received == b""


def open_windows(kind: type[QWidget]) -> list[QWidget]:
    """Return the visible windows of a class."""
    return [widget for widget in QApplication.allWidgets() if isinstance(widget, kind) and widget.isVisible()]


def test_open_menu_closes_when_the_window_locks(staffed: Cashier) -> None:
    field = staffed.find("lookupField")
    asked = QContextMenuEvent(
        QContextMenuEvent.Reason.Keyboard, field.rect().center(), field.mapToGlobal(field.rect().center())
    )
    QApplication.sendEvent(field, asked)
    wait_until(lambda: open_windows(QMenu), "the menu")
    sign_out(staffed)
    wait_until(lambda: not open_windows(QMenu), "the menu to go")


def test_dialog_opened_while_locked_closes_at_once(staffed: Cashier) -> None:
    open_settings(staffed, "people")
    sign_out(staffed)
    wait_until(lambda: audit_log_entries(staffed)[-1] == ("leave", "done"), "the leaving")
    let_work(0.1)
    staffed.find("peopleAdd").click()
    assert Sheet.open_in(staffed.window) is not None
    wait_until(lambda: Sheet.open_in(staffed.window) is None, "the dialog to go")


@pytest.mark.qt_no_exception_capture
def test_crash_while_locked_is_shown_after_sign_in(staffed: Cashier) -> None:
    sign_out(staffed)
    sys.excepthook(ValueError, ValueError("x"), None)
    wait_until(lambda: list(staffed.app.paths.crash_reports.iterdir()), "the report")
    let_work(0.2)
    assert not open_windows(CrashDialog)
    sign_in(staffed, "Bia", BIA.pin)
    wait_until(lambda: open_windows(CrashDialog), "the dialog")
    staffed.press(Qt.Key.Key_Return, "crashContinue")


def test_locked_window_with_unfinished_operations_can_be_closed(staffed: Cashier, server: TrainingServer) -> None:
    server.stop()
    staffed.fill_sale()
    staffed.press(Qt.Key.Key_Return, "saleSubmit")
    staffed.wait_for_state("saleOutcome", "queued", "unknown")
    sign_out(staffed)
    staffed.window.close()
    wait_until(lambda: Sheet.open_in(staffed.window), "the question")
    let_work(0.5)
    staffed.find("leaveAnyway").click()
    wait_until(lambda: not staffed.window.isVisible(), "the end")


def store_credentials(cashier: Cashier, server: TrainingServer) -> None:
    """Store the pair, because a pair from the environment proves no ownership."""
    store = CredentialStore(cashier.app.paths.credentials, None)
    store.save(Credentials(server.token, server.key), server.url, allow_plain_file=True)


def reset_pin(cashier: Cashier, server: TrainingServer, pin: str) -> None:
    """Prove ownership and give Ana a new PIN."""
    for field, text in (
        ("resetToken", server.token),
        ("resetKey", server.key),
        ("resetName", "Ana"),
        ("resetPin", pin),
        ("resetPinAgain", pin),
    ):
        cashier.type(field, text)
    let_work(0.2)  # an earlier Enter would look like a scanner's
    cashier.find("resetConfirm").click()


def test_forgotten_pin_is_reset_from_the_sign_in_page(staffed: Cashier, server: TrainingServer) -> None:
    store_credentials(staffed, server)
    sign_out(staffed)
    staffed.find("lockForgot").click()
    wait_until(lambda: dialog_is_open(staffed, "resetDialog"), "the dialog")
    staffed.press(Qt.Key.Key_Escape, "resetDialog")
    wait_until(lambda: not dialog_is_open(staffed, "resetDialog"), "the dialog to go")
    staffed.find("lockForgot").click()
    staffed.type("resetName", "Ana")
    staffed.app.client.sessionChanged.emit(staffed.app.client.session)  # the worker may publish it at any time
    let_work(0.5)
    assert staffed.text("resetName") == "Ana"
    reset_pin(staffed, server, "6170")
    wait_until(lambda: not dialog_is_open(staffed, "resetDialog"), "the new PIN")
    assert "Entre com ele" in staffed.text("lockMessage")
    assert staffed.is_shown("lockPin")
    sign_in(staffed, "Ana", "6170")


def test_forgotten_pin_is_reset_from_the_recovery_page(
    managed: Cashier, open_till: Callable[[], Cashier], server: TrainingServer
) -> None:
    store_credentials(managed, server)
    assert managed.app.stop()
    ledger = managed.app.paths.ledger
    for file in ledger.parent.glob(f"{ledger.name}*"):
        file.unlink()
    ledger.write_bytes(b"not a ledger" * 1000)
    again = open_till()
    wait_until(lambda: again.is_shown("rescueForgot"), "the button")
    again.find("rescueForgot").click()
    wait_until(lambda: dialog_is_open(again, "resetDialog"), "the dialog")
    reset_pin(again, server, "6170")
    wait_until(lambda: not dialog_is_open(again, "resetDialog"), "the new PIN")


def test_till_without_staff_offers_no_pin_reset(cashier: Cashier, open_till: Callable[[], Cashier]) -> None:
    assert cashier.app.stop()
    cashier.app.paths.ledger.write_bytes(b"not a ledger" * 1000)
    again = open_till()
    wait_until(lambda: again.is_shown("rescueRetry"), "the rescue page")
    assert not again.is_shown("rescueForgot")


def test_undo_of_a_registered_refund_goes_when_the_window_locks(
    staffed: Cashier, server: TrainingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(undo, "UNDO_SECONDS", 3.0)
    staffed.look_up("1001")
    staffed.open_refund()
    staffed.type("refundValue", "1000")
    staffed.confirm_refund()
    staffed.wait_for_state("refundOutcome", "queued")
    staffed.close_refund()
    assert staffed.find("toastUndo").isVisible()
    sign_out(staffed)
    let_work(0.1)
    assert not [toast for toast in staffed.window.findChildren(Toast) if toast.isVisible()]
    staffed.press(Qt.Key.Key_Z, modifier=Qt.KeyboardModifier.ControlModifier)
    wait_until(lambda: history(staffed.app.paths.folder)[0]["state"] == "confirmed", "the refund")
