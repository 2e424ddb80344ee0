"""Calls with a deadline over a network that resets, loses answers and goes silent while it keeps acknowledging."""

import asyncio
import threading
from collections.abc import Iterator
from functools import partial

import pytest

from bonifiq_desktop.domain.shop_database import ShopDatabaseError, Trouble
from bonifiq_desktop.shop_database import protocol
from bonifiq_desktop.shop_database.calls import MAX_ALIVE
from bonifiq_desktop.shop_database.connect import Connection
from bonifiq_desktop.shop_database.errors import ShopDatabaseUnreachable
from tests.shop_database.client_helpers import (
    IMPATIENCE,
    PATIENCE,
    begin,
    client_of,
    client_threads,
    customer_changes,
    pull,
    push,
    say_hello,
    trouble_of,
)
from tests.support.async_tests import on_a_loop
from tests.support.ports import free_port
from tests.support.postgres import ShopDatabaseServer, TillAccess, running_postgres
from tests.support.tcp_proxy import TcpProxy, tcp_proxy
from tests.support.waiting import until_so, wait_until


@pytest.fixture(name="till")
def enrolled_till(shop_base: ShopDatabaseServer) -> TillAccess:
    return shop_base.add_till("CAIXA1")


@pytest.fixture(name="proxy")
def proxy_before_the_database(shop_base: ShopDatabaseServer) -> Iterator[TcpProxy]:
    with tcp_proxy(shop_base.server.port) as proxy:
        yield proxy


@pytest.fixture(autouse=True)
def check_that_threads_end() -> Iterator[None]:
    """Each test leaves no thread of the client behind, whatever happened to the network."""
    yield
    wait_until(lambda: not client_threads())


@on_a_loop
async def test_call_in_silence_fails_at_its_deadline_and_its_thread_ends(till: TillAccess, proxy: TcpProxy) -> None:
    with client_of(till, proxy.port) as database:
        await say_hello(database)
        proxy.go_silent()
        assert await trouble_of(database, IMPATIENCE) is Trouble.UNREACHABLE
        await until_so(lambda: not client_threads())


@on_a_loop
async def test_call_after_silence_answers_on_a_new_connection(till: TillAccess, proxy: TcpProxy) -> None:
    with client_of(till, proxy.port) as database:
        await say_hello(database)
        proxy.go_silent()
        await trouble_of(database, IMPATIENCE)
        proxy.heal()
        assert (await say_hello(database)).till == "CAIXA1"
    assert proxy.connections == 2


@on_a_loop
async def test_calls_that_hang_while_connecting_are_two_at_most(till: TillAccess, proxy: TcpProxy) -> None:
    proxy.go_silent()
    with client_of(till, proxy.port) as database:
        for hanging in range(1, MAX_ALIVE + 1):
            assert await trouble_of(database, IMPATIENCE) is Trouble.UNREACHABLE
            assert len(client_threads()) == hanging
        with pytest.raises(ShopDatabaseUnreachable, match="earlier calls still hang"):
            await database.call(partial(protocol.hello, incarnation=0), PATIENCE)
        assert len(client_threads()) == MAX_ALIVE
        proxy.heal()
        await until_so(lambda: not client_threads())
        assert (await say_hello(database)).till == "CAIXA1"


@on_a_loop
async def test_event_loop_goes_on_while_a_call_hangs(till: TillAccess, proxy: TcpProxy) -> None:
    with client_of(till, proxy.port) as database:
        await say_hello(database)
        proxy.go_silent()
        hanging = asyncio.create_task(trouble_of(database, PATIENCE))
        for _ in range(100):
            await asyncio.sleep(0)
        assert not hanging.done()
        proxy.heal()  # resets the connection
        with pytest.raises(AssertionError):  # the greeting was repeated on a new connection, and answered
            await hanging


@on_a_loop
async def test_call_that_waits_for_a_hanging_one_fails_at_its_own_deadline(till: TillAccess, proxy: TcpProxy) -> None:
    with client_of(till, proxy.port) as database:
        await say_hello(database)
        proxy.go_silent()
        first = asyncio.create_task(trouble_of(database, PATIENCE))
        await asyncio.sleep(0)
        assert await trouble_of(database, IMPATIENCE) is Trouble.UNREACHABLE
        assert not first.done()
        assert len(client_threads()) == 1
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)


