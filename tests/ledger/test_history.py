"""History pages, search and details, and finding a customer again."""

from dataclasses import replace

import pytest

from bonifiq_desktop.domain.operations import Operation
from bonifiq_desktop.domain.orders import Customer, Order
from bonifiq_desktop.ledger.history import PAGE_SIZE, iterate_operations
from bonifiq_desktop.ledger.history_filter import Cursor
from bonifiq_desktop.ledger.ledger import Ledger
from bonifiq_desktop.ledger.row_mapping import pack_order, unpack_order
from tests.support.ledger_actions import KEYS, ORDER, confirm, refund, sell


@pytest.fixture(name="made")
def operations_made(ledger: Ledger) -> list[Operation]:
    """Some operations with telling order numbers."""
    ids = ("1006/B", "1006_B", "100%", "a\\b", "ÇA-1", "zz-9")
    return [refund(ledger, order_id=order_id) for order_id in ids]


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("", ["zz-9", "ÇA-1", "a\\b", "100%", "1006_B", "1006/B"]),
        ("  ", ["zz-9", "ÇA-1", "a\\b", "100%", "1006_B", "1006/B"]),
        ("1006", ["1006_B", "1006/B"]),
        (" 006/ ", ["1006/B"]),
        ("%", ["100%"]),
        ("_", ["1006_B"]),
        ("\\", ["a\\b"]),
        ("ZZ-", ["zz-9"]),
        ("nada", []),
        ("'; DROP TABLE operations; --", []),
    ],
)
def test_search_by_part_of_an_order_number_finds_it(
    ledger: Ledger, made: list[Operation], search: str, found: list[str]
) -> None:
    assert [operation.order_id for operation in ledger.queries.page(search)] == found
    assert len(made) == 6


def test_search_by_part_of_a_key_finds_its_refund(ledger: Ledger, made: list[Operation]) -> None:
    key = made[2].cancel_key
    assert key is not None
    assert ledger.queries.page(key) == [made[2]]
    assert ledger.queries.page(key[8:20].lower()) == [made[2]]


def test_history_pages_have_no_gap_or_repeat(ledger: Ledger) -> None:
    made = [ledger.withdraw(refund(ledger, order_id=f"A{n}").operation_id) for n in range(PAGE_SIZE + 3)]
    first = ledger.queries.page("")
    assert len(first) == PAGE_SIZE
    assert first + ledger.queries.page("", Cursor(first[-1].operation_id)) == made[::-1]
    assert list(iterate_operations(ledger.queries.page)) == made[::-1]


def test_details_hold_every_attempt_and_event(ledger: Ledger) -> None:
    made = confirm(ledger, refund(ledger))
    details = ledger.queries.details(made.operation_id)
    assert details is not None
    assert details.operation == made
    assert [attempt.outcome for attempt in details.attempts] == ["done"]
    assert [event.to_state for event in details.events] == ["queued", "sending", "confirmed"]
    assert ledger.queries.details(999) is None


def test_order_packed_and_unpacked_is_equal() -> None:
    kept = ORDER.for_ledger()
    assert unpack_order(pack_order(ORDER), kept.customer) == kept
    bare = Order("A", 1)
    assert unpack_order(pack_order(bare), None) == bare


def test_customer_is_found_by_the_newest_order_seen_or_sold(ledger: Ledger) -> None:
    ana, bia = Customer(document="52998224725"), Customer(document="11144477735")
    known_as = KEYS.identity(ana.document) or ""
    assert ledger.queries.last_order_id_of_customer(known_as) is None
    ledger.remember_order(Order("A", 100, customer=ana))
    ledger.remember_order(Order("B", 100, customer=ana))
    ledger.remember_order(Order("C", 100, customer=bia))
    assert ledger.queries.last_order_id_of_customer(known_as) == "B"
    ledger.remember_order(Order("A", 100))  # seen again without a document: still this customer's
    assert ledger.queries.last_order_id_of_customer(known_as) == "A"
    sold = sell(ledger, order=Order("CAIXA1-1", 2590, customer=ana))
    assert ledger.queries.last_order_id_of_customer(known_as) == "A"  # not known yet whether it is there
    confirm(ledger, sold)
    assert ledger.queries.last_order_id_of_customer(known_as) == "CAIXA1-1"


def test_seen_order_keeps_its_first_total_and_its_largest(ledger: Ledger) -> None:
    largest = []
    for total in (0, 12990, 9990, 20000, 100):
        ledger.remember_order(Order("A", total))
        largest.append(ledger.queries.history_of("A").largest_total)
    assert largest == [0, 12990, 12990, 20000, 20000]
    [seen] = ledger.personal_data.seen_orders(["A"])
    assert (seen.first_total, seen.last_total) == (0, 100)


def test_total_of_a_sold_or_returned_order_counts_as_seen(ledger: Ledger) -> None:
    confirm(ledger, refund(ledger, order=replace(ORDER, total=15000)))
    ledger.withdraw(refund(ledger, 100, order=replace(ORDER, total=90000)).operation_id)
    ledger.remember_order(ORDER)
    assert ledger.queries.history_of(ORDER.order_id).largest_total == 15000


def test_unfinished_operations_are_found_fast_in_a_long_history(ledger: Ledger) -> None:
    """Counted in SQLite's own steps: the outbox asks this again before and after everything that it sends."""
    steps = 0

    def count() -> int:
        nonlocal steps
        steps += 1
        return 0

    def cost() -> int:
        nonlocal steps
        steps = 0
        ledger.connection.db.set_progress_handler(count, 1)
        assert (ledger.queries.waiting(), ledger.queries.counts().pending) == ([open_one.operation_id], 1)
        ledger.connection.db.set_progress_handler(None, 1)
        return steps

    open_one = refund(ledger, order_id="open")
    short = cost()
    for number in range(300):
        ledger.withdraw(refund(ledger, order_id=f"A{number}").operation_id)
    assert cost() <= 2 * short
