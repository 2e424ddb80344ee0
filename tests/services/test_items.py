"""Tests of item refunds through the services: once per item, and never above the price paid."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from bonifiq_desktop.connectors import exact_json
from bonifiq_desktop.domain.items import Item
from bonifiq_desktop.domain.money import to_wire
from bonifiq_desktop.domain.operations import Line, Operation, ReviewReason, State
from bonifiq_desktop.domain.orders import Product
from bonifiq_desktop.services.refundable import ItemNotRefundable, LookupResult, RefundRequest, ValueNotRefundable
from bonifiq_desktop.training_server.server import TrainingServer
from tests.services.conftest import SETTINGS, MakeTill
from tests.support.headless_till import SALE, Till, applied, posted_requests

BOTH = pytest.mark.parametrize("shows_refunds", [True, False])


def put(server: TrainingServer, order_id: str, total: int, lines: Sequence[tuple[str, str, int | None]] = ()) -> None:
    """Create or change an order at the server."""
    body: dict[str, Any] = {
        "OriginalId": order_id,
        "OrderPlacementDate": "2026-11-20T12:00:00Z",
        "OrderCompletedDate": "2026-11-20T12:00:00Z",
        "IsCompleted": True,
        "OrderTotal": to_wire(total),
        "Customer": {"OriginalId": "maria.santos@exemplo.com.br"},
        "Products": [
            {"OriginalId": number, "Title": title, **({} if price is None else {"ProductPrice": to_wire(price)})}
            for number, title, price in lines
        ],
    }
    server.service.register_sale(body)


def line_of(item: Item, units: int = 1, value: int | None = None) -> Line:
    """The refund line that the window registers for an item."""
    cents = item.value_of(units) if value is None else value
    units = item.whole_units(cents, units)
    return Line(item.product.product_id, item.product.title, cents, units, position=item.position)


def give_back(till: Till, found: LookupResult, *lines: Line) -> Operation:
    """Register a refund of these items and send it."""
    value = sum(line.value for line in lines)
    operation = till.registration.refund(RefundRequest(found.order, value, "Troca", lines))
    till.outbox.wake()
    return till.wait_until_settled(operation)


# --- the order


@BOTH
@pytest.mark.parametrize("totals", [(0, 12990), (5000, 18000), (18000, 5000), (0, 0, 12990, 100)])
def test_refund_of_present_total_is_allowed(
    till: Till, server: TrainingServer, totals: tuple[int, ...], *, shows_refunds: bool
) -> None:
    server.service.shows_refunds = shows_refunds
    for total in totals:
        put(server, "TAB1", total)
        found = till.look_up("TAB1")
    assert (found.refundable, found.total_increased) == (totals[-1], False)
    assert till.wait_until_settled(till.refund(totals[-1] - 1, "TAB1")).state is State.CONFIRMED
    assert till.look_up("TAB1").refundable == 1


def test_refunds_around_lowered_total_never_exceed_it(till: Till, server: TrainingServer) -> None:
    put(server, "TAB1", 18000)
    till.wait_until_settled(till.refund(1000, "TAB1"))
    put(server, "TAB1", 5000)  # exchanged for cheaper goods, and look-ups show no refunds
    found = till.look_up("TAB1")
    assert found.refundable == 5000
    till.wait_until_settled(till.refund(3500, "TAB1"))
    assert till.look_up("TAB1").refundable == 1500


def test_refund_of_total_lowered_before_sending_needs_review(till: Till, server: TrainingServer) -> None:
    put(server, "TAB1", 10000)
    till.wait_until_settled(till.refund(6000, "TAB1"))  # look-ups show no refunds
    put(server, "TAB1", 15000)
    second = till.refund(8000, "TAB1")
    put(server, "TAB1", 10000)
    till.time_offset += timedelta(minutes=2)
    assert till.look_up("TAB1").order.total == 10000
    done = till.wait_until_settled(second)
    assert (done.state, done.review_reason) == (State.REVIEW, ReviewReason.ORDER_CHANGED)
    assert [cents for kind, _, cents in applied(server) if kind == "refund"] == [6000]


@BOTH
def test_refunds_of_opened_tab_reach_last_cent(till: Till, server: TrainingServer, *, shows_refunds: bool) -> None:
    server.service.shows_refunds = shows_refunds
    put(server, "TAB1", 0)
    assert till.look_up("TAB1").refundable == 0
    put(server, "TAB1", 12990)
    till.wait_until_settled(till.refund(2590, "TAB1"))
    found = till.look_up("TAB1")
    assert (found.refundable, found.refunded, found.total_increased) == (10400, 2590, False)
    with pytest.raises(ValueNotRefundable):
        till.refund(10401, "TAB1")
    till.wait_until_settled(till.refund(10400, "TAB1"))
    assert till.look_up("TAB1").refundable == 0
    assert sum(cents for kind, _, cents in applied(server) if kind == "refund") == 12990


@BOTH
def test_refunds_of_raised_total_never_exceed_paid(till: Till, server: TrainingServer, *, shows_refunds: bool) -> None:
    """A total of 180,00 may be all that was ever paid, or what is left beside the 25,90: what the first leaves is
    offered. And it is not called all of the order, where it may not be.
    """
    server.service.shows_refunds = shows_refunds
    put(server, "TAB1", 12990)
    till.wait_until_settled(till.refund(2590, "TAB1"))
    assert till.look_up("TAB1").refundable == 10400
    put(server, "TAB1", 18000)
    found = till.look_up("TAB1")
    # The training server takes 180,00 as the total paid; if it shows refunds, the look-up answers 154,10.
    assert (found.order.total, found.refundable) == ((15410, 12820) if shows_refunds else (18000, 15410))
    assert found.total_increased
    assert till.look_up("TAB1").refundable == found.refundable, "seen again it is the same"
    till.wait_until_settled(till.refund(found.refundable, "TAB1"))
    order = server.service.find("TAB1")
    assert order is not None
    assert order.refunded_cents <= 18000


def test_refunds_of_rewritten_total_never_repeat(till: Till, server: TrainingServer) -> None:
    put(server, "TAB1", 12990)
    till.wait_until_settled(till.refund(2590, "TAB1"))
    put(server, "TAB1", 10400)  # the refund shows
    assert till.look_up("TAB1").refundable == 10400
    put(server, "TAB1", 12990)  # the shop's own system sends the order again
    found = till.look_up("TAB1")
    assert (found.refundable, found.total_increased) == (10400, False)


def test_offline_refund_of_own_sale_is_exact_with_visible_refunds(till: Till, server: TrainingServer) -> None:
    server.service.shows_refunds = True
    sold = till.wait_until_settled(till.sell())
    server.faults.add("error_500", only="lookup")
    assert till.wait_until_settled(till.refund(2590, sold.order_id)).state is State.CONFIRMED
    assert till.look_up(sold.order_id).refundable == 9000 - 2590


# --- its items


def test_lookup_items_share_coupon_and_discount_line(till: Till, server: TrainingServer) -> None:
    put(server, "CUPOM1", 9000, [("P1", "Blusa", 5000), ("P2", "Saia", 5000)])
    put(server, "LINHA1", 9000, [("P1", "Blusa", 10000), ("D", "Desconto", -1000)])
    assert [item.refundable for item in till.look_up("CUPOM1").items] == [4500, 4500]
    assert [(item.position, item.refundable) for item in till.look_up("LINHA1").items] == [(0, 9000)]


@BOTH
def test_refund_of_returned_item_is_refused(till: Till, server: TrainingServer, *, shows_refunds: bool) -> None:
    server.service.shows_refunds = shows_refunds
    before = till.look_up()
    shirt, shorts, _ = before.items
    give_back(till, before, line_of(shirt))
    for found in (before, till.look_up()):  # also from an outdated card on the screen
        with pytest.raises(ItemNotRefundable) as refused:
            give_back(till, found, line_of(shirt))
        assert (refused.value.title, refused.value.refundable) == (shirt.product.title, 0)
    after = till.look_up()
    assert [item.refundable for item in after.items] == [0, 6510, 1490]
    assert give_back(till, after, line_of(shorts)).state is State.CONFIRMED
    assert [cents for _, _, cents in applied(server)] == [4990, 6510]


def test_item_is_blocked_by_unfinished_refund_and_freed_by_withdrawal(till: Till) -> None:
    found = till.look_up()
    operation = till.registration.refund(RefundRequest(found.order, 4990, "Troca", (line_of(found.items[0]),)))
    assert [item.refundable for item in till.look_up().items] == [0, 6510, 1490]
    till.registration.withdraw(operation.operation_id)
    assert [item.refundable for item in till.look_up().items] == [4990, 6510, 1490]


@pytest.mark.parametrize(
    "lines",
    [
        (Line("CAM-01", "Camiseta", 4991),),
        (Line("CAM-01", "Camiseta", 3000), Line("CAM-01", "Camiseta", 2000)),
        (Line("CAM-01", "Camiseta", 4990, 2),),
        (Line("CAM-01", "Camiseta", 4990), Line("BER-02", "Bermuda", -1000)),
        (Line("CAM-01", "Camiseta", 4990), Line("BER-02", "Bermuda", 0)),
        (Line("XXX", "De outro pedido", 100),),
    ],
)
def test_refund_of_item_above_paid_or_negative_is_refused(
    till: Till, server: TrainingServer, lines: tuple[Line, ...]
) -> None:
    found = till.look_up()
    with pytest.raises(ItemNotRefundable):
        till.registration.refund(RefundRequest(found.order, sum(line.value for line in lines), "Troca", lines))
    assert (posted_requests(server), till.ledger.queries.page("")) == ([], [])


def test_refund_of_items_with_other_sum_is_refused(till: Till) -> None:
    found = till.look_up()
    with pytest.raises(ItemNotRefundable) as refused:
        till.registration.refund(RefundRequest(found.order, 5000, "Troca", (line_of(found.items[0]),)))
    assert refused.value.title == ""


def test_refund_of_typed_value_is_bound_by_order_only(till: Till) -> None:
    found = till.look_up()
    give_back(till, found, line_of(found.items[0]))
    till.wait_until_settled(till.refund(7000))
    found = till.look_up()
    assert (found.refundable, [item.refundable for item in found.items]) == (1000, [0, 6510, 1490])
    with pytest.raises(ValueNotRefundable):
        give_back(till, found, line_of(found.items[2]))


def test_refund_of_units_sold_here_works_singly(till: Till, server: TrainingServer) -> None:
    products = (Product("LATA", "Lata", 1000, 3), Product("COPO", "Copo", 8000))
    till.wait_until_settled(till.sell(replace(SALE, products=products)))
    values = []
    for _ in range(3):
        found = till.look_up("2001")
        values.append(found.items[0].value_of(1))
        give_back(till, found, line_of(found.items[0]))
    assert values == [334, 333, 333]
    assert [(item.units, item.refundable) for item in till.look_up("2001").items] == [(0, 0), (1, 8000)]
    assert sum(cents for kind, _, cents in applied(server) if kind == "refund") == 1000


def test_returned_item_names_its_user(till: Till) -> None:
    found = till.look_up()
    give_back(till, found, line_of(found.items[0]))
    till.ledger.connection.db.executescript("DROP TRIGGER final_stays; UPDATE operations SET registered_by = 'Bia'")
    last = till.look_up().items[0].last_return
    assert last is not None
    assert last.registered_by == "Bia"


@BOTH
def test_random_item_refunds_add_up_at_server(
    make_till: MakeTill, server: TrainingServer, *, shows_refunds: bool
) -> None:
    server.service.shows_refunds = shows_refunds
    till = make_till("caixa1", settings=replace(SETTINGS, send_refund_products=True))
    random, refunds, number = Random(7), 0, 0
    while refunds < 100:
        number += 1
        order_id = f"R-{number}"
        prices = [random.randint(1, 30000) for _ in range(random.randint(1, 5))]
        lines = [(random.choice([f"P{n}", "TWIN"]), f"Item {n}", price) for n, price in enumerate(prices)]
        if random.random() < 0.5:
            lines.insert(random.randint(0, len(lines)), ("D", "Desconto", -random.randint(0, sum(prices) // 3)))
        total = sum(price for _, _, price in lines) - random.choice([0, random.randint(0, sum(prices) // 3)])
        put(server, order_id, total, lines)
        refunds += _return_all(till, random, order_id)
        order = server.service.find(order_id)
        assert order is not None
        assert order.refunded_cents == order.total_cents == total
    bodies = [exact_json.load(request.body) for request in posted_requests(server)]
    assert len(bodies) == refunds
    for body in bodies:
        sent = [product["ValueToRefund"] for product in body["Products"]]
        assert sum(sent) == body["ValueToRefund"]
        assert min(sent) > Decimal(0)


def _return_all(till: Till, random: Random, order_id: str) -> int:
    count = 0
    while (found := till.look_up(order_id)).refundable:
        open_items = [item for item in found.items if item.refundable]
        assert sum(item.refundable for item in open_items) == found.refundable
        chosen = random.sample(open_items, random.randint(1, len(open_items)))
        lines = [line_of(i, 1, random.randint(1, i.refundable) if random.random() < 0.3 else None) for i in chosen]
        assert give_back(till, found, *lines).state is State.CONFIRMED
        count += 1
    return count
