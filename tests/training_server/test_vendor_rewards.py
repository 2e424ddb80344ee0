"""The vendor's example flow with a reward, request for request, by a client that the OpenAPI file alone makes.

The client has no code of the program: it takes paths, methods and parameters from the document, and checks every answer
against the document's schemas.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import requests
import schemathesis
from schemathesis.checks import not_a_server_error
from schemathesis.config import GenerationConfig, ProjectConfig, ProjectsConfig, SchemathesisConfig
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from bonifiq_desktop.training_server.server import TrainingServer

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
ANA, TIAGO = "12345678909", "71460238001"
LINES = [
    {
        "OriginalId": "VES-04",
        "LineId": "linha-1",
        "Title": "Vestido midi floral",
        "IsActive": True,
        "Quantity": 1,
        "ProductPrice": 189.0,
        "ProductDiscountPrice": 179.0,
        "ProductBrand": {"OriginalId": "marca-1", "Name": "Marca Um"},
        "ProductCategory": {
            "OriginalId": "cat-vestidos",
            "Name": "Vestidos",
            "ParentCategory": {"OriginalId": "cat-roupas", "Name": "Roupas"},
        },
    },
    {"OriginalId": "VAL-30", "LineId": "linha-2", "Title": "Vale-presente", "Quantity": 1, "ProductPrice": 50.0},
]
QUERY = {"CustomerId": ANA, "PurchaseValue": 239.0, "DiscountValue": 10.0, "Products": LINES}

Call = Callable[..., dict[str, Any]]


@pytest.fixture(name="call")
def client_of_the_document(server: TrainingServer, contract: Path) -> Iterator[Call]:
    """A call by operationId: path parameters by name, `query`, `body`."""
    generation = GenerationConfig(with_security_parameters=False)
    config = SchemathesisConfig(projects=ProjectsConfig(default=ProjectConfig(generation=generation)))
    document = schemathesis.openapi.from_dict(json.loads(contract.read_text("utf-8")), config=config)
    with requests.Session() as session:
        session.auth = (server.token, server.key)
        session.trust_env = False

        def call(operation_id: str, body: Any = None, query: Any = None, **path: Any) -> dict[str, Any]:
            operation = document.find_operation_by_id(operation_id)
            content: dict[str, Any] = {} if body is None else {"body": body, "media_type": "application/json"}
            encoded = {name: quote(str(value), safe="") for name, value in path.items()}
            case = operation.Case(path_parameters=encoded, query=query or {}, **content)
            answer = case.call_and_validate(base_url=server.url, session=session, checks=CHECKS)
            assert answer.status_code == 200
            found: dict[str, Any] = json.loads(answer.content, parse_float=Decimal)
            return found

        yield call


def worked(answer: dict[str, Any]) -> dict[str, Any]:
    """The Result of an envelope; the rules of the vendor's client for a failure."""
    assert (answer["HasError"], answer["Severity"]) == (False, 0)
    assert answer["Result"] is not None
    result: dict[str, Any] = answer["Result"]
    return result


def order(coupon: str, total: float, reward: float) -> dict[str, Any]:
    """The sale at the end of the flow: OrderTotal is net, and the lines add up to it."""
    return {
        "OriginalId": "PDV-2025/0314-8",
        "OrderPlacementDate": "2025-03-14T13:20:00.000Z",
        "OrderCompletedDate": "2025-03-14T13:20:00.000Z",
        "OrderStatus": "Concluído",
        "IsCancelledOrReturned": False,
        "IsCompleted": True,
        "OrderTotal": total,
        "Coupon": coupon,
        "Customer": {"OriginalId": "ana.goncalves@exemplo.com.br", "Name": "Ana", "Document": ANA, "IsEnrolled": True},
        "Products": [
            {"OriginalId": "VES-04", "Title": "Vestido", "IsActive": True, "ProductPrice": 179.0 - reward},
            {"OriginalId": "VAL-30", "Title": "Vale-presente", "IsActive": True, "ProductPrice": 50.0},
        ],
        "PaymentMethods": [{"OriginalId": "pix", "Name": "Pix", "PaidAmount": total}],
        "Branch": {"OriginalId": "loja-1", "Name": "Loja 1"},
        "SalesPerson": {"OriginalId": "vendedor-3", "Name": "Bia"},
    }


def identify(call: Call, customer: str, transaction: str, **named: str) -> None:
    """Send a code and check it, as the vendor's test environment does: delivery blocked, code in the answer."""
    sent = call("POS_Challenge", {"TransactionId": transaction, **named}, id=customer)
    assert (sent["Success"], sent["TransactionId"]) == (False, transaction)
    checked = call("POS_ChallengeValidate", {"TransactionId": transaction, "Code": sent["Code"]}, id=customer)
    assert checked["Success"] is True


def redeem(call: Call, reward: int, key: str, customer: str = ANA, **value: Any) -> dict[str, Any]:
    body = {"CustomerId": customer, "OriginalKey": key, "RedeemOrigin": 5, **value}
    return worked(call("POS_Redeem", body, id=reward))


