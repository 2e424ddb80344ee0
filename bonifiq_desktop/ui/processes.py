"""Start other programs as processes of their own."""

import os
import sys

from PySide6.QtCore import QProcess, QProcessEnvironment

from bonifiq_desktop.security.credentials import KEY_VARIABLE, TOKEN_VARIABLE

_LIBRARY_PATH = "LD_LIBRARY_PATH"
_QT_PATHS = ("QT_PLUGIN_PATH", "QML2_IMPORT_PATH")  # set by a packaged program
_OPENERS = {"win32": "explorer", "darwin": "open"}


def start_detached(program: str, arguments: list[str]) -> None:
    """Start a program that outlives this one, without our credentials in its environment.

    A packaged program also removes its library paths. Otherwise the other program would load our libraries.
    """
    environment = QProcessEnvironment.systemEnvironment()
    for name in (TOKEN_VARIABLE, KEY_VARIABLE, *(name for name in os.environ if name.startswith("_PYI_"))):
        environment.remove(name)
    if getattr(sys, "frozen", False):
        for name in (_LIBRARY_PATH, *_QT_PATHS):
            environment.remove(name)
        if before := environment.value(f"{_LIBRARY_PATH}_ORIG"):
            environment.insert(_LIBRARY_PATH, before)
    process = QProcess()
    process.setProgram(program)
    process.setArguments(arguments)
    process.setProcessEnvironment(environment)
    process.startDetached()


def open_folder(folder: str) -> None:
    """Open a folder in the system's file manager. QDesktopServices would pass our environment on."""
    start_detached(_OPENERS.get(sys.platform, "xdg-open"), [folder])
