"""Classify BonifiQ's answers: one pure function for requests that change something, one for look-ups."""

from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from bonifiq_desktop.connectors import exact_json
from bonifiq_desktop.connectors.bonifiq.refusal_texts import meaning_for_key, says_order_missing
from bonifiq_desktop.connectors.bonifiq.refusal_wordings import Meaning
from bonifiq_desktop.connectors.bonifiq.reward_results import (
    classify_redemption,
    classify_reversal,
    names_redemption,
    without_reward,
)
from bonifiq_desktop.connectors.bonifiq.schemas import (
    CancelResult,
    Envelope,
    OrderSchema,
    RefundErrorDetails,
    SaleResult,
)
from bonifiq_desktop.connectors.http_client import HttpResponse, HttpResult, TransportFailure
from bonifiq_desktop.connectors.undocumented_errors import explanation_in, plain_message_in
from bonifiq_desktop.domain.operations import Kind
from bonifiq_desktop.domain.orders import Order, same_order
from bonifiq_desktop.domain.verdicts import (
    CancelStatus,
    Done,
    FailureReason,
    LookupFailed,
    NotSent,
    OrderNotFound,
    Refused,
    Unknown,
    Verdict,
)

_ENVELOPE_NAMES = frozenset(
    {"HasError", "Severity", "ErrorMessage", "FriendlyErrorMessage", "ErrorCode", "Code", "CodeName", "HasWarning"}
)
# The fields that decide, in the vendor's letter case. The same name in another case is no field of the API. Ignoring it
# would overlook a refusal, or that an order is cancelled.
_DECIDING_FIELDS = frozenset(
    {"HasError", "Severity", "ErrorMessage", "CodeName", "Result", "isCanceled", "Status", "RefundErrorDetails"}
    | {"OriginalId", "OrderTotal", "IsCancelledOrReturned", "State", "OrderCancelledDate"}
)
_DECIDING_LOWER = frozenset(map(str.lower, _DECIDING_FIELDS))
_DOCUMENTED_CASE = _DECIDING_FIELDS | {"IsCanceled"}  # the vendor's spelling in answers about rewards
_REFUSED_STATUS = frozenset({CancelStatus.REFUSED, CancelStatus.ERROR})  # refusals even when no flag says so
_UNDOCUMENTED_REFUSALS = frozenset({400, 404, 405, 409, 410, 413, 415, 422})
_SUCCESS = range(200, 300)
_SERVER_ERROR = range(500, 1000)
_NO_CONTENT = 204
_NOT_FOUND = 404


@dataclass(frozen=True)
class _RequestContext:
    """The request that an answer must be about. `reward_id`: of a reversal, "" where it is not known."""

    kind: Kind
    order_id: str
    cancel_key: str | None
    reward_id: str = ""


@dataclass(frozen=True)
class Body:
    """The parts of an answer. `result`: its data."""

    envelope: Envelope
    result: Any


def classify_answer(
    kind: Kind, result: HttpResult, *, order_id: str, cancel_key: str | None, reward_id: str = ""
) -> Verdict:
    """Classify an answer to an operation of any kind. Pure; tested as a table.

    Everything that is neither a complete success nor a refusal in the API's own form is Unknown. That form is the
    envelope with HasError or Severity 2, RefundErrorDetails, or Status 1 or 2.
    """
    if isinstance(result, TransportFailure):
        return Unknown(result.reason) if result.possibly_sent else NotSent(result.reason)
    failure = failure_of_status(result.status)
    if failure is not None:
        return Unknown(failure, result.retry_after)
    request = _RequestContext(kind, order_id, cancel_key, reward_id)
    try:
        body = parse_body(result)
        if body.envelope.is_refusal:
            if kind is Kind.REDEMPTION and names_redemption(body.result):
                return Unknown(FailureReason.UNREADABLE)  # refused, and a redemption beside it
            return _refusal(request, body.envelope, None)
        if is_success(result.status):
            return _classify_result(request, body)
    except (exact_json.Unreadable, ValidationError):
        if is_success(result.status):
            return Unknown(FailureReason.UNREADABLE)
    return _classify_undocumented(request, result)


