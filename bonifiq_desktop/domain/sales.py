"""A sale being registered from this counter: what the customer really paid, and the rules of its fields."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from bonifiq_desktop.domain.coded_names import format_coded_name
from bonifiq_desktop.domain.money import MAX_CENTS, Cents, spread
from bonifiq_desktop.domain.orders import (
    Customer,
    Order,
    OrderIdError,
    OrderState,
    Product,
    read_order_id,
    read_typed_order_id,
)
from bonifiq_desktop.domain.text import plain


class SaleState(StrEnum):
    """The states of a sale that can be sent."""

    COMPLETED = "completed"
    PENDING = "pending"
    CANCELLED = "cancelled"


SALE_FIELDS = (
    "document", "name", "email", "phone", "birthday", "item", "products", "discount", "total", "order_id", "date",
    "state_date", "metadata",
)  # fmt: skip
"""Every field that a SaleError names."""


class SaleError(ValueError):
    """A field of the sale cannot be sent; `field` names it."""

    def __init__(self, field_name: str) -> None:
        super().__init__(field_name)
        self.field = field_name


@dataclass(frozen=True)
class Sale:
    """One sale. `total`: cents the customer paid, net of every discount and without shipping; it decides the points.

    `order_id` empty: this till makes the number. `status_text` is for people only. `settled_at`: when it was completed
    or cancelled, None: as it was placed. `made_at`: when it is registered here, None: as it was placed.
    `payment_method`, `sales_person`: as `read_named` reads them. `notes`: pairs of name and value (Metadatas).
    """

    customer: Customer
    total: Cents
    placed_at: datetime
    order_id: str = ""
    state: SaleState = SaleState.COMPLETED
    settled_at: datetime | None = None
    made_at: datetime | None = None
    birthday: date | None = None
    status_text: str = ""
    products: tuple[Product, ...] = ()
    coupon: str = ""
    payment_method: str = ""
    sales_person: str = ""
    branch_id: str = ""
    branch_name: str = ""
    notes: tuple[tuple[str, str], ...] = ()
    is_sure_of_id: bool = False
    """A person says that `order_id` is an order's number, though it looks like a CPF, a phone or a receipt's key."""

    def checked(self) -> "Sale":
        """This sale, ready to be sent: the customer's OriginalId filled in. Raises SaleError.

        The customer must be named by something BonifiQ can find again: the document, else the e-mail, else the phone.
        A number given by hand must be one that can be looked up: an uncertain sale is settled by its look-up.
        """
        tidy = self._without_unseen()
        customer = tidy.customer
        order_id = _looked_up_by(self.order_id, is_sure=self.is_sure_of_id)
        known_as = customer.customer_id or customer.document or customer.email or customer.phone
        if not known_as:
            raise SaleError("document")
        if not customer.name:
            raise SaleError("name")
        if not 0 < self.total <= MAX_CENTS:
            raise SaleError("total")
        prices = [product.price or 0 for product in self.products]
        if self.products and (min(prices) < 0 or sum(prices) != self.total):
            raise SaleError("products")
        if any(not (name and value) for name, value in tidy.notes):
            raise SaleError("metadata")
        self._check_dates()
        return replace(tidy, order_id=order_id, customer=replace(customer, customer_id=known_as))

    def _check_dates(self) -> None:
        """Nothing was sold tomorrow, nor completed before it was sold."""
        made_at = self.made_at or max(self.placed_at, self.settled_at or self.placed_at)
        if self.placed_at > made_at:
            raise SaleError("date")
        if self.settled_at is not None and not self.placed_at <= self.settled_at <= made_at:
            raise SaleError("state_date")

    def _without_unseen(self) -> "Sale":
        """This sale with every text as it is read: a pasted line break or a hidden sign goes no further."""
        return replace(
            self,
            customer=replace(self.customer, name=plain(self.customer.name)),
            products=tuple(map(_plain_product, self.products)),
            notes=tuple((plain(name), plain(value)) for name, value in self.notes),
            status_text=plain(self.status_text),
            coupon=plain(self.coupon),
            payment_method=plain(self.payment_method),
            sales_person=plain(self.sales_person),
            branch_id=plain(self.branch_id),
            branch_name=plain(self.branch_name),
        )


def _plain_product(product: Product) -> Product:
    return replace(
        product,
        product_id=plain(product.product_id),
        title=plain(product.title),
        brand=plain(product.brand),
        category=plain(product.category),
    )


def _looked_up_by(order_id: str, *, is_sure: bool) -> str:
    if not order_id.strip():
        return ""
    try:
        return read_order_id(order_id) if is_sure else read_typed_order_id(order_id)
    except OrderIdError as error:
        raise SaleError("doubtful_order_id" if error.order_id == order_id.strip() else "order_id") from error


def order_from_sale(sale: Sale, order_id: str) -> Order:
    """The order that a sale makes, as this till keeps it."""
    states = {SaleState.PENDING: OrderState.PENDING, SaleState.CANCELLED: OrderState.CANCELLED}
    return Order(
        order_id,
        sale.total,
        state=states.get(sale.state, OrderState.COMPLETED),
        placed_at=sale.placed_at,
        cancelled=sale.state is SaleState.CANCELLED,
        completed=sale.state is SaleState.COMPLETED,
        coupon=sale.coupon,
        customer=sale.customer,
        products=sale.products,
        payment_method=sale.payment_method,
        sales_person=sale.sales_person,
        branch=format_coded_name(sale.branch_id, sale.branch_name),
    )


def paid_total(prices: Sequence[Cents], discount: Cents) -> Cents:
    """What the customer paid for the items: their sum less the discount. Shipping earns nothing and stays out.

    Raises SaleError when the discount is negative or larger than the items.
    """
    total = sum(prices) - discount
    if discount < 0 or total < 0:
        raise SaleError("discount")
    return total


def net_products(products: Sequence[Product], discount: Cents) -> tuple[Product, ...]:
    """The items with the discount spread over them in cents, so that they add up to what was paid exactly.

    Raises SaleError when a price is negative, or the discount is negative or larger than the items.
    """
    prices = [product.price or 0 for product in products]
    if any(price < 0 for price in prices):
        raise SaleError("products")
    net = spread(paid_total(prices, discount), prices)
    return tuple(replace(product, price=price) for product, price in zip(products, net, strict=True))
