"""How long ago a request of an operation may last have left, whatever jumps the PC's clock makes."""

from collections.abc import Callable
from datetime import timedelta


class AttemptAges:
    """Remembers when attempts ended while the program is open, by `steady`, a clock that never jumps.

    For an attempt of an earlier run the opening of the ledger counts: later than the truth, never earlier.
    """

    def __init__(self, monotonic_clock: Callable[[], timedelta]) -> None:
        self._steady = monotonic_clock
        self._opened_at = monotonic_clock()
        self._ended_at: dict[int, timedelta] = {}

    def record_end(self, operation_id: int) -> None:
        """An attempt that may have left has just ended."""
        self._ended_at[operation_id] = self._steady()

    def since_last_attempt(self, operation_id: int) -> timedelta:
        """How long ago the last attempt that may have left ended, at least."""
        return self._steady() - self._ended_at.get(operation_id, self._opened_at)
