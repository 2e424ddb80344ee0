"""`shop-database`: set up the database that the tills of a shop share; add and remove tills; print their state.

Exit statuses: 0 done; 1 refused, or the database did not answer; 2 unusable arguments.
"""

import getpass
import json
import secrets
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bonifiq_desktop.arguments import Arguments
from bonifiq_desktop.cli.console import DONE, FAILED, USAGE_ERROR, CommandFailed, print_error
from bonifiq_desktop.cli.till_access import locked_folder, require_manager
from bonifiq_desktop.domain.shop_database import InvitationError, InvitationTrouble, ShopDatabaseError, Trouble
from bonifiq_desktop.domain.staff import Task
from bonifiq_desktop.security.credentials import CredentialsError, CredentialStore
from bonifiq_desktop.security.keyrings import TimedKeyring, system_keyring
from bonifiq_desktop.security.shop_access import ShopAccessStore
from bonifiq_desktop.shop_database.access import is_host
from bonifiq_desktop.shop_database.admin import (
    ENROLMENT_HOURS,
    MAX_NAME,
    AdminUrl,
    AdminUrlError,
    Member,
    NewTill,
    PasswordInUrl,
    add_till,
    administrator,
    as_script,
    end_sessions,
    is_name,
    lacks_rights,
    read_admin_url,
    read_members,
    remove_till,
    run_together,
)
from bonifiq_desktop.shop_database.enrolment_file import Enrolment
from bonifiq_desktop.shop_database.invitation import enrolment_of, invite, is_in_use, read_till_name, written
from bonifiq_desktop.shop_database.schema import SchemaNewer, migrate, script
from bonifiq_desktop.storage.paths import Paths, data_folder
from bonifiq_desktop.storage.settings import SettingsError, load_settings
from bonifiq_desktop.storage.shop_database_settings import ShopDatabaseSettings

if TYPE_CHECKING:
    from bonifiq_desktop.shop_database.connect import Connection

_SECRET_BYTES = 32
_TROUBLES = {
    Trouble.UNREACHABLE: (
        "o banco de dados não responde nesse endereço. Confira o endereço, a rede e se o servidor está ligado"
    ),
    Trouble.CERTIFICATE: (
        "o certificado do servidor não confere com o arquivo de --ca ou com o nome no endereço, ou ele não usa TLS"
    ),
    Trouble.CREDENTIALS: "o servidor não aceita este usuário ou esta senha",
    Trouble.REMOVED: "o servidor não deixa este usuário entrar (NOLOGIN)",
    Trouble.NOT_SET_UP_THERE: "esse banco de dados não existe, ou ainda não foi preparado com `shop-database init`",
}
_RIGHTS = (
    "este usuário do banco de dados não tem direito a isto. "
    "Use o dono do banco de dados, que pode criar usuários (CREATEROLE)"
)
_NEWER_SCHEMA = "o banco de dados foi preparado por uma versão mais nova do programa. Instale a versão mais nova."
_INVITATION_TROUBLES = {
    InvitationTrouble.FILE_EXISTS: "{0} já existe; escolha outro nome",
    InvitationTrouble.FILE_FAILED: (
        "{0} não pôde ser gravado: veja se a pasta existe, aceita gravação e não é a do programa"
    ),
    InvitationTrouble.CERTIFICATE: "{0} não tem um certificado (PEM); indique com --ca o da autoridade do servidor",
    InvitationTrouble.OTHER_DATABASE: "esse banco de dados não tem a loja {0}",
    InvitationTrouble.NAME_IN_USE: (
        "{0} já participa. Se outro computador vai tomar o lugar dele, repita com --replace: o de agora perde o acesso"
    ),
    InvitationTrouble.RIGHTS: _RIGHTS,
}
_BAD_ARGUMENT = {InvitationTrouble.FILE_EXISTS, InvitationTrouble.CERTIFICATE}
_NOTHING_CHANGED = "Nada mudou."
_TABLES_READY = "As tabelas estão prontas; nenhum convite foi feito."
_MAYBE_CHANGED = "Não se sabe se algo mudou: confira com `shop-database status` e repita o comando."


