"""The oracle of a shop database: after healing, the log, the server and every mirror say the same as the ledgers.

It reads the files and the database with its own SQL, and computes the chain of hashes by itself.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from bonifiq_desktop.security.customer_keys import CustomerKeys, SealBroken
from tests.support.oracle import FALSELY_CONFIRMED, LOST, Violation

LOG_BROKEN = "broken log"
MIRROR_DIFFERS = "mirror differs"
READABLE = "readable personal data"
SHOP_VIOLATIONS = (LOG_BROKEN, MIRROR_DIFFERS, READABLE)

_TOLD_COLUMNS = (
    "system", "connection", "kind", "order_id", "order_key", "account", "cancel_key", "key_index", "reference", "value",
    "state", "evidence", "review_reason", "reason", "message", "failure_reason", "bonus", "api_status", "lines",
    "look_up_first", "contradicted", "return_id", "leg", "after_money", "remote_line", "currency", "is_estimate",
    "baseline", "evidence_id", "remote_state", "other_ids", "changes_order", "checkout_id", "ends_checkout",
    "external_code", "external_product_id", "registered_by", "created_at", "settled_at",
)  # fmt: skip
"""Columns of an operation that every mirror repeats as they are at the till that registered it."""

_ATTEMPTS = "(SELECT count(*) FROM attempts a WHERE a.operation_id = o.id)"
_NO_RECORD = bytes(32)

ServerRow = tuple[str, int, int, int, bytes, str, bytes | None, bytes, bytes]
"""Till, incarnation, seq, version, previous, body, sealed, sealed_sha256, hash; in this order of the first three."""


@dataclass(frozen=True)
class ShopObservation:
    """The input of the oracle.

    - `ledgers`: the file of each till, by its name in the shop; `earlier`: files that a till had before.
    - `server`: the rows of the database's log. `secret`: the shop's.
    - `personal`: texts that no body may hold.
    """

    ledgers: Mapping[str, Path]
    server: Sequence[ServerRow]
    secret: bytes | None = None
    earlier: Sequence[Path] = ()
    personal: Sequence[str] = field(default_factory=tuple)


def find_shop_violations(seen: ShopObservation) -> list[Violation]:
    """Find each difference between the ledgers, the logs, the server and the mirrors."""
    found = list(_check_server(seen))
    for till, path in seen.ledgers.items():
        found += _check_log(till, path, seen)
    found += _check_mirrors(seen)
    return found


def find_shared_keys(ledgers: Iterable[Path]) -> list[Violation]:
    """Find confirmed refunds of two tills that rest on one key, so that one of them was never applied."""
    keys = Counter(
        (order, key)
        for path in ledgers
        for order, key in _read(path, "SELECT order_key, cancel_key FROM operations WHERE kind = 'refund' "
                                      "AND state = 'confirmed' AND cancel_key IS NOT NULL")
    )  # fmt: skip
    return [
        Violation(FALSELY_CONFIRMED, f"{times} refunds of {order} rest on {key}")
        for (order, key), times in keys.items()
        if times > 1
    ]


def _read(path: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as db:
        return db.execute(query).fetchall()


# --- the log


def _check_server(seen: ShopObservation) -> Iterator[Violation]:
    """Each chain of the server is numbered without a hole, its hashes fit, and no body names a person."""
    heads: dict[tuple[str, int], tuple[int, bytes]] = defaultdict(lambda: (0, _NO_RECORD))
    for till, incarnation, seq, version, previous, body, sealed, sealed_hash, its_hash in seen.server:
        name = f"{till}/{incarnation}/{seq}"
        last_seq, last_hash = heads[till, incarnation]
        if seq != last_seq + 1 or previous != last_hash:
            yield Violation(LOG_BROKEN, f"{name} follows {last_seq} at the server")
        if sealed is not None and sha256(sealed).digest() != sealed_hash:
            yield Violation(LOG_BROKEN, f"{name} has another record than its hash at the server")
        if _hash_of(previous, version, body, sealed_hash) != its_hash:
            yield Violation(LOG_BROKEN, f"{name} has another hash at the server")
        yield from (Violation(READABLE, f"{name} holds {text}") for text in seen.personal if text in body)
        heads[till, incarnation] = seq, its_hash


def _hash_of(previous: bytes, version: int, body: str, sealed_hash: bytes) -> bytes:
    return sha256(previous + version.to_bytes(4, "big") + sealed_hash + body.encode()).digest()


def _check_log(till: str, path: Path, seen: ShopObservation) -> Iterator[Violation]:
    """The till told each of its operations as it is, and the server has the same rows."""
    told = _read(path, "SELECT seq, version, previous, body, sealed, hash FROM changes ORDER BY seq")
    newest = max((row[1] for row in seen.server if row[0] == till), default=0)
    there = [(row[2], row[3], row[4], row[5], row[6], row[8]) for row in seen.server if row[:2] == (till, newest)]
    if there != told:
        yield Violation(LOST, f"{till}: {len(told)} changes here, {len(there)} at the server, or others")
    last: dict[str, str] = {}
    for row in told:
        body = json.loads(str(row[3]))
        if body["kind"] in {"operation", "state"}:
            last[body["uid"]] = body["state"]
    for uid, state in _read(path, "SELECT uid, state FROM operations"):
        if last.get(str(uid)) != state:
            yield Violation(LOST, f"{till}: {uid} is {state} and was told as {last.get(str(uid))}")
    if _read(path, "SELECT 1 FROM untold_rows WHERE kind = 'operation'"):
        yield Violation(LOST, f"{till}: operations are left to be told")


# --- the mirrors


def _check_mirrors(seen: ShopObservation) -> Iterator[Violation]:
    columns = ", ".join(f"o.{name}" for name in _TOLD_COLUMNS)
    own = {till: _by_uid(path, f"SELECT uid, {columns}, {_ATTEMPTS} FROM operations o")
           for till, path in seen.ledgers.items()}  # fmt: skip
    once = {str(uid) for path in seen.earlier for (uid,) in _read(path, "SELECT uid FROM operations")}
    mirrored = f"SELECT uid, {columns}, o.attempts FROM shop_operations o"
    tills = dict.fromkeys(seen.ledgers)
    for till, path in seen.ledgers.items():
        mirror = _by_uid(path, mirrored)
        union = {uid: (other, row) for other in tills if other != till for uid, row in own[other].items()}
        for uid, (other, row) in union.items():
            if uid in own[till]:
                continue
            if uid not in mirror:
                yield Violation(MIRROR_DIFFERS, f"{till} does not know {uid} of {other}")
            elif mirror[uid] != row:
                yield Violation(
                    MIRROR_DIFFERS, f"{till} knows {uid} of {other} otherwise: {_difference(mirror[uid], row)}"
                )
        for uid in mirror.keys() - union.keys() - own[till].keys() - once:
            yield Violation(MIRROR_DIFFERS, f"{till} knows {uid} that no till registered")
    yield from _check_customers(seen)


def _by_uid(path: Path, query: str) -> dict[str, tuple[object, ...]]:
    return {str(uid): tuple(rest) for uid, *rest in _read(path, query)}


def _difference(one: tuple[object, ...], other: tuple[object, ...]) -> str:
    names = (*_TOLD_COLUMNS, "attempts")
    return ", ".join(f"{name} {a!r}, not {b!r}" for name, a, b in zip(names, one, other, strict=True) if a != b)


def _check_customers(seen: ShopObservation) -> Iterator[Violation]:
    """Each mirror has the customers of the others' operations, with the same hashes and the same open record."""
    if seen.secret is None:
        return
    keys = CustomerKeys(seen.secret)
    linked = """SELECT c.id, c.id, c.identity, c.phone_hash, c.sealed FROM customers c
                WHERE c.id IN (SELECT customer_id FROM operations)"""
    mirrored = """SELECT t.till, t.incarnation, -c.id, c.customer_id, c.identity, c.phone_hash, c.sealed
                  FROM shop_customers c JOIN shop_tills t ON t.id = c.till_id"""
    own = {till: {_opened(keys, *row) for row in _read(path, linked)} for till, path in seen.ledgers.items()}
    newest = {row[0]: row[1] for row in seen.server}
    for till, path in seen.ledgers.items():
        known = defaultdict(set)
        for other, incarnation, *row in _read(path, mirrored):
            if incarnation == newest.get(str(other)):
                known[other].add(_opened(keys, *row))
        for other in seen.ledgers:
            if other != till and known[other] != own[other]:
                text = f"{till} knows {len(known[other])} of {len(own[other])} customers of {other}, or others"
                yield Violation(MIRROR_DIFFERS, text)


def _opened(
    keys: CustomerKeys, handle: Any, number: Any, identity: Any, phone_hash: Any, sealed: Any
) -> tuple[Any, ...]:
    """A customer's number at its till, hashes and open record; the record is None where it does not open."""
    try:
        record = keys.unseal(handle, sealed)
    except SealBroken:
        record = None
    return number, identity, phone_hash, record
