"""Limits on what a person may decide while a copy of a request may still arrive."""

from datetime import datetime, timedelta

from bonifiq_desktop.domain.operations import Decision, ReviewReason

COPY_LIFETIME = timedelta(minutes=10)
"""How long after the deadline of a call a copy of its request may still arrive, by a proxy or a slow network."""


def must_outlive_copies(
    decision: Decision, review_reason: ReviewReason | None, *, repeat_may_apply_twice: bool = False
) -> bool:
    """Whether a decision lets a second request exist beside a copy of the first one, so that both could be applied.

    A spent key is no such case for another return: the system refuses every copy that carries it.
    `repeat_may_apply_twice`: the system takes no key, so that the same request again is a second one, too.
    """
    if decision is Decision.TRY_AGAIN:
        return repeat_may_apply_twice
    if decision is Decision.ANOTHER_RETURN:
        return review_reason is not ReviewReason.KEY_USED_BEFORE
    return decision is Decision.NOT_DONE


class DecisionIncomplete(Exception):
    """A decision lacks a name or a reason."""


class DecisionTooEarly(Exception):
    """A copy of the request may still arrive before `until`: a second request could be applied beside it."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until.isoformat(timespec="seconds"))
        self.until = until
