"""How smoothly a window's event loop goes on: the gaps between the ticks of a timer that is always due."""

from __future__ import annotations

from time import perf_counter

from PySide6.QtCore import QObject, Qt, QTimer


class EventLoopGaps(QObject):
    """A timer of the thread that makes it. `longest`: milliseconds, since `begin`."""

    def __init__(self) -> None:
        super().__init__()
        self.longest = 0.0
        self._last = 0.0
        self._timer = QTimer(self, interval=1, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)

    def begin(self) -> None:
        """Count from now on."""
        self.longest = 0.0
        self._last = perf_counter()
        self._timer.start()

    def end(self) -> float:
        """Stop; the longest gap, the one that lasts at this moment, too."""
        self._tick()
        self._timer.stop()
        return self.longest

    def _tick(self) -> None:
        now = perf_counter()
        self.longest = max(self.longest, (now - self._last) * 1000)
        self._last = now
