"""Read orders and their items from Omnitron's answers (API docs, section 2)."""

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from bonifiq_desktop.connectors.akinon.fields import amount_of, code_of, key_of, moment_of, object_of, text_of
from bonifiq_desktop.connectors.akinon.statuses import CANCELED, DELIVERED, Stage, is_paid, stage_of, status_name
from bonifiq_desktop.domain.money import MAX_WIRE_CENTS
from bonifiq_desktop.domain.orders import Customer, Order, Product
from bonifiq_desktop.domain.remote_orders import (
    Obstacle,
    RemoteLine,
    RemoteOrder,
    RemoteRecord,
    minor_digits,
    to_minor_units,
)
from bonifiq_desktop.domain.verdicts import FailureReason, LookupFailed

_MAX_ITEMS = 1000
_CURRENCY = re.compile(r"[A-Z]{3}")
_OBSTACLES = {
    Stage.GONE: Obstacle.FULLY_RETURNED,
    Stage.UNDER_WAY: Obstacle.UNDER_WAY,
    Stage.UNKNOWN: Obstacle.NOT_SHOWN,
}
TAKEN_BACK = frozenset({Obstacle.FULLY_RETURNED, Obstacle.UNDER_WAY})
"""Obstacles of an item that was cancelled or returned, or is about to be."""


def items_in(order: dict[str, Any]) -> list[Any]:
    """The items that an order's detail holds; empty where it has none."""
    for name in ("orderitem_set", "items", "order_items"):
        if isinstance(order.get(name), list):
            return list(order[name])
    return []


def read_order(answer: dict[str, Any], items: Sequence[Any], currency: str) -> Order:
    """The order with its items, one line for each unit.

    `currency`: where the answer names none. Raises LookupFailed where a deciding field is missing or invalid: the keys,
    the number, the amount, the status and price of an item.
    """
    key, number, amount = key_of(answer.get("pk")), code_of(answer.get("number")), amount_of(answer.get("amount"))
    rows = [object_of(item) for item in items]
    if key is None or not number or amount is None or len(rows) > _MAX_ITEMS:
        raise LookupFailed(FailureReason.UNREADABLE)
    code = _currency(answer.get("currency"), *(row.get("price_currency") for row in rows)) or currency
    total = to_minor_units(amount, code)
    if total > MAX_WIRE_CENTS:
        raise LookupFailed(FailureReason.UNREADABLE)
    shipping = amount_of(answer.get("shipping_amount")) or Decimal(0)
    is_net = _adds_up(rows, amount, shipping)
    lines = _with_shipping([_line(row, key, is_net=is_net) for row in rows], shipping, code)
    if len({line.line_id for line in lines}) != len(lines):
        raise LookupFailed(FailureReason.UNREADABLE)
    state = status_name(answer.get("status"))
    return Order(
        order_id=number,
        total=total,
        status_text=state,
        placed_at=moment_of(answer.get("date_placed")),
        cancelled=state == CANCELED or (bool(lines) and all(line.obstacle in TAKEN_BACK for line in lines)),
        completed=state == DELIVERED,
        customer=_customer(answer.get("customer")),
        products=tuple(Product(_first(line.codes), line.title, to_minor_units(line.price, code)) for line in lines),
        remote=RemoteOrder(
            currency=code,
            lines=tuple(lines),
            key=str(key),
            state=state,
            can_cancel=bool(lines) and all(stage_of(line.state) is Stage.BEFORE_SHIPMENT for line in lines),
            paid=is_paid(state),
            changed_at=text_of(answer.get("modified_date")),
            obstacle=_obstacle_of(lines),
        ),
    )


def split_amount(amount: Decimal, parts: int, currency: str) -> list[Decimal]:
    """An amount in parts that differ by one smallest unit at most and add up to it."""
    if not parts:
        return []
    unit = Decimal(1).scaleb(-minor_digits(currency))
    whole, rest = divmod(to_minor_units(amount, currency), parts)
    shares = [unit * (whole + (position < rest)) for position in range(parts)]
    shares[0] += amount - sum(shares)  # a fraction of the smallest unit
    return shares


def _line(row: dict[str, Any], order_key: int, *, is_net: bool) -> RemoteLine:
    key, price, state = key_of(row.get("pk")), amount_of(row.get("price")), status_name(row.get("status"))
    if key is None or price is None or not state or key_of(row.get("order")) not in {None, order_key}:
        raise LookupFailed(FailureReason.UNREADABLE)
    discount = Decimal(0) if is_net else amount_of(row.get("discount_amount")) or Decimal(0)
    paid = max(Decimal(0), price - discount)
    cancel_status = text_of(row.get("cancel_status"))
    stage = stage_of(state)
    if cancel_status and stage is not Stage.GONE:
        stage = Stage.UNDER_WAY
    is_left = stage not in {Stage.GONE, Stage.UNDER_WAY}
    product = object_of(row.get("product"))
    codes = [code_of(product.get(name)) for name in ("sku", "base_code", "barcode")]
    return RemoteLine(
        line_id=str(key),
        codes=tuple(dict.fromkeys(filter(None, codes))),
        title=text_of(product.get("name")) or _first(tuple(filter(None, codes))) or str(key),
        units=1,
        units_left=int(is_left),
        price=paid,
        amount_left=paid if is_left else Decimal(0),
        amount_left_at_most=price if is_left else Decimal(0),
        records=() if is_left else (_record(row, state, cancel_status, paid),),
        state=state,
        paid=is_paid(state),
        obstacle=_OBSTACLES.get(stage),
    )


def _record(row: dict[str, Any], state: str, cancel_status: str, amount: Decimal) -> RemoteRecord:
    """What the item shows of being taken back. The field with the plan's key is assumed."""
    kind = "refund" if stage_of(state) is Stage.AFTER_SHIPMENT else "cancelation"
    plan = key_of(row.get("cancellation_plan"))
    return RemoteRecord(
        str(plan or ""), kind, amount, shipping=Decimal(0), units=1, state=cancel_status.lower() or state
    )


def _with_shipping(lines: list[RemoteLine], shipping: Decimal, currency: str) -> list[RemoteLine]:
    """Lines with the order's shipping spread over those that are left: the system knows it for the whole order only."""
    left = [line for line in lines if line.units_left]
    shares = dict(zip((line.line_id for line in left), split_amount(shipping, len(left), currency), strict=True))
    return [replace(line, shipping_left=shares.get(line.line_id, Decimal(0))) for line in lines]


def _adds_up(rows: list[dict[str, Any]], amount: Decimal, shipping: Decimal) -> bool:
    """Whether the prices alone add up to the order's amount, so that they are net of discounts already."""
    prices = sum((amount_of(row.get("price")) or Decimal(0) for row in rows), Decimal(0))
    return prices in {amount, amount - shipping}


def _obstacle_of(lines: list[RemoteLine]) -> Obstacle | None:
    obstacles = {line.obstacle for line in lines}
    if lines and obstacles <= TAKEN_BACK:
        return Obstacle.UNDER_WAY if Obstacle.UNDER_WAY in obstacles else Obstacle.FULLY_RETURNED
    return None


def _customer(value: Any) -> Customer | None:
    fields = object_of(value)
    name = " ".join(filter(None, (text_of(fields.get(part)) for part in ("first_name", "last_name"))))
    return Customer(name=name, email=text_of(fields.get("email"))) if name else None


def _currency(*values: Any) -> str:
    codes = (text_of(value).upper() for value in values)
    return next(filter(_CURRENCY.fullmatch, codes), "")


def _first(texts: Sequence[str]) -> str:
    return texts[0] if texts else ""
