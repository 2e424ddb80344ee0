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

from bonifiq_desktop.config.files import private, read_json, sync_folder, write_json
from bonifiq_desktop.domain.sound_json import load
from bonifiq_desktop.domain.text import plain

_FILE = "audit.jsonl"
_HEAD = "audit.head"
_LONGEST = 4096  # bytes of one line; the longest has some hundred


class TrailBroken(Exception):
    """The trail is not what was written; `line` is the number of the first line that is wrong or missing."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


@dataclass(frozen=True)
class Mark:
    """How far a trail had got: the number of its last line (0: none yet) and that line's hash."""

    number: int = 0
    chain: str = ""

    def packed(self) -> str:
        """As one word; empty for a trail without a line."""
        return f"{self.number}:{self.chain}" if self.number else ""

    @staticmethod
    def unpacked(text: str) -> "Mark":
        """What was packed; without a line when it was something else."""
        number, _, chain = text.partition(":")
        return Mark(int(number), chain) if number.isdecimal() else Mark()


class Trail:
    """Adds lines to the trail of one data folder. One program at a time."""

    def __init__(self, folder: Path, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._path = folder / _FILE
        self._head_path = folder / _HEAD
        self._clock = clock
        self._head: Mark | None = None

    def note(
        self, did: str, about: Mapping[str, str | int], *, outcome: str = "done", who: str = "", approved_by: str = ""
    ) -> Mark:
        """Write down, durably, that somebody did something or was refused; `about` never holds anything of a customer.

        Raises OSError; then nobody knows that it happened.
        """
        after = self.head()
        line: dict[str, Any] = {
            "n": after.number + 1,
            "at": self._clock().astimezone(UTC).isoformat("T", "milliseconds"),
        }
        line |= {"did": did, "outcome": outcome, "who": who, "approved_by": approved_by} | dict(about)
        line = {name: plain(value) if isinstance(value, str) else value for name, value in line.items() if value != ""}
        line["chain"] = _chain(after.chain, line)
        is_new = not self._path.exists()
        with open(self._path, "ab", opener=private) as file:
            file.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        if is_new:
            sync_folder(self._path.parent)
        self._head = Mark(line["n"], line["chain"])
        write_json(self._head_path, {"number": self._head.number, "chain": self._head.chain})
        return self._head

    def head(self) -> Mark:
        """How far it has got. What a power cut left of a line that was never finished is dropped. Raises OSError."""
        if self._head is None:
            _drop_torn_line(self._path)
            self._head = _last_line(self._path) or _stored_head(self._head_path)
        return self._head


def check_trail(folder: Path, at_least: Mark) -> int:
    """Look through a folder's whole trail, beside a running program too; returns how many lines it has.

    `at_least`: what was remembered of it elsewhere. Raises TrailBroken, OSError.
    """
    remembered = {mark.number: mark.chain for mark in (_stored_head(folder / _HEAD), at_least) if mark.number}
    last = Mark()
    for line in _lines(folder / _FILE):
        wanted = _chain(last.chain, {name: value for name, value in line.items() if name != "chain"})
        number = last.number + 1
        if line.get("n") != number or line.get("chain") != wanted or remembered.pop(number, wanted) != wanted:
            raise TrailBroken(number)
        last = Mark(number, wanted)
    if remembered:
        raise TrailBroken(last.number + 1)
    return last.number


def _chain(before: str, line: dict[str, Any]) -> str:
    told = json.dumps(line, ensure_ascii=False, sort_keys=True)
    return sha256(f"{before}\n{told}".encode()).hexdigest()


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    """The lines of a trail, an empty one for what is none. Text after the last line's end is still being written."""
    with suppress(FileNotFoundError), path.open("rb") as file:
        while text := file.readline(_LONGEST):
            if text.endswith(b"\n") or len(text) == _LONGEST:
                yield _read(text)


def _read(text: bytes) -> dict[str, Any]:
    with suppress(ValueError):
        line = load(text)
        if isinstance(line, dict):
            return line
    return {}


def _last_line(path: Path) -> Mark | None:
    with suppress(FileNotFoundError), path.open("rb") as file:
        file.seek(max(0, file.seek(0, os.SEEK_END) - _LONGEST))
        lines = file.read().splitlines()
        if lines:
            line = _read(lines[-1])
            with suppress(KeyError, TypeError, ValueError):
                return Mark(int(line["n"]), str(line["chain"]))
    return None


def _drop_torn_line(path: Path) -> None:
    with suppress(FileNotFoundError), path.open("rb+") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - _LONGEST))
        tail = file.read()
        torn = len(tail) - (tail.rfind(b"\n") + 1)
        if 0 < torn < _LONGEST:
            file.truncate(size - torn)
            os.fsync(file.fileno())


def _stored_head(path: Path) -> Mark:
    with suppress(OSError, ValueError, TypeError, KeyError):
        stored = read_json(path)
        return Mark(int(stored["number"]), str(stored["chain"]))
    return Mark()
