"""Mirror of the other tills: applies their changes, and knows how far and how old this knowledge is.

See docs/shop-database.md.
"""

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from bonifiq_desktop.domain.operations import FINAL, UNFINISHED, ReviewReason, Scope, State
from bonifiq_desktop.domain.orders import Customer, normalized_order_id
from bonifiq_desktop.domain.shop_database import NO_HASH, Change, KnownTill, TillHead
from bonifiq_desktop.ledger.change_bodies import open_told_customer
from bonifiq_desktop.ledger.connection import LedgerConnection
from bonifiq_desktop.ledger.connection_names import Names, RemoteShop, name_here, read_names, store_names
from bonifiq_desktop.ledger.customers import Customers
from bonifiq_desktop.ledger.errors import LedgerFailed, MirrorBroken, MirrorNewer, RowDamaged, TransitionRefused
from bonifiq_desktop.ledger.records import Erasure
from bonifiq_desktop.ledger.row_mapping import SHOP_OPERATION_COLUMNS, operation_from, to_timestamp
from bonifiq_desktop.ledger.sealed_records import pack_customer
from bonifiq_desktop.ledger.search_index import index_shop_operation, unindex_shop_operation
from bonifiq_desktop.ledger.shop_operations import OF_ORDER, listed, read_indexes
from bonifiq_desktop.ledger.told_chains import Chain, chain_from
from bonifiq_desktop.ledger.told_changes import CustomerErased, CustomerSeen, ToldOperation, read_body
from bonifiq_desktop.ledger.told_outcomes import ToldOutcomes
from bonifiq_desktop.security.customer_keys import CustomerKeys, SealBroken

_BLOCK = 1000  # ids of one registration: the legs of a return follow each other, also when they are told apart
_FINISHED = f"o.state IN ({listed(FINAL)})"
_TABLES = ("shop_operations", "shop_customers", "shop_tills", "take_overs")


def read_known_tills(rows: Callable[[str], Iterable[sqlite3.Row]]) -> tuple[KnownTill, ...]:
    """The tills of the shop by name, with what the database last said about their newest incarnations.

    `rows`: executes a statement.
    """
    found = rows(
        """SELECT till, silent_seconds, synced_at, max(incarnation), (SELECT sum(max(0, p.head_seq - p.cursor))
           FROM shop_tills p WHERE p.till = t.till) AS pending
           FROM shop_tills t WHERE synced_at <> '' GROUP BY till ORDER BY till"""
    )
    return tuple(
        KnownTill(
            row["till"],
            datetime.fromisoformat(row["synced_at"]) - timedelta(seconds=row["silent_seconds"]),
            row["pending"],
        )
        for row in found
    )


