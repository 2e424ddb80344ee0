"""Fixtures of the whole program against a training server over HTTP."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from bonifiq_desktop.app import App, build
from bonifiq_desktop.training_server.server import TrainingServer
from bonifiq_desktop.ui.widgets import second_press
from tests.support.cashier import Cashier, wait_until
from tests.support.staff import ANA, BIA
from tests.support.staff_actions import add_person, sign_in, sign_out


@pytest.fixture(autouse=True)
def no_pause_before_a_second_press(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a second press count at once, except in the tests of the pause, which set one."""
    monkeypatch.setattr(second_press, "PAUSE", 0.0)


@pytest.fixture(name="credentials")
def credentials_of_the_server(server: TrainingServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the server's credentials into the environment, as a kiosk set-up does."""
    monkeypatch.setenv("BONIFIQ_API_TOKEN", server.token)
    monkeypatch.setenv("BONIFIQ_API_KEY", server.key)


@pytest.fixture(name="start")
def start_programs(qapp: QApplication, tmp_path: Path) -> Iterator[Callable[..., Cashier]]:
    """Return a function that starts programs; stop them at the end of the test, before their folder goes."""
    del qapp, tmp_path
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
    # Delete the windows now: the next test would restyle them, and lose the focus with them.
    QCoreApplication.processEvents()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture(name="cashier")
def cashier_at_the_counter(
    server: TrainingServer, credentials: None, start: Callable[..., Cashier], tmp_path: Path
) -> Cashier:
    """A connected program."""
    cashier = start("--data-dir", str(tmp_path / "data"), "--api-url", server.url)
    wait_until(cashier.app.paths.ledger.exists, "the worker")
    return cashier


@pytest.fixture(name="data")
def data_folder(tmp_path: Path) -> Path:
    """Return the data folder."""
    return tmp_path / "data"


@pytest.fixture(name="open_till")
def opened_till(
    start: Callable[..., Cashier], server: TrainingServer, credentials: None, data: Path
) -> Callable[[], Cashier]:
    """Return a function that opens the program on the same folder."""
    return lambda: start("--data-dir", str(data), "--api-url", server.url)


@pytest.fixture(name="managed")
def counter_with_a_manager(cashier: Cashier) -> Cashier:
    """A till with Ana as its manager and no cashier."""
    add_person(cashier, "Ana", "manager", ANA.pin)
    return cashier


@pytest.fixture(name="staffed")
def counter_with_people(managed: Cashier) -> Cashier:
    """A till with Ana as its manager and Bia signed in."""
    add_person(managed, "Bia", "cashier", BIA.pin, approved_by=ANA.pin)
    sign_out(managed)
    sign_in(managed, "Bia", BIA.pin)
    return managed
