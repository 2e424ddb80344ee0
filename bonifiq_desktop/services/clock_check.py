"""Compare this PC's clock with the server's; without an answer of the server, with times that are certainly past.

One answer is enough to warn: a warning stops nothing for good, and the next answer replaces it. `Connection` passes
only answers of the system itself.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic

import bonifiq_desktop

TOLERANCE = timedelta(minutes=10)
"""Above what is normal: a clock set by the network is off by seconds, and an answer may take 20 of them."""

_MARGIN = timedelta(days=1)  # a file's time may be off by the hours of a time zone
_PLAUSIBLE = (datetime(2020, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))


@dataclass(frozen=True)
class ClockDoubt:
    """A wrong clock of this PC, with the three times that show it.

    `server_time`: None where the server's clock is not known; then `not_before` is the time that is certainly past.
    """

    pc_time: datetime
    server_time: datetime | None
    not_before: datetime | None = None


@dataclass(eq=False, repr=False)
class ClockCheck:
    """What the answers of this run tell of the PC's clock. `has_answer`: one came, with a date or without one.

    `now`: the PC's clock (UTC). `monotonic_clock`: seconds of a clock that cannot be set.
    """

    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    monotonic_clock: Callable[[], float] = monotonic
    has_answer: bool = field(init=False, default=False)
    _server_time: tuple[datetime, float] | None = field(init=False, default=None)

    def record_answer(self, server_time: datetime | None) -> None:
        """An answer came with this date (UTC), or without one. An implausible date is ignored."""
        self.has_answer = True
        if server_time is not None and _PLAUSIBLE[0] <= server_time <= _PLAUSIBLE[1]:
            self._server_time = (server_time, self.monotonic_clock())

    def reset(self) -> None:
        """Forget what is known: the PC was suspended, and the monotonic clock stood still meanwhile."""
        self._server_time, self.has_answer = None, False

    @property
    def knows_server_time(self) -> bool:
        return self._server_time is not None

    def corrected_time(self) -> datetime:
        """The time by the server's clock where this PC's is wrong; else this PC's."""
        doubt = self.doubt()
        return doubt.server_time if doubt and doubt.server_time else self.now()

    def doubt(self, *past: datetime) -> ClockDoubt | None:
        """Why this PC's clock is wrong, or None. `past`: times that are certainly past."""
        now = self.now()
        if self._server_time is not None:
            server, then = self._server_time
            right = server + timedelta(seconds=self.monotonic_clock() - then)
            return ClockDoubt(now, right) if abs(now - right) > TOLERANCE else None
        latest = max(past, default=now)
        return ClockDoubt(now, None, latest) if now < latest - _MARGIN else None


def installed_at() -> datetime:
    """When the program's files were put on this PC, by the file's own time. A right clock shows no earlier time."""
    file = sys.executable if getattr(sys, "frozen", False) else bonifiq_desktop.__file__
    return datetime.fromtimestamp(Path(file).stat().st_mtime, UTC)


class ClockDoubted(Exception):
    """This PC's clock is wrong, and what was to be registered carries its date; `doubt` says how wrong."""

    def __init__(self, doubt: ClockDoubt) -> None:
        super().__init__()
        self.doubt = doubt
