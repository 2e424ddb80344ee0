"""A purchase as BonifiQ and each marketplace and web shop show it, for the order page and the return page."""

from dataclasses import dataclass, field

from bonifiq_desktop.domain.connections import NotSetUp
from bonifiq_desktop.domain.operations import BONIFIQ, Operation, Scope
from bonifiq_desktop.domain.orders import Order, same_order
from bonifiq_desktop.domain.remote_orders import Obstacle
from bonifiq_desktop.domain.verdicts import OrderNotFound
from bonifiq_desktop.services.refundable import LookupResult
from bonifiq_desktop.services.return_requests import RemoteLookup


@dataclass(frozen=True)
class Elsewhere:
    """What one connection answers about a purchase. Without `lookup` and `error` it has not answered yet."""

    name: str
    system: str
    lookup: RemoteLookup | None = None
    error: Exception | None = None

    @property
    def is_pending(self) -> bool:
        return self.lookup is None and self.error is None

    @property
    def order(self) -> Order | None:
        """The order as just looked up, or as last seen here."""
        return self.lookup.order if self.lookup is not None else None

    @property
    def obstacle(self) -> Obstacle | None:
        """What stands in the way of any return in this system; None also where it has no order."""
        remote = self.order.remote if self.order is not None else None
        if remote is None:
            return None
        if remote.obstacle is not None:
            return remote.obstacle
        left = [line for line in remote.lines if line.units_left > 0]
        if not left:
            return Obstacle.FULLY_RETURNED
        return None if any(line.obstacle is None for line in left) else left[0].obstacle

    @property
    def has_something_left(self) -> bool:
        """Whether the system shows units that have not gone back, with an obstacle or without one."""
        remote = self.order.remote if self.order is not None else None
        return remote is not None and any(line.units_left > 0 for line in remote.lines)

    @property
    def can_return(self) -> bool:
        """Whether the system shows something that can go back, and nothing of this till is unfinished there."""
        is_free = self.lookup is not None and self.lookup.unfinished is None
        return is_free and self.has_something_left and self.obstacle is None


@dataclass(frozen=True)
class Purchase:
    """A purchase under the number that was typed. `found`, `error`: BonifiQ's answer; neither: it is being asked."""

    requested_id: str
    found: LookupResult | None = None
    error: Exception | None = None
    elsewhere: tuple[Elsewhere, ...] = field(default=())

    @property
    def order_id(self) -> str:
        """BonifiQ's number, or the first one of another system."""
        if self.found is not None:
            return self.found.order.order_id
        orders = [each.order for each in self.elsewhere if each.order is not None]
        return orders[0].order_id if orders else ""

    @property
    def first_elsewhere(self) -> Elsewhere | None:
        """The first connection that has the order."""
        return next((each for each in self.elsewhere if each.order is not None), None)

    @property
    def is_found(self) -> bool:
        return self.found is not None or self.first_elsewhere is not None

    @property
    def is_pending(self) -> bool:
        """Whether a system has not answered yet."""
        return (self.found is None and self.error is None) or any(each.is_pending for each in self.elsewhere)

    @property
    def without_answer(self) -> tuple[str, ...]:
        """The connections that show nothing of the purchase, and may have it."""
        return tuple(each.name for each in self.elsewhere if each.lookup is None)

    @property
    def given_back_by(self) -> tuple[str, ...]:
        """The connections where the whole order was cancelled or refunded already, or is about to be."""
        gone = {Obstacle.FULLY_RETURNED, Obstacle.UNDER_WAY}
        return tuple(each.name for each in self.elsewhere if each.obstacle in gone)

    @property
    def bonifiq_silent(self) -> bool:
        """Whether BonifiQ gave no answer, so that it may know the purchase."""
        expected = OrderNotFound | NotSetUp
        return self.found is None and not isinstance(self.error, expected)

    @property
    def unfinished(self) -> Operation | None:
        """An unfinished operation on the purchase, in any system: of this till, or of another one of the shop."""
        if self.found is not None and self.found.unfinished is not None:
            return self.found.unfinished
        lookups = (each.lookup for each in self.elsewhere if each.lookup is not None)
        return next((lookup.unfinished for lookup in lookups if lookup.unfinished is not None), None)

    @property
    def money_orders(self) -> dict[str, Order]:
        """The orders that something may go back from, by the name of the connection."""
        return {each.name: each.order for each in self.elsewhere if each.has_something_left and each.order is not None}

    @property
    def can_return(self) -> bool:
        """Whether a return can start: something is left in a system, and nothing is unfinished in any."""
        has_points = self.found is not None and self.found.refundable > 0
        return self.unfinished is None and (has_points or any(each.can_return for each in self.elsewhere))

    @property
    def can_cancel(self) -> bool:
        if self.found is not None:
            # An order of zero can be cancelled; a cancelled or busy one cannot.
            is_open = not self.found.closed or any(each.can_return for each in self.elsewhere)
            return is_open and self.unfinished is None
        return self.can_return

    def holds(self, operation: Operation) -> bool:
        """Whether an operation is about the purchase, in the system of the operation."""
        if operation.system == BONIFIQ:
            return self.found is not None and same_order(operation.order_id, self.found.order.order_id)
        orders = [each.order for each in self.elsewhere if each.name == operation.connection]
        return any(order is not None and same_order(operation.order_id, order.order_id) for order in orders)

    @property
    def orders(self) -> tuple[tuple[Scope, str], ...]:
        """The scope and the number of the purchase in each system that has it."""
        own = ((Scope(), self.found.order.order_id),) if self.found is not None else ()
        others = ((Scope(e.system, e.name), e.order.order_id) for e in self.elsewhere if e.order is not None)
        return (*own, *others)

    @property
    def operations(self) -> tuple[Operation, ...]:
        """The operations on the purchase in all systems: this till's, newest first, then those of the other tills."""
        known = {o.operation_id: o for o in (self.found.operations if self.found is not None else ())}
        for each in self.elsewhere:
            known |= {o.operation_id: o for o in (each.lookup.operations if each.lookup is not None else ())}
        own = sorted((o for o in known.values() if not o.till), key=lambda o: -o.operation_id)
        others = [o for o in known.values() if o.till]
        return (*own, *sorted(others, key=lambda o: (o.created_at, o.operation_id), reverse=True))
