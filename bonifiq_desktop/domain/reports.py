"""Pictures and questions of the owner: sums by hour, weekday, reason and step of a period, and lists behind them.

A return in several systems counts once: by its part in BonifiQ, else by what the other systems give back.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum

from bonifiq_desktop.domain.day_close import NamedSum, Sum
from bonifiq_desktop.domain.operations import Kind
from bonifiq_desktop.domain.verdicts import Bonus

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
        reasons[each.reason, each.currency] = plus(reasons.get((each.reason, each.currency)), each)
        points.taken(each)
        if each.currency == REAL:
            flows.gave_back(each)
        else:
            others[each.currency] = plus(others.get(each.currency), each)
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
            flows[place] = Flow(plus(flows[place].sales, group), flows[place].given_back)

    def gave_back(self, each: GivenBack) -> None:
        for flows, place in self._places(each.at):
            flows[place] = Flow(flows[place].sales, plus(flows[place].given_back, each))

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


def plus(before: Sum | None, each: SalesGroup | GivenBack) -> Sum:
    """The sum with one more row; None begins it in the row's currency."""
    before = before or Sum(currency=each.currency if isinstance(each, GivenBack) else REAL)
    count = each.count if isinstance(each, SalesGroup) else 1
    return Sum(before.count + count, before.value + each.value, before.currency)


# --- the owner's questions
