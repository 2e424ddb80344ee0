"""Staff, PINs and approvals in the whole program."""

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLineEdit, QPushButton, QTableWidget

from bonifiq_desktop.domain.sales import SaleState
from bonifiq_desktop.domain.staff import SignInNeeded
from bonifiq_desktop.ledger.backups import backups_of, make_backup
from bonifiq_desktop.security.credentials import KEY_VARIABLE, TOKEN_VARIABLE
from bonifiq_desktop.services.refundable import LookupResult
from bonifiq_desktop.training_server.server import TrainingServer
from bonifiq_desktop.ui.access.person_tiles import PersonTiles
from bonifiq_desktop.worker.commands import LookUp, Outcome
from tests.program.test_credential_theft import set_up
from tests.support.cashier import Cashier, history, let_work, program, wait_until
from tests.support.staff import ANA, BIA
from tests.support.staff_actions import (
    add_person,
    audit_log_entries,
    choose_person,
    dialog_is_open,
    open_settings,
    sign_in,
    type_pin,
)


def test_whole_cancel_with_a_managers_pin_is_registered(managed: Cashier, server: TrainingServer) -> None:
    managed.look_up("1001")
    managed.open_cancel()
    managed.press(Qt.Key.Key_Return, "cancelConfirm")
    wait_until(lambda: dialog_is_open(managed, "approvalDialog"), "the question for the manager")
    assert server.service.applied == []
    type_pin(managed, "approvalPin", ANA.pin)
    managed.wait_for_state("cancelOutcome", "confirmed")
    assert audit_log_entries(managed)[-3:] == [
        ("cancel_order", "refused"),
        ("cancel_order", "allowed"),
        ("cancel", "done"),
    ]
    done = program("doctor", "--data-dir", str(managed.app.paths.folder))
    assert "audit trail" in done.stdout
    assert "none changed" in done.stdout


def test_sale_entered_as_cancelled_needs_approval_and_leaves_orders_alone(
    staffed: Cashier, server: TrainingServer
) -> None:
    staffed.press(Qt.Key.Key_F3)
    staffed.fill_sale("100")
    staffed.type("saleOrderId", "1002")
    state = staffed.find("saleState", QComboBox)
    state.setCurrentIndex(state.findData(SaleState.CANCELLED))
    staffed.find("saleSubmit", QPushButton).click()
    wait_until(lambda: dialog_is_open(staffed, "approvalDialog"), "the question for the manager")
    assert server.service.requests == []
    type_pin(staffed, "approvalPin", ANA.pin)
    staffed.wait_for_state("saleOutcome", "review")
    assert "já tem um pedido com este número" in staffed.text("saleOutcome")
    assert [request.method for request in server.service.requests] == ["GET"]


def test_whole_cancel_without_approval_registers_nothing(managed: Cashier, server: TrainingServer) -> None:
    managed.look_up("1001")
    managed.open_cancel()
    managed.press(Qt.Key.Key_Return, "cancelConfirm")
    wait_until(lambda: dialog_is_open(managed, "approvalDialog"), "the question for the manager")
    type_pin(managed, "approvalPin", "9999")
    assert "4" in managed.wait_for_message("approvalMessage")
    assert managed.find("approvalPin").text() == ""
    managed.press(Qt.Key.Key_Escape, "approvalDialog")
    assert "responsável" in managed.wait_for_message("cancelMessage")
    assert managed.find("cancelConfirm").isEnabled()
    assert server.service.applied == []
    assert managed.app.paths.ledger.exists()


def test_code_scanned_into_the_pin_field_counts_as_no_attempt(managed: Cashier) -> None:
    managed.look_up("1001")
    managed.open_cancel()
    managed.press(Qt.Key.Key_Return, "cancelConfirm")
    wait_until(lambda: dialog_is_open(managed, "approvalDialog"), "the question for the manager")
    field = managed.find("approvalPin", QLineEdit)
    QTest.keyClicks(field, "7891000315507")
    QTest.keyClick(field, Qt.Key.Key_Return)
    let_work(0.3)
    assert field.text() == ""
    assert ("pin", "refused") not in audit_log_entries(managed)


