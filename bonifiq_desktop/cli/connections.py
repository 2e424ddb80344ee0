"""`connections`: list, add, map, test and remove connections to marketplaces and web shops, without the window.

Exit statuses: 0 done; 1 refused, or the system did not answer or let in; 2 unusable arguments.
"""

import asyncio
import getpass
import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from functools import partial
from typing import NoReturn

from bonifiq_desktop.arguments import Arguments
from bonifiq_desktop.cli.console import DONE, FAILED, NEWER_LEDGER, USAGE_ERROR, CommandFailed, print_error
from bonifiq_desktop.cli.till_access import locked_folder, require_manager
from bonifiq_desktop.domain.operations import UNFINISHED
from bonifiq_desktop.domain.returns import CounterReason, RemoteAccount, RemoteReason
from bonifiq_desktop.domain.staff import Task
from bonifiq_desktop.domain.verdicts import FailureReason, LookupFailed
from bonifiq_desktop.ledger.errors import LedgerError, LedgerNewer
from bonifiq_desktop.ledger.history import read_operations
from bonifiq_desktop.security.credentials import (
    Credentials,
    CredentialsError,
    CredentialsTimeout,
    CredentialStore,
    KeyStorage,
    StoredSecret,
)
from bonifiq_desktop.security.keyrings import TimedKeyring, system_keyring
from bonifiq_desktop.services.connection import describe_account, read_reasons
from bonifiq_desktop.services.connections import account_of
from bonifiq_desktop.storage.files import check_private, make_private_folder
from bonifiq_desktop.storage.paths import Paths, data_folder
from bonifiq_desktop.storage.remote_settings import RemoteSettings
from bonifiq_desktop.storage.settings import Settings, SettingsError, load_settings, save_settings
from bonifiq_desktop.worker.connectors import CONNECTORS

_ASK_SECONDS = 5.0
"""How long a command waits for an answer that it does not need."""
_FIELDS = {
    "connections.name": "o nome precisa ter de 1 a 40 caracteres, e não pode ser BonifiQ",
    "connections.url": "o endereço precisa começar com https:// e, no Mirakl, terminar em .mirakl.net",
    "connections.shop_id": "o número da loja precisa ser maior que zero",
    "connections.channel": "o número do canal precisa ser maior que zero",
}
_FAILURES = {
    FailureReason.CREDENTIALS: "o sistema não aceita esta chave ou senha",
    FailureReason.FORBIDDEN: "o usuário desta chave não tem o direito (papel) que isto pede",
    FailureReason.NO_CONNECTION: "o endereço não responde",
    FailureReason.CERTIFICATE: "o certificado do endereço não foi aceito",
    FailureReason.THROTTLED: "o sistema pede para esperar; tente de novo daqui a pouco",
}
_NO_KEYRING = (
    "este computador não tem um chaveiro que funcione. Para guardar o segredo num arquivo que só este usuário lê, "
    "repita com --keep-in-file. Nada mudou."
)
_STORED = {
    KeyStorage.KEYRING: "segredo no chaveiro do sistema",
    KeyStorage.FILE: "segredo num arquivo que só este usuário lê",
    None: "sem segredo",
}


def run(arguments: Arguments) -> int:
    """Run the action; return the exit status."""
    till = _Till(arguments)
    actions: dict[str, Callable[[], int]] = {
        "list": partial(_list, till, arguments),
        "add": partial(_add, till, arguments),
        "map": partial(_map, till, arguments),
        "test": partial(_test, till, arguments),
        "remove": partial(_remove, till, arguments),
    }
    return actions[arguments.action]()


