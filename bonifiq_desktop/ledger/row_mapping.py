"""Mapping of orders, operations, attempts, events and verdicts to rows and back."""

import json
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from hashlib import sha256
from typing import Any, TypeVar

from bonifiq_desktop.domain.money import Cents
from bonifiq_desktop.domain.operations import Evidence, Kind, Line, Operation, ReviewReason, State
from bonifiq_desktop.domain.orders import Customer, Order, OrderState, Product
from bonifiq_desktop.domain.redaction import redact_personal_data
from bonifiq_desktop.domain.requests import SerializedRequest
from bonifiq_desktop.domain.verdicts import Bonus, CancelStatus, Done, FailureReason, NotSent, Refused, Unknown, Verdict
from bonifiq_desktop.ledger.errors import RowDamaged
from bonifiq_desktop.ledger.records import Restoration

S = TypeVar("S")
T = TypeVar("T")

OPERATION_COLUMNS = """o.id, o.kind, o.order_id, o.cancel_key, o.value, o.state, o.evidence, o.review_reason, o.reason,
    o.message, o.failure_reason, o.bonus, o.lines, o.snapshot, o.customer,
    (SELECT count(*) FROM attempts a WHERE a.operation_id = o.id) AS attempts,
    o.created_at, o.settled_at, o.look_up_first, o.contradicted, o.api_status, o.account, o.key_index, o.reference,
    o.system, o.connection,
    (SELECT e.registered_by FROM events e WHERE e.operation_id = o.id ORDER BY e.id LIMIT 1) AS registered_by"""


@dataclass(frozen=True)
class Attempt:
    """One attempt to send. `outcome`: `done`, `refused`, `not_sent`, `unknown`, or None while it is under way."""

    cancel_key: str | None
    started_at: datetime
    ended_at: datetime | None
    possibly_sent: bool
    outcome: str | None
    failure_reason: FailureReason | None
    code: str
    message: str


@dataclass(frozen=True)
class Event:
    """One change of an operation's state, and the evidence for it."""

    at: datetime
    from_state: State | None
    to_state: State
    evidence: Evidence | None
    review_reason: ReviewReason | None
    note: str
    registered_by: str = ""
    approved_by: str = ""


def body_hash(body: bytes) -> str:
    """The hash that identifies a body, also after it was erased."""
    return sha256(body).hexdigest()


_CHECKSUM_COLUMNS = (
    "system",
    "connection",
    "kind",
    "order_id",
    "order_key",
    "account",
    "value",
    "cancel_key",
    "key_index",
    "reference",
    "method",
    "path",
    "body_sha256",
    "once_per_order",
    "body_is_personal",
)
REQUEST_COLUMNS = f"{', '.join(_CHECKSUM_COLUMNS)}, body, checksum"
"""The columns that `has_valid_checksum` and `request_from` read."""


def checksum(written: Mapping[str, str | int | None]) -> str:
    """The checksum over _CHECKSUM_COLUMNS, which shows when one of them changed on disk after it was written."""
    return _checksum_of(written[name] for name in _CHECKSUM_COLUMNS)


def has_valid_checksum(row: sqlite3.Row) -> bool:
    """Whether a row of `operations` is as it was written. Its body may be erased."""
    body = row["body"]
    intact: bool = body is None or (isinstance(body, bytes) and body_hash(body) == row["body_sha256"])
    return intact and _checksum_of(row[name] for name in _CHECKSUM_COLUMNS) == str(row["checksum"])


def _checksum_of(parts: Iterable[str | int | None]) -> str:
    return sha256("\0".join("" if part is None else str(part) for part in parts).encode()).hexdigest()


def pack_order(order: Order) -> tuple[str, str | None]:
    """An order as JSON without its customer, and its customer, who is erased earlier; both as `for_ledger` allows."""
    kept = order.for_ledger()
    # Not asdict(), which copies every value: a person waits for this registration.
    order_only = {**vars(kept), "customer": None, "products": list(map(vars, kept.products)), "metadata": []}
    customer = None if kept.customer is None else json.dumps(vars(kept.customer), ensure_ascii=False)
    return json.dumps(order_only, default=datetime.isoformat, ensure_ascii=False), customer


def unpack_order(text: str, customer: str | None) -> Order:
    """The order that `pack_order` packed."""
    data = json.loads(text)
    return Order(
        **{
            **data,
            "state": None if data["state"] is None else OrderState(data["state"]),
            "placed_at": _optional_time(data["placed_at"]),
            "customer": None if customer is None else Customer(**json.loads(customer)),
            "products": tuple(Product(**product) for product in data["products"]),
            "metadata": (),
        }
    )


def pack_lines(lines: tuple[Line, ...]) -> str:
    """Returned items as JSON."""
    kept = [{**vars(line), "title": redact_personal_data(line.title)} for line in lines]
    return json.dumps(kept, ensure_ascii=False)


def pack_bonus(bonus: Bonus | None) -> str | None:
    """An estimated bonus as JSON."""
    return None if bonus is None else json.dumps(vars(bonus))


def _raises_row_damaged(read: Callable[[S], T]) -> Callable[[S], T]:
    """Raise errors about the content of a row, which a changed byte causes, as RowDamaged."""

    @wraps(read)
    def reads(stored: S) -> T:
        try:
            return read(stored)
        except (ValueError, TypeError, LookupError) as error:
            # Without the value, which may be a name.
            raise RowDamaged(f"{read.__name__}: {type(error).__name__}") from None

    return reads


def _text(value: Any) -> str:
    if not isinstance(value, str):  # a changed byte may change the type of a value, too
        raise TypeError
    return value


