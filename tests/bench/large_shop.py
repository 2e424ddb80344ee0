"""A shop database with a year of a chain: 1,000 tills in 200 shops, 50 operations a day each.

The server makes the rows itself, in the order in which the tills would have told them. Bodies are those of a real
ledger. The hashes have their length but form no chain, except at each till's head, which the next push continues.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psycopg

from bonifiq_desktop.domain.shop_database import NO_HASH, Change
from bonifiq_desktop.ledger.ledger import Ledger
from tests.support.ledger_actions import KEYS, confirm, refund

TILLS = 1_000
TILLS_OF_A_SHOP = 5
OPERATIONS_A_DAY = 50
A_YEAR = 365 * OPERATIONS_A_DAY
"""Operations of one till."""

_CHUNK = 250
"""Operations of each till that one statement makes."""

_PADDING = bytes(24)
_FILLED = "('bonifiq.changes'::regclass, 'bonifiq.outcomes'::regclass)"
_KEYS = f"""SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
            WHERE contype = 'p' AND conrelid IN {_FILLED}"""
_INDEXES = f"""SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
               WHERE NOT indisprimary AND indrelid IN {_FILLED}"""

# Each operation tells three changes: registered, sending, confirmed. Each fifth one tells a new customer before.
_CHANGES = """
INSERT INTO bonifiq.changes
    (shop, till, incarnation, seq, version, previous, body, sealed, sealed_sha256, hash, customer)
SELECT 'LOJA' || (till / 5), 'CAIXA' || (till %% 5), 1, seq, 1,
    %(padding)s || int8send(till * 1000000000::int8 + seq - 1),
    CASE step WHEN 0 THEN %(customer)s WHEN 1 THEN %(first)s ELSE %(later)s END || seq,
    CASE step WHEN 0 THEN %(sealed)s END,
    CASE step WHEN 0 THEN %(padding)s || int8send(till * 1000000000::int8 + seq) ELSE %(nothing)s END,
    %(padding)s || int8send(till * 1000000000::int8 + seq),
    CASE step WHEN 0 THEN operation END
FROM generate_series(%(since)s::int, %(until)s::int) operation
CROSS JOIN LATERAL (SELECT operation AS o, till FROM generate_series(0, 999) till) tills
CROSS JOIN LATERAL (
    SELECT step, (tills.o - 1) * 3 + (tills.o + 4) / 5 + step AS seq
    FROM generate_series(CASE WHEN tills.o %% 5 = 1 THEN 0 ELSE 1 END, 3) step
) steps
"""
_OUTCOMES = """
INSERT INTO bonifiq.outcomes (shop, order_hash, till, incarnation, seq, uids, at)
SELECT 'LOJA' || (till / 5), substring(sha256(int8send(operation * 1000::int8 + till)) FOR 16),
    'CAIXA' || (till %% 5), 1, (operation - 1) * 3 + (operation + 4) / 5 + 3,
    ARRAY[md5(operation || '-' || till)], now()
FROM generate_series(%(since)s::int, %(until)s::int) operation
CROSS JOIN LATERAL (SELECT operation AS o, till FROM generate_series(0, 999) till) tills
"""
_HEADS = """
INSERT INTO bonifiq.incarnations (shop, till, incarnation, id, head_seq, head_hash)
SELECT 'LOJA' || (till / 5), 'CAIXA' || (till %% 5), 1, md5(till::text), %(head)s,
    %(padding)s || int8send(till * 1000000000::int8 + %(head)s)
FROM generate_series(0, 999) till
"""


def head_of(operations: int) -> int:
    """The number of a till's newest change after so many operations."""
    return operations * 3 + (operations + 4) // 5


def hash_of(till: int, seq: int) -> bytes:
    """The hash under a till's change."""
    return _PADDING + (till * 1_000_000_000 + seq).to_bytes(8, "big")


@dataclass(frozen=True)
class Bodies:
    """The bodies of an operation's changes as the ledger makes them, and its customer's sealed record."""

    customer: str
    first: str
    later: str
    sealed: bytes

    @classmethod
    def of_a_refund(cls) -> Bodies:
        """Read what a refund tells, with its order's items, its private part and its customer."""
        told = changes_of_a_refund()
        customer = next(change for change in told if change.sealed is not None)
        operation = [change.body for change in told if change.sealed is None]
        return cls(customer.body, operation[0], operation[-1], customer.sealed or b"")

    def cut(self, characters: int) -> Bodies:
        """The same with at most so many characters of each body."""
        return Bodies(self.customer[:characters], self.first[:characters], self.later[:characters], self.sealed)

    @property
    def bytes_of_an_operation(self) -> float:
        """The bytes of the bodies of an operation, and of a fifth of a customer with its record."""
        first, later, customer = (len(each.encode()) for each in (self.first, self.later, self.customer))
        return first + 2 * later + (customer + len(self.sealed)) / 5


def changes_of_a_refund() -> Sequence[Change]:
    """The changes that a real ledger tells for a refund that is registered, sent and confirmed."""
    with tempfile.TemporaryDirectory() as folder:
        ledger = Ledger(Path(folder) / "ledger.db", customer_keys=KEYS)
        ledger.changes.begin(1, "ab" * 16)
        confirm(ledger, refund(ledger))
        told = ledger.changes.after(0, 100)
        ledger.close()
    return told


def fill(db: psycopg.Connection[tuple[object, ...]], operations: int, bodies: Bodies) -> None:
    """Put so many operations of each till into a new shop database. `db`: the administrator's connection.

    With `wal_level = minimal` the truncation lets the server write the rows without its log.
    """
    values = {"padding": _PADDING, "nothing": NO_HASH, **vars(bodies)}
    with db.transaction():
        keys = [tuple(map(str, row)) for row in db.execute(_KEYS.encode()).fetchall()]
        indexes = [tuple(map(str, row)) for row in db.execute(_INDEXES.encode()).fetchall()]
        db.execute("TRUNCATE bonifiq.changes, bonifiq.outcomes, bonifiq.incarnations, bonifiq.claims")
        for table, name, _ in keys:
            db.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}".encode())
        for name, _ in indexes:
            db.execute(f"DROP INDEX {name}".encode())
        for since in range(1, operations + 1, _CHUNK):
            chunk = {**values, "since": since, "until": min(since + _CHUNK - 1, operations)}
            db.execute(_CHANGES, chunk)
            db.execute(_OUTCOMES, chunk)
        db.execute(_HEADS, {**values, "head": head_of(operations)})
        for table, name, definition in keys:
            db.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}".encode())
        for _, definition in indexes:
            db.execute(definition.encode())
    db.execute("VACUUM (ANALYZE) bonifiq.changes, bonifiq.outcomes, bonifiq.incarnations")
    db.execute("CHECKPOINT")
