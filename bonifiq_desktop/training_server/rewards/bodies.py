"""Response bodies of rewards in the contract's property names and shapes."""

from collections.abc import Iterable

from bonifiq_desktop.training_server.errors import Refusal
from bonifiq_desktop.training_server.json_codec import to_reais
from bonifiq_desktop.training_server.models import Customer
from bonifiq_desktop.training_server.responses import Body, error_envelope, rewards_customer_body
from bonifiq_desktop.training_server.rewards import rules
from bonifiq_desktop.training_server.rewards.errors import KeyRedeemed
from bonifiq_desktop.training_server.rewards.models import (
    CASHBACK,
    FIXED,
    MODE_PERCENT,
    PERCENT,
    Basket,
    Configuration,
    Offer,
    OneTimeCode,
    Reason,
    Redemption,
)

_COUPON_FIXED, _COUPON_PERCENT, _COUPON_OTHER = 0, 1, 4
_COUPON_TYPES = {FIXED: _COUPON_FIXED, CASHBACK: _COUPON_FIXED, PERCENT: _COUPON_PERCENT}


def available_body(customer: Customer | None, basket: Basket, offers: Iterable[Offer]) -> Body:
    """The answer to a query for rewards: customer, balance and every reward with its reason."""
    shown = list(offers)
    restricted = rules.restricted(basket)
    points, cashback = (customer.points, customer.cashback_cents) if customer else (0, 0)
    return {
        "Customer": None if customer is None else rewards_customer_body(customer),
        "Rewards": [_offer_body(offer, cashback) for offer in shown],
        "HasRestrictedItems": restricted > 0,
        "RestrictedValue": to_reais(restricted),
        "EligibleValue": to_reais(basket.base - restricted),
        "HasRewards": customer is not None and bool(shown),
        "ShouldValidateCustomer": customer is not None and customer.check == "code",
        "ShouldValidateCustomerSignup": customer is not None and customer.check == "signup",
        "AvailablePoints": points,
        "CanUseReward": any(offer.reason == Reason.CAN_USE for offer in shown),
        "CashbackEnabled": True,
        "AvailableCashback": to_reais(cashback),
        "MaxCashbackForCurrentPurchase": to_reais(max((offer.maximum for offer in shown), default=0)),
    }


def redemption_body(redemption: Redemption, reward: Configuration) -> Body:
    coupon: Body = {
        "CouponCode": redemption.external_code,
        "CouponType": _COUPON_TYPES.get(reward.kind, _COUPON_OTHER),
        "CouponValue": _value_of(reward.kind, redemption.cents or reward.value),
        "ValidDateStart": redemption.at,
        "ValidDateEnd": None,
    }
    return {
        "RewardId": redemption.number,
        "Point": {"PointId": redemption.number, "Quantity": -redemption.points, "Metadatas": []},
        "ExternalCode": redemption.external_code,
        "OriginalKey": redemption.key,
        "Coupon": coupon if redemption.has_coupon else None,
        "ExternalProductId": redemption.product_id,
    }


def key_redeemed_response(used: KeyRedeemed, form: str) -> tuple[int, Body]:
    """HTTP status and body of the refusal of a used OriginalKey."""
    if form == "message_pt":
        return 200, error_envelope("A chave de resgate (OriginalKey) já foi utilizada.")
    if form == "message_en":
        return 200, error_envelope("The OriginalKey has already been used.")
    if form == "silent":
        return 200, error_envelope("Não foi possível resgatar o benefício.")
    return 409 if form == "http_409" else 200, refusal_body(used)


def refusal_body(refusal: Refusal) -> Body:
    return error_envelope(refusal.message, code=refusal.code, code_name=refusal.code_name)


def challenge_body(transaction: str | None, sent: OneTimeCode | None, delivery: str, *, asks: str = "") -> Body:
    """The answer to a request for a code. `sent` is None where a contact is missing: `asks` names it."""
    was_sent = sent is not None and delivery in {"sent", "sent_with_code"}
    texts = {"phone": "Informe o telefone do cliente.", "email": "Informe o e-mail do cliente."}
    problem = texts.get(asks) or (None if was_sent else "O código não pôde ser enviado.")
    return {
        "Success": was_sent,
        "FriendlyErrorMessage": problem,
        "ShouldInformPhone": asks == "phone",
        "ShouldInformEmail": asks == "email",
        "SentBySMS": was_sent and sent is not None and sent.by_sms,
        "SentByEmail": was_sent and sent is not None and not sent.by_sms,
        "TransactionId": transaction,
        "ErrorMessage": None,
        "Code": sent.code if sent is not None and delivery in {"test", "sent_with_code"} else None,
    }


def unknown_customer_body(transaction: str | None, problem: str = "Cliente não encontrado.") -> Body:
    return {"Success": False, "FriendlyErrorMessage": problem, "TransactionId": transaction}


def checked_body(transaction: str | None, *, is_right: bool) -> Body:
    problem = None if is_right else "Código inválido ou vencido."
    return {"TransactionId": transaction, "Success": is_right, "FriendlyErrorMessage": problem}


def _offer_body(offer: Offer, cashback: int) -> Body:
    reward, is_cashback = offer.reward, offer.reward.kind == CASHBACK
    body: Body = {
        "Id": reward.number,
        "Title": reward.title,
        "RewardType": reward.kind,
        "Value": to_reais(offer.maximum) if is_cashback else _value_of(reward.kind, reward.value),
        "CanSelectValue": is_cashback,
        "IsCashback": is_cashback,
        "Requirements": reward.requirements or None,
        "AvailableCashback": to_reais(cashback if is_cashback else 0),
        "MaxCashbackForCurrentPurchase": to_reais(offer.maximum),
        "CanUse": offer.reason == Reason.CAN_USE,
        "CannotUseReason": int(offer.reason),
        "Points": reward.points,
        "RewardCanBeCumulative": reward.is_cumulative,
    }
    if reward.product is None:
        return body
    product = reward.product
    return {
        **body,
        "ExternalProductId": product.product_id or None,
        "ProductDisplayName": product.name or None,
        "ProductDiscountMode": product.mode,
        "ProductDiscountValue": product.value if product.mode == MODE_PERCENT else to_reais(product.value),
        "ProductMaxUnitsPerRedeem": 1,
        "ProductAvailableQuantity": None,
    }


def _value_of(kind: int, value: int) -> object:
    return value if kind == PERCENT else to_reais(value)
