"""Reads of one order, return or customer: they see the whole shop; what works on operations sees this till alone."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bonifiq_desktop.domain.operations import (
    BONIFIQ_SCOPE,
    Evidence,
    Kind,
    Operation,
    Resolution,
    State,
    first_leg_id,
)
from bonifiq_desktop.domain.orders import Customer
from bonifiq_desktop.domain.phones import read_phone_shape
from bonifiq_desktop.domain.query import name_words
from bonifiq_desktop.domain.requests import Intent, SerializedRequest
from bonifiq_desktop.ledger.errors import AlreadyRegistered, OrderBusy, SaleNumberUsed
from bonifiq_desktop.ledger.ledger import Ledger
from bonifiq_desktop.services.customer_index import CustomerIndex
from bonifiq_desktop.services.refundable import refundable_amount
from tests.support.ledger_actions import (
    ANA,
    KEYS,
    ORDER,
    REFUSAL,
    REFUSED,
    Clock,
    bring_to,
    cancel,
    confirm,
    refund,
    sell,
    start_attempt,
)
from tests.support.return_actions import MARKET, MARKET_ORDER_ID, RETURN_ID, market_leg, money_intent, register_return
from tests.support.shop_teller import Teller

ORDER_ID = ORDER.order_id
BIA = Customer("bia@exemplo.com.br", "Bia Souza", "11144477735", "bia@exemplo.com.br", "+5521912345678")


@pytest.fixture(name="second")
def open_second_till(tmp_path: Path) -> Iterator[Teller]:
    """Another till of the shop."""
    ledger = Ledger(tmp_path / "second.db", clock=Clock(), customer_keys=KEYS)
    yield Teller(ledger)
    ledger.close()


def _refuse(ledger: Ledger, operation: Operation) -> Operation:
    return ledger.finish_attempt(start_attempt(ledger, operation), REFUSAL, REFUSED)


# --- one order


def test_history_of_an_order_joins_the_tills_newest_first(ledger: Ledger, second: Teller) -> None:
    made: list[Operation] = []
    for at in (ledger, second.ledger, ledger, second.ledger):
        while made and at.connection.clock() < made[-1].created_at:
            pass  # each look at a till's clock moves it on by a second
        made.append(confirm(at, refund(at, 1000 + len(made))))
        second.tell_to(ledger)
    history = ledger.queries.history_of(ORDER_ID)
    assert [o.uid for o in history.operations] == [o.uid for o in reversed(made)]
    assert history.confirmed_refunds == 4 * 1000 + 6
    assert history.largest_total == ORDER.total


def test_larger_total_seen_at_another_till_counts(ledger: Ledger, second: Teller) -> None:
    confirm(second.ledger, refund(second.ledger, order=replace(ORDER, total=20000)))
    second.tell_to(ledger)
    assert ledger.queries.history_of(ORDER_ID).largest_total == 20000


@pytest.mark.parametrize("is_ahead", [False, True])
def test_refundable_value_does_not_depend_on_another_tills_clock(
    ledger: Ledger, tmp_path: Path, *, is_ahead: bool
) -> None:
    """Goods for 80,00 were exchanged for goods of 50,00 between the refunds of two tills; look-ups show no refunds."""
    clock = Clock()
    there = Ledger(
        tmp_path / "ahead.db",
        clock=lambda: clock() + (timedelta(hours=1) if is_ahead else -timedelta(hours=1)),
        customer_keys=KEYS,
    )
    other = Teller(there)
    confirm(there, refund(there, 1000, order=replace(ORDER, total=8000)))
    other.tell_to(ledger)
    there.close()
    exchanged = replace(ORDER, total=5000)
    confirm(ledger, refund(ledger, 4000, order=exchanged))
    assert refundable_amount(exchanged, ledger.queries.history_of(ORDER_ID)) == 1000


def test_key_index_used_at_another_till_is_not_tried_here(ledger: Ledger, second: Teller) -> None:
    first = confirm(second.ledger, refund(second.ledger))
    second.tell_to(ledger)
    again = refund(ledger, order_id=" 1006/b")
    assert (first.key_index, again.key_index) == (0, 1)
    assert again.cancel_key != first.cancel_key
    assert refund(ledger, 999, "1007").key_index == 0


def test_refused_refund_of_another_till_leaves_its_key_free(ledger: Ledger, second: Teller) -> None:
    first = _refuse(second.ledger, refund(second.ledger))
    second.tell_to(ledger)
    assert refund(ledger).cancel_key == first.cancel_key


@pytest.mark.parametrize("state", [State.QUEUED, State.SENDING, State.UNKNOWN, State.REVIEW])
def test_order_unfinished_at_another_till_is_busy_here(ledger: Ledger, second: Teller, state: State) -> None:
    made = refund(second.ledger)
    bring_to(second.ledger, made, state)
    second.tell_to(ledger)
    for register in (refund, cancel):
        with pytest.raises(OrderBusy) as raised:
            register(ledger)
        assert (raised.value.other.uid, raised.value.other.till) == (made.uid, "CAIXA2")
    busy = ledger.queries.unfinished_of(" 1006/b")
    assert busy is not None
    assert busy.state is state
    assert ledger.connection.rows("SELECT * FROM operations") == []


def test_redemption_at_another_till_keeps_no_order_busy(ledger: Ledger, second: Teller) -> None:
    intent = Intent(Kind.REDEMPTION, ORDER_ID, 500, checkout_id="C1")
    second.ledger.enqueue(intent, lambda _index: SerializedRequest("/r", b"{}", "BR-1"))
    second.tell_to(ledger)
    assert ledger.queries.unfinished_of(ORDER_ID) is None
    assert refund(ledger).state is State.QUEUED


def test_sale_number_used_at_another_till_is_refused(ledger: Ledger, second: Teller) -> None:
    confirm(second.ledger, sell(second.ledger, "4711"))
    _refuse(second.ledger, sell(second.ledger, "4712"))
    second.tell_to(ledger)
    with pytest.raises(SaleNumberUsed):
        sell(ledger, "4711")
    assert sell(ledger, "4712").state is State.QUEUED


def test_sale_completed_at_another_till_is_registered_already(ledger: Ledger, second: Teller) -> None:
    intent = Intent(Kind.COMPLETION, ORDER_ID, ORDER.total, order=ORDER)
    done = confirm(second.ledger, second.ledger.enqueue(intent, lambda _index: SerializedRequest("/c", b"{}")))
    second.tell_to(ledger)
    with pytest.raises(AlreadyRegistered) as raised:
        ledger.enqueue(intent, lambda _index: SerializedRequest("/c", b"{}"))
    assert raised.value.operation.uid == done.uid
    assert ledger.queries.completion_of(ORDER_ID) is not None


def test_order_sold_at_another_till_is_known_offline(ledger: Ledger, second: Teller) -> None:
    confirm(second.ledger, sell(second.ledger, order=replace(ORDER, order_id="CAIXA1-1")))
    second.tell_to(ledger)
    cached = ledger.queries.cached_order("caixa1-1")
    assert cached is not None
    assert (cached[0].total, cached[0].customer and cached[0].customer.name) == (ORDER.total, "Ana")
    assert ledger.queries.sold_order("CAIXA1-1") == cached[0]
    ledger.remember_order(replace(ORDER, order_id="CAIXA1-1", total=100))
    seen = ledger.queries.cached_order("CAIXA1-1")
    assert seen is not None
    assert seen[0].total == 100


# --- returns


def test_return_live_at_another_till_takes_its_id(ledger: Ledger, second: Teller) -> None:
    lines = [("SKU-1", 1)]
    first_id = ledger.queries.next_return_id("mirakl:1", MARKET_ORDER_ID, lines)
    intents = [replace(money_intent(line), return_id=first_id) for line in (1, 2)]
    legs = register_return(second.ledger, *intents)
    second.tell_to(ledger)
    next_id = ledger.queries.next_return_id("mirakl:1", MARKET_ORDER_ID, lines)
    assert next_id != first_id
    assert [leg.uid for leg in ledger.queries.live_legs(first_id)] == [leg.uid for leg in legs]
    for leg in legs:
        ledger.shop.take_over(leg.uid, "Bia")
    assert ledger.queries.next_return_id("mirakl:1", MARKET_ORDER_ID, lines) == first_id


def test_return_closed_negatively_at_another_till_leaves_its_id(ledger: Ledger, second: Teller) -> None:
    for leg in register_return(second.ledger, money_intent(1)):
        second.ledger.withdraw(leg.operation_id)
    second.tell_to(ledger)
    assert ledger.queries.live_legs(RETURN_ID) == []
    assert register_return(ledger, money_intent(1))[0].return_id == RETURN_ID


def test_legs_told_apart_keep_ids_in_a_row(ledger: Ledger, second: Teller, tmp_path: Path) -> None:
    third = Teller(Ledger(tmp_path / "third.db", clock=Clock(), customer_keys=KEYS), "CAIXA3")
    register_return(second.ledger)
    changes = second.tell()
    for number, change in enumerate(changes):
        second.ledger.shop.apply("CAIXA9", 1, [])
        ledger.shop.apply("CAIXA2", 1, [change])
        refund(third.ledger, order_id=f"200{number}")
        third.tell_to(ledger)
    legs = ledger.queries.others.live_legs(RETURN_ID)
    assert [leg.leg for leg in legs] == [1, 2, 3]
    assert {first_leg_id(leg) for leg in legs} == {legs[0].operation_id}
    third.ledger.close()


def test_return_registered_again_gets_ids_of_its_own(ledger: Ledger, second: Teller) -> None:
    for leg in register_return(second.ledger, money_intent(1), money_intent(2)):
        second.ledger.withdraw(leg.operation_id)
    anew = [replace(money_intent(line), intent_id="another draft") for line in (1, 2)]
    again = register_return(second.ledger, *anew)
    second.tell_to(ledger)
    rows = ledger.queries.history_of(MARKET_ORDER_ID, MARKET).operations
    firsts = {first_leg_id(leg) for leg in rows}
    assert (len(rows), len(firsts)) == (4, 2)
    live = ledger.queries.live_legs(RETURN_ID)
    assert [leg.uid for leg in live] == [leg.uid for leg in again]
    assert len({first_leg_id(leg) for leg in live}) == 1
    assert market_leg(1).lines[0].line_id == live[0].remote_line


# --- customers and the search


def test_last_order_of_a_customer_is_found_at_another_till(ledger: Ledger, second: Teller) -> None:
    confirm(second.ledger, refund(second.ledger))
    second.tell_to(ledger)
    identity = KEYS.identity(ANA.document)
    assert identity is not None
    assert ledger.queries.last_order_id_of_customer(identity) == ORDER_ID
    whole = ledger.customers.of_order(ORDER_ID, BONIFIQ_SCOPE)
    assert whole is not None
    assert (whole.name, whole.document) == (ANA.name, ANA.document)


def test_customer_of_two_tills_is_one_person_with_the_orders_of_both(ledger: Ledger, second: Teller) -> None:
    confirm(ledger, refund(ledger))
    confirm(second.ledger, refund(second.ledger, order_id="2001", order=replace(ORDER, order_id="2001")))
    second.tell_to(ledger)
    phone = read_phone_shape(ANA.phone)
    assert phone is not None
    for people in (ledger.customers.with_identity(ANA.document), ledger.customers.with_phone(phone)):
        assert len(people) == 1
        assert people[0] > 0
        hits = ledger.orders.by_customers(people)
        assert {hit.order_id: hit.customer for hit in hits} == {ORDER_ID: people[0], "2001": people[0]}
    (handle,) = [-row[0] for row in ledger.connection.rows("SELECT id FROM shop_customers")]
    assert "2001" in {hit.order_id for hit in ledger.orders.by_customers([handle])}


def test_customer_of_another_till_alone_is_found_and_opened(ledger: Ledger, second: Teller) -> None:
    order = replace(ORDER, order_id="2001", customer=BIA)
    confirm(second.ledger, refund(second.ledger, order_id="2001", order=order))
    second.tell_to(ledger)
    (number,) = ledger.customers.with_identity(BIA.document)
    assert number < 0
    known = ledger.customers.by_id(number)
    assert known is not None
    assert known.name == BIA.name
    (hit,) = ledger.orders.by_customers([number])
    assert (hit.order_id, hit.first_name, hit.customer) == ("2001", "Bia", number)


@pytest.mark.parametrize("typed", ["1006/B", "1006", "06/b"])
def test_order_of_another_till_is_found_by_its_number(ledger: Ledger, second: Teller, typed: str) -> None:
    confirm(second.ledger, refund(second.ledger))
    second.tell_to(ledger)
    assert [hit.order_id for hit in ledger.orders.by_number(typed)] == [ORDER_ID]


def test_order_of_another_till_is_found_by_amount_and_day(ledger: Ledger, second: Teller) -> None:
    made = confirm(second.ledger, refund(second.ledger, 1234))
    second.tell_to(ledger)
    second_of = timedelta(seconds=1)
    found = ledger.orders.by_time(made.created_at, made.created_at + second_of)
    for hits in (ledger.orders.by_amount(1234), found):
        assert [(hit.order_id, hit.state, hit.value) for hit in hits] == [(ORDER_ID, State.CONFIRMED, 1234)]
    assert ledger.orders.by_amount(1235) == []
    assert ledger.orders.by_time(made.created_at + second_of, made.created_at + 2 * second_of) == []


def test_names_of_other_tills_customers_are_found_until_erased(ledger: Ledger, second: Teller, path: Path) -> None:
    confirm(second.ledger, refund(second.ledger))
    second.tell_to(ledger)

    async def find() -> list[list[int]]:
        index = CustomerIndex(ledger, path)
        ready = asyncio.Event()
        index.on_ready = ready.set
        index.start()
        await ready.wait()
        assert index.people is not None
        found = [index.people.with_name(name_words("ana prado"))]
        order = replace(ORDER, order_id="2001", customer=BIA)
        confirm(second.ledger, refund(second.ledger, order_id="2001", order=order))
        second.tell_to(ledger)
        found.append(index.people.with_name(name_words("bia")))
        second.add({"kind": "erasure", "identity": KEYS.identity(BIA.document)})
        second.tell_to(ledger)
        found.append(index.people.with_name(name_words("bia")))
        index.drop()
        return found

    ana, bia, erased = asyncio.run(find())
    assert (len(ana), len(bia), erased) == (1, 1, [])
    assert ana[0] < 0
    assert bia[0] < ana[0]


# --- what works on operations sees this till alone


def test_unfinished_operations_of_other_tills_are_no_work_here(ledger: Ledger, second: Teller) -> None:
    bring_to(second.ledger, refund(second.ledger), State.SENDING)
    second.tell_to(ledger)
    assert ledger.queries.waiting() == []
    assert (ledger.queries.counts().pending, ledger.queries.counts().review) == (0, 0)
    assert ledger.recover() == []
    assert not ledger.queries.has_possibly_sent()
    assert not ledger.queries.has_operations()
    (here,) = ledger.queries.history_of(ORDER_ID).operations
    assert here.state is State.SENDING


def test_commands_refuse_the_id_of_another_tills_operation(ledger: Ledger, second: Teller) -> None:
    bring_to(second.ledger, refund(second.ledger), State.REVIEW)
    second.tell_to(ledger)
    here = ledger.queries.others.operation(ledger.queries.history_of(ORDER_ID).operations[0].operation_id)
    assert here is not None
    for command in (
        lambda: ledger.start_attempt(here.operation_id),
        lambda: ledger.withdraw(here.operation_id),
        lambda: ledger.resolve(here.operation_id, State.REVIEW, Resolution(State.NOT_APPLIED, Evidence.PERSON)),
        lambda: ledger.record_contradiction(here.operation_id, "shown 1"),
    ):
        with pytest.raises(Exception, match=r"operation -?\d+"):
            command()
    second.tell_to(ledger)
    assert ledger.queries.others.operation(here.operation_id) == here
