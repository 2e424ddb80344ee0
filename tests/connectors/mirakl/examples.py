"""Orders of a marketplace as OR11 answers them, and the settings of a connection."""

import json
from datetime import UTC, datetime
from typing import Any

from bonifiq_desktop.connectors.exact_json import load
from bonifiq_desktop.connectors.mirakl.orders import to_order
from bonifiq_desktop.connectors.mirakl.schemas import OrderSchema, ReturnSchema
from bonifiq_desktop.domain.operations import Kind, Operation
from bonifiq_desktop.domain.orders import Order
from bonifiq_desktop.domain.returns import MIRAKL, ChosenLine, CounterReason, ReturnChoice
from bonifiq_desktop.storage.remote_settings import ReasonMapping, RemoteSettings
from tests.support.operations import make_operation

ORDER = "8817455903-A"
LINE = "8817455903-A-1"
NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
DEBITED = "2026-11-10T10:00:00Z"
SETTINGS = RemoteSettings(
    name="Carrefour",
    system=MIRAKL,
    url="https://carrefour.mirakl.net",
    reasons=(ReasonMapping(CounterReason.REGRET.value, "34", "Desistência", "15", "Arrependimento"),),
)


def line_json(line_id: str = LINE, **changes: Any) -> dict[str, Any]:
    """Two shirts of 49,90 with 8,00 of shipping, in a state that follows from the order's."""
    line = {
        "order_line_id": line_id,
        "order_line_index": 1,
        "order_line_state": "SHIPPING",
        "can_refund": False,
        "quantity": 2,
        "price": 99.8,
        "price_unit": 49.9,
        "shipping_price": 8.0,
        "total_price": 107.8,
        "offer_sku": "CAMISETA-P",
        "product_sku": "7891000100103",
        "product_title": "Camiseta básica",
        "taxes": [],
        "shipping_taxes": [],
        "cancelations": [],
        "refunds": [],
    }
    return line | changes


def order_json(*lines: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """An accepted order that is not debited and not shipped; it can be cancelled."""
    order = {
        "order_id": ORDER,
        "commercial_id": "8817455903",
        "order_state": "SHIPPING",
        "can_cancel": True,
        "fully_refunded": False,
        "payment_workflow": "PAY_ON_SHIPMENT",
        "customer_debited_date": None,
        "currency_iso_code": "BRL",
        "order_tax_mode": "TAX_INCLUDED",
        "price": 99.8,
        "shipping_price": 8.0,
        "total_price": 107.8,
        "created_date": "2026-11-09T10:00:00Z",
        "last_updated_date": "2026-11-10T10:00:00Z",
        "order_lines": list(lines) or [line_json()],
    }
    return order | changes


def paid_line(line_id: str = LINE, state: str = "RECEIVED", **changes: Any) -> dict[str, Any]:
    """A debited line that can be refunded."""
    shipped = {"shipped_date": DEBITED} if state != "SHIPPING" else {}
    paid = {"order_line_state": state, "can_refund": True, "debited_date": DEBITED}
    return line_json(line_id, **paid | shipped | changes)


def paid_order(*lines: dict[str, Any], state: str = "RECEIVED", **changes: Any) -> dict[str, Any]:
    """A debited order, received by the customer."""
    shown = lines or (paid_line(state=state),)
    return order_json(*shown, **{"order_state": state, "can_cancel": False, "customer_debited_date": DEBITED} | changes)


def record_json(record_id: str, amount: float | str = 49.9, **changes: Any) -> dict[str, Any]:
    """A cancelation or refund of one shirt, made by the till's request at NOW."""
    record: dict[str, Any] = {
        "id": record_id,
        "amount": amount,
        "quantity": 1,
        "shipping_amount": 0,
        "reason_code": "34",
        "created_date": "2026-11-20T15:00:05Z",
        "taxes": [],
        "shipping_taxes": [],
    }
    return record | changes


def schema(answer: dict[str, Any]) -> OrderSchema:
    """The order by its model, with exact numbers."""
    return OrderSchema.model_validate(load(json.dumps(answer).encode()))


def parsed(answer: dict[str, Any], returns: tuple[dict[str, Any], ...] = ()) -> Order:
    """The order as the connector reads it, with exact numbers."""
    return to_order(
        schema(answer),
        read_at=NOW,
        returns=[ReturnSchema.model_validate(each) for each in returns],
    )


def choice(units: int = 1, line_id: str = LINE, **changes: Any) -> ReturnChoice:
    """Units of one line that a customer regrets."""
    return ReturnChoice(**{"lines": (ChosenLine(line_id, units),), "reason": CounterReason.REGRET} | changes)


def leg_operation(**changes: Any) -> Operation:
    """An operation of a leg on LINE."""
    known = {"kind": Kind.RETURN, "order_id": ORDER, "remote_line": LINE, "system": MIRAKL, "connection": "Carrefour"}
    return make_operation(**known | changes)
