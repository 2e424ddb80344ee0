"""The worker's one event loop: an office that answers, its commands as tasks, and an end in order."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from bonifiq_desktop.domain.verdicts import FailureReason, LookupFailed
from bonifiq_desktop.worker import commands as c

_log = logging.getLogger(__name__)
_LAST_WORK = 0.3  # seconds


class AnyBackend(Protocol):
    """Whoever answers commands. `over`: set when it makes room for another one."""

    stopped: asyncio.Event

    async def handle(self, command: c.Command[Any]) -> Any:
        """Do what a command asks, or raise."""

    def publish_status(self) -> None:
        """Tell the window what it always shows."""

    async def aclose(self) -> None:
        """Close everything."""


OpenBackend = Callable[[Callable[[object], None]], Awaitable[AnyBackend]]
"""Makes the office on the worker's own loop; gets the function that tells the window something."""

Item = tuple[int, c.Command[Any]] | None
"""A command with its ticket; None ends the work."""

_OVER: Item = (0, c.Command())


class Loop:
    """One event loop. Look-ups and the outbox take turns on it, so neither waits for the other's network.

    Made, run and closed on the worker's thread; only `put` may be called from another one, until `run` ends.
    """

    def __init__(self, open_office: OpenBackend, tell: Callable[[object], None]) -> None:
        self._open_office = open_office
        self._tell = tell
        self.loop = asyncio.new_event_loop()
        self._inbox: asyncio.Queue[Item] = asyncio.Queue()

    def put(self, item: Item) -> None:
        """Hand a command over; None ends the work."""
        self.loop.call_soon_threadsafe(self._inbox.put_nowait, item)

    def run(self) -> None:
        """Work until None is put."""
        try:
            self.loop.run_until_complete(self._work())
        finally:
            _end_all_tasks(self.loop)  # none is left, unless something ended the loop under them

    def close(self) -> None:
        """Without waiting for the loop's own helper threads: a name look-up cannot be interrupted."""
        self.loop.close()

    async def _work(self) -> None:
        while True:
            try:
                office = await self._open_office(self._tell)
            except Exception as error:  # noqa: BLE001 - whatever it is, every command gets it as its answer
                _log.exception("the office did not open")
                self._tell(c.LedgerUnavailable(error))
                await self._answer_all_with(error)
                return
            if not await self._serve(office):
                return

    async def _serve(self, office: AnyBackend) -> bool:
        """Have an office answer commands until the end, or until it is over: then True."""
        tasks: set[asyncio.Task[None]] = set()
        over = asyncio.create_task(office.stopped.wait())
        try:
            self._tell_status(office)
            while (item := await self._next_item(over)) is not None:
                if item is _OVER:
                    return True
                task = asyncio.create_task(self._answer(office, *item))
                tasks.add(task)
                task.add_done_callback(tasks.discard)
            return False
        finally:
            over.cancel()
            if tasks:  # what needs no network is done, a draft or a sale; what does is given up
                await asyncio.wait(tasks, timeout=_LAST_WORK)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await office.aclose()

    def _tell_status(self, office: AnyBackend) -> None:
        try:
            office.publish_status()
        except Exception:  # noqa: BLE001 - commands are answered all the same
            _log.exception("nothing to tell")

    async def _next_item(self, over: asyncio.Task[bool]) -> Item:
        """The next command; _OVER when the office is, with the commands that wait left for the next one."""
        coming = asyncio.create_task(self._inbox.get())
        await asyncio.wait({coming, over}, return_when=asyncio.FIRST_COMPLETED)
        if coming.done():
            return coming.result()
        coming.cancel()
        return _OVER

    async def _answer(self, office: AnyBackend, ticket: int, command: c.Command[Any]) -> None:
        try:
            outcome = c.Outcome(ticket, value=await office.handle(command))
        except Exception as error:  # noqa: BLE001 - it crosses over to the window as a value
            outcome = c.Outcome(ticket, error=error)
        except asyncio.CancelledError:
            self._tell(c.Outcome(ticket, error=LookupFailed(FailureReason.INTERRUPTED)))
            raise
        self._tell(outcome)

    async def _answer_all_with(self, error: Exception) -> None:
        while (item := await self._inbox.get()) is not None:
            self._tell(c.Outcome(item[0], error=error))


def _end_all_tasks(loop: asyncio.AbstractEventLoop) -> None:
    tasks = asyncio.all_tasks(loop)
    for task in tasks:
        task.cancel()
    if tasks:
        loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
    loop.run_until_complete(asyncio.sleep(0))  # a line that was hung up at the very end is closed in the round after