def run(arguments: Arguments) -> int:
    """Run the action; return the exit status."""
    actions: dict[str, Callable[[Arguments], int]] = {
        "init": _init,
        "add-till": _add_till,
        "status": _status,
        "remove-till": _remove_till,
    }
    try:
        return actions[arguments.action](arguments)
    except InvitationError as error:
        raise _no_invitation(error, _NOTHING_CHANGED) from error


def _no_invitation(error: InvitationError, effect: str) -> CommandFailed:
    status = USAGE_ERROR if error.trouble in _BAD_ARGUMENT else FAILED
    return CommandFailed(f"{_INVITATION_TROUBLES[error.trouble].format(error)}. {effect}", status)


class _Till:
    """The data folder of this PC, where it takes part in a shop database. Raises CommandFailed."""

    def __init__(self, arguments: Arguments) -> None:
        self.paths = Paths(data_folder(arguments.data_dir, training=arguments.training))
        self._keyring = None if arguments.training else TimedKeyring(system_keyring)

    def settings(self) -> ShopDatabaseSettings:
        """This till's access, without its secrets."""
        try:
            return load_settings(self.paths.settings).shop_database
        except SettingsError as error:
            raise CommandFailed(f"as configurações não podem ser usadas ({error.field}). Nada mudou.") from error

    def secret(self, settings: ShopDatabaseSettings) -> bytes:
        """The shop's key."""
        store = ShopAccessStore(CredentialStore(self.paths.credentials, self._keyring).connections)
        try:
            stored = store.load(settings.role, settings.database)
        except CredentialsError as error:
            raise CommandFailed("a chave da loja não pode ser aberta neste caixa. Nada mudou.") from error
        if not settings.is_set_up or stored is None:
            raise CommandFailed(
                "este caixa não participa de um banco da loja; rode isto num que participe. Nada mudou."
            )
        return stored[0].secret

    def authority(self, arguments: Arguments) -> Path:
        """The file of the authority that signed the server's certificate."""
        file = Path(arguments.ca) if arguments.ca else self.paths.shop_certificate
        if not file.is_file():
            raise CommandFailed(
                f"falta o certificado da autoridade do servidor ({file}); indique o arquivo com --ca. Nada mudou.",
                USAGE_ERROR,
            )
        return file


# --- actions


def _init(arguments: Arguments) -> int:
    url, till = _admin_url(arguments), _Till(arguments)
    shop, name = _name(arguments.shop or "", "a loja"), _till_name(arguments)
    authority = till.authority(arguments)
    new = NewTill.named(shop, name)
    enrolment = _enrolment(new, arguments, url, authority, secrets.token_bytes(_SECRET_BYTES))
    if arguments.print_sql:
        with _written(enrolment, arguments, till) as code:
            print(script())
            print(as_script(add_till(new)), end="")
            _say_code(name, arguments.out, code, to_error=True)
        return DONE
    with _connected(url, authority) as connection:
        _require_utf8(connection)
        applied = migrate(connection)
        known = read_members(connection, shop)
        if any(is_in_use(each) for each in known):
            tables = f"As tabelas foram atualizadas ({', '.join(map(str, applied))})" if applied else "As tabelas ficam"
            print(
                f"BonifiQ Desktop: a loja {shop} já tem caixas. {tables}; nenhum convite foi feito. "
                "Para incluir um caixa, use `shop-database add-till` num que participa."
            )
            return DONE
        # Only one invitation may bring a new key: two tills with two keys could not read each other.
        withdrawn = [statement for each in known for statement in remove_till(shop, each.till)]
        try:
            with _written(enrolment, arguments, till) as code:
                run_together(connection, [*withdrawn, *add_till(new)])
        except InvitationError as error:
            raise _no_invitation(error, _TABLES_READY) from error
    _say_code(name, arguments.out, code)
    if any(each.removed_at is None for each in known):
        print(f"BonifiQ Desktop: o convite que a loja {shop} tinha antes não vale mais.")
    return DONE


