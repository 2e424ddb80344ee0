"""The client through PgBouncer in transaction mode: each statement may run on another server connection."""

import asyncio
from functools import partial

from bonifiq_desktop.domain.shop_database import ClaimedOrder, Trouble
from bonifiq_desktop.shop_database import protocol
from bonifiq_desktop.shop_database.listen import Listener
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
from tests.support.pgbouncer import SERVER_CONNECTIONS, pgbouncer_before
from tests.support.postgres import ShopDatabaseServer, TillAccess

_TILLS = 6


async def _tell_all(till: TillAccess, port: int) -> None:
    """Tell a log in batches through the pooler, on a connection of its own, with claims between them."""
    changes = customer_changes(30)
    with client_of(till, port) as database:
        await begin(database)
        for first in range(0, 30, 10):
            assert await push(database, changes[first : first + 10]) == first + 10
            order = ClaimedOrder("bonifiq", "LOJA", f"{till.till}-{first}")
            claim = partial(protocol.claim, incarnation=1, order=order, uid=f"{till.till}-{first}", over=[])
            assert (await database.call(claim, PATIENCE)).holder == ""
        assert await pull(database, till.till) == changes


@on_a_loop
async def test_tills_of_one_role_share_server_connections(shop_base: ShopDatabaseServer) -> None:
    till = shop_base.add_till("CAIXA1")
    with (
        pgbouncer_before(shop_base.server) as port,
        shop_base.admin() as admin,
        client_of(till, port) as first,
        client_of(till, port) as second,
        client_of(till, port) as third,
    ):
        for _ in range(5):
            hellos = await asyncio.gather(*map(say_hello, (first, second, third)))
            assert [hello.till for hello in hellos] == ["CAIXA1"] * 3
        row = admin.execute("SELECT count(*) FROM pg_stat_activity WHERE usename = %s", (till.role,)).fetchone()
    assert row is not None
    assert row[0] <= SERVER_CONNECTIONS


@on_a_loop
async def test_tills_at_once_through_the_pooler_tell_whole_logs(shop_base: ShopDatabaseServer) -> None:
    tills = [shop_base.add_till(f"CAIXA{number}") for number in range(_TILLS)]
    with pgbouncer_before(shop_base.server) as port:
        await asyncio.gather(*(_tell_all(till, port) for till in tills))
        with client_of(tills[0], port) as database:
            heads = await database.call(protocol.heads, PATIENCE)
    assert [(head.till, head.seq) for head in heads] == [(till.till, 30) for till in tills]


@on_a_loop
async def test_wrong_password_through_the_pooler_is_told_as_credentials(shop_base: ShopDatabaseServer) -> None:
    till = shop_base.add_till("CAIXA1")
    with pgbouncer_before(shop_base.server) as port, client_of(till, port, password="another") as database:
        assert await trouble_of(database) is Trouble.CREDENTIALS


@on_a_loop
async def test_changed_password_works_through_the_pooler(shop_base: ShopDatabaseServer) -> None:
    till = shop_base.add_till("CAIXA1")
    with pgbouncer_before(shop_base.server) as port:
        with client_of(till, port) as database:
            await database.call(partial(protocol.change_password, role=till.role, password="nova"), PATIENCE)
        with client_of(till, port, password="nova") as database:
            assert (await say_hello(database)).till == "CAIXA1"


@on_a_loop
async def test_listener_through_the_pooler_disturbs_no_call(shop_base: ShopDatabaseServer) -> None:
    till = shop_base.add_till("CAIXA1")
    with pgbouncer_before(shop_base.server) as port:
        listener = Listener(access_of(till, port), till.shop, lambda _payload: None)
        listener.start()
        await _tell_all(till, port)
        listener.stop()
