"""Refundable value of each item of an order: the price paid, less all refunds that are not closed negatively."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bonifiq_desktop.domain.money import Cents, spread
from bonifiq_desktop.domain.operations import CLOSED_NEGATIVELY, Kind, Line, Operation
from bonifiq_desktop.domain.orders import Product
from bonifiq_desktop.domain.specs import open_refunds


@dataclass(frozen=True)
class Item:
    """One returnable line of an order. A line with a negative price is a discount and not an item.

    `position`: index among the order's products. `paid`: the line's share of the total paid, in cents; None when the
    order names no price. `refundable`: cents that can still be refunded. `returned`, `returned_units`: cents and whole
    units of the refunds that are not closed negatively. `last_return`: the newest of these refunds.
    """

    position: int
    product: Product
    paid: Cents | None
    refundable: Cents
    returned: Cents = 0
    returned_units: int = 0
    last_return: Operation | None = None

    @property
    def units(self) -> int:
        """Whole units that can still be returned."""
        return self.product.quantity - self.returned_units if self.refundable else 0

    def value_of(self, units: int) -> Cents:
        """Value of `units` more units; units returned one by one add up to `paid` exactly.

        Returns 0 when the order names no price.
        """
        if self.paid is None or units <= 0:
            return 0
        share, larger_shares = divmod(self.paid, self.product.quantity)
        pieces = min(self.returned_units + units, self.product.quantity)
        return max(0, pieces * share + min(pieces, larger_shares) - self.returned)

    def max_value_for(self, units: int) -> Cents:
        """The largest refund for `units` more units."""
        return self.refundable if self.paid is None else self.value_of(units)

    def whole_units(self, value: Cents, units: int) -> int:
        """Count the units that `value` refunds in full; the other units keep a refundable rest."""
        if self.paid is None:
            return units
        return next((count for count in range(units, 0, -1) if self.value_of(count) <= value), 0)


def items_of(products: Sequence[Product], total: Cents, operations: Iterable[Operation]) -> tuple[Item, ...]:
    """The items of an order with their refundable values.

    `total`: the largest total of the order seen here. `operations`: the order's operations known here, in any order.
    """
    return _Balances(products, total, operations).items()


def find_unrefundable(
    products: Sequence[Product], total: Cents, operations: Iterable[Operation], lines: Iterable[Line]
) -> tuple[Line, Cents] | None:
    """Find the first line that exceeds its item; returns the line and the item's refundable value, or None."""
    balances = _Balances(products, total, operations)
    for line in lines:
        refundable = balances.refundable_for(line)
        if not balances.take_exactly(line):
            return line, refundable
    return None


class _Balances:
    """The items of an order while refunds are subtracted from them."""

    def __init__(self, products: Sequence[Product], total: Cents, operations: Iterable[Operation]) -> None:
        known = [o for o in operations if o.state not in CLOSED_NEGATIVELY]
        products = _with_quantities(products, known)
        paid, self._unpriced_rest = _paid(products, total)
        self._items = {
            position: Item(position, product, share, refundable=share or 0)
            for position, (product, share) in enumerate(zip(products, paid, strict=True))
            if product.price is None or product.price >= 0
        }
        for operation in sorted(open_refunds(known), key=lambda o: (o.created_at, o.operation_id)):
            for line in operation.lines:
                self._take(line, self._positions(line), operation)

    def items(self) -> tuple[Item, ...]:
        return tuple(map(self._item, self._items))

    def refundable_for(self, line: Line) -> Cents:
        return sum(self._item(position).refundable for position in self._own_positions(line))

    def take_exactly(self, line: Line) -> bool:
        """Subtract a new line; returns False when its items have less."""
        positions = self._own_positions(line)
        fits = 0 < line.value <= self.refundable_for(line)
        fits = fits and 0 <= line.units <= sum(self._item(position).units for position in positions)
        if fits:
            self._take(line, positions, None)
        return fits

    def _item(self, position: int) -> Item:
        item = self._items[position]
        all_back = item.returned_units >= item.product.quantity
        if item.paid is None:
            return replace(item, refundable=0 if all_back else self._unpriced_rest)
        return replace(item, refundable=0 if all_back else max(0, item.paid - item.returned))

    def _own_positions(self, line: Line) -> list[int]:
        """Positions for a new line: the position that it names, else any item of its product."""
        positions = self._positions(line)
        return [line.position] if line.position in positions else positions

    def _positions(self, line: Line) -> list[int]:
        """Positions of the items that a line may mean, the likeliest first."""
        found = [p for p, item in self._items.items() if _is_about(line, item.product)]
        return sorted(found, key=lambda p: (self._is_not_worth(p, line), p != line.position, p))

    def _is_not_worth(self, position: int, line: Line) -> bool:
        # A look-up may reorder the lines, so an item with exactly this value is preferred.
        return not line.units or self._item(position).value_of(line.units) != line.value

    def _take(self, line: Line, positions: Iterable[int], operation: Operation | None) -> None:
        value, units = line.value, line.units
        for item in map(self._item, positions):
            if not value:
                return
            part, pieces = min(value, item.refundable), min(units, item.units)
            if part:
                value, units = value - part, units - pieces
                self._items[item.position] = replace(
                    item,
                    returned=item.returned + part,
                    returned_units=item.returned_units + pieces,
                    last_return=operation,
                )
                self._unpriced_rest -= part if item.paid is None else 0


def _is_about(line: Line, product: Product) -> bool:
    """Compare product numbers, or titles when one of them has no number."""
    if line.product_id and product.product_id:
        return line.product_id == product.product_id
    return line.title == product.title


def _paid(products: Sequence[Product], total: Cents) -> tuple[list[Cents | None], Cents]:
    """Split the total: the price paid for each line, and the rest that no price explains.

    A discount (a negative line, or a total below the sum of the lines) is spread over the items by largest remainder.
    A total above that sum includes something that is not an item, so the prices are the prices paid.
    """
    prices = [product.price for product in products]
    priced = max(0, min(total, sum(price or 0 for price in prices)))
    weights = [max(0, price or 0) for price in prices]
    shares = spread(priced if any(weights) else 0, weights)
    paid = [None if price is None else share for price, share in zip(prices, shares, strict=True)]
    return paid, max(0, total - priced)


def _with_quantities(products: Sequence[Product], operations: Iterable[Operation]) -> list[Product]:
    """Add the quantities of the order's sale at a till of the shop, because a look-up answers no quantities."""
    sold = [p for o in operations if o.kind is Kind.SALE and o.order for p in o.order.products]
    counted = []
    for product in products:
        same = next((s for s in sold if _identity(s) == _identity(product)), None)
        if same is not None:
            sold.remove(same)
        counted.append(replace(product, quantity=max(1, (same or product).quantity)))
    return counted


def _identity(product: Product) -> tuple[str, str, Cents | None]:
    return product.product_id, product.title, product.price
