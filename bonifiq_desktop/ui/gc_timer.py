"""Cyclic garbage collection on the main thread only.

Python's own collector runs on the thread that allocates, so that it would delete Qt objects on the worker thread.
Objects of the start-up live as long as the program. They are frozen once, because each scan takes several frames.
"""

import gc

from PySide6.QtCore import QObject, QTimer, Slot

_START_MS = 3000
_INTERVAL_MS = 1000


class GcTimer(QObject):
    """Collects a generation when its own threshold is reached."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._thresholds = gc.get_threshold()
        gc.disable()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._freeze_startup_objects)
        self._timer.start(_START_MS)

    def stop(self) -> None:
        """Give the collection back to Python."""
        self._timer.stop()
        gc.unfreeze()
        gc.enable()

    @Slot()
    def _freeze_startup_objects(self) -> None:
        gc.freeze()
        self._timer.timeout.disconnect(self._freeze_startup_objects)
        self._timer.timeout.connect(self._collect)
        self._timer.start(_INTERVAL_MS)

    @Slot()
    def _collect(self) -> None:
        counts = gc.get_count()
        for generation in (2, 1, 0):
            if counts[generation] > self._thresholds[generation]:
                gc.collect(generation)
                return
