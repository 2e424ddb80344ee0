"""Notices that the PC slept: on Linux the loop's clock stands still meanwhile, and the clock on the wall does not."""

import asyncio
import time
from collections.abc import Callable

_EVERY = 5.0
_JUMP = 30.0
"""Seconds; clocks that are merely set right by the network move by less."""


async def watch_for_suspend(woken: Callable[[], None], wall: Callable[[], float] = time.time) -> None:
    """Call `woken` whenever the PC seems to have slept, until cancelled. `wall`: seconds of the clock on the wall.

    A clock that somebody sets forward looks the same; then the outbox tries once too early, which harms nobody.
    """
    clock = asyncio.get_running_loop().time
    before = wall() - clock()
    while True:
        await asyncio.sleep(_EVERY)
        now = wall() - clock()
        if now - before > _JUMP:
            woken()
        before = now
