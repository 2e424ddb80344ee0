"""The log of numbered changes by which this till tells the shop database of its operations and customers.

SQLite triggers note the rows that changed. Before each commit of the ledger the log turns them into changes, in the
same transaction: a change is there exactly if what it tells is. Each change holds the hash of the one before it.
"""

import json
import secrets
import sqlite3
from dataclasses import dataclass
from hashlib import sha256

from bonifiq_desktop.domain.shop_database import CHANGE_VERSION, NO_HASH, Change, change_hash
from bonifiq_desktop.ledger.change_bodies import (
    ToldCustomer,
    customer_body,
    erased_customer_body,
    erasure_body,
    operation_body,
    pack_told_customer,
    record_place,
    told_row,
)
from bonifiq_desktop.ledger.connection import LedgerConnection
from bonifiq_desktop.ledger.customers import Customers
from bonifiq_desktop.ledger.records import Erasure
from bonifiq_desktop.ledger.row_mapping import rows_may_be_damaged, stored_cents, stored_text, to_timestamp
from bonifiq_desktop.ledger.sealed_records import open_record
from bonifiq_desktop.security.customer_keys import CustomerKeys, SealBroken

_INCARNATION = "shop_incarnation"
_INCARNATION_ID = "shop_incarnation_id"
_NEXT_ID = "shop_next_incarnation_id"
_NAMES = "shop_former_names"  # an earlier version stored only those that the till had left
_ID_BYTES = 16
_COLUMNS = "seq, version, previous, body, sealed, sealed_sha256, hash"
_NOTE_EVERYTHING = (
    """INSERT INTO untold_rows (kind, row_id, waits_for)
       SELECT DISTINCT 'customer', customer_id, 'turn' FROM operations WHERE customer_id > 0""",
    """INSERT INTO untold_rows (kind, row_id, waits_for, is_first) SELECT 'operation', id, 'turn', 1 FROM operations""",
)
# An operation that is told for the first time comes after its customer, also where both waited for their turn.
_RELEASE_CUSTOMERS = """UPDATE untold_rows SET waits_for = ''
    WHERE kind = 'customer' AND waits_for = 'turn' AND row_id IN (
        SELECT o.customer_id FROM untold_rows u JOIN operations o ON o.id = u.row_id
        WHERE u.waits_for = '' AND u.kind = 'operation' AND u.is_first)"""


