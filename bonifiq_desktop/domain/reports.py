"""Pictures and questions of the owner: sums by hour, weekday, reason and step of a period, and lists behind them.

A return in several systems counts once: by its part in BonifiQ, else by what the other systems give back.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum

from bonifiq_desktop.domain.day_close import NamedSum, Sum
from bonifiq_desktop.domain.operations import Kind, ReviewReason, State
from bonifiq_desktop.domain.verdicts import Bonus, FailureReason

REAL = "BRL"
NO_SUM, NO_BONUS = Sum(), Bonus()
MAX_ROWS = 500
"""Rows of an answer on the screen; its export has all of them."""
_MAX_DAYS, _MAX_MONTHS = 31, 24


# --- pictures


@dataclass(frozen=True)
class SalesGroup:
    """Confirmed sales of a quarter of an hour that begins at `at` (UTC); `value` in cents of the real.

    `given`: what BonifiQ told of them and of completions. `untold`: operations of which it told nothing.
    """

    at: datetime
    count: int
    value: int
    given: Bonus = NO_BONUS
    untold: int = 0


@dataclass(frozen=True)
class GivenBack:
    """A confirmed refund or whole cancel, or a return in other systems; `value` in the minor unit of `currency`.

    `systems`: the connections that give something back. `taken`: an estimate of the points and cashback (cents) that
    BonifiQ takes back; None where the order's sale is not known here. `customer_id`: of the kept record, if any.
    """

    operation_id: int
    order_id: str
    at: datetime
    kind: Kind
    person: str
    reason: str
    items: tuple[str, ...]
    value: int
    currency: str = REAL
    systems: tuple[str, ...] = ()
    customer_id: int | None = None
    taken: Bonus | None = None


@dataclass(frozen=True)
class Flow:
    """What was sold and what was given back, in reais."""

    sales: Sum = NO_SUM
    given_back: Sum = NO_SUM


class Step(StrEnum):
    """Unit of the steps of a period."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True)
class PointsStep:
    """Points and cashback of one step, which begins on a day: told as given, and estimated as taken."""

    first: date
    given: Bonus = NO_BONUS
    taken: Bonus = NO_BONUS


@dataclass(frozen=True)
class Pictures:
    """Confirmed operations of the days from `first` to `last`, by this PC's calendar and clock.

    - `hours`: 24 of them. `weekdays`: seven, from Monday.
    - `reasons`: what was given back by reason and currency, the largest first; an empty name: none was given.
    - `other_currencies`: what was given back in other currencies than the real, which no bar shows.
    - `untold`: operations whose points are not known.
    """

    first: date
    last: date
    hours: tuple[Flow, ...]
    weekdays: tuple[Flow, ...]
    reasons: tuple[NamedSum, ...]
    step: Step
    points: tuple[PointsStep, ...]
    other_currencies: tuple[Sum, ...] = ()
    untold: int = 0

    @property
    def is_empty(self) -> bool:
        return not self.reasons and not any(hour.sales.count for hour in self.hours)


def draw_up(
    first: date,
    last: date,
    sales: Iterable[SalesGroup],
    given_back: Iterable[GivenBack],
    zone: tzinfo | None = None,
) -> Pictures:
    """Add up what a period's pictures show. `zone`: of the clock on the wall; None: this PC's."""
    flows, points = _Flows(zone), _Points(first, last, zone)
    reasons: dict[tuple[str, str], Sum] = {}
    others: dict[str, Sum] = {}
    for group in sales:
        flows.sold(group)
        points.given(group)
    for each in given_back:
        reasons[each.reason, each.currency] = _plus(reasons.get((each.reason, each.currency)), each)
        points.taken(each)
        if each.currency == REAL:
            flows.gave_back(each)
        else:
            others[each.currency] = _plus(others.get(each.currency), each)
    return Pictures(
        first,
        last,
        tuple(flows.hours),
        tuple(flows.weekdays),
        by_size(NamedSum(reason, sums) for (reason, _currency), sums in reasons.items()),
        points.step,
        points.steps(),
        tuple(others[currency] for currency in sorted(others)),
        points.untold,
    )


