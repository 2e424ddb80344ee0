"""Read the effect of a request back from the order that it was about."""

from bonifiq_desktop.connectors.bonifiq.requests import customer_in_body
from bonifiq_desktop.domain.completions import is_completed
from bonifiq_desktop.domain.evidence import is_this_sale
from bonifiq_desktop.domain.operations import Kind, Operation
from bonifiq_desktop.domain.orders import Order
from bonifiq_desktop.domain.read_back import Finding, ReadBack


def read_back_from(operation: Operation, order: Order | None, body: bytes | None) -> ReadBack:
    """What an order shows of an operation; `order` is None when BonifiQ has none under its number.

    A partial refund leaves no trace in an order: its evidence is the client key, and it may always be repeated.
    """
    match operation.kind:
        case Kind.SALE:
            return _sale(operation, order, body)
        case Kind.COMPLETION:
            return _completion(operation, order)
        case Kind.CANCEL if order is not None and order.cancelled:
            return ReadBack(Finding.APPLIED, order)
    return ReadBack(Finding.ABSENT, order)


def _sale(operation: Operation, order: Order | None, body: bytes | None) -> ReadBack:
    if order is None:
        return ReadBack(Finding.ABSENT)
    customer = customer_in_body(body) if body else None
    return ReadBack(Finding.APPLIED if is_this_sale(operation, order, customer) else Finding.CONFLICT, order)


def _completion(operation: Operation, order: Order | None) -> ReadBack:
    same_total = order is not None and order.total == operation.value
    if same_total and order is not None and is_completed(order):
        return ReadBack(Finding.APPLIED, order)
    return ReadBack(Finding.ABSENT, order, may_repeat=same_total and order is not None and order.pending)
