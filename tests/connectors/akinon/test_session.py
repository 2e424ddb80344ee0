"""Login, renewal and wrong credentials over real HTTP."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager

import pytest

from bonifiq_desktop.connectors.akinon.session import Session
from bonifiq_desktop.connectors.http_client import HttpResponse, TransportFailure
from bonifiq_desktop.domain.verdicts import FailureReason
from bonifiq_desktop.security.credentials import Credentials
from tests.support.async_tests import on_a_loop
from tests.support.loopback import answer
from tests.support.omnitron import CANCEL, DETAIL, USER, Omnitron, good, item, order_row, refusal

LOGIN = "/api/i1/auth/login/"
BODY = b'{"order":12345,"is_all":false,"cancel_items":[1001]}'
UNAUTHORIZED = refusal("401 Unauthorized", detail="Invalid token.")


@asynccontextmanager
async def session_with(server: Omnitron, credentials: Credentials = USER) -> AsyncIterator[Session]:
    """A session with a server that listens."""
    async with server.wire.listening(), aclosing(Session(f"{server.wire.url}/", credentials)) as session:
        yield session


def _server(**changes: object) -> Omnitron:
    return Omnitron(order_row(item(1001)), **changes)  # type: ignore[arg-type]


@on_a_loop
async def test_first_call_logs_in_and_the_next_use_the_same_key() -> None:
    server = _server()
    async with session_with(server) as session:
        for _ in range(2):
            assert isinstance(await session.get(DETAIL), HttpResponse)
    assert server.paths() == [LOGIN, DETAIL, DETAIL]
    login, first, _ = server.wire.requests
    assert b"Authorization" not in login
    assert b"\r\nAuthorization: Token key-0\r\n" in first


@on_a_loop
async def test_secret_without_a_user_is_the_key_itself_and_is_never_renewed() -> None:
    server = _server(tokens={"integration-key"})
    async with session_with(server, Credentials("", "integration-key")) as session:
        assert (await session.get(DETAIL)).status == 200  # type: ignore[union-attr]
        server.tokens.clear()
        assert (await session.get(DETAIL)).status == 401  # type: ignore[union-attr]
    assert server.paths() == [DETAIL, DETAIL]


@on_a_loop
async def test_key_no_longer_good_is_renewed_once_and_the_same_bytes_are_sent() -> None:
    server = _server()
    async with session_with(server) as session:
        await session.get(DETAIL)
        server.tokens = {"another till's key"}
        assert (await session.write("POST", CANCEL, BODY)).status == 200  # type: ignore[union-attr]
    assert server.paths() == [LOGIN, DETAIL, CANCEL, LOGIN, CANCEL]
    assert [body for method, path, body in server.calls if path == CANCEL] == [BODY, BODY]


@on_a_loop
async def test_second_401_in_a_row_is_the_answer() -> None:
    server = _server(replies={CANCEL: [UNAUTHORIZED, UNAUTHORIZED, UNAUTHORIZED]})
    async with session_with(server) as session:
        assert (await session.write("POST", CANCEL, BODY)).status == 401  # type: ignore[union-attr]
    assert server.paths() == [LOGIN, CANCEL, LOGIN, CANCEL]


@on_a_loop
async def test_wrong_password_sends_nothing_and_is_not_tried_again_at_once() -> None:
    server = _server()
    async with session_with(server, Credentials(USER.token, "wrong password")) as session:
        for _ in range(3):
            result = await session.write("POST", CANCEL, BODY)
            assert result == TransportFailure(FailureReason.CREDENTIALS, possibly_sent=False)
    assert server.paths() == [LOGIN], "a system may lock a user after a few attempts"


@on_a_loop
async def test_calls_at_once_share_one_renewal() -> None:
    server = _server()
    async with session_with(server) as session:
        await session.get(DETAIL)
        server.tokens = {"another till's key"}
        results = await asyncio.gather(*(session.get(DETAIL) for _ in range(3)))
    assert [result.status for result in results if isinstance(result, HttpResponse)] == [200] * 3
    assert server.paths().count(LOGIN) == 2


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (None, FailureReason.CONNECTION_LOST),
        (answer(b"<html>", "502 Bad Gateway"), FailureReason.SERVER_ERROR),
        (refusal("429 Too Many Requests", detail="Slow down."), FailureReason.THROTTLED),
        (refusal("404 Not Found", detail="Not found."), FailureReason.UNREADABLE),
        (answer(b"<html>", "400 Bad Request"), FailureReason.UNEXPECTED_STATUS),
        (good({"token": "other form"}), FailureReason.UNREADABLE),
        (good({"key": "two\r\nlines"}), FailureReason.UNREADABLE),
        (good([]), FailureReason.UNREADABLE),
    ],
)
@on_a_loop
async def test_failed_login_sends_nothing(reply: bytes | None, reason: FailureReason) -> None:
    server = _server(replies={LOGIN: [reply]})
    async with session_with(server) as session:
        assert await session.write("POST", CANCEL, BODY) == TransportFailure(reason, possibly_sent=False)
    assert CANCEL not in server.paths()


@on_a_loop
async def test_answer_that_repeats_the_key_is_read_without_it() -> None:
    long_key = "0123456789abcdef0123456789abcdef"
    server = _server(replies={LOGIN: [good({"key": long_key})], DETAIL: [good({"detail": f"Token {long_key}"})]})
    async with session_with(server) as session:
        result = await session.get(DETAIL)
    assert isinstance(result, HttpResponse)
    assert long_key.encode() not in result.body
