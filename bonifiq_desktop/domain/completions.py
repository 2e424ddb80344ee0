"""The completion of a pending sale: the same order sent again, now completed. Its evidence is the look-up."""

from datetime import datetime

from bonifiq_desktop.domain.coded_names import read_coded_name
from bonifiq_desktop.domain.operations import Evidence, Operation, Resolution, ReviewReason, State
from bonifiq_desktop.domain.orders import Order, OrderState, Product
from bonifiq_desktop.domain.sales import Sale


class NotCompletable(Exception):
    """The order is no pending sale, or BonifiQ does not show what its completion must repeat."""


def completed_sale(order: Order, sold_here: Order | None, at: datetime, now: datetime) -> Sale:
    """The sale that completes an order, from its look-up. BonifiQ may take what is left out for what is to go: all
    that is known is repeated.

    `sold_here`: the order as this till registered it, which knows brands, categories and the payment. Raises
    NotCompletable.
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
    """As sold here, while BonifiQ shows the same lines: only this till knows their brands and categories."""
    if sold_here is None or _lines(sold_here) != _lines(order):
        return order.products
    return sold_here.products


def _lines(order: Order) -> list[tuple[str, int | None]]:
    return [(product.product_id, product.price) for product in order.products]


def is_completed(order: Order) -> bool:
    """Whether an order counts as sold."""
    return not order.cancelled and (order.completed or order.state is OrderState.COMPLETED)


def resolve_completion(operation: Operation, order: Order | None, *, sent: bool) -> Resolution:
    """Where a completion goes by a look-up of its order; `order` is None when there is none. Its present state as the
    answer means: send it. `sent`: an attempt may have reached BonifiQ.
    """
    if sent and order is not None and is_completed(order):
        if order.total == operation.value:
            return Resolution(State.CONFIRMED, Evidence.LOOKUP)
        return Resolution(State.REVIEW, review_reason=ReviewReason.LOOKUP_DISAGREES)
    if order is None or not order.pending or order.total != operation.value:
        changed = ReviewReason.LOOKUP_DISAGREES if sent else ReviewReason.ORDER_CHANGED
        return Resolution(State.REVIEW, review_reason=changed)
    if operation.review_reason is not None:
        return Resolution(State.REVIEW, review_reason=operation.review_reason)
    return Resolution(operation.state)


def resolve_refused_completion(operation: Operation, order: Order) -> Resolution:
    """Where a completion goes whose only sending was refused a moment ago, by the look-up made at once."""
    if is_completed(order) and order.total == operation.value:
        return Resolution(State.CONFIRMED, Evidence.LOOKUP)
    return Resolution(State.REFUSED, Evidence.ANSWER)
