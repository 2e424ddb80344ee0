"""The HTTP client against real sockets: requests, answers, and whether a request was possibly sent."""

import asyncio
import gzip
import socket
import struct
import sys
import time
from base64 import b64encode
from pathlib import Path

import pytest

from bonifiq_desktop import __version__
from bonifiq_desktop.connectors.bonifiq.classify import classify_answer
from bonifiq_desktop.connectors.bonifiq.requests import order_path
from bonifiq_desktop.connectors.http_client import (
    MAX_RESPONSE_BYTES,
    HttpClient,
    HttpResponse,
    HttpResult,
    TransportFailure,
    UnsafeUrl,
)
from bonifiq_desktop.domain.operations import Kind
from bonifiq_desktop.domain.verdicts import FailureReason, Unknown
from tests.support.loopback import (
    CREDENTIALS,
    HOST,
    LoopbackServer,
    answer,
    answering,
    client_of,
    closing_after,
)

PATH = "/v1/pvt/POS/orders"
LOST = TransportFailure(FailureReason.CONNECTION_LOST, possibly_sent=True)
AUTHORIZATION = b"Basic " + b64encode("TOKEN:s3cr:ét".encode())


async def _post_to(server: LoopbackServer, body: bytes = b"{}", deadline: float = 5.0) -> HttpResult:
    async with server.listening(), client_of(server.url, deadline) as client:
        return await client.post(PATH, body)


async def _get_from(server: LoopbackServer, path: str = PATH, deadline: float = 5.0) -> HttpResult:
    async with server.listening(), client_of(server.url, deadline) as client:
        return await client.get(path)


def _headers(request: bytes) -> dict[bytes, bytes]:
    lines = request.split(b"\r\n\r\n")[0].split(b"\r\n")[1:]
    return {name.lower(): value.strip() for name, _, value in (line.partition(b":") for line in lines)}


def test_complete_answer_gives_status_body_and_retry_after() -> None:
    server = answering(answer(b'{"a": 1.10}', "201 Created", "Retry-After: 17"))
    assert asyncio.run(_post_to(server)) == HttpResponse(201, b'{"a": 1.10}', 17)


@pytest.mark.parametrize("header", ["", "soon", "-1", "1.5", "²", "Fri, 45 Nov 2026 15:00:00 GMT"])
def test_invalid_retry_after_is_ignored(header: str) -> None:
    raw = answer(b"", "429 Too Many", "Retry-After: @").replace(b"@", header.encode("latin-1"))
    assert asyncio.run(_post_to(answering(raw))) == HttpResponse(429, b"", None)


def test_several_retry_after_values_give_the_longest_within_a_limit() -> None:
    """A gateway and the API may each send a header; a proxy joins the two."""
    for headers, wait in (
        (["Retry-After: 5", "Retry-After: 90"], 90),
        (["Retry-After: 5, 90"], 90),
        (["Retry-After: soon", "Retry-After: 7"], 7),
        (["Retry-After: " + "9" * 10], 999_999_999),
    ):
        server = answering(answer(b"", "429 Too Many", *headers))
        assert asyncio.run(_post_to(server)) == HttpResponse(429, b"", wait)


def test_request_headers_and_body_are_exact_and_reveal_nothing_of_the_till() -> None:
    server = answering(answer(b"{}"))
    body = '{"ValueToRefund":25.90,"Name":"João"}'.encode()
    asyncio.run(_post_to(server, body))
    (request,) = server.requests
    assert request.startswith(b"POST /v1/pvt/POS/orders HTTP/1.1\r\n")
    assert request.endswith(b"\r\n\r\n" + body)
    headers = _headers(request)
    assert headers.pop(b"host") == f"{HOST}:{server.port}".encode()
    assert headers.pop(b"connection")
    assert headers == {
        b"authorization": AUTHORIZATION,
        b"accept": b"application/json",
        b"accept-encoding": b"identity",
        b"content-type": b"application/json",
        b"content-length": str(len(body)).encode(),
        b"user-agent": f"BonifiQ-Desktop/{__version__}".encode(),
    }


