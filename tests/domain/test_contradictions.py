"""Tests of the rules by which a look-up contradicts a final operation."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from bonifiq_desktop.domain.contradictions import History
from bonifiq_desktop.domain.operations import CLOSED_NEGATIVELY, UNFINISHED, Kind, Operation, State
from bonifiq_desktop.domain.orders import Order, order_summary
from bonifiq_desktop.domain.remote_orders import Obstacle, RemoteLine, RemoteOrder, RemoteRecord
from bonifiq_desktop.domain.specs import spec_of
from bonifiq_desktop.domain.verdicts import CancelStatus
from tests.support.operations import make_operation

LARGEST = 10000
OPEN, CANCELLED = Order("A-1", LARGEST), Order("A-1", LARGEST, cancelled=True)
SALE, REFUND, CANCEL = Kind.SALE, Kind.REFUND, Kind.CANCEL
CONFIRMED, REFUSED, WITHDRAWN, NOT_APPLIED = (
    State.CONFIRMED,
    State.REFUSED,
    State.WITHDRAWN,
    State.NOT_APPLIED,
)


def made(kind: Kind, state: State, value: int = LARGEST) -> Operation:
    """An operation of order A-1."""
    return make_operation(kind=kind, value=value, state=state)


def now(total: int, *, cancelled: bool = False) -> Order:
    """The order that the present look-up returns."""
    return Order("A-1", total, cancelled=cancelled)


def is_contradicted(
    operation: Operation, order: Order | None, *others: Operation, left: bool = True, largest: int | None = LARGEST
) -> bool:
    return spec_of(operation.kind).is_contradicted(operation, order, History(others, largest, possibly_sent=left))


@pytest.mark.parametrize(
    ("kind", "order", "speaks_against"),
    [
        (CANCEL, OPEN, True),
        (CANCEL, now(12000), True),
        (CANCEL, CANCELLED, False),
        (CANCEL, None, False),  # a cancelled order may be gone
        (SALE, None, True),
        (SALE, OPEN, False),
        (SALE, now(9000), False),  # refunded or corrected since
        (SALE, CANCELLED, False),
        (REFUND, OPEN, False),  # look-ups need not show refunds
        (REFUND, None, False),
    ],
)
def test_confirmed_operation_is_contradicted_by_table(kind: Kind, order: Order | None, *, speaks_against: bool) -> None:
    assert is_contradicted(made(kind, CONFIRMED), order) is speaks_against


def test_confirmed_sale_cancelled_here_may_be_missing() -> None:
    assert not is_contradicted(made(SALE, CONFIRMED), None, made(CANCEL, CONFIRMED))
    assert is_contradicted(made(SALE, CONFIRMED), None, made(CANCEL, REFUSED))


@pytest.mark.parametrize("state", sorted(CLOSED_NEGATIVELY))
@pytest.mark.parametrize(
    ("order", "speaks_against"),
    [(OPEN, True), (None, False), (now(9999), False), (CANCELLED, False)],
)
def test_negative_sale_is_contradicted_by_table(state: State, order: Order | None, *, speaks_against: bool) -> None:
    for left in (True, False):
        assert is_contradicted(made(SALE, state), order, left=left) is speaks_against


@pytest.mark.parametrize("state", sorted(CLOSED_NEGATIVELY))
@pytest.mark.parametrize(
    ("order", "left", "speaks_against"),
    [
        (CANCELLED, True, True),
        (CANCELLED, False, False),  # not sent from here: another till did it
        (OPEN, True, False),
        (None, True, False),
    ],
)
def test_negative_cancel_is_contradicted_by_table(
    state: State, order: Order | None, *, left: bool, speaks_against: bool
) -> None:
    assert is_contradicted(made(CANCEL, state), order, left=left) is speaks_against


@pytest.mark.parametrize("kind", [SALE, CANCEL])
@pytest.mark.parametrize("state", sorted(UNFINISHED | {CONFIRMED}))
def test_contradiction_explained_by_other_operation_is_no_alarm(kind: Kind, state: State) -> None:
    order = OPEN if kind is SALE else CANCELLED
    assert is_contradicted(made(kind, REFUSED), order, made(kind, WITHDRAWN), made(REFUND, state))
    assert not is_contradicted(made(kind, REFUSED), order, made(kind, state))


EARLIER = made(REFUND, CONFIRMED, 3000)


@pytest.mark.parametrize("state", sorted(CLOSED_NEGATIVELY))
@pytest.mark.parametrize(
    ("order", "others", "left", "speaks_against"),
    [
        (now(5000), [EARLIER], True, True),  # the earlier refund shows, and this one too
        (now(7000), [EARLIER], True, False),  # only the earlier one
        (now(10000), [EARLIER], True, False),  # look-ups show no refunds
        (now(8000), [EARLIER], True, False),  # as if only this one showed
        (now(5001), [EARLIER], True, False),  # another till's refund, or a correction
        (now(12000), [EARLIER], True, False),  # grown
        (now(5000), [EARLIER], False, False),  # not sent from here: another till did it
        (now(5000, cancelled=True), [EARLIER], True, False),
        (None, [EARLIER], True, False),
        (now(5000), [EARLIER, made(REFUND, State.UNKNOWN, 2000)], True, False),  # that one, perhaps
        (now(5000), [made(REFUND, CONFIRMED, 2000), EARLIER], True, False),  # that one
        (now(3000), [made(REFUND, CONFIRMED, 2000), EARLIER], True, True),  # and this one too
        (now(5000), [EARLIER, made(REFUND, REFUSED, 2000)], True, True),
    ],
)
def test_negative_refund_is_contradicted_by_table(
    state: State, order: Order | None, others: list[Operation], left: bool, speaks_against: bool
) -> None:
    assert is_contradicted(made(REFUND, state, 2000), order, *others, left=left) is speaks_against


@pytest.mark.parametrize("state", sorted(CLOSED_NEGATIVELY))
def test_negative_refund_without_visible_refund_counts_only_not_applied(state: State) -> None:
    closed = made(REFUND, state, 2000)
    assert is_contradicted(closed, now(8000)) is (state is NOT_APPLIED)
    assert not is_contradicted(closed, now(8000), left=False)
    assert not is_contradicted(closed, now(7999))
    assert not is_contradicted(closed, now(8000, cancelled=True))
    assert not is_contradicted(closed, now(8000), made(REFUND, State.UNKNOWN, 2000))


@pytest.mark.parametrize(
    ("total", "speaks_against"),
    [
        (6000, True),  # of the 8000 that the cashier saw
        (8000, False),  # as it was then
        (5000, False),  # and 3000 given back since; this one not
        (3000, True),  # and this one too
        (4000, False),  # not to the cent
    ],
)
@pytest.mark.parametrize("largest", [LARGEST, None])
def test_negative_refund_is_compared_with_total_seen_by_cashier(
    total: int, largest: int | None, *, speaks_against: bool
) -> None:
    """Another till had given 2000 back before; this one made it again, with 3000, after it was closed."""
    closed = replace(made(REFUND, NOT_APPLIED, 2000), operation_id=5, order=now(8000))
    again = replace(made(REFUND, CONFIRMED, 3000), operation_id=6)
    others = [again] if total in {5000, 3000} else []
    assert is_contradicted(closed, now(total), *others, largest=largest) is speaks_against


@pytest.mark.parametrize(("minutes", "total"), [(1, 3000), (-1, 6000)])
def test_negative_refund_is_compared_with_refunds_of_other_tills_since(minutes: int, total: int) -> None:
    """The number of another till's operation says nothing of its time."""
    closed = replace(made(REFUND, NOT_APPLIED, 2000), operation_id=5, order=now(8000))
    at = closed.created_at + timedelta(minutes=minutes)
    other = replace(made(REFUND, CONFIRMED, 3000), operation_id=-1000, till="CAIXA2", created_at=at)
    assert is_contradicted(closed, now(total), other, largest=None)


