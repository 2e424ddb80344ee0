"""Connections to other systems in a real backend: added, changed, removed while it runs, each with its own trouble."""

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest

from bonifiq_desktop.domain.connections import ConnectionStatus, NotSetUp
from bonifiq_desktop.domain.verdicts import LookupFailed
from bonifiq_desktop.security.credentials import KEY_VARIABLE, TOKEN_VARIABLE, KeyStorage
from bonifiq_desktop.services.return_requests import ConnectionUnknown
from bonifiq_desktop.storage.paths import Paths
from bonifiq_desktop.storage.settings import Settings, SettingsError, load_settings
from bonifiq_desktop.training_server.server import TrainingServer
from bonifiq_desktop.worker import backend as backend_module
from bonifiq_desktop.worker import commands as c
from bonifiq_desktop.worker.backend import Backend
from tests.support.backend import open_backend
from tests.support.fake_keyring import FakeKeyring
from tests.support.tally_returns import TallyReturns, tally_settings
from tests.support.tally_system import TallyServer

NAME = "Carrefour"
SECRET = "tally-secret-key"


class Till:
    """A backend on an event loop of its own, with what it published."""

    def __init__(self, paths: Paths, url: str) -> None:
        self.paths = paths
        self._url = url
        self._runner = asyncio.Runner()
        self.published: list[object] = []
        self.backend = self.open()

    def open(self) -> Backend:
        """Open the backend, as at a start of the program."""
        stored = load_settings(self.paths.settings) if self.paths.settings.exists() else Settings()
        self.backend = self._runner.run(open_backend(self.paths, self.published.append, replace(stored, url=self._url)))
        return self.backend

    def reopen(self) -> None:
        """Close the backend and open it again."""
        self._runner.run(self.backend.aclose())
        self.open()

    def ask(self, command: c.Command[Any]) -> Any:
        """The value of a command; raises its error."""
        return self._runner.run(self.backend.handle(command))

    def refused_field(self, command: c.Command[Any]) -> str:
        """The field for which a command is refused."""
        with pytest.raises(SettingsError) as refused:
            self.ask(command)
        return refused.value.field

    def wait_until(self, is_so: Callable[[], bool]) -> None:
        """Let the tasks work until something is so."""

        async def wait() -> None:
            async with asyncio.timeout(10):
                while not is_so():  # noqa: ASYNC110 - nothing announces it
                    await asyncio.sleep(0.01)

        self._runner.run(wait())

    def close(self) -> None:
        """Close backend and loop."""
        self._runner.run(self.backend.aclose())
        self._runner.close()

    @property
    def elsewhere(self) -> dict[str, c.RemoteStatus]:
        """The connections as the window saw them last, by name."""
        statuses = [each for each in self.published if isinstance(each, c.Status)]
        return {each.name: each for each in statuses[-1].elsewhere}


@pytest.fixture(name="keyring")
def make_keyring(monkeypatch: pytest.MonkeyPatch) -> FakeKeyring:
    """A keyring that works, for every backend of the test."""
    keyring = FakeKeyring()
    monkeypatch.setattr(backend_module, "system_keyring", lambda: keyring)
    return keyring


@pytest.fixture(name="tally")
def listening_tally(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[TallyServer, str]]:
    """The made-up system, listening in the place of a marketplace."""
    monkeypatch.setattr(backend_module, "CONNECTORS", {"mirakl": TallyReturns, "akinon": TallyReturns})
    server = TallyServer()
    with server.listening() as url:
        yield server, url


@pytest.fixture(name="till")
def running_till(
    paths: Paths, server: TrainingServer, keyring: FakeKeyring, tally: object, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Till]:
    """A till with BonifiQ's pair from the environment, as a kiosk has it."""
    monkeypatch.setenv(TOKEN_VARIABLE, server.token)
    monkeypatch.setenv(KEY_VARIABLE, server.key)
    till = Till(paths, server.url)
    yield till
    till.close()


def test_new_connection_is_used_at_once_and_after_a_restart(till: Till, tally: tuple[TallyServer, str]) -> None:
    (info,) = till.ask(c.SaveConnection(tally_settings(NAME, tally[1]), SECRET))
    assert (info.has_secret, info.key_storage, info.settings.currency) == (True, KeyStorage.KEYRING, "BRL")
    assert till.ask(c.LookUpElsewhere(NAME, "1001")).order.total == 9990
    assert till.elsewhere[NAME].status is ConnectionStatus.ONLINE
    till.reopen()
    assert till.ask(c.ReadConnections()) == (replace(info, status=ConnectionStatus.UNTRIED),)
    assert till.ask(c.LookUpElsewhere(NAME, "1001")).order.total == 9990


