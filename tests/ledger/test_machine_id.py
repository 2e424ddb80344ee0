"""The PC of a ledger: on another PC it is refused unchanged, and a copy never issues the same sale numbers."""

import shutil
from contextlib import closing
from pathlib import Path

import pytest

from bonifiq_desktop.domain.operations import Evidence, Resolution, ReviewReason, State
from bonifiq_desktop.ledger import machine_id
from bonifiq_desktop.ledger.backups import backups_of, move_to_this_machine, restore
from bonifiq_desktop.ledger.errors import LedgerOfAnotherMachine
from bonifiq_desktop.ledger.history import read_metadata
from bonifiq_desktop.ledger.ledger import Ledger
from tests.support.ledger_actions import KEYS, LATER, make_changed_backup, refund, sell


@pytest.fixture(name="on")
def pcs(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """At PC A."""
    monkeypatch.setattr(machine_id, "machine_id", lambda: "A")
    return monkeypatch


def at_pc_b(on: pytest.MonkeyPatch) -> None:
    on.setattr(machine_id, "machine_id", lambda: "B")


@pytest.fixture(name="copied")
def copy_of_a_till(on: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The folder of A's till, copied while a refund and a sale waited; opened at B."""
    original = tmp_path / "a" / "ledger.db"
    original.parent.mkdir()
    with closing(Ledger(original)) as ledger:
        refund(ledger)
        sell(ledger)
        ledger.next_sale_number()
    shutil.copytree(original.parent, tmp_path / "b")
    at_pc_b(on)
    return tmp_path / "b" / "ledger.db"


def contents(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir() if file.suffix == ".db" or "mark" in file.name}


def test_ledger_on_the_same_pc_opens(on: pytest.MonkeyPatch, path: Path) -> None:
    for _ in range(3):
        Ledger(path).close()
    facts = read_metadata(path)
    assert facts["machine_hash"] not in {"A", ""}, "only a hash is kept"
    on.setattr(machine_id, "machine_id", lambda: "C")
    for _ in range(2):
        with pytest.raises(LedgerOfAnotherMachine):
            Ledger(path)


def test_two_ledgers_on_one_pc_hold_different_hashes(on: pytest.MonkeyPatch, tmp_path: Path) -> None:
    kept = set()
    for name in ("1", "2"):
        path = tmp_path / f"{name}.db"
        Ledger(path).close()
        kept.add(read_metadata(path)["machine_hash"])
    assert len(kept) == 2


def test_ledger_copied_to_another_pc_is_refused_unchanged(copied: Path) -> None:
    before = contents(copied.parent)
    with pytest.raises(LedgerOfAnotherMachine):
        Ledger(copied)
    assert contents(copied.parent) == before


def test_moved_ledger_keeps_its_id_and_waiting_operations(copied: Path, on: pytest.MonkeyPatch, tmp_path: Path) -> None:
    move_to_this_machine(copied, decided_by="Ana", now=LATER)
    with closing(Ledger(copied)) as ledger:
        ledger.recover()
        assert ledger.connection.ledger_id == read_metadata(tmp_path / "a" / "ledger.db")["ledger_id"]
        assert [operation.state for operation in ledger.queries.page("")] == [State.QUEUED] * 2
        assert ledger.next_sale_number() == 2
        moved = ledger.connection.metadata("moved")
    assert moved is not None
    assert "Ana" in moved
    assert LATER.isoformat() in moved
    on.setattr(machine_id, "machine_id", lambda: "A")
    with pytest.raises(LedgerOfAnotherMachine):
        Ledger(copied)


def test_restored_copy_of_another_pc_gets_a_new_id_and_sends_nothing(copied: Path, tmp_path: Path) -> None:
    restore(copied, copied, decided_by="Ana", now=LATER)
    with closing(Ledger(copied)) as ledger:
        ledger.recover()
        assert ledger.connection.ledger_id != read_metadata(tmp_path / "a" / "ledger.db")["ledger_id"]
        assert ledger.next_sale_number() == 2
        found = ledger.queries.page("")
        assert {operation.review_reason for operation in found} == {ReviewReason.RESTORED}
        assert {operation.state for operation in found} == {State.REVIEW, State.UNKNOWN}
        restored = ledger.queries.restoration()
        assert restored is not None
        assert (restored.decided_by, restored.restored_at) == ("Ana", LATER)
    Ledger(copied).close()


def test_backup_of_another_pc_is_restored(on: pytest.MonkeyPatch, path: Path) -> None:
    with closing(Ledger(path, customer_keys=KEYS)) as ledger:
        made = refund(ledger)
    make_changed_backup(path)
    at_pc_b(on)
    restore(path, backups_of(path)[0].path, decided_by="Ana", now=LATER)
    with closing(Ledger(path, customer_keys=KEYS)) as again:
        again.recover()
        assert again.queries.operation(made.operation_id).review_reason is ReviewReason.RESTORED
        again.resolve(made.operation_id, State.REVIEW, Resolution(State.NOT_APPLIED, Evidence.PERSON))
    Ledger(path).close()


@pytest.mark.posix_only("Windows keeps the machine's id in its registry")
def test_machine_id_missing_falls_back_to_the_host_name(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "machine-id"
    monkeypatch.setattr(machine_id, "_MACHINE_ID_FILES", (tmp_path / "none", file))
    monkeypatch.setattr("platform.node", lambda: "BALCAO-1")
    assert machine_id.machine_id() == "name:BALCAO-1"
    file.write_text("\n")
    assert machine_id.machine_id() == "name:BALCAO-1"
    file.write_text("3d1219c7c4c5404aaa1f6d2a48adfda4\n")
    assert machine_id.machine_id() == "3d1219c7c4c5404aaa1f6d2a48adfda4"
    assert "3d12" not in machine_id.machine_hash("7KQF")
