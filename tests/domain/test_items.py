"""Tests of the refundable value of items."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from random import Random

import pytest

from bonifiq_desktop.domain.items import Item, find_unrefundable, items_of
from bonifiq_desktop.domain.operations import CLOSED_NEGATIVELY, UNFINISHED, Kind, Line, Operation, State
from bonifiq_desktop.domain.orders import Order, Product
from tests.support.operations import make_operation

NOW = datetime(2026, 11, 26, tzinfo=UTC)


def made(number: int, kind: Kind, lines: Sequence[Line] = (), *, order: Order | None = None) -> Operation:
    """A confirmed operation of an order."""
    value = sum(line.value for line in lines)
    return make_operation(operation_id=number, kind=kind, value=value, lines=tuple(lines), order=order, created_at=NOW)


def refund(*lines: Line, number: int = 1) -> Operation:
    """A confirmed refund of these items."""
    return made(number, Kind.REFUND, lines)


def products(*prices: int | None) -> list[Product]:
    """Lines P0, P1, … with these prices."""
    return [Product(f"P{n}", f"Item {n}", price) for n, price in enumerate(prices)]


def back(item: Item, units: int = 1, value: int | None = None) -> Line:
    """The refund line that the window registers for an item."""
    cents = item.value_of(units) if value is None else value
    known = item.product
    return Line(known.product_id, known.title, cents, item.whole_units(cents, units), position=item.position)


def figures(items: Sequence[Item]) -> list[tuple[int | None, int, int]]:
    """Paid, returned and refundable of each item."""
    return [(item.paid, item.returned, item.refundable) for item in items]


@pytest.mark.parametrize(
    ("prices", "total", "paid"),
    [
        ([4990, 8000], 12990, [4990, 8000]),
        ([5000, 5000], 9000, [4500, 4500]),  # a coupon
        ([3333, 3333, 3334], 9999, [3333, 3333, 3333]),
        ([1000, 1000, 1000], 2000, [667, 667, 666]),
        ([10000, -1000], 9000, [9000]),  # a discount as a line
        ([10000, -1000], 8000, [8000]),  # and a coupon besides
        ([-1000, 10000, 5000], 14000, [9333, 4667]),
        ([5000], 6500, [5000]),  # freight, which is not an item
        ([10000, -1000], 10000, [9000]),
        ([1000, -2000], 500, [0]),
        ([0, 1000], 1000, [0, 1000]),  # a gift
        ([1000, 2000], 0, [0, 0]),
        ([], 5000, []),
    ],
)
def test_items_paid_adds_up_to_total(prices: list[int | None], total: int, paid: list[int]) -> None:
    items = items_of(products(*prices), total, ())
    assert [item.paid for item in items] == paid
    assert [item.refundable for item in items] == paid
    assert [item.position for item in items] == [n for n, price in enumerate(prices) if price is None or price >= 0]


def test_items_returned_one_leaves_others_refundable() -> None:
    known = products(5000, 5000)
    first, _ = items_of(known, 9000, ())
    after = items_of(known, 9000, [refund(back(first))])
    assert figures(after) == [(4500, 4500, 0), (4500, 0, 4500)]
    assert (after[0].units, after[1].units) == (0, 1)
    assert after[0].last_return is not None
    assert after[0].last_return.created_at == NOW


@pytest.mark.parametrize("state", sorted(State))
def test_items_refund_not_closed_negatively_counts_as_returned(state: State) -> None:
    known = products(5000, 8000)
    operation = replace(refund(Line("P0", "Item 0", 5000, 1)), state=state)
    [first, _] = items_of(known, 13000, [operation])
    assert first.refundable == (5000 if state in CLOSED_NEGATIVELY else 0)
    assert state in CLOSED_NEGATIVELY | UNFINISHED | {State.CONFIRMED}


def test_items_partly_refunded_one_keeps_rest() -> None:
    known = products(5000)
    [whole] = items_of(known, 5000, ())
    [rest] = items_of(known, 5000, [refund(back(whole, value=2000))])
    assert (rest.returned, rest.refundable, rest.units, rest.value_of(1)) == (2000, 3000, 1, 3000)
    [none] = items_of(known, 5000, [refund(back(whole, value=2000)), refund(back(rest), number=2)])
    assert (none.returned, none.refundable, none.units) == (5000, 0, 0)


def test_items_typed_value_counts_against_none() -> None:
    by_hand = replace(refund(), value=4000)
    assert [item.refundable for item in items_of(products(5000, 8000), 13000, [by_hand])] == [5000, 8000]


@pytest.mark.parametrize(
    ("paid", "quantity", "shares"), [(1000, 3, [334, 333, 333]), (2, 3, [1, 1, 0]), (12990, 1, [12990])]
)
def test_item_units_returned_singly_add_up_to_paid(paid: int, quantity: int, shares: list[int]) -> None:
    known = [Product("P0", "Item 0", paid, quantity)]
    done: list[Operation] = []
    for number, share in enumerate(shares, 1):
        [item] = items_of(known, paid, done)
        assert item.value_of(1) == share
        if share:
            assert item.units == quantity - number + 1
            done.append(refund(back(item), number=number))
    [item] = items_of(known, paid, done)
    assert (item.returned, item.refundable, item.units) == (paid, 0, 0)


def test_item_units_returned_together_equal_single_ones() -> None:
    [item] = items_of([Product("P0", "Item 0", 1000, 3)], 1000, ())
    assert [item.value_of(units) for units in range(4)] == [0, 334, 667, 1000]
    assert [item.max_value_for(units) for units in range(4)] == [0, 334, 667, 1000]
    assert [item.whole_units(cents, 3) for cents in (0, 333, 334, 666, 667, 999, 1000)] == [0, 0, 1, 1, 2, 2, 3]


def test_items_without_quantities_use_those_of_own_sale() -> None:
    sold = (Product("P0", "Item 0", 3000, 3), Product("P1", "Item 1", 500), Product("P0", "Item 0", 2000, 2))
    sale = made(1, Kind.SALE, order=Order("A-1", 5500, products=sold))
    looked_up = [replace(product, quantity=1) for product in reversed(sold)]
    assert [item.product.quantity for item in items_of(looked_up, 5500, [sale])] == [2, 1, 3]
    exchanged = [replace(looked_up[0], price=9900)]
    assert [item.product.quantity for item in items_of(exchanged, 9900, [sale])] == [1]


def test_items_of_same_product_on_two_lines_are_two() -> None:
    known = [Product("P0", "Meia", 1500), Product("P0", "Meia", 1200)]
    _, second = items_of(known, 2700, ())
    done = refund(back(second))
    assert [item.refundable for item in items_of(known, 2700, [done])] == [1500, 0]
    assert [item.refundable for item in items_of(known[::-1], 2700, [done])] == [0, 1500], (
        "answered the other way round"
    )


def test_items_excess_of_one_line_passes_to_twin() -> None:
    known = [Product("P0", "Meia", 1500), Product("P0", "Meia", 1200)]
    merged = refund(Line("P0", "Meia", 2000, 1))
    assert figures(items_of(known, 2700, [merged])) == [(1500, 1500, 0), (1200, 500, 700)]
    assert [item.refundable for item in items_of(known, 2700, [refund(Line("P0", "Meia", 9999))])] == [0, 0]


@pytest.mark.parametrize(
    ("line", "refundable"),
    [
        (Line("", "Bala", 100, 1, 1), [100, 0, 100]),
        (Line("", "Bala", 100, 1), [0, 100, 100]),
        (Line("X9", "Bala", 100, 1), [0, 100, 100]),  # BonifiQ shows no product number
        (Line("", "Outra", 100, 1), [100, 100, 100]),  # no longer in the order
        (Line("P9", "Chiclete", 100, 1), [100, 100, 100]),
    ],
)
def test_items_without_number_match_by_title_and_position(line: Line, refundable: list[int]) -> None:
    known = [Product("", "Bala", 100), Product("", "Bala", 100), Product("P2", "Chiclete", 100)]
    assert [item.refundable for item in items_of(known, 300, [refund(line)])] == refundable


def test_items_without_number_and_title_match_by_position() -> None:
    known = [Product("", "", 100), Product("", "", 200)]
    assert [i.refundable for i in items_of(known, 300, [refund(Line("", "", 200, 1, 1))])] == [100, 0]


def test_items_without_price_share_unpriced_rest() -> None:
    known = products(5000, None, None)
    priced, second, third = items_of(known, 9000, ())
    assert (priced.refundable, second.refundable, third.refundable) == (5000, 4000, 4000)
    assert (second.paid, second.value_of(1), second.max_value_for(1)) == (None, 0, 4000)
    after = items_of(known, 9000, [refund(back(second, value=1500))])
    assert [item.refundable for item in after] == [5000, 0, 2500], "the piece is back, whatever was paid for it"
    assert [item.refundable for item in items_of(known, 4000, ())] == [4000, 0, 0]


def test_items_changed_total_keeps_returned_units_returned() -> None:
    known = products(5000, 5000)
    first, _ = items_of(known, 9000, ())
    assert [item.refundable for item in items_of(known, 10000, [refund(back(first))])] == [0, 5000]
    assert [item.refundable for item in items_of(known, 3000, [refund(back(first))])] == [0, 1500]


@pytest.mark.parametrize("quantity", [0, -3])
def test_items_invalid_quantity_counts_as_one(quantity: int) -> None:
    [item] = items_of([Product("P0", "Item 0", 1000, quantity)], 1000, ())
    assert (item.units, item.value_of(1)) == (1, 1000)


@pytest.mark.parametrize(
    ("lines", "wrong"),
    [
        ([Line("P0", "Item 0", 4500, 1, 0)], None),
        ([Line("P0", "Item 0", 4501, 1, 0)], 4500),
        ([Line("P0", "Item 0", 2500), Line("P0", "Item 0", 2500)], 2000),
        ([Line("P1", "Item 1", 1, 0, 1)], 0),  # returned before
        ([Line("P2", "Desconto", -1000, 1, 2)], 0),
        ([Line("P2", "Desconto", 1000, 1, 2)], 0),
        ([Line("P0", "Item 0", 0)], 4500),
        ([Line("P0", "Item 0", -1)], 4500),
        ([Line("P0", "Item 0", 4500, 2)], 4500),
        ([Line("P0", "Item 0", 4500, -1)], 4500),
        ([Line("P9", "Outro", 100)], 0),
    ],
)
def test_find_unrefundable_finds_excessive_line(lines: list[Line], wrong: int | None) -> None:
    known = [*products(5000, 5000), Product("P2", "Desconto", -1000)]
    before = [refund(Line("P1", "Item 1", 4500, 1, 1))]
    found = find_unrefundable(known, 9000, before, lines)
    assert found == (None if wrong is None else (lines[-1], wrong))


def test_find_unrefundable_line_with_position_ignores_twin() -> None:
    twins = [Product("P0", "Meia", 1500), Product("P0", "Meia", 1200)]
    assert find_unrefundable(twins, 2700, (), [Line("P0", "Meia", 1501, 1, 0)]) is not None
    assert find_unrefundable(twins, 2700, (), [Line("P0", "Meia", 2700, 2)]) is None


# --- random refunds


def _random_order(random: Random) -> tuple[list[Product], int, Operation]:
    """An order with discounts, coupons, freight, twins and units, and its sale, which alone knows the units."""
    lines = [
        Product(
            random.choice(["", f"P{n}", "TWIN"]),
            random.choice([f"Item {n}", "Igual"]),
            random.choice([random.randint(0, 60), random.randint(1, 50_000), 9990]),
            random.choice([1, 1, 2, 3, 7, 12]),
        )
        for n in range(random.randint(1, 6))
    ]
    gross = sum(line.price or 0 for line in lines)
    for _ in range(random.choice([0, 0, 1, 2])):
        discount = Product("", "Desconto", -random.randint(0, max(0, gross // 3)))
        lines.insert(random.randint(0, len(lines)), discount)
    net = sum(line.price or 0 for line in lines)
    total = max(0, net - random.choice([0, 0, random.randint(0, max(1, net // 2))]) + random.choice([0, 0, 1500]))
    looked_up = [replace(line, quantity=1) for line in lines]
    return looked_up, total, made(1, Kind.SALE, order=Order("A-1", total, products=tuple(lines)))


def _random_lines(random: Random, open_items: list[Item]) -> list[Line]:
    chosen = random.sample(open_items, random.randint(1, len(open_items)))
    lines = []
    for item in chosen:
        units = random.randint(1, item.units)
        most = item.max_value_for(units)
        if most:
            part = random.randint(1, most) if random.random() < 0.25 else most
            lines.append(back(item, units, part))
    return lines


def _return_all(random: Random, looked_up: list[Product], total: int, done: list[Operation]) -> int:
    """Return an order item by item until nothing is refundable; returns the number of refunds."""
    net = min(total, sum(product.price or 0 for product in looked_up))
    count = 0
    while open_items := [item for item in items_of(looked_up, total, done) if item.refundable]:
        lines = _random_lines(random, open_items) or [back(i, i.units) for i in open_items]
        assert find_unrefundable(looked_up, total, done, lines) is None
        operation = replace(made(len(done) + 1, Kind.REFUND, lines), state=random.choice(_STATES))
        done.append(operation)
        count += 1
        items = items_of(looked_up, total, done)
        given_back = sum(o.value for o in done if o.kind is Kind.REFUND and o.state not in CLOSED_NEGATIVELY)
        assert sum(item.returned for item in items) == given_back
        assert sum(item.returned + item.refundable for item in items) == net
        for item in items:
            assert 0 <= item.returned <= (item.paid or 0)
            assert 0 <= item.refundable == (item.paid or 0) - item.returned
            assert 0 <= item.returned_units <= item.product.quantity
        tried = random.choice(items)
        over = Line(tried.product.product_id, tried.product.title, tried.refundable + 1, 0, tried.position)
        assert find_unrefundable(looked_up, total, done, [over]) is not None
        if random.random() < 0.2:
            random.shuffle(done)
    return count


_STATES = [State.CONFIRMED] * 6 + [State.UNKNOWN, State.REVIEW, State.REFUSED, State.WITHDRAWN]


def test_random_item_refunds_add_up_to_the_cent() -> None:
    random, refunds, orders = Random(20261126), 0, 0
    while refunds < 10_000:
        looked_up, total, sale = _random_order(random)
        refunds += _return_all(random, looked_up, total, [sale])
        orders += 1
    assert orders > 1000
