"""The audit trail: who did what at this till, one line each, chained so that a changed or removed line shows.

`audit.jsonl` is only ever added to. Every line holds its number and the hash of itself together with the hash of the
line before; `audit.head` beside it holds the number and hash of the last one, so that the end cannot be cut off
unseen. The chain has no secret: it shows a slip, a flipped bit and a hand in the file, not somebody who computes
the whole file anew. Nothing of a customer is in it.
"""

import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from bonifiq_desktop.diagnostics.log_schema import format_timestamp
from bonifiq_desktop.domain.strict_json import load
from bonifiq_desktop.domain.text import plain
from bonifiq_desktop.storage.files import open_private, read_json, sync_folder, write_json

_FILE = "audit.jsonl"
_HEAD = "audit.head"
_MAX_TEXT = 100  # characters
_MAX_LINE = 4096  # bytes of one line; the longest has some hundred


class AuditLogBroken(Exception):
    """The trail is not what was written; `line` is the number of the first line that is wrong or missing."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line_number = line


@dataclass(frozen=True)
class ChainHead:
    """How far a trail had got: the number of its last line (0: none yet) and that line's hash."""

    number: int = 0
    chain: str = ""

    def to_text(self) -> str:
        """As one word; empty for a trail without a line."""
        return f"{self.number}:{self.chain}" if self.number else ""

    @staticmethod
    def from_text(text: str) -> "ChainHead":
        """What was packed; without a line when it was something else."""
        number, _, chain = text.partition(":")
        return ChainHead(int(number), chain) if number.isdecimal() else ChainHead()


class AuditLog:
    """Adds lines to the trail of one data folder. One program at a time."""

    def __init__(self, folder: Path, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._path = folder / _FILE
        self._head_path = folder / _HEAD
        self._clock = clock
        self._head: ChainHead | None = None

    def append(
        self,
        action: str,
        details: Mapping[str, str | int],
        *,
        outcome: str = "done",
        user: str = "",
        approved_by: str = "",
    ) -> ChainHead:
        """Write down, durably, that somebody did something or was refused; `about` never holds anything of a customer.

        Raises OSError; then it does not stand there.
        """
        after = self.head()
        line: dict[str, Any] = {"n": after.number + 1, "at": format_timestamp(self._clock())}
        line |= {"did": action, "outcome": outcome, "who": user, "approved_by": approved_by} | dict(details)
        line = {name: _clean(value) for name, value in line.items() if value != ""}
        line["chain"] = _chain(after.chain, line)
        self._append(json.dumps(line, ensure_ascii=False).encode() + b"\n")
        self._head = ChainHead(line["n"], line["chain"])
        with suppress(OSError):  # an older mark is true as well
            write_json(self._head_path, {"number": self._head.number, "chain": self._head.chain})
        return self._head

    def _append(self, line: bytes) -> None:
        is_new = not self._path.exists()
        before = 0 if is_new else self._path.stat().st_size
        try:
            with open(self._path, "ab", opener=open_private) as file:
                file.write(line)
                file.flush()
                os.fsync(file.fileno())
            if is_new:
                sync_folder(self._path.parent)
        except OSError:
            self._head = None  # read anew what really stands there
            with suppress(OSError):
                os.truncate(self._path, before)
            raise

    def head(self) -> ChainHead:
        """How far it has got. What a power cut left of a line that was never finished is dropped. Raises OSError.

        What should stand there and does not is missed for good: the next line has the number after it.
        """
        if self._head is None:
            stored = _read_head_file(self._head_path)
            last = _repair_end(self._path, stored)
            # Only over its very first line may a program have died before the mark was there.
            if stored is None and last.number > 1:
                stored = ChainHead(last.number + 1)
            self._head = max(last, stored or last, key=lambda mark: mark.number)
        return self._head

    def reconcile_with(self, remembered: ChainHead) -> bool:
        """Whether the trail is the one that was remembered elsewhere; one that is shorter goes on after that mark."""
        if remembered.number > self.head().number:
            self._head = remembered
            return False
        return not remembered.number or _holds(self._path, remembered)


def verify_audit_log(folder: Path, remembered: ChainHead) -> int:
    """Look through a folder's whole trail, beside a running program too; returns how many lines it has.

    `at_least`: what was remembered of it elsewhere. Raises TrailBroken, OSError.
    """
    stored = _read_head_file(folder / _HEAD)
    expected = {head.number: head.chain for head in (stored, remembered) if head and head.number}
    last = ChainHead()
    for line in _lines(folder / _FILE):
        wanted = _chain(last.chain, {name: value for name, value in line.items() if name != "chain"})
        number = last.number + 1
        if line.get("n") != number or line.get("chain") != wanted or expected.pop(number, wanted) != wanted:
            raise AuditLogBroken(number)
        last = ChainHead(number, wanted)
    if expected or (stored is None and last.number > 1):
        raise AuditLogBroken(last.number + 1)
    return last.number


def _chain(before: str, line: dict[str, Any]) -> str:
    told = json.dumps(line, ensure_ascii=False, sort_keys=True)
    return sha256(f"{before}\n{told}".encode()).hexdigest()


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    """The lines of a trail, an empty one for what is none. Text after the last line's end is still being written."""
    with suppress(FileNotFoundError), path.open("rb") as file:
        while text := file.readline(_MAX_LINE):
            if text.endswith(b"\n") or len(text) == _MAX_LINE:
                yield _read(text)


def _read(text: bytes) -> dict[str, Any]:
    with suppress(ValueError):
        line = load(text)
        if isinstance(line, dict):
            return line
    return {}


def _repair_end(path: Path, stored: ChainHead | None) -> ChainHead:
    """The last line, after an end that was never finished was dropped, or one that was damaged set apart."""
    if not path.exists():
        return ChainHead()
    with path.open("rb+") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - 2 * _MAX_LINE))
        tail = file.read()
        whole, _, torn = tail.rpartition(b"\n")
        last = _head_in(whole.rpartition(b"\n")[2])
        if torn and stored is not None and stored.number > last.number:
            file.write(b"\n")  # it was whole once: what is left of it stays, and shows
        elif torn:
            file.truncate(size - len(torn))
        os.fsync(file.fileno())
    return last


def _head_in(text: bytes) -> ChainHead:
    line = _read(text)
    with suppress(KeyError, TypeError, ValueError):
        return ChainHead(int(line["n"]), str(line["chain"]))
    return ChainHead()


def _holds(path: Path, mark: ChainHead) -> bool:
    chain = mark.chain.encode()
    with suppress(FileNotFoundError), path.open("rb") as file:
        return any(_head_in(text) == mark for text in file if chain in text)
    return False


def _read_head_file(path: Path) -> ChainHead | None:
    with suppress(OSError, ValueError, TypeError, KeyError):
        stored = read_json(path)
        return ChainHead(int(stored["number"]), str(stored["chain"]))
    return None


def _clean(value: Any) -> Any:
    return plain(value)[:_MAX_TEXT] if isinstance(value, str) else value