class ShopMirror:
    """Writes the mirror, each command in a transaction of its own. Errors: as in Ledger."""

    def __init__(self, connection: LedgerConnection, customers: Customers, outcomes: ToldOutcomes) -> None:
        self._connection = connection
        self._outcomes = outcomes
        self._rows = connection.rows
        self._customers = customers

    # --- what is known

    def note_heads(self, heads: Iterable[TillHead], synced_at: datetime) -> None:
        """Store how far the database knows each incarnation. The present one of this till must not be among them."""
        with self._connection.transaction():
            for head in heads:
                self._connection.db.execute(
                    """INSERT INTO shop_tills (till, incarnation, head_seq, silent_seconds, synced_at, hash)
                       VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (till, incarnation) DO UPDATE SET
                       head_seq = excluded.head_seq, silent_seconds = excluded.silent_seconds,
                       synced_at = excluded.synced_at""",
                    (head.till, head.incarnation, head.seq, head.silent_seconds, to_timestamp(synced_at), NO_HASH),
                )

    def cursors(self) -> dict[tuple[str, int], int]:
        """The last change applied here, by till and incarnation."""
        rows = self._rows("SELECT till, incarnation, cursor FROM shop_tills")
        return {(row["till"], row["incarnation"]): row["cursor"] for row in rows}

    def known_tills(self) -> tuple[KnownTill, ...]:
        """The tills of the shop by name, with what the database last said about their newest incarnations."""
        return read_known_tills(self._rows)

    def synced_at(self) -> datetime | None:
        """When the database last said how far the tills are, by this till's clock; None: never."""
        newest = self._rows("SELECT max(synced_at) AS at FROM shop_tills")[0]["at"]
        return datetime.fromisoformat(newest) if newest else None

    def use_names(self, names: Names) -> None:
        """Show the other tills' operations under this till's names of its connections from now on."""
        store_names(self._connection, names)

    # --- changes

    def apply(self, till: str, incarnation: int, changes: Sequence[Change]) -> list[Erasure]:
        """Apply changes in their order, those applied before left out, and move the cursor, in one transaction.

        Returns what persons erased there, which this till must erase, too. The changes before one of a newer version
        are applied. Raises MirrorBroken for a hole, a fork or a malformed change, MirrorNewer, LedgerFailed without the
        keys of the customers.
        """
        keys = self._customers.keys
        if keys is None:
            raise LedgerFailed("the keys of the customers are missing")
        stored: list[tuple[int, Customer | None]] = []
        with self._connection.transaction():
            chain = self._chain(till, incarnation)
            applied = _Application(self._connection, chain, keys, self._outcomes, stored.append)
            for change in changes:
                if change.seq <= chain.cursor:
                    continue
                try:
                    chain = chain.follow(change)
                except MirrorNewer:
                    if chain.cursor == applied.chain.cursor:
                        raise
                    break
                applied.apply(change)
            self._connection.db.execute(
                "UPDATE shop_tills SET cursor = ?, hash = ? WHERE id = ?", (chain.cursor, chain.hash, chain.row_id)
            )
        for number, customer in stored:
            self._customers.on_change(number, customer)
        return applied.erasures

    def _chain(self, till: str, incarnation: int) -> Chain:
        self._connection.db.execute(
            "INSERT OR IGNORE INTO shop_tills (till, incarnation, hash) VALUES (?, ?, ?)", (till, incarnation, NO_HASH)
        )
        row = self._rows("SELECT * FROM shop_tills WHERE till = ? AND incarnation = ?", (till, incarnation))[0]
        return chain_from(row)

    # --- decisions and deletion

    def take_over(self, uid: str, by: str) -> None:
        """Release the order of another till's unfinished operation to this till. Raises TransitionRefused."""
        with self._connection.transaction():
            found = self._rows("SELECT state FROM shop_operations WHERE uid = ?", (uid,))
            if not found or found[0]["state"] not in UNFINISHED:
                raise TransitionRefused(f"operation {uid} is not unfinished at another till")
            self._connection.db.execute(
                "INSERT OR IGNORE INTO take_overs VALUES (?, ?, ?)", (uid, by, self._connection.now())
            )

    def taken_over(self, order_id: str, scope: Scope) -> list[str]:
        """The uids of an order's operations that were released to this till."""
        rows = self._rows(
            f"SELECT uid FROM take_overs JOIN shop_operations o USING (uid) WHERE {OF_ORDER} ORDER BY uid",
            (normalized_order_id(order_id), *scope),
        )
        return [row["uid"] for row in rows]

    def ended(self, order_id: str, scope: Scope) -> list[str]:
        """The uids of an order's operations that are known here to be finished, at whichever till."""
        rows = self._rows(
            f"""SELECT uid FROM shop_operations o WHERE {OF_ORDER} AND {_FINISHED}
                UNION SELECT uid FROM operations o WHERE {OF_ORDER} AND {_FINISHED} ORDER BY uid""",
            (normalized_order_id(order_id), *scope),
        )
        return [row["uid"] for row in rows]

    def unfinished_here(self, order_id: str, scope: Scope) -> list[str]:
        """The uids of an order's unfinished operations here, without restored ones that wait for a person.

        The ledger that was copied may still be in use, and have those under way.
        """
        rows = self._rows(
            f"""SELECT uid FROM operations o WHERE {OF_ORDER} AND o.state IN ({listed(UNFINISHED)})
                AND o.review_reason IS NOT '{ReviewReason.RESTORED}' ORDER BY uid""",
            (normalized_order_id(order_id), *scope),
        )
        return [row["uid"] for row in rows]

    def forget(self) -> None:
        """Delete all that is known of the other tills: this one leaves the shop database."""
        with self._connection.transaction():
            handles = [-row["id"] for row in self._rows("SELECT id FROM shop_customers")]
            self._connection.db.execute("INSERT INTO shop_search (shop_search) VALUES ('delete-all')")
            for table in _TABLES:
                self._connection.db.execute(f"DELETE FROM {table}")
            self._connection.has_erased_data = True
        for handle in handles:
            self._customers.on_change(handle, None)


