"""What a power cut may leave on a disk, after any call of a log: unsynced writes dropped, kept, torn, in any order.

The disk is no kinder than it must be: a write is safe once its file was synced, a name (made, changed or removed) once
the folder was. Of names the last ones are lost first, as file systems with a journal do; of the writes any of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from bonifiq_desktop.ledger.database import open_for_writing
from bonifiq_desktop.ledger.errors import LedgerError
from tests.faults.write_log import MARKS, Call, digest_of
from tests.faults.zygote import PROMISED

SECTOR = 512
LEDGER = "ledger.db"


@dataclass
class File:
    """A file's content that is safe, and what was written since it was last synced."""

    safe: bytearray = field(default_factory=bytearray)
    loose: list[Call] = field(default_factory=list)

    def sync(self) -> None:
        """All of it is safe."""
        for call in self.loose:
            _carry_out(self.safe, call)
        self.loose.clear()

    def left(self, rng: Random | None, *, all_of_it: bool) -> bytes:
        """What a cut leaves of it; `rng` None: an extreme."""
        content = bytearray(self.safe)
        for call in self.loose:
            if all_of_it:
                _carry_out(content, call)
            elif rng is not None and rng.random() < 0.5:
                _carry_out(content, _torn(call, rng))
        return bytes(content)


def _carry_out(content: bytearray, call: Call) -> None:
    place = int(call.place)
    content.extend(bytes(max(0, place - len(content))))
    if call.kind == "truncate":
        del content[place:]
    else:
        content[place : place + len(call.content)] = call.content


def _torn(call: Call, rng: Random) -> Call:
    if call.kind != "write" or rng.random() < 0.7:
        return call
    kept = rng.randrange(0, len(call.content) + 1, SECTOR)
    return Call(call.kind, call.name, call.place, call.content[:kept])


class Disk:
    """A folder as the program sees it, and what of it would outlive a cut."""

    def __init__(self) -> None:
        self.files: dict[str, File] = {}
        self._safe: dict[str, File] = {}
        self._loose: list[dict[str, File]] = []

    def carry_out(self, call: Call) -> None:
        """Do what the program asked for."""
        if call.kind == "sync folder":
            self._safe = dict(self.files)
            self._loose.clear()
        elif call.kind in {"create", "remove", "rename"}:
            moved = self.files.pop(call.name, None)
            if call.kind == "create":
                self.files[call.name] = File()
            elif call.kind == "rename" and moved is not None:
                self.files[str(call.place)] = moved
            self._loose.append(dict(self.files))
        elif call.kind == "sync":
            self.files[call.name].sync()
        elif call.kind in {"write", "truncate"}:
            self.files.setdefault(call.name, File()).loose.append(call)

    def left(self) -> dict[str, bytes]:
        """Everything, as if nothing had been cut."""
        return {name: file.left(None, all_of_it=True) for name, file in self.files.items()}

    def cuts(self, rng: Random, drawn: int) -> Iterator[dict[str, bytes]]:
        """The folder after a cut at this moment: the two extremes, and so many random ones."""
        yield {name: file.left(None, all_of_it=False) for name, file in self._safe.items()}
        yield self.left()
        for _ in range(drawn):
            names = rng.choice([self._safe, *self._loose])
            yield {name: file.left(rng, all_of_it=False) for name, file in names.items()}


@dataclass
class Told:
    """What the program had said and sent by a moment of the log."""

    safe: str
    """The content of the ledger after the last commit that returned."""
    coming: str = ""
    """What it is after the commit that is under way."""
    sent: Counter[str] = field(default_factory=Counter)
    """How often each address was posted to."""

    def hear(self, call: Call) -> None:
        """One more call."""
        if call.name == MARKS:
            line = call.content.decode().strip()
            if line == "is":
                self.safe, self.coming = self.coming, ""
            else:
                self.coming = line.removeprefix("will be ")
        if call.kind == "line" and call.content.startswith(b"POST "):
            self.sent[call.content.split(b" ")[1].decode("ascii")] += 1


def judge(calls: Sequence[Call], folder: Path, *, drawn: int) -> tuple[list[str], int]:
    """Cut the power after every call, and open what is left with the program. Returns what is wrong, and how many
    different states there were.
    """
    told, disk = Told(_empty(folder / "empty")), Disk()
    found: list[str] = []
    seen: set[int] = set()
    for number, call in enumerate(calls):
        told.hear(call)
        disk.carry_out(call)
        for cut in disk.cuts(Random(number), drawn):
            kept = {name: content for name, content in cut.items() if _outlives(name)}
            state = hash((*sorted(kept.items()), told.safe, told.coming, sum(told.sent.values())))
            if state in seen:
                continue
            seen.add(state)
            wrong = _look(kept, told, folder / f"{len(seen)}")
            found += [f"after call {number} ({call.kind} {call.name}): {wrong}"] if wrong else []
    return found, len(seen)


def _outlives(name: str) -> bool:
    """The index of the log is made anew by whoever opens it first; two files are the test's own."""
    return not name.endswith("-shm") and name not in {MARKS, PROMISED}


def _empty(folder: Path) -> str:
    folder.mkdir()
    db = open_for_writing(folder / LEDGER)
    try:
        return digest_of(db)
    finally:
        db.close()


def _look(files: dict[str, bytes], told: Told, folder: Path) -> str:
    """What is wrong with a folder that a cut left; "" where all is well."""
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    try:
        db = open_for_writing(folder / LEDGER)
    except LedgerError as error:
        return f"{type(error).__name__}: {error}"
    try:
        wrong = [] if digest_of(db) in {told.safe, told.coming} else ["something is lost or invented"]
        paths = Counter(
            str(path)
            for (path,) in db.execute("SELECT o.path FROM attempts a JOIN operations o ON o.id = a.operation_id")
        )
        wrong += ["a request left without its attempt"] if told.sent - paths else []
        return ", ".join(wrong)
    finally:
        db.close()
        for file in folder.iterdir():
            file.unlink()
        folder.rmdir()
