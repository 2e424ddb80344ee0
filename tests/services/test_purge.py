"""Tests of the deletion of personal data at finality, by the purge, and after the period of the settings."""

import asyncio
import logging
import os
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bonifiq_desktop.domain.operations import Decision, Operation, ReviewReason, State
from bonifiq_desktop.domain.orders import Customer, Order
from bonifiq_desktop.ledger.backups import make_backup, restore
from bonifiq_desktop.ledger.history import inspect_ledger
from bonifiq_desktop.services import maintenance
from bonifiq_desktop.services.file_executor import FileExecutor
from bonifiq_desktop.services.maintenance import Purge
from bonifiq_desktop.storage.drafts import load_draft, save_draft
from bonifiq_desktop.storage.paths import Paths
from bonifiq_desktop.training_server.server import TrainingServer
from tests.ledger.test_personal_data import held
from tests.services.conftest import MakeTill
from tests.support.headless_till import CUSTOMER_KEYS, SALE, Till, applied, posted_requests

ZULEIKA = Customer(name="Zuleika Quaresma", document="11144477735", email="zq@exemplo.com.br", phone="+5511976543210")
PLANTED = (b"11144477735", b"zq@exemplo", b"976543210", b"Quaresma")
KEPT = (str(CUSTOMER_KEYS.identity(ZULEIKA.document)).encode(),)
CLEAR = (b"Zuleika", b"***.444.777-**")
YEAR = timedelta(days=366)


def sell(till: Till, order_id: str = "2001") -> Operation:
    """A sale to Zuleika."""
    return till.sell(replace(SALE, order_id=order_id, customer=ZULEIKA))


def copy(till: Till, ahead: timedelta = timedelta()) -> Path:
    """Back the till's ledger up."""
    made = make_backup(till.path, datetime.now(UTC) + ahead)
    assert made is not None
    return made


def purged(till: Till, later: timedelta = timedelta()) -> None:
    """Purge after some time has passed."""
    paths = Paths(till.path.parent)
    till.run(
        Purge(till.ledger, paths, FileExecutor(), lambda: till.settings, lambda: datetime.now(UTC) + later).purge_now()
    )


def put_back(make_till: MakeTill, till: Till, source: Path | None) -> Till:
    """Reopen the till with a backup."""
    till.close()
    restore(till.path, source, decided_by="o responsável", now=datetime.now(UTC))
    return make_till("caixa1")


def test_final_sale_is_in_no_file_after_outbox_rests(till: Till, server: TrainingServer) -> None:
    server.faults.add("lose_answer", only="sale")
    sale = sell(till)
    assert held(till.path.parent, *PLANTED) != []
    assert till.wait_until_settled(sale).state is State.CONFIRMED
    till.wait_until_external(lambda: held(till.path.parent, *PLANTED) == [])
    assert till.path.with_name("ledger.db-wal").stat().st_size == 0


def test_withdrawn_sale_is_in_no_file(till: Till) -> None:
    sale = sell(till)
    till.run(till.connection.configure("http://127.0.0.1:1", None))  # nothing is sent, so the outbox rests
    till.start_outbox()
    till.registration.withdraw(sale.operation_id)
    till.outbox.wake()
    till.wait_until_external(lambda: held(till.path.parent, *PLANTED) == [])


