"""Files that another program holds for a moment, as an antivirus or a backup agent does on Windows."""

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
_PAUSES = (0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.4, 0.4)
"""Seconds between the tries: 1.9 in all, since a scanner lets go within one."""

_HELD = {5, 32, 33, None}
"""ERROR_ACCESS_DENIED, ERROR_SHARING_VIOLATION, ERROR_LOCK_VIOLATION; None from open(), which loses the number."""
_OTHER_SYSTEM = 0


def retry_while_held(call: Callable[[], T]) -> T:
    """Return what `call` returns; try again while Windows says that another program holds the file.

    Raises what the last try raises. An error of another system, or of another kind, is raised at once.
    """
    for pause in _PAUSES:
        try:
            return call()
        except PermissionError as error:
            if not is_held(error):
                raise
            time.sleep(pause)
    return call()


def is_held(error: PermissionError) -> bool:
    """Whether Windows says that another program holds the file."""
    return getattr(error, "winerror", _OTHER_SYSTEM) in _HELD


def wait_until_writable(path: Path) -> None:
    """Wait on Windows until a file can be opened for writing: SQLite opens a held one for reading only.

    Elsewhere it does nothing: closing the file again would drop SQLite's locks. Raises OSError.
    """
    if os.name == "nt":
        retry_while_held(lambda: path.open("rb+")).close()
