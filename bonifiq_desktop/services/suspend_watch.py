"""Detection of a suspended PC: on Linux, the event loop's clock stops during suspend, unlike the wall clock."""

import asyncio
import time
from collections.abc import Callable

_INTERVAL = 5.0  # seconds
_JUMP = 30.0  # seconds; network time corrects a clock by less


async def watch_for_suspend(on_resume: Callable[[], None], wall_clock: Callable[[], float] = time.time) -> None:
    """Call `on_resume` after every suspend, until cancelled. `wall_clock`: seconds.

    A clock set forward has the same effect, and only makes the outbox retry early.
    """
    clock = asyncio.get_running_loop().time
    before = wall_clock() - clock()
    while True:
        await asyncio.sleep(_INTERVAL)
        now = wall_clock() - clock()
        if now - before > _JUMP:
            on_resume()
        before = now
