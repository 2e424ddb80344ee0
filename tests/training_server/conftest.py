"""A training server per test, and a plain HTTP client without code of the program."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from bonifiq_desktop.training_server.server import TrainingServer
from tests.support.training_calls import client

CONTRACT = Path(__file__).parents[2] / "resources" / "contract" / "bonifiq.openapi.json"


@pytest.fixture(name="contract", scope="session")
def contract_path() -> Path:
    """The contract file of this checkout."""
    return CONTRACT


@pytest.fixture(name="server")
def running_server(contract: Path) -> Iterator[TrainingServer]:
    """A running server with a fresh service."""
    with TrainingServer(contract=contract) as server:
        yield server


@pytest.fixture(name="http")
def http_client(server: TrainingServer) -> Iterator[httpx.Client]:
    """A client with the server's credentials."""
    with client(server) as http:
        yield http
