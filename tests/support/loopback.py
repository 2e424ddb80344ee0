"""A server on loopback that does to a connection exactly what a test says."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from bonifiq_desktop.connectors.http_client import HttpClient
from bonifiq_desktop.security.credentials import Credentials

CREDENTIALS = Credentials("TOKEN", "s3cr:ét")
HOST = "127.0.0.1"

ConnectionHandler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class LoopbackServer:
    """`requests`: every whole request seen, raw. `connections`: how many were made."""

    handle: ConnectionHandler
    requests: list[bytes] = field(default_factory=list)
    connections: int = 0
    port: int = 0

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://{HOST}:{self.port}"

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            await self.handle(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the client has hung up
        finally:
            writer.close()

    @asynccontextmanager
    async def listening(self) -> AsyncIterator["LoopbackServer"]:
        """Listen; every connection is gone at the end."""
        tasks: set[asyncio.Task[None]] = set()

        def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.get_running_loop().create_task(self._serve(reader, writer))
            tasks.add(task)
            task.add_done_callback(tasks.discard)

        listener = await asyncio.start_server(accept, HOST, 0)
        self.port = listener.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            listener.close()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await listener.wait_closed()

    async def read_request(self, reader: asyncio.StreamReader) -> bytes:
        """One whole request, kept in `requests`."""
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(
            (int(h.split(b":")[1]) for h in head.split(b"\r\n") if h.lower().startswith(b"content-length")), 0
        )
        self.requests.append(head + await reader.readexactly(length))
        return self.requests[-1]


def answering(raw: bytes) -> LoopbackServer:
    """A server that answers every request with these bytes and keeps the connection open for the next one."""

    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while not reader.at_eof():
            await server.read_request(reader)
            writer.write(raw)
            await writer.drain()

    server = LoopbackServer(behave)
    return server


def closing_after(raw: bytes) -> LoopbackServer:
    """A server that reads a request, writes these bytes and hangs up."""

    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await server.read_request(reader)
        writer.write(raw)
        await writer.drain()

    server = LoopbackServer(behave)
    return server


def answer(body: bytes, status: str = "200 OK", *headers: str) -> bytes:
    """A whole answer with its length."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Content-Type: application/json", *headers]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


@asynccontextmanager
async def client_of(url: str, deadline: float = 5.0) -> AsyncIterator[HttpClient]:
    """A client that is closed at the end."""
    client = HttpClient(url, CREDENTIALS, timeout=deadline)
    try:
        yield client
    finally:
        await client.aclose()


def stop_listening(listener: socket.socket) -> None:
    """Close a listening socket, so that a thread in accept() returns: Linux needs the shutdown, Windows refuses it."""
    with suppress(OSError):
        listener.shutdown(socket.SHUT_RDWR)
    listener.close()
