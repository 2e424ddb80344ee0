"""Processes killed around the commits and sends of a checkout: the reward ends in its sale or is undone.

`make soak` runs many more random plans.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.checkout_kills import PLAY, CheckoutKillPlan, run_checkout_plan
from tests.support.process_kills import ForkServer

# Plan, killed processes, final states of redemption and ends.
DEATHS = [
    (CheckoutKillPlan("sale", "enqueue:committed@1"), 1, ["confirmed", "confirmed"]),
    (CheckoutKillPlan("sale", "post:after@1"), 1, ["confirmed", "confirmed"]),
    (CheckoutKillPlan("sale", "finish_attempt:committed@1", "recover:commit@1"), 2, ["confirmed", "confirmed"]),
    (CheckoutKillPlan("sale", "enqueue:committed@2", early=True, redeem_fault="delay"), 1, ["confirmed", "confirmed"]),
    (
        CheckoutKillPlan("sale", "put_reward:committed@1", early=True, redeem_fault="delay"),
        1,
        ["confirmed", "confirmed"],
    ),
    (CheckoutKillPlan("sale", "post:written@2", "resolve:commit@1"), 2, ["confirmed", "confirmed"]),
    (CheckoutKillPlan("reversal", "enqueue:commit@2", "post:written@1"), 2, ["confirmed", "confirmed"]),
    (CheckoutKillPlan("reversal", "post:answered@2"), 1, ["confirmed", "confirmed"]),
    (
        CheckoutKillPlan("reversal", "address_reversal:commit@1", early=True, redeem_fault="delay"),
        1,
        ["confirmed", "confirmed"],
    ),
    (CheckoutKillPlan("", "finish_attempt:commit@1", redeem_fault="error_500_after"), 1, ["confirmed", "confirmed"]),
]


@pytest.fixture(name="fork_server", scope="module")
def process_that_forks_tills() -> Iterator[ForkServer]:
    """One fork server for all tests, because importing the program takes long."""
    with ForkServer(PLAY) as fork_server:
        yield fork_server


@pytest.mark.parametrize(("death", "kills", "states"), DEATHS, ids=lambda value: getattr(value, "first_kill", ""))
def test_killed_checkout_ends_in_its_sale_or_is_undone(
    fork_server: ForkServer, tmp_path: Path, death: CheckoutKillPlan, kills: int, states: list[str]
) -> None:
    ending = run_checkout_plan(fork_server, tmp_path / "till", death)
    assert ending.findings == []
    assert (ending.kills, ending.states) == (kills, states)
