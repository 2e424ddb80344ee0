"""A till of the shop that tells its real ledger as any incarnation, in changes that a test may spoil."""

import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import sha256

from bonifiq_desktop.domain.shop_database import CHANGE_VERSION, NO_HASH, Change, change_hash
from bonifiq_desktop.ledger.change_bodies import (
    ToldCustomer,
    customer_body,
    operation_body,
    pack_told_customer,
    record_place,
    told_row,
)
from bonifiq_desktop.ledger.ledger import Ledger
from bonifiq_desktop.ledger.sealed_records import open_record
from bonifiq_desktop.security.customer_keys import CustomerKeys
from tests.support.ledger_actions import KEYS

NOW = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)


@dataclass
class Teller:
    """Tells a till's ledger as one incarnation, in an order of its own choosing. `changes`: all that it told."""

    ledger: Ledger
    till: str = "CAIXA2"
    incarnation: int = 1
    changes: list[Change] = field(default_factory=list)
    keys: CustomerKeys = KEYS
    _told: dict[int, str] = field(default_factory=dict)

    @property
    def incarnation_id(self) -> str:
        return f"{self.till}-{self.incarnation}"

    def tell(self) -> list[Change]:
        """The changes since the last call: every operation whose row changed, with its customer."""
        before = len(self.changes)
        db = self.ledger.connection.db
        for (operation_id,) in db.execute("SELECT id FROM operations ORDER BY id").fetchall():
            told = told_row(db, operation_id)
            content = str(told)
            if self._told.get(operation_id) == content:
                continue
            is_first = operation_id not in self._told
            if is_first and told["customer_id"] is not None:
                self.tell_customer(told["customer_id"])
            self.add(operation_body(told, self.keys, is_first=is_first))
            self._told[operation_id] = content
        return self.changes[before:]

    def tell_customer(self, number: int) -> None:
        """Tell a customer's record, sealed for the shop."""
        row = self.ledger.connection.rows("SELECT * FROM customers WHERE id = ?", (number,))[0]
        customer = open_record(self.keys, number, row["sealed"])
        assert customer is not None
        record = pack_told_customer(ToldCustomer(row["identity"], row["phone_hash"], customer))
        body = customer_body(number, self.incarnation_id, row["seen_at"])
        self.add(body, self.keys.seal_for(record_place(self.incarnation_id, number), record))

    def add(self, body: dict[str, object] | str, sealed: bytes | None = None, version: int = CHANGE_VERSION) -> Change:
        """Add a change to the chain."""
        text = body if isinstance(body, str) else json.dumps(body, sort_keys=True, ensure_ascii=False)
        previous = self.changes[-1].hash if self.changes else NO_HASH
        sealed_hash = sha256(sealed).digest() if sealed is not None else NO_HASH
        hashed = change_hash(previous, version, text, sealed_hash)
        change = Change(len(self.changes) + 1, version, previous, text, sealed, sealed_hash, hashed)
        self.changes.append(change)
        return change

    def tell_to(self, *ledgers: Ledger) -> None:
        """Tell what changed, and have other tills apply it."""
        self.tell()
        for ledger in ledgers:
            cursor = ledger.shop.cursors().get((self.till, self.incarnation), 0)
            ledger.shop.apply(self.till, self.incarnation, self.changes[cursor:])


def rehashed(change: Change, **changed: object) -> Change:
    """A change with other content, and the hash that fits it."""
    other = replace(change, **changed)  # type: ignore[arg-type]
    return replace(other, hash=change_hash(other.previous, other.version, other.body, other.sealed_sha256))
