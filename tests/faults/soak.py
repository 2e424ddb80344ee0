"""`make soak`: thousands of random days and killed processes. Each can be replayed by its seed.

SEED=…       the first seed, printed; random by default
SEQUENCES=…  days in virtual time (seeds SEED, SEED+1, …)
RETURNS=…    days of returns over three systems in virtual time, with a hub behind the tills' back
CHECKOUTS=…  days at the counter with rewards in virtual time
KILLS=…      processes killed, and half as many with a checkout
WINDOWS=…    windowed programs killed, a cashier at the keys
SHOPS=…      days of five till processes with a shop database, every second one with a failing network to it
JOBS=…       processes at work
"""

from __future__ import annotations

import logging
import os
import secrets
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from itertools import repeat
from pathlib import Path

from tests.support import checkout_kills, oracle
from tests.support.checkout_days import run_checkout_day
from tests.support.checkout_kills import random_checkout_plan, run_checkout_plan
from tests.support.checkout_oracle import CHECKOUT_VIOLATIONS
from tests.support.postgres import running_postgres
from tests.support.process_kills import ForkServer, random_plan, run_plan
from tests.support.random_days import run_day
from tests.support.return_days import run_return_day
from tests.support.return_oracle import WRONG
from tests.support.return_simulation import POINTS_FIRST
from tests.support.shop_days import ShopDay
from tests.support.shop_of_tills import shop_of
from tests.support.shop_oracle import SHOP_VIOLATIONS

BLOCK = 50
PLANS_PER_BLOCK = 20
WINDOW = "tests.support.killable_window"
_TILLS_OF_A_SHOP = 5


@dataclass
class Totals:
    """The results of all days."""

    days: int = 0
    operations: int = 0
    requests: int = 0
    kills: int = 0
    applied_elsewhere: int = 0
    indistinguishable: int = 0
    rewards: Counter[str] = field(default_factory=Counter)
    states: Counter[str] = field(default_factory=Counter)
    findings: list[tuple[int, oracle.Violation]] = field(default_factory=list)

    def __iadd__(self, other: Totals) -> Totals:
        self.days += other.days
        self.operations += other.operations
        self.requests += other.requests
        self.kills += other.kills
        self.applied_elsewhere += other.applied_elsewhere
        self.indistinguishable += other.indistinguishable
        self.rewards += other.rewards
        self.states += other.states
        self.findings += other.findings
        return self


def run_days(first: int, number: int, folder: str) -> Totals:
    """Run days one after the other."""
    total = Totals()
    for seed in range(first, first + number):
        outcome = run_day(seed, Path(folder) / str(seed))
        total += Totals(
            1,
            outcome.operations,
            outcome.requests,
            outcome.kills,
            states=Counter(outcome.states),
            findings=[(seed, finding) for finding in outcome.findings],
        )
    return total


def run_return_days(first: int, number: int, folder: str) -> Totals:
    """Run days of returns one after the other."""
    total = Totals()
    for seed in range(first, first + number):
        day = run_return_day(seed, Path(folder) / f"returns {seed}")
        total += Totals(
            1,
            day.operations,
            day.requests,
            day.kills,
            day.effects,
            day.indistinguishable,
            states=Counter(day.states),
            findings=[(seed, finding) for finding in day.findings],
        )
    return total


def run_checkout_days(first: int, number: int, folder: str) -> Totals:
    """Run days with rewards one after the other."""
    total = Totals()
    for seed in range(first, first + number):
        day = run_checkout_day(seed, Path(folder) / f"checkouts {seed}")
        total += Totals(
            1,
            day.operations,
            day.requests,
            day.kills,
            rewards=Counter(redeemed=day.redeemed, used=day.used, undone=day.undone),
            states=Counter(day.states),
            findings=[(seed, finding) for finding in day.findings],
        )
    return total


def run_shop_days(first: int, number: int) -> Totals:
    """Run days of a shop one after the other; each has five processes of its own."""
    total = Totals()
    with tempfile.TemporaryDirectory(prefix="soak-") as folder, running_postgres(durable=True) as server:
        for seed in range(first, first + number):
            with shop_of(Path(folder) / str(seed), _TILLS_OF_A_SHOP, server) as shop:
                day = ShopDay(seed, shop, with_partitions=bool(seed % 2)).run()
                requests = len(shop.service.requests)
            findings = [(seed, finding) for finding in day.findings]
            kills = day.faults["till killed"] + day.faults["database killed"]
            total += Totals(1, day.operations, requests, kills, states=day.states, findings=findings)
    return total


def _blocks(seed: int, number: int) -> Iterator[tuple[int, int]]:
    for first in range(seed, seed + number, BLOCK):
        yield first, min(BLOCK, seed + number - first)


