"""What the cashier asks for. Registering is local and durable; the outbox does the sending."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bonifiq_desktop.connectors.bonifiq import requests
from bonifiq_desktop.connectors.http_client import CALL_TIMEOUT
from bonifiq_desktop.domain.completions import CompletionRequest, NotCompletable, completed_sale
from bonifiq_desktop.domain.connections import NotSetUp, ShopUncertain
from bonifiq_desktop.domain.decisions import COPY_LIFETIME, DecisionIncomplete, DecisionTooEarly, must_outlive_copies
from bonifiq_desktop.domain.keys import REFERENCE, cancel_key, sale_order_id, sale_reference
from bonifiq_desktop.domain.operations import Decision, Kind, Operation, State, resolve_by_person
from bonifiq_desktop.domain.orders import Order, read_order_id, read_typed_order_id, same_order
from bonifiq_desktop.domain.redaction import redact_personal_data
from bonifiq_desktop.domain.requests import Intent, SerializedRequest
from bonifiq_desktop.domain.sales import Sale, SaleError, SaleState, order_from_sale
from bonifiq_desktop.domain.specs import spec_of
from bonifiq_desktop.domain.staff import NO_APPROVAL, ApprovalGrant, Task
from bonifiq_desktop.domain.verdicts import FailureReason, LookupFailed
from bonifiq_desktop.ledger.errors import LedgerError, OrderBusy, SaleNumberUsed, TransitionRefused
from bonifiq_desktop.ledger.history import OperationDetails
from bonifiq_desktop.ledger.ledger import Ledger
from bonifiq_desktop.ledger.records import OrderHistory
from bonifiq_desktop.services.access_control import AccessControl
from bonifiq_desktop.services.connection import Connection
from bonifiq_desktop.services.known_customer import KnownCustomer
from bonifiq_desktop.services.lookup_result import LookupResult, lookup_result
from bonifiq_desktop.services.reconciliation import Reconciler
from bonifiq_desktop.services.refundable import (
    OrderAlreadyCancelled,
    RefundRequest,
    ValueNotRefundable,
    is_fully_cancelled,
    refundable_amount,
    validate_items,
)
from bonifiq_desktop.storage.settings import Settings

_log = logging.getLogger(__name__)
_NO_WAIT = timedelta()

# Without these the order as last seen here does not help: BonifiQ answered with its own refusal or another order, or
# does not let this till in any more, and then nothing goes out until somebody puts that right.
_NOT_OFFLINE = frozenset({None, FailureReason.CREDENTIALS, FailureReason.WRONG_ORDER})


class Counter:
    """Look-ups over the network, registrations into the ledger.

    `announce` gets every final operation that a look-up contradicts.
    """

    def __init__(
        self,
        ledger: Ledger,
        connection: Connection,
        settings: Settings,
        hash_key: bytes | None,
        announce: Callable[[Operation], None],
        *,
        access: AccessControl,
    ) -> None:
        self._ledger = ledger
        self._connection = connection
        self._access = access
        self._checks = Reconciler(ledger, connection, connection.get_for_person, announce)
        self.customer = KnownCustomer(ledger, self._checks, hash_key, access=access)
        self.settings = settings

    # --- looking up

    async def look_up(self, typed: str, *, is_sure: bool = False) -> LookupResult:
        """Ask BonifiQ for an order; one that is known here is answered as last seen where BonifiQ gives no answer.

        `is_sure`: a person says that it is an order's number, whatever it looks like.

        Raises OrderIdError, NotSetUp, LookupFailed.
        """
        asked = (
            read_order_id(typed)
            if is_sure or self._ledger.queries.has_seen(typed.strip())
            else read_typed_order_id(typed)
        )
        try:
            order = await self._checks.look_up(asked)
        except LookupFailed as failed:
            seen = None if failed.reason in _NOT_OFFLINE else self._ledger.queries.last_seen(asked)
            if seen is None:
                raise
            return replace(lookup_result(self._ledger, seen[0], asked), cached_at=seen[1], failure_reason=failed.reason)
        found = lookup_result(self._ledger, order, asked)
        asyncio.get_running_loop().call_soon(self._remember, order)
        return found

    def _remember(self, order: Order) -> None:
        """Keep an order that was looked up, once whoever asked has the answer: nobody waits for the disk.

        Before the next command: a refund of it finds the total that was seen.
        """
        try:
            self._ledger.remember_order(order, self.customer.pseudonym(order.customer))
        except LedgerError:  # whoever registers something is told what is wrong with it
            _log.exception("an order was not remembered")

    # --- registering

    def refund(self, request: RefundRequest, grant: ApprovalGrant = NO_APPROVAL) -> Operation:
        """Register a refund of part of an order: key and body are frozen on disk when this returns.

        Raises OrderBusy, OrderAlreadyCancelled, ValueNotRefundable, ItemNotRefundable, NotSetUp, LedgerError, and
        ManagerNeeded beyond the shop's limit. Nothing is sent then.
        """
        order = request.order
        history = self._free_history(order)
        left = refundable_amount(order, history)
        if not 0 < request.value <= left:
            raise ValueNotRefundable(left)
        validate_items(request, history)
        account = self._account()
        given_back = sum(history.open_refunds) + request.value
        if 0 < self.settings.refund_limit < given_back:
            self._access.require(Task.OVER_LIMIT, grant, order=order.order_id, value=request.value)
        intent = Intent(
            Kind.REFUND,
            order.order_id,
            request.value,
            redact_personal_data(request.reason),
            request.lines,
            order,
            intent_id=request.intent_id,
            look_up_first=request.cached_at is not None,
            account=account,
            registered_by=self._access.current_user_name,
            approved_by=_name_of(grant),
        )
        wire_lines = request.lines if self.settings.send_refund_products else ()

        def freeze(index: int) -> SerializedRequest:
            key = cancel_key(account, order.order_id, request.value, index)
            path = requests.refund_path(order.order_id, family=self.settings.order_paths)
            return SerializedRequest(path, requests.refund_body(request.value, key, wire_lines), key)

        return self._ledger.enqueue(intent, freeze)

    def cancel(
        self,
        order: Order,
        reason: str,
        intent_id: str | None = None,
        seen_at: datetime | None = None,
        grant: ApprovalGrant = NO_APPROVAL,
    ) -> Operation:
        """Register the cancellation of a whole order; `seen_at` as in FoundOrder. Raises as `refund` does."""
        left = refundable_amount(order, self._free_history(order))
        account = self._account()
        self._access.require(Task.CANCEL_ORDER, grant, order=order.order_id, value=left)
        reason = redact_personal_data(reason)
        path = requests.cancel_path(order.order_id, family=self.settings.order_paths)
        body = requests.cancel_body(self._connection.clock.corrected_time(), reason)
        intent = Intent(
            Kind.CANCEL,
            order.order_id,
            left,
            reason,
            order=order,
            intent_id=intent_id,
            look_up_first=seen_at is not None,
            account=account,
            registered_by=self._access.current_user_name,
            approved_by=_name_of(grant),
        )
        return self._ledger.enqueue(intent, lambda _index: SerializedRequest(path, body))

    def sell(self, sale: Sale, intent_id: str | None = None, grant: ApprovalGrant = NO_APPROVAL) -> Operation:
        """Register a sale under its own number, or one that this till makes.

        BonifiQ takes a sale under the number of an order that it has for a change of that order: a number that somebody
        typed is looked up before the sale is sent. Raises SaleError, OrderIdError, SaleExists, OrderBusy, NotSetUp,
        LedgerError, and ManagerNeeded for one that is cancelled. Nothing is sent then.
        """
        notes = tuple((redact_personal_data(name), redact_personal_data(note)) for name, note in sale.notes)
        checked = replace(sale, notes=notes, customer=self.customer.unmasked(sale.customer)).checked()
        account = self._account()
        typed = self._typed_order_id(checked.order_id)
        if checked.state is SaleState.CANCELLED:
            self._access.require(Task.CANCEL_ORDER, grant, order=typed or "", value=checked.total)
        order_id = typed or self._new_order_id(checked.placed_at)
        reference = sale_reference(self._ledger.connection.ledger_id, intent_id)
        body = requests.sale_body(checked, order_id, reference)
        order = order_from_sale(checked, order_id)
        intent = Intent(
            Kind.SALE,
            order_id,
            checked.total,
            order=order,
            document_hash=self.customer.pseudonym(checked.customer),
            intent_id=intent_id,
            look_up_first=typed is not None,
            account=account,
            reference=reference,
            registered_by=self._access.current_user_name,
            approved_by=_name_of(grant),
        )
        operation = self._ledger.enqueue(intent, lambda _index: SerializedRequest(requests.SALES_PATH, body))
        self.customer.forget()
        return operation

    async def complete(self, request: CompletionRequest) -> Operation:
        """Register that a pending sale is completed, as it is looked up now: the customer in the request is BonifiQ's.

        Raises NotCompletable where it is not the order that was seen, not pending, or not shown whole; OrderBusy,
        OrderAlreadyCancelled, LookupFailed, NotSetUp, LedgerError. Nothing is sent then.
        """
        account = self._account()
        seen = request.order
        now = datetime.now(UTC)
        if request.at > now:
            raise SaleError("state_date")
        order = await self._checks.look_up(seen.order_id)
        if not same_order(order.order_id, seen.order_id) or order.total != seen.total:
            raise NotCompletable
        history = self._free_history(order)
        sale = completed_sale(order, self._ledger.queries.sold_order(order.order_id), request.at, now)
        intent = Intent(
            Kind.COMPLETION,
            order.order_id,
            order.total,
            order=order,
            document_hash=self.customer.pseudonym(order.customer),
            intent_id=request.intent_id,
            look_up_first=True,
            account=account,
            registered_by=self._access.current_user_name,
        )
        body = requests.sale_body(sale, order.order_id, _reference_of(order, history))
        return self._ledger.enqueue(intent, lambda _index: SerializedRequest(requests.SALES_PATH, body))

    def withdraw(self, operation_id: int) -> Operation:
        """Take back what has not left yet. Raises MoveRefused."""
        return self._ledger.withdraw(operation_id)

    def acknowledge(self, operation_id: int, grant: ApprovalGrant = NO_APPROVAL) -> Operation:
        """A person has looked into what a look-up showed against a final operation.

        Raises ManagerNeeded, MoveRefused.
        """
        self._access.require(Task.ACKNOWLEDGE, grant, operation=operation_id)
        return self._ledger.acknowledge_contradiction(operation_id)

    def decide(
        self, operation_id: int, decision: Decision, name: str, reason: str, grant: ApprovalGrant = NO_APPROVAL
    ) -> Operation:
        """Settle an operation in review by a person's word; name and reason go into its history.

        Whoever was proved to allow it is the one who decides, whatever name was typed. Raises DecisionIncomplete
        without a name and a reason, ManagerNeeded, DecisionTooEarly while a copy of the request may be on its way,
        MoveRefused for what the window does not offer, NotSetUp.
        """
        if not reason.strip():
            raise DecisionIncomplete
        self._access.require(Task.DECIDE, grant, operation=operation_id, decision=decision.value)
        name = _name_of(grant) or name
        if not name.strip():
            raise DecisionIncomplete
        note = f"{name.strip()}: {redact_personal_data(reason.strip())}"
        operation = self._ledger.queries.operation(operation_id)
        if decision not in spec_of(operation.kind).decisions_for(operation.review_reason):
            raise TransitionRefused(f"operation {operation_id} cannot be decided so")
        wait = self._copies_for(operation_id)
        if wait > _NO_WAIT and must_outlive_copies(decision, operation.review_reason):
            raise DecisionTooEarly(datetime.now(UTC) + wait)
        settled = resolve_by_person(decision)
        if settled.state is not State.QUEUED:
            return self._ledger.resolve(operation_id, State.REVIEW, settled, note=note)
        self._account()
        path = requests.refund_path(operation.order_id, family=self.settings.order_paths)
        lines = operation.lines if self.settings.send_refund_products else ()

        def freeze(index: int) -> SerializedRequest:
            key = cancel_key(operation.account, operation.order_id, operation.value, index)
            return SerializedRequest(path, requests.refund_body(operation.value, key, lines), key)

        return self._ledger.requeue_with_new_key(operation_id, freeze, note=note)

    def details(self, operation_id: int) -> OperationDetails | None:
        """One operation with everything known of it, or None."""
        found = self._ledger.queries.details(operation_id)
        if found is None:
            return None
        line = self._connection
        elsewhere = operation_id in self._ledger.queries.waiting_elsewhere(line.server_id, line.account)
        return replace(found, copy_lifetime=self._copies_for(operation_id), waits_elsewhere=elsewhere)

    def _copies_for(self, operation_id: int) -> timedelta:
        """How long a copy of a request of this operation may still be on its way."""
        if not self._ledger.queries.is_possibly_sent(operation_id):
            return _NO_WAIT
        passed = self._ledger.attempt_ages.since_last_attempt(operation_id)
        return max(_NO_WAIT, timedelta(seconds=CALL_TIMEOUT) + COPY_LIFETIME - passed)

    def _free_history(self, order: Order) -> OrderHistory:
        """What this till knows of an order that is free for something new. Raises OrderBusy, OrderAlreadyCancelled."""
        history = self._ledger.queries.history_of(order.order_id)
        busy = history.unfinished
        if busy is not None:  # said before the value is judged: what is left is not known until it is finished
            raise OrderBusy(busy)
        if is_fully_cancelled(order, history):
            raise OrderAlreadyCancelled
        return history

    def _account(self) -> str:
        if self._connection.credentials is None:
            raise NotSetUp
        if not self._connection.account:
            raise ShopUncertain
        return self._connection.account

    def _typed_order_id(self, typed: str) -> str | None:
        if not typed:
            return None
        order_id = read_order_id(typed)
        busy = self._ledger.queries.unfinished_of(order_id)
        if busy is not None:
            raise OrderBusy(busy)
        if self._ledger.queries.has_seen(order_id):
            raise SaleNumberUsed(order_id)  # BonifiQ would take it for a change of that order
        return order_id

    def _new_order_id(self, placed_at: datetime) -> str:
        day = placed_at.astimezone().date()
        return sale_order_id(
            self.settings.till, day, self._ledger.connection.ledger_id, self._ledger.next_sale_number()
        )


def _name_of(grant: ApprovalGrant) -> str:
    return grant.by.name if grant.by else ""


def _reference_of(order: Order, history: OrderHistory) -> str:
    """The reference that a completion repeats where the look-up hides it: the sale stays known as this till's."""
    if any(name == REFERENCE for name, _value in order.metadata):
        return ""
    return next((o.reference for o in history.operations if o.kind is Kind.SALE and o.reference), "")