def _require_utf8(connection: "Connection") -> None:
    """Refuse another encoding: it lacks letters, so that a change with one of them would stop a till's exchange."""
    row = connection.execute("SHOW server_encoding").fetchone()
    if row != ("UTF8",):
        named = row[0] if row else "?"
        raise CommandFailed(
            f"o banco de dados usa a codificação {named}; crie-o com ENCODING 'UTF8'. {_NOTHING_CHANGED}"
        )


def _add_till(arguments: Arguments) -> int:
    url, till = _admin_url(arguments), _Till(arguments)
    settings, name = till.settings(), _till_name(arguments)
    secret, authority = till.secret(settings), till.authority(arguments)
    with locked_folder(till.paths):  # the audit log has one writer
        require_manager(till.paths, arguments.manager, Task.SETTINGS, till=name, change="added")
    new = NewTill.named(settings.shop, name)
    enrolment = _enrolment(new, arguments, url, authority, secret)
    if arguments.print_sql:
        with _written(enrolment, arguments, till) as code:
            print(as_script(add_till(new)), end="")
            _say_code(name, arguments.out, code, to_error=True)
        return DONE
    with _connected(url, authority) as connection:
        file, folder = Path(arguments.out), till.paths.folder
        code = invite(connection, new, enrolment, file, replaces=arguments.replace, data_folder=folder)
    _say_code(name, arguments.out, code)
    return DONE


def _status(arguments: Arguments) -> int:
    url, till = _admin_url(arguments), _Till(arguments)
    with _connected(url, till.authority(arguments), changes=False) as connection:
        members = read_members(connection, arguments.shop)
    if arguments.list_format == "json":
        print(json.dumps([_shown(each) for each in members], ensure_ascii=False, indent=1))
        return DONE
    if not members:
        print(f"BonifiQ Desktop: não há caixas {_place(arguments.shop)}.")
    for each in members:
        silent = "-" if each.silent_seconds is None else _age(each.silent_seconds)
        counts = f"{_counted(each.changes, 'mudança')}\t{_counted(each.claims, 'pedido')}"
        print(f"{each.shop}\t{each.till}\t{_state(each)}\t{counts}\t{silent}")
    return DONE


def _remove_till(arguments: Arguments) -> int:
    url, till = _admin_url(arguments), _Till(arguments)
    name, shop = _till_name(arguments), arguments.shop or till.settings().shop
    if arguments.print_sql:
        shop = _name(shop, "a loja (--shop)")
        print(as_script([*remove_till(shop, name), end_sessions(shop, name)]), end="")
        return DONE
    with _connected(url, till.authority(arguments)) as connection:
        found = [each for each in read_members(connection, shop or None) if each.till == name]
        if not found:
            raise CommandFailed(f"não há {name} {_place(shop)}. {_NOTHING_CHANGED}")
        if len(found) > 1:
            raise CommandFailed(f"{name} está em mais de uma loja; indique uma com --shop. {_NOTHING_CHANGED}")
        run_together(connection, [*remove_till(found[0].shop, name), end_sessions(found[0].shop, name)])
    print(f"BonifiQ Desktop: {name} não tem mais acesso ao banco da loja. Os registros dele continuam lá.")
    return DONE


# --- parts


def _admin_url(arguments: Arguments) -> AdminUrl:
    try:
        return read_admin_url(arguments.admin_url)
    except PasswordInUrl as error:
        raise CommandFailed(
            "a senha não vai no endereço, que outros usuários deste computador podem ler; ela é pedida. Nada mudou.",
            USAGE_ERROR,
        ) from error
    except AdminUrlError as error:
        raise CommandFailed(
            "o endereço precisa ter a forma postgresql://USUÁRIO@SERVIDOR[:PORTA]/BANCO. Nada mudou.", USAGE_ERROR
        ) from error


