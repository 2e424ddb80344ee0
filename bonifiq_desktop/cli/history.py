"""`history`: print the operations that a filter selects, of this till or of others, or write them to a file."""

import sys
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from bonifiq_desktop.arguments import Arguments
from bonifiq_desktop.cli.console import DONE, NEWER_LEDGER, USAGE_ERROR, CommandFailed
from bonifiq_desktop.domain.moments import day_bounds
from bonifiq_desktop.domain.operations import BONIFIQ_SCOPE, Kind, Scope
from bonifiq_desktop.ledger.errors import LedgerError, LedgerNewer
from bonifiq_desktop.ledger.history import read_choices, read_selected
from bonifiq_desktop.ledger.history_filter import HistoryFilter, Query, Waiting
from bonifiq_desktop.services import export
from bonifiq_desktop.storage.files import FileInUse, InsideDataFolder, check_private
from bonifiq_desktop.storage.paths import Paths, data_folder
from bonifiq_desktop.storage.settings import SettingsError, load_settings

EVERY_TILL = "all"
"""The name by which `--till` means every till of the shop."""


def run(arguments: Arguments) -> int:
    target = _target(arguments)
    kinds, bounds = _kinds(arguments), _bounds(arguments)
    paths = Paths(data_folder(arguments.data_dir, training=arguments.training))
    path = paths.ledger
    if not path.is_file():
        raise CommandFailed(f"não há histórico em {path.parent}.")
    check_private(path.parent)
    try:
        name = _own_till(paths)
        scope, till = _known_choices(arguments, path, name)
        wanted = HistoryFilter(*bounds, kinds, Waiting(arguments.waiting), arguments.person, scope, till)
        query = Query(wanted, arguments.search.strip())
        if target is not None:
            export.save(path, target, data_folder=path.parent, query=query, till=name)
        else:
            write = export.write_csv if arguments.format == "csv" else export.write_json
            write(read_selected(path, query), sys.stdout, export.till_column(path, query, name))
    except LedgerNewer as error:
        raise CommandFailed(NEWER_LEDGER) from error
    except LedgerError as error:
        raise CommandFailed(f"o histórico não pôde ser lido ({type(error).__name__}).") from error
    except InsideDataFolder as error:
        raise CommandFailed(f"{target} fica na pasta do próprio programa; escolha outra.", USAGE_ERROR) from error
    except FileInUse as error:
        raise CommandFailed(f"{target} está aberto em outro programa, ou protegido. Nada foi salvo.") from error
    return DONE


def _own_till(paths: Paths) -> str:
    """The name of this till, empty where the settings cannot be read: the history can."""
    with suppress(SettingsError):
        return load_settings(paths.settings).till
    return ""


def _target(arguments: Arguments) -> Path | None:
    """The file to write, whose ending agrees with the format."""
    if not arguments.out:
        if arguments.format == "xlsx":
            raise CommandFailed("--format xlsx precisa de --out ARQUIVO.xlsx.", USAGE_ERROR)
        return None
    target = Path(arguments.out).expanduser()
    ending = target.suffix.lower().removeprefix(".")
    if ending not in {"json", "csv", "xlsx"} or arguments.format not in {"", ending}:
        wanted = arguments.format or "json, .csv ou .xlsx"
        raise CommandFailed(f"o nome em --out precisa terminar em .{wanted}.", USAGE_ERROR)
    return target


def _kinds(arguments: Arguments) -> frozenset[Kind]:
    unknown = sorted(set(arguments.kinds) - set(Kind))
    if unknown:
        raise CommandFailed(f"não existe o tipo {', '.join(unknown)}; há {', '.join(Kind)}.", USAGE_ERROR)
    return frozenset(map(Kind, arguments.kinds))


def _bounds(arguments: Arguments) -> tuple[datetime | None, datetime | None]:
    since, until = arguments.since, arguments.until
    if since is not None and until is not None and since > until:
        raise CommandFailed(f"--since {since:%d/%m/%Y} é depois de --until {until:%d/%m/%Y}.", USAGE_ERROR)
    return (
        None if since is None else day_bounds(since, since)[0],
        None if until is None else day_bounds(until, until)[1],
    )


def _known_choices(arguments: Arguments, path: Path, own_till: str) -> tuple[Scope | None, str | None]:
    """The chosen system and connection, and the till; a name that the history does not know is refused.

    Without a till it is this one, as before the shop had several.
    """
    people, others, tills = read_choices(path)
    scopes = [BONIFIQ_SCOPE, *others]
    chosen = (
        ("pessoa", arguments.person, people),
        ("sistema", arguments.system, [scope.system for scope in scopes]),
        ("conexão", arguments.connection, [scope.connection for scope in scopes]),
        ("caixa", arguments.till, [EVERY_TILL, own_till, *tills]),
    )
    for what, name, known in chosen:
        if name and name not in known:
            listed = ", ".join(dict.fromkeys(known)) or "nenhum nome"
            raise CommandFailed(f"o histórico não conhece {what} “{name}”; há {listed}.", USAGE_ERROR)
    wanted = Scope(arguments.system, arguments.connection)
    if all(wanted) and wanted not in scopes:
        raise CommandFailed(f"a conexão “{wanted.connection}” não é do sistema “{wanted.system}”.", USAGE_ERROR)
    till = None if arguments.till == EVERY_TILL else arguments.till if arguments.till != own_till else ""
    return wanted if any(wanted) else None, till
