"""Sealed customers: stored once each, replaced, found by exact hashes, and in no file in clear."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from bonifiq_desktop.domain.operations import BONIFIQ_SCOPE
from bonifiq_desktop.domain.orders import Customer
from bonifiq_desktop.domain.phones import read_phone_shape
from bonifiq_desktop.ledger.connection import LedgerConnection
from bonifiq_desktop.ledger.ledger import Ledger
from bonifiq_desktop.security.customer_keys import CustomerKeys
from tests.support.ledger_actions import ANA, KEYS, ORDER, confirm, make_changed_backup, refund, sell
from tests.support.secret_scanner import PlantedSecret, find_secrets

SECRETS = [
    PlantedSecret("first name", "Ana L"),
    PlantedSecret("last name", "Prado"),
    PlantedSecret("cpf", "529.982.247-25", is_number=True),
    PlantedSecret("masked cpf", "***.982.247-**"),
    PlantedSecret("phone", "11987654321", is_number=True),
    PlantedSecret("phone without its area", "98765-4321", is_number=True),
    PlantedSecret("e-mail", "ana@exemplo.com.br"),
]


def customers(path: Path) -> list[tuple[int, bytes, str | None, str | None]]:
    with closing(sqlite3.connect(path)) as db:
        return db.execute("SELECT id, sealed, identity, phone_hash FROM customers ORDER BY id").fetchall()


def with_phone(ledger: Ledger, text: str) -> list[int]:
    phone = read_phone_shape(text)
    assert phone is not None
    return ledger.customers.with_phone(phone)


def test_customer_of_several_orders_is_one_record_that_opens_whole(ledger: Ledger, path: Path) -> None:
    ledger.remember_order(ORDER)
    ledger.remember_order(replace(ORDER, order_id="B"))
    confirm(ledger, refund(ledger))
    [(number, _sealed, identity, _phone)] = customers(path)
    assert identity == KEYS.identity("52998224725")
    whole = ledger.customers.of_order("B", BONIFIQ_SCOPE)
    assert whole == replace(ANA, points=None, cashback=None)
    assert ledger.customers.by_id(number) == whole
    assert {hit.customer for hit in ledger.orders.recent(8)} == {number}


def test_old_row_of_a_customer_is_replaced(ledger: Ledger, path: Path) -> None:
    ledger.remember_order(ORDER)
    [(number, sealed, *_)] = customers(path)
    ledger.remember_order(replace(ORDER, customer=replace(ANA, name="Ana Moura", phone="")))
    [(same, other, _identity, phone)] = customers(path)
    assert (same, phone) == (number, None)
    assert other != sealed
    assert ledger.customers.by_id(number) == replace(ANA, name="Ana Moura", phone="", points=None, cashback=None)


def test_sale_keeps_what_its_form_left_empty(ledger: Ledger, path: Path) -> None:
    ledger.remember_order(ORDER)
    typed = Customer(name="Ana L. Prado", document=ANA.document)
    sell(ledger, order=replace(ORDER, order_id="CAIXA1-1", customer=typed))
    [(number, *_)] = customers(path)
    known = ledger.customers.by_id(number)
    assert known is not None
    assert (known.name, known.phone, known.email) == ("Ana L. Prado", ANA.phone, ANA.email)


def test_order_of_another_customer_leaves_no_unused_record(ledger: Ledger, path: Path) -> None:
    ledger.remember_order(ORDER)
    bia = Customer(name="Bia", document="11144477735")
    ledger.remember_order(replace(ORDER, customer=bia))
    assert [identity for _id, _sealed, identity, _phone in customers(path)] == [KEYS.identity("11144477735")]
    assert ledger.customers.with_identity("52998224725") == []


def test_masked_customer_of_a_refund_replaces_nothing(ledger: Ledger, path: Path) -> None:
    ledger.remember_order(ORDER)
    before = customers(path)
    made = refund(ledger, order=ORDER.masked())
    assert customers(path) == before
    assert made.order == ORDER.for_ledger()


@pytest.mark.parametrize("stored", ["+5511987654321", "(11) 8765-4321", "1187654321", "98765-4321", "8765-4321"])
@pytest.mark.parametrize("typed", ["(11) 98765-4321", "+5511987654321", "011987654321", "11 8765-4321"])
def test_phone_is_found_by_its_hash_however_it_is_written(ledger: Ledger, stored: str, typed: str) -> None:
    ledger.remember_order(replace(ORDER, customer=replace(ANA, phone=stored)))
    assert len(with_phone(ledger, typed)) == 1
    assert with_phone(ledger, "(11) 98765-4322") == []
    assert (with_phone(ledger, "(21) 98765-4321") == []) is ("11" in stored)


def test_files_hold_no_name_document_or_phone_in_clear(ledger: Ledger, path: Path) -> None:
    ledger.remember_order(ORDER)
    confirm(ledger, refund(ledger))
    confirm(ledger, sell(ledger, order=replace(ORDER, order_id="CAIXA1-1")))
    ledger.connection.truncate_wal()  # after the request of the sale, which named the customer until it was final
    ledger.remember_order(ORDER)  # into the log again
    make_changed_backup(path)
    files = {file.name for file in path.parent.rglob("*") if file.is_file()}
    assert {"ledger.db", "ledger.db-wal"} < files
    assert len(files) > 4
    assert find_secrets(path.parent, SECRETS) == {}
    ledger.close()
    assert find_secrets(path.parent, SECRETS) == {}


def test_record_with_another_key_or_a_changed_byte_is_no_customer(ledger: Ledger, path: Path) -> None:
    ledger.remember_order(ORDER)
    ledger.close()
    with closing(Ledger(path, customer_keys=CustomerKeys(b"o" * 32))) as other:
        assert other.customers.of_order(ORDER.order_id, BONIFIQ_SCOPE) is None
        assert other.orders.recent(8)[0].first_name == ""
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("UPDATE customers SET sealed = CAST(substr(sealed, 1, 20) || x'00' || substr(sealed, 22) AS BLOB)")
    with closing(Ledger(path, customer_keys=KEYS)) as changed:
        assert changed.customers.of_order(ORDER.order_id, BONIFIQ_SCOPE) is None
        assert changed.queries.cached_order(ORDER.order_id) is not None


def test_record_moved_to_another_row_does_not_open(ledger: Ledger, path: Path) -> None:
    ledger.remember_order(ORDER)
    ledger.remember_order(replace(ORDER, order_id="B", customer=Customer(name="Bia", document="11144477735")))
    ledger.close()
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("UPDATE customers SET sealed = (SELECT sealed FROM customers WHERE id = 1) WHERE id = 2")
    with closing(Ledger(path, customer_keys=KEYS)) as again:
        assert again.customers.by_id(1) is not None
        assert again.customers.by_id(2) is None


def test_keys_of_one_run_keep_customers_in_memory_only(path: Path) -> None:
    ledger = Ledger(path, customer_keys=CustomerKeys.for_this_run())
    ledger.remember_order(ORDER)
    assert ledger.orders.recent(8)[0].first_name == "Ana"
    assert len(with_phone(ledger, "11987654321")) == 1
    assert not ledger.customers.are_kept
    assert customers(path) == []
    ledger.close()
    with closing(Ledger(path, customer_keys=CustomerKeys.for_this_run())) as again:
        assert again.orders.recent(8)[0].first_name == ""
    assert find_secrets(path.parent, SECRETS) == {}


def test_connection_opened_again_stores_no_customer_of_one_run(path: Path) -> None:
    ledger = Ledger(path, customer_keys=CustomerKeys.for_this_run())
    connection: LedgerConnection = ledger.connection
    connection.close()
    connection._opened = None  # as after a commit whose outcome is uncertain
    ledger.remember_order(ORDER)
    assert ledger.orders.recent(8)[0].first_name == "Ana"
    assert customers(path) == []
    ledger.close()


def test_later_keys_link_no_order_to_a_customer_of_the_run_before(path: Path) -> None:
    with closing(Ledger(path, customer_keys=CustomerKeys.for_this_run())) as before:
        before.remember_order(ORDER)
    with closing(Ledger(path)) as ledger:
        ledger.customers.use(KEYS)
        ledger.remember_order(replace(ORDER, order_id="B", customer=Customer(name="Bia", document="11144477735")))
        assert [(hit.order_id, hit.first_name) for hit in ledger.orders.recent(8)] == [("B", "Bia"), ("1006/B", "")]


def test_customer_of_the_file_is_erased_under_keys_for_this_run(ledger: Ledger, path: Path) -> None:
    ledger.remember_order(ORDER)
    ledger.customers.use(CustomerKeys.for_this_run())
    assert ledger.customers.hides_kept
    ledger.remember_order(replace(ORDER, order_id="B"))
    ledger.personal_data.erase([ORDER.order_id, "B"])
    assert customers(path) == []
    assert ledger.customers.transient() == []
    assert not ledger.customers.hides_kept
