"""Match the items of one purchase between BonifiQ and the marketplaces and web shops that know it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from bonifiq_desktop.domain.orders import Order, Product
from bonifiq_desktop.domain.remote_orders import RemoteLine
from bonifiq_desktop.domain.returns import ChosenLine


@dataclass(frozen=True)
class Share:
    """Units of a row that are units of one line of a connection's order."""

    line_id: str
    units: int


@dataclass(frozen=True)
class ItemRow:
    """One item of a purchase, as every system that knows it holds it.

    - `product`: index among BonifiQ's products; None where BonifiQ does not know the item.
    - `shares`: by the name of the connection, the units of its lines, in the order in which they go back.
    - `units`: bought, by the system that knows of the most.
    """

    code: str
    title: str
    units: int
    product: int | None = None
    shares: Mapping[str, tuple[Share, ...]] = field(default_factory=dict)

    def chosen(self, connection: str, units: int) -> dict[str, int]:
        """The units of each line of a connection, when `units` of this row go back."""
        lines: dict[str, int] = {}
        for share in self.shares.get(connection, ()):
            part = min(units, share.units)
            if part > 0:
                lines[share.line_id] = lines.get(share.line_id, 0) + part
                units -= part
        return lines


def match_items(products: Sequence[Product], orders: Mapping[str, Order]) -> tuple[ItemRow, ...]:
    """Merge the lines of all systems into rows, by the item's code: each unit of each system is in exactly one row.

    `orders`: by the name of the connection. A BonifiQ line makes one row, and takes as many units of each connection
    as it has. What is left of a connection makes rows of its own, equal lines in one, which the connections after it
    join. Discounts (negative prices) are no items. Lines match by title where one of them has no code.
    """
    pools = {name: _Pool(order) for name, order in orders.items()}
    rows = []
    for position, product in enumerate(products):
        if product.price is None or product.price >= 0:
            codes = (product.product_id,)
            shares = {name: pool.take(codes, product.title, product.quantity) for name, pool in pools.items()}
            rows.append(ItemRow(product.product_id, product.title, product.quantity, position, _known(shares)))
    for name, pool in pools.items():
        for line, own in pool.rest():
            units = sum(share.units for share in own)
            shares = {other: each.take(line.codes, line.title, units) for other, each in pools.items() if other != name}
            shares = {name: own, **shares}
            rows.append(ItemRow(next(iter(line.codes), ""), line.title, units, None, _known(shares)))
    return tuple(rows)


def with_known_quantities(products: Sequence[Product], orders: Mapping[str, Order]) -> tuple[Product, ...]:
    """Set the quantity of BonifiQ's lines where a connection shows that one line stands for several units.

    BonifiQ answers no quantities. A line that is the only one of its item stands for all units that were bought.
    """
    return tuple(replace(each, quantity=_quantity(each, products, orders)) for each in products)


def chosen_lines(
    rows: Sequence[ItemRow], units: Sequence[int], connection: str, order: Order
) -> tuple[ChosenLine, ...]:
    """The lines of a connection that go back with `units` of each row, at most what is left of each line."""
    chosen: dict[str, int] = {}
    for row, count in zip(rows, units, strict=True):
        for line_id, part in row.chosen(connection, count).items():
            chosen[line_id] = chosen.get(line_id, 0) + part
    lines = order.remote.lines if order.remote else ()
    parts = ((line, min(chosen.get(line.line_id, 0), max(0, line.units_left))) for line in lines)
    return tuple(ChosenLine(line.line_id, part) for line, part in parts if part)


def units_left(row: ItemRow, orders: Mapping[str, Order]) -> int:
    """Units of a row that some connection still has, by the connection with the most."""
    return max((_left_in(row, name, order) for name, order in orders.items()), default=0)


def shares_an_item(rows: Sequence[ItemRow], connection: str) -> bool:
    """Whether BonifiQ knows one of a connection's items; without any, it may be another purchase."""
    return any(row.product is not None and row.shares.get(connection) for row in rows)


def _left_in(row: ItemRow, connection: str, order: Order) -> int:
    lines = {line.line_id: line for line in order.remote.lines} if order.remote else {}
    return sum(
        min(units, max(0, lines[line_id].units_left)) for line_id, units in row.chosen(connection, row.units).items()
    )


def _known(shares: Mapping[str, tuple[Share, ...]]) -> dict[str, tuple[Share, ...]]:
    return {name: each for name, each in shares.items() if each}


def _quantity(product: Product, products: Sequence[Product], orders: Mapping[str, Order]) -> int:
    same = [each for each in products if _is_same((each.product_id,), each.title, (product.product_id,), product.title)]
    if product.quantity > 1 or len(same) > 1:
        return product.quantity
    bought = (_bought(product, order) for order in orders.values())
    return max(product.quantity, *bought, 1)


def _bought(product: Product, order: Order) -> int:
    lines = order.remote.lines if order.remote else ()
    codes = (product.product_id,)
    return sum(line.units for line in lines if _is_same(codes, product.title, line.codes, line.title))


def _is_same(codes: Sequence[str], title: str, other_codes: Sequence[str], other_title: str) -> bool:
    ours, theirs = _normalized(codes), _normalized(other_codes)
    if ours and theirs:
        return bool(ours & theirs)
    return bool(title.strip()) and title.strip().casefold() == other_title.strip().casefold()


def _normalized(codes: Sequence[str]) -> frozenset[str]:
    return frozenset(code.strip().casefold() for code in codes if code.strip())


class _Pool:
    """The units of an order that no row has taken yet, in the order of its lines."""

    def __init__(self, order: Order) -> None:
        self._lines = [line for line in (order.remote.lines if order.remote else ()) if line.units > 0]
        self._free = [line.units for line in self._lines]

    def take(self, codes: Sequence[str], title: str, units: int) -> tuple[Share, ...]:
        """Take up to `units` of an item, those that can still go back first."""
        places = [place for place, line in enumerate(self._lines) if _is_same(codes, title, line.codes, line.title)]
        shares = []
        for place in sorted(places, key=lambda place: self._lines[place].units_left <= 0):
            part = min(units, self._free[place])
            if part:
                self._free[place] -= part
                units -= part
                shares.append(Share(self._lines[place].line_id, part))
        return tuple(shares)

    def rest(self) -> list[tuple[RemoteLine, tuple[Share, ...]]]:
        """Take all that is left; equal lines together, because some systems have one line for each unit."""
        equal: dict[object, list[tuple[RemoteLine, int]]] = {}
        for line, units in zip(self._lines, self._free, strict=True):
            if units:
                key = (_normalized(line.codes), line.title, line.price / line.units, line.obstacle)
                equal.setdefault(key, []).append((line, units))
        self._free = [0] * len(self._lines)
        groups = (sorted(group, key=lambda each: each[0].units_left <= 0) for group in equal.values())
        return [(group[0][0], tuple(Share(line.line_id, units) for line, units in group)) for group in groups]
