"""Every reason why a reward cannot be used, and the amounts of cashback, without HTTP."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bonifiq_desktop.training_server.loyalty_service import LoyaltyService
from bonifiq_desktop.training_server.rewards import rules
from bonifiq_desktop.training_server.rewards.catalogue import CASHBACK_SHARE, REWARDS
from bonifiq_desktop.training_server.rewards.models import Basket, Offer, Reason

MARIA, JOAO, ANA = "maria.santos@exemplo.com.br", "joao.ferreira@exemplo.com.br", "ana.goncalves@exemplo.com.br"
TIAGO, RUI = "tiago.ramos@exemplo.com.br", "rui.barros@exemplo.com.br"
SHIRT = (("CAM-01", 4990),)


@pytest.fixture(name="service")
def fresh_service() -> LoyaltyService:
    return LoyaltyService()


def offer(service: LoyaltyService, number: int, customer: str, basket: Basket) -> Offer:
    found = service.rewards.offers(service.customer(customer), basket)
    return next(each for each in found if each.reward.number == number)


CASES = [
    (13, MARIA, Basket(10000), Reason.CAN_USE),
    (14, RUI, Basket(10000), Reason.NOT_ENROLLED),
    (14, TIAGO, Basket(10000), Reason.CAN_USE),
    (13, "unknown", Basket(10000), Reason.NO_CUSTOMER),
    (16, "ze.carlos@exemplo.com.br", Basket(10000), Reason.NOT_ENOUGH_POINTS),
    (12, MARIA, Basket(2999), Reason.MINIMUM_VALUE),
    (12, MARIA, Basket(3000), Reason.CAN_USE),
    (12, MARIA, Basket(9000, 100), Reason.NOT_CUMULATIVE),
    (13, MARIA, Basket(9000, 100), Reason.CAN_USE),
    (13, MARIA, Basket(1999), Reason.EXCEEDS_PURCHASE),
    (13, MARIA, Basket(2099, 100), Reason.EXCEEDS_PURCHASE),
    (14, ANA, Basket(9999), Reason.MINIMUM_PERCENT),
    (14, ANA, Basket(10000), Reason.CAN_USE),
    (11, MARIA, Basket(999), Reason.MINIMUM_VALUE),
    (11, MARIA, Basket(3000, 0, (("VAL-30", 3000),)), Reason.EXCEEDS_PURCHASE),
    (18, MARIA, Basket(6510, 0, (("BER-02", 6510),)), Reason.NO_PRODUCT),
    (18, MARIA, Basket(4990, 0, SHIRT), Reason.CAN_USE),
    (19, MARIA, Basket(4990, 0, SHIRT), Reason.CAN_USE),
    (20, MARIA, Basket(10000), Reason.NEEDS_CHECKOUT),
    (21, MARIA, Basket(10000), Reason.MISCONFIGURED),
]


@pytest.mark.parametrize(("number", "customer", "basket", "reason"), CASES)
def test_offer_has_the_reason_of_its_first_unmet_condition(
    service: LoyaltyService, number: int, customer: str, basket: Basket, reason: Reason
) -> None:
    assert offer(service, number, customer, basket).reason == reason


def test_customer_without_cashback_cannot_use_cashback(service: LoyaltyService) -> None:
    service.cancel("1002", {"OrderCancelledDate": "2025-03-15T10:00:00Z"})
    service.cancel("1010", {"OrderCancelledDate": "2025-03-15T10:00:00Z"})
    assert offer(service, 11, JOAO, Basket(10000)).reason == Reason.NO_CASHBACK


def test_reward_with_a_limit_is_offered_again_after_its_reversal(service: LoyaltyService) -> None:
    maria = service.customer(MARIA)
    redemption = service.rewards.redeem(17, maria, {"CustomerId": MARIA, "OriginalKey": "R-1"})
    assert offer(service, 17, MARIA, Basket(10000)).reason == Reason.USAGE_LIMIT
    service.rewards.undo(redemption.number)
    assert offer(service, 17, MARIA, Basket(10000)).reason == Reason.CAN_USE


def test_practice_programme_and_customers_show_every_reason() -> None:
    tested = {reason for _, _, _, reason in CASES} | {Reason.NO_CASHBACK, Reason.USAGE_LIMIT}
    assert tested == set(Reason)


@given(
    purchase=st.integers(0, 10**7),
    discount=st.integers(0, 10**7),
    lines=st.lists(st.tuples(st.sampled_from(["CAM-01", "VAL-30"]), st.integers(0, 10**7)), max_size=4),
)
def test_cashback_stays_within_balance_share_and_eligible_part(
    purchase: int, discount: int, lines: list[tuple[str, int]]
) -> None:
    basket = Basket(purchase, discount, tuple(lines))
    customer = LoyaltyService().customer(MARIA)
    assert customer is not None
    found = next(each for each in rules.offers(REWARDS, customer, basket, []) if each.reward.number == 11)
    assert 0 <= rules.restricted(basket) <= basket.base
    assert 0 <= found.maximum <= customer.cashback_cents
    assert found.maximum * 100 <= (basket.base - rules.restricted(basket)) * CASHBACK_SHARE
    assert (found.reason == Reason.CAN_USE) <= (found.maximum > 0)
