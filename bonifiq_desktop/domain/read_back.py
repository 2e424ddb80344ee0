"""Resolve an operation by what the remote system's own records show of it."""

from dataclasses import dataclass
from enum import StrEnum

from bonifiq_desktop.domain.operations import Evidence, Resolution, ReviewReason, State
from bonifiq_desktop.domain.orders import Order, order_summary


class Finding(StrEnum):
    """What the records show of one operation."""

    APPLIED = "applied"
    ABSENT = "absent"
    CONFLICT = "conflict"
    """Something that may be ours and may be another's, or ours with other figures."""
    PENDING = "pending"
    """Too early to tell."""


@dataclass(frozen=True)
class ReadBack:
    """The records' answer about one operation. `order`: as it was found, None when there is none.

    `may_repeat`: an absent operation may be sent again unchanged, and cannot be applied twice by that.
    `evidence_id`: the system's own id of what it applied. `wait_seconds`: how long to wait while PENDING.
    """

    finding: Finding
    order: Order | None = None
    may_repeat: bool = True
    evidence_id: str = ""
    wait_seconds: float = 0.0

    @property
    def summary(self) -> str:
        """What was shown, for the history of the operation."""
        summary = order_summary(self.order)
        return f"{summary} ({self.evidence_id})" if self.evidence_id else summary


def resolve_by_read_back(read_back: ReadBack, review_reason: ReviewReason | None) -> Resolution:
    """Where an `unknown` operation goes. UNKNOWN as the result means: send it again, unchanged.

    `review_reason`: set when it was refused and that may be because it was applied. Then the records have the last
    word, and nothing is sent any more.
    """
    match read_back.finding:
        case Finding.APPLIED:
            return Resolution(State.CONFIRMED, Evidence.LOOKUP)
        case Finding.CONFLICT:
            return Resolution(State.REVIEW, review_reason=ReviewReason.LOOKUP_DISAGREES)
        case Finding.ABSENT if not read_back.may_repeat:
            return Resolution(State.REVIEW, review_reason=ReviewReason.LOOKUP_DISAGREES)
        case Finding.ABSENT if review_reason is not None:
            return Resolution(State.REVIEW, review_reason=review_reason)
    return Resolution(State.UNKNOWN)


def resolve_refusal_by_read_back(read_back: ReadBack, *, creates_order: bool) -> Resolution | None:
    """Where an operation without a client key goes whose only sending was refused a moment ago; None: not known.

    `creates_order`: it registers the order, so that a missing order proves that it was not applied.
    """
    match read_back.finding:
        case Finding.APPLIED:
            return Resolution(State.CONFIRMED, Evidence.LOOKUP)
        case Finding.CONFLICT:
            return Resolution(State.REVIEW, review_reason=ReviewReason.LOOKUP_DISAGREES)
        case Finding.ABSENT if read_back.order is not None or creates_order:
            return Resolution(State.REFUSED, Evidence.ANSWER)
    return None
