"""The watermark beside the ledger, which shows that the ledger file is gone or was replaced by an older one.

It is written after every commit and never flushed: it may lag behind the ledger, but never runs ahead of it.
"""

import json
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from bonifiq_desktop.domain.strict_json import Unreadable, load

_LENGTH = 80
_MAX_BYTES = 4096  # a file that was put there by hand may have any length
_MAX_COMMITS = 2**53


@dataclass(frozen=True)
class Watermark:
    """A ledger and its least number of commits. Empty `ledger_id`: there was a ledger, nothing more is known."""

    ledger_id: str = ""
    commits: int = 0


def watermark_path(ledger: Path) -> Path:
    """The path of a ledger's watermark."""
    return ledger.with_name(f"{ledger.name}.watermark")


def read_watermark(ledger: Path) -> Watermark | None:
    """The watermark of a ledger; None when there never was a ledger here."""
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
    """Write a watermark. An error is ignored, because the older watermark stays true.

    Over what stood there, in one write of always the same length: no dead process leaves half of it. A new file under
    another name would be no safer, since nothing is flushed, and makes the next commit wait for the folder, too.
    """
    text = json.dumps({"ledger_id": watermark.ledger_id, "commits": watermark.commits}).ljust(_LENGTH)
    with suppress(OSError):
        handle = os.open(watermark_path(ledger), os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            os.write(handle, text.encode())
            os.ftruncate(handle, len(text))  # remove the rest of a longer file
        finally:
            os.close(handle)
