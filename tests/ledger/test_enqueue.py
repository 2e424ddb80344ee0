"""Before sending: what the cashier confirmed is on disk, once."""

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


def test_what_was_confirmed_is_there_after_any_restart(ledger: Ledger, path: Path) -> None:
    made = refund(ledger)
    ledger.close()
    again = Ledger(path)
    assert again.queries.operation(made.operation_id) == made
    assert again.queries.waiting() == [made.operation_id]
    again.close()


def test_an_operation_is_kept_with_everything_the_screen_shows(ledger: Ledger) -> None:
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


def test_every_attempt_repeats_the_same_key_and_bytes_whatever_happens_between(ledger: Ledger, path: Path) -> None:
    made = refund(ledger)
    first = start_attempt(ledger, made)
    ledger.finish_attempt(first, TIMED_OUT, UNKNOWN)
    ledger.close()
    again = Ledger(path)
    second = again.start_attempt(made.operation_id)
    assert second.request == first.request
    assert second.request.client_key == made.cancel_key
    assert made.cancel_key is not None
    assert made.cancel_key.encode() in second.request.body
    again.close()


@pytest.mark.parametrize("state", [State.QUEUED, State.SENDING, State.UNKNOWN, State.REVIEW])
def test_an_order_with_something_unfinished_takes_nothing_else(ledger: Ledger, state: State) -> None:
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


def test_the_next_refund_of_a_finished_one_is_another_intention(ledger: Ledger) -> None:
    first = confirm(ledger, refund(ledger))
    second = confirm(ledger, refund(ledger))
    other = confirm(ledger, refund(ledger, 100))
    assert len({first.cancel_key, second.cancel_key, other.cancel_key}) == 3


@pytest.mark.parametrize("how", ["withdrawn", "refused", "not_applied"])
def test_the_same_key_may_be_intended_again_only_after_a_no(ledger: Ledger, how: str) -> None:
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


def test_a_key_that_was_spent_is_never_taken_again(ledger: Ledger) -> None:
    first = confirm(ledger, refund(ledger))
    frozen = SerializedRequest("/x", b"{}", first.cancel_key)
    with pytest.raises(LedgerDamaged):
        ledger.enqueue(Intent(Kind.REFUND, "1006/B", 2590), lambda _confirmed: frozen)
    assert len(ledger.queries.page("", None)) == 1


def test_freezing_is_told_how_many_refunds_of_that_value_were_confirmed(ledger: Ledger) -> None:
    told: list[int] = []

    def freeze(confirmed: int) -> SerializedRequest:
        told.append(confirmed)
        return SerializedRequest("/x", b"{}", f"K{len(told)}")

    def begin(order_id: str, value: int) -> None:
        confirm(ledger, ledger.enqueue(Intent(Kind.REFUND, order_id, value), freeze))

    for order_id, value in (("A", 100), ("A", 100), ("A", 200), ("B", 100), ("A", 100)):
        begin(order_id, value)
    assert told == [0, 1, 0, 0, 2]


def test_an_error_while_freezing_leaves_nothing_behind(ledger: Ledger) -> None:
    def fail(_confirmed: int) -> SerializedRequest:
        raise KeyError("path")

    with pytest.raises(KeyError):
        ledger.enqueue(Intent(Kind.REFUND, "1006/B", 2590), fail)
    assert ledger.queries.page("", None) == []
    assert refund(ledger).state is State.QUEUED


def test_a_sale_number_names_one_sale(ledger: Ledger) -> None:
    confirm(ledger, sell(ledger))
    with pytest.raises(SaleNumberUsed):
        sell(ledger)
    assert refund(ledger, order_id="CAIXA1-1").state is State.QUEUED


def test_a_refused_sale_may_be_registered_again_under_its_number(ledger: Ledger) -> None:
    ledger.finish_attempt(start_attempt(ledger, sell(ledger)), REFUSAL, REFUSED)
    assert sell(ledger).state is State.QUEUED


def test_only_what_cannot_have_left_is_taken_back(ledger: Ledger) -> None:
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


