"""A server and tills as in the tests of the services, with a client that gives up soon, and the oracle at the end."""

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

DEADLINE = 0.4
"""Seconds that a call may take here; the program's own patience would make each silent fault last twenty."""


@pytest.fixture(autouse=True)
def short_call_timeout(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give up soon."""
    monkeypatch.setattr(connector, "HttpClient", partial(HttpClient, timeout=DEADLINE))


@pytest.fixture(name="elsewhere")
def another_origin() -> Iterator[ForeignOrigin]:
    """An origin that nobody may visit."""
    with ForeignOrigin() as elsewhere:
        yield elsewhere
    assert elsewhere.connections == 0


@pytest.fixture(name="ledger_file")
def file_of_the_till(tmp_path: Path, server: TrainingServer) -> Path:
    """Where the only till keeps its ledger."""
    del server
    return tmp_path / "caixa1" / "ledger.db"
