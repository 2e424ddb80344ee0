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
from tests.support.fork_server import PROMISED
from tests.support.syscall_log import COMMIT_MARKS, SystemCall, ledger_digest

SECTOR = 512
LEDGER = "ledger.db"


@dataclass
class DiskFile:
    """A file's content that is safe, and what was written since it was last synced."""

    synced: bytearray = field(default_factory=bytearray)
    unsynced: list[SystemCall] = field(default_factory=list)

    def sync(self) -> None:
        """All of it is safe."""
        for call in self.unsynced:
            _apply_call(self.synced, call)
        self.unsynced.clear()

    def content_after_cut(self, rng: Random | None, *, keep_all: bool) -> bytes:
        """What a cut leaves of it; `rng` None: an extreme."""
        content = bytearray(self.synced)
        for call in self.unsynced:
            if keep_all:
                _apply_call(content, call)
            elif rng is not None and rng.random() < 0.5:
                _apply_call(content, _torn_write(call, rng))
        return bytes(content)


def _apply_call(content: bytearray, call: SystemCall) -> None:
    place = int(call.place)
    content.extend(bytes(max(0, place - len(content))))
    if call.kind == "truncate":
        del content[place:]
    else:
        content[place : place + len(call.content)] = call.content


def _torn_write(call: SystemCall, rng: Random) -> SystemCall:
    if call.kind != "write" or rng.random() < 0.7:
        return call
    kept = rng.randrange(0, len(call.content) + 1, SECTOR)
    return SystemCall(call.kind, call.name, call.place, call.content[:kept])


class SimulatedDisk:
    """A folder as the program sees it, and what of it would outlive a cut."""

    def __init__(self) -> None:
        self.files: dict[str, DiskFile] = {}
        self._synced_names: dict[str, DiskFile] = {}
        self._unsynced_names: list[dict[str, DiskFile]] = []

    def apply(self, call: SystemCall) -> None:
        """Do what the program asked for."""
        if call.kind == "sync folder":
            self._synced_names = dict(self.files)
            self._unsynced_names.clear()
        elif call.kind in {"create", "remove", "rename"}:
            moved = self.files.pop(call.name, None)
            if call.kind == "create":
                self.files[call.name] = DiskFile()
            elif call.kind == "rename" and moved is not None:
                self.files[str(call.place)] = moved
            self._unsynced_names.append(dict(self.files))
        elif call.kind == "sync":
            self.files[call.name].sync()
        elif call.kind in {"write", "truncate"}:
            self.files.setdefault(call.name, DiskFile()).unsynced.append(call)

    def content(self) -> dict[str, bytes]:
        """Everything, as if nothing had been cut."""
        return {name: file.content_after_cut(None, keep_all=True) for name, file in self.files.items()}

    def cuts(self, rng: Random, random_cuts: int) -> Iterator[dict[str, bytes]]:
        """The folder after a cut at this moment: the two extremes, and so many random ones."""
        yield {name: file.content_after_cut(None, keep_all=False) for name, file in self._synced_names.items()}
        yield self.content()
        for _ in range(random_cuts):
            names = rng.choice([self._synced_names, *self._unsynced_names])
            yield {name: file.content_after_cut(rng, keep_all=False) for name, file in names.items()}


@dataclass
class Progress:
    """What the program had said and sent by a moment of the log."""

    committed: str
    """The content of the ledger after the last commit that returned."""
    committing: str = ""
    """What it is after the commit that is under way."""
    posted: Counter[str] = field(default_factory=Counter)
    """How often each address was posted to."""

    def observe(self, call: SystemCall) -> None:
        """One more call."""
        if call.name == COMMIT_MARKS:
            line = call.content.decode().strip()
            if line == "is":
                self.committed, self.committing = self.committing, ""
            else:
                self.committing = line.removeprefix("will be ")
        if call.kind == "line" and call.content.startswith(b"POST "):
            self.posted[call.content.split(b" ")[1].decode("ascii")] += 1


def check_every_cut(calls: Sequence[SystemCall], folder: Path, *, random_cuts: int) -> tuple[list[str], int]:
    """Cut the power after every call, and open what is left with the program. Returns what is wrong, and how many
    different states there were.
    """
    told, disk = Progress(_empty_ledger_digest(folder / "empty")), SimulatedDisk()
    found: list[str] = []
    seen: set[int] = set()
    for number, call in enumerate(calls):
        told.observe(call)
        disk.apply(call)
        for cut in disk.cuts(Random(number), random_cuts):
            kept = {name: content for name, content in cut.items() if _is_ledger_file(name)}
            state = hash((*sorted(kept.items()), told.committed, told.committing, sum(told.posted.values())))
            if state in seen:
                continue
            seen.add(state)
            wrong = _check_folder(kept, told, folder / f"{len(seen)}")
            found += [f"after call {number} ({call.kind} {call.name}): {wrong}"] if wrong else []
    return found, len(seen)


def _is_ledger_file(name: str) -> bool:
    """The index of the log is made anew by whoever opens it first; two files are the test's own."""
    return not name.endswith("-shm") and name not in {COMMIT_MARKS, PROMISED}


def _empty_ledger_digest(folder: Path) -> str:
    folder.mkdir()
    db = open_for_writing(folder / LEDGER)
    try:
        return ledger_digest(db)
    finally:
        db.close()


def _check_folder(files: dict[str, bytes], told: Progress, folder: Path) -> str:
    """What is wrong with a folder that a cut left; "" where all is well."""
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    try:
        db = open_for_writing(folder / LEDGER)
    except LedgerError as error:
        return f"{type(error).__name__}: {error}"
    try:
        wrong = [] if ledger_digest(db) in {told.committed, told.committing} else ["something is lost or invented"]
        paths = Counter(
            str(path)
            for (path,) in db.execute("SELECT o.path FROM attempts a JOIN operations o ON o.id = a.operation_id")
        )
        wrong += ["a request left without its attempt"] if told.posted - paths else []
        return ", ".join(wrong)
    finally:
        db.close()
        for file in folder.iterdir():
            file.unlink()
        folder.rmdir()
