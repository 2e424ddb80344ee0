"""Erased and purged customers in the log of changes, in the mirror's tables and in the copies."""

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bonifiq_desktop.ledger.ledger import Ledger
from bonifiq_desktop.ledger.personal_data_in_copies import erase_in_copy, holds_customer, purge_copy
from bonifiq_desktop.ledger.records import NO_END, Erasure
from bonifiq_desktop.ledger.row_mapping import to_timestamp
from bonifiq_desktop.security.customer_keys import CustomerKeys
from tests.support.ledger_actions import ANA, KEYS, ORDER, START, confirm, make_changed_backup, refund, sell
from tests.support.told_changes import Told, assert_told, broken_links, tell_everything, told_by

HASH = str(KEYS.identity("52998224725"))
SHOP_KEYS = CustomerKeys(b"s" * 32)
FUTURE = datetime(2031, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture(name="till")
def till_of_a_shop(ledger: Ledger) -> Ledger:
    """A ledger that takes part in a shop database, with a finished sale and refund of Ana's."""
    ledger.changes.begin(1, "1a" * 16)
    confirm(ledger, sell(ledger, "V-1", replace(ORDER, order_id="V-1")))
    confirm(ledger, refund(ledger))
    return ledger


def told(till: Ledger) -> Told:
    return told_by(till.changes.after(0, 1000), KEYS)


def bodies(till: Ledger) -> list[dict[str, object]]:
    return [json.loads(change.body) for change in till.changes.after(0, 1000)]


def erasures(till: Ledger) -> list[dict[str, object]]:
    return [body for body in bodies(till) if body["kind"] == "erasure"]


def make_due(till: Ledger, until: datetime) -> Erasure:
    """Let another till have told the erasure of Ana."""
    with till.connection.transaction():
        till.connection.db.execute("INSERT INTO due_erasures VALUES (?, ?)", (HASH, to_timestamp(until)))
    return Erasure(HASH, until)


def sealed_in(path: Path) -> list[bytes]:
    with closing(sqlite3.connect(path)) as db:
        return [row[0] for row in db.execute("SELECT sealed FROM changes WHERE sealed IS NOT NULL")]


def mirror_customer(path: Path, number: int, *, seen_at: str, finished_at: str | None) -> None:
    """A customer of another till with one operation, as applied to the mirror."""
    with closing(sqlite3.connect(path)) as db:
        db.execute("INSERT OR IGNORE INTO shop_tills (id, till, incarnation) VALUES (1, 'CAIXA2', 1)")
        db.execute(
            "INSERT INTO shop_customers (till_id, customer_id, sealed, identity, seen_at) VALUES (1, ?, x'01', ?, ?)",
            (number, HASH if number == 1 else f"hash {number}", seen_at),
        )
        db.execute(
            """INSERT INTO shop_operations (uid, till_id, seq, system, connection, kind, order_id, order_key, account,
               value, state, customer_id, created_at, settled_at)
               VALUES (?, 1, 1, 's', 'c', 'sale', 'A', 'a', '', 1, 'confirmed', ?, ?, ?)""",
            (f"uid {number}", number, seen_at, finished_at),
        )
        db.commit()


def mirrored(path: Path) -> list[int]:
    with closing(sqlite3.connect(path)) as db:
        return [row[0] for row in db.execute("SELECT customer_id FROM shop_customers ORDER BY 1")]


def test_erased_customer_is_told_and_its_record_leaves_the_log(till: Ledger, path: Path) -> None:
    [record] = sealed_in(path)
    orders = till.personal_data.order_ids_of_customer(HASH)
    till.personal_data.erase(orders, HASH)
    assert till.connection.truncate_wal()
    assert [each["identity"] for each in erasures(till)] == [HASH]
    assert bodies(till)[-1] == {"kind": "customer_erased", "id": 1}
    assert told(till).customers == {}
    assert all(row["customer_id"] is None for row in told(till).operations.values())
    assert sealed_in(path) == []
    assert record not in path.read_bytes()
    assert not broken_links(till.changes.after(0, 1000))


@pytest.mark.parametrize("is_pushed", [True, False])
def test_erasure_that_the_shop_lacks_is_told_by_the_next_incarnation(till: Ledger, *, is_pushed: bool) -> None:
    till.personal_data.erase(till.personal_data.order_ids_of_customer(HASH), HASH)
    pushed = till.changes.head()[0] if is_pushed else 0
    told_before = erasures(till)
    till.changes.begin(2, "2b" * 16, pushed=pushed)
    tell_everything(till)
    assert erasures(till) == ([] if is_pushed else told_before)
    assert not broken_links(till.changes.after(0, 1000))


def test_erasure_names_the_records_of_other_tills(till: Ledger, path: Path) -> None:
    mirror_customer(path, 1, seen_at="2026-11-20", finished_at="2026-11-20")
    mirror_customer(path, 2, seen_at="2026-11-20", finished_at="2026-11-20")
    till.personal_data.erase(till.personal_data.order_ids_of_customer(HASH), HASH)
    assert [each["records"] for each in erasures(till)] == [[["CAIXA2", 1, 1]]]
    assert mirrored(path) == [2]


@pytest.mark.parametrize("ahead", [timedelta(0), timedelta(days=9)])
def test_erasure_is_not_decided_before_a_record_that_it_erases(till: Ledger, path: Path, ahead: timedelta) -> None:
    now = till.connection.clock()
    mirror_customer(path, 1, seen_at=to_timestamp(now + ahead), finished_at=None)
    till.personal_data.erase(till.personal_data.order_ids_of_customer(HASH), HASH)
    [told_at] = [datetime.fromisoformat(str(each["decided_at"])) for each in erasures(till)]
    assert now + ahead <= told_at < now + ahead + timedelta(minutes=1)


def test_erasure_outside_a_shop_is_told_to_none(ledger: Ledger) -> None:
    confirm(ledger, refund(ledger))
    ledger.personal_data.erase([ORDER.order_id], HASH)
    assert ledger.changes.after(0, 10) == []


def test_purged_customer_is_told_as_erased_without_a_persons_erasure(till: Ledger, path: Path) -> None:
    till.remember_order(replace(ORDER, order_id="only seen"))
    while till.personal_data.purge(FUTURE, 1):
        pass
    kinds = [body["kind"] for body in bodies(till)]
    assert kinds.count("customer_erased") == 1
    assert "erasure" not in kinds
    assert sealed_in(path) == []


def test_customer_whom_no_operation_names_any_more_is_told_as_erased(till: Ledger, path: Path) -> None:
    with till.connection.transaction():
        till.connection.db.execute("UPDATE operations SET customer_id = NULL")
    assert till.customers.by_id(1) is not None  # an order seen here still names it
    assert told(till).customers == {}
    assert sealed_in(path) == []


def test_customer_who_comes_back_is_told_anew(till: Ledger) -> None:
    till.personal_data.erase(till.personal_data.order_ids_of_customer(HASH), HASH)
    confirm(till, sell(till, "V-2", replace(ORDER, order_id="V-2")))
    [(number, customer)] = told(till).customers.items()
    assert customer.customer.name == ANA.name
    assert number != 1


def test_due_erasure_erases_without_telling_it_again(till: Ledger, path: Path) -> None:
    mirror_customer(path, 1, seen_at="2026-11-20", finished_at="2026-11-20")
    mirror_customer(path, 2, seen_at="2026-11-20", finished_at="2026-11-20")
    make_due(till, NO_END)
    assert till.personal_data.due_erasures() == [Erasure(HASH)]
    till.personal_data.erase_due(Erasure(HASH), till.personal_data.order_ids_of_customer(HASH))
    assert till.personal_data.due_erasures() == []
    assert [body["kind"] for body in bodies(till)].count("erasure") == 0
    assert bodies(till)[-1] == {"kind": "customer_erased", "id": 1}
    assert mirrored(path) == [2]


def test_due_erasure_leaves_a_customer_who_came_back_after_it(till: Ledger, path: Path) -> None:
    mirror_customer(path, 1, seen_at=to_timestamp(START), finished_at=None)
    due, head = make_due(till, START - DAY), till.changes.head()
    orders = till.personal_data.order_ids_of_customer(HASH, due.until)
    assert orders == []
    till.personal_data.erase_due(due, orders)
    assert till.personal_data.due_erasures() == []
    assert till.personal_data.order_ids_of_customer(HASH) == ["1006/B", "V-1"]
    assert mirrored(path) == [1]
    assert till.changes.head() == head


def test_due_erasure_takes_a_returned_customer_out_of_earlier_orders(till: Ledger, path: Path) -> None:
    till.connection.clock = lambda: START + 60 * DAY
    confirm(till, sell(till, "V-2", replace(ORDER, order_id="V-2")))
    before = till.changes.head()[0]
    due = make_due(till, START + DAY)
    orders = till.personal_data.order_ids_of_customer(HASH, due.until)
    assert orders == ["1006/B", "V-1"]
    till.personal_data.erase_due(due, orders)
    assert till.personal_data.order_ids_of_customer(HASH) == ["V-2"]
    # The shop forgets what was told until then, and gets the customer as the till knows it now.
    assert [body["kind"] for body in bodies(till)][before:] == ["customer_erased", "customer", "state", "state"]
    assert len(sealed_in(path)) == 1
    assert bodies(till)[before + 1]["seen_at"] == to_timestamp(START + 60 * DAY)
    assert_told(path, till)
    assert not broken_links(till.changes.after(0, 1000))


def test_due_erasure_takes_an_order_that_was_only_looked_up_later(ledger: Ledger) -> None:
    ledger.remember_order(ORDER)
    ledger.connection.clock = lambda: START + 60 * DAY
    ledger.remember_order(ORDER)
    due = make_due(ledger, START + DAY)
    orders = ledger.personal_data.order_ids_of_customer(HASH, due.until)
    assert orders == [ORDER.order_id]
    ledger.personal_data.erase_due(due, orders)
    assert ledger.customers.by_id(1) is None


def test_due_erasure_takes_a_later_order_of_a_customer_seen_before_only(ledger: Ledger) -> None:
    confirm(ledger, refund(ledger))
    ledger.connection.clock = lambda: START + 60 * DAY
    confirm(ledger, refund(ledger, value=100, order=replace(ORDER, customer=None)))
    assert ledger.personal_data.order_ids_of_customer(HASH, START + DAY) == [ORDER.order_id]


def test_erasure_told_while_an_earlier_one_is_done_stays_due(till: Ledger) -> None:
    due = make_due(till, START + DAY)
    with till.connection.transaction():
        till.connection.db.execute("UPDATE due_erasures SET until = ?", (to_timestamp(START + 2 * DAY),))
    till.personal_data.erase_due(due, [])
    assert till.personal_data.due_erasures() == [Erasure(HASH, START + 2 * DAY)]


def test_mirrored_customer_is_purged_by_the_age_of_its_operations(till: Ledger, path: Path) -> None:
    gone: list[int] = []
    till.customers.on_change = lambda number, customer: gone.append(number) if customer is None else None
    old, new = "2020-01-01T00:00:00.000+00:00", "2026-11-01T00:00:00.000+00:00"
    mirror_customer(path, 1, seen_at=old, finished_at=old)
    mirror_customer(path, 2, seen_at=old, finished_at=new)
    mirror_customer(path, 3, seen_at=new, finished_at=old)
    mirror_customer(path, 4, seen_at=old, finished_at=None)
    assert till.personal_data.purge(datetime(2021, 1, 1, tzinfo=UTC), 100) == 2
    assert mirrored(path) == [2, 3]
    assert gone == [-1, -4]


def test_copy_forgets_what_was_told_and_mirrored_of_an_erased_customer(till: Ledger, path: Path) -> None:
    mirror_customer(path, 1, seen_at="2026-11-20", finished_at="2026-11-20")
    copy = make_changed_backup(path)
    assert sealed_in(copy)
    assert holds_customer(copy, frozenset({HASH}), [])
    erase_in_copy(copy, frozenset({HASH}), [])
    assert not holds_customer(copy, frozenset({HASH}), [])
    assert (sealed_in(copy), mirrored(copy)) == ([], [])


def test_copy_keeps_a_customer_who_came_back_after_an_erasure(till: Ledger, path: Path) -> None:
    mirror_customer(path, 1, seen_at=to_timestamp(START), finished_at=None)
    mirror_customer(path, 2, seen_at=to_timestamp(START), finished_at=None)
    copy = make_changed_backup(path)
    erase_in_copy(copy, frozenset({HASH}), [], START - DAY)
    assert holds_customer(copy, frozenset({HASH}), [])
    assert (len(sealed_in(copy)), mirrored(copy)) == (1, [1, 2])
    erase_in_copy(copy, frozenset({HASH}), [], START + DAY)
    assert not holds_customer(copy, frozenset({HASH}), [])
    assert (sealed_in(copy), mirrored(copy)) == ([], [2])


def test_purged_copy_forgets_what_was_told_and_mirrored(till: Ledger, path: Path) -> None:
    mirror_customer(path, 1, seen_at="2026-11-20", finished_at="2026-11-20")
    copy = make_changed_backup(path)
    purge_copy(path, copy, {}, FUTURE)
    assert (sealed_in(copy), mirrored(copy)) == ([], [])


def test_copy_sealed_with_the_former_key_is_found_by_its_hash(ledger: Ledger, path: Path) -> None:
    confirm(ledger, refund(ledger))
    copy = make_changed_backup(path)
    ledger.customers.adopt(KEYS, SHOP_KEYS)
    known_as = ledger.customers.pseudonyms("529.982.247-25")
    assert known_as == {HASH, SHOP_KEYS.identity("52998224725")}
    assert ledger.customers.pseudonyms_beside(str(SHOP_KEYS.identity("52998224725"))) == known_as
    assert holds_customer(copy, known_as, [])
    erase_in_copy(copy, known_as, [])
    assert not holds_customer(copy, known_as, [])
    with closing(sqlite3.connect(copy)) as db:
        assert db.execute("SELECT count(*) FROM customers").fetchone() == (0,)


def test_new_incarnation_tells_no_customer_that_was_erased(till: Ledger) -> None:
    till.personal_data.erase(till.personal_data.order_ids_of_customer(HASH), HASH)
    till.changes.begin(2, "2b" * 16, pushed=till.changes.head()[0])
    tell_everything(till)
    assert {body["kind"] for body in bodies(till)} == {"operation"}
