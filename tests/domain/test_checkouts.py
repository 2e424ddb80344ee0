"""Tests of the next step of a checkout's end, and of the key of its redemption."""

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bonifiq_desktop.domain.checkouts import EndStep, can_be_sold, next_step_of_reversal, next_step_of_sale
from bonifiq_desktop.domain.keys import original_key
from bonifiq_desktop.domain.operations import CLOSED_NEGATIVELY, UNFINISHED, Kind, State
from bonifiq_desktop.domain.orders import Customer
from bonifiq_desktop.domain.rewards import Basket, RedemptionRequest, Reward, RewardKind
from bonifiq_desktop.domain.specs import spec_of
from tests.support.operations import make_operation

SALE = make_operation(kind=Kind.SALE, state=State.QUEUED)
REVERSAL = make_operation(kind=Kind.REVERSAL, state=State.QUEUED)
REDEEMED = make_operation(kind=Kind.REDEMPTION, evidence_id="5001", external_code="PDV-1")
WITHOUT_CODES = make_operation(kind=Kind.REDEMPTION)


@pytest.mark.parametrize("state", sorted(UNFINISHED))
def test_end_waits_for_an_unfinished_redemption(state: State) -> None:
    redemption = make_operation(kind=Kind.REDEMPTION, state=state)
    for released in (False, True):
        assert next_step_of_sale(SALE, redemption, released=released) is EndStep.WAIT
    assert next_step_of_reversal(REVERSAL, redemption) is EndStep.WAIT


@pytest.mark.parametrize("state", sorted(CLOSED_NEGATIVELY))
def test_end_of_what_was_not_redeemed_needs_no_reward(state: State) -> None:
    redemption = make_operation(kind=Kind.REDEMPTION, state=state)
    assert next_step_of_sale(SALE, redemption, released=False) is EndStep.REVIEW
    assert next_step_of_sale(SALE, redemption, released=True) is EndStep.SEND
    assert next_step_of_reversal(REVERSAL, redemption) is EndStep.WITHDRAW


def test_sale_takes_the_code_once() -> None:
    assert next_step_of_sale(SALE, REDEEMED, released=False) is EndStep.TAKE_CODE
    bearing = make_operation(kind=Kind.SALE, state=State.QUEUED, external_code="PDV-1")
    assert next_step_of_sale(bearing, REDEEMED, released=False) is EndStep.SEND


def test_sale_without_a_code_leaves_its_checkout_by_a_person_alone() -> None:
    assert next_step_of_sale(SALE, WITHOUT_CODES, released=False) is EndStep.REVIEW
    assert next_step_of_sale(SALE, WITHOUT_CODES, released=True) is EndStep.LEAVE
    assert (can_be_sold(REDEEMED), can_be_sold(WITHOUT_CODES)) == (True, False)


def test_reversal_names_the_reward_once() -> None:
    assert next_step_of_reversal(REVERSAL, REDEEMED) is EndStep.NAME_REWARD
    named = make_operation(kind=Kind.REVERSAL, state=State.QUEUED, remote_line="5001")
    assert next_step_of_reversal(named, REDEEMED) is EndStep.SEND
    assert next_step_of_reversal(REVERSAL, WITHOUT_CODES) is EndStep.SEND


CHOICES = st.tuples(st.text(min_size=1), st.integers(1), st.integers(1))


def key_of(
    checkout_id: str, reward_id: int, amount: int, kind: RewardKind = RewardKind.CASHBACK, document: str = ""
) -> str:
    reward = Reward(reward_id, "Cashback", kind, Decimal(), can_use=True)
    return original_key(RedemptionRequest(checkout_id, Basket(Customer(document=document), 6000), reward, amount))


@given(CHOICES, CHOICES)
def test_original_key_names_one_choice_of_one_checkout(one: tuple[str, int, int], other: tuple[str, int, int]) -> None:
    key = key_of(*one)
    assert re.fullmatch("BR(-[A-Z2-7]{5}){5}", key)
    assert (key == key_of(*other)) is (one == other)


@given(st.text(), st.text())
def test_original_key_says_nothing_of_the_customer(one: str, other: str) -> None:
    assert key_of("c", 1, 1, document=one) == key_of("c", 1, 1, document=other)


@pytest.mark.parametrize("kind", [RewardKind.PERCENT, RewardKind.FIXED, RewardKind.PRODUCT])
def test_amount_that_bonifiq_knows_is_not_in_the_original_key(kind: RewardKind) -> None:
    assert key_of("c", 1, 600, kind) == key_of("c", 1, 900, kind)


def test_only_sale_and_reversal_end_a_checkout() -> None:
    assert {kind for kind in Kind if spec_of(kind).ends_checkout} == {Kind.SALE, Kind.REVERSAL}
    assert {kind for kind in Kind if not spec_of(kind).changes_order} == {Kind.REDEMPTION, Kind.REVERSAL}
