"""Worker clients that are stopped after every test, with and without a real backend."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any, TypeVar

import pytest
from pytestqt.qtbot import QtBot

from bonifiq_desktop.domain import undo
from bonifiq_desktop.security.credentials import KEY_VARIABLE, TOKEN_VARIABLE, Credentials
from bonifiq_desktop.storage.paths import Paths
from bonifiq_desktop.storage.settings import Settings
from bonifiq_desktop.training_server.server import TrainingServer
from bonifiq_desktop.worker import backend as backend_module
from bonifiq_desktop.worker import commands as c
from bonifiq_desktop.worker.backend import Backend
from bonifiq_desktop.worker.client import WorkerClient
from bonifiq_desktop.worker.thread import OpenBackend
from tests.support.backend import open_backend
from tests.support.fake_keyring import FakeKeyring
from tests.support.remote_till import NAME, SECRET, RemoteTill
from tests.support.tally_returns import RecordingReturns, TallyReturns, tally_settings
from tests.support.tally_system import TallyServer

T = TypeVar("T")
PATIENCE_MS = 15_000

MakeClient = Callable[[OpenBackend], WorkerClient]
OpenClient = Callable[[], WorkerClient]


class Window:
    """The window's side: submits commands and runs the event loop until the outcome is there."""

    def __init__(self, qtbot: QtBot) -> None:
        self._qtbot = qtbot

    def until(self, is_so: Callable[[], bool]) -> None:
        """Process events until a condition holds."""
        self._qtbot.waitUntil(is_so, timeout=PATIENCE_MS)

    def ask(self, client: WorkerClient, command: c.Command[T]) -> c.Outcome[T]:
        """Return the outcome of a command."""
        outcomes: list[c.Outcome[T]] = []
        client.submit(command, outcomes.append)
        self.until(lambda: bool(outcomes))
        return outcomes[0]

    def get(self, client: WorkerClient, command: c.Command[T]) -> T:
        """Return the value of a command that must not fail."""
        outcome = self.ask(client, command)
        assert outcome.error is None
        assert outcome.value is not None
        return outcome.value


@pytest.fixture(name="window")
def event_loop(qtbot: QtBot) -> Window:
    """The window's side."""
    return Window(qtbot)


@pytest.fixture(name="make_client")
def client_maker(qtbot: QtBot) -> Iterator[MakeClient]:
    """Makes clients without starting them; stops all of them after the test."""
    clients: list[WorkerClient] = []

    def make(open_backend_for_test: OpenBackend) -> WorkerClient:
        clients.append(WorkerClient(open_backend_for_test))
        return clients[-1]

    yield make
    ended = [client.stop() for client in clients]
    for client in clients:
        client.deleteLater()
    assert all(ended)


@pytest.fixture(name="open_client")
def client_opener(make_client: MakeClient, server: TrainingServer, paths: Paths) -> OpenClient:
    """Starts a client with a real backend and the server's credentials; always in the same folder."""

    def open_it() -> WorkerClient:
        settings = Settings(url=server.url, account="LOJA1")
        given = Credentials(server.token, server.key)

        async def open_backend_for_test(tell: Callable[[Any], None]) -> Backend:
            return await open_backend(paths, tell, settings, given)

        client = make_client(open_backend_for_test)
        client.start()
        return client

    return open_it


@pytest.fixture(name="open_bare_client")
def bare_client_opener(make_client: MakeClient, server: TrainingServer, paths: Paths) -> OpenClient:
    """Starts a client as at a first start: with the server's address, and no credentials but stored ones."""

    def open_it() -> WorkerClient:
        async def open_backend_for_test(tell: Callable[[Any], None]) -> Backend:
            return await open_backend(paths, tell, Settings(url=server.url))

        client = make_client(open_backend_for_test)
        client.start()
        return client

    return open_it


@pytest.fixture(name="keyring")
def make_keyring(monkeypatch: pytest.MonkeyPatch) -> FakeKeyring:
    """A keyring that works, for every backend of the test."""
    keyring = FakeKeyring()
    monkeypatch.setattr(backend_module, "system_keyring", lambda: keyring)
    return keyring


@pytest.fixture(name="tally")
def listening_tally(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[TallyServer, str]]:
    """The made-up system, listening in the place of a marketplace."""
    monkeypatch.setattr(backend_module, "CONNECTORS", {"mirakl": TallyReturns, "akinon": TallyReturns})
    server = TallyServer()
    with server.listening() as url:
        yield server, url


@pytest.fixture(name="till")
def running_till(
    paths: Paths, server: TrainingServer, keyring: FakeKeyring, tally: object, monkeypatch: pytest.MonkeyPatch
) -> Iterator[RemoteTill]:
    """A till with BonifiQ's pair from the environment, as a kiosk has it."""
    monkeypatch.setenv(TOKEN_VARIABLE, server.token)
    monkeypatch.setenv(KEY_VARIABLE, server.key)
    till = RemoteTill(paths, server.url)
    yield till
    till.close()


@pytest.fixture(name="recording_shop")
def till_whose_marketplace_shows_refunds(
    till: RemoteTill, tally: tuple[TallyServer, str], server: TrainingServer, monkeypatch: pytest.MonkeyPatch
) -> RemoteTill:
    """A till that sends at once. Its systems show refunds; what it settled counts as old enough to be shown."""
    monkeypatch.setattr(undo, "UNDO_SECONDS", 0.0)
    for module in ("lookup", "day_check"):
        monkeypatch.setattr(f"bonifiq_desktop.services.{module}.PROPAGATION_DELAY", timedelta())
    server.service.set_options(shows_refunds=True)
    till.backend.connections.connectors = {"mirakl": RecordingReturns}
    till.ask(c.SaveConnection(tally_settings(NAME, tally[1]), SECRET))
    return till