def memory() -> str | None:
    """A folder in memory, if there is one: a day's ledger is deleted, so its commits need not reach a disk."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108


def run_sequences(seed: int, number: int, jobs: int, run: Callable[[int, int, str], Totals] = run_days) -> Totals:
    """Run days in several processes."""
    total = Totals()
    with tempfile.TemporaryDirectory(prefix="soak-", dir=memory()) as folder, ProcessPoolExecutor(jobs) as pool:
        for some in pool.map(run, *zip(*_blocks(seed, number), strict=True), repeat(folder)):
            total += some
    return total


def run_kills(first: int, number: int, folder: str, *play: str) -> Totals:
    """Run kill plans one after the other."""
    total = Totals()
    with ForkServer(*play) as fork_server:
        for seed in range(first, first + number):
            place = Path(folder) / str(seed)
            if play == (checkout_kills.PLAY,):
                ending = run_checkout_plan(fork_server, place, random_checkout_plan(seed))
            else:
                ending = run_plan(fork_server, place, random_plan(seed))
            shutil.rmtree(Path(folder) / str(seed))
            findings = [(seed, finding) for finding in ending.findings]
            total += Totals(1, len(ending.states), kills=ending.kills, states=Counter(ending.states), findings=findings)
    return total


def kill_processes(seed: int, kills: int, jobs: int, *play: str) -> Totals:
    """Run kill plans from this seed on until `kills` processes were killed. `play`: see `ForkServer`."""
    total = Totals()
    number = min(PLANS_PER_BLOCK, kills)
    # On a disk, not in memory, because the commits are under test.
    with tempfile.TemporaryDirectory(prefix="soak-") as folder, ProcessPoolExecutor(jobs) as pool:
        while total.kills < kills:
            firsts = [seed + total.days + place * number for place in range(2 * jobs)]
            for some in pool.map(run_kills, firsts, repeat(number), repeat(folder), *map(repeat, play)):
                total += some
    return total


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _number(name: str, otherwise: int) -> int:
    return int(os.environ.get(name) or otherwise)


def main() -> int:
    """Run everything and print the figures. Return 1 if a promise was broken."""
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)  # a simulated death ends callbacks, too
    seed = _number("SEED", secrets.randbelow(10**9))
    jobs = _number("JOBS", os.cpu_count() or 1)
    found: list[tuple[int, oracle.Violation]] = []
    number = _number("SEQUENCES", 10_000)
    returns = _number("RETURNS", 5_000)
    checkouts = _number("CHECKOUTS", 5_000)
    kills = _number("KILLS", 1_000)
    windows = _number("WINDOWS", 100)
    shops = _number("SHOPS", 100)
    _say(
        f"SEED={seed} SEQUENCES={number} RETURNS={returns} CHECKOUTS={checkouts} KILLS={kills} WINDOWS={windows} "
        f"SHOPS={shops} JOBS={jobs}"
    )
    if number:
        start = time.monotonic()
        total = run_sequences(seed, number, jobs)
        took = time.monotonic() - start
        _say(
            f"{total.days} sequences in {took:.0f} s ({total.days / took:.0f} per second): "
            f"{total.operations} operations, {total.requests} requests, {total.kills} deaths, "
            f"{dict(sorted(total.states.items()))}"
        )
        found += total.findings
    if returns:
        start = time.monotonic()
        total = run_sequences(seed, returns, jobs, run_return_days)
        took = time.monotonic() - start
        _say(
            f"{total.days} days of returns over three systems in {took:.0f} s: {total.operations} operations, "
            f"{total.applied_elsewhere} applied in a marketplace or web shop, {total.kills} deaths, "
            f"{total.indistinguishable} proven by an equal entry of another client, "
            f"{dict(sorted(total.states.items()))}"
        )
        found += total.findings
    if checkouts:
        start = time.monotonic()
        total = run_sequences(seed, checkouts, jobs, run_checkout_days)
        took = time.monotonic() - start
        _say(
            f"{total.days} days with rewards in {took:.0f} s: {total.operations} operations, "
            f"{total.requests} requests, {total.kills} deaths, rewards {dict(sorted(total.rewards.items()))}, "
            f"{dict(sorted(total.states.items()))}"
        )
        found += total.findings
    for wanted, name, play in (
        (kills, "processes", ()),
        (kills // 2, "processes with a checkout", (checkout_kills.PLAY,)),
        (windows, "windows", (WINDOW,)),
    ):
        if not wanted:
            continue
        start = time.monotonic()
        total = kill_processes(seed, wanted, jobs, *play)
        took = time.monotonic() - start
        _say(
            f"{total.kills} {name} of {total.days} tills killed in {took:.0f} s: "
            f"{total.operations} operations on disk, {dict(sorted(total.states.items()))}"
        )
        found += total.findings
    if shops:
        start = time.monotonic()
        total = run_shop_days(seed, shops)
        took = time.monotonic() - start
        _say(
            f"{total.days} days of five tills with a shop database in {took:.0f} s: {total.operations} operations, "
            f"{total.requests} requests, {total.kills} deaths, {dict(sorted(total.states.items()))}"
        )
        found += total.findings
    for unlucky, finding in found[:20]:
        _say(f"SEED={unlucky}: {finding.kind}: {finding.text}")
    count = Counter(finding.kind for _, finding in found)
    kinds = (*oracle.VIOLATION_KINDS, POINTS_FIRST, WRONG, *CHECKOUT_VIOLATIONS, *SHOP_VIOLATIONS)
    _say(", ".join(f"{fault}: {count[fault]}" for fault in kinds))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
