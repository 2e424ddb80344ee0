"""Watch over lost requests in the records of a system without client keys: when may "absent" be believed?"""

from dataclasses import dataclass

from bonifiq_desktop.domain.returns import SettlingTimes

_SOON = 5.0  # seconds: the first look after a lost answer finds most late applications

_TICK = 0.001  # seconds: one reading alone never proves the absence


@dataclass(frozen=True)
class _Reading:
    fingerprint: str
    age: float  # of the last attempt, in seconds


class Settling:
    """Readings that showed no trace of an operation, by its id; in memory only, so that a restart reads anew."""

    def __init__(self) -> None:
        self._first: dict[int, _Reading] = {}

    def wait_after(self, operation_id: int, times: SettlingTimes, age: float, fingerprint: str) -> float:
        """Seconds until the next reading after one without a trace; 0: this one proves the absence.

        `age`: seconds since the last attempt ended. A reading counts from `times.first` on, and proves the absence
        `times.between` seconds later where the records stayed the same. Readings in between find a late application.
        """
        reading = _Reading(fingerprint, age)
        if age < times.first:
            self._first.pop(operation_id, None)
            rest = times.first - age
        else:
            first = self._first.get(operation_id)
            if first is None or first.fingerprint != fingerprint:
                first = self._first[operation_id] = reading
            rest = first.age + times.between - age
            if rest <= 0 and first is not reading:
                return 0.0
        return max(min(rest, max(_SOON, age)), _TICK)

    def forget(self, operation_id: int) -> None:
        """An operation is sent again, or settled, or its records are changing."""
        self._first.pop(operation_id, None)
