"""Register what a cashier confirmed: local and durable when a method returns. The outbox does the sending."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial

from bonifiq_desktop.domain.checkouts import can_be_sold
from bonifiq_desktop.domain.completions import CompletionRequest, NotCompletable, completed_sale
from bonifiq_desktop.domain.keys import REFERENCE, sale_order_id, sale_reference
from bonifiq_desktop.domain.money import Cents
from bonifiq_desktop.domain.operations import FINAL, Kind, Operation
from bonifiq_desktop.domain.orders import Order, read_order_id, same_order
from bonifiq_desktop.domain.redaction import redact_personal_data
from bonifiq_desktop.domain.requests import Intent
from bonifiq_desktop.domain.sales import Sale, SaleError, SaleState, order_from_sale
from bonifiq_desktop.domain.specs import spec_of
from bonifiq_desktop.domain.staff import NO_APPROVAL, ApprovalGrant, Task
from bonifiq_desktop.ledger.errors import AlreadyRegistered, CheckoutEnded, CheckoutUnknown, OrderBusy, SaleNumberUsed
from bonifiq_desktop.ledger.ledger import Ledger
from bonifiq_desktop.ledger.records import OrderHistory
from bonifiq_desktop.services.access_control import AccessControl
from bonifiq_desktop.services.connection import Connection
from bonifiq_desktop.services.lookup import KnownCustomer, OrderLookup
from bonifiq_desktop.services.refundable import (
    OrderAlreadyCancelled,
    RefundRequest,
    ValueNotRefundable,
    is_fully_cancelled,
    refundable_amount,
    validate_items,
)
from bonifiq_desktop.storage.settings import Settings


@dataclass(eq=False, repr=False)
class RegistrationService:
    """Registers operations for one connection. Where a method raises, nothing was registered and nothing is sent."""

    ledger: Ledger
    connection: Connection
    lookup: OrderLookup
    customers: KnownCustomer
    settings: Callable[[], Settings]
    access: AccessControl

    def refund(self, request: RefundRequest, grant: ApprovalGrant = NO_APPROVAL) -> Operation:
        """Register a refund of part of an order.

        Raises what `plan_refund` raises, NotSetUp, ShopUncertain, and ApprovalNeeded beyond the shop's limit.
        """
        intent, given_back = self.plan_refund(request)
        return self.enqueue(intent, grant, given_back=given_back)

    def plan_refund(self, request: RefundRequest) -> tuple[Intent, Cents]:
        """The intent of a refund, and the sum of the order's refunds with it, in cents. Nothing is registered.

        Raises OrderBusy, OrderAlreadyCancelled, ValueNotRefundable, ItemNotRefundable, LedgerError.
        """
        order = request.order
        history = self._history_of_free(order)
        refundable = refundable_amount(order, history)
        if not 0 < request.value <= refundable:
            raise ValueNotRefundable(refundable)
        validate_items(request, history)
        intent = Intent(
            Kind.REFUND,
            order.order_id,
            request.value,
            redact_personal_data(request.reason),
            request.lines,
            order,
            intent_id=request.intent_id,
            look_up_first=request.cached_at is not None,
        )
        return intent, sum(history.open_refunds) + request.value

    def cancel(
        self,
        order: Order,
        reason: str,
        intent_id: str | None = None,
        cached_at: datetime | None = None,
        grant: ApprovalGrant = NO_APPROVAL,
    ) -> Operation:
        """Register the cancellation of a whole order; `cached_at` as in LookupResult.

        Raises OrderBusy, OrderAlreadyCancelled, NotSetUp, ShopUncertain, LedgerError, ApprovalNeeded.
        """
        refundable = refundable_amount(order, self._history_of_free(order))
        return self.enqueue(
            Intent(
                Kind.CANCEL,
                order.order_id,
                refundable,
                redact_personal_data(reason),
                order=order,
                intent_id=intent_id,
                look_up_first=cached_at is not None,
                stated_at=self.connection.clock.corrected_time(),
            ),
            grant,
        )

    def sell(
        self,
        sale: Sale,
        intent_id: str | None = None,
        grant: ApprovalGrant = NO_APPROVAL,
        checkout_id: str = "",
    ) -> Operation:
        """Register a sale under its own number, that of its redemption, or one that this till makes.

        BonifiQ takes a sale under the number of an existing order for a change of that order: a typed number is looked
        up before the sale is sent. Raises SaleError, OrderIdError, SaleNumberUsed, OrderBusy, NotSetUp, ShopUncertain,
        LedgerError, CheckoutEnded where the reward of the checkout cannot be used any more, and ApprovalNeeded for a
        sale that is cancelled.
        """
        notes = tuple((redact_personal_data(name), redact_personal_data(note)) for name, note in sale.notes)
        checked = replace(sale, notes=notes, customer=self.customers.unmasked(sale.customer)).checked()
        self.connection.require_account()
        redemption = self._usable_redemption(checkout_id)
        typed = self.free_order_id(checked.order_id or _typed_for(redemption))
        if checked.state is SaleState.CANCELLED:
            self.access.require(Task.CANCEL_ORDER, grant, order=typed or "", value=checked.total)
        order_id = typed or (redemption.order_id if redemption else self.new_order_id(checked.placed_at))
        operation = self.enqueue(
            Intent(
                Kind.SALE,
                order_id,
                checked.total,
                order=order_from_sale(checked, order_id),
                intent_id=intent_id,
                look_up_first=typed is not None or self._was_sold_as(order_id),
                reference=sale_reference(self.ledger.connection.ledger_id, intent_id),
                sale=checked,
                checkout_id=checkout_id,
            ),
            grant,
        )
        self.customers.forget()
        return operation

    async def complete(self, request: CompletionRequest) -> Operation:
        """Register that a pending sale is completed, as it is looked up now, with the customer that BonifiQ shows.

        Raises NotCompletable where it is not the order that was seen, not pending, or not shown whole; SaleError,
        OrderBusy, OrderAlreadyCancelled, LookupFailed, NotSetUp, ShopUncertain, LedgerError.
        """
        account = self.connection.require_account()  # the shop that is looked up, whatever is set up meanwhile
        seen = request.order
        now = datetime.now(UTC)
        if request.at > now:
            raise SaleError("state_date")
        order = await self.lookup.look_up(seen.order_id)
        if not same_order(order.order_id, seen.order_id) or order.total != seen.total:
            raise NotCompletable
        history = self._history_of_free(order)
        sale = completed_sale(
            order, self.ledger.queries.sold_order(order.order_id, self.connection.scope), request.at, now
        )
        return self.enqueue(
            Intent(
                Kind.COMPLETION,
                order.order_id,
                order.total,
                order=order,
                intent_id=request.intent_id,
                look_up_first=True,
                account=account,
                sale=_with_reference(sale, order, history),
            )
        )

    def _usable_redemption(self, checkout_id: str) -> Operation | None:
        """The redemption that a sale uses or waits for. Raises AlreadyRegistered, CheckoutEnded, CheckoutUnknown."""
        if not checkout_id:
            return None
        redemption = self.ledger.checkouts.redemption(checkout_id)
        if redemption is None:
            raise CheckoutUnknown(checkout_id)
        end = self.ledger.checkouts.live_end(checkout_id)
        if end is not None:
            raise (AlreadyRegistered if end.kind is Kind.SALE else CheckoutEnded)(end)
        is_elsewhere = redemption.account != self.connection.account  # its code means nothing in another shop
        if is_elsewhere or (redemption.state in FINAL and not can_be_sold(redemption)):
            raise CheckoutEnded(redemption)
        return redemption

    def _was_sold_as(self, order_id: str) -> bool:
        """Whether a sale under this number was registered before, for the same redemption, and closed negatively."""
        history = self.ledger.queries.history_of(order_id, self.connection.scope)
        return any(each.kind is Kind.SALE for each in history.operations)

    def withdraw(self, operation_id: int) -> Operation:
        """Withdraw an operation of which nothing was sent yet. Raises TransitionRefused."""
        return self.ledger.withdraw(operation_id, by=self.access.current_user_name)

    def enqueue(self, intent: Intent, grant: ApprovalGrant = NO_APPROVAL, *, given_back: Cents = 0) -> Operation:
        """Commit an intent with the approval that its kind needs.

        `given_back`: the sum of the order's refunds and this one, in cents. Raises what the callers list.
        """
        spec = spec_of(intent.kind)
        intent = self.completed(intent, grant)
        limit, value = self.settings().refund_limit, given_back
        if spec.approval is Task.REWARD_OVER_LIMIT:
            limit, value = self.settings().reward_limit, intent.value
        is_within_limit = spec.approval_over_limit and not 0 < limit < value
        if spec.approval is not None and not is_within_limit:
            self.access.require(spec.approval, grant, order=intent.order_id, value=intent.value)
        return self.ledger.enqueue(intent, partial(self.connection.serialize, intent))

    def completed(self, intent: Intent, grant: ApprovalGrant) -> Intent:
        """The intent with its shop, its connection and the people of now. Raises NotSetUp, ShopUncertain."""
        return replace(
            intent,
            registered_by=self.access.current_user_name,
            approved_by=grant.by.name if grant.by else "",
            account=intent.account or self.connection.require_account(),
            scope=self.connection.scope,
        )

    def _history_of_free(self, order: Order) -> OrderHistory:
        """What this till knows of an order that is free for an operation. Raises OrderBusy, OrderAlreadyCancelled."""
        history = self.ledger.queries.history_of(order.order_id, self.connection.scope)
        busy = history.unfinished
        if busy is not None:  # before the value is judged: what is refundable is not known until it is finished
            raise OrderBusy(busy)
        if is_fully_cancelled(order, history):
            raise OrderAlreadyCancelled
        return history

    def free_order_id(self, typed: str) -> str | None:
        """The typed number of a new sale, or None without one. Raises OrderIdError, OrderBusy, SaleNumberUsed."""
        if not typed:
            return None
        order_id = read_order_id(typed)
        busy = self.ledger.queries.unfinished_of(order_id, self.connection.scope)
        if busy is not None:
            raise OrderBusy(busy)
        if self.ledger.queries.has_seen(order_id, self.connection.scope):
            raise SaleNumberUsed(order_id)  # BonifiQ would take it for a change of that order
        return order_id

    def new_order_id(self, placed_at: datetime) -> str:
        """A number for a new sale, which this till never made before. Raises LedgerError."""
        day = placed_at.astimezone().date()
        return sale_order_id(
            self.settings().till, day, self.ledger.connection.ledger_id, self.ledger.next_sale_number()
        )


def _typed_for(redemption: Operation | None) -> str:
    """The number that was typed for a sale when its reward was redeemed."""
    return redemption.order_id if redemption and redemption.look_up_first else ""


def _with_reference(sale: Sale, order: Order, history: OrderHistory) -> Sale:
    """A completion that repeats the reference which the look-up hides: the sale stays known as this till's."""
    if any(name == REFERENCE for name, _value in order.metadata):
        return sale
    reference = next((o.reference for o in history.operations if o.kind is Kind.SALE and o.reference), None)
    return replace(sale, notes=(*sale.notes, (REFERENCE, reference))) if reference else sale
