"""The connections to marketplaces and web shops: made, changed and removed while the program runs."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from hashlib import sha256
from typing import Any, Protocol

from bonifiq_desktop.connectors.connector import ConnectorFactory, Observer, ReturnConnector
from bonifiq_desktop.domain.connections import ConnectionStatus, NotSetUp
from bonifiq_desktop.domain.operations import Operation, Scope
from bonifiq_desktop.domain.remote_orders import Obstacle
from bonifiq_desktop.domain.returns import RemoteAccount, RemoteReason
from bonifiq_desktop.domain.verdicts import LookupFailed
from bonifiq_desktop.ledger.connection_names import RemoteShop
from bonifiq_desktop.ledger.errors import LedgerError
from bonifiq_desktop.ledger.ledger import Ledger
from bonifiq_desktop.security.credentials import Credentials, CredentialsError, KeyStorage
from bonifiq_desktop.services.access_control import AccessControl
from bonifiq_desktop.services.claims import OrderClaims
from bonifiq_desktop.services.connection import Connection, describe_account, finds_one_of, read_reasons
from bonifiq_desktop.services.connection_services import ConnectionServices
from bonifiq_desktop.services.file_executor import run_in_worker_thread
from bonifiq_desktop.services.return_requests import ConnectionUnknown
from bonifiq_desktop.services.settings_store import SettingsStore
from bonifiq_desktop.storage.remote_settings import Learnable, RemoteSettings
from bonifiq_desktop.storage.settings import SettingsError

_PROOF_SECONDS = 10.0
_ORDERS_ASKED = 3
_CURRENCY_SECONDS = 5.0
"""How long saving waits to learn the currency of a new connection; without it, every order names its own."""


class ReturnConnectorFactory(Protocol):
    """Makes the connector of a system. `settings`: those in force, read at each use. Raises UnsafeUrl."""

    def __call__(
        self,
        url: str,
        credentials: Credentials,
        *,
        observe: Observer = ...,
        settings: Callable[[], RemoteSettings],
    ) -> ReturnConnector: ...


def account_of(settings: RemoteSettings) -> str:
    """The code of the shop behind a connection: the same at all tills, whatever their users and secrets are."""
    shop = settings.shop_id if settings.shop_id is not None else settings.channel
    text = f"{settings.system}\n{settings.url}\n{'' if shop is None else shop}"
    return sha256(f"account:{text}".encode()).hexdigest()[:8].upper()


@dataclass(eq=False, repr=False)
class RemoteConnection:
    """One connection with its services. `lines_refused`: the system refused to cancel single lines."""

    settings: RemoteSettings
    connection: Connection
    services: ConnectionServices
    key_storage: KeyStorage | None = None
    lines_refused: bool = False
    sending: asyncio.Task[None] | None = None

    @property
    def effective_settings(self) -> RemoteSettings:
        """The settings with what the system's refusals taught."""
        if self.lines_refused and self.settings.cancel_lines is Learnable.LEARN:
            return replace(self.settings, cancel_lines=Learnable.NO)
        return self.settings


