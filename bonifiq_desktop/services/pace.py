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
class Pace:
    """How patient the outbox is; times in seconds.

    `per_hour`: requests that it makes by itself in any hour, sendings and look-ups. Whatever waits behind that bound
    goes as soon as there is room, what never failed first; a person's look-ups neither count nor wait. 500 operations
    need at most 2000 requests, and their repeats still have room. `second_look`: seconds from one "not found" to the
    next, before a typed number is taken for free; 0: the first one counts. `breath`: between two operations, while
    people look orders up. `breakdowns`: errors of our own in a row after which an operation is left to a person.
    `sick_from`: different operations in a row without a verdict after which the server is taken for sick, not they.
    """

    second_look: float = 4.0
    first: float = 1.0
    longest: float = 300.0
    longest_offline: float = 30.0
    longest_asked: float = 900.0
    tries: int = 40  # with the waits between them about three hours; repeating the same key harms nobody
    per_hour: int = 2400
    breath: float = 0.05
    breakdowns: int = 5
    sick_from: int = 3

    def after(self, failures: int, longest: float) -> float:
        """The wait after so many failures in a row: doubling, bounded, and never in step with other tills."""
        bounded = min(longest, self.first * float(1 << min(failures - 1, 20)))
        jitter: float = random.uniform(0.7, 1.3)  # noqa: S311 - not a secret
        return bounded * jitter


class Hour:
    """Counts requests on the loop's clock, so that no hour, wherever it begins, has more than `most`."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._made: deque[float] = deque(maxlen=most)

    def note(self, now: float) -> None:
        """A request leaves at this time of the loop."""
        self._made.append(now)

    def room_from(self, *, repeat: bool) -> float:
        """The loop's time from which there is room for one more operation with all its requests."""
        most = int(self._most * _FOR_REPEATS) if repeat else self._most
        too_many = max(1, most - _REQUESTS_OF_ONE + 1)
        return self._made[-too_many] + _HOUR if len(self._made) >= too_many else 0.0


class Silence:
    """The wait that all share while there is no line, or the server is sick; after each wait one operation tries.

    `until`: the loop's time at which it ends; 0 for none.
    """

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._waits = 0
        self._without_verdict: set[int] = set()
        self.until = 0.0

    def no_line(self, now: float) -> None:
        """Without a line the others would fail too."""
        self._waits += 1
        self.until = now + self._pace.after(self._waits, self._pace.longest_offline)

    def no_verdict(self, operation_id: int, now: float) -> None:
        """There is a line, but no verdict. One that fails alone holds up no other; when all fail, all wait."""
        self._without_verdict.add(operation_id)
        if len(self._without_verdict) >= self._pace.sick_from:
            self.no_line(now)
        else:
            self._waits = 0

    def try_now(self) -> None:
        """Let one try at once. Does it fail too, the next wait is as long as it would have been."""
        self.until = 0.0

    def over(self) -> None:
        """There was a verdict."""
        self._waits = 0
        self._without_verdict.clear()
        self.until = 0.0


class Courtesy:
    """Who stands at the counter goes first: while a person's look-up is under way, the outbox starts nothing.

    `patience`: seconds after which a look-up that hangs holds nobody up any more.
    """

    def __init__(self, patience: float = 1.0) -> None:
        self._patience = patience
        self._asked: list[float] = []
        self._answered = -_LATELY
        self._nobody = asyncio.Event()

    @contextmanager
    def asking(self) -> Iterator[None]:
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
    def asked_lately(self) -> bool:
        """Whether somebody is at it: the next question is likely to come at any moment."""
        return bool(self._asked) or asyncio.get_running_loop().time() - self._answered < _LATELY

    async def give_way(self) -> None:
        """Return when nobody waits for an answer, or the youngest question hangs."""
        if not self._asked:
            return
        with suppress(TimeoutError):
            async with asyncio.timeout_at(max(self._asked) + self._patience):
                await self._nobody.wait()
