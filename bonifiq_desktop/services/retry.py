"""How fast the outbox may go: how long it waits, how much it asks in an hour, and whom it lets go first."""

import asyncio
import random
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

_HOUR = 3600.0
_LATELY = 2.0
_REQUESTS_OF_ONE = 3  # a sending, and a look-up before and after it
_FOR_REPEATS = 0.75  # of the hour: the rest is kept for what a cashier registers meanwhile


@dataclass(frozen=True)
class RetryPolicy:
    """How patient the outbox is; times in seconds.

    `per_hour`: requests that it makes by itself in any hour, sendings and look-ups. Whatever waits behind that bound
    goes as soon as there is room, what never failed first; a person's look-ups neither count nor wait. 500 operations
    need at most 2000 requests, and their repeats still have room. `second_look`: seconds from one "not found" to the
    next, before a typed number is taken for free; 0: the first one counts. `breath`: between two operations, while
    people look orders up. `breakdowns`: errors of our own in a row after which an operation is left to a person.
    `sick_from`: different operations in a row without a verdict after which the server is taken for sick, not they.
    """

    not_found_interval: float = 4.0
    first_delay: float = 1.0
    max_delay: float = 300.0
    max_offline_delay: float = 30.0
    max_retry_after: float = 900.0
    max_attempts: int = 40  # with the waits between them about three hours; repeating the same key harms nobody
    requests_per_hour: int = 2400
    min_interval: float = 0.05
    max_crashes: int = 5
    outage_threshold: int = 3

    def delay_after(self, failures: int, max_delay: float) -> float:
        """The wait after so many failures in a row: doubling, bounded, and never in step with other tills."""
        bounded = min(max_delay, self.first_delay * float(1 << min(failures - 1, 20)))
        jitter: float = random.uniform(0.7, 1.3)  # noqa: S311 - not a secret
        return bounded * jitter


class RateLimiter:
    """Counts requests on the loop's clock, so that no hour, wherever it begins, has more than `most`."""

    def __init__(self, max_requests: int) -> None:
        self._most = max_requests
        self._made: deque[float] = deque(maxlen=max_requests)

    def record(self, now: float) -> None:
        """A request leaves at this time of the loop."""
        self._made.append(now)

    def next_slot(self, *, repeat: bool) -> float:
        """The loop's time from which there is room for one more operation with all its requests."""
        most = int(self._most * _FOR_REPEATS) if repeat else self._most
        too_many = max(1, most - _REQUESTS_OF_ONE + 1)
        return self._made[-too_many] + _HOUR if len(self._made) >= too_many else 0.0


class Backoff:
    """The wait that all share while there is no line, or the server is sick; after each wait one operation tries.

    `until`: the loop's time at which it ends; 0 for none.
    """

    def __init__(self, pace: RetryPolicy) -> None:
        self._pace = pace
        self._waits = 0
        self._without_verdict: set[int] = set()
        self.until = 0.0

    def connection_failed(self, now: float) -> None:
        """Without a line the others would fail too."""
        self._waits += 1
        self.until = now + self._pace.delay_after(self._waits, self._pace.max_offline_delay)

    def attempt_inconclusive(self, operation_id: int, now: float) -> None:
        """There is a line, but no verdict. One that fails alone holds up no other; when all fail, all wait."""
        self._without_verdict.add(operation_id)
        if len(self._without_verdict) >= self._pace.outage_threshold:
            self.connection_failed(now)
        else:
            self._waits = 0

    def retry_now(self) -> None:
        """Let one try at once. Does it fail too, the next wait is as long as it would have been."""
        self.until = 0.0

    def reset(self) -> None:
        """There was a verdict."""
        self._waits = 0
        self._without_verdict.clear()
        self.until = 0.0


class ForegroundFirst:
    """Who stands at the counter goes first: while a person's look-up is under way, the outbox starts nothing.

    `patience`: seconds after which a look-up that hangs holds nobody up any more.
    """

    def __init__(self, max_wait: float = 1.0) -> None:
        self._patience = max_wait
        self._asked: list[float] = []
        self._answered = -_LATELY
        self._nobody = asyncio.Event()

    @contextmanager
    def foreground_request(self) -> Iterator[None]:
        """A person waits for an answer, for as long as this lasts."""
        since = asyncio.get_running_loop().time()
        self._asked.append(since)
        self._nobody.clear()
        try:
            yield
        finally:
            self._asked.remove(since)
            self._answered = asyncio.get_running_loop().time()
            if not self._asked:
                self._nobody.set()

    @property
    def recently_active(self) -> bool:
        """Whether somebody is at it: the next question is likely to come at any moment."""
        return bool(self._asked) or asyncio.get_running_loop().time() - self._answered < _LATELY

    async def wait_for_foreground(self) -> None:
        """Return when nobody waits for an answer, or the youngest question hangs."""
        if not self._asked:
            return
        with suppress(TimeoutError):
            async with asyncio.timeout_at(max(self._asked) + self._patience):
                await self._nobody.wait()
