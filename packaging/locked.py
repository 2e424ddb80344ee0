"""Distributions of the lock files."""

import re
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

LOCK = Path(__file__).resolve().parent / "requirements.lock"
"""What the program runs on."""


def locked_versions(lock: str) -> dict[str, str]:
    """Name and version of every distribution of a lock file that applies to this system."""
    here = [entry for entry in _entries(lock) if entry.marker is None or entry.marker.evaluate()]
    return {canonicalize_name(entry.name): str(entry.specifier).removeprefix("==") for entry in here}


def locked_everywhere(lock: str) -> list[tuple[str, Version]]:
    """Name and version of every distribution of a lock file, those for other systems too.

    Raises InvalidRequirement, and InvalidVersion for an entry that pins no version: both are a ValueError.
    """
    entries = [(entry.name, str(entry.specifier).removeprefix("==")) for entry in _entries(lock)]
    return sorted((canonicalize_name(name), Version(number)) for name, number in entries)


def _entries(lock: str) -> list[Requirement]:
    return [Requirement(line.split("\\")[0]) for line in lock.splitlines() if re.match(r"[A-Za-z0-9]", line)]
