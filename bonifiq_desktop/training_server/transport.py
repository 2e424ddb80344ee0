"""The transport under the web side: a uvicorn that can be stopped at once, and raw access to every connection."""

from __future__ import annotations

import asyncio
import socket
import struct
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import uvicorn
from starlette.types import ASGIApp, Receive, Scope
from uvicorn.protocols.http.h11_impl import H11Protocol

from bonifiq_desktop.training_server.fault_injection.fault_injector import FaultInjector

_SHUTDOWN_SECONDS = 2.0
_LOOP_ROUNDS_BEFORE_CLOSE = 5
_BACKLOG = 128


class Connections:
    """Every open connection's transport, found by the `client` address of its ASGI scope; loop thread only."""

    def __init__(self, faults: FaultInjector) -> None:
        self.closing = asyncio.Event()
        self._faults = faults
        self._transports: dict[tuple[str, int], asyncio.Transport] = {}

    def opened(self, client: tuple[str, int], transport: asyncio.Transport) -> None:
        """A connection was accepted; a fault may be waiting for just that."""
        self._transports[client] = transport
        fault = self._faults.take_for_connection()
        if fault is not None and fault.name == "never_read":
            # Not at once: Python 3.11.2, for one, starts reading after this whatever was asked for here.
            asyncio.get_running_loop().call_soon(transport.pause_reading)
        elif fault is not None:
            abort(transport, reset=True)

    def closed(self, client: tuple[str, int]) -> None:
        """A connection is gone."""
        self._transports.pop(client, None)

    def transport(self, scope: Scope) -> asyncio.Transport | None:
        """The raw transport of a request's connection; None when it has gone already."""
        return self._transports.get(tuple(scope["client"]))

    def close_now(self, scope: Scope, *, reset: bool = False) -> None:
        """Close a request's connection now, unsent bytes thrown away; `reset` makes the peer see RST, not FIN."""
        transport = self.transport(scope)
        if transport is not None:
            abort(transport, reset=reset)

    def close_all(self) -> None:
        """Close every connection and let waiting handlers know that the end has come."""
        self.closing.set()
        for transport in list(self._transports.values()):
            transport.abort()

    async def sleep(self, seconds: float) -> bool:
        """Sleep; False, at once, when the server stops meanwhile."""
        try:
            await asyncio.wait_for(self.closing.wait(), seconds)
        except TimeoutError:
            return True
        return False

    def protocol(self) -> type[H11Protocol]:
        """A protocol class for uvicorn whose connections report here."""
        connections = self

        class Line(H11Protocol):
            def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
                super().connection_made(transport)
                if self.client is not None:
                    connections.opened(self.client, transport)

            def connection_lost(self, exc: Exception | None) -> None:
                if self.client is not None:
                    connections.closed(self.client)
                super().connection_lost(exc)

        return Line


def abort(transport: asyncio.Transport, *, reset: bool) -> None:
    """Close a connection now, unsent bytes thrown away; `reset` makes the peer see RST, not FIN."""
    if reset:
        raw: socket.socket = transport.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


class StoppableServer(uvicorn.Server):
    """uvicorn without polling: ready and gone within milliseconds, and no request can delay the end."""

    def __init__(self, app: ASGIApp, connections: Connections, ready: Callable[[], None]) -> None:
        settings: dict[str, Any] = {
            "loop": "asyncio",
            "http": connections.protocol(),
            "ws": "none",
            "lifespan": "off",
            "log_config": None,
            "log_level": "warning",
            "access_log": False,
            # The peer's real address is the key to its transport; a forwarded header must not replace it.
            "proxy_headers": False,
            "server_header": False,
            "date_header": False,
        }
        super().__init__(uvicorn.Config(app, **settings))
        self._connections = connections
        self._ready = ready
        self._stop_requested = asyncio.Event()
        self._reserved_socket: socket.socket | None = None

    async def refuse_connections(self, port: int) -> None:
        """Stop listening and keep the port: whoever connects now is refused. Connections that are made go on."""
        if self._reserved_socket is None:
            await self._close_servers()
            self._reserved_socket = bind_loopback(port)

    async def _close_servers(self) -> None:
        """Accept nobody more, then close: asyncio loses, unclosed, whom it is just accepting when the server goes."""
        loop = asyncio.get_running_loop()
        for server in self.servers:
            for listener in server.sockets:
                with suppress(NotImplementedError):  # Windows' own loop has no readers, nor this trouble with them
                    loop.remove_reader(listener.fileno())
        for _ in range(_LOOP_ROUNDS_BEFORE_CLOSE):
            await asyncio.sleep(0)
        for server in self.servers:
            server.close()
        self.servers = []

    async def accept_connections(self) -> None:
        """Listen again after refuse()."""
        if self._reserved_socket is not None:
            kept, self._reserved_socket = self._reserved_socket, None
            kept.listen(_BACKLOG)
            await self.startup(sockets=[kept])

    def request_stop(self) -> None:
        """Ask for the end; loop thread only."""
        self._stop_requested.set()

    async def main_loop(self) -> None:
        """Wait for leave() instead of looking ten times a second."""
        self._ready()
        await self._stop_requested.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop listening, cut every connection, and wait for the handlers to notice."""
        await self._close_servers()
        for listener in sockets or []:
            listener.close()
        if self._reserved_socket is not None:
            self._reserved_socket.close()
        self._connections.close_all()
        tasks = set(self.server_state.tasks)
        if tasks:
            await asyncio.wait(tasks, timeout=_SHUTDOWN_SECONDS)


def listen(port: int) -> socket.socket:
    """Bind a loopback socket and listen; port 0 takes a free one. Raises OSError if the port is taken."""
    listener = bind_loopback(port)
    try:
        # Listening now, not later on the loop, makes a taken port an error of this call.
        listener.listen(_BACKLOG)
    except OSError:
        listener.close()
        raise
    return listener


def bind_loopback(port: int) -> socket.socket:
    """A loopback socket that has the port and does not listen: connecting to it is refused. Raises OSError."""
    # With the protocol named, asyncio turns Nagle off for accepted connections; else each answer takes 40 ms.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if sys.platform == "win32":
            # There SO_REUSEADDR would let two programs share the port.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
    except OSError:
        listener.close()
        raise
    listener.settimeout(0)
    return listener


async def wait_for_disconnect(receive: Receive) -> None:
    """Return when the caller's connection is closed."""
    while (await receive())["type"] != "http.disconnect":
        pass
