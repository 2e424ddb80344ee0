"""Enqueueing: a confirmed intent is on disk once, before anything is sent."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bonifiq_desktop.domain.operations import Evidence, Kind, Line, Operation, Resolution, State
from bonifiq_desktop.domain.orders import Customer, Order
from bonifiq_desktop.domain.requests import Intent, SerializedRequest
from bonifiq_desktop.ledger.errors import AlreadyRegistered, LedgerDamaged, OrderBusy, SaleNumberUsed, TransitionRefused
from bonifiq_desktop.ledger.ledger import Ledger
from bonifiq_desktop.ledger.records import OperationCounts
from tests.support.ledger_actions import (
    CONFIRMED,
    KEYS,
    ORDER,
    REFUSAL,
    REFUSED,
    SALE_BODY,
    START,
    TIMED_OUT,
    UNKNOWN,
    bring_to,
    bring_to_review,
    cancel,
    confirm,
    refund,
    sell,
    start_attempt,
)


def test_enqueued_operation_is_there_after_a_restart(ledger: Ledger, path: Path) -> None:
    made = refund(ledger)
    ledger.close()
    again = Ledger(path, customer_keys=KEYS)
    assert again.queries.operation(made.operation_id) == made
    assert again.queries.waiting() == [made.operation_id]
    again.close()


def test_operation_keeps_everything_the_screen_shows(ledger: Ledger) -> None:
    made = refund(ledger)
    assert made.state is State.QUEUED
    assert (made.kind, made.order_id, made.value, made.reason) == (Kind.REFUND, "1006/B", 2590, "Veio errado")
    assert made.lines == (Line("P1", "Café", 2590),)
    assert made.order == ORDER.for_ledger()
    assert made.order is not None
    assert made.order.customer == Customer(name="Ana", document="***.982.247-**", tier="Ouro")
    assert (made.attempts, made.evidence, made.review_reason, made.failure_reason, made.bonus, made.settled_at) == (
        0,
        *[None] * 5,
    )
    assert made.created_at > START


def test_every_attempt_repeats_the_same_key_and_bytes(ledger: Ledger, path: Path) -> None:
    made = refund(ledger)
    first = start_attempt(ledger, made)
    ledger.finish_attempt(first, TIMED_OUT, UNKNOWN)
    ledger.close()
    again = Ledger(path, customer_keys=KEYS)
    second = again.start_attempt(made.operation_id)
    assert second.request == first.request
    assert second.request.client_key == made.cancel_key
    assert made.cancel_key is not None
    assert made.cancel_key.encode() in second.request.body
    again.close()


@pytest.mark.parametrize("state", [State.QUEUED, State.SENDING, State.UNKNOWN, State.REVIEW])
def test_order_with_an_unfinished_operation_refuses_another(ledger: Ledger, state: State) -> None:
    first = refund(ledger)
    bring_to(ledger, first, state)
    others: list[Callable[[], Operation]] = [
        lambda: refund(ledger, 100),
        lambda: cancel(ledger),
        lambda: sell(ledger, "1006/B"),
    ]
    for another in others:
        with pytest.raises(OrderBusy) as busy:
            another()
        assert busy.value.other.operation_id == first.operation_id
        assert busy.value.other.state is state
    assert refund(ledger, order_id="1007").state is State.QUEUED  # other orders go on


def test_refund_after_a_confirmed_one_gets_another_key(ledger: Ledger) -> None:
    first = confirm(ledger, refund(ledger))
    second = confirm(ledger, refund(ledger))
    other = confirm(ledger, refund(ledger, 100))
    assert len({first.cancel_key, second.cancel_key, other.cancel_key}) == 3


@pytest.mark.parametrize("how", ["withdrawn", "refused", "not_applied"])
def test_key_is_enqueued_again_only_after_a_negative_end(ledger: Ledger, how: str) -> None:
    first = refund(ledger)
    if how == "withdrawn":
        ledger.withdraw(first.operation_id)
    elif how == "refused":
        ledger.finish_attempt(start_attempt(ledger, first), REFUSAL, REFUSED)
    else:
        bring_to_review(ledger, first)
        ledger.resolve(first.operation_id, State.REVIEW, Resolution(State.NOT_APPLIED, Evidence.PERSON))
    again = refund(ledger)
    assert again.cancel_key == first.cancel_key
    assert again.operation_id != first.operation_id
    assert not start_attempt(ledger, again).earlier_possibly_sent


def test_key_spent_is_never_used_again(ledger: Ledger) -> None:
    first = confirm(ledger, refund(ledger))
    frozen = SerializedRequest("/x", b"{}", first.cancel_key)
    with pytest.raises(LedgerDamaged):
        ledger.enqueue(Intent(Kind.REFUND, "1006/B", 2590), lambda _confirmed: frozen)
    assert len(ledger.queries.page("")) == 1


def test_serialize_gets_the_number_of_confirmed_refunds_of_that_value(ledger: Ledger) -> None:
    told: list[int] = []

    def serialize(confirmed: int) -> SerializedRequest:
        told.append(confirmed)
        return SerializedRequest("/x", b"{}", f"K{len(told)}")

    def begin(order_id: str, value: int) -> None:
        confirm(ledger, ledger.enqueue(Intent(Kind.REFUND, order_id, value), serialize))

    for order_id, value in (("A", 100), ("A", 100), ("A", 200), ("B", 100), ("A", 100)):
        begin(order_id, value)
    assert told == [0, 1, 0, 0, 2]


def test_error_in_serialize_leaves_no_operation(ledger: Ledger) -> None:
    def fail(_confirmed: int) -> SerializedRequest:
        raise KeyError("path")

    with pytest.raises(KeyError):
        ledger.enqueue(Intent(Kind.REFUND, "1006/B", 2590), fail)
    assert ledger.queries.page("") == []
    assert refund(ledger).state is State.QUEUED


def test_sale_number_used_is_refused(ledger: Ledger) -> None:
    confirm(ledger, sell(ledger))
    with pytest.raises(SaleNumberUsed):
        sell(ledger)
    assert refund(ledger, order_id="CAIXA1-1").state is State.QUEUED


def test_refused_sale_is_registered_again_under_its_number(ledger: Ledger) -> None:
    ledger.finish_attempt(start_attempt(ledger, sell(ledger)), REFUSAL, REFUSED)
    assert sell(ledger).state is State.QUEUED


def test_operation_possibly_sent_is_not_withdrawn(ledger: Ledger) -> None:
    made = refund(ledger)
    taken = ledger.withdraw(made.operation_id)
    assert (taken.state, taken.evidence) == (State.WITHDRAWN, Evidence.PERSON)
    assert taken.settled_at is not None
    other = refund(ledger)
    sending = start_attempt(ledger, other)
    for _ in range(2):
        with pytest.raises(TransitionRefused):
            ledger.withdraw(other.operation_id)
        if ledger.queries.operation(other.operation_id).state is State.SENDING:
            ledger.finish_attempt(sending, TIMED_OUT, UNKNOWN)


def test_sale_number_is_never_issued_twice(ledger: Ledger, path: Path) -> None:
    tag = ledger.connection.ledger_id
    numbers = [ledger.next_sale_number() for _ in range(3)]
    ledger.close()
    again = Ledger(path, customer_keys=KEYS)
    numbers += [again.next_sale_number() for _ in range(2)]
    assert numbers == [1, 2, 3, 4, 5]
    assert again.connection.ledger_id == tag
    again.close()


def test_another_ledger_issues_other_sale_numbers(ledger: Ledger, tmp_path: Path) -> None:
    others = []
    for n in range(5):
        other = Ledger(tmp_path / f"other{n}.db", customer_keys=KEYS)
        others.append(other.connection.ledger_id)
        other.close()
    assert len({ledger.connection.ledger_id, *others}) == 6
    assert all(len(tag) == 4 and not set(tag) & set("01OI") for tag in others)


def test_counts_show_unfinished_operations(ledger: Ledger) -> None:
    assert ledger.queries.counts() == OperationCounts(0, 0)
    bring_to_review(ledger, refund(ledger, order_id="A"))
    start_attempt(ledger, refund(ledger, order_id="B"))
    refund(ledger, order_id="C")
    confirm(ledger, refund(ledger, order_id="D"))
    assert ledger.queries.counts() == OperationCounts(pending=2, review=1)
    assert [ledger.queries.operation(n).order_id for n in ledger.queries.waiting()] == ["C"]


def test_waiting_operations_come_oldest_first(ledger: Ledger) -> None:
    made = [refund(ledger, order_id=f"A{n}").operation_id for n in range(5)]
    ledger.finish_attempt(ledger.start_attempt(made[2]), TIMED_OUT, UNKNOWN)
    assert ledger.queries.waiting() == made


def test_history_of_an_order_holds_its_operations_and_totals(ledger: Ledger) -> None:
    assert ledger.queries.history_of("1006/B").largest_total is None
    ledger.remember_order(ORDER)
    ledger.remember_order(Order("1006/B", 9990))
    confirm(ledger, refund(ledger, 1000))
    confirm(ledger, refund(ledger, 2000))
    ledger.withdraw(refund(ledger, 500).operation_id)
    ledger.finish_attempt(start_attempt(ledger, refund(ledger, 600)), REFUSAL, REFUSED)
    pending = refund(ledger, 700)
    known = ledger.queries.history_of("1006/B")
    assert known.largest_total == 12990
    assert sorted(known.open_refunds) == [700, 1000, 2000]
    assert known.confirmed_refunds == 3000
    assert len(known.operations) == 5
    assert known.operations[0] == pending


def test_whole_cancel_does_not_count_as_refund(ledger: Ledger) -> None:
    ledger.finish_attempt(start_attempt(ledger, cancel(ledger)), REFUSAL, CONFIRMED)
    known = ledger.queries.history_of("1006/B")
    assert (known.open_refunds, known.confirmed_refunds) == ((), 0)


@pytest.mark.parametrize("other", ["PEDIDO SA\u0303O-1", "pedido são-1", " Pedido São-1"])
def test_order_number_in_another_spelling_is_the_same_order(ledger: Ledger, other: str) -> None:
    first = refund(ledger, order_id="Pedido São-1")
    with pytest.raises(OrderBusy):
        refund(ledger, order_id=other)
    confirm(ledger, first)
    second = refund(ledger, order_id=other)
    assert (first.key_index, second.key_index) == (0, 1)
    assert second.order_id == other, "what is shown and sent stays as it was written"
    ledger.remember_order(replace(ORDER, order_id="Pedido São-1", total=5000))
    ledger.remember_order(replace(ORDER, order_id=other, total=9000))
    history = ledger.queries.history_of("PEDIDO SÃO-1")
    assert (history.largest_total, len(history.operations)) == (12990, 2)
    assert ledger.queries.has_seen(other)
    assert ledger.queries.unfinished_of("pedido sa\u0303o-1") == second


def test_sale_number_in_another_spelling_is_used(ledger: Ledger) -> None:
    confirm(ledger, sell(ledger, "Loja-É"))
    with pytest.raises(SaleNumberUsed):
        sell(ledger, "LOJA-e\u0301")


def test_key_sent_for_another_spelling_of_the_order_is_remembered(ledger: Ledger) -> None:
    first = start_attempt(ledger, refund(ledger, order_id="Loja-É"))
    assert not first.key_sent_earlier
    ledger.finish_attempt(first, REFUSAL, REFUSED)
    second = start_attempt(ledger, refund(ledger, order_id="LOJA-e\u0301"))
    assert second.request.client_key == first.request.client_key
    assert second.key_sent_earlier


def test_sale_and_completion_are_found_by_another_spelling(ledger: Ledger) -> None:
    sold = Intent(Kind.SALE, "Loja-É", 12990, order=replace(ORDER, order_id="Loja-É"))
    confirm(ledger, ledger.enqueue(sold, lambda _index: SerializedRequest("/v1/pvt/POS/orders", SALE_BODY)))
    completion = replace(sold, kind=Kind.COMPLETION, order_id="LOJA-e\u0301")
    done = confirm(
        ledger, ledger.enqueue(completion, lambda _index: SerializedRequest("/v1/pvt/POS/orders", SALE_BODY))
    )
    assert ledger.queries.sold_order("loja-é") == ledger.queries.history_of("Loja-É").operations[-1].order
    assert ledger.queries.completion_of("Loja-É") == done
    with pytest.raises(AlreadyRegistered):
        ledger.enqueue(replace(completion, order_id="loja-é"), lambda _index: SerializedRequest("/", SALE_BODY))
