"""Insert statements: a new operation, an attempt, an event, an order that was looked up.

Every function runs inside the caller's transaction. `now`: an ISO time in UTC, as the ledger stores it.
"""

import sqlite3
from collections.abc import Iterable
from typing import Any

from bonifiq_desktop.domain.operations import Line, Resolution, Scope, State
from bonifiq_desktop.domain.orders import Order, normalized_order_id
from bonifiq_desktop.domain.remote_orders import to_minor_units
from bonifiq_desktop.domain.requests import Intent, SerializedRequest
from bonifiq_desktop.domain.returns import Leg
from bonifiq_desktop.domain.specs import spec_of
from bonifiq_desktop.ledger.row_mapping import (
    REQUEST_COLUMNS,
    answer_hash,
    body_hash,
    checksum,
    pack_lines,
    pack_order,
    to_timestamp,
)
from bonifiq_desktop.ledger.search_index import index_operation


def insert_operation(
    db: sqlite3.Connection,
    intent: Intent,
    request: SerializedRequest,
    index: int,
    now: str,
    *,
    customer_id: int | None = None,
) -> int:
    """Insert an intent as a `queued` operation with its first event, and index it. Returns the row's id.

    `index`: the running number in its client key, if it has one. Raises sqlite3.IntegrityError.
    """
    spec, leg = spec_of(intent.kind), intent.leg
    written: dict[str, str | int | None] = {
        **intent.scope._asdict(),
        "kind": intent.kind,
        "order_id": intent.order_id,
        "order_key": normalized_order_id(intent.order_id),
        "account": intent.account,
        "value": intent.value,
        "cancel_key": request.client_key,
        # An OriginalKey has no running number, and must not count among those of refunds.
        "key_index": index if request.client_key is not None and spec.gives_value_back else None,
        "reference": intent.reference,
        "method": request.method,
        "path": request.path,
        "body_sha256": body_hash(request.body),
        "once_per_order": int(spec.once_per_order),
        "body_is_personal": int(spec.carries_customer or (leg is not None and leg.bank_account is not None)),
        "return_id": intent.return_id,
        "leg": intent.leg_number,
        "after_money": int(intent.after_money),
        "remote_line": ",".join(line.line_id for line in leg.lines) if leg else "",
        "currency": leg.currency if leg else "BRL",
        "is_estimate": int(leg.is_estimate) if leg else 0,
        "changes_order": int(spec.changes_order),
        "checkout_id": intent.checkout_id,
        "ends_checkout": int(spec.ends_checkout),
    }
    columns = {
        **written,
        "checksum": checksum(written),
        "body": request.body,
        "intent_id": intent.intent_id,
        "state": State.QUEUED,
        "reason": intent.reason,
        "lines": pack_lines(lines_of(leg) if leg and not intent.lines else intent.lines),
        "snapshot": pack_order(intent.order) if intent.order else None,
        "customer_id": customer_id,
        "look_up_first": intent.look_up_first,
        "registered_by": intent.registered_by,
        "created_at": now,
        "other_ids": " ".join(other_ids(intent.order)),
    }
    names, places = ", ".join(columns), ", ".join(f":{name}" for name in columns)
    cursor = db.execute(f"INSERT INTO operations ({names}) VALUES ({places})", columns)
    operation_id = cursor.lastrowid or 0
    index_operation(db, operation_id)
    db.execute(
        "INSERT INTO events (operation_id, at, to_state, registered_by, approved_by) VALUES (?, ?, 'queued', ?, ?)",
        (operation_id, now, intent.registered_by, intent.approved_by),
    )
    return operation_id


