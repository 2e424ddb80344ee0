"""A checkout in a ledger without services: what is registered, sent and answered, in a few words."""

from dataclasses import replace

from bonifiq_desktop.domain.operations import Evidence, Kind, Operation, Resolution, State
from bonifiq_desktop.domain.requests import Intent, SerializedRequest
from bonifiq_desktop.domain.verdicts import Done
from bonifiq_desktop.ledger.ledger import Ledger
from tests.support.ledger_actions import ORDER, SALE_BODY

CHECKOUT = "c0ffee"
NUMBER = "CAIXA1-7"
CODES = {"evidence_id": "5001", "external_code": "PDV-5001", "external_product_id": "MEI-03"}
REDEEMED = Resolution(State.CONFIRMED, Evidence.ANSWER, **CODES)  # type: ignore[arg-type]


def redeem(ledger: Ledger, checkout_id: str = CHECKOUT, order_id: str = NUMBER) -> Operation:
    """Register a redemption of 10,00."""
    key = f"BR-{checkout_id}"
    order = replace(ORDER, order_id=order_id)
    intent = Intent(Kind.REDEMPTION, order_id, 1000, "Cashback", order=order, reference=key, checkout_id=checkout_id)
    return ledger.enqueue(intent, lambda _index: SerializedRequest("/v1/pvt/POS/rewards/11/redeem", SALE_BODY, key))


def sell(ledger: Ledger, checkout_id: str = CHECKOUT, order_id: str = NUMBER) -> Operation:
    """Register the sale of a checkout."""
    intent = Intent(Kind.SALE, order_id, 2590, checkout_id=checkout_id)
    return ledger.enqueue(intent, lambda _index: SerializedRequest("/v1/pvt/POS/orders", SALE_BODY))


def undo(ledger: Ledger, checkout_id: str = CHECKOUT, order_id: str = NUMBER) -> Operation:
    """Register the reversal of a redemption whose id is not known."""
    request = SerializedRequest("/v1/pvt/POS/rewards?originalKey=K", b"", method="DELETE")
    return ledger.enqueue(Intent(Kind.REVERSAL, order_id, 1000, checkout_id=checkout_id), lambda _index: request)


def confirm(ledger: Ledger, operation: Operation) -> Operation:
    """Send an operation and have it done; a redemption gets its codes."""
    attempt = ledger.start_attempt(operation.operation_id)
    if operation.kind is not Kind.REDEMPTION:
        return ledger.finish_attempt(attempt, Done(), Resolution(State.CONFIRMED, Evidence.ANSWER))
    return ledger.finish_attempt(attempt, Done(**CODES), REDEEMED)  # type: ignore[arg-type]
