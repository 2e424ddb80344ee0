"""Headers of Windows programs."""

import struct
from pathlib import Path

WINDOW, CONSOLE = 2, 3
"""Subsystems: a program for windows, and one that gets a console."""

_HEADER_OFFSET = 0x3C  # the place where a program says where its PE header starts
_SUBSYSTEM = 24 + 68  # within the PE header


def windows_subsystem(program: Path) -> int:
    """Read the subsystem of a 64-bit Windows program."""
    content = program.read_bytes()
    header: int = struct.unpack_from("<I", content, _HEADER_OFFSET)[0]
    subsystem: int = struct.unpack_from("<H", content, header + _SUBSYSTEM)[0]
    return subsystem
