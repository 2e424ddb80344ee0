"""What a till remembers of its ledger outside of it: a file gone, or put back from long ago, is noticed.

The mark is written after every commit and never flushed to disk: it may lag behind the ledger, and never runs ahead.
"""

import json
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from bonifiq_desktop.domain.strict_json import Unreadable, load

_LENGTH = 80
_MAX_BYTES = 4096  # bytes that are read; what was put there by hand may be of any length
_MAX_COMMITS = 2**53  # the ledger counts its steps one by one


@dataclass(frozen=True)
class Watermark:
    """Which ledger, and how many steps it had at least. An empty tag: there was one, nothing more is known."""

    ledger_id: str = ""
    commits: int = 0


def watermark_path(ledger: Path) -> Path:
    """Where the mark of a ledger file is."""
    return ledger.with_name(f"{ledger.name}.watermark")


def read_watermark(ledger: Path) -> Watermark | None:
    """What is remembered of a ledger; None when there never was one here."""
    try:
        with watermark_path(ledger).open("rb") as file:
            content = file.read(_MAX_BYTES)
    except FileNotFoundError:
        return None
    except OSError:
        return Watermark()
    with suppress(Unreadable):  # torn by a power cut, or edited by hand
        match load(content):
            case {"ledger_id": str(ledger_id), "commits": int(commits)} if (
                0 <= commits < _MAX_COMMITS and commits is not True
            ):
                return Watermark(ledger_id, commits)
    return Watermark()


def write_watermark(ledger: Path, watermark: Watermark) -> None:
    """Remember. What cannot be written is left out: an older mark is true as well.

    Over what stood there, in one write of always the same length: no dead process leaves half of it. A new file under
    another name would be no safer, since nothing is flushed, and makes the next commit wait for the folder, too.
    """
    text = json.dumps({"ledger_id": watermark.ledger_id, "commits": watermark.commits}).ljust(_LENGTH)
    with suppress(OSError):
        handle = os.open(watermark_path(ledger), os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            os.write(handle, text.encode())
            os.ftruncate(handle, len(text))  # of something longer, put there by hand, nothing may stay behind
        finally:
            os.close(handle)
