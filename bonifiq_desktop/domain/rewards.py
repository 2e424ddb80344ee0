"""Rewards: what a customer may use in a sale, by BonifiQ's answer for one basket.

Source of names and numbers: the vendor's API pages and example (API docs, section 9). BonifiQ alone decides what can be
used; nothing here computes it again.
"""

from dataclasses import dataclass, field
from decimal import Decimal
from enum import IntEnum

from bonifiq_desktop.domain.money import Cents
from bonifiq_desktop.domain.orders import Customer, Product


class RewardKind(IntEnum):
    """RewardType of the API; 2 is not known."""

    PERCENT = 0
    FIXED = 1
    CASHBACK = 3
    CUSTOM = 4
    PRODUCT = 5


class ProductPricing(IntEnum):
    """ProductDiscountMode of the API: how a product reward makes the price of its one unit."""

    PERCENT = 0
    FIXED_PRICE = 1
    FREE = 2
    AMOUNT = 3


class CannotUseReason(IntEnum):
    """CannotUseReason of the API."""

    CAN_USE = 0
    NOT_ENOUGH_POINTS = 1
    MINIMUM_VALUE = 2
    NO_CASHBACK = 3
    NO_CUSTOMER = 4
    EXCEEDS_PURCHASE = 5
    MINIMUM_PERCENT = 6
    NOT_ENROLLED = 7
    NOT_CUMULATIVE = 8
    NO_PRODUCT = 9
    USAGE_LIMIT = 10
    NEEDS_CHECKOUT = 11
    MISCONFIGURED = 12


@dataclass(frozen=True)
class ProductReward:
    """The product of a product reward: always one unit. `value`: percent, or cents, by `pricing`."""

    product_id: str
    name: str
    pricing: ProductPricing
    value: Decimal


@dataclass(frozen=True)
class Reward:
    """One reward of a customer for a basket.

    - `reward_id`: of its configuration, for the redemption; a redemption has another id.
    - `value`: percent for PERCENT, else cents.
    - `maximum`: the largest amount of cashback for this basket, in cents; `available`: what the customer has.
    - `can_select_value`: the amount is chosen at the counter, up to `maximum`; always true for CASHBACK.
    - `points`: what it costs. `requirements`: BonifiQ's own words about its conditions.
    - `is_cumulative`: may be used beside another discount.
    - `reason`: why it cannot be used; None where BonifiQ names no known reason.
    """

    reward_id: int
    title: str
    kind: RewardKind
    value: Decimal
    can_use: bool
    reason: CannotUseReason | None = None
    requirements: str = ""
    points: int = 0
    maximum: Cents = 0
    available: Cents = 0
    can_select_value: bool = False
    is_cumulative: bool = True
    product: ProductReward | None = None

    @property
    def has_chosen_amount(self) -> bool:
        """Whether the redemption names the amount; BonifiQ knows that of any other reward."""
        return self.kind is RewardKind.CASHBACK or self.can_select_value


@dataclass(frozen=True)
class Basket:
    """What a query for rewards is about.

    `gross`: cents before any discount; `discount`: the shop's own. `products`: with their prices before the discount.
    """

    customer: Customer = field(repr=False)
    gross: Cents
    discount: Cents = 0
    products: tuple[Product, ...] = ()


@dataclass(frozen=True)
class AvailableRewards:
    """BonifiQ's answer for one basket. Amounts in cents.

    - `customer`: with points, cashback and tier; None where BonifiQ does not know one.
    - `maximum`: the largest amount of cashback for this purchase.
    - `restricted`, `eligible`: parts of the basket without and with use of cashback; both 0 when nothing is restricted.
    - `needs_code`: the customer must be identified by a one-time code before a redemption; `needs_signup_code`: as a
      new member of the programme.
    """

    customer: Customer | None
    rewards: tuple[Reward, ...] = ()
    points: int = 0
    cashback: Cents = 0
    maximum: Cents = 0
    restricted: Cents = 0
    eligible: Cents = 0
    needs_code: bool = False
    needs_signup_code: bool = False


@dataclass(frozen=True)
class CodeRequest:
    """A one-time code is to be sent to a customer.

    `transaction_id`: the same for every request and check of one purchase; sending it again sends a new code.
    `customer`: identified by its document, else e-mail; with `is_signup` also named by its other fields.
    `phone`, `email`: the contact that the system asked for; then nothing else is sent.
    """

    customer: Customer = field(repr=False)
    transaction_id: str
    is_signup: bool = False
    phone: str = field(repr=False, default="")
    email: str = field(repr=False, default="")


@dataclass(frozen=True)
class CodeSent:
    """What became of a request for a code.

    `was_sent`: to the phone (`by_sms`) or the address (`by_email`). `asks_phone`, `asks_email`: a contact is missing.
    `test_code`: a test environment names the code in place of sending it; never shown for the real service.
    `message`: the system's own words.
    """

    was_sent: bool
    by_sms: bool = False
    by_email: bool = False
    asks_phone: bool = False
    asks_email: bool = False
    test_code: str = field(repr=False, default="")
    message: str = ""


@dataclass(frozen=True)
class CodeChecked:
    """Whether a typed code was the right one. `message`: the system's own words."""

    is_right: bool
    message: str = ""


@dataclass(frozen=True)
class RedemptionRequest:
    """A reward that the cashier confirmed for a sale.

    - `checkout_id`: of the sale's draft; a redemption and its sale have it in common.
    - `amount`: the cents that the reward takes off, as the screen showed them.
    - `order_id`: the sale's number, where the cashier typed one.
    - `product_price`: cents to pay for the one unit of a product reward.
    """

    checkout_id: str
    basket: Basket
    reward: Reward
    amount: Cents
    order_id: str = ""
    product_price: Cents = 0


def discount_of(reward: Reward, base: Cents, chosen: Cents = 0) -> Cents:
    """The cents that a reward takes off, never more than `base` and never negative.

    `base`: the total after the shop's own discount; for a product reward the till's price of one unit. `chosen`: the
    amount of a reward whose amount is chosen at the counter. Source: API docs, section 9; a percentage is rounded to
    the nearest cent, half a cent up.
    """
    match reward.kind:
        case RewardKind.PRODUCT if reward.product is not None:
            amount = base - unit_price(reward.product, base)
        case RewardKind.CASHBACK | RewardKind.FIXED if reward.can_select_value:
            amount = min(chosen, reward.maximum)
        case RewardKind.PERCENT:
            amount = _percent_of(base, reward.value)
        case RewardKind.FIXED | RewardKind.CASHBACK:
            amount = int(reward.value)
        case _:
            amount = 0  # a custom reward is handed out, and changes no price
    return max(0, min(amount, base))


def unit_price(product: ProductReward, base: Cents) -> Cents:
    """The price of the one unit of a product reward; `base`: the till's price of one, both in cents.

    Never more than `base`. Revisions of the vendor's example disagree about a fixed price above it; a reward that makes
    a product dearer is none.
    """
    match product.pricing:
        case ProductPricing.PERCENT:
            price = base - _percent_of(base, product.value)
        case ProductPricing.FIXED_PRICE:
            price = int(product.value)
        case ProductPricing.AMOUNT:
            price = base - int(product.value)
        case ProductPricing.FREE:
            price = 0
    return max(0, min(price, base))


def _percent_of(base: Cents, percent: Decimal) -> Cents:
    top, bottom = percent.as_integer_ratio()
    return (2 * base * top + 100 * bottom) // (200 * bottom)


class RewardsNotOffered(Exception):
    """This shop's BonifiQ does not answer the request for rewards."""
