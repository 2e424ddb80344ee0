"""Resolve host names on threads of their own.

The event loop would resolve them on the helper threads that it shares with all other slow work. Six look-ups that hang,
as they do behind some routers for 45 seconds, would then stop the checks of PINs and all exports.
"""

import asyncio
import asyncio.staggered
import socket
import threading
from collections.abc import Iterable
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from ipaddress import ip_address
from itertools import count

import httpcore

MAX_CONCURRENT = 8
"""Look-ups under way at once. None can be interrupted: without a limit, a resolver that never answers would hold a new
thread for each try of the outbox."""

_CONNECT_STAGGER = 0.25  # seconds until the next address is tried beside a slow one (RFC 8305)
_slots = threading.BoundedSemaphore(MAX_CONCURRENT)
_number = count(1)

_ResolvedAddresses = list[tuple[int, str]]
"""Family and address, the one that the system prefers first."""


class ThreadedResolverBackend(httpcore.AnyIOBackend):
    """Network backend of httpcore that resolves names on threads of its own."""

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the signature is httpcore's
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to the first address that answers. Raises httpcore.ConnectError, ConnectTimeout, UnicodeError."""
        try:
            addresses = await _addresses_of(host, port)
        except OSError as error:
            raise httpcore.ConnectError(str(error)) from error
        connect = super().connect_tcp
        if len(addresses) == 1:  # no race, so that a cancelled call leaves no connection behind
            return await connect(addresses[0], port, timeout, local_address, socket_options)
        ways = [partial(connect, each, port, timeout, local_address, socket_options) for each in addresses]
        stream: httpcore.AsyncNetworkStream | None
        stream, _, errors = await asyncio.staggered.staggered_race(ways, _CONNECT_STAGGER)
        if stream is None:
            raise next(error for error in errors if error is not None)
        return stream


async def _addresses_of(host: str, port: int) -> list[str]:
    """The addresses of a host: the one that the system prefers, one of the other family, then the rest."""
    with suppress(ValueError):
        return [str(ip_address(host))]
    found = await _resolve(host, port)
    other = next((entry for entry in found if entry[0] != found[0][0]), found[0])
    return list(dict.fromkeys(address for _, address in (found[0], other, *found)))


async def _resolve(host: str, port: int) -> _ResolvedAddresses:
    """Ask the system for a name. When cancelled, this ends at once; the thread ends when the system answers."""
    if not _slots.acquire(blocking=False):
        raise OSError("too many name look-ups are waiting for the resolver")
    answer: Future[_ResolvedAddresses] = Future()
    answer.set_running_or_notify_cancel()  # so that a cancelled wait leaves the thread something to answer

    def ask() -> None:
        try:
            entries = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            if not entries:
                raise OSError("host name has no address")
        except Exception as error:
            _slots.release()
            answer.set_exception(error)
        else:
            _slots.release()
            answer.set_result([(family, str(place[0])) for family, *_, place in entries])

    threading.Thread(target=ask, name=f"name-look-up-{next(_number)}", daemon=True).start()
    return await asyncio.wrap_future(answer)
