"""Resolving an operation by what its order in BonifiQ shows: the table."""

from datetime import UTC, datetime

import pytest

from bonifiq_desktop.connectors.bonifiq.read_back import read_back_from
from bonifiq_desktop.domain.operations import Evidence, Kind, Operation, Resolution, ReviewReason, State
from bonifiq_desktop.domain.orders import Order, OrderState
from bonifiq_desktop.domain.read_back import Finding, ReadBack, resolve_by_read_back, resolve_refusal_by_read_back

AT = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
FOUND = Order("A-1", 3000, placed_at=AT)
OTHER_TOTAL = Order("A-1", 2999, placed_at=AT)
CANCELLED = Order("A-1", 3000, placed_at=AT, cancelled=True)
PENDING = Order("A-1", 3000, OrderState.PENDING, placed_at=AT)
COMPLETED = Order("A-1", 3000, OrderState.COMPLETED, placed_at=AT)
COMPLETED_OTHERWISE = Order("A-1", 2999, OrderState.COMPLETED, placed_at=AT)

BY_LOOKUP = Resolution(State.CONFIRMED, Evidence.LOOKUP)
SEND_AGAIN = Resolution(State.UNKNOWN)
REFUSED = Resolution(State.REFUSED, Evidence.ANSWER)
REPEAT, UNCHECKED, TWICE = ReviewReason.REFUSED_ON_REPEAT, ReviewReason.REFUSAL_UNCHECKED, ReviewReason.SAYS_NO_TWICE


def _review(reason: ReviewReason) -> Resolution:
    return Resolution(State.REVIEW, review_reason=reason)


DISAGREES = _review(ReviewReason.LOOKUP_DISAGREES)


def _unknown(kind: Kind) -> Operation:
    return Operation(
        operation_id=1,
        kind=kind,
        order_id="A-1",
        cancel_key=None,
        value=3000,
        state=State.UNKNOWN,
        evidence=None,
        review_reason=None,
        reason="",
        message="",
        failure_reason=None,
        bonus=None,
        lines=(),
        order=FOUND,
        attempts=1,
        created_at=AT,
        settled_at=None,
    )


@pytest.mark.parametrize(
    ("kind", "order", "reason", "resolution"),
    [
        (Kind.SALE, FOUND, None, BY_LOOKUP),
        (Kind.SALE, FOUND, REPEAT, BY_LOOKUP),
        (Kind.SALE, OTHER_TOTAL, None, DISAGREES),
        (Kind.SALE, OTHER_TOTAL, REPEAT, DISAGREES),
        (Kind.SALE, None, None, SEND_AGAIN),
        (Kind.SALE, None, REPEAT, _review(REPEAT)),
        (Kind.SALE, None, TWICE, _review(TWICE)),
        (Kind.SALE, FOUND, TWICE, BY_LOOKUP),
        (Kind.CANCEL, FOUND, TWICE, _review(TWICE)),
        (Kind.CANCEL, CANCELLED, TWICE, BY_LOOKUP),
        (Kind.CANCEL, CANCELLED, None, BY_LOOKUP),
        (Kind.CANCEL, CANCELLED, REPEAT, BY_LOOKUP),
        (Kind.CANCEL, FOUND, None, SEND_AGAIN),
        (Kind.CANCEL, FOUND, REPEAT, _review(REPEAT)),
        (Kind.CANCEL, FOUND, UNCHECKED, _review(UNCHECKED)),
        (Kind.CANCEL, CANCELLED, UNCHECKED, BY_LOOKUP),
        (Kind.CANCEL, None, None, SEND_AGAIN),
        (Kind.CANCEL, None, REPEAT, _review(REPEAT)),
        (Kind.REFUND, FOUND, None, SEND_AGAIN),  # an order shows nothing of a partial refund
        (Kind.REFUND, CANCELLED, None, SEND_AGAIN),
        (Kind.COMPLETION, COMPLETED, None, BY_LOOKUP),
        (Kind.COMPLETION, COMPLETED, REPEAT, BY_LOOKUP),
        (Kind.COMPLETION, COMPLETED_OTHERWISE, None, DISAGREES),
        (Kind.COMPLETION, PENDING, None, SEND_AGAIN),
        (Kind.COMPLETION, PENDING, REPEAT, _review(REPEAT)),
        (Kind.COMPLETION, CANCELLED, None, DISAGREES),
        (Kind.COMPLETION, None, None, DISAGREES),
        (Kind.COMPLETION, None, REPEAT, DISAGREES),
    ],
)
def test_unknown_operation_is_resolved_by_its_order(
    kind: Kind, order: Order | None, reason: ReviewReason | None, resolution: Resolution
) -> None:
    assert resolve_by_read_back(read_back_from(_unknown(kind), order, None), reason) == resolution


@pytest.mark.parametrize(
    ("kind", "order", "resolution"),
    [
        (Kind.CANCEL, FOUND, REFUSED),
        (Kind.CANCEL, CANCELLED, BY_LOOKUP),
        (Kind.CANCEL, None, None),
        (Kind.SALE, FOUND, BY_LOOKUP),
        (Kind.SALE, OTHER_TOTAL, DISAGREES),
        (Kind.SALE, None, REFUSED),
        (Kind.COMPLETION, COMPLETED, BY_LOOKUP),
        (Kind.COMPLETION, COMPLETED_OTHERWISE, REFUSED),
        (Kind.COMPLETION, PENDING, REFUSED),
        (Kind.COMPLETION, None, None),
    ],
)
def test_refused_only_sending_is_resolved_by_its_order(
    kind: Kind, order: Order | None, resolution: Resolution | None
) -> None:
    shown = read_back_from(_unknown(kind), order, None)
    assert resolve_refusal_by_read_back(shown, creates_order=kind is Kind.SALE) == resolution


def test_pending_read_back_resolves_nothing() -> None:
    pending = ReadBack(Finding.PENDING, FOUND)
    assert resolve_by_read_back(pending, None) == SEND_AGAIN, "the caller waits before it comes to that"
    assert resolve_refusal_by_read_back(pending, creates_order=True) is None
