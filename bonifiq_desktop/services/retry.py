"""When the outbox may send, and what it tries next. All times are seconds on the loop's clock, in memory only.

That clock never jumps, so that a wrong or changed PC clock delays no refund; on Linux it stops while the PC is
suspended. After a restart everything is tried at once. A person's look-ups go before the program's own requests.
"""

import asyncio
import random
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from bonifiq_desktop.domain.verdicts import FailureReason

_HOUR = 3600.0
_REQUESTS_PER_OPERATION = 3  # a sending, and a look-up before and after it
_REPEAT_SHARE = 0.75  # of the hour: the rest is kept for what a cashier registers meanwhile


@dataclass(frozen=True)
class RetryPolicy:
    """Waits in seconds and limits of the outbox.

    `not_found_interval`: from one "not found" to the next, before a typed number is taken for free; 0: the first one
    counts.
    `requests_per_hour`: sendings and look-ups that the outbox makes by itself in any hour. A person's look-ups neither
    count nor wait. 500 operations need at most 2000 requests, and their repeats still have room.
    `min_interval`: between two operations, while people look orders up.
    `max_crashes`: errors of our own in a row after which an operation is left to a person.
    `outage_threshold`: different operations in a row without a verdict after which the server counts as failing.
    """

    not_found_interval: float = 4.0
    first_delay: float = 1.0
    max_delay: float = 300.0
    max_offline_delay: float = 30.0
    max_retry_after: float = 900.0
    max_attempts: int = 40  # with the waits between them about three hours; repeating the same key harms nothing
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
    """Bounds the requests in any hour, wherever it begins."""

    def __init__(self, max_requests: int) -> None:
        self._max_requests = max_requests
        self._requested_at: deque[float] = deque(maxlen=max_requests)

    def record(self, now: float) -> None:
        self._requested_at.append(now)

    def next_slot(self, *, repeat: bool) -> float:
        """The time from which there is room for one more operation with all its requests."""
        limit = int(self._max_requests * _REPEAT_SHARE) if repeat else self._max_requests
        too_many = max(1, limit - _REQUESTS_PER_OPERATION + 1)
        return self._requested_at[-too_many] + _HOUR if len(self._requested_at) >= too_many else 0.0


class Backoff:
    """The wait that all operations share while the connection or the server fails; after each wait one of them tries.

    `until`: the time at which it ends; 0 for none.
    """

    def __init__(self, policy: RetryPolicy) -> None:
        self._policy = policy
        self._waits = 0
        self._inconclusive: set[int] = set()
        self.until = 0.0

    def connection_failed(self, now: float) -> None:
        """Wait: without a connection the other operations would fail, too."""
        self._waits += 1
        self.until = now + self._policy.delay_after(self._waits, self._policy.max_offline_delay)

    def attempt_inconclusive(self, operation_id: int, now: float) -> None:
        """An attempt got no verdict. One operation that fails alone holds up no other; when all fail, all wait."""
        self._inconclusive.add(operation_id)
        if len(self._inconclusive) >= self._policy.outage_threshold:
            self.connection_failed(now)
        else:
            self._waits = 0

    def retry_now(self) -> None:
        """Let one operation try at once. If it fails, too, the next wait is as long as it would have been."""
        self.until = 0.0

    def reset(self) -> None:
        """The server gave a verdict."""
        self._waits = 0
        self._inconclusive.clear()
        self.until = 0.0


class Throttle:
    """Until when nothing at all is sent over a connection."""

    def __init__(self, policy: RetryPolicy) -> None:
        self._policy = policy
        self._asked_until = 0.0
        self._paused_until = 0.0
        self.backoff = Backoff(policy)
        self.rate_limiter = RateLimiter(policy.requests_per_hour)

    def free_at(self) -> float:
        """The time from which an operation that never failed may be sent."""
        slot = self.rate_limiter.next_slot(repeat=False)
        return max(self.backoff.until, self._asked_until, self._paused_until, slot)

    def pause(self, now: float) -> None:
        """Leave room between two operations."""
        self._paused_until = now + self._policy.min_interval

    def obey_retry_after(self, reason: FailureReason | None, retry_after: int | None, now: float) -> None:
        """Let every request wait for as long as the server asks, whatever request was answered so."""
        if reason is FailureReason.THROTTLED or (reason is FailureReason.SERVER_ERROR and retry_after is not None):
            default = self._policy.delay_after(1, self._policy.max_delay)
            wait = default if retry_after is None else float(retry_after)
            until = now + min(max(wait, self._policy.first_delay), self._policy.max_retry_after)
            self._asked_until = max(self._asked_until, until)


