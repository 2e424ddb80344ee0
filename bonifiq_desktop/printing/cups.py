"""What Qt does not say of a job that it gave to CUPS."""

import ctypes
import sys

_LIBRARIES = {"linux": "libcups.so.2", "darwin": "libcups.2.dylib"}
_LAST_SUCCESS = 0x00FF
"""The statuses of IPP up to this one are successes (RFC 8011, 4.1.6)."""


def was_refused() -> bool:
    """Whether CUPS refused the last job of this thread as a whole. Qt drops the answer, and reports a success."""
    try:
        cups = ctypes.CDLL(_LIBRARIES[sys.platform])
    except (KeyError, OSError):  # Windows, or a PC without CUPS
        return False
    return not 0 <= int(cups.cupsLastError()) <= _LAST_SUCCESS
