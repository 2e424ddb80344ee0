"""What can be given back of each item of an order: what was paid for it, less what has gone or is going back for it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from bonifiq_desktop.domain.money import Cents, spread
from bonifiq_desktop.domain.operations import CLOSED_NEGATIVELY, Kind, Line, Operation
from bonifiq_desktop.domain.orders import Product


@dataclass(frozen=True)
class Item:
    """One line of an order that a customer may bring back; the lines with a negative price are discounts, not items.

    `position`: its index among the order's products. `paid`: its share in cents of what the customer paid; None where
    the order names no price. `refundable`: cents that can still be given back for it. `returned`, `returned_units`:
    cents and whole pieces of the refunds not closed negatively; `last_return`: the newest of them.
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
        """Whole pieces that can still come back."""
        return self.product.quantity - self.returned_units if self.refundable else 0

    def value_of(self, units: int) -> Cents:
        """What `units` more pieces are worth; pieces returned one by one add up to `paid` exactly.

        0 where the order names no price.
        """
        if self.paid is None or units <= 0:
            return 0
        share, larger_shares = divmod(self.paid, self.product.quantity)
        pieces = min(self.returned_units + units, self.product.quantity)
        return max(0, pieces * share + min(pieces, larger_shares) - self.returned)

    def max_value_for(self, units: int) -> Cents:
        """The largest amount that may be given back for `units` more pieces."""
        return self.refundable if self.paid is None else self.value_of(units)

    def whole_units(self, value: Cents, units: int) -> int:
        """How many of `units` pieces `value` gives back in full; the others can still be given their rest."""
        if self.paid is None:
            return units
        return next((count for count in range(units, 0, -1) if self.value_of(count) <= value), 0)


def items_of(products: Sequence[Product], total: Cents, operations: Iterable[Operation]) -> tuple[Item, ...]:
    """The items of an order, each with what can still be given back for it.

    `total`: the largest total of the order seen. `operations`: those of the order known here, in any order.
    """
    return _Balances(products, total, operations).items()


def find_unrefundable(
    products: Sequence[Product], total: Cents, operations: Iterable[Operation], lines: Iterable[Line]
) -> tuple[Line, Cents] | None:
    """The first of `lines` that gives back more than its item has, with what that item has; None when all fit."""
    balances = _Balances(products, total, operations)
    for line in lines:
        refundable = balances.refundable_for(line)
        if not balances.take_exactly(line):
            return line, refundable
    return None


class _Balances:
    """The items of an order while refunds are counted against them."""

    def __init__(self, products: Sequence[Product], total: Cents, operations: Iterable[Operation]) -> None:
        known = [o for o in operations if o.state not in CLOSED_NEGATIVELY]
        products = _with_quantities(products, known)
        paid, self._unpriced_rest = _paid(products, total)
        self._items = {
            position: Item(position, product, share, refundable=share or 0)
            for position, (product, share) in enumerate(zip(products, paid, strict=True))
            if product.price is None or product.price >= 0
        }
        for operation in sorted(known, key=lambda o: o.operation_id):
            if operation.kind is Kind.REFUND:
                for line in operation.lines:
                    self._take(line, self._positions(line), operation)

    def items(self) -> tuple[Item, ...]:
        return tuple(map(self._item, self._items))

    def refundable_for(self, line: Line) -> Cents:
        return sum(self._item(position).refundable for position in self._own_positions(line))

    def take_exactly(self, line: Line) -> bool:
        """Count a line that is to be registered; False when its items have less."""
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
        """Where a new line belongs: it names its place, or any item of its product serves."""
        positions = self._positions(line)
        return [line.position] if line.position in positions else positions

    def _positions(self, line: Line) -> list[int]:
        """The items that a line may be about, the likeliest first."""
        found = [p for p, item in self._items.items() if _is_about(line, item.product)]
        return sorted(found, key=lambda p: (self._is_not_worth(p, line), p != line.position, p))

    def _is_not_worth(self, position: int, line: Line) -> bool:
        # An order may come back with its lines in another sequence: the item with this very value is the one.
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
    """By the product's number; by its title where one of both has no number."""
    if line.product_id and product.product_id:
        return line.product_id == product.product_id
    return line.title == product.title


def _paid(products: Sequence[Product], total: Cents) -> tuple[list[Cents | None], Cents]:
    """What the customer paid for each line, and the rest of the total that no price accounts for.

    Discounts (negative lines, or a total below the sum of the lines) are shared over the items by largest remainder.
    A total above that sum holds something that is no item: the prices are what was paid.
    """
    prices = [product.price for product in products]
    priced = max(0, min(total, sum(price or 0 for price in prices)))
    weights = [max(0, price or 0) for price in prices]
    shares = spread(priced if any(weights) else 0, weights)
    paid = [None if price is None else share for price, share in zip(prices, shares, strict=True)]
    return paid, max(0, total - priced)


def _with_quantities(products: Sequence[Product], operations: Iterable[Operation]) -> list[Product]:
    """The lines with the pieces that the order's sale at this till counted: a look-up answers none."""
    sold = [p for o in operations if o.kind is Kind.SALE and o.order for p in o.order.products]
    return list(_counted(products, sold))


def _counted(products: Sequence[Product], sold: list[Product]) -> Iterator[Product]:
    for product in products:
        same = next((s for s in sold if (s.product_id, s.title, s.price) == _identity(product)), None)
        if same is None:
            yield replace(product, quantity=max(1, product.quantity))
        else:
            sold.remove(same)
            yield replace(product, quantity=max(1, same.quantity))


def _identity(product: Product) -> tuple[str, str, Cents | None]:
    return product.product_id, product.title, product.price
