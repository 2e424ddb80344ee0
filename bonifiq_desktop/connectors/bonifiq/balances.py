"""Read a customer's balance from the answer to a query for rewards (API docs, sections 8 and 9)."""

from pydantic import ValidationError

from bonifiq_desktop.connectors import exact_json
from bonifiq_desktop.connectors.bonifiq.classify import failure_of_status, is_success, parse_body
from bonifiq_desktop.connectors.bonifiq.schemas import AvailableRewards
from bonifiq_desktop.connectors.http_client import HttpResult, TransportFailure
from bonifiq_desktop.domain.orders import Customer
from bonifiq_desktop.domain.search import BalanceNotOffered
from bonifiq_desktop.domain.verdicts import FailureReason, LookupFailed

_NOT_OFFERED = frozenset({404, 405, 410, 501})
_UNKNOWN_CUSTOMER = "customernotfound"


def parse_balance(result: HttpResult) -> Customer | None:
    """The customer with points and cashback, bare or in the envelope; None where BonifiQ knows no such customer.

    Raises BalanceNotOffered, LookupFailed.
    """
    if isinstance(result, TransportFailure):
        raise LookupFailed(result.reason)
    try:
        body = parse_body(result)
        name = body.envelope.code_name.replace("_", "").lower()
        if name == _UNKNOWN_CUSTOMER:
            return None
        if body.envelope.is_refusal and result.status not in _NOT_OFFERED and failure_of_status(result.status) is None:
            raise LookupFailed(None, message=body.envelope.message or body.envelope.reason_code)
        if is_success(result.status) and isinstance(body.result, dict) and "Customer" in body.result:
            return AvailableRewards.model_validate(body.result).to_domain()
    except (exact_json.Unreadable, ValidationError):
        pass  # the status says more than the body
    if result.status in _NOT_OFFERED:
        raise BalanceNotOffered
    raise LookupFailed(failure_of_status(result.status) or FailureReason.UNREADABLE, retry_after=result.retry_after)
