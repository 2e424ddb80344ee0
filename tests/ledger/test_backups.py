"""Backups of the ledger, and its watermark."""

import shutil
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from bonifiq_desktop.domain.operations import State
from bonifiq_desktop.ledger import backups, database
from bonifiq_desktop.ledger.backups import backups_of, make_backup
from bonifiq_desktop.ledger.errors import (
    LedgerDamaged,
    LedgerFailed,
    LedgerMissing,
    LedgerOlder,
)
from bonifiq_desktop.ledger.ledger import Ledger
from bonifiq_desktop.ledger.watermark import watermark_path
from tests.support.ledger_actions import KEYS, LATER, NOON, make_changed_backup, refund
from tests.support.rights import is_private


def test_backup_of_an_open_ledger_holds_every_returned_commit(ledger: Ledger, path: Path) -> None:
    refund(ledger)
    made = make_changed_backup(path)
    assert [backup.operations for backup in backups_of(path)] == [1]
    assert backups_of(path)[0].made_at == NOON
    assert is_private(made)
    assert is_private(made.parent)
    assert refund(ledger, order_id="1007").state is State.QUEUED  # the ledger goes on


def test_backup_without_changes_makes_no_file(ledger: Ledger, path: Path) -> None:
    refund(ledger)
    make_changed_backup(path)
    assert make_backup(path, LATER) is None
    refund(ledger, order_id="1007")
    assert make_backup(path, LATER) is not None


def test_backup_rotation_keeps_the_newest_and_the_last_of_each_day(ledger: Ledger, path: Path) -> None:
    for hour in range(24 * 20):
        if hour % 6 == 0:
            ledger.next_sale_number()
            make_changed_backup(path, NOON + timedelta(hours=hour))
    kept = [backup.made_at for backup in backups_of(path)]
    assert kept[0] == NOON + timedelta(hours=24 * 20 - 6)
    assert kept[:12] == [kept[0] - timedelta(hours=6 * n) for n in range(12)]
    assert {f"{at:%d}" for at in kept} == {f"{NOON + timedelta(days=n):%d}" for n in range(7, 21)}
    assert len(kept) == 12 + 14 - 4  # four days are among the newest anyway


def test_backups_after_a_clock_ran_ahead_are_kept_and_come_first(ledger: Ledger, path: Path) -> None:
    for day in range(20):
        refund(ledger, order_id=f"ahead-{day}")
        make_changed_backup(path, NOON + timedelta(days=2000 + day))
    for hour in range(3):
        refund(ledger, order_id=f"right-{hour}")
        now = NOON + timedelta(hours=hour)
        make_changed_backup(path, now)
        assert make_backup(path, now) is None, "nothing has changed since"
    copies = backups_of(path)
    assert [copy.made_at for copy in copies[:3]] == [NOON + timedelta(hours=hour) for hour in (2, 1, 0)]
    assert [copy.operations for copy in copies[:4]] == [23, 22, 21, 20]


def test_backup_with_the_clock_set_back_stays_and_is_the_newest(ledger: Ledger, path: Path) -> None:
    for day in range(20):
        ledger.next_sale_number()
        make_changed_backup(path, NOON + timedelta(days=day))
    refund(ledger)
    made = make_changed_backup(path, datetime(2009, 1, 1, tzinfo=UTC))
    assert backups_of(path)[0].path == made
    assert backups_of(path)[0].operations == 1


def test_backup_with_an_impossible_name_is_offered(ledger: Ledger, path: Path) -> None:
    refund(ledger)
    for name in ("ledger-00000001-20261332T000000Z.db", "ledger-copy of ana.db"):
        shutil.copyfile(make_changed_backup(path), path.parent / "backups" / name)
        ledger.next_sale_number()
    assert len(backups_of(path)) == 4


