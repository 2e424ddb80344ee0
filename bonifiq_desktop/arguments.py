"""Command-line arguments of the window and of every other command. Parsed before Qt is loaded."""

import argparse
from collections.abc import Sequence
from datetime import date

from bonifiq_desktop import __version__
from bonifiq_desktop.storage.language import LANGUAGES


class Arguments(argparse.Namespace):
    """The parsed arguments; `command` is empty for the window. An option of another command keeps its default."""

    command: str = ""
    training: bool = False
    data_dir: str | None = None
    api_url: str | None = None
    language: str | None = None
    quit_when_ready: bool = False
    take_over: bool = False

    out: str = ""
    dark: bool = False
    size: tuple[int, int] = (1366, 728)
    format: str = ""
    since: date | None = None
    until: date | None = None
    kinds: tuple[str, ...] = ()
    waiting: str = ""
    person: str = ""
    till: str = ""
    connection: str = ""
    search: str = ""
    restore: str | None = None
    name: str = ""
    file: str | None = None
    port: int = 0

    day: date | None = None

    action: str = ""
    list_format: str = "text"
    system: str = ""
    url: str = ""
    user: str | None = None
    shop_id: int | None = None
    channel: int | None = None
    keep_in_file: bool = False
    manager: str = ""
    reason: str = ""
    cancel: str | None = None
    refund: str | None = None

    admin_url: str = ""
    shop: str | None = None
    hosts: str | None = None
    ca: str | None = None
    replace: bool = False
    print_sql: bool = False

    def reported_options(self) -> list[str]:
        """Return which of REPORTED_OPTIONS were given, without their values."""
        from bonifiq_desktop.diagnostics.log_schema import REPORTED_OPTIONS  # not before the first paint

        values = (self.training, self.data_dir, self.api_url, self.language)
        return [name for name, value in zip(REPORTED_OPTIONS, values, strict=True) if value]


def parse_arguments(argv: Sequence[str]) -> Arguments:
    """Parse the arguments. Exits with a message for `--help`, `--version` and unusable arguments."""
    if not argv:  # the desktop icon passes none, and building a parser takes a while
        return Arguments()
    return _parser().parse_args(list(argv), namespace=Arguments())


def _parser() -> argparse.ArgumentParser:
    # SUPPRESS: without it, a command's own defaults would replace what stands before the command.
    common = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    common.add_argument("--training", action="store_true", help="use the training data and server; nothing is real")
    common.add_argument("--data-dir", metavar="DIR", help="folder of settings, credentials and history")
    common.add_argument(
        "--api-url", metavar="URL", type=safe_url, help="another server (https, or http to this machine)"
    )
    common.add_argument("--lang", dest="language", choices=LANGUAGES, help="language of the window")
    common.add_argument("--version", action="version", version=f"BonifiQ Desktop {__version__}")

    parser = argparse.ArgumentParser(
        prog="bonifiq-desktop",
        parents=[common],
        allow_abbrev=False,
        argument_default=argparse.SUPPRESS,
        description="Opens the counter's window, or runs a command.",
        epilog="The options above may stand before or after a command.",
    )
    parser.add_argument("--quit-when-ready", action="store_true", help="leave after the first full paint, for timing")
    parser.add_argument("--take-over", action="store_true", help="use a data folder that another PC had in use")
    commands = parser.add_subparsers(title="commands", dest="command", metavar="COMMAND")

    def add(name: str, summary: str) -> argparse.ArgumentParser:
        return commands.add_parser(
            name,
            parents=[common],
            allow_abbrev=False,
            argument_default=argparse.SUPPRESS,
            help=summary,
            description=f"{summary[0].upper()}{summary[1:]}.",
        )

    tour = add("tour", "drive the main job in the real window, one picture per step")
    tour.add_argument("--out", required=True, metavar="DIR", help="folder for the pictures")
    tour.add_argument("--dark", action="store_true", help="dark colours")
    tour.add_argument("--size", metavar="WxH", type=_size, help="window size in logical pixels (1366x728)")
    _add_filters(add("history", "print the operations of this till or of others, or write them to a file"))
    day_close = add("day-close", "print a day of this till and its close; closes nothing")
    day_close.add_argument("--day", type=_day, help="today without it; 2026-11-28 or 28/11/2026")
    day_close.add_argument("--format", dest="list_format", choices=("text", "json"), help="text without it")
    doctor = add("doctor", "print what this PC has and lacks; restore a backup")
    doctor.add_argument("--restore", metavar="COPY", help="replace the history by this file of backups/")
    doctor.add_argument("--name", help="with --restore: who decided it")
    doctor.add_argument("--file", metavar="ZIP", help="also write the support file; nothing personal in it")
    _add_connections(add("connections", "list, add, map, test or remove connections to other systems"), common)
    _add_shop_database(add("shop-database", "set up the database that the tills of a shop share"), common)
    server = add("training-server", "run the training server until it is interrupted")
    server.add_argument("--port", type=_port, metavar="N", help="any free one without it")
    commands.add_parser("print-job", add_help=False)  # of the program itself: without `help`, `--help` leaves it out
    return parser


