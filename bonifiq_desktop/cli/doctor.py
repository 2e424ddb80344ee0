"""`doctor`: findings, support file, and restoring a backup."""

from datetime import UTC, datetime
from pathlib import Path

from bonifiq_desktop.arguments import Arguments
from bonifiq_desktop.cli.console import DONE, FAILED, NEWER_LEDGER, USAGE_ERROR, CommandFailed
from bonifiq_desktop.cli.till_access import locked_folder, require_manager
from bonifiq_desktop.domain.staff import MAX_NAME, Task
from bonifiq_desktop.domain.text import plain
from bonifiq_desktop.ledger.backups import restore
from bonifiq_desktop.ledger.errors import LedgerError, LedgerFailed, LedgerNewer
from bonifiq_desktop.ledger.files import backups_folder
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
    with locked_folder(paths):
        require_manager(paths, name, Task.RESTORE, name=name, source=copy)
        _put_back(paths, name, source)


def _put_back(paths: Paths, name: str, source: Path) -> None:
    try:
        restore(paths.ledger, source, decided_by=name, now=datetime.now(UTC))
    except LedgerNewer as error:
        raise CommandFailed(NEWER_LEDGER) from error
    except LedgerFailed as error:
        raise CommandFailed(
            f"a cópia não pôde ser posta no lugar ({error}); o que havia continua guardado. Tente de novo."
        ) from error
    except LedgerError as error:
        raise CommandFailed(f"a cópia não serve ({type(error).__name__}). Nada mudou.") from error