def test_sign_in_after_a_wrong_pin_keeps_and_counts_the_person(
    staffed: Cashier, open_till: Callable[[], Cashier]
) -> None:
    assert staffed.app.stop()
    again = open_till()
    wait_until(lambda: again.is_shown("lockPin"), "the lock")
    tiles = again.find("lockName", PersonTiles)

    def says(person: str, tries: int) -> bool:
        return again.text("lockMessage").startswith(f"{person}: ") and f": {tries}." in again.text("lockMessage")

    for person, pin, tries in (("Bia", ANA.pin, 4), ("Bia", "1357", 3), ("Ana", BIA.pin, 4), ("Bia", "2468", 2)):
        choose_person(again, "lockName", person)
        type_pin(again, "lockPin", pin)
        wait_until(partial(says, person, tries), "the person and the tries that remain")
        let_work(0.2)  # the session update after the attempt
        assert tiles.current() == person
    type_pin(again, "lockPin", BIA.pin)
    wait_until(lambda: not again.is_shown("lockPin"), "the open window")


def test_approval_after_a_wrong_pin_keeps_the_manager(managed: Cashier) -> None:
    add_person(managed, "Carla", "manager", "8642", approved_by=ANA.pin)
    managed.look_up("1001")
    managed.open_cancel()
    managed.press(Qt.Key.Key_Return, "cancelConfirm")
    wait_until(lambda: dialog_is_open(managed, "approvalDialog"), "the question for the manager")
    choose_person(managed, "approvalName", "Carla")
    type_pin(managed, "approvalPin", ANA.pin)
    assert managed.wait_for_message("approvalMessage").startswith("Carla: ")
    assert managed.find("approvalName", PersonTiles).current() == "Carla"


def test_window_before_sign_in_shows_nothing(staffed: Cashier, open_till: Callable[[], Cashier]) -> None:
    assert staffed.app.stop()
    again = open_till()
    wait_until(lambda: again.is_shown("lockPin"), "the lock")
    again.press(Qt.Key.Key_F4)
    again.press(Qt.Key.Key_Escape)
    assert not again.find("historyTable").isVisible()
    assert not again.find("lookupField").isVisible()
    choose_person(again, "lockName", "Bia")
    type_pin(again, "lockPin", "1357")
    again.wait_for_message("lockMessage")
    sign_in(again, "Bia", BIA.pin)
    assert again.find("lookupField").isVisible()
    assert "Bia" in again.find("presentPerson").accessibleName()


def test_idle_window_locks_and_the_outbox_keeps_sending(staffed: Cashier, server: TrainingServer) -> None:
    staffed.look_up("1001")
    server.stop()
    staffed.open_refund()
    staffed.type("refundValue", "1000")
    staffed.confirm_refund()
    staffed.wait_for_state("refundOutcome", "queued")
    idle = staffed.window.findChild(QTimer, "idleTimer")
    assert idle is not None
    assert idle.isActive()
    assert idle.interval() == 10 * 60_000
    idle.start(50)
    wait_until(lambda: staffed.is_shown("lockPin"), "the lock")
    wait_until(lambda: not dialog_is_open(staffed, "refundDialog"), "the dialog to close")
    server.start()
    wait_until(lambda: len(server.service.applied) == 1, "the refund that went out behind the lock")
    wait_until(lambda: history(staffed.app.paths.folder)[0]["state"] == "confirmed", "its end")
    assert staffed.is_shown("lockPin")


def test_input_at_the_window_delays_the_lock(staffed: Cashier) -> None:
    idle = staffed.window.findChild(QTimer, "idleTimer")
    assert idle is not None
    idle.start(60_000)
    wait_until(lambda: idle.remainingTime() < 59_500, "some time to pass")
    before = idle.remainingTime()
    staffed.type("lookupField", "1")
    assert idle.remainingTime() > before


