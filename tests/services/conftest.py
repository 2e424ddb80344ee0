"""A training server and tills in front of it; after every test what no test may break is checked."""

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest

from bonifiq_desktop.config.credentials import Credentials
from bonifiq_desktop.config.settings import Settings
from bonifiq_desktop.services.authority import Authority
from bonifiq_desktop.services.pace import Pace
from bonifiq_desktop.training.server import TrainingServer
from tests.people import authority_in, name_people
from tests.services.till import FAST, Till, credentials_of

SETTINGS = Settings(account="LOJA1")


class MakeTill(Protocol):
    """Another till of the same shop, in a folder of its own."""

    def __call__(
        self,
        folder: str,
        *,
        pace: Pace = FAST,
        settings: Settings = SETTINGS,
        credentials: Credentials | None = None,
    ) -> Till:
        """Open it; it is closed after the test."""


@pytest.fixture(name="make_till")
def till_maker(tmp_path: Path, server: TrainingServer) -> Iterator[MakeTill]:
    """Opens tills and closes them all."""
    tills: list[Till] = []

    def make(
        folder: str, *, pace: Pace = FAST, settings: Settings = SETTINGS, credentials: Credentials | None = None
    ) -> Till:
        known = credentials or credentials_of(server)
        tills.append(Till(tmp_path / folder, server.url, known, pace=pace, settings=settings))
        return tills[-1]

    yield make
    for till in tills:
        till.close()


@pytest.fixture(name="till")
def one_till(make_till: MakeTill) -> Till:
    """The till of most tests."""
    return make_till("caixa1")


@pytest.fixture(name="authority")
def authority_with_people(tmp_path: Path) -> Authority:
    """Ana and Bia work here."""
    authority = authority_in(tmp_path)
    name_people(authority)
    return authority
