"""The command line: the window by default, and the commands that need none."""

import os
import sys
from collections.abc import Callable, Sequence

from bonifiq_desktop.arguments import Arguments, parse_arguments
from bonifiq_desktop.cli.console import CommandFailed, not_private, run_command
from bonifiq_desktop.storage.files import FolderNotPrivate

_PRINTING = {"history", "day-close", "doctor", "training-server", "print-job"}
"""Commands that are of no use without standard output, unless they write a file."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; return its exit status, one of those in `console`."""
    os.umask(0o077)  # every file, a library's too, is for this user alone
    _disable_core_dumps()
    given = list(sys.argv[1:] if argv is None else argv)
    return run_command(lambda: _run(given), prints=not _PRINTING.isdisjoint(given) and "--out" not in given)


def _run(given: list[str]) -> int:
    arguments = parse_arguments(given)
    try:
        return _command_of(arguments.command)(arguments)
    except FolderNotPrivate as error:
        raise CommandFailed(not_private(error)) from error


def _command_of(name: str) -> Callable[[Arguments], int]:
    """Import the module of a command, and no other one: the window starts without what the others need."""
    match name:
        case "tour":
            from bonifiq_desktop.cli.tour import run
        case "history":
            from bonifiq_desktop.cli.history import run
        case "day-close":
            from bonifiq_desktop.cli.day_close import run
        case "doctor":
            from bonifiq_desktop.cli.doctor import run
        case "connections":
            from bonifiq_desktop.cli.connections import run
        case "shop-database":
            from bonifiq_desktop.cli.shop_database import run
        case "print-job":
            from bonifiq_desktop.cli.print_job import run
        case "training-server":
            from bonifiq_desktop.cli.training_server import run
        case _:
            from bonifiq_desktop.cli.window import run
    return run


def _disable_core_dumps() -> None:
    """A core dump would hold the key and customers' data."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
