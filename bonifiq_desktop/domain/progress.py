"""Progress of slow work: reported by the thread that does it, stopped from another one."""

import threading
from collections.abc import Callable
from time import monotonic_ns

_INTERVAL_MS = 100  # between two reports


class WorkStopped(Exception):
    """A person stopped the work before its end; it changed nothing."""


class Progress:
    """`publish` gets the steps that are done and their number, which is 0 while it is not known."""

    def __init__(self, publish: Callable[[int, int], None] = lambda _done, _total: None) -> None:
        self._publish = publish
        self._stopped = threading.Event()
        self._reported_at: int | None = None

    def stop(self) -> None:
        self._stopped.set()

    @property
    def is_stopped(self) -> bool:
        return self._stopped.is_set()

    def report(self, done: int, total: int) -> None:
        """Publish the progress, at most ten times a second. Raises WorkStopped after `stop`."""
        if self.is_stopped:
            raise WorkStopped
        now = monotonic_ns() // 1_000_000
        if self._reported_at is None or now - self._reported_at >= _INTERVAL_MS:
            self._reported_at = now
            self._publish(done, total)
