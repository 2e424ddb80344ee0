"""How long ago an operation became final, whatever jumps the PC's clock makes."""

from collections.abc import Callable
from datetime import datetime, timedelta
from time import monotonic_ns

from bonifiq_desktop.domain.operations import Operation


def steady() -> timedelta:
    """The time of a clock that never jumps."""
    return timedelta(microseconds=monotonic_ns() // 1000)


class Settlings:
    """Remembers what became final while the program is open, by `steady`, a clock that never jumps.

    For what was settled before, the time that is stored has to do, but no longer than the program is open.
    """

    def __init__(self, clock: Callable[[], datetime], steady: Callable[[], timedelta]) -> None:
        self._clock = clock
        self._steady = steady
        self._opened_at = steady()
        self._settled_at: dict[int, timedelta] = {}

    def note(self, operation_id: int) -> None:
        """This operation becomes final."""
        self._settled_at[operation_id] = self._steady()

    def within(self, operation: Operation, lag: timedelta) -> bool:
        """Whether a final operation may have become so that little time ago."""
        by_clock = operation.settled_at is not None and self._clock() - operation.settled_at < lag
        known = self._settled_at.get(operation.operation_id)
        passed = self._steady() - (self._opened_at if known is None else known)
        return passed < lag and (by_clock or known is not None)
