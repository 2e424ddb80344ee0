"""Erasure of a customer in a shop with several tills: told by one, done by the others, also in copies and drafts."""

import json
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bonifiq_desktop.domain.personal_data import PersonalDataReport
from bonifiq_desktop.domain.shop_database import TillHead
from bonifiq_desktop.ledger.backups import make_backup
from bonifiq_desktop.ledger.ledger import Ledger
from bonifiq_desktop.ledger.records import NO_END
from bonifiq_desktop.ledger.row_mapping import to_timestamp
from bonifiq_desktop.security.customer_keys import CustomerKeys
from bonifiq_desktop.storage.drafts import load_draft, save_draft
from tests.ledger.test_personal_data import held
from tests.services.conftest import MakeTill
from tests.services.test_personal_data import HASH_OF_JOAO, JOAO, MARIA, OF_MARIA, customers, erase, find
from tests.support.headless_till import CUSTOMER_KEYS, Till
from tests.support.told_changes import told_by

SHOP_KEYS = CustomerKeys(b"s" * 32)
MARIA_THERE = str(SHOP_KEYS.identity(MARIA))
SHOP_HASHES = [MARIA_THERE.encode(), str(CUSTOMER_KEYS.identity(MARIA)).encode()]


def join_shop(till: Till, number: int) -> None:
    """Make a till part of the shop, after its history so far."""
    till.ledger.customers.adopt(CUSTOMER_KEYS, SHOP_KEYS)
    till.ledger.changes.begin(1, f"{number:032x}")
    while till.ledger.changes.tell_untold(100):
        pass


def hand_over(teller: Till, name: str, reader: Till) -> None:
    """Bring a till's new changes into another one's mirror, as the replicator does."""
    log, shop = teller.ledger.changes, reader.ledger.shop
    seq, newest = log.head()
    shop.note_heads([TillHead(name, 1, seq, newest, 0)], datetime.now(UTC))
    shop.apply(name, 1, log.after(shop.cursors().get((name, 1), 0), 1000))


def erase_what_is_due(till: Till, until: datetime) -> None:
    """Erase Maria as another till told it."""
    with till.ledger.connection.transaction():
        due = MARIA_THERE, to_timestamp(until)
        till.ledger.connection.db.execute("INSERT INTO due_erasures VALUES (?, ?)", due)
    till.run(customers(till).erase_due())


@contextmanager
def shifted_clock(till: Till, by: timedelta) -> Iterator[None]:
    """The time by which the ledger stores what it sees."""
    till.ledger.connection.clock = lambda: datetime.now(UTC) + by
    yield
    till.ledger.connection.clock = lambda: datetime.now(UTC)


def identities(ledger: Ledger) -> list[str]:
    query = "SELECT identity FROM customers UNION ALL SELECT identity FROM shop_customers"
    return [row[0] for row in ledger.connection.rows(query)]


def shop_of_two(make_till: MakeTill) -> tuple[Till, Till]:
    """Two tills at which Maria bought; each knows what the other did."""
    tills = make_till("caixa1"), make_till("caixa2")
    for number, till in enumerate(tills):
        join_shop(till, number)
        till.look_up("1001")
        till.wait_until_settled(till.refund(100 + number))
    hand_over(tills[0], "CAIXA1", tills[1])
    hand_over(tills[1], "CAIXA2", tills[0])
    return tills


def test_erasure_at_one_till_reaches_the_other_and_every_mirror(make_till: MakeTill) -> None:
    first, second = shop_of_two(make_till)
    assert [identities(till.ledger).count(MARIA_THERE) for till in (first, second)] == [2, 2]
    erase(first, MARIA)
    assert MARIA_THERE not in identities(first.ledger)
    hand_over(first, "CAIXA1", second)
    second.run(customers(second).erase_due())
    hand_over(second, "CAIXA2", first)
    for till in (first, second):
        assert MARIA_THERE not in identities(till.ledger)
        assert told_by(till.ledger.changes.after(0, 1000), SHOP_KEYS).customers == {}
        assert till.ledger.personal_data.due_erasures() == []
    [told] = told_by(first.ledger.changes.after(0, 1000), SHOP_KEYS).erasures
    assert told == MARIA_THERE
    assert told_by(second.ledger.changes.after(0, 1000), SHOP_KEYS).erasures == []


def test_told_erasure_waits_for_the_end_of_an_operation(make_till: MakeTill) -> None:
    first, second = shop_of_two(make_till)
    waiting = second.refund(300)
    erase(first, MARIA)
    hand_over(first, "CAIXA1", second)
    second.run(customers(second).erase_due())
    assert find(second, MARIA).unfinished == 1
    second.wait_until_settled(waiting)
    second.run(customers(second).erase_due())
    assert find(second, MARIA).operations == 0
    assert second.ledger.personal_data.due_erasures() == []


