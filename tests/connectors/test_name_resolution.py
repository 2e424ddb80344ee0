"""Hanging name look-ups block no other helper thread, and no call beyond its deadline."""

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from bonifiq_desktop.connectors import name_resolution
from bonifiq_desktop.connectors.http_client import HttpResponse, TransportFailure
from bonifiq_desktop.connectors.name_resolution import MAX_CONCURRENT
from bonifiq_desktop.domain.verdicts import FailureReason
from bonifiq_desktop.security.staff import hash_pin
from tests.support.loopback import HOST, answer, answering, client_of

NOT_SENT = TransportFailure(FailureReason.NO_CONNECTION, possibly_sent=False)
NAME = "bonifiq.example"


class Resolver:
    """Replacement of socket.getaddrinfo: hangs until released, then returns `addresses`."""

    def __init__(self) -> None:
        self.released = threading.Event()
        self.addresses: list[tuple[int, str]] = [(socket.AF_INET, HOST)]
        self.asked = 0

    def __call__(self, _host: str, port: int, *_args: object, **_known: object) -> list[Any]:
        self.asked += 1
        assert self.released.wait(30)
        return [(family, socket.SOCK_STREAM, 6, "", (address, port)) for family, address in self.addresses]


@pytest.fixture
def resolver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Resolver]:
    found = Resolver()
    monkeypatch.setattr(socket, "getaddrinfo", found)
    yield found
    found.released.set()
    for thread in threading.enumerate():
        if thread.name.startswith("name-look-up"):
            thread.join(5)


def test_hanging_name_lookups_leave_helper_threads_free_and_time_out(resolver: Resolver) -> None:
    async def go() -> tuple[list[object], float, float]:
        async with client_of(f"https://{NAME}", deadline=3.0) as client:
            started = time.monotonic()
            calls = [asyncio.create_task(client.get(f"/{n}")) for n in range(40)]
            calls += [asyncio.create_task(client.post("/", b"{}")) for _ in range(5)]
            await asyncio.sleep(0.1)
            beside = time.monotonic()
            await asyncio.to_thread(hash_pin, "4711")  # helper threads also run exports and backups
            beside = time.monotonic() - beside
            return list(await asyncio.gather(*calls)), beside, time.monotonic() - started

    seen, beside, whole = asyncio.run(go())
    assert seen == [NOT_SENT] * 45
    assert beside < 2.4
    assert whole < 6
    assert resolver.asked == MAX_CONCURRENT


def test_resolver_is_used_again_after_it_hung(resolver: Resolver) -> None:
    async def go() -> tuple[object, object]:
        server = answering(answer(b"{}"))
        async with server.listening(), client_of(f"http://127.0.0.1:{server.port}") as client:
            client._url = (
                f"http://{NAME}:{server.port}"  # set after construction, because HttpClient refuses HTTP to a host name
            )
            calls = [client.get("/") for _ in range(MAX_CONCURRENT)]
            client._timeout = 0.2
            hung = await asyncio.gather(*calls)
            resolver.released.set()
            client._timeout = 5.0
            for _ in range(100):
                seen = await client.get("/")
                if isinstance(seen, HttpResponse):
                    break
                await asyncio.sleep(0.02)
            return hung[0], seen

    assert asyncio.run(go()) == (NOT_SENT, HttpResponse(200, b"{}"))


def test_next_address_is_tried_after_a_refused_one(resolver: Resolver, monkeypatch: pytest.MonkeyPatch) -> None:
    resolver.released.set()
    resolver.addresses = [(socket.AF_INET, "127.0.0.2"), (socket.AF_INET6, "::1"), (socket.AF_INET, HOST)]

    async def go() -> object:
        server = answering(answer(b"{}"))  # listens on 127.0.0.1 only: the other two addresses refuse
        async with server.listening(), client_of(server.url) as client:
            client._url = f"http://{NAME}:{server.port}"
            return await client.get("/")

    assert asyncio.run(go()) == HttpResponse(200, b"{}")


@pytest.mark.parametrize("error", [socket.gaierror(-2, "unknown"), OSError("x"), UnicodeError("label too long")])
def test_name_resolution_error_is_reported_as_not_sent(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def fail(*_args: object, **_known: object) -> None:
        raise error

    monkeypatch.setattr(socket, "getaddrinfo", fail)

    async def go() -> object:
        async with client_of(f"https://{NAME}") as client:
            return await client.post("/", b"{}")

    assert asyncio.run(go()) == NOT_SENT


@pytest.mark.parametrize(
    ("found", "order"),
    [
        ([(6, "a6"), (6, "b6"), (4, "a4"), (4, "b4")], ["a6", "a4", "b6", "b4"]),
        ([(4, "a4"), (4, "b4"), (6, "a6")], ["a4", "a6", "b4"]),
        ([(4, "a4"), (4, "a4")], ["a4"]),
    ],
)
def test_addresses_of_both_families_alternate(
    monkeypatch: pytest.MonkeyPatch, found: list[tuple[int, str]], order: list[str]
) -> None:
    async def look_up(_host: str, _port: int) -> list[tuple[int, str]]:
        return found

    monkeypatch.setattr(name_resolution, "_resolve", look_up)
    assert asyncio.run(name_resolution._addresses_of(NAME, 443)) == order
