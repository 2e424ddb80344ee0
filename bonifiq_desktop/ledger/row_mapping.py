"""Mapping of orders, operations, attempts, events and verdicts to rows and back."""

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any, TypeVar

from bonifiq_desktop.domain.day_close import ClosedDay
from bonifiq_desktop.domain.estimates import Earned
from bonifiq_desktop.domain.money import Cents
from bonifiq_desktop.domain.operations import Evidence, Line, Operation, ReviewReason, State
from bonifiq_desktop.domain.orders import Customer, Order
from bonifiq_desktop.domain.redaction import redact_personal_data
from bonifiq_desktop.domain.requests import SerializedRequest
from bonifiq_desktop.domain.verdicts import Bonus, CancelStatus, Done, FailureReason, NotSent, Refused, Unknown, Verdict
from bonifiq_desktop.ledger.errors import RowDamaged
from bonifiq_desktop.ledger.records import Restoration

if TYPE_CHECKING:
    from pydantic import TypeAdapter

T = TypeVar("T")

SEALED = "(SELECT sealed FROM customers c WHERE c.id = customer_id) AS sealed"
"""Column of a query on `seen_orders` or `operations`: the sealed record of the order's customer."""

_OWN_COLUMNS = """o.id AS operation_id, o.kind, o.order_id, o.cancel_key, o.value, o.state, o.evidence,
    o.review_reason, o.reason, o.message, o.failure_reason, o.bonus, o.customer_id, o.created_at, o.settled_at,
    o.look_up_first, o.contradicted, o.api_status, o.account, o.key_index, o.reference, o.system, o.connection,
    o.return_id, o.leg, o.after_money, o.remote_line, o.currency, o.is_estimate, o.baseline, o.evidence_id,
    o.remote_state, o.checkout_id, o.external_code, o.external_product_id, o.registered_by, o.uid,
    (SELECT count(*) FROM attempts a WHERE a.operation_id = o.id) AS attempts"""
OPERATION_COLUMNS = f"{_OWN_COLUMNS}, o.lines, o.snapshot, {SEALED}"
BARE_OPERATION_COLUMNS = f"{_OWN_COLUMNS}, '[]' AS lines, NULL AS snapshot, NULL AS sealed"
"""The same without items, order and customer, which take most of the time to read."""

_OF_CUSTOMER = "FROM shop_customers c WHERE c.till_id = o.till_id AND c.customer_id = o.customer_id"
SHOP_SEALED = f"(SELECT -c.id {_OF_CUSTOMER}) AS customer_id, (SELECT c.sealed {_OF_CUSTOMER}) AS sealed"
"""Columns of a query on `shop_operations o`: the handle of the order's customer, and the sealed record."""
_SHOP_COLUMNS = """-o.id AS operation_id, o.kind, o.order_id, o.cancel_key, o.value, o.state, o.evidence,
    o.review_reason, o.reason, o.message, o.failure_reason, o.bonus, o.created_at, o.settled_at,
    o.look_up_first, o.contradicted, o.api_status, o.account, o.key_index, o.reference, o.system, o.connection,
    o.return_id, o.leg, o.after_money, o.remote_line, o.currency, o.is_estimate, o.baseline, o.evidence_id,
    o.remote_state, o.checkout_id, o.external_code, o.external_product_id, o.registered_by, o.uid, o.attempts,
    (SELECT t.till FROM shop_tills t WHERE t.id = o.till_id) AS till"""
SHOP_OPERATION_COLUMNS = f"{_SHOP_COLUMNS}, o.lines, o.snapshot, {SHOP_SEALED}"
"""Columns of an operation of another till, from `shop_operations o`."""
BARE_SHOP_OPERATION_COLUMNS = f"{_SHOP_COLUMNS}, '[]' AS lines, NULL AS snapshot, NULL AS customer_id, NULL AS sealed"


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