@pytest.mark.parametrize(
    ("order_id", "seen"),
    [
        ("1006/B", b"1006%2FB"),
        ("a b", b"a%20b"),
        ("ç%2F", b"%C3%A7%252F"),
        ("100%", b"100%25"),
        ("../x", b"..%2Fx"),
        ("a?b#c", b"a%3Fb%23c"),
        ("%2e%2e", b"%252e%252e"),
    ],
)
def test_order_number_in_request_line_is_quoted_once(order_id: str, seen: bytes) -> None:
    server = answering(answer(b"{}"))
    asyncio.run(_get_from(server, order_path(order_id)))
    assert server.requests[0].split(b"\r\n")[0] == b"GET /v1/pvt/Order/" + seen + b" HTTP/1.1"


# --- not sent


def test_refused_connection_is_reported_as_not_sent() -> None:
    with socket.socket() as held:
        held.bind((HOST, 0))  # bound and not listening: the port refuses and no other program takes it
        url = f"http://{HOST}:{held.getsockname()[1]}"

        async def both() -> list[HttpResult]:
            async with client_of(url) as client:
                return [await client.get(PATH), await client.post(PATH, b"{}")]

        assert asyncio.run(both()) == [TransportFailure(FailureReason.NO_CONNECTION, possibly_sent=False)] * 2


@pytest.mark.parametrize("host", ["ninguem.invalid", "a" * 64 + ".invalid", "..", "a..b", "xn--.invalid"])
def test_unresolvable_host_is_reported_as_not_sent(host: str) -> None:
    async def post() -> HttpResult:
        async with client_of(f"https://{host}") as client:
            return await client.post(PATH, b"{}")

    seen = asyncio.run(post())
    assert isinstance(seen, TransportFailure)
    assert (seen.reason, seen.possibly_sent) == (FailureReason.NO_CONNECTION, False)


def test_server_without_tls_gets_no_byte_of_the_request() -> None:
    async def shrug(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server.requests.append(await reader.read(100))
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    server = LoopbackServer(shrug)

    async def post() -> HttpResult:
        async with server.listening(), client_of(server.url.replace("http:", "https:")) as client:
            return await client.post(PATH, b"{}")

    assert asyncio.run(post()) == TransportFailure(FailureReason.NO_CONNECTION, possibly_sent=False)
    assert b"Authorization" not in b"".join(server.requests)


def test_connection_timeout_is_reported_as_not_sent() -> None:
    with socket.socket() as full:
        full.bind((HOST, 0))
        full.listen(0)
        waiting = [socket.socket() for _ in range(4)]
        for caller in waiting:
            caller.settimeout(0)
            caller.connect_ex(full.getsockname())  # fills the queue, so that the next connection gets no answer

        async def post() -> HttpResult:
            async with client_of(f"http://{HOST}:{full.getsockname()[1]}", 0.3) as client:
                return await client.post(PATH, b"{}")

        try:
            assert asyncio.run(post()) == TransportFailure(FailureReason.NO_CONNECTION, possibly_sent=False)
        finally:
            for caller in waiting:
                caller.close()


# --- possibly sent


def test_connection_closed_unread_is_reported_as_possibly_sent() -> None:
    async def hang_up(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    assert asyncio.run(_post_to(LoopbackServer(hang_up))) == LOST


def test_connection_reset_is_reported_as_possibly_sent() -> None:
    async def reset(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        raw: socket.socket = writer.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()

    assert asyncio.run(_post_to(LoopbackServer(reset))) == LOST


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"HTTP/1.1 200",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n",
        b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"HasError":false,"Result":{"isCanceled":true}}',
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{...}\r\n",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"\0" * 200,
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 300_000,
    ],
)
def test_cut_or_missing_answer_is_reported_as_connection_lost(raw: bytes) -> None:
    assert asyncio.run(_post_to(closing_after(raw))) == LOST


