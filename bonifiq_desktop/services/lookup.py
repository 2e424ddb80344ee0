"""Look-ups of orders, of the customer of an order, and the answer to a person's look-up."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from bonifiq_desktop.domain.contacts import is_masked, mask_email, mask_phone
from bonifiq_desktop.domain.contradictions import History
from bonifiq_desktop.domain.documents import RevealedDocument, format_document
from bonifiq_desktop.domain.estimates import Earned
from bonifiq_desktop.domain.operations import Kind, Operation, State
from bonifiq_desktop.domain.orders import (
    Customer,
    NotOrderNumber,
    Order,
    order_summary,
    read_order_id,
    read_typed_order_id,
    same_order,
)
from bonifiq_desktop.domain.query import read_query
from bonifiq_desktop.domain.redaction import redact_personal_data
from bonifiq_desktop.domain.sales import SaleError
from bonifiq_desktop.domain.specs import spec_of
from bonifiq_desktop.domain.staff import NO_APPROVAL, ApprovalGrant, Task
from bonifiq_desktop.domain.verdicts import FailureReason, LookupFailed, OrderNotFound
from bonifiq_desktop.ledger.errors import LedgerError
from bonifiq_desktop.ledger.ledger import Ledger
from bonifiq_desktop.ledger.records import Restoration
from bonifiq_desktop.services.access_control import AccessControl
from bonifiq_desktop.services.connection import Connection
from bonifiq_desktop.services.refundable import LookupResult, is_fully_cancelled, largest_total, refundable_amount

_log = logging.getLogger(__name__)
_MARK = "known:"
"""Begin of the `customer_id` that marks a customer found by an order; a request never holds it."""
PROPAGATION_DELAY = timedelta(minutes=5)
"""How long after an operation became final a look-up may still show the state before: no document gives a figure, and
one look-up may be under way meanwhile."""


@dataclass(eq=False, repr=False)
class OrderLookup:
    """Looks orders up over one connection. `publish` gets every final operation that an answer contradicts, once.

    `ask`: looks up for a person, who goes first, or for the outbox, which keeps to its rate.
    """

    ledger: Ledger
    connection: Connection
    ask: Callable[[str], Awaitable[Order]]
    publish: Callable[[Operation], None]

    async def look_up(self, order_id: str) -> Order:
        """The order that the system answers with; it may bear another number than the requested one.

        Raises OrderNotFound, LookupFailed, NotSetUp.
        """
        try:
            order = await self.ask(order_id)
        except OrderNotFound:
            self.record(order_id, None)
            raise
        self.record(order_id, order)
        return order

    def record(self, order_id: str, order: Order | None) -> None:
        """Use what the system showed of an order; None: it has no order under this number."""
        if order is None:
            self.connection.recent_orders.discard(order_id)
        else:
            self.connection.recent_orders.put(order)
            order_id = order.order_id
        with suppress(LedgerError):  # a contradiction that cannot be stored now is seen again at the next look-up
            for operation in list(self._contradicted(order_id, order)):
                self.publish(self.ledger.record_contradiction(operation.operation_id, order_summary(order)))

    def _contradicted(self, order_id: str, order: Order | None) -> Iterator[Operation]:
        history = self.ledger.queries.history_of(order_id, self.connection.scope)
        for operation in history.operations:
            if operation.till or operation.settled_at is None or operation.contradicted:
                continue  # another till's is that till's to judge
            if self.ledger.recently_settled.is_within(operation, PROPAGATION_DELAY):
                continue
            server_ids = self.ledger.queries.attempts.server_ids(operation.operation_id)
            others = [other for other in history.operations if other is not operation]
            if (
                server_ids <= {self.connection.server_id}  # another server's effects need not show on this one
                and spec_of(operation.kind).is_contradicted(
                    operation, order, History(others, history.largest_total, possibly_sent=bool(server_ids))
                )
                # An acknowledged contradiction is repeated only when the system shows something else by now.
                and self.ledger.queries.last_contradiction(operation.operation_id) != order_summary(order)
            ):
                yield operation


@dataclass(eq=False, repr=False)
class KnownCustomer:
    """Finds customers, caches the last one in memory, and replaces a sale's masked fields by its data.

    Without the keys of the customer records, no customer is found.
    """

    ledger: Ledger
    lookup: OrderLookup
    access: AccessControl
    _known: tuple[str, Customer] | None = field(init=False, default=None)  # pseudonym and customer

    async def reveal(self, order_id: str, *, grant: ApprovalGrant = NO_APPROVAL) -> RevealedDocument:
        """Look up the whole document of an order's customer.

        Raises ApprovalNeeded, NotSetUp, LookupFailed.
        """
        self.access.require(Task.REVEAL, grant, order=order_id)
        order = await self.lookup.look_up(order_id)
        if not same_order(order.order_id, order_id):
            raise LookupFailed(FailureReason.WRONG_ORDER)
        return RevealedDocument(format_document(order.customer.document) if order.customer else "")

    async def find(self, document: str, order_id: str = "") -> Customer | None:
        """Look up the customer of the newest order seen here with this document; None if there is none.

        `order_id`: an order of the customer, in place of the document; the result then bears a mark as its
        `customer_id`. The result is masked; a sale with unchanged masks, and with that mark, gets the data behind them.
        The ledger stores only a pseudonym. Raises NotSetUp, LookupFailed.
        """
        if order_id:
            return await self._find_by_order(order_id)
        known_as = self.pseudonym(Customer(document=document))
        if self._known is not None and self._known[0] != known_as:
            self._known = None
        last_order = self.ledger.queries.last_order_id_of_customer(known_as) if known_as else None
        if known_as is None or last_order is None:
            return None
        customer = await self._customer_of(last_order)
        if customer is None or self.pseudonym(customer) != known_as:
            return None
        self._known = known_as, customer
        return customer.masked()

    async def _find_by_order(self, order_id: str) -> Customer | None:
        self._known = None
        customer = await self._customer_of(order_id)
        known_as = self.pseudonym(customer)
        if customer is None or known_as is None:
            return None
        self._known = known_as, customer
        return replace(customer.masked(), customer_id=f"{_MARK}{known_as}")

    async def _customer_of(self, order_id: str) -> Customer | None:
        """The customer of an order as the system shows it, or as kept here where the system is not reached.

        The order of a redemption is registered by its sale: the system knows none before that.
        """
        try:
            return (await self.lookup.look_up(order_id)).customer
        except LookupFailed as failed:
            if isinstance(failed, OrderNotFound) and self.ledger.checkouts.has_redeemed(order_id):
                return self.ledger.customers.of_order(order_id, self.lookup.connection.scope)
            if failed.reason in NOT_OFFLINE:
                raise
            return self.ledger.customers.of_order(order_id, self.lookup.connection.scope)

    def forget(self) -> None:
        self._known = None

    def unmasked(self, typed: Customer) -> Customer:
        """Replace a sale's masked fields by the data of the cached customer.

        Raises SaleError for a masked field or a mark of another customer.
        """
        known = self._known_as(typed)
        if known is not None:
            document = known.document if typed.customer_id.startswith(_MARK) else typed.document
            email = known.email if typed.email == mask_email(known.email) else typed.email
            phone = known.phone if typed.phone == mask_phone(known.phone) else typed.phone
            name = known.name if typed.name == redact_personal_data(known.name) else typed.name
            customer_id = typed.customer_id.partition(_MARK)[0]
            typed = replace(typed, customer_id=customer_id, document=document, name=name, email=email, phone=phone)
        texts = (("document", typed.document), ("name", typed.name), ("email", typed.email), ("phone", typed.phone))
        for part, text in texts:
            if is_masked(text):
                raise SaleError(part)
        return typed

    def _known_as(self, typed: Customer) -> Customer | None:
        """The cached customer, when a sale is for the same one. Raises SaleError for the mark of another one."""
        known_as, known = self._known or (None, None)
        is_marked = typed.customer_id.startswith(_MARK)
        asked_as = typed.customer_id.removeprefix(_MARK) if is_marked else self.pseudonym(typed)
        if known_as is not None and known_as == asked_as:
            return known
        if is_marked:
            raise SaleError("document")
        return None

    def pseudonym(self, customer: Customer | None) -> str | None:
        keys = self.ledger.customers.keys
        return keys.identity(customer.document, customer.email, customer.phone) if customer and keys else None


# After these the order as last seen here does not help: the system refused, or answered with another order, or does not
# accept this till any more, so that nothing can be sent before that is put right.
NOT_OFFLINE = frozenset({None, FailureReason.CREDENTIALS, FailureReason.WRONG_ORDER})


@dataclass(eq=False, repr=False)
class LookupService:
    """Look-ups over one connection, combined with what the ledger knows."""

    ledger: Ledger
    connection: Connection
    lookup: OrderLookup
    customers: KnownCustomer

    async def look_up(self, text: str, *, is_order_number: bool = False) -> LookupResult:
        """The order with the typed number; one that is known here comes as last seen where the system is not reached.

        `is_order_number`: a person says that it is an order's number, whatever it looks like. Raises OrderIdError, also
        for a name, an amount or a date; NotSetUp, LookupFailed.
        """
        is_known = is_order_number or self.ledger.queries.has_seen(text.strip(), self.connection.scope)
        order_id = read_order_id(text) if is_known else typed_order_id(text)
        try:
            order = await self.lookup.look_up(order_id)
        except LookupFailed as failed:
            if failed.reason in NOT_OFFLINE:
                raise
            seen = self.ledger.queries.cached_order(order_id, self.connection.scope)
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
            self.ledger.remember_order(order, self.connection.scope)
        except LedgerError:  # the next registration reports it
            _log.exception("order not remembered")

    def _result(self, order: Order, requested_id: str) -> LookupResult:
        history = self.ledger.queries.history_of(order.order_id, self.connection.scope)
        return LookupResult(
            order=order.masked(),
            requested_id=requested_id,
            refundable=refundable_amount(order, history),
            refunded=history.confirmed_refunds,
            operations=history.operations,
            unfinished=history.unfinished,
            closed=is_fully_cancelled(order, history),
            largest_total=largest_total(order, history),
            earned=_earned_by_sale(history.operations) or self.ledger.queries.last_earned(self.connection.scope),
            restored=_restoration_after(self.ledger.queries.restoration(), order),
        )


def _earned_by_sale(operations: tuple[Operation, ...]) -> Earned | None:
    sales = (o for o in operations if o.kind is Kind.SALE and o.state is State.CONFIRMED)
    return next((Earned(o.bonus, o.value) for o in sales if o.bonus and o.value), None)


def typed_order_id(text: str) -> str:
    """The order number in a text. Raises OrderIdError for a text that does not go out by itself; see `read_query`."""
    order_id = read_typed_order_id(text)
    if not read_query(text, datetime.now(UTC).astimezone().date()).order_id:
        raise NotOrderNumber(order_id)
    return order_id


def _restoration_after(restoration: Restoration | None, order: Order) -> Restoration | None:
    if restoration is None or (order.placed_at is not None and order.placed_at > restoration.restored_at):
        return None
    return restoration
