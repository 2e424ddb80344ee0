"""Update notices: fetched without credentials, and used only with a valid signature of the shop's publisher."""

import asyncio
from base64 import urlsafe_b64decode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bonifiq_desktop.connectors.http_client import HttpResponse, HttpResult, TransportFailure, UnsafeUrl
from bonifiq_desktop.connectors.update_feed import fetch_notice, verified_release
from bonifiq_desktop.domain.updates import MAX_BYTES, InvalidUpdateNotice
from bonifiq_desktop.domain.verdicts import FailureReason
from tests.support.loopback import LoopbackServer, answer, answering
from tests.support.update_publisher import DAY, PAGE, UpdatePublisher

PUBLISHER = UpdatePublisher()
KEY = urlsafe_b64decode(PUBLISHER.key + "=")
NOTICE = PUBLISHER.notice("9.8.7")


def is_believed(notice: bytes, key: bytes = KEY) -> bool:
    """Whether the notice is accepted."""
    try:
        verified_release(notice, key)
    except InvalidUpdateNotice:
        return False
    return True


def test_signed_notice_gives_its_release() -> None:
    release = verified_release(NOTICE, KEY)
    assert (release.version, release.page, release.published) == ((9, 8, 7), PAGE, DAY)


def test_notice_with_any_flipped_bit_is_refused() -> None:
    for place in range(len(NOTICE)):
        for bit in range(8):
            flipped = bytearray(NOTICE)
            flipped[place] ^= 1 << bit
            assert not is_believed(bytes(flipped)), (place, bit)


@given(st.data())
def test_mangled_notice_is_refused(data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(NOTICE)))
    end = data.draw(st.integers(start, len(NOTICE)))
    mangled = NOTICE[:start] + data.draw(st.binary(max_size=8)) + NOTICE[end:]
    assert is_believed(mangled) is (mangled == NOTICE)


@given(st.binary(max_size=300))
def test_random_bytes_are_no_notice(rubbish: bytes) -> None:
    assert not is_believed(rubbish)


def test_notice_signed_by_another_publisher_is_refused() -> None:
    assert not is_believed(UpdatePublisher().notice("9.8.7"))
    assert not is_believed(NOTICE, urlsafe_b64decode(UpdatePublisher().key + "="))


def test_signed_but_malformed_notice_is_refused() -> None:
    assert not is_believed(PUBLISHER.signed(b'{"program": "another"}'))
    assert not is_believed(PUBLISHER.signed(b""))


def fetched(server: LoopbackServer) -> HttpResult:
    """Result of fetching a notice from this server."""

    async def ask() -> HttpResult:
        async with server.listening():
            return await fetch_notice(f"{server.url}/avisos.txt")

    return asyncio.run(ask())


def test_feed_request_reveals_only_the_version(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BONIFIQ_API_TOKEN", "the-token")
    monkeypatch.setenv("BONIFIQ_API_KEY", "the-secret-key")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    server = answering(answer(NOTICE))
    assert fetched(server) == HttpResponse(200, NOTICE)
    [request] = server.requests
    names = {line.partition(b":")[0].lower() for line in request.splitlines()[1:] if line}
    assert request.startswith(b"GET /avisos.txt HTTP/1.1\r\n")
    assert names <= {b"host", b"accept", b"accept-encoding", b"connection", b"user-agent"}
    assert b"the-" not in request


def test_feed_redirect_is_not_followed() -> None:
    elsewhere = answering(answer(NOTICE))

    async def ask() -> HttpResult:
        async with elsewhere.listening():
            moved = answering(answer(b"", "302 Found", f"Location: {elsewhere.url}/"))
            async with moved.listening():
                return await fetch_notice(moved.url)

    assert asyncio.run(ask()) == HttpResponse(302, b"")
    assert elsewhere.connections == 0


def test_feed_answer_above_size_limit_is_refused() -> None:
    assert fetched(answering(answer(b"x" * (MAX_BYTES + 1)))) == TransportFailure(
        FailureReason.TOO_LARGE, possibly_sent=True
    )


def test_feed_at_unsafe_address_is_refused() -> None:
    with pytest.raises(UnsafeUrl):
        asyncio.run(fetch_notice("http://loja.example/avisos.txt"))
