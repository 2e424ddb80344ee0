"""The bodies that the practice server sends, built from the shop's truth: property names and shapes of the contract."""

from __future__ import annotations

from typing import Any, Literal

from bonifiq_desktop.training.book import STATE_CANCELLED, Customer, Order, Refund
from bonifiq_desktop.training.refusals import KeyUsed, Refusal
from bonifiq_desktop.training.shop import Shop
from bonifiq_desktop.training.wire import formatted, reais

Body = dict[str, Any]

RefusalForm = Literal["envelope", "details", "status"]

# What a spent CancelKey may get: nobody documents it, so a client has to live with all of them.
KeyUsedForm = Literal[
    "code_name",  # 200, CodeName CancelKeyAlreadyUsed
    "message_en",  # 200, no CodeName, the message names the key in English
    "message_pt",  # 200, no CodeName, the message names the key in Portuguese
    "http_400",  # as code_name, under 400
    "http_409",  # as code_name, under 409
    "silent",  # 200, a refusal that does not mention the key
    "echo",  # 200, the first refund's answer again, as if it had just been applied
]

_STATUS_REFUSED = 1
_STATUS_COMPLETED = 3
_STATUS_CANCELLED = 4


def order_body(shop: Shop, order: Order, *, shows_refunds: bool) -> Body:
    """One order with its customer; `shows_refunds` lowers OrderTotal by what was given back."""
    total = order.total_cents - (order.refunded_cents if shows_refunds else 0)
    customer = shop.customer(order.customer_id)
    return {
        "Id": order.number,
        "OriginalId": order.original_id,
        "OrderPlacementDate": order.placed,
        "OrderCompletedDate": order.completed,
        "OrderCancelledDate": order.cancelled,
        "OrderStatus": order.status,
        "IsCancelledOrReturned": order.state == STATE_CANCELLED,
        "IsCompleted": order.is_completed,
        "OrderTotal": reais(total),
        "Customer": None if customer is None else _customer_body(shop, customer),
        "Products": [
            {
                "OriginalId": item.product_id,
                "Title": item.title,
                "Url": item.url,
                "ImageUrl": item.image_url,
                "IsActive": item.is_active,
                "ProductPrice": None if item.cents is None else reais(item.cents),
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


def bonus_body(shop: Shop, order: Order) -> Body:
    """What the sale is worth to the customer, as estimated right after it."""
    points, cashback = shop.bonus(order)
    return {
        "GenerateBonus": points > 0 or cashback > 0,
        "EstimatedPoints": points,
        "EstimatedCashback": reais(cashback),
        "EstimatedCashbackFormatted": formatted(cashback),
    }


def refund_body(refund: Refund) -> Body:
    """Result of a partial refund; isCanceled stays false, as in the vendor's own mock."""
    return {"isCanceled": False, "UpdatedAt": refund.at, "Status": _STATUS_COMPLETED}


def cancel_body(order: Order) -> Body:
    """Result of a whole cancel."""
    return {"isCanceled": True, "UpdatedAt": order.updated, "Status": _STATUS_CANCELLED}


def success(result: Body) -> Body:
    """The envelope around a result."""
    return {
        "ErrorMessage": None,
        "ErrorCode": None,
        "Result": result,
        "Code": None,
        "CodeName": None,
        "Severity": 0,
        "HasWarning": False,
        "HasError": False,
    }


def failure(message: str, *, code: str | None = None, code_name: str | None = None) -> Body:
    """The envelope of a refusal: no result, Severity 2."""
    return {
        "ErrorMessage": message,
        "ErrorCode": None,
        "Result": None,
        "Code": code,
        "CodeName": code_name,
        "Severity": 2,
        "HasWarning": False,
        "HasError": True,
    }


def refusal_body(refusal: Refusal, form: RefusalForm, at: str) -> Body:
    """A refusal in one of the three ways that the vendor's material knows.

    `envelope` raises the flags; `details` says success and puts RefundErrorDetails into the result; `status` says
    success and hides the refusal in Result.Status.
    """
    if form == "envelope":
        return failure(refusal.message, code=refusal.code, code_name=refusal.code_name)
    result: Body = {"isCanceled": False, "UpdatedAt": at, "Status": _STATUS_REFUSED}
    if form == "details":
        result["RefundErrorDetails"] = {
            "Code": refusal.code_name,
            "Message": refusal.message,
            "Field": refusal.field,
            "ProductOriginalId": refusal.product,
            "ExpectedValue": None if refusal.expected is None else reais(refusal.expected),
            "ActualValue": None if refusal.actual is None else reais(refusal.actual),
        }
    return success(result)


def key_used_answer(used: KeyUsed, form: KeyUsedForm) -> tuple[int, Body]:
    """HTTP status and body for a CancelKey that was spent before."""
    if form == "echo":
        return 200, success(refund_body(used.first))
    if form == "message_en":
        return 200, failure("The CancelKey has already been used for this order.")
    if form == "message_pt":
        return 200, failure("A chave de cancelamento (CancelKey) já foi utilizada neste pedido.")
    if form == "silent":
        return 200, failure("Não foi possível cancelar o pedido.")
    status = {"http_400": 400, "http_409": 409}.get(form, 200)
    return status, failure(used.message, code=used.code, code_name=used.code_name)


def balance_body(customer: Customer | None) -> Body:
    """A customer's balances; none for somebody unknown, who is no error."""
    if customer is None:
        return {"CustomerExists": False, "PointsBalance": 0, "CashbackBalance": reais(0)}
    return {
        "CustomerExists": True,
        "PointsBalance": customer.points,
        "CashbackBalance": reais(customer.cashback_cents),
        "Name": customer.name,
    }


def _customer_body(shop: Shop, customer: Customer) -> Body:
    return {
        "Id": customer.number,
        "OriginalId": customer.original_id,
        "Name": customer.name,
        "Email": customer.email,
        "Phone": customer.phone,
        "BirthdayDate": customer.birthday,
        "SignupDate": customer.signed_up,
        "Document": customer.document,
        "IsEnrolled": customer.is_enrolled,
        "PointsBalance": customer.points,
        "BalanceOfPoints": customer.points,
        "Cashback": reais(customer.cashback_cents),
        "FirstName": customer.name.partition(" ")[0],
        "OrderCount": shop.order_count(customer.original_id),
        "EnrolledDate": customer.signed_up if customer.is_enrolled else None,
        "TierName": customer.tier,
    }
