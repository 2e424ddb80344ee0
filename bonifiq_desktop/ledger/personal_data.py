"""Personal data of customers in the ledger: purged by age; found, listed and erased for one customer.

Order numbers, values and keys are not personal data: an operation stays for ever with them.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bonifiq_desktop.domain.operations import Operation
from bonifiq_desktop.domain.orders import Order, normalized_order_id
from bonifiq_desktop.ledger.change_log import ChangeLog
from bonifiq_desktop.ledger.connection import LedgerConnection
from bonifiq_desktop.ledger.customers import Customers
from bonifiq_desktop.ledger.database import translate_errors
from bonifiq_desktop.ledger.queries import Queries
from bonifiq_desktop.ledger.records import NO_END, Erasure
from bonifiq_desktop.ledger.row_mapping import SEALED, rows_may_be_damaged, seen_order_from, stored_text, to_timestamp

# In the words of the indexes: SQLite then reads the due rows from them, however long the history is.
SELECT_EXPIRED_ORDERS = """SELECT id, customer_id FROM seen_orders INDEXED BY seen_orders_with_personal_data
    WHERE customer_id IS NOT NULL AND last_seen_at < ?"""
SELECT_EXPIRED_OPERATIONS = """SELECT id, customer_id FROM operations INDEXED BY settled_operations_with_personal_data
    WHERE settled_at IS NOT NULL AND customer_id IS NOT NULL AND settled_at < ?"""
# A mirrored customer goes by the operations that name it, also when its till is heard of no more.
SELECT_EXPIRED_ELSEWHERE = """SELECT id FROM shop_customers c INDEXED BY shop_customers_by_time
    WHERE seen_at < ?1 AND NOT EXISTS (
        SELECT 1 FROM shop_operations o WHERE o.till_id = c.till_id AND o.customer_id = c.customer_id
        AND coalesce(o.settled_at, o.created_at) >= ?1)"""
ERASE_ORDER = "UPDATE seen_orders SET customer_id = NULL WHERE id = ?"
ERASE_OPERATION = "UPDATE operations SET customer_id = NULL WHERE id = ? AND customer_id IS NOT NULL"


@dataclass(frozen=True)
class UnfinishedOperation:
    """An operation that was unfinished when a copy was made. The checksum identifies it in every other file."""

    operation_id: int
    order_id: str
    checksum: str


@dataclass(frozen=True)
class SeenOrder:
    """An order as this till saw it, with its customer if still stored. Totals in cents."""

    order: Order
    first_total: int
    last_total: int
    first_seen_at: str
    last_seen_at: str


def order_ids_of_customer(db: sqlite3.Connection, pseudonym: str, until: datetime = NO_END) -> list[str]:
    """The order numbers of a customer in a ledger file.

    `until`: without the orders that were first seen, or got an operation, after it; with them where the customer
    itself was not seen after it. A later look-up alone counts for nothing: the program settles operations by it.
    """
    rows = db.execute(
        """WITH customer AS (SELECT id, seen_at FROM customers WHERE identity = ?1)
           SELECT min(order_id) FROM (
               SELECT order_id, order_key, first_seen_at AS at FROM seen_orders
               WHERE customer_id = (SELECT id FROM customer)
               UNION ALL SELECT order_id, order_key, created_at FROM operations
               WHERE customer_id = (SELECT id FROM customer)
           ) GROUP BY order_key HAVING max(at) <= ?2 OR (SELECT seen_at FROM customer) <= ?2 ORDER BY 1""",
        (pseudonym, to_timestamp(until)),
    )
    return [str(row[0]) for row in rows]


def erase_orders(db: sqlite3.Connection, order_ids: Iterable[str]) -> set[int]:
    """Take the customers out of orders in a ledger file. Returns the customers' ids, some of which may be unused."""
    named = [(normalized_order_id(order_id),) for order_id in order_ids]
    customers = {
        row[0]
        for order in named
        for table in ("seen_orders", "operations")
        for row in db.execute(
            f"SELECT customer_id FROM {table} WHERE order_key = ? AND customer_id IS NOT NULL", order
        ).fetchall()
    }
    db.executemany(
        "UPDATE seen_orders SET customer_id = NULL WHERE order_key = ? AND customer_id IS NOT NULL",
        named,
    )
    db.executemany(
        """UPDATE operations SET customer_id = NULL, body = CASE WHEN body_is_personal THEN NULL ELSE body END
           WHERE order_key = ? AND (customer_id IS NOT NULL OR (body_is_personal AND body IS NOT NULL))""",
        named,
    )
    return customers


