"""People and PINs in the real window."""

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QDialog, QLineEdit, QPushButton, QTableWidget

from bonifiq_desktop.background.commands import LookUp, Outcome
from bonifiq_desktop.domain.sales import SaleState
from bonifiq_desktop.ledger.backups import backups_of, make_backup
from bonifiq_desktop.services.errors import SignInNeeded
from bonifiq_desktop.services.values import FoundOrder
from bonifiq_desktop.training.server import TrainingServer
from tests.people import ANA, BIA
from tests.program.cashier import Cashier, history, let_work, program, wait_until

A_HANDS_PAUSE = 0.06
"""Seconds before Enter, as a hand makes; a scanner does not."""


def type_pin(cashier: Cashier, name: str, pin: str) -> None:
    """Type a PIN and press Enter, as a hand does."""

    def is_there() -> bool:
        field = cashier.window.findChild(QLineEdit, name)
        return field is not None and field.isVisible() and field.isEnabled()

    wait_until(is_there, name)
    cashier.type(name, pin)
    let_work(A_HANDS_PAUSE)
    cashier.press(Qt.Key.Key_Return, name)


def dialog_is_open(cashier: Cashier, name: str) -> bool:
    """Whether a dialog is there."""
    return cashier.window.findChild(QDialog, name) is not None


def add_person(cashier: Cashier, name: str, role: str, pin: str, *, approved_by: str = "") -> None:
    """Name somebody in the settings."""
    cashier.press(Qt.Key.Key_F9)
    cashier.find("peopleAdd").click()
    wait_until(lambda: dialog_is_open(cashier, "personDialog"), "the dialog")
    box = cashier.find("personRole", QComboBox)
    box.setCurrentIndex(box.findData(role))
    for field, text in (("personName", name), ("personPin", pin), ("personPinAgain", pin)):
        cashier.type(field, text)
    let_work(0.2)  # else the Enter of the last field would be a scanner's
    cashier.find("personConfirm").click()
    if approved_by:
        wait_until(lambda: dialog_is_open(cashier, "approvalDialog"), "the question for the manager")
        type_pin(cashier, "approvalPin", approved_by)
    wait_until(lambda: not dialog_is_open(cashier, "personDialog"), "the saved person")


@pytest.fixture(name="managed")
def counter_with_a_manager(cashier: Cashier) -> Cashier:
    """Ana is the manager; nobody else is named."""
    add_person(cashier, "Ana", "manager", ANA.pin)
    return cashier


@pytest.fixture(name="staffed")
def counter_with_people(managed: Cashier) -> Cashier:
    """Ana is the manager, Bia is at the counter."""
    add_person(managed, "Bia", "cashier", BIA.pin, approved_by=ANA.pin)
    wait_until(lambda: managed.find("lockPin").isVisible(), "the lock")
    sign_in(managed, "Bia", BIA.pin)
    return managed


def sign_in(cashier: Cashier, name: str, pin: str) -> None:
    """Choose a name, type the PIN."""
    box = cashier.find("lockName", QComboBox)
    box.setCurrentIndex(box.findData(name))
    type_pin(cashier, "lockPin", pin)
    wait_until(lambda: not cashier.find("lockPin").isVisible(), "the open window")


def trail(cashier: Cashier) -> list[tuple[str, str]]:
    """What is in the trail: what was done, and its outcome."""
    lines = (cashier.app.paths.folder / "audit.jsonl").read_text().splitlines()
    return [(line["did"], line["outcome"]) for line in map(json.loads, lines)]


def test_a_whole_cancel_asks_for_the_manager_and_goes_through_with_her_pin(
    managed: Cashier, server: TrainingServer
) -> None:
    managed.look_up("1001")
    managed.open_cancel()
    managed.press(Qt.Key.Key_Return, "cancelConfirm")
    wait_until(lambda: dialog_is_open(managed, "approvalDialog"), "the question for the manager")
    assert server.shop.applied == []
    type_pin(managed, "approvalPin", ANA.pin)
    managed.wait_for_state("cancelOutcome", "confirmed")
    assert trail(managed)[-3:] == [("cancel_order", "refused"), ("cancel_order", "allowed"), ("cancel", "done")]
    done = program("doctor", "--data-dir", str(managed.app.paths.folder))
    assert "audit trail" in done.stdout
    assert "none changed" in done.stdout


