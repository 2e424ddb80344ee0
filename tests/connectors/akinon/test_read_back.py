"""What the items of an order say about a cancel call whose answer was lost."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bonifiq_desktop.connectors.akinon.orders import items_in, read_order
from bonifiq_desktop.connectors.akinon.plan import plan_return
from bonifiq_desktop.connectors.akinon.read_back import baseline_of, order_key, read_back_from, state_of_items
from bonifiq_desktop.domain.operations import Operation
from bonifiq_desktop.domain.orders import Order
from bonifiq_desktop.domain.read_back import Finding
from bonifiq_desktop.domain.returns import ChosenLine, CounterReason, ReturnChoice
from tests.support.omnitron import SETTINGS, item, operation_of, order_row


def _order(*states: Any) -> Order:
    """An order whose items are in these states; a pair is a status with a cancel_status."""
    pairs = [state if isinstance(state, tuple) else (state, None) for state in states]
    row = order_row(*(item(1001 + n, status, cancel_status=going) for n, (status, going) in enumerate(pairs)))
    return read_order(row, items_in(row), "BRL")


def _operation(*keys: int) -> Operation:
    before = _order(400, 400, 400)
    lines = tuple(ChosenLine(str(key), 1) for key in keys)
    (leg,) = plan_return(before, ReturnChoice(lines, CounterReason.REGRET), SETTINGS)
    operation = operation_of(leg, before)
    return operation_of(leg, before, baseline_of(before, operation))


FIRST_TWO = _operation(1001, 1002)


@pytest.mark.parametrize(
    ("states", "finding"),
    [
        ((50, 50, 400), Finding.APPLIED),
        ((100, 50, 400), Finding.APPLIED),
        (((400, "waiting"), (400, "confirmed"), 400), Finding.APPLIED),
        (("refunded", 100, 100), Finding.APPLIED),
        ((400, 400, 400), Finding.ABSENT),
        ((400, 400, 50), Finding.ABSENT),
        ((500, 450, 400), Finding.ABSENT),
        ((50, 400, 400), Finding.CONFLICT),
        ((400, 100, 50), Finding.CONFLICT),
        ((50,), Finding.CONFLICT),
        ((400,), Finding.CONFLICT),
    ],
)
def test_items_of_the_request_alone_say_what_became_of_it(states: tuple[Any, ...], finding: Finding) -> None:
    assert read_back_from(FIRST_TWO, _order(*states), may_repeat=True).finding is finding


def test_absent_request_may_repeat_as_the_setting_says() -> None:
    absent = _order(400, 400, 400)
    assert read_back_from(FIRST_TWO, absent, may_repeat=True).may_repeat
    assert not read_back_from(FIRST_TWO, absent, may_repeat=False).may_repeat


def test_item_taken_back_before_the_sending_is_no_evidence_and_forbids_a_repeat() -> None:
    late = _with_baseline(_order(50, 50, 400))
    shown = read_back_from(late, _order(50, 50, 400), may_repeat=True)
    assert (shown.finding, shown.may_repeat) == (Finding.ABSENT, False)
    half = _with_baseline(_order(50, 400, 400))
    assert read_back_from(half, _order(50, 50, 400), may_repeat=True).finding is Finding.CONFLICT


def _with_baseline(order: Order) -> Operation:
    """The operation on the first two items, with what this order shows as the baseline."""
    return replace(FIRST_TWO, baseline=baseline_of(order, FIRST_TWO))


def test_fingerprint_changes_with_the_items_of_the_request_only() -> None:
    def fingerprint(*states: Any) -> str:
        return read_back_from(FIRST_TWO, _order(*states), may_repeat=True).fingerprint

    assert fingerprint(400, 400, 400) == fingerprint(400, 400, 50)
    assert (
        len({fingerprint(*states) for states in [(400, 400), (500, 400), (400, 500), (50, 400), ((400, "x"), 400)]})
        == 5
    )


def test_plan_of_the_items_is_the_evidence() -> None:
    row = order_row(*(item(key, 50, cancellation_plan={"pk": 77}) for key in (1001, 1002)), item(1003))
    assert read_back_from(FIRST_TWO, read_order(row, items_in(row), "BRL"), may_repeat=True).evidence_id == "77"
    row["orderitem_set"][1]["cancellation_plan"] = 78
    assert read_back_from(FIRST_TWO, read_order(row, items_in(row), "BRL"), may_repeat=True).evidence_id == ""


def test_state_is_the_items_own_word() -> None:
    assert state_of_items(_order(50, 50, 100), FIRST_TWO) == "cancellation_waiting"
    assert state_of_items(_order(50, 100, 100), FIRST_TWO) == "cancellation_waiting, canceled"
    assert state_of_items(_order((550, "Refunded"), 400, 400), FIRST_TWO) == "refunded"


def test_order_key_is_the_sent_one_else_the_stored_one() -> None:
    assert order_key(FIRST_TWO, b'{"order":99}') == 99
    assert order_key(FIRST_TWO, None) == 12345
    assert order_key(FIRST_TWO, b"{") == 12345


def test_baseline_names_no_person_and_is_the_same_each_time() -> None:
    assert baseline_of(_order(400, 400), FIRST_TWO) == baseline_of(_order(400, 400), FIRST_TWO)
    stored = json.loads(baseline_of(_order(400, 50), FIRST_TWO))
    assert stored == {"order": "12345", "taken_back": {"1001": False, "1002": True}}


@given(st.lists(st.sampled_from([400, 500, 550, 50, 100, (400, "waiting")]), min_size=3, max_size=3))
def test_request_is_applied_only_when_every_item_changed(states: list[Any]) -> None:
    gone = [state not in {400, 500, 550} for state in states[:2]]
    expected = Finding.APPLIED if all(gone) else Finding.CONFLICT if any(gone) else Finding.ABSENT
    assert read_back_from(FIRST_TWO, _order(*states), may_repeat=True).finding is expected
