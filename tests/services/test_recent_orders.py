"""The outbox looks an order up before the first sending, unless it was seen within the last minute."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bonifiq_desktop.connectors.bonifiq import connector
from bonifiq_desktop.domain.operations import Decision, Evidence, Operation, ReviewReason, State
from bonifiq_desktop.domain.orders import Customer, Order
from bonifiq_desktop.domain.verdicts import FailureReason
from bonifiq_desktop.security.credentials import Credentials
from bonifiq_desktop.services.connection import MAX_ORDER_AGE, RecentOrders
from bonifiq_desktop.services.refundable import RefundRequest
from bonifiq_desktop.training_server.server import TrainingServer
from tests.services.conftest import MakeTill
from tests.services.test_retry import FairWorld
from tests.support.headless_till import SALE, Till, applied, credentials_of, posted_requests
from tests.support.killable_till import KillableTill
from tests.support.simulation import VirtualLoop, simulated_client

CANCELLED = {"OrderCancelledDate": "2026-01-01T00:00:00Z"}
ASKS: dict[str, Callable[[Till], Operation]] = {"refund": lambda till: till.refund(4990), "cancel": Till.cancel}
CHANGES: dict[str, Callable[[TrainingServer], object]] = {
    "cancelled": lambda server: server.service.cancel("1001", CANCELLED),
    "gone": lambda server: server.service._orders.pop("1001"),
    "less": lambda server: server.service.refund("1001", {"ValueToRefund": 100, "CancelKey": "ELSEWHERE"}),
}

by_kind = pytest.mark.parametrize("kind", ASKS)
by_change = pytest.mark.parametrize("change", CHANGES)


def methods(server: TrainingServer) -> list[str]:
    return [request.method for request in server.service.requests]


def restarted(make_till: MakeTill, till: Till) -> Till:
    """Close the program and open it again on the same folder."""
    till.run(till._stop())
    till.ledger.close()
    return make_till("caixa1")


def a_minute_later(till: Till) -> None:
    wall = till.connection.recent_orders._wall_clock
    till.connection.recent_orders._wall_clock = lambda: wall() + MAX_ORDER_AGE


def another_pair(till: Till, server: TrainingServer) -> None:
    till.run(till.connection.configure(server.url, Credentials("other", "pair")))
    till.run(till.connection.configure(server.url, credentials_of(server)))


FORGETS: dict[str, Callable[[Till, TrainingServer], None]] = {
    "old": lambda till, _server: a_minute_later(till),
    "slept": lambda till, _server: till.outbox.resume_after_suspend(),
    "pair": another_pair,
}


@by_kind
@by_change
def test_operation_after_restart_is_looked_up_and_changed_order_needs_review(
    make_till: MakeTill, server: TrainingServer, kind: str, change: str
) -> None:
    server.service.shows_refunds = True
    till = make_till("caixa1")
    till.look_up()
    operation = ASKS[kind](till)
    assert not operation.look_up_first, "registered from a fresh card, online"
    till = restarted(make_till, till)
    CHANGES[change](server)
    done = till.wait_until_settled(operation)
    assert (done.state, done.review_reason, done.attempts) == (State.REVIEW, ReviewReason.ORDER_CHANGED, 0)
    assert posted_requests(server) == []


@by_kind
@by_change
@pytest.mark.parametrize("why", FORGETS)
def test_operation_from_outdated_order_is_looked_up_before_sending(
    till: Till, server: TrainingServer, kind: str, change: str, why: str
) -> None:
    server.service.shows_refunds = True
    operation = ASKS[kind](till)
    FORGETS[why](till, server)
    CHANGES[change](server)
    done = till.wait_until_settled(operation)
    assert (done.state, done.review_reason, done.attempts) == (State.REVIEW, ReviewReason.ORDER_CHANGED, 0)
    assert posted_requests(server) == []


@by_kind
@pytest.mark.parametrize("why", FORGETS)
def test_operation_from_outdated_unchanged_order_is_sent(
    till: Till, server: TrainingServer, kind: str, why: str
) -> None:
    operation = ASKS[kind](till)
    FORGETS[why](till, server)
    assert till.wait_until_settled(operation).evidence is Evidence.ANSWER
    assert methods(server) == ["GET", "GET", "POST"]


def test_operation_whose_lookup_is_offline_shows_no_connection(till: Till, server: TrainingServer) -> None:
    operation = till.refund(2590)
    till.outbox.resume_after_suspend()
    server.stop()
    till.wait_until(lambda: till.stored(operation).failure_reason is FailureReason.NO_CONNECTION)
    assert till.stored(operation).state is State.QUEUED
    assert till.published[-1].failure_reason is FailureReason.NO_CONNECTION
    server.start()
    done = till.wait_until_settled(operation)
    assert (done.state, done.failure_reason, done.attempts) == (State.CONFIRMED, None, 1)


def test_refund_of_order_cancelled_while_offline_needs_review_after_restart(
    make_till: MakeTill, server: TrainingServer
) -> None:
    till = make_till("caixa1")
    found = till.look_up()
    server.stop()
    operation = till.registration.refund(RefundRequest(found.order, 2590))
    till.outbox.wake()
    till.wait_for_state(operation, State.QUEUED)
    till = restarted(make_till, till)
    server.service.cancel("1001", CANCELLED)
    server.start()
    done = till.wait_until_settled(operation)
    assert (done.state, done.review_reason, posted_requests(server)) == (State.REVIEW, ReviewReason.ORDER_CHANGED, [])


def test_order_seen_in_customer_search_is_not_looked_up_again(till: Till, server: TrainingServer) -> None:
    found = till.look_up()
    server.service.cancel("1001", CANCELLED)
    till.run(till.customers.find("52998224725"))
    till.registration.refund(RefundRequest(found.order, 2590))
    seen = methods(server)
    till.outbox.wake()
    till.wait_until(lambda: till.published != [] and till.published[-1].state is State.REVIEW)
    assert till.published[-1].review_reason is ReviewReason.ORDER_CHANGED
    assert methods(server) == seen


def test_order_after_own_operation_is_looked_up_again(till: Till, server: TrainingServer) -> None:
    found = till.look_up()
    for value in (1000, 2000):
        till.wait_until_settled(till.registration.refund(RefundRequest(found.order, value)))
        till.outbox.wake()
    assert methods(server) == ["GET", "POST", "GET", "POST"]


def test_order_not_found_meanwhile_is_not_recent(till: Till, server: TrainingServer) -> None:
    operation = till.refund(2590)
    order = server.service._orders.pop("1001")
    with pytest.raises(Exception, match="refused"):
        till.look_up()
    server.service._orders["1001"] = order
    assert till.wait_until_settled(operation).state is State.CONFIRMED
    assert methods(server) == ["GET", "GET", "GET", "POST"]


def test_decision_to_send_covers_only_the_order_as_it_was_then(make_till: MakeTill, server: TrainingServer) -> None:
    server.service.shows_refunds = True
    till = make_till("caixa1")
    operation = till.refund(4990)
    till.outbox.resume_after_suspend()
    server.service.refund("1001", {"ValueToRefund": 100, "CancelKey": "ELSEWHERE"})
    assert till.wait_until_settled(operation).review_reason is ReviewReason.ORDER_CHANGED
    till.review.decide(operation.operation_id, Decision.TRY_AGAIN, "Ana", "conferi")
    till = restarted(make_till, till)
    server.service.cancel("1001", CANCELLED)
    again = till.wait_until_settled(operation)
    assert (again.state, again.review_reason, again.attempts) == (State.REVIEW, ReviewReason.ORDER_CHANGED, 0)
    till.review.decide(operation.operation_id, Decision.TRY_AGAIN, "Ana", "mesmo assim")
    till = restarted(make_till, till)
    till.wait_until_settled(operation)
    assert len(posted_requests(server)) == 1, "the order is unchanged since the decision, so the refund is sent"


def test_sale_with_typed_number_is_looked_up_again_after_lost_connection(till: Till, server: TrainingServer) -> None:
    operation = till.wait_until_settled(till.sell(replace(SALE, order_id="1002")))
    assert operation.review_reason is ReviewReason.ORDER_CHANGED
    order = server.service._orders.pop("1002")
    till.published.clear()
    till.review.decide(operation.operation_id, Decision.TRY_AGAIN, "Ana", "apagado no painel")
    till.on_published = lambda heard: server.stop() if heard.state is State.SENDING else None
    till.outbox.wake()
    till.wait_until(
        lambda: "not_sent" in till.attempt_outcomes(operation)
    )  # the look-up found no order, then the connection was lost
    till.on_published = lambda _heard: None
    server.service._orders["1002"] = order
    server.start()
    done = till.wait_until_settled(operation)
    assert (done.state, done.review_reason) == (State.REVIEW, ReviewReason.ORDER_CHANGED)
    assert posted_requests(server) == []


@pytest.mark.parametrize(("seconds", "looks"), [(MAX_ORDER_AGE - 1, 1), (MAX_ORDER_AGE + 1, 2)])
def test_order_is_recent_for_a_minute_of_loop_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seconds: float, looks: int
) -> None:
    world = FairWorld()
    monkeypatch.setattr(connector, "HttpClient", simulated_client(world))
    till = KillableTill(world, 1, tmp_path)

    async def day() -> None:
        await till.open()
        found = await till.lookup.look_up("1001")
        await asyncio.sleep(seconds)
        till.remember_registered(till.registration.refund(RefundRequest(found.order, 2590)))
        await asyncio.sleep(60)
        await till.close()

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        runner.run(day())
    assert [request.method for request in world.service.requests] == ["GET"] * looks + ["POST"]


def test_order_is_recent_only_by_both_clocks() -> None:
    async def look() -> None:
        wall = [1.7e9]
        seen = RecentOrders(lambda: wall[0])
        seen.put(Order("A-1", 100, customer=Customer(name="Maria Souza", email="maria@exemplo.com.br")))
        kept = seen.get(" A-1 ")
        assert kept is not None
        assert "maria@" not in repr(vars(kept.customer))
        for wall[0] in (1.7e9 + MAX_ORDER_AGE, 1.7e9 - MAX_ORDER_AGE):
            assert seen.get("A-1") is None
        wall[0] = 1.7e9 + MAX_ORDER_AGE - 1
        assert seen.get("A-1") == kept
        assert seen.get("A-2") is None
        seen.discard("A-1")
        assert seen.get("A-1") is None

    asyncio.run(look())


def test_recent_order_is_found_by_other_unicode_spelling() -> None:
    async def look() -> None:
        seen = RecentOrders()
        seen.put(Order("Loja-É", 100))
        assert seen.get("Loja-E\u0301") is not None
        seen.discard("loja-e\u0301")
        assert seen.get("Loja-É") is None, "a request under the other spelling may have changed the order"

    asyncio.run(look())


def test_recent_orders_hold_only_the_last_minute() -> None:
    async def look() -> None:
        wall = 0.0
        seen = RecentOrders(lambda: wall)
        for number in range(100):
            wall = number * 10.0
            seen.put(Order(f"A-{number}", 100))
        assert len(seen._entries) <= MAX_ORDER_AGE / 10

    asyncio.run(look())


def test_lookup_before_sending_obeys_retry_after(till: Till, server: TrainingServer) -> None:
    operation = till.refund(2590)
    till.outbox.resume_after_suspend()
    server.faults.add("error_503", only="lookup", retry_after=600)
    till.start_outbox()
    till.wait_until(lambda: till.outbox._throttle._asked_until > 0)
    assert posted_requests(server) == []
    assert till.wait_until_settled(operation).state is State.CONFIRMED
    assert applied(server) == [("refund", "1001", 2590)]


@pytest.mark.parametrize(
    ("noted", "asked", "is_known"),
    [
        ("A\u00c7\u00c3O-1", "AC\u0327A\u0303O-1", True),
        ("PED-a1", "PED-a1", True),
        ("PED-a1", "PED-A1", False),
        ("STRASSE-1", "STRA\u00dfE-1", False),
    ],
)
def test_recent_order_is_known_by_its_own_number_only(noted: str, asked: str, *, is_known: bool) -> None:
    """BonifiQ may tell capitals apart, so an order number in other capitals may be another order."""

    async def look() -> tuple[bool, bool]:
        seen = RecentOrders()
        seen.put(Order(noted, 9000))
        known = seen.get(asked) is not None
        seen.discard(asked)
        return known, seen.get(noted) is not None

    assert asyncio.run(look()) == (is_known, False), "discarded in every spelling"
