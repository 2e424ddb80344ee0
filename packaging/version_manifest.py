"""The manifest of a version folder: the ledger that the program opens, and every file's SHA-256.

The first line is `# ledger N`; the others are those of `sha256sum`. Setup checks what it wrote by it, and the
program reads the first line before it offers to go back to a version (`services/installed_versions.py`).
"""

import hashlib
from pathlib import Path

from bonifiq_desktop.ledger.schema import MIGRATIONS

NAME = "manifest.txt"


def manifest_of(folder: Path, *, ledger_version: int = len(MIGRATIONS)) -> str:
    """The manifest of a program folder, without links. Raises ValueError for a name that is not ASCII, OSError."""
    lines = [f"# ledger {ledger_version}"]
    for file in sorted(folder.rglob("*")):
        name = file.relative_to(folder).as_posix()
        if file.is_symlink() or not file.is_file() or name == NAME:
            continue
        if not name.isascii():  # Inno Setup reads the manifest in the PC's code page
            raise ValueError(f"file name is not ASCII: {name}")
        lines.append(f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {name}")
    return "\n".join(lines) + "\n"
