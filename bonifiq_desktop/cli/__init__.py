"""The command line: the window by default, and the commands that need none."""

import argparse
import gc
import os
import sys
import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from bonifiq_desktop.arguments import Arguments, parse_arguments, safe_url
from bonifiq_desktop.cli.console import ALREADY_RUNNING, FAILED, USAGE_ERROR, print_error, run_command
from bonifiq_desktop.storage.files import Exposure, FolderNotPrivate, check_private

if TYPE_CHECKING:
    from bonifiq_desktop.app import App
    from bonifiq_desktop.storage.paths import Paths
    from bonifiq_desktop.ui.single_instance import OtherPC

_OF_A_NEWER_VERSION = (
    "o histórico foi gravado por uma versão mais nova do programa. Instale a versão mais nova. Nada mudou."
)


_OPEN_ALREADY = "o programa já está aberto com esta pasta de dados; feche-o antes de abrir outro."


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; returns its exit status, one of those in `cli/console.py`."""
    os.umask(0o077)  # whatever is written, by a library too, is for this user alone
    _leave_no_core()
    given = list(sys.argv[1:] if argv is None else argv)
    commands = {"tour": _tour, "history": _history, "doctor": _doctor, "training-server": _training_server}
    command = commands.get(given[0]) if given else None
    return run_command(lambda: _run(command, given), prints=command not in {None, _tour})  # a tour makes pictures


def _run(command: Callable[[list[str]], int] | None, given: list[str]) -> int:
    try:
        return command(given[1:]) if command else _window(given)
    except FolderNotPrivate as error:
        print_error(_exposed(error))
        return FAILED


def _leave_no_core() -> None:
    """Have the system write no copy of our memory when we die: the key is in there, and customers."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def has_display() -> bool:
    """Whether a window can be opened: always on Windows and macOS, or where Qt was told to use another platform."""
    if sys.platform in {"win32", "darwin"} or os.environ.get("QT_QPA_PLATFORM"):
        return True
    return _x_answers(os.environ.get("DISPLAY", "")) or bool(os.environ.get("WAYLAND_DISPLAY"))


def _x_answers(display: str) -> bool:
    """Whether an X server listens at `host:number.screen`: Qt would abort where it does not."""
    host, colon, rest = display.rpartition(":")
    number = rest.partition(".")[0]
    if not colon or not number.isdecimal():
        return False
    import socket

    local = host in {"", "unix"}
    try:
        with socket.socket(socket.AF_UNIX if local else socket.AF_INET) as probe:
            probe.settimeout(2)
            probe.connect(f"/tmp/.X11-unix/X{number}" if local else (host, 6000 + int(number)))  # noqa: S108 - X's own
    except OSError:
        return False
    return True


def _window(given: list[str]) -> int:
    # Help and the version must work, and a missing display must get a sentence, before Qt is loaded: it would abort.
    options = parse_arguments(given)
    if not has_display():
        print_error(
            "não há tela para abrir a janela (nada responde em DISPLAY nem em WAYLAND_DISPLAY). "
            "Abra numa sessão gráfica, ou use `bonifiq-desktop tour --out PASTA`."
        )
        return USAGE_ERROR
    gc.disable()  # from here on it is the window's own work; at the start there is nothing to collect
    from bonifiq_desktop import app as program

    try:
        app = _opened(options)
    except program.FolderUsedByOtherPc as error:
        print_error(f"{_held(error.other)} Para usá-la aqui: `bonifiq-desktop --take-over`. Nada foi aberto.")
        return FAILED
    except program.AlreadyRunning as error:
        if error.brought_to_front:
            print_error("o programa já está aberto com esta pasta de dados; a janela dele foi trazida para a frente.")
        else:
            _complain_in_a_window(_OPEN_ALREADY)
        return ALREADY_RUNNING
    except FolderNotPrivate as error:
        _complain_in_a_window(_exposed(error))
        return FAILED
    except OSError as error:
        _complain_in_a_window(f"a pasta de dados não pôde ser usada ({error.strerror}).")
        return FAILED
    status = app.run()
    _leave_stragglers(status)
    return status


def _opened(options: Arguments) -> "App":
    """The program; where another PC held the folder, a person is asked before it is taken over.

    Raises what App raises.
    """
    from bonifiq_desktop.app import App, FolderUsedByOtherPc

    try:
        return App(options)
    except FolderUsedByOtherPc as error:
        if not _may_take_over(error.other):
            raise
    options.take_over = True
    return App(options)


def _may_take_over(other: "OtherPC") -> bool:
    from PySide6.QtGui import QGuiApplication
    from PySide6.QtWidgets import QMessageBox

    if QGuiApplication.platformName() in {"offscreen", "minimal"}:
        return False
    sentence = _held(other)
    question = f"{sentence[0].upper()}{sentence[1:]}\n\nUsar a pasta neste computador?"
    yes, no = QMessageBox.StandardButton.Yes, QMessageBox.StandardButton.No
    return QMessageBox.question(None, "BonifiQ Desktop", question, yes | no, no) == yes


