"""Schemas of BonifiQ's answers about rewards, and their conversion to the domain. Source: API docs, section 9.

As in `schemas.py` no field is required. What decides money or identity is read exactly: the RewardId, IsCanceled, and
Success of a code. A reward with an unreadable id or type is left out; one with an unreadable value cannot be used.
"""

from collections.abc import Sequence
from decimal import Decimal
from enum import IntEnum
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from bonifiq_desktop.connectors.bonifiq.field_types import (
    ExactText,
    Flag,
    ObjectList,
    OptionalCents,
    OptionalNumber,
    OptionalObject,
    Points,
    Text,
    WholeNumber,
    parse_flag,
    parse_whole_number,
)
from bonifiq_desktop.connectors.bonifiq.schemas import CustomerSchema, Schema
from bonifiq_desktop.domain.money import Cents
from bonifiq_desktop.domain.orders import Customer
from bonifiq_desktop.domain.rewards import (
    AvailableRewards,
    CannotUseReason,
    ProductPricing,
    ProductReward,
    Reward,
    RewardKind,
)
from bonifiq_desktop.domain.text import MAX_TEXT, is_plain

_PERCENTS = range(1, 101)
_KINDS = ("percentdiscount", "fixedvaluediscount", "", "cashback", "custom", "productdiscount")
_PRICINGS = ("percentdiscount", "fixedfinalprice", "freegift", "fixeddiscountamount")
_REASONS = (
    *("canuse", "notenoughpoints", "minimumvaluenotreached", "cashbacknotavailable", "nocustomer"),
    *("rewardvalueexceedspurchase", "minimumpurchasepercentnotreached", "customernotenrolled"),
    *("cannotusecumulativediscount", "productrewardnoapplicableproduct", "productrewardusagelimitreached"),
    *("productrewardrequirescheckout", "productrewardinvalidconfiguration"),
)


def _member(kind: type[IntEnum], names: Sequence[str]) -> BeforeValidator:
    """Read a member by its number or by its name in the API; None for any other value."""

    def read(value: Any) -> Any:
        number = parse_whole_number(value)
        if number is None and isinstance(value, str) and value.strip():
            name = value.strip().lower()
            number = names.index(name) if name in names else None
        return kind(number) if number is not None and number in set(kind) else None

    return BeforeValidator(read)


def _is_demanded(value: Any) -> bool:
    """Whether a check is demanded: the vendor lets it be skipped only where the field is false."""
    return value is not None and parse_flag(value) is not False


def _external_code(value: Any) -> Any:
    """A code for the sale's Coupon, letter for letter; empty for one that cannot be sent back unchanged."""
    number = None if isinstance(value, str) else parse_whole_number(value)
    text = value if isinstance(value, str) else "" if number is None else str(number)
    return text if text.strip() and len(text) <= MAX_TEXT and is_plain(text) else ""


_Demanded = Annotated[bool, BeforeValidator(_is_demanded)]
_ExternalCode = Annotated[str, BeforeValidator(_external_code)]


class RewardSchema(Schema):
    """One reward in the answer to a query."""

    reward_id: WholeNumber = Field(None, alias="Id")
    title: Text = Field("", alias="Title")
    kind: Annotated[RewardKind | None, _member(RewardKind, _KINDS)] = Field(None, alias="RewardType")
    is_cashback: Flag = Field(None, alias="IsCashback")
    value: OptionalNumber = Field(None, alias="Value")
    amount: OptionalCents = Field(None, alias="Value")
    can_use: Flag = Field(None, alias="CanUse")
    reason: Annotated[CannotUseReason | None, _member(CannotUseReason, _REASONS)] = Field(None, alias="CannotUseReason")
    requirements: Text = Field("", alias="Requirements")
    points: Points = Field(None, alias="Points")
    maximum: OptionalCents = Field(None, alias="MaxCashbackForCurrentPurchase")
    available: OptionalCents = Field(None, alias="AvailableCashback")
    can_select_value: Flag = Field(None, alias="CanSelectValue")
    is_cumulative: Flag = Field(None, alias="RewardCanBeCumulative")
    product_id: _ExternalCode = Field("", alias="ExternalProductId")
    product_name: Text = Field("", alias="ProductDisplayName")
    pricing: Annotated[ProductPricing | None, _member(ProductPricing, _PRICINGS)] = Field(
        None, alias="ProductDiscountMode"
    )
    product_value: OptionalNumber = Field(None, alias="ProductDiscountValue")
    product_amount: OptionalCents = Field(None, alias="ProductDiscountValue")

    def to_domain(self, maximum: Cents, available: Cents) -> Reward | None:
        """The reward, None without a readable id or type. `maximum`, `available`: the cashback of the whole answer."""
        kind = RewardKind.CASHBACK if self.is_cashback else self.kind
        if kind is None or self.reward_id is None or self.reward_id <= 0:
            return None
        value = self._value(kind)
        can_select = kind is RewardKind.CASHBACK or (kind is RewardKind.FIXED and bool(self.can_select_value))
        largest = self._maximum(kind, maximum) if can_select else 0
        product = self._product() if kind is RewardKind.PRODUCT else None
        is_readable = {
            RewardKind.CASHBACK: largest > 0,
            RewardKind.PRODUCT: product is not None,
            RewardKind.FIXED: value is not None and (largest > 0 or not can_select),
        }.get(kind, value is not None)
        can_use = bool(self.can_use) and is_readable
        return Reward(
            reward_id=self.reward_id,
            title=self.title,
            kind=kind,
            value=value or Decimal(0),
            can_use=can_use,
            reason=None if can_use or self.reason is CannotUseReason.CAN_USE else self.reason,
            requirements=self.requirements,
            points=max(0, self.points or 0),
            maximum=largest,
            available=max(0, self.available if self.available is not None else available) if can_select else 0,
            can_select_value=can_select,
            is_cumulative=self.is_cumulative is not False,
            product=product,
        )

    def _value(self, kind: RewardKind) -> Decimal | None:
        """The value by kind: percent, or cents; None for an unreadable one."""
        if kind is RewardKind.PERCENT:
            return _percent(self.value)
        if kind is RewardKind.FIXED:
            return Decimal(self.amount) if self.amount is not None and self.amount > 0 else None
        return Decimal(0)

    def _maximum(self, kind: RewardKind, of_answer: Cents) -> Cents:
        """The largest amount that may be chosen: the reward's own, else that of the whole answer."""
        if kind is RewardKind.FIXED:
            return max(0, self.maximum or self.amount or 0)
        return max(0, self.maximum or of_answer)

    def _product(self) -> ProductReward | None:
        if not self.product_id or self.pricing is None:
            return None
        if self.pricing is ProductPricing.FREE:
            value: Decimal | None = Decimal(0)
        elif self.pricing is ProductPricing.PERCENT:
            value = _percent(self.product_value)
        else:
            value = Decimal(self.product_amount) if self.product_amount is not None else None
        if value is None or value < 0:
            return None
        return ProductReward(self.product_id, self.product_name or self.title, self.pricing, value)


