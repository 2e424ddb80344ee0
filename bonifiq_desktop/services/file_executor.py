"""Slow work on files, beside the loop: no look-up waits for the disk."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import ParamSpec, TypeVar

from bonifiq_desktop.security.keyrings import run_in_thread

P = ParamSpec("P")
T = TypeVar("T")


async def run_in_worker_thread(work: Callable[P, T], *args: P.args, **known: P.kwargs) -> T:
    """Do work that may hang on a thread of its own; cancelled, this ends at once and leaves the thread behind."""
    return await asyncio.wrap_future(run_in_thread(partial(work, *args, **known)))


class FileExecutor:
    """Does one thing after the other in a thread, so that no copy is made of what is just being taken away."""

    def __init__(self) -> None:
        self._turn = asyncio.Lock()

    async def run(self, work: Callable[P, T], *args: P.args, **known: P.kwargs) -> T:
        """What `work` returns or raises. Cancelled, this ends when the work does: it needs what is closed after it."""
        async with self._turn:
            working = asyncio.ensure_future(asyncio.to_thread(work, *args, **known))
            try:
                return await asyncio.shield(working)
            except asyncio.CancelledError:
                await asyncio.gather(working, return_exceptions=True)
                raise
