"""A process with one window that prints its costs once all is loaded: `program DIR` or `bare DIR`."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

from PySide6.QtCore import QEventLoop, QTimer, SignalInstance
from PySide6.QtWidgets import QApplication, QMainWindow

from tests.bench.event_loop_gaps import EventLoopGaps

_BARE_SECONDS = 0.5
_SETTLE_SECONDS = 0.5


def main() -> int:
    """Print one line of JSON: `memory` (MiB, at most), `gap` and `idle` (milliseconds)."""
    which, folder = sys.argv[1:]
    found = program(folder) if which == "program" else bare()
    sys.stdout.write(json.dumps(found) + "\n")
    return 0


def program(folder: str) -> dict[str, float]:
    """Measure the program from its first paint to the worker's first status, then idle for as long."""
    from bonifiq_desktop.app import build

    app = build(["--data-dir", folder])
    pulse = EventLoopGaps()
    app.window.painted.connect(pulse.begin)
    begun = _when(app.window.painted, app.start)
    _when(app.client.statusChanged)
    gap, took = pulse.end(), perf_counter() - begun
    memory = most_resident()
    _rest(_SETTLE_SECONDS)
    idle = _longest_in(pulse, took)
    app.stop()
    return {"memory": memory, "gap": gap, "idle": idle}


def bare() -> dict[str, float]:
    """Measure an empty window."""
    qt = QApplication([])
    window = QMainWindow()
    window.resize(1180, 720)
    window.show()
    _rest(_SETTLE_SECONDS)
    gap = _longest_in(EventLoopGaps(), _BARE_SECONDS)
    del qt
    return {"memory": most_resident(), "gap": gap, "idle": gap}


def most_resident(process: int | str = "self") -> float:
    """A process's peak memory in MiB."""
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def _when(told: SignalInstance, begin: Callable[[], object] = lambda: None) -> float:
    """Run the event loop until the signal and return its time."""
    loop = QEventLoop()
    told.connect(loop.quit)
    begin()
    loop.exec()
    return perf_counter()


def _rest(seconds: float) -> None:
    loop = QEventLoop()
    QTimer.singleShot(round(seconds * 1000), loop.quit)
    loop.exec()


def _longest_in(pulse: EventLoopGaps, seconds: float) -> float:
    pulse.begin()
    _rest(seconds)
    return pulse.end()


if __name__ == "__main__":
    sys.exit(main())
