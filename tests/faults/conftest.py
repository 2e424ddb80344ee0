"""Fixtures of the fault tests: the services' server and tills, with a short call timeout."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from bonifiq_desktop.connectors.bonifiq import connector
from bonifiq_desktop.connectors.http_client import HttpClient
from bonifiq_desktop.training_server.server import TrainingServer
from tests.services.conftest import MakeTill, one_till, till_maker
from tests.support.foreign_origin import ForeignOrigin

__all__ = ["MakeTill", "one_till", "till_maker"]

DEADLINE = 2.0
"""Call timeout in seconds. With the program's own one, each silent fault would take 20 s."""


@pytest.fixture(autouse=True)
def short_call_timeout(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shorten the call timeout."""
    monkeypatch.setattr(connector, "HttpClient", partial(HttpClient, timeout=DEADLINE))


@pytest.fixture(name="elsewhere")
def another_origin() -> Iterator[ForeignOrigin]:
    """An origin that must receive no connection."""
    with ForeignOrigin() as elsewhere:
        yield elsewhere
    assert elsewhere.connections == 0


@pytest.fixture(name="ledger_file")
def file_of_the_till(tmp_path: Path, server: TrainingServer) -> Path:
    """The ledger of the only till."""
    del server
    return tmp_path / "caixa1" / "ledger.db"
