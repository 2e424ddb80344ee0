"""Measurement of figures: the program and its limit alternate in one run; medians and noise.

Absolute times are one machine's; only the ratio of two things measured side by side says anything. So every figure is
a pair, taken A B B A …, and what the limit's own measurements differ by tells how much of a ratio is noise.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter

Sample = Callable[[], float]
"""Does something once and returns the measured value."""


@dataclass(frozen=True)
class Bench:
    """What a section may use.

    `folder`: for files, on a real disk. `package`, `bare_package`: the built program and a bare window built the same
    way, where there are any. `quick`: few rounds and small sizes, to see that it runs; its figures mean nothing.
    """

    folder: Path
    quick: bool = False
    package: Path | None = None
    bare_package: Path | None = None

    def rounds(self, number: int) -> int:
        """The number of rounds, reduced by `quick`."""
        return max(3, number // 20) if self.quick else number


@dataclass(frozen=True)
class Spread:
    """Minimum, quartiles and maximum of several measurements."""

    least: float
    lower: float
    middle: float
    upper: float
    most: float
    number: int

    @classmethod
    def of(cls, samples: Sequence[float]) -> Spread:
        """Make a spread of at least one measurement."""
        lower, _, upper = quantiles(samples, method="inclusive") if len(samples) > 1 else (samples[0],) * 3
        return cls(min(samples), lower, median(samples), upper, max(samples), len(samples))


@dataclass(frozen=True)
class Goal:
    """A bound of the ratio."""

    bound: float
    at_least: bool = False

    def is_met_by(self, ratio: float) -> bool:
        """Whether a ratio meets the goal."""
        return ratio >= self.bound if self.at_least else ratio <= self.bound

    def __str__(self) -> str:
        return f"{'≥' if self.at_least else '≤'} {self.bound:g}"


@dataclass(frozen=True)
class Figure:
    """A measured figure. `what`: describes the program's value and the limit."""

    section: str
    name: str
    what: str
    goal: Goal | None = None
    unit: str = "ms"


@dataclass(frozen=True)
class Row:
    """A figure and what it came to.

    `ratio`: of the pairs. `noise`: of the limit to itself, from one round to the next; 1 is silence.
    """

    figure: Figure
    ours: Spread
    limit: Spread
    ratio: Spread
    noise: Spread

    @classmethod
    def of(cls, figure: Figure, ours: Sequence[float], limit: Sequence[float]) -> Row:
        """Make a row of at least one pair of measurements."""
        ratios = [one / other for one, other in zip(ours, limit, strict=True)]
        itself = [after / before for before, after in pairwise(limit)] or [1.0]
        return cls(figure, Spread.of(ours), Spread.of(limit), Spread.of(ratios), Spread.of(itself))

    @property
    def met(self) -> bool | None:
        """Whether the goal is met; None without a goal."""
        return None if self.figure.goal is None else self.figure.goal.is_met_by(self.ratio.middle)


@dataclass(frozen=True)
class NotMeasured:
    """A figure that could not be measured, and the reason."""

    section: str
    name: str
    why: str


Result = Row | NotMeasured


def compare(figure: Figure, *, ours: Sample, limit: Sample, rounds: int, warm_up: int = 2) -> Row:
    """Measure both alternately."""
    return Row.of(figure, *measure_pairs(ours, limit, rounds=rounds, warm_up=warm_up))


def measure_pairs(ours: Sample, limit: Sample, *, rounds: int, warm_up: int = 2) -> tuple[list[float], list[float]]:
    """So many pairs, A B B A …: whatever drifts meanwhile, or comes after the other one, touches both alike.

    The first `warm_up` pairs are dropped: they pay for what is made once.
    """
    pairs: tuple[list[float], list[float]] = ([], [])
    for number in range(warm_up + rounds):
        taken = [0.0, 0.0]
        for which in (0, 1) if number % 2 == 0 else (1, 0):
            taken[which] = (ours, limit)[which]()
        if number >= warm_up:
            pairs[0].append(taken[0])
            pairs[1].append(taken[1])
    return pairs


def milliseconds(work: Callable[[], object], times: int = 1) -> Sample:
    """Measure the average duration of something in milliseconds."""

    def measure() -> float:
        begun = perf_counter()
        for _ in range(times):
            work()
        return (perf_counter() - begun) * 1000 / times

    return measure
