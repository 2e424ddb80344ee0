"""Optional check for a newer version. The program never downloads or installs one by itself."""

import asyncio
import logging
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from bonifiq_desktop import __version__
from bonifiq_desktop.connectors.update_feed import FeedNotReached, read_notice, verified_release
from bonifiq_desktop.domain.updates import InvalidUpdateNotice, Release, parse_version
from bonifiq_desktop.storage.settings import UpdateFeed
from bonifiq_desktop.storage.update_check import UpdateCheck, load_update_check, save_update_check

_log = logging.getLogger(__name__)
_DAY = timedelta(days=1)


# Random delays in seconds (minimum, maximum), so that tills that start together do not check together.
FIRST_DELAY = (180.0, 900.0)
NEXT_DELAY = (1800.0, 3600.0)


@dataclass(eq=False, repr=False)
class UpdateChecker:
    """Asks the publisher at most once a day while the program is idle; every failure means "no notice".

    `feed`: the publisher's address and key, None when turned off. `found` is called after every answer.
    """

    path: Path
    feed: Callable[[], UpdateFeed | None]
    is_busy: Callable[[], bool]
    found: Callable[[], None]
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)

    def __post_init__(self) -> None:
        self._asked = load_update_check(self.path)

    @property
    def newer(self) -> Release | None:
        """The known newer version; None when there is none or the present publisher did not sign the notice."""
        feed = self.feed()
        release = last_release(self._asked.notice, feed.key) if feed else None
        return release if release and release.version > parse_version(__version__) else None

    async def run(self) -> None:
        delay = FIRST_DELAY
        while True:
            await asyncio.sleep(random.uniform(*delay))  # noqa: S311 - not a secret
            delay = NEXT_DELAY
            try:
                await self.check_now()
            except Exception:
                _log.exception("update check failed")

    async def check_now(self) -> None:
        """Check if one is due. Raises OSError when the result cannot be saved, LedgerError."""
        feed = self.feed()
        if feed is None or self._was_asked_today(feed) or self.is_busy():
            return
        try:
            notice = await read_notice(feed.address, feed.key)
        except FeedNotReached:
            return
        if notice is None:
            _log.warning("update notice unusable")
        self._asked = UpdateCheck(self.clock(), feed.address, notice or self._asked.notice)
        self.found()
        save_update_check(self.path, self._asked)

    def _was_asked_today(self, feed: UpdateFeed) -> bool:
        # A check time in the future (the clock was ahead) does not block the next check.
        return feed.address == self._asked.address and timedelta() <= self.clock() - self._asked.checked_at < _DAY


@lru_cache(maxsize=1)
def last_release(notice: bytes, key: bytes) -> Release | None:
    """The release of a saved notice; None without a notice, or when this key did not sign it."""
    try:
        return verified_release(notice, key) if notice else None
    except InvalidUpdateNotice:
        return None
