"""Orders and items as Omnitron writes them: numbers as text, lists bare or in pages, statuses by number or name."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bonifiq_desktop.connectors.akinon.orders import items_in, read_order, split_amount
from bonifiq_desktop.connectors.akinon.reasons import reasons_in
from bonifiq_desktop.domain.orders import Order
from bonifiq_desktop.domain.remote_orders import Obstacle, RemoteLine, to_minor_units
from bonifiq_desktop.domain.returns import RemoteReason
from bonifiq_desktop.domain.verdicts import LookupFailed
from tests.support.omnitron import NUMBER, item, order_row


def _read(row: dict[str, Any]) -> Order:
    return read_order(row, items_in(row), "BRL")


def _line(**changes: Any) -> RemoteLine:
    remote = _read(order_row(item(1001, **changes))).remote
    assert remote is not None
    return remote.lines[0]


@pytest.mark.parametrize(
    ("status", "name", "obstacle"),
    [
        *(
            (code, name, None)
            for code, name in [(200, "waiting"), ("300", "payment_waiting"), (350, "confirmation_waiting")]
        ),
        *((code, name, None) for code, name in [(400, "approved"), ("400", "approved"), ("approved", "approved")]),
        *((code, name, None) for code, name in [("450", "preparing"), (500, "shipped"), (510, "shipped_and_informed")]),
        *((code, name, None) for code, name in [(520, "ready_for_pickup"), ("540", "attempted_delivery")]),
        *((code, name, None) for code, name in [(544, "review_started"), (545, "review_waiting"), (550, "delivered")]),
        (50, "cancellation_waiting", Obstacle.UNDER_WAY),
        ("cancellation_waiting", "cancellation_waiting", Obstacle.UNDER_WAY),
        ("100", "canceled", Obstacle.FULLY_RETURNED),
        ("Cancelled", "cancelled", Obstacle.FULLY_RETURNED),
        ("refunded", "refunded", Obstacle.FULLY_RETURNED),
        (600, "600", Obstacle.NOT_SHOWN),
        ("quarantined", "quarantined", Obstacle.NOT_SHOWN),
    ],
)
def test_item_status_is_read_as_number_text_or_name(status: Any, name: str, obstacle: Obstacle | None) -> None:
    line = _line(status=status)
    assert (line.state, line.obstacle) == (name, obstacle)
    assert line.units_left == int(obstacle in {None, Obstacle.NOT_SHOWN})
    assert line.amount_left == (Decimal("49.90") if line.units_left else 0)


def test_item_with_cancel_status_is_under_way_whatever_its_status_says() -> None:
    line = _line(status="delivered", cancel_status="Waiting")
    assert (line.obstacle, line.units_left) == (Obstacle.UNDER_WAY, 0)
    assert [(record.kind, record.state) for record in line.records] == [("refund", "waiting")]


def test_order_shows_each_item_as_one_unit_in_its_currency() -> None:
    order = _read(order_row(item(1001, price=Decimal("49.9")), item(1002, 550, price=20), amount=Decimal("77.9")))
    assert (order.order_id, order.total, order.remote and order.remote.key) == (NUMBER, 7790, "12345")
    assert order.remote is not None
    assert order.remote.currency == "BRL"
    assert [(line.line_id, line.units, line.codes) for line in order.remote.lines] == [
        ("1001", 1, ("SKU-1001",)),
        ("1002", 1, ("SKU-1002",)),
    ]
    assert not order.remote.can_cancel, "one item was delivered already"
    assert sum(line.shipping_left for line in order.remote.lines) == 8


def test_discount_is_taken_off_unless_the_prices_add_up_without_it() -> None:
    kept = order_row(item(1001, discount_amount="4.90"), amount="57.90")
    taken = order_row(item(1001, discount_amount="4.90"), amount="53.00")
    assert [_read(row).remote.lines[0].amount_left for row in (kept, taken)] == [Decimal("49.90"), Decimal("45.00")]  # type: ignore[union-attr]


def test_order_is_cancelled_when_every_item_was_taken_back() -> None:
    gone = _read(order_row(item(1001, 100), item(1002, 50)))
    assert gone.cancelled
    assert gone.remote is not None
    assert gone.remote.obstacle is Obstacle.UNDER_WAY
    assert not _read(order_row(item(1001, 100), item(1002))).cancelled


@pytest.mark.parametrize(
    "changes",
    [
        {"pk": None},
        {"pk": True},
        {"pk": "0"},
        {"number": ""},
        {"amount": None},
        {"amount": "NaN"},
        {"amount": "-1"},
        {"amount": "1e30"},
        {"orderitem_set": [item(1001), item(1001)]},
        {"orderitem_set": [item(1001, price=None)]},
        {"orderitem_set": [item(1001, order=99)]},
        {"orderitem_set": [item(1001, status=None)]},
        {"orderitem_set": [None]},
    ],
)
def test_order_without_a_deciding_field_is_unreadable(changes: dict[str, Any]) -> None:
    with pytest.raises(LookupFailed):
        _read(order_row(item(1001), **changes))


@given(
    st.decimals(0, 10**9, places=3, allow_nan=False), st.integers(1, 50), st.sampled_from(["BRL", "JPY", "KWD", "TRY"])
)
def test_split_amount_adds_up_and_differs_by_one_smallest_unit(amount: Decimal, parts: int, currency: str) -> None:
    shares = split_amount(amount, parts, currency)
    assert sum(shares) == amount
    units = [to_minor_units(share, currency) for share in shares]
    assert max(units) - min(units) <= 1


def test_reasons_are_the_active_ones_by_purpose_in_display_order() -> None:
    rows: list[dict[str, Any]] = [
        {"pk": "9", "cancellation_type": "refund", "subject": "Defeito", "is_active": True, "order": 2},
        {"pk": 7, "cancellation_type": "cancel", "subject": "Desistiu", "order": 5},
        {"pk": 6, "cancellation_type": "cancel", "subject": "Velho", "is_active": False, "order": 1},
        {"pk": 8, "cancellation_type": "refund", "subject": "Tamanho", "is_active": True, "order": 1},
        {"pk": 5, "cancellation_type": "exchange", "subject": "Troca"},
        {"pk": None, "cancellation_type": "cancel", "subject": "Sem chave"},
    ]
    assert reasons_in(rows) == (
        RemoteReason("7", "Desistiu", "cancel"),
        RemoteReason("8", "Tamanho", "refund"),
        RemoteReason("9", "Defeito", "refund"),
    )
