"""Read, save and apply the till's settings and its credentials."""

from collections.abc import Callable
from dataclasses import replace

from bonifiq_desktop.domain.connections import ConnectionStatus, NotSetUp
from bonifiq_desktop.domain.staff import ApprovalGrant, Task
from bonifiq_desktop.ledger.ledger import Ledger
from bonifiq_desktop.security.credentials import (
    Credentials,
    CredentialsError,
    CredentialsForOtherAddress,
    CredentialStore,
    KeyStorage,
)
from bonifiq_desktop.services.access_control import AccessControl
from bonifiq_desktop.services.connection import Connection, verify_credentials
from bonifiq_desktop.services.counter import Counter
from bonifiq_desktop.services.file_executor import run_in_worker_thread
from bonifiq_desktop.services.outbox import Outbox
from bonifiq_desktop.services.ownership import is_same_pair, verify_owner
from bonifiq_desktop.services.shop import account_in_force, account_to_save, note_pair
from bonifiq_desktop.storage.paths import Paths
from bonifiq_desktop.storage.settings import Settings, SettingsError, save_settings
from bonifiq_desktop.worker import commands as c


class SettingsStore:
    """Hold the settings and credentials in force, and call `on_change` after a change.

    `given`: credentials that are never stored (training). `stored_url`: the address in the settings file, where another
    one is in force for this run.
    """

    def __init__(
        self,
        paths: Paths,
        settings: Settings,
        given: Credentials | None,
        *,
        store: CredentialStore,
        ledger: Ledger,
        connection: Connection,
        access: AccessControl,
        counter: Counter,
        outbox: Outbox,
        on_change: Callable[[], None],
        stored_url: str | None,
    ) -> None:
        self.settings = settings
        self.given = given
        self._paths = paths
        self._store = store
        self._ledger = ledger
        self._connection = connection
        self._counter = counter
        self._outbox = outbox
        self._on_change = on_change
        self._access = access
        self._url_of_this_run = settings.url if stored_url is not None else None
        self._stored_url = stored_url or settings.url
        self._keeping: KeyStorage | None = None
        self._asks_again = False

    @property
    def keyring_timed_out(self) -> bool:
        """Whether the system's keyring did not answer in time."""
        return self._store.keyring.timed_out

    @property
    def shop_unconfirmed(self) -> bool:
        """Whether there are credentials, but not the account of the shop that they belong to."""
        return self._connection.credentials is not None and not self._connection.account

    async def connect(self) -> None:
        """Load the credentials and apply them."""
        credentials = self.given
        if credentials is None:
            loaded = None
            self._connection.status = ConnectionStatus.OPENING
            try:
                loaded = await run_in_worker_thread(self._store.load, self.settings.url)
            except CredentialsError as error:  # said on the settings page: there is no key in force
                self._asks_again = isinstance(error, CredentialsForOtherAddress)
            credentials, self._keeping = loaded or (None, None)
        await self._use(credentials, account_in_force(self._ledger, self.settings, credentials))

    async def _use(self, credentials: Credentials | None, account: str) -> None:
        if credentials is not None and account and self.given is None:
            note_pair(self._ledger, self.settings.url, credentials.token)
        await self._connection.configure(self.settings.url, credentials, account)

    async def read(self) -> c.CurrentSettings:
        """Return what the settings page shows."""
        usable = await run_in_worker_thread(lambda: self._store.keyring.usable)
        in_force = self._connection.credentials
        return c.CurrentSettings(
            self.settings,
            in_force.token_suffix if in_force else "",
            in_force is not None,
            self._keeping,
            usable,
            self._asks_again,
            self._store.keyring.timed_out,
            self.shop_unconfirmed,
        )

    async def save(self, wish: c.SaveSettings, grant: ApprovalGrant) -> c.CurrentSettings:
        """Save and apply settings and credentials.

        Raises SettingsError, ManagerNeeded, CredentialsError, LedgerError, OSError, and what `account_to_save` raises.
        """
        settings = wish.settings.checked()
        self._access.require(Task.SETTINGS, grant)
        moved = settings.url != self.settings.url
        if moved and self._ledger.has_possibly_sent():
            raise SettingsError("url_busy")  # what may have left is settled by the server that it left for
        if moved and self._keeping is KeyStorage.ENVIRONMENT:
            raise SettingsError("url_fixed")  # whoever set the pair sets where it goes
        # A pair is for the address it was typed for: nobody sends it elsewhere by changing a line on the screen.
        credentials = None if moved else self._connection.credentials
        pair, in_force = wish.credentials or credentials, self._connection.credentials
        typed = pair is not None and (in_force is None or pair.token != in_force.token)
        is_new = self.shop_unconfirmed or (typed and self._keeping is not KeyStorage.ENVIRONMENT)
        account = await account_to_save(self._ledger, self.settings, settings, pair, is_new=is_new, answer=wish.shop)
        settings = replace(settings, account=account)
        to_keep = wish.credentials or (None if moved else self._kept_otherwise(wish))
        if to_keep is not None:
            kept = await run_in_worker_thread(
                self._store.save, to_keep, settings.url, allow_plain_file=wish.allow_plain_file
            )
            self._asks_again = False
            if self._keeping is not KeyStorage.ENVIRONMENT:
                self._keeping, credentials = kept, to_keep
        save_settings(self._paths.settings, self._to_store(settings))
        self.settings = self._counter.settings = settings
        if moved and to_keep is None:
            await run_in_worker_thread(self._store.forget)
            self._keeping, self._asks_again = None, True
        await self._use(credentials, settings.account)
        self._outbox.credentials_changed()
        self._on_change()
        return await self.read()

    async def forget_credentials(self, _wish: c.ForgetCredentials, grant: ApprovalGrant) -> c.CurrentSettings:
        """Drop the stored credentials. Raises ManagerNeeded, CredentialsError."""
        self._access.require(Task.SETTINGS, grant, forget="credentials")
        await run_in_worker_thread(self._store.forget)
        self._asks_again = False
        if self._keeping is not KeyStorage.ENVIRONMENT:
            self._keeping = None
            await self._connection.configure(self.settings.url, None)
            self._on_change()
        return await self.read()

    def _to_store(self, settings: Settings) -> Settings:
        """Without the command line's address, which counts for this run only."""
        return replace(settings, url=self._stored_url) if settings.url == self._url_of_this_run else settings

    def _kept_otherwise(self, wish: c.SaveSettings) -> Credentials | None:
        """The credentials in force, when the owner only changed his mind about the file."""
        decided_by_owner = self._keeping in {KeyStorage.FILE, KeyStorage.MEMORY}
        changed = decided_by_owner and wish.allow_plain_file is not (self._keeping is KeyStorage.FILE)
        return self._connection.credentials if changed else None

    async def test_connection(self, wish: c.TestConnection) -> None:
        """Ask BonifiQ with credentials that may not be saved yet. Raises NotSetUp, SettingsError, LookupFailed."""
        credentials = wish.credentials or self._connection.credentials
        if credentials is None:
            raise NotSetUp
        if wish.credentials is None and wish.url != self.settings.url:
            raise SettingsError("credentials_anew")
        await verify_credentials(wish.url, credentials)

    async def verify_owner(self, typed: Credentials) -> bool:
        """Whether these are the credentials of this till, as proof of who resets a PIN."""
        if self.given is not None:  # training: its pair is no secret
            return is_same_pair(typed, self.given)
        stored = replace(self.settings, url=self._stored_url)
        return await verify_owner(typed, self._store, stored)
