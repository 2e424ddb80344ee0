"""A ledger of a newer version: reported, left unchanged, never replaced by a backup."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QRadioButton

from bonifiq_desktop.ledger.backups import backups_of, restore
from bonifiq_desktop.ledger.errors import LedgerNewer
from bonifiq_desktop.training_server.server import TrainingServer
from bonifiq_desktop.worker import commands as c
from tests.support.cashier import Cashier, let_work, program, wait_until
from tests.support.ledger_actions import NOON

OpenTill = Callable[[], Cashier]
SENTENCE = "gravado por uma versão mais nova do programa"


def contents(folder: Path) -> dict[str, bytes]:
    """The history and its copies, byte for byte."""
    files = [*folder.glob("ledger*"), *(folder / "backups").iterdir()]
    return {file.name: file.read_bytes() for file in files}


@pytest.fixture(name="newer")
def folder_after_a_newer_version(open_till: OpenTill, data: Path, server: TrainingServer) -> Path:
    """A till with a copy and something unsent, on which a newer version has worked since."""
    cashier = open_till()
    cashier.refund()
    server.refuse_connections()
    cashier.fill_sale()
    cashier.press(Qt.Key.Key_Return, "saleSubmit")
    cashier.wait_for_state("saleOutcome", "queued")
    cashier.app.stop()
    again = open_till()
    wait_until(lambda: any(backup.operations == 2 for backup in backups_of(data / "ledger.db")), "the copy")
    again.app.stop()
    with closing(sqlite3.connect(data / "ledger.db")) as db:
        db.execute("PRAGMA user_version = 99")
    server.accept_connections()
    return data


def test_newer_ledger_in_the_window_offers_no_backup_and_sends_nothing(
    newer: Path, open_till: OpenTill, server: TrainingServer
) -> None:
    before, asked = contents(newer), len(server.service.requests)
    cashier = open_till()
    words = cashier.wait_for_message("ledgerMessage")
    assert SENTENCE in words
    assert "Nada foi registrado nem enviado." in words
    assert "Instale a versão mais nova do BonifiQ Desktop." in words
    let_work(0.5)
    assert cashier.window.content.recovery.findChildren(QRadioButton) == []
    assert not cashier.is_shown("rescueConfirm")
    cashier.press(Qt.Key.Key_F5)
    wait_until(lambda: cashier.find("rescueRetry").isEnabled(), "another try")
    assert SENTENCE in cashier.text("ledgerMessage")
    answers: list[c.Outcome[Any]] = []
    for source in (backups_of(newer / "ledger.db")[0].path, newer / "ledger.db", None):
        cashier.app.client.submit(c.RestoreLedger(source, "Dona Lucia"), answers.append)
    wait_until(lambda: len(answers) == 3, "the answers")
    assert {type(answer.error) for answer in answers} == {LedgerNewer}
    cashier.app.stop()
    assert contents(newer) == before
    assert len(server.service.requests) == asked


def test_newer_ledger_on_the_command_line_is_reported_and_not_replaced(newer: Path) -> None:
    copy = backups_of(newer / "ledger.db")[0].path.name
    before = contents(newer)
    read = program("history", "--data-dir", str(newer))
    assert (read.returncode, read.stdout) == (1, "")
    assert SENTENCE in read.stderr
    told = program("doctor", "--data-dir", str(newer))
    assert told.returncode == 1
    assert "!!  ledger: written by a NEWER version: install that one" in told.stdout
    refused = program("doctor", "--data-dir", str(newer), "--restore", copy, "--name", "Suporte")
    assert refused.returncode == 1
    assert SENTENCE in refused.stderr
    assert "Nada mudou" in refused.stderr
    assert "Traceback" not in read.stderr + told.stderr + refused.stderr
    after = contents(newer)
    assert {name: after[name] for name in before} == before
    assert not [name for name in after if "set-aside" in name]


def test_newer_ledger_known_by_its_wal_alone_is_not_replaced(newer: Path, tmp_path: Path) -> None:
    path = newer / "ledger.db"
    copy = backups_of(path)[0].path
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA user_version = 1")
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        db.execute("PRAGMA user_version = 99")
        old, log = path.read_bytes(), path.with_name("ledger.db-wal").read_bytes()
    path.write_bytes(old)
    path.with_name("ledger.db-wal").write_bytes(log)
    with pytest.raises(LedgerNewer):
        restore(path, copy, decided_by="Ana", now=NOON)
    assert path.read_bytes() == old
