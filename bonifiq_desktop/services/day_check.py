"""The check of a day: each of its orders is looked up in its system and compared with what this till registered."""

import logging
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from bonifiq_desktop.domain.connections import NotSetUp
from bonifiq_desktop.domain.day_check import Found, compare
from bonifiq_desktop.domain.day_close import DayCheck, Difference, NextStep, OrderDifference
from bonifiq_desktop.domain.operations import UNFINISHED, Kind, Operation, Scope, State
from bonifiq_desktop.domain.orders import Order, normalized_order_id, same_order
from bonifiq_desktop.domain.progress import Progress, WorkStopped
from bonifiq_desktop.domain.verdicts import FailureReason, LookupFailed, OrderNotFound
from bonifiq_desktop.ledger.day_close import read_operations_of_day
from bonifiq_desktop.ledger.ledger import Ledger
from bonifiq_desktop.ledger.records import OrderHistory
from bonifiq_desktop.services.connections import RemoteConnections
from bonifiq_desktop.services.file_executor import FileExecutor
from bonifiq_desktop.services.lookup import PROPAGATION_DELAY
from bonifiq_desktop.services.outbox import Outbox
from bonifiq_desktop.services.return_requests import ConnectionUnknown
from bonifiq_desktop.storage.paths import Paths

_log = logging.getLogger(__name__)
_OF_CONNECTION = frozenset(
    {
        FailureReason.NO_CONNECTION,
        FailureReason.CERTIFICATE,
        FailureReason.CREDENTIALS,
        FailureReason.FORBIDDEN,
        FailureReason.THROTTLED,
        FailureReason.REDIRECTED,
    }
)
"""Failures that the next order of the same connection would meet, too."""
_MAX_FAILURES = 3
"""Look-ups of one connection that fail, of whatever reason, before its other orders are left out."""


@dataclass(frozen=True)
class _OrderOfDay:
    order_id: str
    scope: Scope
    account: str


@dataclass(eq=False, repr=False)
class DayCheckService:
    """Checks days in the background: behind people's look-ups, at the rate of the outbox. `outbox`: BonifiQ's."""

    ledger: Ledger
    paths: Paths
    outbox: Outbox
    connections: RemoteConnections

    async def check(self, day: date, progress: Progress) -> DayCheck:
        """Compare each order of a day with its system; a stop ends it with what was checked. Raises LedgerError."""
        operations = await FileExecutor().run(read_operations_of_day, self.paths.ledger, day)
        orders = _orders(operations)
        checked, differences = 0, list(self._open_rewards(operations))
        failures: Counter[str] = Counter()
        with suppress(WorkStopped):
            for number, order in enumerate(orders):
                progress.report(number, len(orders))
                found = await self._check(order, failures)
                checked += all(each.difference is not Difference.NOT_CHECKED for each in found)
                differences += found
            progress.report(len(orders), len(orders))
        return DayCheck(day, len(orders), checked, tuple(differences), self.ledger.connection.clock())

    def _open_rewards(self, operations: list[Operation]) -> Iterator[OrderDifference]:
        for each in operations:
            is_redeemed = (each.kind, each.state) == (Kind.REDEMPTION, State.CONFIRMED)
            if is_redeemed and self.ledger.checkouts.live_end(each.checkout_id) is None:
                scope = Scope(each.system, each.connection)
                yield _difference(each.order_id, scope, Found(Difference.REWARD_OPEN, each.value))

    async def _check(self, order: _OrderOfDay, failures: Counter[str]) -> list[OrderDifference]:
        history = self.ledger.queries.history_of(order.order_id, order.scope)
        unfinished = [each for each in history.operations if each.state in UNFINISHED]
        if unfinished:
            is_review = any(each.state is State.REVIEW for each in unfinished)
            return [_not_checked(order, NextStep.DECIDE if is_review else NextStep.WAIT)]
        try:
            outbox = self._outbox(order.scope)
        except ConnectionUnknown:
            return [_not_checked(order, NextStep.ASK_SYSTEM)]
        if not self._is_from_here(outbox, order, history):
            return [_not_checked(order, NextStep.ASK_SYSTEM)]
        if failures[order.scope.connection] >= _MAX_FAILURES:
            return [_not_checked(order)]
        try:
            shown = await self._look_up(outbox, order.order_id)
        except (LookupFailed, NotSetUp) as failed:
            reason = failed.reason if isinstance(failed, LookupFailed) else FailureReason.CREDENTIALS
            failures[order.scope.connection] += _MAX_FAILURES if reason in _OF_CONNECTION else 1
            _log.info("order not checked")
            return [_not_checked(order, NextStep.ASK_SYSTEM if reason is FailureReason.WRONG_ORDER else None)]
        failures[order.scope.connection] = 0
        # Read again: the look-up may have taken a while, and its answer marks what it contradicts.
        return self._compared(order, shown, self.ledger.queries.history_of(order.order_id, order.scope))

    async def _look_up(self, outbox: Outbox, order_id: str) -> Order | None:
        try:
            order = await outbox.look_up_for_check(order_id)
        except OrderNotFound:
            return None
        if not same_order(order.order_id, order_id):
            raise LookupFailed(FailureReason.WRONG_ORDER)
        return order

    def _compared(self, order: _OrderOfDay, shown: Order | None, history: OrderHistory) -> list[OrderDifference]:
        found = compare(history.operations, shown, history.largest_total)
        if not found:
            return []
        # A look-up may show for a while what was before.
        just_settled = any(
            self.ledger.recently_settled.is_within(each, PROPAGATION_DELAY) for each in history.operations
        )
        contradicted = any(each.contradicted for each in history.operations)
        next_step = NextStep.WAIT if just_settled else NextStep.DECIDE if contradicted else None
        currency = history.operations[0].currency
        return [_difference(order.order_id, order.scope, each, next_step, currency) for each in found]

    def _outbox(self, scope: Scope) -> Outbox:
        """The outbox of a connection. Raises ConnectionUnknown."""
        own = self.outbox
        return own if scope == own.connection.scope else self.connections.get(scope.connection).services.outbox

    def _is_from_here(self, outbox: Outbox, order: _OrderOfDay, history: OrderHistory) -> bool:
        """Whether the shop and address in force are those of the order: others have other orders under its number."""
        server_ids = self.ledger.queries.attempts.server_ids
        used = {server for each in history.operations for server in server_ids(each.operation_id)}
        connection = outbox.connection
        return order.account == connection.account and used <= {connection.server_id, None}


def _orders(operations: list[Operation]) -> list[_OrderOfDay]:
    """The orders of a day that its systems can be asked for, in the order of their first operation."""
    orders: dict[tuple[str, Scope], _OrderOfDay] = {}
    for each in operations:
        scope = Scope(each.system, each.connection)
        if each.kind not in {Kind.REDEMPTION, Kind.REVERSAL}:
            key = (normalized_order_id(each.order_id), scope)
            orders.setdefault(key, _OrderOfDay(each.order_id, scope, each.account))
    return list(orders.values())


def _not_checked(order: _OrderOfDay, next_step: NextStep | None = None) -> OrderDifference:
    return _difference(order.order_id, order.scope, Found(Difference.NOT_CHECKED), next_step)


def _difference(
    order_id: str, scope: Scope, found: Found, next_step: NextStep | None = None, currency: str = "BRL"
) -> OrderDifference:
    return OrderDifference(
        order_id,
        scope.system,
        scope.connection,
        found.difference,
        next_step or found.next_step,
        found.here,
        found.there,
        currency,
    )