def test_a_cancelled_sale_asks_for_the_manager_and_never_touches_an_order_that_is_there(
    staffed: Cashier, server: TrainingServer
) -> None:
    staffed.press(Qt.Key.Key_F3)
    staffed.fill_sale("100")
    staffed.type("saleOrderId", "1002")
    state = staffed.find("saleState", QComboBox)
    state.setCurrentIndex(state.findData(SaleState.CANCELLED))
    staffed.find("saleSubmit", QPushButton).click()
    wait_until(lambda: dialog_is_open(staffed, "approvalDialog"), "the question for the manager")
    assert server.shop.requests == []
    type_pin(staffed, "approvalPin", ANA.pin)
    staffed.wait_for_state("saleOutcome", "review")
    assert "já tem um pedido com este número" in staffed.text("saleOutcome")
    assert [request.method for request in server.shop.requests] == ["GET"]


def test_without_the_manager_nothing_is_cancelled_and_the_window_says_so(
    managed: Cashier, server: TrainingServer
) -> None:
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
    assert server.shop.applied == []
    assert managed.app.paths.ledger.exists()


def test_a_scanned_code_is_no_guess(managed: Cashier) -> None:
    managed.look_up("1001")
    managed.open_cancel()
    managed.press(Qt.Key.Key_Return, "cancelConfirm")
    wait_until(lambda: dialog_is_open(managed, "approvalDialog"), "the question for the manager")
    field = managed.find("approvalPin", QLineEdit)
    QTest.keyClicks(field, "7891000315507")
    QTest.keyClick(field, Qt.Key.Key_Return)
    let_work(0.3)
    assert field.text() == ""
    assert ("pin", "refused") not in trail(managed)


def test_the_till_asks_who_is_there_and_shows_nothing_before(
    staffed: Cashier, open_till: Callable[[], Cashier]
) -> None:
    assert staffed.app.stop()
    again = open_till()
    wait_until(lambda: again.find("lockPin").isVisible(), "the lock")
    again.press(Qt.Key.Key_F4)
    again.press(Qt.Key.Key_Escape)
    assert not again.find("historyTable").isVisible()
    assert not again.find("lookupField").isVisible()
    type_pin(again, "lockPin", "1357")
    again.wait_for_message("lockMessage")
    sign_in(again, "Bia", BIA.pin)
    assert again.find("lookupField").isVisible()
    assert "Bia" in again.find("presentPerson").accessibleName()


def test_left_alone_the_window_locks_closes_what_is_open_and_the_queue_goes_on(
    staffed: Cashier, server: TrainingServer
) -> None:
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
    wait_until(lambda: staffed.find("lockPin").isVisible(), "the lock")
    wait_until(lambda: not dialog_is_open(staffed, "refundDialog"), "the dialog to close")
    server.start()
    wait_until(lambda: len(server.shop.applied) == 1, "the refund that went out behind the lock")
    wait_until(lambda: history(staffed.app.paths.folder)[0]["state"] == "confirmed", "its end")
    assert staffed.find("lockPin").isVisible()


def test_a_hand_at_the_window_puts_the_lock_off(staffed: Cashier) -> None:
    idle = staffed.window.findChild(QTimer, "idleTimer")
    assert idle is not None
    idle.start(60_000)
    wait_until(lambda: idle.remainingTime() < 59_500, "some time to pass")
    before = idle.remainingTime()
    staffed.type("lookupField", "1")
    assert idle.remainingTime() > before


def test_behind_the_lock_the_worker_answers_nobody(staffed: Cashier, server: TrainingServer) -> None:
    staffed.press(Qt.Key.Key_L, modifier=Qt.KeyboardModifier.ControlModifier)
    wait_until(lambda: staffed.find("lockPin").isVisible(), "the lock")
    wait_until(lambda: trail(staffed)[-1] == ("leave", "done"), "the leaving")
    outcomes: list[Outcome[FoundOrder]] = []
    staffed.app.desk.submit(LookUp("1001"), outcomes.append)
    wait_until(lambda: bool(outcomes), "the refusal")
    assert isinstance(outcomes[0].error, SignInNeeded)
    assert not server.shop.requests


def test_the_history_says_who_registered_and_who_allowed_it(staffed: Cashier) -> None:
    staffed.look_up("1001")
    staffed.open_cancel()
    staffed.press(Qt.Key.Key_Return, "cancelConfirm")
    type_pin(staffed, "approvalPin", ANA.pin)
    staffed.wait_for_state("cancelOutcome", "confirmed")
    staffed.press(Qt.Key.Key_Escape, "cancelDialog")
    staffed.press(Qt.Key.Key_F4)
    detail = staffed.find("historyDetail")
    wait_until(lambda: "Registrado por Bia, com autorização de Ana" in detail.toPlainText(), "both names")


def test_settings_are_saved_with_the_managers_pin_only(managed: Cashier) -> None:
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


def test_a_refund_beyond_the_shops_limit_asks_for_the_manager(managed: Cashier, server: TrainingServer) -> None:
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
    assert [entry.cents for entry in server.shop.applied] == [2001]


