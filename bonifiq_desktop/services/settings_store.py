"""The settings and credentials in force: loaded once, validated, saved and applied; proof of ownership by them."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from bonifiq_desktop.connectors.connector import ConnectorFactory
from bonifiq_desktop.domain.connections import ConnectionStatus, NotSetUp, Shop
from bonifiq_desktop.domain.verdicts import FailureReason, LookupFailed
from bonifiq_desktop.ledger.ledger import Ledger
from bonifiq_desktop.security.credentials import (
    Credentials,
    CredentialsError,
    CredentialsForOtherAddress,
    CredentialStore,
    KeyStorage,
)
from bonifiq_desktop.security.customer_keys import CustomerKeys, load_customer_keys
from bonifiq_desktop.services.connection import Connection, verify_credentials
from bonifiq_desktop.services.file_executor import run_in_worker_thread
from bonifiq_desktop.services.shop import account_in_force, account_to_save, note_pair
from bonifiq_desktop.storage.remote_settings import RemoteSettings
from bonifiq_desktop.storage.settings import Settings, SettingsError, account_for_token, load_settings, save_settings
from bonifiq_desktop.storage.shop_database_settings import ShopDatabaseSettings


@dataclass(frozen=True)
class Overrides:
    """What this run uses in place of the stored settings: the command line's address, or the training servers.

    `connections`: those to the training servers of other systems. `secrets`: theirs, by name.
    """

    url: str | None = None
    account: str | None = None
    credentials: Credentials | None = None
    connections: tuple[RemoteSettings, ...] = ()
    secrets: Mapping[str, str] = field(repr=False, default_factory=dict)

    def applied_to(self, settings: Settings) -> Settings:
        return replace(
            settings,
            url=self.url or settings.url,
            account=self.account or settings.account,
            connections=(*self.connections, *self._others(settings)),
            shop_database=settings.shop_database if self.credentials is None else ShopDatabaseSettings(),
        )

    def _others(self, settings: Settings) -> tuple[RemoteSettings, ...]:
        """The connections that are not overridden; while training, none that leaves this machine."""
        names = {each.name for each in self.connections}
        others = (each for each in settings.connections if each.name not in names)
        return tuple(each for each in others if self.credentials is None or each.is_on_this_machine)

    def removed_from(self, settings: Settings, stored: Settings) -> Settings:
        """Return the settings to store: an overridden value stays as it was stored."""
        return replace(
            settings,
            url=stored.url if settings.url == self.url else settings.url,
            account=stored.account if settings.account == self.account else settings.account,
            connections=self._others(settings),
            shop_database=settings.shop_database if self.credentials is None else stored.shop_database,
        )


@dataclass(eq=False, repr=False)
class SettingsStore:
    """Holds the settings in force and applies them to the connection. The values of `overrides` are never stored.

    Raises SettingsError, OSError when it is made, since it loads the settings.
    """

    path: Path
    overrides: Overrides
    credential_store: CredentialStore
    ledger: Ledger
    connection: Connection
    key_storage: KeyStorage | None = field(init=False, default=None)
    credentials_withheld: bool = field(init=False, default=False)
    _customer_keys: CustomerKeys | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        self._stored = load_settings(self.path)
        self.settings = self.overrides.applied_to(self._stored)

    @property
    def is_training(self) -> bool:
        return self.overrides.credentials is not None

    @property
    def keyring_timed_out(self) -> bool:
        return self.credential_store.keyring.timed_out

    @property
    def shop_unconfirmed(self) -> bool:
        """Whether there are credentials, but not the account of the shop that they belong to."""
        return self.connection.credentials is not None and not self.connection.account

    async def is_keyring_usable(self) -> bool:
        return await run_in_worker_thread(lambda: self.credential_store.keyring.usable)

    async def connect(self) -> None:
        """Load the credentials and configure the connection. Without readable credentials there are none in force."""
        credentials = self.overrides.credentials
        if credentials is None:
            loaded = None
            self.connection.status = ConnectionStatus.OPENING
            try:
                loaded = await run_in_worker_thread(self.credential_store.load, self.settings.url)
            except CredentialsError as error:
                self.credentials_withheld = isinstance(error, CredentialsForOtherAddress)
            credentials, self.key_storage = loaded or (None, None)
        await self._configure(credentials, account_in_force(self.ledger, self.settings, credentials))

    async def customer_keys(self, file: Path) -> CustomerKeys:
        """The keys of the customer records. `file`: for a training folder, or where the owner agreed to a file.

        Kept keys stay in force for the run. Keys for this run alone give way to kept ones, and the customers with them.
        """
        current = self._customer_keys
        if current is not None and current.is_kept:
            return current
        file_allowed = self.is_training or self.key_storage is KeyStorage.FILE
        keyring = self.credential_store.keyring
        loaded = await run_in_worker_thread(load_customer_keys, file, keyring, file_allowed=file_allowed)
        self._customer_keys = loaded if current is None or loaded.is_kept else current
        return self._customer_keys

    async def _configure(self, credentials: Credentials | None, account: str) -> None:
        if credentials is not None and account and not self.is_training:
            note_pair(self.ledger, self.settings.url, credentials.token)
        await self.connection.configure(self.settings.url, credentials, account)

    async def save(
        self, settings: Settings, typed: Credentials | None, *, allow_plain_file: bool, shop: Shop | None
    ) -> None:
        """Store and apply validated settings, and credentials where new ones were typed.

        The connections to other systems and the shop database stay as they are: `save_connections` and
        `save_shop_database` change them. Raises SettingsError, CredentialsError, LedgerError, OSError, and what
        `account_to_save` raises.
        """
        now = self.settings
        settings = replace(settings, connections=now.connections, shop_database=now.shop_database)
        if now.shop_database.is_set_up:
            settings = replace(settings, till=now.till)
        url_changes = settings.url != self.settings.url
        if url_changes:
            self._require_changeable_url()
        in_force = self.connection.credentials
        # Credentials are for the address they were typed for: a changed address never receives the old ones.
        credentials = None if url_changes else in_force
        account = await self._account_for(settings, typed, credentials, shop)
        settings = replace(settings, account=account)
        to_store = typed or (None if url_changes else self._credentials_to_move(allow_plain_file=allow_plain_file))
        if to_store is not None:
            storage = await run_in_worker_thread(
                self.credential_store.save, to_store, settings.url, allow_plain_file=allow_plain_file
            )
            self.credentials_withheld = False
            if self.key_storage is not KeyStorage.ENVIRONMENT:
                self.key_storage, credentials = storage, to_store
        self._stored = self.overrides.removed_from(settings, self._stored)
        save_settings(self.path, self._stored)
        self.settings = settings
        if url_changes and to_store is None:
            await run_in_worker_thread(self.credential_store.forget)
            self.key_storage, self.credentials_withheld = None, True
        await self._configure(credentials, settings.account)

    def save_connections(self, connections: tuple[RemoteSettings, ...]) -> None:
        """Store and use these settings of the connections to other systems. Raises SettingsError, OSError."""
        self._store(replace(self.settings, connections=connections).validated())

    def save_shop_database(self, shop_database: ShopDatabaseSettings) -> None:
        """Store and use the access to a shop database, under the till's name there. Raises SettingsError, OSError."""
        till = shop_database.till or self.settings.till
        self._store(replace(self.settings, shop_database=shop_database, till=till).validated())

    def _store(self, settings: Settings) -> None:
        stored = self.overrides.removed_from(settings, self._stored)
        save_settings(self.path, stored)
        self._stored, self.settings = stored, settings

    def _require_changeable_url(self) -> None:
        if self.ledger.queries.has_possibly_sent(self.connection.scope):
            raise SettingsError("url_busy")  # only the server that may have received a request can settle it
        if self.key_storage is KeyStorage.ENVIRONMENT:
            raise SettingsError("url_fixed")  # credentials of the environment are for the address in force

    async def _account_for(
        self, settings: Settings, typed: Credentials | None, credentials: Credentials | None, shop: Shop | None
    ) -> str:
        in_force, pair = self.connection.credentials, typed or credentials
        token_changes = pair is not None and (in_force is None or pair.token != in_force.token)
        is_new = self.shop_unconfirmed or (token_changes and self.key_storage is not KeyStorage.ENVIRONMENT)
        return await account_to_save(
            self.ledger, self.settings, settings, pair, is_new=is_new, answer=shop, connect=self.connection.connect
        )

    def _credentials_to_move(self, *, allow_plain_file: bool) -> Credentials | None:
        """The credentials in force, when only the consent to a plain file changed."""
        is_owners_choice = self.key_storage in {KeyStorage.FILE, KeyStorage.MEMORY}
        changes = is_owners_choice and allow_plain_file is not (self.key_storage is KeyStorage.FILE)
        return self.connection.credentials if changes else None

    async def forget_credentials(self) -> None:
        """Delete the stored credentials. Raises OSError."""
        await run_in_worker_thread(self.credential_store.forget)
        self.credentials_withheld = False
        if self.key_storage is not KeyStorage.ENVIRONMENT:
            self.key_storage = None
            await self.connection.configure(self.settings.url, None)

    async def test_connection(self, url: str, typed: Credentials | None) -> None:
        """Verify an address, with the credentials in force when none are typed.

        Raises NotSetUp, SettingsError, LookupFailed.
        """
        credentials = typed or self.connection.credentials
        if credentials is None:
            raise NotSetUp
        if typed is None and url != self.settings.url:
            raise SettingsError("credentials_anew")
        await verify_credentials(self.connection.connect, url, credentials)

    async def verify_owner(self, typed: Credentials) -> bool:
        """Return whether these are the credentials of this till; see the function `verify_owner`."""
        if self.overrides.credentials is not None:  # the training credentials are no secret
            return is_same_pair(typed, self.overrides.credentials)
        return await verify_owner(typed, self.credential_store, self._stored, connect=self.connection.connect)


async def verify_owner(
    typed: Credentials, store: CredentialStore, settings: Settings, *, connect: ConnectorFactory
) -> bool:
    """Whether the typed pair is the stored one; without a stored pair, whether BonifiQ accepts it for this shop.

    `settings`: the stored ones, because the environment and the command line prove nothing. Raises LookupFailed when
    BonifiQ cannot be asked.
    """
    try:
        kept = await run_in_worker_thread(store.stored)
    except CredentialsError:  # unreadable, as good as none
        kept = None
    if kept is not None:
        return is_same_pair(typed, kept)
    if settings.account and account_for_token(typed.token) != settings.account:
        return False
    try:
        await verify_credentials(connect, settings.url, typed)
    except LookupFailed as failed:
        if failed.reason is FailureReason.CREDENTIALS:
            return False
        raise
    return True


def is_same_pair(one: Credentials, other: Credentials) -> bool:
    """Compare two pairs in constant time."""
    same_token = hmac.compare_digest(one.token.encode(), other.token.encode())
    return hmac.compare_digest(one.key.encode(), other.key.encode()) and same_token
