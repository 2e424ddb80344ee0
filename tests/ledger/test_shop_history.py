"""The history of the whole shop: pages, filters, totals and details with the operations of other tills."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import chain
from pathlib import Path
from random import Random

import pytest

from bonifiq_desktop.domain.legs import by_return
from bonifiq_desktop.domain.operations import BONIFIQ_SCOPE, Kind, Operation, Resolution, State
from bonifiq_desktop.ledger import history_totals, shop_history
from bonifiq_desktop.ledger.history import (
    PAGE_SIZE,
    count_operations,
    read_operations,
    read_selected,
    read_totals,
)
from bonifiq_desktop.ledger.history_filter import EVERYTHING, NEWEST, THIS_TILL, HistoryFilter, Query, Waiting
from bonifiq_desktop.ledger.ledger import Ledger
from tests.ledger.test_history_filter import FILTERS, SHOP, Case, enqueue, steps_of
from tests.ledger.test_return_history import register
from tests.support.ledger_actions import ANSWERED_DONE, KEYS, START, Clock, bring_to, refund, sell, start_attempt
from tests.support.shop_teller import Teller

KINDS = (Kind.SALE, Kind.REFUND, Kind.CANCEL, Kind.COMPLETION)
STATES = (State.CONFIRMED, State.REVIEW, State.QUEUED, State.REFUSED, State.UNKNOWN)
REGISTRATIONS = 3 * PAGE_SIZE


@pytest.fixture(name="clock")
def shared_clock() -> Clock:
    """One clock for all tills: each registration has a time of its own."""
    return Clock()


@pytest.fixture(name="ledger")
def ledger_of_this_till(path: Path, clock: Clock) -> Iterator[Ledger]:
    """The open ledger."""
    ledger = Ledger(path, clock=clock, customer_keys=KEYS)
    yield ledger
    ledger.close()


@contextmanager
def open_others(folder: Path, clock: Clock) -> Iterator[dict[str, Teller]]:
    """Two other tills by name, one of which began a second incarnation."""
    ledgers = {number: Ledger(folder / f"{number}.db", clock=clock, customer_keys=KEYS) for number in (2, 3, 4)}
    yield {
        "CAIXA2": Teller(ledgers[2], "CAIXA2"),
        "CAIXA3": Teller(ledgers[3], "CAIXA3"),
        "CAIXA3 again": Teller(ledgers[4], "CAIXA3", incarnation=2),
    }
    for ledger in ledgers.values():
        ledger.close()


@pytest.fixture(name="others")
def other_tills(tmp_path: Path, clock: Clock) -> Iterator[dict[str, Teller]]:
    """The other tills, which registered nothing yet."""
    with open_others(tmp_path, clock) as tellers:
        yield tellers


Registration = tuple[Operation, ...]
"""An operation, or the legs of a return in the order of their sending, as the till itself shows them."""


def register_one(ledger: Ledger, number: int, random: Random) -> Registration:
    """Register a return, or an operation of any kind, person and state."""
    if number % 9 == 4:
        return register(ledger, number)
    kind, person, state = random.choice(KINDS), random.choice(("Ana", "Bia", "")), random.choice(STATES)
    scope = SHOP if number % 7 == 3 else BONIFIQ_SCOPE
    made = enqueue(ledger, number, kind, person, scope)
    if state in {State.CONFIRMED, State.REFUSED}:
        ledger.finish_attempt(start_attempt(ledger, made), ANSWERED_DONE, Resolution(state))
    else:
        bring_to(ledger, made, state)
    return (ledger.queries.operation(made.operation_id),)


@dataclass(frozen=True)
class Shop:
    """A ledger that knows the whole shop, and all registrations, newest first, as it shows them."""

    ledger: Ledger
    path: Path
    made: list[Registration]


@pytest.fixture(name="shop", scope="module")
def registrations_of_the_shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """Registrations at all tills in turn; the tests only read them."""
    folder, clock, random = tmp_path_factory.mktemp("shop"), Clock(), Random(18)
    path = folder / "ledger.db"
    ledger = Ledger(path, clock=clock, customer_keys=KEYS)
    made: list[tuple[str, Registration]] = []
    with open_others(folder, clock) as others:
        for number in range(REGISTRATIONS):
            till = random.choice(("", *others))
            made.append((till, register_one(others[till].ledger if till else ledger, number, random)))
            if till and random.random() < 0.1:
                others[till].tell_to(ledger)
        for teller in others.values():
            teller.tell_to(ledger)
    here = dict(ledger.connection.db.execute("SELECT uid, -id FROM shop_operations").fetchall())
    yield Shop(ledger, path, [tuple(_as_shown(leg, till, here) for leg in legs) for till, legs in reversed(made)])
    ledger.close()


def _as_shown(operation: Operation, till: str, here: dict[str, int]) -> Operation:
    """An operation of another till as this one shows it."""
    if not till:
        return operation
    return replace(operation, operation_id=here[operation.uid], till=till.split(maxsplit=1)[0])


def all_rows(
    ledger: Ledger, text: str = "", wanted: HistoryFilter = EVERYTHING, orders: tuple[str, ...] = ()
) -> list[Registration]:
    """The rows of every page."""
    rows: list[Registration] = []
    before = NEWEST
    while page := ledger.queries.page(text, before, wanted, orders):
        here = list(by_return(page))
        assert len(here) <= PAGE_SIZE
        rows += here
        before = before.after_all(page)
    return rows


Selects = Callable[[Operation], bool]
TILLS: dict[str, tuple[str | None, Selects]] = {
    "every till": (None, lambda _: True),
    "this till": ("", lambda o: not o.till),
    "one other": ("CAIXA2", lambda o: o.till == "CAIXA2"),
    "two incarnations": ("CAIXA3", lambda o: o.till == "CAIXA3"),
    "unknown": ("CAIXA9", lambda _: False),
}


def selected(shop: list[Registration], wanted: HistoryFilter, selects: Selects) -> list[Registration]:
    """The registrations of which any leg is selected; what waits is of this till, unless another is named."""
    is_own_alone = wanted.waiting and wanted.till is None
    return [
        legs for legs in shop if any(selects(leg) for leg in legs) and not (is_own_alone and any(o.till for o in legs))
    ]


@pytest.mark.parametrize("till", sorted(TILLS))
@pytest.mark.parametrize("name", sorted(FILTERS))
def test_filter_selects_what_reading_through_the_shop_selects(shop: Shop, name: str, till: str) -> None:
    case, (chosen, is_of_till) = Case(*FILTERS[name]), TILLS[till]
    wanted = replace(case.wanted, till=chosen)

    def selects(operation: Operation) -> bool:
        return case.selects(operation) and is_of_till(operation)

    for text in ("", "N-1", "n", "dv-"):
        expected = selected(shop.made, wanted, both(selects, text))
        assert all_rows(shop.ledger, text, wanted) == expected, text
    everything = selected(shop.made, wanted, selects)
    assert read_totals(shop.path, Query(wanted)).count == len(everything)
    assert count_operations(shop.path, Query(wanted)) == sum(selects(leg) for legs in everything for leg in legs)
    assert [o.operation_id for o in read_selected(shop.path, Query(wanted))] == [
        leg.operation_id for legs in everything for leg in reversed(legs)
    ]


def both(selects: Selects, text: str) -> Selects:
    """Selects what holds a text, too."""
    return lambda operation: selects(operation) and holds(operation, text)


def holds(operation: Operation, text: str) -> bool:
    """Whether one of an operation's numbers holds a text."""
    numbers = (operation.order_id, operation.cancel_key or "", operation.return_id, operation.evidence_id)
    return any(text.lower() in number.lower() for number in numbers)