def test_two_different_pins_or_a_weak_one_name_nobody(cashier: Cashier) -> None:
    cashier.press(Qt.Key.Key_F9)
    cashier.find("peopleAdd").click()
    for first, second, words in (("1234", "1234", "sequência"), ("4862", "4863", "iguais")):
        cashier.type("personName", "Ana")
        cashier.type("personPin", first)
        cashier.type("personPinAgain", second)
        let_work(0.2)
        cashier.find("personConfirm").click()
        wait_until(lambda expected=words: expected in cashier.text("personMessage"), words)  # type: ignore[misc]
    assert not cashier.app.paths.people.exists()


def test_the_owner_who_forgot_the_pin_gives_a_new_one_with_token_and_key(
    managed: Cashier, server: TrainingServer
) -> None:
    managed.press(Qt.Key.Key_F9)
    managed.find("peopleForgot").click()
    for key, tone in ((server.key + "x", "danger"), (server.key, "")):
        for field, text in (
            ("resetToken", server.token),
            ("resetKey", key),
            ("resetName", "Ana"),
            ("resetPin", "6170"),
            ("resetPinAgain", "6170"),
        ):
            managed.type(field, text)
        let_work(0.2)
        managed.find("resetConfirm").click()
        if tone:
            assert "não são os deste caixa" in managed.wait_for_message("resetMessage")
    wait_until(lambda: not dialog_is_open(managed, "resetDialog"), "the new PIN")
    managed.type("settingsTill", "CAIXA7")
    managed.find("settingsSave").click()
    type_pin(managed, "approvalPin", "6170")
    managed.wait_for_message("settingsMessage", ("success",))


def test_people_are_shown_and_taken_off_the_list(staffed: Cashier) -> None:
    staffed.press(Qt.Key.Key_F9)
    table = staffed.find("peopleTable", QTableWidget)
    assert [table.item(row, 0).text() for row in range(table.rowCount())] == ["Ana", "Bia"]
    table.setCurrentCell(1, 0)
    staffed.find("peopleRemove").click()
    staffed.wait_for_message("peopleMessage")
    staffed.find("peopleRemove").click()
    type_pin(staffed, "approvalPin", ANA.pin)
    wait_until(lambda: table.rowCount() == 1, "the shorter list")
    wait_until(lambda: not staffed.find("presentPerson").isVisible(), "a till that asks nobody")


def _doctor(folder: Path, *arguments: str, pin: str = "") -> subprocess.CompletedProcess[str]:
    """The doctor on a till's folder; a session of its own, so that it asks nobody's terminal for the PIN."""
    command = [sys.executable, "-m", "bonifiq_desktop", "doctor", "--data-dir", str(folder), *arguments]
    return subprocess.run(
        command, input=f"{pin}\n", capture_output=True, text=True, timeout=120, check=False, start_new_session=True
    )


def test_the_doctor_finds_a_flipped_byte_in_the_trail_and_a_trail_that_is_gone(managed: Cashier) -> None:
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


def test_a_trail_that_was_taken_away_whole_is_missed(managed: Cashier, open_till: Callable[[], Cashier]) -> None:
    folder = managed.app.paths.folder
    assert managed.app.stop()
    again = open_till()  # at every start the ledger remembers how far the trail was
    wait_until(lambda: again.app.desk.attendance.managed, "the worker")
    assert again.app.stop()
    for name in ("audit.jsonl", "audit.head"):
        (folder / name).unlink()
    assert "NOT as it was written, from line 1" in _doctor(folder).stdout


def test_a_copy_is_put_back_from_outside_the_window_with_a_managers_pin_only(managed: Cashier) -> None:
    folder = managed.app.paths.folder
    managed.refund()
    assert managed.app.stop()
    copy = make_backup(folder / "ledger.db", datetime.now(UTC)) or newest_copy(folder)
    before = (folder / "ledger.db").read_bytes()
    for name, pin in (("Ana", "9999"), ("Eva", ANA.pin)):
        refused = _doctor(folder, "--restore", copy.name, "--name", name, pin=pin)
        assert refused.returncode == 1
        assert "PIN não confere" in refused.stderr
    assert (folder / "ledger.db").read_bytes() == before
    done = _doctor(folder, "--restore", copy.name, "--name", "Ana", pin=ANA.pin)
    assert "put back by Ana" in done.stdout
    assert ANA.pin not in done.stdout + done.stderr
    assert ("restore", "allowed") in trail(managed)


def newest_copy(folder: Path) -> Path:
    """The copy that the program made by itself."""
    return backups_of(folder / "ledger.db")[0].path