@on_a_loop
async def test_cancelled_call_ends_its_thread_in_silence(till: TillAccess, proxy: TcpProxy) -> None:
    with client_of(till, proxy.port) as database:
        await say_hello(database)
        proxy.go_silent()
        hanging = asyncio.create_task(say_hello(database))
        await asyncio.sleep(IMPATIENCE)
        hanging.cancel()
        with pytest.raises(asyncio.CancelledError):
            await hanging
        await until_so(lambda: not client_threads())


@on_a_loop
async def test_close_during_a_silent_call_returns_and_ends_the_thread(till: TillAccess, proxy: TcpProxy) -> None:
    with client_of(till, proxy.port) as database:
        await say_hello(database)
        proxy.go_silent()
        hanging = asyncio.create_task(trouble_of(database))
        await asyncio.sleep(IMPATIENCE)
        database.close()
        assert await hanging is Trouble.UNREACHABLE


@on_a_loop
async def test_call_that_waits_its_turn_at_close_fails_without_a_connection(till: TillAccess, proxy: TcpProxy) -> None:
    with client_of(till, proxy.port) as database:
        await say_hello(database)
        proxy.go_silent()
        hanging = asyncio.create_task(trouble_of(database))
        waiting = asyncio.create_task(trouble_of(database))
        await asyncio.sleep(IMPATIENCE)
        database.close()
        assert [await hanging, await waiting] == [Trouble.UNREACHABLE, Trouble.UNREACHABLE]
    assert proxy.connections == 1


@on_a_loop
async def test_call_after_close_fails_without_a_connection(till: TillAccess, proxy: TcpProxy) -> None:
    with client_of(till, proxy.port) as database:
        await say_hello(database)
        database.close()
        assert await trouble_of(database) is Trouble.UNREACHABLE
    assert proxy.connections == 1


@on_a_loop
async def test_answer_that_arrives_after_close_reaches_no_caller(till: TillAccess) -> None:
    is_running, may_end = threading.Event(), threading.Event()

    def answer_late(_connection: Connection) -> str:
        is_running.set()
        may_end.wait(PATIENCE)
        return "changes of a shop that this till has left"

    with client_of(till) as database:
        late = asyncio.create_task(database.call(answer_late, PATIENCE))
        await until_so(is_running.is_set)
        database.close()
        may_end.set()
        with pytest.raises(ShopDatabaseUnreachable):
            await late


@on_a_loop
async def test_abandoned_statement_leaves_no_session_on_the_server(
    shop_base: ShopDatabaseServer, till: TillAccess
) -> None:
    with client_of(till) as database:
        with pytest.raises(ShopDatabaseUnreachable):
            await database.call(lambda connection: connection.execute("SELECT pg_sleep(2)"), IMPATIENCE)
        await until_so(lambda: not open_sessions(shop_base, till))


@on_a_loop
async def test_push_whose_answer_is_lost_is_repeated_without_a_second_copy(till: TillAccess, proxy: TcpProxy) -> None:
    changes = customer_changes(5)
    with client_of(till, proxy.port) as database:
        await begin(database)
        proxy.lose_answers()
        with pytest.raises(ShopDatabaseUnreachable):
            await database.call(partial(protocol.push, incarnation=1, changes=changes), IMPATIENCE)
        proxy.heal()
        assert await push(database, changes) == 5
        assert await pull(database, "CAIXA1") == changes


@on_a_loop
async def test_call_over_a_reset_connection_runs_again_on_a_new_one(till: TillAccess, proxy: TcpProxy) -> None:
    with client_of(till, proxy.port) as database:
        await say_hello(database)
        proxy.reset()
        assert (await say_hello(database)).till == "CAIXA1"
    assert proxy.connections == 2