def test_cut_body_without_length_is_unreadable() -> None:
    raw = b'HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{"HasError":false,"Result":{"isCanceled":true'
    seen = asyncio.run(_post_to(closing_after(raw)))
    assert classify_answer(Kind.REFUND, seen, order_id="A-1", cancel_key="K") == Unknown(FailureReason.UNREADABLE)


def test_partly_written_request_is_reported_as_possibly_sent() -> None:
    async def read_nothing(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(60)

    seen = asyncio.run(_post_to(LoopbackServer(read_nothing), b"x" * 30_000_000, deadline=0.4))
    assert seen == TransportFailure(FailureReason.TIMED_OUT, possibly_sent=True)


def test_silent_server_times_out_at_the_deadline() -> None:
    async def keep_silent(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        await reader.read()

    started = time.monotonic()
    seen = asyncio.run(_post_to(LoopbackServer(keep_silent), deadline=0.3))
    assert seen == TransportFailure(FailureReason.TIMED_OUT, possibly_sent=True)
    assert 0.25 < time.monotonic() - started < 2


@pytest.mark.parametrize("head", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"])
def test_trickling_answer_times_out_at_the_deadline(head: bytes) -> None:
    async def trickle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await server.read_request(reader)
        writer.write(head)
        for byte in b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 1000:
            writer.write(bytes([byte]))
            await writer.drain()
            await asyncio.sleep(0.05)

    server = LoopbackServer(trickle)
    started = time.monotonic()
    assert asyncio.run(_post_to(server, deadline=0.4)) == TransportFailure(FailureReason.TIMED_OUT, possibly_sent=True)
    assert time.monotonic() - started < 2


def test_endless_answer_is_not_read_to_its_end() -> None:
    sent = 0

    async def flood(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        await server.read_request(reader)
        writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
        while sent < 50 * MAX_RESPONSE_BYTES:
            writer.write(b"x" * 65536)
            sent += 65536
            await writer.drain()

    server = LoopbackServer(flood)
    assert asyncio.run(_post_to(server)) == TransportFailure(FailureReason.TOO_LARGE, possibly_sent=True)
    assert sent < 20 * MAX_RESPONSE_BYTES


def test_answer_of_largest_size_is_read() -> None:
    body = b"x" * MAX_RESPONSE_BYTES
    assert asyncio.run(_post_to(closing_after(answer(body)))) == HttpResponse(200, body)


def test_compressed_answer_is_not_unpacked_and_is_unreadable() -> None:
    packed = gzip.compress(b'{"HasError":false,"Result":{"isCanceled":true}}')
    seen = asyncio.run(_post_to(answering(answer(packed, "200 OK", "Content-Encoding: gzip"))))
    assert seen == HttpResponse(200, packed)
    assert classify_answer(Kind.CANCEL, seen, order_id="A-1", cancel_key=None) == Unknown(FailureReason.UNREADABLE)


# --- only to the right host


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirect_is_not_followed(status: int) -> None:
    async def go() -> tuple[list[HttpResult], LoopbackServer]:
        target = answering(answer(b"{}"))
        async with target.listening():
            away = answering(answer(b"", f"{status} Elsewhere", f"Location: {target.url}/v1/pvt/POS/orders"))
            async with away.listening(), client_of(away.url) as client:
                return [await client.post(PATH, b'{"CancelKey":"K"}'), await client.get(PATH)], target

    seen, target = asyncio.run(go())
    assert seen == [HttpResponse(status, b"")] * 2
    assert target.connections == 0
    for one in seen:
        assert classify_answer(Kind.REFUND, one, order_id="A-1", cancel_key="K") == Unknown(FailureReason.REDIRECTED)


def test_proxies_and_netrc_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".netrc").write_text(f"machine {HOST} login other password else\n")
    (tmp_path / ".netrc").chmod(0o600)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))

    async def go() -> tuple[HttpResult, LoopbackServer, LoopbackServer]:
        server, proxy = answering(answer(b"{}")), answering(answer(b'{"proxy":1}'))
        async with server.listening(), proxy.listening():
            for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
                monkeypatch.setenv(name, proxy.url)
                monkeypatch.setenv(name.lower(), proxy.url)
            monkeypatch.delenv("NO_PROXY", raising=False)
            monkeypatch.delenv("no_proxy", raising=False)
            async with client_of(server.url) as client:
                return await client.get(PATH), server, proxy

    seen, server, proxy = asyncio.run(go())
    assert seen == HttpResponse(200, b"{}")
    assert proxy.connections == 0
    assert _headers(server.requests[0])[b"authorization"] == AUTHORIZATION


@pytest.mark.parametrize("url", ["http://example.com", "ftp://x.com", "https://a@b.com", "https://b.com?", "", "b.com"])
def test_client_for_unsafe_address_is_refused(url: str) -> None:
    with pytest.raises(UnsafeUrl):
        HttpClient(url, CREDENTIALS)


# --- connections


def test_posts_use_fresh_connections_and_gets_share_one() -> None:
    async def go() -> tuple[int, int]:
        server = answering(answer(b"{}"))
        async with server.listening(), client_of(server.url) as client:
            for _ in range(3):
                await client.post(PATH, b"{}")
            written = server.connections
            for _ in range(3):
                await client.get(PATH)
            return written, server.connections - written

    assert asyncio.run(go()) == (3, 1)


def test_request_after_the_first_imports_no_module(monkeypatch: pytest.MonkeyPatch) -> None:
    searched: list[str] = []

    class Noting:
        def find_spec(self, name: str, *_where: object) -> None:
            searched.append(name)

    async def go() -> None:
        server = answering(answer(b"{}"))
        async with server.listening(), client_of(server.url) as client:
            for call in (client.post(PATH, b"{}"), client.get(PATH)):
                await call  # the first request of each kind may import modules
            monkeypatch.setattr(sys, "meta_path", [Noting(), *sys.meta_path])
            await client.post(PATH, b"{}")
            await client.get(PATH)

    asyncio.run(go())
    assert searched == []


def test_lost_post_is_not_repeated_and_lost_get_once() -> None:
    async def go() -> tuple[HttpResult, int, HttpResult, int]:
        server = closing_after(b"")
        async with server.listening(), client_of(server.url) as client:
            posted = await client.post(PATH, b"{}")
            posts = len(server.requests)
            read = await client.get(PATH)
            return posted, posts, read, len(server.requests) - posts

    assert asyncio.run(go()) == (LOST, 1, LOST, 2)


def test_get_over_stale_connection_succeeds() -> None:
    async def hang_up_between(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await server.read_request(reader)
        writer.write(answer(b"{}"))
        await writer.drain()
        await asyncio.sleep(0.05)

    server = LoopbackServer(hang_up_between)

    async def go() -> list[HttpResult]:
        async with server.listening(), client_of(server.url) as client:
            seen = []
            for _ in range(3):
                seen.append(await client.get(PATH))
                await asyncio.sleep(0.1)
            return seen

    assert asyncio.run(go()) == [HttpResponse(200, b"{}")] * 3


def test_both_attempts_of_a_get_share_one_deadline() -> None:
    async def lose_then_keep_silent(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        await server.read_request(reader)
        await asyncio.sleep(1.5 if server.connections == 1 else 60)

    server = LoopbackServer(lose_then_keep_silent)
    started = time.monotonic()
    assert asyncio.run(_get_from(server, deadline=2.0)) == TransportFailure(FailureReason.TIMED_OUT, possibly_sent=True)
    assert server.connections == 2
    assert time.monotonic() - started < 3.25