def test_wal_held_by_reader_is_truncated_later(till: Till) -> None:
    sale = sell(till)
    with closing(sqlite3.connect(till.path)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM operations").fetchone()
        till.wait_until_settled(sale)
        till.run_for(0.2)
        assert held(till.path.parent, *PLANTED) != []
    till.wait_until_external(lambda: held(till.path.parent, *PLANTED) == [])


def test_purge_removes_customer_after_period_from_all_files(
    till: Till, make_till: MakeTill, server: TrainingServer
) -> None:
    save_draft(till.path.parent / "drafts", "sale", {"saleDocument": ZULEIKA.document})
    waiting = [sell(till, f"20{number:02}") for number in range(4)]
    copy(till)
    till.registration.withdraw(waiting[0].operation_id)
    server.faults.add("refuse", only="sale")
    server.faults.add("error_500_after", only="sale")
    for sale in waiting:
        till.wait_until_settled(sale)
        till.look_up("1001")
    copy(till, timedelta(minutes=1))
    again = put_back(make_till, till, None)  # the present ledger is quarantined
    again = put_back(make_till, again, sorted((till.path.parent / "backups").iterdir())[-1])
    purged(again)
    found = {file for file, _text in held(till.path.parent, *PLANTED)}
    assert found == {"sale.json"}, "half typed, and not old"
    assert {text for _file, text in held(till.path.parent, *KEPT, *CLEAR)} == set(KEPT)
    purged(again, YEAR)
    assert held(till.path.parent, *PLANTED, *KEPT, *CLEAR) == []
    assert len(again.ledger.queries.page("")) == 4
    for file in [again.path, *till.path.parent.glob("backups/*.db"), *till.path.parent.glob("*set-aside*.db")]:
        assert inspect_ledger(file).changed_operations == () if file == again.path else _sound(file)
    assert len(applied(server)) == 2


def _sound(path: Path) -> bool:
    with closing(sqlite3.connect(path)) as db:
        return bool(db.execute("PRAGMA integrity_check").fetchone()[0] == "ok")


def test_purged_copy_resolves_correctly_after_restore(make_till: MakeTill, server: TrainingServer) -> None:
    till = make_till("caixa1")
    sold, withdrawn = sell(till, "2001"), sell(till, "2002")
    returned = till.refund(1000)
    older = copy(till)
    till.registration.withdraw(withdrawn.operation_id)
    till.wait_until_settled(sold)
    till.wait_until_settled(returned)
    purged(till)
    assert held(till.path.parent, *PLANTED) == []
    sent = len(posted_requests(server))
    again = put_back(make_till, till, older)
    again.start_outbox()
    assert again.wait_until_settled(sold).state is State.CONFIRMED
    left = again.wait_until_settled(withdrawn)
    assert (left.state, left.review_reason) == (State.REVIEW, ReviewReason.RESTORED)
    again.review.decide(withdrawn.operation_id, Decision.TRY_AGAIN, "Ana", "o cliente confirma")
    again.outbox.wake()
    again.wait_until(lambda: again.stored(withdrawn).review_reason is ReviewReason.UNSENDABLE)
    assert again.stored(withdrawn).state is State.REVIEW, "what it said is gone, so a person registers it anew"
    assert len(posted_requests(server)) == sent
    again.expire_copies()
    again.review.decide(withdrawn.operation_id, Decision.NOT_DONE, "Ana", "desistiu")
    assert again.wait_until_settled(again.sell(replace(SALE, order_id="2002"))).state is State.CONFIRMED
    again.review.decide(returned.operation_id, Decision.TRY_AGAIN, "Ana", "mesmo protocolo")
    again.outbox.wake()
    assert again.wait_until_settled(returned).review_reason is ReviewReason.KEY_USED_BEFORE, (
        "a refund can be sent from a purged copy"
    )
    assert sorted(applied(server)) == [("refund", "1001", 1000), ("sale", "2001", 9000), ("sale", "2002", 9000)]


def test_purge_keeps_data_of_unfinished_operations(till: Till, server: TrainingServer) -> None:
    sale = sell(till)
    copied = copy(till)
    purged(till, YEAR)
    assert b"11144477735" in copied.read_bytes()
    assert till.wait_until_settled(sale).state is State.CONFIRMED
    assert b"11144477735" in posted_requests(server)[-1].body


def test_purge_skips_locked_copy_and_succeeds_later(till: Till, caplog: pytest.LogCaptureFixture) -> None:
    sale = sell(till)
    first = copy(till)
    till.refund(100)
    second = copy(till, timedelta(minutes=1))
    till.wait_until_settled(sale)
    with closing(sqlite3.connect(first, isolation_level=None)) as other, caplog.at_level(logging.WARNING):
        other.execute("BEGIN EXCLUSIVE")
        purged(till)
        assert first.name in [getattr(record, "copy", "") for record in caplog.records]
        assert b"11144477735" not in second.read_bytes()
        other.execute("ROLLBACK")
    assert b"11144477735" in first.read_bytes()
    purged(till)
    assert b"11144477735" not in first.read_bytes()


def test_purge_yields_between_batches(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(maintenance, "_BATCH", 10)
    for number in range(100):
        till.ledger.remember_order(Order(f"A{number}", 100, customer=ZULEIKA))
    turns = 0

    async def others() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    async def both() -> None:
        working = asyncio.create_task(others())
        steps = till.ledger.connection.commit_count()
        later = Purge(
            till.ledger,
            Paths(till.path.parent),
            FileExecutor(),
            lambda: till.settings,
            lambda: datetime.now(UTC) + YEAR,
        )
        await later.purge_now()
        working.cancel()
        assert till.ledger.connection.commit_count() - steps == 10

    till.run(both())
    assert turns >= 10


def test_purge_deletes_only_old_drafts(till: Till) -> None:
    drafts = till.path.parent / "drafts"
    for screen in ("sale", "refund"):
        save_draft(drafts, screen, {"text": "x"})
    os.utime(drafts / "sale.json", (1, 1))
    purged(till)
    assert load_draft(drafts, "sale") == {}
    assert load_draft(drafts, "refund") == {"text": "x"}


def test_purge_uses_period_of_settings(till: Till) -> None:
    till.look_up("1001")
    till.settings = replace(till.settings, keep_personal_days=2)
    purged(till, timedelta(days=1))
    identity = str(CUSTOMER_KEYS.identity("52998224725")).encode()
    assert held(till.path.parent, identity) != []
    purged(till, timedelta(days=3))
    assert held(till.path.parent, identity) == []


def test_purge_deletes_partial_files(till: Till) -> None:
    folder = till.path.parent
    (folder / "drafts").mkdir(exist_ok=True)
    copy(till)
    halves = [
        folder / "drafts" / ".sale.json.k3_x9aq0",
        folder / ".credentials.json.abcdefgh",
        folder / "backups" / ".ledger-00000009-20261121T120000Z.db.new",
        folder / "backups" / ".ledger-00000009-20261121T120000Z.db.new-journal",
    ]
    for half in halves:
        half.write_bytes(b"11144477735")
    practice = folder / ".training-shop.json.k3j_x9ab"  # the training server may be writing it
    practice.write_bytes(b"{")
    whole = {path for path in folder.rglob("*") if path.is_file()} - set(halves)
    purged(till)
    assert practice.exists()
    assert [half for half in halves if half.exists()] == []
    assert [path for path in whole if path.suffix in {".db", ".watermark"} and not path.exists()] == []
