"""Filters of the history: they select what reading through selects, and their cost does not grow with the history."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from itertools import product
from pathlib import Path

import pytest

from bonifiq_desktop.domain.operations import BONIFIQ_SCOPE, UNFINISHED, Kind, Operation, Resolution, Scope, State
from bonifiq_desktop.domain.requests import Intent, SerializedRequest
from bonifiq_desktop.ledger import history_totals
from bonifiq_desktop.ledger.history import PAGE_SIZE, read_totals
from bonifiq_desktop.ledger.history_filter import (
    EVERYTHING,
    NEWEST,
    Cursor,
    HistoryFilter,
    HistoryTotals,
    Query,
    Waiting,
)
from bonifiq_desktop.ledger.ledger import Ledger
from tests.support.ledger_actions import ANSWERED_DONE, START, Clock, bring_to, start_attempt

KINDS = (Kind.SALE, Kind.REFUND, Kind.CANCEL, Kind.COMPLETION)
PEOPLE = ("Ana", "Bia", "")
SHOP = Scope("mirakl", "shop-1")
MIDDLE = START + timedelta(minutes=3)


def enqueue(ledger: Ledger, number: int, kind: Kind, person: str, scope: Scope = BONIFIQ_SCOPE) -> Operation:
    """Register an operation of a kind, by a person."""
    key = f"BQ-{number}" if kind is Kind.REFUND else None
    intent = Intent(kind, f"N-{number}", 100 + number, registered_by=person, scope=scope)
    return ledger.enqueue(intent, lambda _index: SerializedRequest("/p", b"{}", key))


@pytest.fixture(name="made")
def many_operations(ledger: Ledger) -> list[Operation]:
    """Operations of every kind, person and state, newest first, in more than a page."""
    states = (State.CONFIRMED, State.REVIEW, State.QUEUED, State.REFUSED, State.UNKNOWN)
    made = []
    for number, (kind, person, state, _) in enumerate(product(KINDS, PEOPLE, states, range(2))):
        scope = SHOP if number % 7 == 3 else BONIFIQ_SCOPE
        operation = enqueue(ledger, number, kind, person, scope)
        if state in {State.CONFIRMED, State.REFUSED}:
            operation = ledger.finish_attempt(start_attempt(ledger, operation), ANSWERED_DONE, Resolution(state))
        else:
            bring_to(ledger, operation, state)
            operation = ledger.queries.operation(operation.operation_id)
        made.append(operation)
    return made[::-1]


FILTERS = {
    "all": (EVERYTHING, lambda _: True),
    "since": (HistoryFilter(since=MIDDLE), lambda o: o.created_at >= MIDDLE),
    "until": (HistoryFilter(until=MIDDLE), lambda o: o.created_at < MIDDLE),
    "empty day": (HistoryFilter(since=START - timedelta(days=2), until=START - timedelta(days=1)), lambda _: False),
    "refunds": (HistoryFilter(kinds=frozenset({Kind.REFUND})), lambda o: o.kind is Kind.REFUND),
    "sales": (
        HistoryFilter(kinds=frozenset({Kind.SALE, Kind.COMPLETION})),
        lambda o: o.kind in {Kind.SALE, Kind.COMPLETION},
    ),
    "pending": (
        HistoryFilter(waiting=Waiting.PENDING),
        lambda o: o.state in UNFINISHED - {State.REVIEW},
    ),
    "decide": (HistoryFilter(waiting=Waiting.PERSON), lambda o: o.state is State.REVIEW),
    "person": (HistoryFilter(person="Ana"), lambda o: o.registered_by == "Ana"),
    "system": (HistoryFilter(scope=SHOP), lambda o: o.connection == SHOP.connection),
    "own": (HistoryFilter(scope=Scope("bonifiq", "bonifiq")), lambda o: o.connection == "bonifiq"),
    "any connection of a system": (HistoryFilter(scope=Scope("mirakl", "")), lambda o: o.system == "mirakl"),
    "a connection of any system": (HistoryFilter(scope=Scope("", "shop-1")), lambda o: o.connection == "shop-1"),
    "another system": (HistoryFilter(scope=Scope("akinon", "")), lambda _: False),
    "Bia elsewhere": (
        HistoryFilter(person="Bia", scope=SHOP, kinds=frozenset({Kind.SALE, Kind.REFUND})),
        lambda o: o.registered_by == "Bia" and o.connection == "shop-1" and o.kind in {Kind.SALE, Kind.REFUND},
    ),
    "Bia since the middle": (
        HistoryFilter(since=MIDDLE, person="Bia"),
        lambda o: o.registered_by == "Bia" and o.created_at >= MIDDLE,
    ),
    "cancels of Ana": (
        HistoryFilter(person="Ana", kinds=frozenset({Kind.CANCEL})),
        lambda o: o.registered_by == "Ana" and o.kind is Kind.CANCEL,
    ),
    "everything at once": (
        HistoryFilter(START, MIDDLE, frozenset({Kind.SALE}), Waiting.PENDING, "Ana", Scope("bonifiq", "bonifiq")),
        lambda o: (
            o.created_at < MIDDLE
            and o.kind is Kind.SALE
            and o.state in UNFINISHED - {State.REVIEW}
            and o.registered_by == "Ana"
            and o.connection == "bonifiq"
        ),
    ),
}


@dataclass(frozen=True)
class Case:
    """A filter and the same in Python."""

    wanted: HistoryFilter
    selects: Callable[[Operation], bool]


@pytest.fixture(name="case", params=sorted(FILTERS))
def filter_and_oracle(request: pytest.FixtureRequest) -> Case:
    return Case(*FILTERS[request.param])


def all_pages(ledger: Ledger, text: str, wanted: HistoryFilter, orders: tuple[str, ...] = ()) -> list[int]:
    """The ids of every page."""
    ids: list[int] = []
    while page := ledger.queries.page(text, Cursor(ids[-1]) if ids else NEWEST, wanted, orders):
        assert len(page) <= PAGE_SIZE
        ids += [operation.operation_id for operation in page]
    return ids


@pytest.mark.parametrize("text", ["", "N-1", "-", "bq-4"])
def test_filter_selects_what_reading_through_selects(
    ledger: Ledger, made: list[Operation], case: Case, text: str
) -> None:
    def matches(operation: Operation) -> bool:
        return any(text.lower() in part.lower() for part in (operation.order_id, operation.cancel_key or ""))

    expected = [o.operation_id for o in made if case.selects(o) and matches(o)]
    assert all_pages(ledger, text, case.wanted) == expected


def test_orders_of_a_customer_are_merged_with_what_the_text_finds(
    ledger: Ledger, made: list[Operation], case: Case
) -> None:
    orders = ("n-3", "N-77", "N-100", "unknown")
    wanted = {"N-3", "N-77", "N-100"}
    expected = [o.operation_id for o in made if case.selects(o) and (o.order_id in wanted or "N-10" in o.order_id)]
    assert all_pages(ledger, "N-10", case.wanted, orders) == expected


def test_totals_count_and_add_up_what_the_filter_selects(
    ledger: Ledger, path: Path, made: list[Operation], case: Case
) -> None:
    chosen = list(filter(case.selects, made))
    found = read_totals(path, Query(case.wanted))
    assert (found.count, found.is_partial) == (len(chosen), False)
    for kind in Kind:
        assert found.value_of(kind) == sum(o.value for o in chosen if o.kind is kind and o.state is State.CONFIRMED)


def test_totals_of_a_text_stop_at_their_limit(
    ledger: Ledger, path: Path, made: list[Operation], monkeypatch: pytest.MonkeyPatch
) -> None:
    count = sum("N-1" in o.order_id for o in made)
    assert read_totals(path, Query(text="N-1")).count == count
    monkeypatch.setattr(history_totals, "MAX_COUNTED", count)
    assert not read_totals(path, Query(text="N-1")).is_partial
    monkeypatch.setattr(history_totals, "MAX_COUNTED", count - 1)
    assert read_totals(path, Query(text="N-1")) == HistoryTotals(count - 1, (), is_partial=True)


def test_choices_name_everyone_and_every_other_connection(ledger: Ledger, made: list[Operation]) -> None:
    assert ledger.queries.history_choices() == (["Ana", "Bia"], [SHOP], [])


def test_period_is_complete_where_the_clock_went_back(path: Path) -> None:
    clock = Clock()
    ledger = Ledger(path, clock=clock)
    first = enqueue(ledger, 1, Kind.SALE, "")
    clock._now = START - timedelta(days=3)
    enqueue(ledger, 2, Kind.SALE, "")
    clock._now = START + timedelta(minutes=1)
    last = enqueue(ledger, 3, Kind.SALE, "")
    assert all_pages(ledger, "", HistoryFilter(since=START)) == [last.operation_id, first.operation_id]
    ledger.close()


def steps_of(ledger: Ledger, ask: Callable[[], object]) -> int:
    """How many steps of SQLite's machine something takes."""
    steps = 0

    def count() -> int:
        nonlocal steps
        steps += 1
        return 0

    ledger.connection.db.set_progress_handler(count, 1)
    ask()
    ledger.connection.db.set_progress_handler(None, 1)
    return steps


