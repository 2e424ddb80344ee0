"""Orders as BonifiQ knows them, and how much of one can still be refunded."""

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
from bonifiq_desktop.domain.text import MAX_ORDER_ID, is_plain

FOUND_SUMMARY = "shown"
"""Begins what `shown_by` says, so that no code or message of BonifiQ's is taken for it."""
CANCELLED_SUMMARY = f"{FOUND_SUMMARY} cancelled"


class OrderIdError(ValueError):
    """The text cannot name an order. `order_id`: the number that may be asked for when a person says that it is one."""

    order_id = ""


class PersonalOrderId(OrderIdError):
    """The text looks like a person's number or address; `like`: `cpf`, `cnpj`, `phone` or `email`."""

    def __init__(self, like: str, order_id: str = "") -> None:
        super().__init__(like)
        self.like = like
        self.order_id = order_id


class FiscalKeyTyped(OrderIdError):
    """The text holds the access key of a fiscal receipt, `order_id`: some shops number their orders with it."""

    def __init__(self, key: str) -> None:
        super().__init__()
        self.order_id = key


def read_order_id(text: str) -> str:
    """An order number as typed or scanned, trimmed.

    Raises OrderIdError when it is empty, too long, or holds characters that could leave its place in an address:
    `.` and `..` are rewritten by every HTTP stack even when quoted; signs that nobody sees never belong in a number.
    Raises PersonalOrderId for what is certainly a person's, see `likeness`: addresses end up in strangers' logs.
    """
    found = find_personal_number(text)
    if found is not None and found.certain:
        raise PersonalOrderId(found.kind)
    order_id = text.strip()
    if not order_id or len(order_id) > MAX_ORDER_ID or order_id in {".", ".."} or not is_plain(order_id):
        raise OrderIdError
    if "://" in order_id:  # a code that holds an address, read whole
        raise OrderIdError
    return order_id


def read_typed_order_id(text: str) -> str:
    """An order number that a person types or scans, and has not said to be one whatever it looks like.

    Raises what `read_order_id` raises; and PersonalOrderId or FiscalKeyTyped for what may be a person's number or is a
    fiscal receipt's key, with the `order_id` to ask for when the person says that it is an order's.
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
    """The normal form of an order number, for every comparison: ledger, CancelKey, look-up. Never shown or sent.

    Unicode's canonical caseless form (NFC, case-folded): letters typed as one sign or as two, and capitals, make no
    other order. Two forms here would let the ledger and the key disagree about what was already given back.
    """
    return normalize("NFC", normalize("NFD", order_id.strip()).casefold())


def same_order(one: str, other: str) -> bool:
    """Whether two order numbers name the same order."""
    return normalized_order_id(one) == normalized_order_id(other)


class OrderState(IntEnum):
    """State of an order; the numbers are the API's."""

    INITIAL = 0
    PENDING = 1
    COMPLETED = 2
    CANCELLED = 3
    IGNORED = 4


@dataclass(frozen=True)
class Product:
    """One line of an order; `price` is the line's net total in cents.

    `quantity`, `brand` and `category` are known only for a sale registered at this till: the API's orders carry none.
    The last two as `read_named` and `read_path` read them.
    """

    product_id: str
    title: str
    price: Cents | None
    quantity: int = 1
    brand: str = ""
    category: str = ""


@dataclass(frozen=True, repr=False)
class Customer:
    """The customer of an order, as answered. Personal: stays in memory unless a request needs it, and out of `repr`.

    `cashback` in cents. `enrolled`: takes part in the loyalty programme (IsEnrolled); None when not answered.
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

    def masked(self) -> "Customer":
        """The customer as any screen may show one. `customer_id` goes: it may be a CPF or an e-mail itself.

        A name may hold one, too: the registered name of a one-person business ends with its owner's CPF.
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
    """One order. `total` is what the customer paid, net and without shipping, as answered by the look-up.

    `metadata`: the name and value pairs that the order carries (Metadatas); never kept in the ledger. `payment_method`
    (known only for a sale of this till), `sales_person` and `branch`: as `read_named` reads them.
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

    @property
    def pending(self) -> bool:
        """Whether BonifiQ says that this sale still waits for its completion, and so gives no points yet."""
        waits = self.state in {OrderState.INITIAL, OrderState.PENDING}
        return waits and not self.completed and not self.cancelled

    def masked(self) -> "Order":
        """The order as any screen may show one. Numbers stay: they name what they name, whatever they look like."""
        return self._about(self.customer.masked() if self.customer else None)

    def for_ledger(self) -> "Order":
        """The order without what a refund does not need of the customer (LGPD: store less)."""
        known = self.customer
        if known is None:
            return self._about(None)
        name, tier = redact_personal_data(_first_name(known.name)), redact_personal_data(known.tier)
        document = mask_document(known.document)
        return self._about(Customer(name=name, document=document, tier=tier, enrolled=known.enrolled))

    def _about(self, customer: Customer | None) -> "Order":
        """The order with that customer, and nobody named in its texts."""
        return replace(
            self,
            status_text=redact_personal_data(self.status_text),
            coupon=redact_personal_data(self.coupon),
            products=tuple(replace(p, title=redact_personal_data(p.title)) for p in self.products),
            metadata=(),
            customer=customer,
        )


def _first_name(name: str) -> str:
    return name.split(maxsplit=1)[0] if name.strip() else ""


def order_summary(order: Order | None) -> str:
    """What a look-up showed, in short, for the record: missing, cancelled, or the total in cents."""
    if order is None:
        return f"{FOUND_SUMMARY} missing"
    return CANCELLED_SUMMARY if order.cancelled else f"{FOUND_SUMMARY} {order.total}"


def still_refundable(total_now: Cents, largest_total: Cents, refunds: Iterable[Cents]) -> Cents:
    """What can still be given back: the smaller of the total just looked up, and the largest total seen here minus
    every refund of the order that is not closed negatively.

    The largest: an order may be opened at 0,00, or exchanged for dearer goods. No page says whether a look-up shows
    earlier refunds; the smaller figure is right either way. Only where a total that shows refunds is raised after one,
    it is too small by that refund: such a total looks like one that the shop's system wrote anew, refunds and all.
    """
    return max(0, min(total_now, largest_total - sum(refunds)))


def lookup_contradicts(largest_total: Cents, confirmed_before: Cents, value: Cents, total_now: Cents) -> bool:
    """Whether a look-up speaks against `value` having been refunded.

    Only when this order's look-up demonstrably shows refunds (the confirmed ones are visible in it), and shows
    nothing of this one.
    """
    return confirmed_before > 0 and value > 0 and total_now == largest_total - confirmed_before
