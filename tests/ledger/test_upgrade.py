"""Upgrade of the schema to a made-up next version: whole or not at all, and old backups stay usable."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bonifiq_desktop.domain.operations import Evidence, Operation, Resolution, State
from bonifiq_desktop.ledger import database
from bonifiq_desktop.ledger.backups import backups_of, restore
from bonifiq_desktop.ledger.errors import LedgerFailed, LedgerNewer
from bonifiq_desktop.ledger.history import inspect_ledger, iterate_operations, read_operations
from bonifiq_desktop.ledger.ledger import Ledger
from bonifiq_desktop.ledger.personal_data_in_copies import (
    copies_with_personal_data,
    erase_in_copy,
    holds_customer,
    purge_copy,
    unfinished_in,
)
from bonifiq_desktop.ledger.schema import MIGRATIONS
from tests.support.ledger_actions import (
    ANA,
    KEYS,
    LATER,
    ORDER,
    PERSONAL_BYTES,
    REFUSAL,
    REFUSED,
    Clock,
    bring_to,
    bring_to_review,
    cancel,
    confirm,
    make_changed_backup,
    refund,
    sell,
    start_attempt,
    without_customers,
)
from tests.support.next_schema import VERSION_2
from tests.support.sudden_death import STATUS

HASH = KEYS.identity(ANA.document) or ""
NEVER = Resolution(State.NOT_APPLIED, Evidence.PERSON)
FAR = datetime(9998, 1, 1, tzinfo=UTC)
DIES_AT = ("ALTER TABLE operations", "INSERT INTO labels", "PRAGMA user_version =", "COMMIT")


@pytest.fixture(name="old")
def ledger_of_the_first_version(path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Operation]:
    """What is in a ledger that the first version left at `path`: operations of every kind and state, newest first."""
    ledger = Ledger(path, clock=Clock(), customer_keys=KEYS)
    ledger.remember_order(ORDER)
    for state in (State.QUEUED, State.SENDING, State.UNKNOWN, State.REVIEW):
        bring_to(ledger, refund(ledger, order_id=f"open-{state}"), state)
    bring_to(ledger, sell(ledger, "V-open", ORDER), State.UNKNOWN)
    confirm(ledger, refund(ledger))
    confirm(ledger, cancel(ledger, "whole"))
    ledger.record_contradiction(confirm(ledger, sell(ledger, "V-done", ORDER)).operation_id, "not there")
    ledger.withdraw(refund(ledger, order_id="back").operation_id)
    ledger.finish_attempt(start_attempt(ledger, refund(ledger, order_id="no")), REFUSAL, REFUSED)
    ledger.resolve(bring_to_review(ledger, refund(ledger, order_id="never")).operation_id, State.REVIEW, NEVER)
    make_changed_backup(path)
    made = list(iterate_operations(ledger.queries.page))
    ledger.close()
    assert {operation.state for operation in made} == set(State)
    monkeypatch.setattr(database, "MIGRATIONS", (*MIGRATIONS, VERSION_2))
    return made


def version(path: Path) -> int:
    """The version of a ledger file."""
    with closing(sqlite3.connect(path)) as db:
        return int(db.execute("PRAGMA user_version").fetchone()[0])


def kept(path: Path) -> Path:
    """The copy that is made before the step."""
    return path.parent / "backups" / "ledger-before-version-2.db"


def test_upgrade_keeps_everything_in_the_ledger(path: Path, old: list[Operation]) -> None:
    with closing(Ledger(path, customer_keys=KEYS)) as ledger:
        assert list(iterate_operations(ledger.queries.page)) == old
        for operation in old:
            assert operation in ledger.queries.page(operation.order_id)
            assert operation.cancel_key is None or ledger.queries.page(operation.cancel_key) == [operation]
        later = refund(ledger, order_id="later")
        assert ledger.queries.page("LATER") == [later]
    assert inspect_ledger(path).changed_operations == ()
    assert (version(path), version(kept(path))) == (2, 1)
    assert list(read_operations(kept(path))) == without_customers(old)
    with closing(sqlite3.connect(path)) as db:
        labels = db.execute(
            "SELECT o.label, l.label FROM operations o JOIN labels l ON l.operation_id = o.id"
        ).fetchall()
    assert {("refund", "refund later"), ("sale", "sale V-done")} - set(labels) == {("refund", "refund later")}
    assert len(labels) == len(old)


@pytest.mark.parametrize("statement", DIES_AT)
def test_killed_upgrade_leaves_the_old_version_and_is_repeated(
    path: Path, old: list[Operation], statement: str
) -> None:
    command = [sys.executable, "-B", "-m", "tests.support.killed_upgrade", str(path), statement]
    done = subprocess.run(command, check=False, timeout=60, cwd=Path(__file__).parents[2])
    assert done.returncode == STATUS
    assert version(kept(path)) == 1
    assert list(read_operations(path)) == without_customers(old)
    with closing(sqlite3.connect(path)) as db:
        tables = db.execute("SELECT count(*) FROM sqlite_schema WHERE name LIKE 'labels%'").fetchone()
        assert (tables, db.execute("PRAGMA user_version").fetchone()) == ((0,), (1,))
    with closing(Ledger(path, customer_keys=KEYS)) as ledger:
        assert list(iterate_operations(ledger.queries.page)) == old
        assert ledger.queries.page("v-done") == [o for o in old if o.order_id == "V-done"]


def test_upgrade_on_a_full_disk_leaves_the_old_version(
    path: Path, old: list[Operation], monkeypatch: pytest.MonkeyPatch
) -> None:
    migrate = database.migrate

    def migrate_without_room(db: sqlite3.Connection, path: Path | None = None) -> None:
        [(pages,)] = db.execute("PRAGMA page_count").fetchall()
        db.execute(f"PRAGMA max_page_count = {pages + 1}")  # SQLite then says what it says of a full disk
        migrate(db, path)

    with monkeypatch.context() as full:
        full.setattr(database, "migrate", migrate_without_room)
        with pytest.raises(LedgerFailed):
            Ledger(path)
    assert version(path) == 1
    assert list(read_operations(path)) == without_customers(old)
    with closing(Ledger(path, customer_keys=KEYS)) as ledger:
        assert list(iterate_operations(ledger.queries.page)) == old


def test_older_program_leaves_an_upgraded_ledger_unchanged(
    path: Path, old: list[Operation], monkeypatch: pytest.MonkeyPatch
) -> None:
    Ledger(path).close()
    before = path.read_bytes()
    monkeypatch.setattr(database, "MIGRATIONS", MIGRATIONS)
    with pytest.raises(LedgerNewer):
        Ledger(path)
    assert path.read_bytes() == before
    assert list(read_operations(kept(path))) == without_customers(old)


def test_backup_of_the_old_version_is_restored_as_the_new_one(path: Path, old: list[Operation]) -> None:
    with closing(Ledger(path, customer_keys=KEYS)) as ledger:
        refund(ledger, order_id="later")
    [copy] = [backup.path for backup in backups_of(path) if backup.path != kept(path)]
    before = {file: file.read_bytes() for file in (copy, kept(path))}
    restore(path, copy, decided_by="Ana", now=LATER)
    assert version(path) == 2
    with closing(Ledger(path, customer_keys=KEYS)) as ledger:
        unfinished = [operation for operation in old if "open" in operation.order_id]
        found = ledger.queries.page("open")
        assert [o.operation_id for o in found] == [o.operation_id for o in unfinished]
        ledger.recover()
        assert ledger.queries.counts().review == len(unfinished) - 1, "no refund is sent from it"
    assert {file: file.read_bytes() for file in before} == before


def test_purge_works_in_backups_of_the_old_version(path: Path, old: list[Operation]) -> None:
    with closing(Ledger(path, customer_keys=KEYS)) as ledger:
        done = [o for o in ledger.queries.page("V-open") if confirmed(ledger, o)]
        assert len(done) == 1
        for copy in copies_with_personal_data(path):
            assert version(copy) == 1
            assert any(word in copy.read_bytes() for word in PERSONAL_BYTES)
            purge_copy(path, copy, ledger.personal_data.settled_times(unfinished_in(copy)), FAR)
            assert [word for word in PERSONAL_BYTES if word in copy.read_bytes()] == []
            assert (version(copy), len(list(read_operations(copy)))) == (1, len(old))


def test_customer_is_erased_in_backups_of_the_old_version(path: Path, old: list[Operation]) -> None:
    Ledger(path).close()
    for copy in copies_with_personal_data(path):
        assert holds_customer(copy, frozenset({HASH}), [])
        erase_in_copy(copy, frozenset({HASH}), ["V-open", "1006/B"])
        assert not holds_customer(
            copy, frozenset({HASH}), [operation.order_id for operation in old if operation.order_id[0] == "V"]
        )


def confirmed(ledger: Ledger, sale: Operation) -> bool:
    """Have a sale in doubt found by a look-up."""
    ledger.recover()
    settled = ledger.resolve(sale.operation_id, State.UNKNOWN, Resolution(State.CONFIRMED, Evidence.LOOKUP))
    return settled.state is State.CONFIRMED
