"""Look a purchase up in one marketplace or web shop, by a number of any system."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bonifiq_desktop.domain.orders import Order, normalized_order_id, read_order_id, same_order
from bonifiq_desktop.domain.remote_orders import SeveralOrders
from bonifiq_desktop.domain.verdicts import FailureReason, LookupFailed, OrderNotFound
from bonifiq_desktop.ledger.errors import LedgerError
from bonifiq_desktop.ledger.ledger import Ledger
from bonifiq_desktop.services.connections import RemoteConnection, RemoteConnections
from bonifiq_desktop.services.lookup import NOT_OFFLINE, typed_order_id
from bonifiq_desktop.services.return_requests import RemoteLookup

_log = logging.getLogger(__name__)
_MAX_NUMBERS = 6
"""Numbers of one purchase that are asked for, at most; a system knows it by one or two."""


@dataclass(eq=False, repr=False)
class RemoteLookupService:
    """Looks orders up over the connections to marketplaces and web shops, and keeps which number means which order."""

    ledger: Ledger
    connections: RemoteConnections

    async def look_up(
        self, name: str, text: str, also: tuple[str, ...] = (), *, is_order_number: bool = False
    ) -> RemoteLookup:
        """What a connection shows of a purchase; without an answer, what it showed last.

        Raises OrderIdError, ConnectionUnknown, NotSetUp, SeveralOrders, LookupFailed, LedgerError.
        """
        remote = self.connections.get(name)
        typed = self._read(remote, text, is_order_number=is_order_number)
        numbers, known = self._candidates(remote, typed, also)
        for number in numbers:
            try:
                order = await remote.services.lookup.lookup.look_up(number)
            except OrderNotFound:
                continue
            except LookupFailed as failed:
                return self._cached(remote, typed, known, failed)
            self._remember(remote, [typed, *also], number, order)
            return self._result(remote, order)
        if len(known) > 1:  # which of them is meant, a person says
            raise SeveralOrders(tuple(known))
        return self._result(remote, None)

    def _read(self, remote: RemoteConnection, text: str, *, is_order_number: bool) -> str:
        """The number in a typed text. Raises OrderIdError for one that does not go out by itself."""
        if is_order_number or self.ledger.queries.has_seen(text.strip(), remote.connection.scope):
            return read_order_id(text)
        return typed_order_id(text)

    def _candidates(self, remote: RemoteConnection, typed: str, also: Iterable[str]) -> tuple[list[str], list[str]]:
        """The numbers to ask for, the typed one first; and the orders here that these numbers are known to mean."""
        queries = self.ledger.queries
        given: dict[str, str] = {}
        for number in (typed, *also):
            given.setdefault(normalized_order_id(number), number)
        linked = {
            normalized_order_id(other): other for number in given.values() for other in queries.linked_orders(number)
        }
        known = [other for other in linked.values() if queries.has_seen(other, remote.connection.scope)]
        meant = known if len(known) == 1 else []
        first = {normalized_order_id(number): number for number in (typed, *meant)}
        rest = {key: number for key, number in linked.items() if number not in known}
        return list((first | given | rest).values())[:_MAX_NUMBERS], known

    def _cached(self, remote: RemoteConnection, typed: str, known: list[str], failed: LookupFailed) -> RemoteLookup:
        """The order as last seen here. Raises the failure where that is not one order, or where the system refused."""
        if failed.reason in NOT_OFFLINE:
            raise failed
        for number in (typed, *(known if len(known) == 1 else ())):
            seen = self.ledger.queries.cached_order(number, remote.connection.scope)
            if seen is not None and seen[0].remote is not None:
                return self._result(remote, seen[0], seen[1], failed.reason)
        raise failed

    def _remember(self, remote: RemoteConnection, numbers: Iterable[str], asked: str, order: Order) -> None:
        """Keep the order, and which numbers mean it. An answer that cannot be stored is an answer all the same."""
        references = order.remote.references if order.remote else ()
        names_it = any(same_order(asked, known) for known in (order.order_id, *references))
        others = [*references, *(numbers if names_it else ())]
        try:
            self.ledger.remember_order(order, remote.connection.scope)
            known = (order.order_id, *self.ledger.queries.linked_orders(order.order_id))
            new = [other for other in others if not any(same_order(other, each) for each in known)]
            if new:
                self.ledger.link_orders(order.order_id, new)
        except LedgerError:  # the next registration reports it
            _log.exception("order not remembered")

    def _result(
        self,
        remote: RemoteConnection,
        order: Order | None,
        cached_at: datetime | None = None,
        failure_reason: FailureReason | None = None,
    ) -> RemoteLookup:
        system, name = remote.connection.scope
        if order is None:
            return RemoteLookup(name, system, None)
        history = self.ledger.queries.history_of(order.order_id, remote.connection.scope)
        return RemoteLookup(
            name, system, order.masked(), history.operations, history.unfinished, cached_at, failure_reason
        )
