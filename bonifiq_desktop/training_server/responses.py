"""Response bodies: the service's orders and customers in the contract's property names and shapes."""

from typing import Any

from bonifiq_desktop.training_server.errors import CancelKeyUsed, Refusal
from bonifiq_desktop.training_server.fault_injection.answer_forms import (
    AnswerForms,
    RefundStatus,
    RefusalForm,
    ResultForm,
)
from bonifiq_desktop.training_server.json_codec import format_brl, to_reais
from bonifiq_desktop.training_server.loyalty_service import LoyaltyService
from bonifiq_desktop.training_server.models import STATE_CANCELLED, Customer, Order, Refund
from bonifiq_desktop.training_server.rewards.models import Redemption

Body = dict[str, Any]

# Envelope properties that may stand beside the data of a look-up.
_EXTRA_FIELDS: dict[str, Body] = {
    "bare": {},
    "flat": {"HasError": False, "ErrorMessage": None},
    "flat_code": {"CodeName": None},
}
_FOUR_FIELDS = ("ErrorMessage", "ErrorCode", "Result", "HasError")

_STATUS_REFUSED = 1
_STATUS_CANCELLED = 4


def lookup_body(service: LoyaltyService, order: Order, forms: AnswerForms) -> Body:
    """A look-up's body, as the service options and answer forms say."""
    body = order_body(service, order)
    if body["Customer"] is not None and forms.enrolment == "never":
        body["Customer"]["IsEnrolled"] = False
    elif body["Customer"] is not None and forms.enrolment == "hidden":
        del body["Customer"]["IsEnrolled"]
    if service.shows_refunds:
        body["OrderTotal"] = to_reais(order.total_cents - order.refunded_cents)
    if not service.shows_metadatas:
        body["Metadatas"] = []
    used = service.rewards.used_by(order.original_id)
    body["Reward"] = None if used is None else reward_body(used, service.customer(used.customer_id))
    return success_envelope(body) if forms.lookup_form == "envelope" else {**body, **_EXTRA_FIELDS[forms.lookup_form]}


def order_body(service: LoyaltyService, order: Order) -> Body:
    customer = service.customer(order.customer_id)
    return {
        "Id": order.number,
        "OriginalId": order.original_id,
        "OrderPlacementDate": order.placed,
        "OrderCompletedDate": order.completed,
        "OrderCancelledDate": order.cancelled,
        "OrderStatus": order.status,
        "IsCancelledOrReturned": order.state == STATE_CANCELLED,
        "IsCompleted": order.is_completed,
        "OrderTotal": to_reais(order.total_cents),
        "Customer": None if customer is None else _order_customer_body(service, customer),
        "Products": [
            {
                "OriginalId": item.product_id,
                "Title": item.title,
                "Url": item.url,
                "ImageUrl": item.image_url,
                "IsActive": item.is_active,
                "ProductPrice": None if item.cents is None else to_reais(item.cents),
            }
            for item in order.items
        ],
        "UpdatedDate": order.updated,
        "Coupon": order.coupon,
        "State": order.state,
        "Origin": order.origin,
        "Metadatas": [
            {"Id": order.number * 100 + place, "OrderId": order.number, **entry}
            for place, entry in enumerate(order.metadata)
        ],
        "Branch": order.branch,
        "TenantSalesman": order.sales_person,
        "ExternalCoupon": order.external_coupon,
    }


def bonus_body(service: LoyaltyService, order: Order) -> Body:
    points, cashback = service.bonus(order)
    return {
        "GenerateBonus": points > 0 or cashback > 0,
        "EstimatedPoints": points,
        "EstimatedCashback": to_reais(cashback),
        "EstimatedCashbackFormatted": format_brl(cashback),
    }


def refund_body(refund: Refund, status: RefundStatus) -> Body:
    """Result of a partial refund. As in the vendor's mock, isCanceled is false unless the Status is Cancel."""
    body: Body = {"isCanceled": status == _STATUS_CANCELLED, "UpdatedAt": refund.at}
    return body if status is None else {**body, "Status": status}


def cancel_body(order: Order) -> Body:
    return {"isCanceled": True, "UpdatedAt": order.updated, "Status": _STATUS_CANCELLED}


def applied_body(result: Body, form: ResultForm) -> Body:
    if form == "flat":
        return {**result, **_EXTRA_FIELDS["flat"]}
    whole = success_envelope(result)
    return {name: whole[name] for name in _FOUR_FIELDS} if form == "four_fields" else whole


def success_envelope(result: Body | None) -> Body:
    return _envelope(result, None, None, None)


def error_envelope(message: str, *, code: str | None = None, code_name: str | None = None) -> Body:
    """The envelope of a refusal: no Result, Severity 2."""
    return _envelope(None, message, code, code_name)


def _envelope(result: Body | None, message: str | None, code: str | None, code_name: str | None) -> Body:
    return {
        "ErrorMessage": message,
        "ErrorCode": None,
        "Result": result,
        "Code": code,
        "CodeName": code_name,
        "Severity": 0 if message is None else 2,
        "HasWarning": False,
        "HasError": message is not None,
    }


