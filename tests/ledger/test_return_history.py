"""Returns in the history: whole on one page, found by any system's id, with gaps and repeats for none."""

from dataclasses import replace
from pathlib import Path

import pytest

from bonifiq_desktop.domain.legs import by_return
from bonifiq_desktop.domain.operations import Evidence, Kind, Operation, Resolution, State
from bonifiq_desktop.domain.verdicts import Done
from bonifiq_desktop.ledger.history import PAGE_SIZE, iterate_operations, read_totals
from bonifiq_desktop.ledger.history_filter import EVERYTHING, NEWEST, HistoryFilter, HistoryTotals, Query
from bonifiq_desktop.ledger.ledger import Ledger
from tests.support.ledger_actions import ANSWERED_DONE, CONFIRMED, START, confirm, refund, start_attempt
from tests.support.return_actions import (
    MARKET,
    MARKET_ORDER_ID,
    market_order,
    money_intent,
    points_intent,
    register_return,
    renamed,
)


def register(ledger: Ledger, number: int) -> tuple[Operation, ...]:
    """A return of three legs on orders of its own."""
    market = replace(market_order(), order_id=f"M{number}")
    intents = [
        replace(money_intent(1), order_id=f"M{number}", order=market),
        replace(money_intent(2), order_id=f"M{number}", order=market),
        replace(points_intent(), order_id=f"B{number}"),
    ]
    return register_return(ledger, *(renamed(intent, f"DV-{number:05}") for intent in intents))


def rows(page: list[Operation]) -> list[tuple[Operation, ...]]:
    """The rows of a page."""
    return list(by_return(page))


def test_return_is_one_row_with_its_legs_in_the_order_of_sending(ledger: Ledger) -> None:
    before = refund(ledger)
    legs = register(ledger, 1)
    after = refund(ledger, order_id="other")
    assert rows(ledger.queries.page("")) == [(after,), legs, (before,)]


def test_withdrawn_return_registered_again_is_another_row(ledger: Ledger) -> None:
    first = tuple(ledger.withdraw(leg.operation_id) for leg in register(ledger, 1))
    intents = [replace(renamed(money_intent(), "DV-00001"), intent_id="again")]
    second = register_return(ledger, *intents)
    assert rows(ledger.queries.page("")) == [second, first]
    assert ledger.queries.other_legs(first[0]) == first[1:]


def test_pages_of_returns_have_no_gap_or_repeat_and_are_full(ledger: Ledger) -> None:
    made = [
        register(ledger, number) if number % 3 else (refund(ledger, order_id=f"A{number}"),)
        for number in range(PAGE_SIZE + 5)
    ]
    first = ledger.queries.page("")
    assert rows(first) == made[::-1][:PAGE_SIZE]
    rest = ledger.queries.page("", NEWEST.after_all(first))
    assert rows(rest) == made[::-1][PAGE_SIZE:]
    assert list(iterate_operations(ledger.queries.page)) == [leg for row in made[::-1] for leg in reversed(row)]


@pytest.mark.parametrize(
    "wanted",
    [
        HistoryFilter(kinds=frozenset({Kind.RETURN})),
        HistoryFilter(kinds=frozenset({Kind.REFUND})),
        HistoryFilter(scope=MARKET),
    ],
)
def test_filter_that_selects_one_leg_shows_the_whole_return_on_full_pages(
    ledger: Ledger, wanted: HistoryFilter
) -> None:
    made = [register(ledger, number) for number in range(PAGE_SIZE + 2)]
    first = ledger.queries.page("", NEWEST, wanted)
    assert rows(first) == made[::-1][:PAGE_SIZE]
    assert rows(ledger.queries.page("", NEWEST.after_all(first), wanted)) == made[1::-1]


