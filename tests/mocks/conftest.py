"""Fixtures: one mock server for each system."""

from collections.abc import Iterator

import pytest

from tests.mocks.schema_mock import CONTRACTS, PROGRAM, SchemaMock, listening


def _mock_of(system: str) -> Iterator[SchemaMock]:
    if not PROGRAM.exists():
        pytest.skip("the mock server is not installed: run `make mocks`")
    with listening(CONTRACTS / f"{system}.openapi.json") as mock:
        yield mock


@pytest.fixture(name="akinon_mock", scope="session")
def mock_of_akinon() -> Iterator[SchemaMock]:
    """The mock server of Akinon's contract file."""
    yield from _mock_of("akinon")


@pytest.fixture(name="bonifiq_mock", scope="session")
def mock_of_bonifiq() -> Iterator[SchemaMock]:
    """The mock server of BonifiQ's contract file."""
    yield from _mock_of("bonifiq")


@pytest.fixture(name="mirakl_mock", scope="session")
def mock_of_mirakl() -> Iterator[SchemaMock]:
    """The mock server of Mirakl's contract file."""
    yield from _mock_of("mirakl")