class _Till:
    """The data folder of a till, its settings and its secrets. Raises CommandFailed."""

    def __init__(self, arguments: Arguments) -> None:
        self.paths = Paths(data_folder(arguments.data_dir, training=arguments.training))
        self._is_training = arguments.training
        store = CredentialStore(self.paths.credentials, None if arguments.training else TimedKeyring(system_keyring))
        self._keyring, self.secrets = store.keyring, store.connections

    @property
    def has_keyring(self) -> bool:
        return self._keyring.usable

    def settings(self) -> Settings:
        """The stored settings."""
        try:
            if self.paths.folder.exists():
                check_private(self.paths.folder)
            return load_settings(self.paths.settings)
        except SettingsError as error:
            raise CommandFailed(f"as configurações não podem ser usadas ({error.field}). Nada mudou.") from error

    def connection(self, name: str) -> RemoteSettings:
        """The connection with a name."""
        found = self.settings().connection(name)
        if found is None:
            raise CommandFailed(f"não há conexão com o nome {name}. Nada mudou.")
        return found

    def secret(self, connection: RemoteSettings) -> StoredSecret | None:
        """The secret of a connection, where one is stored."""
        try:
            return self.secrets.load(connection.name, connection.url)
        except CredentialsTimeout as error:
            raise CommandFailed("o chaveiro do sistema não responde. Nada mudou.") from error
        except CredentialsError as error:
            raise CommandFailed(
                f"o segredo de {connection.name} não pode ser aberto; acrescente a conexão de novo. Nada mudou."
            ) from error

    def save(self, connection: RemoteSettings | None, name: str) -> None:
        """Store a connection under a name; None: store that there is none."""
        settings = self.settings()
        kept = list(settings.connections)
        place = next((i for i, each in enumerate(kept) if each.name == name), len(kept))
        kept[place : place + 1] = [] if connection is None else [connection]
        save_settings(self.paths.settings, replace(settings, connections=tuple(kept)))

    def checked(self, connection: RemoteSettings) -> RemoteSettings:
        """A connection, tidied."""
        if self._is_training and not connection.is_on_this_machine:
            raise CommandFailed("o treinamento só conecta com este computador. Nada mudou.", USAGE_ERROR)
        try:
            (tidy,) = replace(Settings(), connections=(connection,)).validated().connections
        except SettingsError as error:
            sentence = _FIELDS.get(error.field, f"o valor de {error.field} não serve")
            raise CommandFailed(f"{sentence}. Nada mudou.", USAGE_ERROR) from error
        return tidy

    def require_place(self, before: RemoteSettings | None, connection: RemoteSettings) -> None:
        """What is unfinished under a name goes on only at its own address and shop. Raises CommandFailed."""
        account = account_of(connection)
        if not self._is_training:
            self.require_idle(connection, but_of=account)
        elif before is not None and account_of(before) != account:
            self.require_idle(connection)

    def require_idle(self, connection: RemoteSettings, *, but_of: str | None = None) -> None:
        """Raises CommandFailed while something is unfinished over a connection; `but_of`: of another shop than this."""
        if not self.paths.ledger.exists():
            return
        try:
            busy = any(
                each.connection == connection.name and each.state in UNFINISHED and each.account != but_of
                for each in read_operations(self.paths.ledger)
            )
        except LedgerNewer as error:
            raise CommandFailed(NEWER_LEDGER) from error
        except LedgerError as error:
            raise CommandFailed(f"o histórico não pôde ser lido ({type(error).__name__}). Nada mudou.") from error
        if busy:
            raise CommandFailed(f"há registros em andamento em {connection.name}; espere terminarem. Nada mudou.")


# --- actions


def _list(till: _Till, arguments: Arguments) -> int:
    connections = till.settings().connections
    if arguments.list_format == "json":
        print(json.dumps([_shown(till, each) for each in connections], ensure_ascii=False, indent=1))
        return DONE
    for each in connections:
        mapped = sum(bool(one.cancel_code or one.refund_code) for one in each.reasons)
        reasons = f"{mapped} de {len(CounterReason)} motivos"
        print(f"{each.name}\t{each.system}\t{each.url}\t{_secret_place(till, each)}\t{reasons}")
    return DONE


def _shown(till: _Till, connection: RemoteSettings) -> dict[str, object]:
    return asdict(connection) | {"secret": _secret_place(till, connection)}