@pytest.mark.parametrize("text", [MARKET_ORDER_ID, "17455903-a", "1006/B", "DV-AAAAA", "cancel-77", "7-0", "refund 9"])
def test_return_is_found_by_an_id_of_any_system(ledger: Ledger, text: str) -> None:
    refund(ledger, order_id="other")
    legs = register_return(ledger)
    attempt = ledger.start_attempt(legs[0].operation_id)
    done = Resolution(State.CONFIRMED, Evidence.ANSWER, evidence_id="CANCEL-77-09 refund 9")
    ledger.finish_attempt(attempt, Done(), done)
    assert [len(row) for row in rows(ledger.queries.page(text))] == [3]


def test_return_is_found_by_another_number_of_the_purchase(ledger: Ledger) -> None:
    refund(ledger, order_id="other")
    order = market_order()
    assert order.remote is not None
    order = replace(order, remote=replace(order.remote, key="4711-internal", references=("COMMERCIAL-5",)))
    legs = register_return(ledger, replace(money_intent(), order=order))
    for text in ("commercial-5", "4711", "L-5"):
        assert rows(ledger.queries.page(text)) == [legs], text


@pytest.fixture(name="of_three_kinds")
def returns_of_three_kinds(ledger: Ledger) -> None:
    """Confirmed: 46,06 in BonifiQ alone, 58,00 + 46,06 in both systems, CLP 9.990 in the marketplace alone."""
    confirm(ledger, refund(ledger, 4606, order_id="alone"))
    peso = renamed(replace(money_intent(order_id="M2"), value=9990), "DV-00002")
    assert peso.leg is not None
    both = (money_intent(order_id="M1"), replace(points_intent(), order_id="B1"))
    for intents in (both, (replace(peso, leg=replace(peso.leg, currency="CLP")),)):
        for leg in register_return(ledger, *intents):
            ledger.finish_attempt(start_attempt(ledger, leg), ANSWERED_DONE, CONFIRMED)


BRL, CLP = ("BRL", 5800), ("CLP", 9990)


@pytest.mark.parametrize(
    ("query", "count", "points", "money"),
    [
        (Query(), 3, 9212, (BRL, CLP)),
        (Query(HistoryFilter(kinds=frozenset({Kind.RETURN}))), 2, 0, (BRL, CLP)),
        (Query(HistoryFilter(kinds=frozenset({Kind.REFUND}))), 2, 9212, ()),
        (Query(HistoryFilter(kinds=frozenset({Kind.REFUND, Kind.RETURN}))), 3, 9212, (BRL, CLP)),
        (Query(HistoryFilter(scope=MARKET)), 2, 0, (BRL, CLP)),
        (Query(text="m2"), 1, 0, (CLP,)),
        (Query(text="DV-AAAAA"), 1, 4606, (BRL,)),
        (Query(orders=("M1", "B1")), 1, 4606, (BRL,)),
    ],
)
def test_totals_count_rows_and_add_up_money_by_currency(
    path: Path, of_three_kinds: None, query: Query, count: int, points: int, money: tuple[tuple[str, int], ...]
) -> None:
    found = read_totals(path, query)
    assert (found.count, found.value_of(Kind.REFUND), found.money) == (count, points, money)


def test_day_counts_a_return_once_with_what_the_customer_gets_back(ledger: Ledger, of_three_kinds: None) -> None:
    withdrawn = register(ledger, 5)
    for leg in withdrawn:
        ledger.withdraw(leg.operation_id)
    _sales, refunds, _points = ledger.orders.day_totals(START)
    assert (refunds.count, refunds.value) == (3, 4606 + 5800)  # reais alone are added up


def test_money_that_is_not_confirmed_is_in_no_total(ledger: Ledger, path: Path) -> None:
    register(ledger, 1)
    assert read_totals(path, Query(EVERYTHING)) == HistoryTotals(1, tuple((kind, 0) for kind in Kind))


def test_details_of_a_leg_hold_the_whole_return(ledger: Ledger) -> None:
    alone = refund(ledger, order_id="other")
    legs = register_return(ledger)
    for leg in legs:
        details = ledger.queries.details(leg.operation_id)
        assert details is not None
        assert (details.operation, details.legs) == (leg, legs)
    details = ledger.queries.details(alone.operation_id)
    assert details is not None
    assert details.legs == ()
