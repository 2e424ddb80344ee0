"""A ledger per test, in a real file, on a clock that moves a second at every look."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bonifiq_desktop.ledger.ledger import Ledger
from tests.support.ledger_actions import KEYS, Clock


@pytest.fixture(name="path")
def ledger_path(tmp_path: Path) -> Path:
    """Where the ledger is; SQLite must find it whatever the folder is called."""
    folder = tmp_path / ("Loja São João #1 50%" if sys.platform == "win32" else "Loja São João #1 50%?")
    folder.mkdir()
    return folder / "ledger.db"


@pytest.fixture(name="ledger")
def open_ledger(path: Path) -> Iterator[Ledger]:
    """The open ledger."""
    ledger = Ledger(path, clock=Clock(), customer_keys=KEYS)
    yield ledger
    ledger.close()
