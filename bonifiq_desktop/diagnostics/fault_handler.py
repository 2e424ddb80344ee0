"""Fault log of a crash inside a library; the next start turns it into a crash report."""

import faulthandler
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from bonifiq_desktop.storage.files import make_private_folder, open_private
from bonifiq_desktop.storage.paths import Paths


def fault_log_path(paths: Paths) -> Path:
    """Return the path of the fault log."""
    return paths.crash_reports / "fault.log"


def has_fault_log(paths: Paths) -> bool:
    """Return whether the last run left a fault log."""
    try:
        return fault_log_path(paths).stat().st_size > 0
    except OSError:
        return False


@contextmanager
def recording_faults(paths: Paths) -> Iterator[None]:
    """Record a fault of the process while the block runs; delete the log when the block ends.

    On Windows the log may also hold a fault that was handled; such a process ends in order, and the log is deleted.
    """
    path = fault_log_path(paths)
    try:
        make_private_folder(path.parent)
        handle = open_private(str(path), os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    except OSError:
        yield
        return
    try:
        # Only the crashed thread: reading the frames of threads that still run can crash again.
        faulthandler.enable(handle, all_threads=False)
        yield
    finally:
        faulthandler.disable()
        os.close(handle)
        with suppress(OSError):
            path.unlink()
