"""Pace of the outbox: requests per hour, minimum interval, outages, foreground requests first."""

import asyncio
from bisect import bisect
from collections.abc import Coroutine
from datetime import datetime, timedelta
from functools import partial
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import httpx
import pytest

from bonifiq_desktop.connectors.bonifiq import connector
from bonifiq_desktop.domain.operations import State
from bonifiq_desktop.domain.orders import Customer
from bonifiq_desktop.domain.sales import Sale
from bonifiq_desktop.services.retry import ForegroundFirst, RetryPolicy
from bonifiq_desktop.training_server.server import TrainingServer
from tests.support.headless_till import SALE, Till, posted_requests
from tests.support.killable_till import KillableTill
from tests.support.simulation import START, Simulation, TillConnection, VirtualLoop, simulated_client

HOUR = timedelta(hours=1)
ONE_LOOK = partial(
    RetryPolicy, not_found_interval=0
)  # sales with typed numbers would wait between two look-ups, which would distort the counts


def in_virtual_time(work: Coroutine[Any, Any, None]) -> None:
    """Run a coroutine on a loop whose hours pass at once."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        runner.run(work)


class FairWorld(Simulation):
    """A simulated server in virtual time. `errors`: how many of the next POSTs fail; `latency`: seconds."""

    def __init__(self) -> None:
        super().__init__(Random(1), fault_rate=0)
        self.errors = 0
        self.how = "error_500"
        self.latency = 0.0

    async def exchange(self, request: httpx.Request, port: int) -> httpx.Response:
        await asyncio.sleep(self.latency)
        return await super().exchange(request, port)

    def _choose_fault(self, method: str, line: TillConnection) -> str:  # noqa: ARG002 - the signature of Simulation
        if method != "POST" or not self.errors:
            return "ok"
        self.errors -= 1
        return self.how


@pytest.fixture(name="world")
def virtual_world(monkeypatch: pytest.MonkeyPatch) -> FairWorld:
    """The simulated server of these tests."""
    world = FairWorld()
    monkeypatch.setattr(connector, "HttpClient", simulated_client(world))
    return world


def sell(till: KillableTill, name: str, number: int) -> None:
    sale = Sale(Customer(name="Maria", document="52998224725"), 9000, START, order_id=f"{name}-{number}")
    till.remember_registered(till.registration.sell(sale))


def sell_all(till: KillableTill, name: str, many: int) -> None:
    for number in range(many):
        sell(till, name, number)


def most_in_an_hour(times: list[datetime]) -> int:
    return max(bisect(times, at + HOUR - timedelta(milliseconds=1)) - place for place, at in enumerate(times))


def moments(world: FairWorld, method: str) -> list[datetime]:
    return [datetime.fromisoformat(request.at) for request in world.service.requests if request.method == method]


@pytest.mark.parametrize("errors", [0, 30])
def test_requests_per_hour_stay_within_limit_and_queue_empties(world: FairWorld, tmp_path: Path, errors: int) -> None:
    """Each sale costs a POST and two look-ups; each error costs two more requests."""
    till = KillableTill(world, 1, tmp_path)
    till.policy = ONE_LOOK(requests_per_hour=10, max_attempts=200)

    async def day() -> None:
        await till.open()
        world.errors = errors
        sell_all(till, "A", 15)
        await asyncio.sleep(20 * 3600)
        assert till.ledger is not None
        assert till.ledger.queries.counts().pending == 0
        await till.close()

    in_virtual_time(day())
    requests = [datetime.fromisoformat(request.at) for request in world.service.requests]
    assert len(requests) == 3 * 15 + 2 * errors
    assert 10 - 3 < most_in_an_hour(requests) <= 10


def test_queue_of_500_is_sent_without_reaching_rate_limit(world: FairWorld, tmp_path: Path) -> None:
    till = KillableTill(world, 1, tmp_path)
    till.policy = ONE_LOOK()

    async def day() -> None:
        await till.open()
        sell_all(till, "A", 500)
        await asyncio.sleep(HOUR.total_seconds())
        assert till.ledger is not None
        assert till.ledger.queries.counts().pending == 0
        await till.close()

    in_virtual_time(day())
    times = moments(world, "POST")
    assert len(times) == 500
    assert times[-1] - times[0] < timedelta(seconds=1), "without foreground look-ups the outbox keeps no interval"


def test_outbox_after_lookup_keeps_min_interval_between_operations(world: FairWorld, tmp_path: Path) -> None:
    till = KillableTill(world, 1, tmp_path)
    till.policy = ONE_LOOK()

    async def day() -> None:
        await till.open()
        await till.lookup.look_up("1001")
        sell_all(till, "A", 20)
        await asyncio.sleep(60)
        await till.close()

    in_virtual_time(day())
    breaths = [later - earlier for earlier, later in pairwise(moments(world, "POST"))]
    assert len(breaths) == 19
    assert min(breaths) >= timedelta(seconds=RetryPolicy().min_interval)
    assert max(breaths) < timedelta(seconds=2 * RetryPolicy().min_interval)


def test_foreground_lookups_neither_count_nor_wait_for_rate_limit(world: FairWorld, tmp_path: Path) -> None:
    till = KillableTill(world, 1, tmp_path)
    till.policy = ONE_LOOK(requests_per_hour=6)

    async def day() -> None:
        await till.open()
        sell_all(till, "A", 10)
        start = asyncio.get_running_loop().time()
        for _ in range(50):
            await till.lookup.look_up("1001")
        assert asyncio.get_running_loop().time() - start < 1
        await asyncio.sleep(10 * 3600)
        await till.close()

    in_virtual_time(day())
    assert most_in_an_hour(moments(world, "POST")) > 1
    assert len(moments(world, "POST")) == 10


def test_new_operation_is_sent_before_failing_ones(world: FairWorld, tmp_path: Path) -> None:
    till = KillableTill(world, 1, tmp_path)
    till.policy = ONE_LOOK(requests_per_hour=30, max_attempts=1000)

    async def day() -> None:
        await till.open()
        world.errors = 10**9
        sell_all(till, "BAD", 40)
        await asyncio.sleep(5 * 3600)  # forty failing operations use up the requests of each hour
        world.errors = 0
        sell(till, "NEW", 1)
        await asyncio.sleep(2 * 3600)
        await till.close()

    in_virtual_time(day())
    assert world.service.applied[0].order_id == "NEW-1"
    assert len(world.service.applied) > 1


@pytest.mark.parametrize("how", ["error_500", "html", "lost_before", "cut"])
@pytest.mark.parametrize("queued", [20, 100])
def test_server_outage_reduces_requests_and_recovery_sends_everything(
    world: FairWorld, tmp_path: Path, how: str, queued: int
) -> None:
    till = KillableTill(world, 1, tmp_path)
    till.policy = ONE_LOOK()
    world.how, world.latency = how, 0.1

    async def day() -> None:
        await till.open()
        assert till.ledger is not None
        world.errors = 10**9
        sell_all(till, "A", queued)
        await asyncio.sleep(180)
        assert 1 < world.requests / (180 / RetryPolicy().max_offline_delay) < 5
        world.errors = 0
        await asyncio.sleep(300)
        assert till.ledger.queries.counts().pending == 0
        sell(till, "FRESH", 1)
        await asyncio.sleep(60)
        assert till.ledger.queries.counts().pending == 0
        await till.close()

    in_virtual_time(day())
    assert len(world.service.applied) == queued + 1


def test_new_operation_during_server_outage_is_tried_at_once(world: FairWorld, tmp_path: Path) -> None:
    till = KillableTill(world, 1, tmp_path)
    till.policy = ONE_LOOK()

    async def day() -> None:
        await till.open()
        world.errors = 10**9
        sell_all(till, "BAD", 5)
        await asyncio.sleep(600)
        before = world.requests
        sell(till, "TRIED", 1)
        await asyncio.sleep(0.1)
        assert world.requests == before + 2, "the new operation is looked up and sent once"
        world.errors = 0
        sell(till, "NEW", 1)
        await asyncio.sleep(0.1)
        assert world.service.applied[0].order_id == "NEW-1"
        await till.close()

    in_virtual_time(day())


def test_two_failing_operations_are_no_outage(world: FairWorld, tmp_path: Path) -> None:
    till = KillableTill(world, 1, tmp_path)
    till.policy = ONE_LOOK(max_delay=1, max_attempts=1000)

    async def day() -> None:
        await till.open()
        world.errors = 10**9
        sell_all(till, "BAD", 2)
        await asyncio.sleep(60)
        await till.close()

    in_virtual_time(day())
    pauses = [later - earlier for earlier, later in pairwise(moments(world, "POST"))]
    assert max(pauses) < timedelta(seconds=2), "no outage interval between the requests"


def test_verdict_between_failures_prevents_outage(world: FairWorld, tmp_path: Path) -> None:
    till = KillableTill(world, 1, tmp_path)
    till.policy = ONE_LOOK(max_delay=1, max_attempts=1000)

    async def day() -> None:
        await till.open()
        for round_ in range(5):
            world.errors = 2
            sell_all(till, f"A{round_}", 3)
            await asyncio.sleep(0.1)
            assert len(world.service.applied) == 3 * round_ + 1, "two sales fail and the third is sent at once"
            await asyncio.sleep(10)
        await till.close()

    in_virtual_time(day())


def test_lookup_result_between_failures_prevents_outage(world: FairWorld, tmp_path: Path) -> None:
    till = KillableTill(world, 1, tmp_path)
    till.policy = ONE_LOOK()
    world.how = "lost_after"

    async def day() -> None:
        await till.open()
        world.errors = 3
        sell_all(till, "A", 3)
        await asyncio.sleep(60)
        world.errors = 2
        sell_all(till, "B", 3)
        await asyncio.sleep(0.1)
        assert len(world.service.applied) == 6, "the two failures delay no operation"
        await till.close()

    in_virtual_time(day())


def test_repeats_leave_requests_of_the_hour_for_new_operations(world: FairWorld, tmp_path: Path) -> None:
    till = KillableTill(world, 1, tmp_path)
    till.policy = ONE_LOOK(max_delay=1, requests_per_hour=60, max_attempts=1000)

    async def day() -> None:
        await till.open()
        world.errors = 10**9
        sell_all(till, "BAD", 2)
        await asyncio.sleep(600)
        assert 43 <= world.requests <= 45
        world.errors = 0
        sell_all(till, "NEW", 5)
        await asyncio.sleep(1)
        assert [entry.order_id for entry in world.service.applied] == [f"NEW-{number}" for number in range(5)]
        await till.close()

    in_virtual_time(day())


def test_failing_operations_are_retried_in_turn(world: FairWorld, tmp_path: Path) -> None:
    till = KillableTill(world, 1, tmp_path)
    till.policy = ONE_LOOK(max_attempts=1000)

    async def day() -> None:
        await till.open()
        world.errors = 10**9
        sell_all(till, "BAD", 40)
        await asyncio.sleep(5 * 3600)
        assert till.ledger is not None
        attempts = [till.ledger.queries.operation(operation_id).attempts for operation_id in till.promised]
        assert min(attempts) > 0.7 * max(attempts) > 7
        await till.close()

    in_virtual_time(day())


def test_outbox_during_foreground_lookup_sends_nothing(till: Till, server: TrainingServer) -> None:
    till.start_outbox()
    server.faults.add("delay", only="lookup", seconds=0.4)

    async def ask() -> None:
        asking = asyncio.ensure_future(till.lookup.look_up("1001"))
        await asyncio.sleep(0.05)
        till.registration.sell(SALE)
        till.outbox.wake()
        await asking

    till.run(ask())
    assert posted_requests(server) == []
    till.wait_until(lambda: State.CONFIRMED in [operation.state for operation in till.published])


def test_hanging_foreground_lookup_does_not_block_outbox(till: Till, server: TrainingServer) -> None:
    server.faults.add("hang", only="lookup")

    async def ask() -> asyncio.Future[Any]:
        return asyncio.ensure_future(till.lookup.look_up("1001"))

    asking = till.run(ask())
    till.wait_until_external(lambda: server.faults.wait_until_held(0.05))
    assert till.wait_until_settled(till.sell()).state is State.CONFIRMED
    assert not asking.done()
    server.faults.release()


def test_operation_withdrawn_before_its_turn_is_not_sent(
    till: Till, server: TrainingServer, caplog: pytest.LogCaptureFixture
) -> None:
    till.start_outbox()
    server.faults.add("delay", only="lookup", seconds=0.4)

    async def ask() -> None:
        asking = asyncio.ensure_future(till.lookup.look_up("1001"))
        await asyncio.sleep(0.05)
        sale = till.registration.sell(SALE)
        till.outbox.wake()
        await asyncio.sleep(0.05)
        till.registration.withdraw(sale.operation_id)
        await asking

    till.run(ask())
    till.run_for(0.2)
    assert posted_requests(server) == []
    assert till.published == []
    assert [record for record in caplog.records if record.name.startswith("bonifiq")] == [], "nothing went wrong"


def test_hanging_foreground_request_is_waited_for_once() -> None:
    async def wait() -> None:
        courtesy = ForegroundFirst(max_wait=1.0)
        clock = asyncio.get_running_loop().time
        await courtesy.wait_for_foreground()
        assert clock() == 0
        with courtesy.foreground_request():
            await courtesy.wait_for_foreground()
            assert clock() == 1
            await courtesy.wait_for_foreground()
            assert clock() == 1

    in_virtual_time(wait())


def test_two_foreground_requests_are_both_waited_for() -> None:
    async def wait() -> None:
        courtesy = ForegroundFirst(max_wait=1.0)
        clock = asyncio.get_running_loop().time

        async def ask(seconds: float) -> None:
            with courtesy.foreground_request():
                await asyncio.sleep(seconds)

        both = asyncio.gather(ask(0.2), ask(0.7))
        await asyncio.sleep(0)
        await courtesy.wait_for_foreground()
        assert clock() == pytest.approx(0.7)
        await both

    in_virtual_time(wait())
