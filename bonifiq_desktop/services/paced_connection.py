"""The outbox's questions to its system: behind people's look-ups, counted, and as rarely as the system asks."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from bonifiq_desktop.domain.operations import Operation
from bonifiq_desktop.domain.orders import Order
from bonifiq_desktop.domain.read_back import ReadBack
from bonifiq_desktop.domain.verdicts import LookupFailed
from bonifiq_desktop.services.connection import Connection
from bonifiq_desktop.services.retry import Throttle

T = TypeVar("T")


@dataclass(eq=False, repr=False)
class PacedConnection:
    """A connection at the outbox's rate. All methods that ask raise LookupFailed and NotSetUp."""

    connection: Connection
    throttle: Throttle

    async def wait_for_turn(self) -> None:
        """Before every request: let a person's look-up go first, and count the request."""
        await self.connection.foreground.wait_for_foreground()
        self.throttle.rate_limiter.record(asyncio.get_running_loop().time())

    async def look_up(self, order_id: str) -> Order:
        return await self._ask(lambda: self.connection.look_up(order_id))

    async def read_back(self, operation: Operation, body: bytes | None) -> ReadBack:
        return await self._ask(lambda: self.connection.read_back(operation, body))

    async def _ask(self, question: Callable[[], Awaitable[T]]) -> T:
        await self.wait_for_turn()
        try:
            return await question()
        except LookupFailed as failed:
            now = asyncio.get_running_loop().time()
            self.throttle.obey_retry_after(failed.reason, failed.retry_after, now)
            raise
