"""A till without a window that takes part in a shop database, in a real PostgreSQL."""

import asyncio
from dataclasses import replace
from pathlib import Path

from bonifiq_desktop.domain.shop_database import ShopDatabaseStatus
from bonifiq_desktop.security.credentials import Credentials
from bonifiq_desktop.services.replication import Replication
from bonifiq_desktop.services.retry import RetryPolicy
from bonifiq_desktop.services.shop_exchange import ShopExchange
from bonifiq_desktop.shop_database.access import Access
from bonifiq_desktop.shop_database.calls import ShopDatabase
from bonifiq_desktop.storage.settings import Settings
from bonifiq_desktop.storage.shop_database_settings import ShopDatabaseSettings
from tests.support.headless_till import CUSTOMER_KEYS, FAST_RETRIES, Till
from tests.support.postgres import TillAccess


def settings_of(access: TillAccess, port: int | None = None) -> ShopDatabaseSettings:
    """The settings of a till with this access. `port`: of a proxy before the server."""
    host = f"{access.host}:{port or access.port}"
    return ShopDatabaseSettings((host,), access.database, access.role, access.shop, access.till)


class ShopTill(Till):
    """Takes part with an access that is enrolled already. It exchanges changes when the test says so.

    `shop_statuses`: as published.
    """

    def __init__(
        self,
        folder: Path,
        url: str,
        credentials: Credentials | None,
        access: TillAccess,
        *,
        pace: RetryPolicy = FAST_RETRIES,
        settings: Settings,
        port: int | None = None,
    ) -> None:
        super().__init__(folder, url, credentials, pace=pace, settings=replace(settings, till=access.till))
        self.access_to_shop = access
        self.shop_statuses: list[ShopDatabaseStatus] = []
        self._replicating: asyncio.Task[None] | None = None
        self.ledger.customers.adopt(None, CUSTOMER_KEYS)
        shop_settings = settings_of(access, port)

        async def make() -> tuple[ShopDatabase, ShopExchange, Replication]:
            database = ShopDatabase(Access.of(shop_settings, access.password, access.ca_file))
            exchange = ShopExchange(self.ledger, database, access.till)
            replication = Replication(
                exchange, access.shop, self.shop_statuses.append, self.outbox.tills_heard, self._erase_due
            )
            return database, exchange, replication

        self.database, self.shop_exchange, self.replication = self.run(make())
        self.exchange = self.shop_exchange

    async def _stop(self) -> None:
        if self._replicating is not None:
            self._replicating.cancel()
            await asyncio.gather(self._replicating, return_exceptions=True)
        self.database.close()
        await super()._stop()

    async def _erase_due(self) -> None:
        """Nothing is erased in these tests."""

    def sync(self) -> None:
        """Exchange changes with the shop database once."""
        self.run(self.replication.sync())

    def start_replication(self) -> None:
        """Exchange changes from now on while the loop runs."""

        async def start() -> None:
            self._replicating = asyncio.get_running_loop().create_task(self.replication.run())

        self.run(start())
