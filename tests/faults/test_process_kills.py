"""Processes killed by SIGKILL around commits and sends: the next start finds the true state.

`make soak` runs a thousand more random plans.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.process_kills import OFFLINE, ForkServer, KillPlan, run_plan

# Plan, killed processes, final states.
DEATHS = [
    (KillPlan("refund", None, "enqueue:commit@1"), 1, []),
    (KillPlan("refund", None, "enqueue:committed@1"), 1, ["confirmed"]),
    (KillPlan("refund", None, "start_attempt:committed@1", "recover:commit@1"), 2, ["confirmed"]),
    (KillPlan("refund", None, "post:written@1", "finish_attempt:commit@1"), 2, ["confirmed"]),
    (KillPlan("refund", "lose_answer", "post:after@1", "", "silent"), 1, ["review"]),
    (KillPlan("sale", OFFLINE, "finish_attempt:committed@2"), 1, ["confirmed"]),
    (KillPlan("sale", None, "post:answered@1", "resolve:commit@1"), 2, ["confirmed"]),
    (KillPlan("cancel", "close", "post:after@1", "post:connected@1"), 2, ["confirmed"]),
]


@pytest.fixture(name="fork_server", scope="module")
def process_that_forks_tills() -> Iterator[ForkServer]:
    """One fork server for all tests, because importing the program takes long."""
    with ForkServer() as fork_server:
        yield fork_server


@pytest.mark.parametrize(("death", "kills", "states"), DEATHS, ids=lambda value: getattr(value, "first", ""))
def test_killed_till_ends_in_the_true_state(
    fork_server: ForkServer, tmp_path: Path, death: KillPlan, kills: int, states: list[str]
) -> None:
    ending = run_plan(fork_server, tmp_path / "till", death)
    assert ending.findings == []
    assert (ending.kills, ending.states) == (kills, states)
