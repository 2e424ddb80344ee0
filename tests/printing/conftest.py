"""One real CUPS for all tests of printing in a process."""

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QGuiApplication

from tests.support.cups import Cups, running_cups


@pytest.fixture(scope="session", name="daemon")
def cups_daemon() -> Iterator[Cups]:
    """The daemon, with its printers."""
    with running_cups() as cups:
        yield cups


@pytest.fixture(name="cups")
def cups_in_use(daemon: Cups, monkeypatch: pytest.MonkeyPatch) -> Cups:
    """The CUPS that print helpers of this test speak to."""
    monkeypatch.setenv("CUPS_SERVER", daemon.address)
    return daemon


@pytest.fixture(autouse=True)
def painting(qapp: QGuiApplication) -> None:
    """Tests paint slips themselves, to compare them with what was printed."""
