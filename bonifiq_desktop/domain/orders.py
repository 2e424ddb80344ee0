"""Orders and order numbers, and the refundable value of an order."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import IntEnum
from unicodedata import normalize

from bonifiq_desktop.domain.access_key import find_access_key
from bonifiq_desktop.domain.contacts import mask_email, mask_phone
from bonifiq_desktop.domain.documents import mask_document
from bonifiq_desktop.domain.money import Cents
from bonifiq_desktop.domain.personal_numbers import find_personal_number
from bonifiq_desktop.domain.redaction import redact_personal_data
from bonifiq_desktop.domain.remote_orders import RemoteOrder
from bonifiq_desktop.domain.text import MAX_ORDER_ID, is_plain

FOUND_SUMMARY = "shown"
"""Prefix of every `order_summary`, which tells it from the codes and messages of remote systems."""
CANCELLED_SUMMARY = f"{FOUND_SUMMARY} cancelled"


class OrderIdError(ValueError):
    """The text cannot be an order number. `order_id`: the number to use when a person insists, or empty."""

    order_id = ""


class PersonalOrderId(OrderIdError):
    """The text looks like personal data. `like`: `cpf`, `cnpj`, `phone` or `email`."""

    def __init__(self, like: str, order_id: str = "") -> None:
        super().__init__(like)
        self.like = like
        self.order_id = order_id


class FiscalKeyTyped(OrderIdError):
    """The text holds the access key of a fiscal receipt. Some shops number their orders with these keys."""

    def __init__(self, key: str) -> None:
        super().__init__()
        self.order_id = key


class NotOrderNumber(OrderIdError):
    """The text reads as a name, an amount or a date. `order_id`: the text, in case that it is one."""

    def __init__(self, order_id: str) -> None:
        super().__init__()
        self.order_id = order_id


def read_order_id(text: str) -> str:
    """Read an order number and trim it.

    Raises:
    - OrderIdError for an empty or too long text, invisible characters, or `.` and `..`, which every HTTP stack
      rewrites in a URL even when quoted.
    - PersonalOrderId for certain personal data (see `find_personal_number`), because URLs end up in foreign logs.
    """
    found = find_personal_number(text)
    if found is not None and found.certain:
        raise PersonalOrderId(found.kind)
    order_id = text.strip()
    if not order_id or len(order_id) > MAX_ORDER_ID or order_id in {".", ".."} or not is_plain(order_id):
        raise OrderIdError
    if "://" in order_id:  # a scanned QR code that holds a URL
        raise OrderIdError
    return order_id


def read_typed_order_id(text: str) -> str:
    """Read a typed or scanned order number, before the person was asked what it is.

    Raises what `read_order_id` raises, and PersonalOrderId or FiscalKeyTyped for possible personal data or the key of
    a fiscal receipt. Their `order_id` is the number to use when the person confirms that it names an order.
    """
    key = find_access_key(text)
    if key is not None:
        raise FiscalKeyTyped(key)
    found = find_personal_number(text)
    if found is not None and not found.certain:
        order_id = text.strip()
        raise PersonalOrderId(found.kind, order_id if is_plain(order_id) and len(order_id) <= MAX_ORDER_ID else "")
    return read_order_id(text)


def normalized_order_id(order_id: str) -> str:
    """Normalize an order number for comparisons in ledger, CancelKey and look-up; never for display or sending.

    Unicode's canonical caseless form (NFC, case-folded): composed letters, decomposed letters and capitals are equal.
    With a second normal form, ledger and CancelKey could disagree about the refunds of an order.
    """
    return normalize("NFC", normalize("NFD", order_id.strip()).casefold())


def same_order(one: str, other: str) -> bool:
    """Whether two order numbers name the same order."""
    return normalized_order_id(one) == normalized_order_id(other)


class OrderState(IntEnum):
    """State of an order, by the numbers of the API."""

    INITIAL = 0
    PENDING = 1
    COMPLETED = 2
    CANCELLED = 3
    IGNORED = 4


@dataclass(frozen=True)
class Product:
    """One line of an order. `price`: the line's net total in cents.

    `quantity`, `brand` (see `read_coded_name`) and `category` (see `read_path`) are known only for a sale of this till,
    because the API's orders lack them.
    """

    product_id: str
    title: str
    price: Cents | None
    quantity: int = 1
    brand: str = ""
    category: str = ""


@dataclass(frozen=True, repr=False)
class Customer:
    """The customer of an order, as answered. Personal data: stored only in a request, and left out of `repr`.

    `cashback`: cents. `enrolled`: member of the loyalty programme (IsEnrolled); None when not answered.
    """

    customer_id: str = ""
    name: str = ""
    document: str = ""
    email: str = ""
    phone: str = ""
    tier: str = ""
    points: int | None = None
    cashback: Cents | None = None
    enrolled: bool | None = None

    @property
    def programme_id(self) -> str:
        """What names the customer in every request about rewards: bare CPF or CNPJ, else e-mail, else the shop's id."""
        return self.document or self.email or self.customer_id

    def masked(self) -> "Customer":
        """The customer for display: without `customer_id`, which may be a CPF or an e-mail address.

        The name is redacted too, because the registered name of a one-person business ends with its owner's CPF.
        """
        return replace(
            self,
            customer_id="",
            name=redact_personal_data(self.name),
            tier=redact_personal_data(self.tier),
            document=mask_document(self.document),
            email=mask_email(self.email),
            phone=mask_phone(self.phone),
        )


