"""Insert the rows of a new operation and of an order that was looked up.

Every function runs inside the caller's transaction. `now`: an ISO time in UTC, as the ledger stores it.
"""

import sqlite3

from bonifiq_desktop.domain.operations import State
from bonifiq_desktop.domain.orders import Order, normalized_order_id
from bonifiq_desktop.domain.requests import Intent, SerializedRequest
from bonifiq_desktop.domain.specs import spec_of
from bonifiq_desktop.ledger.errors import LedgerFailed
from bonifiq_desktop.ledger.row_mapping import body_hash, checksum, pack_lines, pack_order


def insert_operation(db: sqlite3.Connection, intent: Intent, request: SerializedRequest, index: int, now: str) -> int:
    """Insert an intent as a `queued` operation; return the row's id. The caller adds search entry and first event.

    `index`: the index in the CancelKey of a refund. Raises sqlite3.IntegrityError where the schema refuses the row.
    """
    spec = spec_of(intent.kind)
    written: dict[str, str | int | None] = {
        "system": intent.system,
        "connection": intent.connection,
        "kind": intent.kind,
        "order_id": intent.order_id,
        "order_key": normalized_order_id(intent.order_id),
        "account": intent.account,
        "value": intent.value,
        "cancel_key": request.client_key,
        "key_index": None if request.client_key is None else index,
        "reference": intent.reference,
        "method": request.method,
        "path": request.path,
        "body_sha256": body_hash(request.body),
        "once_per_order": int(spec.once_per_order),
        "body_is_personal": int(spec.carries_customer),
    }
    snapshot, customer = pack_order(intent.order) if intent.order else (None, None)
    columns = {
        **written,
        "checksum": checksum(written),
        "body": request.body,
        "intent_id": intent.intent_id,
        "state": State.QUEUED,
        "reason": intent.reason,
        "lines": pack_lines(intent.lines),
        "snapshot": snapshot,
        "customer": customer,
        "document_hash": intent.document_hash,
        "look_up_first": intent.look_up_first,
        "created_at": now,
    }
    names, places = ", ".join(columns), ", ".join(f":{name}" for name in columns)
    cursor = db.execute(f"INSERT INTO operations ({names}) VALUES ({places})", columns)
    operation_id = cursor.lastrowid
    if operation_id is None:  # pragma: no cover - SQLite always has one after INSERT
        raise LedgerFailed("no row id")
    return operation_id


def upsert_seen_order(  # noqa: PLR0917
    db: sqlite3.Connection, order: Order, document_hash: str | None, now: str, system: str, connection: str
) -> None:
    """Insert or update an order that was looked up; keep its first total, and never lower its largest one."""
    snapshot, customer = pack_order(order)
    db.execute(
        """INSERT INTO seen_orders (order_key, order_id, first_total, largest_total, last_total, snapshot, customer,
           document_hash, first_seen_at, last_seen_at, system, connection)
           VALUES (?1, ?2, ?3, ?3, ?3, ?4, ?5, ?6, ?7, ?7, ?8, ?9)
           ON CONFLICT (order_key, connection, system) DO UPDATE SET
           largest_total = max(largest_total, excluded.largest_total),
           last_total = excluded.last_total, snapshot = excluded.snapshot,
           customer = excluded.customer, document_hash = coalesce(excluded.document_hash, document_hash),
           last_seen_at = excluded.last_seen_at""",
        (
            normalized_order_id(order.order_id),
            order.order_id,
            order.total,
            snapshot,
            customer,
            document_hash,
            now,
            system,
            connection,
        ),
    )
