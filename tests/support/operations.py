"""Operations for tests of pure rules, without a ledger."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bonifiq_desktop.domain.operations import Kind, Operation, State

_CONFIRMED_REFUND = Operation(
    operation_id=1,
    kind=Kind.REFUND,
    order_id="A-1",
    cancel_key=None,
    value=3000,
    state=State.CONFIRMED,
    evidence=None,
    review_reason=None,
    reason="",
    message="",
    failure_reason=None,
    bonus=None,
    lines=(),
    order=None,
    attempts=1,
    created_at=datetime(2026, 11, 20, tzinfo=UTC),
    settled_at=None,
)


def make_operation(**changes: Any) -> Operation:
    """A confirmed refund of 30,00 of order A-1 with these fields changed."""
    return replace(_CONFIRMED_REFUND, **changes)
