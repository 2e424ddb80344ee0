"""Elapsed time since an operation's last events, independent of the PC's clock, which may jump."""

from collections.abc import Callable
from datetime import datetime, timedelta
from time import monotonic_ns

from bonifiq_desktop.domain.operations import Operation


def monotonic() -> timedelta:
    """The time of a clock that never jumps."""
    return timedelta(microseconds=monotonic_ns() // 1000)


class RecentlySettled:
    """Remembers which operations became final while the program is open.

    For an operation settled earlier, the stored time counts, but no longer than the program is open.
    """

    def __init__(self, clock: Callable[[], datetime], monotonic_clock: Callable[[], timedelta]) -> None:
        self._clock = clock
        self._monotonic_clock = monotonic_clock
        self._opened_at = monotonic_clock()
        self._settled_at: dict[int, timedelta] = {}

    def record(self, operation_id: int) -> None:
        """Record that an operation became final just now."""
        self._settled_at[operation_id] = self._monotonic_clock()

    def is_within(self, operation: Operation, period: timedelta) -> bool:
        """Whether a final operation may have become final less than `period` ago."""
        by_clock = operation.settled_at is not None and self._clock() - operation.settled_at < period
        known = self._settled_at.get(operation.operation_id)
        passed = self._monotonic_clock() - (self._opened_at if known is None else known)
        return passed < period and (by_clock or known is not None)


class AttemptAges:
    """Remembers when possibly sent attempts ended while the program is open.

    For an attempt of an earlier run the opening of the ledger counts: later than the truth, never earlier.
    """

    def __init__(self, monotonic_clock: Callable[[], timedelta]) -> None:
        self._monotonic_clock = monotonic_clock
        self._opened_at = monotonic_clock()
        self._ended_at: dict[int, timedelta] = {}

    def record_end(self, operation_id: int) -> None:
        """Record that a possibly sent attempt ended just now."""
        self._ended_at[operation_id] = self._monotonic_clock()

    def since_last_attempt(self, operation_id: int) -> timedelta:
        """How long ago the last possibly sent attempt ended, at least."""
        return self._monotonic_clock() - self._ended_at.get(operation_id, self._opened_at)