def test_worker_while_locked_refuses_commands(staffed: Cashier, server: TrainingServer) -> None:
    staffed.press(Qt.Key.Key_L, modifier=Qt.KeyboardModifier.ControlModifier)
    wait_until(lambda: staffed.is_shown("lockPin"), "the lock")
    wait_until(lambda: audit_log_entries(staffed)[-1] == ("leave", "done"), "the leaving")
    outcomes: list[Outcome[LookupResult]] = []
    staffed.app.client.submit(LookUp("1001"), outcomes.append)
    wait_until(lambda: bool(outcomes), "the refusal")
    assert isinstance(outcomes[0].error, SignInNeeded)
    assert not server.service.requests


def test_history_shows_who_registered_and_who_approved(staffed: Cashier) -> None:
    staffed.look_up("1001")
    staffed.open_cancel()
    staffed.press(Qt.Key.Key_Return, "cancelConfirm")
    type_pin(staffed, "approvalPin", ANA.pin)
    staffed.wait_for_state("cancelOutcome", "confirmed")
    staffed.press(Qt.Key.Key_Escape, "cancelDialog")
    staffed.press(Qt.Key.Key_F4)
    detail = staffed.find("historyDetail")
    wait_until(lambda: "Bia, com autorização de Ana" in detail.toPlainText(), "both names")


def test_settings_without_a_managers_pin_are_not_saved(managed: Cashier) -> None:
    managed.press(Qt.Key.Key_F9)
    managed.type("settingsTill", "CAIXA7")
    managed.find("settingsSave").click()
    wait_until(lambda: dialog_is_open(managed, "approvalDialog"), "the question for the manager")
    managed.press(Qt.Key.Key_Escape, "approvalDialog")
    managed.wait_for_message("settingsMessage")
    assert not managed.app.paths.settings.exists()
    managed.find("settingsSave").click()
    type_pin(managed, "approvalPin", ANA.pin)
    managed.wait_for_message("settingsMessage", ("success",))
    assert json.loads(managed.app.paths.settings.read_text())["till"] == "CAIXA7"


def test_refund_above_the_limit_needs_approval(managed: Cashier, server: TrainingServer) -> None:
    managed.press(Qt.Key.Key_F9)
    managed.type("settingsRefundLimit", "2000")
    managed.find("settingsSave").click()
    type_pin(managed, "approvalPin", ANA.pin)
    managed.wait_for_message("settingsMessage", ("success",))
    managed.look_up("1001")
    managed.open_refund()
    managed.type("refundValue", "2001")
    managed.confirm_refund()
    type_pin(managed, "approvalPin", ANA.pin)
    managed.wait_for_state("refundOutcome", "confirmed")
    assert [entry.cents for entry in server.service.applied] == [2001]


def test_person_with_a_weak_or_mistyped_pin_is_not_added(cashier: Cashier) -> None:
    open_settings(cashier, "people")
    cashier.find("peopleAdd").click()
    for first, second, words in (("1234", "1234", "sequência"), ("4862", "4863", "iguais")):
        cashier.type("personName", "Ana")
        cashier.type("personPin", first)
        cashier.type("personPinAgain", second)
        let_work(0.2)
        cashier.find("personConfirm").click()
        wait_until(lambda expected=words: expected in cashier.text("personMessage"), words)  # type: ignore[misc]
    assert not cashier.app.paths.staff.exists()