@dataclass(eq=False, repr=False)
class RemoteConnections:
    """Holds the connections that the settings name. Trouble of one leaves the others alone.

    `connectors`: by system. `on_change`: called after the status of any of them changed. `publish` gets every operation
    that changed by itself. `claims`: see Outbox.
    """

    ledger: Ledger
    store: SettingsStore
    access: AccessControl
    connectors: Mapping[str, ReturnConnectorFactory]
    publish: Callable[[Operation], None]
    on_change: Callable[[], None]
    claims: OrderClaims | None = None
    _by_name: dict[str, RemoteConnection] = field(init=False, default_factory=dict)
    _may_send: bool = field(init=False, default=False)

    def __post_init__(self) -> None:
        for settings in self.store.settings.connections:
            self._add(settings)
        self._tell_names()

    def __iter__(self) -> Iterator[RemoteConnection]:
        return iter(tuple(self._by_name.values()))

    def get(self, name: str) -> RemoteConnection:
        """The connection with a name. Raises ConnectionUnknown."""
        if name not in self._by_name:
            raise ConnectionUnknown(name)
        return self._by_name[name]

    # --- life

    async def connect(self) -> None:
        """Load the secrets and connect. A connection without a readable secret is not set up."""
        for remote in self:
            remote.connection.status = ConnectionStatus.OPENING
        for remote in self:
            secret = None
            with suppress(CredentialsError):
                secret = await self._load_secret(remote)
            if remote.settings.name in self._by_name:  # not removed meanwhile
                await self._configure(remote, secret)

    async def _load_secret(self, remote: RemoteConnection) -> str | None:
        settings = remote.settings
        given = self.store.overrides.secrets.get(settings.name)
        if given is not None:
            return given
        secrets = self.store.credential_store.connections
        stored = await run_in_worker_thread(secrets.load, settings.name, settings.url)
        remote.key_storage = stored.storage if stored else None
        return stored.secret if stored else None

    def start_sending(self) -> None:
        """Run every outbox from now on: the whole ledger was checked."""
        self._may_send = True
        for remote in self:
            self._start(remote)

    def _start(self, remote: RemoteConnection) -> None:
        if self._may_send and remote.sending is None:
            run: Coroutine[Any, Any, None] = remote.services.outbox.run()
            remote.sending = asyncio.create_task(run, name=f"outbox {remote.settings.system}")

    def resume_after_suspend(self) -> None:
        for remote in self:
            remote.services.outbox.resume_after_suspend()

    async def aclose(self) -> None:
        """Stop every outbox and close every connection."""
        for remote in self:
            await self._stop(remote)

    async def _stop(self, remote: RemoteConnection) -> None:
        if remote.sending is not None:
            remote.sending.cancel()
            await asyncio.gather(remote.sending, return_exceptions=True)
            remote.sending = None
        await remote.connection.aclose()

    # --- changes

    async def save(self, settings: RemoteSettings, secret: str | None, *, allow_plain_file: bool) -> None:
        """Add a connection, or change the one with this name; `settings` are validated.

        What its refusals taught is forgotten. Raises SettingsError: `connections.busy` while something is unfinished at
        another address, or for another shop; `connections.other_shop` for a secret that finds none of that;
        `connections.system` for another kind of system; OSError, LedgerError.
        """
        before = self._by_name.get(settings.name)
        is_moved = before is not None and before.settings.url != settings.url
        if self.store.is_training and (
            not settings.is_on_this_machine or (is_moved and settings.name in self.store.overrides.secrets)
        ):
            raise SettingsError("connections.url")
        self._require_same_place(before, settings)
        known = None if before is None or is_moved else _secret_of(before)
        settings = await self._with_currency(settings, secret or known)
        if secret is not None and secret != known:
            await self._require_same_shop(settings, secret)
        self._require_same_place(before, settings)  # a return may have been registered meanwhile
        others = [each for each in self.store.settings.connections if each.name != settings.name]
        place = next((i for i, each in enumerate(self.store.settings.connections) if each.name == settings.name), None)
        others.insert(len(others) if place is None else place, settings)
        storage = await self._store_secret(before, settings, secret, known, allow_plain_file=allow_plain_file)
        self.store.save_connections(tuple(others))
        remote = before or self._add(settings)
        remote.settings, remote.key_storage = settings, storage
        self._tell_names()
        self._set_lines_refused(remote, refused=False)
        await self._configure(remote, secret or known)
        remote.services.outbox.credentials_changed()
        self._start(remote)

    async def _store_secret(
        self,
        before: RemoteConnection | None,
        settings: RemoteSettings,
        typed: str | None,
        known: str | None,
        *,
        allow_plain_file: bool,
    ) -> KeyStorage | None:
        """Store a typed secret, or a known one where only the consent to a plain file changed. Returns where it is."""
        if settings.name in self.store.overrides.secrets:
            return None
        secrets = self.store.credential_store.connections
        storage = before.key_storage if before else None
        if typed is None and known is None:
            if before is not None:
                await run_in_worker_thread(secrets.forget, settings.name)
            return None
        consents = storage in {KeyStorage.FILE, KeyStorage.MEMORY}
        if typed is None and not (consents and allow_plain_file is not (storage is KeyStorage.FILE)):
            return storage
        return await run_in_worker_thread(
            secrets.save, settings.name, settings.url, str(typed or known), allow_plain_file=allow_plain_file
        )

    async def _with_currency(self, settings: RemoteSettings, secret: str | None) -> RemoteSettings:
        if settings.currency or secret is None:
            return settings
        with suppress(LookupFailed, TimeoutError, SettingsError):
            async with asyncio.timeout(_CURRENCY_SECONDS):
                account = await self.describe(settings, secret)
            currency = replace(settings, currency=account.currency)
            return replace(self.store.settings, connections=(currency,)).validated().connections[0]
        return settings

    async def remove(self, name: str) -> None:
        """Remove a connection and its secret; its operations stay in the history.

        Raises ConnectionUnknown; SettingsError `connections.busy` while something is unfinished there; OSError.
        """
        remote = self.get(name)
        if self.ledger.queries.unfinished_accounts(remote.connection.scope):
            raise SettingsError("connections.busy")
        self.store.save_connections(tuple(each for each in self.store.settings.connections if each.name != name))
        del self._by_name[name]
        self._tell_names()
        await self._stop(remote)
        self._set_lines_refused(remote, refused=False)
        if name not in self.store.overrides.secrets:
            await run_in_worker_thread(self.store.credential_store.connections.forget, name)

    def _require_same_place(self, before: RemoteConnection | None, settings: RemoteSettings) -> None:
        """What is unfinished under a name may go on only at its own address and for its own shop.

        A connection that points elsewhere, such as one typed anew after the settings were lost, may come back to it.
        """
        if before is not None and before.settings.system != settings.system:
            raise SettingsError("connections.system")
        unfinished = self.ledger.queries.unfinished_accounts(Scope(settings.system, settings.name))
        is_moved = before is not None and before.settings.url != settings.url
        if self.store.is_training:
            is_busy = bool(unfinished) and is_moved
        else:
            is_busy = any(account != account_of(settings) for account in unfinished)
        if is_busy:
            raise SettingsError("connections.busy")

    async def _require_same_shop(self, settings: RemoteSettings, secret: str) -> None:
        """While something is unfinished, a new secret must find one of the orders that this till registered there.

        Without an answer the secret is saved unproved, and the connection shows what is wrong with it. Raises
        SettingsError.
        """
        scope = Scope(settings.system, settings.name)
        if self.store.is_training or not self.ledger.queries.unfinished_accounts(scope):
            return
        orders = self.ledger.queries.newest_orders(account_of(settings), _ORDERS_ASKED, scope)
        connect, credentials = self._for_question(settings, secret)
        try:
            async with asyncio.timeout(_PROOF_SECONDS):
                if not orders or await finds_one_of(orders, connect, settings.url, credentials):
                    return
        except (LookupFailed, TimeoutError):
            return
        raise SettingsError("connections.other_shop")

    # --- questions that change nothing

    async def describe(self, settings: RemoteSettings, secret: str | None) -> RemoteAccount:
        """What address and secret lead to; None: the stored secret, at its own address only.

        Raises NotSetUp, SettingsError, LookupFailed, UnsafeUrl.
        """
        connect, credentials = self._for_question(settings, secret)
        return await describe_account(connect, settings.url, credentials)

    async def reasons(self, settings: RemoteSettings, secret: str | None) -> tuple[RemoteReason, ...]:
        """The reasons of the system; raises what `describe` raises."""
        connect, credentials = self._for_question(settings, secret)
        return await read_reasons(connect, settings.url, credentials)

    def _for_question(self, settings: RemoteSettings, secret: str | None) -> tuple[ConnectorFactory, Credentials]:
        if secret is None:
            known = self._by_name.get(settings.name)
            stored = _secret_of(known) if known else None
            if known is None or stored is None:
                raise NotSetUp
            if known.settings.url != settings.url:
                raise SettingsError("credentials_anew")
            secret = stored
        connect = partial(self.connectors[settings.system], settings=lambda: settings)
        return connect, Credentials(settings.user, secret)

    # --- parts

    def _add(self, settings: RemoteSettings) -> RemoteConnection:
        name = settings.name
        connection = Connection(
            partial(self.connectors[settings.system], settings=lambda: self.get(name).effective_settings),
            partial(self._connection_changed, name),
            system=settings.system,
            name=name,
            fixed_server_id="training" if self.store.is_training else None,
            on_refusal=partial(self._refused, name),
        )
        services = ConnectionServices(
            self.ledger, connection, lambda: self.store.settings, self.publish, self.access, claims=self.claims
        )
        refused = bool(self.ledger.connection.metadata(_fact(name)))
        remote = self._by_name[name] = RemoteConnection(settings, connection, services, lines_refused=refused)
        return remote

    async def _configure(self, remote: RemoteConnection, secret: str | None) -> None:
        settings = remote.settings
        credentials = Credentials(settings.user, secret) if secret else None
        await remote.connection.configure(settings.url, credentials, self._account(settings))

    def _account(self, settings: RemoteSettings) -> str:
        # The address of a training server changes at each start, and the operations of the last one go on.
        return settings.name if self.store.is_training else account_of(settings)

    def _tell_names(self) -> None:
        """Have the other tills' operations in the same shops appear under the names of these connections."""
        settings = [remote.settings for remote in self]
        self.ledger.shop.use_names({RemoteShop(one.system, self._account(one)): one.name for one in settings})

    def _connection_changed(self, name: str) -> None:
        remote = self._by_name.get(name)
        if remote is not None and remote.connection.status is ConnectionStatus.ONLINE:
            remote.services.outbox.connection_verified()
        self.on_change()

    def _refused(self, name: str, code: str) -> None:
        remote = self._by_name.get(name)
        if code == Obstacle.FEATURE_OFF and remote is not None:
            self._set_lines_refused(remote, refused=True)
            self.on_change()

    def _set_lines_refused(self, remote: RemoteConnection, *, refused: bool) -> None:
        if remote.lines_refused is not refused:
            remote.lines_refused = refused
            with suppress(LedgerError):  # the next refusal teaches it again
                self.ledger.connection.set_metadata(_fact(remote.settings.name), "1" if refused else "")


def _fact(name: str) -> str:
    return f"lines refused by {name}"


def _secret_of(remote: RemoteConnection) -> str | None:
    credentials = remote.connection.credentials
    return credentials.key if credentials else None


@dataclass(eq=False)
class ConnectionsByName(Mapping[str, Connection]):
    """All connections by name, BonifiQ's with them. A name that was removed answers with one that is not set up."""

    bonifiq: Connection
    remote: RemoteConnections

    def __getitem__(self, name: str) -> Connection:
        if name == self.bonifiq.name:
            return self.bonifiq
        with suppress(ConnectionUnknown):
            return self.remote.get(name).connection
        return Connection(self.bonifiq.connect, lambda: None, name=name)

    def __iter__(self) -> Iterator[str]:
        return iter((self.bonifiq.name, *(each.settings.name for each in self.remote)))

    def __len__(self) -> int:
        return 1 + len(tuple(self.remote))
