"""Paths and bodies of BonifiQ's requests, with the API's exact names.

Source: the vendor's API pages. A body holds only what the narrowest schema allows: `PaymentMethod`, not
`PaymentMethods`; no quantity and no discount price in an order's products.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from bonifiq_desktop.connectors.exact_json import dump, load
from bonifiq_desktop.domain.coded_names import read_coded_name, read_path
from bonifiq_desktop.domain.keys import REFERENCE
from bonifiq_desktop.domain.money import Cents, to_wire
from bonifiq_desktop.domain.operations import Line
from bonifiq_desktop.domain.orders import Customer, Product, read_order_id
from bonifiq_desktop.domain.sales import Sale, SaleState

SALES_PATH = "/v1/pvt/POS/orders"
PROBE_PATH = "/v1/pvt/Customer/ninguem%40bonifiq-desktop.invalid/points"
"""The balance of a customer who cannot exist (`.invalid` is reserved for that)."""

_STATUS_TEXT = {
    SaleState.COMPLETED: "Concluído",
    SaleState.PENDING: "Pendente",
    SaleState.CANCELLED: "Cancelado",
}


def order_path(order_id: str) -> str:
    """Path of a look-up. Raises OrderIdError for an id that could leave its segment of the path."""
    return f"/v1/pvt/Order/{_quoted(order_id)}"


def refund_path(order_id: str, *, family: str) -> str:
    """Path of a partial cancel; `family` is `POS` or `Order`. The POS form has no `orders` segment."""
    return f"/v1/pvt/{family}/{_quoted(order_id)}/partialcancel"


def cancel_path(order_id: str, *, family: str) -> str:
    """Path of a whole cancel; `family` is `POS` or `Order`. The POS form has an `orders` segment."""
    middle = "POS/orders" if family == "POS" else "Order"
    return f"/v1/pvt/{middle}/{_quoted(order_id)}/cancel"


def _quoted(order_id: str) -> str:
    return quote(read_order_id(order_id), safe="")


def refund_body(
    value: Cents, cancel_key: str, lines: Sequence[Line] = (), *, returns_reward: bool | None = None
) -> bytes:
    """The body of a partial cancel. `lines`: only where the shop's BonifiQ accepts them; merged to one per product.

    They are left out where an item has no number or they do not add up to `value`: BonifiQ would refuse the request.
    `returns_reward`: whether the reward used in the order is given back; None leaves that to BonifiQ's own setting.
    """
    body: dict[str, Any] = {"ValueToRefund": to_wire(value), "CancelKey": cancel_key}
    merged: dict[str, Cents] = {}
    for line in lines:
        merged[line.product_id] = merged.get(line.product_id, 0) + line.value
    merged = {name: cents for name, cents in merged.items() if cents}
    if merged and "" not in merged and sum(merged.values()) == value and min(merged.values()) > 0:
        body["Products"] = [{"OriginalId": name, "ValueToRefund": to_wire(cents)} for name, cents in merged.items()]
    if returns_reward is not None:
        body["ShouldRefundRedeem"] = returns_reward
    return dump(body)


def cancel_body(at: datetime, status: str) -> bytes:
    """The body of a whole cancel; `status` is free text for people."""
    return dump({"OrderCancelledDate": _timestamp(at), "OrderStatus": status or None})


def sale_body(sale: Sale, order_id: str, reference: str = "") -> bytes:
    """The body that registers a sale, which was checked when it was made.

    `reference`: see `domain.keys.sale_reference`.
    """
    completed, cancelled = sale.state is SaleState.COMPLETED, sale.state is SaleState.CANCELLED
    settled_at = sale.settled_at or sale.placed_at
    body: dict[str, Any] = {
        "OriginalId": order_id,
        "OrderPlacementDate": _timestamp(sale.placed_at),
        "OrderStatus": sale.status_text or _STATUS_TEXT[sale.state],
        "IsCompleted": completed,
        "IsCancelledOrReturned": cancelled,
        "OrderTotal": to_wire(sale.total),
        "UpdatedDate": _timestamp(sale.made_at or settled_at),
        "Customer": _customer(sale),
    }
    if completed:
        body["OrderCompletedDate"] = _timestamp(settled_at)
    if cancelled:
        body["OrderCancelledDate"] = _timestamp(settled_at)
    if sale.products:
        body["Products"] = [_product(product) for product in sale.products]
    optional = {
        "Coupon": sale.coupon,
        "PaymentMethod": _code_and_name(sale.payment_method),
        "SalesPerson": _code_and_name(sale.sales_person),
        "Branch": {"OriginalId": sale.branch_id, "Name": sale.branch_name or sale.branch_id}
        if sale.branch_id
        else None,
        "Metadatas": [{"Name": name, "Value": value} for name, value in (*sale.notes, (REFERENCE, reference)) if value],
    }
    body.update({name: value for name, value in optional.items() if value})
    return dump(body)


def customer_in_body(body: bytes) -> Customer:
    """The customer in a body from `sale_body`."""
    sent = load(body)["Customer"]
    customer_id, document, email, phone = (str(sent.get(n, "")) for n in ("OriginalId", "Document", "Email", "Phone"))
    return Customer(customer_id=customer_id, document=document, email=email, phone=phone)


def _customer(sale: Sale) -> dict[str, Any]:
    customer = sale.customer
    optional = {
        "Name": customer.name,
        "Document": customer.document,
        "Email": customer.email,
        "Phone": customer.phone,
        # Noon: the same day in every time zone of the country.
        "BirthdayDate": f"{sale.birthday.isoformat()}T12:00:00.000Z" if sale.birthday else "",
    }
    known = {name: value for name, value in optional.items() if value}
    return {"OriginalId": customer.customer_id, **known, "IsEnrolled": customer.enrolled is not False}


def _product(product: Product) -> dict[str, Any]:
    return {
        "OriginalId": product.product_id,
        "Title": product.title,
        "IsActive": True,
        "ProductPrice": to_wire(product.price or 0),
        **product_groups(product),
    }


def product_groups(product: Product) -> dict[str, Any]:
    """The brand and the category of a product, where it has them."""
    groups = {"ProductBrand": _code_and_name(product.brand), "ProductCategory": _category(product.category)}
    return {name: value for name, value in groups.items() if value}


def _category(text: str) -> dict[str, Any] | None:
    """The category, with its parent category nested in it."""
    category: dict[str, Any] | None = None
    for named in read_path(text):
        above = {"ParentCategory": category} if category else {}
        category = {"OriginalId": named.code, "Name": named.name, **above}
    return category


def _code_and_name(text: str) -> dict[str, str] | None:
    named = read_coded_name(text)
    return {"OriginalId": named.code, "Name": named.name} if named else None


def _timestamp(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
