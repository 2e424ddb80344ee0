"""Items of a purchase over all systems, as rows of the return page: Space ticks one unit in every system at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize
from PySide6.QtWidgets import QStyleOptionViewItem, QWidget

from bonifiq_desktop.domain.item_match import ItemRow, match_items, units_left, with_known_quantities
from bonifiq_desktop.domain.items import Item
from bonifiq_desktop.domain.money import Cents
from bonifiq_desktop.domain.orders import Order, Product
from bonifiq_desktop.services.refundable import LookupResult
from bonifiq_desktop.ui.messages.message import translate
from bonifiq_desktop.ui.messages.remote_orders import format_decimal
from bonifiq_desktop.ui.refund.items import PAID, RefundItems
from bonifiq_desktop.ui.theme import px
from bonifiq_desktop.ui.widgets.tables import RowDelegate

_MAX_NAME = 16  # characters of a connection's name in a row
_PAID_WIDTH = 172  # pixels at 100 %: the names of the systems take two lines rather than the room of the product


@dataclass(frozen=True)
class SharedItem(Item):
    """An item that other systems hold too. `elsewhere`: the units that one of them still has."""

    elsewhere: int = 0

    @property
    def own_units(self) -> int:
        """Units that can still be returned in BonifiQ."""
        return super().units

    @property
    def units(self) -> int:
        return max(super().units, self.elsewhere)

    def value_of(self, units: int) -> Cents:
        return super().value_of(min(units, self.own_units))

    def whole_units(self, value: Cents, units: int) -> int:
        return super().whole_units(value, min(units, self.own_units))


@dataclass(frozen=True)
class Goods:
    """The rows of the page: BonifiQ's products at their positions, then the items that only other systems know.

    `rows`: the matched item of each row; None for a discount.
    """

    products: tuple[Product, ...]
    items: tuple[SharedItem, ...]
    rows: tuple[ItemRow | None, ...]

    def matched(self) -> tuple[ItemRow, ...]:
        return tuple(row for row in self.rows if row is not None)


def with_quantities(found: LookupResult, orders: Mapping[str, Order]) -> LookupResult:
    """The order in BonifiQ with the quantities that another system shows for its lines."""
    return replace(found, order=replace(found.order, products=with_known_quantities(found.order.products, orders)))


def goods_of(found: LookupResult | None, orders: Mapping[str, Order]) -> Goods:
    """Merge the items of all systems. `found`: with quantities; `orders`: by the name of the connection."""
    own = found.order.products if found is not None else ()
    matched = match_items(own, orders)
    by_position = {row.product: row for row in matched if row.product is not None}
    others = [row for row in matched if row.product is None]
    rows = [*(by_position.get(position) for position in range(len(own))), *others]
    products = [*own, *(Product(row.code, row.title, None, row.units) for row in others)]
    known = {item.position: item for item in (found.items if found is not None else ())}
    items = []
    for position, (row, product) in enumerate(zip(rows, products, strict=True)):
        if row is None:
            continue
        item = known.get(position, Item(position, product, None, 0))
        items.append(SharedItem(**vars(item), elsewhere=units_left(row, orders)))
    return Goods(tuple(products), tuple(items), tuple(rows))


class SharedItems(RefundItems):
    """Rows over all systems. No value stands in a row: each system gives back an amount of its own.

    Digits change the value of an item that BonifiQ alone knows.
    """

    def __init__(self, goods: Goods, orders: Mapping[str, Order], systems: Sequence[str], parent: QWidget) -> None:
        self._goods = goods
        self._orders = orders
        self._systems = tuple(systems)
        super().__init__(goods.products, goods.items, parent)
        self.setItemDelegateForColumn(PAID, _TwoLines(self))

    def is_chosen(self) -> bool:
        return any(self.units())

    def is_all(self) -> bool:
        """Whether every unit that can go back is ticked."""
        return all(self._units[row] == item.units for row, item in self._refundable.items())

    @staticmethod
    def _can_go_back(item: Item) -> bool:
        return item.units > 0

    def _is_in_others(self, row: int) -> bool:
        matched = self._goods.rows[row]
        return matched is not None and bool(matched.shares)

    def _paid_text(self, row: int) -> str:
        matched = self._goods.rows[row]
        if matched is None or row not in self._refundable:
            return super()._paid_text(row)
        names = [*matched.shares, *(["BonifiQ"] if matched.product is not None else [])]
        if len(names) == len(self._systems):
            return self._price_text(matched)
        shown = ", ".join(each if len(each) <= _MAX_NAME else f"{each[:_MAX_NAME]}…" for each in names)
        return translate("SharedItems", "só {0}").format(shown)

    def _price_text(self, matched: ItemRow) -> str:
        """The price of a unit in the first other system; each system gives back an amount of its own."""
        for name, shares in matched.shares.items():
            remote = self._orders[name].remote
            line = remote.line(shares[0].line_id) if remote is not None else None
            if remote is not None and line is not None:
                return translate("SharedItems", "pago {0}").format(
                    format_decimal(line.price / line.units, remote.currency)
                )
        return ""

    def _value_text(self, row: int, units: int) -> str:
        if not self._is_in_others(row) or row not in self._refundable:
            return super()._value_text(row, units)
        return translate("SharedItems", "{0} un.").format(units) if units else ""

    def _spoken_value(self, row: int, units: int) -> str:
        if not self._is_in_others(row):
            return super()._spoken_value(row, units)
        return translate("SharedItems", "{0} unidades a devolver").format(units)

    def _set_value(self, row: int, cents: Cents) -> None:
        if not self._is_in_others(row):
            super()._set_value(row, cents)


class _TwoLines(RowDelegate):
    """Asks for no more than the width of a price, so that a longer text is wrapped."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        wanted = super().sizeHint(option, index)
        return QSize(min(wanted.width(), px(_PAID_WIDTH)), wanted.height())
