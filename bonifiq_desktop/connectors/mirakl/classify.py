"""Classify Mirakl's answers: one pure function for requests that change something, others for look-ups."""

import re
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from bonifiq_desktop.connectors import exact_json
from bonifiq_desktop.connectors.http_client import HttpResponse, HttpResult, TransportFailure
from bonifiq_desktop.connectors.mirakl import schemas
from bonifiq_desktop.connectors.mirakl.sent import SentCall, SentRequest, is_answer_to
from bonifiq_desktop.connectors.undocumented_errors import explanation_in
from bonifiq_desktop.domain.remote_orders import Obstacle
from bonifiq_desktop.domain.requests import SerializedRequest
from bonifiq_desktop.domain.text import plain
from bonifiq_desktop.domain.verdicts import Done, FailureReason, LookupFailed, NotSent, Refused, Unknown, Verdict

FEATURE_OFF = Obstacle.FEATURE_OFF.value
"""Code of a refusal because the operator lets no shop cancel single lines: the connection's capability goes off."""

FORBIDDEN = 403
NO_ROUTE = frozenset({404, 405, 410})
_NO_CONTENT = 204
_SUCCESS = range(200, 300)
_SERVER_ERROR = range(500, 1000)
_REFUSALS = frozenset({400, 404, 405, 406, 409, 410, 413, 415, 422})
_DECIDES_NOTHING = {
    401: FailureReason.CREDENTIALS,
    403: FailureReason.FORBIDDEN,
    407: FailureReason.REDIRECTED,  # from a proxy, not from Mirakl
    408: FailureReason.TIMED_OUT,
    429: FailureReason.THROTTLED,
    503: FailureReason.THROTTLED,
}
_FEATURE = re.compile(
    r"\b(?:features?|functionality|recurso|funcionalidade|partial cancell?ations?|cancelamento parcial)\b"
)
_SWITCHED_OFF = re.compile(
    r"\bnot (?:\w+ )?(?:enabled|activated|active|available|switched on|turned on)\b"
    r"|\b(?:disabled|deactivated|inactive|switched off|turned off|desabilitad[ao]|desativad[ao])\b"
    r"|\bn[aã]o (?:est[aá] )?(?:habilitad[ao]|ativad[ao]|ativ[ao])\b"
)
# Without the word "feature", only this: a reason, a shop or an offer may be inactive for one cancelation alone.
_NOT_ENABLED = re.compile(
    r"\b(?:cancell?ations?|cancelamentos?)\b.*\b(?:not (?:\w+ )?enabled|n[aã]o (?:est[aá] )?habilitad[ao])\b"
)

T = TypeVar("T", bound=BaseModel)


def classify_answer(request: SerializedRequest, result: HttpResult) -> Verdict:
    """Classify the answer to OR30, OR28, OR29 or RT01. Pure; tested as a table.

    Everything that is neither a complete success about our line nor a refusal in Mirakl's form is Unknown.
    """
    if isinstance(result, TransportFailure):
        return Unknown(result.reason) if result.possibly_sent else NotSent(result.reason)
    sent = SentRequest.read(request.body)
    if sent is not None and sent.call is SentCall.CANCEL_LINE and result.status in {*_REFUSALS, FORBIDDEN}:
        refused = _refusal(result)
        if refused is not None and _says_feature_off(refused.message):
            return Refused(FEATURE_OFF, refused.message)
    failure = failure_of_status(result.status)
    if failure is not None:
        return Unknown(failure, result.retry_after)
    if result.status in _SUCCESS:
        return _classify_success(sent, result)
    return (_refusal(result) if result.status in _REFUSALS else None) or _undocumented(result)


def _classify_success(sent: SentRequest | None, result: HttpResponse) -> Verdict:
    if sent is None:
        return Unknown(FailureReason.UNREADABLE)
    if sent.call is SentCall.CANCEL_ORDER:
        is_documented = result.status == _NO_CONTENT and not result.body
        return Done() if is_documented else Unknown(FailureReason.UNEXPECTED_STATUS)
    if result.status == _NO_CONTENT or not result.body.strip():
        return Unknown(FailureReason.EMPTY_RESULT)
    try:
        if sent.call is SentCall.OPEN_RETURN:
            return _classify_return(sent, parse(schemas.CreatedReturns, result))
        created = parse(schemas.CreatedList, result)
    except exact_json.Unreadable:
        return Unknown(FailureReason.UNREADABLE)
    return _classify_created(sent, created)


