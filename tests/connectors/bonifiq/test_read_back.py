"""Evidence of sales, completions and whole cancels: the order that a look-up shows."""

from dataclasses import replace

import pytest

from bonifiq_desktop.connectors.bonifiq.read_back import read_back_from
from bonifiq_desktop.domain.keys import REFERENCE
from bonifiq_desktop.domain.operations import Evidence, Kind, Operation, Resolution, ReviewReason, State
from bonifiq_desktop.domain.orders import Order, OrderState
from bonifiq_desktop.domain.read_back import Finding, ReadBack, resolve_by_read_back, resolve_refusal_by_read_back
from tests.support.operations import make_operation

OURS = ((REFERENCE, "R-1"),)
FOUND = Order("A-1", 3000, metadata=OURS)
OTHER_TOTAL = Order("A-1", 2999, metadata=OURS)
OTHER_SALE = Order("A-1", 3000, metadata=((REFERENCE, "R-2"),))
CANCELLED = replace(FOUND, cancelled=True)
COMPLETED = replace(FOUND, completed=True, state=OrderState.COMPLETED)
PENDING = replace(FOUND, state=OrderState.PENDING)

APPLIED = Resolution(State.CONFIRMED, Evidence.LOOKUP)
SEND_AGAIN = Resolution(State.UNKNOWN)
REPEAT, TWICE, UNCHECKED = (
    ReviewReason.REFUSED_ON_REPEAT,
    ReviewReason.SAYS_NO_TWICE,
    ReviewReason.REFUSAL_UNCHECKED,
)


def _review(reason: ReviewReason) -> Resolution:
    return Resolution(State.REVIEW, review_reason=reason)


DISAGREES = _review(ReviewReason.LOOKUP_DISAGREES)


def operation_of(kind: Kind) -> Operation:
    """An operation over 30,00 whose request was perhaps applied."""
    key = "BQ-1" if kind is Kind.REFUND else None
    order = Order("A-1", 3000)
    return make_operation(kind=kind, cancel_key=key, state=State.UNKNOWN, order=order, reference="R-1")


@pytest.mark.parametrize(
    ("kind", "order", "review_reason", "expected"),
    [
        (Kind.SALE, FOUND, None, APPLIED),
        (Kind.SALE, FOUND, REPEAT, APPLIED),
        (Kind.SALE, FOUND, TWICE, APPLIED),
        (Kind.SALE, OTHER_TOTAL, None, DISAGREES),
        (Kind.SALE, OTHER_TOTAL, REPEAT, DISAGREES),
        (Kind.SALE, OTHER_SALE, None, DISAGREES),
        (Kind.SALE, None, None, SEND_AGAIN),
        (Kind.SALE, None, REPEAT, _review(REPEAT)),
        (Kind.SALE, None, TWICE, _review(TWICE)),
        (Kind.CANCEL, FOUND, None, SEND_AGAIN),
        (Kind.CANCEL, FOUND, REPEAT, _review(REPEAT)),
        (Kind.CANCEL, FOUND, TWICE, _review(TWICE)),
        (Kind.CANCEL, FOUND, UNCHECKED, _review(UNCHECKED)),
        (Kind.CANCEL, CANCELLED, None, APPLIED),
        (Kind.CANCEL, CANCELLED, REPEAT, APPLIED),
        (Kind.CANCEL, CANCELLED, TWICE, APPLIED),
        (Kind.CANCEL, CANCELLED, UNCHECKED, APPLIED),
        (Kind.CANCEL, None, None, SEND_AGAIN),
        (Kind.CANCEL, None, REPEAT, _review(REPEAT)),
        (Kind.COMPLETION, COMPLETED, None, APPLIED),
        (Kind.COMPLETION, COMPLETED, REPEAT, APPLIED),
        (Kind.COMPLETION, replace(COMPLETED, total=2999), None, DISAGREES),
        (Kind.COMPLETION, PENDING, None, SEND_AGAIN),
        (Kind.COMPLETION, PENDING, REPEAT, _review(REPEAT)),
        (Kind.COMPLETION, replace(PENDING, total=2999), None, DISAGREES),
        (Kind.COMPLETION, None, None, DISAGREES),
        (Kind.REFUND, FOUND, None, SEND_AGAIN),  # a look-up proves no refund
        (Kind.REFUND, CANCELLED, None, SEND_AGAIN),
    ],
)
def test_unknown_operation_is_resolved_by_the_order_found(
    kind: Kind, order: Order | None, review_reason: ReviewReason | None, expected: Resolution
) -> None:
    shown = read_back_from(operation_of(kind), order, None)
    assert resolve_by_read_back(shown, review_reason) == expected


REFUSED = Resolution(State.REFUSED, Evidence.ANSWER)


@pytest.mark.parametrize(
    ("kind", "order", "expected"),
    [
        (Kind.CANCEL, FOUND, REFUSED),
        (Kind.CANCEL, CANCELLED, APPLIED),
        (Kind.CANCEL, None, None),
        (Kind.SALE, FOUND, APPLIED),
        (Kind.SALE, OTHER_TOTAL, DISAGREES),
        (Kind.SALE, OTHER_SALE, DISAGREES),
        (Kind.SALE, None, REFUSED),
        (Kind.COMPLETION, COMPLETED, APPLIED),
        (Kind.COMPLETION, replace(COMPLETED, total=2999), REFUSED),
        (Kind.COMPLETION, PENDING, REFUSED),
        (Kind.COMPLETION, None, None),
    ],
)
def test_refused_single_attempt_is_resolved_by_the_order_found(
    kind: Kind, order: Order | None, expected: Resolution | None
) -> None:
    shown = read_back_from(operation_of(kind), order, None)
    assert resolve_refusal_by_read_back(shown, creates_order=kind is Kind.SALE) == expected


def test_pending_read_back_resolves_nothing() -> None:
    pending = ReadBack(Finding.PENDING, FOUND)
    assert resolve_by_read_back(pending, None) == SEND_AGAIN, "the reconciler waits before it asks for this"
    assert resolve_refusal_by_read_back(pending, creates_order=True) is None