def test_backup_that_fails_half_way_leaves_no_file(ledger: Ledger, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    refund(ledger)
    made = make_changed_backup(path)
    (made.parent / ".ledger-00000001-20200101T000000Z.db.new").write_bytes(b"of a process that died")
    refund(ledger, order_id="1007")
    with monkeypatch.context() as patch:
        patch.setattr(backups, "check_integrity", lambda _db: None)
        patch.setattr(database, "check_integrity", _fail)
        with pytest.raises(LedgerDamaged):
            make_backup(path, LATER)
    assert list(made.parent.iterdir()) == [made]


def _fail(_db: sqlite3.Connection) -> None:
    raise LedgerDamaged("no good")


def test_backup_on_a_nearly_full_disk_is_not_begun(ledger: Ledger, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    refund(ledger)
    monkeypatch.setattr("shutil.disk_usage", lambda _folder: SimpleNamespace(free=path.stat().st_size))
    with pytest.raises(LedgerFailed):
        make_backup(path, NOON)
    assert backups_of(path) == []


@pytest.mark.posix_only("Windows deletes no open file")
def test_ledger_deleted_while_open_refuses_writes_and_is_copied(ledger: Ledger, path: Path) -> None:
    refund(ledger)
    path.unlink()
    with pytest.raises(LedgerMissing):
        refund(ledger, order_id="1007")
    with pytest.raises(LedgerMissing):
        make_backup(path, NOON)
    ledger.close()
    assert [backup.operations for backup in backups_of(path)] == [1]
    with pytest.raises(LedgerMissing):
        Ledger(path)


def test_commit_number_not_decimal_is_damage(ledger: Ledger, path: Path) -> None:
    ledger.close()
    db = sqlite3.connect(path)
    db.execute("UPDATE metadata SET value = 'q:1' WHERE name = 'last_commit'")
    db.commit()
    db.close()
    with pytest.raises(LedgerDamaged):
        Ledger(path)


def test_backup_not_sound_is_not_kept_and_replaces_no_older_one(ledger: Ledger, path: Path) -> None:
    for number in range(200):
        refund(ledger, order_id=f"order-{number}")
    older = make_changed_backup(path)
    ledger.next_sale_number()
    ledger.close()
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2)
        file.write(b"\xff" * 5000)
    with pytest.raises(LedgerDamaged):
        make_backup(path, LATER)
    assert [backup.path for backup in backups_of(path)] == [older]


def test_ledger_deleted_is_reported_missing_and_not_recreated(ledger: Ledger, path: Path) -> None:
    refund(ledger)
    ledger.close()
    path.unlink()
    with pytest.raises(LedgerMissing):
        Ledger(path)
    assert not path.exists()


def test_ledger_with_backups_only_is_reported_missing(ledger: Ledger, path: Path) -> None:
    make_changed_backup(path)
    ledger.close()
    path.unlink()
    watermark_path(path).unlink()
    with pytest.raises(LedgerMissing):
        Ledger(path)


def test_older_ledger_put_in_place_by_hand_is_refused_unchanged(ledger: Ledger, path: Path) -> None:
    refund(ledger)
    older = make_changed_backup(path)
    refund(ledger, order_id="1007")
    ledger.close()
    shutil.copyfile(older, path)
    before = path.read_bytes()
    with pytest.raises(LedgerOlder):
        Ledger(path)
    assert path.read_bytes() == before


def test_ledger_of_another_till_is_refused(ledger: Ledger, path: Path, tmp_path: Path) -> None:
    ledger.close()
    (tmp_path / "other").mkdir()
    other = Ledger(tmp_path / "other" / "ledger.db", customer_keys=KEYS)
    for number in range(9):
        refund(other, order_id=f"{number}")
    other.close()
    shutil.copyfile(tmp_path / "other" / "ledger.db", path)
    with pytest.raises(LedgerOlder):
        Ledger(path)


@pytest.mark.parametrize("torn", [b"", b"{", b'{"ledger_id": "7KQF"}', b"\xff\xfe", b"[]"])
def test_watermark_torn_is_rewritten(ledger: Ledger, path: Path, torn: bytes) -> None:
    refund(ledger)
    older = make_changed_backup(path)
    refund(ledger, order_id="1007")
    ledger.close()
    watermark_path(path).write_bytes(torn)
    Ledger(path).close()
    shutil.copyfile(older, path)
    with pytest.raises(LedgerOlder):
        Ledger(path)


def test_watermark_not_writable_does_not_stop_the_ledger(ledger: Ledger, path: Path) -> None:
    watermark_path(path).unlink()
    watermark_path(path).mkdir()
    assert refund(ledger).state is State.QUEUED
    ledger.close()
    again = Ledger(path, customer_keys=KEYS)
    assert again.queries.counts().pending == 1
    again.close()


def test_watermark_behind_the_ledger_is_accepted(ledger: Ledger, path: Path) -> None:
    before = watermark_path(path).read_bytes()
    refund(ledger)
    ledger.close()
    watermark_path(path).write_bytes(before)  # the power went between the commit and the mark
    Ledger(path).close()


def test_backups_of_another_ledger_are_not_listed(ledger: Ledger, path: Path) -> None:
    other = Ledger(path.with_name("till2.db"))
    make_changed_backup(path)
    make_changed_backup(path.with_name("till2.db"))
    assert len(backups_of(path)) == len(backups_of(path.with_name("till2.db"))) == 1
    other.close()
    assert backups.backups_of(path.with_name("none.db")) == []
