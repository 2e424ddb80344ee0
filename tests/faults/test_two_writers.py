"""Two processes on one ledger, as if the lock had failed.

`tests/program/test_race.py` tests the lock. Here each process has its own ledger object and outbox on the same file,
and the second process takes attempts of the first for those of a dead process.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bonifiq_desktop.training_server.fault_injection.fault_injector import FaultName
from bonifiq_desktop.training_server.server import TrainingServer
from tests.support import oracle
from tests.support.fork_server import SENDERS
from tests.support.process_kills import RECOVERY_SECONDS, ForkServer

ACTIONS = [
    *(("refund", order_id, 100) for order_id in ("1001", "1002", "1003", "1004")),
    *(("sale", f"V-{number}", 9000 + number) for number in range(4)),
    *(("cancel", order_id, 0) for order_id in ("1008", "1009", "1010", "1011")),
]
TOGETHER = 1.0
"""Seconds that the two outboxes run together. Usually half a second is enough; the next start does the rest."""

KINDS = [kind for kind, *_ in ACTIONS]


@pytest.fixture(name="zygotes", scope="module")
def two_processes_that_fork_tills() -> Iterator[tuple[ForkServer, ForkServer]]:
    """One fork server per writer."""
    with ForkServer() as one, ForkServer() as other:
        yield one, other


def job_of(server: TrainingServer, folder: Path, **more: Any) -> dict[str, Any]:
    """A job on this folder; by default: run until nothing is pending."""
    job = {"folder": str(folder), "url": server.url, "token": server.token, "key": server.key}
    return {**job, "actions": [], "seconds": RECOVERY_SECONDS, "kill": "", **more}


def judged(server: TrainingServer, folder: Path) -> list[oracle.Violation]:
    """The oracle's violations."""
    return oracle.find_violations(oracle.Observation(server.service, {"till": folder / "ledger.db"}))


def states(folder: Path) -> list[str]:
    """The state of each operation."""
    return [row.state for row in oracle.read_rows("till", folder / "ledger.db")]


def senders(folder: Path) -> set[str]:
    """The processes that sent a request."""
    return set((folder / SENDERS).read_text("utf-8").split())


@pytest.mark.parametrize("fault", [None, "lose_answer", "late_copy", "error_500_after", "twice"])
@pytest.mark.parametrize("kill", ["", "start_attempt:committed@3"])
def test_two_outboxes_on_one_ledger_apply_everything_once(
    zygotes: tuple[ForkServer, ForkServer], server: TrainingServer, tmp_path: Path, fault: FaultName | None, kill: str
) -> None:
    one, other = zygotes
    assert one.run(job_of(server, tmp_path, actions=ACTIONS, seconds=0)) == 0
    if fault:
        server.faults.add(fault, times=3, seconds=0.02)
    one.start(job_of(server, tmp_path, seconds=TOGETHER, together=2))
    other.start(job_of(server, tmp_path, seconds=TOGETHER, together=2, kill=kill))
    ends = {one.wait(), other.wait()}
    server.faults.clear()
    # Each runs until nothing is pending: if both sent requests, they ran at the same time.
    assert len(senders(tmp_path)) == 2
    assert one.run(job_of(server, tmp_path)) == 0
    assert ends <= {0, -signal.SIGKILL}
    assert sorted(entry.kind for entry in server.service.applied) == sorted(KINDS)
    assert judged(server, tmp_path) == []
    assert set(states(tmp_path)) == {"confirmed"}