def _cents(value: Any) -> Cents:
    if not isinstance(value, int) or value < 0:
        raise TypeError
    return value


@_raises_row_damaged
def operation_from(row: sqlite3.Row) -> Operation:
    """An operation from a row of OPERATION_COLUMNS."""
    return Operation(
        operation_id=row["id"],
        kind=Kind(row["kind"]),
        order_id=_text(row["order_id"]),
        cancel_key=None if row["cancel_key"] is None else _text(row["cancel_key"]),
        value=_cents(row["value"]),
        state=State(row["state"]),
        evidence=Evidence(row["evidence"]) if row["evidence"] else None,
        review_reason=ReviewReason(row["review_reason"]) if row["review_reason"] else None,
        reason=_text(row["reason"]),
        message=_text(row["message"]),
        failure_reason=FailureReason(row["failure_reason"]) if row["failure_reason"] else None,
        bonus=Bonus(**json.loads(row["bonus"])) if row["bonus"] else None,
        lines=tuple(Line(**line) for line in json.loads(row["lines"])),
        order=unpack_order(row["snapshot"], row["customer"]) if row["snapshot"] else None,
        attempts=row["attempts"],
        created_at=datetime.fromisoformat(row["created_at"]),
        settled_at=_optional_time(row["settled_at"]),
        look_up_first=bool(row["look_up_first"]),
        contradicted=bool(row["contradicted"]),
        api_status=None if row["api_status"] is None else CancelStatus(row["api_status"]),
        registered_by=row["registered_by"] or "",
        account=_text(row["account"]),
        key_index=None if row["key_index"] is None else _cents(row["key_index"]),
        reference=None if row["reference"] is None else _text(row["reference"]),
        system=_text(row["system"]),
        connection=_text(row["connection"]),
    )


@_raises_row_damaged
def attempt_from(row: sqlite3.Row) -> Attempt:
    """An attempt from a row of `attempts`."""
    return Attempt(
        cancel_key=row["cancel_key"],
        started_at=datetime.fromisoformat(row["started_at"]),
        ended_at=_optional_time(row["ended_at"]),
        possibly_sent=bool(row["possibly_sent"]),
        outcome=row["outcome"],
        failure_reason=FailureReason(row["failure_reason"]) if row["failure_reason"] else None,
        code=_text(row["code"]),
        message=_text(row["message"]),
    )


@_raises_row_damaged
def event_from(row: sqlite3.Row) -> Event:
    """An event from a row of `events`."""
    return Event(
        at=datetime.fromisoformat(row["at"]),
        from_state=State(row["from_state"]) if row["from_state"] else None,
        to_state=State(row["to_state"]),
        evidence=Evidence(row["evidence"]) if row["evidence"] else None,
        review_reason=ReviewReason(row["review_reason"]) if row["review_reason"] else None,
        note=_text(row["note"]),
        registered_by=_text(row["registered_by"]),
        approved_by=_text(row["approved_by"]),
    )


@_raises_row_damaged
def restoration_from(text: str) -> Restoration:
    """The restoration that a ledger's metadata records."""
    data = json.loads(text)
    return Restoration(_optional_time(data["from"]), datetime.fromisoformat(data["to"]), str(data["by"]))


@_raises_row_damaged
def seen_order_from(row: sqlite3.Row) -> tuple[Order, datetime]:
    """A seen order and when it was seen."""
    return unpack_order(row["snapshot"], row["customer"]), datetime.fromisoformat(row["at"])


def request_from(row: sqlite3.Row) -> SerializedRequest:
    """A request as it is on disk, unchecked (see `has_valid_checksum`)."""
    body = row["body"]
    return SerializedRequest(
        str(row["path"]), body if isinstance(body, bytes) else b"", row["cancel_key"], str(row["method"])
    )


@_raises_row_damaged
def largest_total_from(row: sqlite3.Row) -> Cents:
    """The largest total of an order, from a row of `seen_orders`."""
    return _cents(row["largest_total"])


@_raises_row_damaged
def order_id_from(row: sqlite3.Row) -> str:
    """An order's number."""
    return _text(row["order_id"])


@_raises_row_damaged
def state_from(row: sqlite3.Row) -> State:
    """An operation's state."""
    return State(row["state"])


@_raises_row_damaged
def metadata_value_from(row: sqlite3.Row) -> str:
    """The value in a row of `metadata`."""
    return _text(row["value"])


def _optional_time(value: Any) -> datetime | None:
    return datetime.fromisoformat(value) if value else None


@dataclass(frozen=True)
class VerdictColumns:
    """A verdict as the ledger stores it; code and message hold nothing personal."""

    outcome: str
    failure_reason: FailureReason | None = None
    code: str = ""
    message: str = ""
    bonus: Bonus | None = None
    api_status: CancelStatus | None = None
    key_used: bool = False


def verdict_columns(verdict: Verdict) -> VerdictColumns:
    """Split a verdict into columns."""
    match verdict:
        case Done(bonus=bonus, warning=warning, status=status):
            return VerdictColumns("done", message=redact_personal_data(warning), bonus=bonus, api_status=status)
        case Refused(code=code, message=message, used_key=used):
            # An old server may answer with an error number alone.
            told = redact_personal_data(message or code)
            return VerdictColumns("refused", code=redact_personal_data(code), message=told, key_used=used)
        case NotSent(reason=reason):
            return VerdictColumns("not_sent", reason)
        case Unknown(reason=reason, code=code, message=message):
            return VerdictColumns("unknown", reason, redact_personal_data(code), redact_personal_data(message or code))
