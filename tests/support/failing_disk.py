"""A failing disk: from a chosen moment on the kernel fails this process's system calls.

A seccomp filter cannot be removed, so only a child process uses it. It holds for the calling thread and the threads
that this one starts.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

_PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS, _MODE_FILTER = 22, 38, 2
_LOAD, _JUMP_IF_EQUAL, _RETURN = 0x20, 0x15, 0x06
_ALLOW, _ERRNO = 0x7FFF_0000, 0x0005_0000
_NUMBER, _ARCHITECTURE = 0, 4  # offsets in struct seccomp_data

# Audit architecture and system call numbers by machine.
_SYSTEM_CALLS = {
    "x86_64": (0xC000_003E, {"fsync": 74, "fdatasync": 75, "pwrite64": 18}),
    "aarch64": (0xC000_00B7, {"fsync": 82, "fdatasync": 83, "pwrite64": 68}),
}


# Failing calls and their error. SQLite alone writes with pwrite64; Python's own files do not.
DISK_FAILURES = {
    "no sync": (("fsync", "fdatasync"), errno.EIO),
    "no room": (("pwrite64",), errno.ENOSPC),
    "no writing": (("pwrite64",), errno.EIO),
}


class _Instruction(ctypes.Structure):
    _fields_ = [
        ("code", ctypes.c_uint16),
        ("if_true", ctypes.c_uint8),
        ("if_false", ctypes.c_uint8),
        ("value", ctypes.c_uint32),
    ]


class SeccompFilter(ctypes.Structure):
    """The kernel's `struct sock_fprog`."""

    _fields_ = [("length", ctypes.c_uint16), ("instructions", ctypes.POINTER(_Instruction))]


def reason_unavailable() -> str:
    """Why no disk can be made to fail on this machine; "" if it can."""
    if sys.platform != "linux":
        return "seccomp is Linux's"
    if platform.machine() not in _SYSTEM_CALLS:
        return f"the system calls of {platform.machine()} are not known here"
    tried = subprocess.run(
        [sys.executable, "-m", "tests.support.failing_disk"], check=False, cwd=Path(__file__).parents[2]
    )
    return "the kernel does not allow seccomp here" if tried.returncode else ""


def filter_instructions(calls: Iterable[int], answer: int) -> ctypes.Array[_Instruction]:
    """A seccomp filter that returns `answer` for the given calls and allows all others."""
    machine, _ = _SYSTEM_CALLS[platform.machine()]
    program = [(_LOAD, 0, 0, _ARCHITECTURE), (_JUMP_IF_EQUAL, 1, 0, machine), (_RETURN, 0, 0, _ALLOW)]
    program.append((_LOAD, 0, 0, _NUMBER))
    for call in calls:
        program += [(_JUMP_IF_EQUAL, 0, 1, call), (_RETURN, 0, 0, answer)]
    program.append((_RETURN, 0, 0, _ALLOW))
    return (_Instruction * len(program))(*(_Instruction(*each) for each in program))


def break_disk(name: str) -> None:
    """Make this process's disk fail from now on. Raises OSError where the kernel forbids it."""
    calls, error = DISK_FAILURES[name]
    _, numbers = _SYSTEM_CALLS[platform.machine()]
    program = filter_instructions((numbers[call] for call in calls), _ERRNO | error)
    libc = ctypes.CDLL(None, use_errno=True)
    for arguments in (
        (_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0),
        (_PR_SET_SECCOMP, _MODE_FILTER, ctypes.byref(SeccompFilter(len(program), program)), 0, 0),
    ):
        if libc.prctl(*arguments):
            raise OSError(ctypes.get_errno(), "seccomp")


if __name__ == "__main__":
    break_disk("no sync")
    try:
        os.fsync(sys.stderr.fileno())
    except OSError as failed:
        sys.exit(failed.errno != errno.EIO)
    sys.exit("the filter does not work")
