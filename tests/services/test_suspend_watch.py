"""Tests of the resume after a suspended PC: waits end, except those that the server asked for."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from bonifiq_desktop.domain.operations import State
from bonifiq_desktop.services import retry
from bonifiq_desktop.services.connection_services import ConnectionServices
from bonifiq_desktop.services.refundable import RefundRequest
from bonifiq_desktop.services.retry import RetryPolicy, watch_for_suspend
from bonifiq_desktop.storage.paths import Paths
from bonifiq_desktop.training_server.server import TrainingServer
from bonifiq_desktop.worker import backend as office_module
from tests.services.conftest import SETTINGS, MakeTill
from tests.support.backend import open_backend
from tests.support.headless_till import Till, applied, credentials_of, posted_requests
from tests.support.simulation import VirtualLoop

FOR_EVER = RetryPolicy(first_delay=100_000, max_delay=100_000, max_offline_delay=100_000)
ONCE = [("refund", "1001", 4990)]


class Wall:
    """A wall clock: the event loop's clock and an offset."""

    def __init__(self) -> None:
        self.ahead = 1.7e9
        self.drift = 0.0

    def __call__(self) -> float:
        """Seconds."""
        now = asyncio.get_running_loop().time()
        return now + self.ahead + self.drift * now


def times_woken(live: Callable[[Wall], float], *, drift: float = 0.0) -> list[float]:
    """Times (on the loop's clock) of the detected suspends, for a wall clock that changes after 100 s."""

    async def watch() -> list[float]:
        clock = asyncio.get_running_loop().time
        wall, woken = Wall(), []
        wall.drift = drift
        watching = asyncio.ensure_future(watch_for_suspend(lambda: woken.append(clock()), wall))
        await asyncio.sleep(100)
        wall.ahead += live(wall)
        await asyncio.sleep(10_000)
        watching.cancel()
        return woken

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(watch())


@pytest.mark.parametrize("seconds", [31, 3600, 7 * 24 * 3600])
def test_suspend_is_detected_once(seconds: float) -> None:
    [at] = times_woken(lambda _wall: seconds)
    assert 100 <= at <= 106


@pytest.mark.parametrize("seconds", [0, 5, -5, -3600, -7 * 24 * 3600])
def test_clock_correction_is_no_suspend(seconds: float) -> None:
    assert times_woken(lambda _wall: seconds) == []


def test_clock_drift_is_no_suspend() -> None:
    assert times_woken(lambda _wall: 0, drift=0.1) == []


def test_resume_retries_waiting_operations_at_once(make_till: MakeTill, server: TrainingServer) -> None:
    till = make_till("caixa1", pace=FOR_EVER)
    server.faults.add("lose_answer", only="refund")
    operation = till.refund(4990)
    till.wait_for_state(operation, State.UNKNOWN)
    till.outbox.wake()
    till.run_for(0.2)
    assert len(posted_requests(server)) == 1
    till.outbox.resume_after_suspend()
    assert till.wait_until_settled(operation).state is State.CONFIRMED
    assert applied(server) == ONCE


def test_resume_retries_connection_at_once(make_till: MakeTill, server: TrainingServer) -> None:
    till = make_till("caixa1", pace=FOR_EVER)
    operation = till.refund(4990)
    server.stop()
    till.wait_until(lambda: till.attempt_outcomes(operation) == ["not_sent"])
    server.start()
    till.run_for(0.2)
    assert posted_requests(server) == []
    till.outbox.resume_after_suspend()
    assert till.wait_until_settled(operation).state is State.CONFIRMED


def test_resume_keeps_retry_after_of_server(make_till: MakeTill, server: TrainingServer) -> None:
    till = make_till("caixa1", pace=replace(FOR_EVER, first_delay=0.1, max_retry_after=900))
    server.faults.add("error_429", only="refund", retry_after=1)
    times: list[float] = []
    till.on_published = lambda _operation: times.append(asyncio.get_running_loop().time())
    operation = till.refund(4990)
    till.wait_for_state(operation, State.UNKNOWN)
    till.outbox.resume_after_suspend()
    assert till.wait_until_settled(operation).state is State.CONFIRMED
    # heard: sending, unknown, then the first of the next try
    assert times[2] - times[1] > 0.9


def test_backend_watches_for_suspend(
    server: TrainingServer, paths: Paths, till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = till.look_up().order
    wall = Wall()
    monkeypatch.setattr(retry, "_WATCH_INTERVAL", 0.05)
    monkeypatch.setattr(office_module, "watch_for_suspend", partial(watch_for_suspend, wall_clock=wall))
    monkeypatch.setattr(office_module, "ConnectionServices", partial(ConnectionServices, policy=FOR_EVER))
    server.faults.add("lose_answer", only="refund")

    async def work() -> None:
        settings = replace(SETTINGS, url=server.url)
        office = await open_backend(paths, told.append, settings, credentials_of(server))
        office.registration.refund(RefundRequest(order, 4990))
        office.outbox.wake()
        await _until(lambda: office.ledger.queries.counts().pending == 1 and len(posted_requests(server)) == 1)
        await asyncio.sleep(0.3)
        assert len(posted_requests(server)) == 1
        wall.ahead += 3600
        await _until(lambda: office.ledger.queries.counts().pending == 0)
        await office.aclose()

    told: list[Any] = []
    asyncio.run(work())
    assert applied(server) == ONCE


async def _until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(15):
        while not is_so():  # noqa: ASYNC110
            await asyncio.sleep(0.01)
