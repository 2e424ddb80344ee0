"""Orders of a marketplace or web shop: lines, what was taken back already, and what stands in the way of a return."""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from bonifiq_desktop.domain.money import format_plain
from bonifiq_desktop.domain.redaction import redact_personal_data
from bonifiq_desktop.domain.verdicts import LookupFailed

_NO_DECIMALS = frozenset(
    [
        "BIF",
        "CLP",
        "DJF",
        "GNF",
        "ISK",
        "JPY",
        "KMF",
        "KRW",
        "PYG",
        "RWF",
        "UGX",
        "UYI",
        "VND",
        "VUV",
        "XAF",
        "XOF",
        "XPF",
    ]
)
_SYMBOLS = {"BRL": "R$", "USD": "US$", "EUR": "€"}
_CENTS = 2  # decimal places
_THREE_DECIMALS = frozenset(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"])


def minor_digits(currency: str) -> int:
    """Decimal places of a currency (ISO 4217)."""
    code = currency.upper()
    return 0 if code in _NO_DECIMALS else 3 if code in _THREE_DECIMALS else 2


def to_whole_units(value: int, currency: str) -> Decimal:
    """A value in the smallest unit of its currency as an amount, with all digits of that currency."""
    return Decimal(value).scaleb(-minor_digits(currency))


def to_minor_units(amount: Decimal, currency: str) -> int:
    """An amount in the smallest unit of its currency, as the ledger stores it; a finer fraction is cut."""
    return int(amount.scaleb(minor_digits(currency)))


def currency_symbol(currency: str) -> str:
    """How people write a currency: `R$`, `US$`, `€`, else its code; reais where it is not named."""
    return _SYMBOLS.get(currency.upper(), currency.upper() or "R$")


def format_money(minor_units: int, currency: str) -> str:
    """`12345` as `R$ 123,45`, `JPY 12.345` or `KWD 12,345`, by the currency's decimals, with a no-break space."""
    symbol = currency_symbol(currency)
    digits = minor_digits(currency)
    if digits == _CENTS:
        return f"{symbol}\u00a0{format_plain(minor_units)}"
    whole, rest = divmod(abs(minor_units), 10**digits)
    sign = "-" if minor_units < 0 else ""
    shown = f"{whole:,}".replace(",", ".") + (f",{rest:0{digits}}" if digits else "")
    return f"{symbol}\u00a0{sign}{shown}"


class Obstacle(StrEnum):
    """Why a line or an order cannot be taken back from here. The window has a sentence for each."""

    NOT_ACCEPTED = "not_accepted"
    """The shop has not accepted the order yet: it is refused in the system's own portal."""
    NOT_SHOWN = "not_shown"
    """The state is not one that allows a return, or it is unknown to this program."""
    OPEN_RETURN = "open_return"
    INCIDENT = "incident"
    CLOSED = "closed"
    FULLY_RETURNED = "fully_returned"
    UNDER_WAY = "under_way"
    """The system is processing a cancellation or refund of it."""
    FEATURE_OFF = "feature_off"
    """The operator does not let shops cancel lines."""
    REASON_NOT_MAPPED = "reason_not_mapped"
    MIXED = "mixed"
    """Part of the order was cancelled and part returned; the system forbids both in one order."""
    WHOLE_ORDER_ONLY = "whole_order_only"
    TAXES_UNKNOWN = "taxes_unknown"
    AMOUNT_FIXED = "amount_fixed"
    """The system computes the amount itself: an item goes back whole, never for less."""


class SeveralOrders(LookupFailed):
    """A number names several orders of the same shop. `order_ids`: the numbers to choose from."""

    def __init__(self, order_ids: tuple[str, ...]) -> None:
        numbers = ", ".join(order_ids)
        super().__init__(None, message=f"Há mais de um pedido com este número: {numbers}. Digite o número completo.")
        self.order_ids = order_ids


class ReturnImpossible(Exception):
    """A chosen return that cannot be asked of the system. `title`: of the line concerned, empty for the whole order."""

    def __init__(self, obstacle: Obstacle, title: str = "") -> None:
        super().__init__(obstacle.value)
        self.obstacle = obstacle
        self.title = title


@dataclass(frozen=True)
class Charge:
    """A tax or fee of a line. `rule`: the system's own word for how it is computed, in upper case."""

    code: str
    amount: Decimal
    rule: str = ""


@dataclass(frozen=True)
class RemoteRecord:
    """An entry that the system made on a line: `kind` is `cancelation`, `refund` or, without an amount, `return`.

    `units`: None where the system names none. `state`: the system's own word, such as `WAITING_REFUND`.
    """

    record_id: str
    kind: str
    amount: Decimal
    shipping: Decimal
    reason_code: str = ""
    units: int | None = None
    created_at: datetime | None = None
    state: str = ""
    taxes: tuple[Charge, ...] = ()
    shipping_taxes: tuple[Charge, ...] = ()
    fees: tuple[Charge, ...] = ()


@dataclass(frozen=True)
class RemoteLine:
    """One line of an order, in the order's currency and tax mode.

    - `line_id`: the system's key of the line. `codes`: the shop's codes of the item, the likeliest first.
    - `units`: bought; `units_left`: not taken back yet.
    - `price`: of all units, without shipping. `amount_left`, `shipping_left`: the smaller reading, for what is offered.
    - `amount_left_at_most`: the larger reading, for whether a request limits itself.
    - `taxes`, `shipping_taxes`, `fees`: of all units. `records`: the newest last, as the system lists them.
    - `state`: the system's own word. `paid`: the customer was debited for it. `shipped`: it left the shop.
    - `obstacle`: why it cannot be taken back.
    """

    line_id: str
    codes: tuple[str, ...]
    title: str
    units: int
    units_left: int
    price: Decimal
    amount_left: Decimal
    amount_left_at_most: Decimal
    shipping_left: Decimal = Decimal(0)
    taxes: tuple[Charge, ...] = ()
    shipping_taxes: tuple[Charge, ...] = ()
    fees: tuple[Charge, ...] = ()
    records: tuple[RemoteRecord, ...] = ()
    state: str = ""
    paid: bool = False
    shipped: bool = False
    obstacle: Obstacle | None = None


@dataclass(frozen=True)
class RemoteOrder:
    """What a marketplace or web shop shows of one order, beside the fields of `Order`.

    - `key`: what the system's calls name the order by, where that is not the order's number.
    - `references`: other numbers of the same purchase, which another system may know it by.
    - `state`, `tax_mode`, `changed_at`: the system's own words; `changed_at` tells one reading from the next.
    - `read_at`: when it was read, by the clock of the system where its answer named it.
    - `can_cancel`: the whole order can be cancelled. `paid`: the customer was debited.
    """

    currency: str
    lines: tuple[RemoteLine, ...] = ()
    key: str = ""
    references: tuple[str, ...] = ()
    state: str = ""
    tax_mode: str = ""
    order_level_taxes: bool = False
    can_cancel: bool = False
    paid: bool = False
    changed_at: str = ""
    read_at: datetime | None = None
    obstacle: Obstacle | None = None

    def redacted(self) -> "RemoteOrder":
        """The order with redacted titles. Numbers and codes are never redacted."""
        return replace(self, lines=tuple(replace(each, title=redact_personal_data(each.title)) for each in self.lines))

    def line(self, line_id: str) -> RemoteLine | None:
        """The line with this key."""
        return next((line for line in self.lines if line.line_id == line_id), None)
