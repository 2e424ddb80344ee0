"""Install, run, update and remove the program on this Windows user's account: `try_installer.py SETUP.exe`.

For a build machine and for Wine: it removes what it installed, and would remove a shop's program, too. It ends with
status 1 and a sentence at the first step that fails.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SILENT = ("/VERYSILENT", "/SUPPRESSMSGBOXES", "/NORESTART")
SECONDS = 300


class TrialFailed(Exception):
    """A step did not do what it should."""


def run(program: Path, *arguments: str) -> str:
    """Run a program to its end; return its output. Raises TrialFailed.

    The output goes to a file: a pipe would stay open as long as any process that the program started.
    """
    with tempfile.TemporaryFile() as output:
        done = subprocess.run(
            [str(program), *arguments], timeout=SECONDS, check=False,
            stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
        )  # fmt: skip
        output.seek(0)
        said = output.read()
    if done.returncode:
        raise TrialFailed(f"{program.name} {' '.join(arguments)} ended with {done.returncode}: {said!r}")
    return said.decode("utf-8")


def require(is_so: bool, sentence: str) -> None:
    """Raise TrialFailed with a sentence unless something is so."""
    if not is_so:
        raise TrialFailed(sentence)


def try_installer(setup: Path, local: Path) -> None:
    """Try the installer; `local` is the user's %LOCALAPPDATA%. Raises TrialFailed."""
    root, data = local / "Programs" / "BonifiQ Desktop", local / "BonifiQ Desktop"
    run(setup, *SILENT)
    program = root / "bonifiq-desktop.exe"
    version = run(program, "--version").strip()
    require(version.startswith("BonifiQ Desktop "), f"--version says {version!r}")
    require("ok" in run(program, "doctor"), "the doctor finds nothing in order")
    data.mkdir(exist_ok=True)
    kept = data / "trial.txt"
    kept.write_text("the shop's data", encoding="utf-8")
    run(setup, *SILENT)  # over itself
    require(run(program, "--version").strip() == version, "the program does not run after a second installation")
    run(next(root.glob("unins*.exe")), *SILENT)
    end = time.monotonic() + 60  # the uninstaller goes on in a copy of itself
    while program.exists() and time.monotonic() < end:
        time.sleep(0.5)
    require(not program.exists(), "the uninstaller left the program")
    require(kept.exists(), "the uninstaller removed the shop's data")
    kept.unlink()


def main() -> int:
    """Try it. Return the exit status."""
    try:
        try_installer(Path(sys.argv[1]).resolve(), Path(os.environ["LOCALAPPDATA"]))
    except TrialFailed as failed:
        print(f"try_installer: {failed}", file=sys.stderr)
        return 1
    print("installed, run, installed over itself, removed; the shop's data stayed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
