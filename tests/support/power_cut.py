"""A simulated disk and the contents that a power cut may leave: unsynced writes dropped, kept or torn, in any order.

The disk guarantees the least: a write is durable once its file was synced, a name (created, changed or removed) once
its folder was. A cut loses the latest names first, as journaling file systems do, and any unsynced writes.
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
    """A file's durable content and the calls since its last sync."""

    synced: bytearray = field(default_factory=bytearray)
    unsynced: list[SystemCall] = field(default_factory=list)

    def sync(self) -> None:
        """Make the content durable."""
        for call in self.unsynced:
            _apply_call(self.synced, call)
        self.unsynced.clear()

    def content_after_cut(self, rng: Random | None, *, keep_all: bool) -> bytes:
        """The content after a cut. Without `rng` all unsynced writes are kept or dropped together."""
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
    """A folder as the program sees it, and its durable part."""

    def __init__(self) -> None:
        self.files: dict[str, DiskFile] = {}
        self._synced_names: dict[str, DiskFile] = {}
        self._unsynced_names: list[dict[str, DiskFile]] = []

    def apply(self, call: SystemCall) -> None:
        """Apply a system call of the program."""
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
        """The folder's content without a cut."""
        return {name: file.content_after_cut(None, keep_all=True) for name, file in self.files.items()}

    def cuts(self, rng: Random, random_cuts: int) -> Iterator[dict[str, bytes]]:
        """The folder after a cut now: nothing kept, all kept, and random mixtures."""
        yield {name: file.content_after_cut(None, keep_all=False) for name, file in self._synced_names.items()}
        yield self.content()
        for _ in range(random_cuts):
            names = rng.choice([self._synced_names, *self._unsynced_names])
            yield {name: file.content_after_cut(rng, keep_all=False) for name, file in names.items()}


@dataclass
class Progress:
    """The commits and requests up to a call of the log."""

    committed: str
    """The ledger's digest after the last finished commit."""
    committing: str = ""
    """The digest after the commit in progress."""
    posted: Counter[str] = field(default_factory=Counter)
    """POST requests by path."""

    def observe(self, call: SystemCall) -> None:
        """Read the next call of the log."""
        if call.name == COMMIT_MARKS:
            line = call.content.decode().strip()
            if line == "is":
                self.committed, self.committing = self.committing, ""
            else:
                self.committing = line.removeprefix("will be ")
        if call.kind == "line" and call.content.startswith(b"POST "):
            self.posted[call.content.split(b" ")[1].decode("ascii")] += 1


def check_every_cut(calls: Sequence[SystemCall], folder: Path, *, random_cuts: int) -> tuple[list[str], int]:
    """Cut the power after every call and open the remaining files with the program.

    Returns the errors and the number of different states.
    """
    progress, disk = Progress(_empty_ledger_digest(folder / "empty")), SimulatedDisk()
    found: list[str] = []
    seen: set[int] = set()
    for number, call in enumerate(calls):
        progress.observe(call)
        disk.apply(call)
        for cut in disk.cuts(Random(number), random_cuts):
            kept = {name: content for name, content in cut.items() if _is_ledger_file(name)}
            state = hash(
                (*sorted(kept.items()), progress.committed, progress.committing, sum(progress.posted.values()))
            )
            if state in seen:
                continue
            seen.add(state)
            wrong = _check_folder(kept, progress, folder / f"{len(seen)}")
            found += [f"after call {number} ({call.kind} {call.name}): {wrong}"] if wrong else []
    return found, len(seen)


def _is_ledger_file(name: str) -> bool:
    """Whether a file belongs to the ledger. SQLite rebuilds the -shm file; two files are the test's own."""
    return not name.endswith("-shm") and name not in {COMMIT_MARKS, PROMISED}


def _empty_ledger_digest(folder: Path) -> str:
    folder.mkdir()
    db = open_for_writing(folder / LEDGER)
    try:
        return ledger_digest(db)
    finally:
        db.close()


def _check_folder(files: dict[str, bytes], progress: Progress, folder: Path) -> str:
    """Open a folder that a cut left. Return the errors, or ""."""
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    try:
        db = open_for_writing(folder / LEDGER)
    except LedgerError as error:
        return f"{type(error).__name__}: {error}"
    try:
        wrong = (
            [] if ledger_digest(db) in {progress.committed, progress.committing} else ["a commit is lost or invented"]
        )
        paths = Counter(
            str(path)
            for (path,) in db.execute("SELECT o.path FROM attempts a JOIN operations o ON o.id = a.operation_id")
        )
        wrong += ["a request was sent without an attempt"] if progress.posted - paths else []
        return ", ".join(wrong)
    finally:
        db.close()
        for file in folder.iterdir():
            file.unlink()
        folder.rmdir()
