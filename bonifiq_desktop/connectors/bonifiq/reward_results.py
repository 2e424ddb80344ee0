"""Classify the data in answers to a redemption and to its reversal (API docs, sections 2, 5 and 9)."""

from typing import TYPE_CHECKING, Any

from bonifiq_desktop.connectors.bonifiq.schemas import Envelope
from bonifiq_desktop.domain.operations import Kind
from bonifiq_desktop.domain.verdicts import Done, FailureReason, Refused, Unknown, Verdict

# The schemas of rewards are imported on first use: building them would delay the start.
if TYPE_CHECKING:
    from bonifiq_desktop.connectors.bonifiq.reward_schemas import RedeemedReward

_ORDER_FIELDS = frozenset({"OriginalId", "OrderTotal", "OrderStatus", "Status", "isCanceled"})
_NOTHING_TO_REDEEM = frozenset({"rewardnotfound", "customernotfound"})


def classify_redemption(data: dict[str, Any], original_key: str | None, warning: str) -> Verdict:
    """Done with RewardId and ExternalCode, of which one at least is readable. Raises ValidationError.

    Without an ExternalCode the reward is redeemed, and no sale can name it; without a RewardId the OriginalKey undoes.
    """
    from bonifiq_desktop.connectors.bonifiq.reward_schemas import RedeemResult

    result = RedeemResult.model_validate(data)
    if _is_about_order(data):
        return Unknown(FailureReason.WRONG_ORDER)
    if result.original_key and result.original_key != original_key:
        return Unknown(FailureReason.WRONG_ORDER)
    reward_id = str(result.reward_id) if result.reward_id is not None and result.reward_id > 0 else ""
    if not reward_id and (not result.external_code or data.get("RewardId")):
        return Unknown(FailureReason.UNREADABLE)  # a RewardId that is there and unreadable could name another reward
    return Done(
        warning=warning,
        evidence_id=reward_id,
        external_code=result.external_code,
        external_product_id=result.product_id,
    )


def names_redemption(data: Any) -> bool:
    """Whether the data of a refusal shows a redemption all the same."""
    return isinstance(data, dict) and any(data.get(name) for name in ("RewardId", "ExternalCode"))


def classify_reversal(data: dict[str, Any], reward_id: str, warning: str) -> Verdict:
    """Done only where IsCanceled is true. Raises ValidationError.

    `reward_id`: "" for a reversal by OriginalKey; then the answer must name some reward, as no field repeats the key.
    """
    from bonifiq_desktop.connectors.bonifiq.reward_schemas import RedeemedReward

    reward = RedeemedReward.model_validate(data)
    if reward.reward_id is None and reward.is_canceled is None:
        return Unknown(FailureReason.WRONG_ORDER if _is_about_order(data) else FailureReason.UNREADABLE)
    is_named = reward.may_be(reward_id) if reward_id else _names_reward(reward)
    if _is_about_order(data) or not is_named:
        return Unknown(FailureReason.WRONG_ORDER)
    return Done(warning=warning) if reward.is_canceled else Unknown(FailureReason.EMPTY_RESULT)


def _names_reward(reward: "RedeemedReward") -> bool:
    return bool(reward.external_code) or (reward.reward_id is not None and reward.reward_id > 0)


def _is_about_order(data: dict[str, Any]) -> bool:
    """Whether an answer has fields that only orders and their cancellations have."""
    return not _ORDER_FIELDS.isdisjoint(data)


def without_reward(kind: Kind, envelope: Envelope) -> Verdict:
    """Classify a success without data: with words that give a reason, it is a refusal under a mere warning.

    Only a reward or a customer that does not exist proves that nothing was redeemed.
    """
    code, message = envelope.reason_code, envelope.message
    name = envelope.code_name.replace("_", "").lower()
    if kind is Kind.REDEMPTION and name in _NOTHING_TO_REDEEM:
        return Refused(code, message)
    is_reason = bool(envelope.code_name or envelope.message)
    return (
        Unknown(FailureReason.SAYS_NO, code=code, message=message) if is_reason else Unknown(FailureReason.EMPTY_RESULT)
    )