class RetrySchedule:
    """Which operation is next. Oldest first, but one that failed comes after all that did not."""

    def __init__(self, policy: RetryPolicy) -> None:
        self._policy = policy
        self._queue: deque[int] = deque()  # read once for many operations: those that never failed, oldest first
        self._retry_at: dict[int, float] = {}
        self._repeat_lookup_at: dict[int, float] = {}  # not failed: looked up once more before the sending
        self._waits_for_tills: set[int] = set()  # of those to be looked up once more
        self._held_until: dict[int, float] = {}  # newly registered: a person may undo it until then
        self.failures: Counter[int] = Counter()  # in a row, by operation id; so are the crashes
        self._crashes: Counter[int] = Counter()

    def next(self, now: float, read_waiting: Callable[[], list[int]]) -> int | None:
        """The operation to try; of those that failed, the one that has been due the longest."""
        self._held_until = {held: until for held, until in self._held_until.items() if until > now}
        for operation_id, at in self._repeat_lookup_at.items():
            if at <= now:
                del self._repeat_lookup_at[operation_id]
                return operation_id
        if not self._queue:
            not_due = self._repeat_lookup_at.keys() | self._held_until.keys()
            waiting = [each for each in read_waiting() if each not in not_due]
            self._queue.extend(each for each in waiting if each not in self._retry_at)
            if not self._queue:
                return min(waiting, key=self._retry_at.__getitem__, default=None)
        return self._queue.popleft()

    def retry_at(self, operation_id: int) -> float | None:
        """The time before which an operation is not tried; None: it never failed."""
        return self._retry_at.get(operation_id)

    def next_due(self) -> float | None:
        """The time at which the first operation is due that waits without having failed."""
        return min([*self._repeat_lookup_at.values(), *self._held_until.values()], default=None)

    def hold(self, operation_id: int, until: float) -> None:
        """Do not try an operation before this time; then it takes its place in the queue."""
        self._held_until[operation_id] = until

    def repeat_lookup(self, operation_id: int, at: float) -> None:
        self._repeat_lookup_at[operation_id] = at

    def wait_for_tills(self, operation_id: int, at: float) -> None:
        """Try an operation, whose order another till has, when news of the tills come, at the latest at this time."""
        self._repeat_lookup_at[operation_id] = at
        self._waits_for_tills.add(operation_id)

    def tills_heard(self, now: float) -> None:
        """News of other tills came: try what waits for them."""
        self._repeat_lookup_at.update(dict.fromkeys(self._waits_for_tills & self._repeat_lookup_at.keys(), now))
        self._waits_for_tills.clear()

    def postpone(self, operation_id: int, now: float) -> None:
        self.failures[operation_id] += 1
        delay = self._policy.delay_after(self.failures[operation_id], self._policy.max_delay)
        self._retry_at[operation_id] = now + delay

    def record_crash(self, operation_id: int) -> bool:
        """An error of our own broke an operation; return whether it has done so too often."""
        self._crashes[operation_id] += 1
        return self._crashes[operation_id] >= self._policy.max_crashes

    def record_success(self, operation_id: int) -> None:
        """No error of our own broke an operation this time."""
        self._crashes.pop(operation_id, None)

    def forget(self, operation_id: int) -> None:
        """An operation is final or in review."""
        for times in (self._held_until, self._retry_at, self.failures, self._crashes):
            times.pop(operation_id, None)
        self._repeat_lookup_at.pop(operation_id, None)
        self._waits_for_tills.discard(operation_id)

    def reread(self) -> None:
        self._queue.clear()

    def retry_all(self) -> None:
        """End all waits of single operations."""
        self._retry_at.clear()


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


_WATCH_INTERVAL = 5.0  # seconds
_SUSPEND_JUMP = 30.0  # seconds; network time corrects a clock by less


async def watch_for_suspend(on_resume: Callable[[], None], wall_clock: Callable[[], float] = time.time) -> None:
    """Call `on_resume` after every suspend, until cancelled. `wall_clock`: seconds.

    A clock set forward has the same effect, and only makes the outbox retry early.
    """
    clock = asyncio.get_running_loop().time
    before = wall_clock() - clock()
    while True:
        await asyncio.sleep(_WATCH_INTERVAL)
        now = wall_clock() - clock()
        if now - before > _SUSPEND_JUMP:
            on_resume()
        before = now
