"""Fixtures of all tests."""

import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings
from hypothesis.configuration import set_hypothesis_home_dir

from bonifiq_desktop.domain import undo
from bonifiq_desktop.security.credentials import KEY_VARIABLE, TOKEN_VARIABLE
from bonifiq_desktop.storage.paths import Paths, resource
from bonifiq_desktop.training_server.server import TrainingServer
from bonifiq_desktop.worker import backend
from tests.support.update_publisher import UpdatePublisher

if TYPE_CHECKING:
    from tests.support.postgres import ShopDatabaseServer

# Failing examples are printed, not stored; hypothesis writes its other files to a temporary folder.
_HOME = tempfile.TemporaryDirectory(prefix="bonifiq-hypothesis-")
set_hypothesis_home_dir(Path(_HOME.name))
settings.register_profile("bonifiq", database=None, deadline=None, derandomize=True)
settings.load_profile("bonifiq")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip on Windows what is marked as POSIX's own, with the reason that its marker gives."""
    if sys.platform == "win32":
        for item in items:
            for marker in item.iter_markers("posix_only"):
                item.add_marker(pytest.mark.skip(reason=marker.args[0]))


def pytest_unconfigure() -> None:
    """Remove hypothesis's files."""
    _HOME.cleanup()


@pytest.fixture(name="server")
def running_server() -> Iterator[TrainingServer]:
    """A running server with a fresh service. At the end no key may be applied twice."""
    with TrainingServer(contract=resource("contract/bonifiq.openapi.json")) as server:
        yield server
    keys = Counter((entry.kind, entry.order_id, entry.key) for entry in server.service.applied if entry.key)
    assert set(keys.values()) <= {1}


@pytest.fixture(autouse=True)
def no_time_to_undo(monkeypatch: pytest.MonkeyPatch) -> None:
    """Send refunds at once, except in the tests of undo, which set a time of their own."""
    monkeypatch.setattr(undo, "UNDO_SECONDS", 0.0)


@pytest.fixture(name="paths")
def data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Paths:
    """A data folder on a PC without keyring and without credentials in the environment."""
    monkeypatch.setattr(backend, "system_keyring", lambda: None)
    for name in (TOKEN_VARIABLE, KEY_VARIABLE):
        monkeypatch.delenv(name, raising=False)
    return Paths(tmp_path / "data")


@pytest.fixture(name="publisher")
def publisher_of_notices() -> Iterator[UpdatePublisher]:
    """A publisher with the notice of a newer version."""
    with UpdatePublisher().publishing() as publisher:
        yield publisher


@pytest.fixture(name="shop_base")
def fresh_shop_database() -> Iterator["ShopDatabaseServer"]:
    """A fresh shop database in a real PostgreSQL. Skips where that is not installed, but never in CI."""
    from tests.support.postgres import shop_database  # most tests need no PostgreSQL

    with shop_database() as database:
        yield database
