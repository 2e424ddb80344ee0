"""Rewards, baskets and answers about rewards for tests of the BonifiQ connector."""

from decimal import Decimal
from typing import Any

from bonifiq_desktop.domain.operations import Kind, Operation, State
from bonifiq_desktop.domain.orders import Customer, Product
from bonifiq_desktop.domain.rewards import Basket, RedemptionRequest, Reward, RewardKind
from tests.support.operations import make_operation

ORIGINAL_KEY = "BQ-R-AAAAA-BBBBB-CCCCC"
ANA = Customer("ana-1", "Ana Lima", "52998224725", "ana@exemplo.com.br", "+5511987654321")
BASKET = Basket(ANA, 3000, 500, (Product("P1", "Café", 1000, brand="B1 = Torra"), Product("P2", "Pão", 2000, 4)))


def make_reward(**changes: Any) -> Reward:
    """A fixed reward of 10,00 that can be used, with these fields changed."""
    fields: dict[str, Any] = {"reward_id": 7, "title": "R$ 10 de desconto", "kind": RewardKind.FIXED}
    return Reward(**{**fields, "value": Decimal(1000), "can_use": True, **changes})


def make_request(reward: Reward, amount: int = 1000) -> RedemptionRequest:
    """A confirmed redemption of a reward for BASKET."""
    return RedemptionRequest("checkout-1", BASKET, reward, amount)


def make_redemption(**changes: Any) -> Operation:
    """A confirmed redemption with RewardId 5001, with these fields changed."""
    fields: dict[str, Any] = {"kind": Kind.REDEMPTION, "cancel_key": ORIGINAL_KEY, "state": State.CONFIRMED}
    codes = {"evidence_id": "5001", "external_code": "PDV-5001", "checkout_id": "checkout-1"}
    return make_operation(**{**fields, "value": 1000, **codes, **changes})


def reward_row(**changes: Any) -> dict[str, Any]:
    """A fixed reward of 10,00 as BonifiQ lists it, with these fields changed."""
    return {
        "Id": 7,
        "Title": "R$ 10 de desconto",
        "RewardType": 1,
        "Value": 10.0,
        "CanSelectValue": False,
        "IsCashback": False,
        "Requirements": "Compras acima de R$ 20",
        "AvailableCashback": 0,
        "MaxCashbackForCurrentPurchase": 0,
        "CanUse": True,
        "CannotUseReason": 0,
        "Points": 100,
        "RewardCanBeCumulative": True,
        **changes,
    }


def rewards_answer(*rows: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """The answer to a query for rewards."""
    return {
        "Customer": {
            "Id": 3,
            "OriginalId": "ana@exemplo.com.br",
            "Name": "Ana Lima",
            "Document": "52998224725",
            "IsEnrolled": True,
            "CurrentTier": {"Name": "Ouro"},
        },
        "Rewards": list(rows),
        "HasRestrictedItems": False,
        "RestrictedValue": 0,
        "EligibleValue": 30.0,
        "HasRewards": bool(rows),
        "ShouldValidateCustomer": False,
        "ShouldValidateCustomerSignup": False,
        "AvailablePoints": 310,
        "CanUseReward": True,
        "CashbackEnabled": True,
        "AvailableCashback": 15.5,
        "MaxCashbackForCurrentPurchase": 12.25,
        **changes,
    }