class ChangeLog:
    """The changes of this till's present incarnation. Without one (`incarnation` is None) nothing is noted or told."""

    def __init__(self, connection: LedgerConnection, customers: Customers) -> None:
        self._connection = connection
        self._customers = customers
        self._rows = connection.rows
        connection.before_commit = self._tell_noted_rows

    # --- membership

    @property
    def incarnation(self) -> int | None:
        """The number that the shop database gave to this till's present chain of changes, or None."""
        stored = self._connection.metadata(_INCARNATION)
        with rows_may_be_damaged():
            return None if stored is None else int(stored)

    @property
    def incarnation_id(self) -> str | None:
        """The random name of the present incarnation."""
        return self._connection.metadata(_INCARNATION_ID)

    def next_incarnation_id(self) -> str:
        """The random name to ask a new incarnation's number with; the same one until `begin`, also after a crash."""
        stored = self._connection.metadata(_NEXT_ID)
        if stored is None:
            stored = secrets.token_hex(_ID_BYTES)
            self._connection.set_metadata(_NEXT_ID, stored)
        return stored

    def begin(self, incarnation: int, incarnation_id: str, *, pushed: int = 0) -> None:
        """Begin a chain of changes that tells every operation anew, in parts (`tell_untold`). It may be repeated.

        `pushed`: the newest change of the chain before that the database has. An erasure after it is told again, since
        no row of this ledger says any more whom a person had erased.
        """
        if (self.incarnation, self.incarnation_id) == (incarnation, incarnation_id):
            return
        with self._connection.transaction():
            erasures = self._rows(
                "SELECT body FROM changes WHERE seq > ? AND json_extract(body, '$.kind') = 'erasure' ORDER BY seq",
                (pushed,),
            )
            self._forget()
            self._connection.store_metadata(_INCARNATION, str(incarnation))
            self._connection.store_metadata(_INCARNATION_ID, incarnation_id)
            for row in erasures:
                self._append(stored_text(row["body"]))
            for statement in _NOTE_EVERYTHING:
                self._connection.db.execute(statement)

    def names(self) -> list[str]:
        """The names under which this ledger was told, in any shop and on any PC; the present one included."""
        names: list[str] = json.loads(self._connection.metadata(_NAMES) or "[]")
        return names

    def add_name(self, till: str) -> None:
        """Remember a name before anything is told or claimed under it, so that backups know whose those claims are."""
        names = self.names()
        if till not in names:
            self._connection.set_metadata(_NAMES, json.dumps(sorted([*names, till]), ensure_ascii=False))

    def leave(self) -> None:
        """Note and tell nothing from now on, and drop the chain. The operations stay."""
        with self._connection.transaction():
            self._forget()
            self._connection.db.execute("DELETE FROM due_erasures")  # hashes of the shop's key, which finds none here

    def _forget(self) -> None:
        names = (_INCARNATION, _INCARNATION_ID, _NEXT_ID)
        self._connection.db.executemany("DELETE FROM metadata WHERE name = ?", [(name,) for name in names])
        self._connection.db.execute("DELETE FROM changes")
        self._connection.db.execute("DELETE FROM untold_rows")

    # --- reading

    def head(self) -> tuple[int, bytes]:
        """The number and the hash of the newest change; 0 and NO_HASH before the first one."""
        newest = self._first(f"SELECT {_COLUMNS} FROM changes ORDER BY seq DESC LIMIT 1")
        return (newest.seq, newest.hash) if newest else (0, NO_HASH)

    def after(self, seq: int, limit: int) -> list[Change]:
        """The changes that follow a number, in their order."""
        query = f"SELECT {_COLUMNS} FROM changes WHERE seq > ? ORDER BY seq LIMIT ?"
        return [_change_from(row) for row in self._rows(query, (seq, limit))]

    def change_at(self, seq: int) -> Change | None:
        """The change under a number, or None."""
        return self._first(f"SELECT {_COLUMNS} FROM changes WHERE seq = ?", seq)

    def count_after(self, seq: int) -> int:
        """How many changes follow a number."""
        return max(0, self.head()[0] - seq)

    def _first(self, query: str, *values: object) -> Change | None:
        return next((_change_from(row) for row in self._rows(query, values)), None)

    # --- telling

    def tell_untold(self, limit: int) -> bool:
        """Tell up to `limit` rows of those that wait for their turn or for keys. Returns whether some are left."""
        if self.incarnation is None:
            return False
        reasons = "('turn', 'keys')" if self._keys else "('turn')"
        query = f"SELECT kind, row_id FROM untold_rows WHERE waits_for IN {reasons} ORDER BY kind, row_id LIMIT ?"
        waiting = [tuple(row) for row in self._rows(query, (limit + 1,))]
        if waiting:
            with self._connection.transaction():
                self._connection.db.executemany(
                    "UPDATE untold_rows SET waits_for = '' WHERE kind = ? AND row_id = ?", waiting[:limit]
                )
        return len(waiting) > limit

    def tell_erasure(self, identity: str) -> None:
        """Tell the shop, in the caller's transaction, that a person had a customer erased.

        The database forgets at once the records of other tills that the mirror here still names.
        """
        if self.incarnation is None or not identity:
            return
        records = self._rows(
            """SELECT t.till, t.incarnation, c.customer_id FROM shop_customers c JOIN shop_tills t ON t.id = c.till_id
               WHERE c.identity = ? ORDER BY t.till, t.incarnation, c.customer_id""",
            (identity,),
        )
        query = """SELECT max(seen_at) AS newest FROM (SELECT seen_at FROM customers WHERE identity = ?1
            UNION ALL SELECT seen_at FROM shop_customers WHERE identity = ?1)"""
        seen_at = self._rows(query, (identity,))[0]["newest"] or ""
        # Not earlier than a record that is erased here: where a clock is wrong, its till would keep that record.
        decided_at = max(self._connection.now(), seen_at)
        self._append(erasure_body(identity, [tuple(row) for row in records], decided_at))

    def tell_survivor(self, erasure: Erasure) -> None:
        """Tell a customer anew who is still here after an erasure that another till told, in the caller's transaction.

        The mirrors and the database forget what was told of it until then.
        """
        query = """SELECT c.id FROM main.customers c WHERE identity = ?1 AND ?2 >= (
            SELECT json_extract(body, '$.seen_at') FROM changes WHERE customer_id = c.id ORDER BY seq DESC LIMIT 1)"""
        for row in self._rows(query, (erasure.identity, to_timestamp(erasure.until))):
            self._tell_deletion(row["id"])
            self._connection.db.execute("DELETE FROM untold_rows WHERE kind = 'customer' AND row_id = ?", (row["id"],))
            self._connection.db.execute("INSERT INTO untold_rows (kind, row_id) VALUES ('customer', ?)", (row["id"],))

    @property
    def _keys(self) -> CustomerKeys | None:
        """The shop's key: None while this run has another one, or none that is kept."""
        return self._customers.keys if self._customers.have_file_keys else None

    def _tell_noted_rows(self) -> None:
        """Turn the rows that the open transaction noted into changes: customers, operations, then deleted customers."""
        incarnation_id = self.incarnation_id
        if incarnation_id is None or not self._rows("SELECT 1 FROM untold_rows WHERE waits_for = '' LIMIT 1"):
            return
        self._connection.db.execute(_RELEASE_CUSTOMERS)
        noted = self._rows("SELECT kind, row_id, is_first FROM untold_rows WHERE waits_for = '' ORDER BY kind, row_id")
        keys = self._keys
        gone = [
            row["row_id"]
            for row in noted
            if row["kind"] == "customer" and not self._tell_customer(row["row_id"], incarnation_id, keys)
        ]
        for row in noted:
            if row["kind"] == "operation":
                self._tell_operation(row["row_id"], keys, is_first=bool(row["is_first"]))
        for number in gone:
            self._tell_deletion(number)
        self._connection.db.execute("DELETE FROM untold_rows WHERE waits_for = ''")

    def _tell_operation(self, operation_id: int, keys: CustomerKeys | None, *, is_first: bool) -> None:
        told = told_row(self._connection.db, operation_id)
        self._append(operation_body(told, keys, is_first=is_first))
        if keys is None:
            self._connection.db.execute(
                "UPDATE untold_rows SET waits_for = 'keys' WHERE kind = 'operation' AND row_id = ?",
                (operation_id,),
            )

    def _tell_customer(self, number: int, incarnation_id: str, keys: CustomerKeys | None) -> bool:
        """Tell a customer that an operation links to, unless it was told with the same record. False: there is none."""
        found = self._rows(
            """SELECT sealed, identity, phone_hash, seen_at FROM main.customers c WHERE id = ?
               AND EXISTS (SELECT 1 FROM operations o WHERE o.customer_id = c.id)""",
            (number,),
        )
        if not found:
            return False
        if keys is None:
            self._connection.db.execute(
                "UPDATE untold_rows SET waits_for = 'keys' WHERE kind = 'customer' AND row_id = ?", (number,)
            )
            return True
        row = found[0]
        customer = open_record(keys, number, row["sealed"])
        if customer is not None:  # a record of a lost key stays unread here, too
            record = _Record(incarnation_id, number, ToldCustomer(row["identity"], row["phone_hash"], customer))
            if not record.is_in(self._newest_of(number), keys):
                body = customer_body(number, incarnation_id, stored_text(row["seen_at"]))
                self._append(body, sealed=record.seal(keys), customer_id=number)
        return True

    def _tell_deletion(self, number: int) -> None:
        newest = self._newest_of(number)
        if newest is None or newest["sealed_sha256"] is None:
            return  # never told, or deleted before
        self._append(erased_customer_body(number), customer_id=number)
        self._connection.db.execute("UPDATE changes SET sealed = NULL WHERE customer_id = ?", (number,))
        self._connection.has_erased_data = True

    def _newest_of(self, customer_id: int) -> sqlite3.Row | None:
        query = "SELECT sealed, sealed_sha256 FROM changes WHERE customer_id = ? ORDER BY seq DESC LIMIT 1"
        return next(iter(self._rows(query, (customer_id,))), None)

    def _append(self, body: str, *, sealed: bytes | None = None, customer_id: int | None = None) -> None:
        seq, previous = self.head()
        digest = None if sealed is None else sha256(sealed).digest()
        self._connection.db.execute(
            f"INSERT INTO changes ({_COLUMNS}, customer_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                seq + 1,
                CHANGE_VERSION,
                previous,
                body,
                sealed,
                digest,
                change_hash(previous, CHANGE_VERSION, body, digest or NO_HASH),
                customer_id,
            ),
        )


@dataclass(frozen=True)
class _Record:
    """The sealed record of a customer's change."""

    incarnation_id: str
    number: int
    told: ToldCustomer

    def seal(self, keys: CustomerKeys) -> bytes:
        return keys.seal_for(record_place(self.incarnation_id, self.number), pack_told_customer(self.told))

    def is_in(self, newest: sqlite3.Row | None, keys: CustomerKeys) -> bool:
        """Whether the customer's newest change tells the same."""
        if newest is None or newest["sealed"] is None:
            return False
        place = record_place(self.incarnation_id, self.number)
        try:
            return keys.unseal_for(place, newest["sealed"]) == pack_told_customer(self.told)
        except SealBroken:
            return False


@rows_may_be_damaged()
def _change_from(row: sqlite3.Row) -> Change:
    sealed, digest = row["sealed"], row["sealed_sha256"]
    return Change(
        seq=stored_cents(row["seq"]),
        version=stored_cents(row["version"]),
        previous=bytes(row["previous"]),
        body=stored_text(row["body"]),
        sealed=None if sealed is None else bytes(sealed),
        sealed_sha256=NO_HASH if digest is None else bytes(digest),
        hash=bytes(row["hash"]),
    )
