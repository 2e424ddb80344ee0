"""Sums of the owner's pictures and questions: nothing is lost, counted twice or mixed between currencies."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from bonifiq_desktop.domain.operations import Kind, State
from bonifiq_desktop.domain.owner_questions import Delay, customers_who_returned, delay_of, sums_by_person
from bonifiq_desktop.domain.reports import GivenBack, Pictures, SalesGroup, Step, begin_of_step, draw_up, step_of
from bonifiq_desktop.domain.verdicts import Bonus

ZONES = st.sampled_from(["America/Sao_Paulo", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe"])
BEGIN = datetime(2024, 1, 1, tzinfo=UTC)
MOMENTS = st.integers(0, 3 * 366 * 96 - 1).map(lambda quarter: BEGIN + quarter * timedelta(minutes=15))
BONUSES = st.builds(Bonus, st.integers(0, 999), st.integers(0, 9999))
SALES = st.builds(SalesGroup, MOMENTS, st.integers(1, 9), st.integers(0, 10**9), BONUSES, st.integers(0, 3))
RETURNS = st.builds(
    GivenBack,
    st.integers(1, 10**6),
    st.sampled_from(["1001", "1002"]),
    MOMENTS,
    st.just(Kind.REFUND),
    st.sampled_from(["Ana", "Bia", ""]),
    st.sampled_from(["Troca", "Defeito", ""]),
    st.just(()),
    st.integers(0, 10**9),
    st.sampled_from(["BRL", "BRL", "USD", "JPY"]),
    st.just(("bonifiq",)),
    st.none() | st.integers(1, 4),
    st.none() | BONUSES,
)
FIRST, LAST = date(2023, 12, 31), date(2027, 1, 2)


@given(st.lists(SALES), st.lists(RETURNS), ZONES)
def test_pictures_hold_every_sale_and_return_once(sales: list[SalesGroup], back: list[GivenBack], zone: str) -> None:
    found = draw_up(FIRST, LAST, sales, back, ZoneInfo(zone))
    reais = [each.value for each in back if each.currency == "BRL"]
    for flows in (found.hours, found.weekdays):
        assert sum(flow.sales.value for flow in flows) == sum(group.value for group in sales)
        assert sum(flow.sales.count for flow in flows) == sum(group.count for group in sales)
        assert sum(flow.given_back.value for flow in flows) == sum(reais)
        assert sum(flow.given_back.count for flow in flows) == len(reais)
    for currency in ("BRL", "USD", "JPY"):
        values = [each.value for each in back if each.currency == currency]
        named = [each.sum for each in found.reasons if each.sum.currency == currency]
        assert (sum(each.value for each in named), sum(each.count for each in named)) == (sum(values), len(values))
        others = [each.value for each in found.other_currencies if each.currency == currency]
        assert sum(others) == (0 if currency == "BRL" else sum(values))
    assert sum(step.given.points for step in found.points) == sum(group.given.points for group in sales)
    assert sum(step.taken.cashback for step in found.points) == sum(each.taken.cashback for each in back if each.taken)
    assert found.untold == sum(group.untold for group in sales) + sum(each.taken is None for each in back)
    assert found.is_empty == (not sales and not back)


@given(st.lists(SALES, min_size=1), ZONES, st.sampled_from([20, 300, 1500]))
def test_points_of_a_period_have_no_gap_between_their_steps(sales: list[SalesGroup], zone: str, days: int) -> None:
    first = FIRST
    found = draw_up(first, first + timedelta(days=days), sales, [], ZoneInfo(zone))
    firsts = [step.first for step in found.points]
    for one, other in pairwise(firsts):
        assert begin_of_step(other - timedelta(days=1), found.step) == one
    assert all(begin_of_step(each, found.step) == each for each in firsts)


def test_hour_of_a_clock_that_is_put_back_holds_both_hours() -> None:
    zone = ZoneInfo("America/New_York")
    twice = [datetime(2026, 11, 1, 5, 30, tzinfo=UTC), datetime(2026, 11, 1, 6, 30, tzinfo=UTC)]
    found = draw_up(date(2026, 11, 1), date(2026, 11, 1), [SalesGroup(at, 1, 100) for at in twice], [], zone)
    assert found.hours[1].sales.count == 2
    assert found.weekdays[6].sales.value == 200


def test_steps_grow_with_the_period() -> None:
    first = date(2026, 1, 1)
    assert step_of(first, first) is Step.DAY
    assert step_of(first, date(2026, 1, 31)) is Step.DAY
    assert step_of(first, date(2026, 2, 1)) is Step.MONTH
    assert step_of(first, date(2027, 12, 31)) is Step.MONTH
    assert step_of(first, date(2028, 1, 1)) is Step.YEAR


def test_largest_reason_comes_first_and_reais_before_other_currencies() -> None:
    def back(reason: str, value: int, currency: str = "BRL") -> GivenBack:
        return GivenBack(1, "1", BEGIN, Kind.REFUND, "", reason, (), value, currency)

    rows = [back("Troca", 100), back("Defeito", 200), back("Troca", 900, "USD")]
    found: Pictures = draw_up(FIRST, LAST, [], rows)
    assert [(each.name, each.sum.currency) for each in found.reasons] == [
        ("Defeito", "BRL"),
        ("Troca", "BRL"),
        ("Troca", "USD"),
    ]


@given(st.lists(RETURNS))
def test_customers_and_people_add_up_to_all_returns(back: list[GivenBack]) -> None:
    customers, unnamed = customers_who_returned(back)
    assert sum(each.count for each in customers) + unnamed == len(back)
    assert [each.count for each in customers] == sorted((each.count for each in customers), reverse=True)
    named = sum(each.value for each in back if each.customer_id is not None)
    assert sum(part.value for each in customers for part in each.sums) == named
    people = sums_by_person(back)
    assert sum(each.sum.value for each in people) == sum(each.value for each in back)
    assert sum(each.sum.count for each in people) == len(back)


STATES = st.sampled_from([State.QUEUED, State.SENDING, State.UNKNOWN, State.REVIEW])


@given(st.lists(st.tuples(st.integers(0, 9999), STATES), min_size=1), st.integers(0, 9999))
def test_delay_adds_up_to_the_time_until_the_end(waits: list[tuple[int, State]], rest: int) -> None:
    at, changes = BEGIN, []
    for seconds, state in waits:
        changes.append((at, state))
        at += timedelta(seconds=seconds)
    end = at + timedelta(seconds=rest)
    found = delay_of([*changes, (at, State.CONFIRMED)], end)
    assert found.total == at - BEGIN
    review = sum(seconds for seconds, state in waits if state is State.REVIEW)
    assert found.review == timedelta(seconds=review)


def test_clock_that_is_put_back_counts_as_no_time() -> None:
    changes = [(BEGIN, State.QUEUED), (BEGIN - timedelta(hours=1), State.CONFIRMED)]
    assert delay_of(changes, BEGIN) == Delay()


def test_sending_counts_as_unknown_once_an_answer_was_unclear() -> None:
    hour = timedelta(hours=1)
    states = [State.QUEUED, State.SENDING, State.UNKNOWN, State.SENDING, State.CONFIRMED]
    changes = [(BEGIN + place * hour, state) for place, state in enumerate(states)]
    assert delay_of(changes, BEGIN + 9 * hour) == Delay(unsent=2 * hour, unknown=2 * hour)