def test_secret_of_a_connection_is_nowhere_on_disk_or_in_events(till: Till, tally: tuple[TallyServer, str]) -> None:
    infos = till.ask(c.SaveConnection(tally_settings(NAME, tally[1]), SECRET))
    files = [file for file in till.paths.folder.rglob("*") if file.is_file()]
    assert not any(SECRET.encode() in file.read_bytes() for file in files)
    assert SECRET not in repr((infos, till.published, c.SaveConnection(tally_settings(NAME, tally[1]), SECRET)))


def test_connection_without_a_keyring_keeps_its_secret_only_with_consent(
    till: Till, tally: tuple[TallyServer, str], keyring: FakeKeyring
) -> None:
    keyring.locked = True
    (info,) = till.ask(c.SaveConnection(tally_settings(NAME, tally[1]), SECRET))
    assert info.key_storage is KeyStorage.MEMORY
    (info,) = till.ask(c.SaveConnection(tally_settings(NAME, tally[1]), allow_plain_file=True))
    assert info.key_storage is KeyStorage.FILE
    till.reopen()
    (info,) = till.ask(c.ReadConnections())
    assert info.has_secret


def test_saving_the_shops_settings_leaves_the_connections_alone(till: Till, tally: tuple[TallyServer, str]) -> None:
    before = till.ask(c.ReadSettings()).settings
    till.ask(c.SaveConnection(tally_settings(NAME, tally[1]), SECRET))
    after = till.ask(c.SaveSettings(replace(before, till="LOJA9"))).settings
    assert (after.till, [each.name for each in after.connections]) == ("LOJA9", [NAME])
    assert [each.name for each in load_settings(till.paths.settings).connections] == [NAME]


def test_changed_connection_keeps_its_secret_and_its_place(till: Till, tally: tuple[TallyServer, str]) -> None:
    till.ask(c.SaveConnection(tally_settings(NAME, tally[1]), SECRET))
    till.ask(c.SaveConnection(tally_settings("Loja", tally[1], system="akinon"), SECRET))
    infos = till.ask(c.SaveConnection(tally_settings("CARREFOUR", tally[1], shipping_back=True)))
    assert [(each.settings.name, each.settings.shipping_back) for each in infos] == [(NAME, True), ("Loja", False)]
    assert till.ask(c.LookUpElsewhere(NAME, "1001")).order is not None


def test_connection_at_a_new_address_needs_its_secret_again(till: Till, tally: tuple[TallyServer, str]) -> None:
    till.ask(c.SaveConnection(tally_settings(NAME, tally[1]), SECRET))
    moved = tally_settings(NAME, tally[1].replace("127.0.0.1", "localhost"))
    assert till.refused_field(c.TestRemoteConnection(moved)) == "credentials_anew"
    (info,) = till.ask(c.SaveConnection(moved))
    assert (info.has_secret, info.status) == (False, ConnectionStatus.NOT_SET_UP)
    with pytest.raises(NotSetUp):
        till.ask(c.LookUpElsewhere(NAME, "1001"))
    assert "connections" not in json.loads(till.paths.credentials.read_text() or "{}")


def test_test_of_a_connection_changes_nothing(till: Till, tally: tuple[TallyServer, str]) -> None:
    typed = tally_settings(NAME, tally[1])
    assert till.ask(c.TestRemoteConnection(typed, SECRET)).currency == "BRL"
    assert {each.purpose for each in till.ask(c.FetchReasons(typed, SECRET))} == {"cancel", "refund"}
    with pytest.raises(NotSetUp):
        till.ask(c.TestRemoteConnection(typed))
    assert till.ask(c.ReadConnections()) == ()
    tally[0].lets_in = False
    with pytest.raises(LookupFailed):
        till.ask(c.TestRemoteConnection(typed, SECRET))


def test_removed_connection_is_gone_with_its_secret(
    till: Till, tally: tuple[TallyServer, str], keyring: FakeKeyring
) -> None:
    till.ask(c.SaveConnection(tally_settings(NAME, tally[1]), SECRET))
    assert till.ask(c.RemoveConnection(NAME)) == ()
    assert till.elsewhere == {}
    with pytest.raises(ConnectionUnknown):
        till.ask(c.LookUpElsewhere(NAME, "1001"))
    assert load_settings(till.paths.settings).connections == ()
    assert not till.paths.credentials.exists()
    assert not any(SECRET in secret for secret in keyring.secrets.values())