def test_forgotten_pin_is_reset_with_token_and_key(
    start: Callable[..., Cashier], server: TrainingServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in (TOKEN_VARIABLE, KEY_VARIABLE):
        monkeypatch.delenv(variable, raising=False)
    cashier = start("--data-dir", str(tmp_path))
    assert "Ajustes salvos." in set_up(cashier, server, in_file=True)
    add_person(cashier, "Ana", "manager", ANA.pin)
    cashier.find("peopleForgot").click()
    for key, tone in ((server.key + "x", "danger"), (server.key, "")):
        for field, text in (
            ("resetToken", server.token),
            ("resetKey", key),
            ("resetName", "Ana"),
            ("resetPin", "6170"),
            ("resetPinAgain", "6170"),
        ):
            cashier.type(field, text)
        let_work(0.2)
        cashier.find("resetConfirm").click()
        if tone:
            assert "não são os deste caixa" in cashier.wait_for_message("resetMessage")
    wait_until(lambda: not dialog_is_open(cashier, "resetDialog"), "the new PIN")
    cashier.type("settingsTill", "CAIXA7")
    cashier.find("settingsSave").click()
    type_pin(cashier, "approvalPin", "6170")
    cashier.wait_for_message("settingsMessage", ("success",))


def test_staff_is_listed_and_removed(staffed: Cashier) -> None:
    open_settings(staffed, "people")
    table = staffed.find("peopleTable", QTableWidget)
    assert [table.item(row, 0).text() for row in range(table.rowCount())] == ["Ana", "Bia"]
    table.setCurrentCell(1, 0)
    staffed.find("peopleRemove").click()
    staffed.wait_for_message("peopleMessage")
    staffed.find("peopleRemove").click()
    type_pin(staffed, "approvalPin", ANA.pin)
    wait_until(lambda: table.rowCount() == 1, "the shorter list")
    wait_until(lambda: not staffed.find("presentPerson").isVisible(), "a till without sign-in")


def _doctor(folder: Path, *arguments: str, pin: str = "") -> subprocess.CompletedProcess[str]:
    """Run `doctor` on a data folder, in its own session: without a terminal it reads the PIN from standard input."""
    command = [sys.executable, "-m", "bonifiq_desktop", "doctor", "--data-dir", str(folder), *arguments]
    return subprocess.run(
        command, input=f"{pin}\n", capture_output=True, text=True, timeout=120, check=False, start_new_session=True
    )


def test_doctor_finds_a_flipped_byte_or_a_missing_audit_log(managed: Cashier) -> None:
    folder = managed.app.paths.folder
    managed.refund()
    assert managed.app.stop()
    again = folder / "audit.jsonl"
    sound = again.read_bytes()
    assert "none changed" in _doctor(folder).stdout
    again.write_bytes(sound.replace(b"Ana", b"Ane", 1))
    found = _doctor(folder)
    assert "NOT as it was written, from line 1" in found.stdout
    assert found.returncode == 1


def test_missing_audit_log_is_reported(managed: Cashier, open_till: Callable[[], Cashier]) -> None:
    folder = managed.app.paths.folder
    assert managed.app.stop()
    again = open_till()  # every start stores the head of the audit log in the ledger
    wait_until(lambda: again.app.client.session.requires_approval, "the worker")
    assert again.app.stop()
    for name in ("audit.jsonl", "audit.head"):
        (folder / name).unlink()
    assert "NOT as it was written, from line 1" in _doctor(folder).stdout


def test_audit_log_removed_in_its_first_session_is_reported(managed: Cashier) -> None:
    folder = managed.app.paths.folder
    managed.refund()
    for name in ("audit.jsonl", "audit.head"):
        (folder / name).unlink()
    assert "NOT as it was written, from line 1" in _doctor(folder).stdout
    assert managed.app.stop()
    assert "NOT as it was written, from line 1" in _doctor(folder).stdout


def test_restore_by_command_line_needs_a_managers_pin(managed: Cashier) -> None:
    folder = managed.app.paths.folder
    managed.refund()
    assert managed.app.stop()
    copy = make_backup(folder / "ledger.db", datetime.now(UTC)) or newest_backup(folder)
    before = (folder / "ledger.db").read_bytes()
    for name, pin in (("Ana", "9999"), ("Eva", ANA.pin)):
        refused = _doctor(folder, "--restore", copy.name, "--name", name, pin=pin)
        assert refused.returncode == 1
        assert "PIN não confere" in refused.stderr
    assert (folder / "ledger.db").read_bytes() == before
    done = _doctor(folder, "--restore", copy.name, "--name", "Ana", pin=ANA.pin)
    assert "put back by Ana" in done.stdout
    assert ANA.pin not in done.stdout + done.stderr
    assert ("restore", "allowed") in audit_log_entries(managed)


def newest_backup(folder: Path) -> Path:
    """Return the newest backup of the backup schedule."""
    return backups_of(folder / "ledger.db")[0].path
