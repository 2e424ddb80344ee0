"""Who may read a file, by the rules of each system."""

import stat
import sys
from pathlib import Path

from bonifiq_desktop.storage.windows_access import is_open_to_others


def is_private(path: Path) -> bool:
    """Whether this user alone may use a file or folder. On Windows a file inherits its folder's access list."""
    if sys.platform == "win32":
        return not is_open_to_others(path if path.is_dir() else path.parent)
    return stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600)
