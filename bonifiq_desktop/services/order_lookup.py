"""Look an order up, and hold the answer against the final operations of that order."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from datetime import timedelta

from bonifiq_desktop.domain.contradictions import History
from bonifiq_desktop.domain.operations import Operation
from bonifiq_desktop.domain.orders import Order, order_summary
from bonifiq_desktop.domain.specs import spec_of
from bonifiq_desktop.domain.verdicts import OrderNotFound
from bonifiq_desktop.ledger.errors import LedgerError
from bonifiq_desktop.ledger.ledger import Ledger
from bonifiq_desktop.services.connection import Connection

PROPAGATION_DELAY = timedelta(minutes=5)
"""How long after an operation became final a look-up may still show the state before: no document gives a figure, and
one look-up may be under way meanwhile."""


class OrderLookup:
    """Looks orders up over one connection. `publish` gets every final operation that an answer contradicts, once.

    `ask`: looks up for a person, who goes first, or for the outbox, which keeps to its rate.
    """

    def __init__(
        self,
        ledger: Ledger,
        connection: Connection,
        ask: Callable[[str], Awaitable[Order]],
        publish: Callable[[Operation], None],
    ) -> None:
        self._ledger = ledger
        self._connection = connection
        self._ask = ask
        self._publish = publish

    async def look_up(self, order_id: str) -> Order:
        """The order that the system answers with; it may bear another number than the requested one.

        Raises OrderNotFound, LookupFailed, NotSetUp.
        """
        try:
            order = await self._ask(order_id)
        except OrderNotFound:
            self.record(order_id, None)
            raise
        self.record(order_id, order)
        return order

    def record(self, order_id: str, order: Order | None) -> None:
        """Use what the system showed of an order; None: it has no order under this number."""
        if order is None:
            self._connection.recent_orders.discard(order_id)
        else:
            self._connection.recent_orders.put(order)
            order_id = order.order_id
        with suppress(LedgerError):  # a contradiction that cannot be stored now is seen again at the next look-up
            for operation in list(self._contradicted(order_id, order)):
                self._publish(self._ledger.record_contradiction(operation.operation_id, order_summary(order)))

    def _contradicted(self, order_id: str, order: Order | None) -> Iterator[Operation]:
        history = self._ledger.queries.history_of(order_id, self._connection.scope)
        for operation in history.operations:
            if operation.settled_at is None or operation.contradicted:
                continue
            if self._ledger.recently_settled.is_within(operation, PROPAGATION_DELAY):
                continue
            server_ids = self._ledger.queries.server_ids(operation.operation_id)
            others = [other for other in history.operations if other is not operation]
            if (
                server_ids <= {self._connection.server_id}  # another server's effects need not show on this one
                and spec_of(operation.kind).is_contradicted(
                    operation, order, History(others, history.largest_total, possibly_sent=bool(server_ids))
                )
                # An acknowledged contradiction is repeated only when the system shows something else by now.
                and self._ledger.queries.last_contradiction(operation.operation_id) != order_summary(order)
            ):
                yield operation
