"""A worker's client whose answers a test scripts: the window's parts without a backend."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject

from bonifiq_desktop.worker.client import WorkerClient
from bonifiq_desktop.worker.commands import Outcome

Answer = Callable[[Any], Any]


class ScriptedClient(WorkerClient):
    """Answers a command by the script for its type: a value, or an exception that it raises.

    Nothing is answered before `answer`, which leaves out what `holds` names. A command whose type has no script gets
    an outcome without a value.
    """

    def __init__(self) -> None:
        super().__init__(_no_backend)
        self.script: dict[type, Answer] = {}
        self.waiting: list[tuple[int, Any, Callable[[Outcome[Any]], None] | None]] = []
        self.holds: Callable[[Any], bool] = lambda _command: False
        self.asked: list[Any] = []

    def submit(self, command: Any, on_outcome: Callable[[Outcome[Any]], None] | None = None) -> int:
        self._last_id += 1
        request = (self._last_id, command, on_outcome)
        self.asked.append(command)
        self.waiting.append(request)
        return self._last_id

    def submit_with_approval(self, command: Any, on_outcome: Callable[[Outcome[Any]], None], *, asker: QObject) -> int:
        del asker
        return self.submit(command, on_outcome)

    def answer(self, wanted: Callable[[Any], bool] | None = None) -> int:
        """Answer what waits, and what is asked meanwhile, until nothing wanted is left; returns how many."""
        answered = 0
        while True:
            request = next((each for each in self.waiting if self._is_due(each[1], wanted)), None)
            if request is None:
                return answered
            self.waiting.remove(request)
            answered += 1
            self._answer_one(*request)

    def of(self, kind: type) -> list[Any]:
        """The commands of a type that were asked, oldest first."""
        return [command for command in self.asked if isinstance(command, kind)]

    def _is_due(self, command: Any, wanted: Callable[[Any], bool] | None) -> bool:
        return wanted(command) if wanted is not None else not self.holds(command)

    def _answer_one(self, request_id: int, command: Any, on_outcome: Callable[[Outcome[Any]], None] | None) -> None:
        script = self.script.get(type(command))
        try:
            outcome: Outcome[Any] = Outcome(request_id, script(command) if script else None)
        except Exception as error:  # the scripted refusal
            outcome = Outcome(request_id, error=error)
        if on_outcome is not None:
            on_outcome(outcome)


def _no_backend(*_arguments: Any) -> Any:
    raise AssertionError("a scripted client has no backend")
