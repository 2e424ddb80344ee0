"""Restoring a copy of the ledger: nothing is sent unchecked, nothing is lost."""

import shutil
import sqlite3
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest

from bonifiq_desktop.domain.operations import Evidence, Kind, Resolution, ReviewReason, State
from bonifiq_desktop.ledger.backups import backups_of, restore
from bonifiq_desktop.ledger.errors import (
    LedgerError,
    LedgerFailed,
    LedgerForeign,
    LedgerMissing,
    LedgerOlder,
)
from bonifiq_desktop.ledger.ledger import Ledger
from tests.support.ledger_actions import (
    KEYS,
    LATER,
    NOON,
    cancel,
    confirm,
    make_changed_backup,
    refund,
    sell,
    start_attempt,
)


def _contents(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_restored_ledger_treats_unfinished_operations_as_possibly_sent(ledger: Ledger, path: Path) -> None:
    done = confirm(ledger, refund(ledger, order_id="done"))
    queued = refund(ledger, order_id="queued")
    sending = start_attempt(ledger, refund(ledger, order_id="sending")).operation
    sale = sell(ledger)
    sent_sale = ledger.start_attempt(sell(ledger, "CAIXA1-2").operation_id, "https://any").operation
    whole = cancel(ledger, "whole")
    older = make_changed_backup(path)
    ledger.close()
    restore(path, older, decided_by="Ana", now=LATER)
    again = Ledger(path, customer_keys=KEYS)
    again.recover()
    found = {o.order_id: o for o in again.queries.page("")}
    assert found["done"] == done
    for refunded in (queued, sending):
        operation = found[refunded.order_id]
        assert (operation.state, operation.review_reason) == (State.REVIEW, ReviewReason.RESTORED)
        assert operation.cancel_key == refunded.cancel_key
        assert again.queries.attempts.possibly_sent_attempts(operation.operation_id) == 1
    for looked_up in (sale, sent_sale, whole):
        operation = found[looked_up.order_id]
        # Its order is looked up; what that does not show waits for a person.
        assert (operation.state, operation.review_reason) == (State.UNKNOWN, ReviewReason.RESTORED)
        assert again.queries.attempts.possibly_sent_attempts(operation.operation_id) == 1
    assert again.connection.rows("SELECT 1 FROM attempts WHERE ended_at IS NULL") == [], "no attempt is under way"
    restored = again.queries.restoration()
    assert restored is not None
    assert (restored.copy_made_at, restored.restored_at, restored.decided_by) == (NOON, LATER, "Ana")
    # Once: what is registered from now on is not touched at the next start.
    fresh = refund(again, order_id="fresh")
    again.close()
    third = Ledger(path, customer_keys=KEYS)
    third.recover()
    assert third.queries.operation(fresh.operation_id).state is State.QUEUED
    assert set(third.queries.waiting("https://any")) == {
        fresh.operation_id,
        *(o.operation_id for o in found.values() if o.kind is not Kind.REFUND and o.state is State.UNKNOWN),
    }
    third.close()


def test_restored_refund_tried_again_keeps_its_key_and_is_a_repeat(ledger: Ledger, path: Path) -> None:
    queued = refund(ledger)
    older = make_changed_backup(path)
    ledger.close()
    restore(path, older, decided_by="Ana", now=LATER)
    again = Ledger(path, customer_keys=KEYS)
    again.recover()
    again.resolve(queued.operation_id, State.REVIEW, Resolution(State.UNKNOWN, Evidence.PERSON))
    sending = start_attempt(again, queued)
    assert sending.earlier_possibly_sent
    assert not sending.earlier_made_here
    assert sending.request.client_key == queued.cancel_key
    again.close()


def test_restored_ledger_issues_no_sale_number_twice(ledger: Ledger, path: Path) -> None:
    older = make_changed_backup(path)
    before = (ledger.connection.ledger_id, ledger.next_sale_number())
    ledger.close()
    restore(path, older, decided_by="Ana", now=LATER)
    again = Ledger(path, customer_keys=KEYS)
    assert (again.connection.ledger_id, again.next_sale_number()) != before
    assert again.connection.ledger_id != before[0]
    again.close()


def test_replaced_ledger_is_set_aside_with_its_wal_and_readable(ledger: Ledger, path: Path, tmp_path: Path) -> None:
    older = make_changed_backup(path)
    refund(ledger, order_id="only in the log")
    crashed = {name: path.with_name(name).read_bytes() for name in ("ledger.db", "ledger.db-wal")}
    ledger.close()
    for name, content in crashed.items():
        path.with_name(name).write_bytes(content)
    restore(path, older, decided_by="Ana", now=LATER)
    aside = next(path.parent.glob("ledger-set-aside-*.db"))
    assert aside.read_bytes() == crashed["ledger.db"]
    assert aside.with_name(f"{aside.name}-wal").read_bytes() == crashed["ledger.db-wal"]
    db = sqlite3.connect(aside)
    assert db.execute("SELECT order_id FROM operations").fetchall() == [("only in the log",)]
    db.close()
    again = Ledger(path, customer_keys=KEYS)
    assert again.queries.page("") == []
    again.close()


def test_older_ledger_used_as_it_is_goes_into_quarantine(ledger: Ledger, path: Path) -> None:
    queued = refund(ledger)
    older = make_changed_backup(path)
    refund(ledger, order_id="1007")
    ledger.close()
    shutil.copyfile(older, path)
    restore(path, path, decided_by="Ana", now=LATER)
    again = Ledger(path, customer_keys=KEYS)
    again.recover()
    assert again.queries.operation(queued.operation_id).review_reason is ReviewReason.RESTORED
    restored = again.queries.restoration()
    assert restored is not None
    assert restored.copy_made_at is None
    again.close()


def test_new_ledger_is_begun_on_request_and_records_it(ledger: Ledger, path: Path) -> None:
    refund(ledger)
    ledger.close()
    path.unlink()
    restore(path, None, decided_by="Ana", now=LATER)
    again = Ledger(path, customer_keys=KEYS)
    assert again.queries.page("") == []
    restored = again.queries.restoration()
    assert restored is not None
    assert (restored.copy_made_at, restored.restored_at) == (None, LATER)
    again.close()


@pytest.mark.parametrize("content", [b"", b"text", b"SQLite format 3\x00" + b"\x07" * 4000])
def test_unsound_copy_is_not_restored(ledger: Ledger, path: Path, content: bytes, tmp_path: Path) -> None:
    refund(ledger)
    ledger.close()
    bad = tmp_path / "bad.db"
    bad.write_bytes(content)
    before = _contents(path.parent)
    with pytest.raises(LedgerError):
        restore(path, bad, decided_by="Ana", now=LATER)
    assert _contents(path.parent) == before
    Ledger(path).close()


def test_file_of_another_program_is_not_restored(ledger: Ledger, path: Path, tmp_path: Path) -> None:
    ledger.close()
    foreign = sqlite3.connect(tmp_path / "foreign.db")
    foreign.execute("CREATE TABLE orders (id INTEGER)")
    foreign.close()
    with pytest.raises(LedgerForeign):
        restore(path, tmp_path / "foreign.db", decided_by="Ana", now=LATER)


def test_restore_that_fails_half_way_changes_nothing(
    ledger: Ledger, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    older = make_changed_backup(path)
    refund(ledger)
    kept = {name: path.with_name(name).read_bytes() for name in ("ledger.db", "ledger.db-wal")}
    ledger.close()
    for name, content in kept.items():
        path.with_name(name).write_bytes(content)
    before = _contents(path.parent)
    rename = Path.rename

    def locked(self: Path, target: Path) -> Path:
        if self.name == "ledger.db-wal":
            raise PermissionError(13, "held by another program")
        return rename(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", locked)
        for source in (older, path, None):
            with pytest.raises(LedgerFailed):
                restore(path, source, decided_by="Ana", now=LATER)
    assert {name: content for name, content in _contents(path.parent).items() if "-shm" not in name} == before
    Ledger(path).close()


def test_set_aside_ledger_is_restored(ledger: Ledger, path: Path) -> None:
    refund(ledger)
    ledger.close()
    restore(path, None, decided_by="Ana", now=LATER)
    Ledger(path).close()
    [found] = backups_of(path)
    assert found.operations == 1
    restore(path, found.path, decided_by="Ana", now=LATER + timedelta(hours=1))
    again = Ledger(path, customer_keys=KEYS)
    assert len(again.queries.page("")) == 1
    again.close()


@pytest.mark.parametrize("source", ["copy", "as it is", "new"])
def test_restore_interrupted_anywhere_can_be_repeated(
    ledger: Ledger, path: Path, source: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    refund(ledger)
    older = make_changed_backup(path)
    ledger.close()
    chosen = {"copy": older, "as it is": path, "new": None}[source]
    for cut in range(1, 20):
        with monkeypatch.context() as patch:
            _die_at_rename(patch, cut)
            try:
                restore(path, chosen, decided_by="Ana", now=LATER)
            except _Died:
                pass
            else:
                break
        with suppress(LedgerMissing, LedgerOlder):  # a person is asked again
            again = Ledger(path, customer_keys=KEYS)
            assert again.queries.counts().pending == 1
            again.close()
        if chosen == path and not path.exists():
            chosen = next(path.parent.glob("ledger-set-aside-*.db"))
    assert cut > 2
    Ledger(path).close()


class _Died(BaseException):
    pass


def _die_at_rename(patch: pytest.MonkeyPatch, number: int) -> None:
    """The power goes just before the file is renamed for the `number`th time."""
    left = [number]

    def dying(real: str) -> None:
        rename = getattr(Path, real)

        def maybe(self: Path, target: Path) -> Path:
            left[0] -= 1
            if left[0] <= 0:  # and nothing happens any more
                raise _Died
            done: Path = rename(self, target)
            return done

        patch.setattr(Path, real, maybe)

    dying("rename")
    dying("replace")


def test_set_aside_file_name_is_never_used_twice(ledger: Ledger, path: Path) -> None:
    older = make_changed_backup(path)
    ledger.close()
    for _ in range(3):
        restore(path, older, decided_by="Ana", now=LATER)
    assert len(list(path.parent.glob("ledger-set-aside-*.db"))) == 3
