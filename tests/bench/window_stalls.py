"""The window's longest stall while the worker makes a thousand calls."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

from PySide6.QtCore import QEventLoop, QTimer

from bonifiq_desktop.worker.commands import LookUp
from tests.bench.event_loop_gaps import EventLoopGaps
from tests.bench.measure import Bench, Figure, Goal, Result, Row
from tests.bench.running_program import ask, running_program

_CALLS = 1000
_ROUNDS = 5


def rows(bench: Bench) -> Iterator[Result]:
    """Measure alternately with an idle window."""
    calls = 50 if bench.quick else _CALLS
    figure = Figure(
        "stall",
        f"longest gap while {calls} calls run",
        f"between two ticks of a 1 ms timer of the window while the worker looks {calls} orders up one after the other,"
        " against the longest in as long a time of rest right after",
        Goal(2),
    )
    gaps, idle = [], []
    with (
        tempfile.TemporaryDirectory(dir=bench.folder, prefix="stall-") as folder,
        running_program(Path(folder) / "data") as (app, _server),
    ):
        pulse = EventLoopGaps()
        ask(app, LookUp("1001"))
        for _ in range(bench.rounds(_ROUNDS)):
            begun = perf_counter()
            pulse.begin()
            for number in range(calls):
                ask(app, LookUp(f"100{number % 3 + 1}"))
            gaps.append(pulse.end())
            idle.append(resting(pulse, perf_counter() - begun))
    yield Row.of(figure, gaps, idle)


def resting(pulse: EventLoopGaps, seconds: float) -> float:
    """The longest gap of an idle window."""
    loop = QEventLoop()
    QTimer.singleShot(round(seconds * 1000), loop.quit)
    pulse.begin()
    loop.exec()
    return pulse.end()
