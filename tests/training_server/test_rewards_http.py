"""The calls about rewards over HTTP: query, one-time code, redemption, reversal and look-up."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from bonifiq_desktop.training_server.json_codec import read_json
from bonifiq_desktop.training_server.server import TrainingServer
from tests.support.training_calls import CANCEL, SALE

MARIA, ANA = "52998224725", "12345678909"
AVAILABLE = "/v1/pvt/POS/rewards/available"


def available(http: httpx.Client, customer: str = MARIA, purchase: float = 129.9, **more: Any) -> dict[str, Any]:
    answer = http.post(AVAILABLE, json={"CustomerId": customer, "PurchaseValue": purchase, **more})
    assert answer.status_code == 200
    body: dict[str, Any] = read_json(answer.content)
    return body


def redeem(
    http: httpx.Client, number: int = 11, customer: str = MARIA, key: str = "R-1", **more: Any
) -> dict[str, Any]:
    body = {"CustomerId": customer, "OriginalKey": key, "RedeemOrigin": 5, **more}
    found: dict[str, Any] = read_json(http.post(f"/v1/pvt/POS/rewards/{number}/redeem", json=body).content)
    return found


def held(http: httpx.Client, customer: str = MARIA) -> tuple[int, str]:
    balance = read_json(http.get(f"/v1/pvt/Customer/{customer}/points").content)
    return balance["PointsBalance"], str(balance["CashbackBalance"])


def test_query_shows_customer_balance_and_every_kind_of_reward(http: httpx.Client) -> None:
    found = available(http)
    assert (found["HasRewards"], found["Customer"]["CurrentTier"]) == (True, {"Name": "Prata"})
    assert {reward["RewardType"] for reward in found["Rewards"]} == {0, 1, 3, 4, 5}
    cashback = next(reward for reward in found["Rewards"] if reward["IsCashback"])
    assert (cashback["CanUse"], cashback["CanSelectValue"], cashback["CannotUseReason"]) == (True, True, 0)
    assert cashback["MaxCashbackForCurrentPurchase"] == found["AvailableCashback"]


def test_redemption_takes_cashback_and_reversal_gives_it_back(http: httpx.Client, server: TrainingServer) -> None:
    before = held(http)
    redeemed = redeem(http, Value=12.5)["Result"]
    assert (redeemed["OriginalKey"], redeemed["Coupon"]) == ("R-1", None)
    assert held(http) == (before[0], str(round(float(before[1]) - 12.5, 2)))
    undone = http.delete(f"/v1/pvt/POS/rewards/{redeemed['RewardId']}").json()["Result"]
    assert (undone["IsCanceled"], undone["Id"]) == (True, redeemed["RewardId"])
    assert held(http) == before
    assert [entry.kind for entry in server.service.applied] == ["redemption", "reversal"]


def test_redemption_of_points_is_undone_by_its_original_key(http: httpx.Client) -> None:
    before = held(http)
    redeemed = redeem(http, 16)["Result"]
    assert (redeemed["Point"]["Quantity"], redeemed["ExternalProductId"]) == (-150, "MEI-03")
    assert held(http) == (before[0] - 150, before[1])
    undone = http.delete("/v1/pvt/POS/rewards", params={"originalKey": "R-1"}).json()["Result"]
    assert (undone["IsCanceled"], undone["Points"]["EventKey"]) == (True, "R-1")
    assert held(http) == before


def test_sale_with_the_redeemed_coupon_uses_the_reward(http: httpx.Client, server: TrainingServer) -> None:
    redeemed = redeem(http, Value=10)["Result"]
    sold = http.post("/v1/pvt/POS/orders", json={**SALE, "Coupon": redeemed["ExternalCode"]}).json()["Result"]
    assert sold["Coupon"] == redeemed["ExternalCode"]
    used = server.service.rewards.find(redeemed["RewardId"])
    assert used is not None
    assert used.order_id == SALE["OriginalId"]
    refused = http.delete(f"/v1/pvt/POS/rewards/{redeemed['RewardId']}").json()
    assert (refused["CodeName"], refused["Result"]) == ("RewardAlreadyUsed", None)
    http.post(f"/v1/pvt/POS/orders/{SALE['OriginalId']}/cancel", json=CANCEL)
    found = http.get(f"/v1/pvt/Rewards/{redeemed['RewardId']}").json()
    assert (found["IsCanceled"], found["CashValue"]) == (True, 10)


def test_customer_who_needs_a_code_redeems_after_the_right_one(http: httpx.Client, server: TrainingServer) -> None:
    assert available(http, ANA)["ShouldValidateCustomer"] is True
    assert redeem(http, 13, ANA)["CodeName"] == "CHALLENGE_INVALID"
    sent = http.post(f"/v1/pvt/POS/customers/{ANA}/challenge", json={"TransactionId": "T"}).json()
    assert (sent["Success"], sent["TransactionId"]) == (False, "T")
    assert sent["Code"] == server.service.rewards.last_code("ana.goncalves@exemplo.com.br")

    def passes(code: str, transaction: str = "T") -> bool:
        body = {"TransactionId": transaction, "Code": code}
        answer = http.post(f"/v1/pvt/POS/customers/{ANA}/challengevalidate", json=body).json()
        return answer["Success"] is True

    assert not passes("wrong")
    assert not passes(sent["Code"], "another")
    assert passes(sent["Code"])
    assert redeem(http, 13, ANA)["HasError"] is False


@pytest.mark.parametrize(
    ("customer", "asked", "contact"),
    [
        ("71460238001", "ShouldInformPhone", {"Phone": "+5511900000507"}),
        ("15350946056", "ShouldInformEmail", {"Email": "helena.castro@exemplo.com.br"}),
    ],
)
def test_sign_up_code_asks_for_a_missing_contact_once(
    http: httpx.Client, server: TrainingServer, customer: str, asked: str, contact: dict[str, str]
) -> None:
    server.service.rewards.set_options(code_delivery="sent")
    assert available(http, customer)["ShouldValidateCustomerSignup"] is True
    path = f"/v1/pvt/POS/customers/{customer}/challenge"
    unnamed = http.post(path, json={"TransactionId": "T", **contact}).json()
    assert (unnamed["Success"], unnamed["FriendlyErrorMessage"]) == (False, "Informe o documento e o nome do cliente.")
    first = http.post(path, json={"TransactionId": "T", "Document": customer, "Name": "Nome"}).json()
    assert (first["Success"], first[asked], first["Code"]) == (False, True, None)
    again = http.post(path, json={"TransactionId": "T", **contact}).json()
    assert (again["Success"], again[asked], again["Code"]) == (True, False, None)
    assert (again["SentBySMS"], again["SentByEmail"]) == ("Phone" in contact, "Email" in contact)
