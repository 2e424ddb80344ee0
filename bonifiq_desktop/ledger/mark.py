"""What a till remembers of its ledger outside of it: a file gone, or put back from long ago, is noticed.

The mark is written after every commit and never flushed to disk: it may lag behind the ledger, and never runs ahead.
"""

import json
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_LENGTH = 80


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
    """Remember. What cannot be written is left out: an older mark is true as well.

    Over what stood there, in one write of always the same length: no dead process leaves half of it. A new file under
    another name would be no safer, since nothing is flushed, and makes the next commit wait for the folder, too.
    """
    text = json.dumps({"tag": mark.tag, "steps": mark.steps}).ljust(_LENGTH)
    with suppress(OSError):
        handle = os.open(mark_path(ledger), os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            os.write(handle, text.encode())
        finally:
            os.close(handle)