def to_timestamp(moment: datetime) -> str:
    """A time as the ledger stores it."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")


def body_hash(body: bytes) -> str:
    """The hash that identifies a body, also after it was erased."""
    return sha256(body).hexdigest()


def baseline_hash(baseline: str) -> str:
    """The hash by which a changed baseline shows; empty without one."""
    return sha256(baseline.encode()).hexdigest() if baseline else ""


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
    "return_id",
    "leg",
    "after_money",
    "remote_line",
    "currency",
    "is_estimate",
    "changes_order",
    "checkout_id",
    "ends_checkout",
)
_ANSWER_COLUMNS = ("evidence_id", "external_code", "external_product_id")
REQUEST_COLUMNS = f"""{", ".join((*_CHECKSUM_COLUMNS, *_ANSWER_COLUMNS))}, body, checksum, baseline, baseline_sha256,
    answer_sha256"""
"""The columns that `has_valid_checksum` and `request_from` read."""


def checksum(written: Mapping[str, str | int | None]) -> str:
    """The checksum over _CHECKSUM_COLUMNS, which shows when one of them changed on disk after it was written."""
    return _checksum_of(written[name] for name in _CHECKSUM_COLUMNS)


def has_valid_checksum(row: sqlite3.Row) -> bool:
    """Whether a row of `operations` is as it was written. Its body may be erased."""
    body = row["body"]
    intact: bool = body is None or (isinstance(body, bytes) and body_hash(body) == row["body_sha256"])
    intact = intact and baseline_hash(str(row["baseline"])) == row["baseline_sha256"]
    intact = intact and answer_hash(row) == row["answer_sha256"]
    return intact and _checksum_of(row[name] for name in _CHECKSUM_COLUMNS) == str(row["checksum"])


def answer_hash(row: sqlite3.Row) -> str:
    """The hash by which a changed id or code of the system shows; empty without one."""
    parts = [row[name] for name in _ANSWER_COLUMNS]
    return _checksum_of(parts) if any(parts) else ""


def _checksum_of(parts: Iterable[str | int | None]) -> str:
    return sha256("\0".join("" if part is None else str(part) for part in parts).encode()).hexdigest()


def pack_order(order: Order) -> str:
    """An order as JSON, as `for_ledger` allows, without its customer, who has a sealed record."""
    kept = order.for_ledger()
    # Not asdict(), which copies every value: a person waits for this registration.
    order_only = {**vars(kept), "customer": None, "products": list(map(vars, kept.products)), "metadata": []}
    return json.dumps(order_only, default=_packed, ensure_ascii=False)


def _packed(value: Any) -> Any:
    """A value of an order that JSON lacks. Amounts become texts, which stay exact."""
    match value:
        case datetime():
            return value.isoformat()
        case Decimal():
            return str(value)
    return vars(value)


def unpack_order(text: str, customer: Customer | None) -> Order:
    """The order that `pack_order` packed, with its customer."""
    return _read(Order, _order_fields(text, customer))


def _order_fields(text: str, customer: Customer | None) -> dict[str, Any]:
    return {**json.loads(text), "customer": vars(customer) if customer else None}


ShowCustomer = Callable[[sqlite3.Row], Customer | None]
"""Opens the sealed customer of a row with `customer_id` and `sealed`."""


def no_customer(_row: sqlite3.Row) -> None:
    """A ShowCustomer for a reader without keys."""


def pack_lines(lines: tuple[Line, ...]) -> str:
    """Returned items as JSON."""
    kept = [{**vars(line), "title": redact_personal_data(line.title)} for line in lines]
    return json.dumps(kept, ensure_ascii=False)


def pack_bonus(bonus: Bonus | None) -> str | None:
    """An estimated bonus as JSON."""
    return None if bonus is None else json.dumps(vars(bonus))


@contextmanager
def rows_may_be_damaged() -> Iterator[None]:
    """Raise errors about the content of a row, which a changed byte causes, as RowDamaged."""
    try:
        yield
    except (ValueError, TypeError, LookupError) as error:
        raise RowDamaged(type(error).__name__) from None  # without the value, which may be a name


@cache
def _adapter(record: Any) -> "TypeAdapter[Any]":
    from pydantic import TypeAdapter

    return TypeAdapter(record)


def _read(record: Callable[..., T], stored: Mapping[str, Any]) -> T:
    validated: T = _adapter(record).validate_python(stored)
    return validated


@rows_may_be_damaged()
def stored_text(value: Any) -> str:
    """A text as it was stored."""
    if not isinstance(value, str):  # a changed byte may change the type of a value, too
        raise TypeError
    return value


@rows_may_be_damaged()
def stored_cents(value: Any) -> Cents:
    """An amount as it was stored."""
    if not isinstance(value, int) or value < 0:
        raise TypeError
    return value


@rows_may_be_damaged()
def operation_from(row: sqlite3.Row, show: ShowCustomer = no_customer) -> Operation:
    """An operation from a row of OPERATION_COLUMNS."""
    stored = dict(row) | {
        "value": stored_cents(row["value"]),
        "key_index": None if row["key_index"] is None else stored_cents(row["key_index"]),
        "bonus": json.loads(row["bonus"] or "null"),
        "lines": json.loads(row["lines"]),
        "order": _order_fields(row["snapshot"], show(row)) if row["snapshot"] else None,
    }
    return _read(Operation, stored)


@rows_may_be_damaged()
def earned_from(row: sqlite3.Row | Mapping[str, Any]) -> Earned:
    """What a sale earned, from a row with its value and bonus."""
    return Earned(_read(Bonus, json.loads(row["bonus"])), stored_cents(row["value"]))


@rows_may_be_damaged()
def attempt_from(row: sqlite3.Row) -> Attempt:
    """An attempt from a row of `attempts`."""
    return _read(Attempt, dict(row))


@rows_may_be_damaged()
def event_from(row: sqlite3.Row) -> Event:
    """An event from a row of `events`."""
    return _read(Event, dict(row))


@rows_may_be_damaged()
def restoration_from(text: str) -> Restoration:
    """The restoration that a ledger's metadata records."""
    data = json.loads(text)
    copy_made_at = datetime.fromisoformat(data["from"]) if data["from"] else None
    return Restoration(copy_made_at, datetime.fromisoformat(data["to"]), str(data["by"]))


@rows_may_be_damaged()
def closed_day_from(record: str, code: str) -> ClosedDay:
    """A closed day from its record in `closed_days`."""
    return _read(ClosedDay, {**json.loads(record), "code": code})


@rows_may_be_damaged()
def seen_order_from(row: sqlite3.Row, show: ShowCustomer = no_customer) -> tuple[Order, datetime]:
    """A seen order and when it was seen."""
    return unpack_order(row["snapshot"], show(row)), datetime.fromisoformat(row["at"])


def request_from(row: sqlite3.Row) -> SerializedRequest:
    """A request as it is on disk, unchecked (see `has_valid_checksum`)."""
    body = row["body"]
    return SerializedRequest(
        str(row["path"]), body if isinstance(body, bytes) else b"", row["cancel_key"], str(row["method"])
    )


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
