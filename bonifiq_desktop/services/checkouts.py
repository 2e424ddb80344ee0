"""Checkouts at the counter: register a redemption, undo it, and prepare the end of a checkout for its sending."""

from collections.abc import Container
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial

from bonifiq_desktop.domain.checkouts import EndStep, can_be_sold, next_step_of_reversal, next_step_of_sale
from bonifiq_desktop.domain.keys import original_key
from bonifiq_desktop.domain.operations import (
    CLOSED_NEGATIVELY,
    Kind,
    Line,
    Operation,
    Resolution,
    ReviewReason,
    State,
)
from bonifiq_desktop.domain.orders import Order
from bonifiq_desktop.domain.redaction import redact_personal_data
from bonifiq_desktop.domain.requests import Intent
from bonifiq_desktop.domain.rewards import RedemptionRequest
from bonifiq_desktop.domain.search import OpenCheckout
from bonifiq_desktop.domain.staff import NO_APPROVAL, ApprovalGrant
from bonifiq_desktop.ledger.errors import AlreadyRegistered, CheckoutEnded, CheckoutUnknown
from bonifiq_desktop.ledger.ledger import Ledger
from bonifiq_desktop.services.connection import Connection
from bonifiq_desktop.services.lookup import KnownCustomer
from bonifiq_desktop.services.registration import RegistrationService


@dataclass(eq=False, repr=False)
class CheckoutService:
    """Registers redemptions and reversals. Where a method raises, nothing was registered and nothing is sent."""

    ledger: Ledger
    connection: Connection
    customers: KnownCustomer
    registration: RegistrationService

    async def redeem(self, request: RedemptionRequest, grant: ApprovalGrant = NO_APPROVAL) -> Operation:
        """Register the redemption of a reward, under the number that its sale will bear.

        Raises SaleError for a masked customer who is not known, OrderIdError, OrderBusy, SaleNumberUsed, OffLine,
        AlreadyRegistered, NotSetUp, ShopUncertain, LedgerError, and ApprovalNeeded beyond the shop's limit.
        """
        account = self.connection.require_account()
        known = self.ledger.checkouts.redemption(request.checkout_id)
        if known is not None:
            raise AlreadyRegistered(known)
        self._refuse_another_choice(request)
        customer = self.customers.unmasked(request.basket.customer)
        typed = self.registration.free_order_id(request.order_id)
        await self.connection.require_line()
        order_id = typed or self.registration.new_order_id(datetime.now(UTC))
        basket = replace(request.basket, customer=customer)
        request = replace(request, basket=basket, order_id=order_id)
        intent = Intent(
            Kind.REDEMPTION,
            order_id,
            request.amount,
            redact_personal_data(request.reward.title),
            _product_line(request),
            Order(order_id, basket.gross - basket.discount, customer=customer, products=basket.products),
            intent_id=f"{request.checkout_id}/redemption",
            look_up_first=typed is not None,
            account=account,
            checkout_id=request.checkout_id,
            redemption=request,
            reference=original_key(request),
        )
        return self.registration.enqueue(intent, grant)

    def _refuse_another_choice(self, request: RedemptionRequest) -> None:
        """Only the choice that the shop knows of this checkout may be repeated: it has the same key."""
        told = self.ledger.queries.others.live_redemption(request.checkout_id)
        if told is not None and told.cancel_key != original_key(request):
            raise AlreadyRegistered(told)

    def undo(self, checkout_id: str) -> Operation:
        """End a checkout without a sale: withdraw its redemption if nothing was sent, else register its reversal.

        A redemption that came to nothing, and a reversal that is open or done, are returned as they are. Raises
        CheckoutUnknown, CheckoutEnded where a sale of it is open or confirmed, NotSetUp, ShopUncertain, LedgerError.
        """
        redemption = self.ledger.checkouts.redemption(checkout_id)
        if redemption is None:
            raise CheckoutUnknown(checkout_id)
        end = self.ledger.checkouts.live_end(checkout_id)
        if end is not None:
            if end.kind is Kind.REVERSAL:
                return end
            raise CheckoutEnded(end)
        if redemption.state in CLOSED_NEGATIVELY:
            return redemption
        is_unsent = not self.ledger.queries.attempts.is_possibly_sent(redemption.operation_id)
        if redemption.state is State.QUEUED and is_unsent:
            return self.ledger.withdraw(redemption.operation_id, by=self.registration.access.current_user_name)
        intent = Intent(
            Kind.REVERSAL,
            redemption.order_id,
            redemption.value,
            redemption.reason,
            redemption.lines,
            redemption.order,
            account=redemption.account,
            checkout_id=checkout_id,
            redeemed=redemption,
        )
        return self.registration.enqueue(intent)

    def operations(self, checkout_id: str) -> tuple[Operation, ...]:
        """The operations of a checkout, oldest first; empty for an unknown one."""
        return self.ledger.checkouts.operations(checkout_id)