def test_told_erasure_reaches_copies_of_the_former_key_and_drafts(make_till: MakeTill) -> None:
    till = make_till("caixa1")
    till.look_up("1001")
    till.look_up("1002")
    till.wait_until_settled(till.refund(100))
    folder = till.path.parent
    make_backup(till.path, datetime.now(UTC))
    till.wait_until_settled(till.sell())
    with till.ledger.connection.transaction():  # of the order in the copy only the copy still names the customer
        for table in ("seen_orders", "operations"):
            till.ledger.connection.db.execute(f"UPDATE {table} SET customer_id = NULL WHERE order_key = '1001'")
    join_shop(till, 1)
    save_draft(folder / "drafts", "sale", {"saleDocument": "529982247-25"})
    save_draft(folder / "drafts", "refund", {"refundReason": JOAO})
    assert {file for file, _text in held(folder / "backups", *SHOP_HASHES)}
    erase_what_is_due(till, NO_END)
    assert held(folder, *OF_MARIA, *SHOP_HASHES) == []
    assert held(folder / "backups", HASH_OF_JOAO)
    assert load_draft(folder / "drafts", "sale") == {}
    assert load_draft(folder / "drafts", "refund") != {}


def test_erasure_of_long_ago_leaves_a_customer_who_came_back(make_till: MakeTill) -> None:
    till = make_till("caixa1")
    join_shop(till, 1)
    till.look_up("1001")
    till.wait_until_settled(till.refund(100))
    drafts = till.path.parent / "drafts"
    make_backup(till.path, datetime.now(UTC))
    save_draft(drafts, "sale", {"saleDocument": "529982247-25"})
    save_draft(drafts, "lookup", {"order": "529982247-25"})
    long_ago = datetime.now(UTC) - timedelta(days=60)
    os.utime(drafts / "lookup.json", (long_ago.timestamp(), long_ago.timestamp()))
    head = till.ledger.changes.head()
    erase_what_is_due(till, datetime.now(UTC) - timedelta(days=1))
    assert find(till, MARIA) == PersonalDataReport(orders=1, operations=1, unfinished=0, copies=1, drafts=1)
    assert load_draft(drafts, "lookup") == {}
    assert till.ledger.changes.head() == head
    assert till.ledger.personal_data.due_erasures() == []


def test_till_that_was_off_erases_the_earlier_orders_of_a_customer_who_came_back(make_till: MakeTill) -> None:
    tills = first, second, third = make_till("caixa1"), make_till("caixa2"), make_till("caixa3")
    for number, till in enumerate(tills):
        join_shop(till, number)
    with shifted_clock(first, -timedelta(days=60)), shifted_clock(second, -timedelta(days=60)):
        second.look_up("1002")
        second.wait_until_settled(second.refund(100, "1002"))
        hand_over(second, "CAIXA2", first)
        erase(first, MARIA)
    second.look_up("1001")
    second.wait_until_settled(second.refund(200))
    hand_over(first, "CAIXA1", second)
    hand_over(first, "CAIXA1", third)
    hand_over(second, "CAIXA2", third)
    second.run(customers(second).erase_due())
    third.run(customers(third).erase_due())
    for reader in (first, third):
        hand_over(second, "CAIXA2", reader)
        shown = reader.ledger.personal_data.operations_elsewhere(MARIA_THERE)
        assert [(each.order_id, each.value) for each in shown] == [("1001", 200)]
    assert find(second, MARIA) == PersonalDataReport(orders=1, operations=1, unfinished=0, copies=0, drafts=0)


def test_later_operation_of_a_customer_keeps_no_erasure_waiting(make_till: MakeTill) -> None:
    till = make_till("caixa1")
    join_shop(till, 1)
    with shifted_clock(till, -timedelta(days=60)):
        till.look_up("1002")
        till.wait_until_settled(till.refund(100, "1002"))
    till.look_up("1001")
    till.refund(100)
    erase_what_is_due(till, datetime.now(UTC) - timedelta(days=1))
    assert till.ledger.personal_data.due_erasures() == []
    assert till.ledger.personal_data.order_ids_of_customer(MARIA_THERE) == ["1001"]


def test_erasure_of_a_customer_of_other_tills_is_told(make_till: MakeTill) -> None:
    first, second = make_till("caixa1"), make_till("caixa2")
    join_shop(first, 1)
    join_shop(second, 2)
    second.look_up("1001")
    second.wait_until_settled(second.refund(100))
    hand_over(second, "CAIXA2", first)
    erase(first, MARIA)
    assert identities(first.ledger) == []
    hand_over(first, "CAIXA1", second)
    assert [each.identity for each in second.ledger.personal_data.due_erasures()] == [MARIA_THERE]


def test_data_of_a_customer_of_other_tills_is_counted_and_exported(make_till: MakeTill, tmp_path: Path) -> None:
    first, second = make_till("caixa1"), make_till("caixa2")
    join_shop(first, 1)
    join_shop(second, 2)
    second.look_up("1001")
    second.refund(100)
    hand_over(second, "CAIXA2", first)
    assert find(first, MARIA) == PersonalDataReport(0, 1, 0, 0, 0)
    assert customers(first).export(MARIA, tmp_path / "maria.json") == 1
    [told] = json.loads((tmp_path / "maria.json").read_text())["operations_of_other_tills"]
    assert (told["till"], told["order_id"], told["customer"]["first_name"]) == ("CAIXA2", "1001", "Maria")


def test_restart_keeps_an_erasure_that_is_due(make_till: MakeTill) -> None:
    first, second = shop_of_two(make_till)
    second.refund(300)
    erase(first, MARIA)
    hand_over(first, "CAIXA1", second)
    second.run(customers(second).erase_due())
    second.close()
    with closing(Ledger(second.path, customer_keys=SHOP_KEYS)) as again:
        assert [each.identity for each in again.personal_data.due_erasures()] == [MARIA_THERE]
