"""Personal data in copies and set-aside files: erased there too, and the files stay sound and usable."""

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bonifiq_desktop.domain.operations import Evidence, Kind, Resolution, State
from bonifiq_desktop.ledger.backups import backups_of, make_backup, restore
from bonifiq_desktop.ledger.errors import LedgerDamaged, LedgerError, LedgerFailed, LedgerForeign
from bonifiq_desktop.ledger.history import inspect_ledger
from bonifiq_desktop.ledger.ledger import Ledger
from bonifiq_desktop.ledger.personal_data_in_copies import (
    copies_with_personal_data,
    erase_in_copy,
    holds_customer,
    purge_copy,
    unfinished_in,
)
from tests.ledger.test_personal_data import HASH, KEPT, YEAR, held, sold
from tests.support.ledger_actions import ANA, KEYS, ORDER, PERSONAL_BYTES, START, confirm, refund, start_attempt
from tests.support.sudden_death import STATUS

LONG_AGO = START - timedelta(days=900)
EVERYTHING = (*PERSONAL_BYTES, *KEPT)


def copied(ledger: Path, now: datetime = START) -> Path:
    """Back the ledger up; return the copy."""
    made = make_backup(ledger, now)
    assert made is not None
    return made


def rows(path: Path) -> list[tuple[object, ...]]:
    """Rows of the operations in a file, without customer fields."""
    with closing(sqlite3.connect(path)) as db:
        columns = "id, kind, order_id, cancel_key, value, state, body_sha256, checksum, snapshot, settled_at"
        return db.execute(f"SELECT {columns} FROM operations ORDER BY id").fetchall()


def purge(ledger: Ledger, path: Path, copy: Path, before: datetime = LONG_AGO) -> None:
    """Purge one copy, as the purge of the program does."""
    purge_copy(path, copy, ledger.personal_data.settled_times(unfinished_in(copy)), before)


def set_aside(path: Path) -> Path:
    """Replace the ledger by an empty one; return the file set aside."""
    restore(path, None, decided_by="o responsável", now=START)
    [aside] = path.parent.glob("ledger-set-aside-*.db")
    return aside


def test_purged_copy_loses_the_bodies_of_final_sales_only(ledger: Ledger, path: Path) -> None:
    done, waiting, returned = sold(ledger, "V-1"), sold(ledger, "V-2"), refund(ledger)
    copy = copied(path)
    before = rows(copy)
    confirm(ledger, done)
    confirm(ledger, returned)
    purge(ledger, path, copy)
    with closing(sqlite3.connect(copy)) as db:
        bodies = dict(db.execute("SELECT id, body IS NOT NULL FROM operations").fetchall())
    assert bodies == {done.operation_id: 0, waiting.operation_id: 1, returned.operation_id: 1}
    assert rows(copy) == before
    confirm(ledger, waiting)
    purge(ledger, path, copy)
    assert held(copy.parent, *PERSONAL_BYTES) == []
    assert held(copy.parent, *KEPT) != [], "they are not old"
    assert inspect_ledger(copy).changed_operations == ()


def test_purged_copy_keeps_the_body_of_a_sale_registered_again(ledger: Ledger, path: Path) -> None:
    first = sold(ledger, "V-1")
    ledger.withdraw(first.operation_id)
    second = sold(ledger, "V-1")
    copy = copied(path)
    purge(ledger, path, copy)
    with closing(sqlite3.connect(copy)) as db:
        assert db.execute("SELECT body IS NOT NULL FROM operations").fetchall() == [(0,), (1,)]
    confirm(ledger, second)
    purge(ledger, path, copy)
    assert held(copy.parent, *PERSONAL_BYTES) == []


def test_purged_copy_loses_old_customers_and_those_of_settled_operations(ledger: Ledger, path: Path) -> None:
    ledger.remember_order(ORDER)
    confirm(ledger, refund(ledger))
    waiting = sold(ledger, "V-1")
    copy = copied(path)
    purge(ledger, path, copy, YEAR)
    with closing(sqlite3.connect(copy)) as db:
        assert db.execute("SELECT customer_id IS NULL FROM operations ORDER BY id").fetchall() == [(1,), (0,)]
        assert db.execute("SELECT customer_id FROM seen_orders").fetchall() == [(None,)]
    confirm(ledger, waiting)
    purge(ledger, path, copy, YEAR)
    assert held(copy.parent, *EVERYTHING) == []


