"""The ledger file: created whole, checked when it is opened, and never silently replaced."""

import os
import shutil
import sqlite3
import threading
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bonifiq_desktop.domain.operations import State
from bonifiq_desktop.ledger import database
from bonifiq_desktop.ledger.database import APPLICATION_ID
from bonifiq_desktop.ledger.errors import (
    LedgerDamaged,
    LedgerError,
    LedgerFailed,
    LedgerForeign,
    LedgerMissing,
    LedgerNewer,
    TransitionRefused,
)
from bonifiq_desktop.ledger.history import read_operations
from bonifiq_desktop.ledger.ledger import Ledger
from bonifiq_desktop.ledger.schema import MIGRATIONS
from tests.support.ledger_actions import (
    ANA,
    KEYS,
    ORDER,
    PERSONAL_BYTES,
    TIMED_OUT,
    UNKNOWN,
    confirm,
    refund,
    sell,
    start_attempt,
    without_customers,
)
from tests.support.rights import is_private


def _bytes_of(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def _sql(path: Path, *statements: str) -> None:
    db = sqlite3.connect(path)
    for statement in statements:
        db.execute(statement)
    db.commit()
    db.close()


def test_pragmas_make_returned_commits_durable(ledger: Ledger) -> None:
    found = {
        name: ledger.connection.db.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous")
    }
    assert found == {"journal_mode": "wal", "synchronous": 2}
    assert ledger.connection.db.execute("PRAGMA foreign_keys").fetchone()[0] == 1
    assert ledger.connection.db.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID


@pytest.mark.parametrize("name", [*database._DURABILITY_PRAGMAS, *database._SAFETY_PRAGMAS])
def test_file_that_ignores_a_pragma_is_refused(
    ledger: Ledger, path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    ledger.close()
    before = path.read_bytes()
    connect = sqlite3.connect

    class Deaf(sqlite3.Connection):
        def execute(self, sql: str, *rest: Any) -> sqlite3.Cursor:
            if sql == f"PRAGMA {name} = {(database._DURABILITY_PRAGMAS | database._SAFETY_PRAGMAS)[name]}":
                wrong = {"journal_mode": "delete", "trusted_schema": 1}.get(name, 0)
                sql = f"PRAGMA {name} = {wrong}"
            return super().execute(sql, *rest)

    monkeypatch.setattr(sqlite3, "connect", lambda *names, **options: connect(*names, factory=Deaf, **options))
    with pytest.raises(LedgerFailed, match=name):
        Ledger(path)
    monkeypatch.undo()
    assert len(path.read_bytes()) == len(before)
    Ledger(path).close()


OPENERS = {
    "writing": database.open_for_writing,
    "reading": database.open_for_reading,
    "untouched": database.open_immutable,
    "changing": database.open_copy_for_writing,
}


@pytest.mark.parametrize("opened", OPENERS)
def test_every_connection_sets_the_safety_pragmas(ledger: Ledger, path: Path, opened: str) -> None:
    ledger.close()
    with closing(OPENERS[opened](path)) as db:
        found = {name: db.execute(f"PRAGMA {name}").fetchone()[0] for name in ("trusted_schema", "cell_size_check")}
    assert found == {"trusted_schema": 0, "cell_size_check": 1}
    with database.replace_database(path.with_name("other.db")) as fresh:
        assert fresh.execute("PRAGMA trusted_schema").fetchone()[0] == 0


@pytest.mark.parametrize(
    "injected",
    [
        "CREATE TRIGGER injected AFTER INSERT ON operations BEGIN SELECT planted(new.id); END",
        "CREATE TRIGGER injected BEFORE INSERT ON events BEGIN SELECT planted(new.operation_id); END",
    ],
)
def test_function_planted_in_the_schema_is_not_called(ledger: Ledger, path: Path, injected: str) -> None:
    ledger.close()
    _sql(path, injected)
    called: list[object] = []
    again = Ledger(path, customer_keys=KEYS)
    again.connection.db.create_function("planted", 1, called.append)
    with pytest.raises(LedgerError):
        refund(again)
    assert called == []
    again.close()
    assert list(read_operations(path)) == []


def test_page_with_a_cell_that_does_not_fit_is_not_read(ledger: Ledger, path: Path) -> None:
    for n in range(4):
        refund(ledger, order_id=f"A{n}")
    root = ledger.connection.db.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'events'").fetchone()[0]
    ledger.close()
    content = bytearray(path.read_bytes())
    page = (root - 1) * 4096
    cells = int.from_bytes(content[page + 3 : page + 5], "big")
    assert (content[page], cells) == (0x0D, 4), "a leaf with four rows"
    content[page + 8 + 2 * 3 : page + 8 + 2 * 4] = (4095).to_bytes(2, "big")  # the last of them
    path.write_bytes(content)
    with closing(database.open_for_reading(path)) as db, pytest.raises(sqlite3.DatabaseError, match="malformed"):
        db.execute("SELECT to_state FROM events WHERE id = 1").fetchone()
    with closing(sqlite3.connect(path)) as careless:
        assert careless.execute("SELECT to_state FROM events WHERE id = 1").fetchone() == ("queued",)


@pytest.mark.posix_only("the folder's access list guards the files on Windows: tests/storage/test_windows_access.py")
def test_ledger_files_are_readable_by_this_user_only(ledger: Ledger, path: Path) -> None:
    refund(ledger)
    private = {file.name: is_private(file) for file in path.parent.iterdir()}
    assert set(private) == {"ledger.db", "ledger.db-wal", "ledger.db-shm", "ledger.db.watermark"}
    assert set(private.values()) == {True}


def test_file_of_another_program_is_refused_unchanged(path: Path) -> None:
    _sql(path, "CREATE TABLE orders (id INTEGER)")
    before = _bytes_of(path.parent)
    with pytest.raises(LedgerForeign):
        Ledger(path)
    with pytest.raises(LedgerForeign):
        list(read_operations(path))
    assert _bytes_of(path.parent) == before


def test_file_of_a_newer_version_is_refused_unchanged(ledger: Ledger, path: Path) -> None:
    ledger.close()
    _sql(path, "PRAGMA user_version = 99")
    before = path.read_bytes()
    with pytest.raises(LedgerNewer):
        Ledger(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "content", [b"", b"\0" * 5000, b"not a database, " * 500, b"SQLite format 3\0" + b"\xff" * 5000]
)
def test_damaged_file_is_reported_and_kept(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(LedgerDamaged):
        Ledger(path)
    with pytest.raises(LedgerDamaged):
        list(read_operations(path))
    assert _bytes_of(path.parent) == {"ledger.db": content}


def test_file_damaged_in_the_middle_is_reported(ledger: Ledger, path: Path) -> None:
    for n in range(200):
        ledger.withdraw(refund(ledger, order_id=f"A{n}").operation_id)
    ledger.close()
    content = path.read_bytes()
    path.write_bytes(content[:8192] + b"\xa5" * (len(content) - 8192))
    with pytest.raises(LedgerDamaged):
        _use(path)
    with pytest.raises(LedgerDamaged):
        list(read_operations(path))


def _use(path: Path) -> None:
    ledger = Ledger(path)
    try:
        ledger.queries.counts()
        ledger.queries.page("")
        refund(ledger)
    finally:
        ledger.close()


def test_ledger_missing_beside_its_wal_is_not_recreated(ledger: Ledger, path: Path) -> None:
    refund(ledger)
    log = path.with_name("ledger.db-wal").read_bytes()
    ledger.close()
    path.unlink()
    path.with_name("ledger.db-wal").write_bytes(log)
    path.with_name("ledger.db.watermark").unlink()
    with pytest.raises(LedgerMissing):
        Ledger(path)
    assert not path.exists()
    assert path.with_name("ledger.db-wal").read_bytes() == log


def test_interrupted_creation_leaves_no_half_ledger(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(database, "MIGRATIONS", ("CREATE TABLE half (id INTEGER);", "CREATE TABLE broken (;"))
        with pytest.raises(LedgerError):
            Ledger(path)
        assert not path.exists()
    ledger = Ledger(path)  # the remains of the first try are no obstacle
    assert refund(ledger).state is State.QUEUED
    ledger.close()
    assert {file.name for file in path.parent.iterdir()} == {"ledger.db", "ledger.db.watermark"}


def test_missing_folder_or_unreadable_file_is_not_damage(tmp_path: Path) -> None:
    (tmp_path / "folder.db").mkdir()
    for path in (tmp_path / "nowhere" / "ledger.db", tmp_path / "folder.db" / "x" / "ledger.db"):
        with pytest.raises(LedgerFailed):
            Ledger(path)
        with pytest.raises(LedgerFailed):
            list(read_operations(path))


def test_folder_at_the_ledger_path_is_damage(tmp_path: Path) -> None:
    (tmp_path / "folder.db").mkdir()
    with pytest.raises(LedgerDamaged):
        Ledger(tmp_path / "folder.db")
    with pytest.raises(LedgerDamaged):
        list(read_operations(tmp_path / "folder.db"))
    assert list((tmp_path / "folder.db").iterdir()) == []


def _version(path: Path) -> int:
    db = sqlite3.connect(path)
    found = db.execute("PRAGMA user_version").fetchone()[0]
    db.close()
    return int(found)


def test_failed_migration_changes_nothing(ledger: Ledger, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = refund(ledger)
    ledger.close()
    step = "ALTER TABLE metadata ADD COLUMN half TEXT;\nINSERT INTO nowhere VALUES (1);\n"
    with monkeypatch.context() as broken:
        broken.setattr(database, "MIGRATIONS", (*MIGRATIONS, step))
        with pytest.raises(LedgerError):
            Ledger(path)
    assert _version(path) == len(MIGRATIONS)
    again = Ledger(path, customer_keys=KEYS)
    assert again.queries.operation(made.operation_id) == made
    assert [row["name"] for row in again.connection.db.execute("PRAGMA table_info(metadata)")] == ["name", "value"]
    again.close()


def test_migration_keeps_a_copy_of_the_old_version(ledger: Ledger, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = refund(ledger)
    ledger.close()
    # Two statements and no semicolon at the end: nothing of a step may be dropped.
    step = "CREATE TABLE new (id INTEGER);\nINSERT INTO new VALUES (7)"
    monkeypatch.setattr(database, "MIGRATIONS", (*MIGRATIONS, step))
    again = Ledger(path, customer_keys=KEYS)
    assert again.queries.operation(made.operation_id) == made
    assert again.connection.db.execute("SELECT id FROM new").fetchone()[0] == 7
    again.close()
    copy = path.parent / "backups" / f"ledger-before-version-{len(MIGRATIONS) + 1}.db"
    assert (_version(path), _version(copy)) == (len(MIGRATIONS) + 1, len(MIGRATIONS))
    assert is_private(copy)
    monkeypatch.undo()
    assert [operation.operation_id for operation in read_operations(copy)] == [made.operation_id]


def test_history_read_beside_a_writer_changes_no_file(ledger: Ledger, path: Path) -> None:
    made = refund(ledger)
    files = ("ledger.db", "ledger.db-wal")
    before = {name: (path.parent / name).read_bytes() for name in files}
    assert list(read_operations(path)) == without_customers([made])
    assert {name: (path.parent / name).read_bytes() for name in files} == before
    sent = start_attempt(ledger, made).operation  # and the writer goes on
    assert list(read_operations(path)) == without_customers([sent])


def test_history_is_read_after_an_unclean_end(ledger: Ledger, path: Path, tmp_path: Path) -> None:
    made = refund(ledger)
    after = tmp_path / "after"
    after.mkdir()
    for name in ("ledger.db", "ledger.db-wal"):
        shutil.copy(path.with_name(name), after / name)
    before = _bytes_of(after)
    assert list(read_operations(after / "ledger.db")) == without_customers([made])
    assert {name: content for name, content in _bytes_of(after).items() if name in before} == before
    again = Ledger(after / "ledger.db", customer_keys=KEYS)
    assert again.queries.operation(made.operation_id) == made
    again.close()


def test_torn_end_of_the_wal_loses_only_unreturned_commits(ledger: Ledger, path: Path, tmp_path: Path) -> None:
    made = refund(ledger)
    whole = len(path.with_name("ledger.db-wal").read_bytes())
    refund(ledger, order_id="B")
    log = path.with_name("ledger.db-wal").read_bytes()
    for cut in range(whole, len(log), 997):
        torn = tmp_path / f"torn{cut}.db"
        shutil.copy(path, torn)
        torn.with_name(f"{torn.name}-wal").write_bytes(log[:cut] + b"\x5a" * 100)
        again = Ledger(torn, customer_keys=KEYS)
        assert again.queries.operation(made.operation_id) == made
        assert again.queries.waiting() == [made.operation_id]
        again.close()


def test_long_history_is_read_newest_first(ledger: Ledger, path: Path) -> None:
    made = [ledger.withdraw(refund(ledger, order_id=f"A{n}").operation_id).operation_id for n in range(450)]
    assert [operation.operation_id for operation in read_operations(path)] == made[::-1]


def test_lookup_or_refund_leaves_no_exact_personal_data_in_the_files(ledger: Ledger, path: Path) -> None:
    ledger.remember_order(ORDER)
    ledger.finish_attempt(start_attempt(ledger, refund(ledger)), TIMED_OUT, UNKNOWN)
    for content in _bytes_of(path.parent).values():
        assert not any(secret in content for secret in PERSONAL_BYTES)
    identity = (KEYS.identity(ANA.document) or "").encode()
    assert any(identity in content for content in _bytes_of(path.parent).values())


def test_customer_of_a_sale_is_in_the_file_only_until_final(ledger: Ledger, path: Path) -> None:
    made = sell(ledger)
    assert any(PERSONAL_BYTES[0] in content for content in _bytes_of(path.parent).values())
    confirm(ledger, made)
    ledger.close()
    for content in _bytes_of(path.parent).values():
        assert not any(secret in content for secret in PERSONAL_BYTES)


@pytest.mark.parametrize("attempt", range(5))
def test_two_writers_start_one_attempt(ledger: Ledger, path: Path, attempt: int) -> None:
    made = refund(ledger)
    together = threading.Barrier(2)
    outcomes: list[str] = []

    def start() -> None:
        mine = Ledger(path)
        try:
            together.wait(5)
            mine.start_attempt(made.operation_id)
            outcomes.append("started")
        except TransitionRefused:
            outcomes.append("refused")
        finally:
            mine.close()

    threads = [threading.Thread(target=start) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(outcomes) == ["refused", "started"]
    assert ledger.queries.operation(made.operation_id).attempts == 1


@pytest.mark.posix_only("Windows has no folder that its owner may only read")
@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="nothing is read-only for root")
def test_read_only_folder_is_not_damage(ledger: Ledger, path: Path) -> None:
    ledger.close()
    path.parent.chmod(0o500)
    try:
        with pytest.raises(LedgerFailed):
            _use(path)
    finally:
        path.parent.chmod(0o700)
