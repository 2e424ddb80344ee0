"""How long ago an operation became final, whatever jumps the PC's clock makes."""

from collections.abc import Callable
from datetime import datetime, timedelta
from time import monotonic_ns

from bonifiq_desktop.domain.operations import Operation


def monotonic() -> timedelta:
    """The time of a clock that never jumps."""
    return timedelta(microseconds=monotonic_ns() // 1000)


class RecentlySettled:
    """Remembers what became final while the program is open, by `steady`, a clock that never jumps.

    For what was settled before, the time that is stored has to do, but no longer than the program is open.
    """

    def __init__(self, clock: Callable[[], datetime], monotonic_clock: Callable[[], timedelta]) -> None:
        self._clock = clock
        self._steady = monotonic_clock
        self._opened_at = monotonic_clock()
        self._settled_at: dict[int, timedelta] = {}

    def record(self, operation_id: int) -> None:
        """This operation becomes final."""
        self._settled_at[operation_id] = self._steady()

    def is_within(self, operation: Operation, period: timedelta) -> bool:
        """Whether a final operation may have become so that little time ago."""
        by_clock = operation.settled_at is not None and self._clock() - operation.settled_at < period
        known = self._settled_at.get(operation.operation_id)
        passed = self._steady() - (self._opened_at if known is None else known)
        return passed < period and (by_clock or known is not None)
