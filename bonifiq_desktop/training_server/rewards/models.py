"""Records of rewards: a configured reward, a basket, an offer, a redemption, a one-time code."""

from dataclasses import dataclass
from enum import IntEnum


class Reason(IntEnum):
    """CannotUseReason of the vendor's example."""

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


PERCENT, FIXED, CASHBACK, CUSTOM, PRODUCT = 0, 1, 3, 4, 5
MODE_PERCENT, MODE_FIXED_PRICE, MODE_FREE, MODE_AMOUNT = 0, 1, 2, 3


@dataclass(frozen=True, slots=True)
class RewardProduct:
    """The product of a product reward.

    `value`: percent for MODE_PERCENT, else cents. `needs_basket`: it must be bought in the same sale. `per_customer`:
    how often one customer may have it; 0 for any number. `only_online`: never at a counter. An empty `product_id` is a
    mistake in the configuration.
    """

    product_id: str
    name: str
    mode: int
    value: int = 0
    needs_basket: bool = False
    per_customer: int = 0
    only_online: bool = False


@dataclass(frozen=True, slots=True)
class Configuration:
    """One reward of the shop's programme.

    - `value`: percent for PERCENT, else cents; the most for CASHBACK is the customer's balance.
    - `points`: its price. `minimum`: the smallest purchase in cents. `requirements`: the conditions, for people.
    - `share`: the largest part of the purchase, in percent, that it may take off.
    """

    number: int
    title: str
    kind: int
    value: int = 0
    points: int = 0
    minimum: int = 0
    share: int = 100
    is_cumulative: bool = True
    requirements: str = ""
    product: RewardProduct | None = None


@dataclass(frozen=True, slots=True)
class Basket:
    """What a query for rewards is about. Cents; `lines`: product and price of the whole line, before discounts."""

    purchase: int
    discount: int = 0
    lines: tuple[tuple[str, int], ...] = ()

    @property
    def base(self) -> int:
        return max(0, self.purchase - self.discount)


@dataclass(frozen=True, slots=True)
class Offer:
    """A reward for a customer and a basket. `maximum`: the most cents of cashback."""

    reward: Configuration
    reason: Reason
    maximum: int = 0


@dataclass(slots=True)
class Redemption:
    """One redeemed reward. `number` is the RewardId; `cents` the cashback spent, else 0; `points` the points spent.

    `order_id`: of the sale whose Coupon is `external_code`; "" while there is none. `cancelled`: when it was undone.
    """

    number: int
    key: str
    reward: int
    customer_id: str
    external_code: str
    at: str
    cents: int = 0
    points: int = 0
    product_id: str | None = None
    has_coupon: bool = False
    order_id: str = ""
    cancelled: str | None = None


@dataclass(slots=True)
class OneTimeCode:
    """A code for one customer and transaction. `contact`: the phone or e-mail asked for; times are UTC text."""

    code: str
    sent: str
    by_sms: bool
    wrong_tries: int = 0
    passed: str | None = None
