"""Orders of the marketplace, in exact amounts of the order's currency."""

from dataclasses import dataclass, field
from decimal import Decimal

NONE, PROPORTIONAL = "NONE", "PROPORTIONAL_TO_AMOUNT"


@dataclass
class Tax:
    """A tax of a line. `rule`: NONE, or PROPORTIONAL_TO_AMOUNT, which the marketplace computes itself."""

    code: str
    amount: Decimal
    rule: str = PROPORTIONAL


@dataclass
class Entry:
    """A cancelation or a refund of a line, in the order's own tax mode. `state`: of a refund."""

    entry_id: str
    amount: Decimal
    quantity: int | None
    shipping: Decimal
    reason: str
    created: str
    taxes: list[Tax] = field(default_factory=list)
    shipping_taxes: list[Tax] = field(default_factory=list)
    fees: list[Tax] = field(default_factory=list)
    state: str = ""


@dataclass
class Line:
    """One line. `price`: of all units; `shipping`: of the line."""

    line_id: str
    sku: str
    title: str
    quantity: int
    price: Decimal
    shipping: Decimal = Decimal(0)
    state: str = "SHIPPING"
    taxes: list[Tax] = field(default_factory=list)
    shipping_taxes: list[Tax] = field(default_factory=list)
    fees: list[Tax] = field(default_factory=list)
    cancelations: list[Entry] = field(default_factory=list)
    refunds: list[Entry] = field(default_factory=list)
    debited: str | None = None
    shipped: str | None = None
    received: str | None = None

    @property
    def left(self) -> Decimal:
        """The product price that is neither cancelled nor refunded."""
        return self.price - sum((e.amount for e in (*self.cancelations, *self.refunds)), Decimal(0))

    @property
    def shipping_left(self) -> Decimal:
        return self.shipping - sum((e.shipping for e in (*self.cancelations, *self.refunds)), Decimal(0))

    def fee_left(self, code: str) -> Decimal:
        """What is left of a fee; nothing of an unknown one."""
        given_back = (fee for entry in (*self.cancelations, *self.refunds) for fee in entry.fees)
        whole = sum((fee.amount for fee in self.fees if fee.code == code), Decimal(0))
        return whole - sum((fee.amount for fee in given_back if fee.code == code), Decimal(0))

    @property
    def is_open(self) -> bool:
        return self.left > 0 or self.shipping_left > 0


@dataclass
class MarketOrder:
    """One order of the shop. `commercial_id` groups one basket across shops. `tax_mode`: of its stored amounts."""

    order_id: str
    commercial_id: str
    lines: list[Line]
    created: str
    updated: str
    state: str = "SHIPPING"
    currency: str = "BRL"
    tax_mode: str = "TAX_INCLUDED"
    workflow: str = "PAY_ON_ACCEPTANCE"
    debited: str | None = None
    customer: tuple[str, str] = ("", "")
    customer_reference: str = ""
    seller_reference: str = ""
    has_order_taxes: bool = False

    @property
    def can_cancel(self) -> bool:
        return self.debited is None and self.state in {"WAITING_DEBIT", "WAITING_DEBIT_PAYMENT", "SHIPPING"}
