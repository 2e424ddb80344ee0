"""Personal data in the ledger: erased from every file when it is old or needed no more."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from bonifiq_desktop.domain.operations import Kind, Operation, State
from bonifiq_desktop.domain.orders import Customer
from bonifiq_desktop.domain.requests import Intent, SerializedRequest
from bonifiq_desktop.ledger.errors import RequestDamaged
from bonifiq_desktop.ledger.ledger import Ledger
from bonifiq_desktop.ledger.personal_data import SELECT_EXPIRED_OPERATIONS, SELECT_EXPIRED_ORDERS
from tests.support.ledger_actions import (
    ANA,
    KEYS,
    ORDER,
    PERSONAL_BYTES,
    START,
    Clock,
    cancel,
    confirm,
    refund,
    sell,
    start_attempt,
)

YEAR = START + timedelta(days=365)
HASH = KEYS.identity(ANA.document) or ""
KEPT = (HASH.encode(),)


def held(folder: Path, *texts: bytes) -> list[tuple[str, bytes]]:
    """Which files hold which of these texts."""
    files = [file for file in folder.rglob("*") if file.is_file()]
    return [(file.name, text) for file in files for text in texts if text in file.read_bytes()]


def sold(ledger: Ledger, order_id: str) -> Operation:
    """A sale to Ana, as the counter registers it."""
    body = b'{"Customer":{"Document":"52998224725","Email":"ana@exemplo.com.br"}}'
    intent = Intent(Kind.SALE, order_id, 100, order=ORDER)
    return ledger.enqueue(intent, lambda _confirmed: SerializedRequest("/v1/pvt/POS/orders", body))


def test_final_sale_body_is_in_no_file_after_truncating_the_wal(ledger: Ledger, path: Path) -> None:
    made = sell(ledger)
    assert held(path.parent, *PERSONAL_BYTES[:3]) != []
    confirm(ledger, made)
    assert ledger.connection.truncate_wal()
    assert path.with_name("ledger.db-wal").stat().st_size == 0
    assert held(path.parent, *PERSONAL_BYTES) == []


def test_wal_of_a_killed_process_is_truncated(ledger: Ledger, path: Path, tmp_path: Path) -> None:
    confirm(ledger, sell(ledger))
    killed = tmp_path / "killed"
    killed.mkdir()
    for name in ("ledger.db", "ledger.db-wal"):
        (killed / name).write_bytes(path.with_name(name).read_bytes())
    assert held(killed, b"52998224725") != []
    again = Ledger(killed / "ledger.db", customer_keys=KEYS)
    assert again.connection.truncate_wal()
    assert held(killed, *PERSONAL_BYTES) == []
    again.close()


def test_wal_being_read_is_truncated_later_without_waiting(ledger: Ledger, path: Path) -> None:
    made = sell(ledger)
    with closing(sqlite3.connect(path)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM operations").fetchone()
        confirm(ledger, made)
        assert not ledger.connection.truncate_wal()
        assert ledger.queries.operation(made.operation_id).state is State.CONFIRMED
    assert ledger.connection.truncate_wal()
    assert held(path.parent, *PERSONAL_BYTES) == []


def test_purge_erases_old_customers_and_keeps_orders_and_operations(ledger: Ledger, path: Path) -> None:
    ledger.remember_order(ORDER)
    before = [
        confirm(ledger, sold(ledger, "V-1")),
        confirm(ledger, refund(ledger)),
        confirm(ledger, cancel(ledger, "C")),
    ]
    assert {text for _file, text in held(path.parent, *KEPT)} == set(KEPT)
    assert ledger.personal_data.purge(START, 100) == 0, "nothing is that old"
    assert ledger.personal_data.purge(YEAR, 100) == 4
    assert ledger.personal_data.purge(YEAR, 100) == 0
    assert ledger.connection.truncate_wal()
    assert held(path.parent, *KEPT, *PERSONAL_BYTES) == []
    for operation in before:
        after = ledger.queries.operation(operation.operation_id)
        assert (after.state, after.value, after.cancel_key, after.settled_at) == (
            operation.state, operation.value, operation.cancel_key, operation.settled_at,
        )  # fmt: skip
        assert after.order is not None
        assert (after.order.customer, after.order.products) == (None, ORDER.products)
    seen = ledger.queries.cached_order(ORDER.order_id)
    assert seen is not None
    assert (seen[0].total, seen[0].customer) == (ORDER.total, None)
    assert ledger.queries.history_of(ORDER.order_id).largest_total == ORDER.total
    assert ledger.queries.last_order_id_of_customer(HASH) is None


def test_purge_keeps_the_customer_of_an_unfinished_operation(ledger: Ledger, path: Path) -> None:
    waiting = [sold(ledger, "V-1"), refund(ledger), start_attempt(ledger, sold(ledger, "V-2")).operation]
    assert ledger.personal_data.purge(YEAR, 100) == 0
    for operation in waiting:
        assert ledger.queries.operation(operation.operation_id).order == operation.order
        ledger.verify_request(operation)
    assert start_attempt(ledger, waiting[0]).request.body.count(b"52998224725") == 1


def test_purge_erases_up_to_its_limit(ledger: Ledger) -> None:
    for number in range(7):
        ledger.remember_order(ORDER.__class__(f"A{number}", 100, customer=ANA))
    assert [ledger.personal_data.purge(YEAR, 3) for _ in range(4)] == [3, 3, 1, 0]


def test_purge_without_due_rows_reads_and_writes_nothing(ledger: Ledger) -> None:
    steps = ledger.connection.commit_count()
    ledger.remember_order(ORDER.__class__("A", 100))
    confirm(ledger, refund(ledger, order=None))
    written = ledger.connection.commit_count()
    assert written > steps
    assert ledger.personal_data.purge(YEAR, 100) == 0, "the customers were erased before"
    assert ledger.connection.commit_count() == written
    for query, index in (
        (SELECT_EXPIRED_ORDERS, "seen_orders_with_personal_data"),
        (SELECT_EXPIRED_OPERATIONS, "settled_operations_with_personal_data"),
    ):
        [plan] = ledger.connection.rows(f"EXPLAIN QUERY PLAN {query} LIMIT 9", ("2026",))
        assert f"SEARCH {'seen_orders' if 'seen' in index else 'operations'} USING" in plan["detail"]
        assert index in plan["detail"]


def test_purge_keeps_a_customer_seen_again(ledger: Ledger) -> None:
    ledger.remember_order(ORDER)
    ledger.personal_data.purge(YEAR, 100)
    ledger.remember_order(ORDER)
    seen = ledger.queries.cached_order(ORDER.order_id)
    assert seen is not None
    assert seen[0].customer == Customer(name="Ana", document="***.982.247-**", tier="Ouro")
    assert ledger.queries.last_order_id_of_customer(HASH) == ORDER.order_id


def test_sale_with_erased_body_is_resolved_and_never_sent(path: Path) -> None:
    ledger = Ledger(path, clock=Clock())
    made = sold(ledger, "V-1")
    other = refund(ledger)
    ledger.close()
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("UPDATE operations SET body = NULL")
    again = Ledger(path, clock=Clock())
    again.verify_request(made)
    with pytest.raises(RequestDamaged):
        again.start_attempt(made.operation_id)
    with pytest.raises(RequestDamaged):
        again.verify_request(other)  # a refund's request is never dropped
    assert again.queries.operation(made.operation_id).state is State.QUEUED
    again.close()
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("UPDATE operations SET value = value + 1")
    third = Ledger(path, clock=Clock())
    with pytest.raises(RequestDamaged):
        third.verify_request(third.queries.operation(made.operation_id))
    third.close()
