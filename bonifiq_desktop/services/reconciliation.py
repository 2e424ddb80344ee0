"""Look-ups, held against what this till has written down: what is to be sent, what is unknown, and what is final."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

from bonifiq_desktop.connectors.bonifiq import requests
from bonifiq_desktop.connectors.bonifiq.classify import parse_order
from bonifiq_desktop.connectors.http_client import HttpResult
from bonifiq_desktop.domain.completions import resolve_completion, resolve_refused_completion
from bonifiq_desktop.domain.connections import NotSetUp
from bonifiq_desktop.domain.contradictions import History
from bonifiq_desktop.domain.evidence import is_other_sale, is_this_sale
from bonifiq_desktop.domain.operations import (
    Evidence,
    Kind,
    Operation,
    Resolution,
    ReviewReason,
    State,
    resolve_by_lookup,
    resolve_refused_cancel,
    resolve_unsent,
    resolve_unsent_sale,
)
from bonifiq_desktop.domain.orders import Order, lookup_contradicts, order_summary, same_order
from bonifiq_desktop.domain.specs import spec_of
from bonifiq_desktop.domain.verdicts import FailureReason, LookupFailed, OrderNotFound
from bonifiq_desktop.ledger.errors import LedgerError
from bonifiq_desktop.ledger.ledger import Ledger
from bonifiq_desktop.services.connection import Connection
from bonifiq_desktop.services.refundable import refundable_amount

PROPAGATION_DELAY = timedelta(minutes=5)
"""How long after an operation became final a look-up may still show how it was before: nobody documents it, and one
look-up may be under way meanwhile."""


class LookupMustRepeat(Exception):
    """One "not found" does not make a typed number free: the order is looked up once more, after these `seconds`."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class Reconciler:
    """Asks BonifiQ for an order. `announce` gets every final operation that the answer contradicts, once.

    `read` asks through `connection`: for a person, who goes first, or for the outbox, which has a pace to keep.
    `apart`: seconds from one "not found" to the next that confirms it.
    """

    def __init__(
        self,
        ledger: Ledger,
        connection: Connection,
        read: Callable[[str], Awaitable[HttpResult]],
        announce: Callable[[Operation], None],
        not_found_interval: float = 0.0,
    ) -> None:
        self._apart = not_found_interval
        self._not_found: dict[int, float] = {}  # on the loop's clock, since when a typed number was not found
        self._ledger = ledger
        self._connection = connection
        self._read = read
        self._announce = announce

    async def look_up(self, order_id: str) -> Order:
        """The order that BonifiQ answers with; it may bear another number than the one asked for.

        Raises OrderNotFound, LookupFailed, NotSetUp.
        """
        try:
            order = parse_order(await self._read(requests.order_path(order_id)), order_id)
        except OrderNotFound:
            self._connection.recent_orders.discard(order_id)
            self._compare(order_id, None)
            raise
        self._connection.recent_orders.put(order)
        self._compare(order.order_id, order)
        return order

    def needs_lookup(self, operation: Operation) -> bool:
        """Whether an operation of the outbox may be sent only as its order allows.

        Before the first sending the order may have changed: what was registered waits for a line, a restart, a person.
        What became of a request without a key that was sent is seen in the order.
        """
        if operation.kind is Kind.SALE:
            return operation.state is State.UNKNOWN or operation.look_up_first
        return operation.kind is not Kind.REFUND or not self._ledger.queries.possibly_sent_attempts(
            operation.operation_id
        )

    async def resolve(self, operation: Operation) -> tuple[Resolution, str]:
        """Where a look-up leads an operation that needs one, and what it showed. Its present state means: send it.

        Raises LookupFailed, NotSetUp, AskAgain.
        """
        is_first = not self._ledger.queries.possibly_sent_attempts(operation.operation_id)
        if operation.kind is Kind.COMPLETION:
            order = await self._found_for(operation)
            return resolve_completion(operation, order, sent=not is_first), order_summary(order)
        if operation.kind is not Kind.SALE and is_first:
            # Registered from the order as last seen here, it is looked up in any case: BonifiQ could not be asked then.
            recent = None if operation.look_up_first else self._connection.recent_orders.get(operation.order_id)
            order = recent or await self._found_for(operation)
            return self._settle_by_check(operation, order), order_summary(order)
        order = await self._found_for(operation)
        if is_first:
            return resolve_unsent_sale(order, operation.state), order_summary(order)
        ours = order is None or operation.kind is not Kind.SALE or self._is_this_sale(operation, order)
        settled = resolve_by_lookup(operation.kind, operation.value, order, operation.review_reason, is_ours=ours)
        return settled, order_summary(order)

    async def _found_for(self, operation: Operation) -> Order | None:
        """The order of an operation, or None where BonifiQ has none. Raises LookupFailed, NotSetUp, AskAgain.

        A sale sent under a typed number that is not free would change another sale: for that, BonifiQ says "not found"
        twice in a row, some seconds apart. A single one may come from a part of it that lags behind.
        """
        since = self._not_found.pop(operation.operation_id, None)
        try:
            return await self._look_up(operation.order_id)
        except OrderNotFound:
            if operation.kind is not Kind.SALE or not operation.look_up_first:
                return None
            now = asyncio.get_running_loop().time()
            since = now if since is None else since
            wait = since + self._apart - now
            if wait > 0:
                self._not_found[operation.operation_id] = since
                raise LookupMustRepeat(wait) from None
            return None

    def _is_this_sale(self, operation: Operation, order: Order) -> bool:
        body = self._ledger.queries.request_body(operation.operation_id)
        return is_this_sale(operation, order, requests.customer_in_body(body) if body else None)

    async def resolve_accepted_sale(self, operation: Operation) -> Resolution | None:
        """Where a look-up leads a sale under a typed number that was answered "done"; None: it stays done.

        Two tills may find one number free and both be answered "done": whose sale it is, the order shows.
        """
        try:
            order = await self.look_up(operation.order_id)
        except (LookupFailed, NotSetUp):
            return None
        is_lost = is_other_sale(operation, order, just_sent=True)
        return Resolution(State.REVIEW, review_reason=ReviewReason.LOOKUP_DISAGREES) if is_lost else None

    def _settle_by_check(self, operation: Operation, order: Order | None) -> Resolution:
        known = self._ledger.queries.history_of(operation.order_id)
        others = tuple(other for other in known.operations if other.operation_id != operation.operation_id)
        history = replace(known, operations=others)
        seen = operation.order.total if operation.order else operation.value
        largest = seen if history.largest_total is None else history.largest_total
        unrefunded = largest - sum(history.open_refunds)
        left = refundable_amount(order, history) if order is not None else 0
        decided = self._ledger.queries.changed_order_summary(operation.operation_id)
        return resolve_unsent(operation, order, left, unrefunded, decided)

    async def lookup_contradicts_key(self, operation: Operation) -> bool:
        """Whether a look-up speaks against a refund that its used key says was applied."""
        history = self._ledger.queries.history_of(operation.order_id)
        if history.largest_total is None:
            return False
        try:
            order = await self._look_up(operation.order_id)
        except (LookupFailed, NotSetUp):
            return False
        return lookup_contradicts(history.largest_total, history.confirmed_refunds, operation.value, order.total)

    async def resolve_refusal(self, operation: Operation) -> Resolution | None:
        """Where a look-up made at once leads an operation without a key that was refused; None: it tells nothing."""
        try:
            order = await self._look_up(operation.order_id)
        except OrderNotFound:
            return Resolution(State.REFUSED, Evidence.ANSWER) if operation.kind is Kind.SALE else None
        except (LookupFailed, NotSetUp):
            return None
        match operation.kind:
            case Kind.COMPLETION:
                return resolve_refused_completion(operation, order)
            case Kind.SALE:
                ours = self._is_this_sale(operation, order)
                return resolve_by_lookup(operation.kind, operation.value, order, operation.review_reason, is_ours=ours)
            case _:
                return resolve_refused_cancel(order)

    async def is_cancelled_remotely(self, operation: Operation) -> bool:
        """Whether a look-up made at once shows that the whole order is cancelled; False when it tells nothing."""
        try:
            return (await self._look_up(operation.order_id)).cancelled
        except (LookupFailed, NotSetUp):
            return False

    async def _look_up(self, order_id: str) -> Order:
        order = await self.look_up(order_id)
        if not same_order(order.order_id, order_id):
            raise LookupFailed(FailureReason.WRONG_ORDER)
        with suppress(LedgerError):  # an answer that cannot be kept is an answer all the same
            self._ledger.remember_order(order, None)
        return order

    def _compare(self, order_id: str, order: Order | None) -> None:
        """Hold what a look-up showed against the final operations of that order."""
        with suppress(LedgerError):  # what cannot be written down now is seen again at the next look-up
            for operation in list(self._contradicted(order_id, order)):
                self._announce(self._ledger.record_contradiction(operation.operation_id, order_summary(order)))

    def _contradicted(self, order_id: str, order: Order | None) -> Iterator[Operation]:
        history = self._ledger.queries.history_of(order_id)
        largest = history.largest_total
        for operation in history.operations:
            is_final = operation.settled_at is not None
            if (
                not is_final
                or operation.contradicted
                or self._ledger.recently_settled.is_within(operation, PROPAGATION_DELAY)
            ):
                continue
            homes = self._ledger.queries.server_ids(operation.operation_id)
            others = [other for other in history.operations if other is not operation]
            if (
                homes <= {self._connection.server_id}  # what another server did, this one need not know
                and spec_of(operation.kind).is_contradicted(
                    operation, order, History(others, largest, possibly_sent=bool(homes))
                )
                # What a person has looked into is no news, unless BonifiQ shows something else by now.
                and self._ledger.queries.last_contradiction(operation.operation_id) != order_summary(order)
            ):
                yield operation
