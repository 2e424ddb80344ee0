"""A till in the simulation with connections to the marketplace and the web shop, which can die and restart."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

from bonifiq_desktop.connectors.connector import Observer, ReturnConnector
from bonifiq_desktop.domain.operations import Operation
from bonifiq_desktop.domain.returns import CounterReason
from bonifiq_desktop.security.credentials import Credentials
from bonifiq_desktop.services.connections import ConnectionsByName, RemoteConnection, RemoteConnections
from bonifiq_desktop.services.return_requests import ReturnRequest
from bonifiq_desktop.services.returns import ReturnService
from bonifiq_desktop.services.review import ReviewService
from bonifiq_desktop.services.settings_store import Overrides
from bonifiq_desktop.storage.remote_settings import RemoteSettings
from bonifiq_desktop.worker.connectors import CONNECTORS
from bonifiq_desktop.worker.practice import practice_connections, practice_secrets
from tests.support.killable_till import SETTINGS, KillableTill
from tests.support.simulation import Killed
from tests.support.staff import access_control_in

if TYPE_CHECKING:
    from tests.support.return_simulation import ReturnSimulation

UNMAPPED = CounterReason.SIZE
"""A reason of the counter that the connections of the simulation have no code for."""


class ReturnTill(KillableTill):
    """A till with three connections. `open` and a cashier's actions may raise Killed."""

    simulation: ReturnSimulation

    def __init__(self, simulation: ReturnSimulation, number: int, folder: Path, *, by_return_flow: bool) -> None:
        super().__init__(simulation, number, folder)
        self._by_return_flow = by_return_flow
        self.remotes: RemoteConnections | None = None

    async def open(self) -> None:
        """Start the program from its files. Raises Killed."""
        await super().open()
        assert self.ledger is not None
        systems = SimpleNamespace(
            mirakl=SimpleNamespace(
                url="http://127.0.0.1:201", shop_id=self.simulation.market.shop_id, key=self.simulation.market.key
            ),
            akinon=SimpleNamespace(
                url="http://127.0.0.1:202",
                user=self.simulation.web.user,
                channel=self.simulation.web.channel,
                password=self.simulation.web.password,
            ),
        )
        settings = tuple(self._adapted(each) for each in practice_connections(cast("Any", systems)))
        in_force = replace(SETTINGS, connections=settings)
        secrets = practice_secrets(cast("Any", systems))
        store = SimpleNamespace(settings=in_force, overrides=Overrides(secrets=secrets), is_training=False)
        access = access_control_in(self.path.parent)
        self.remotes = RemoteConnections(
            self.ledger,
            cast("Any", store),
            access,
            {system: partial(self._connect, make) for system, make in CONNECTORS.items()},
            lambda _operation: None,
            lambda: None,
        )
        self.returns = ReturnService(self.ledger, self.registration, self.remotes, lambda: in_force, access)
        self.review = ReviewService(self.ledger, ConnectionsByName(self.connection, self.remotes), access=access)
        await self.remotes.connect()
        self.remotes.start_sending()

    def _adapted(self, settings: RemoteSettings) -> RemoteSettings:
        mapped = tuple(each for each in settings.reasons if each.reason != UNMAPPED)
        return replace(settings, reasons=mapped, by_return_flow=self._by_return_flow)

    def _connect(
        self,
        make: Callable[..., ReturnConnector],
        url: str,
        credentials: Credentials,
        *,
        observe: Observer = lambda _report: None,
        settings: Callable[[], RemoteSettings],
    ) -> ReturnConnector:
        self.simulation.connecting = self.number
        return make(url, credentials, observe=observe, settings=settings)

    @property
    def running_remotes(self) -> tuple[RemoteConnection, ...]:
        return tuple(self.remotes) if self.remotes is not None else ()

    def credentials_changed(self) -> None:
        """A person saved all credentials anew."""
        self.outbox.credentials_changed()
        for remote in self.running_remotes:
            remote.services.outbox.credentials_changed()

    async def discard(self) -> None:
        """Remove the dead process: its tasks and open files."""
        for remote in self.running_remotes:
            if remote.sending is not None:
                remote.sending.cancel()
                with suppress(Killed, asyncio.CancelledError):
                    await remote.sending
        self.remotes = None
        await super().discard()

    def register_return(self, request: ReturnRequest) -> tuple[Operation, ...]:
        """Register a return, and remember that the cashier saw it as registered."""
        legs = self.returns.register(request)
        self.promised += [leg.operation_id for leg in legs]
        self.outbox.wake()
        for remote in self.running_remotes:
            remote.services.outbox.wake()
        return legs
