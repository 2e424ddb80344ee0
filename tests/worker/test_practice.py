"""Training in three systems: the connections exist by themselves, and a return goes through all of them."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from bonifiq_desktop.domain import undo
from bonifiq_desktop.domain.operations import FINAL, State
from bonifiq_desktop.domain.returns import ChosenLine, CounterReason, ReturnChoice
from bonifiq_desktop.security.credentials import Credentials, CredentialStore
from bonifiq_desktop.services.refundable import RefundRequest
from bonifiq_desktop.services.return_requests import RemoteLookup, RemoteRequest, ReturnRequest
from bonifiq_desktop.services.settings_store import Overrides
from bonifiq_desktop.storage.paths import Paths, resource
from bonifiq_desktop.storage.remote_settings import RemoteSettings
from bonifiq_desktop.storage.settings import SettingsError, load_settings
from bonifiq_desktop.training_server.server import TrainingServer
from bonifiq_desktop.worker import commands as c
from bonifiq_desktop.worker.backend import Backend
from bonifiq_desktop.worker.practice import MARKETPLACE, WEB_SHOP, practice_connections, practice_secrets
from tests.support.staff import access_control_in


@pytest.fixture(name="practice")
def training_of_three_systems() -> Iterator[TrainingServer]:
    """The training server with a marketplace and a web shop."""
    server = TrainingServer(
        contract=resource("contract/bonifiq.openapi.json"),
        remote_contracts=(resource("contract/mirakl.openapi.json"), resource("contract/akinon.openapi.json")),
    )
    with server:
        yield server


class Desk:
    """A training backend on an event loop of its own."""

    def __init__(self, paths: Paths, server: TrainingServer) -> None:
        self.runner = asyncio.Runner()
        overrides = Overrides(
            server.url,
            "TREINO",
            Credentials(server.token, server.key),
            practice_connections(server),
            practice_secrets(server),
        )
        paths.folder.mkdir(mode=0o700, exist_ok=True)
        self.backend = self.runner.run(
            Backend.open(
                paths,
                lambda _event: None,
                access_control_in(paths.folder),
                CredentialStore(paths.credentials, None),
                overrides,
            )
        )

    def ask(self, command: c.Command[Any]) -> Any:
        """The value of a command; raises its error."""
        return self.runner.run(self.backend.handle(command))

    def wait_until(self, is_so: Callable[[], bool]) -> None:
        """Let the tasks work until something is so."""

        async def wait() -> None:
            async with asyncio.timeout(15):
                while not is_so():  # noqa: ASYNC110 - nothing announces it
                    await asyncio.sleep(0.01)

        self.runner.run(wait())

    def close(self) -> None:
        """Close backend and loop."""
        self.runner.run(self.backend.aclose())
        self.runner.close()


@pytest.fixture(name="desk")
def training_desk(paths: Paths, practice: TrainingServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """A training backend that sends at once."""
    monkeypatch.setattr(undo, "UNDO_SECONDS", 0.0)
    desk = Desk(paths, practice)
    yield desk
    desk.close()


def returnable(desk: Desk, name: str, numbers: list[str]) -> RemoteLookup:
    """The first order of a connection with a line that can go back."""
    for number in numbers:
        found: RemoteLookup = desk.ask(c.LookUpElsewhere(name, number, is_order_number=True))
        lines = found.order.remote.lines if found.order and found.order.remote else ()
        if any(line.units_left and line.obstacle is None for line in lines):
            return found
    raise AssertionError(numbers)


def test_training_connections_exist_with_every_reason_mapped(desk: Desk, paths: Paths) -> None:
    infos = desk.ask(c.ReadConnections())
    assert [(each.settings.name, each.settings.system, each.has_secret) for each in infos] == [
        (MARKETPLACE, "mirakl", True),
        (WEB_SHOP, "akinon", True),
    ]
    for info in infos:
        assert desk.ask(c.TestRemoteConnection(info.settings)).missing == ()
        known = {(each.purpose, each.code, each.label) for each in desk.ask(c.FetchReasons(info.settings))}
        mapped = [info.settings.mapping(reason) for reason in CounterReason]
        assert {("cancel", each.cancel_code, each.cancel_label) for each in mapped} <= known
        assert {("refund", each.refund_code, each.refund_label) for each in mapped} <= known
    desk.ask(c.SaveSettings(replace(desk.ask(c.ReadSettings()).settings, till="TREINO")))
    assert load_settings(paths.settings).connections == ()


def test_training_reaches_no_real_system(desk: Desk) -> None:
    real = RemoteSettings("Carrefour", "mirakl", "https://carrefour.mirakl.net")
    (marketplace, _shop) = desk.ask(c.ReadConnections())
    for settings in (real, replace(marketplace.settings, url="https://carrefour.mirakl.net")):
        with pytest.raises(SettingsError):
            desk.ask(c.SaveConnection(settings, "key"))


def test_training_return_is_applied_once_in_the_marketplace_and_in_bonifiq(
    desk: Desk, practice: TrainingServer
) -> None:
    found = returnable(desk, MARKETPLACE, [order.order_id for order in practice.mirakl.service.orders.values()])
    assert found.order is not None
    assert found.order.remote is not None
    line = next(line for line in found.order.remote.lines if line.units_left and line.obstacle is None)
    choice = ReturnChoice((ChosenLine(line.line_id, 1),), CounterReason.DEFECT)
    points = RefundRequest(desk.ask(c.LookUp("1001")).order, 1000, "Defeito")
    legs = desk.ask(c.RegisterReturn(ReturnRequest(points, (RemoteRequest(MARKETPLACE, found.order, choice),))))
    queries = desk.backend.ledger.queries
    desk.wait_until(lambda: all(leg.state in FINAL for leg in queries.legs(legs[0].return_id)))
    assert [leg.state for leg in queries.legs(legs[0].return_id)] == [State.CONFIRMED, State.CONFIRMED]
    assert len(practice.mirakl.service.applied) == 1
    assert len(practice.service.applied) == 1


def test_training_return_is_applied_once_in_the_web_shop(desk: Desk, practice: TrainingServer) -> None:
    found = returnable(desk, WEB_SHOP, [order.number for order in practice.akinon.service.orders])
    assert found.order is not None
    assert found.order.remote is not None
    line = next(line for line in found.order.remote.lines if line.units_left and line.obstacle is None)
    choice = ReturnChoice((ChosenLine(line.line_id, 1),), CounterReason.REGRET)
    (leg,) = desk.ask(c.RegisterReturn(ReturnRequest(None, (RemoteRequest(WEB_SHOP, found.order, choice),))))
    queries = desk.backend.ledger.queries
    desk.wait_until(lambda: queries.operation(leg.operation_id).state in FINAL)
    assert queries.operation(leg.operation_id).state is State.CONFIRMED
    assert len(practice.akinon.service.applied) == 1
