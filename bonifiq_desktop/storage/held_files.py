"""Files that another program holds for a moment, as an antivirus or a backup agent does on Windows."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
_PAUSES = (0.02, 0.05, 0.1, 0.2, 0.4, 0.8)
"""Seconds between the tries: 1.6 in all, since a scanner lets go within one."""

_HELD = {5, 32, 33}  # ERROR_ACCESS_DENIED, ERROR_SHARING_VIOLATION, ERROR_LOCK_VIOLATION


def retry_while_held(call: Callable[[], T]) -> T:
    """Return what `call` returns; try again while Windows says that another program holds the file.

    Raises what the last try raises. An error of another system, or of another kind, is raised at once.
    """
    for pause in _PAUSES:
        try:
            return call()
        except PermissionError as error:
            if getattr(error, "winerror", None) not in _HELD:
                raise
            time.sleep(pause)
    return call()
