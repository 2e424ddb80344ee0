"""A ledger knows its PC: on another one it asks before anything is written, and a copy never makes the same numbers."""

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
from tests.support.ledger_actions import LATER, make_changed_backup, refund, sell


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


def test_at_the_same_pc_nothing_is_asked(on: pytest.MonkeyPatch, path: Path) -> None:
    for _ in range(3):
        Ledger(path).close()
    facts = read_metadata(path)
    assert facts["machine_hash"] not in {"A", ""}, "only a hash is kept"
    on.setattr(machine_id, "machine_id", lambda: "C")
    for _ in range(2):
        with pytest.raises(LedgerOfAnotherMachine):
            Ledger(path)


def test_two_tills_at_one_pc_remember_it_differently(on: pytest.MonkeyPatch, tmp_path: Path) -> None:
    kept = set()
    for name in ("1", "2"):
        path = tmp_path / f"{name}.db"
        Ledger(path).close()
        kept.add(read_metadata(path)["machine_hash"])
    assert len(kept) == 2


def test_a_copied_folder_is_opened_at_no_other_pc_and_nothing_is_written(copied: Path) -> None:
    before = contents(copied.parent)
    with pytest.raises(LedgerOfAnotherMachine):
        Ledger(copied)
    assert contents(copied.parent) == before


def test_a_till_that_moved_goes_on_under_its_tag_with_all_that_waits(
    copied: Path, on: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    move_to_this_machine(copied, decided_by="Ana", now=LATER)
    with closing(Ledger(copied)) as ledger:
        ledger.recover()
        assert ledger.connection.ledger_id == read_metadata(tmp_path / "a" / "ledger.db")["ledger_id"]
        assert [operation.state for operation in ledger.queries.page("", None)] == [State.QUEUED] * 2
        assert ledger.next_sale_number() == 2
        moved = ledger.connection.metadata("moved")
    assert moved is not None
    assert "Ana" in moved
    assert LATER.isoformat() in moved
    on.setattr(machine_id, "machine_id", lambda: "A")
    with pytest.raises(LedgerOfAnotherMachine):
        Ledger(copied)


def test_a_copy_gets_a_new_tag_and_sends_nothing_that_the_original_may_send(copied: Path, tmp_path: Path) -> None:
    restore(copied, copied, decided_by="Ana", now=LATER)
    with closing(Ledger(copied)) as ledger:
        ledger.recover()
        assert ledger.connection.ledger_id != read_metadata(tmp_path / "a" / "ledger.db")["ledger_id"]
        assert ledger.next_sale_number() == 2
        found = ledger.queries.page("", None)
        assert {operation.review_reason for operation in found} == {ReviewReason.RESTORED}
        assert {operation.state for operation in found} == {State.REVIEW, State.UNKNOWN}
        restored = ledger.queries.restoration()
        assert restored is not None
        assert (restored.decided_by, restored.restored_at) == ("Ana", LATER)
    Ledger(copied).close()


def test_a_copy_of_the_ledger_from_another_pc_can_be_put_back(on: pytest.MonkeyPatch, path: Path) -> None:
    with closing(Ledger(path)) as ledger:
        made = refund(ledger)
    make_changed_backup(path)
    at_pc_b(on)
    restore(path, backups_of(path)[0].path, decided_by="Ana", now=LATER)
    with closing(Ledger(path)) as again:
        again.recover()
        assert again.queries.operation(made.operation_id).review_reason is ReviewReason.RESTORED
        again.resolve(made.operation_id, State.REVIEW, Resolution(State.NOT_APPLIED, Evidence.PERSON))
    Ledger(path).close()


def test_the_systems_own_id_is_read_and_without_one_the_pcs_name_counts(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "machine-id"
    monkeypatch.setattr(machine_id, "_MACHINE_ID_FILES", (tmp_path / "none", file))
    monkeypatch.setattr("platform.node", lambda: "BALCAO-1")
    assert machine_id.machine_id() == "name:BALCAO-1"
    file.write_text("\n")
    assert machine_id.machine_id() == "name:BALCAO-1"
    file.write_text("3d1219c7c4c5404aaa1f6d2a48adfda4\n")
    assert machine_id.machine_id() == "3d1219c7c4c5404aaa1f6d2a48adfda4"
    assert "3d12" not in machine_id.machine_hash("7KQF")
