"""Which rewards a customer may use for a basket. Pure; the rules follow the vendor's names of the reasons."""

from collections.abc import Iterable

from bonifiq_desktop.training_server.models import Customer
from bonifiq_desktop.training_server.rewards.catalogue import RESTRICTED_PRODUCTS
from bonifiq_desktop.training_server.rewards.models import (
    CASHBACK,
    FIXED,
    PERCENT,
    PRODUCT,
    Basket,
    Configuration,
    Offer,
    Reason,
    Redemption,
)


def offers(
    rewards: Iterable[Configuration], customer: Customer | None, basket: Basket, earlier: Iterable[Redemption]
) -> list[Offer]:
    """Every reward with its reason. `earlier`: all redemptions."""
    held = [each for each in earlier if customer and each.customer_id == customer.original_id and not each.cancelled]
    return [_offer(reward, customer, basket, held) for reward in rewards]


def restricted(basket: Basket) -> int:
    """The cents of the basket on which no cashback can be used."""
    return min(basket.base, sum(cents for product, cents in basket.lines if product in RESTRICTED_PRODUCTS))


def reason_of_customer(reward: Configuration, customer: Customer | None, held: Iterable[Redemption]) -> Reason:
    """The first condition that does not depend on a basket and is not met."""
    if customer is None:
        return Reason.NO_CUSTOMER
    if not customer.is_enrolled and customer.check != "signup":
        return Reason.NOT_ENROLLED
    product = reward.product
    if reward.kind == PRODUCT and (product is None or not product.product_id):
        return Reason.MISCONFIGURED
    if product is not None and product.only_online:
        return Reason.NEEDS_CHECKOUT
    if product is not None and 0 < product.per_customer <= sum(each.reward == reward.number for each in held):
        return Reason.USAGE_LIMIT
    if reward.kind == CASHBACK and customer.cashback_cents <= 0:
        return Reason.NO_CASHBACK
    return Reason.NOT_ENOUGH_POINTS if customer.points < reward.points else Reason.CAN_USE


def _offer(reward: Configuration, customer: Customer | None, basket: Basket, held: list[Redemption]) -> Offer:
    reason = reason_of_customer(reward, customer, held) or _reason_of_basket(reward, basket)
    if reward.kind != CASHBACK or customer is None:
        return Offer(reward, reason)
    maximum = max(0, min(customer.cashback_cents, (basket.base - restricted(basket)) * reward.share // 100))
    if reason == Reason.CAN_USE and maximum == 0:
        reason = Reason.EXCEEDS_PURCHASE
    return Offer(reward, reason, maximum)


def _reason_of_basket(reward: Configuration, basket: Basket) -> Reason:
    product = reward.product
    if product is not None and product.needs_basket and product.product_id not in {name for name, _ in basket.lines}:
        return Reason.NO_PRODUCT
    if basket.discount and not reward.is_cumulative:
        return Reason.NOT_CUMULATIVE
    if basket.base < reward.minimum:
        return Reason.MINIMUM_VALUE
    if reward.kind == FIXED and basket.base < reward.value:
        return Reason.EXCEEDS_PURCHASE
    if reward.kind in {FIXED, PERCENT} and _amount(reward, basket) * 100 > basket.base * reward.share:
        return Reason.MINIMUM_PERCENT
    return Reason.CAN_USE


def _amount(reward: Configuration, basket: Basket) -> int:
    return reward.value if reward.kind == FIXED else basket.base * reward.value // 100
