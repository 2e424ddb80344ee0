"""The slow commands that run now: each publishes its progress, and can be stopped."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from bonifiq_desktop.domain.progress import Progress
from bonifiq_desktop.worker import commands as c


class RunningWork:
    """At most one command of each type runs; `publish` may be called from any thread."""

    def __init__(self, publish: Callable[[object], None]) -> None:
        self._publish = publish
        self._running: dict[type[c.Command[Any]], Progress] = {}

    @contextmanager
    def start(self, command: type[c.Command[Any]]) -> Iterator[Progress]:
        """Yield the progress of a command; it can be stopped until the block ends."""
        progress = Progress(lambda done, total: self._publish(c.WorkProgress(command, done, total)))
        self._running[command] = progress
        try:
            yield progress
        finally:
            if self._running.get(command) is progress:
                del self._running[command]

    def stop(self, command: type[c.Command[Any]]) -> None:
        """Stop a command; without effect when it has ended."""
        if command in self._running:
            self._running[command].stop()
