"""What is left of a death by a fault in a library: a note that `reports.py` reads at the next start."""

import faulthandler
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from bonifiq_desktop.storage.files import make_private_folder, open_private
from bonifiq_desktop.storage.paths import Paths


def fault_log_path(paths: Paths) -> Path:
    """Where the note is."""
    return paths.crash_reports / "fault.log"


def has_fault_log(paths: Paths) -> bool:
    """Whether the last run left a note."""
    try:
        return fault_log_path(paths).stat().st_size > 0
    except OSError:
        return False


@contextmanager
def recording_faults(paths: Paths) -> Iterator[None]:
    """While this lasts, a death by a fault leaves a note; its end in order leaves none.

    (On Windows a note may also be of a fault that was handled; then there was no death, and nothing to tell of.)
    """
    path = fault_log_path(paths)
    try:
        make_private_folder(path.parent)
        handle = open_private(str(path), os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    except OSError:
        yield
        return
    try:
        # Of the thread that died alone: the others may still run, and reading their frames then can fail in its turn.
        faulthandler.enable(handle, all_threads=False)
        yield
    finally:
        faulthandler.disable()
        os.close(handle)
        with suppress(OSError):
            path.unlink()
