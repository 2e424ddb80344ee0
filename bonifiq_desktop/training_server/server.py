"""The training server: the loyalty service on a loopback port, in its own thread."""

import asyncio
import contextlib
import logging
import secrets
import socket
import threading
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, Self, Unpack

from bonifiq_desktop.training_server.asgi_app import build_asgi_app
from bonifiq_desktop.training_server.contract import Contract
from bonifiq_desktop.training_server.fault_injection.fault_injector import FaultInjector
from bonifiq_desktop.training_server.loyalty_service import LoyaltyService, ServiceOptions
from bonifiq_desktop.training_server.models import StateFileError
from bonifiq_desktop.training_server.transport import Connections, StoppableServer, listen

_START_SECONDS = 10.0
_STOP_SECONDS = 5.0

_log = logging.getLogger(__name__)


class TrainingServerError(Exception):
    """The server could not start or stop."""


class TrainingServer:
    """A stand-in for BonifiQ on 127.0.0.1.

    - `token`, `key`: the Basic credentials, random per instance unless given.
    - `service`: orders and customers; `faults`: injected faults. Both are thread-safe while the server runs.
    - `state_file`: loaded at the start and written after each applied change. A damaged file is renamed and kept.
    - `options`: undocumented behaviour of the service.

    After stop() the server may be started again and keeps its port. Raises ContractError for an unusable `contract`.
    """

    def __init__(
        self,
        *,
        contract: Path,
        service: LoyaltyService | None = None,
        port: int = 0,
        state_file: Path | None = None,
        token: str | None = None,
        key: str | None = None,
        **options: Unpack[ServiceOptions],
    ) -> None:
        self.token = token or f"training-{secrets.token_hex(4)}"
        self.key = key or secrets.token_urlsafe(24)
        self.faults = FaultInjector()
        self._state_file = state_file
        self.service = service or _load_or_create(state_file)
        self.service.set_options(**options)
        self._contract = Contract(contract)
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
        """Start and wait until the server listens. Raises TrainingServerError for a taken port or a second start."""
        if self._thread is not None:
            raise TrainingServerError("training server is already running")
        try:
            listener = listen(self._port)
        except OSError as error:
            raise TrainingServerError(f"port {self._port} on 127.0.0.1 cannot be used: {error.strerror}") from error
        self._port = listener.getsockname()[1]
        self._ready.clear()
        self._failure = None
        self._thread = threading.Thread(target=self._run, args=(listener,), name="training-server", daemon=True)
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

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

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
        connections = Connections(self.faults)
        app = build_asgi_app(
            service=self.service,
            faults=self.faults,
            contract=self._contract,
            connections=connections,
            credentials=(self.token, self.key),
            on_applied=self._save,
        )
        self._loop = asyncio.get_running_loop()
        self._server = StoppableServer(app, connections, self._ready.set)
        await self._server.serve(sockets=[listener])

    def _save(self) -> None:
        if self._state_file is not None:
            self.service.save(self._state_file)


def _load_or_create(state_file: Path | None) -> LoyaltyService:
    if state_file is None or not state_file.exists():
        return LoyaltyService()
    try:
        return LoyaltyService.load(state_file)
    except StateFileError:
        aside = state_file.with_name(f"{state_file.name}.damaged-{secrets.token_hex(3)}")
        state_file.replace(aside)
        _log.warning("damaged training state renamed", extra={"copy": aside.name})
        return LoyaltyService()
