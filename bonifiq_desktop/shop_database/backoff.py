"""Waits between tries to reach the shop database."""

import random

_MAX_DOUBLINGS = 20


class FullJitter:
    """A random wait between zero and a limit that doubles with each failure in a row. All times are in seconds.

    The limit's whole range is used, so that 200 tills do not come back at the same moment after an outage.
    """

    def __init__(self, first: float = 1.0, longest: float = 30.0) -> None:
        self._first = first
        self._longest = longest
        self._failures = 0

    def next_delay(self) -> float:
        """Count a failure and draw the wait after it."""
        limit = min(self._longest, self._first * float(1 << min(self._failures, _MAX_DOUBLINGS)))
        self._failures += 1
        delay: float = random.uniform(0.0, limit)  # noqa: S311 - not a secret
        return delay

    def reset(self) -> None:
        """The database answered."""
        self._failures = 0
