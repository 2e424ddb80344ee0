"""A training server, and the whole program against it over HTTP."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from bonifiq_desktop.app import App, build
from bonifiq_desktop.training_server.server import TrainingServer
from tests.support.cashier import Cashier, wait_until
from tests.support.staff import ANA, BIA
from tests.support.staff_actions import add_person, sign_in


@pytest.fixture(name="credentials")
def credentials_of_the_server(server: TrainingServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server's credentials, given as a kiosk set-up gives them."""
    monkeypatch.setenv("BONIFIQ_API_TOKEN", server.token)
    monkeypatch.setenv("BONIFIQ_API_KEY", server.key)


@pytest.fixture(name="start")
def start_programs(qapp: QApplication) -> Iterator[Callable[..., Cashier]]:
    """Starts programs, and stops those that still run when the test ends."""
    del qapp
    running: list[App] = []

    def start(*arguments: str) -> Cashier:
        app = build(arguments)
        running.append(app)
        cashier = Cashier(app)
        app.start()
        assert QTest.qWaitForWindowActive(app.window)
        return cashier

    yield start
    for app in running:
        assert app.stop(), "the worker did not end"
    # Their last news and their windows go now: the next test would dress them anew, and lose the focus with them.
    QCoreApplication.processEvents()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture(name="cashier")
def cashier_at_the_counter(
    server: TrainingServer, credentials: None, start: Callable[..., Cashier], tmp_path: Path
) -> Cashier:
    """The program, set up and connected."""
    cashier = start("--data-dir", str(tmp_path / "data"), "--api-url", server.url)
    wait_until(cashier.app.paths.ledger.exists, "the worker")
    return cashier


@pytest.fixture(name="data")
def data_folder(tmp_path: Path) -> Path:
    """The till's folder."""
    return tmp_path / "data"


@pytest.fixture(name="open_till")
def opened_till(
    start: Callable[..., Cashier], server: TrainingServer, credentials: None, data: Path
) -> Callable[[], Cashier]:
    """Opens the program on that folder, again and again."""
    return lambda: start("--data-dir", str(data), "--api-url", server.url)


@pytest.fixture(name="managed")
def counter_with_a_manager(cashier: Cashier) -> Cashier:
    """Ana is the manager, and the only person of the till."""
    add_person(cashier, "Ana", "manager", ANA.pin)
    return cashier


@pytest.fixture(name="staffed")
def counter_with_people(managed: Cashier) -> Cashier:
    """Ana is the manager, Bia is at the counter."""
    add_person(managed, "Bia", "cashier", BIA.pin, approved_by=ANA.pin)
    wait_until(lambda: managed.find("lockPin").isVisible(), "the lock")
    sign_in(managed, "Bia", BIA.pin)
    return managed
