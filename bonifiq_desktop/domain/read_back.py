"""Read-back: resolution of an operation by the remote system's own records."""

from dataclasses import dataclass
from enum import StrEnum

from bonifiq_desktop.domain.operations import Evidence, Resolution, ReviewReason, State
from bonifiq_desktop.domain.orders import Order, order_summary


class Finding(StrEnum):
    """Finding about one operation in the remote system's records."""

    APPLIED = "applied"
    ABSENT = "absent"
    CONFLICT = "conflict"
    """The records show other values, or perhaps another till's operation."""
    PENDING = "pending"
    """The records may still change."""


@dataclass(frozen=True)
class ReadBack:
    """Result of a read-back. `order`: the order found, None when there is none.

    - `may_repeat`: an absent operation may be sent again unchanged without being applied twice.
    - `evidence_id`: the system's id of the applied operation.
    - `wait_seconds`: delay before the next read-back while PENDING.
    - `fingerprint`: what two readings must have in common to count as unchanged; see SettlingTimes.
    """

    finding: Finding
    order: Order | None = None
    may_repeat: bool = True
    evidence_id: str = ""
    wait_seconds: float = 0.0
    fingerprint: str = ""

    @property
    def summary(self) -> str:
        """Summary for the operation's events."""
        summary = order_summary(self.order)
        return f"{summary} ({self.evidence_id})" if self.evidence_id else summary


def resolve_by_read_back(
    read_back: ReadBack,
    review_reason: ReviewReason | None,
    *,
    absence_reason: ReviewReason = ReviewReason.LOOKUP_DISAGREES,
) -> Resolution:
    """Resolve an `unknown` operation; UNKNOWN as the result means "send it again, unchanged".

    `review_reason`: set after a refusal that may mean "already applied"; then nothing is sent again.
    `absence_reason`: of a review of an absent operation that must not be repeated.
    """
    match read_back.finding:
        case Finding.APPLIED:
            return Resolution(State.CONFIRMED, Evidence.LOOKUP, evidence_id=read_back.evidence_id)
        case Finding.CONFLICT:
            return Resolution(State.REVIEW, review_reason=ReviewReason.LOOKUP_DISAGREES)
        case Finding.ABSENT if not read_back.may_repeat:
            return Resolution(State.REVIEW, review_reason=absence_reason)
        case Finding.ABSENT if review_reason is not None:
            return Resolution(State.REVIEW, review_reason=review_reason)
    return Resolution(State.UNKNOWN)


def resolve_refusal_by_read_back(read_back: ReadBack, *, creates_order: bool) -> Resolution | None:
    """Resolve an operation without a client key whose only attempt was just refused; None when not resolvable.

    `creates_order`: the operation registers the order, so that a missing order proves that it was not applied.
    """
    match read_back.finding:
        case Finding.APPLIED:
            return Resolution(State.CONFIRMED, Evidence.LOOKUP, evidence_id=read_back.evidence_id)
        case Finding.CONFLICT:
            return Resolution(State.REVIEW, review_reason=ReviewReason.LOOKUP_DISAGREES)
        case Finding.ABSENT if read_back.order is not None or creates_order:
            return Resolution(State.REFUSED, Evidence.ANSWER)
    return None
