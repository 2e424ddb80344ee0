"""Customers of orders here: one sealed record each, found by keyed hashes of document and phone, never by name.

Without a kept key the records are in a temporary table in memory, and end with the program.
"""

import secrets
import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import replace

from bonifiq_desktop.domain.contacts import is_masked
from bonifiq_desktop.domain.operations import Scope
from bonifiq_desktop.domain.orders import Customer, customer_for_ledger, normalized_order_id
from bonifiq_desktop.domain.phones import Phone
from bonifiq_desktop.ledger.connection import LedgerConnection
from bonifiq_desktop.ledger.customer_rekeying import identifiers, phone_hash, reseal_customers
from bonifiq_desktop.ledger.sealed_records import KEPT_FIELDS, open_record, pack_customer
from bonifiq_desktop.security.customer_keys import CustomerKeys

_LARGEST_ID = 2**62
_FILE_KEYS = "customer_keys"
# A temporary table hides the one of the file from every query of this connection.
_SHADOW = (
    "PRAGMA temp_store = MEMORY",
    """CREATE TEMP TABLE customers (
        id INTEGER PRIMARY KEY, sealed BLOB NOT NULL, identity TEXT UNIQUE, phone_hash TEXT, seen_at TEXT NOT NULL)""",
)
_LINKED = ("seen_orders", "operations")
_LINK = """SELECT customer_id FROM (
    SELECT customer_id, 2 AS place, 0 AS id FROM seen_orders WHERE order_key = ?1 AND system = ?2 AND connection = ?3
    UNION ALL
    SELECT customer_id, 1, id FROM operations WHERE order_key = ?1 AND system = ?2 AND connection = ?3
    ) WHERE customer_id IS NOT NULL ORDER BY place DESC, id DESC LIMIT 1"""
_SHOP_CUSTOMER = """SELECT -c.id AS customer_id, c.sealed FROM shop_operations o
    JOIN shop_customers c ON c.till_id = o.till_id AND c.customer_id = o.customer_id
    WHERE o.order_key = ? AND o.system = ? AND o.connection = ? ORDER BY o.created_at DESC LIMIT 1"""
_MAX_PEOPLE = 100
_UNUSED = """WHERE id = ?1
    AND NOT EXISTS (SELECT 1 FROM seen_orders WHERE customer_id = ?1)
    AND NOT EXISTS (SELECT 1 FROM operations WHERE customer_id = ?1)"""
# Named by its schema, because a temporary table may hide the one of the file.
DELETE_UNUSED = f"DELETE FROM main.customers {_UNUSED}"
_DELETE_UNUSED_TRANSIENT = f"DELETE FROM temp.customers {_UNUSED}"