def _classify_created(sent: SentRequest, created: schemas.CreatedList) -> Verdict:
    """Done if the entry of our line, and only one, has an id and our amounts."""
    cancels = sent.call is SentCall.CANCEL_LINE
    entries = [each for each in (created.cancelations if cancels else created.refunds) if each.line_id in sent.lines]
    if not entries:
        return Unknown(FailureReason.EMPTY_RESULT)
    entry_id = entries[0].cancelation_id if cancels else entries[0].refund_id
    if len(entries) > 1 or not entry_id or not is_answer_to(sent, entries[0]):
        return Unknown(FailureReason.UNREADABLE)
    return Done(evidence_id=entry_id)


def _classify_return(sent: SentRequest, created: schemas.CreatedReturns) -> Verdict:
    """RT01 answers 200 even where it made nothing: `return_errors` then says why."""
    ours = [each for each in created.made if each.rma == sent.rma]
    if len(ours) == 1:
        return Done(evidence_id=ours[0].return_id)
    errors = [each for each in created.errors if each.commercial_id in {"", sent.commercial_id}]
    if not created.made and errors:
        return Refused("return_error", errors[0].message)
    return Unknown(FailureReason.EMPTY_RESULT)


def _refusal(answer: HttpResponse) -> Refused | None:
    """A refusal in Mirakl's form: a JSON object with `message`, or with `errors` that have one."""
    try:
        data = exact_json.load(answer.body)
    except exact_json.Unreadable:
        return None
    if not isinstance(data, dict):
        return None
    listed = data.get("errors")
    errors = [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
    texts = [_text(data, "message"), *(_text(each, "message") for each in errors)]
    codes = [_text(data, "error_code"), _text(data, "code"), *(_text(each, "code") for each in errors)]
    message = " · ".join(dict.fromkeys(filter(None, texts)))
    if not message and not any(codes):
        return None
    return Refused(next(filter(None, codes), str(answer.status)), message)


def _text(data: dict[str, Any], name: str) -> str:
    value = data.get(name)
    return plain(value) if isinstance(value, str) else ""


def _says_feature_off(message: str) -> bool:
    text = message.casefold()
    return bool((_FEATURE.search(text) and _SWITCHED_OFF.search(text)) or _NOT_ENABLED.search(text))


def _undocumented(answer: HttpResponse) -> Unknown:
    words = explanation_in(answer.body)
    if words is None:
        return Unknown(FailureReason.UNREADABLE)
    if answer.status not in _REFUSALS:
        return Unknown(FailureReason.UNEXPECTED_STATUS)
    return Unknown(FailureReason.SAYS_NO, code=str(answer.status), message=words)


def failure_of_status(status: int) -> FailureReason | None:
    """The reason of a status that never carries a verdict, whatever its body says; None for the others."""
    if status // 100 in {1, 3}:
        return FailureReason.REDIRECTED
    return _DECIDES_NOTHING.get(status) or (FailureReason.SERVER_ERROR if status in _SERVER_ERROR else None)


def read_answer(model: type[T], result: HttpResult) -> T:
    """The answer to a call that changes nothing. Raises LookupFailed."""
    if isinstance(result, TransportFailure):
        raise LookupFailed(result.reason)
    failure = failure_of_status(result.status)
    if failure is not None:
        raise LookupFailed(failure, retry_after=result.retry_after)
    if result.status not in _SUCCESS:
        refused = _refusal(result) if result.status in _REFUSALS else None
        if refused is None or result.status == 404:  # noqa: PLR2004 - also a gateway's, for a wrong address
            raise LookupFailed(FailureReason.UNEXPECTED_STATUS)
        raise LookupFailed(None, message=refused.message or refused.code)
    try:
        return parse(model, result)
    except exact_json.Unreadable as error:
        raise LookupFailed(FailureReason.UNREADABLE) from error


def parse(model: type[T], answer: HttpResponse) -> T:
    """The body of an answer by its model. Raises Unreadable."""
    try:
        return model.model_validate(exact_json.load(answer.body))
    except ValidationError as error:
        raise exact_json.Unreadable from error


def is_offered(result: HttpResult) -> bool:
    """Whether a call exists and may be made: neither forbidden to this user nor missing on this platform."""
    return not (isinstance(result, HttpResponse) and result.status in {FORBIDDEN, *NO_ROUTE})
