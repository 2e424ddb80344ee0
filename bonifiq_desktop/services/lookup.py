"""Answer a person's look-up of an order."""

import asyncio
import logging
from dataclasses import replace

from bonifiq_desktop.domain.orders import Order, read_order_id, read_typed_order_id
from bonifiq_desktop.domain.verdicts import FailureReason, LookupFailed
from bonifiq_desktop.ledger.errors import LedgerError
from bonifiq_desktop.ledger.ledger import Ledger
from bonifiq_desktop.ledger.records import Restoration
from bonifiq_desktop.services.connection import Connection
from bonifiq_desktop.services.known_customer import KnownCustomer
from bonifiq_desktop.services.lookup_result import LookupResult
from bonifiq_desktop.services.order_lookup import OrderLookup
from bonifiq_desktop.services.refundable import is_fully_cancelled, largest_total, refundable_amount

_log = logging.getLogger(__name__)

# After these the order as last seen here does not help: the system refused, or answered with another order, or does not
# accept this till any more, so that nothing can be sent before that is put right.
_NOT_OFFLINE = frozenset({None, FailureReason.CREDENTIALS, FailureReason.WRONG_ORDER})


class LookupService:
    """Look-ups over one connection, combined with what the ledger knows."""

    def __init__(self, ledger: Ledger, connection: Connection, lookup: OrderLookup, customers: KnownCustomer) -> None:
        self._ledger = ledger
        self._connection = connection
        self._lookup = lookup
        self._customers = customers

    async def look_up(self, text: str, *, is_order_number: bool = False) -> LookupResult:
        """The order with the typed number; one that is known here comes as last seen where the system is not reached.

        `is_order_number`: a person says that it is an order's number, whatever it looks like. Raises OrderIdError,
        NotSetUp, LookupFailed.
        """
        is_known = is_order_number or self._ledger.queries.has_seen(text.strip(), self._connection.scope)
        order_id = read_order_id(text) if is_known else read_typed_order_id(text)
        try:
            order = await self._lookup.look_up(order_id)
        except LookupFailed as failed:
            seen = (
                None
                if failed.reason in _NOT_OFFLINE
                else self._ledger.queries.cached_order(order_id, self._connection.scope)
            )
            if seen is None:
                raise
            return replace(self._result(seen[0], order_id), cached_at=seen[1], failure_reason=failed.reason)
        result = self._result(order, order_id)
        # After the answer, so that it does not wait for the disk; before the next command, so that a refund of the
        # order finds the total that was seen.
        asyncio.get_running_loop().call_soon(self._remember, order)
        return result

    def _remember(self, order: Order) -> None:
        try:
            pseudonym = self._customers.pseudonym(order.customer)
            self._ledger.remember_order(order, pseudonym, self._connection.scope)
        except LedgerError:  # the next registration reports it
            _log.exception("order not remembered")

    def _result(self, order: Order, requested_id: str) -> LookupResult:
        history = self._ledger.queries.history_of(order.order_id, self._connection.scope)
        return LookupResult(
            order=order.masked(),
            requested_id=requested_id,
            refundable=refundable_amount(order, history),
            refunded=history.confirmed_refunds,
            operations=history.operations,
            unfinished=history.unfinished,
            closed=is_fully_cancelled(order, history),
            largest_total=largest_total(order, history),
            restored=_restoration_after(self._ledger.queries.restoration(), order),
        )


def _restoration_after(restoration: Restoration | None, order: Order) -> Restoration | None:
    """The restoration, for an order that was placed before it."""
    if restoration is None or (order.placed_at is not None and order.placed_at > restoration.restored_at):
        return None
    return restoration
