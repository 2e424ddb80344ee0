"""Recommended decision about an operation in review, by what the order shows now. It decides nothing by itself."""

from dataclasses import dataclass
from enum import StrEnum

from bonifiq_desktop.domain.completions import is_completed
from bonifiq_desktop.domain.evidence import is_other_sale
from bonifiq_desktop.domain.legs import is_still_returnable, new_records, unseen_records
from bonifiq_desktop.domain.money import Cents
from bonifiq_desktop.domain.operations import Decision, Kind, Operation, ReviewReason
from bonifiq_desktop.domain.orders import Order
from bonifiq_desktop.domain.specs import spec_of


class Because(StrEnum):
    """Reason for a recommendation."""

    ORDER_SHOWS_IT = "order_shows_it"
    ORDER_IS_ANOTHER = "order_is_another"
    ORDER_IS_MISSING = "order_is_missing"
    ORDER_LACKS_IT = "order_lacks_it"
    SAME_KEY = "same_key"
    STILL_FITS = "still_fits"
    NO_LONGER_FITS = "no_longer_fits"
    ORDER_CANCELLED = "order_cancelled"
    KEY_IS_SPENT = "key_is_spent"
    SALE_IS_PAID = "sale_is_paid"
    UNCLEAR = "unclear"


@dataclass(frozen=True)
class Recommendation:
    """`decision` None: what is known recommends none, and a person has to look further."""

    decision: Decision | None
    because: Because


def recommend(operation: Operation, order: Order | None, refundable: Cents) -> Recommendation:
    """Recommend a decision. `order`: as just looked up, None when there is none.

    `refundable`: what can still be refunded of the order beside this operation, in cents.
    """
    match operation.kind:
        case Kind.SALE:
            found = _for_sale(operation, order)
        case Kind.CANCEL:
            found = _for_cancel(operation, order)
        case Kind.COMPLETION:
            found = _for_completion(order)
        case Kind.REFUND:
            found = _for_refund(operation, order, refundable)
        case Kind.RETURN:
            found = _for_return(operation, order)
        case Kind.REDEMPTION | Kind.REVERSAL:
            found = _for_reward(operation)
    if found.decision not in spec_of(operation.kind).decisions_for(operation.review_reason):
        return Recommendation(None, Because.UNCLEAR)
    return found


def _for_sale(sale: Operation, order: Order | None) -> Recommendation:
    if order is None:
        waited = sale.review_reason is ReviewReason.REWARD_NOT_REDEEMED
        return Recommendation(Decision.TRY_AGAIN, Because.SALE_IS_PAID if waited else Because.ORDER_LACKS_IT)
    never_sent = sale.review_reason in {ReviewReason.ORDER_CHANGED, ReviewReason.REWARD_NOT_REDEEMED}
    if never_sent or order.total != sale.value or is_other_sale(sale, order, just_sent=True):
        return Recommendation(Decision.NOT_DONE, Because.ORDER_IS_ANOTHER)
    if sale.review_reason is ReviewReason.LOOKUP_DISAGREES:
        return Recommendation(None, Because.UNCLEAR)
    return Recommendation(Decision.WAS_DONE, Because.ORDER_SHOWS_IT)


def _for_cancel(cancel: Operation, order: Order | None) -> Recommendation:
    if order is None:
        return Recommendation(Decision.NOT_DONE, Because.ORDER_IS_MISSING)
    if order.cancelled:
        return Recommendation(Decision.WAS_DONE, Because.ORDER_SHOWS_IT)
    seen = cancel.order.total if cancel.order else cancel.value
    if cancel.review_reason is ReviewReason.ORDER_CHANGED and order.total != seen:
        return Recommendation(None, Because.UNCLEAR)  # the cashier did not see the goods that were added
    return Recommendation(Decision.TRY_AGAIN, Because.ORDER_LACKS_IT)


