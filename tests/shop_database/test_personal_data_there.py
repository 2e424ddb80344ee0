"""Customers' data in a real shop database that two real ledgers told: never readable, and gone after an erasure."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from bonifiq_desktop.ledger.ledger import Ledger
from bonifiq_desktop.shop_database import protocol
from tests.support.ledger_actions import KEYS, ORDER, PERSONAL_BYTES, Clock, confirm, refund, sell
from tests.support.postgres import ShopDatabaseServer
from tests.support.told_changes import tell_everything

IDENTITY = str(KEYS.identity("52998224725"))
SECRETS = (*PERSONAL_BYTES, b"Ana Lima", b"Veio errado", b"9 - Vendedora", KEYS.secret)


class ShopTill:
    """A ledger and its line to the shop database, without a program around them."""

    def __init__(self, base: ShopDatabaseServer, name: str, path: Path) -> None:
        self.name = name
        self.ledger = Ledger(path, clock=Clock(), customer_keys=KEYS)
        self.connection = base.add_till(name).connect()
        self.begin()

    def begin(self) -> None:
        """Begin an incarnation with all that the ledger holds."""
        incarnation_id = self.ledger.changes.next_incarnation_id()
        self.ledger.changes.begin(protocol.begin_incarnation(self.connection, incarnation_id), incarnation_id)

    def sync(self) -> None:
        """Push what the database lacks, and pull what the other till told."""
        tell_everything(self.ledger)
        incarnation = self.ledger.changes.incarnation or 0
        there = protocol.hello(self.connection, incarnation).head_seq
        if untold := self.ledger.changes.after(there, 1000):
            protocol.push(self.connection, incarnation, untold)
        heads = [head for head in protocol.heads(self.connection) if head.till != self.name]
        self.ledger.shop.note_heads(heads, datetime.now(UTC))
        for head in heads:
            known = self.ledger.shop.cursors()[head.till, head.incarnation]
            changes = protocol.pull(self.connection, head.till, head.incarnation, known, 1000)
            self.ledger.shop.apply(head.till, head.incarnation, changes)

    def erase(self) -> None:
        """Erase Ana as a person has it done here."""
        records = self.ledger.personal_data
        records.erase(records.order_ids_of_customer(IDENTITY), IDENTITY)

    def erase_due(self) -> None:
        """Erase whom other tills erased."""
        records = self.ledger.personal_data
        for due in records.due_erasures():
            records.erase_due(due, records.order_ids_of_customer(due.identity, due.until))


@pytest.fixture(name="tills")
def two_tills_that_sold_to_ana(shop_base: ShopDatabaseServer, tmp_path: Path) -> Iterator[tuple[ShopTill, ShopTill]]:
    """Two tills, each with a sale and a refund of Ana's, that know each other's history."""
    first, second = (ShopTill(shop_base, name, tmp_path / name / "ledger.db") for name in _folders(tmp_path))
    for till in (first, second):
        order = replace(ORDER, order_id=f"{till.name}-1", sales_person="9 - Vendedora")
        confirm(till.ledger, sell(till.ledger, order.order_id, order))
        confirm(till.ledger, refund(till.ledger, order_id=order.order_id, order=order))
    for till in (first, second, first):
        till.sync()
    with closing(first.ledger), closing(second.ledger):
        yield first, second


def _folders(tmp_path: Path) -> Iterator[str]:
    for name in ("CAIXA1", "CAIXA2"):
        (tmp_path / name).mkdir()
        yield name


def sealed_there(base: ShopDatabaseServer) -> list[tuple[str, bytes]]:
    with base.admin() as admin:
        query = "SELECT till, sealed FROM bonifiq.changes WHERE sealed IS NOT NULL ORDER BY till, incarnation, seq"
        return [(till, bytes(sealed)) for till, sealed in admin.execute(query).fetchall()]


def everything_there(base: ShopDatabaseServer) -> bytes:
    """Each value of each table of the shop's schema."""
    with base.admin() as admin:
        tables = admin.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'bonifiq'").fetchall()
        values = [
            bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
            for (table,) in tables
            for row in admin.execute(f"SELECT * FROM bonifiq.{table}").fetchall()
            for value in row
        ]
    return b"\n".join(values)


def test_database_of_a_shop_holds_no_readable_personal_data(
    tills: tuple[ShopTill, ShopTill], shop_base: ShopDatabaseServer
) -> None:
    stored = everything_there(shop_base)
    assert b"CAIXA2-1" in stored
    assert not [secret for secret in (*SECRETS, IDENTITY.encode()) if secret in stored]
    *_, mirrored = tills[0].ledger.queries.others.of_customer(IDENTITY)
    assert mirrored.order is not None
    assert (mirrored.till, mirrored.reason) == ("CAIXA2", "Veio errado")
    assert mirrored.order.sales_person == "9 - Vendedora"


def test_erasure_empties_the_records_of_a_till_that_is_off(
    tills: tuple[ShopTill, ShopTill], shop_base: ShopDatabaseServer
) -> None:
    first, second = tills
    assert {till for till, _sealed in sealed_there(shop_base)} == {"CAIXA1", "CAIXA2"}
    first.erase()
    first.sync()
    assert sealed_there(shop_base) == []
    second.sync()
    second.erase_due()
    second.sync()
    first.sync()
    for till in tills:
        assert (
            till.ledger.connection.rows("SELECT identity FROM customers UNION SELECT identity FROM shop_customers")
            == []
        )
    assert everything_there(shop_base).count(IDENTITY.encode()) == 1  # the change that tells the erasure


def test_purge_empties_a_tills_records_alone(tills: tuple[ShopTill, ShopTill], shop_base: ShopDatabaseServer) -> None:
    first, second = tills
    while first.ledger.personal_data.purge(datetime(2031, 1, 1, tzinfo=UTC), 100):
        pass
    first.sync()
    assert {till for till, _sealed in sealed_there(shop_base)} == {"CAIXA2"}
    second.sync()
    assert second.ledger.personal_data.order_ids_of_customer(IDENTITY)
    assert second.ledger.queries.others.of_customer(IDENTITY) == []


def test_new_incarnation_leaves_no_record_of_the_one_before(
    tills: tuple[ShopTill, ShopTill], shop_base: ShopDatabaseServer
) -> None:
    first, second = tills
    before = [sealed for till, sealed in sealed_there(shop_base) if till == "CAIXA1"]
    first.begin()
    assert [till for till, _sealed in sealed_there(shop_base)] == ["CAIXA2"] * len(before)
    first.sync()
    second.sync()
    after = [sealed for till, sealed in sealed_there(shop_base) if till == "CAIXA1"]
    assert after
    assert not {sha256(sealed).digest() for sealed in before} & {sha256(sealed).digest() for sealed in after}
    assert len(second.ledger.queries.others.of_customer(IDENTITY)) == 2
