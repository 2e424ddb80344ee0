"""The print helpers that this process started, as the system sees them."""

import os
from pathlib import Path


def print_helpers(parent: int | None = None) -> list[Path]:
    """The folders in /proc of a process's running print helpers; this process's without a number."""
    wanted = parent or os.getpid()
    return [folder for folder in Path("/proc").glob("[0-9]*") if _is_helper(folder, wanted)]


def _is_helper(folder: Path, parent: int) -> bool:
    try:
        fields = (folder / "stat").read_text().rpartition(")")[2].split()
        arguments = (folder / "cmdline").read_bytes().split(b"\0")
    except OSError:  # it has ended
        return False
    return fields[0] != "Z" and int(fields[1]) == parent and b"print-job" in arguments
