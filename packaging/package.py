"""Build this system's package in `dist/` (for Windows in `dist/windows/`): `package.py [--bare]`.

Everywhere: the folder `dist/bonifiq-desktop` (on macOS also `dist/BonifiQ Desktop.app`) with the notices and
the bill of materials in it.
On Linux also the .tar.gz and the .deb. `--bare`: the bare window instead, the yardstick of size and start.
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

import archives

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
SYSTEM = "windows" if sys.platform == "win32" else ""
"""The folder of a Windows build in `dist` and `build`: `make windows` builds beside Linux's."""
DIST, WORK = ROOT / "dist" / SYSTEM, ROOT / "build" / SYSTEM
NAME = "bonifiq-desktop"


def run_pyinstaller(spec: str) -> None:
    """Run PyInstaller with a fixed hash seed, so that two builds are equal."""
    options = ["--noconfirm", "--log-level", "ERROR", "--distpath", str(DIST), "--workpath", str(WORK)]
    command = [sys.executable, "-m", "PyInstaller", *options, str(HERE / f"{spec}.spec")]
    subprocess.run(command, check=True, cwd=ROOT, env=os.environ | {"PYTHONHASHSEED": "1"})


def add_texts() -> None:
    """Add the licence, the notices and the bill of materials to the package."""
    bundle = DIST / "BonifiQ Desktop.app" / "Contents" / "Resources"
    for folder in (DIST / NAME, *([bundle] if bundle.is_dir() else [])):
        shutil.copyfile(ROOT / "LICENSE", folder / "LICENSE")
        out = folder / "THIRD-PARTY-NOTICES.txt"
        command = [sys.executable, str(HERE / "notices.py"), str(WORK / NAME / "contents.json"), str(out)]
        subprocess.run(command, check=True)
        bill = [sys.executable, str(HERE / "sbom.py"), str(folder / "sbom.cdx.json")]
        subprocess.run(bill, check=True, stdout=subprocess.DEVNULL)


def size_table(made: Iterable[Path]) -> str:
    """A table with the size of each built file."""
    rows = [(path.name + ("/" if path.is_dir() else ""), _bytes(path) / 2**20) for path in made if path.exists()]
    width = max(len(name) for name, _size in rows)
    return "\n".join(f"{name:<{width}}  {size:7.1f} MiB" for name, size in rows)


def _bytes(path: Path) -> int:
    return archives.size_of(path) if path.is_dir() else path.stat().st_size


def _commit_time() -> str:
    """The time of the last commit, or now without a repository."""
    git = shutil.which("git")
    command = [git or "git", "-C", str(ROOT), "log", "-1", "--format=%ct"]
    told = subprocess.run(command, capture_output=True, text=True, check=False).stdout if git else ""
    return told.strip() or str(int(time.time()))


def main() -> int:
    """Build the package. Return the exit status."""
    os.environ.setdefault("SOURCE_DATE_EPOCH", _commit_time())
    if sys.argv[1:] == ["--bare"]:
        run_pyinstaller("bare")
        print(size_table([DIST / "bare"]))
        return 0
    run_pyinstaller(NAME)
    if sys.platform == "linux":
        archives.remove_build_paths(DIST / NAME)
    add_texts()
    made = [DIST / NAME, DIST / "BonifiQ Desktop.app", DIST / "bare"]
    if sys.platform == "linux":
        made += [archives.make_tar(DIST / NAME, DIST), archives.make_deb(DIST / NAME, WORK / NAME / "icons", DIST)]
    print(size_table(made))
    return 0


if __name__ == "__main__":
    sys.exit(main())
