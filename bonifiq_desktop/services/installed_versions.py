"""The versions of the program that are installed side by side: marks of good starts, clean-up, and going back.

`docs/adr/0009-version-folders.md` has the layout. Setup and the starter write the same files:
`packaging/windows/starter.c`, `packaging/windows/bonifiq-desktop.iss`, `packaging/linux/starter.sh`.
"""

import logging
import re
import shutil
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from bonifiq_desktop.ledger.schema import MIGRATIONS
from bonifiq_desktop.storage.files import replace_atomically

_log = logging.getLogger(__name__)
_NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z.+_-]{0,62}")
_LEDGER_LINE = re.compile(r"# ledger ([0-9]{1,6})")
_MAX_BYTES = 512  # of current.txt
_GOOD_STARTS = 3
"""After so many good starts of a version, those before the previous one are removed."""


class VersionNotUsable(Exception):
    """No other version is installed, or it cannot open this till's ledger."""


@dataclass(frozen=True)
class VersionState:
    """`running`: this program. `following`: what the next start takes. `alternative`: what can take its place, or "".

    `is_alternative_usable`: whether it opens this till's ledger. `failed`: the version that the starter gave up, or "".
    """

    running: str
    following: str
    alternative: str = ""
    is_alternative_usable: bool = False
    failed: str = ""


class InstalledVersions:
    """The folder with `current.txt`, `versions/` and `starts/`. `running`: the name of this program's version."""

    def __init__(self, root: Path, running: str) -> None:
        self._root = root
        self.running = running

    @classmethod
    def find(cls, executable: Path | None = None) -> "InstalledVersions | None":
        """Return the folder that this program was started from; None where it is not in a version folder."""
        if executable is None:
            if not getattr(sys, "frozen", False):
                return None
            executable = Path(sys.executable)
        folder = executable.parent
        is_version = folder.parent.name == "versions" and (folder.parent.parent / "current.txt").is_file()
        return cls(folder.parent.parent, folder.name) if is_version else None

    def state(self, ledger_version: int = len(MIGRATIONS)) -> VersionState:
        """Return the installed versions. `ledger_version`: the lowest that the alternative must open."""
        following, alternative, is_failed = self._read()
        alternative = alternative if (self._folder(alternative) / "manifest.txt").is_file() else ""
        return VersionState(
            self.running,
            following or self.running,
            alternative,
            is_alternative_usable=bool(alternative) and self._ledger_version_of(alternative) >= ledger_version,
            failed=alternative if is_failed else "",
        )

    def switch(self, ledger_version: int = len(MIGRATIONS)) -> VersionState:
        """Let the next start take the alternative; return the state after that. Raises VersionNotUsable, OSError."""
        before = self.state(ledger_version)
        if not before.is_alternative_usable:
            raise VersionNotUsable
        # A version that the starter gave up gets its starts again.
        self._mark(before.alternative, "started").unlink(missing_ok=True)
        with replace_atomically(self._root / "current.txt") as file:
            file.write(f"{before.alternative}\n{before.following}\n".encode())
        _log.warning("version chosen for the next start")
        return self.state(ledger_version)

    def report_good_start(self) -> None:
        """Count a start whose window was shown and whose ledger opened; from the third on, remove older versions."""
        try:
            mark = self._mark(self.running, "good")
            mark.parent.mkdir(exist_ok=True)
            count = mark.stat().st_size if mark.exists() else 0
            if count < _GOOD_STARTS:
                with mark.open("ab") as file:
                    file.write(b"+")
            if count + 1 >= _GOOD_STARTS:
                self._remove_older()
        except OSError:  # installed by another user, or a full disk: the starter goes on with this version
            _log.exception("good start not recorded")
        if self._read()[2]:
            _log.warning("version abandoned by the starter")

    def withdraw_start(self) -> None:
        """Forget the counted starts: the program ended for a reason that is not this version's."""
        with suppress(OSError), self._mark(self.running, "started").open("rb+") as file:
            file.truncate(0)

    def _remove_older(self) -> None:
        """Remove the versions that were in use before the two in `current.txt`; one with a held file stays whole."""
        following, alternative, _is_failed = self._read()
        kept = {self.running, following, alternative}
        for folder in (self._root / "versions").iterdir():
            if folder.suffix == ".old":
                shutil.rmtree(folder, ignore_errors=True)
            # Setup may just have put a version there that was never started, and no mark is there before its first.
            elif folder.name not in kept and self._mark(folder.name, "good").exists():
                self._remove(folder)

    def _remove(self, folder: Path) -> None:
        aside = folder.with_name(f"{folder.name}.old")
        with suppress(OSError):  # Windows renames no folder with an open file
            folder.rename(aside)
            for kind in ("good", "started"):
                self._mark(folder.name, kind).unlink(missing_ok=True)
            shutil.rmtree(aside, ignore_errors=True)

    def _read(self) -> tuple[str, str, bool]:
        """Return the two names in `current.txt`, and whether the starter swapped them; "" for an unusable name."""
        try:
            with (self._root / "current.txt").open("rb") as file:
                lines = file.read(_MAX_BYTES).decode("ascii", errors="replace").splitlines()
        except OSError:
            lines = []
        following, alternative, third = [*lines, "", "", ""][:3]
        names = [name if _NAME.fullmatch(name) else "" for name in (following, alternative)]
        return names[0], names[1], third == "failed"

    def _ledger_version_of(self, name: str) -> int:
        """The newest ledger that a version opens, by the first line of its manifest; 0 when it is unreadable."""
        try:
            with (self._folder(name) / "manifest.txt").open(encoding="utf-8") as file:
                found = _LEDGER_LINE.fullmatch(file.readline(_MAX_BYTES).strip())
        except (OSError, UnicodeDecodeError):
            return 0
        return int(found[1]) if found else 0

    def _folder(self, name: str) -> Path:
        return self._root / "versions" / (name or "-")

    def _mark(self, name: str, kind: str) -> Path:
        return self._root / "starts" / f"{name}.{kind}"
