"""Errors of requests that the loyalty service does not apply.

The names in capitals come from the vendor's example program. The vendor documents no code or message for the other
cases; their names, numbers and texts follow the vendor's style.
"""

from dataclasses import dataclass

from bonifiq_desktop.training_server.models import Refund

INVALID_REFUND = "INVALID_REFUND"
PRODUCT_REFUND_TOTAL_MISMATCH = "PRODUCT_REFUND_TOTAL_MISMATCH"
CUSTOMER_NOT_FOUND = "CUSTOMER_NOT_FOUND"
REWARD_NOT_FOUND = "REWARD_NOT_FOUND"
CHALLENGE_INVALID = "CHALLENGE_INVALID"

# The vendor's two-digit codes are unique within one endpoint only; one table for all endpoints keeps that true.
_CODES = {
    "InvalidRequest": "90",
    "OrderNotFound": "91",
    "OrderAlreadyCancelled": "92",
    "InvalidValue": "93",
    "ValueAboveRemaining": "94",
    PRODUCT_REFUND_TOTAL_MISMATCH: "95",
    "ProductNotInOrder": "96",
    "DuplicateProduct": "97",
    "ValueAboveProduct": "98",
    "CancelKeyAlreadyUsed": "99",
    "DateMissing": "89",
    "TotalBelowRefunds": "88",
    INVALID_REFUND: "86",
    "OrderAlreadyExists": "85",
    CUSTOMER_NOT_FOUND: "01",
    REWARD_NOT_FOUND: "07",
    CHALLENGE_INVALID: "08",
    "RewardNotAvailable": "84",
    "CashbackAboveBalance": "83",
    "OriginalKeyAlreadyUsed": "82",
    "OriginalKeyMismatch": "81",
    "RewardAlreadyCanceled": "80",
    "RewardAlreadyUsed": "79",
    "RewardCanceled": "78",
}


@dataclass(eq=False)
class Refusal(Exception):
    """A valid request that is not applied.

    `message` is shown to people (pt-BR); `field` and `product` name the wrong part; `expected` and `actual` are cents.
    """

    code_name: str
    message: str
    field: str | None = None
    product: str | None = None
    expected: int | None = None
    actual: int | None = None

    @property
    def code(self) -> str:
        return _CODES[self.code_name]


class CancelKeyUsed(Refusal):
    """The order already has a refund with this CancelKey: `earlier_refund`."""

    def __init__(self, earlier_refund: Refund) -> None:
        super().__init__("CancelKeyAlreadyUsed", "Esta chave de cancelamento já foi utilizada.", field="CancelKey")
        self.earlier_refund = earlier_refund
