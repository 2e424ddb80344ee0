"""`doctor`: findings, support file, and restoring a backup."""

import asyncio
import getpass
from datetime import UTC, datetime
from pathlib import Path

from bonifiq_desktop.arguments import Arguments
from bonifiq_desktop.cli.console import DONE, FAILED, USAGE_ERROR, print_error
from bonifiq_desktop.cli.messages import NEWER_LEDGER, used_by_other_pc
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
        print_error("--restore and --name go together")
        return USAGE_ERROR
    paths = Paths(data_folder(arguments.data_dir, training=arguments.training))
    if arguments.restore and not _restore(paths, arguments.restore, name):
        return FAILED
    findings = [*run_checks(paths), *probe_server(paths, arguments.api_url)]
    print("\n".join(report_lines(findings)))
    if arguments.file and not _write_support_file(paths, arguments.file):
        return FAILED
    return DONE if all(finding.fine for finding in findings) else FAILED


def _write_support_file(paths: Paths, target: str) -> bool:
    try:
        write_support_file(paths, Path(target))
    except OSError as error:
        print_error(f"o arquivo para o suporte não pôde ser gravado ({error.strerror}).")
        return False
    print(f"BonifiQ Desktop: {target}")
    return True


def _restore(paths: Paths, copy: str, name: str) -> bool:
    """Put a copy of the history in its place, unless the program is open."""
    source = backups_folder(paths.ledger) / copy
    if source.parent != backups_folder(paths.ledger) or not source.is_file():
        print_error(f"não há {copy} em {source.parent}.")
        return False
    check_private(paths.folder)
    from bonifiq_desktop.ui.single_instance import SingleInstance  # Qt only where something is restored

    lock = SingleInstance(paths.folder)
    if not lock.acquire():
        other = lock.other_pc()
        if other is not None:
            print_error(f"{used_by_other_pc(other)} Abra antes com `bonifiq-desktop --take-over` e feche. Nada mudou.")
            return False
        print_error("o programa está aberto com esta pasta de dados; feche-o antes. Nada mudou.")
        return False
    try:
        if not _is_allowed(paths, name, copy):
            return False
        restore(paths.ledger, source, decided_by=name, now=datetime.now(UTC))
    except LedgerNewer:
        print_error(NEWER_LEDGER)
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


def _is_allowed(paths: Paths, name: str, copy: str) -> bool:
    """Whether a manager allows it, where this till has managers: the PIN is asked for, never taken as an argument."""
    access = AccessControl(StaffFile(paths.staff), AuditLog(paths.folder))
    access.restore_from(paths.ledger)
    try:
        approval = Approval(name, getpass.getpass("PIN: ")) if access.session.requires_approval else None
        grant = asyncio.run(access.approve(approval))
        access.require(Task.RESTORE, grant, name=name, source=copy)
    except PinLocked:
        # The wait starts again with each process: only a window that stays open can wait until its end.
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
