"""`doctor`: findings, support file, and restoring a backup."""

import asyncio
import getpass
from datetime import UTC, datetime
from pathlib import Path

from bonifiq_desktop.arguments import Arguments
from bonifiq_desktop.cli.console import DONE, FAILED, NEWER_LEDGER, USAGE_ERROR, CommandFailed
from bonifiq_desktop.cli.window import used_by_other_pc
from bonifiq_desktop.domain.staff import MAX_NAME, Approval, ApprovalNeeded, PinLocked, PinWrong, Task
from bonifiq_desktop.domain.text import plain
from bonifiq_desktop.ledger.backups import restore
from bonifiq_desktop.ledger.errors import LedgerError, LedgerFailed, LedgerNewer
from bonifiq_desktop.ledger.files import backups_folder
from bonifiq_desktop.security.audit_log import AuditLog
from bonifiq_desktop.security.staff import StaffFile
from bonifiq_desktop.services.access_control import AccessControl
from bonifiq_desktop.services.doctor import probe_server, report_lines, run_checks
from bonifiq_desktop.services.support import write_support_file
from bonifiq_desktop.storage.files import check_private
from bonifiq_desktop.storage.paths import Paths, data_folder


def run(arguments: Arguments) -> int:
    """Restore where it is asked for, then print the findings; return the exit status."""
    name = plain(arguments.name)[:MAX_NAME]
    if bool(arguments.restore) is not bool(name):
        raise CommandFailed("--restore and --name go together", USAGE_ERROR)
    paths = Paths(data_folder(arguments.data_dir, training=arguments.training))
    if arguments.restore:
        _restore(paths, arguments.restore, name)
    findings = [*run_checks(paths), *probe_server(paths, arguments.api_url)]
    print("\n".join(report_lines(findings)))
    if arguments.file:
        try:
            write_support_file(paths, Path(arguments.file))
        except OSError as error:
            raise CommandFailed(f"o arquivo para o suporte não pôde ser gravado ({error.strerror}).") from error
        print(f"BonifiQ Desktop: {arguments.file}")
    return DONE if all(finding.fine for finding in findings) else FAILED


def _restore(paths: Paths, copy: str, name: str) -> None:
    """Put a copy of the history in its place, unless the program is open. Raises CommandFailed."""
    source = backups_folder(paths.ledger) / copy
    if source.parent != backups_folder(paths.ledger) or not source.is_file():
        raise CommandFailed(f"não há {copy} em {source.parent}.")
    check_private(paths.folder)
    from bonifiq_desktop.ui.single_instance import SingleInstance  # Qt only where something is restored

    lock = SingleInstance(paths.folder)
    if not lock.acquire():
        other = lock.other_pc()
        raise CommandFailed(
            "o programa está aberto com esta pasta de dados; feche-o antes. Nada mudou."
            if other is None
            else f"{used_by_other_pc(other)} Abra antes com `bonifiq-desktop --take-over` e feche. Nada mudou."
        )
    try:
        _require_manager(paths, name, copy)
        restore(paths.ledger, source, decided_by=name, now=datetime.now(UTC))
    except LedgerNewer as error:
        raise CommandFailed(NEWER_LEDGER) from error
    except LedgerFailed as error:
        raise CommandFailed(
            f"a cópia não pôde ser posta no lugar ({error}); o que havia continua guardado. Tente de novo."
        ) from error
    except LedgerError as error:
        raise CommandFailed(f"a cópia não serve ({type(error).__name__}). Nada mudou.") from error
    finally:
        lock.release()


def _require_manager(paths: Paths, name: str, copy: str) -> None:
    """Ask for the PIN where this till has managers; it is never an argument. Raises CommandFailed."""
    access = AccessControl(StaffFile(paths.staff), AuditLog(paths.folder))
    access.restore_from(paths.ledger)
    try:
        approval = Approval(name, getpass.getpass("PIN: ")) if access.session.requires_approval else None
        grant = asyncio.run(access.approve(approval))
        access.require(Task.RESTORE, grant, name=name, source=copy)
    except PinLocked as error:
        # The wait starts again with each process: only a window that stays open can wait until its end.
        message = "o PIN está travado: abra a janela do programa, espere nela e restaure por lá."
        raise CommandFailed(f"{message} Nada mudou.") from error
    except PinWrong as error:
        raise CommandFailed("o PIN não confere. Nada mudou.") from error
    except ApprovalNeeded as error:
        raise CommandFailed("só um responsável pode fazer isso. Nada mudou.") from error
    except (EOFError, OSError) as error:
        message = f"não foi possível pedir o PIN ou registrar o pedido ({type(error).__name__})."
        raise CommandFailed(f"{message} Nada mudou.") from error
