"""Audit log: one line per action at this till, chained by hashes so that a changed or removed line is detected.

`audit.jsonl` is append-only. Each line holds its number and a hash of itself and the previous hash. `audit.head` holds
the number and hash of the last line, so that a cut end is detected. The chain has no secret: it detects mistakes, bit
errors and edits, but not a file that was computed anew. It holds no customer data.
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
    """The log is not what was written; `line_number` is the first wrong or missing line."""

    def __init__(self, line_number: int) -> None:
        super().__init__(line_number)
        self.line_number = line_number


@dataclass(frozen=True)
class ChainHead:
    """Number and hash of a log's last line; number 0: no line yet."""

    number: int = 0
    chain: str = ""

    def to_text(self) -> str:
        """Return one word; empty for a log without a line."""
        return f"{self.number}:{self.chain}" if self.number else ""

    @staticmethod
    def from_text(text: str) -> "ChainHead":
        """Parse `to_text`; a head without a line for any other text."""
        number, _, chain = text.partition(":")
        return ChainHead(int(number), chain) if number.isdecimal() else ChainHead()


class AuditLog:
    """Appends to the log of one data folder. One process at a time."""

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
        """Append a line durably. `details` must hold no customer data. Raises OSError; then no line was added."""
        after = self.head()
        line: dict[str, Any] = {"n": after.number + 1, "at": format_timestamp(self._clock())}
        line |= {"did": action, "outcome": outcome, "who": user, "approved_by": approved_by} | dict(details)
        line = {name: _clean(value) for name, value in line.items() if value != ""}
        line["chain"] = _chain(after.chain, line)
        self._append(json.dumps(line, ensure_ascii=False).encode() + b"\n")
        self._head = ChainHead(line["n"], line["chain"])
        with suppress(OSError):  # an older head is valid, too
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
            self._head = None  # read the file again before the next line
            with suppress(OSError):
                os.truncate(self._path, before)
            raise

    def head(self) -> ChainHead:
        """Return the last line's number and hash; drop a line that a power cut left incomplete. Raises OSError.

        A missing line stays detectable: the next line's number follows the missing one's.
        """
        if self._head is None:
            stored = _read_head_file(self._head_path)
            last = _repair_end(self._path, stored)
            # A process can die before the head file is there only while it writes the first line.
            if stored is None and last.number > 1:
                stored = ChainHead(last.number + 1)
            self._head = max(last, stored or last, key=lambda head: head.number)
        return self._head

    def reconcile_with(self, remembered: ChainHead) -> bool:
        """Return whether the log contains a remembered head; a shorter log continues after that head's number."""
        if remembered.number > self.head().number:
            self._head = remembered
            return False
        return not remembered.number or _holds(self._path, remembered)


def read_entries(folder: Path, action: str) -> list[dict[str, Any]]:
    """The readable lines of a folder's log about one action, oldest first, also while the program runs. Raises OSError.

    The lines are not verified (see `verify_audit_log`).
    """
    name = json.dumps(action).encode()
    with suppress(FileNotFoundError), (folder / _FILE).open("rb") as file:
        return [line for text in file if name in text and (line := _read(text)).get("did") == action]
    return []


def verify_audit_log(folder: Path, remembered: ChainHead) -> int:
    """Verify a folder's whole log, also while the program runs; return the number of lines.

    `remembered`: a head that the ledger remembers. Raises AuditLogBroken, OSError.
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
    text = json.dumps(line, ensure_ascii=False, sort_keys=True)
    return sha256(f"{before}\n{text}".encode()).hexdigest()


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the lines, an empty dict for an unreadable one. Skips an end without line break: it is being written."""
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
    """Return the last line's head, after removing an incomplete end, or ending a damaged one with a line break."""
    if not path.exists():
        return ChainHead()
    with path.open("rb+") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - 2 * _MAX_LINE))
        tail = file.read()
        whole, _, torn = tail.rpartition(b"\n")
        last = _head_in(whole.rpartition(b"\n")[2])
        if torn and stored is not None and stored.number > last.number:
            file.write(b"\n")  # the line was complete once: keep what is left of it as evidence
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
