"""What a till remembers of its ledger outside of it: a file gone, or put back from long ago, is noticed.

The mark is written after every commit and never flushed to disk: it may lag behind the ledger, and never runs ahead.
"""

import json
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from bonifiq_desktop.domain.sound_json import Unreadable, load

_LENGTH = 80
_LONGEST = 4096  # bytes that are read; what was put there by hand may be of any length
_MOST_STEPS = 2**53  # the ledger counts its steps one by one


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
        with mark_path(ledger).open("rb") as file:
            content = file.read(_LONGEST)
    except FileNotFoundError:
        return None
    except OSError:
        return Mark()
    with suppress(Unreadable):  # torn by a power cut, or edited by hand
        match load(content):
            case {"tag": str(tag), "steps": int(steps)} if 0 <= steps < _MOST_STEPS and steps is not True:
                return Mark(tag, steps)
    return Mark()


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
            os.ftruncate(handle, len(text))  # of something longer, put there by hand, nothing may stay behind
        finally:
            os.close(handle)
