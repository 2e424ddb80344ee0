"""Let a person's look-ups go before the requests that the program makes by itself."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_RECENT_SECONDS = 2.0


class ForegroundFirst:
    """While a person's look-up is under way, the outbox starts nothing.

    `max_wait`: seconds after which a look-up that hangs holds up the outbox no more.
    """

    def __init__(self, max_wait: float = 1.0) -> None:
        self._max_wait = max_wait
        self._started_at: list[float] = []
        self._last_ended_at = -_RECENT_SECONDS
        self._idle = asyncio.Event()

    @contextmanager
    def foreground_request(self) -> Iterator[None]:
        """A person waits for an answer, for as long as this lasts."""
        started_at = asyncio.get_running_loop().time()
        self._started_at.append(started_at)
        self._idle.clear()
        try:
            yield
        finally:
            self._started_at.remove(started_at)
            self._last_ended_at = asyncio.get_running_loop().time()
            if not self._started_at:
                self._idle.set()

    @property
    def recently_active(self) -> bool:
        """Whether a person is looking orders up, so that the next look-up may come at any moment."""
        return bool(self._started_at) or asyncio.get_running_loop().time() - self._last_ended_at < _RECENT_SECONDS

    async def wait_for_foreground(self) -> None:
        """Return when no look-up is under way, or the youngest one hangs."""
        if not self._started_at:
            return
        with suppress(TimeoutError):
            async with asyncio.timeout_at(max(self._started_at) + self._max_wait):
                await self._idle.wait()
