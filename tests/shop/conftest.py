"""Shops of several till processes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.postgres import PostgresServer, running_postgres
from tests.support.shop_of_tills import Shop, shop_of


@pytest.fixture(scope="module", name="postgres")
def durable_server() -> Iterator[PostgresServer]:
    """A server whose commits reach the disk, and which a test may kill and start again."""
    with running_postgres(durable=True) as server:
        yield server


@pytest.fixture(name="two_tills")
def shop_of_two(tmp_path: Path, postgres: PostgresServer) -> Iterator[Shop]:
    """Two tills that take part in one shop database."""
    with shop_of(tmp_path / "shop", 2, postgres) as shop:
        yield shop


@pytest.fixture(name="two_bare_tills")
def shop_of_two_without_database(tmp_path: Path) -> Iterator[Shop]:
    """Two tills of a shop without a database."""
    with shop_of(tmp_path / "shop", 2, None) as shop:
        yield shop