class PersonalData:
    """Personal data in the open ledger: purged by age, and found, listed and erased for one customer."""

    def __init__(
        self, connection: LedgerConnection, queries: Queries, customers: Customers, changes: ChangeLog
    ) -> None:
        self._connection = connection
        self._queries = queries
        self._customers = customers
        self._changes = changes
        self._rows = connection.rows

    def purge(self, before: datetime, limit: int) -> int:
        """Erase the customers of up to `limit` orders and `limit` final operations before a time; return how many.

        The same for customers of other tills, as far as this till knows them. Writes nothing where there is nothing to
        do.
        """
        seen = self._rows(f"{SELECT_EXPIRED_ORDERS} LIMIT ?", (to_timestamp(before), limit))
        settled = self._rows(f"{SELECT_EXPIRED_OPERATIONS} LIMIT ?", (to_timestamp(before), limit))
        elsewhere = self._rows(f"{SELECT_EXPIRED_ELSEWHERE} LIMIT ?2", (to_timestamp(before), limit))
        if seen or settled or elsewhere:
            with self._connection.transaction():
                self._connection.db.executemany(ERASE_ORDER, [(row["id"],) for row in seen])
                self._connection.db.executemany(ERASE_OPERATION, [(row["id"],) for row in settled])
                self._customers.delete_unused(row["customer_id"] for row in (*seen, *settled))
                self._forget_elsewhere(row["id"] for row in elsewhere)
            self._connection.has_erased_data = True
        return len(seen) + len(settled) + len(elsewhere)

    def settled_times(self, unfinished: Sequence[UnfinishedOperation]) -> dict[int, str]:
        """When operations that are unfinished in a copy became final here, by their ids in the copy."""
        settled: dict[int, str] = {}
        for one in unfinished:
            query = "SELECT settled_at FROM operations WHERE order_key = ? AND checksum = ?"
            times = [row["settled_at"] for row in self._rows(query, (normalized_order_id(one.order_id), one.checksum))]
            if times and all(times):
                settled[one.operation_id] = max(map(str, times))
        return settled

    def order_ids_of_customer(self, pseudonym: str, until: datetime = NO_END) -> list[str]:
        """The order numbers of a customer; with `until`, those that an erasure of this time erases."""
        with translate_errors():
            return order_ids_of_customer(self._connection.db, pseudonym, until)

    def operations_of_orders(self, order_ids: Iterable[str]) -> list[Operation]:
        """All operations of some orders, oldest first."""
        found = [
            o
            for order_id in order_ids
            for o in self._queries.operations_where("WHERE o.order_key = ?", (normalized_order_id(order_id),))
        ]
        return sorted(found, key=lambda operation: operation.operation_id)

    def operations_elsewhere(self, pseudonym: str) -> list[Operation]:
        """A customer's operations at the other tills of the shop, oldest first."""
        return self._queries.others.of_customer(pseudonym)

    def seen_orders(self, order_ids: Iterable[str]) -> list[SeenOrder]:
        """The orders among some that were looked up here."""
        query = f"SELECT *, last_seen_at AS at, {SEALED} FROM seen_orders WHERE order_key = ?"
        rows = [row for order_id in order_ids for row in self._rows(query, (normalized_order_id(order_id),))]
        names = ("first_total", "last_total", "first_seen_at", "last_seen_at")
        show = self._customers.shown
        return [SeenOrder(seen_order_from(row, show)[0], *(row[name] for name in names)) for row in rows]

    def request_bodies(self, order_ids: Iterable[str]) -> list[bytes]:
        """The request bodies of unfinished sales, which name their customer."""
        query = """SELECT body FROM operations
            WHERE order_key = ? AND body_is_personal AND body IS NOT NULL"""
        return [
            bytes(row["body"]) for order_id in order_ids for row in self._rows(query, (normalized_order_id(order_id),))
        ]

    def erase(self, order_ids: Sequence[str], pseudonym: str = "") -> None:
        """Erase the customers of orders without unfinished operations.

        `pseudonym`: the customer whom a person had erased; every other till of the shop is told to do the same.
        """
        with self._connection.transaction():
            self._changes.tell_erasure(pseudonym)
            self._erase(order_ids, pseudonym)
        self._connection.has_erased_data = True

    def due_erasures(self) -> list[Erasure]:
        """The erasures that another till told, and that are not complete here."""
        with rows_may_be_damaged():
            return [
                Erasure(stored_text(row["identity"]), datetime.fromisoformat(stored_text(row["until"])))
                for row in self._rows("SELECT identity, until FROM due_erasures ORDER BY 1")
            ]

    def erase_due(self, due: Erasure, order_ids: Sequence[str]) -> None:
        """Erase a due customer in the orders of its time, which have no unfinished operations here.

        It is due no longer, unless a later erasure was told meanwhile.
        """
        with self._connection.transaction():
            self._erase(order_ids, due.identity, due.until)
            self._changes.tell_survivor(due)
            self._connection.db.execute(
                "DELETE FROM due_erasures WHERE identity = ? AND until <= ?", (due.identity, to_timestamp(due.until))
            )
        self._connection.has_erased_data = True

    def _erase(self, order_ids: Sequence[str], pseudonym: str, until: datetime = NO_END) -> None:
        self._customers.delete_unused(erase_orders(self._connection.db, order_ids))
        if pseudonym:
            query = "SELECT id FROM shop_customers WHERE identity = ? AND seen_at <= ?"
            self._forget_elsewhere(row["id"] for row in self._rows(query, (pseudonym, to_timestamp(until))))

    def _forget_elsewhere(self, numbers: Iterable[int]) -> None:
        """Delete mirrored customers, in the caller's transaction; their till deletes its own."""
        for number in numbers:
            self._connection.db.execute("DELETE FROM shop_customers WHERE id = ?", (number,))
            self._customers.on_change(-number, None)
