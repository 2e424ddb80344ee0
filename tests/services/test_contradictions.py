"""A final state never changes; a look-up that shows the opposite is stored as a contradiction and published."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from bonifiq_desktop.domain.operations import Decision, Evidence, Operation, ReviewReason, State
from bonifiq_desktop.domain.verdicts import OrderNotFound
from bonifiq_desktop.ledger.errors import LedgerFailed, TransitionRefused
from bonifiq_desktop.ledger.row_mapping import Event
from bonifiq_desktop.services.lookup import PROPAGATION_DELAY
from bonifiq_desktop.training_server.server import TrainingServer
from tests.services.conftest import MakeTill
from tests.support.headless_till import SALE, Till

CANCELLED = {"OrderCancelledDate": "2026-01-01T00:00:00Z"}
SOLD = {
    "OriginalId": "2001",
    "OrderPlacementDate": "2026-01-01T00:00:00Z",
    "OrderTotal": Decimal("90.00"),
    "Customer": {"OriginalId": "maria.santos@exemplo.com.br"},
}


def revive(server: TrainingServer, order_id: str = "1001") -> None:
    """BonifiQ shows a cancelled order as not cancelled."""
    server.service._orders[order_id].cancelled = None


def later(till: Till) -> None:
    """Let the time pass in which a look-up may be behind."""
    till.time_offset += PROPAGATION_DELAY + timedelta(seconds=1)


def alarms(till: Till, operation: Operation) -> list[Event]:
    """The events without a change of state."""
    return [event for event in till.details(operation).events if event.from_state is event.to_state]


@pytest.fixture(name="cancelled")
def cancel_that_bonifiq_forgot(till: Till, server: TrainingServer) -> Operation:
    """A whole cancel, confirmed a while ago; now the order shows as not cancelled."""
    operation = till.wait_until_settled(till.cancel())
    revive(server)
    later(till)
    till.published.clear()
    return operation


def test_contradiction_adds_event_and_alarm_and_keeps_state(till: Till, cancelled: Operation) -> None:
    till.look_up()
    now = till.stored(cancelled)
    assert (now.state, now.evidence, now.settled_at) == (cancelled.state, cancelled.evidence, cancelled.settled_at)
    assert now.contradicted
    assert till.published == [now]
    [event] = alarms(till, cancelled)
    assert (event.to_state, event.evidence, event.review_reason) == (
        State.CONFIRMED,
        Evidence.LOOKUP,
        ReviewReason.LOOKUP_DISAGREES,
    )
    assert event.note == "shown 12990"
    assert till.ledger.queries.counts().contradicted == 1


def test_read_back_answered_with_another_order_finds_its_contradiction(
    till: Till, server: TrainingServer, cancelled: Operation, monkeypatch: pytest.MonkeyPatch
) -> None:
    really = server.service.find
    asked: list[str] = []

    def find(order_id: str) -> object:
        """Answer the first look-up of any other number with order 1001."""
        if order_id != "1001" and not asked:
            asked.append(order_id)
            order_id = "1001"
        return really(order_id)

    server.faults.add("lose_answer", only="sale")
    monkeypatch.setattr(server.service, "find", find)
    sale = till.wait_until_settled(till.sell(replace(SALE, order_id="")))  # not looked up before it is sent
    assert sale.state is State.CONFIRMED
    assert asked == [sale.order_id], "the sale was confirmed by its own order, at the second look-up"
    assert till.stored(cancelled).contradicted


def test_contradiction_stands_until_acknowledged(make_till: MakeTill, till: Till, cancelled: Operation) -> None:
    for _ in range(3):
        till.look_up()
    assert len(till.published) == len(alarms(till, cancelled)) == 1
    till.ledger.close()
    again = make_till("caixa1")
    assert again.ledger.queries.counts().contradicted == 1
    seen = again.review.acknowledge(cancelled.operation_id)
    assert (seen.contradicted, seen.state) == (False, State.CONFIRMED)
    assert again.ledger.queries.counts().contradicted == 0
    assert [event.evidence for event in alarms(again, cancelled)] == [Evidence.LOOKUP, Evidence.PERSON]
    with pytest.raises(TransitionRefused):
        again.review.acknowledge(cancelled.operation_id)


def test_acknowledged_contradiction_returns_only_for_new_finding(
    till: Till, server: TrainingServer, cancelled: Operation
) -> None:
    server.service.shows_refunds = True
    till.look_up()
    till.review.acknowledge(cancelled.operation_id)
    till.look_up()
    assert till.ledger.queries.counts().contradicted == 0
    server.service.refund("1001", {"ValueToRefund": 10, "CancelKey": "ELSEWHERE"})
    till.look_up()
    assert till.stored(cancelled).contradicted
    assert [event.note for event in alarms(till, cancelled)] == ["shown 12990", "", "shown 11990"]


def test_contradiction_is_found_by_lookup_of_outbox(till: Till, server: TrainingServer) -> None:
    sold = till.wait_until_settled(till.sell())
    server.service._orders.pop("2001")
    till.look_up("1001")
    server.stop()
    operation = till.refund(1000, "2001")  # known from the sale
    server.start()
    later(till)
    assert till.wait_until_settled(operation).review_reason is ReviewReason.ORDER_CHANGED
    assert till.stored(sold).contradicted


def test_contradiction_is_found_by_customer_search(till: Till, cancelled: Operation) -> None:
    till.run(till.customers.find("52998224725"))
    assert till.stored(cancelled).contradicted


def test_lookup_soon_after_settlement_is_not_compared(till: Till, server: TrainingServer) -> None:
    operation = till.wait_until_settled(till.cancel())
    revive(server)
    till.look_up()
    assert not till.stored(operation).contradicted
    for till.clock_skew in (timedelta(days=-1), timedelta(days=1)):  # nor after a clock change
        till.look_up()
        assert not till.stored(operation).contradicted


def test_contradiction_is_found_after_clock_was_ahead(make_till: MakeTill, server: TrainingServer) -> None:
    till = make_till("caixa1")
    till.clock_skew = timedelta(days=1500)
    first, second = till.wait_until_settled(till.cancel("1001")), till.wait_until_settled(till.cancel("1002"))
    revive(server, "1001")
    revive(server, "1002")
    till.clock_skew = timedelta()
    later(till)
    till.look_up("1001")
    assert till.stored(first).contradicted
    till.run(till._stop())
    till.ledger.close()
    again = make_till("caixa1")
    again.look_up("1002")
    assert not again.stored(second).contradicted, "it is not known how long ago that was"
    later(again)
    again.look_up("1002")
    assert again.stored(second).contradicted


def test_contradiction_is_found_at_once_after_restart(make_till: MakeTill, server: TrainingServer) -> None:
    till = make_till("caixa1")
    till.clock_skew = timedelta(days=-1)
    operation = till.wait_until_settled(till.cancel())
    revive(server)
    till.run(till._stop())
    till.ledger.close()
    again = make_till("caixa1")
    again.look_up()
    assert again.stored(operation).contradicted


def test_confirmed_sale_missing_at_lookup_is_contradicted(till: Till, server: TrainingServer) -> None:
    operation = till.wait_until_settled(till.sell())
    later(till)
    till.look_up("2001")
    assert not till.stored(operation).contradicted
    server.service._orders.pop("2001")
    with pytest.raises(OrderNotFound):
        till.look_up("2001")
    assert till.stored(operation).contradicted
    assert alarms(till, operation)[0].note == "shown missing"


NEGATIVE: dict[str, Callable[[Till, TrainingServer], Operation]] = {}


def closes(close: Callable[[Till, TrainingServer], Operation]) -> Callable[[Till, TrainingServer], Operation]:
    NEGATIVE[close.__name__] = close
    return close


@closes
def refused(till: Till, server: TrainingServer) -> Operation:
    server.faults.add("refuse", only="sale")
    return till.wait_until_settled(till.sell())


@closes
def withdrawn(till: Till, server: TrainingServer) -> Operation:
    del server
    return till.registration.withdraw(till.sell().operation_id)


@closes
def not_applied(till: Till, server: TrainingServer) -> Operation:
    server.faults.add("close", only="sale")
    server.faults.add("refuse", only="sale")
    operation = till.wait_until_settled(till.sell())
    assert operation.state is State.REVIEW
    till.expire_copies()
    return till.review.decide(operation.operation_id, Decision.NOT_DONE, "Ana", "desistiu")


@pytest.mark.parametrize("way", NEGATIVE)
def test_negative_sale_found_at_lookup_is_contradicted(till: Till, server: TrainingServer, way: str) -> None:
    operation = NEGATIVE[way](till, server)
    assert operation.state == way
    server.service.register_sale(SOLD)
    later(till)
    till.look_up("2001")
    assert till.stored(operation).contradicted
    assert till.stored(operation).state == way


def test_negative_sale_registered_again_is_not_contradicted(till: Till, server: TrainingServer) -> None:
    operation = refused(till, server)
    till.wait_until_settled(till.sell(SALE))
    later(till)
    till.look_up("2001")
    assert not till.stored(operation).contradicted


def test_refused_cancel_of_cancelled_order_is_contradicted(till: Till, server: TrainingServer) -> None:
    server.faults.add("refuse", only="cancel")
    operation = till.wait_until_settled(till.cancel())
    assert operation.state is State.REFUSED
    server.service.cancel("1001", CANCELLED)
    later(till)
    till.look_up()
    assert till.stored(operation).contradicted


def test_unsent_cancel_of_cancelled_order_is_not_contradicted(till: Till, server: TrainingServer) -> None:
    operation = till.registration.withdraw(till.cancel().operation_id)
    server.service.cancel("1001", CANCELLED)
    later(till)
    till.look_up()
    assert not till.stored(operation).contradicted


@pytest.mark.parametrize("shows_refunds", [True, False])
def test_refused_refund_visible_in_total_is_contradicted(
    till: Till, server: TrainingServer, *, shows_refunds: bool
) -> None:
    server.service.shows_refunds = shows_refunds
    till.wait_until_settled(till.refund(1000))
    server.faults.add("refuse", only="refund")
    operation = till.wait_until_settled(till.refund(4990))
    later(till)
    till.look_up()
    assert not till.stored(operation).contradicted
    server.service.refund("1001", {"ValueToRefund": Decimal("49.90"), "CancelKey": "A-COPY"})
    till.look_up()
    assert till.stored(operation).contradicted is shows_refunds


def test_lookup_at_other_server_contradicts_nothing(
    make_till: MakeTill, server: TrainingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    till = make_till("caixa1")
    monkeypatch.setattr(till.connection, "fixed_server_id", "another")
    operation = till.wait_until_settled(till.cancel())
    monkeypatch.setattr(till.connection, "fixed_server_id", None)
    revive(server)
    later(till)
    till.look_up()
    assert not till.stored(operation).contradicted


def test_lookup_succeeds_when_contradiction_cannot_be_stored(
    till: Till, cancelled: Operation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_operation_id: int, _shown: str) -> Operation:
        raise LedgerFailed("disk full")

    with monkeypatch.context() as patch:
        patch.setattr(till.ledger, "record_contradiction", fail)
        assert till.look_up().order.order_id == "1001"
    till.look_up()
    assert till.stored(cancelled).contradicted


def test_failed_lookup_contradicts_nothing(till: Till, server: TrainingServer, cancelled: Operation) -> None:
    server.faults.add("html", only="lookup")
    till.look_up()
    server.stop()
    till.look_up()
    assert not till.stored(cancelled).contradicted