def rewrite_request(db: sqlite3.Connection, operation_id: int, request: SerializedRequest, **changed: object) -> None:
    """Replace the request of an unsent operation, and other columns by their names, which hold no outside text.

    Its numbers in the search index must not change by this.
    """
    row = db.execute(f"SELECT {REQUEST_COLUMNS} FROM operations WHERE id = ?", (operation_id,)).fetchone()
    columns: dict[str, Any] = {
        **changed,
        "method": request.method,
        "path": request.path,
        "body": request.body,
        "body_sha256": body_hash(request.body),
    }
    columns["checksum"] = checksum({**dict(row), **columns})
    places = ", ".join(f"{name} = :{name}" for name in columns)
    db.execute(f"UPDATE operations SET {places} WHERE id = :id", {**columns, "id": operation_id})


def hash_answer(db: sqlite3.Connection, operation_id: int) -> None:
    """Store the hash of what the system named in its answer, after that changed."""
    row = db.execute(f"SELECT {REQUEST_COLUMNS} FROM operations WHERE id = ?", (operation_id,)).fetchone()
    db.execute("UPDATE operations SET answer_sha256 = ? WHERE id = ?", (answer_hash(row), operation_id))


def lines_of(leg: Leg) -> tuple[Line, ...]:
    """What a leg takes back, line by line without shipping and taxes, in the smallest unit of its currency."""
    return tuple(
        Line(line.line_id, line.title, to_minor_units(line.amount, leg.currency), line.units) for line in leg.lines
    )


def other_ids(order: Order | None) -> list[str]:
    """Further numbers by which the system of an order, or another one, knows the purchase."""
    if order is None or order.remote is None:
        return []
    return sorted({order.remote.key, *order.remote.references} - {"", order.order_id})


def insert_attempt(db: sqlite3.Connection, operation_id: int, server_id: str | None, now: str) -> int:
    """Insert a started attempt with the operation's present key. Returns the row's id."""
    cursor = db.execute(
        """INSERT INTO attempts (operation_id, cancel_key, key_index, server_id, started_at)
           SELECT id, cancel_key, key_index, ?, ? FROM operations WHERE id = ?""",
        (server_id, now, operation_id),
    )
    return cursor.lastrowid or 0


def insert_event(
    db: sqlite3.Connection, operation_id: int, from_state: State, resolution: Resolution, now: str, *, note: str
) -> None:
    """Insert an operation's change of state."""
    db.execute(
        """INSERT INTO events (operation_id, at, from_state, to_state, evidence, review_reason, note)
           VALUES (:operation_id, :now, :from_state, :state, :evidence, :review_reason, :note)""",
        {**vars(resolution), "operation_id": operation_id, "now": now, "from_state": from_state, "note": note},
    )


def insert_order_links(db: sqlite3.Connection, order_id: str, others: Iterable[str]) -> None:
    """Insert other numbers of an order's purchase, in both directions; known ones stay as they are."""
    for other in others:
        one, two = (order_id, normalized_order_id(order_id)), (other, normalized_order_id(other))
        for (_id, key), (other_id, other_key) in ((one, two), (two, one)):
            if key != other_key:
                db.execute("INSERT OR IGNORE INTO order_links VALUES (?, ?, ?)", (key, other_key, other_id))


def upsert_seen_order(db: sqlite3.Connection, order: Order, customer_id: int | None, now: str, scope: Scope) -> None:
    """Insert or update an order that was looked up; keep its first total, and never lower its largest one."""
    order_key = normalized_order_id(order.order_id)
    placed_at = to_timestamp(order.placed_at) if order.placed_at else None
    db.execute(
        """INSERT INTO seen_orders (order_key, order_id, first_total, largest_total, last_total, snapshot,
           customer_id, first_seen_at, last_seen_at, system, connection, placed_at)
           VALUES (?1, ?2, ?3, ?3, ?3, ?4, ?5, ?6, ?6, ?7, ?8, ?9)
           ON CONFLICT (order_key, connection, system) DO UPDATE SET
           largest_total = max(largest_total, excluded.largest_total),
           last_total = excluded.last_total, snapshot = excluded.snapshot,
           customer_id = excluded.customer_id,
           last_seen_at = excluded.last_seen_at, placed_at = excluded.placed_at""",
        (order_key, order.order_id, order.total, pack_order(order), customer_id, now, *scope, placed_at),
    )
