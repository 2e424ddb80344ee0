"""A full disk, a COMMIT that fails, a process that is killed: refused or found again, never wrong."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bonifiq_desktop.domain.operations import State
from bonifiq_desktop.ledger.errors import LedgerError, LedgerFailed
from bonifiq_desktop.ledger.ledger import Ledger
from tests.support.ledger_actions import ANSWERED_DONE, CONFIRMED, KEYS, confirm, refund, start_attempt
from tests.support.sudden_death import STATUS
from tests.support.told_changes import assert_told, broken_links

REPOSITORY = Path(__file__).parents[2]


def test_full_database_refuses_before_sending_and_works_again_later(ledger: Ledger) -> None:
    made = refund(ledger)
    ledger.connection.db.execute("PRAGMA max_page_count = 1")  # no page beyond those there are
    refused = 0
    for n in range(100):
        try:
            refund(ledger, order_id=f"B{n}")
        except LedgerFailed:
            refused += 1
    assert refused > 0
    kept = len(ledger.queries.waiting())
    assert kept == 101 - refused
    assert ledger.queries.operation(made.operation_id) == made
    ledger.connection.db.execute("PRAGMA max_page_count = 1000000")
    assert refund(ledger, order_id="C").state is State.QUEUED


@contextmanager
def _files_at_most(size: int) -> Iterator[None]:
    """No file of this process can grow beyond `size`: to SQLite that is a disk that is full."""
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.posix_only("Windows limits no file's size")
@pytest.mark.parametrize("room", [0, 100, 3000, 4096 + 24, 9000, 13000])
def test_disk_full_in_the_middle_of_a_commit_loses_nothing(ledger: Ledger, path: Path, room: int) -> None:
    made = refund(ledger)
    log = path.with_name("ledger.db-wal").stat().st_size
    written = True
    with _files_at_most(log + room):
        try:
            refund(ledger, order_id="B")
        except LedgerFailed:
            written = False
    assert ledger.queries.operation(made.operation_id) == made
    assert (ledger.queries.unfinished_of("B") is not None) is written
    if not written:
        assert refund(ledger, order_id="B").state is State.QUEUED  # there is room again
    ledger.close()
    again = Ledger(path, customer_keys=KEYS)
    assert len(again.queries.waiting()) == 2
    again.close()


class _Unlucky(sqlite3.Connection):
    """A connection whose next COMMITs fail: `applied` says whether the step is on disk all the same."""

    failures = 0
    applied = False
    reopens = True

    def __init__(self, *args: Any, **more: Any) -> None:
        if not _Unlucky.reopens:
            raise sqlite3.OperationalError("unable to open database file")
        super().__init__(*args, **more)

    def execute(self, sql: str, *args: Any) -> sqlite3.Cursor:
        if sql == "COMMIT" and _Unlucky.failures:
            _Unlucky.failures -= 1
            if _Unlucky.applied:
                super().execute(sql)
            raise sqlite3.OperationalError("disk I/O error")
        return super().execute(sql, *args)


@pytest.fixture(name="unlucky")
def unlucky_ledger(path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ledger]:
    """A ledger on connections whose COMMIT can be made to fail."""
    monkeypatch.setattr(sqlite3, "connect", partial(sqlite3.connect, factory=_Unlucky))
    ledger = Ledger(path)
    yield ledger
    _Unlucky.failures, _Unlucky.reopens = 0, True
    ledger.close()


def _fail_commits(*, applied: bool) -> None:
    _Unlucky.failures, _Unlucky.applied = 1, applied


def test_failed_commit_found_on_disk_counts(unlucky: Ledger) -> None:
    _fail_commits(applied=True)
    made = refund(unlucky)
    assert made.state is State.QUEUED
    _fail_commits(applied=True)
    sending = start_attempt(unlucky, made)
    assert sending.operation.state is State.SENDING
    _fail_commits(applied=True)
    assert unlucky.finish_attempt(sending, ANSWERED_DONE, CONFIRMED).state is State.CONFIRMED
    _fail_commits(applied=True)
    assert unlucky.next_sale_number() == 1
    assert unlucky.next_sale_number() == 2


def test_failed_commit_not_on_disk_does_not_count(unlucky: Ledger) -> None:
    _fail_commits(applied=False)
    with pytest.raises(LedgerFailed):
        refund(unlucky)
    made = refund(unlucky)
    _fail_commits(applied=False)
    with pytest.raises(LedgerFailed):
        start_attempt(unlucky, made)
    assert unlucky.queries.operation(made.operation_id) == made
    sending = start_attempt(unlucky, made)
    assert not sending.earlier_possibly_sent
    _fail_commits(applied=False)
    with pytest.raises(LedgerFailed):
        unlucky.finish_attempt(sending, ANSWERED_DONE, CONFIRMED)
    assert unlucky.queries.operation(made.operation_id).state is State.SENDING
    assert unlucky.finish_attempt(sending, ANSWERED_DONE, CONFIRMED).state is State.CONFIRMED


def test_failed_commit_leaves_the_change_log_as_the_file_has_it(unlucky: Ledger, path: Path) -> None:
    unlucky.customers.use(KEYS)
    unlucky.changes.begin(1, "1a" * 16)
    for applied in (True, False, True, False):
        made = refund(unlucky, order_id=f"P-{unlucky.changes.head()[0]}")
        head = unlucky.changes.head()[0]
        _fail_commits(applied=applied)
        with nullcontext() if applied else pytest.raises(LedgerFailed):
            start_attempt(unlucky, made)
        assert unlucky.changes.head()[0] == head + applied
    assert not broken_links(unlucky.changes.after(0, 100))
    assert_told(path, unlucky)


def test_file_that_cannot_be_reopened_is_opened_at_the_next_command(unlucky: Ledger) -> None:
    made = refund(unlucky)
    _fail_commits(applied=True)
    _Unlucky.reopens = False
    for _ in range(2):
        with pytest.raises(LedgerFailed):
            start_attempt(unlucky, made)
    with pytest.raises(LedgerFailed):
        unlucky.queries.operation(made.operation_id)
    _Unlucky.reopens = True
    assert unlucky.queries.operation(made.operation_id).state is State.SENDING


_SCRIPT = """
import sys
from pathlib import Path
from bonifiq_desktop.ledger.ledger import Ledger
from tests.support.ledger_actions import refund, start_attempt
from tests.support.sudden_death import die
ledger = Ledger(Path(sys.argv[1]))
made = refund(ledger)
if sys.argv[2] == "sending":
    start_attempt(ledger, made)
die()
"""


@pytest.mark.parametrize("state", ["queued", "sending"])
def test_killed_process_leaves_its_commits(path: Path, state: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", _SCRIPT, str(path), state], cwd=REPOSITORY, env=os.environ, timeout=30, check=False
    )
    assert ended.returncode == STATUS
    ledger = Ledger(path)
    found = ledger.recover()
    assert [operation.state for operation in found] == ([State.UNKNOWN] if state == "sending" else [])
    (waiting,) = ledger.queries.waiting()
    assert confirm(ledger, ledger.queries.operation(waiting)).state is State.CONFIRMED
    ledger.close()


def test_closed_ledger_is_not_reopened(ledger: Ledger) -> None:
    ledger.close()
    with pytest.raises((LedgerError, sqlite3.ProgrammingError)):
        ledger.queries.waiting()
