"""Time to the first paint, and the cost of the loading after it, against a bare window."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from time import monotonic, sleep

from tests.bench.measure import Bench, Figure, Goal, NotMeasured, Result, Row, compare

_ROUNDS = 30
_SAYS_WHAT_IT_PAINTS = {"QT_LOGGING_RULES": "qt.widgets.painting*=true", "QT_FORCE_STDERR_LOGGING": "1"}
_PAINTED = b"Flushing top level"
_LOADED_SECONDS = 4.0
_FRAME = 16.0
"""Milliseconds of a pause that people do not notice."""

BARE = [sys.executable, "-m", "tests.bench.bare_window", "-qwindowgeometry", "1180x720"]
PROGRAM = [sys.executable, "-m", "bonifiq_desktop"]


def rows(bench: Bench) -> Iterator[Result]:
    """The figures of the installed and of the packaged program."""
    with tempfile.TemporaryDirectory(dir=bench.folder, prefix="start-") as name:
        folders = Folders(Path(name))
        rounds = bench.rounds(_ROUNDS)
        yield _paint("first full paint", PROGRAM, BARE, folders, rounds=rounds, goal=Goal(1.25))
        if bench.package and bench.bare_package:
            packaged = [str(executable_in(bench.package))]
            bare = [str(executable_in(bench.bare_package)), *BARE[-2:]]
            yield _paint("first full paint, packaged", packaged, bare, folders, rounds=rounds, goal=Goal(1.35))
            yield _packaged_memory(packaged, bare, folders, rounds)
        else:
            yield NotMeasured("start", "first full paint, packaged", "not built")
        yield from _rest(folders, rounds)


class Folders:
    """Copies of the data folder of a till that was opened once; each start gets its own copy."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._first = folder / "first"
        self._number = 0
        loaded("program", self._first)

    def take(self) -> Path:
        """Make the next copy."""
        self._number += 1
        return Path(shutil.copytree(self._first, self._folder / str(self._number)))


def executable_in(package: Path) -> Path:
    """The executable of a one-folder build; it has the folder's name."""
    return package / (f"{package.name}.exe" if os.name == "nt" else package.name)


def _paint(name: str, program: Sequence[str], bare: Sequence[str], folders: Folders, *, rounds: int, goal: Goal) -> Row:
    figure = Figure(
        "start",
        name,
        "from before the process is made until Qt says that it hands the first picture of the window over, against a "
        "QMainWindow of the same size with nothing in it",
        goal,
    )

    def ours() -> float:
        return until_painted([*program, "--data-dir", str(folders.take())])

    return compare(figure, ours=ours, limit=lambda: until_painted(bare), rounds=rounds)


def until_painted(command: Sequence[str]) -> float:
    """Start a process, kill it after its first paint, and return the milliseconds until then."""
    begun = monotonic()
    with subprocess.Popen(command, stderr=subprocess.PIPE, env={**os.environ, **_SAYS_WHAT_IT_PAINTS}) as process:
        assert process.stderr is not None
        said = []
        for line in process.stderr:
            if line.find(_PAINTED) >= 0:
                took = (monotonic() - begun) * 1000
                process.kill()
                return took
            said.append(line)
    raise RuntimeError(f"nothing was painted: {b''.join(said)!r}")


def _packaged_memory(program: Sequence[str], bare: Sequence[str], folders: Folders, rounds: int) -> Row:
    figure = Figure(
        "start",
        "memory once all is loaded, packaged",
        f"the most that the process ever held resident in its first {_LOADED_SECONDS:.0f} s, against a bare "
        "window's; nothing of the workshop is loaded here, as it is where httpx finds rich and click",
        Goal(2),
        unit="MiB",
    )
    ours, limit = [], []
    for _ in range(max(3, rounds // 3)):
        ours.append(most_held([*program, "--data-dir", str(folders.take())], _LOADED_SECONDS))
        limit.append(most_held(bare, _LOADED_SECONDS))
    return Row.of(figure, ours, limit)


def most_held(command: Sequence[str], seconds: float) -> float:
    """The peak memory of a process in MiB, over `seconds` or until it ends."""
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    end = monotonic() + seconds
    while monotonic() < end and os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
        sleep(0.05)
    os.kill(process.pid, signal.SIGKILL)  # Popen.kill() could reap the process, whose usage is read below
    _, _, used = os.wait4(process.pid, 0)
    process.returncode = 0
    return used.ru_maxrss / 1024


def _rest(folders: Folders, rounds: int) -> Iterator[Row]:
    """Memory, and the event loop's gaps while the worker opens everything."""
    ours, bare = [], []
    for _ in range(max(3, rounds // 3)):
        ours.append(loaded("program", folders.take()))
        bare.append(loaded("bare", folders.take()))
    memory = Figure(
        "start",
        "memory once all is loaded",
        "the most that the process ever held resident, until the worker opened the ledger and told its first status, "
        "against the bare window's",
        Goal(2),
        unit="MiB",
    )
    yield Row.of(memory, [each["memory"] for each in ours], [each["memory"] for each in bare])
    gap = Figure(
        "start",
        "longest gap while the rest loads",
        "between two ticks of a 1 ms timer of the window, from the first paint to the first status, against a frame of "
        f"{_FRAME:.0f} ms or twice the longest gap in as long a time of rest afterwards, whichever is longer",
        Goal(1),
    )
    yield Row.of(gap, [each["gap"] for each in ours], [max(_FRAME, 2 * each["idle"]) for each in ours])


def loaded(which: str, folder: Path) -> dict[str, float]:
    """The figures that a loaded window prints; see `loading.py`."""
    command = [sys.executable, "-m", "tests.bench.loading", which, str(folder)]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found
