"""Insert the rows of a new operation and of an order that was looked up.

Every function runs inside the caller's transaction. `now`: an ISO time in UTC, as the ledger stores it.
"""

import sqlite3

from bonifiq_desktop.domain.operations import Kind
from bonifiq_desktop.domain.orders import Order, normalized_order_id
from bonifiq_desktop.domain.requests import Intent, SerializedRequest
from bonifiq_desktop.ledger.errors import LedgerFailed
from bonifiq_desktop.ledger.row_mapping import body_hash, checksum, pack_lines, pack_order


def insert_operation(db: sqlite3.Connection, intent: Intent, request: SerializedRequest, index: int, now: str) -> int:
    """Insert an intent as a `queued` operation; return the row's id. The caller adds search entry and first event.

    `index`: the index in the CancelKey of a refund. Raises sqlite3.IntegrityError where the schema refuses the row.
    """
    written: dict[str, str | int | None] = {
        "kind": intent.kind,
        "order_id": intent.order_id,
        "order_key": normalized_order_id(intent.order_id),
        "account": intent.account,
        "value": intent.value,
        "cancel_key": request.client_key,
        "key_index": index if intent.kind is Kind.REFUND else None,
        "reference": intent.reference,
        "path": request.path,
        "body_sha256": body_hash(request.body),
    }
    snapshot, customer = pack_order(intent.order) if intent.order else (None, None)
    cursor = db.execute(
        """INSERT INTO operations (kind, order_id, order_key, account, value, cancel_key, key_index, reference,
           path, body_sha256, seal, body, intent, state, reason, lines, snapshot, customer, document_hash,
           check_first, created_at)
           VALUES (:kind, :order_id, :order_key, :account, :value, :cancel_key, :key_index, :reference,
           :path, :body_sha256, :seal, :body, :intent, 'queued', :reason, :lines, :snapshot, :customer,
           :document_hash, :check_first, :created_at)""",
        {
            **written,
            "seal": checksum(written),
            "body": request.body,
            "intent": intent.intent_id,
            "reason": intent.reason,
            "lines": pack_lines(intent.lines),
            "snapshot": snapshot,
            "customer": customer,
            "document_hash": intent.document_hash,
            "check_first": intent.look_up_first,
            "created_at": now,
        },
    )
    operation_id = cursor.lastrowid
    if operation_id is None:  # pragma: no cover - SQLite always has one after INSERT
        raise LedgerFailed("no row id")
    return operation_id


def upsert_seen_order(db: sqlite3.Connection, order: Order, document_hash: str | None, now: str) -> None:
    """Insert or update an order that was looked up; keep its first total, and never lower its largest one."""
    snapshot, customer = pack_order(order)
    db.execute(
        """INSERT INTO orders_seen VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
           ON CONFLICT (order_key) DO UPDATE SET largest_total = max(largest_total, excluded.largest_total),
           last_total = excluded.last_total, snapshot = excluded.snapshot,
           customer = excluded.customer, document_hash = coalesce(excluded.document_hash, document_hash),
           last_seen_at = excluded.last_seen_at""",
        (
            normalized_order_id(order.order_id),
            order.order_id,
            *[order.total] * 3,
            snapshot,
            customer,
            document_hash,
            now,
            now,
        ),
    )