def test_refused_secret_of_one_connection_leaves_the_others_alone(till: Till, tally: tuple[TallyServer, str]) -> None:
    other = TallyServer()
    with other.listening() as url:
        till.ask(c.SaveConnection(tally_settings(NAME, tally[1]), SECRET))
        till.ask(c.SaveConnection(tally_settings("Leroy", url), SECRET))
        other.lets_in = False
        with pytest.raises(LookupFailed):
            till.ask(c.LookUpElsewhere("Leroy", "1001"))
        till.ask(c.LookUpElsewhere(NAME, "1001"))
        assert till.elsewhere["Leroy"].status is ConnectionStatus.CREDENTIALS
        assert till.elsewhere[NAME].status is ConnectionStatus.ONLINE
        till.ask(c.LookUp("1001"))
        assert till.backend.connection.status is ConnectionStatus.ONLINE


def test_connections_appear_in_the_status_before_they_are_tried(till: Till, tally: tuple[TallyServer, str]) -> None:
    till.ask(c.SaveConnection(tally_settings(NAME, tally[1]), SECRET))
    till.published.clear()
    till.reopen()
    till.backend.publish_status()
    assert till.elsewhere[NAME] == c.RemoteStatus(NAME, "mirakl", ConnectionStatus.UNTRIED, at=till.elsewhere[NAME].at)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": "bonifiq"}, "connections.name"),
        ({"url": "http://carrefour.mirakl.net"}, "connections.url"),
        ({"system": "tally"}, "connections.system"),
        ({"shop_id": -1}, "connections.shop_id"),
    ],
)
def test_unusable_connection_is_refused_by_field(
    till: Till, tally: tuple[TallyServer, str], changes: dict[str, Any], field: str
) -> None:
    typed = replace(tally_settings(NAME, tally[1]), **changes)
    assert till.refused_field(c.SaveConnection(typed, SECRET)) == field
    assert till.ask(c.ReadConnections()) == ()


def test_connection_does_not_change_its_system(till: Till, tally: tuple[TallyServer, str]) -> None:
    till.ask(c.SaveConnection(tally_settings(NAME, tally[1]), SECRET))
    changed = tally_settings(NAME, tally[1], system="akinon")
    assert till.refused_field(c.SaveConnection(changed)) == "connections.system"


def test_changes_of_connections_are_in_the_audit_log(till: Till, tally: tuple[TallyServer, str]) -> None:
    till.ask(c.SaveConnection(tally_settings(NAME, tally[1]), SECRET))
    till.ask(c.SaveConnection(tally_settings(NAME, tally[1], shipping_back=True)))
    till.ask(c.RemoveConnection(NAME))
    texts = [file.read_text() for file in till.paths.folder.rglob("*") if file.is_file() and "audit" in file.name]
    lines = [json.loads(line) for text in texts for line in text.splitlines() if NAME in line]
    assert [line["about"]["change"] for line in lines] == ["added", "changed", "removed"]
    assert SECRET not in "".join(texts)


def test_lookup_elsewhere_by_another_systems_number_is_remembered(till: Till, tally: tuple[TallyServer, str]) -> None:
    till.ask(c.SaveConnection(tally_settings(NAME, tally[1]), SECRET))
    assert till.ask(c.LookUpElsewhere(NAME, "7777")).order is None
    found = till.ask(c.LookUpElsewhere(NAME, "7777", also=("SHOP-1001",)))
    assert (found.order.order_id, found.system, found.cached_at) == ("1001", "mirakl", None)
    assert till.ask(c.LookUpElsewhere(NAME, "7777")).order.order_id == "1001"


def test_lookup_elsewhere_without_an_answer_shows_what_was_seen_last(
    till: Till, tally: tuple[TallyServer, str]
) -> None:
    gone = TallyServer()
    with gone.listening() as url:
        till.ask(c.SaveConnection(tally_settings(NAME, url), SECRET))
        till.ask(c.LookUpElsewhere(NAME, "SHOP-1001"))
    with suppress(LookupFailed):
        till.ask(c.LookUpElsewhere(NAME, "1002"))
    shown = till.ask(c.LookUpElsewhere(NAME, "SHOP-1001"))
    assert shown.order.order_id == "1001"
    assert shown.order.remote.lines[0].line_id == "L1"
    assert shown.cached_at is not None
    assert shown.failure_reason is not None
    with pytest.raises(LookupFailed):
        till.ask(c.LookUpElsewhere(NAME, "1002"))
