"""The worker thread: one event loop that opens a backend and hands it the window's commands."""

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from bonifiq_desktop.domain.verdicts import FailureReason, LookupFailed
from bonifiq_desktop.worker import commands as c

_log = logging.getLogger(__name__)
_FINISH_SECONDS = 0.3


class AnyBackend(Protocol):
    """Handles commands. `stopped` is set when the backend must be closed and opened anew."""

    stopped: asyncio.Event

    async def handle(self, command: c.Command[Any]) -> Any:
        """Return the command's value, or raise."""

    def publish_status(self) -> None:
        """Publish what the window always shows."""

    async def aclose(self) -> None:
        """Stop every task and close every file."""


Publish = Callable[[object], None]
OpenBackend = Callable[[Publish], Awaitable[AnyBackend]]
"""Opens a backend on the worker's loop; its argument publishes an event to the window."""

Request = tuple[int, c.Command[Any]]
"""A command with the id that its outcome repeats."""


class WorkerThread(threading.Thread):
    """Runs one event loop. Look-ups and the outbox are tasks of it, so neither waits for the other's network.

    Only `put` may be called from another thread.
    """

    def __init__(self, open_backend: OpenBackend, publish: Publish) -> None:
        super().__init__(name="worker", daemon=True)  # a crashed window never leaves a process behind
        self._open_backend = open_backend
        self._publish = publish
        self._loop = asyncio.new_event_loop()
        self._inbox: asyncio.Queue[Request | None] = asyncio.Queue()

    def put(self, request: Request | None) -> bool:
        """Queue a request; None ends the thread. Return False when the thread has ended."""
        try:
            self._loop.call_soon_threadsafe(self._inbox.put_nowait, request)
        except RuntimeError:  # the loop is closed
            return False
        return True

    def run(self) -> None:
        crash: c.WorkerCrashed | None = None
        try:
            self._loop.run_until_complete(self._serve_backends())
        except BaseException as error:
            _log.critical("worker crashed", exc_info=True)
            crash = c.WorkerCrashed()
            crash.__cause__ = error
        finally:
            self._close_loop()
        if crash is not None:
            self._publish(crash)  # only now: `put` already returns False, so that no request is lost in between

    async def _serve_backends(self) -> None:
        while True:
            try:
                backend = await self._open_backend(self._publish)
            except Exception as error:
                _log.exception("backend not opened")
                self._publish(c.LedgerUnavailable(error))
                await self._fail_all(error)
                return
            if not await self._serve(backend):
                return

    async def _serve(self, backend: AnyBackend) -> bool:
        """Hand requests to a backend; return True when it stopped and another one must be opened."""
        tasks: set[asyncio.Task[None]] = set()
        stopped = asyncio.create_task(backend.stopped.wait())
        try:
            self._publish_status(backend)
            while not stopped.done():
                received = asyncio.create_task(self._inbox.get())
                await asyncio.wait({received, stopped}, return_when=asyncio.FIRST_COMPLETED)
                if not received.done():  # the requests in the inbox are left for the next backend
                    received.cancel()
                    break
                request = received.result()
                if request is None:
                    return False
                task = asyncio.create_task(self._answer(backend, *request))
                tasks.add(task)
                task.add_done_callback(tasks.discard)
            return True
        finally:
            stopped.cancel()
            if tasks:  # local work is finished, a draft or a sale; a task that waits for the network is cancelled
                await asyncio.wait(tasks, timeout=_FINISH_SECONDS)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await backend.aclose()

    def _publish_status(self, backend: AnyBackend) -> None:
        try:
            backend.publish_status()
        except Exception:
            _log.exception("status update failed")

    async def _answer(self, backend: AnyBackend, request_id: int, command: c.Command[Any]) -> None:
        try:
            outcome = c.Outcome(request_id, value=await backend.handle(command))
        except Exception as error:
            outcome = c.Outcome(request_id, error=error)
        except asyncio.CancelledError:
            self._publish(c.Outcome(request_id, error=LookupFailed(FailureReason.INTERRUPTED)))
            raise
        self._publish(outcome)

    async def _fail_all(self, error: Exception) -> None:
        while (request := await self._inbox.get()) is not None:
            self._publish(c.Outcome(request[0], error=error))

    def _close_loop(self) -> None:
        """Cancel what a crash left, and close. A host-name look-up in a helper thread is not waited for."""
        tasks = asyncio.all_tasks(self._loop)
        for task in tasks:
            task.cancel()
        if tasks:
            self._loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        self._loop.run_until_complete(asyncio.sleep(0))  # a connection closed last is released one round later
        self._loop.close()