@dataclass(frozen=True)
class Order:
    """One order. `total`: the net price paid without shipping, in cents, as answered by the look-up.

    `metadata`: pairs of name and value (Metadatas), never stored in the ledger. `payment_method` (known only for a
    sale of this till), `sales_person` and `branch`: see `read_coded_name`. `remote`: what a marketplace or web shop
    shows beside; `total` is then in the smallest unit of its currency.
    """

    order_id: str
    total: Cents
    state: OrderState | None = None
    status_text: str = ""
    placed_at: datetime | None = None
    cancelled: bool = False
    completed: bool = False
    coupon: str = ""
    customer: Customer | None = None
    products: tuple[Product, ...] = ()
    metadata: tuple[tuple[str, str], ...] = ()
    payment_method: str = ""
    sales_person: str = ""
    branch: str = ""
    remote: RemoteOrder | None = None

    @property
    def pending(self) -> bool:
        """Whether this sale waits for its completion, and so gives no points yet."""
        waits = self.state in {OrderState.INITIAL, OrderState.PENDING}
        return waits and not self.completed and not self.cancelled

    def masked(self) -> "Order":
        """The order for display. Order and product numbers are never masked, whatever they look like."""
        return self._redacted(self.customer.masked() if self.customer else None)

    def for_ledger(self) -> "Order":
        """The order with only the customer data that a refund needs (LGPD: data minimization)."""
        return self._redacted(customer_for_ledger(self.customer) if self.customer else None)

    def _redacted(self, customer: Customer | None) -> "Order":
        """The order with that customer, and with redacted texts."""
        return replace(
            self,
            status_text=redact_personal_data(self.status_text),
            coupon=redact_personal_data(self.coupon),
            products=tuple(replace(p, title=redact_personal_data(p.title)) for p in self.products),
            metadata=(),
            customer=customer,
            remote=self.remote.redacted() if self.remote else None,
        )


def customer_for_ledger(known: Customer) -> Customer:
    """A customer as the ledger shows it: first name, masked document, tier, membership."""
    name, tier = redact_personal_data(_first_name(known.name)), redact_personal_data(known.tier)
    return Customer(name=name, document=mask_document(known.document), tier=tier, enrolled=known.enrolled)


def _first_name(name: str) -> str:
    return name.split(maxsplit=1)[0] if name.strip() else ""


def order_summary(order: Order | None) -> str:
    """Summarize a look-up for the operation's events: missing, cancelled, or the total in cents."""
    if order is None:
        return f"{FOUND_SUMMARY} missing"
    return CANCELLED_SUMMARY if order.cancelled else f"{FOUND_SUMMARY} {order.total}"


def still_refundable(total_now: Cents, largest_total: Cents, refunds: Iterable[Cents]) -> Cents:
    """The refundable value: the present total, or the largest total less `refunds`, whichever is smaller.

    `refunds`: the order's refunds that are not closed negatively. The largest total counts, because an order may be
    opened at 0,00 or exchanged for dearer goods. The API's pages do not say whether a look-up shows refunds; the
    smaller value is right in both cases. Known limit: if look-ups show refunds and the total is raised after one, the
    result is too small by that refund.
    """
    return max(0, min(total_now, largest_total - sum(refunds)))


def lookup_contradicts(largest_total: Cents, confirmed_before: Cents, value: Cents, total_now: Cents) -> bool:
    """Whether a look-up disproves a refund of `value`: it shows the confirmed refunds, and not this one."""
    return confirmed_before > 0 and value > 0 and total_now == largest_total - confirmed_before
