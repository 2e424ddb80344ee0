"""Whether a window can be opened here."""

import os
import sys


def has_display() -> bool:
    """Return True on Windows and macOS, where Qt uses another platform, and where a display answers."""
    if sys.platform in {"win32", "darwin"} or os.environ.get("QT_QPA_PLATFORM"):
        return True
    return _x_server_answers(os.environ.get("DISPLAY", "")) or bool(os.environ.get("WAYLAND_DISPLAY"))


def _x_server_answers(display: str) -> bool:
    """Connect to `host:number.screen`: Qt aborts the process where no server listens."""
    if sys.platform == "win32":
        return False
    host, colon, rest = display.rpartition(":")
    number = rest.partition(".")[0]
    if not colon or not number.isdecimal():
        return False
    import socket

    is_local = host in {"", "unix"}
    try:
        with socket.socket(socket.AF_UNIX if is_local else socket.AF_INET) as probe:
            probe.settimeout(2)
            probe.connect(f"/tmp/.X11-unix/X{number}" if is_local else (host, 6000 + int(number)))  # noqa: S108 - X's own
    except OSError:
        return False
    return True
