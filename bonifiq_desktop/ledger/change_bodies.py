"""Bodies of changes: the JSON by which a till tells the others of its operations and customers, written and read.

A body holds no readable personal data: names and free texts are sealed under the shop's key. See docs/shop-database.md.
"""

import base64
import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bonifiq_desktop.domain.orders import Customer
from bonifiq_desktop.domain.slip_numbers import MAX_OPERATION, slip_number
from bonifiq_desktop.ledger.row_mapping import rows_may_be_damaged
from bonifiq_desktop.ledger.sealed_records import KEPT_TEXTS, pack_customer, unpack_customer
from bonifiq_desktop.security.customer_keys import CustomerKeys

_CHANGING = (
    "cancel_key",
    "key_index",
    "evidence",
    "review_reason",
    "failure_reason",
    "bonus",
    "api_status",
    "contradicted",
    "evidence_id",
    "remote_state",
    "external_code",
    "external_product_id",
    "look_up_first",
    "settled_at",
    "customer_id",
)
_CONSTANT = (
    "system",
    "connection",
    "kind",
    "order_id",
    "order_key",
    "account",
    "reference",
    "value",
    "lines",
    "snapshot",
    "return_id",
    "leg",
    "after_money",
    "remote_line",
    "currency",
    "is_estimate",
    "baseline",
    "other_ids",
    "changes_order",
    "checkout_id",
    "ends_checkout",
    "created_at",
)
_CALCULATED = ("attempts", "used_indexes")
_SLIP = "slip"
_DEFAULTS: dict[str, Any] = {
    **dict.fromkeys((*_CHANGING, *_CONSTANT)),
    **dict.fromkeys(("contradicted", "look_up_first", "leg", "after_money", "is_estimate", "ends_checkout"), 0),
    **dict.fromkeys(("evidence_id", "remote_state", "external_code", "external_product_id"), ""),
    **dict.fromkeys(("return_id", "remote_line", "baseline", "other_ids", "checkout_id"), ""),
    "lines": "[]",
    "currency": "BRL",
    "changes_order": 1,
    "attempts": 0,
    "used_indexes": "[]",
    _SLIP: "",
}
"""A body leaves a column out where it has this value, which shortens most bodies by half."""
_WHOLE = "operation"
_PRIVATE = ("registered_by", "reason", "message")

SELECT_TOLD = f"""SELECT uid, state, {", ".join((*_CHANGING, *_CONSTANT, *_PRIVATE))},
    (SELECT count(*) FROM attempts a WHERE a.operation_id = o.id) AS attempts FROM operations o WHERE id = ?"""
"""What the others are told of an operation, but for `used_indexes` and `slip`."""

SELECT_USED_INDEXES = """SELECT key_index FROM operations
    WHERE id = ?1 AND state = 'confirmed' AND key_index IS NOT NULL
    UNION SELECT a.key_index FROM attempts a JOIN operations o ON o.id = a.operation_id
    WHERE o.id = ?1 AND a.key_index IS NOT NULL AND (a.key_used OR a.key_index < o.key_index) ORDER BY 1"""
"""The running numbers of one operation's keys that `Queries.used_key_indexes` counts as used."""


@dataclass(frozen=True)
class ToldCustomer:
    """What the sealed record of a change holds. identity, phone_hash: keyed hashes, which an erasure removes, too."""

    identity: str | None
    phone_hash: str | None
    customer: Customer


def canonical(body: Mapping[str, Any]) -> str:
    """The one JSON text of a body, so that equal content has equal hashes."""
    return json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


@rows_may_be_damaged()
def operation_body(told: Mapping[str, Any], keys: CustomerKeys | None, *, is_first: bool) -> str:
    """The body that tells an operation, whole for the first time and then only with what may have changed.

    `told`: as `told_row` reads it. Without `keys` the private texts are left out.
    """
    row = {name: told[name] for name in _columns(is_first=is_first)}
    if row["customer_id"] is not None and row["customer_id"] < 0:
        row["customer_id"] = None  # a customer of this run alone
    private = {name: told[name] for name in _PRIVATE}
    if is_first and row["snapshot"]:
        row["snapshot"], sales_person = _without_sales_person(row["snapshot"])
        if sales_person:
            private["sales_person"] = sales_person
    told_columns = {name: value for name, value in row.items() if value != _DEFAULTS[name]}
    body = {"kind": _WHOLE if is_first else "state", "uid": told["uid"], "state": told["state"], "row": told_columns}
    if keys is not None:
        sealed = keys.seal_for(told["uid"], canonical(private).encode())
        body["private"] = base64.b64encode(sealed).decode()
    return canonical(body)


