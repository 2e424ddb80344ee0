"""This PC's clock, held against the one that BonifiQ's answers name; without an answer, against what cannot be later.

One answer is enough to warn: a warning stops nothing for good, and the next answer replaces what this one said. Only
answers of BonifiQ itself are taken (`Connection`), and none whose date is beyond all measure.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic

import bonifiq_desktop

TOLERANCE = timedelta(minutes=10)
"""A clock that is set by the network is off by seconds; an answer may take 20 of them."""

_MARGIN = timedelta(days=1)  # a file's time may be off by the hours of a time zone
_SANE = (datetime(2020, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))


@dataclass(frozen=True)
class ClockDoubt:
    """The PC's clock shows `pc`. It is wrong: `right` is the time by BonifiQ's clock, None where none is known.

    `after`: without BonifiQ's clock, the time that is certainly past.
    """

    pc_time: datetime
    server_time: datetime | None
    not_before: datetime | None = None


class ClockCheck:
    """What is known in this run. `has_heard`: an answer came, with a date or without one.

    `now`: the PC's clock (UTC); `steady`: seconds of a clock that cannot be set.
    """

    def __init__(
        self, now: Callable[[], datetime] = lambda: datetime.now(UTC), monotonic_clock: Callable[[], float] = monotonic
    ) -> None:
        self._now = now
        self._steady = monotonic_clock
        self._told: tuple[datetime, float] | None = None
        self.has_answer = False

    def record_answer(self, server_time: datetime | None) -> None:
        """An answer came with this date, or without one."""
        self.has_answer = True
        if server_time is not None and _SANE[0] <= server_time <= _SANE[1]:
            self._told = (server_time, self._steady())

    def reset(self) -> None:
        """The PC slept: the steady clock stood still meanwhile."""
        self._told, self.has_answer = None, False

    @property
    def knows_server_time(self) -> bool:
        """Whether BonifiQ's clock is known."""
        return self._told is not None

    def corrected_time(self) -> datetime:
        """The time by BonifiQ's clock where this PC's is wrong; else this PC's."""
        doubt = self.doubt()
        return doubt.server_time if doubt and doubt.server_time else self._now()

    def doubt(self, *past: datetime) -> ClockDoubt | None:
        """Why this PC's clock is not to be believed, or None. `past`: times that are certainly past."""
        now = self._now()
        if self._told is not None:
            server, then = self._told
            right = server + timedelta(seconds=self._steady() - then)
            return ClockDoubt(now, right) if abs(now - right) > TOLERANCE else None
        latest = max(past, default=now)
        return ClockDoubt(now, None, latest) if now < latest - _MARGIN else None


def installed_at() -> datetime:
    """When the program's own files were put on this PC, as the disk says: no clock that is right shows less."""
    file = sys.executable if getattr(sys, "frozen", False) else bonifiq_desktop.__file__
    return datetime.fromtimestamp(Path(file).stat().st_mtime, UTC)


class ClockDoubted(Exception):
    """This PC's clock is wrong, and what was to be registered carries its date; `doubt` says how wrong."""

    def __init__(self, doubt: ClockDoubt) -> None:
        super().__init__()
        self.doubt = doubt
