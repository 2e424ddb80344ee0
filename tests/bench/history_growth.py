"""The cost of a long history: the same steps with 10, 100 and 1,000 times as many operations."""

from __future__ import annotations

import itertools
import shutil
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from bonifiq_desktop.ledger.connection import LedgerConnection
from bonifiq_desktop.ledger.integrity_check import IntegrityCheck
from bonifiq_desktop.ledger.ledger import Ledger
from tests.bench.large_ledger import ledger_with
from tests.bench.measure import Bench, Figure, Result, Sample, compare, milliseconds
from tests.support.ledger_actions import confirm, refund

_FEWEST = 1_000
_SIZES = (10_000, 100_000, 1_000_000)
_ROUNDS = 100
_SLOW_ROUNDS = 5

_STEPS = {
    "open the ledger": "opening the file until it can be used, and closing it",
    "check the whole file": "what runs beside, and what the first sending waits for",
    "register a refund": "Ledger.begin, commit included",
    "send and settle": "the two commits of an attempt, without the network",
    "what waits": "reading what the outbox has to send, and the counts that the window shows",
}


def rows(bench: Bench) -> Iterator[Result]:
    """Each step at each size against the smallest size."""
    for size in _SIZES[:1] if bench.quick else _SIZES:
        with tempfile.TemporaryDirectory(dir=bench.folder, prefix="growth-") as name:
            folder = Path(name)
            many, few = (_copied(bench.folder, number, folder) for number in (size, _FEWEST))
            samples = zip(_STEPS.items(), _opening_first(many), _opening_first(few), strict=True)
            for (step, what), ours, limit in samples:
                figure = Figure(
                    "history_growth",
                    f"{step}, {size:,} operations",
                    f"{what}, against the same with {_FEWEST:,} operations",
                )
                rounds = bench.rounds(_SLOW_ROUNDS if step == "check the whole file" else _ROUNDS)
                yield compare(figure, ours=ours, limit=limit, rounds=rounds)


def _copied(cache: Path, operations: int, folder: Path) -> Path:
    """A copy of a ledger that may be changed."""
    home = folder / str(operations)
    shutil.copytree(ledger_with(cache, operations).parent, home)
    return home / "ledger.db"


def _opening_first(path: Path) -> Iterator[Sample]:
    """The measurement of each step, in the order of `_STEPS`. The first ones open it."""
    unchecked = partial(LedgerConnection, checked=False)
    yield milliseconds(lambda: Ledger(path, connect=unchecked).close())
    ledger = Ledger(path, connect=unchecked)
    yield milliseconds(IntegrityCheck(path).run)
    numbers = itertools.count(1)

    def register() -> None:
        refund(ledger, 2590, f"NOVO-{next(numbers)}")

    yield milliseconds(register)
    yield _settling(ledger, lambda: f"NOVO-{next(numbers)}")
    yield milliseconds(lambda: (ledger.queries.waiting(), ledger.queries.counts()))
    ledger.close()


def _settling(ledger: Ledger, number: Callable[[], str]) -> Sample:
    def measure() -> float:
        operation = refund(ledger, 2590, number())
        return milliseconds(lambda: confirm(ledger, operation))()

    return measure
