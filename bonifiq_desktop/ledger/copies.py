"""Customers' data in the copies of the ledger and in files that were set aside: dropped there, too, in one step each.

Changed in place: what is dropped is overwritten, and a copy that this is cut short in is as it was before.
"""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

from bonifiq_desktop.domain.orders import order_key
from bonifiq_desktop.ledger.backups import made_at
from bonifiq_desktop.ledger.database import (
    check_sound,
    copies_of,
    named_errors,
    open_for_changing,
    open_for_reading,
    set_asides_of,
    transaction,
)
from bonifiq_desktop.ledger.errors import LedgerFailed
from bonifiq_desktop.ledger.personal import (
    FORGET_SEEN,
    FORGET_SETTLED,
    OLD_SEEN,
    OLD_SETTLED,
    Unfinished,
    cut,
    forget_orders,
    orders_of,
)

_EVERYTHING = (
    """UPDATE orders_seen SET customer = NULL, document_hash = NULL
       WHERE customer IS NOT NULL OR document_hash IS NOT NULL""",
    """UPDATE operations SET customer = NULL, document_hash = NULL
       WHERE customer IS NOT NULL OR document_hash IS NOT NULL""",
    "UPDATE operations SET body = NULL WHERE kind IN ('sale', 'completion') AND body IS NOT NULL",
)


def kept_files(ledger: Path) -> list[Path]:
    """All files but the ledger itself that may hold customers' data."""
    return sorted([*copies_of(ledger), *set_asides_of(ledger)])


def unfinished_in(path: Path) -> list[Unfinished]:
    """The operations that are unfinished in a copy. Raises LedgerError."""
    with named_errors(), closing(open_for_reading(path)) as db:
        rows = db.execute(
            """SELECT id, order_id, seal FROM operations INDEXED BY one_unfinished
               WHERE state IN ('queued', 'sending', 'unknown', 'review')"""
        ).fetchall()
        return [Unfinished(int(number), str(order_id), str(seal)) for number, order_id, seal in rows]


def purge_copy(ledger: Path, path: Path, settled: Mapping[int, str], before: datetime) -> None:
    """Drop from a copy the requests of sales that are final by now, and every customer not seen since `before`.

    `settled`: when what is unfinished in the copy became final. A file set aside before `before` loses all that is
    personal. Raises LedgerError; then nothing changed.
    """
    with _changing(path) as db:
        if path in set_asides_of(ledger) and made_at(path) < before:
            for statement in _EVERYTHING:
                db.execute(statement)
            return
        old = [(number,) for number, at in settled.items() if at < cut(before)]
        db.executemany(FORGET_SEEN, db.execute(OLD_SEEN, (cut(before),)).fetchall())
        db.executemany(FORGET_SETTLED, old + db.execute(OLD_SETTLED, (cut(before),)).fetchall())
        db.executemany(
            "UPDATE operations SET body = NULL WHERE id = ? AND kind IN ('sale', 'completion') AND body IS NOT NULL",
            [(number,) for number in settled],
        )


def holds_customer(path: Path, known_as: str, order_ids: Sequence[str]) -> bool:
    """Whether a copy holds anything of a customer, found by pseudonym or by orders known elsewhere to be theirs.

    Raises LedgerError.
    """
    with named_errors(), closing(open_for_reading(path)) as db:
        return any(_names_somebody(db, order_id) for order_id in {*order_ids, *orders_of(db, known_as)})


def _names_somebody(db: sqlite3.Connection, order_id: str) -> bool:
    found = db.execute(
        """SELECT 1 FROM orders_seen WHERE order_key = ?1 AND (customer IS NOT NULL OR document_hash IS NOT NULL)
           UNION ALL SELECT 1 FROM operations WHERE order_key = ?1
           AND (customer IS NOT NULL OR document_hash IS NOT NULL
                OR (kind IN ('sale', 'completion') AND body IS NOT NULL)) LIMIT 1""",
        (order_key(order_id),),
    )
    return found.fetchone() is not None


def erase_in_copy(path: Path, known_as: str, order_ids: Sequence[str]) -> None:
    """Drop what a copy holds of a customer, found as by `holds_customer`. Raises LedgerError; then nothing changed."""
    with _changing(path) as db:
        forget_orders(db, {*order_ids, *orders_of(db, known_as)})


@contextmanager
def _changing(path: Path) -> Iterator[sqlite3.Connection]:
    """A copy in which one step is done when the block ends well, and which is as sound after it."""
    with named_errors(), closing(open_for_changing(path)) as db:
        before = db.total_changes
        with transaction(db):
            yield db
            if db.total_changes > before:
                check_sound(db)
        if db.total_changes > before:
            busy, *_ = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            if busy:
                raise LedgerFailed("the log is being read")
