"""Notices of other tills' changes, and their loss."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from bonifiq_desktop.shop_database import listen
from bonifiq_desktop.shop_database.backoff import FullJitter
from bonifiq_desktop.shop_database.listen import Listener, channel_of
from tests.shop_database.client_helpers import access_of, begin, client_of, client_threads, customer_changes, push
from tests.support.async_tests import on_a_loop
from tests.support.postgres import ShopDatabaseServer, TillAccess
from tests.support.tcp_proxy import tcp_proxy
from tests.support.waiting import until_so, wait_until


@contextmanager
def listening(till: TillAccess, port: int) -> Iterator[tuple[Listener, list[str]]]:
    """A listener and the notices that it got; its thread must end after the stop."""
    got: list[str] = []
    listener = Listener(access_of(till, port), till.shop, got.append)
    listener.start()
    try:
        yield listener, got
    finally:
        listener.stop()
        wait_until(lambda: not listener.is_alive)


def _wait_for_listeners(base: ShopDatabaseServer, many: int) -> None:
    statement = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'LISTEN%%' AND state = 'idle' AND usename <> ''"
    with base.admin() as admin:
        wait_until(lambda: admin.execute(statement).fetchone() == (many,))


@on_a_loop
async def test_push_of_a_till_is_noticed_by_the_other_till_of_the_shop_only(shop_base: ShopDatabaseServer) -> None:
    ours, others = shop_base.add_till("CAIXA1"), shop_base.add_till("CAIXA2")
    strangers = shop_base.add_till("CAIXA1", shop="OUTRA")
    with listening(ours, ours.port) as (_, got), listening(strangers, ours.port) as (_, strange):
        _wait_for_listeners(shop_base, 2)
        with client_of(others) as database:
            await begin(database)
            await push(database, customer_changes(2))
        await until_so(lambda: got == ["CAIXA2"])
        with client_of(strangers) as database:
            await begin(database)
            await push(database, customer_changes(1))
        await until_so(lambda: strange == ["CAIXA1"])
        assert got == ["CAIXA2"]


@on_a_loop
async def test_listener_listens_again_after_a_reset(
    shop_base: ShopDatabaseServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listen, "FullJitter", lambda **_waits: FullJitter(first=0.01, longest=0.05))
    till = shop_base.add_till("CAIXA1")
    changes = customer_changes(2)
    with (
        tcp_proxy(till.port) as proxy,
        listening(till, proxy.port) as (_, got),
        client_of(shop_base.add_till("CAIXA2")) as database,
    ):
        _wait_for_listeners(shop_base, 1)
        await begin(database)
        await push(database, changes[:1])
        await until_so(lambda: len(got) == 1)
        proxy.refuse()
        tried = proxy.connections
        await until_so(lambda: proxy.connections > tried + 2)
        proxy.heal()
        _wait_for_listeners(shop_base, 1)
        await push(database, changes[1:])
        await until_so(lambda: len(got) == 2)


def test_refused_listen_ends_the_listener(shop_base: ShopDatabaseServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listen, "channel_of", lambda _shop: "not a channel")  # the server's refusal is a real one
    till = shop_base.add_till("CAIXA1")
    listener = Listener(access_of(till), till.shop, lambda _payload: None)
    listener.start()
    wait_until(lambda: not listener.is_alive)
    assert not client_threads()


def test_stop_during_silence_ends_the_listener(shop_base: ShopDatabaseServer) -> None:
    till = shop_base.add_till("CAIXA1")
    with tcp_proxy(till.port) as proxy, listening(till, proxy.port) as (listener, _):
        _wait_for_listeners(shop_base, 1)
        proxy.go_silent()
        listener.stop()
        wait_until(lambda: not listener.is_alive)


def test_channel_of_any_shop_name_is_an_identifier() -> None:
    for shop in ("LOJA", "São João " * 20, '"; DROP TABLE x'):
        assert channel_of(shop).isidentifier()
        assert len(channel_of(shop)) < 63


def test_waits_double_up_to_the_longest_and_use_their_whole_range() -> None:
    limits = [1.0, 2.0, 4.0, 8.0, 10.0, 10.0]
    drawn: list[list[float]] = [[] for _ in limits]
    for _ in range(500):
        backoff = FullJitter(first=1.0, longest=10.0)
        for waits in drawn:
            waits.append(backoff.next_delay())
        backoff.reset()
        assert backoff.next_delay() <= limits[0]
    for limit, waits in zip(limits, drawn, strict=True):
        assert limit * 0.9 < max(waits) <= limit
        assert 0 <= min(waits) < limit * 0.1
