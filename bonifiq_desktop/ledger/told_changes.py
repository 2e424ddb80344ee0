"""Bodies of the other tills' changes, read strictly: what they say about an operation or a customer."""

import json
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass

from bonifiq_desktop.domain.operations import State
from bonifiq_desktop.domain.orders import normalized_order_id
from bonifiq_desktop.ledger.errors import MirrorBroken
from bonifiq_desktop.ledger.records import Erasure

# Never `id`, `uid`, `till_id` or `seq`, which belong to the mirror.
_COLUMNS = frozenset({
    "system", "connection", "kind", "order_id", "account", "cancel_key", "key_index", "used_indexes", "reference",
    "value", "evidence", "review_reason", "failure_reason", "bonus", "api_status", "lines", "snapshot", "customer_id",
    "look_up_first", "contradicted", "attempts", "return_id", "leg", "after_money", "remote_line", "currency",
    "is_estimate", "baseline", "evidence_id", "remote_state", "other_ids", "changes_order", "checkout_id",
    "ends_checkout", "external_code", "external_product_id", "created_at", "settled_at",
})  # fmt: skip
PRIVATE = ("registered_by", "reason", "message")
"""Columns that a change holds under the shop's key only."""
_MAX_LEG = 999  # the mirror numbers the legs of a return within a thousand


@dataclass(frozen=True)
class ToldOperation:
    """An operation as one change tells it. `columns`: of `shop_operations`, without the private ones.

    `is_whole`: the first change of the operation in its incarnation, with every column.
    """

    uid: str
    state: State
    columns: Mapping[str, object]
    private: bytes | None
    is_whole: bool


@dataclass(frozen=True)
class ToldCustomer:
    """A customer as one change tells it. `number`: its id at the till that tells it.

    `associated`: the text that its sealed record is bound to.
    """

    number: int
    associated: str
    identity: str | None
    phone_hash: str | None
    seen_at: str


@dataclass(frozen=True)
class CustomerErased:
    """A till deleted one of its customers."""

    number: int


Told = ToldOperation | ToldCustomer | CustomerErased | Erasure


def read_body(body: str) -> Told | None:
    """What a change says; None for a kind that this program does not know. Raises MirrorBroken."""
    try:
        return _read(json.loads(body))
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise MirrorBroken(f"a change's body: {type(error).__name__}") from None  # without the value


def _read(told: dict[str, object]) -> Told | None:
    match told["kind"]:
        case "operation" | "state" as kind:
            private = told.get("private")
            return ToldOperation(
                _text(told["uid"]),
                State(_text(told["state"])),
                _columns(told["row"]),
                None if private is None else b64decode(_text(private), validate=True),
                is_whole=kind == "operation",
            )
        case "customer":
            number = _number(told["id"])
            return ToldCustomer(
                number,
                f"{_text(told['incarnation'])}/{number}",
                _optional(told["identity"]),
                _optional(told["phone_hash"]),
                _text(told["seen_at"]),
            )
        case "customer_erased":
            return CustomerErased(_number(told["id"]))
        case "erasure":
            return Erasure(_optional(told["identity"]), _optional(told["phone_hash"]))
    return None


def _columns(row: object) -> dict[str, object]:
    if not isinstance(row, dict):
        raise TypeError
    columns = {name: _value(value) for name, value in row.items() if name in _COLUMNS}
    if "order_id" in columns:  # not as told: the normal form may depend on the Python that made it
        columns["order_key"] = normalized_order_id(_text(columns["order_id"]))
    if not 0 <= _number(columns.get("leg", 0)) <= _MAX_LEG:
        raise ValueError
    return columns


def _value(value: object) -> object:
    if isinstance(value, list):
        return json.dumps(value)
    if value is None or isinstance(value, str | int):
        return value
    raise TypeError


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _number(value: object) -> int:
    if not isinstance(value, int):
        raise TypeError
    return value


def _optional(value: object) -> str | None:
    return None if value is None else _text(value)