def _classify_result(request: _RequestContext, body: Body) -> Verdict:
    if not isinstance(body.result, dict) or not body.result:
        is_about_reward = request.kind in {Kind.REDEMPTION, Kind.REVERSAL}
        return without_reward(request.kind, body.envelope) if is_about_reward else Unknown(FailureReason.EMPTY_RESULT)
    match request.kind:
        case Kind.SALE | Kind.COMPLETION:
            return _classify_sale(request, body)
        case Kind.REDEMPTION:
            return classify_redemption(body.result, request.cancel_key, body.envelope.warning)
        case Kind.REVERSAL:
            return classify_reversal(body.result, request.reward_id, body.envelope.warning)
        case _:
            return _classify_cancel(request, body)


def _classify_sale(request: _RequestContext, body: Body) -> Verdict:
    result = SaleResult.model_validate(body.result)
    if result.order_id and not same_order(result.order_id, request.order_id):
        return Unknown(FailureReason.WRONG_ORDER)
    if not result.order_id and result.bonus is None:
        return Unknown(FailureReason.UNREADABLE)
    return Done(bonus=result.bonus, warning=body.envelope.warning)


def _classify_cancel(request: _RequestContext, body: Body) -> Verdict:
    result = CancelResult.model_validate(body.result)
    # The documented answer names no order. One that names another order is not the answer to this request.
    if result.order_id and not same_order(result.order_id, request.order_id):
        return Unknown(FailureReason.WRONG_ORDER)
    if result.details is not None or result.status in _REFUSED_STATUS:
        return _refusal(request, body.envelope, result.details)
    if result.is_canceled is None and result.updated_at is None and result.status is None:
        return Unknown(FailureReason.UNREADABLE)
    # A partial cancel may say isCanceled false, because the order remains; a whole one must say true.
    if request.kind is Kind.CANCEL and not result.is_canceled:
        return Unknown(FailureReason.EMPTY_RESULT)
    status = None if result.status is None else CancelStatus(result.status)
    return Done(warning=body.envelope.warning, status=status)


def _refusal(request: _RequestContext, envelope: Envelope, details: RefundErrorDetails | None) -> Verdict:
    """A refusal in the API's own form, or Unknown where it says that an earlier request is in progress."""
    if details is not None:
        code, message, codes, texts = details.code, details.message, [details.code], [details.message]
    else:
        code, message, codes = envelope.reason_code, envelope.message, [envelope.code_name]
        texts = [envelope.error_message, envelope.friendly_message]
    meaning = meaning_for_key(
        codes,
        texts,
        cancel_key=request.cancel_key,
        order_id=request.order_id,
        field=details.field if details else "",
        redeems=request.kind is Kind.REDEMPTION,
    )
    if meaning is Meaning.IN_PROGRESS:
        return Unknown(FailureReason.IN_PROGRESS, code=code, message=message)
    used_key = meaning in {Meaning.KEY_USED, Meaning.KEY_USE_CONTRADICTED}
    return Refused(code, message, used_key=used_key, key_use_contradicted=meaning is Meaning.KEY_USE_CONTRADICTED)


def _classify_undocumented(request: _RequestContext, answer: HttpResponse) -> Unknown:
    """Classify an answer that is neither success nor refusal; keep its words where the status says no."""
    words = explanation_in(answer.body)
    if words is None:
        return Unknown(FailureReason.UNREADABLE)
    if answer.status not in _UNDOCUMENTED_REFUSALS:
        return Unknown(FailureReason.UNEXPECTED_STATUS)
    meaning = meaning_for_key([], [words], cancel_key=None, order_id=request.order_id)
    reason = FailureReason.IN_PROGRESS if meaning is Meaning.IN_PROGRESS else FailureReason.SAYS_NO
    return Unknown(reason, code=str(answer.status), message=words)


