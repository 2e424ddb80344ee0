"""The newest request for a report: an older one is stopped, and its answer dropped."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject

from bonifiq_desktop.ui.widgets.progress_row import ProgressRow
from bonifiq_desktop.worker.client import WorkerClient
from bonifiq_desktop.worker.command import Command
from bonifiq_desktop.worker.commands import Outcome, StopWork


class ReportRequest(QObject):
    """`show` gets the outcome of the newest request alone."""

    def __init__(self, client: WorkerClient, progress: ProgressRow, show: Callable[[Outcome[Any]], None]) -> None:
        super().__init__(progress)
        self._client = client
        self._progress = progress
        self._show = show
        self._request_id = 0
        self._command: type[Command[Any]] | None = None

    def begin(self, command: Command[Any], text: str) -> None:
        """Ask, in place of what was asked before. `text`: what the program does meanwhile."""
        self.drop()
        self._command = type(command)
        self._progress.begin(type(command), text)
        self._request_id = self._client.submit(command, self._answered)

    def drop(self) -> None:
        """Stop the request that is under way; its answer comes too late."""
        if self._command is not None:
            self._client.submit(StopWork(self._command))
            self._command = None
            self._progress.end()
        self._request_id = 0

    def _answered(self, outcome: Outcome[Any]) -> None:
        if outcome.request_id == self._request_id:
            self._command = None
            self._progress.end()
            self._show(outcome)
