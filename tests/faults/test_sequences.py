"""Random days end in the truth, and a client with any known mistake does not get through them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.mutants import MUTANTS
from tests.faults.sequences import live

SEEDS = range(60)
DAYS_FOR_A_MUTANT = 300

Mutant = Callable[[pytest.MonkeyPatch], None]


@pytest.mark.parametrize("block", range(0, len(SEEDS), 20))
def test_random_days_end_in_the_truth(tmp_path: Path, block: int) -> None:
    kills = 0
    for seed in SEEDS[block : block + 20]:
        outcome = live(seed, tmp_path / str(seed))
        assert outcome.findings == [], f"seed {seed}"
        kills += outcome.kills
    assert kills, "nobody died in twenty days: the days are too kind"


def test_a_seed_gives_the_same_day_again(tmp_path: Path) -> None:
    first, second = (live(7, tmp_path / name) for name in ("one", "two"))
    assert first == second


@pytest.mark.parametrize(("mutant", "first"), MUTANTS.items())
def test_a_wrong_client_is_caught(tmp_path: Path, mutant: Mutant, first: int) -> None:
    for seed in range(first, first + DAYS_FOR_A_MUTANT):
        if live(seed, tmp_path / str(seed), mutant).findings:
            return
    pytest.fail(f"{mutant.__name__} went through {DAYS_FOR_A_MUTANT} days")