RARE_SHOP = Scope("akinon", "shop-2")
RARE = {
    "kind": HistoryFilter(kinds=frozenset({Kind.CANCEL})),
    "kind and person": HistoryFilter(kinds=frozenset({Kind.CANCEL}), person="Ana"),
    "kind in a system": HistoryFilter(kinds=frozenset({Kind.CANCEL}), scope=SHOP),
    "person": HistoryFilter(person="Bia"),
    "person in a system": HistoryFilter(person="Bia", scope=SHOP),
    "sales of a person in a system": HistoryFilter(person="Ana", scope=SHOP, kinds=frozenset({Kind.SALE})),
    "person and kind": HistoryFilter(person="Bia", kinds=frozenset({Kind.SALE})),
    "system": HistoryFilter(scope=RARE_SHOP),
    "period": HistoryFilter(until=START + timedelta(seconds=30)),
    "pending": HistoryFilter(waiting=Waiting.PENDING),
    "decide": HistoryFilter(waiting=Waiting.PERSON),
}


@pytest.mark.parametrize("name", sorted(RARE))
def test_cost_of_a_rare_selection_does_not_grow_with_the_history(ledger: Ledger, name: str) -> None:
    def fill(numbers: range) -> None:
        for number in numbers:
            scope = SHOP if number % 2 else BONIFIQ_SCOPE
            ledger.withdraw(enqueue(ledger, number, Kind.REFUND, "Ana", scope).operation_id)

    enqueue(ledger, 1, Kind.CANCEL, "Ana")
    enqueue(ledger, 4, Kind.CANCEL, "Ana", SHOP)
    enqueue(ledger, 5, Kind.SALE, "Ana", RARE_SHOP)
    enqueue(ledger, 2, Kind.SALE, "Bia", SHOP)
    review = enqueue(ledger, 3, Kind.SALE, "Bia")
    ledger.resolve(review.operation_id, State.QUEUED, Resolution(State.REVIEW))
    fill(range(10, 210))
    few = steps_of(ledger, lambda: ledger.queries.page("", NEWEST, RARE[name]))
    choices = steps_of(ledger, ledger.queries.history_choices)
    fill(range(210, 1010))
    assert steps_of(ledger, lambda: ledger.queries.page("", NEWEST, RARE[name])) <= 1.2 * few
    assert steps_of(ledger, ledger.queries.history_choices) <= 1.2 * choices


FILTERS_OF_TOTALS = (EVERYTHING, HistoryFilter(since=MIDDLE), HistoryFilter(kinds=frozenset({Kind.SALE})))


def test_totals_of_plain_filters_read_an_index_alone(ledger: Ledger, made: list[Operation]) -> None:
    statements: list[str] = []
    ledger.connection.db.set_trace_callback(statements.append)
    for wanted in FILTERS_OF_TOTALS:
        history_totals.totals(ledger.connection.db, Query(wanted))
    ledger.connection.db.set_trace_callback(None)
    sums = [statement for statement in statements if "sum(" in statement or "count(" in statement]
    assert len(sums) > len(FILTERS_OF_TOTALS)
    for statement in sums:
        index = "operations_by_return" if "operations_by_return" in statement else "COVERING INDEX operations_by_time"
        plan = [row["detail"] for row in ledger.connection.db.execute(f"EXPLAIN QUERY PLAN {statement}")]
        assert any(index in step for step in plan), plan
