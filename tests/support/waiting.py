"""Waits of tests for something that another thread or process does."""

import asyncio
import time
from collections.abc import Callable

_PATIENCE = 30.0  # seconds; only a failing test waits that long
_INTERVAL = 0.01


def wait_until(is_so: Callable[[], bool]) -> None:
    """Block until a condition holds."""
    until = time.monotonic() + _PATIENCE
    while not is_so():
        assert time.monotonic() < until, "the condition did not come true"
        time.sleep(_INTERVAL)


async def until_so(is_so: Callable[[], bool]) -> None:
    """Let the event loop go on until a condition holds."""
    async with asyncio.timeout(_PATIENCE):
        while not is_so():  # noqa: ASYNC110 - what is waited for knows no event loop
            await asyncio.sleep(_INTERVAL)
