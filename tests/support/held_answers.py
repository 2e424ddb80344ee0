"""Answers of the worker that come late: held back until a test lets them through."""

from collections.abc import Callable
from typing import Any

import pytest

from bonifiq_desktop.worker.client import WorkerClient
from bonifiq_desktop.worker.commands import Command, Outcome


class HeldAnswers:
    """Holds the answers to one kind of command, as a busy worker or a slow network does."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, client: WorkerClient, kind: type[Command[Any]]) -> None:
        self._submit = client.submit
        self._kind = kind
        self.waiting: list[Callable[[], None]] = []
        self.asked = 0
        monkeypatch.setattr(client, "submit", self._hold)

    def _hold(self, command: Command[Any], on_outcome: Callable[[Outcome[Any]], None] | None = None) -> int:
        if on_outcome is None or not isinstance(command, self._kind):
            return self._submit(command, on_outcome)
        self.asked += 1
        return self._submit(command, lambda outcome: self.waiting.append(lambda: on_outcome(outcome)))

    def release(self) -> None:
        """Let through what has arrived."""
        arrived, self.waiting = self.waiting, []
        for deliver in arrived:
            deliver()
