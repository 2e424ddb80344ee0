"""Paths and bodies of BonifiQ's requests about rewards. Source: API docs, section 9."""

from typing import Any
from urllib.parse import quote, unquote

from bonifiq_desktop.connectors.bonifiq.requests import product_groups
from bonifiq_desktop.connectors.exact_json import dump, load
from bonifiq_desktop.domain.money import to_wire
from bonifiq_desktop.domain.operations import Operation
from bonifiq_desktop.domain.orders import Customer, Product
from bonifiq_desktop.domain.requests import SerializedRequest
from bonifiq_desktop.domain.rewards import Basket, CodeRequest, RedemptionRequest

REWARDS_PATH = "/v1/pvt/POS/rewards/available"
"""Answers customer, tier, points and cashback in one call, and takes the customer in its body.

`GET Customer/{id}/points` and `ListCustomersReport` take the CPF in the URL, so they are not used for a balance.
"""

_REDEEMED_PATH = "/v1/pvt/POS/rewards"
_BY_KEY = f"{_REDEEMED_PATH}?originalKey="
_POINT_OF_SALE = 5  # RedeemOrigin


def rewards_body(basket: Basket) -> bytes:
    """The body of a query for rewards."""
    return dump(
        {
            "CustomerId": basket.customer.programme_id,
            "PurchaseValue": to_wire(basket.gross),
            "DiscountValue": to_wire(basket.discount) if basket.discount else None,
            "Products": [_product(product) for product in basket.products],
        }
    )


def _product(product: Product) -> dict[str, Any]:
    """One line as one unit: the products add up to PurchaseValue, whether ProductPrice is a unit's or the line's."""
    return {
        "OriginalId": product.product_id,
        "Title": product.title,
        "IsActive": True,
        "Quantity": 1,
        "ProductPrice": to_wire(product.price or 0),
        **product_groups(product),
    }


def code_path(customer: Customer) -> str:
    """Path of a request for a one-time code. Raises ValueError for a customer without a name that a path can hold."""
    return f"{_customer_path(customer)}/challenge"


def code_check_path(customer: Customer) -> str:
    """Path of the check of a one-time code. Raises as `code_path`."""
    return f"{_customer_path(customer)}/challengevalidate"


def _customer_path(customer: Customer) -> str:
    name = customer.programme_id
    if name in {"", ".", ".."}:  # every HTTP stack rewrites dots in a path, even quoted
        raise ValueError("customer without document and e-mail")
    return f"/v1/pvt/POS/customers/{quote(name, safe='')}"


def code_body(request: CodeRequest) -> bytes:
    """The body of a request for a one-time code: a contact that was asked for, else what a sign-up needs."""
    contact = {"Phone": request.phone, "Email": request.email}
    if not any(contact.values()) and request.is_signup:
        customer = request.customer
        contact = {
            "Document": customer.document,
            "Name": customer.name,
            "Email": customer.email,
            "Phone": customer.phone,
        }
    return dump({"TransactionId": request.transaction_id, **{name: text for name, text in contact.items() if text}})


def code_check_body(request: CodeRequest, code: str) -> bytes:
    """The body of the check of a one-time code."""
    return dump({"TransactionId": request.transaction_id, "Code": code})


def redemption(request: RedemptionRequest, original_key: str) -> SerializedRequest:
    """The request that redeems a reward. `Value` only where the counter chooses the amount."""
    body: dict[str, Any] = {
        "CustomerId": request.basket.customer.programme_id,
        "OriginalKey": original_key,
        "RedeemOrigin": _POINT_OF_SALE,
    }
    reward = request.reward
    if reward.has_chosen_amount:
        body["Value"] = to_wire(request.amount)
    return SerializedRequest(f"{_REDEEMED_PATH}/{reward.reward_id}/redeem", dump(body), original_key)


def reversal(redemption: Operation) -> SerializedRequest:
    """The request that undoes a redemption. Raises ValueError for one with neither RewardId nor OriginalKey."""
    if redemption.evidence_id:
        return SerializedRequest(f"{_REDEEMED_PATH}/{redemption.evidence_id}", b"", method="DELETE")
    if not redemption.cancel_key:
        raise ValueError("redemption without RewardId and OriginalKey")
    return SerializedRequest(_BY_KEY + quote(redemption.cancel_key, safe=""), b"", method="DELETE")


def other_form(request: SerializedRequest) -> SerializedRequest | None:
    """A reversal by OriginalKey in its other form; None for any other request.

    No page names the place of the key, so that a server which denies the first form is asked in the second.
    """
    if not request.path.startswith(_BY_KEY):
        return None
    quoted = request.path.removeprefix(_BY_KEY)
    body = dump({"OriginalKey": unquote(quoted)})
    return SerializedRequest(f"{_REDEEMED_PATH}?OriginalKey={quoted}", body, method=request.method)


def reward_id_in(path: str) -> str:
    """The RewardId in the path of a reversal; empty for one by OriginalKey."""
    number = path.removeprefix(f"{_REDEEMED_PATH}/")
    return number if number.isdecimal() else ""


def reward_path(reward_id: str) -> str:
    """Path of a look-up of a redeemed reward."""
    return f"/v1/pvt/Rewards/{quote(reward_id, safe='')}"


def with_coupon(body: bytes, code: str) -> bytes:
    """The body of a sale with a redemption's code in place of any other coupon. Raises ValueError for an empty code."""
    if not code:
        raise ValueError("redemption without ExternalCode")
    return dump({**load(body), "Coupon": code})
