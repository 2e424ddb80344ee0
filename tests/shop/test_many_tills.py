"""Two hundred tills of forty shops come back to their database at once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from bonifiq_desktop.domain.shop_database import ShopDatabaseStatus
from bonifiq_desktop.ledger.ledger import Ledger
from bonifiq_desktop.services.replication import Replication
from bonifiq_desktop.services.shop_exchange import ShopExchange
from bonifiq_desktop.shop_database.access import Access, Host
from bonifiq_desktop.shop_database.calls import ShopDatabase
from tests.support.ledger_actions import KEYS, refund
from tests.support.postgres import ShopDatabaseServer, running_postgres
from tests.support.tcp_proxy import TcpProxy, tcp_proxy

TILLS = 200
TILLS_OF_A_SHOP = 5
PATIENCE = 120.0
MOST_TRIES = 8
"""Connections of one till on average: a first one, and those of an outage of a few seconds with its doubling waits."""


async def _nothing() -> None:
    pass


class _Till:
    """A till's ledger and its replication, on the test's loop."""

    def __init__(self, database: ShopDatabaseServer, folder: Path, number: int, proxy: TcpProxy) -> None:
        name = f"CAIXA{number}"
        access = database.add_till(name, f"LOJA{number // TILLS_OF_A_SHOP}")
        self.ledger = Ledger(folder / f"{name}.db", customer_keys=KEYS)
        self.database = ShopDatabase(
            Access((Host(access.host, proxy.port),), access.database, access.role, access.password, access.ca_file)
        )
        exchange = ShopExchange(self.ledger, self.database, name)
        self.replication = Replication(exchange, access.shop, self._heard, lambda: None, _nothing)
        self.statuses: list[ShopDatabaseStatus] = []

    def _heard(self, status: ShopDatabaseStatus) -> None:
        self.statuses.append(status)

    @property
    def is_level(self) -> bool:
        """Whether the last exchange told everything and knew no other till's change that is missing here."""
        status = self.replication.status
        return status.trouble is None and status.synced_at is not None and not status.unpushed

    def close(self) -> None:
        self.database.close()
        self.ledger.close()


async def _until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not is_so():  # noqa: ASYNC110 - nothing announces it
            await asyncio.sleep(0.05)


def test_two_hundred_tills_reconnect_after_an_outage_without_a_storm(tmp_path: Path) -> None:
    with ExitStack() as stack:
        server = stack.enter_context(running_postgres())
        proxy = stack.enter_context(tcp_proxy(server.port))
        database = server.new_shop_database()
        tills = [_Till(database, tmp_path, number, proxy) for number in range(TILLS)]
        for till in tills:
            stack.callback(till.close)

        async def day() -> None:
            tasks = [asyncio.create_task(till.replication.run()) for till in tills]
            await _until(lambda: all(till.is_level for till in tills))
            server.kill()
            for till in tills:
                refund(till.ledger, 1000, f"P-{till.replication.exchange.till}")
                till.replication.wake()
            await _until(lambda: all(till.replication.status.trouble is not None for till in tills))
            server.start()
            await _until(lambda: all(till.is_level for till in tills))
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

        asyncio.run(day())
        assert proxy.connections < TILLS * MOST_TRIES
        with database.admin() as admin:
            row = admin.execute("SELECT count(DISTINCT till) FROM bonifiq.changes").fetchone()
        assert row == (TILLS,)