def whole_row(body: Mapping[str, Any]) -> dict[str, Any]:
    """Every column that the body of an operation stands for, by the names in `shop_operations`.

    Of a "state" body these are the columns that may change. Columns that this version does not know are left out.
    """
    row = body["row"]
    return {name: row.get(name, _DEFAULTS[name]) for name in _columns(is_first=body["kind"] == _WHOLE)}


def _columns(*, is_first: bool) -> tuple[str, ...]:
    return (*_CHANGING, *_CONSTANT, *_CALCULATED, _SLIP) if is_first else (*_CHANGING, *_CALCULATED)


def _without_sales_person(snapshot: str) -> tuple[str, str]:
    order = json.loads(snapshot)
    sales_person = str(order.get("sales_person") or "")
    return (json.dumps({**order, "sales_person": ""}, ensure_ascii=False) if sales_person else snapshot), sales_person


def open_private(keys: CustomerKeys, uid: str, private: str) -> dict[str, str]:
    """The sealed texts of an operation's body: registered_by, reason, message; sales_person where there is one.

    Raises SealBroken, ValueError.
    """
    texts: dict[str, str] = json.loads(keys.unseal_for(uid, base64.b64decode(private, validate=True)))
    return texts


def with_sales_person(snapshot: str, sales_person: str) -> str:
    """The snapshot of an operation's body with the sales person of its private part. Raises ValueError."""
    return json.dumps({**json.loads(snapshot), "sales_person": sales_person}, ensure_ascii=False)


def customer_body(number: int, incarnation_id: str, seen_at: str) -> str:
    """The body that tells a customer; what names the customer is in the change's sealed record."""
    return canonical({"kind": "customer", "id": number, "incarnation": incarnation_id, "seen_at": seen_at})


def erased_customer_body(number: int) -> str:
    """The body that tells the deletion of a customer here."""
    return canonical({"kind": "customer_erased", "id": number})


def erasure_body(identity: str, records: Sequence[tuple[str, int, int]], decided_at: str) -> str:
    """The body by which a person's erasure of a customer reaches the other tills.

    `records`: till, incarnation and id of the customer's records at other tills, which the database forgets.
    `decided_at`: without it a till that reads the log from its start would erase a customer who came back since.
    """
    return canonical({"kind": "erasure", "identity": identity, "records": list(records), "decided_at": decided_at})


def pack_told_customer(told: ToldCustomer) -> bytes:
    """The text of a change's sealed record; equal for equal customers."""
    packed = json.loads(pack_customer(told.customer))
    return canonical({"identity": told.identity, "phone_hash": told.phone_hash, "customer": packed}).encode()


def unpack_told_customer(text: bytes) -> ToldCustomer:
    """What `pack_told_customer` packed. Raises ValueError, LookupError, TypeError."""
    fields: dict[str, Any] = json.loads(text)
    customer = unpack_customer(json.dumps(fields["customer"]).encode())
    told = ToldCustomer(fields["identity"], fields["phone_hash"], customer)
    hashes, texts = (told.identity, told.phone_hash), (getattr(customer, name) for name in KEPT_TEXTS)
    # Another program's mistake must not reach every reader of the order.
    if not (all(each is None or isinstance(each, str) for each in hashes) and all(isinstance(t, str) for t in texts)):
        raise TypeError
    if not isinstance(customer.enrolled, bool | None):
        raise TypeError
    pack_told_customer(told)  # half of a surrogate pair has no bytes
    return told


def open_told_customer(keys: CustomerKeys, incarnation_id: str, number: int, sealed: bytes) -> ToldCustomer:
    """Open the sealed record of a customer's change. Raises SealBroken, ValueError, LookupError, TypeError."""
    return unpack_told_customer(keys.unseal_for(record_place(incarnation_id, number), sealed))


def record_place(incarnation_id: str, number: int) -> str:
    """The associated text of a customer's record: it opens in the changes of no other customer or incarnation."""
    return f"{incarnation_id}/{number}"


def told_row(db: sqlite3.Connection, operation_id: int) -> dict[str, Any]:
    """What `operation_body` tells of an operation."""
    found = db.execute(SELECT_TOLD, (operation_id,)).fetchone()
    used = [row[0] for row in db.execute(SELECT_USED_INDEXES, (operation_id,))]
    return {**dict(found), "used_indexes": canonical_list(used), _SLIP: _slip(db, operation_id)}


def _slip(db: sqlite3.Connection, operation_id: int) -> str:
    """The number on the slips of an operation; empty beyond the ten millionth."""
    ledger_id = db.execute("SELECT value FROM metadata WHERE name = 'ledger_id'").fetchone()[0]
    return slip_number(ledger_id, operation_id) if operation_id <= MAX_OPERATION else ""


def canonical_list(numbers: list[int]) -> str:
    """A list of running numbers as the column `used_indexes` holds it."""
    return json.dumps(numbers, separators=(",", ":"))
