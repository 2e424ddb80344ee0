"""The look-ups that the outbox makes: before a first sending, and for what only BonifiQ's side can tell."""

from contextlib import suppress

from bonifiq_desktop.api import requests
from bonifiq_desktop.api.verdict import read_order
from bonifiq_desktop.domain.operations import (
    CLOSED_NEGATIVELY,
    Kind,
    Operation,
    Settled,
    State,
    settle_by_check,
    settle_by_lookup,
)
from bonifiq_desktop.domain.orders import Order, lookup_contradicts, same_order
from bonifiq_desktop.domain.verdicts import LookupFailed, OrderNotFound, Trouble
from bonifiq_desktop.ledger.errors import LedgerError
from bonifiq_desktop.ledger.ledger import Ledger
from bonifiq_desktop.services.connection import Connection
from bonifiq_desktop.services.errors import NotSetUp


def needs_lookup(operation: Operation) -> bool:
    """Whether an operation of the outbox may not be sent before its order is looked up."""
    if operation.state is State.QUEUED:
        return operation.check_first
    return operation.kind is not Kind.REFUND  # what became of a sale or a whole cancel is seen in the order


class Checks:
    """Asks BonifiQ for an order, and holds what it shows against an operation."""

    def __init__(self, ledger: Ledger, connection: Connection) -> None:
        self._ledger = ledger
        self._connection = connection

    async def judge(self, operation: Operation) -> Settled:
        """Where a look-up leads an operation that needs one; its present state means: send it.

        Raises LookupFailed, NotSetUp.
        """
        try:
            order = await self._look_up(operation.order_id)
        except OrderNotFound:
            order = None
        if operation.state is not State.QUEUED:
            return settle_by_lookup(operation.kind, operation.value, order, operation.doubt)
        history = self._ledger.history_of(operation.order_id)
        others = [
            other.value
            for other in history.operations
            if other.kind is Kind.REFUND
            and other.state not in CLOSED_NEGATIVELY
            and other.operation_id != operation.operation_id
        ]
        seen = operation.order.total if operation.order else operation.value
        first_total = seen if history.first_total is None else history.first_total
        return settle_by_check(operation, order, first_total, others)

    async def contradicts(self, operation: Operation) -> bool:
        """Whether a look-up speaks against a refund that its used key says was applied."""
        history = self._ledger.history_of(operation.order_id)
        if history.first_total is None:
            return False
        try:
            order = await self._look_up(operation.order_id)
        except (LookupFailed, NotSetUp):
            return False
        return lookup_contradicts(history.first_total, history.confirmed_refunds, operation.value, order.total)

    async def _look_up(self, order_id: str) -> Order:
        order = read_order(await self._connection.get(requests.order_path(order_id)), order_id)
        if not same_order(order.order_id, order_id):
            raise LookupFailed(Trouble.WRONG_ORDER)
        with suppress(LedgerError):  # an answer that cannot be kept is an answer all the same
            self._ledger.remember_order(order, None)
        return order