@contextmanager
def _connected(url: AdminUrl, authority: Path, *, changes: bool = True) -> "Iterator[Connection]":
    """A connection of the administrator. `changes`: a statement on it may change something there."""
    password = _read_password(url.user)
    is_connected = False
    try:
        with administrator(url, password, authority) as connection:
            is_connected = True
            yield connection
    except ShopDatabaseError as error:
        is_refused = error.trouble is Trouble.NOT_SET_UP_THERE or lacks_rights(error)
        effect = _MAYBE_CHANGED if is_connected and changes and not is_refused else _NOTHING_CHANGED
        sentence = _TROUBLES.get(error.trouble, f"o banco de dados recusou ({_own_words(error)})")
        raise CommandFailed(f"{_RIGHTS if lacks_rights(error) else sentence}. {effect}") from error
    except SchemaNewer as error:
        raise CommandFailed(f"{_NEWER_SCHEMA} {_NOTHING_CHANGED}") from error


def _own_words(error: ShopDatabaseError) -> str:
    """The server's sentence, without libpq's words before it."""
    return str(error).rpartition("FATAL:")[2].strip()


def _read_password(user: str) -> str:
    typed = ""
    if sys.stdin is not None:
        typed = getpass.getpass(f"Senha de {user}: ") if sys.stdin.isatty() else sys.stdin.readline()
    password = typed.strip("\r\n")
    if not password:  # libpq would look for a password file
        raise CommandFailed("falta a senha do administrador, numa linha da entrada padrão. Nada mudou.", USAGE_ERROR)
    return password


def _name(text: str, subject: str) -> str:
    tidy = text.strip()
    if not is_name(tidy):
        raise CommandFailed(f"o nome d{subject} precisa ter de 1 a {MAX_NAME} caracteres. Nada mudou.", USAGE_ERROR)
    return tidy


def _place(shop: str | None) -> str:
    return f"na loja {shop}; veja os nomes com `shop-database status`" if shop else "nesse banco de dados"


def _till_name(arguments: Arguments) -> str:
    """The name of a till, in capitals as the database has it."""
    try:
        return read_till_name(arguments.till)
    except SettingsError as error:
        message = "o nome do caixa usa só letras e números, de 1 a 12. Nada mudou."
        raise CommandFailed(message, USAGE_ERROR) from error


def _enrolment(new: NewTill, arguments: Arguments, url: AdminUrl, authority: Path, secret: bytes) -> Enrolment:
    given = [host.strip() for host in (arguments.hosts or "").split(",") if host.strip()]
    if not all(map(is_host, given)):
        message = "cada lugar em --hosts precisa ter a forma SERVIDOR ou SERVIDOR:PORTA."
        raise CommandFailed(f"{message} {_NOTHING_CHANGED}", USAGE_ERROR)
    hosts = given or [_host_text(host.name, host.port) for host in url.hosts]
    return enrolment_of(new, tuple(hosts), url.database, authority, secret)


def _host_text(name: str, port: int) -> str:
    return f"[{name}]:{port}" if ":" in name else f"{name}:{port}"


def _written(enrolment: Enrolment, arguments: Arguments, till: _Till) -> AbstractContextManager[str]:
    return written(enrolment, Path(arguments.out), data_folder=till.paths.folder)


def _say_code(till: str, out: str, code: str, *, to_error: bool = False) -> None:
    """The code goes to standard error where standard output holds SQL."""
    sentence = (
        f"{out} e o código {code} dão a {till} acesso ao banco da loja, uma vez, nas próximas {ENROLMENT_HOURS} horas. "
        "Leve o arquivo e o código por caminhos diferentes. "
        "Lá: Ajustes (F9), Banco da loja, “Entrar no banco da loja”."
    )
    if to_error:
        print_error(sentence)
    else:
        print(f"BonifiQ Desktop: {sentence}")


def _state(member: Member) -> str:
    if member.removed_at is not None:
        return "removido"
    if member.enrolled_at is not None:
        return "participa"
    return "convite vencido" if member.enrol_until < datetime.now(UTC) else "convidado"


def _shown(member: Member) -> dict[str, object]:
    moments = {"enrol_until", "enrolled_at", "removed_at"}
    shown = asdict(member) | {"state": _state(member)}
    return {name: value.isoformat() if name in moments and value else value for name, value in shown.items()}


def _counted(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def _age(seconds: int) -> str:
    """A silence in the largest unit that fits."""
    for unit, size in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= size:
            return f"há {seconds // size} {unit}"
    return "há menos de 1 min"
