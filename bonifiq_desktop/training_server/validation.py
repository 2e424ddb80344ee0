"""What the practice shop lets through: each check reads a body that fits the contract, or raises Refusal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from bonifiq_desktop.training_server.errors import INVALID_REFUND, PRODUCT_REFUND_TOTAL_MISMATCH, Refusal
from bonifiq_desktop.training_server.json_codec import AmountError, format_timestamp, parse_timestamp, to_cents
from bonifiq_desktop.training_server.models import Item, Order


def amount_in_cents(value: int | Decimal, field: str, *, code_name: str = "InvalidValue") -> int:
    """Read an amount in reais as cents. Raises Refusal."""
    try:
        return to_cents(value)
    except AmountError as error:
        raise Refusal(code_name, f"O valor de {field} deve ter no máximo duas casas decimais.", field=field) from error


def items(body: Mapping[str, Any]) -> list[Item]:
    """Read the lines of an order. Raises Refusal."""
    return [
        Item(
            product_id=entry["OriginalId"],
            title=entry.get("Title", ""),
            cents=None if entry.get("ProductPrice") is None else amount_in_cents(entry["ProductPrice"], "ProductPrice"),
            url=entry.get("Url"),
            image_url=entry.get("ImageUrl"),
            is_active=entry.get("IsActive", True),
            brand=entry.get("ProductBrand"),
            category=entry.get("ProductCategory"),
        )
        for entry in body.get("Products") or []
    ]


def payments(body: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Read how an order was paid, from either of the two fields; `cents` is None where no part is named."""
    return [
        {
            "OriginalId": entry.get("OriginalId"),
            "Name": entry.get("Name"),
            "cents": None if entry.get("PaidAmount") is None else amount_in_cents(entry["PaidAmount"], "PaidAmount"),
        }
        for entry in body.get("PaymentMethods") or [body.get("PaymentMethod")]
        if entry
    ]


def check_dates(body: Mapping[str, Any]) -> None:
    """Each flag that is true needs its date. Raises Refusal."""
    for flag, date in (
        ("IsCompleted", "OrderCompletedDate"),
        ("IsCancelledOrReturned", "OrderCancelledDate"),
    ):
        if body.get(flag) and body.get(date) is None:
            raise Refusal("DateMissing", f"Com {flag}, informe {date}.", field=date)


def check_update(order: Order, total: int) -> None:
    """Check what a second POST makes of a known order. Raises Refusal."""
    if order.cancelled:
        # The hints about updates say nothing of bringing a cancelled order back to life.
        raise Refusal("OrderAlreadyCancelled", "Este pedido já foi cancelado.")
    if total < order.refunded_cents:
        raise Refusal("TotalBelowRefunds", "O total do pedido é menor que o valor já estornado.", field="OrderTotal")


def refund_value(order: Order, body: Mapping[str, Any]) -> int:
    """Read how much of an order a refund gives back, in cents. Raises Refusal."""
    value = amount_in_cents(body["ValueToRefund"], "ValueToRefund", code_name=INVALID_REFUND)
    if value <= 0:
        raise Refusal(INVALID_REFUND, "O valor a estornar deve ser maior que zero.", field="ValueToRefund")
    left = order.total_cents - order.refunded_cents
    if value > left:
        raise Refusal(
            "ValueAboveRemaining",
            "O valor a estornar é maior que o saldo do pedido.",
            field="ValueToRefund",
            expected=left,
            actual=value,
        )
    return value


def refund_by_product(order: Order, entries: Iterable[Mapping[str, Any]] | None, value: int) -> dict[str, int]:
    """Read the parts of a refund, in cents by product. Raises Refusal."""
    lines: dict[str, int] = {}
    for entry in entries or ():
        product = entry["OriginalId"]
        if product in lines:
            raise Refusal("DuplicateProduct", "Um produto aparece duas vezes.", field="Products", product=product)
        lines[product] = amount_in_cents(entry["ValueToRefund"], "Products.ValueToRefund", code_name=INVALID_REFUND)
        _check_product_refund(order, product, lines[product])
    if lines and sum(lines.values()) != value:
        raise Refusal(
            PRODUCT_REFUND_TOTAL_MISMATCH,
            "A soma dos produtos difere do valor a estornar.",
            field="ValueToRefund",
            expected=sum(lines.values()),
            actual=value,
        )
    return lines


def _check_product_refund(order: Order, product: str, value: int) -> None:
    prices = [item.cents for item in order.items if item.product_id == product]
    if not prices:
        raise Refusal("ProductNotInOrder", "O produto não está no pedido.", field="Products", product=product)
    if None in prices:
        return
    left = sum(price or 0 for price in prices) - sum(r.cents_by_product.get(product, 0) for r in order.refunds)
    if value > left:
        raise Refusal(
            "ValueAboveProduct",
            "O valor do produto é maior que o que resta dele no pedido.",
            field="Products",
            product=product,
            expected=left,
            actual=value,
        )


def optional_timestamp(body: Mapping[str, Any], name: str) -> str | None:
    """Read an optional moment as UTC text."""
    text = body.get(name)
    return None if text is None else format_timestamp(parse_timestamp(text))


def normalized(text: str | None) -> str:
    """Punctuation and case do not tell two documents apart; letters do, since a CNPJ may hold some."""
    return "".join(letter for letter in (text or "").casefold() if letter.isalnum())
