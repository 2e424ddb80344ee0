"""Proxy that changes the Date header of a server's answers."""

import asyncio
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from urllib.parse import urlsplit

_STATUS = re.compile(rb"(?m)^HTTP/1.1 [^\r]*\r\n")


@contextmanager
def proxy_with_date(url: str, offset: timedelta | str) -> Iterator[str]:
    """Run a proxy of `url` and yield its address. `offset`: added to the Date header, or the text that replaces it."""
    port = urlsplit(url).port
    ready: list[tuple[str, asyncio.AbstractEventLoop, asyncio.Event]] = []
    started = threading.Event()

    async def pipe(source: asyncio.StreamReader, target: asyncio.StreamWriter, *, answers: bool) -> None:
        while content := await source.read(65536):
            if answers:
                date = offset if isinstance(offset, str) else format_datetime(datetime.now(UTC) + offset, usegmt=True)
                content = _STATUS.sub(rb"\g<0>" + f"date: {date}\r\n".encode(), content, count=1)
            target.write(content)
            await target.drain()
        target.close()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server_reader, server_writer = await asyncio.open_connection("127.0.0.1", port)
        both = (pipe(reader, server_writer, answers=False), pipe(server_reader, writer, answers=True))
        await asyncio.gather(*both, return_exceptions=True)

    async def main() -> None:
        stop = asyncio.Event()
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        ready.append((f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", asyncio.get_running_loop(), stop))
        started.set()
        async with server:
            await stop.wait()

    thread = threading.Thread(target=asyncio.run, args=(main(),), daemon=True)
    thread.start()
    assert started.wait(10)
    address, loop, stop = ready[0]
    try:
        yield address
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(10)
