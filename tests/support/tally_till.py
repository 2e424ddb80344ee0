"""The made-up system's connection and services beside those of a till, on one ledger and one event loop."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal
from functools import partial

from bonifiq_desktop.domain.operations import Kind, Operation, State
from bonifiq_desktop.domain.requests import Intent
from bonifiq_desktop.domain.returns import ChosenLine, CounterReason, ReturnChoice
from bonifiq_desktop.ledger.connection_names import RemoteShop
from bonifiq_desktop.services.claims import OrderClaims
from bonifiq_desktop.services.connection import Connection
from bonifiq_desktop.services.connection_services import ConnectionServices
from bonifiq_desktop.services.refundable import RefundRequest
from bonifiq_desktop.services.review import ReviewService
from tests.support.headless_till import FAST_RETRIES, Till
from tests.support.tally_system import CREDENTIALS, SYSTEM, TallyConnector

NAME = "tally of the shop"


class Tally:
    """The made-up system's connection and services, on the ledger and the event loop of a till.

    `name`: the connection's at this till. `account`: of the shop in the system.
    """

    def __init__(
        self,
        till: Till,
        url: str,
        connector: type[TallyConnector] = TallyConnector,
        *,
        name: str = NAME,
        account: str = "SHOP",
    ) -> None:
        self.till = till
        self.connection = Connection(connector, till._changed.set, system=SYSTEM, name=name)
        self.services = ConnectionServices(
            till.ledger,
            self.connection,
            lambda: till.settings,
            till._hear,
            access=till.access,
            policy=FAST_RETRIES,
            claims=OrderClaims(till.ledger, lambda: till.exchange),
        )
        till.ledger.shop.use_names({RemoteShop(SYSTEM, account): name})
        connections = {each.name: each for each in (till.connection, self.connection)}
        self.review = ReviewService(till.ledger, connections, access=till.access)
        self._draining: asyncio.Task[None] | None = None
        till.run(self.connection.configure(url, CREDENTIALS, account))

    def start(self) -> None:
        """Start the outbox of this connection only."""

        async def start() -> None:
            self._draining = asyncio.get_running_loop().create_task(self.services.outbox.run())

        self.till.run(start())

    def stop(self) -> None:
        """Stop the outbox, as the program does."""

        async def stop() -> None:
            if self._draining is not None:
                self._draining.cancel()
                with suppress(asyncio.CancelledError):
                    await self._draining
            await self.connection.aclose()

        self.till.run(stop())

    def refund(self, cents: int, order_id: str = "1001") -> Operation:
        """Look an order up and register its refund."""
        found = self.till.run(self.services.lookup.look_up(order_id))
        operation = self.services.registration.refund(RefundRequest(found.order, cents, "Troca"))
        self.services.outbox.wake()
        return operation

    def wait_until(self, is_so: Callable[[], bool]) -> None:
        """Let both outboxes that were started work until something is so."""

        async def wait() -> None:
            async with asyncio.timeout(15):
                while not is_so():  # noqa: ASYNC110 - the server's side announces nothing
                    await asyncio.sleep(0.01)

        self.till.run(wait())

    def settled(self, operation: Operation) -> Operation:
        """The operation once it is final or in review."""
        self.wait_until(lambda: self.till.stored(operation).state not in {State.QUEUED, State.SENDING, State.UNKNOWN})
        return self.till.stored(operation)

    def money(self, line: str, cents: int, return_id: str, order_id: str = "1001") -> Intent:
        """The intent of a leg that takes a line back; the connector must be the one for returns."""
        found = self.till.run(self.services.lookup.look_up(order_id))
        choice = ReturnChoice(
            (ChosenLine(line, 1, Decimal(cents).scaleb(-2)),), CounterReason.REGRET, return_id=return_id
        )
        [leg] = self.connection.plan(found.order, choice)
        return Intent(
            Kind.RETURN,
            order_id,
            cents,
            "Arrependimento",
            order=found.order,
            account=self.connection.account,
            scope=self.connection.scope,
            return_id=return_id,
            leg=leg,
        )

    def register(self, *money: Intent, points: int = 0) -> tuple[Operation, ...]:
        """Register a return of these legs, with points of BonifiQ's order 1001 after them."""
        connections: list[tuple[Intent, Connection]] = [(intent, self.connection) for intent in money]
        if points:
            order = self.till.look_up("1001").order
            account, return_id = self.till.connection.account, money[0].return_id if money else "DV-1"
            intent = Intent(Kind.REFUND, "1001", points, order=order, account=account, return_id=return_id)
            connections.append((replace(intent, after_money=bool(money)), self.till.connection))
        legs = self.till.ledger.enqueue_return(
            [(intent, partial(connection.serialize, intent)) for intent, connection in connections]
        )
        self.services.outbox.wake()
        self.till.outbox.wake()
        return legs
