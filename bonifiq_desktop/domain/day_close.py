"""The close of a till's day: what was registered, what is open, and the record of a closed day."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from bonifiq_desktop.domain.money import Cents
from bonifiq_desktop.domain.operations import Kind, State
from bonifiq_desktop.domain.shop_database import KnownTill


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
    """Totals of the operations registered on a day that are confirmed.

    - `sales`: by the price paid, with those that were registered as pending (`pending_sales`), and without those that
      were registered as cancelled.
    - `completions`: pending sales that were completed; one of this till was in the `sales` of its own day, too.
    - `refunds`, `cancellations`: of BonifiQ; the groups of each add up to it.
    - `returns`: what marketplaces and web shops give back, by connection and currency. A return with several legs in
      one system counts once; its part at BonifiQ is among the `refunds`.
    - `estimated_returns`: the part of `returns` whose amounts the systems compute themselves.
    - `given`: for sales and completions. `taken`: back, for refunds and cancels.
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
    pending_sales: Sum = Sum()
    completions: Sum = Sum()
    sales_by_payment: tuple[NamedSum, ...] = ()
    cancellations_by_reason: tuple[NamedSum, ...] = ()
    cancellations_by_person: tuple[NamedSum, ...] = ()
    estimated_returns: tuple[NamedSum, ...] = ()


@dataclass(frozen=True)
class TillDay:
    """What this till knows of the day of one till of the shop. `till`: empty for this one.

    - `sales`, `refunds`, `cancellations`, `returns`: as in `DayTotals`.
    - `operations`: how many were registered, `open_operations`: how many of them are in no total.
    - `heard_at`: when the shop database last heard of the till, by this till's clock; None: never, or this one.
    - `pending`: changes that the database has and this till has not applied yet.
    """

    till: str
    operations: int = 0
    open_operations: int = 0
    sales: Sum = Sum()
    refunds: Sum = Sum()
    cancellations: Sum = Sum()
    returns: tuple[NamedSum, ...] = ()
    heard_at: datetime | None = None
    pending: int = 0

    @classmethod
    def of(cls, till: str, totals: DayTotals, operations: int, open_operations: int) -> "TillDay":
        """The day of a till whose operations are added up."""
        parts = totals.sales, totals.refunds, totals.cancellations, totals.returns
        return cls(till, operations, open_operations, *parts)

    def heard(self, known: KnownTill | None) -> "TillDay":
        """The same with the age of this knowledge."""
        return replace(self, heard_at=known.heard_at, pending=known.pending) if known else self


def shop_total(tills: Sequence[TillDay]) -> TillDay:
    """The sums of all tills; `heard_at`: of the one that was silent for the longest time."""
    returns: dict[tuple[str, str], Sum] = {}
    for named in (named for each in tills for named in each.returns):
        key = named.name, named.sum.currency
        returns[key] = _added([returns.get(key, Sum(currency=named.sum.currency)), named.sum])
    return TillDay(
        "",
        sum(each.operations for each in tills),
        sum(each.open_operations for each in tills),
        _added([each.sales for each in tills]),
        _added([each.refunds for each in tills]),
        _added([each.cancellations for each in tills]),
        tuple(NamedSum(name, total) for (name, _currency), total in sorted(returns.items())),
        min((each.heard_at for each in tills if each.heard_at is not None), default=None),
        sum(each.pending for each in tills),
    )


def _added(sums: Sequence[Sum]) -> Sum:
    currency = sums[0].currency if sums else "BRL"
    return Sum(sum(each.count for each in sums), sum(each.value for each in sums), currency)


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
    """A change of an operation of a closed day after that close. `day`: the closed day of the operation.

    `before`: its state at the last close; None: it was registered into the closed day after that. `contradicted`: as
    of now.
    """

    operation_id: int
    kind: Kind
    order_id: str
    day: date
    before: State | None
    now: State
    value: int
    currency: str
    at: datetime
    contradicted: bool = False


@dataclass(frozen=True)
class ClosedDay:
    """The record of a closed day, which never changes. `person`, `reason`: required where `open_operations` is not 0.

    `code`: eight characters of the record's chained hash, to read out; `at`: UTC. `open_operations` counts the
    damaged ones, which are in no total. `operations`: registered on the day, the damaged ones among them. `shop`: the
    day of every till, as this one knew it at the close; empty where no other till was known.
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
    operations: int = 0
    utc_offset_minutes: int = 0
    damaged_operations: tuple[int, ...] = ()
    shop: tuple[TillDay, ...] = ()


@dataclass(frozen=True)
class DamagedClose:
    """A record of a closed day that changed on disk or is gone; a copy of the history may hold it.

    `number`: of the record. `is_gone`: it was deleted, or made after the copy that was put back; its day can be closed
    again. `day`, `code`: None and empty where nothing tells them.
    """

    number: int
    day: date | None = None
    is_gone: bool = False
    code: str = ""


@dataclass(frozen=True)
class DayReport:
    """A day of this till. `utc_offset_minutes`: of the till at noon. `closed`: the day's record, where it is closed.

    - `totals` and the lists are as of now; a closed day's record says what was closed.
    - `since`, `until`: the moments, in UTC, between which its operations were registered: 24 hours, or 23, or 25.
    - `operations`: how many. `damaged_operations`: ids of those that changed on disk, which are in no total.
    - `late_changes`: of all closed days since the last close; of a closed day, its own since its close.
    - `damaged_closes`: records of any day. A day with one that is not gone cannot be closed again.
    - `restored_at`: when a copy of the history was put back; closes between the copy and then are not in it.
    - `shop`: the day of every till as it is known now; empty where no other till is known.
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
    since: datetime | None = None
    until: datetime | None = None
    damaged_operations: tuple[int, ...] = ()
    damaged_closes: tuple[DamagedClose, ...] = ()
    restored_at: datetime | None = None
    shop: tuple[TillDay, ...] = ()

    @property
    def undecided(self) -> int:
        """How many operations keep the day from being closed without a reason."""
        return len(self.open_operations) + len(self.damaged_operations)


class Difference(StrEnum):
    """What the system shows otherwise than this till."""

    NOT_FOUND = "not_found"
    REFUNDED_MORE = "refunded_more"
    REFUNDED_LESS = "refunded_less"
    CANCELLED = "cancelled"
    NOT_CANCELLED = "not_cancelled"
    OTHER_TOTAL = "other_total"
    OTHER_CUSTOMER = "other_customer"
    REWARD_OPEN = "reward_open"
    """A reward was redeemed, and neither its sale nor its reversal followed."""
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
    """The comparison of a day's orders with their systems. `checked` orders got an answer; a stop leaves some out."""

    day: date
    orders: int
    checked: int
    differences: tuple[OrderDifference, ...]
    at: datetime


class DayNotClosable(Exception):
    """The day cannot be closed: it is in the future, it is closed already, or its record is damaged."""


class DayChanged(DayNotClosable):
    """There are more operations by now than the person saw: the day has to be looked at again."""


class ReasonNeeded(Exception):
    """Operations are open: the close needs a person's name and a reason. `open_operations`: how many."""

    def __init__(self, open_operations: int) -> None:
        super().__init__(open_operations)
        self.open_operations = open_operations
