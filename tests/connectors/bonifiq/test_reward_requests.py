"""Requests about rewards: exact names of the API, and no field that the vendor's pages do not have."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from bonifiq_desktop.connectors import exact_json
from bonifiq_desktop.connectors.bonifiq import reward_requests as requests
from bonifiq_desktop.connectors.bonifiq.connector import BonifiqConnector
from bonifiq_desktop.connectors.bonifiq.requests import sale_body
from bonifiq_desktop.domain.operations import Kind
from bonifiq_desktop.domain.orders import Customer
from bonifiq_desktop.domain.requests import Intent
from bonifiq_desktop.domain.rewards import Basket, CodeRequest, RewardKind
from bonifiq_desktop.security.credentials import Credentials
from bonifiq_desktop.storage.settings import Settings
from tests.connectors.bonifiq.test_requests import FULL
from tests.support.reward_examples import ANA, BASKET, ORIGINAL_KEY, make_redemption, make_request, make_reward

CHALLENGE = "/v1/pvt/POS/customers/52998224725/challenge"
CODE = CodeRequest(ANA, "checkout-1")


def connector(**settings: Any) -> BonifiqConnector:
    """A connector that sends nothing."""
    return BonifiqConnector("https://exemplo.com.br", Credentials("t", "k"), settings=lambda: Settings(**settings))


def _read(body: bytes) -> dict[str, Any]:
    data = exact_json.load(body)
    assert isinstance(data, dict)
    return data


def test_rewards_query_holds_the_basket_whose_lines_add_up_to_the_gross() -> None:
    body = _read(requests.rewards_body(BASKET))
    assert body == {
        "CustomerId": "52998224725",
        "PurchaseValue": Decimal("30.00"),
        "DiscountValue": Decimal("5.00"),
        "Products": [
            {
                "OriginalId": "P1",
                "Title": "Café",
                "IsActive": True,
                "Quantity": 1,
                "ProductPrice": Decimal("10.00"),
                "ProductBrand": {"OriginalId": "B1", "Name": "Torra"},
            },
            {
                "OriginalId": "P2",
                "Title": "Pão",
                "IsActive": True,
                "Quantity": 1,
                "ProductPrice": Decimal("20.00"),
            },
        ],
    }
    assert sum(row["ProductPrice"] * row["Quantity"] for row in body["Products"]) == body["PurchaseValue"]


def test_rewards_query_without_discount_says_null() -> None:
    assert _read(requests.rewards_body(Basket(ANA, 3000)))["DiscountValue"] is None


@pytest.mark.parametrize(
    ("customer", "key"),
    [
        (ANA, "52998224725"),
        (replace(ANA, document=""), "ana@exemplo.com.br"),
        (Customer(customer_id="loja/77"), "loja/77"),
        (Customer(phone="+5511987654321"), ""),
    ],
)
def test_customer_is_named_by_document_else_email_else_own_id(customer: Customer, key: str) -> None:
    assert customer.programme_id == key


@pytest.mark.parametrize(
    ("key", "quoted"), [("ana@exemplo.com.br", "ana%40exemplo.com.br"), ("a/../b?c#d", "a%2F..%2Fb%3Fc%23d")]
)
def test_customer_stays_one_path_segment_of_code_requests(key: str, quoted: str) -> None:
    customer = Customer(email=key)
    assert requests.code_path(customer) == f"/v1/pvt/POS/customers/{quoted}/challenge"
    assert requests.code_check_path(customer) == f"/v1/pvt/POS/customers/{quoted}/challengevalidate"


@pytest.mark.parametrize("key", ["", ".", ".."])
def test_code_request_without_a_usable_customer_is_an_error(key: str) -> None:
    with pytest.raises(ValueError, match="customer"):
        requests.code_path(Customer(email=key))


def test_code_request_names_the_customer_only_for_a_signup() -> None:
    assert _read(requests.code_body(CODE)) == {"TransactionId": "checkout-1"}
    assert _read(requests.code_body(replace(CODE, is_signup=True))) == {
        "TransactionId": "checkout-1",
        "Document": "52998224725",
        "Name": "Ana Lima",
        "Email": "ana@exemplo.com.br",
        "Phone": "+5511987654321",
    }


def test_code_request_with_a_contact_sends_nothing_else() -> None:
    by_phone = replace(CODE, is_signup=True, phone="+5511900000000")
    assert _read(requests.code_body(by_phone)) == {"TransactionId": "checkout-1", "Phone": "+5511900000000"}
    by_email = replace(CODE, email="b@exemplo.com.br")
    assert _read(requests.code_body(by_email)) == {"TransactionId": "checkout-1", "Email": "b@exemplo.com.br"}


def test_code_check_carries_the_same_transaction() -> None:
    assert _read(requests.code_check_body(CODE, "012345")) == {"TransactionId": "checkout-1", "Code": "012345"}


@pytest.mark.parametrize(
    ("changes", "value"),
    [
        ({}, None),
        ({"kind": RewardKind.PERCENT}, None),
        ({"kind": RewardKind.PRODUCT}, None),
        ({"kind": RewardKind.CUSTOM}, None),
        ({"kind": RewardKind.CASHBACK}, Decimal("12.25")),
        ({"can_select_value": True}, Decimal("12.25")),
    ],
)
def test_redemption_sends_an_amount_only_where_the_counter_chooses_it(
    changes: dict[str, Any], value: Decimal | None
) -> None:
    request = make_request(make_reward(**changes), amount=1225)
    intent = Intent(Kind.REDEMPTION, "A-1", 1225, redemption=request, reference=ORIGINAL_KEY)
    sent = connector().serialize(intent)
    assert (sent.method, sent.path, sent.client_key) == ("POST", "/v1/pvt/POS/rewards/7/redeem", ORIGINAL_KEY)
    expected = {"CustomerId": "52998224725", "OriginalKey": ORIGINAL_KEY, "RedeemOrigin": 5}
    assert _read(sent.body) == expected | ({} if value is None else {"Value": value})
    assert connector().serialize(intent) == sent


def test_redemption_without_a_key_is_not_serialized() -> None:
    with pytest.raises(ValueError, match="incomplete"):
        connector().serialize(Intent(Kind.REDEMPTION, "A-1", 1000, redemption=make_request(make_reward())))


def test_reversal_names_the_reward_id_of_its_redemption() -> None:
    sent = connector().reversal(make_redemption())
    assert (sent.method, sent.path, sent.body) == ("DELETE", "/v1/pvt/POS/rewards/5001", b"")
    assert sent.client_key is None
    assert requests.reward_id_in(sent.path) == "5001"
    assert connector().serialize(Intent(Kind.REVERSAL, "A-1", 1000, redeemed=make_redemption())) == sent


def test_reversal_without_reward_id_names_the_key_in_the_query() -> None:
    sent = connector().reversal(make_redemption(evidence_id="", cancel_key="A&B=1 ç"))
    assert (sent.method, sent.body) == ("DELETE", b"")
    assert sent.path == "/v1/pvt/POS/rewards?originalKey=A%26B%3D1%20%C3%A7"
    assert requests.reward_id_in(sent.path) == ""
    other = requests.other_form(sent)
    assert other is not None
    assert (other.method, _read(other.body)) == ("DELETE", {"OriginalKey": "A&B=1 ç"})
    assert other.path == "/v1/pvt/POS/rewards?OriginalKey=A%26B%3D1%20%C3%A7"
    assert requests.other_form(other) is None
    assert requests.other_form(connector().reversal(make_redemption())) is None


def test_reversal_of_nothing_is_an_error() -> None:
    with pytest.raises(ValueError, match="RewardId"):
        connector().reversal(make_redemption(evidence_id="", cancel_key=None))


def test_sale_gets_the_coupon_of_its_redemption_and_keeps_all_else() -> None:
    body = sale_body(FULL, "A-1", "R-1")
    changed = connector().with_reward(body, make_redemption())
    assert _read(changed) == {**_read(body), "Coupon": "PDV-5001"}
    assert changed == body.replace(b'"VIP10"', b'"PDV-5001"')
    without = sale_body(replace(FULL, coupon=""), "A-1", "R-1")
    assert _read(connector().with_reward(without, make_redemption())) == {**_read(without), "Coupon": "PDV-5001"}


def test_sale_of_a_redemption_without_code_is_an_error() -> None:
    with pytest.raises(ValueError, match="ExternalCode"):
        connector().with_reward(sale_body(FULL, "A-1"), make_redemption(external_code=""))


@pytest.mark.parametrize(
    ("setting", "sent"), [("", {}), ("yes", {"ShouldRefundRedeem": True}), ("no", {"ShouldRefundRedeem": False})]
)
def test_refund_states_what_becomes_of_the_reward_only_by_the_setting(setting: str, sent: dict[str, bool]) -> None:
    body = _read(connector(return_used_reward=setting).serialize(Intent(Kind.REFUND, "A-1", 1000)).body)
    body.pop("CancelKey")
    assert body == {"ValueToRefund": Decimal("10.00")} | sent
