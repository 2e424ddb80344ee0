"""The start of the program against a trivial page in a headless Chromium."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import monotonic, sleep

from tests.bench.measure import Bench, Figure, Goal, NotMeasured, Result, Row
from tests.bench.start import PROGRAM, Folders, until_painted

_ROUNDS = 10
_PATIENCE = 30.0
_SETTLE = 3.0
_PAGE = "data:text/html,<title>till</title><h1>Consultar</h1><input autofocus>"


def rows(bench: Bench) -> Iterator[Result]:
    """Measure both alternately; each start gets its own copy of a used data folder."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        yield NotMeasured("browser", "everything", "there is no chromium on this machine")
        return
    with tempfile.TemporaryDirectory(dir=bench.folder, prefix="browser-") as name:
        folders = Folders(Path(name))
        browser = Browser(chromium, Path(name) / "profile")
        ours, theirs = [], []
        for number in range(bench.rounds(_ROUNDS) + 1):
            paints = (until_painted([*PROGRAM, "--data-dir", str(folders.take())]), browser.until_drawn())
            if number:  # the first start of each creates files once
                ours.append(paints[0])
                theirs.append(paints[1])
        paint = Figure(
            "browser",
            "first paint",
            "from before the process is made until the first picture, against `chromium --headless --screenshot` of a "
            "trivial page, until the picture of it is on the disk",
            Goal(0.6),
        )
        yield Row.of(paint, ours, theirs)
        memory = Figure(
            "browser",
            "memory",
            f"proportional set size of all processes together, {_SETTLE:.0f} s after the start, against chromium "
            "--headless on a trivial page",
            Goal(0.35),
            unit="MiB",
        )
        held = [(memory_of([*PROGRAM, "--data-dir", str(folders.take())]), memory_of(browser.open())) for _ in range(3)]
        yield Row.of(memory, [each[0] for each in held], [each[1] for each in held])


class Browser:
    """A headless Chromium with a persistent profile."""

    def __init__(self, executable: str, profile: Path) -> None:
        self._picture = profile.with_name("picture.png")
        self._command = [executable, "--headless", f"--user-data-dir={profile}", "--window-size=1180,720"]
        self._command += ["--no-first-run", "--disable-background-networking", "--disable-component-update"]
        if os.geteuid() == 0:
            self._command.append("--no-sandbox")  # Chromium demands it of root

    def open(self) -> list[str]:
        """The command that shows the page and keeps running."""
        return [*self._command, "--remote-debugging-port=0", _PAGE]

    def until_drawn(self) -> float:
        """Milliseconds until the page's picture is written."""
        self._picture.unlink(missing_ok=True)
        begun = monotonic()
        with RunningProcess([*self._command, f"--screenshot={self._picture}", _PAGE]):
            while not (self._picture.exists() and self._picture.stat().st_size):
                if monotonic() - begun > _PATIENCE:
                    raise RuntimeError("chromium draws nothing")
                sleep(0.001)
            return (monotonic() - begun) * 1000


class RunningProcess:
    """A process in its own group. The block's end kills it with all its children."""

    def __init__(self, command: list[str]) -> None:
        quiet = subprocess.DEVNULL
        self._process = subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True)

    def __enter__(self) -> int:
        return self._process.pid

    def __exit__(self, *_error: object) -> None:
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()


def memory_of(command: list[str]) -> float:
    """Memory of a program and its children in MiB after a while, shared pages divided among their users."""
    with RunningProcess(command) as first:
        sleep(_SETTLE)
        return sum(map(proportional, family_of(first)))


def family_of(process: int) -> list[int]:
    """A process and its descendants."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii").split()
    return [process, *(each for child in children for each in family_of(int(child)))]


def proportional(process: int) -> float:
    """The proportional set size of one process, in MiB."""
    lines = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii").splitlines()
    return int(next(line for line in lines if line.startswith("Pss:")).split()[1]) / 1024
