"""Tests of reading an operation back from its order, with the resolution that follows."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bonifiq_desktop.connectors.bonifiq.read_back import read_back_from
from bonifiq_desktop.domain.keys import REFERENCE
from bonifiq_desktop.domain.operations import Evidence, Kind, Operation, Resolution, ReviewReason, State
from bonifiq_desktop.domain.orders import Order
from bonifiq_desktop.domain.read_back import resolve_by_read_back, resolve_refusal_by_read_back

UNSETTLED = Resolution(State.UNKNOWN)
NO_BY_ANSWER = Resolution(State.REFUSED, Evidence.ANSWER)
TWICE = ReviewReason.SAYS_NO_TWICE


def _review(reason: ReviewReason) -> Resolution:
    return Resolution(State.REVIEW, review_reason=reason)


def _unknown(kind: Kind) -> Operation:
    """An operation of 3000 whose answer was lost."""
    return Operation(
        operation_id=1,
        kind=kind,
        order_id="A-1",
        value=3000,
        state=State.UNKNOWN,
        reason="",
        message="",
        lines=(),
        order=Order("A-1", 3000),
        attempts=1,
        created_at=datetime(2026, 11, 20, tzinfo=UTC),
        settled_at=None,
        cancel_key=None,
        evidence=None,
        review_reason=None,
        failure_reason=None,
        bonus=None,
        reference="R-1",
    )


FOUND = Order("A-1", 3000, metadata=((REFERENCE, "R-1"),))
OTHER_SALE = replace(FOUND, metadata=((REFERENCE, "R-2"),))
SHOWN_CANCELLED = Order("A-1", 3000, cancelled=True)
BY_LOOKUP = Resolution(State.CONFIRMED, Evidence.LOOKUP)
REPEAT, UNCHECKED = ReviewReason.REFUSED_ON_REPEAT, ReviewReason.REFUSAL_UNCHECKED


@pytest.mark.parametrize(
    ("kind", "order", "reason", "resolution"),
    [
        (Kind.SALE, FOUND, None, BY_LOOKUP),
        (Kind.SALE, FOUND, REPEAT, BY_LOOKUP),
        (Kind.SALE, Order("A-1", 2999), None, _review(ReviewReason.LOOKUP_DISAGREES)),
        (Kind.SALE, Order("A-1", 2999), REPEAT, _review(ReviewReason.LOOKUP_DISAGREES)),
        (Kind.SALE, OTHER_SALE, None, _review(ReviewReason.LOOKUP_DISAGREES)),
        (Kind.SALE, None, None, UNSETTLED),
        (Kind.SALE, None, REPEAT, _review(REPEAT)),
        (Kind.SALE, None, TWICE, _review(TWICE)),
        (Kind.SALE, FOUND, TWICE, BY_LOOKUP),
        (Kind.CANCEL, FOUND, TWICE, _review(TWICE)),
        (Kind.CANCEL, SHOWN_CANCELLED, TWICE, BY_LOOKUP),
        (Kind.CANCEL, SHOWN_CANCELLED, None, BY_LOOKUP),
        (Kind.CANCEL, SHOWN_CANCELLED, REPEAT, BY_LOOKUP),
        (Kind.CANCEL, FOUND, None, UNSETTLED),
        (Kind.CANCEL, FOUND, REPEAT, _review(REPEAT)),
        (Kind.CANCEL, FOUND, UNCHECKED, _review(UNCHECKED)),
        (Kind.CANCEL, SHOWN_CANCELLED, UNCHECKED, BY_LOOKUP),
        (Kind.CANCEL, None, None, UNSETTLED),
        (Kind.CANCEL, None, REPEAT, _review(REPEAT)),
        (Kind.REFUND, FOUND, None, UNSETTLED),  # a look-up proves no refund
        (Kind.REFUND, SHOWN_CANCELLED, None, UNSETTLED),
    ],
)
def test_read_back_of_unknown_operation_follows_table(
    kind: Kind, order: Order | None, reason: ReviewReason | None, resolution: Resolution
) -> None:
    assert resolve_by_read_back(read_back_from(_unknown(kind), order, None), reason) == resolution


@pytest.mark.parametrize(
    ("kind", "order", "resolution"),
    [
        (Kind.CANCEL, FOUND, NO_BY_ANSWER),
        (Kind.CANCEL, SHOWN_CANCELLED, BY_LOOKUP),
        (Kind.COMPLETION, FOUND, NO_BY_ANSWER),
        (Kind.COMPLETION, replace(FOUND, completed=True), BY_LOOKUP),
        (Kind.COMPLETION, replace(FOUND, completed=True, total=2999), NO_BY_ANSWER),
    ],
)
def test_read_back_after_first_refusal_follows_table(kind: Kind, order: Order, resolution: Resolution) -> None:
    read_back = read_back_from(_unknown(kind), order, None)
    assert resolve_refusal_by_read_back(read_back, creates_order=False) == resolution
