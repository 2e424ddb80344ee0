"""Random days end in the truth. What days a wrong client does not get through is in `test_mutants.py`."""

from datetime import datetime
from itertools import cycle
from pathlib import Path

import pytest

from bonifiq_desktop.domain import operations
from bonifiq_desktop.domain.operations import Evidence, Operation, Resolution, State
from bonifiq_desktop.services.outbox import Outbox
from tests.support import oracle
from tests.support.killable_till import KillableTill
from tests.support.random_days import run_day
from tests.support.simulation import CLOCK_JUMP

SEEDS = range(60)


def every_look_another_day(patch: pytest.MonkeyPatch) -> None:
    """The clock on the wall jumps by weeks between any two steps: whenever it is looked at."""

    def jump(till: KillableTill) -> datetime:
        return till.simulation.clock() + CLOCK_JUMP * next(jumps)

    jumps = cycle((0, -60, 1, 60, -1, 0, -300, 7))
    patch.setattr(KillableTill, "clock", jump)


def patience_by_the_clock(patch: pytest.MonkeyPatch) -> None:
    """As if a doubt were over after some days on the wall."""
    really = Outbox._process

    async def work_on(outbox: Outbox, operation: Operation) -> None:
        is_old = operation.created_at < outbox._ledger.connection.clock() - CLOCK_JUMP
        if is_old and operation.state is State.UNKNOWN:
            refused = Resolution(State.REFUSED, Evidence.LOOKUP)
            outbox._resolve(operation, refused)
        else:
            await really(outbox, operation)

    patch.setattr(Outbox, "_process", work_on)
    patch.setitem(operations.TRANSITIONS, State.UNKNOWN, operations.TRANSITIONS[State.UNKNOWN] | {State.REFUSED})


@pytest.mark.parametrize("block", range(0, len(SEEDS), 20))
def test_random_days_end_in_the_truth(tmp_path: Path, block: int) -> None:
    kills = 0
    for seed in SEEDS[block : block + 20]:
        outcome = run_day(seed, tmp_path / str(seed))
        assert outcome.findings == [], f"seed {seed}"
        kills += outcome.kills
    assert kills, "nobody died in twenty days: the days are too kind"


@pytest.mark.parametrize("block", range(0, 30, 10))
def test_days_on_which_the_clock_is_another_at_every_look_end_in_the_truth(tmp_path: Path, block: int) -> None:
    for seed in range(block, block + 10):
        assert run_day(seed, tmp_path / str(seed), every_look_another_day).findings == [], f"seed {seed}"


def test_a_client_that_goes_by_the_clock_is_found_out_on_such_a_day(tmp_path: Path) -> None:
    def wrong(patch: pytest.MonkeyPatch) -> None:
        every_look_another_day(patch)
        patience_by_the_clock(patch)

    found = [finding.kind for seed in range(8) for finding in run_day(seed, tmp_path / str(seed), wrong).findings]
    assert oracle.FALSELY_REFUSED in found


def test_a_seed_gives_the_same_day_again(tmp_path: Path) -> None:
    first, second = (run_day(7, tmp_path / name) for name in ("one", "two"))
    assert first == second
