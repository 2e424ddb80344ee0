"""What a person may decide about an operation in review: one table for the window and for the services."""

from datetime import timedelta

from bonifiq_desktop.domain.operations import Decision, Kind, ReviewReason

COPY_LIFETIME = timedelta(minutes=10)
"""How long after the deadline of a call a copy of its request may still reach BonifiQ, by a proxy or a slow network."""

_USUAL = (Decision.TRY_AGAIN, Decision.WAS_DONE, Decision.NOT_DONE)
_UNCLEAR = (Decision.TRY_AGAIN, Decision.WAS_DONE, Decision.ANOTHER_RETURN, Decision.NOT_DONE)
_DECISIONS: dict[ReviewReason, tuple[Decision, ...]] = {
    # What cannot be sent from here cannot be sent again.
    ReviewReason.UNSENDABLE: (Decision.WAS_DONE, Decision.NOT_DONE),
}
_REFUND_DECISIONS: dict[ReviewReason, tuple[Decision, ...]] = {
    # The key is spent: the same key again tells nothing new.
    ReviewReason.KEY_USED_BEFORE: (Decision.WAS_DONE, Decision.ANOTHER_RETURN, Decision.NOT_DONE),
    # BonifiQ may say no because another till made an equal return with this very key, and may never name the key.
    ReviewReason.REFUSED_ON_REPEAT: _UNCLEAR,
    ReviewReason.REFUSED_BEFORE: _UNCLEAR,
    ReviewReason.SAYS_NO_TWICE: _UNCLEAR,
}


def decisions_for(kind: Kind, review_reason: ReviewReason | None) -> tuple[Decision, ...]:
    """The decisions about an operation in review, in the order in which they are offered."""
    usual = _DECISIONS.get(review_reason, _USUAL) if review_reason else _USUAL
    return _REFUND_DECISIONS.get(review_reason, usual) if review_reason and kind is Kind.REFUND else usual


def must_outlive_copies(decision: Decision, doubt: ReviewReason | None) -> bool:
    """Whether a decision lets a second request exist beside a copy of the first one, so that both could be applied.

    A spent key is no such case for another return: BonifiQ refuses every copy that carries it.
    """
    if decision is Decision.ANOTHER_RETURN:
        return doubt is not ReviewReason.KEY_USED_BEFORE
    return decision is Decision.NOT_DONE