def _held(other: "OtherPC") -> str:
    return (
        f"esta pasta de dados estava em uso no computador “{other.name}” desde {other.since:%d/%m/%Y %H:%M}. "
        "Se ele ainda usa a mesma pasta, feche o programa lá antes. Se a pasta veio de lá, ela pode ser usada aqui."
    )


def _exposed(error: FolderNotPrivate) -> str:
    from pathlib import Path

    where = error.filename
    kind = "na pasta" if Path(where).is_dir() else "no arquivo"
    return {
        Exposure.WORLD_WRITABLE: f"qualquer usuário deste computador pode escrever {kind} {where}. "
        "Tire essa permissão (chmod o-w) ou escolha outra pasta de dados. Nada foi aberto.",
        Exposure.OTHER_OWNER: f"{where} é de outro usuário. Escolha uma pasta de dados sua. Nada foi aberto.",
        Exposure.LINK: f"{where} é um atalho para outro lugar. Ponha ali o arquivo ou a pasta de verdade, "
        "ou tire o atalho. Nada foi aberto.",
    }[error.exposure]


def _leave_stragglers(status: int) -> None:
    """End now if only a name look-up that cannot be interrupted is left; everything of ours is closed by then."""
    others = [t for t in threading.enumerate() if t is not threading.main_thread() and t.is_alive() and not t.daemon]
    if others:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:  # a windowed program has none
                stream.flush()
        os._exit(status)


def _tour(given: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="bonifiq-desktop tour", description="Drive the main job in the real window, one picture per step."
    )
    parser.add_argument("--out", required=True, metavar="DIR", help="folder for the pictures")
    parser.add_argument("--data-dir", metavar="DIR", help="data folder (default: a temporary one)")
    parser.add_argument("--api-url", metavar="URL", help="another server; credentials from the environment")
    parser.add_argument("--lang", choices=("pt_BR", "en"), default="pt_BR")
    parser.add_argument("--dark", action="store_true", help="dark colours")
    parser.add_argument(
        "--size", default=(1366, 728), metavar="WxH", type=_size, help="window size in logical pixels (1366x728)"
    )
    chosen = parser.parse_args(given)
    from bonifiq_desktop.security.credentials import KEY_VARIABLE, TOKEN_VARIABLE, credentials_from_environment

    if chosen.api_url and credentials_from_environment() is None:
        parser.error(f"--api-url needs {TOKEN_VARIABLE} and {KEY_VARIABLE} in the environment")
    if not has_display():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from bonifiq_desktop import tour
    from bonifiq_desktop.app import AlreadyRunning, FolderUsedByOtherPc

    try:
        return tour.run(chosen)
    except AlreadyRunning:
        print_error(_OPEN_ALREADY)
        return ALREADY_RUNNING
    except FolderUsedByOtherPc as error:
        print_error(f"{_held(error.other)} Nada foi aberto.")
        return FAILED


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.partition("x")
    return int(width), int(height)