@pytest.mark.parametrize("status", [None, *CancelStatus])
def test_refund_answered_cancelled_is_contradicted_by_cancelled_order(
    status: CancelStatus | None,
) -> None:
    part = replace(made(REFUND, CONFIRMED, 2000), api_status=status)
    assert is_contradicted(part, CANCELLED) is (status is CancelStatus.CANCELLED)
    assert not is_contradicted(part, OPEN)
    assert not is_contradicted(part, CANCELLED, made(CANCEL, CONFIRMED))


def test_negative_refund_without_largest_total_is_not_contradicted() -> None:
    assert not is_contradicted(made(REFUND, REFUSED, 2000), now(5000), EARLIER, largest=None)


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("state", sorted(UNFINISHED))
@pytest.mark.parametrize("order", [None, OPEN, CANCELLED, now(5000)])
def test_unfinished_operation_is_never_contradicted(kind: Kind, state: State, order: Order | None) -> None:
    assert not is_contradicted(made(kind, state, 2000), order, EARLIER)


def test_order_summary_tells_lookups_apart() -> None:
    shown = [order_summary(order) for order in (None, CANCELLED, OPEN, now(5000))]
    assert shown == ["shown missing", "shown cancelled", "shown 10000", "shown 5000"]


def returned(*records: RemoteRecord, obstacle: Obstacle | None = None) -> Order:
    """An order of one line in a web shop."""
    line = RemoteLine("11", ("SKU",), "Camiseta", 1, 1, Decimal(50), Decimal(50), Decimal(50))
    return Order("A-1", LARGEST, remote=RemoteOrder("BRL", (replace(line, records=records, obstacle=obstacle),)))


@pytest.mark.parametrize(
    ("order", "changes", "left", "speaks_against"),
    [
        (returned(), {}, True, True),  # the plan was rejected, or the order was never cancelled
        (returned(), {}, False, False),  # not sent from here: a person said that it was done
        (returned(), {"evidence_id": "77"}, True, False),  # a missing record is an old order's
        (returned(obstacle=Obstacle.UNDER_WAY), {}, True, False),
        (returned(obstacle=Obstacle.NOT_SHOWN), {}, True, False),
        (returned(RemoteRecord("R1", "refund", Decimal(50), Decimal(0))), {}, True, False),
        (None, {}, True, False),
    ],
)
def test_confirmed_return_is_contradicted_by_table(
    order: Order | None, changes: dict[str, str], *, left: bool, speaks_against: bool
) -> None:
    leg = replace(made(Kind.RETURN, CONFIRMED), order=returned(), remote_line="11", **changes)  # type: ignore[arg-type]
    assert is_contradicted(leg, order, left=left) is speaks_against
