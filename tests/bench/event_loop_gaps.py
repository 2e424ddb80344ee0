"""Gaps in a window's event loop: the time between the ticks of a zero timer."""

from __future__ import annotations

from time import perf_counter

from PySide6.QtCore import QObject, Qt, QTimer


class EventLoopGaps(QObject):
    """A timer of the creating thread. `longest`: the longest gap since `begin` in milliseconds."""

    def __init__(self) -> None:
        super().__init__()
        self.longest = 0.0
        self._last = 0.0
        self._timer = QTimer(self, interval=1, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)

    def begin(self) -> None:
        """Start measuring."""
        self.longest = 0.0
        self._last = perf_counter()
        self._timer.start()

    def end(self) -> float:
        """Stop and return the longest gap, the present one included."""
        self._tick()
        self._timer.stop()
        return self.longest

    def _tick(self) -> None:
        now = perf_counter()
        self.longest = max(self.longest, (now - self._last) * 1000)
        self._last = now