def _history(given: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bonifiq-desktop history", description="Print every operation of this till.")
    parser.add_argument("--format", choices=("json", "csv"), default="json")
    parser.add_argument("--training", action="store_true", help="the training folder's history")
    parser.add_argument("--data-dir", metavar="DIR")
    chosen = parser.parse_args(given)
    from bonifiq_desktop.ledger.errors import LedgerError, LedgerNewer
    from bonifiq_desktop.ledger.history import read_operations
    from bonifiq_desktop.services import export
    from bonifiq_desktop.storage.paths import Paths, data_folder

    path = Paths(data_folder(chosen.data_dir, training=chosen.training)).ledger
    if not path.is_file():
        print_error(f"não há histórico em {path.parent}.")
        return FAILED
    check_private(path.parent)
    write = export.write_json if chosen.format == "json" else export.write_csv
    try:
        write(read_operations(path), sys.stdout)
    except LedgerNewer:
        print_error(_OF_A_NEWER_VERSION)
        return FAILED
    except LedgerError as error:
        print_error(f"o histórico não pôde ser lido ({type(error).__name__}).")
        return FAILED
    return 0


def _doctor(given: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bonifiq-desktop doctor", description="What this PC has and lacks.")
    parser.add_argument("--training", action="store_true")
    parser.add_argument("--data-dir", metavar="DIR")
    parser.add_argument(
        "--restore", metavar="COPY", help="put this copy (a file's name in backups/) in the history's place"
    )
    parser.add_argument("--name", default="", help="with --restore: who decided it")
    parser.add_argument("--api-url", metavar="URL", type=safe_url, help="ask this server instead of the settings' one")
    parser.add_argument("--file", metavar="ZIP", help="also write the file for the support; nothing personal")
    chosen = parser.parse_args(given)
    from bonifiq_desktop.domain.staff import MAX_NAME
    from bonifiq_desktop.domain.text import plain

    name = plain(chosen.name)[:MAX_NAME]
    if bool(chosen.restore) is not bool(name):
        parser.error("--restore and --name go together")
    from bonifiq_desktop.services.doctor import report_lines, run_checks
    from bonifiq_desktop.services.server_probe import probe_server
    from bonifiq_desktop.storage.paths import Paths, data_folder

    paths = Paths(data_folder(chosen.data_dir, training=chosen.training))
    if chosen.restore and not _restore(paths, chosen.restore, name):
        return FAILED
    findings = [*run_checks(paths), *probe_server(paths, chosen.api_url)]
    print("\n".join(report_lines(findings)))
    if chosen.file and not _write_support_file(paths, chosen.file):
        return FAILED
    return 0 if all(finding.fine for finding in findings) else FAILED


def _write_support_file(paths: "Paths", target: str) -> bool:
    from pathlib import Path

    from bonifiq_desktop.services.support import write_support_file

    try:
        write_support_file(paths, Path(target))
    except OSError as error:
        print_error(f"o arquivo para o suporte não pôde ser gravado ({error.strerror}).")
        return False
    print(f"BonifiQ Desktop: {target}")
    return True


def _restore(paths: "Paths", copy: str, name: str) -> bool:
    """Put a copy of the history in its place, unless the program is open."""
    from datetime import UTC, datetime

    from bonifiq_desktop.ledger.backups import restore
    from bonifiq_desktop.ledger.database import backups_folder
    from bonifiq_desktop.ledger.errors import LedgerError, LedgerFailed, LedgerNewer
    from bonifiq_desktop.ui.single_instance import SingleInstance

    source = backups_folder(paths.ledger) / copy
    if source.parent != backups_folder(paths.ledger) or not source.is_file():
        print_error(f"não há {copy} em {source.parent}.")
        return False
    check_private(paths.folder)
    lock = SingleInstance(paths.folder)
    if not lock.acquire():
        other = lock.other_pc()
        if other is not None:
            print_error(f"{_held(other)} Abra antes com `bonifiq-desktop --take-over` e feche. Nada mudou.")
            return False
        print_error("o programa está aberto com esta pasta de dados; feche-o antes. Nada mudou.")
        return False
    try:
        if not _is_allowed(paths, name, copy):
            return False
        restore(paths.ledger, source, decided_by=name, now=datetime.now(UTC))
    except LedgerNewer:
        print_error(_OF_A_NEWER_VERSION)
        return False
    except LedgerFailed as error:
        print_error(f"a cópia não pôde ser posta no lugar ({error}); o que havia continua guardado. Tente de novo.")
        return False
    except LedgerError as error:
        print_error(f"a cópia não serve ({type(error).__name__}). Nada mudou.")
        return False
    finally:
        lock.release()
    return True


def _is_allowed(paths: "Paths", name: str, copy: str) -> bool:
    """Whether a manager allows it, where this till has managers: the PIN is asked for, never taken as an argument."""
    import asyncio
    from getpass import getpass

    from bonifiq_desktop.domain.staff import Approval, ApprovalNeeded, PinLocked, PinWrong, Task
    from bonifiq_desktop.security.audit_log import AuditLog
    from bonifiq_desktop.security.staff import StaffFile
    from bonifiq_desktop.services.access_control import AccessControl

    access = AccessControl(StaffFile(paths.staff), AuditLog(paths.folder))
    access.restore_from(paths.ledger)
    try:
        approval = Approval(name, getpass("PIN: ")) if access.session.requires_approval else None
        grant = asyncio.run(access.approve(approval))
        access.require(Task.RESTORE, grant, name=name, source=copy)
    except PinLocked:
        # Every program begins the wait anew: only one that stays open can wait it out.
        print_error("o PIN está travado: abra a janela do programa, espere nela e restaure por lá. Nada mudou.")
        return False
    except (ApprovalNeeded, PinWrong) as error:
        why = "o PIN não confere" if isinstance(error, PinWrong) else "só um responsável pode fazer isso"
        print_error(f"{why}. Nada mudou.")
        return False
    except (EOFError, OSError) as error:
        print_error(f"não foi possível pedir o PIN ou registrar o pedido ({type(error).__name__}). Nada mudou.")
        return False
    return True


def _training_server(given: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="bonifiq-desktop training-server", description="Run the training server until it is interrupted."
    )
    parser.add_argument("--port", type=_port, default=0, metavar="N", help="0: any free one")
    chosen = parser.parse_args(given)
    import json

    from bonifiq_desktop.storage.paths import resource
    from bonifiq_desktop.training_server.server import TrainingServer, TrainingServerError

    server = TrainingServer(port=chosen.port, contract=resource("contract/bonifiq.openapi.json"))
    try:
        server.start()
    except TrainingServerError as error:
        print_error(str(error))
        return FAILED
    print(json.dumps({"url": server.url, "token": server.token, "key": server.key}), flush=True)
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        server.stop()
    return 0


def _port(text: str) -> int:
    port = int(text)
    if port not in range(2**16):
        raise ValueError(text)
    return port


def _complain_in_a_window(sentence: str) -> None:
    """For whoever double-clicked, and sees no terminal."""
    from PySide6.QtGui import QGuiApplication
    from PySide6.QtWidgets import QMessageBox

    print_error(sentence)
    if QGuiApplication.platformName() not in {"offscreen", "minimal"}:
        QMessageBox.critical(None, "BonifiQ Desktop", sentence[0].upper() + sentence[1:])
