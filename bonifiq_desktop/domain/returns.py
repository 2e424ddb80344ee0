"""A return of goods: what the cashier chose, and its legs, one request each to one system."""

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from bonifiq_desktop.domain.remote_orders import Charge

MIRAKL = "mirakl"
AKINON = "akinon"


class CounterReason(StrEnum):
    """The counter's reasons of a return, by the words of the counter. Each connection maps them to its own codes."""

    REGRET = "Arrependimento"
    DEFECT = "Defeito"
    SIZE = "Tamanho"
    WRONG_ITEM = "Produto errado"
    OUT_OF_STOCK = "Sem estoque"
    OTHER = "Outro"


class Call(StrEnum):
    """What a leg asks of its system."""

    CANCEL_LINE = "cancel_line"
    """Mirakl OR30."""
    CANCEL_ORDER = "cancel_order"
    """Mirakl OR29."""
    REFUND_LINE = "refund_line"
    """Mirakl OR28."""
    OPEN_RETURN = "open_return"
    """Mirakl RT01: the operator's return flow."""
    CANCEL_ITEMS = "cancel_items"
    """Akinon: cancel, or return, items of an order."""


@dataclass(frozen=True)
class ChosenLine:
    """A line that goes back. `amount`: None for the share of these units; else less, in the order's currency."""

    line_id: str
    units: int
    amount: Decimal | None = None


@dataclass(frozen=True)
class BankAccount:
    """Where an order that was paid by bank transfer is refunded to. Personal data: never logged or kept."""

    iban: str = field(repr=False)
    holder: str = field(repr=False)


@dataclass(frozen=True)
class ReturnChoice:
    """What goes back to one system. `shipping`: freight too. `invoice_number`: the shop's refund invoice."""

    lines: tuple[ChosenLine, ...]
    reason: CounterReason
    shipping: bool = False
    invoice_number: str = ""
    bank_account: BankAccount | None = None
    return_id: str = ""


@dataclass(frozen=True)
class LegLine:
    """What one leg takes back of a line; amounts in the order's currency and tax mode."""

    line_id: str
    units: int
    amount: Decimal
    shipping: Decimal = Decimal(0)
    taxes: tuple[Charge, ...] = ()
    shipping_taxes: tuple[Charge, ...] = ()
    fees: tuple[Charge, ...] = ()
    title: str = ""


@dataclass(frozen=True)
class Leg:
    """One request of a return to one system.

    - `total`: what the customer gets back by it, with shipping and the taxes that it names; an estimate where
      `is_estimate`, because the system computes the amount.
    - `reason_code`: the system's own code. `takes_all`: every item of the order goes back.
    - `excluded_from_shipment`: the units stay in the shop (Mirakl OR28 before the shipment).
    """

    call: Call
    order_key: str
    lines: tuple[LegLine, ...]
    reason_code: str
    currency: str
    total: Decimal
    tax_mode: str = ""
    is_estimate: bool = False
    takes_all: bool = False
    shipping: bool = False
    excluded_from_shipment: bool = False
    invoice_number: str = ""
    bank_account: BankAccount | None = None
    return_id: str = ""


@dataclass(frozen=True)
class RemoteReason:
    """A reason of a remote system. `purpose`: `cancel` or `refund`."""

    code: str
    label: str
    purpose: str


@dataclass(frozen=True)
class RemoteAccount:
    """What a connection test learnt, without changing anything.

    `missing`: names of the calls that the credentials may not make, such as `cancel`; empty where that is not known.
    """

    name: str
    shop_id: str = ""
    currency: str = ""
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class SettlingTimes:
    """How long the records of a system are watched before an absent operation counts as not applied, in seconds.

    `first`: from the end of the last attempt to the first reading that counts. `between`: from that reading to a
    second one, equal in `changed_at` and records.
    """

    first: float = 120.0
    between: float = 600.0
