"""Personal data in the copies of the ledger and in set-aside ledgers: purged and erased there, too.

A copy is changed in place, in one transaction: erased data is overwritten, and an interrupted change is rolled back.
"""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

from bonifiq_desktop.domain.orders import normalized_order_id
from bonifiq_desktop.ledger.backups import copy_time
from bonifiq_desktop.ledger.customers import DELETE_UNUSED
from bonifiq_desktop.ledger.database import (
    check_integrity,
    open_copy_for_writing,
    open_for_reading,
    transaction,
    translate_errors,
)
from bonifiq_desktop.ledger.errors import LedgerFailed
from bonifiq_desktop.ledger.files import backup_files, set_aside_files
from bonifiq_desktop.ledger.personal_data import (
    ERASE_OPERATION,
    ERASE_ORDER,
    SELECT_EXPIRED_ELSEWHERE,
    SELECT_EXPIRED_OPERATIONS,
    SELECT_EXPIRED_ORDERS,
    UnfinishedOperation,
    erase_orders,
    order_ids_of_customer,
)
from bonifiq_desktop.ledger.records import NO_END
from bonifiq_desktop.ledger.row_mapping import to_timestamp

_ERASE_EVERYTHING = (
    "UPDATE seen_orders SET customer_id = NULL WHERE customer_id IS NOT NULL",
    "UPDATE operations SET customer_id = NULL WHERE customer_id IS NOT NULL",
    "DELETE FROM customers",
    "DELETE FROM shop_customers",
    "UPDATE changes SET sealed = NULL WHERE sealed IS NOT NULL",
    "UPDATE operations SET body = NULL WHERE body_is_personal AND body IS NOT NULL",
)
# The sealed record of a customer whom no operation names any more, as it was told to the shop database.
_FORGET_TOLD = """UPDATE changes SET sealed = NULL WHERE customer_id = ?1 AND sealed IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM operations WHERE customer_id = ?1)"""


def copies_with_personal_data(ledger: Path) -> list[Path]:
    """All files but the ledger itself that may hold personal data."""
    return sorted([*backup_files(ledger), *set_aside_files(ledger)])


def unfinished_in(path: Path) -> list[UnfinishedOperation]:
    """The unfinished operations in a copy. Raises LedgerError."""
    with translate_errors(), closing(open_for_reading(path)) as db:
        rows = db.execute(
            """SELECT id, order_id, checksum FROM operations INDEXED BY one_unfinished
               WHERE state IN ('queued', 'sending', 'unknown', 'review')"""
        ).fetchall()
        return [UnfinishedOperation(int(number), str(order_id), str(checksum)) for number, order_id, checksum in rows]


def purge_copy(ledger: Path, path: Path, settled_times: Mapping[int, str], before: datetime) -> None:
    """Erase in a copy the requests of sales that are final by now, and every customer not seen since `before`.

    `settled_times`: when operations that are unfinished in the copy became final. A file set aside before that time
    loses all personal data. Raises LedgerError; then nothing changed.
    """
    with _changing(path) as db:
        if path in set_aside_files(ledger) and copy_time(path) < before:
            for statement in _ERASE_EVERYTHING:
                db.execute(statement)
            return
        old = [number for number, at in settled_times.items() if at < to_timestamp(before)]
        named = [_operation_customer(db, number) for number in old]
        seen = db.execute(SELECT_EXPIRED_ORDERS, (to_timestamp(before),)).fetchall()
        settled = db.execute(SELECT_EXPIRED_OPERATIONS, (to_timestamp(before),)).fetchall()
        db.executemany(ERASE_ORDER, [(number,) for number, _customer in seen])
        db.executemany(ERASE_OPERATION, [(number,) for number in [*old, *(number for number, _customer in settled)]])
        _delete_unused(db, {*named, *(customer for _number, customer in (*seen, *settled))})
        elsewhere = db.execute(SELECT_EXPIRED_ELSEWHERE, (to_timestamp(before),)).fetchall()
        db.executemany("DELETE FROM shop_customers WHERE id = ?", elsewhere)
        db.executemany(
            "UPDATE operations SET body = NULL WHERE id = ? AND body_is_personal AND body IS NOT NULL",
            [(number,) for number in settled_times],
        )


def holds_customer(path: Path, pseudonyms: frozenset[str], order_ids: Sequence[str]) -> bool:
    """Whether a copy holds personal data of a customer, found by a pseudonym or by the customer's known orders.

    `pseudonyms`: one for each key that copies of this till were sealed with. Raises LedgerError.
    """
    with translate_errors(), closing(open_for_reading(path)) as db:
        return any(_is_mirrored(db, each) for each in pseudonyms) or any(
            _names_customer(db, order_id) for order_id in _orders_of(db, pseudonyms, order_ids)
        )


def _orders_of(
    db: sqlite3.Connection, pseudonyms: frozenset[str], order_ids: Sequence[str], until: datetime = NO_END
) -> set[str]:
    return {*order_ids, *(order_id for each in pseudonyms for order_id in order_ids_of_customer(db, each, until))}


def _is_mirrored(db: sqlite3.Connection, pseudonym: str) -> bool:
    """Whether a copy knows the customer from another till."""
    return db.execute("SELECT 1 FROM shop_customers WHERE identity = ?", (pseudonym,)).fetchone() is not None


def _names_customer(db: sqlite3.Connection, order_id: str) -> bool:
    found = db.execute(
        """SELECT 1 FROM seen_orders WHERE order_key = ?1 AND customer_id IS NOT NULL
           UNION ALL SELECT 1 FROM operations WHERE order_key = ?1
           AND (customer_id IS NOT NULL OR (body_is_personal AND body IS NOT NULL)) LIMIT 1""",
        (normalized_order_id(order_id),),
    )
    return found.fetchone() is not None


def erase_in_copy(path: Path, pseudonyms: frozenset[str], order_ids: Sequence[str], until: datetime = NO_END) -> None:
    """Erase a customer in a copy, found as by `holds_customer`. Raises LedgerError; then nothing changed.

    `until`: as in `order_ids_of_customer`.
    """
    with _changing(path) as db:
        _delete_unused(db, erase_orders(db, _orders_of(db, pseudonyms, order_ids, until)))
        db.executemany(
            "DELETE FROM shop_customers WHERE identity = ? AND seen_at <= ?",
            [(each, to_timestamp(until)) for each in pseudonyms],
        )


def _operation_customer(db: sqlite3.Connection, operation_id: int) -> int | None:
    found = db.execute("SELECT customer_id FROM operations WHERE id = ?", (operation_id,)).fetchone()
    return found[0] if found else None


def _delete_unused(db: sqlite3.Connection, customers: set[int | None] | set[int]) -> None:
    numbers = [(number,) for number in customers if number is not None]
    db.executemany(DELETE_UNUSED, numbers)
    db.executemany(_FORGET_TOLD, numbers)


@contextmanager
def _changing(path: Path) -> Iterator[sqlite3.Connection]:
    """Change a copy in one transaction, and check it before the commit."""
    with translate_errors(), closing(open_copy_for_writing(path)) as db:
        before = db.total_changes
        with transaction(db):
            yield db
            if db.total_changes > before:
                check_integrity(db)
        if db.total_changes > before:
            busy, *_ = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            if busy:
                raise LedgerFailed("the WAL is being read")
