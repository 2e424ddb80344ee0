"""A missing, damaged, outdated or misplaced ledger: reported, kept, and recovered."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QRadioButton, QWidget

from bonifiq_desktop.domain.staff import ApprovalNeeded
from bonifiq_desktop.ledger.backups import backups_of
from bonifiq_desktop.ledger.history import read_metadata
from bonifiq_desktop.ledger.schema import MIGRATIONS
from bonifiq_desktop.services import maintenance
from bonifiq_desktop.training_server.server import TrainingServer
from bonifiq_desktop.worker import commands as c
from tests.support.cashier import Cashier, history, program, wait_until
from tests.support.staff import ANA
from tests.support.staff_actions import add_person

Start = Callable[..., Cashier]
OpenTill = Callable[[], Cashier]


def wait_for_rescue(cashier: Cashier) -> str:
    wait_until(lambda: cashier.is_shown("rescueRetry"), "the rescue page")
    wait_until(cashier.find("rescueRetry").isEnabled, "another try")
    return cashier.text("ledgerMessage")


def choose(cashier: Cashier, choice: str) -> None:
    assert not cashier.find("rescueConfirm").isEnabled()
    wait_until(lambda: cashier.window.findChild(QRadioButton, choice) is not None, choice)
    cashier.find(choice, QRadioButton).setFocus()
    cashier.press(Qt.Key.Key_Space, choice)
    assert not cashier.find("rescueConfirm").isEnabled(), "no name is typed"
    cashier.type("rescueName", "Dona Lucia")
    cashier.press(Qt.Key.Key_Return, "rescueName")
    cashier.press(Qt.Key.Key_Return, "rescueConfirm")
    wait_until(lambda: not cashier.find("ledgerMessage").isVisible(), "the history in use again")


def till_with_a_copy(open_till: OpenTill, data: Path, path: Path) -> None:
    """A day with one refund, whose copy was made at the start of the next."""
    cashier = open_till()
    cashier.refund()
    cashier.app.stop()
    again = open_till()
    wait_until(lambda: any(backup.operations == 1 for backup in backups_of(path)), "the copy")
    again.app.stop()
    assert [row["state"] for row in history(data)] == ["confirmed"]


def posts(server: TrainingServer) -> int:
    return sum(request.method == "POST" for request in server.service.requests)


def test_vanished_ledger_is_reported_and_restored_from_a_backup(
    open_till: OpenTill, data: Path, server: TrainingServer
) -> None:
    path = data / "ledger.db"
    till_with_a_copy(open_till, data, path)
    path.unlink()
    cashier = open_till()
    assert "sumiu" in wait_for_rescue(cashier)
    assert "Nada foi registrado nem enviado." in cashier.text("ledgerMessage")
    assert not path.exists()
    # Every screen says the same, and the way back is one key away.
    cashier.ask_for("1001")
    assert "sumiu" in cashier.wait_for_message("lookupMessage")
    cashier.press(Qt.Key.Key_R, modifier=Qt.KeyboardModifier.ControlModifier)
    wait_until(lambda: cashier.is_shown("rescueRetry"), "the rescue page")
    wait_until(lambda: cashier.window.findChild(QRadioButton, "rescueBackup0") is not None, "the copy")
    offered = cashier.window.content.recovery.findChildren(QRadioButton)
    assert "A melhor cópia" in cashier.text("rescueBackup0Advice")
    assert max(offered, key=lambda button: button.mapToGlobal(button.pos()).y()).objectName() == "rescueAnew"
    assert "esquece todas as vendas" in cashier.text("rescueAnewAdvice")
    choose(cashier, "rescueBackup0")
    assert [row["order_id"] for row in history(data)] == ["1001"]
    cashier.look_up("1001")
    assert "pode não lembrar de todas as devoluções" in cashier.wait_for_message("lookupMessage")
    assert cashier.find("refundButton").isEnabled()
    # The second return of the same value is another one: the key counts what the copy knows.
    cashier.refund()
    assert [entry.cents for entry in server.service.applied] == [1000, 1000]


def test_restored_operation_is_checked_before_it_is_sent(
    open_till: OpenTill, data: Path, server: TrainingServer
) -> None:
    path = data / "ledger.db"
    cashier = open_till()
    cashier.look_up("1001")
    server.stop()
    cashier.open_refund()
    cashier.type("refundValue", "1000")
    cashier.confirm_refund()
    cashier.wait_for_state("refundOutcome", "queued")
    cashier.app.stop()
    older = data / "older.db"
    shutil.copyfile(path, older)
    server.start()
    sender = open_till()
    wait_until(lambda: server.service.applied, "the refund")
    wait_until(lambda: sender.text("pendingCount") == "Nada pendente", "its answer")
    sender.app.stop()
    # Restore yesterday's file, in which the refund still has to be sent.
    shutil.copyfile(older, path)
    sent = posts(server)
    again = open_till()
    assert "não é o mais novo" in wait_for_rescue(again)
    assert path.read_bytes() == older.read_bytes()
    choose(again, "rescueAsItIs")
    wait_until(lambda: "espera decisão" in again.text("pendingCount"), "the question")
    again.press(Qt.Key.Key_F4)
    wait_until(lambda: again.find("historyDecide").isVisible(), "the button")
    assert "recuperado de uma cópia" in again.find("historyDetail").toPlainText()
    assert posts(server) == sent
    again.open_review()
    again.press(Qt.Key.Key_Space, "reviewAgain")
    again.type("reviewName", "Dona Lucia")
    again.type("reviewReason", "mesmo protocolo")
    again.press(Qt.Key.Key_Return, "reviewConfirm")
    # A copy knows nothing of a sending: a used key may as well be another till's, so a person has the last word.
    wait_until(lambda: "já foi feita antes" in again.text("reviewOutcome"), "what BonifiQ says of the key")
    again.press(Qt.Key.Key_Return, "reviewConfirm")
    wait_until(lambda: again.window.findChild(QWidget, "reviewDialog") is None, "the page to close")
    assert [entry.cents for entry in server.service.applied] == [1000]


def test_damaged_ledger_without_backup_is_replaced_by_decision_only(
    open_till: OpenTill, data: Path, server: TrainingServer
) -> None:
    data.mkdir()
    path = data / "ledger.db"
    path.write_bytes(b"not a database" * 1000)
    cashier = open_till()
    assert "danificado" in wait_for_rescue(cashier)
    cashier.press(Qt.Key.Key_F5)
    assert "danificado" in wait_for_rescue(cashier)
    assert path.read_bytes() == b"not a database" * 1000
    choose(cashier, "rescueAnew")
    assert next(data.glob("ledger-set-aside-*.db")).read_bytes() == b"not a database" * 1000
    cashier.refund()
    assert [entry.cents for entry in server.service.applied] == [1000]


def test_damage_found_by_a_backup_stops_the_outbox_and_is_reported(
    open_till: OpenTill, data: Path, server: TrainingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = data / "ledger.db"
    cashier = open_till()
    cashier.refund()
    cashier.app.stop()
    monkeypatch.setattr(maintenance, "BACKUP_SECONDS", 0.2)  # not before: no copy may be of the refund on its way
    again = open_till()
    wait_until(lambda: any(backup.operations == 1 for backup in backups_of(path)), "the copy")
    content = path.read_bytes()
    page = content.index(b"CancelKey") // 4096
    with path.open("r+b") as file:  # a page goes bad on the disk, under the open program
        file.seek(page * 4096)
        file.write(b"\xff" * 4096)
    refund_sent = posts(server)
    server.service.requests.clear()
    again.press(Qt.Key.Key_F2)
    again.ask_for("1002")  # a step more, so that there is something to copy
    assert "danificado" in wait_for_rescue(again)
    assert refund_sent == 1
    assert posts(server) == 0
    choose(again, "rescueBackup0")
    assert [row["state"] for row in history(data)] == ["confirmed"]


def test_newer_ledger_offers_no_backup_and_opens_when_it_can(open_till: OpenTill, data: Path) -> None:
    path = data / "ledger.db"
    till_with_a_copy(open_till, data, path)
    _set_version(path, 99)
    cashier = open_till()
    assert "versão mais nova" in wait_for_rescue(cashier)
    assert not cashier.is_shown("rescueConfirm")
    assert not cashier.is_shown("rescueName")
    _set_version(path, len(MIGRATIONS))
    cashier.press(Qt.Key.Key_F5)
    wait_until(lambda: not cashier.find("ledgerMessage").isVisible(), "the history in use again")
    assert cashier.find("lookupField").hasFocus()


def _set_version(path: Path, version: int) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute(f"PRAGMA user_version = {version}")


def test_synchronised_folder_is_reported_and_gets_no_ledger(
    start: Start, server: TrainingServer, credentials: None, tmp_path: Path
) -> None:
    cashier = start("--data-dir", str(tmp_path / "Dropbox" / "caixa"), "--api-url", server.url)
    words = wait_for_rescue(cashier)
    assert "pasta sincronizada" in words
    assert "disco deste PC" in words
    cashier.ask_for("1001")
    assert "pasta sincronizada" in cashier.wait_for_message("lookupMessage")
    assert not (tmp_path / "Dropbox" / "caixa" / "ledger.db").exists()


def test_doctor_restores_a_backup_only_while_the_program_is_closed(open_till: OpenTill, data: Path) -> None:
    path = data / "ledger.db"
    till_with_a_copy(open_till, data, path)
    copy = backups_of(path)[0].path.name
    restoring = ("doctor", "--data-dir", str(data), "--restore", copy, "--name", "Suporte")
    cashier = open_till()
    refused = program(*restoring)
    assert (refused.returncode, "feche-o antes" in refused.stderr) == (1, True)
    cashier.app.stop()
    path.unlink()
    gone = program("doctor", "--data-dir", str(data))
    assert (gone.returncode, "ledger: GONE" in gone.stdout, copy in gone.stdout) == (1, True, True)
    done = program(*restoring)
    assert "put back by Suporte" in done.stdout
    assert "1 operations, 0 unfinished" in done.stdout
    assert [row["order_id"] for row in history(data)] == ["1001"]
    assert program(*restoring[:-2]).returncode == 2, "no name is given"
    assert "não há none.db" in program(*restoring[:4], "none.db", *restoring[5:]).stderr


def test_doctor_reports_an_operation_changed_on_disk(open_till: OpenTill, data: Path) -> None:
    path = data / "ledger.db"
    till_with_a_copy(open_till, data, path)
    with closing(sqlite3.connect(path)) as db:
        db.execute("DROP TRIGGER final_stays")
        db.execute("UPDATE operations SET value = value + 4")
        db.commit()
    assert "changed on disk after they were written: 1" in program("doctor", "--data-dir", str(data)).stdout


def test_wiped_till_asks_before_the_same_return_is_repeated(
    open_till: OpenTill, data: Path, server: TrainingServer
) -> None:
    cashier = open_till()
    cashier.refund()
    cashier.app.stop()
    shutil.rmtree(data)
    wiped = open_till()
    wiped.refund(state="review")
    assert [entry.cents for entry in server.service.applied] == [1000]
    assert "espera decisão" in wiped.text("pendingCount")


# --- at another PC


def as_copied_from_another_pc(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("UPDATE metadata SET value = 'another one' WHERE name = 'machine_hash'")


def waiting_refund(open_till: OpenTill, server: TrainingServer) -> None:
    """A refund that is registered and not sent."""
    cashier = open_till()
    cashier.look_up("1001")
    server.stop()
    cashier.open_refund()
    cashier.type("refundValue", "1000")
    cashier.confirm_refund()
    cashier.wait_for_state("refundOutcome", "queued")
    cashier.app.stop()
    server.start()


@pytest.mark.parametrize("moved", [True, False])
def test_ledger_of_another_pc_asks_before_anything_is_sent(
    open_till: OpenTill, data: Path, server: TrainingServer, *, moved: bool
) -> None:
    waiting_refund(open_till, server)
    tag = read_metadata(data / "ledger.db")["ledger_id"]
    as_copied_from_another_pc(data / "ledger.db")
    done = program("doctor", "--data-dir", str(data))
    assert "!!  this PC" in done.stdout
    cashier = open_till()
    assert "vem de outro computador" in wait_for_rescue(cashier)
    assert cashier.window.findChild(QRadioButton, "rescueAnew") is None
    assert posts(server) == 0
    choose(cashier, "rescueMoved" if moved else "rescueCopied")
    if moved:
        wait_until(lambda: history(data)[0]["state"] == "confirmed", "the refund")
        assert posts(server) == 1
    else:
        assert [row["state"] for row in history(data)] == ["review"]
        assert posts(server) == 0
    assert (read_metadata(data / "ledger.db")["ledger_id"] == tag) is moved
    trail = (data / "audit.jsonl").read_text(encoding="utf-8")
    assert '"restore"' in trail
    assert "Dona Lucia" in trail
    cashier.app.stop()
    assert not open_till().is_shown("rescueRetry")


@pytest.mark.parametrize("decision", [c.AdoptLedger("Bia"), c.RestoreLedger(None, "Bia")], ids=["moved", "anew"])
def test_ledger_of_another_pc_is_adopted_by_a_manager_only(
    open_till: OpenTill, data: Path, decision: c.AdoptLedger | c.RestoreLedger
) -> None:
    cashier = open_till()
    add_person(cashier, "Ana", "manager", ANA.pin)
    cashier.app.stop()
    as_copied_from_another_pc(data / "ledger.db")
    before = (data / "ledger.db").read_bytes()
    again = open_till()
    wait_for_rescue(again)
    answers: list[c.Outcome[None]] = []
    again.app.client.submit(decision, answers.append)
    wait_until(lambda: answers, "the answer")
    assert isinstance(answers[0].error, ApprovalNeeded)
    assert (data / "ledger.db").read_bytes() == before