def test_purged_copies_keep_their_order(ledger: Ledger, path: Path) -> None:
    sale = sold(ledger, "V-1")
    older = copied(path)
    confirm(ledger, sale)
    newer = copied(path, START + timedelta(hours=1))
    offered = backups_of(path)
    for copy in (older, newer):
        purge(ledger, path, copy, YEAR)
    assert backups_of(path) == offered
    assert [backup.path for backup in offered] == [newer, older]
    assert make_backup(path, START + timedelta(hours=2)) is None, "nothing changed in the ledger"
    assert sorted(file.name for file in older.parent.iterdir()) == sorted([older.name, newer.name])


def test_purged_copy_is_restored(ledger: Ledger, path: Path) -> None:
    sale, returned = sold(ledger, "V-1"), refund(ledger)
    copy = copied(path)
    confirm(ledger, sale)
    purge(ledger, path, copy, YEAR)
    ledger.close()
    restore(path, copy, decided_by="Ana", now=START)
    again = Ledger(path, customer_keys=KEYS)
    again.recover()
    for operation in (sale, returned):
        again.verify_request(again.queries.operation(operation.operation_id))
    assert again.queries.operation(sale.operation_id).state is State.UNKNOWN
    assert again.queries.operation(returned.operation_id).state is State.REVIEW
    again.close()


def test_purge_without_due_rows_leaves_a_copy_untouched(ledger: Ledger, path: Path) -> None:
    sold(ledger, "V-1")
    copy = copied(path)
    os.utime(copy, (1, 1))
    before = copy.read_bytes()
    purge(ledger, path, copy, YEAR)
    assert (copy.read_bytes(), copy.stat().st_mtime) == (before, 1)


def test_old_set_aside_file_and_its_wal_lose_all_personal_data(ledger: Ledger, path: Path) -> None:
    ledger.remember_order(ORDER)
    sold(ledger, "V-1")
    start_attempt(ledger, sold(ledger, "V-2"))
    crashed = path.parent / "crashed"
    crashed.mkdir()
    for name in ("ledger.db", "ledger.db-wal"):
        shutil.copy(path.with_name(name), crashed / name)
    assert (crashed / "ledger.db-wal").stat().st_size > 0
    aside = set_aside(crashed / "ledger.db")
    os.utime(aside, None)  # its name says its age
    new = Ledger(crashed / "ledger.db", customer_keys=KEYS)
    before = rows(aside)
    purge(new, crashed / "ledger.db", aside, START)
    assert held(crashed, *PERSONAL_BYTES) != [], "it is not old yet, and what is in it is not final anywhere"
    purge(new, crashed / "ledger.db", aside, START + timedelta(seconds=1))
    assert held(crashed, *EVERYTHING) == []
    assert rows(aside) == before
    assert not aside.with_name(f"{aside.name}-wal").exists()
    assert [backup.path for backup in backups_of(crashed / "ledger.db")] == [aside]
    new.close()


def test_set_aside_file_loses_the_bodies_of_sales_settled_later(ledger: Ledger, path: Path) -> None:
    sale = sold(ledger, "V-1")
    copy = copied(path)
    ledger.close()
    restore(path, copy, decided_by="Ana", now=START)
    again = Ledger(path, customer_keys=KEYS)
    again.recover()
    again.resolve(sale.operation_id, State.UNKNOWN, Resolution(State.CONFIRMED, Evidence.LOOKUP))
    for kept in copies_with_personal_data(path):
        purge(again, path, kept)
    again.connection.truncate_wal()
    assert len(copies_with_personal_data(path)) == 2
    assert held(path.parent, *PERSONAL_BYTES) == []
    again.close()


@pytest.mark.parametrize(
    "statement", ["UPDATE operations", "PRAGMA integrity_check", "COMMIT", "PRAGMA wal_checkpoint"]
)
def test_killed_purge_leaves_a_whole_copy_that_is_purged_next_time(ledger: Ledger, path: Path, statement: str) -> None:
    with ledger.connection.transaction():
        for number in range(400):
            ledger.connection.db.execute(
                "INSERT INTO customers (id, sealed, identity, seen_at) VALUES (?, ?, ?, '2020')",
                (number + 1, os.urandom(500), f"{HASH}{number}"),
            )
            ledger.connection.db.execute(
                """INSERT INTO seen_orders (system, connection, order_key, order_id, first_total, largest_total,
                   last_total, snapshot, customer_id, first_seen_at, last_seen_at)
                   VALUES ('bonifiq', 'bonifiq', ?1, ?1, 1, 1, 1, '{}', ?2, '2020', '2020')""",
                (f"A{number}", number + 1),
            )
    confirm(ledger, sold(ledger, "V-1"))
    copy = copied(path)
    before = copy.read_bytes()
    command = [sys.executable, "-B", "-m", "tests.support.killed_purge", str(path), str(copy), statement]
    done = subprocess.run(command, check=False, timeout=60, cwd=Path(__file__).parents[2])
    assert done.returncode == STATUS
    journal = copy.with_name(f"{copy.name}-journal")
    committed = statement == "PRAGMA wal_checkpoint"
    assert journal.exists() is not committed
    assert copy.read_bytes() != before, "it was half written"
    # The first reader rolls the interrupted transaction back.
    [backup] = backups_of(path)
    assert (backup.path, backup.operations) == (copy, 1)
    assert journal.exists() is False
    with closing(sqlite3.connect(copy)) as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        [(left,)] = db.execute("SELECT count(*) FROM seen_orders WHERE customer_id IS NOT NULL").fetchall()
    assert left == (0 if committed else 400)
    purge(ledger, path, copy, datetime(9998, 1, 1, tzinfo=UTC))
    assert held(copy.parent, *KEPT) == []


