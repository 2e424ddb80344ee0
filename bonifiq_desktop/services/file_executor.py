"""Execution of slow file work outside the event loop, so that look-ups do not wait for the disk."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import ParamSpec, TypeVar

from bonifiq_desktop.security.keyrings import run_in_thread

P = ParamSpec("P")
T = TypeVar("T")


async def run_in_worker_thread(work: Callable[P, T], *args: P.args, **known: P.kwargs) -> T:
    """Run work that may hang on its own thread; a cancellation returns at once and abandons the thread."""
    return await asyncio.wrap_future(run_in_thread(partial(work, *args, **known)))


class FileExecutor:
    """Runs file work one after the other in a thread, so that no backup copies a file during its deletion."""

    def __init__(self) -> None:
        self._lock = asyncio.Lock()

    async def run(self, work: Callable[P, T], *args: P.args, **known: P.kwargs) -> T:
        """Run `work`. A cancellation waits for its end, because the ledger that it uses is closed afterwards."""
        async with self._lock:
            working = asyncio.ensure_future(asyncio.to_thread(work, *args, **known))
            try:
                return await asyncio.shield(working)
            except asyncio.CancelledError:
                await asyncio.gather(working, return_exceptions=True)
                raise
