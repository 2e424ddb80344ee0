"""Proxy in front of a TCP server that cuts, delays, loses answers, and goes silent while it keeps acknowledging."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from enum import Enum
from socket import SO_LINGER, SOCK_STREAM, SOL_SOCKET, socket
from struct import pack

_CHUNK = 65536


class Fault(Enum):
    """What the network does. SILENT, ANSWERS_LOST: bytes are read, and so acknowledged, but not passed on."""

    NONE = "none"
    REFUSE = "refuse"
    SILENT = "silent"
    ANSWERS_LOST = "answers lost"


class TcpProxy:
    """A running proxy. `port`: its own on loopback; `target`: the server's, which may change at any time.

    All methods may be called from any thread. A fault holds for open and new connections.
    """

    def __init__(self, target: int) -> None:
        self.target = target
        self.port = 0
        self.connections = 0  # accepted since the start
        self.delay = 0.0  # seconds, for each chunk in each direction
        self._fault = Fault.NONE
        self._writers: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="tcp-proxy", daemon=True)

    def start(self) -> None:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(10)

    def stop(self) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    @property
    def open_connections(self) -> int:
        """Connections of clients that neither side has closed yet."""
        return len(self._writers) // 2

    def heal(self) -> None:
        """Pass everything on again; what was swallowed meanwhile is lost, so open connections are cut."""
        was_lossy = self._fault in {Fault.SILENT, Fault.ANSWERS_LOST}
        self._fault = Fault.NONE
        if was_lossy:
            self.reset()

    def refuse(self) -> None:
        """Reset all connections, and new ones at once."""
        self._fault = Fault.REFUSE
        self.reset()

    def go_silent(self) -> None:
        """Read from both sides and pass nothing on. New connections are accepted."""
        self._fault = Fault.SILENT

    def lose_answers(self) -> None:
        """Pass requests on and swallow the answers."""
        self._fault = Fault.ANSWERS_LOST

    def reset(self) -> None:
        """Reset all open connections."""
        self._in_loop(self._abort_all)

    def _abort_all(self) -> None:
        for writer in list(self._writers):
            _abort(writer)

    def _in_loop(self, action: Callable[[], object]) -> None:
        done = threading.Event()

        def run() -> None:
            action()
            done.set()

        self._loop.call_soon_threadsafe(run)
        assert done.wait(10)

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _close(self) -> None:
        assert self._server is not None
        self._server.close()
        self._abort_all()
        if others := asyncio.all_tasks() - {asyncio.current_task()}:
            await asyncio.wait(others, timeout=5)  # not cancelled: asyncio would log each as an error

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        if self._fault is Fault.REFUSE:
            _abort(writer)
            return
        try:
            server_reader, server_writer = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            _abort(writer)
            return
        both = {writer, server_writer}
        self._writers |= both
        try:
            requests = self._pipe(reader, server_writer, lossy=frozenset({Fault.SILENT}))
            answers = self._pipe(server_reader, writer, lossy=frozenset({Fault.SILENT, Fault.ANSWERS_LOST}))
            with suppress(asyncio.CancelledError):  # the proxy stops; else the loop logs an error for each connection
                await asyncio.gather(requests, answers)
        finally:
            self._writers -= both
            for each in both:
                _abort(each)

    async def _pipe(
        self, source: asyncio.StreamReader, target: asyncio.StreamWriter, *, lossy: frozenset[Fault]
    ) -> None:
        try:
            while content := await source.read(_CHUNK):
                if self.delay:
                    await asyncio.sleep(self.delay)
                if self._fault not in lossy:
                    target.write(content)
                    await target.drain()
            if self._fault not in lossy:
                target.write_eof()
        except OSError:
            _abort(target)


def _abort(writer: asyncio.StreamWriter) -> None:
    """Close with a reset, as a lost peer does; buffered bytes are dropped."""
    raw = writer.get_extra_info("socket")
    with suppress(OSError):
        raw.setsockopt(SOL_SOCKET, SO_LINGER, pack("ii", 1, 0))
    writer.transport.abort()


@contextmanager
def tcp_proxy(target: int) -> Iterator[TcpProxy]:
    """Run a proxy in front of a port of loopback."""
    proxy = TcpProxy(target)
    proxy.start()
    try:
        yield proxy
    finally:
        proxy.stop()


def answers(port: int) -> bool:
    """Whether something accepts connections on a port of loopback."""
    with socket(type=SOCK_STREAM) as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