def test_a_sale_number_never_comes_back(ledger: Ledger, path: Path) -> None:
    tag = ledger.connection.ledger_id
    numbers = [ledger.next_sale_number() for _ in range(3)]
    ledger.close()
    again = Ledger(path)
    numbers += [again.next_sale_number() for _ in range(2)]
    assert numbers == [1, 2, 3, 4, 5]
    assert again.connection.ledger_id == tag
    again.close()


def test_another_ledger_makes_other_sale_numbers(ledger: Ledger, tmp_path: Path) -> None:
    others = []
    for n in range(5):
        other = Ledger(tmp_path / f"other{n}.db")
        others.append(other.connection.ledger_id)
        other.close()
    assert len({ledger.connection.ledger_id, *others}) == 6
    assert all(len(tag) == 4 and not set(tag) & set("01OI") for tag in others)


def test_what_is_open_is_counted_for_the_screen(ledger: Ledger) -> None:
    assert ledger.queries.counts() == OperationCounts(0, 0)
    bring_to_review(ledger, refund(ledger, order_id="A"))
    start_attempt(ledger, refund(ledger, order_id="B"))
    refund(ledger, order_id="C")
    confirm(ledger, refund(ledger, order_id="D"))
    assert ledger.queries.counts() == OperationCounts(pending=2, review=1)
    assert [ledger.queries.operation(n).order_id for n in ledger.queries.waiting()] == ["C"]


def test_the_outbox_gets_the_oldest_first(ledger: Ledger) -> None:
    made = [refund(ledger, order_id=f"A{n}").operation_id for n in range(5)]
    ledger.finish_attempt(ledger.start_attempt(made[2]), TIMED_OUT, UNKNOWN)
    assert ledger.queries.waiting() == made


def test_what_this_till_knows_of_an_order(ledger: Ledger) -> None:
    assert ledger.queries.history_of("1006/B").largest_total is None
    ledger.remember_order(ORDER, None)
    ledger.remember_order(Order("1006/B", 9990), None)
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


def test_a_whole_cancel_is_no_refund_of_money(ledger: Ledger) -> None:
    ledger.finish_attempt(start_attempt(ledger, cancel(ledger)), REFUSAL, CONFIRMED)
    known = ledger.queries.history_of("1006/B")
    assert (known.open_refunds, known.confirmed_refunds) == ((), 0)


@pytest.mark.parametrize("other", ["PEDIDO SA\u0303O-1", "pedido são-1", " Pedido São-1"])
def test_an_order_in_another_writing_is_the_same_order_for_every_rule(ledger: Ledger, other: str) -> None:
    first = refund(ledger, order_id="Pedido São-1")
    with pytest.raises(OrderBusy):
        refund(ledger, order_id=other)
    confirm(ledger, first)
    second = refund(ledger, order_id=other)
    assert (first.key_index, second.key_index) == (0, 1)
    assert second.order_id == other, "what is shown and sent stays as it was written"
    ledger.remember_order(replace(ORDER, order_id="Pedido São-1", total=5000), None)
    ledger.remember_order(replace(ORDER, order_id=other, total=9000), None)
    history = ledger.queries.history_of("PEDIDO SÃO-1")
    assert (history.largest_total, len(history.operations)) == (12990, 2)
    assert ledger.queries.has_seen(other)
    assert ledger.queries.unfinished_of("pedido sa\u0303o-1") == second


def test_a_sales_number_in_another_writing_is_no_free_number(ledger: Ledger) -> None:
    confirm(ledger, sell(ledger, "Loja-É"))
    with pytest.raises(SaleNumberUsed):
        sell(ledger, "LOJA-e\u0301")


def test_a_key_sent_before_in_another_writing_of_the_order_is_remembered(ledger: Ledger) -> None:
    first = start_attempt(ledger, refund(ledger, order_id="Loja-É"))
    assert not first.key_sent_earlier
    ledger.finish_attempt(first, REFUSAL, REFUSED)
    second = start_attempt(ledger, refund(ledger, order_id="LOJA-e\u0301"))
    assert second.request.client_key == first.request.client_key
    assert second.key_sent_earlier


def test_a_sale_and_its_completion_are_found_by_another_writing_of_the_number(ledger: Ledger) -> None:
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
