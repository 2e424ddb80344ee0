"""Read BonifiQ's answers about rewards that change nothing: available rewards, one-time codes, a redeemed reward."""

from typing import TYPE_CHECKING

from pydantic import ValidationError

from bonifiq_desktop.connectors import exact_json
from bonifiq_desktop.connectors.bonifiq.classify import Body, failure_of_status, is_success, parse_body
from bonifiq_desktop.connectors.bonifiq.schemas import Envelope
from bonifiq_desktop.connectors.http_client import HttpResponse, HttpResult, TransportFailure
from bonifiq_desktop.domain.read_back import Finding, ReadBack
from bonifiq_desktop.domain.redaction import redact_personal_data
from bonifiq_desktop.domain.rewards import AvailableRewards, CodeChecked, CodeSent, RewardsNotOffered
from bonifiq_desktop.domain.verdicts import FailureReason, LookupFailed

# The schemas of rewards are imported on first use: building them would delay the start.
if TYPE_CHECKING:
    from bonifiq_desktop.connectors.bonifiq.reward_schemas import CodeAnswer

_NOT_OFFERED = frozenset({404, 405, 410, 501})
_UNKNOWN_CUSTOMER = "customernotfound"
_HIDDEN = "***"


def parse_rewards(result: HttpResult) -> AvailableRewards:
    """The rewards and the balance, bare or in the envelope; without a customer where BonifiQ knows no such one.

    Raises RewardsNotOffered, LookupFailed.
    """
    from bonifiq_desktop.connectors.bonifiq.reward_schemas import RewardsSchema

    if isinstance(result, TransportFailure):
        raise LookupFailed(result.reason)
    try:
        body = parse_body(result)
        name = body.envelope.code_name.replace("_", "").lower()
        if name == _UNKNOWN_CUSTOMER:
            return AvailableRewards(None)
        if body.envelope.is_refusal and result.status not in _NOT_OFFERED and failure_of_status(result.status) is None:
            raise _refusal(body.envelope)
        if is_success(result.status) and isinstance(body.result, dict) and "Customer" in body.result:
            return RewardsSchema.model_validate(body.result).to_domain()
    except (exact_json.Unreadable, ValidationError):
        pass  # the status says more than the body
    if result.status in _NOT_OFFERED:
        raise RewardsNotOffered
    raise LookupFailed(failure_of_status(result.status) or FailureReason.UNREADABLE, retry_after=result.retry_after)


def parse_code_sent(result: HttpResult) -> CodeSent:
    """What became of a request for a one-time code. Raises LookupFailed."""
    answer = _code_answer(result)
    was_sent = bool(answer.success)
    return CodeSent(
        was_sent=was_sent,
        by_sms=was_sent and bool(answer.by_sms),
        by_email=was_sent and bool(answer.by_email),
        asks_phone=not was_sent and bool(answer.asks_phone),
        asks_email=not was_sent and bool(answer.asks_email),
        test_code="" if was_sent else answer.code,
        message=_message(answer, answer.code),
    )


def parse_code_checked(result: HttpResult, *, transaction_id: str, code: str) -> CodeChecked:
    """Whether a one-time code was the right one. Raises LookupFailed, also for an answer about another purchase."""
    answer = _code_answer(result)
    if answer.transaction_id and answer.transaction_id != transaction_id:
        raise LookupFailed(FailureReason.UNREADABLE)
    return CodeChecked(bool(answer.success), _message(answer, code))


def _message(answer: "CodeAnswer", code: str) -> str:
    """The system's own words without the code and personal data, since messages are logged."""
    text = answer.message.replace(code, _HIDDEN) if code else answer.message
    return redact_personal_data(text)


def _code_answer(result: HttpResult) -> "CodeAnswer":
    """An answer with Success, bare or in the envelope. A refusal of the call itself is LookupFailed."""
    from bonifiq_desktop.connectors.bonifiq.reward_schemas import CodeAnswer

    complete = _complete(result)
    try:
        data = exact_json.load(complete.body)
        if not isinstance(data, dict):
            raise LookupFailed(FailureReason.UNREADABLE)
        inner = data["Result"] if isinstance(data.get("Result"), dict) else data
        answer = CodeAnswer.model_validate(inner)
        # "Code" is a one-time code where the answer has Success, and a name of the refusal in the envelope.
        if answer.success is not None and (is_success(complete.status) or not answer.success):
            return answer
        envelope = Envelope.model_validate(data)
    except (exact_json.Unreadable, ValidationError) as error:
        raise LookupFailed(FailureReason.UNREADABLE) from error
    if envelope.is_refusal:
        raise _refusal(envelope)
    raise LookupFailed(FailureReason.UNREADABLE if is_success(complete.status) else FailureReason.UNEXPECTED_STATUS)


def read_reward(result: HttpResult, reward_id: str) -> ReadBack:
    """What a look-up of a redeemed reward shows of its reversal. Raises LookupFailed.

    A reward that BonifiQ does not show any more was perhaps undone: a person decides that.
    """
    from bonifiq_desktop.connectors.bonifiq.reward_schemas import RedeemedReward

    complete = _complete(result)
    try:
        body = parse_body(complete)
        if _is_missing(complete, body):
            return ReadBack(Finding.CONFLICT)
        reward = RedeemedReward.model_validate(body.result)
    except (exact_json.Unreadable, ValidationError) as error:
        raise LookupFailed(FailureReason.UNREADABLE) from error
    if not is_success(complete.status) or reward.is_canceled is None or not reward.may_be(reward_id):
        raise LookupFailed(FailureReason.UNREADABLE)
    return ReadBack(Finding.APPLIED if reward.is_canceled else Finding.ABSENT)


def _is_missing(answer: HttpResponse, body: Body) -> bool:
    """Whether an answer in the API's own form shows no reward."""
    return body.envelope.is_refusal or (body.result is None and is_success(answer.status))


def _complete(result: HttpResult) -> HttpResponse:
    """The answer, if its status lets the body speak. Raises LookupFailed."""
    if isinstance(result, TransportFailure):
        raise LookupFailed(result.reason)
    failure = failure_of_status(result.status)
    if failure is not None:
        raise LookupFailed(failure, retry_after=result.retry_after)
    return result


def _refusal(envelope: Envelope) -> LookupFailed:
    return LookupFailed(None, message=envelope.message or envelope.reason_code)
