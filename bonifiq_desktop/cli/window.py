"""The window, and the messages when it cannot be opened."""

import gc
import os
import sys
import threading
from typing import TYPE_CHECKING

from bonifiq_desktop.arguments import Arguments
from bonifiq_desktop.cli.console import ALREADY_RUNNING, FAILED, OPEN_ALREADY, USAGE_ERROR, CommandFailed, not_private
from bonifiq_desktop.storage.files import FolderNotPrivate

if TYPE_CHECKING:
    from bonifiq_desktop.app import App
    from bonifiq_desktop.ui.single_instance import OtherPC


def run(arguments: Arguments) -> int:
    if not has_display():  # before Qt is loaded: it would abort
        raise CommandFailed(
            "não há tela para abrir a janela (nada responde em DISPLAY nem em WAYLAND_DISPLAY). "
            "Abra numa sessão gráfica, ou use `bonifiq-desktop tour --out PASTA`.",
            USAGE_ERROR,
        )
    gc.disable()  # from here on the window collects garbage itself; at the start there is nothing to collect
    from bonifiq_desktop.app import AlreadyRunning, FolderUsedByOtherPc  # Qt only where a window is wanted

    try:
        app = _open(arguments)
    except (FolderUsedByOtherPc, AlreadyRunning, OSError) as error:
        _withdraw_start()
        raise _not_opened(error) from error
    status = app.run()
    _exit_despite_threads(status)
    return status


def used_by_other_pc(other: "OtherPC") -> str:
    return (
        f"esta pasta de dados estava em uso no computador “{other.name}” desde {other.since:%d/%m/%Y %H:%M}. "
        "Se ele ainda usa a mesma pasta, feche o programa lá antes. Se a pasta veio de lá, ela pode ser usada aqui."
    )


def has_display() -> bool:
    """Return True on Windows and macOS, where Qt uses another platform, and where a display answers."""
    if sys.platform in {"win32", "darwin"} or os.environ.get("QT_QPA_PLATFORM"):
        return True
    return _x_server_answers(os.environ.get("DISPLAY", "")) or bool(os.environ.get("WAYLAND_DISPLAY"))


def _x_server_answers(display: str) -> bool:
    """Connect to `host:number.screen`: Qt aborts the process where no server listens."""
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


def _withdraw_start() -> None:
    """Leave a start uncounted that says nothing about this version of the program."""
    from bonifiq_desktop.services.installed_versions import InstalledVersions

    installed = InstalledVersions.find()
    if installed is not None:
        installed.withdraw_start()


def _not_opened(error: Exception) -> CommandFailed:
    """Return why there is no window; show it where a double click on the icon opened no terminal."""
    from bonifiq_desktop.app import AlreadyRunning, FolderUsedByOtherPc

    match error:
        case FolderUsedByOtherPc(other=other):
            message = f"{used_by_other_pc(other)} Para usá-la aqui: `bonifiq-desktop --take-over`. Nada foi aberto."
            return CommandFailed(message)
        case AlreadyRunning(brought_to_front=True):
            message = "o programa já está aberto com esta pasta de dados; a janela dele foi trazida para a frente."
            return CommandFailed(message, ALREADY_RUNNING)
        case AlreadyRunning():
            return _shown_failure(OPEN_ALREADY, ALREADY_RUNNING)
        case FolderNotPrivate():
            return _shown_failure(not_private(error))
        case OSError(strerror=reason):
            return _shown_failure(f"a pasta de dados não pôde ser usada ({reason}).")
    raise error


def _open(arguments: Arguments) -> "App":
    """Build the program; ask a person before a folder that another PC used is taken over. Raises what App raises."""
    from bonifiq_desktop.app import App, FolderUsedByOtherPc

    try:
        return App(arguments)
    except FolderUsedByOtherPc as error:
        if not _may_take_over(error.other):
            raise
    arguments.take_over = True
    return App(arguments)


def _may_take_over(other: "OtherPC") -> bool:
    from PySide6.QtWidgets import QMessageBox

    if not _has_screen():
        return False
    message = used_by_other_pc(other)
    question = f"{message[0].upper()}{message[1:]}\n\nUsar a pasta neste computador?"
    yes, no = QMessageBox.StandardButton.Yes, QMessageBox.StandardButton.No
    return QMessageBox.question(None, "BonifiQ Desktop", question, yes | no, no) == yes


def _shown_failure(message: str, status: int = FAILED) -> CommandFailed:
    """Show the message in a window, because a double click on the icon opens no terminal; return the failure."""
    from PySide6.QtWidgets import QMessageBox

    if _has_screen():
        QMessageBox.critical(None, "BonifiQ Desktop", message[0].upper() + message[1:])
    return CommandFailed(message, status)


def _has_screen() -> bool:
    from PySide6.QtGui import QGuiApplication

    return QGuiApplication.platformName() not in {"offscreen", "minimal"}


def _exit_despite_threads(status: int) -> None:
    """Exit at once where a host-name look-up, which cannot be interrupted, would keep the process alive."""
    threads = [t for t in threading.enumerate() if t is not threading.main_thread() and t.is_alive() and not t.daemon]
    if threads:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:  # a windowed program has none
                stream.flush()
        os._exit(status)
