"""What a till remembers of its ledger outside of it: a file gone, or put back from long ago, is noticed.

The mark is written after every commit and never flushed to disk: it may lag behind the ledger, and never runs ahead.
"""

import json
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Mark:
    """Which ledger, and how many steps it had at least. An empty tag: there was one, nothing more is known."""

    tag: str = ""
    steps: int = 0


def mark_path(ledger: Path) -> Path:
    """Where the mark of a ledger file is."""
    return ledger.with_name(f"{ledger.name}.mark")


def read_mark(ledger: Path) -> Mark | None:
    """What is remembered of a ledger; None when there never was one here."""
    try:
        text = mark_path(ledger).read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except (OSError, ValueError):
        return Mark()
    try:
        data = json.loads(text)
        return Mark(str(data["tag"]), int(data["steps"]))
    except (ValueError, TypeError, KeyError):
        return Mark()  # torn by a power cut


def write_mark(ledger: Path, mark: Mark) -> None:
    """Remember. What cannot be written is left out: an older mark is true as well."""
    path = mark_path(ledger)
    fresh = path.with_name(f".{path.name}.new")
    with suppress(OSError):
        fresh.touch(mode=0o600)
        fresh.write_text(json.dumps({"tag": mark.tag, "steps": mark.steps}), encoding="utf-8")
        fresh.replace(path)
