"""Answers to the owner's questions: who gave back what, who returned most, what was decided, what was not sent."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from bonifiq_desktop.domain.day_close import NamedSum, Sum
from bonifiq_desktop.domain.operations import Kind, ReviewReason, State
from bonifiq_desktop.domain.reports import REAL, GivenBack, by_size, plus
from bonifiq_desktop.domain.verdicts import FailureReason


class Question(StrEnum):
    """What an owner asks about a period."""

    GIVEN_BACK = "given_back"
    """Who gave back what, and why?"""
    CUSTOMERS = "customers"
    """Which customers returned most?"""
    DECIDED = "decided"
    """What was decided by hand, and by whom?"""
    UNSENT = "unsent"
    """What could the till not send, and for how long?"""


@dataclass(frozen=True)
class ReturningCustomer:
    """A customer with what he or she returned, by currency. `name`, `document`: masked."""

    customer_id: int
    count: int
    sums: tuple[Sum, ...]
    last_order_id: str
    name: str = ""
    document: str = ""


@dataclass(frozen=True)
class RevealedCustomer:
    """A customer's whole name and document, shown after an approval."""

    customer_id: int
    name: str = field(repr=False)
    document: str = field(repr=False)


class ByHand(StrEnum):
    """What a person did beside the usual way."""

    APPROVED = "approved"
    """A manager allowed the registration."""
    DECIDED = "decided"
    """An operation in review was decided."""
    ACKNOWLEDGED = "acknowledged"
    """A contradiction was looked into."""
    WITHDRAWN = "withdrawn"
    """An unsent operation was taken back."""


@dataclass(frozen=True)
class Decided:
    """Something that a person decided. `person`: empty where the ledger names none.

    `reason`: as typed. `review_reason`: why the program asked. `state`: what the operation became.
    """

    operation_id: int
    order_id: str
    at: datetime
    kind: Kind
    by_hand: ByHand
    person: str
    reason: str
    review_reason: ReviewReason | None
    state: State
    value: int
    currency: str = REAL


@dataclass(frozen=True)
class Delay:
    """How long an operation waited: before a byte may have left, then for a clear answer, then for a person."""

    unsent: timedelta = timedelta()
    unknown: timedelta = timedelta()
    review: timedelta = timedelta()

    @property
    def total(self) -> timedelta:
        return self.unsent + self.unknown + self.review


@dataclass(frozen=True)
class Unsent:
    """An operation that did not go through at once. `until`: None while it waits. `attempts`: that failed."""

    operation_id: int
    order_id: str
    at: datetime
    kind: Kind
    state: State
    value: int
    currency: str
    until: datetime | None
    delay: Delay
    attempts: int
    failure: FailureReason | None


Row = GivenBack | ReturningCustomer | Decided | Unsent


@dataclass(frozen=True)
class Answer:
    """The answer to a question about the days from `first` to `last`.

    `rows`: at most MAX_ROWS. `count`: of all rows. `people`: sums by person or other name, for its headline.
    `unnamed`: what stands in no row, because no customer is kept with it.
    """

    question: Question
    first: date
    last: date
    rows: tuple[Row, ...]
    count: int
    people: tuple[NamedSum, ...] = ()
    unnamed: int = 0


def delay_of(changes: Sequence[tuple[datetime, State]], now: datetime) -> Delay:
    """How long an operation waited for what. `changes`: its states, from the registration on.

    A clock that was put back counts as no time.
    """
    unsent = unknown = review = timedelta()
    was_unknown = False
    ends = [at for at, _state in changes[1:]] + [now]
    for (begin, state), end in zip(changes, ends, strict=True):
        waited = max(timedelta(), end - begin)
        was_unknown = was_unknown or state is State.UNKNOWN
        match state:
            case State.REVIEW:
                review += waited
            case State.UNKNOWN | State.SENDING if was_unknown:
                unknown += waited
            case State.QUEUED | State.SENDING:
                unsent += waited
    return Delay(unsent, unknown, review)


def sums_by_person(rows: Iterable[GivenBack]) -> tuple[NamedSum, ...]:
    """What each person gave back, by currency; the largest first."""
    sums: dict[tuple[str, str], Sum] = {}
    for each in rows:
        sums[each.person, each.currency] = plus(sums.get((each.person, each.currency)), each)
    return by_size(NamedSum(person, found) for (person, _currency), found in sums.items())


def customers_who_returned(rows: Iterable[GivenBack]) -> tuple[tuple[ReturningCustomer, ...], int]:
    """The customers with the most returns first, and how many returns are of no kept customer."""
    found: dict[int, list[GivenBack]] = {}
    unnamed = 0
    for each in rows:
        if each.customer_id is None:
            unnamed += 1
        else:
            found.setdefault(each.customer_id, []).append(each)
    customers = [_returning(number, returns) for number, returns in found.items()]
    return tuple(sorted(customers, key=lambda each: (-each.count, -_reais(each), each.customer_id))), unnamed


def _returning(number: int, returns: list[GivenBack]) -> ReturningCustomer:
    sums: dict[str, Sum] = {}
    for each in returns:
        sums[each.currency] = plus(sums.get(each.currency), each)
    last = max(returns, key=lambda each: (each.at, each.operation_id))
    ordered = sorted(sums.values(), key=lambda each: (each.currency != REAL, each.currency))
    return ReturningCustomer(number, len(returns), tuple(ordered), last.order_id)


def _reais(customer: ReturningCustomer) -> int:
    return sum(each.value for each in customer.sums if each.currency == REAL)