def _secret_place(till: _Till, connection: RemoteSettings) -> str:
    try:
        stored = till.secret(connection)
    except CommandFailed:
        return "segredo que não abre"
    return _STORED.get(stored.storage if stored else None, "")


def _add(till: _Till, arguments: Arguments) -> int:
    typed = till.checked(
        RemoteSettings(
            arguments.name,
            arguments.system,
            arguments.url,
            arguments.user or "",
            arguments.shop_id,
            arguments.channel,
        )
    )
    secret = _read_secret()
    if not (arguments.keep_in_file or till.has_keyring):
        raise CommandFailed(_NO_KEYRING)
    make_private_folder(till.paths.folder)
    with locked_folder(till.paths):
        before = till.settings().connection(typed.name)
        connection = _renewed(before, typed) if before else typed
        till.require_place(before, connection)
        account, doubt = _ask_account(connection, secret)
        if account is not None and account.currency and not connection.currency:
            connection = till.checked(replace(connection, currency=account.currency))
        change = "changed" if before else "added"
        require_manager(till.paths, arguments.manager, Task.SETTINGS, connection=connection.name, change=change)
        kept = till.secrets.save(connection.name, connection.url, secret, allow_plain_file=arguments.keep_in_file)
        if kept is KeyStorage.MEMORY:
            raise CommandFailed(_NO_KEYRING)
        till.save(connection, connection.name)
    print(f"BonifiQ Desktop: conexão {connection.name} {'renovada' if before else 'acrescentada'}, {_STORED[kept]}.")
    if account is not None:
        print(_account_sentence(account))
    else:
        print_error(f"ainda não foi provada: {doubt}. Confira depois com `connections test`.")
    return DONE


def _renewed(before: RemoteSettings, typed: RemoteSettings) -> RemoteSettings:
    """An existing connection with the typed place and user; its reasons and choices stay."""
    if before.system != typed.system:
        raise CommandFailed(f"{before.name} é uma conexão {before.system}; escolha outro nome. Nada mudou.")
    return replace(
        before, url=typed.url, user=typed.user, shop_id=typed.shop_id, channel=typed.channel, currency=typed.currency
    )


def _map(till: _Till, arguments: Arguments) -> int:
    reason = next((each for each in CounterReason if each.casefold() == arguments.reason.strip().casefold()), None)
    if reason is None:
        raise CommandFailed(f"o motivo é um destes: {', '.join(CounterReason)}. Nada mudou.", USAGE_ERROR)
    if arguments.cancel is None and arguments.refund is None:
        raise CommandFailed("falta --cancel ou --refund. Nada mudou.", USAGE_ERROR)
    make_private_folder(till.paths.folder)
    with locked_folder(till.paths):
        connection = till.connection(arguments.name)
        labels = {(each.purpose, each.code): each.label for each in _ask_reasons(till, connection)}
        mapping = connection.mapping(reason)
        if arguments.cancel is not None:
            code = _offered(arguments.cancel.strip(), "cancel", labels)
            mapping = replace(mapping, cancel_code=code, cancel_label=labels.get(("cancel", code), ""))
        if arguments.refund is not None:
            code = _offered(arguments.refund.strip(), "refund", labels)
            mapping = replace(mapping, refund_code=code, refund_label=labels.get(("refund", code), ""))
        others = tuple(each for each in connection.reasons if each.reason != reason)
        changed = till.checked(replace(connection, reasons=(*others, mapping)))
        require_manager(
            till.paths,
            arguments.manager,
            Task.SETTINGS,
            connection=connection.name,
            change="reason",
            reason=reason.value,
            cancel=mapping.cancel_code,
            refund=mapping.refund_code,
        )
        till.save(changed, changed.name)
    shown = f"cancelamento {mapping.cancel_code or '—'} {mapping.cancel_label}".strip()
    shown += f", reembolso {mapping.refund_code or '—'} {mapping.refund_label}".rstrip()
    print(f"BonifiQ Desktop: {connection.name}, {reason.value}: {shown}.")
    return DONE


