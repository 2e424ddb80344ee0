"""A loopback port with an ASGI application behind it, served by a thread of its own."""

import asyncio
import contextlib
import logging
import socket
import threading
from collections.abc import Callable, Coroutine
from typing import Any

from starlette.types import ASGIApp

from bonifiq_desktop.training_server.transport import ConnectionFaults, Connections, StoppableServer, listen

_START_SECONDS = 10.0
_STOP_SECONDS = 5.0

_log = logging.getLogger(__name__)


class TrainingServerError(Exception):
    """The server could not start or stop."""


class Listener:
    """After stop() it may be started again and keeps its port. `build` makes the application on the event loop."""

    def __init__(self, name: str, faults: ConnectionFaults, build: Callable[[Connections], ASGIApp], port: int) -> None:
        self._name = name
        self._faults = faults
        self._build = build
        self._port = port
        self._thread: threading.Thread | None = None
        self._ready = threading.Event()
        self._failure: BaseException | None = None
        self._server: StoppableServer | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def url(self) -> str:
        """`http://127.0.0.1:PORT`. Raises TrainingServerError before the first start."""
        if not self._port:
            raise TrainingServerError("training server has no port before its start")
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        """Start and wait until it listens. Raises TrainingServerError for a taken port or a second start."""
        if self._thread is not None:
            raise TrainingServerError("training server is already running")
        try:
            listener = listen(self._port)
        except OSError as error:
            raise TrainingServerError(f"port {self._port} on 127.0.0.1 cannot be used: {error.strerror}") from error
        self._port = listener.getsockname()[1]
        self._ready.clear()
        self._failure = None
        self._thread = threading.Thread(target=self._run, args=(listener,), name=self._name, daemon=True)
        self._thread.start()
        if not self._ready.wait(_START_SECONDS) or self._failure is not None:
            failure, self._thread = self._failure, None
            raise TrainingServerError("training server did not start") from failure

    def stop(self) -> None:
        """Abort every connection and wait for the thread. A second call does nothing."""
        thread, server, loop = self._thread, self._server, self._loop
        if thread is None or server is None or loop is None:
            return
        with contextlib.suppress(RuntimeError):  # the loop has ended by itself
            loop.call_soon_threadsafe(server.request_stop)
        thread.join(_STOP_SECONDS)
        if thread.is_alive():
            raise TrainingServerError("training server does not stop")
        self._thread = None

    def refuse_connections(self) -> None:
        """Refuse new connections, like a PC without a service on that port. Open connections go on."""
        self._run_on_loop(lambda server: server.refuse_connections(self._port))

    def accept_connections(self) -> None:
        self._run_on_loop(StoppableServer.accept_connections)

    def _run_on_loop(self, work: Callable[[StoppableServer], Coroutine[Any, Any, None]]) -> None:
        if self._server is None or self._loop is None or self._thread is None:
            raise TrainingServerError("training server is not running")
        asyncio.run_coroutine_threadsafe(work(self._server), self._loop).result(_START_SECONDS)

    def _run(self, listener: socket.socket) -> None:
        try:
            asyncio.run(self._serve(listener))
        except BaseException as error:
            self._failure = error
            _log.warning("training server failed", exc_info=error)
        finally:
            listener.close()
            self._ready.set()

    async def _serve(self, listener: socket.socket) -> None:
        connections = Connections(self._faults)
        app = self._build(connections)
        self._loop = asyncio.get_running_loop()
        self._server = StoppableServer(app, connections, self._ready.set)
        await self._server.serve(sockets=[listener])
