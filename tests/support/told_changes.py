"""What a reader makes of a till's changes: an independent reading of the bodies, without the mirror's code."""

import base64
import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from bonifiq_desktop.domain.orders import Customer
from bonifiq_desktop.domain.shop_database import Change
from bonifiq_desktop.domain.slip_numbers import slip_number
from bonifiq_desktop.ledger.ledger import Ledger
from bonifiq_desktop.ledger.schema import MIGRATIONS
from bonifiq_desktop.security.customer_keys import CustomerKeys
from tests.support.ledger_actions import KEYS

CHANGING = (
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
    "attempts",
    "used_indexes",
)
"""What a later change of an operation stands for, in full: a column that it leaves out has its default."""


def _defaults_of_the_mirror() -> dict[str, Any]:
    with closing(sqlite3.connect(":memory:")) as db:
        db.executescript("".join(MIGRATIONS))
        columns = db.execute("SELECT name, dflt_value FROM pragma_table_info('shop_operations')").fetchall()
        return {name: db.execute(f"SELECT {default or 'NULL'}").fetchone()[0] for name, default in columns}


DEFAULTS = _defaults_of_the_mirror()


@dataclass(frozen=True)
class ToldCustomer:
    """A customer as told."""

    identity: str | None
    phone_hash: str | None
    customer: Customer


@dataclass
class Told:
    """Operations by uid and customers by id, as the changes so far tell them."""

    operations: dict[str, dict[str, Any]] = field(default_factory=dict)
    customers: dict[int, ToldCustomer] = field(default_factory=dict)
    erasures: list[str] = field(default_factory=list)


def told_by(changes: Iterable[Change], keys: CustomerKeys) -> Told:
    """Read changes from the first one on."""
    told, whole = Told(), dict[str, list[bool]]()
    for change in changes:
        body = json.loads(change.body)
        match body["kind"]:
            case "operation":
                whole.setdefault(body["uid"], []).append("private" in body)
                told.operations[body["uid"]] = DEFAULTS | {"state": body["state"], **body["row"]}
                _open_private(told.operations[body["uid"]], body, keys)
            case "state":
                changing = {name: DEFAULTS[name] for name in CHANGING}
                told.operations[body["uid"]] |= changing | {"state": body["state"], **body["row"]}
                _open_private(told.operations[body["uid"]], body, keys)
            case "customer" if change.sealed is not None:
                text = keys.unseal_for(f"{body['incarnation']}/{body['id']}", change.sealed)
                fields = json.loads(text)
                customer = Customer(**fields["customer"])
                told.customers[body["id"]] = ToldCustomer(fields["identity"], fields["phone_hash"], customer)
            case "customer_erased":
                told.customers.pop(body["id"], None)
            case "erasure":
                told.erasures.append(body["identity"])
    # Told whole once, unless the shop's key was missing before.
    assert not [uid for uid, sealed in whole.items() if any(sealed[:-1])]
    return told


def _open_private(row: dict[str, Any], body: dict[str, Any], keys: CustomerKeys) -> None:
    if "private" in body:
        private = json.loads(keys.unseal_for(body["uid"], base64.b64decode(body["private"])))
        sales_person = private.pop("sales_person", "")
        row |= private
        if sales_person:
            row["snapshot"] = json.dumps({**json.loads(row["snapshot"]), "sales_person": sales_person})


def broken_links(changes: Sequence[Change]) -> list[int]:
    """The numbers of the changes that do not follow the one before, counted from 1, or whose hash is wrong."""
    broken, previous = [], bytes(32)
    for number, change in enumerate(changes, start=1):
        content = change.version.to_bytes(4, "big") + change.sealed_sha256 + change.body.encode()
        if (change.sealed is not None and sha256(change.sealed).digest() != change.sealed_sha256) or (
            change.seq,
            change.previous,
            change.hash,
        ) != (number, previous, sha256(previous + content).digest()):
            broken.append(number)
        previous = change.hash
    return broken


def tell_everything(ledger: Ledger, limit: int = 100) -> None:
    """Tell all that waits for its turn."""
    while ledger.changes.tell_untold(limit):
        pass


def assert_told(path: Path, ledger: Ledger, keys: CustomerKeys = KEYS) -> None:
    """Read from the start, the changes of a ledger that told everything are the ledger."""
    told = told_by(ledger.changes.after(0, 100_000), keys)
    rows = dict(_rows_to_tell(path))
    assert told.operations.keys() == rows.keys()
    names = DEFAULTS.keys() - {"id", "till_id", "seq", "uid"}
    for uid, row in told.operations.items():
        mine, other = ({name: each[name] for name in names} for each in (rows[uid], row))
        for each in (mine, other):
            each["snapshot"] = each["snapshot"] and json.loads(each["snapshot"])
        assert other == mine
    linked = {row["customer_id"] for row in rows.values()} - {None}
    assert told.customers.keys() == linked
    for number, customer in told.customers.items():
        assert customer.customer == ledger.customers.by_id(number)
    with closing(sqlite3.connect(path)) as db:
        kept = db.execute("SELECT customer_id FROM changes WHERE sealed IS NOT NULL").fetchall()
        assert db.execute("SELECT count(*) FROM untold_rows").fetchone() == (0,)
    assert {number for (number,) in kept} <= linked


def _rows_to_tell(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """What the mirror's columns of every operation have to be, by SQL of its own."""
    with closing(sqlite3.connect(path)) as db:
        ledger_id = db.execute("SELECT value FROM metadata WHERE name = 'ledger_id'").fetchone()[0]
        db.row_factory = sqlite3.Row
        for row in db.execute("SELECT * FROM operations"):
            attempts = db.execute("SELECT * FROM attempts WHERE operation_id = ?", (row["id"],)).fetchall()
            used = {a["key_index"] for a in attempts if a["key_index"] is not None and a["key_used"]}
            used |= {
                a["key_index"]
                for a in attempts
                if a["key_index"] is not None and row["key_index"] is not None and a["key_index"] < row["key_index"]
            }
            if row["state"] == "confirmed" and row["key_index"] is not None:
                used.add(row["key_index"])
            computed: dict[str, Any] = {
                "attempts": len(attempts),
                "used_indexes": json.dumps(sorted(used), separators=(",", ":")),
                "slip": slip_number(ledger_id, row["id"]),
            }
            if row["customer_id"] is not None and row["customer_id"] < 0:  # of a run without kept keys
                computed["customer_id"] = None
            yield row["uid"], {**dict(row), **computed}