def parse_order(result: HttpResult, requested_id: str) -> Order:
    """The order in the answer to a look-up, bare or in the envelope.

    The order may bear another number than the requested one: the caller must compare. Raises OrderNotFound only for an
    answer in the API's own form that is about the order, LookupFailed for every other answer without an order.
    """
    if isinstance(result, TransportFailure):
        raise LookupFailed(result.reason)
    failure = failure_of_status(result.status)
    if failure is not None:
        raise LookupFailed(failure, retry_after=result.retry_after)
    if _is_empty(result) or _is_bare_not_found(result, requested_id):
        raise OrderNotFound
    try:
        body = parse_body(result)
        if body.envelope.is_refusal or (body.result is None and is_success(result.status)):
            raise _lookup_failure(body, requested_id)
        if not is_success(result.status):
            # A 404 in another form comes from a gateway, or from a wrong address.
            raise LookupFailed(
                FailureReason.UNREADABLE if result.status == _NOT_FOUND else FailureReason.UNEXPECTED_STATUS
            )
        answer = OrderSchema.model_validate(body.result)
    except (exact_json.Unreadable, ValidationError) as error:
        raise LookupFailed(FailureReason.UNREADABLE) from error
    if answer.total is None:
        raise LookupFailed(FailureReason.UNREADABLE)
    return answer.to_domain(requested_id, answer.total)


def _is_empty(answer: HttpResponse) -> bool:
    """Whether a complete success holds nothing: 204, or the document `null`."""
    return answer.status == _NO_CONTENT or (is_success(answer.status) and answer.body.strip() == b"null")


def _is_bare_not_found(answer: HttpResponse, requested_id: str) -> bool:
    """Whether a 404 is a single sentence which says that the order does not exist."""
    return answer.status == _NOT_FOUND and says_order_missing([], [plain_message_in(answer.body)], requested_id)


def _lookup_failure(body: Body, requested_id: str) -> LookupFailed:
    """Why a look-up that was answered in the API's form shows no order: OrderNotFound, or a refusal.

    Only "not found" lets an uncertain sale be sent again, or a typed number be taken for free.
    """
    envelope = body.envelope
    texts = [text for text in (envelope.error_message, envelope.friendly_message) if text]
    if isinstance(body.result, dict) and {"OriginalId", "OrderTotal"} & body.result.keys():
        return LookupFailed(None, message=envelope.message or envelope.reason_code)  # refused, and an order beside it
    is_silent = not (envelope.is_refusal or envelope.reason_code or texts)
    if is_silent or says_order_missing([envelope.code_name], texts, requested_id):
        return OrderNotFound(envelope.message)
    return LookupFailed(None, message=envelope.message or envelope.reason_code)


def parse_body(answer: HttpResponse) -> Body:
    """The envelope and the data. Without `Result` the body itself is the data, even beside fields of the envelope."""
    data = exact_json.load(answer.body)
    if not isinstance(data, dict):
        raise exact_json.Unreadable
    _check_case(data)
    envelope = Envelope.model_validate(data)
    if "Result" in data:
        _check_case(data["Result"])
        return Body(envelope, data["Result"])
    return Body(envelope, {name: data[name] for name in data.keys() - _ENVELOPE_NAMES})


def _check_case(data: Any) -> None:
    """Raises Unreadable for a deciding name in another letter case."""
    if isinstance(data, dict) and any(
        name.lower() in _DECIDING_LOWER and name not in _DOCUMENTED_CASE for name in data
    ):
        raise exact_json.Unreadable


def is_success(status: int) -> bool:
    return status in _SUCCESS


def failure_of_status(status: int) -> FailureReason | None:
    """The reason of a status that never carries a verdict, whatever its body says; None for the others."""
    if status // 100 in {1, 3}:
        return FailureReason.REDIRECTED
    special = {
        401: FailureReason.CREDENTIALS,
        403: FailureReason.CREDENTIALS,
        407: FailureReason.REDIRECTED,  # from a proxy, not from BonifiQ
        408: FailureReason.TIMED_OUT,
        429: FailureReason.THROTTLED,
        503: FailureReason.THROTTLED,
    }
    return special.get(status) or (FailureReason.SERVER_ERROR if status in _SERVER_ERROR else None)
