"""This till's part in a shop database: joined and left while the program runs, and its replication."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from bonifiq_desktop.domain.decisions import DecisionIncomplete
from bonifiq_desktop.domain.operations import Operation
from bonifiq_desktop.domain.redaction import redact_personal_data
from bonifiq_desktop.domain.shop_database import (
    Administrator,
    InvitationError,
    InvitationTrouble,
    ShopDatabaseError,
    ShopDatabaseStatus,
    Trouble,
)
from bonifiq_desktop.domain.staff import ApprovalGrant, Task
from bonifiq_desktop.ledger.errors import LedgerError, TransitionRefused
from bonifiq_desktop.ledger.ledger import Ledger
from bonifiq_desktop.security.credentials import CredentialsError
from bonifiq_desktop.security.customer_keys import CustomerKeys
from bonifiq_desktop.security.shop_access import ShopAccess, ShopAccessStore
from bonifiq_desktop.services.access_control import AccessControl
from bonifiq_desktop.services.file_executor import run_in_worker_thread
from bonifiq_desktop.services.settings_store import SettingsStore
from bonifiq_desktop.storage.paths import Paths
from bonifiq_desktop.storage.settings import SettingsError
from bonifiq_desktop.storage.shop_database_settings import ShopDatabaseSettings

if TYPE_CHECKING:
    from bonifiq_desktop.services.replication import Replication
    from bonifiq_desktop.services.shop_exchange import ShopExchange
    from bonifiq_desktop.shop_database.access import Access
    from bonifiq_desktop.shop_database.calls import ShopDatabase
    from bonifiq_desktop.shop_database.listen import Listener

_log = logging.getLogger(__name__)
_LEAVING = "shop_database_leaving"
"""Metadata: role and database that this till is leaving, until everything of the shop is forgotten."""
_LAST_WORD_SECONDS = 10.0


@dataclass(eq=False, repr=False)
class _Running:
    """The parts that run while this till takes part."""

    database: "ShopDatabase"
    exchange: "ShopExchange"
    replication: "Replication"
    task: asyncio.Task[None]
    listener: "Listener | None"


@dataclass(eq=False, repr=False)
class ShopMembership:
    """Joins and leaves a shop database, and replicates with it. `publish` gets each new status.

    `on_heard`: called after the other tills' changes were asked for. `on_keys`: called before the customers' keys
    change. `erase_due`: erases customers here whom a person erased at another till.

    PostgreSQL's client is loaded only while this till takes part.
    """

    ledger: Ledger
    store: SettingsStore
    paths: Paths
    access: AccessControl
    publish: Callable[[ShopDatabaseStatus], None]
    on_heard: Callable[[], None]
    on_keys: Callable[[], None]
    erase_due: Callable[[], Awaitable[None]]
    _running: _Running | None = field(init=False, default=None)
    _secrets: ShopAccess | None = field(init=False, default=None)
    _own_keys: CustomerKeys | None = field(init=False, default=None)
    _unopened: ShopDatabaseStatus | None = field(init=False, default=None)
    _change: asyncio.Lock = field(init=False, default_factory=asyncio.Lock)

    def __post_init__(self) -> None:
        self._secret_store = ShopAccessStore(self.store.credential_store.connections)

    # --- state

    @property
    def settings(self) -> ShopDatabaseSettings:
        return self.store.settings.shop_database

    @property
    def exchange(self) -> "ShopExchange | None":
        """The exchange that claims orders; None while this till takes part in no shop database."""
        return self._running.exchange if self._running else None

    @property
    def status(self) -> ShopDatabaseStatus | None:
        """The state of the exchange; None while this till takes part in no shop database."""
        return self._running.replication.status if self._running else self._unopened

    def wake(self) -> None:
        """There may be something to tell the other tills."""
        if self._running is not None:
            self._running.replication.wake()

    # --- keys of the customers

    async def use_customer_keys(self, own: CustomerKeys) -> None:
        """Use the shop's key for the customers' records, or without a shop database this till's own.

        `own`: this till's. A restored older copy is sealed anew. Raises LedgerError.
        """
        self._own_keys = own
        if not self.settings.is_set_up:
            await self._finish_leaving(own)
            return
        await self._load_secrets()
        if self._secrets is not None:
            self._adopt(self._secrets, own)
        else:  # the keyring is locked or lost: the records stay sealed
            self._use(CustomerKeys.for_this_run())

    def _adopt(self, shop: ShopAccess, own: CustomerKeys) -> None:
        keys = CustomerKeys(shop.secret)
        if self.ledger.customers.keys != keys:
            self.on_keys()
            self.ledger.customers.adopt(own if own.is_kept else None, keys)

    def _use(self, keys: CustomerKeys) -> None:
        if self.ledger.customers.keys != keys:
            self.on_keys()
            self.ledger.customers.use(keys)

    async def _load_secrets(self) -> None:
        if self._secrets is None:
            self._secrets = await self._load(self.settings.role, self.settings.database)

    async def _load(self, role: str, database: str) -> ShopAccess | None:
        """The stored secrets; None where they cannot be read now."""
        with suppress(CredentialsError):
            stored = await run_in_worker_thread(self._secret_store.load, role, database)
            return stored[0] if stored else None
        return None

    async def _finish_leaving(self, own: CustomerKeys) -> None:
        place = self.ledger.connection.metadata(_LEAVING)
        if place:
            role, _, database = place.partition("@")
            self._forget_shop(await self._load(role, database), own)
            await run_in_worker_thread(self._secret_store.forget)
            self.ledger.connection.set_metadata(_LEAVING, "")
        self._use(own)

    def _forget_shop(self, shop: ShopAccess | None, own: CustomerKeys) -> None:
        self.ledger.changes.leave()
        self.ledger.shop.forget()
        if shop is not None and own.is_kept:
            self.on_keys()
            self.ledger.customers.adopt(CustomerKeys(shop.secret), own)

    # --- life

    def start(self) -> None:
        """Replicate from now on, where this till takes part. The customers' keys are in use by then."""
        if not self.settings.is_set_up:
            return
        if self._secrets is None:
            self._unopened = ShopDatabaseStatus(
                self.settings.shop, self.settings.till, self.ledger.shop.synced_at(), Trouble.SEALED,
                tills=tuple(each for each in self.ledger.shop.known_tills() if each.till != self.settings.till),
            )  # fmt: skip
            self.publish(self._unopened)
            return
        self._open(self._secrets)

    def _open(self, shop: ShopAccess) -> _Running:
        from bonifiq_desktop.services.replication import Replication
        from bonifiq_desktop.services.shop_exchange import ShopExchange
        from bonifiq_desktop.shop_database.access import Access
        from bonifiq_desktop.shop_database.calls import ShopDatabase

        access = Access.of(self.settings, shop.password, self.paths.shop_certificate)
        database = ShopDatabase(access)
        exchange = ShopExchange(self.ledger, database, self.settings.till)
        replication = Replication(exchange, self.settings.shop, self.publish, self.on_heard, self.erase_due)
        task = asyncio.create_task(replication.run(), name="replication")
        self._running = _Running(database, exchange, replication, task, self._listen(access))
        self._unopened = None
        self.publish(replication.status)
        return self._running

    def _listen(self, access: "Access") -> "Listener | None":
        if not self.settings.listen:
            return None
        from bonifiq_desktop.shop_database.listen import Listener

        loop, own = asyncio.get_running_loop(), self.settings.till

        def notice(till: str) -> None:
            if till != own:
                with suppress(RuntimeError):  # the loop ended meanwhile
                    loop.call_soon_threadsafe(self.wake)

        listener = Listener(access, self.settings.shop, notice)
        listener.start()
        return listener

    async def aclose(self) -> None:
        """Stop the replication; a call that hangs is abandoned."""
        running, self._running = self._running, None
        if running is None:
            return
        if running.listener is not None:
            running.listener.stop()
        running.task.cancel()
        await asyncio.gather(running.task, return_exceptions=True)
        running.database.close()

    # --- what a person decides

    async def join(self, path: Path, code: str, grant: ApprovalGrant, *, keep_in_file: bool) -> ShopDatabaseStatus:
        """Join with an enrolment file and its code; the till takes the name that it has there.

        Raises EnrolmentError, ShopDatabaseError, SettingsError, ApprovalNeeded, LedgerError, OSError.
        """
        from bonifiq_desktop.services.shop_joining import enrol, read_enrolment

        async with self._change:
            self.access.require(Task.SETTINGS, grant, shop_database="join")
            if self.store.is_training:
                raise SettingsError("shop_database.training")
            if self.settings.is_set_up:
                raise SettingsError("shop_database.joined")
            enrolment = await read_enrolment(path, code)
            settings, self._secrets = await enrol(
                enrolment, self._secret_store, self.paths.shop_certificate, allow_plain_file=keep_in_file
            )
            # With another shop's cursors this till would skip the changes of tills of equal names.
            # Before the settings: after a power cut here it is in no shop, and joins with the same file.
            self.ledger.shop.forget()
            self.store.save_shop_database(settings)
            self._adopt(self._secrets, self._own_keys or CustomerKeys.for_this_run())
            running = self._open(self._secrets)
        with suppress(ShopDatabaseError):  # it has joined; the replication goes on trying
            await running.replication.sync()
        return running.replication.status

    async def invite(
        self, till: str, file: Path, administrator: Administrator, grant: ApprovalGrant, *, replaces: bool
    ) -> str:
        """Let another till join; return the code of its enrolment file. `replaces`: its name may be in use.

        Raises SettingsError `till`, InvitationError, ApprovalNeeded, OSError.
        """
        from bonifiq_desktop.services.shop_inviting import TillInviter
        from bonifiq_desktop.shop_database.invitation import read_till_name

        name = read_till_name(till)
        self.access.require(Task.SETTINGS, grant, till=name, change="added")
        if self._secrets is None or not self.settings.is_set_up:
            raise InvitationError(InvitationTrouble.NO_KEY)
        inviter = TillInviter(self.settings, self._secrets.secret, self.paths)
        return await inviter.invite(name, file, administrator, replaces=replaces)

    async def leave(self, grant: ApprovalGrant) -> None:
        """Forget the access and the other tills; this till's own history stays.

        Raises ApprovalNeeded, LedgerError, SettingsError, OSError.
        """
        async with self._change:
            self.access.require(Task.SETTINGS, grant, shop_database="leave", shop=self.settings.shop)
            await self._tell_the_rest()
            await self.aclose()
            self.ledger.changes.add_name(self.settings.till)
            self.ledger.connection.set_metadata(_LEAVING, f"{self.settings.role}@{self.settings.database}")
            self.store.save_shop_database(ShopDatabaseSettings())
            self._unopened = self._secrets = None
            await self._finish_leaving(self._own_keys or CustomerKeys.for_this_run())
            self.paths.shop_certificate.unlink(missing_ok=True)
            self.publish(ShopDatabaseStatus("", ""))

    async def _tell_the_rest(self) -> None:
        """Tell what the shop lacks, where the database answers soon: nothing tells it after this till has left."""
        if self._running is not None:
            with suppress(ShopDatabaseError, LedgerError, TimeoutError):
                async with asyncio.timeout(_LAST_WORD_SECONDS):
                    await self._running.replication.tell()

    async def begin_incarnation(self, grant: ApprovalGrant) -> ShopDatabaseStatus:
        """Tell this till's whole history anew, because the database knows another one.

        Raises ShopDatabaseError, ApprovalNeeded, LedgerError.
        """
        self.access.require(Task.SETTINGS, grant, shop_database="begin_anew", shop=self.settings.shop)
        running = self._require()
        await running.exchange.begin_incarnation()
        await running.replication.sync()
        return running.replication.status

    async def sync(self) -> None:
        """Exchange changes now. Raises ShopDatabaseError, LedgerError."""
        await self._require().replication.sync()

    def take_over(self, operation_id: int, reason: str, grant: ApprovalGrant) -> Operation:
        """Release the order of another till's unfinished operation to this till.

        Raises DecisionIncomplete without a reason, ApprovalNeeded, TransitionRefused, LedgerError.
        """
        if not reason.strip():
            raise DecisionIncomplete
        said = redact_personal_data(reason.strip())
        self.access.require(Task.DECIDE, grant, operation=operation_id, decision="take_over", reason=said)
        operation = self.ledger.queries.others.operation(operation_id)
        if operation is None:
            raise TransitionRefused(f"operation {operation_id} is not another till's")
        self.access.record("take_over", till=operation.till, order=operation.order_id, uid=operation.uid)
        by = grant.by.name if grant.by else self.access.current_user_name
        self.ledger.shop.take_over(operation.uid, by)
        self.on_heard()
        return operation

    def _require(self) -> _Running:
        if self._running is None:
            raise ShopDatabaseError(self._unopened.trouble or Trouble.FAILED if self._unopened else Trouble.FAILED)
        return self._running
