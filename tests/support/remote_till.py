"""A real backend with connections to made-up systems, on an event loop of its own."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bonifiq_desktop.domain.operations import Operation
from bonifiq_desktop.ledger.backups import restore
from bonifiq_desktop.storage.paths import Paths
from bonifiq_desktop.storage.settings import Settings, SettingsError, load_settings
from bonifiq_desktop.worker import commands as c
from bonifiq_desktop.worker.backend import Backend
from tests.support.backend import open_backend

NAME = "Carrefour"
SECRET = "tally-secret-key"


class RemoteTill:
    """A backend on an event loop of its own, with what it published."""

    def __init__(self, paths: Paths, url: str) -> None:
        self.paths = paths
        self._url = url
        self._runner = asyncio.Runner()
        self.published: list[object] = []
        self.backend = self.open()

    def open(self) -> Backend:
        """Open the backend, as at a start of the program."""
        stored = load_settings(self.paths.settings) if self.paths.settings.exists() else Settings()
        self.backend = self._runner.run(open_backend(self.paths, self.published.append, replace(stored, url=self._url)))
        return self.backend

    def reopen(self) -> None:
        """Close the backend and open it again."""
        self._runner.run(self.backend.aclose())
        self.open()

    def put_back(self, copy: Path) -> None:
        """Close the backend, put a copy in the ledger's place, and open it again."""
        self._runner.run(self.backend.aclose())
        restore(self.paths.ledger, copy, decided_by="Ana", now=datetime.now(UTC))
        self.open()

    def ask(self, command: c.Command[Any]) -> Any:
        """The value of a command; raises its error."""
        return self._runner.run(self.backend.handle(command))

    def refused_field(self, command: c.Command[Any]) -> str:
        """The field for which a command is refused."""
        with pytest.raises(SettingsError) as refused:
            self.ask(command)
        return refused.value.field

    def wait_until(self, is_so: Callable[[], bool]) -> None:
        """Let the tasks work until something is so."""

        async def wait() -> None:
            async with asyncio.timeout(10):
                while not is_so():  # noqa: ASYNC110 - nothing announces it
                    await asyncio.sleep(0.01)

        self._runner.run(wait())

    def release(self, operations: Iterable[Operation]) -> None:
        """The time to undo these is over: hold them once more, for as long as `undo.UNDO_SECONDS` is by now."""

        async def hold() -> None:
            for operation in operations:
                outbox = self.backend.outbox_of(operation)
                outbox.hold(operation.operation_id)
                outbox.wake()

        self._runner.run(hold())

    def let_work(self, seconds: float) -> None:
        """Let the tasks work for a while."""
        self._runner.run(asyncio.sleep(seconds))

    def close(self) -> None:
        """Close backend and loop."""
        self._runner.run(self.backend.aclose())
        self._runner.close()

    @property
    def elsewhere(self) -> dict[str, c.RemoteStatus]:
        """The connections as the window saw them last, by name."""
        statuses = [each for each in self.published if isinstance(each, c.Status)]
        return {each.name: each for each in statuses[-1].elsewhere}
