"""Sealing of the ledger's customers with other keys: the shop's when a till joins it, its own when it leaves."""

import sqlite3
from collections.abc import Iterator

from bonifiq_desktop.domain.contacts import is_masked
from bonifiq_desktop.domain.orders import Customer
from bonifiq_desktop.domain.phones import read_phone_shape
from bonifiq_desktop.domain.pseudonyms import known_as
from bonifiq_desktop.domain.query import search_text
from bonifiq_desktop.ledger.sealed_records import open_record, pack_customer
from bonifiq_desktop.security.customer_keys import CustomerKeys

_BATCH = 500


def reseal_customers(db: sqlite3.Connection, old: CustomerKeys, new: CustomerKeys) -> None:
    """Seal every customer of the file that `old` opens with `new`, in the caller's transaction.

    The keyed hashes change with the keys, so that all tills of a shop find a customer by the same ones. A record that
    does not open stays as it was. While the till takes part in a shop database, the records are told in parts.
    """
    for row in _customers(db):
        number = row["id"]
        customer = open_record(old, number, row["sealed"])
        if customer is None:
            continue
        db.execute(
            "UPDATE main.customers SET sealed = ?, identity = ?, phone_hash = ? WHERE id = ?",
            (
                new.seal(number, pack_customer(customer)),
                _free(db, _new_identity(customer, row["identity"], old, new)),
                phone_hash(new, customer.phone),
                number,
            ),
        )
    db.execute("UPDATE untold_rows SET waits_for = 'turn' WHERE kind = 'customer'")


def phone_hash(keys: CustomerKeys, phone: str) -> str | None:
    """The keyed hash of a typed or received phone number; None for a masked or unreadable one."""
    shape = None if is_masked(phone) else read_phone_shape(search_text(phone))
    return keys.phone_hash(shape) if shape else None


def identifiers(customer: Customer) -> tuple[tuple[str, str, str], ...]:
    """What a customer's identity may have been made of, when less was known: see CustomerKeys.identity."""
    document, email, phone = customer.document, customer.email, customer.phone
    return (document, email, phone), ("", email, phone), ("", "", phone)


def _customers(db: sqlite3.Connection) -> Iterator[sqlite3.Row]:
    last = 0
    while batch := db.execute(
        "SELECT id, sealed, identity FROM main.customers WHERE id > ? ORDER BY id LIMIT ?", (last, _BATCH)
    ).fetchall():
        yield from batch
        last = batch[-1]["id"]


def _new_identity(customer: Customer, identity: str | None, old: CustomerKeys, new: CustomerKeys) -> str | None:
    """The new hash of what the old hash stands for; None for a customer that none finds exactly."""
    names = (known_as(*each) for each in identifiers(customer)) if identity else ()
    return next((new.hash_name(name) for name in names if old.hash_name(name) == identity), None)


def _free(db: sqlite3.Connection, identity: str | None) -> str | None:
    """None where another customer has the identity already."""
    taken = identity and db.execute("SELECT 1 FROM main.customers WHERE identity = ?", (identity,)).fetchone()
    return None if taken else identity
