"""A program stopped during a request, as by the sleep of its PC, applies the operation once."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bonifiq_desktop.training_server.fault_injection.fault_injector import CallKind
from bonifiq_desktop.training_server.server import TrainingServer
from tests.support import oracle
from tests.support.cashier import PATIENCE, history
from tests.support.fork_server import PROMISED
from tests.support.headless_till import posted_requests
from tests.support.process_kills import RECOVERY_SECONDS, ForkServer

DEADLINE = 2.0
STANDSTILL = 1.25 * DEADLINE

Meanwhile = Callable[[TrainingServer], object]


def nothing(server: TrainingServer) -> None:
    """Hold the answer until the program has resumed, past its deadline."""


def answered(server: TrainingServer) -> None:
    """Send the answer meanwhile: the program resumes with an answer and an expired deadline."""
    server.faults.release()


def cut(server: TrainingServer) -> None:
    """Cut the connection, as a router does that forgot it."""
    server.stop()
    server.start()


@pytest.fixture(name="fork_server", scope="module")
def process_that_forks_windows() -> Iterator[ForkServer]:
    """One fork server for the module, because importing the program takes long."""
    with ForkServer("tests.support.killable_window") as fork_server:
        yield fork_server


@pytest.mark.parametrize(
    ("kind", "order", "cents", "meanwhile"),
    [
        ("refund", "1001", 2590, nothing),
        ("refund", "1001", 2590, answered),
        ("refund", "1001", 2590, cut),
        ("sale", "", 15990, nothing),
        ("sale", "", 15990, answered),
        ("cancel", "1001", 12990, cut),
    ],
)
def test_worker_stopped_during_a_request_applies_it_once(
    fork_server: ForkServer,
    server: TrainingServer,
    tmp_path: Path,
    kind: CallKind,
    order: str,
    cents: int,
    meanwhile: Meanwhile,
) -> None:
    server.faults.add("hang", only=kind)
    job: dict[str, Any] = {"folder": str(tmp_path), "url": server.url, "token": server.token, "key": server.key}
    process = fork_server.start(
        {**job, "actions": [(kind, order, cents)], "seconds": RECOVERY_SECONDS, "kill": "", "deadline": DEADLINE}
    )
    assert server.faults.wait_until_held(PATIENCE), "the request never came"
    os.kill(process, signal.SIGSTOP)
    time.sleep(STANDSTILL)
    meanwhile(server)
    os.kill(process, signal.SIGCONT)
    ended = fork_server.wait()
    server.faults.release()
    assert ended == 0
    assert [row["state"] for row in history(tmp_path)] == ["confirmed"]
    [entry] = server.service.applied
    assert (entry.kind, entry.cents) == (kind, cents)
    assert order in {"", entry.order_id}  # a sale has the till's own number
    assert len({request.body for request in posted_requests(server)}) == 1
    promised = [("till", int(line)) for line in (tmp_path / PROMISED).read_text("utf-8").split()]
    evidence = oracle.Observation(server.service, {"till": tmp_path / "ledger.db"}, promised=promised)
    assert oracle.find_violations(evidence) == []
