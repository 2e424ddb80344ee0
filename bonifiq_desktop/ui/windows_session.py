"""Calls to Windows about the running program: the mutex for setup, the taskbar's name, the right to come to the front.

Every function does nothing on other systems.
"""

import sys

MUTEX = "BonifiQDesktopRunning"
"""`packaging/windows/bonifiq-desktop.iss` asks for it."""

APPLICATION_ID = "BonifiQ.Desktop"
"""The name in the shortcuts too: a pinned icon then starts the version in use, not the one that was pinned."""


def announce_running() -> None:
    """Let setup and the uninstaller see this process until it ends, and the taskbar group its windows."""
    if sys.platform == "win32":
        import ctypes

        ctypes.windll.kernel32.CreateMutexW(None, False, MUTEX)
        ctypes.windll.shell32.SetCurrentProcessExplicitAppUserModelID(APPLICATION_ID)


def allow_to_front(process: int) -> None:
    """Give the right to come to the front, which a start by the user has, to the process with this id."""
    if sys.platform == "win32":
        import ctypes

        ctypes.windll.user32.AllowSetForegroundWindow(process)
