"""Verification of credentials, and the status of the connection."""

import asyncio
from contextlib import AbstractAsyncContextManager, suppress

import pytest

from bonifiq_desktop.connectors.bonifiq.connector import BonifiqConnector
from bonifiq_desktop.connectors.http_client import UnsafeUrl
from bonifiq_desktop.domain.connections import ConnectionStatus, NotSetUp
from bonifiq_desktop.domain.verdicts import FailureReason, LookupFailed
from bonifiq_desktop.security.credentials import Credentials
from bonifiq_desktop.services.connection import Connection, verify_credentials
from bonifiq_desktop.training_server.fault_injection.fault_injector import FaultName
from bonifiq_desktop.training_server.server import TrainingServer
from tests.support.headless_till import Till, credentials_of
from tests.support.loopback import LoopbackServer, answer, answering


def trouble_of(url: str, credentials: Credentials) -> FailureReason | None:
    """The reason for which the verification of these credentials fails."""
    with pytest.raises(LookupFailed) as failed:
        asyncio.run(verify_credentials(BonifiqConnector, url, credentials))
    return failed.value.reason


def test_right_credentials_are_verified_and_change_nothing(server: TrainingServer) -> None:
    asyncio.run(verify_credentials(BonifiqConnector, server.url, credentials_of(server)))
    assert [request.method for request in server.service.requests] == ["GET"]
    assert server.service.applied == []


@pytest.mark.parametrize("wrapped", [False, True])
def test_balance_answer_bare_or_wrapped_verifies_credentials(*, wrapped: bool) -> None:
    body = b'{"CustomerExists":false,"PointsBalance":0}'
    fake = answering(answer(b'{"Result":' + body + b',"HasError":false}' if wrapped else body))
    asyncio.run(_prove_against(fake.listening()))
    assert fake.requests[0].startswith(b"GET /v1/pvt/Customer/")


async def _prove_against(listening: AbstractAsyncContextManager[LoopbackServer]) -> None:
    async with listening as fake:
        await verify_credentials(BonifiqConnector, fake.url, Credentials("t", "k"))


@pytest.mark.parametrize(("token", "key"), [(None, "wrong"), ("wrong", None)])
def test_wrong_token_or_key_raises_credentials_failure(
    server: TrainingServer, token: str | None, key: str | None
) -> None:
    given = Credentials(token or server.token, key or server.key)
    assert trouble_of(server.url, given) is FailureReason.CREDENTIALS


@pytest.mark.parametrize(
    "raw",
    [
        answer(b"<html><h1>It works!</h1></html>"),
        answer(b'{"error":"no such page"}', "404 Not Found"),
        answer(b"", "404 Not Found"),
        answer(b"{}"),
        answer(b"[]"),
        answer(b'{"Result":null,"HasError":true}'),
        answer(b'{"CustomerExists":"yes"}'),
    ],
)
def test_other_server_raises_unreadable_failure(raw: bytes) -> None:
    with pytest.raises(LookupFailed) as failed:
        asyncio.run(_prove_against(answering(raw).listening()))
    assert failed.value.reason is FailureReason.UNREADABLE


def test_redirecting_captive_portal_raises_redirected_failure() -> None:
    raw = answer(b"", "302 Found", "Location: http://portal.example/login")
    with pytest.raises(LookupFailed) as failed:
        asyncio.run(_prove_against(answering(raw).listening()))
    assert failed.value.reason is FailureReason.REDIRECTED


def test_unreachable_server_raises_no_connection_failure(server: TrainingServer) -> None:
    server.stop()
    assert trouble_of(server.url, credentials_of(server)) is FailureReason.NO_CONNECTION


@pytest.mark.parametrize("url", ["http://example.com", "ftp://127.0.0.1", "127.0.0.1"])
def test_unsafe_address_gets_no_credentials(url: str) -> None:
    with pytest.raises(UnsafeUrl):
        asyncio.run(verify_credentials(BonifiqConnector, url, Credentials("t", "k")))


def test_configure_with_unsafe_address_keeps_the_current_one(till: Till, server: TrainingServer) -> None:
    with pytest.raises(UnsafeUrl):
        till.run(till.connection.configure("http://example.com", credentials_of(server)))
    assert till.look_up().order.order_id == "1001"


@pytest.mark.parametrize(
    ("fault", "link"),
    [
        (None, ConnectionStatus.ONLINE),
        ("unauthorized", ConnectionStatus.CREDENTIALS),
        ("error_500", ConnectionStatus.TROUBLE),
        ("error_429", ConnectionStatus.TROUBLE),
    ],
)
def test_connection_status_follows_the_last_call(
    till: Till, server: TrainingServer, fault: FaultName | None, link: ConnectionStatus
) -> None:
    if fault is not None:
        server.faults.add(fault)
    with suppress(LookupFailed):
        till.run(till.connection.look_up("1001"))
    assert till.connection.status is link


def test_connection_status_change_is_reported_once(server: TrainingServer) -> None:
    links: list[ConnectionStatus] = []

    async def story() -> None:
        connection: Connection
        connection = Connection(BonifiqConnector, lambda: links.append(connection.status))
        with pytest.raises(NotSetUp):
            await connection.look_up("1001")
        await connection.configure(server.url, credentials_of(server))
        for _ in range(3):
            await connection.look_up("1001")
        await asyncio.to_thread(server.stop)
        for _ in range(2):
            with pytest.raises(LookupFailed):
                await connection.look_up("1001")
        await connection.configure(server.url, None)
        await connection.aclose()

    asyncio.run(story())
    assert links == [
        ConnectionStatus.UNTRIED,
        ConnectionStatus.ONLINE,
        ConnectionStatus.OFFLINE,
        ConnectionStatus.NOT_SET_UP,
    ]


@pytest.mark.parametrize("right", [True, False])
def test_lookup_running_while_credentials_change_uses_the_new_ones(
    till: Till, server: TrainingServer, *, right: bool
) -> None:
    server.faults.add("hang", only="lookup")

    async def story() -> str:
        await till.connection.configure(server.url, Credentials(server.token, server.key))
        looking = asyncio.create_task(till.lookup.look_up("1001"))
        assert await asyncio.to_thread(server.faults.wait_until_held, 5)
        await till.connection.configure(
            server.url.replace("http", "HTTP"), Credentials(server.token, server.key if right else "other")
        )
        return (await looking).order.order_id

    if right:
        assert till.run(story()) == "1001"
    else:
        with pytest.raises(LookupFailed) as failed:
            till.run(story())
        assert failed.value.reason is FailureReason.CREDENTIALS