def _for_completion(order: Order | None) -> Recommendation:
    if order is None:
        return Recommendation(Decision.NOT_DONE, Because.ORDER_IS_MISSING)
    if order.cancelled:
        return Recommendation(Decision.NOT_DONE, Because.ORDER_CANCELLED)
    if is_completed(order):
        return Recommendation(Decision.WAS_DONE, Because.ORDER_SHOWS_IT)
    return Recommendation(Decision.TRY_AGAIN, Because.ORDER_LACKS_IT)


def _for_return(leg: Operation, order: Order | None) -> Recommendation:
    if order is None:
        return Recommendation(None, Because.UNCLEAR)  # a marketplace forgets no order: the number or the shop is wrong
    if leg.review_reason is ReviewReason.ORDER_CHANGED:
        if not is_still_returnable(leg, order):
            return Recommendation(Decision.NOT_DONE, Because.NO_LONGER_FITS)
        if unseen_records(leg, order):
            return Recommendation(None, Because.UNCLEAR)  # of this return, made elsewhere, or of another unit
        return Recommendation(Decision.TRY_AGAIN, Because.STILL_FITS)
    if len(new_records(leg, order)) == 1:
        return Recommendation(Decision.WAS_DONE, Because.ORDER_SHOWS_IT)
    return Recommendation(None, Because.UNCLEAR)


def _for_reward(operation: Operation) -> Recommendation:
    """No order shows a redemption or its reversal; a repeat names the same one, and is safe."""
    match operation.review_reason:
        case ReviewReason.SAYS_NO_TWICE | ReviewReason.UNSENDABLE:
            return Recommendation(None, Because.UNCLEAR)
        case ReviewReason.KEY_USED_BEFORE | ReviewReason.KEY_NOT_TRUSTED:
            return Recommendation(Decision.WAS_DONE, Because.KEY_IS_SPENT)
        case _:
            return Recommendation(Decision.TRY_AGAIN, Because.SAME_KEY)


_SHOWN_BY_NO_ORDER = frozenset({ReviewReason.MONEY_REFUSED, ReviewReason.TAKEN_OVER})
"""Whether the customer got the money, and which till's request was applied, no order shows."""
_UNCLEAR_REFUNDS = frozenset(
    {
        # The same request would get the same answer, and the order does not show whether it was applied.
        ReviewReason.SAYS_NO_TWICE,
        ReviewReason.REFUSED_BEFORE,
        ReviewReason.UNSENDABLE,
        # The other till's return may be this one, or another one of the same goods.
        ReviewReason.OTHER_TILL,
    }
)


def _for_refund(refund: Operation, order: Order | None, refundable: Cents) -> Recommendation:
    if refund.review_reason in _SHOWN_BY_NO_ORDER:
        return Recommendation(None, Because.UNCLEAR)
    if order is None:
        return Recommendation(Decision.NOT_DONE, Because.ORDER_IS_MISSING)
    if refund.order is not None and order.total == refund.order.total - refund.value:
        return Recommendation(Decision.WAS_DONE, Because.ORDER_SHOWS_IT)
    if order.cancelled:
        return Recommendation(Decision.NOT_DONE, Because.ORDER_CANCELLED)
    match refund.review_reason:
        case ReviewReason.KEY_USED_BEFORE | ReviewReason.KEY_NOT_TRUSTED:
            return Recommendation(Decision.WAS_DONE, Because.KEY_IS_SPENT)
        case ReviewReason.ORDER_CHANGED | ReviewReason.OTHER_TILL if refund.value > refundable:
            return Recommendation(Decision.NOT_DONE, Because.NO_LONGER_FITS)
        case ReviewReason.ORDER_CHANGED:
            return Recommendation(Decision.TRY_AGAIN, Because.STILL_FITS)
        case reason if reason in _UNCLEAR_REFUNDS:
            return Recommendation(None, Because.UNCLEAR)
        case _:
            return Recommendation(Decision.TRY_AGAIN, Because.SAME_KEY)
