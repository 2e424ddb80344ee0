"""Checks beyond the contract: each reads a body that fits the schema, or raises Refusal."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from bonifiq_desktop.training_server.errors import INVALID_REFUND, PRODUCT_REFUND_TOTAL_MISMATCH, Refusal
from bonifiq_desktop.training_server.json_codec import AmountError, format_timestamp, parse_timestamp, to_cents
from bonifiq_desktop.training_server.models import Item, Order

_LARGEST_AMOUNT = Decimal(1_000_000_000)


def amount_in_cents(value: int | Decimal, field: str, *, code_name: str = "InvalidValue") -> int:
    """Convert an amount in reais to cents. Raises Refusal."""
    try:
        return to_cents(value)
    except AmountError as error:
        raise Refusal(code_name, f"O valor de {field} deve ter no máximo duas casas decimais.", field=field) from error


def floor_cents(value: int | Decimal) -> int:
    """Convert an amount in reais to whole cents, without its further decimals; at most a billion reais."""
    return int(min(Decimal(value), _LARGEST_AMOUNT) * 100)


def items(body: Mapping[str, Any]) -> list[Item]:
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
    """Read an order's payments from either of the two fields. `cents` is None where no amount is given."""
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
    """Check that each true flag has its date. Raises Refusal."""
    for flag, date in (
        ("IsCompleted", "OrderCompletedDate"),
        ("IsCancelledOrReturned", "OrderCancelledDate"),
    ):
        if body.get(flag) and body.get(date) is None:
            raise Refusal("DateMissing", f"Com {flag}, informe {date}.", field=date)


def check_update(order: Order, total: int) -> None:
    """Check a second POST of a known order. Raises Refusal."""
    if order.cancelled:
        # The vendor's notes on updates do not mention cancelled orders: the strict reading refuses.
        raise Refusal("OrderAlreadyCancelled", "Este pedido já foi cancelado.")
    if total < order.refunded_cents:
        raise Refusal("TotalBelowRefunds", "O total do pedido é menor que o valor já estornado.", field="OrderTotal")


def refund_value(order: Order, body: Mapping[str, Any]) -> int:
    """Read a refund's value in cents. Raises Refusal."""
    value = amount_in_cents(body["ValueToRefund"], "ValueToRefund", code_name=INVALID_REFUND)
    if value <= 0:
        raise Refusal(INVALID_REFUND, "O valor a estornar deve ser maior que zero.", field="ValueToRefund")
    remaining = order.total_cents - order.refunded_cents
    if value > remaining:
        raise Refusal(
            "ValueAboveRemaining",
            "O valor a estornar é maior que o saldo do pedido.",
            field="ValueToRefund",
            expected=remaining,
            actual=value,
        )
    return value


def refund_by_product(order: Order, entries: Iterable[Mapping[str, Any]] | None, value: int) -> dict[str, int]:
    """Read a refund's cents by product. Raises Refusal."""
    by_product: dict[str, int] = {}
    for entry in entries or ():
        product = entry["OriginalId"]
        if product in by_product:
            raise Refusal("DuplicateProduct", "Um produto aparece duas vezes.", field="Products", product=product)
        by_product[product] = amount_in_cents(
            entry["ValueToRefund"], "Products.ValueToRefund", code_name=INVALID_REFUND
        )
        _check_product_refund(order, product, by_product[product])
    if by_product and sum(by_product.values()) != value:
        raise Refusal(
            PRODUCT_REFUND_TOTAL_MISMATCH,
            "A soma dos produtos difere do valor a estornar.",
            field="ValueToRefund",
            expected=sum(by_product.values()),
            actual=value,
        )
    return by_product


def _check_product_refund(order: Order, product: str, value: int) -> None:
    prices = [item.cents for item in order.items if item.product_id == product]
    if not prices:
        raise Refusal("ProductNotInOrder", "O produto não está no pedido.", field="Products", product=product)
    if None in prices:
        return
    remaining = sum(price or 0 for price in prices) - sum(r.cents_by_product.get(product, 0) for r in order.refunds)
    if value > remaining:
        raise Refusal(
            "ValueAboveProduct",
            "O valor do produto é maior que o que resta dele no pedido.",
            field="Products",
            product=product,
            expected=remaining,
            actual=value,
        )


def optional_timestamp(body: Mapping[str, Any], name: str) -> str | None:
    """Read an optional timestamp as UTC text."""
    text = body.get(name)
    return None if text is None else format_timestamp(parse_timestamp(text))


def normalized(text: str | None) -> str:
    """Normalize a document for comparison: no punctuation, no case. Letters stay, because a CNPJ may hold some."""
    return "".join(letter for letter in (text or "").casefold() if letter.isalnum())