def _product_line(request: RedemptionRequest) -> tuple[Line, ...]:
    product = request.reward.product
    return (Line(product.product_id, product.name, request.product_price, 1),) if product else ()


def open_checkouts(ledger: Ledger, drafted: Container[str]) -> tuple[OpenCheckout, ...]:
    """The redemptions that were left without an end. `drafted`: checkouts that the draft of a sale holds."""
    return tuple(
        OpenCheckout(
            redemption.checkout_id,
            _first_name(redemption),
            redemption.reason,
            redemption.value,
            redemption.settled_at or redemption.created_at,
            can_continue=can_be_sold(redemption),
        )
        for redemption in ledger.checkouts.open_redemptions()
        if redemption.checkout_id not in drafted
    )


def _first_name(redemption: Operation) -> str:
    customer = redemption.order.customer if redemption.order else None
    return redact_personal_data(customer.name).partition(" ")[0] if customer else ""


@dataclass(eq=False, repr=False)
class CheckoutEnds:
    """Prepares the sale or the reversal of a checkout for its sending."""

    ledger: Ledger
    connection: Connection

    def resolve(self, end: Operation) -> Resolution | None:
        """Where an end goes before an attempt; its present state means "send it", None: it waits.

        Raises RequestDamaged, NotSetUp, LedgerError.
        """
        redemption = self.ledger.checkouts.redemption(end.checkout_id)
        if redemption is None:
            return Resolution(State.REVIEW, review_reason=ReviewReason.UNSENDABLE)
        self.ledger.verify_request(redemption)  # a changed id or code would end another checkout
        match self._step(end, redemption):
            case EndStep.WAIT:
                return None
            case EndStep.TAKE_CODE:
                with_reward = partial(self.connection.with_reward, redemption=redemption)
                self.ledger.checkouts.put_reward(end, redemption.external_code, with_reward)
            case EndStep.NAME_REWARD if not self.ledger.queries.attempts.count_possibly_sent(end.operation_id)[1]:
                request = self.connection.reversal(redemption)
                self.ledger.checkouts.address_reversal(end, redemption.evidence_id, request)
            case EndStep.LEAVE:
                self.ledger.checkouts.leave(end)
            case EndStep.REVIEW:
                return Resolution(State.REVIEW, review_reason=ReviewReason.REWARD_NOT_REDEEMED)
            case EndStep.WITHDRAW if end.state is State.QUEUED:
                return Resolution(State.WITHDRAWN, redemption.evidence)
            case EndStep.WITHDRAW:  # a restored ledger cannot say whether it was sent
                return Resolution(State.REVIEW, review_reason=end.review_reason or ReviewReason.RESTORED)
        return Resolution(end.state)

    def _step(self, end: Operation, redemption: Operation) -> EndStep:
        if end.kind is Kind.REVERSAL:
            return next_step_of_reversal(end, redemption)
        released = self.ledger.queries.is_released(end.operation_id, ReviewReason.REWARD_NOT_REDEEMED)
        return next_step_of_sale(end, redemption, released=released)
