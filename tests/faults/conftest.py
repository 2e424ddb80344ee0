"""A server and tills as in the tests of the services, with a client that gives up soon, and the oracle at the end."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from bonifiq_desktop.api.client import ApiClient
from bonifiq_desktop.services import connection
from bonifiq_desktop.training.server import TrainingServer
from tests.faults import waiting
from tests.faults.elsewhere import Elsewhere
from tests.services.conftest import MakeTill, one_till, till_maker

__all__ = ["MakeTill", "one_till", "till_maker"]

DEADLINE = 0.4
"""Seconds that a call may take here; the program's own patience would make each silent fault last twenty."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out what waits for other changes."""
    for item in items:
        if item.name.startswith(waiting.NAMES):
            item.add_marker(pytest.mark.skip(reason="waits for another change: tests/faults/waiting.py"))


@pytest.fixture(autouse=True)
def hasty_client(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give up soon."""
    monkeypatch.setattr(connection, "ApiClient", partial(ApiClient, deadline=DEADLINE))


@pytest.fixture(name="elsewhere")
def another_origin() -> Iterator[Elsewhere]:
    """An origin that nobody may visit."""
    with Elsewhere() as elsewhere:
        yield elsewhere
    assert elsewhere.visitors == 0


@pytest.fixture(name="ledger_file")
def file_of_the_till(tmp_path: Path, server: TrainingServer) -> Path:
    """Where the only till keeps its ledger."""
    del server
    return tmp_path / "caixa1" / "ledger.db"
