"""What a command that changes a till needs: the data folder to itself, and a manager where the till has managers."""

import asyncio
import getpass
from collections.abc import Iterator
from contextlib import contextmanager

from bonifiq_desktop.cli.console import USAGE_ERROR, CommandFailed
from bonifiq_desktop.cli.window import used_by_other_pc
from bonifiq_desktop.domain.staff import Approval, ApprovalNeeded, PinLocked, PinWrong, Task
from bonifiq_desktop.security.audit_log import AuditLog
from bonifiq_desktop.security.staff import StaffFile
from bonifiq_desktop.services.access_control import AccessControl
from bonifiq_desktop.storage.paths import Paths


@contextmanager
def locked_folder(paths: Paths) -> Iterator[None]:
    """Keep the program from opening with this data folder meanwhile. Raises CommandFailed while it is open."""
    from bonifiq_desktop.ui.single_instance import SingleInstance  # Qt only where something changes

    lock = SingleInstance(paths.folder)
    if not lock.acquire():
        other = lock.other_pc()
        raise CommandFailed(
            "o programa está aberto com esta pasta de dados; feche-o antes. Nada mudou."
            if other is None
            else f"{used_by_other_pc(other)} Abra antes com `bonifiq-desktop --take-over` e feche. Nada mudou."
        )
    try:
        yield
    finally:
        lock.release()


def require_manager(paths: Paths, manager: str, task: Task, **about: str) -> None:
    """Ask for the PIN where this till has managers; it is never an argument. Raises CommandFailed."""
    access = AccessControl(StaffFile(paths.staff), AuditLog(paths.folder))
    access.restore_from(paths.ledger)
    if access.session.requires_approval and not manager:
        raise CommandFailed("este caixa tem responsáveis; indique um com --manager NOME. Nada mudou.", USAGE_ERROR)
    try:
        approval = Approval(manager, getpass.getpass("PIN: ")) if access.session.requires_approval else None
        grant = asyncio.run(access.approve(approval))
        access.require(task, grant, **about)
    except PinLocked as error:
        # The wait starts again with each process: only a window that stays open can wait until its end.
        message = "o PIN está travado: abra a janela do programa, espere nela e faça por lá."
        raise CommandFailed(f"{message} Nada mudou.") from error
    except PinWrong as error:
        raise CommandFailed("o PIN não confere. Nada mudou.") from error
    except ApprovalNeeded as error:
        raise CommandFailed("só um responsável pode fazer isso. Nada mudou.") from error
    except (EOFError, OSError) as error:
        message = f"não foi possível pedir o PIN ou registrar o pedido ({type(error).__name__})."
        raise CommandFailed(f"{message} Nada mudou.") from error
