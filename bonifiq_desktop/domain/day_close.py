"""The close of a till's day: what was registered, what is open, and the record of a closed day."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bonifiq_desktop.domain.money import Cents
from bonifiq_desktop.domain.operations import Kind, State


@dataclass(frozen=True)
class Sum:
    """How many operations, and their value in the minor unit of a currency."""

    count: int = 0
    value: int = 0
    currency: str = "BRL"


@dataclass(frozen=True)
class NamedSum:
    """A sum of one reason, person, payment method or system; an empty name stands for none given."""

    name: str
    sum: Sum


@dataclass(frozen=True)
class LoyaltySum:
    """Points and cashback (cents) that BonifiQ told, and those that the program estimates."""

    points: int = 0
    cashback: Cents = 0
    estimated_points: int = 0
    estimated_cashback: Cents = 0


@dataclass(frozen=True)
class DayTotals:
    """Totals of the operations registered on a day whose state counts as done.

    `refunds` and `cancellations`: of BonifiQ. `returns`: what marketplaces and web shops give back, by currency.
    """

    sales: Sum = Sum()
    sales_by_person: tuple[NamedSum, ...] = ()
    refunds: Sum = Sum()
    cancellations: Sum = Sum()
    refunds_by_reason: tuple[NamedSum, ...] = ()
    refunds_by_person: tuple[NamedSum, ...] = ()
    returns: tuple[NamedSum, ...] = ()
    rewards: Sum = Sum()
    rewards_undone: Sum = Sum()
    given: LoyaltySum = LoyaltySum()
    taken: LoyaltySum = LoyaltySum()


@dataclass(frozen=True)
class OpenOperation:
    """An operation that keeps a day from being closed without a reason: unsent, unknown, in review or contradicted."""

    operation_id: int
    kind: Kind
    order_id: str
    state: State
    value: int
    currency: str
    contradicted: bool
    created_at: datetime


@dataclass(frozen=True)
class LateChange:
    """A change of an operation of a closed day after that close. `day`: the closed day of the operation."""

    operation_id: int
    kind: Kind
    order_id: str
    day: date
    before: State
    now: State
    value: int
    currency: str
    at: datetime


@dataclass(frozen=True)
class ClosedDay:
    """The record of a closed day, which never changes. `person`, `reason`: required where `open_operations` is not 0.

    `code`: eight characters of the record's chained hash, to read out; `at`: UTC.
    """

    day: date
    number: int
    at: datetime
    person: str
    reason: str
    totals: DayTotals
    open_operations: int
    late_changes: tuple[LateChange, ...]
    code: str


@dataclass(frozen=True)
class DayReport:
    """A day of this till. `utc_offset_minutes`: of the till on that day. `closed`: its record, where it is closed.

    `totals` and the lists are as of now; a closed day's record says what was closed.
    """

    day: date
    till: str
    utc_offset_minutes: int
    totals: DayTotals
    open_operations: tuple[OpenOperation, ...]
    late_changes: tuple[LateChange, ...]
    operations: int
    closed: ClosedDay | None = None
    earlier_open_days: tuple[date, ...] = ()


class Difference(StrEnum):
    """What the system shows otherwise than this till."""

    NOT_FOUND = "not_found"
    REFUNDED_MORE = "refunded_more"
    REFUNDED_LESS = "refunded_less"
    CANCELLED = "cancelled"
    NOT_CANCELLED = "not_cancelled"
    OTHER_TOTAL = "other_total"
    OTHER_CUSTOMER = "other_customer"
    NOT_CHECKED = "not_checked"
    """The system could not be asked."""


class NextStep(StrEnum):
    """What a person does about a difference."""

    OPEN_ORDER = "open_order"
    DECIDE = "decide"
    ASK_SYSTEM = "ask_system"
    TRY_AGAIN = "try_again"
    WAIT = "wait"


@dataclass(frozen=True)
class OrderDifference:
    """A difference of one order. `here`, `there`: values in the minor unit, None where there is none to show."""

    order_id: str
    system: str
    connection: str
    difference: Difference
    next_step: NextStep
    here: int | None = None
    there: int | None = None
    currency: str = "BRL"


@dataclass(frozen=True)
class DayCheck:
    """The comparison of a day's orders with their systems."""

    day: date
    orders: int
    checked: int
    differences: tuple[OrderDifference, ...]
    at: datetime


class DayNotClosable(Exception):
    """The day cannot be closed: it is not over and not today, it is closed already, or its record is damaged."""


class ReasonNeeded(Exception):
    """Operations are open: the close needs a person's name and a reason. `open_operations`: how many."""

    def __init__(self, open_operations: int) -> None:
        super().__init__(open_operations)
        self.open_operations = open_operations
