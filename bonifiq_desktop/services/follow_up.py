"""Follow-up of accepted returns: what the systems make of their refunds is read again until the money is back."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from bonifiq_desktop.domain.connections import NotSetUp
from bonifiq_desktop.domain.legs import is_settled_remotely
from bonifiq_desktop.domain.operations import Kind, Operation, State
from bonifiq_desktop.domain.verdicts import LookupFailed
from bonifiq_desktop.ledger.ledger import Ledger
from bonifiq_desktop.services.connection import Connection
from bonifiq_desktop.services.lookup import OrderLookup

_log = logging.getLogger(__name__)
INTERVAL = 900.0
"""Seconds from one round of look-ups to the next."""
PERIOD = timedelta(days=90)
"""How long an accepted return is followed; money that is not back by then, a person has asked for."""
ORDERS_PER_ROUND = 20


@dataclass(eq=False, repr=False)
class RemoteStateFollowUp:
    """Looks up the orders of confirmed returns of one connection, a few in each round, the longest unread first.

    `lookup`: at the outbox's rate and behind people. `publish` gets every operation whose remote state changed.
    """

    ledger: Ledger
    connection: Connection
    lookup: OrderLookup
    publish: Callable[[Operation], None]
    _round: deque[str] = field(init=False, default_factory=deque)
    _next_round_at: float = field(init=False, default=0.0)
    _asked_at: dict[str, float] = field(init=False, default_factory=dict)
    _silent: set[int] = field(init=False, default_factory=set)  # the system shows no state of them

    async def step(self) -> float | None:
        """Look one order up, if one is due; return the seconds until the next one, None for "never".

        Raises LedgerError.
        """
        if self.connection.settling is None:
            return None
        now = asyncio.get_running_loop().time()
        if not self._round:
            if now < self._next_round_at:
                return self._next_round_at - now
            self._next_round_at = now + INTERVAL
            self._begin_round()
        if self._round:
            await self._read(self._round.popleft())
        return 0.0 if self._round else max(0.0, self._next_round_at - asyncio.get_running_loop().time())

    def _begin_round(self) -> None:
        since = self.ledger.connection.clock() - PERIOD
        followed = self.ledger.queries.followed_returns(self.connection.scope, since)
        orders = {o.order_id for o in followed if self._is_followed(o)}
        self._asked_at = {order_id: at for order_id, at in self._asked_at.items() if order_id in orders}
        by_age = sorted(orders, key=lambda order_id: (self._asked_at.get(order_id, 0.0), order_id))
        self._round.extend(by_age[:ORDERS_PER_ROUND])

    async def _read(self, order_id: str) -> None:
        self._asked_at[order_id] = asyncio.get_running_loop().time()
        try:
            order = await self.lookup.look_up(order_id)
        except (LookupFailed, NotSetUp):
            self._round.clear()  # the next round tries again; the connection's status says what is wrong
            return
        for operation in self.ledger.queries.history_of(order_id, self.connection.scope).operations:
            if not self._is_followed(operation):
                continue
            state = self.connection.remote_state(order, operation)
            if not state and operation.evidence_id:  # without an id, the order itself may show it later
                self._silent.add(operation.operation_id)
            elif state != operation.remote_state:
                self.publish(self.ledger.record_remote_state(operation.operation_id, state))
                _log.info("remote state changed", extra={"operation": operation.operation_id})

    def _is_followed(self, operation: Operation) -> bool:
        is_accepted = (operation.kind, operation.state) == (Kind.RETURN, State.CONFIRMED)
        is_open = is_accepted and not operation.till and not is_settled_remotely(operation.remote_state)
        return is_open and operation.operation_id not in self._silent and self._is_from_here(operation)

    def _is_from_here(self, operation: Operation) -> bool:
        """Whether this address and shop accepted it: another one has other orders under the same numbers.

        A restored ledger does not know where an attempt went.
        """
        return self.ledger.queries.attempts.server_ids(operation.operation_id) <= {self.connection.server_id, None}
