"""Paths and bodies of Mirakl's requests, with the API's exact names.

Source: Mirakl's seller API description. A list of order numbers is one comma-separated parameter. No body holds an
order number: each entry names a line.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from urllib.parse import quote, urlencode

from bonifiq_desktop.connectors.exact_json import dump
from bonifiq_desktop.domain.remote_orders import Charge
from bonifiq_desktop.domain.requests import SerializedRequest
from bonifiq_desktop.domain.returns import Call, Leg, LegLine

VERSION_PATH = "/api/version"
RETURN_IN_STORE = "RETURN_METHOD_IN_STORE"
_SUFFIXES = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_MAX_ORDERS = 100


def with_shop(path: str, shop_id: int | None, **parameters: str) -> str:
    """A path with its query; `shop_id` only for a user with several shops."""
    query = dict(parameters) if shop_id is None else {**parameters, "shop_id": str(shop_id)}
    return f"{path}?{urlencode(query, safe=',')}" if query else path


def account_path(shop_id: int | None) -> str:
    """A01."""
    return with_shop("/api/account", shop_id)


def orders_path(shop_id: int | None, order_id: str, tax_mode: str = "") -> str:
    """OR11 of one order; `tax_mode`: in which its amounts are asked for, "" for the platform's default."""
    mode = {"order_tax_mode": tax_mode} if tax_mode else {}
    return with_shop("/api/orders", shop_id, order_ids=order_id, **mode)


def search_paths(shop_id: int | None, text: str) -> tuple[str, ...]:
    """OR11 by order number or commercial number, by the customer's reference, and by the seller's.

    OR11 has no filter for the commercial number. An order's number is that with `-A`, `-B`, … behind it.
    """
    numbers = ",".join((text, *(f"{text}-{letter}" for letter in _SUFFIXES)))
    most = str(_MAX_ORDERS)
    return (
        with_shop("/api/orders", shop_id, order_ids=numbers, max=most),
        with_shop("/api/orders", shop_id, order_references_for_customer=text, max=most),
        with_shop("/api/orders", shop_id, order_references_for_seller=text, max=most),
    )


def any_order_path(shop_id: int | None) -> str:
    """OR11 of a single order, whichever: proves that the key may read orders."""
    return with_shop("/api/orders", shop_id, max="1")


def reasons_path(shop_id: int | None) -> str:
    """RE01."""
    return with_shop("/api/reasons", shop_id)


def taxes_path(shop_id: int | None) -> str:
    """OR75."""
    return with_shop("/api/orders/taxes", shop_id)


def configuration_path(shop_id: int | None) -> str:
    """PC01."""
    return with_shop("/api/platform/configuration", shop_id)


def returns_page(path: str, token: str | None) -> str:
    """A page of RT11; None: the first one."""
    return f"{path}&page_token={quote(token, safe='')}" if token else path


def returns_path(shop_id: int | None, *, line_ids: Sequence[str] = (), rma: str = "") -> str:
    """RT11, by the lines of an order (their parameter repeats) or by our own number of the return."""
    filters = [("order_line_id", line_id) for line_id in line_ids] or [("return_rma", rma)]
    shop = [] if shop_id is None else [("shop_id", str(shop_id))]
    return f"/api/returns?{urlencode([*filters, *shop])}"


def serialize(leg: Leg, return_id: str, shop_id: int | None) -> SerializedRequest:
    """The request of a leg: OR30, OR29, OR28 or RT01. Pure. Raises ValueError.

    `return_id`: our own number of the return, which RT01 takes as `rma`.
    """
    match leg.call:
        case Call.CANCEL_LINE:
            body: dict[str, Any] = {"cancelations": [_entry(leg, line) for line in leg.lines]}
            return _put("/api/orders/cancel", shop_id, body, leg.tax_mode)
        case Call.REFUND_LINE:
            body = {"refunds": [_refund(leg, line) for line in leg.lines]}
            return _put("/api/orders/refund", shop_id, body, leg.tax_mode)
        case Call.CANCEL_ORDER:
            path = f"/api/orders/{quote(leg.order_key, safe='')}/cancel"
            return SerializedRequest(with_shop(path, shop_id), b"", method="PUT")
        case Call.OPEN_RETURN if return_id:
            body = {"returns": [_return(leg, return_id)]}
            return SerializedRequest(with_shop("/api/returns", shop_id), dump(body))
    raise ValueError(f"not a request to Mirakl: {leg.call}")


def _put(path: str, shop_id: int | None, body: dict[str, Any], tax_mode: str) -> SerializedRequest:
    mode = {"order_tax_mode": tax_mode} if tax_mode else {}
    return SerializedRequest(with_shop(path, shop_id), dump({**body, **mode}), method="PUT")


def _entry(leg: Leg, line: LegLine) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "order_line_id": line.line_id,
        "amount": line.amount,
        "quantity": line.units,
        "shipping_amount": line.shipping,
        "reason_code": leg.reason_code,
        "currency_iso_code": leg.currency,
    }
    lists = {"taxes": line.taxes, "shipping_taxes": line.shipping_taxes, "fees": line.fees}
    return entry | {name: _coded(charges) for name, charges in lists.items() if charges}


def _refund(leg: Leg, line: LegLine) -> dict[str, Any]:
    entry = _entry(leg, line)
    return entry | {"excluded_from_shipment": True} if leg.excluded_from_shipment else entry


def _coded(charges: Sequence[Charge]) -> list[dict[str, str | Decimal]]:
    return [{"code": charge.code, "amount": charge.amount} for charge in charges]


def _return(leg: Leg, return_id: str) -> dict[str, Any]:
    lines = [
        {"order_line_id": line.line_id, "quantity": line.units, "reason_code": leg.reason_code} for line in leg.lines
    ]
    return {
        "order_commercial_id": leg.order_key,
        "method_code": RETURN_IN_STORE,
        "return_lines": lines,
        "rma": return_id,
        "accepted": True,
    }