def refusal_body(refusal: Refusal, form: RefusalForm, at: str) -> Body:
    """A refusal in one of the vendor's three forms.

    - `envelope`: HasError and the error fields.
    - `details`: a success envelope with RefundErrorDetails in the Result.
    - `status`: a success envelope whose Result.Status is Refused.
    """
    if form == "envelope":
        return error_envelope(refusal.message, code=refusal.code, code_name=refusal.code_name)
    result: Body = {"isCanceled": False, "UpdatedAt": at, "Status": _STATUS_REFUSED}
    if form == "details":
        result["RefundErrorDetails"] = {
            "Code": refusal.code_name,
            "Message": refusal.message,
            "Field": refusal.field,
            "ProductOriginalId": refusal.product,
            "ExpectedValue": None if refusal.expected is None else to_reais(refusal.expected),
            "ActualValue": None if refusal.actual is None else to_reais(refusal.actual),
        }
    return success_envelope(result)


def key_used_response(used: CancelKeyUsed, forms: AnswerForms) -> tuple[int, Body]:
    """HTTP status and body for a used CancelKey."""
    form = forms.key_used_form
    if form == "echo":
        return 200, applied_body(refund_body(used.earlier_refund, forms.refund_status), forms.result_form)
    if form == "message_en":
        return 200, error_envelope("The CancelKey has already been used for this order.")
    if form == "message_pt":
        return 200, error_envelope("A chave de cancelamento (CancelKey) já foi utilizada neste pedido.")
    if form == "silent":
        return 200, error_envelope("Não foi possível cancelar o pedido.")
    status = {"http_400": 400, "http_409": 409}.get(form, 200)
    return status, error_envelope(used.message, code=used.code, code_name=used.code_name)


def reward_body(redemption: Redemption, customer: Customer | None) -> Body:
    """A redeemed reward, as a look-up and a reversal show it."""
    return {
        "Id": redemption.number,
        "Customer": None if customer is None else rewards_customer_body(customer),
        "ExternalCode": redemption.external_code,
        "CashValue": to_reais(redemption.cents) if redemption.cents else None,
        "IsCanceled": redemption.cancelled is not None,
        "RedeemDate": redemption.at,
        "Points": {
            "Id": redemption.number,
            "Points": -redemption.points,
            "Type": 1,
            "EventKey": redemption.key,
        },
    }


def rewards_customer_body(customer: Customer) -> Body:
    return {
        "Id": customer.number,
        "OriginalId": customer.original_id,
        "Name": customer.name,
        "Email": customer.email,
        "Phone": customer.phone,
        "Document": customer.document,
        "IsEnrolled": customer.is_enrolled,
        "CurrentTier": {"Name": customer.tier},
    }


def balance_body(service: LoyaltyService, customer: Customer | None) -> Body:
    """A customer's balances and their orders. For an unknown customer zero balances, which is no error."""
    if customer is None:
        return {"CustomerExists": False, "PointsBalance": 0, "CashbackBalance": to_reais(0)}
    return {
        "CustomerExists": True,
        "PointsBalance": customer.points,
        "CashbackBalance": to_reais(customer.cashback_cents),
        "Name": customer.name,
        "PointHistory": _history(service, customer),
    }


def _history(service: LoyaltyService, customer: Customer) -> list[Body]:
    """What orders gave and redemptions took, as positive and negative amounts."""
    gained = [
        {
            "Id": order.number,
            "IsCanceled": order.state == STATE_CANCELLED,
            "DateReceived": order.completed,
            "Amount": order.points_given,
            "CashbackAmount": to_reais(order.cashback_given),
        }
        for order in service.orders()
        if order.customer_id == customer.original_id and order.completed
    ]
    spent = [
        {
            "Id": each.number,
            "IsCanceled": each.cancelled is not None,
            "DateReceived": each.at,
            "Amount": -each.points,
            "CashbackAmount": to_reais(-each.cents),
        }
        for each in service.rewards.of_customer(customer.original_id)
    ]
    return gained + spent


def customer_body(customer: Customer) -> Body:
    return {
        "Id": customer.number,
        **_customer_fields(customer),
        "CurrentTier": {"Name": customer.tier},
        "BalanceOfPoints": customer.points,
        "BalanceCashback": to_reais(customer.cashback_cents),
    }


def report_body(found: list[Customer], page: int, size: int) -> Body:
    """One page of the customers report; the first page is 1."""
    shown = found[(page - 1) * size : page * size]
    return {
        "Items": [
            {
                **_customer_fields(customer),
                "PointsBalance": customer.points,
                "CashbackBalance": to_reais(customer.cashback_cents),
            }
            for customer in shown
        ],
        "TotalItemCount": len(found),
        "PageSize": size,
        "PageNumber": page,
        "HasNextPage": page * size < len(found),
        "HasError": False,
        "ErrorMessages": [],
    }


def _customer_fields(customer: Customer) -> Body:
    """The customer fields that every response shares."""
    return {
        "OriginalId": customer.original_id,
        "Name": customer.name,
        "Email": customer.email,
        "Phone": customer.phone,
        "BirthdayDate": customer.birthday,
        "SignupDate": customer.signed_up,
        "Document": customer.document,
        "IsEnrolled": customer.is_enrolled,
    }


def _order_customer_body(service: LoyaltyService, customer: Customer) -> Body:
    return {
        "Id": customer.number,
        **_customer_fields(customer),
        "PointsBalance": customer.points,
        "BalanceOfPoints": customer.points,
        "Cashback": to_reais(customer.cashback_cents),
        "FirstName": customer.name.partition(" ")[0],
        "OrderCount": service.order_count(customer.original_id),
        "EnrolledDate": (customer.enrolled or customer.signed_up) if customer.is_enrolled else None,
        "TierName": customer.tier,
    }