def _add_filters(command: argparse.ArgumentParser) -> None:
    command.add_argument("--since", type=_day, metavar="DAY", help="from this day on; 2026-11-28 or 28/11/2026")
    command.add_argument("--until", type=_day, metavar="DAY", help="up to this day, included")
    command.add_argument("--kind", dest="kinds", nargs="+", metavar="KIND", help="such as sale, refund or cancel")
    waiting = ("pending", "person")
    command.add_argument("--waiting", choices=waiting, help="what waits for its system, or for a person")
    command.add_argument("--person", metavar="NAME", help="who registered it")
    command.add_argument("--till", metavar="NAME", help="another till of the shop, or all; this till without it")
    command.add_argument("--system", metavar="NAME", help="such as bonifiq, mirakl or akinon")
    command.add_argument("--connection", metavar="NAME", help="a connection, as the window shows it")
    command.add_argument("--search", metavar="TEXT", help="part of an order number, a key or an id; no names")
    command.add_argument("--format", choices=("json", "csv", "xlsx"), help="json without it, or what --out ends in")
    command.add_argument("--out", metavar="FILE", help="write a file; xlsx needs it")


def _add_connections(command: argparse.ArgumentParser, common: argparse.ArgumentParser) -> None:
    """The actions of `connections`; each one takes the common options, too."""
    actions = command.add_subparsers(title="actions", dest="action", metavar="ACTION", required=True)

    def add(name: str, summary: str, *, changes: bool = True, named: bool = True) -> argparse.ArgumentParser:
        action = actions.add_parser(
            name,
            parents=[common],
            allow_abbrev=False,
            argument_default=argparse.SUPPRESS,
            help=summary,
            description=f"{summary[0].upper()}{summary[1:]}.",
        )
        if named:
            action.add_argument("--name", required=True, help="the connection's name, as the window shows it")
        if changes:
            action.add_argument("--manager", help="who allows it, on a till with managers; the PIN is asked for")
        return action

    listing = add("list", "print the connections, without their secrets", changes=False, named=False)
    listing.add_argument("--format", dest="list_format", choices=("text", "json"), help="text without it")
    adding = add("add", "add a connection, or renew one; reads its secret as one line from standard input")
    adding.add_argument("--system", required=True, choices=("mirakl", "akinon"))
    adding.add_argument("--url", required=True, type=safe_url, help="https://HOST")
    adding.add_argument("--user", help="Akinon: the user of the password; without it, the secret is a token")
    adding.add_argument("--shop-id", type=int, metavar="N", help="Mirakl: the shop, for a user with several")
    adding.add_argument("--channel", type=int, metavar="N", help="Akinon: the sales channel")
    adding.add_argument("--keep-in-file", action="store_true", help="without a keyring: in a private file")
    mapping = add("map", "set the system's codes of a reason at the counter")
    mapping.add_argument("--reason", required=True, help="such as Defeito")
    mapping.add_argument("--cancel", metavar="CODE", help="the code for a cancellation; empty: none")
    mapping.add_argument("--refund", metavar="CODE", help="the code for a refund; empty: none")
    add("test", "prove a connection; changes nothing there", changes=False)
    add("remove", "remove a connection and its secret; its history stays")


