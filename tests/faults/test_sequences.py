"""Random days end in the truth. What days a wrong client does not get through is in `test_mutants.py`."""

from pathlib import Path

import pytest

from tests.faults.sequences import live

SEEDS = range(60)


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
