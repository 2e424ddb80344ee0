"""Desks that are stopped after every test, and a real office behind one of them."""

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import pytest
from pytestqt.qtbot import QtBot

from bonifiq_desktop.security.credentials import Credentials
from bonifiq_desktop.storage.paths import Paths
from bonifiq_desktop.storage.settings import Settings
from bonifiq_desktop.training_server.server import TrainingServer
from bonifiq_desktop.worker import commands as c
from bonifiq_desktop.worker.backend import Backend
from bonifiq_desktop.worker.client import WorkerClient
from bonifiq_desktop.worker.thread import OpenBackend
from tests.support.backend import open_backend

T = TypeVar("T")
PATIENCE_MS = 15_000

MakeDesk = Callable[[OpenBackend], WorkerClient]
OpenDesk = Callable[[], WorkerClient]


class Window:
    """What a window does with its desk: asks, and lets the event loop run until the outcome is there."""

    def __init__(self, qtbot: QtBot) -> None:
        self._qtbot = qtbot

    def until(self, is_so: Callable[[], bool]) -> None:
        """Let events be handled until something is so."""
        self._qtbot.waitUntil(is_so, timeout=PATIENCE_MS)

    def ask(self, desk: WorkerClient, command: c.Command[T]) -> c.Outcome[T]:
        """The outcome of a command."""
        outcomes: list[c.Outcome[T]] = []
        desk.submit(command, outcomes.append)
        self.until(lambda: bool(outcomes))
        return outcomes[0]

    def get(self, desk: WorkerClient, command: c.Command[T]) -> T:
        """The value of a command that must not fail."""
        outcome = self.ask(desk, command)
        assert outcome.error is None
        assert outcome.value is not None
        return outcome.value


@pytest.fixture(name="window")
def event_loop(qtbot: QtBot) -> Window:
    """The window's side."""
    return Window(qtbot)


@pytest.fixture(name="make_desk")
def desk_maker(qtbot: QtBot) -> Iterator[MakeDesk]:
    """Makes desks, not started; all are stopped after the test."""
    desks: list[WorkerClient] = []

    def make(open_office: OpenBackend) -> WorkerClient:
        desks.append(WorkerClient(open_office))
        return desks[-1]

    yield make
    ended = [desk.stop() for desk in desks]
    for desk in desks:
        desk.deleteLater()
    assert all(ended)


@pytest.fixture(name="open_desk")
def opened_desk(make_desk: MakeDesk, server: TrainingServer, paths: Paths) -> OpenDesk:
    """A started desk with a real office that has the server's credentials; the same folder each time."""

    def open_it() -> WorkerClient:
        settings = Settings(url=server.url, account="LOJA1")
        given = Credentials(server.token, server.key)

        async def open_office(tell: Callable[[Any], None]) -> Backend:
            return await open_backend(paths, tell, settings, given)

        desk = make_desk(open_office)
        desk.start()
        return desk

    return open_it


@pytest.fixture(name="bare_desk")
def desk_without_credentials(make_desk: MakeDesk, server: TrainingServer, paths: Paths) -> OpenDesk:
    """A started desk as at a first start: settings for the server, no credentials but those stored in the folder."""

    def open_it() -> WorkerClient:
        async def open_office(tell: Callable[[Any], None]) -> Backend:
            return await open_backend(paths, tell, Settings(url=server.url))

        desk = make_desk(open_office)
        desk.start()
        return desk

    return open_it
