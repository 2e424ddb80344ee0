"""Changes as a till of the shop tells them, made from its real ledger, for tests of the mirror."""

import json
from base64 import b64encode
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import sha256

from bonifiq_desktop.domain.shop_database import CHANGE_VERSION, NO_HASH, Change, change_hash
from bonifiq_desktop.ledger.customers import open_record, pack_customer
from bonifiq_desktop.ledger.ledger import Ledger
from bonifiq_desktop.ledger.told_changes import PRIVATE
from tests.support.ledger_actions import KEYS

NOW = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)
_COLUMNS = """system, connection, kind, order_id, order_key, account, cancel_key, key_index, reference, value, evidence,
    review_reason, failure_reason, bonus, api_status, lines, snapshot, customer_id, look_up_first, contradicted,
    return_id, leg, after_money, remote_line, currency, is_estimate, baseline, evidence_id, remote_state, other_ids,
    changes_order, checkout_id, ends_checkout, external_code, external_product_id, created_at, settled_at"""


@dataclass
class Teller:
    """Tells a till's ledger as one incarnation, in an order of its own choosing. `changes`: all that it told."""

    ledger: Ledger
    till: str = "CAIXA2"
    incarnation: int = 1
    changes: list[Change] = field(default_factory=list)
    _told: dict[str, str] = field(default_factory=dict)

    @property
    def incarnation_id(self) -> str:
        return f"{self.till}-{self.incarnation}"

    def tell(self) -> list[Change]:
        """The changes since the last call: every operation whose row changed, with its customer."""
        before = len(self.changes)
        rows = self.ledger.connection.rows(
            f"""SELECT {_COLUMNS}, uid, state, registered_by, reason, message, id,
                (SELECT count(*) FROM attempts WHERE operation_id = o.id) AS attempts FROM operations o ORDER BY id"""
        )
        for row in rows:
            told = dict(row)
            operation_id, uid, state = told.pop("id"), told.pop("uid"), told.pop("state")
            private = {name: told.pop(name) for name in PRIVATE}
            told["used_indexes"] = self._used_indexes(operation_id)
            content = json.dumps([state, told, private])
            if self._told.get(uid) == content:
                continue
            if told["customer_id"] is not None and uid not in self._told:
                self.tell_customer(told["customer_id"])
            sealed = KEYS.seal_for(uid, json.dumps(private).encode())
            kind = "state" if uid in self._told else "operation"
            body = {"kind": kind, "uid": uid, "state": state, "row": told, "private": b64encode(sealed).decode()}
            self.add(body)
            self._told[uid] = content
        return self.changes[before:]

    def _used_indexes(self, operation_id: int) -> list[int]:
        operation = self.ledger.queries.operation(operation_id)
        if operation.key_index is None or operation.state != "confirmed":
            return []
        return [operation.key_index]

    def tell_customer(self, number: int) -> None:
        """Tell a customer's record, sealed for the shop."""
        row = self.ledger.connection.rows("SELECT * FROM customers WHERE id = ?", (number,))[0]
        customer = open_record(KEYS, number, row["sealed"])
        assert customer is not None
        body = {
            "kind": "customer",
            "id": number,
            "incarnation": self.incarnation_id,
            "identity": row["identity"],
            "phone_hash": row["phone_hash"],
            "seen_at": row["seen_at"],
        }
        self.add(body, KEYS.seal_for(f"{self.incarnation_id}/{number}", pack_customer(customer)))

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
