"""A log of the system calls with which a till's process writes to its disk and network.

A seccomp filter stops each of these calls until a second process has recorded it with its bytes. The till is the real
program without changes.

`python -m tests.support.syscall_log` reads a job of `fork_server.run_till` from standard input, with the actions of a
second start under `later`, and writes the log as one JSON document to the file that the job names. `record_calls` does
it all.
"""

from __future__ import annotations

import asyncio
import ctypes
import fcntl
import json
import os
import platform
import select
import socket
import struct
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from tests.support.failing_disk import SeccompFilter, filter_instructions

_NO_NEW_PRIVS, _SECCOMP = 38, {"x86_64": 317, "aarch64": 277}
_SET_FILTER, _NEW_LISTENER, _NOTIFY = 1, 1 << 3, 0x7FC0_0000
_RECEIVE, _SEND, _CONTINUE = 0xC050_2100, 0xC018_2101, 1
_NOTIFICATION = struct.Struct("=QIIiIQ6Q")
_ANSWER = struct.Struct("=QqiI")
_AT_CWD = -100
_CREATES, _TRUNCATES = os.O_CREAT, os.O_TRUNC

_CALLS = {
    "x86_64": {
        "write": 1, "pwrite64": 18, "sendto": 44, "fsync": 74, "fdatasync": 75, "ftruncate": 77, "rename": 82,
        "unlink": 87, "openat": 257, "unlinkat": 263, "renameat": 264, "renameat2": 316,
    },
    "aarch64": {
        "write": 64, "pwrite64": 68, "sendto": 206, "fsync": 82, "fdatasync": 83, "ftruncate": 46, "openat": 56,
        "unlinkat": 35, "renameat": 38, "renameat2": 276,
    },
}  # fmt: skip

COMMITS_BETWEEN_CHECKPOINTS = 5

COMMIT_MARKS = "marks"
"""A file in the till's folder with the ledger's digest at each commit."""


@dataclass(frozen=True)
class SystemCall:
    """A call. `name`: the file in the till's folder, "" for the network. `place`: offset, length or new name."""

    kind: str
    name: str = ""
    place: int | str = 0
    content: bytes = b""


