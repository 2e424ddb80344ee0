"""Connections to other systems in a real backend: added, changed, removed while it runs, each with its own trouble."""

from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest

from bonifiq_desktop.domain.connections import ConnectionStatus, NotSetUp
from bonifiq_desktop.domain.remote_orders import SeveralOrders
from bonifiq_desktop.domain.verdicts import LookupFailed
from bonifiq_desktop.security.credentials import KeyStorage
from bonifiq_desktop.services.return_requests import ConnectionUnknown
from bonifiq_desktop.storage.settings import load_settings
from bonifiq_desktop.worker import commands as c
from tests.support.fake_keyring import FakeKeyring
from tests.support.remote_till import NAME, SECRET, RemoteTill
from tests.support.staff import audit_log_of
from tests.support.tally_returns import tally_settings
from tests.support.tally_system import TallyServer

Tally = tuple[TallyServer, str]


def test_new_connection_is_used_at_once_and_after_a_restart(till: RemoteTill, tally: Tally) -> None:
    (info,) = till.ask(c.SaveConnection(tally_settings(NAME, tally[1]), SECRET))
    assert (info.has_secret, info.key_storage, info.settings.currency) == (True, KeyStorage.KEYRING, "BRL")
    assert till.ask(c.LookUpElsewhere(NAME, "1001")).order.total == 9990
    assert till.elsewhere[NAME].status is ConnectionStatus.ONLINE
    till.reopen()
    (again,) = till.ask(c.ReadConnections())
    assert again == replace(info, status=ConnectionStatus.UNTRIED, status_at=again.status_at)
    assert till.ask(c.LookUpElsewhere(NAME, "1001")).order.total == 9990


def test_secret_of_a_connection_is_nowhere_on_disk_or_in_events(till: RemoteTill, tally: Tally) -> None:
    infos = till.ask(c.SaveConnection(tally_settings(NAME, tally[1]), SECRET))
    files = [file for file in till.paths.folder.rglob("*") if file.is_file()]
    assert not any(SECRET.encode() in file.read_bytes() for file in files)
    assert SECRET not in repr((infos, till.published, c.SaveConnection(tally_settings(NAME, tally[1]), SECRET)))


def test_connection_without_a_keyring_keeps_its_secret_only_with_consent(
    till: RemoteTill, tally: Tally, keyring: FakeKeyring
) -> None:
    keyring.locked = True
    (info,) = till.ask(c.SaveConnection(tally_settings(NAME, tally[1]), SECRET))
    assert info.key_storage is KeyStorage.MEMORY
    (info,) = till.ask(c.SaveConnection(tally_settings(NAME, tally[1]), allow_plain_file=True))
    assert info.key_storage is KeyStorage.FILE
    till.reopen()
    (info,) = till.ask(c.ReadConnections())
    assert info.has_secret


def test_saving_the_shops_settings_leaves_the_connections_alone(till: RemoteTill, tally: Tally) -> None:
    before = till.ask(c.ReadSettings()).settings
    till.ask(c.SaveConnection(tally_settings(NAME, tally[1]), SECRET))
    after = till.ask(c.SaveSettings(replace(before, till="LOJA9"))).settings
    assert (after.till, [each.name for each in after.connections]) == ("LOJA9", [NAME])
    assert [each.name for each in load_settings(till.paths.settings).connections] == [NAME]


def test_changed_connection_keeps_its_secret_and_its_place(till: RemoteTill, tally: Tally) -> None:
    till.ask(c.SaveConnection(tally_settings(NAME, tally[1]), SECRET))
    till.ask(c.SaveConnection(tally_settings("Loja", tally[1], system="akinon"), SECRET))
    infos = till.ask(c.SaveConnection(tally_settings("CARREFOUR", tally[1], shipping_back=True)))
    assert [(each.settings.name, each.settings.shipping_back) for each in infos] == [(NAME, True), ("Loja", False)]
    assert till.ask(c.LookUpElsewhere(NAME, "1001")).order is not None


def test_connection_at_a_new_address_needs_its_secret_again(till: RemoteTill, tally: Tally) -> None:
    till.ask(c.SaveConnection(tally_settings(NAME, tally[1]), SECRET))
    moved = tally_settings(NAME, tally[1].replace("127.0.0.1", "localhost"))
    assert till.refused_field(c.TestRemoteConnection(moved)) == "credentials_anew"
    (info,) = till.ask(c.SaveConnection(moved))
    assert (info.has_secret, info.status) == (False, ConnectionStatus.NOT_SET_UP)
    with pytest.raises(NotSetUp):
        till.ask(c.LookUpElsewhere(NAME, "1001"))
    assert not till.paths.credentials.exists()


