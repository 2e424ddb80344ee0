"""Several hosts: the first one that takes changes, and the standby that was promoted."""

import socket
from functools import partial
from typing import Any

import pytest

from bonifiq_desktop.domain.shop_database import Trouble
from bonifiq_desktop.shop_database import access
from bonifiq_desktop.shop_database.access import Host
from bonifiq_desktop.shop_database.connect import Connection, Hosts
from tests.shop_database.client_helpers import (
    PATIENCE,
    access_of,
    begin,
    client_of,
    customer_changes,
    pull,
    push,
    say_hello,
    trouble_of,
)
from tests.support.async_tests import on_a_loop
from tests.support.ports import free_port
from tests.support.postgres import ShopDatabaseServer, running_postgres
from tests.support.postgres_standby import standby_of
from tests.support.tcp_proxy import tcp_proxy


@on_a_loop
async def test_till_follows_its_shop_to_the_promoted_standby() -> None:
    with running_postgres(durable=True) as primary:
        till = primary.new_shop_database().add_till("CAIXA1")
        with standby_of(primary) as standby, client_of(till, standby.port, primary.port) as database:
            changes = customer_changes(7)
            await begin(database)
            assert await push(database, changes[:4]) == 4  # the standby comes first and takes no changes
            standby.catch_up()
            primary.kill()
            assert await trouble_of(database) is Trouble.UNREACHABLE
            standby.promote()
            assert (await say_hello(database, 1)).head_seq == 4
            assert await push(database, changes) == 7
            assert await pull(database, "CAIXA1") == changes


@on_a_loop
async def test_connection_to_a_server_that_became_read_only_is_replaced(shop_base: ShopDatabaseServer) -> None:
    runs: list[int] = []

    def change_on_a_demoted_server(connection: Connection) -> object:
        runs.append(connection.info.backend_pid)
        if len(runs) == 1:
            connection.execute("SET default_transaction_read_only = on")
        return connection.execute("SELECT bonifiq.begin_incarnation_v1(%s)", ("b" * 32,)).fetchone()

    with client_of(shop_base.add_till("CAIXA1")) as database:
        await say_hello(database)
        assert await database.call(change_on_a_demoted_server, PATIENCE) == (1,)
    assert len(set(runs)) == 2


@on_a_loop
async def test_last_good_host_is_tried_first(shop_base: ShopDatabaseServer) -> None:
    till = shop_base.add_till("CAIXA1")
    with tcp_proxy(till.port) as first, tcp_proxy(till.port) as second:
        hosts = Hosts(access_of(till, first.port, second.port))
        first.refuse()
        hosts.connect().close()
        first.heal()
        before = first.connections
        hosts.connect().close()
        assert (first.connections, second.connections) == (before, 2)
        second.refuse()
        hosts.connect().close()
        assert first.connections == before + 1


@on_a_loop
async def test_failure_that_a_person_can_act_on_is_told_before_an_outage(shop_base: ShopDatabaseServer) -> None:
    till = shop_base.add_till("CAIXA1")
    for ports in ((free_port(), till.port), (till.port, free_port())):
        with client_of(till, *ports, password="another") as database:
            assert await trouble_of(database) is Trouble.CREDENTIALS


@on_a_loop
async def test_name_with_a_dead_address_is_reached_by_its_other_one(
    shop_base: ShopDatabaseServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    till = shop_base.add_till("CAIXA1")

    def resolve(_host: str, *_rest: Any, **_named: Any) -> list[Any]:
        entry = partial(lambda address: (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, till.port)))
        return [entry("127.0.0.9"), entry("127.0.0.1")]  # nothing listens on the first one

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    with client_of(till, hosts=(Host("localhost", till.port),)) as database:
        assert (await say_hello(database)).till == "CAIXA1"


@on_a_loop
async def test_call_abandoned_while_a_silent_host_is_tried_still_finds_the_next_one(
    shop_base: ShopDatabaseServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access, "CONNECT_SECONDS", 2)  # the shortest that psycopg knows
    till = shop_base.add_till("CAIXA1")
    with tcp_proxy(till.port) as silent, client_of(till, silent.port, till.port) as database:
        silent.go_silent()
        assert await trouble_of(database, 0.2) is Trouble.UNREACHABLE
        hello = await say_hello(database)
        assert hello.till == "CAIXA1"
        tried = silent.connections
        await say_hello(database)
        assert silent.connections == tried
