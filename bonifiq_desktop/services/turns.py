"""Whether an operation's turn has come: the money of its return, the redemption of its checkout."""

from dataclasses import dataclass

from bonifiq_desktop.domain.legs import resolve_points
from bonifiq_desktop.domain.operations import Operation, Resolution, ReviewReason, State
from bonifiq_desktop.domain.specs import spec_of
from bonifiq_desktop.ledger.ledger import Ledger
from bonifiq_desktop.services.checkouts import CheckoutEnds


@dataclass(eq=False, repr=False)
class Turns:
    """Resolves operations that wait for other operations of this till."""

    ledger: Ledger
    checkout_ends: CheckoutEnds

    def resolve(self, operation: Operation) -> Resolution | None:
        """Where an operation goes; its present state means that its turn has come, None that it waits on."""
        if operation.after_money:
            return self._after_money(operation)
        if operation.checkout_id and spec_of(operation.kind).ends_checkout:
            return self.checkout_ends.resolve(operation)
        return Resolution(operation.state)

    def _after_money(self, points: Operation) -> Resolution | None:
        """The points of a return may be sent once its money was given back, or a person released them."""
        if self.ledger.queries.is_released(points.operation_id, ReviewReason.MONEY_REFUSED):
            return Resolution(points.state)
        resolution = resolve_points(self.ledger.queries.other_legs(points))
        if resolution is not None and resolution.state is State.QUEUED:
            return Resolution(points.state)
        return resolution
