"""Arithmetic of rewards: what one takes off, and the price of a product reward."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bonifiq_desktop.domain.money import MAX_CENTS
from bonifiq_desktop.domain.rewards import (
    ProductPricing,
    ProductReward,
    Reward,
    RewardKind,
    discount_of,
    unit_price,
)
from tests.support.reward_examples import make_reward

CENTS = st.integers(0, MAX_CENTS)
PERCENTS = st.decimals(min_value=0, max_value=100, allow_nan=False, places=4)
PRODUCTS = st.builds(
    ProductReward,
    product_id=st.just("SKU"),
    name=st.just(""),
    pricing=st.sampled_from(ProductPricing),
    value=PERCENTS | CENTS.map(Decimal),
)
REWARDS = st.builds(
    Reward,
    reward_id=st.just(1),
    title=st.just(""),
    kind=st.sampled_from(RewardKind),
    value=PERCENTS | CENTS.map(Decimal),
    can_use=st.sampled_from((True,)),
    maximum=CENTS,
    can_select_value=st.booleans(),
    product=PRODUCTS | st.none(),
)


@pytest.mark.parametrize(
    ("changes", "base", "chosen", "expected"),
    [
        ({"kind": RewardKind.PERCENT, "value": Decimal(10)}, 2590, 0, 259),
        ({"kind": RewardKind.PERCENT, "value": Decimal("12.5")}, 1001, 0, 125),
        ({"kind": RewardKind.PERCENT, "value": Decimal(50)}, 1, 0, 1),  # half a cent up
        ({"kind": RewardKind.PERCENT, "value": Decimal("49.99")}, 1, 0, 0),
        ({"kind": RewardKind.PERCENT, "value": Decimal(100)}, 2590, 0, 2590),
        ({"kind": RewardKind.FIXED, "value": Decimal(1000)}, 2590, 0, 1000),
        ({"kind": RewardKind.FIXED, "value": Decimal(1000)}, 990, 0, 990),
        ({"kind": RewardKind.FIXED, "value": Decimal(1000)}, 2590, 300, 1000),  # nothing to choose
        ({"kind": RewardKind.FIXED, "can_select_value": True, "maximum": 1000}, 2590, 300, 300),
        ({"kind": RewardKind.CASHBACK, "can_select_value": True, "maximum": 1225}, 2590, 1225, 1225),
        ({"kind": RewardKind.CASHBACK, "can_select_value": True, "maximum": 1225}, 2590, 1226, 1225),
        ({"kind": RewardKind.CASHBACK, "can_select_value": True, "maximum": 1225}, 1000, 1225, 1000),
        ({"kind": RewardKind.CASHBACK, "can_select_value": True, "maximum": 1225}, 2590, 0, 0),
        ({"kind": RewardKind.CUSTOM, "value": Decimal(1000)}, 2590, 0, 0),
        ({"kind": RewardKind.PRODUCT, "value": Decimal(1000)}, 2590, 0, 0),  # a product reward without a product
        ({"kind": RewardKind.FIXED, "value": Decimal(1000)}, 0, 0, 0),
        ({"kind": RewardKind.FIXED, "can_select_value": True, "maximum": 1000}, 2590, -5, 0),
    ],
)
def test_discount_follows_the_kind_of_the_reward(
    changes: dict[str, Any], base: int, chosen: int, expected: int
) -> None:
    assert discount_of(make_reward(**changes), base, chosen) == expected


@pytest.mark.parametrize(
    ("pricing", "value", "base", "price"),
    [
        (ProductPricing.PERCENT, 25, 999, 749),  # 249,75 taken off, rounded to 2,50
        (ProductPricing.PERCENT, 100, 999, 0),
        (ProductPricing.FIXED_PRICE, 500, 999, 500),
        (ProductPricing.FIXED_PRICE, 1500, 999, 999),
        (ProductPricing.FREE, 0, 999, 0),
        (ProductPricing.AMOUNT, 300, 999, 699),
        (ProductPricing.AMOUNT, 1000, 999, 0),
    ],
)
def test_product_reward_has_the_price_of_its_mode(pricing: ProductPricing, value: int, base: int, price: int) -> None:
    product = ProductReward("SKU", "Caneca", pricing, Decimal(value))
    assert unit_price(product, base) == price
    assert discount_of(make_reward(kind=RewardKind.PRODUCT, product=product), base) == base - price


@given(REWARDS, CENTS, CENTS)
def test_discount_never_leaves_the_range_from_zero_to_the_base(reward: Reward, base: int, chosen: int) -> None:
    amount = discount_of(reward, base, chosen)
    assert isinstance(amount, int)
    assert 0 <= amount <= base
    if reward.can_select_value and reward.kind in {RewardKind.CASHBACK, RewardKind.FIXED}:
        assert amount <= min(chosen, reward.maximum)


@given(REWARDS, CENTS, CENTS, st.integers(0, 10**6))
def test_discount_grows_with_the_base_and_the_chosen_amount(reward: Reward, base: int, chosen: int, more: int) -> None:
    amount = discount_of(reward, base, chosen)
    assert discount_of(reward, base, chosen + more) >= amount
    if reward.kind is not RewardKind.PRODUCT:
        assert discount_of(reward, base + more, chosen) >= amount


@given(PERCENTS, CENTS)
def test_percentage_is_exact_to_half_a_cent_up(percent: Decimal, base: int) -> None:
    reward = make_reward(kind=RewardKind.PERCENT, value=percent)
    exact = (Decimal(base) * percent / 100).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    assert discount_of(reward, base) == exact


@given(PRODUCTS, CENTS)
def test_product_price_and_discount_add_up_to_the_base(product: ProductReward, base: int) -> None:
    price = unit_price(product, base)
    assert 0 <= price <= base
    assert price + discount_of(make_reward(kind=RewardKind.PRODUCT, product=product), base) == base


@given(REWARDS, CENTS, CENTS)
def test_same_reward_and_basket_always_take_off_the_same(reward: Reward, base: int, chosen: int) -> None:
    first = discount_of(reward, base, chosen)
    assert discount_of(reward, base, chosen) == first
    # The amount that was shown, chosen again, is the amount that is redeemed.
    if reward.can_select_value and reward.kind is RewardKind.CASHBACK:
        assert discount_of(reward, base, first) == first
