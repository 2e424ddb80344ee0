"""Which of the orders in an answer a number names."""

from collections.abc import Sequence

from bonifiq_desktop.connectors.mirakl.schemas import OrderSchema
from bonifiq_desktop.domain.orders import same_order
from bonifiq_desktop.domain.remote_orders import SeveralOrders


def best_match(found: Sequence[OrderSchema], text: str, *, by_reference: bool) -> OrderSchema | None:
    """The order that bears a number, else the only one of that basket, or with that reference.

    `by_reference`: the orders were asked for by a reference, of a platform that obeys filters. Some do not show the
    reference; a single order is then the one. None where no order fits.
    Raises SeveralOrders where a basket or a reference has several orders of this shop.
    """
    exact = [order for order in found if same_order(order.order_id, text)]
    fitting = exact or [order for order in found if same_order(order.commercial_id, text)]
    if by_reference and not fitting:
        fitting = [order for order in found if any(same_order(each, text) for each in _references(order))]
        if not fitting and len(found) == 1 and not _references(found[0]):
            fitting = [found[0]]
    numbers = tuple(dict.fromkeys(order.order_id for order in fitting))
    if len(numbers) > 1:
        raise SeveralOrders(numbers)
    return fitting[0] if fitting else None


def _references(order: OrderSchema) -> tuple[str, ...]:
    shown = (order.references.for_customer, order.references.for_seller, order.for_customer, order.for_seller)
    return tuple(filter(None, shown))