def test_test_of_a_connection_changes_nothing(till: RemoteTill, tally: Tally) -> None:
    typed = tally_settings(NAME, tally[1])
    assert till.ask(c.TestRemoteConnection(typed, SECRET)).currency == "BRL"
    assert {each.purpose for each in till.ask(c.FetchReasons(typed, SECRET))} == {"cancel", "refund"}
    with pytest.raises(NotSetUp):
        till.ask(c.TestRemoteConnection(typed))
    assert till.ask(c.ReadConnections()) == ()
    tally[0].lets_in = False
    with pytest.raises(LookupFailed):
        till.ask(c.TestRemoteConnection(typed, SECRET))


def test_removed_connection_is_gone_with_its_secret(till: RemoteTill, tally: Tally, keyring: FakeKeyring) -> None:
    till.ask(c.SaveConnection(tally_settings(NAME, tally[1]), SECRET))
    assert till.ask(c.RemoveConnection(NAME)) == ()
    assert till.elsewhere == {}
    with pytest.raises(ConnectionUnknown):
        till.ask(c.LookUpElsewhere(NAME, "1001"))
    assert load_settings(till.paths.settings).connections == ()
    assert not till.paths.credentials.exists()
    assert not any(SECRET in secret for secret in keyring.secrets.values())


def test_refused_secret_of_one_connection_leaves_the_others_alone(till: RemoteTill, tally: Tally) -> None:
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


def test_connections_appear_in_the_status_before_they_are_tried(till: RemoteTill, tally: Tally) -> None:
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
    till: RemoteTill, tally: Tally, changes: dict[str, Any], field: str
) -> None:
    typed = replace(tally_settings(NAME, tally[1]), **changes)
    assert till.refused_field(c.SaveConnection(typed, SECRET)) == field
    assert till.ask(c.ReadConnections()) == ()


def test_connection_does_not_change_its_system(till: RemoteTill, tally: Tally) -> None:
    till.ask(c.SaveConnection(tally_settings(NAME, tally[1]), SECRET))
    changed = tally_settings(NAME, tally[1], system="akinon")
    assert till.refused_field(c.SaveConnection(changed)) == "connections.system"


def test_changes_of_connections_are_in_the_audit_log(till: RemoteTill, tally: Tally) -> None:
    till.ask(c.SaveConnection(tally_settings(NAME, tally[1]), SECRET))
    till.ask(c.SaveConnection(tally_settings(NAME, tally[1], shipping_back=True)))
    till.ask(c.RemoveConnection(NAME))
    lines = [line for line in audit_log_of(till.paths.folder) if line.get("connection") == NAME]
    assert [(line["did"], line["change"]) for line in lines] == [
        ("settings", "added"),
        ("settings", "changed"),
        ("settings", "removed"),
    ]
    assert SECRET not in repr(lines)


def test_lookup_elsewhere_by_another_systems_number_is_remembered(till: RemoteTill, tally: Tally) -> None:
    till.ask(c.SaveConnection(tally_settings(NAME, tally[1]), SECRET))
    assert till.ask(c.LookUpElsewhere(NAME, "7777")).order is None
    found = till.ask(c.LookUpElsewhere(NAME, "7777", also=("SHOP-1001",)))
    assert (found.order.order_id, found.system, found.cached_at) == ("1001", "mirakl", None)
    assert till.ask(c.LookUpElsewhere(NAME, "7777")).order.order_id == "1001"


def test_lookup_elsewhere_without_an_answer_shows_what_was_seen_last(till: RemoteTill, tally: Tally) -> None:
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


def test_number_that_means_two_orders_here_opens_none_of_them(till: RemoteTill, tally: Tally) -> None:
    till.ask(c.SaveConnection(tally_settings(NAME, tally[1]), SECRET))
    for order_id in ("1001", "1002"):
        till.ask(c.LookUpElsewhere(NAME, order_id))
        till.backend.ledger.link_orders(order_id, ["BASKET-7"])
    with pytest.raises(SeveralOrders) as several:
        till.ask(c.LookUpElsewhere(NAME, "BASKET-7"))
    assert sorted(several.value.order_ids) == ["1001", "1002"]
