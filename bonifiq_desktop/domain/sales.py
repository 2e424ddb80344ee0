"""Sales registered at this till: fields, validation and discounts."""

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
from bonifiq_desktop.domain.text import FieldError, plain


class SaleState(StrEnum):
    """State in which a sale can be sent."""

    COMPLETED = "completed"
    PENDING = "pending"
    CANCELLED = "cancelled"


SALE_FIELDS = (
    "document", "name", "email", "phone", "birthday", "item", "products", "discount", "total", "order_id", "date",
    "state_date", "metadata",
)  # fmt: skip
"""All field names that a SaleError can hold."""


class SaleError(FieldError):
    """A field of the sale is invalid."""


@dataclass(frozen=True)
class Sale:
    """One sale.

    - `total`: cents paid, net of discounts and without shipping; it decides the points.
    - `order_id`: empty when this till makes the number.
    - `settled_at`: time of completion or cancellation. `made_at`: time of registration. None: same as `placed_at`.
    - `payment_method`, `sales_person`: see `read_coded_name`. `status_text`: for people only.
    - `notes`: pairs of name and value (Metadatas).
    - `reward`: cents that a reward took off, contained in no other field; the total may be 0 then.
    - `is_sure_of_id`: a person confirmed `order_id`, though it looks like personal data or a receipt's key.
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
    reward: Cents = 0

    def checked(self) -> "Sale":
        """Validate this sale and fill in the customer's OriginalId. Raises SaleError.

        The document, else the e-mail, else the phone identifies the customer. A typed number must be one that can be
        looked up, because the look-up resolves a sale whose answer is lost.
        """
        tidy = self._without_hidden()
        customer = tidy.customer
        order_id = _checked_order_id(self.order_id, is_sure=self.is_sure_of_id)
        known_as = customer.customer_id or customer.document or customer.email or customer.phone
        if not known_as:
            raise SaleError("document")
        if not customer.name:
            raise SaleError("name")
        if not (0 if self.reward else 1) <= self.total <= MAX_CENTS:
            raise SaleError("total")
        prices = [product.price or 0 for product in self.products]
        if self.products and (min(prices) < 0 or sum(prices) != self.total):
            raise SaleError("products")
        if any(not (name and value) for name, value in tidy.notes):
            raise SaleError("metadata")
        self._check_dates()
        return replace(tidy, order_id=order_id, customer=replace(customer, customer_id=known_as))

    def _check_dates(self) -> None:
        """Raises SaleError for a future sale, or one that was completed before it was placed."""
        made_at = self.made_at or max(self.placed_at, self.settled_at or self.placed_at)
        if self.placed_at > made_at:
            raise SaleError("date")
        if self.settled_at is not None and not self.placed_at <= self.settled_at <= made_at:
            raise SaleError("state_date")

    def _without_hidden(self) -> "Sale":
        """This sale without line breaks and invisible characters in its texts."""
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


def _checked_order_id(order_id: str, *, is_sure: bool) -> str:
    if not order_id.strip():
        return ""
    try:
        return read_order_id(order_id) if is_sure else read_typed_order_id(order_id)
    except OrderIdError as error:
        raise SaleError("doubtful_order_id" if error.order_id == order_id.strip() else "order_id") from error


def order_from_sale(sale: Sale, order_id: str) -> Order:
    """Build the order that a sale creates, for the ledger."""
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
    """The price paid for the items: their sum less the discount. Shipping earns no points and is left out.

    Raises SaleError when the discount is negative or larger than the sum.
    """
    total = sum(prices) - discount
    if discount < 0 or total < 0:
        raise SaleError("discount")
    return total


def net_products(products: Sequence[Product], discount: Cents) -> tuple[Product, ...]:
    """Spread the discount over the items in cents, so that their prices add up to the price paid.

    Raises SaleError when a price is negative, or the discount is negative or larger than the sum.
    """
    prices = [product.price or 0 for product in products]
    if any(price < 0 for price in prices):
        raise SaleError("products")
    net = spread(paid_total(prices, discount), prices)
    return tuple(replace(product, price=price) for product, price in zip(products, net, strict=True))
