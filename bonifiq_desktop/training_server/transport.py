"""A uvicorn server that stops at once, and raw access to its connections for fault injection."""

import asyncio
import socket
import struct
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Protocol

import uvicorn
from starlette.types import ASGIApp, Receive, Scope
from uvicorn.protocols.http.h11_impl import H11Protocol

from bonifiq_desktop.training_server.fault_injection.fault_injector import Fault

_SHUTDOWN_SECONDS = 2.0
_LOOP_ROUNDS_BEFORE_CLOSE = 5
_BACKLOG = 128


class ConnectionFaults(Protocol):
    """Faults that meet a connection before its request."""

    def take_for_connection(self) -> Fault | None:
        """The fault for the connection that was just accepted."""


class Connections:
    """The transports of open connections by the `client` address of their ASGI scope. Event loop thread only."""

    def __init__(self, faults: ConnectionFaults) -> None:
        self.closing = asyncio.Event()
        self._faults = faults
        self._transports: dict[tuple[str, int], asyncio.Transport] = {}

    def opened(self, client: tuple[str, int], transport: asyncio.Transport) -> None:
        """Add an accepted connection and inject the fault that waits for one."""
        self._transports[client] = transport
        fault = self._faults.take_for_connection()
        if fault is not None and fault.name == "never_read":
            # Not at once: Python 3.11.2 starts reading after this callback and would undo the pause.
            asyncio.get_running_loop().call_soon(transport.pause_reading)
        elif fault is not None:
            reset(transport)

    def closed(self, client: tuple[str, int]) -> None:
        self._transports.pop(client, None)

    def transport(self, scope: Scope) -> asyncio.Transport | None:
        """The transport of a request's connection; None if it is closed."""
        return self._transports.get(tuple(scope["client"]))

    def close_all(self) -> None:
        """Abort every connection and end all `sleep` calls."""
        self.closing.set()
        for transport in list(self._transports.values()):
            transport.abort()

    async def sleep(self, seconds: float) -> bool:
        """Sleep. False, at once, when the server stops."""
        try:
            await asyncio.wait_for(self.closing.wait(), seconds)
        except TimeoutError:
            return True
        return False

    def protocol(self) -> type[H11Protocol]:
        """A protocol class for uvicorn that registers its connections here."""
        connections = self

        class TrackedConnection(H11Protocol):
            def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
                super().connection_made(transport)
                if self.client is not None:
                    connections.opened(self.client, transport)

            def connection_lost(self, exc: Exception | None) -> None:
                if self.client is not None:
                    connections.closed(self.client)
                super().connection_lost(exc)

        return TrackedConnection


def reset(transport: asyncio.Transport) -> None:
    """Close a connection at once without its unsent bytes. The peer sees RST."""
    raw: socket.socket = transport.get_extra_info("socket")
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


class StoppableServer(uvicorn.Server):
    """uvicorn without polling: it starts and stops within milliseconds, even while requests are open."""

    def __init__(self, app: ASGIApp, connections: Connections, ready: Callable[[], None]) -> None:
        config = uvicorn.Config(
            app,
            loop="asyncio",
            http=connections.protocol(),
            ws="none",
            lifespan="off",
            log_config=None,
            log_level="warning",
            access_log=False,
            # The peer's address finds its transport, so a forwarded header must not replace it.
            proxy_headers=False,
            server_header=False,
            date_header=False,
        )
        super().__init__(config)
        self._connections = connections
        self._ready = ready
        self._stop_requested = asyncio.Event()
        self._reserved_socket: socket.socket | None = None

    async def refuse_connections(self, port: int) -> None:
        """Stop listening and keep the port, so that new connections are refused. Open connections go on."""
        if self._reserved_socket is None:
            await self._close_servers()
            self._reserved_socket = bind_loopback(port)

    async def _close_servers(self) -> None:
        """Stop accepting, then close the listeners. Otherwise asyncio leaves a connection in acceptance open."""
        loop = asyncio.get_running_loop()
        for server in self.servers:
            for listener in server.sockets:
                with suppress(NotImplementedError):  # Windows' event loop has no readers and does not need this
                    loop.remove_reader(listener.fileno())
        for _ in range(_LOOP_ROUNDS_BEFORE_CLOSE):
            await asyncio.sleep(0)
        for server in self.servers:
            server.close()
        self.servers = []

    async def accept_connections(self) -> None:
        if self._reserved_socket is not None:
            kept, self._reserved_socket = self._reserved_socket, None
            kept.listen(_BACKLOG)
            await self.startup(sockets=[kept])

    def request_stop(self) -> None:
        """Stop the server. Event loop thread only."""
        self._stop_requested.set()

    async def main_loop(self) -> None:
        """Wait for `request_stop`; uvicorn would poll ten times a second."""
        self._ready()
        await self._stop_requested.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop listening, abort every connection, and wait for the handlers to end."""
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
    """Listen on loopback; port 0 takes a free port. Raises OSError if the port is taken."""
    listener = bind_loopback(port)
    try:
        # Listening here and not later on the event loop makes a taken port an error of this call.
        listener.listen(_BACKLOG)
    except OSError:
        listener.close()
        raise
    return listener


def bind_loopback(port: int) -> socket.socket:
    """Bind a loopback socket without listening, so that connections are refused. Raises OSError."""
    # asyncio turns Nagle's algorithm off only with the protocol given; else each answer takes 40 ms.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if sys.platform == "win32":
            # On Windows SO_REUSEADDR would let two programs share the port.
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
    while (await receive())["type"] != "http.disconnect":
        pass
