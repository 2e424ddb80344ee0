"""Copies of the ledger, and what a till remembers of it."""

import shutil
import sqlite3
import stat
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
from tests.support.ledger_actions import LATER, NOON, make_changed_backup, refund


def test_a_copy_made_beside_the_open_ledger_holds_every_commit_that_returned(ledger: Ledger, path: Path) -> None:
    refund(ledger)
    made = make_changed_backup(path)
    assert [backup.operations for backup in backups_of(path)] == [1]
    assert backups_of(path)[0].made_at == NOON
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    assert stat.S_IMODE(made.parent.stat().st_mode) == 0o700
    assert refund(ledger, order_id="1007").state is State.QUEUED  # the ledger goes on


def test_nothing_is_copied_twice_while_nothing_changes(ledger: Ledger, path: Path) -> None:
    refund(ledger)
    make_changed_backup(path)
    assert make_backup(path, LATER) is None
    refund(ledger, order_id="1007")
    assert make_backup(path, LATER) is not None


def test_the_newest_copies_stay_and_the_last_one_of_each_day(ledger: Ledger, path: Path) -> None:
    for hour in range(24 * 20):
        if hour % 6 == 0:
            ledger.next_sale_number()
            make_changed_backup(path, NOON + timedelta(hours=hour))
    kept = [backup.made_at for backup in backups_of(path)]
    assert kept[0] == NOON + timedelta(hours=24 * 20 - 6)
    assert kept[:12] == [kept[0] - timedelta(hours=6 * n) for n in range(12)]
    assert {f"{at:%d}" for at in kept} == {f"{NOON + timedelta(days=n):%d}" for n in range(7, 21)}
    assert len(kept) == 12 + 14 - 4  # four days are among the newest anyway


def test_after_a_clock_ran_years_ahead_new_copies_are_kept_and_come_first(ledger: Ledger, path: Path) -> None:
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


def test_with_the_clock_back_by_years_a_new_copy_stays_and_is_the_newest(ledger: Ledger, path: Path) -> None:
    for day in range(20):
        ledger.next_sale_number()
        make_changed_backup(path, NOON + timedelta(days=day))
    refund(ledger)
    made = make_changed_backup(path, datetime(2009, 1, 1, tzinfo=UTC))
    assert backups_of(path)[0].path == made
    assert backups_of(path)[0].operations == 1


def test_a_copy_with_an_impossible_name_is_a_copy_all_the_same(ledger: Ledger, path: Path) -> None:
    refund(ledger)
    for name in ("ledger-00000001-20261332T000000Z.db", "ledger-copy of ana.db"):
        shutil.copyfile(make_changed_backup(path), path.parent / "backups" / name)
        ledger.next_sale_number()
    assert len(backups_of(path)) == 4


def test_a_copy_that_failed_or_died_half_way_leaves_nothing_behind(
    ledger: Ledger, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
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


def test_on_a_disk_that_is_nearly_full_no_copy_is_begun(
    ledger: Ledger, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refund(ledger)
    monkeypatch.setattr("shutil.disk_usage", lambda _folder: SimpleNamespace(free=path.stat().st_size))
    with pytest.raises(LedgerFailed):
        make_backup(path, NOON)
    assert backups_of(path) == []


def test_a_ledger_taken_away_while_it_is_open_takes_no_more_and_is_copied_before_it_is_gone(
    ledger: Ledger, path: Path
) -> None:
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


def test_a_last_step_that_is_no_number_is_damage(ledger: Ledger, path: Path) -> None:
    ledger.close()
    db = sqlite3.connect(path)
    db.execute("UPDATE metadata SET value = 'q:1' WHERE name = 'last_commit'")
    db.commit()
    db.close()
    with pytest.raises(LedgerDamaged):
        Ledger(path)


def test_a_copy_that_is_not_sound_is_not_kept_and_drops_no_older_one(ledger: Ledger, path: Path) -> None:
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


def test_a_ledger_that_vanished_is_missed_and_not_made_anew(ledger: Ledger, path: Path) -> None:
    refund(ledger)
    ledger.close()
    path.unlink()
    with pytest.raises(LedgerMissing):
        Ledger(path)
    assert not path.exists()


def test_a_ledger_of_which_only_copies_are_left_is_missed_too(ledger: Ledger, path: Path) -> None:
    make_changed_backup(path)
    ledger.close()
    path.unlink()
    watermark_path(path).unlink()
    with pytest.raises(LedgerMissing):
        Ledger(path)


def test_an_older_ledger_put_in_place_by_hand_is_noticed_and_left_alone(ledger: Ledger, path: Path) -> None:
    refund(ledger)
    older = make_changed_backup(path)
    refund(ledger, order_id="1007")
    ledger.close()
    shutil.copyfile(older, path)
    before = path.read_bytes()
    with pytest.raises(LedgerOlder):
        Ledger(path)
    assert path.read_bytes() == before


def test_another_tills_ledger_is_noticed(ledger: Ledger, path: Path, tmp_path: Path) -> None:
    ledger.close()
    (tmp_path / "other").mkdir()
    other = Ledger(tmp_path / "other" / "ledger.db")
    for number in range(9):
        refund(other, order_id=f"{number}")
    other.close()
    shutil.copyfile(tmp_path / "other" / "ledger.db", path)
    with pytest.raises(LedgerOlder):
        Ledger(path)


@pytest.mark.parametrize("torn", [b"", b"{", b'{"ledger_id": "7KQF"}', b"\xff\xfe", b"[]"])
def test_a_torn_mark_stops_nothing_and_is_mended(ledger: Ledger, path: Path, torn: bytes) -> None:
    refund(ledger)
    older = make_changed_backup(path)
    refund(ledger, order_id="1007")
    ledger.close()
    watermark_path(path).write_bytes(torn)
    Ledger(path).close()
    shutil.copyfile(older, path)
    with pytest.raises(LedgerOlder):
        Ledger(path)


def test_without_a_mark_that_can_be_written_the_ledger_works(ledger: Ledger, path: Path) -> None:
    watermark_path(path).unlink()
    watermark_path(path).mkdir()
    assert refund(ledger).state is State.QUEUED
    ledger.close()
    again = Ledger(path)
    assert again.queries.counts().pending == 1
    again.close()


def test_a_mark_that_lags_behind_the_ledger_is_no_alarm(ledger: Ledger, path: Path) -> None:
    before = watermark_path(path).read_bytes()
    refund(ledger)
    ledger.close()
    watermark_path(path).write_bytes(before)  # the power went between the commit and the mark
    Ledger(path).close()


def test_copies_are_of_this_ledger_only(ledger: Ledger, path: Path) -> None:
    other = Ledger(path.with_name("till2.db"))
    make_changed_backup(path)
    make_changed_backup(path.with_name("till2.db"))
    assert len(backups_of(path)) == len(backups_of(path.with_name("till2.db"))) == 1
    other.close()
    assert backups.backups_of(path.with_name("none.db")) == []
