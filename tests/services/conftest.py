"""A training server and its tills; the promises are checked after every test."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pytest

from bonifiq_desktop.connectors.bonifiq.classify import classify_answer
from bonifiq_desktop.connectors.http_client import HttpResult
from bonifiq_desktop.domain.operations import Kind
from bonifiq_desktop.domain.verdicts import Verdict
from bonifiq_desktop.security.credentials import Credentials
from bonifiq_desktop.services.access_control import AccessControl
from bonifiq_desktop.services.retry import RetryPolicy
from bonifiq_desktop.storage.settings import Settings
from bonifiq_desktop.training_server.fault_injection.fault_injector import CallKind
from bonifiq_desktop.training_server.server import TrainingServer
from tests.support.headless_till import FAST_RETRIES, Till, credentials_of
from tests.support.staff import access_control_in, add_ana_and_bia

if TYPE_CHECKING:
    from tests.support.postgres import ShopDatabaseServer
    from tests.support.shop_till import ShopTill

SETTINGS = Settings(account="LOJA1")


WRITE_CALLS: tuple[CallKind, ...] = ("refund", "cancel", "sale")
QueueVerdicts = Callable[[Iterable[Verdict]], None]


class MakeTill(Protocol):
    """Another till of the same shop, in a folder of its own."""

    def __call__(
        self,
        folder: str,
        *,
        pace: RetryPolicy = FAST_RETRIES,
        settings: Settings = SETTINGS,
        credentials: Credentials | None = None,
    ) -> Till:
        """Open it; it is closed after the test."""


@pytest.fixture(name="make_till")
def till_maker(tmp_path: Path, server: TrainingServer) -> Iterator[MakeTill]:
    """Opens tills and closes them all."""
    tills: list[Till] = []

    def make(
        folder: str,
        *,
        pace: RetryPolicy = FAST_RETRIES,
        settings: Settings = SETTINGS,
        credentials: Credentials | None = None,
    ) -> Till:
        known = credentials or credentials_of(server)
        tills.append(Till(tmp_path / folder, server.url, known, pace=pace, settings=settings))
        return tills[-1]

    yield make
    for till in tills:
        till.close()


class OpenShopTill(Protocol):
    """A till that takes part in the test's shop database."""

    def __call__(self, name: str, *, port: int | None = None, settings: Settings = SETTINGS) -> "ShopTill":
        """Open it and let it exchange its changes once; it is closed after the test. `port`: of a proxy."""


@pytest.fixture(name="open_shop_till")
def shop_till_opener(tmp_path: Path, server: TrainingServer, shop_base: "ShopDatabaseServer") -> Iterator[OpenShopTill]:
    """Opens tills that take part in one shop database, and closes them all."""
    from tests.support.shop_till import ShopTill  # most tests need no PostgreSQL

    tills: list[ShopTill] = []

    def open_till(name: str, *, port: int | None = None, settings: Settings = SETTINGS) -> ShopTill:
        access = shop_base.add_till(name)
        till = ShopTill(tmp_path / name, server.url, credentials_of(server), access, settings=settings, port=port)
        tills.append(till)
        till.sync()
        return till

    yield open_till
    for till in tills:
        till.close()


@pytest.fixture(name="till")
def one_till(make_till: MakeTill) -> Till:
    """The till of most tests."""
    return make_till("caixa1")


@pytest.fixture(name="access")
def authority_with_people(tmp_path: Path) -> AccessControl:
    """Ana and Bia work here."""
    access = access_control_in(tmp_path)
    add_ana_and_bia(access)
    return access


@pytest.fixture(name="judged")
def judged_so(monkeypatch: pytest.MonkeyPatch, server: TrainingServer) -> QueueVerdicts:
    """The next answers to sendings are judged so, and nothing of them is applied; those after them as ever."""

    def judge_so(verdicts: Iterable[Verdict]) -> None:
        given = list(verdicts)
        for kind in WRITE_CALLS:
            server.faults.add("nonsense", only=kind, times=len(given))

        def judge_next(kind: Kind, seen: HttpResult, *, order_id: str, cancel_key: str | None, **about: str) -> Verdict:
            return (
                given.pop(0)
                if given
                else classify_answer(kind, seen, order_id=order_id, cancel_key=cancel_key, **about)
            )

        monkeypatch.setattr("bonifiq_desktop.connectors.bonifiq.connector.classify_answer", judge_next)

    return judge_so
