"""Completion of a pending sale: the same order sent again as completed, and proved by a look-up."""

from dataclasses import dataclass
from datetime import datetime

from bonifiq_desktop.domain.coded_names import read_coded_name
from bonifiq_desktop.domain.operations import Operation, Resolution, ReviewReason, State
from bonifiq_desktop.domain.orders import Order, OrderState, Product
from bonifiq_desktop.domain.sales import Sale


class NotCompletable(Exception):
    """The order is not a pending sale, or its look-up lacks data that a completion must repeat."""


@dataclass(frozen=True)
class CompletionRequest:
    """The cashier's request to complete a pending sale. `at`: when it was paid. `order`: as the cashier saw it."""

    order: Order
    at: datetime
    intent_id: str | None = None


def completed_sale(order: Order, sold_here: Order | None, at: datetime, now: datetime) -> Sale:
    """Build the sale that completes a looked-up order. Raises NotCompletable.

    The sale repeats every known field, because BonifiQ may erase a field that the request leaves out.
    `sold_here`: the order as this till registered it, with brands, categories and the payment.
    """
    customer, placed_at = order.customer, order.placed_at
    if not order.pending or customer is None or not customer.customer_id or placed_at is None:
        raise NotCompletable
    branch = read_coded_name(order.branch or (sold_here.branch if sold_here else ""))
    return Sale(
        customer=customer,
        total=order.total,
        placed_at=placed_at,
        settled_at=max(at, placed_at),
        made_at=now,
        order_id=order.order_id,
        products=_products(order, sold_here),
        coupon=order.coupon,
        payment_method=order.payment_method or (sold_here.payment_method if sold_here else ""),
        sales_person=order.sales_person or (sold_here.sales_person if sold_here else ""),
        branch_id=branch.code if branch else "",
        branch_name=branch.name if branch else "",
        notes=order.metadata,
    )


def _products(order: Order, sold_here: Order | None) -> tuple[Product, ...]:
    """Prefer the products as sold here while the lines match: only this till knows brands and categories."""
    if sold_here is None or _lines(sold_here) != _lines(order):
        return order.products
    return sold_here.products


def _lines(order: Order) -> list[tuple[str, int | None]]:
    return [(product.product_id, product.price) for product in order.products]


def is_completed(order: Order) -> bool:
    """Whether an order counts as sold."""
    return not order.cancelled and (order.completed or order.state is OrderState.COMPLETED)


def resolve_unsent_completion(operation: Operation, order: Order | None) -> Resolution:
    """Resolve an unsent completion by a look-up; the present state as the result means "send it".

    `order`: None when the order does not exist.
    """
    if order is None or not order.pending or order.total != operation.value:
        return Resolution(State.REVIEW, review_reason=ReviewReason.ORDER_CHANGED)
    if operation.review_reason is not None:
        return Resolution(State.REVIEW, review_reason=operation.review_reason)
    return Resolution(operation.state)
