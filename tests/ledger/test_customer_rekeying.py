"""Customers sealed with other keys when a till joins a shop database, leaves it, or is restored."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bonifiq_desktop.domain.operations import BONIFIQ_SCOPE
from bonifiq_desktop.domain.orders import Customer
from bonifiq_desktop.domain.phones import read_phone_shape
from bonifiq_desktop.ledger.connection import LedgerConnection
from bonifiq_desktop.ledger.errors import LedgerFailed
from bonifiq_desktop.ledger.ledger import Ledger
from bonifiq_desktop.security.customer_keys import CustomerKeys, SealBroken
from tests.support.ledger_actions import ANA, KEYS, ORDER, Clock, refund

SHOP_KEYS = CustomerKeys(b"s" * 32)
STORED_ANA = replace(ANA, points=None, cashback=None)
CUSTOMERS = (
    ANA,
    Customer("zé", "Zé Carlos", "", "ze.carlos@exemplo.com.br"),
    Customer("11", "Rui", "", "", "+5511912345678"),
    Customer("x", "M***", "***.982.247-**", "m***@exemplo.com.br"),
)


def stored(path: Path) -> list[tuple[int, str | None, str | None]]:
    with closing(sqlite3.connect(path)) as db:
        return db.execute("SELECT id, identity, phone_hash FROM customers ORDER BY id").fetchall()


def see(ledger: Ledger, customers: Sequence[Customer]) -> None:
    for number, customer in enumerate(customers):
        ledger.remember_order(replace(ORDER, order_id=f"P-{number}", customer=customer))


def test_adopted_keys_open_every_customer_and_find_it_by_their_hashes(ledger: Ledger, path: Path) -> None:
    see(ledger, CUSTOMERS)
    before = [ledger.customers.of_order(f"P-{number}", BONIFIQ_SCOPE) for number in range(4)]
    ledger.customers.adopt(KEYS, SHOP_KEYS)
    assert [ledger.customers.of_order(f"P-{number}", BONIFIQ_SCOPE) for number in range(4)] == before
    assert [identity for _number, identity, _phone in stored(path)] == [
        SHOP_KEYS.identity("52998224725"),
        SHOP_KEYS.identity("", "ze.carlos@exemplo.com.br"),
        SHOP_KEYS.identity("", "", "+5511912345678"),
        None,
    ]
    assert ledger.customers.with_identity("52998224725") == [1]
    phone = read_phone_shape("11987654321")
    assert phone is not None
    assert ledger.customers.with_phone(phone) == [1]
    ledger.customers.use(KEYS)
    assert ledger.customers.by_id(1) is None


def test_failed_adoption_leaves_the_old_keys_whole(ledger: Ledger, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    see(ledger, CUSTOMERS)
    before = stored(path)

    def fail(_self: LedgerConnection, _name: str, _value: str) -> None:
        raise OSError("gone")

    with monkeypatch.context() as patch:
        patch.setattr(LedgerConnection, "store_metadata", fail)
        with pytest.raises(LedgerFailed, match="gone"):
            ledger.customers.adopt(KEYS, SHOP_KEYS)
    assert stored(path) == before
    assert ledger.customers.by_id(1) == STORED_ANA
    ledger.customers.adopt(KEYS, SHOP_KEYS)
    assert ledger.customers.by_id(1) == STORED_ANA


def test_second_adoption_changes_nothing(ledger: Ledger, path: Path) -> None:
    see(ledger, CUSTOMERS)
    ledger.customers.adopt(KEYS, SHOP_KEYS)
    commits = ledger.connection.commit_count()
    ledger.customers.adopt(KEYS, SHOP_KEYS)
    assert ledger.connection.commit_count() == commits
    assert ledger.customers.by_id(1) == STORED_ANA


def test_till_that_leaves_seals_with_its_own_key_again(ledger: Ledger, path: Path) -> None:
    see(ledger, CUSTOMERS)
    before = stored(path)
    ledger.customers.adopt(KEYS, SHOP_KEYS)
    ledger.customers.adopt(SHOP_KEYS, KEYS)
    assert stored(path) == before
    assert ledger.customers.by_id(1) == STORED_ANA


def test_record_of_a_lost_key_stays_as_it_was(ledger: Ledger, path: Path) -> None:
    see(ledger, CUSTOMERS[:2])
    before = stored(path)
    ledger.customers.adopt(CustomerKeys(b"z" * 32), SHOP_KEYS)
    assert stored(path) == before
    assert ledger.customers.by_id(1) is None
    assert ledger.queries.cached_order("P-0") is not None


def test_own_key_that_comes_later_opens_the_older_records(ledger: Ledger, path: Path) -> None:
    see(ledger, CUSTOMERS[:1])
    ledger.customers.adopt(None, SHOP_KEYS)
    ledger.remember_order(replace(ORDER, order_id="new", customer=CUSTOMERS[1]))
    assert ledger.customers.have_file_keys
    assert ledger.customers.by_id(1) is None
    ledger.customers.adopt(KEYS, SHOP_KEYS)
    assert ledger.customers.by_id(1) == STORED_ANA
    assert ledger.customers.of_order("new", BONIFIQ_SCOPE) is not None
    assert {identity for _number, identity, _phone in stored(path)} == {
        SHOP_KEYS.identity("52998224725"),
        SHOP_KEYS.identity("", "ze.carlos@exemplo.com.br"),
    }


def test_adoption_in_a_shop_tells_the_customers_in_parts(ledger: Ledger) -> None:
    for number, customer in enumerate(CUSTOMERS):
        refund(ledger, order_id=f"P-{number}", order=replace(ORDER, order_id=f"P-{number}", customer=customer))
    ledger.changes.begin(1, "1a" * 16)
    while ledger.changes.tell_untold(100):
        pass
    before = ledger.changes.head()[0]
    ledger.customers.adopt(KEYS, SHOP_KEYS)
    assert ledger.changes.head()[0] == before
    assert ledger.changes.tell_untold(3)
    assert ledger.changes.head()[0] == before + 3


def test_adopted_keys_hold_after_a_restart(path: Path) -> None:
    with closing(Ledger(path, clock=Clock(), customer_keys=KEYS)) as ledger:
        see(ledger, CUSTOMERS)
        ledger.customers.adopt(KEYS, SHOP_KEYS)
    with closing(Ledger(path, clock=Clock(), customer_keys=SHOP_KEYS)) as ledger:
        assert ledger.customers.by_id(1) == STORED_ANA
        assert ledger.customers.have_file_keys
        ledger.customers.use(KEYS)
        assert not ledger.customers.have_file_keys


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(), st.binary(max_size=60), st.text())
def test_record_for_another_till_opens_beside_its_own_text_alone(text: str, record: bytes, other: str) -> None:
    sealed = KEYS.seal_for(text, record)
    assert KEYS.unseal_for(text, sealed) == record
    if other != text:
        with pytest.raises(SealBroken):
            KEYS.unseal_for(other, sealed)
    with pytest.raises(SealBroken):
        SHOP_KEYS.unseal_for(text, sealed)


def test_record_for_a_row_never_opens_as_one_for_another_till() -> None:
    with pytest.raises(SealBroken):
        KEYS.unseal_for("customer 1", KEYS.seal(1, b"x"))
    with pytest.raises(SealBroken):
        KEYS.unseal(1, KEYS.seal_for("customer 1", b"x"))


def test_check_value_differs_by_secret_and_shows_none() -> None:
    assert KEYS.check_value == CustomerKeys(b"k" * 32, is_kept=False).check_value
    assert KEYS.check_value != SHOP_KEYS.check_value
    assert KEYS.secret.hex() not in KEYS.check_value