def _add_shop_database(command: argparse.ArgumentParser, common: argparse.ArgumentParser) -> None:
    """The actions of `shop-database`; each one takes the common options, too."""
    actions = command.add_subparsers(title="actions", dest="action", metavar="ACTION", required=True)
    asked = "The administrator's password is asked for, or read as one line from standard input."

    def add(name: str, summary: str) -> argparse.ArgumentParser:
        action = actions.add_parser(
            name,
            parents=[common],
            allow_abbrev=False,
            argument_default=argparse.SUPPRESS,
            help=summary,
            description=f"{summary[0].upper()}{summary[1:]}. {asked}",
        )
        url = "postgresql://USER@HOST[:PORT]/DATABASE, without the password"
        action.add_argument("--admin-url", required=True, metavar="URL", help=url)
        action.add_argument("--ca", metavar="FILE", help="PEM file of the server's authority; else this till's")
        return action

    def add_joining(action: argparse.ArgumentParser) -> None:
        action.add_argument("--till", required=True, metavar="NAME", help="1 to 12 letters and digits, such as CAIXA2")
        action.add_argument(
            "--out", required=True, metavar="FILE", help="the file with which the till joins; a new one"
        )
        action.add_argument("--hosts", metavar="HOST,HOST", help="where the tills connect; else as in --admin-url")
        action.add_argument(
            "--print-sql", action="store_true", help="write the file, print the SQL; connect to nothing"
        )

    init = add("init", "make or renew the tables, and invite the first till")
    init.add_argument("--shop", required=True, metavar="NAME", help="the shop's name, up to 40 characters")
    add_joining(init)
    adding = add("add-till", "invite another till, from a till that takes part; close the program there first")
    add_joining(adding)
    adding.add_argument(
        "--replace", action="store_true", help="another PC takes the place of a till in use, which loses its access"
    )
    adding.add_argument("--manager", help="who allows it, on a till with managers; the PIN is asked for")
    status = add("status", "print the tills, and when the database last heard of each")
    status.add_argument("--shop", metavar="NAME", help="one shop; every one without it")
    status.add_argument("--format", dest="list_format", choices=("text", "json"), help="text without it")
    removing = add("remove-till", "end a till's access; its operations stay")
    removing.add_argument("--till", required=True, metavar="NAME", help="the till's name, as status prints it")
    removing.add_argument("--shop", metavar="NAME", help="its shop; without it, this till's, or the only one")
    removing.add_argument("--print-sql", action="store_true", help="print the SQL; connect to nothing")


def safe_url(text: str) -> str:
    """Return an address that credentials may go to. Raises ArgumentTypeError."""
    from bonifiq_desktop.domain.urls import is_safe_url

    url = text.strip().rstrip("/")
    if not is_safe_url(url):
        raise argparse.ArgumentTypeError("https:// only (http:// only to this machine)")
    return url


def _day(text: str) -> date:
    """Read a day between 2000 and 2099: `2026-11-28` or `28/11/2026`. Raises ArgumentTypeError."""
    try:
        day, month, year = map(int, text.split("/") if "/" in text else text.split("-")[::-1])
        found = date(year, month, day)
    except ValueError:
        found = date.min
    if found.year not in range(2000, 2100):
        raise argparse.ArgumentTypeError(f"{text!r} is no day such as 2026-11-28 or 28/11/2026")
    return found


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.partition("x")
    return int(width), int(height)


def _port(text: str) -> int:
    port = int(text)
    if port not in range(2**16):
        raise ValueError(text)
    return port
