"""The check of the whole ledger file beside its use: what waits for it, what does not, and how it ends."""

import sqlite3
import threading
import time
from pathlib import Path

import pytest

from bonifiq_desktop.domain.operations import State
from bonifiq_desktop.ledger import integrity_check
from bonifiq_desktop.ledger.errors import LedgerError, LedgerFailed
from bonifiq_desktop.ledger.integrity_check import IntegrityCheck
from bonifiq_desktop.ledger.ledger import Ledger
from bonifiq_desktop.services.refundable import RefundRequest
from bonifiq_desktop.training_server.server import TrainingServer
from bonifiq_desktop.worker import backend
from bonifiq_desktop.worker import commands as c
from tests.support.headless_till import applied, posted_requests
from tests.worker.conftest import OpenClient, Window

ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"


def test_look_up_is_answered_and_nothing_sent_while_the_check_runs(
    open_client: OpenClient, window: Window, server: TrainingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_end = threading.Event()
    monkeypatch.setattr(integrity_check, "check_integrity", lambda _db: may_end.wait(20))
    client = open_client()
    order = window.get(client, c.LookUp("1001")).order
    operation = window.get(client, c.RegisterRefund(RefundRequest(order, 100)))
    window.get(client, c.LookUp("1002"))
    details = window.get(client, c.ReadOperationDetails(operation.operation_id))
    assert details is not None
    assert details.operation.state is State.QUEUED
    assert posted_requests(server) == []
    may_end.set()
    window.until(lambda: applied(server) == [("refund", "1001", 100)])


def test_file_that_cannot_be_read_through_is_checked_again_before_sending(
    open_client: OpenClient, window: Window, server: TrainingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    times: list[int] = []

    def fail_once(_db: sqlite3.Connection) -> None:
        times.append(len(times))
        if len(times) == 1:
            assert posted_requests(server) == []
            raise LedgerFailed("disk I/O error")

    monkeypatch.setattr(backend, "_RECHECK_SECONDS", 0.2)
    monkeypatch.setattr(integrity_check, "check_integrity", fail_once)
    client = open_client()
    order = window.get(client, c.LookUp("1001")).order
    window.get(client, c.RegisterRefund(RefundRequest(order, 100)))
    window.until(lambda: bool(applied(server)))
    assert len(times) == 2


def test_stop_interrupts_a_running_check(ledger_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started = threading.Event()

    def read_for_ever(db: sqlite3.Connection) -> None:
        started.set()
        db.execute(ENDLESS).fetchone()

    monkeypatch.setattr(integrity_check, "check_integrity", read_for_ever)
    check = IntegrityCheck(ledger_path)
    ended: list[type[BaseException]] = []

    def run() -> None:
        try:
            check.run()
        except LedgerError as error:
            ended.append(type(error))

    thread = threading.Thread(target=run)
    thread.start()
    assert started.wait(10)
    time.sleep(0.05)  # the query runs
    check.stop()
    thread.join(10)
    assert ended == [LedgerFailed]


def test_stopped_check_does_not_start(ledger_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[object] = []
    monkeypatch.setattr(integrity_check, "check_integrity", calls.append)
    check = IntegrityCheck(ledger_path)
    check.stop()
    check.run()
    assert calls == []


@pytest.fixture(name="ledger_path")
def path_of_a_ledger(tmp_path: Path) -> Path:
    """An empty ledger's file."""
    path = tmp_path / "ledger.db"
    Ledger(path).close()
    return path