def test_removed_copy_takes_its_journal_with_it(ledger: Ledger, path: Path) -> None:
    refund(ledger)
    first = copied(path, START - timedelta(days=100))
    for number in range(40):
        refund(ledger, order_id=f"A{number}")
        copied(path, START + timedelta(days=number))
        if not number:
            first.with_name(f"{first.name}-journal").write_bytes(b"***.982.247-**")
    assert not first.exists()
    assert not first.with_name(f"{first.name}-journal").exists()


def test_copy_busy_damaged_or_foreign_is_left_unchanged(ledger: Ledger, path: Path) -> None:
    ledger.remember_order(ORDER)
    copy = copied(path)
    whole = copy.read_bytes()
    with closing(sqlite3.connect(copy, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(LedgerFailed):
            purge_copy(path, copy, {}, YEAR)
        other.execute("ROLLBACK")
    assert copy.read_bytes() == whole
    for content, wrong in (
        (whole[:5000], LedgerDamaged),
        (b"not a database" * 100, LedgerDamaged),
        (b"", LedgerDamaged),
    ):
        copy.write_bytes(content)
        with pytest.raises(wrong):
            purge_copy(path, copy, {}, YEAR)
        assert copy.read_bytes() == content
    copy.unlink()
    with pytest.raises(LedgerError):
        purge_copy(path, copy, {}, YEAR)
    assert not copy.exists()
    with closing(sqlite3.connect(copy)) as db:
        db.execute("CREATE TABLE seen_orders (customer)")
    with pytest.raises(LedgerForeign):
        purge_copy(path, copy, {}, YEAR)


def test_unsound_copy_is_found_before_the_commit(ledger: Ledger, path: Path) -> None:
    ledger.remember_order(ORDER)
    refund(ledger)
    copy = copied(path)
    with closing(sqlite3.connect(copy)) as db, db:
        db.execute("PRAGMA writable_schema = ON")
        [index] = db.execute("SELECT * FROM sqlite_schema WHERE name = 'attempts_by_operation'").fetchall()
        db.execute("DELETE FROM sqlite_schema WHERE name = 'attempts_by_operation'")
    with closing(sqlite3.connect(copy)) as db, db:
        db.execute("INSERT INTO attempts (operation_id, started_at) VALUES (1, '2026')")  # the index misses it
        db.execute("PRAGMA writable_schema = ON")
        db.execute("INSERT INTO sqlite_schema VALUES (?, ?, ?, ?, ?)", index)
    before = copy.read_bytes()
    with pytest.raises(LedgerDamaged):
        purge_copy(path, copy, {}, YEAR)
    assert copy.read_bytes() == before


def test_customer_is_found_and_erased_in_a_copy(ledger: Ledger, path: Path) -> None:
    other = replace(ORDER, order_id="B", customer=replace(ANA, name="Bia", document="11144477735"))
    ledger.remember_order(ORDER)
    ledger.remember_order(other)
    refund(ledger)
    sale = sold(ledger, "V-1")
    copy = copied(path)
    assert holds_customer(copy, frozenset({HASH}), [])
    assert not holds_customer(copy, frozenset({"unknown"}), [])
    assert holds_customer(copy, frozenset({"unknown"}), ["v-1"])
    before = rows(copy)
    erase_in_copy(copy, frozenset({HASH}), [])
    assert not holds_customer(copy, frozenset({HASH}), [ORDER.order_id, sale.order_id])
    assert rows(copy) == before
    with closing(sqlite3.connect(copy)) as db:
        left = db.execute("SELECT order_id FROM seen_orders WHERE customer_id IS NOT NULL").fetchall()
        assert left == [("B",)]
        kinds = db.execute("SELECT kind FROM operations WHERE body IS NOT NULL").fetchall()
        assert kinds == [(Kind.REFUND.value,)], "a refund's request names no customer and may still be sent"
    assert held(copy.parent, *PERSONAL_BYTES, *KEPT) == []
