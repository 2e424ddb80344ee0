"""Tills of one shop as real processes, each with its own line to BonifiQ, and the shop's PostgreSQL."""

from __future__ import annotations

import json
import queue
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

from bonifiq_desktop.storage.paths import resource
from bonifiq_desktop.training_server.loyalty_service import LoyaltyService
from bonifiq_desktop.training_server.models import AppliedKind
from bonifiq_desktop.training_server.server import TrainingServer

ANSWER_SECONDS = 60.0
TOKEN, KEY = "treino", "segredo"
_ROOT = Path(__file__).parents[2]


class TillFailed(Exception):
    """A command of a till raised `name`."""

    def __init__(self, name: str, text: str) -> None:
        super().__init__(f"{name}: {text}")
        self.name = name


class TillDied(Exception):
    """The till's process ended before it answered."""


class WatchedService(LoyaltyService):
    """BonifiQ behind several lines. `applied_by`: the till whose line brought each applied change."""

    def __init__(self, **options: Any) -> None:
        self.applied_by: dict[int, str] = {}
        super().__init__(**options)

    def _record(self, kind: AppliedKind, order_id: str, key: str, amount: int) -> None:
        super()._record(kind, order_id, key, amount)
        self.applied_by[len(self.applied) - 1] = threading.current_thread().name


def _line_to(service: WatchedService, name: str) -> TrainingServer:
    server = TrainingServer(contract=resource("contract/bonifiq.openapi.json"), service=service, token=TOKEN, key=KEY)
    server._listener._name = name  # of the thread that applies this till's requests
    server.start()
    return server


class TillProcess:
    """One till. Its line to BonifiQ is a training server of its own on the common service.

    So one till's line fails alone, and the service knows whose request it applied. `server`: another till's line.
    """

    def __init__(self, name: str, folder: Path, service: WatchedService, server: TrainingServer | None = None) -> None:
        self.name = name
        self.folder = folder
        self.kills = 0
        self.promised: list[int] = []
        self._owns_server = server is None
        self.server = server or _line_to(service, name)
        self._process: subprocess.Popen[str] | None = None
        self._answers: queue.Queue[str] = queue.Queue()

    @property
    def ledger(self) -> Path:
        return self.folder / "ledger.db"

    @property
    def _log(self) -> Path:
        """What the process wrote on standard error."""
        return self.folder.with_name(f"{self.folder.name}.log")

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start the process and wait until its backend is open."""
        self.begin_start()
        self.finish_start()

    def begin_start(self) -> None:
        """Start the process."""
        self._forget_process()
        command = [sys.executable, "-B", "-m", "tests.support.shop_till_program"]
        with self._log.open("a", encoding="utf-8") as log:
            self._process = subprocess.Popen(
                [*command, str(self.folder), self.name, self.server.url, TOKEN, KEY],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                cwd=_ROOT,
            )
        self._answers = queue.Queue()
        threading.Thread(target=self._read, args=(self._process, self._answers), daemon=True).start()

    def finish_start(self) -> None:
        """Wait until the backend is open."""
        self._answer()

    @staticmethod
    def _read(process: subprocess.Popen[str], answers: queue.Queue[str]) -> None:
        assert process.stdout is not None
        with process.stdout:
            for line in process.stdout:
                answers.put(line)
        answers.put("")

    def _forget_process(self) -> None:
        if self._process is not None and self._process.stdin is not None:
            with suppress(BrokenPipeError):
                self._process.stdin.close()
        self._process = None

    def _answer(self) -> Any:
        line = self._answers.get(timeout=ANSWER_SECONDS)
        if not line:
            raise TillDied(f"{self.name}: {self._log.read_text('utf-8')[-3000:]}")
        content = json.loads(line)
        if "error" in content:
            raise TillFailed(content["error"], content["text"])
        return content["value"]

    def ask(self, do: str, **arguments: Any) -> Any:
        """The value of a command. Raises TillFailed with the name of its error, and TillDied."""
        self.send(do, **arguments)
        return self._answer()

    def send(self, do: str, **arguments: Any) -> None:
        """Give a command without waiting for its answer."""
        assert self._process is not None
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(f"{json.dumps({'do': do, **arguments})}\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            raise TillDied(self.name) from None

    def receive(self) -> Any:
        """The answer to the oldest command given with `send`."""
        return self._answer()

    def register(self, do: str, **arguments: Any) -> dict[str, Any]:
        """Register an operation that the cashier then saw on the screen."""
        operation: dict[str, Any] = self.ask(do, **arguments)
        self.promised.append(operation["id"])
        return operation

    def kill(self) -> None:
        """Kill the process, as a power cut does."""
        assert self._process is not None
        self.kills += 1
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()

    def close(self) -> None:
        """Close the program as its window does."""
        process = self._process
        if process is not None and process.poll() is None:
            self._forget_process()
            assert process.wait(ANSWER_SECONDS) == 0, f"{self.name} ended badly"

    def stop(self) -> None:
        """End the process and the line to BonifiQ, whatever they do."""
        if self.is_running:
            assert self._process is not None
            self._process.kill()
            self._process.wait()
        self._forget_process()
        if self._owns_server:
            self.server.stop()
