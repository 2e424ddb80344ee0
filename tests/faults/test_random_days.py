"""Random days end without a violation. `test_mutants.py` has the days on which mutants are caught."""

from dataclasses import replace
from datetime import datetime
from itertools import cycle
from pathlib import Path

import pytest

from bonifiq_desktop.domain import operations
from bonifiq_desktop.domain.day_close import DayTotals
from bonifiq_desktop.domain.day_totals import EarnedBy, day_totals
from bonifiq_desktop.domain.operations import Evidence, Operation, Resolution, State
from bonifiq_desktop.ledger import day_close
from bonifiq_desktop.services.outbox import Outbox
from tests.support import oracle
from tests.support.day_books import WRONG_TOTALS
from tests.support.killable_till import KillableTill
from tests.support.random_days import run_day
from tests.support.simulation import CLOCK_JUMP

SEEDS = range(60)


def every_look_another_day(patch: pytest.MonkeyPatch) -> None:
    """Make the till's clock jump by weeks at every reading."""

    def jump(till: KillableTill) -> datetime:
        return till.simulation.clock() + CLOCK_JUMP * next(jumps)

    jumps = cycle((0, -60, 1, 60, -1, 0, -300, 7))
    patch.setattr(KillableTill, "clock", jump)


def patience_by_the_clock(patch: pytest.MonkeyPatch) -> None:
    """Mutant: an unknown operation is refused after some days of the till's clock."""
    really = Outbox._process

    async def work_on(outbox: Outbox, operation: Operation) -> None:
        is_old = operation.created_at < outbox.ledger.connection.clock() - CLOCK_JUMP
        if is_old and operation.state is State.UNKNOWN:
            refused = Resolution(State.REFUSED, Evidence.LOOKUP)
            outbox._resolve(operation, refused)
        else:
            await really(outbox, operation)

    patch.setattr(Outbox, "_process", work_on)
    patch.setitem(operations.TRANSITIONS, State.UNKNOWN, operations.TRANSITIONS[State.UNKNOWN] | {State.REFUSED})


@pytest.mark.parametrize("block", range(0, len(SEEDS), 20))
def test_random_day_ends_without_violation(tmp_path: Path, block: int) -> None:
    kills = 0
    for seed in SEEDS[block : block + 20]:
        outcome = run_day(seed, tmp_path / str(seed))
        assert outcome.findings == [], f"seed {seed}"
        kills += outcome.kills
    assert kills, "no process died on twenty days"


@pytest.mark.parametrize("block", range(0, 30, 10))
def test_random_day_with_jumping_clock_ends_without_violation(tmp_path: Path, block: int) -> None:
    for seed in range(block, block + 10):
        assert run_day(seed, tmp_path / str(seed), every_look_another_day).findings == [], f"seed {seed}"


def test_mutant_that_trusts_the_clock_is_caught(tmp_path: Path) -> None:
    def wrong(patch: pytest.MonkeyPatch) -> None:
        every_look_another_day(patch)
        patience_by_the_clock(patch)

    found = [finding.kind for seed in range(12, 20) for finding in run_day(seed, tmp_path / str(seed), wrong).findings]
    assert oracle.FALSELY_REFUSED in found


def test_mutant_that_counts_what_is_not_confirmed_is_caught_by_the_books(tmp_path: Path) -> None:
    def wrong(patch: pytest.MonkeyPatch) -> None:
        def all_as_confirmed(operations: list[Operation], earned: EarnedBy) -> DayTotals:
            return day_totals([replace(each, state=State.CONFIRMED) for each in operations], earned)

        patch.setattr(day_close, "day_totals", all_as_confirmed)

    found = [finding.kind for seed in range(8) for finding in run_day(seed, tmp_path / str(seed), wrong).findings]
    assert WRONG_TOTALS in found


def test_random_day_of_equal_seed_is_equal(tmp_path: Path) -> None:
    first, second = (run_day(7, tmp_path / name) for name in ("one", "two"))
    assert first == second
