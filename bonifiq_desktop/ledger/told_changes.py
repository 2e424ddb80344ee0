"""Bodies of the other tills' changes, read strictly: what they say about an operation or a customer."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bonifiq_desktop.domain.money import MAX_WIRE_CENTS
from bonifiq_desktop.domain.operations import State
from bonifiq_desktop.domain.orders import normalized_order_id
from bonifiq_desktop.ledger.change_bodies import open_private, whole_row, with_sales_person
from bonifiq_desktop.ledger.errors import MirrorBroken
from bonifiq_desktop.ledger.records import NO_END, Erasure
from bonifiq_desktop.ledger.row_mapping import to_timestamp
from bonifiq_desktop.security.customer_keys import CustomerKeys, SealBroken

_PRIVATE = ("registered_by", "reason", "message")
_MOMENTS = ("created_at", "settled_at")
_YEARS = range(1970, 9999)
_JSON = ("lines", "snapshot", "bonus")
_CLOCK_TOLERANCE = timedelta(minutes=20)
"""Two tills whose clocks both pass `ClockCheck` differ by no more.

Within it an erasure erases: a till whose clock is ahead would otherwise keep what it saw before the customer asked. The
price: a customer who comes back within these minutes may be erased once more.
"""
_MAX_LEG = 999  # the mirror numbers the legs of a return within a thousand


@dataclass(frozen=True)
class ToldOperation:
    """An operation as one change tells it. `columns`: of `shop_operations`, without those that the mirror sets itself.

    `is_whole`: the first change of the operation in its incarnation, with every column.
    """

    uid: str
    state: State
    columns: Mapping[str, object]
    is_whole: bool


@dataclass(frozen=True)
class CustomerSeen:
    """A customer that a till stored. `number`: its id there. `incarnation_id`: what its sealed record is bound to."""

    number: int
    incarnation_id: str
    seen_at: str


@dataclass(frozen=True)
class CustomerErased:
    """A till deleted one of its customers."""

    number: int


Content = ToldOperation | CustomerSeen | CustomerErased | Erasure


def read_body(body: str, keys: CustomerKeys) -> Content | None:
    """What a change says; None for a kind that this program does not know. Raises MirrorBroken."""
    try:
        return _read(json.loads(body), keys)
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
        raise MirrorBroken(f"a change's body: {type(error).__name__}") from None  # without the value


def _read(told: dict[str, object], keys: CustomerKeys) -> Content | None:
    match told["kind"]:
        case "operation" | "state" as kind:
            uid = _text(told["uid"])
            columns = _columns(whole_row(told), _private(told, uid, keys))
            return ToldOperation(uid, State(_text(told["state"])), columns, is_whole=kind == "operation")
        case "customer":
            return CustomerSeen(_number(told["id"]), _text(told["incarnation"]), _moment(told["seen_at"]))
        case "customer_erased":
            return CustomerErased(_number(told["id"]))
        case "erasure":
            return Erasure(_text(told["identity"]), _until(told.get("decided_at")))
    return None


def _private(told: dict[str, object], uid: str, keys: CustomerKeys) -> dict[str, str]:
    """The sealed texts; none where a change has none, or where the shop's key does not open them."""
    if "private" not in told:
        return {}
    try:
        return {name: _text(text) for name, text in open_private(keys, uid, _text(told["private"])).items()}
    except SealBroken:
        return {}


def _columns(row: dict[str, object], private: dict[str, str]) -> dict[str, object]:
    columns = {name: _value(value) for name, value in row.items()}
    for name in _JSON:
        if columns.get(name) is not None:
            _encode(json.dumps(json.loads(_text(columns[name])), ensure_ascii=False))
    columns.update({name: private[name] for name in _PRIVATE if name in private})
    if "order_id" in columns:  # not as told: the normal form may depend on the Python that made it
        columns["order_key"] = normalized_order_id(_text(columns["order_id"]))
    columns.update({name: _moment(columns[name]) for name in _MOMENTS if columns.get(name) is not None})
    if columns.get("snapshot") and "sales_person" in private:
        columns["snapshot"] = with_sales_person(_text(columns["snapshot"]), private["sales_person"])
    if not 0 <= _number(columns.get("leg", 0)) <= _MAX_LEG:
        raise ValueError
    if not 0 <= _number(columns.get("value", 0)) <= MAX_WIRE_CENTS:  # sums of larger ones fail
        raise ValueError
    return columns


def _value(value: object) -> object:
    if value is None:
        return None
    return _text(value) if isinstance(value, str) else _number(value)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    _encode(value)
    return value


def _encode(text: str) -> None:
    """Raise ValueError for half of a surrogate pair, which no file, form or printer takes."""
    text.encode()


def _number(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError
    return value


def _moment(value: object) -> str:
    """A time as the ledger stores its own. One without an offset, or at an end of the calendar, breaks its readers."""
    moment = datetime.fromisoformat(_text(value))
    if moment.utcoffset() is None or moment.year not in _YEARS:
        raise ValueError
    return to_timestamp(moment)


def _until(decided_at: object) -> datetime:
    """Up to when an erasure erases what was seen of its customer; a program that names no time means everything."""
    return NO_END if decided_at is None else datetime.fromisoformat(_moment(decided_at)) + _CLOCK_TOLERANCE