def record_calls(job: dict[str, Any], log: Path) -> list[SystemCall]:
    """Run a till to its end and return its calls. Raises RuntimeError where the kernel forbids the filter."""
    ran = subprocess.run(
        [sys.executable, "-m", "tests.support.syscall_log"],
        input=json.dumps({**job, "log": str(log)}),
        text=True,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    if ran.returncode:
        raise RuntimeError(f"recording of system calls failed with status {ran.returncode}")
    return [
        SystemCall(kind, name, place, bytes.fromhex(content))
        for kind, name, place, content in json.loads(log.read_text())
    ]


def ledger_digest(db: Any) -> str:
    """A digest of the ledger's operations, attempts, events and metadata."""
    content = sha256()
    for table in ("operations", "attempts", "events", "metadata"):
        for row in db.execute(f"SELECT * FROM {table} ORDER BY 1, 2"):
            content.update(repr(tuple(row)).encode())
    return content.hexdigest()


class _CallRecorder:
    """Records the calls of the till's process."""

    def __init__(self, handle: int, folder: Path) -> None:
        self._handle = handle
        self._folder = f"{folder}/"
        self._names = {number: name for name, number in _CALLS[platform.machine()].items()}
        self.calls: list[tuple[str, str, int | str, str]] = []

    def run(self) -> None:
        """Record until the till's last thread ends."""
        poll = select.poll()
        poll.register(self._handle, select.POLLIN)
        while not poll.poll()[0][1] & select.POLLHUP:
            raw = bytearray(_NOTIFICATION.size)
            try:
                fcntl.ioctl(self._handle, _RECEIVE, raw)
            except FileNotFoundError:  # the caller was killed
                continue
            number, pid, _, call, _, _, *arguments = _NOTIFICATION.unpack(raw)
            self._record(pid, self._names[call], arguments)
            fcntl.ioctl(self._handle, _SEND, bytearray(_ANSWER.pack(number, 0, 0, _CONTINUE)))

    def _record(self, pid: int, call: str, arguments: list[int]) -> None:
        if call in {"openat", "unlink", "unlinkat", "rename", "renameat", "renameat2"}:
            self._record_name_change(pid, call, arguments)
            return
        try:
            target = str(Path(f"/proc/{pid}/fd/{arguments[0]}").readlink())
        except FileNotFoundError:
            return
        if target.startswith("socket:") and call in {"write", "sendto"}:
            self._append("line", "", 0, _read(pid, arguments[1], arguments[2]))
        elif call in {"fsync", "fdatasync"} and f"{target}/" == self._folder:
            self._append("sync folder")
        elif target.startswith(self._folder):
            name = target.removeprefix(self._folder)
            if call in {"fsync", "fdatasync"}:
                self._append("sync", name)
            elif call == "ftruncate":
                self._append("truncate", name, arguments[1])
            else:
                place = arguments[3] if call == "pwrite64" else _position(pid, arguments[0])
                self._append("write", name, place, _read(pid, arguments[1], arguments[2]))

    def _record_name_change(self, pid: int, call: str, arguments: list[int]) -> None:
        at = not call.endswith(("rename", "unlink"))
        place = 1 if at else 0
        name = self._relative_name(_text(pid, arguments[place]))
        if not name:
            return
        if call == "openat":
            if arguments[2] & _CREATES and not Path(self._folder, name).exists():
                self._append("create", name)
            elif arguments[2] & _TRUNCATES:
                self._append("truncate", name, 0)
        elif call.startswith("unlink"):
            self._append("remove", name)
        else:
            self._append("rename", name, self._relative_name(_text(pid, arguments[3 if at else 1])))

    def _relative_name(self, path: str) -> str:
        return path.removeprefix(self._folder) if path.startswith(self._folder) else ""

    def _append(self, kind: str, name: str = "", place: int | str = 0, content: bytes = b"") -> None:
        self.calls.append((kind, name, place, content.hex()))


def _read(pid: int, address: int, length: int) -> bytes:
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
        memory.seek(address)
        return memory.read(length)


def _text(pid: int, address: int) -> str:
    text = b""
    while b"\0" not in text:  # page by page, because the next page may not be mapped
        length = 4096 - (address + len(text)) % 4096
        text += _read(pid, address + len(text), length)
    return os.fsdecode(text.partition(b"\0")[0])


def _position(pid: int, handle: int) -> int:
    with Path(f"/proc/{pid}/fdinfo/{handle}").open(encoding="ascii") as lines:
        fields = dict(line.split(":", 1) for line in lines)
    if int(fields["flags"], 8) & os.O_APPEND:
        return Path(f"/proc/{pid}/fd/{handle}").stat().st_size
    return int(fields["pos"])


def _install_filter(to: socket.socket) -> None:
    """Install the filter and send its listener to the recording process. Raises OSError where this is forbidden."""
    machine = platform.machine()
    libc = ctypes.CDLL(None, use_errno=True)
    # The filtered thread sends the listener itself, so sendmsg is not among the recorded calls.
    program = filter_instructions(_CALLS[machine].values(), _NOTIFY)
    handle = -1
    if not libc.prctl(_NO_NEW_PRIVS, 1, 0, 0, 0):
        handle = libc.syscall(
            _SECCOMP[machine], _SET_FILTER, _NEW_LISTENER, ctypes.byref(SeccompFilter(len(program), program))
        )
    if handle < 0:
        raise OSError(ctypes.get_errno(), "seccomp")
    socket.send_fds(to, [b"x"], [handle])
    os.close(handle)


def _run_till(job: dict[str, Any], to: socket.socket) -> None:
    from bonifiq_desktop.ledger import connection, database
    from tests.support.fork_server import run_till

    database._DURABILITY_PRAGMAS.update(job.get("durable", {}))
    marks = os.open(Path(job["folder"], COMMIT_MARKS), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    count = 0

    @contextmanager
    def transaction(db: Any) -> Iterator[None]:
        nonlocal count
        with database.transaction(db):
            yield
            # The coming digest before the commit, and a mark once the commit has returned.
            os.write(marks, f"will be {ledger_digest(db)}\n".encode())
        os.write(marks, b"is\n")
        count += 1
        if not count % COMMITS_BETWEEN_CHECKPOINTS:
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # as `scrub` does when the program is at rest

    setattr(connection, "transaction", transaction)  # noqa: B010
    _install_filter(to)
    asyncio.run(run_till(job))
    asyncio.run(run_till({**job, "actions": job["later"]}))


def main() -> int:
    """Fork the till and record its calls."""
    job = json.loads(sys.stdin.read())
    ours, theirs = socket.socketpair()
    till = os.fork()
    if not till:
        try:
            _run_till(job, theirs)
        except BaseException as error:
            sys.stderr.write(f"{error!r}\n")
            os._exit(1)
        os._exit(0)
    theirs.close()
    _, handles, _, _ = socket.recv_fds(ours, 1, 1)
    if handles:
        listener = _CallRecorder(handles[0], Path(job["folder"]))
        listener.run()
        Path(job["log"]).write_text(json.dumps(listener.calls), encoding="ascii")
    _, status = os.waitpid(till, 0)
    return os.waitstatus_to_exitcode(status) or not handles


if __name__ == "__main__":
    sys.exit(main())