@pytest.mark.parametrize("till", sorted(TILLS))
def test_totals_add_up_what_the_tills_confirmed(shop: Shop, till: str) -> None:
    chosen, is_of_till = TILLS[till]
    done = [leg for legs in shop.made for leg in legs if leg.state is State.CONFIRMED and is_of_till(leg)]
    by_text = [leg for leg in done if holds(leg, "n-")]
    for found, expected in (
        (read_totals(shop.path, Query(HistoryFilter(till=chosen))), done),
        (read_totals(shop.path, Query(HistoryFilter(till=chosen), "n-")), by_text),
    ):
        for kind in Kind:
            wanted = sum(leg.value for leg in expected if leg.kind is kind) if kind is not Kind.RETURN else 0
            assert found.value_of(kind) == wanted, kind


def test_totals_of_a_text_stop_at_their_limit_with_other_tills(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    count = sum(holds(leg, "N-") for legs in shop.made for leg in legs)
    monkeypatch.setattr(history_totals, "MAX_COUNTED", count)
    assert not read_totals(shop.path, Query(text="N-")).is_partial
    monkeypatch.setattr(history_totals, "MAX_COUNTED", count - 1)
    assert read_totals(shop.path, Query(text="N-")).is_partial


def test_frequent_text_is_found_by_a_walk_as_a_rare_one_is_by_the_index(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = selected(shop.made, EVERYTHING, lambda o: holds(o, "n-1"))
    assert all_rows(shop.ledger, "n-1") == expected
    monkeypatch.setattr(shop_history, "_FEW", 1)
    assert all_rows(shop.ledger, "n-1") == expected


def test_orders_of_a_customer_are_found_at_every_till(shop: Shop) -> None:
    orders = tuple(leg.order_id.lower() for legs in shop.made[::5] for leg in legs)
    wanted = HistoryFilter(kinds=frozenset({Kind.SALE, Kind.REFUND}))
    expected = selected(
        shop.made, wanted, lambda o: o.kind in wanted.kinds and (o.order_id.lower() in orders or holds(o, "N-11"))
    )
    assert any(leg.till for legs in expected for leg in legs)
    assert all_rows(shop.ledger, "N-11", wanted, orders) == expected


def test_choices_name_people_connections_and_tills_of_the_shop(ledger: Ledger, others: dict[str, Teller]) -> None:
    assert ledger.queries.history_choices() == ([], [], [])
    enqueue(others["CAIXA3"].ledger, 1, Kind.SALE, "Caio", SHOP)
    enqueue(ledger, 2, Kind.SALE, "Ana")
    others["CAIXA3"].tell_to(ledger)
    others["CAIXA2"].tell_to(ledger)
    assert ledger.queries.history_choices() == (["Ana", "Caio"], [SHOP], ["CAIXA3"])


def test_details_of_another_tills_return_show_its_legs_without_attempts(
    ledger: Ledger, others: dict[str, Teller]
) -> None:
    legs = register(others["CAIXA2"].ledger, 1)
    others["CAIXA2"].tell_to(ledger)
    shown = list(reversed(ledger.queries.page("")))
    for leg, here in zip(legs, shown, strict=True):
        details = ledger.queries.details(here.operation_id)
        assert details is not None
        assert (details.operation, details.legs) == (here, tuple(shown))
        assert (details.attempts, details.events) == ((), ())
        assert replace(here, operation_id=leg.operation_id, till="") == leg
    single = refund(others["CAIXA2"].ledger)
    others["CAIXA2"].tell_to(ledger)
    here = ledger.queries.page("", NEWEST, HistoryFilter(till="CAIXA2"))[0]
    details = ledger.queries.details(here.operation_id)
    assert details is not None
    assert (here.uid, here.till, details.operation, details.legs) == (single.uid, "CAIXA2", here, ())
    assert ledger.queries.details(here.operation_id - 1) is None


def test_pages_repeat_nothing_where_older_changes_arrive_between_them(
    ledger: Ledger, others: dict[str, Teller]
) -> None:
    late, prompt = others["CAIXA2"], others["CAIXA3"]
    made = [
        refund((late.ledger, prompt.ledger, ledger)[number % 3], order_id=f"A{number}").order_id
        for number in range(3 * PAGE_SIZE)
    ]
    prompt.tell_to(ledger)
    first = ledger.queries.page("")
    late.tell_to(ledger)
    shown, before = [o.order_id for o in first], NEWEST.after_all(first)
    while page := ledger.queries.page("", before):
        shown += [o.order_id for o in page]
        before = before.after_all(page)
    assert len(shown) == len(set(shown))
    told_before = {name for number, name in enumerate(made) if number % 3}
    assert told_before <= set(shown)


def test_own_order_stays_by_registration_where_the_clock_went_back(
    ledger: Ledger, others: dict[str, Teller], clock: Clock
) -> None:
    made, told = [], []
    for number in range(2 * PAGE_SIZE):
        if number == PAGE_SIZE:
            clock._now = START - timedelta(days=3)
        made.append(refund(ledger, order_id=f"A{number}").operation_id)
        told.append(refund(others["CAIXA2"].ledger, order_id=f"B{number}"))
    others["CAIXA2"].tell_to(ledger)
    shown = list(chain.from_iterable(all_rows(ledger)))
    assert [o.operation_id for o in shown if not o.till] == made[::-1]
    told.sort(key=lambda o: o.created_at, reverse=True)
    assert [o.order_id for o in shown if o.till] == [o.order_id for o in told]


def test_return_selected_by_its_last_leg_alone_is_on_the_next_page(
    ledger: Ledger, others: dict[str, Teller], clock: Clock
) -> None:
    legs = register(others["CAIXA2"].ledger, 1)
    assert [leg.kind for leg in legs] == [Kind.RETURN, Kind.RETURN, Kind.REFUND]
    clock._now = legs[0].created_at
    between = refund(others["CAIXA3"].ledger, order_id="between")
    assert legs[0].created_at < between.created_at < legs[2].created_at
    clock._now = legs[2].created_at
    newer = [refund(ledger, order_id=f"A{number}").order_id for number in range(PAGE_SIZE - 1)]
    for name in ("CAIXA2", "CAIXA3"):
        others[name].tell_to(ledger)
    shown = all_rows(ledger, "", HistoryFilter(kinds=frozenset({Kind.REFUND})))
    assert [row[-1].order_id for row in shown] == [*newer[::-1], "between", legs[2].order_id]
    assert len(shown[-1]) == len(legs)


def test_program_beside_reads_the_operations_of_this_till_alone(
    ledger: Ledger, path: Path, others: dict[str, Teller]
) -> None:
    own = sell(ledger)
    refund(others["CAIXA2"].ledger)
    others["CAIXA2"].tell_to(ledger)
    assert [o.operation_id for o in read_operations(path)] == [own.operation_id]
    assert count_operations(path) == 2
    assert count_operations(path, Query(THIS_TILL)) == 1


RARE = {
    "everything": EVERYTHING,
    "kind": HistoryFilter(kinds=frozenset({Kind.CANCEL})),
    "kind of a till": HistoryFilter(kinds=frozenset({Kind.CANCEL}), till="CAIXA2"),
    "person": HistoryFilter(person="Bia"),
    "kind of a person": HistoryFilter(person="Bia", kinds=frozenset({Kind.SALE})),
    "system": HistoryFilter(scope=SHOP),
    "quiet till": HistoryFilter(till="CAIXA3"),
    "pending": HistoryFilter(waiting=Waiting.PENDING, till="CAIXA2"),
    "decide": HistoryFilter(waiting=Waiting.PERSON, till="CAIXA2"),
    "this till": THIS_TILL,
}


def test_cost_of_a_page_does_not_grow_with_the_other_tills(ledger: Ledger, others: dict[str, Teller]) -> None:
    busy = others["CAIXA2"]

    def fill(numbers: range) -> None:
        for number in numbers:
            busy.ledger.withdraw(enqueue(busy.ledger, number, Kind.REFUND, "Ana").operation_id)
        busy.tell_to(ledger)

    def steps() -> dict[str, int]:
        pages = {
            name: steps_of(ledger, lambda wanted=wanted: ledger.queries.page("", NEWEST, wanted))  # type: ignore[misc]
            for name, wanted in RARE.items()
        }
        return {**pages, "choices": steps_of(ledger, ledger.queries.history_choices)}

    enqueue(busy.ledger, 1, Kind.CANCEL, "Ana")
    enqueue(busy.ledger, 2, Kind.SALE, "Bia", SHOP)
    enqueue(others["CAIXA3"].ledger, 3, Kind.REFUND, "Ana")
    review = enqueue(busy.ledger, 4, Kind.SALE, "Bia")
    busy.ledger.resolve(review.operation_id, State.QUEUED, Resolution(State.REVIEW))
    others["CAIXA3"].tell_to(ledger)
    fill(range(10, 210))
    few = steps()
    fill(range(210, 610))
    for name, many in steps().items():
        assert many <= 1.2 * few[name], name
