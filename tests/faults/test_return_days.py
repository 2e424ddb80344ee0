"""Random days of returns over three systems end without a violation, and every mutant breaks a promise on one."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults import return_mutants
from tests.support.return_days import run_return_day

SEEDS = range(60)
DAYS_FOR_A_MUTANT = 300

Mutant = Callable[[pytest.MonkeyPatch], None]


@pytest.mark.parametrize("block", range(0, len(SEEDS), 20))
def test_random_day_of_returns_ends_without_violation(tmp_path: Path, block: int) -> None:
    states: Counter[str] = Counter()
    kills = effects = 0
    for seed in SEEDS[block : block + 20]:
        day = run_return_day(seed, tmp_path / str(seed))
        assert day.findings == [], f"seed {seed}"
        kills, effects = kills + day.kills, effects + day.effects
        states.update(day.states)
    assert kills, "no process died on twenty days"
    assert effects, "nothing was given back on twenty days"
    assert {"confirmed", "refused", "withdrawn", "not_applied"} >= set(states)


def test_random_day_of_returns_of_equal_seed_is_equal(tmp_path: Path) -> None:
    first, second = (run_return_day(7, tmp_path / name) for name in ("one", "two"))
    assert first == second


def test_every_return_mutant_is_listed() -> None:
    written = {v for v in vars(return_mutants).values() if getattr(v, "__module__", "") == return_mutants.__name__}
    assert {value for value in written if not value.__name__.startswith("_")} == set(return_mutants.RETURN_MUTANTS)


@pytest.mark.parametrize("mutant", return_mutants.RETURN_MUTANTS)
def test_return_mutant_breaks_its_promise_on_a_random_day(tmp_path: Path, mutant: Mutant) -> None:
    first, promise = return_mutants.RETURN_MUTANTS[mutant]
    for seed in range(first, first + DAYS_FOR_A_MUTANT):
        if promise in {finding.kind for finding in run_return_day(seed, tmp_path / str(seed), mutant).findings}:
            return
    pytest.fail(f"{mutant.__name__} was not caught on {DAYS_FOR_A_MUTANT} days")
