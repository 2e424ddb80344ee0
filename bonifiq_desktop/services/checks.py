"""Look-ups, held against what this till has written down: what is to be sent, what is unknown, and what is final."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from datetime import timedelta

from bonifiq_desktop.api import requests
from bonifiq_desktop.api.client import Seen
from bonifiq_desktop.api.verdict import read_order
from bonifiq_desktop.domain.completions import settle_completion, settle_refused_completion
from bonifiq_desktop.domain.contradictions import contradicts
from bonifiq_desktop.domain.operations import (
    CLOSED_NEGATIVELY,
    Kind,
    Operation,
    Settled,
    State,
    settle_by_check,
    settle_by_lookup,
    settle_refused_cancel,
    settle_unsent_sale,
)
from bonifiq_desktop.domain.orders import Order, lookup_contradicts, same_order, shown_by
from bonifiq_desktop.domain.verdicts import LookupFailed, OrderNotFound, Trouble
from bonifiq_desktop.ledger.errors import LedgerError
from bonifiq_desktop.ledger.ledger import Ledger
from bonifiq_desktop.services.connection import Connection
from bonifiq_desktop.services.errors import NotSetUp

LAG = timedelta(minutes=5)
"""How long after an operation became final a look-up may still show how it was before: nobody documents it, and one
look-up may be under way meanwhile."""


def needs_lookup(operation: Operation) -> bool:
    """Whether an operation of the outbox may not be sent before its order is looked up."""
    if operation.state is State.QUEUED:
        return operation.check_first
    return operation.kind is not Kind.REFUND  # what became of a sale or a whole cancel is seen in the order


class Checks:
    """Asks BonifiQ for an order. `announce` gets every final operation that the answer contradicts, once.

    `read` asks through `connection`: for a person, who goes first, or for the outbox, which has a pace to keep.
    """

    def __init__(
        self,
        ledger: Ledger,
        connection: Connection,
        read: Callable[[str], Awaitable[Seen]],
        announce: Callable[[Operation], None],
    ) -> None:
        self._ledger = ledger
        self._connection = connection
        self._read = read
        self._announce = announce

    async def ask(self, order_id: str) -> Order:
        """The order that BonifiQ answers with; it may bear another number than the one asked for.

        Raises OrderNotFound, LookupFailed, NotSetUp.
        """
        try:
            order = read_order(await self._read(requests.order_path(order_id)), order_id)
        except OrderNotFound:
            self._compare(order_id, None)
            raise
        self._compare(order.order_id, order)
        return order

    async def judge(self, operation: Operation) -> tuple[Settled, str]:
        """Where a look-up leads an operation that needs one, and what it showed. Its present state means: send it.

        Raises LookupFailed, NotSetUp.
        """
        try:
            order = await self._look_up(operation.order_id)
        except OrderNotFound:
            order = None
        if operation.kind is Kind.COMPLETION:
            sent = bool(self._ledger.sent_attempts(operation.operation_id))
            return settle_completion(operation, order, sent=sent), shown_by(order)
        if operation.kind is Kind.SALE and not self._ledger.sent_attempts(operation.operation_id):
            return settle_unsent_sale(order, operation.state), shown_by(order)
        if operation.state is State.QUEUED:
            return self._settle_by_check(operation, order), shown_by(order)
        return settle_by_lookup(operation.kind, operation.value, order, operation.doubt), shown_by(order)

    def _settle_by_check(self, operation: Operation, order: Order | None) -> Settled:
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

    async def judge_refusal(self, operation: Operation) -> Settled | None:
        """Where a look-up made at once leads a whole cancel or completion that was refused; None: it tells nothing."""
        try:
            order = await self._look_up(operation.order_id)
        except (LookupFailed, NotSetUp):
            return None
        if operation.kind is Kind.COMPLETION:
            return settle_refused_completion(operation, order)
        return settle_refused_cancel(order)

    async def _look_up(self, order_id: str) -> Order:
        order = await self.ask(order_id)
        if not same_order(order.order_id, order_id):
            raise LookupFailed(Trouble.WRONG_ORDER)
        with suppress(LedgerError):  # an answer that cannot be kept is an answer all the same
            self._ledger.remember_order(order, None)
        return order

    def _compare(self, order_id: str, order: Order | None) -> None:
        """Hold what a look-up showed against the final operations of that order."""
        with suppress(LedgerError):  # what cannot be written down now is seen again at the next look-up
            for operation in list(self._contradicted(order_id, order)):
                self._announce(self._ledger.contradict(operation.operation_id, shown_by(order)))

    def _contradicted(self, order_id: str, order: Order | None) -> Iterator[Operation]:
        history = self._ledger.history_of(order_id)
        for operation in history.operations:
            is_final = operation.settled_at is not None
            if not is_final or operation.contradicted or self._ledger.settlings.within(operation, LAG):
                continue
            homes = self._ledger.homes_of(operation.operation_id)
            others = [other for other in history.operations if other is not operation]
            if (
                homes <= {self._connection.home}  # what another server did, this one need not know
                and contradicts(operation, order, others, first_total=history.first_total, may_have_left=bool(homes))
                # What a person has looked into is no news, unless BonifiQ shows something else by now.
                and self._ledger.last_contradiction(operation.operation_id) != shown_by(order)
            ):
                yield operation