def by_size(sums: Iterable[NamedSum]) -> tuple[NamedSum, ...]:
    """Sums in reais first, then by currency; the largest first."""
    return tuple(
        sorted(
            sums,
            key=lambda each: (
                each.sum.currency != REAL,
                each.sum.currency,
                -each.sum.value,
                -each.sum.count,
                each.name,
            ),
        )
    )


def step_of(first: date, last: date) -> Step:
    """The unit in which a period has few enough steps to be seen."""
    if last - first < timedelta(days=_MAX_DAYS):
        return Step.DAY
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    return Step.MONTH if months <= _MAX_MONTHS else Step.YEAR


def begin_of_step(day: date, step: Step) -> date:
    """The first day of a day's step."""
    match step:
        case Step.DAY:
            return day
        case Step.MONTH:
            return day.replace(day=1)
        case Step.YEAR:
            return day.replace(month=1, day=1)


def _next_step(begin: date, step: Step) -> date:
    days = {Step.DAY: 1, Step.MONTH: 31, Step.YEAR: 366}[step]
    return begin_of_step(begin + timedelta(days=days), step)


@dataclass
class _Flows:
    zone: tzinfo | None
    hours: list[Flow] = field(default_factory=lambda: [Flow()] * 24)
    weekdays: list[Flow] = field(default_factory=lambda: [Flow()] * 7)

    def sold(self, group: SalesGroup) -> None:
        for flows, place in self._places(group.at):
            flows[place] = Flow(_plus(flows[place].sales, group), flows[place].given_back)

    def gave_back(self, each: GivenBack) -> None:
        for flows, place in self._places(each.at):
            flows[place] = Flow(flows[place].sales, _plus(flows[place].given_back, each))

    def _places(self, at: datetime) -> tuple[tuple[list[Flow], int], tuple[list[Flow], int]]:
        local = at.astimezone(self.zone)
        return (self.hours, local.hour), (self.weekdays, local.weekday())


class _Points:
    """Points by step; the steps between the first and the last one with points are all there."""

    def __init__(self, first: date, last: date, zone: tzinfo | None) -> None:
        self._zone = zone
        self.step = step_of(first, last)
        self.untold = 0
        self._steps: dict[date, PointsStep] = {}

    def given(self, group: SalesGroup) -> None:
        self.untold += group.untold
        step = self._at(group.at)
        self._steps[step.first] = PointsStep(step.first, _added(step.given, group.given), step.taken)

    def taken(self, each: GivenBack) -> None:
        self.untold += each.taken is None
        step = self._at(each.at)
        self._steps[step.first] = PointsStep(step.first, step.given, _added(step.taken, each.taken or NO_BONUS))

    def steps(self) -> tuple[PointsStep, ...]:
        known = [first for first, step in self._steps.items() if (step.given, step.taken) != (NO_BONUS, NO_BONUS)]
        if not known:
            return ()
        return tuple(self._steps.get(first, PointsStep(first)) for first in self._between(min(known), max(known)))

    def _between(self, begin: date, end: date) -> Iterator[date]:
        while begin <= end:
            yield begin
            begin = _next_step(begin, self.step)

    def _at(self, at: datetime) -> PointsStep:
        begin = begin_of_step(at.astimezone(self._zone).date(), self.step)
        return self._steps.get(begin, PointsStep(begin))


def _added(one: Bonus, other: Bonus) -> Bonus:
    return Bonus(one.points + other.points, one.cashback + other.cashback)


def _plus(before: Sum | None, each: SalesGroup | GivenBack) -> Sum:
    before = before or Sum(currency=each.currency if isinstance(each, GivenBack) else REAL)
    count = each.count if isinstance(each, SalesGroup) else 1
    return Sum(before.count + count, before.value + each.value, before.currency)


# --- the owner's questions


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
        sums[each.person, each.currency] = _plus(sums.get((each.person, each.currency)), each)
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
        sums[each.currency] = _plus(sums.get(each.currency), each)
    last = max(returns, key=lambda each: (each.at, each.operation_id))
    ordered = sorted(sums.values(), key=lambda each: (each.currency != REAL, each.currency))
    return ReturningCustomer(number, len(returns), tuple(ordered), last.order_id)


def _reais(customer: ReturningCustomer) -> int:
    return sum(each.value for each in customer.sums if each.currency == REAL)
