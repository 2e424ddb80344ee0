"""Starting other programs."""

import os
import sys

from PySide6.QtCore import QProcess, QProcessEnvironment

from bonifiq_desktop.security.credentials import KEY_VARIABLE, TOKEN_VARIABLE

_LIBRARY_PATH = "LD_LIBRARY_PATH"
_QT_PATHS = ("QT_PLUGIN_PATH", "QML2_IMPORT_PATH")  # where a packaged program has its own
_OPENERS = {"win32": "explorer", "darwin": "open"}


def start_detached(program: str, arguments: list[str]) -> None:
    """Start a program that outlives this one; the credentials in our environment are not for it.

    Nor is what the packaged program was started with: another program would load our libraries in place of its own.
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
    """Show a folder as this system shows folders. (Qt's own way would hand our environment on.)"""
    start_detached(_OPENERS.get(sys.platform, "xdg-open"), [folder])
