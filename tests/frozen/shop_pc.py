"""A simulated PC with only the packaged program, used by an account without rights."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import bonifiq_desktop

REPOSITORY = Path(bonifiq_desktop.__file__).parents[1]
DIST = REPOSITORY / "dist" / ("windows" if sys.platform == "win32" else "")
LINUX_ONLY = "how other systems do this is theirs: there is no {} there"
PATIENCE = 120.0
"""Seconds that a run may take before a test gives up."""

_UNPRIVILEGED_ID = 65534
_OFFSCREEN = (
    "This plugin does not support propagateSizeHints()\n"  # printed by Qt's offscreen platform for every window
)
_WINDOWS_NEEDS = ("SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "COMSPEC", "PATHEXT", "NUMBER_OF_PROCESSORS")


def _is_root() -> bool:
    return sys.platform != "win32" and os.getuid() == 0


def built() -> Path:
    """The built program folder."""
    folder = DIST / ("BonifiQ Desktop.app" if sys.platform == "darwin" else "bonifiq-desktop")
    assert folder.is_dir(), "there is no package: make smoke builds it"
    return folder


class ShopPC:
    """A folder with spaces and accents that holds the program and an empty home."""

    def __init__(self, folder: Path, program: Path) -> None:
        self.folder = folder
        self.program = program
        self.home = folder / "Início de José"
        self.home.mkdir()
        self._give(self.home)

    @staticmethod
    def _give(path: Path) -> None:
        if _is_root():
            shutil.chown(path, _UNPRIVILEGED_ID, _UNPRIVILEGED_ID)

    def environment(self, more: Mapping[str, str]) -> dict[str, str]:
        """The program's environment variables, without the test's own."""
        kept: dict[str, str] = {}
        if sys.platform == "win32":
            kept = {name: os.environ[name] for name in _WINDOWS_NEEDS if name in os.environ}
            home = str(self.home)
            # Qt's offscreen platform looks for no fonts of its own on Windows.
            fonts = {"QT_QPA_FONTDIR": f"{os.environ['SYSTEMROOT']}\\Fonts"}
            own = fonts | {"USERPROFILE": home, "LOCALAPPDATA": home, "APPDATA": home, "TEMP": home, "TMP": home}
            path = f"{os.environ['SYSTEMROOT']}\\System32"
        else:
            own = {"HOME": str(self.home), "TMPDIR": str(self.home), "LANG": "C.UTF-8"}
            path = "/usr/bin:/bin"
        return {**kept, **own, "PATH": path, "QT_QPA_PLATFORM": "offscreen", **more}

    @contextmanager
    def started(self, *arguments: str, **more: str) -> Iterator[subprocess.Popen[str]]:
        """Run the program; kill it at the block's end if it still runs."""
        with self.popen([str(self.program), *arguments], more) as process:
            try:
                yield process
            finally:
                process.kill()

    def popen(
        self,
        command: list[str],
        more: Mapping[str, str],
        stdout: int | IO[str] = subprocess.PIPE,
        stdin: int = subprocess.DEVNULL,
    ) -> subprocess.Popen[str]:
        """Start a command as the PC's user."""
        user = _UNPRIVILEGED_ID if _is_root() else None
        return subprocess.Popen(
            command, stdin=stdin, stdout=stdout, stderr=subprocess.PIPE, cwd=self.home,
            env=self.environment(more), text=True, encoding="utf-8",
            user=user, group=user, extra_groups=None if user is None else [],
        )  # fmt: skip

    def run(self, *arguments: str, status: int = 0, says: str = "", typed: str = "", **more: str) -> str:
        """Run the program and return its output. It must end with `status` and write only `says` to standard error.

        `typed`: what it reads from standard input.
        """
        stdin = subprocess.PIPE if typed else subprocess.DEVNULL
        with self.popen([str(self.program), *arguments], more, stdin=stdin) as process:
            try:
                out, complaints = process.communicate(typed or None, timeout=PATIENCE)
            finally:
                process.kill()
        complaints = complaints.replace(_OFFSCREEN, "").strip()
        assert (process.returncode, complaints) == (status, says), (complaints, out)
        return out


@contextmanager
def new_pc() -> Iterator[ShopPC]:
    """A PC with a copy of the built folder that only its owner may write."""
    folder = Path(tempfile.mkdtemp(prefix="bonifiq-smoke-"))
    try:
        folder.chmod(0o755)
        copy = folder / "Balcão São João" / built().name
        shutil.copytree(built(), copy, symlinks=True)
        inside = {"darwin": "Contents/MacOS/bonifiq-desktop", "win32": "bonifiq-desktop.exe"}
        yield ShopPC(folder, copy / inside.get(sys.platform, "bonifiq-desktop"))
    finally:
        shutil.rmtree(folder)