@on_a_loop
async def test_call_over_a_new_connection_that_breaks_is_not_repeated(till: TillAccess, proxy: TcpProxy) -> None:
    runs: list[int] = []

    def break_off(connection: Connection) -> None:
        runs.append(1)
        proxy.reset()
        connection.execute("SELECT 1")

    with client_of(till, proxy.port) as database:
        with pytest.raises(ShopDatabaseUnreachable):
            await database.call(break_off, PATIENCE)
        assert runs == [1]
        runs.clear()
        await say_hello(database)
        with pytest.raises(ShopDatabaseUnreachable):
            await database.call(break_off, PATIENCE)
        assert runs == [1, 1]


@on_a_loop
async def test_refused_connections_are_unreachable_until_the_network_heals(till: TillAccess, proxy: TcpProxy) -> None:
    with client_of(till, proxy.port) as database:
        proxy.refuse()
        assert await trouble_of(database) is Trouble.UNREACHABLE
        proxy.heal()
        assert (await say_hello(database)).till == "CAIXA1"


@on_a_loop
async def test_refused_statement_keeps_the_connection(till: TillAccess, proxy: TcpProxy) -> None:
    with client_of(till, proxy.port) as database:
        with pytest.raises(ShopDatabaseError) as refusal:
            await database.call(lambda connection: connection.execute("SELECT 1 / 0"), PATIENCE)
        assert refusal.value.trouble is Trouble.FAILED
        await say_hello(database)
    assert proxy.connections == 1


@on_a_loop
async def test_error_of_the_callers_own_code_reaches_the_caller(till: TillAccess) -> None:
    def fail(connection: Connection) -> None:
        raise KeyError(connection.info.user)

    with client_of(till) as database:
        with pytest.raises(KeyError, match=till.role):
            await database.call(fail, PATIENCE)
        assert (await say_hello(database)).till == "CAIXA1"


@on_a_loop
async def test_calls_at_once_share_one_connection(till: TillAccess, proxy: TcpProxy) -> None:
    with client_of(till, proxy.port) as database:
        answers = await asyncio.gather(*(say_hello(database) for _ in range(20)))
    assert len(answers) == 20
    assert proxy.connections == 1


@on_a_loop
async def test_killed_and_restarted_server_is_found_by_the_next_call() -> None:
    with running_postgres(durable=True) as server:
        till = server.new_shop_database().add_till("CAIXA1")
        with client_of(till) as database:
            await say_hello(database)
            server.kill()
            assert await trouble_of(database) is Trouble.UNREACHABLE
            server.start()
            assert (await say_hello(database)).till == "CAIXA1"


@on_a_loop
async def test_paused_server_is_unreachable_until_it_goes_on() -> None:
    with running_postgres() as server:
        till = server.new_shop_database().add_till("CAIXA1")
        with client_of(till) as database:
            await say_hello(database)
            server.pause()
            try:
                assert await trouble_of(database, IMPATIENCE) is Trouble.UNREACHABLE
            finally:
                server.resume()
            assert (await say_hello(database)).till == "CAIXA1"


@on_a_loop
async def test_port_without_a_server_is_unreachable(till: TillAccess) -> None:
    with client_of(till, free_port()) as database:
        assert await trouble_of(database) is Trouble.UNREACHABLE


@on_a_loop
async def test_closed_idle_client_ends_its_session_in_order(shop_base: ShopDatabaseServer, till: TillAccess) -> None:
    with client_of(till) as database:
        await say_hello(database)
    await until_so(lambda: not open_sessions(shop_base, till))
    assert abandoned_sessions(shop_base) == 0


def open_sessions(shop_base: ShopDatabaseServer, till: TillAccess) -> int:
    with shop_base.admin() as admin:
        row = admin.execute("SELECT count(*) FROM pg_stat_activity WHERE usename = %s", (till.role,)).fetchone()
    assert row is not None
    return int(row[0])


def abandoned_sessions(shop_base: ShopDatabaseServer) -> int:
    """How many sessions of this database ended by a lost connection, by the server's own count."""
    statement = "SELECT sessions_abandoned FROM pg_stat_database WHERE datname = %s"
    with shop_base.admin() as admin:
        row = admin.execute(statement, (shop_base.name,)).fetchone()
    assert row is not None
    return int(row[0])