class _Application:
    """Applies changes of one chain inside the caller's transaction.

    `outcomes`: takes over how this ledger's own operations ended.
    `on_customer`: called with the handle of a customer that was stored, or of one that was deleted and None.
    """

    def __init__(
        self,
        connection: LedgerConnection,
        chain: Chain,
        keys: CustomerKeys,
        outcomes: ToldOutcomes,
        on_customer: Callable[[tuple[int, Customer | None]], None],
    ) -> None:
        self._connection = connection
        self._db = connection.db
        self._keys = keys
        self._names = read_names(connection)
        self._outcomes = outcomes
        self._on_customer = on_customer
        self.chain = chain
        self.erasures: list[Erasure] = []

    def apply(self, change: Change) -> None:
        """Apply one change that follows the ones before. Raises MirrorBroken."""
        try:
            match read_body(change.body, self._keys):
                case ToldOperation() as operation:
                    self._apply_operation(operation, change.seq)
                case CustomerSeen() as customer:
                    self._apply_customer(customer, change.sealed)
                case CustomerErased(number):
                    self._delete_customer(self.chain.row_id, number)
                case Erasure() as erasure:
                    self._erase(erasure)
        except (sqlite3.IntegrityError, sqlite3.InterfaceError, OverflowError, RowDamaged) as error:
            raise MirrorBroken(f"change {change.seq}: {type(error).__name__}") from None

    def _first(self, query: str, *values: object) -> sqlite3.Row | None:
        row: sqlite3.Row | None = self._db.execute(query, values).fetchone()
        return row

    # --- operations

    def _apply_operation(self, told: ToldOperation, seq: int) -> None:
        if self._outcomes.learn(told, self.chain.till):
            return  # told by an earlier incarnation of this till, or by a copy of its folder
        query = """SELECT o.id, o.state, o.customer_id, o.till_id, t.* FROM shop_operations o
            JOIN shop_tills t ON t.id = o.till_id WHERE uid = ?"""
        known = self._first(query, told.uid)
        columns = {**self._named_as_here(told.columns), "state": told.state, "till_id": self.chain.row_id, "seq": seq}
        if known is not None:
            holder = chain_from(known, row_id=known["till_id"])
            if self.chain.outranks(holder, told.state, State(known["state"])):
                self._update(known["id"], columns)
                if known["state"] == State.REVIEW and told.state in UNFINISHED - {State.REVIEW}:
                    # A person had it sent again: a release from before says nothing about that.
                    self._db.execute("DELETE FROM take_overs WHERE uid = ?", (told.uid,))
                self._delete_unused(holder.row_id, known["customer_id"])
        elif told.is_whole:
            self._insert({**columns, "uid": told.uid})
        else:
            raise MirrorBroken(f"change {seq} continues an unknown operation")

    def _named_as_here(self, columns: Mapping[str, object]) -> Mapping[str, object]:
        if "connection" not in columns:  # a later word on it
            return columns
        shop = RemoteShop(str(columns["system"]), str(columns["account"]))
        return {**columns, "connection": name_here(self._names, shop, str(columns["connection"]))}

    def _insert(self, columns: dict[str, object]) -> None:
        row_id = self._new_id(str(columns.get("return_id", "")), int(str(columns.get("leg", 0))))
        columns = {**columns, "id": row_id}
        names, places = ", ".join(columns), ", ".join(f":{name}" for name in columns)
        self._db.execute(f"INSERT INTO shop_operations ({names}) VALUES ({places})", columns)
        index_shop_operation(self._db, row_id)
        self._check(row_id)

    def _update(self, row_id: int, columns: dict[str, object]) -> None:
        unindex_shop_operation(self._db, row_id)
        changes = ", ".join(f"{name} = :{name}" for name in columns)
        self._db.execute(f"UPDATE shop_operations SET {changes} WHERE id = :id", {**columns, "id": row_id})
        index_shop_operation(self._db, row_id)
        self._check(row_id)

    def _new_id(self, return_id: str, leg: int) -> int:
        """An id that no operation here had before; the legs of one registration have ids in a row."""
        if return_id and leg > 1:
            query = "SELECT max(id) AS id FROM shop_operations WHERE till_id = ? AND return_id = ? AND return_id <> ''"
            other_leg = self._first(query, self.chain.row_id, return_id)
            row_id = (other_leg["id"] or 0) // _BLOCK * _BLOCK + leg if other_leg else 0
            if row_id > _BLOCK and not self._first("SELECT 1 FROM shop_operations WHERE id = ?", row_id):
                return row_id
        last = self._first("SELECT seq FROM sqlite_sequence WHERE name = 'shop_operations'")
        return ((last["seq"] if last else 0) // _BLOCK + 1) * _BLOCK + leg

    def _check(self, row_id: int) -> None:
        """Read a row back: what cannot be read must stop here, and not every reader of the order. Raises RowDamaged."""
        query = f"SELECT {SHOP_OPERATION_COLUMNS}, o.used_indexes FROM shop_operations o WHERE o.id = ?"
        row = self._first(query, row_id)
        if row is not None:
            order = operation_from(row).order
            read_indexes(row)
            if order is not None and order.placed_at is not None and order.placed_at.utcoffset() is None:
                raise RowDamaged("a time without an offset")

    # --- customers

    def _apply_customer(self, seen: CustomerSeen, sealed: bytes | None) -> None:
        if sealed is None:
            return  # erased since; the change that says so follows
        try:
            told = open_told_customer(self._keys, seen.incarnation_id, seen.number, sealed)
        except (SealBroken, ValueError, LookupError, TypeError):
            return  # of another key: the operations count without their customer
        self._db.execute(
            """INSERT INTO shop_customers (till_id, customer_id, identity, phone_hash, seen_at) VALUES (?, ?, ?, ?, ?)
               ON CONFLICT (till_id, customer_id) DO UPDATE SET identity = excluded.identity,
               phone_hash = excluded.phone_hash, seen_at = excluded.seen_at""",
            (self.chain.row_id, seen.number, told.identity, told.phone_hash, seen.seen_at),
        )
        query = "SELECT id FROM shop_customers WHERE till_id = ? AND customer_id = ?"
        row_id = int(self._db.execute(query, (self.chain.row_id, seen.number)).fetchone()[0])
        # Sealed anew for its row here, so that every reader opens it as a customer of this till.
        self._db.execute(
            "UPDATE shop_customers SET sealed = ? WHERE id = ?",
            (self._keys.seal(-row_id, pack_customer(told.customer)), row_id),
        )
        self._on_customer((-row_id, told.customer))

    def _delete_customer(self, till_id: int, number: int) -> None:
        query = "SELECT id FROM shop_customers WHERE till_id = ? AND customer_id = ?"
        row = self._first(query, till_id, number)
        if row is not None:
            self._delete_row(row["id"])

    def _delete_unused(self, till_id: int, number: int | None) -> None:
        """Delete a customer of an earlier incarnation, once no operation names it there."""
        query = "SELECT 1 FROM shop_operations WHERE till_id = ? AND customer_id = ?"
        if number is not None and till_id != self.chain.row_id and not self._first(query, till_id, number):
            self._delete_customer(till_id, number)

    def _erase(self, erasure: Erasure) -> None:
        self.erasures.append(erasure)
        identity_and_end = erasure.identity, to_timestamp(erasure.until)
        # Kept until this till has erased its own customer.
        self._db.execute(
            """INSERT INTO due_erasures (identity, until) VALUES (?, ?)
               ON CONFLICT (identity) DO UPDATE SET until = max(until, excluded.until)""",
            identity_and_end,
        )
        # By the identity alone: a family shares a phone.
        query = "SELECT id FROM shop_customers WHERE identity = ? AND seen_at <= ?"
        for row in self._db.execute(query, identity_and_end).fetchall():
            self._delete_row(row["id"])

    def _delete_row(self, row_id: int) -> None:
        self._db.execute("DELETE FROM shop_customers WHERE id = ?", (row_id,))
        self._connection.has_erased_data = True
        self._on_customer((-row_id, None))