def _percent(value: Decimal | None) -> Decimal | None:
    return value if value is not None and 0 < value <= _PERCENTS[-1] else None


class _Tier(Schema):
    name: Text = Field("", alias="Name")


class _RewardsCustomer(CustomerSchema):
    current_tier: OptionalObject[_Tier] = Field(None, alias="CurrentTier")


class RewardsSchema(Schema):
    """The answer to a query for rewards."""

    customer: OptionalObject[_RewardsCustomer] = Field(None, alias="Customer")
    points: Points = Field(None, alias="AvailablePoints")
    cashback_enabled: Flag = Field(None, alias="CashbackEnabled")
    cashback: OptionalCents = Field(None, alias="AvailableCashback")
    maximum: OptionalCents = Field(None, alias="MaxCashbackForCurrentPurchase")
    has_rewards: Flag = Field(None, alias="HasRewards")
    rewards: ObjectList[RewardSchema] = Field(default_factory=list, alias="Rewards")
    has_restricted: Flag = Field(None, alias="HasRestrictedItems")
    restricted: OptionalCents = Field(None, alias="RestrictedValue")
    eligible: OptionalCents = Field(None, alias="EligibleValue")
    needs_code: _Demanded = Field(default=False, alias="ShouldValidateCustomer")
    needs_signup_code: _Demanded = Field(default=False, alias="ShouldValidateCustomerSignup")

    def to_domain(self) -> AvailableRewards:
        """The rewards and the balance; `customer` is None where BonifiQ knows no such customer."""
        cashback = 0 if self.cashback_enabled is False else max(0, self.cashback or 0)
        maximum = 0 if self.cashback_enabled is False else max(0, self.maximum or 0)
        found = [] if self.has_rewards is False else self.rewards
        rewards = (reward.to_domain(maximum, cashback) for reward in found)
        return AvailableRewards(
            customer=self._customer(),
            rewards=tuple(reward for reward in rewards if reward is not None),
            points=self.points or 0,
            cashback=cashback,
            maximum=maximum,
            restricted=max(0, self.restricted or 0) if self.has_restricted else 0,
            eligible=max(0, self.eligible or 0) if self.has_restricted else 0,
            needs_code=self.needs_code,
            needs_signup_code=self.needs_signup_code,
        )

    def _customer(self) -> Customer | None:
        known = self.customer
        if known is None:
            return None
        fields = known.model_dump(exclude={"points", "balance_of_points", "current_tier", "cashback"})
        cashback = 0 if self.cashback_enabled is False else self.cashback
        tier = known.current_tier.name if known.current_tier else known.tier
        return Customer(**{**fields, "tier": tier}, points=self.points, cashback=cashback)


class RedeemResult(Schema):
    """What a redemption made."""

    reward_id: WholeNumber = Field(None, alias="RewardId")
    external_code: _ExternalCode = Field("", alias="ExternalCode")
    original_key: ExactText = Field("", alias="OriginalKey")
    product_id: _ExternalCode = Field("", alias="ExternalProductId")


class RedeemedReward(Schema):
    """A redeemed reward. The vendor writes IsCanceled here, and isCanceled in answers about orders."""

    reward_id: WholeNumber = Field(None, alias="Id")
    is_canceled: bool | None = Field(None, alias="IsCanceled")
    external_code: _ExternalCode = Field("", alias="ExternalCode")

    def may_be(self, reward_id: str) -> bool:
        """Whether this is the reward of an id, or bears no id."""
        return self.reward_id is None or str(self.reward_id) == reward_id


class CodeAnswer(Schema):
    """The answer to a request for a one-time code, or to its check."""

    success: bool | None = Field(None, alias="Success")
    transaction_id: Text = Field("", alias="TransactionId")
    friendly_message: Text = Field("", alias="FriendlyErrorMessage")
    error_message: Text = Field("", alias="ErrorMessage")
    asks_phone: Flag = Field(None, alias="ShouldInformPhone")
    asks_email: Flag = Field(None, alias="ShouldInformEmail")
    by_sms: Flag = Field(None, alias="SentBySMS")
    by_email: Flag = Field(None, alias="SentByEmail")
    code: Text = Field("", alias="Code", repr=False)

    @property
    def message(self) -> str:
        return self.friendly_message or self.error_message
