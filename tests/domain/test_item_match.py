"""Items of one purchase in several systems: every unit is in one row, and goes back once."""

from collections import Counter
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from bonifiq_desktop.domain.item_match import (
    chosen_lines,
    match_items,
    shares_an_item,
    units_left,
    with_known_quantities,
)
from bonifiq_desktop.domain.orders import Order, Product
from bonifiq_desktop.domain.remote_orders import RemoteLine, RemoteOrder


def line(line_id: str, code: str, units: int = 1, left: int | None = None, title: str = "") -> RemoteLine:
    left = units if left is None else left
    codes = (code,) if code else ()
    return RemoteLine(line_id, codes, title, units, left, Decimal(10), Decimal(10), Decimal(10))


def order(*lines: RemoteLine) -> Order:
    return Order("R-1", 0, remote=RemoteOrder("BRL", lines))


def product(code: str, quantity: int = 1, price: int | None = 1000, title: str = "") -> Product:
    return Product(code, title, price, quantity)


_CODES = st.sampled_from(["A", "B", "C", ""])
_PRODUCTS = st.lists(st.builds(product, _CODES, st.integers(1, 3), st.sampled_from([1000, -100, None])), max_size=5)


@st.composite
def orders(draw: st.DrawFn) -> dict[str, Order]:
    """Up to three connections, each with an order of up to five lines."""
    made = {}
    for name in draw(st.lists(st.sampled_from(["Carrefour", "Loja", "Leroy"]), unique=True)):
        shapes = draw(st.lists(st.tuples(_CODES, st.integers(0, 4), st.integers(0, 4)), max_size=5))
        lines = [line(f"{name}-{i}", code, units, min(units, left)) for i, (code, units, left) in enumerate(shapes)]
        made[name] = order(*lines)
    return made


@given(_PRODUCTS, orders())
def test_rows_hold_every_unit_of_every_system_once(products: list[Product], found: dict[str, Order]) -> None:
    rows = match_items(products, found)
    for name, each in found.items():
        held: Counter[str] = Counter()
        for row in rows:
            for share in row.shares.get(name, ()):
                held[share.line_id] += share.units
        assert each.remote is not None
        assert held == Counter({one.line_id: one.units for one in each.remote.lines if one.units})
    items = [place for place, each in enumerate(products) if each.price is None or each.price >= 0]
    assert [row.product for row in rows if row.product is not None] == items


@given(_PRODUCTS, orders())
def test_all_rows_taken_back_take_exactly_what_is_left(products: list[Product], found: dict[str, Order]) -> None:
    rows = match_items(products, found)
    for name, each in found.items():
        assert each.remote is not None
        chosen = {one.line_id: one.units for one in chosen_lines(rows, [row.units for row in rows], name, each)}
        assert chosen == {one.line_id: one.units_left for one in each.remote.lines if one.units_left}


@given(_PRODUCTS, orders(), st.data())
def test_part_of_the_rows_never_takes_more_units_than_ticked(
    products: list[Product], found: dict[str, Order], data: st.DataObject
) -> None:
    rows = match_items(products, found)
    ticked = [data.draw(st.integers(0, row.units)) for row in rows]
    for name, each in found.items():
        chosen = chosen_lines(rows, ticked, name, each)
        assert sum(one.units for one in chosen) <= sum(ticked)
        assert each.remote is not None
        for one in chosen:
            known = each.remote.line(one.line_id)
            assert known is not None
            assert 0 < one.units <= known.units_left


@given(_PRODUCTS, orders())
def test_row_joins_only_lines_of_its_code(products: list[Product], found: dict[str, Order]) -> None:
    for row in match_items(products, found):
        for name, shares in row.shares.items():
            remote = found[name].remote
            assert remote is not None
            lines = [remote.line(share.line_id) for share in shares]
            codes = {code for each in lines if each is not None for code in each.codes}
            assert len(codes) <= 1
            assert not codes or not row.code or codes == {row.code}


def test_units_of_one_line_and_of_single_items_share_a_row() -> None:
    found = {"Carrefour": order(line("L1", "CAM", 2)), "Loja": order(line("1", "CAM"), line("2", "CAM"))}
    rows = match_items([product("cam ", 2)], found)
    assert len(rows) == 1
    assert [each.line_id for each in chosen_lines(rows, [1], "Loja", found["Loja"])] == ["1"]
    assert [each.units for each in chosen_lines(rows, [2], "Carrefour", found["Carrefour"])] == [2]


def test_item_of_one_system_alone_has_a_row_of_its_own() -> None:
    found = {"Carrefour": order(line("L1", "CAM"), line("L2", "BER"))}
    rows = match_items([product("CAM"), product("MEIA")], found)
    assert [(row.code, row.product, bool(row.shares)) for row in rows] == [
        ("CAM", 0, True),
        ("MEIA", 1, False),
        ("BER", None, True),
    ]


def test_single_items_that_went_back_already_are_taken_last() -> None:
    found = {"Loja": order(line("1", "CAM", 1, 0), line("2", "CAM"))}
    rows = match_items([product("CAM"), product("CAM")], found)
    assert [each.line_id for each in chosen_lines(rows, [1, 0], "Loja", found["Loja"])] == ["2"]
    assert [units_left(row, found) for row in rows] == [1, 0]


def test_equal_single_items_of_one_system_make_one_row() -> None:
    found = {"Loja": order(line("1", "CAM", 1, 0), line("2", "CAM"), line("3", "CAM"), line("4", "BER"))}
    rows = match_items([], found)
    assert [(row.code, row.units, units_left(row, found)) for row in rows] == [("CAM", 3, 2), ("BER", 1, 1)]
    assert [each.line_id for each in chosen_lines(rows, [1, 0], "Loja", found["Loja"])] == ["2"]


def test_quantity_comes_from_the_connection_where_bonifiq_names_none() -> None:
    found = {"Carrefour": order(line("L1", "CAM", 3), line("L2", "BER", 2))}
    known = with_known_quantities([product("CAM"), product("BER"), product("BER"), product("X")], found)
    assert [each.quantity for each in known] == [3, 1, 1, 1]


def test_lines_without_a_code_match_by_title() -> None:
    found = {"Carrefour": order(line("L1", "", title="Camiseta"))}
    assert len(match_items([product("CAM", title="camiseta ")], found)) == 1
    assert len(match_items([product("CAM", title="Calça")], found)) == 2


def test_purchase_without_a_common_item_is_told_apart() -> None:
    found = {"Carrefour": order(line("L1", "CAM")), "Loja": order(line("1", "VASO"))}
    rows = match_items([product("CAM")], found)
    assert shares_an_item(rows, "Carrefour")
    assert not shares_an_item(rows, "Loja")
