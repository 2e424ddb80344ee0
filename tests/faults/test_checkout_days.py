"""Random days with rewards end without a violation, and every mutant breaks a promise on one."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults import checkout_mutants
from tests.support.checkout_days import run_checkout_day

SEEDS = range(40)
DAYS_FOR_A_MUTANT = 300

Mutant = Callable[[pytest.MonkeyPatch], None]


@pytest.mark.parametrize("block", range(0, len(SEEDS), 20))
def test_random_day_with_rewards_ends_without_violation(tmp_path: Path, block: int) -> None:
    seen: Counter[str] = Counter()
    states: Counter[str] = Counter()
    for seed in SEEDS[block : block + 20]:
        day = run_checkout_day(seed, tmp_path / str(seed))
        assert day.findings == [], f"seed {seed}"
        seen.update(kills=day.kills, used=day.used, undone=day.undone)
        states.update(day.states)
    assert seen["kills"], "no process died on twenty days"
    assert seen["used"], "no reward was used on twenty days"
    assert seen["undone"], "no reward was undone on twenty days"
    assert {"confirmed", "refused", "withdrawn", "not_applied"} >= set(states)


def test_random_day_with_rewards_of_equal_seed_is_equal(tmp_path: Path) -> None:
    first, second = (run_checkout_day(7, tmp_path / name) for name in ("one", "two"))
    assert first == second


def test_every_checkout_mutant_is_listed() -> None:
    written = {v for v in vars(checkout_mutants).values() if getattr(v, "__module__", "") == checkout_mutants.__name__}
    assert {value for value in written if not value.__name__.startswith("_")} == set(checkout_mutants.CHECKOUT_MUTANTS)


@pytest.mark.parametrize("mutant", checkout_mutants.CHECKOUT_MUTANTS)
def test_checkout_mutant_breaks_its_promise_on_a_random_day(tmp_path: Path, mutant: Mutant) -> None:
    first, promise = checkout_mutants.CHECKOUT_MUTANTS[mutant]
    for seed in range(first, first + DAYS_FOR_A_MUTANT):
        if promise in {finding.kind for finding in run_checkout_day(seed, tmp_path / str(seed), mutant).findings}:
            return
    pytest.fail(f"{mutant.__name__} was not caught on {DAYS_FOR_A_MUTANT} days")