def test_vendor_flow_with_cashback_edit_sale_refund_and_cancel(call: Call, server: TrainingServer) -> None:
    found = call("POS_AvailableRewards", QUERY)
    assert (found["HasRewards"], found["ShouldValidateCustomer"]) == (True, True)
    assert (found["HasRestrictedItems"], found["RestrictedValue"], found["EligibleValue"]) == (True, 50, 179)
    cashback = next(reward for reward in found["Rewards"] if reward["IsCashback"] and reward["CanUse"])
    assert cashback["MaxCashbackForCurrentPurchase"] == Decimal("89.50") < found["AvailableCashback"]

    identify(call, ANA, "compra-1")
    first = redeem(call, cashback["Id"], "resgate-1", Value=30.0)
    assert redeem(call, cashback["Id"], "resgate-1", Value=30.0) == first  # the first answer was lost
    undone = worked(call("POS_CancelReward", id=first["RewardId"]))
    assert undone["IsCanceled"] is True
    assert call("POS_AvailableRewards", QUERY)["AvailableCashback"] == found["AvailableCashback"]

    second = redeem(call, cashback["Id"], "resgate-2", Value=89.5)
    assert second["RewardId"] != first["RewardId"]
    sold = worked(call("POS_NewOrder", order(second["ExternalCode"], 139.5, 89.5)))
    assert (sold["Coupon"], sold["OrderTotal"]) == (second["ExternalCode"], Decimal("139.50"))
    assert call("Rewards_Get", id=second["RewardId"])["IsCanceled"] is False
    balance = call("Customer_GetPoints", id=ANA)
    earned = sold["EstimatedBonus"]["EstimatedCashback"]
    assert balance["CashbackBalance"] == found["AvailableCashback"] - Decimal("89.50") + earned

    part = {
        "ValueToRefund": 20.0,
        "CancelKey": "estorno-1",
        "Products": [{"OriginalId": "VES-04", "ValueToRefund": 20}],
    }
    assert worked(call("POS_PartialCancelOrder", part, orderId="PDV-2025/0314-8"))["Status"] == 3
    assert call("Rewards_Get", id=second["RewardId"])["IsCanceled"] is False
    cancel = {"OrderCancelledDate": "2025-03-15T10:00:00.000Z", "OrderStatus": "Cancelado"}
    assert worked(call("POS_CancelOrder", cancel, orderId="PDV-2025/0314-8"))["isCanceled"] is True
    assert call("Rewards_Get", id=second["RewardId"])["IsCanceled"] is True
    assert call("Customer_GetPoints", id=ANA)["CashbackBalance"] == found["AvailableCashback"]
    assert [(entry.kind, entry.cents) for entry in server.service.applied] == [
        ("redemption", 3000),
        ("reversal", 3000),
        ("redemption", 8950),
        ("sale", 13950),
        ("refund", 2000),
        ("cancel", 11950),
        ("reversal", 8950),
    ]


def test_vendor_flow_of_a_new_member_with_a_product_reward(call: Call, server: TrainingServer) -> None:
    found = call("POS_AvailableRewards", QUERY | {"CustomerId": TIAGO, "DiscountValue": None})
    assert found["ShouldValidateCustomerSignup"] is True
    gift = next(reward for reward in found["Rewards"] if reward.get("ProductDiscountMode") == 2 and reward["CanUse"])
    asked = call("POS_Challenge", {"TransactionId": "compra-2", "Document": TIAGO, "Name": "Tiago Ramos"}, id=TIAGO)
    assert (asked["Success"], asked["ShouldInformPhone"], asked["Code"]) == (False, True, None)
    identify(call, TIAGO, "compra-2", Phone="+5511900000507")
    redeemed = redeem(call, gift["Id"], "resgate-3", TIAGO)
    assert (redeemed["ExternalProductId"], redeemed["Coupon"]) == (gift["ExternalProductId"], None)
    assert redeemed["Point"]["Quantity"] == -gift["Points"]
    # The answer did not arrive, so that only the key is known.
    undone = worked(call("POS_CancelRewardByOriginalKey", query={"originalKey": "resgate-3"}))
    assert (undone["Id"], undone["IsCanceled"]) == (redeemed["RewardId"], True)
    assert [entry.kind for entry in server.service.applied] == ["redemption", "reversal"]


@pytest.mark.parametrize("number", [11, 12, 13, 14, 15, 16, 17, 19])
def test_every_kind_of_reward_ends_in_a_sale_with_its_coupon(call: Call, server: TrainingServer, number: int) -> None:
    identify(call, ANA, "compra-1")
    value: dict[str, Any] = {"Value": 10.0} if number == 11 else {}
    redeemed = redeem(call, number, "resgate-1", **value)
    worked(call("POS_NewOrder", order(redeemed["ExternalCode"], 219.0, 10.0)))
    used = server.service.rewards.find(redeemed["RewardId"])
    assert used is not None
    assert used.order_id == "PDV-2025/0314-8"
