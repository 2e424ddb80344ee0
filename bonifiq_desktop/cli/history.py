"""`history`: print every operation of this till."""

import sys

from bonifiq_desktop.arguments import Arguments
from bonifiq_desktop.cli.console import DONE, NEWER_LEDGER, CommandFailed
from bonifiq_desktop.ledger.errors import LedgerError, LedgerNewer
from bonifiq_desktop.ledger.history import read_operations
from bonifiq_desktop.services import export
from bonifiq_desktop.storage.files import check_private
from bonifiq_desktop.storage.paths import Paths, data_folder


def run(arguments: Arguments) -> int:
    path = Paths(data_folder(arguments.data_dir, training=arguments.training)).ledger
    if not path.is_file():
        raise CommandFailed(f"não há histórico em {path.parent}.")
    check_private(path.parent)
    write = export.write_json if arguments.format == "json" else export.write_csv
    try:
        write(read_operations(path), sys.stdout)
    except LedgerNewer as error:
        raise CommandFailed(NEWER_LEDGER) from error
    except LedgerError as error:
        raise CommandFailed(f"o histórico não pôde ser lido ({type(error).__name__}).") from error
    return DONE