class Customers:
    """The customers of the open ledger. Without keys nothing is stored, and no customer is shown.

    `on_change`: called with a customer that was stored, or with the id of one that was deleted and None.
    `former_keys`: those by which copies of this ledger from before `adopt` are sealed.
    """

    def __init__(self, connection: LedgerConnection, keys: CustomerKeys | None) -> None:
        self._connection = connection
        self._rows = connection.rows
        self.keys = keys
        self.former_keys: CustomerKeys | None = None
        self.on_change: Callable[[int, Customer | None], None] = lambda _number, _customer: None
        connection.prepare = self._prepare
        if keys is not None:
            self._prepare(connection.db)

    @property
    def are_kept(self) -> bool:
        """Whether customers are there after a restart: False with keys for this run only."""
        return self.keys is None or self.keys.is_kept

    @property
    def hides_kept(self) -> bool:
        """Whether the file has customers that the keys of this run cannot find."""
        return not self.are_kept and bool(self._rows("SELECT 1 FROM main.customers LIMIT 1"))

    def use(self, keys: CustomerKeys) -> None:
        """Store and show customers with these keys from now on."""
        if keys == self.keys:
            return
        self.keys = keys
        if any(self._rows(f"SELECT 1 FROM {table} WHERE customer_id < 0 LIMIT 1") for table in _LINKED):
            with self._connection.transaction():
                for table in _LINKED:
                    self._connection.db.execute(f"UPDATE {table} SET customer_id = NULL WHERE customer_id < 0")
        self._connection.db.execute("DROP TABLE IF EXISTS temp.customers")
        self._prepare(self._connection.db)

    def adopt(self, old: CustomerKeys | None, new: CustomerKeys) -> None:
        """Seal the file's customers, which `old` opens, with `new`, and use that from now on. Repeating it is harmless.

        The file remembers whose its records are, so that a restored copy from before is sealed anew, too. While `old`
        is out of reach (None), older records stay as they are until a later call has it.
        """
        if old is not None and self._connection.metadata(_FILE_KEYS) != new.check_value:
            with self._connection.transaction():
                reseal_customers(self._connection.db, old, new)
                self._connection.store_metadata(_FILE_KEYS, new.check_value)
        self.former_keys = None if old == new else old
        self.use(new)

    def pseudonyms(self, document: str, email: str = "", phone: str = "") -> frozenset[str]:
        """The keyed hashes of a person in this ledger and in its older copies; see CustomerKeys.identity."""
        hashes = (keys.identity(document, email, phone) for keys in (self.keys, self.former_keys) if keys)
        return frozenset(filter(None, hashes))

    def pseudonyms_beside(self, pseudonym: str) -> frozenset[str]:
        """All keyed hashes of the person that one of them stands for, as far as a record here tells them."""
        known = [self.by_id(number) for number in self._with_pseudonym(pseudonym)]
        hashes = (
            self.pseudonyms(*names)
            for customer in known
            if customer
            for names in identifiers(customer)
            if self.keys and self.keys.identity(*names) == pseudonym
        )
        return frozenset({pseudonym}).union(*hashes)

    @property
    def have_file_keys(self) -> bool:
        """Whether the keys of this run are the kept ones that the file's records were sealed with."""
        sealed_with = self._connection.metadata(_FILE_KEYS)
        return self.keys is not None and self.keys.is_kept and sealed_with in {None, self.keys.check_value}

    def _prepare(self, db: sqlite3.Connection) -> None:
        """Hide the table on the disk from a connection where the keys are not kept."""
        if not self.are_kept:
            for statement in _SHADOW:
                db.execute(statement)

    # --- writing, in the caller's transaction

    def link(self, order_id: str, scope: Scope) -> int | None:
        """The id of an order's customer, as last seen or registered here."""
        found = self._rows(_LINK, (normalized_order_id(order_id), *scope))
        return int(found[0]["customer_id"]) if found else None

    def store(self, customer: Customer | None, order_id: str, scope: Scope, *, is_typed: bool) -> int | None:
        """Store the customer of an order, and return the id; a masked or nameless one leaves the order's customer.

        The record of a known customer is replaced. `is_typed`: at a sale; then an empty field keeps what it held.
        """
        previous = self.link(order_id, scope)
        if customer is None or self.keys is None:
            return previous
        identity = None if _has_masks(customer) else self.keys.identity(*_identifiers(customer))
        if identity is None and previous is not None:
            return previous
        known = self._rows("SELECT id, sealed FROM customers WHERE identity = ?", (identity,)) if identity else []
        if known and is_typed:
            customer = _merged(customer, self._opened(known[0]["id"], known[0]["sealed"]))
        number = int(known[0]["id"]) if known else self._insert(identity)
        self._connection.db.execute(
            "UPDATE customers SET sealed = ?, phone_hash = ?, seen_at = ? WHERE id = ?",
            (
                self.keys.seal(number, pack_customer(customer)),
                phone_hash(self.keys, customer.phone),
                self._connection.now(),
                number,
            ),
        )
        self.on_change(number, customer)
        return number

    def _insert(self, identity: str | None) -> int:
        # A transient id is negative, so that no order is linked to another customer after a restart.
        number = None if self.are_kept else -secrets.randbelow(_LARGEST_ID) - 1
        cursor = self._connection.db.execute(
            "INSERT INTO customers (id, sealed, identity, seen_at) VALUES (?, x'', ?, '')", (number, identity)
        )
        return cursor.lastrowid or 0

    def delete_unused(self, numbers: Iterable[int | None]) -> None:
        """Delete those customers that no order names any more."""
        for number in {number for number in numbers if number is not None}:
            statement = DELETE_UNUSED if number > 0 else _DELETE_UNUSED_TRANSIENT
            if self._connection.db.execute(statement, (number,)).rowcount:
                self.on_change(number, None)

    # --- reading

    def opened(self, row: sqlite3.Row) -> Customer | None:
        """The whole customer of a row with `customer_id` and `sealed`; None where the record does not open."""
        number, sealed = row["customer_id"], row["sealed"]
        return self._opened(number, sealed) if isinstance(number, int) and isinstance(sealed, bytes) else None

    def shown(self, row: sqlite3.Row) -> Customer | None:
        """The same with the fields that the ledger shows: first name, masked document, tier."""
        customer = self.opened(row)
        return customer_for_ledger(customer) if customer else None

    def _opened(self, number: int, sealed: bytes) -> Customer | None:
        return open_record(self.keys, number, sealed) if self.keys else None

    def of_order(self, order_id: str, scope: Scope) -> Customer | None:
        """The whole customer of an order, for a sale or a question to the remote system; never for the screen.

        Where no order here names one, the customer of another till's operation.
        """
        number = self.link(order_id, scope)
        if number is not None:
            return self.by_id(number)
        found = self._rows(_SHOP_CUSTOMER, (normalized_order_id(order_id), *scope))
        return self.opened(found[0]) if found else None

    def by_id(self, number: int) -> Customer | None:
        """The whole customer under an id, or under the handle of another till's customer."""
        query = """SELECT id AS customer_id, sealed FROM customers WHERE id = ?1
            UNION ALL SELECT -id, sealed FROM shop_customers WHERE id = -?1"""
        rows = self._rows(query, (number,))
        return self.opened(rows[0]) if rows else None

    def transient(self) -> list[tuple[int, Customer]]:
        """The customers of this run, where they are not kept."""
        rows = self._rows("SELECT id AS customer_id, sealed FROM customers WHERE id < 0 ORDER BY seen_at")
        return [(row["customer_id"], customer) for row in rows if (customer := self.opened(row)) is not None]

    def with_identity(self, document: str, email: str = "") -> list[int]:
        """The customers with this document, or with this e-mail and no document."""
        identity = self.keys.identity(document, email) if self.keys else None
        return self._people("identity = ?", identity) if identity else []

    def _with_pseudonym(self, pseudonym: str) -> list[int]:
        rows = self._rows("SELECT id FROM customers WHERE identity = ?", (pseudonym,))
        return [int(row["id"]) for row in rows]

    def with_phone(self, phone: Phone) -> list[int]:
        """The customers with this number, also where it was stored without its area."""
        if self.keys is None:
            return []
        hashes = [self.keys.phone_hash(form) for form in (phone, replace(phone, area=""))]
        return self._people("phone_hash IN (?, ?)", *hashes)

    def _people(self, condition: str, *hashes: str) -> list[int]:
        """The ids of customers here, then the handles of other tills' customers; each person once."""
        found: list[int] = []
        known: set[str] = set()
        for query in (
            f"SELECT id, identity FROM customers WHERE {condition} LIMIT {_MAX_PEOPLE}",
            f"SELECT -id AS id, identity FROM shop_customers WHERE {condition} ORDER BY id LIMIT {_MAX_PEOPLE}",
        ):
            for row in self._rows(query, hashes):
                if row["identity"] is None or row["identity"] not in known:
                    found.append(int(row["id"]))
                known.add(row["identity"] or "")
        return found


def _identifiers(customer: Customer) -> tuple[str, str, str]:
    return customer.document, customer.email, customer.phone


def _has_masks(customer: Customer) -> bool:
    return any(map(is_masked, (*_identifiers(customer), customer.name)))


def _merged(typed: Customer, known: Customer | None) -> Customer:
    filled = {name: getattr(typed, name) or getattr(known, name, "") for name in KEPT_FIELDS if name != "enrolled"}
    return replace(typed, **filled)