def _offered(code: str, purpose: str, labels: Mapping[tuple[str, str], str]) -> str:
    """The code, if the system offers it for this purpose or its list is unknown.

    Raises CommandFailed: the system would refuse every return with another code, after the cashier registered it.
    """
    known = {each: label for (purpose_of_each, each), label in labels.items() if purpose_of_each == purpose}
    if not code or not known or code in known:
        return code
    named = "cancelamento" if purpose == "cancel" else "reembolso"
    offered = ", ".join(f"{each} {label}".rstrip() for each, label in known.items())
    raise CommandFailed(f"não há motivo {code} de {named}; há {offered}. Nada mudou.")


def _test(till: _Till, arguments: Arguments) -> int:
    connection = till.connection(arguments.name)
    stored = till.secret(connection)
    if stored is None:
        raise CommandFailed(f"{connection.name} não tem segredo guardado para {connection.url}.")
    account, doubt = _ask_account(connection, stored.secret, timeout=None)
    if account is None:
        raise CommandFailed(f"{connection.name}: {doubt}.")
    print(f"BonifiQ Desktop: {connection.name} responde. {_account_sentence(account)}")
    return FAILED if account.missing else DONE


def _remove(till: _Till, arguments: Arguments) -> int:
    make_private_folder(till.paths.folder)
    with locked_folder(till.paths):
        connection = till.connection(arguments.name)
        till.require_idle(connection)
        require_manager(till.paths, arguments.manager, Task.SETTINGS, connection=connection.name, change="removed")
        till.save(None, connection.name)
        till.secrets.forget(connection.name)
    print(f"BonifiQ Desktop: conexão {connection.name} removida, com o segredo. O histórico dela continua.")
    return DONE


# --- parts


def _read_secret() -> str:
    if sys.stdin is None:
        _secret_missing()
    is_typed = sys.stdin.isatty()
    secret = (getpass.getpass("Chave ou senha: ") if is_typed else sys.stdin.readline()).strip()
    return secret or _secret_missing()


def _secret_missing() -> NoReturn:
    raise CommandFailed("falta a chave ou a senha, numa linha da entrada padrão. Nada mudou.", USAGE_ERROR)


def _ask_account(
    connection: RemoteSettings, secret: str, timeout: float | None = _ASK_SECONDS
) -> tuple[RemoteAccount | None, str]:
    """What the system says of the account, or a sentence why it is not known."""

    async def ask() -> RemoteAccount:
        connect = partial(CONNECTORS[connection.system], settings=lambda: connection)
        async with asyncio.timeout(timeout):
            return await describe_account(connect, connection.url, Credentials(connection.user, secret))

    try:
        return asyncio.run(ask()), ""
    except LookupFailed as failed:
        reason = failed.reason or FailureReason.UNREADABLE
        return None, failed.message or _FAILURES.get(reason, f"o sistema não deu uma resposta que sirva ({reason})")
    except TimeoutError:
        return None, _FAILURES[FailureReason.NO_CONNECTION]


def _ask_reasons(till: _Till, connection: RemoteSettings) -> tuple[RemoteReason, ...]:
    """The reasons of the system with their labels; none where it cannot be asked now: the codes are what counts."""

    async def ask(secret: str) -> tuple[RemoteReason, ...]:
        connect = partial(CONNECTORS[connection.system], settings=lambda: connection)
        async with asyncio.timeout(_ASK_SECONDS):
            return await read_reasons(connect, connection.url, Credentials(connection.user, secret))

    try:
        stored = till.secret(connection)
        return asyncio.run(ask(stored.secret)) if stored else ()
    except (CommandFailed, LookupFailed, TimeoutError):
        return ()


def _account_sentence(account: RemoteAccount) -> str:
    parts = [f"Loja: {account.name}" if account.name else "", account.shop_id, account.currency]
    sentence = ", ".join(part for part in parts if part)
    missing = f" Falta o direito de: {', '.join(account.missing)}." if account.missing else ""
    return f"{sentence or 'Conta aceita'}.{missing}"
