"""The training server: the loyalty service on a loopback port, in its own thread."""

import logging
import secrets
from pathlib import Path
from typing import Self, TypeVar, Unpack

from starlette.types import ASGIApp

from bonifiq_desktop.training_server.akinon.server import AkinonTraining
from bonifiq_desktop.training_server.asgi_app import build_asgi_app
from bonifiq_desktop.training_server.contract import Contract
from bonifiq_desktop.training_server.fault_injection.fault_injector import FaultInjector
from bonifiq_desktop.training_server.listener import Listener, TrainingServerError
from bonifiq_desktop.training_server.loyalty_service import LoyaltyService, ServiceOptions
from bonifiq_desktop.training_server.mirakl.server import MiraklTraining
from bonifiq_desktop.training_server.models import StateFileError
from bonifiq_desktop.training_server.transport import Connections

T = TypeVar("T")
_log = logging.getLogger(__name__)


class TrainingServer:
    """A stand-in for BonifiQ on 127.0.0.1.

    - `token`, `key`: the Basic credentials, random per instance unless given.
    - `service`: orders and customers; `faults`: injected faults. Both are thread-safe while the server runs.
    - `state_file`: loaded at the start and written after each applied change. A damaged file is renamed and kept. The
      marketplace and the web shop have files of their own beside it.
    - `remote_contracts`: of Mirakl and Akinon; with them the server has a marketplace and a web shop beside.
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
        remote_contracts: tuple[Path, Path] | None = None,
        **options: Unpack[ServiceOptions],
    ) -> None:
        self.token = token or f"training-{secrets.token_hex(4)}"
        self.key = key or secrets.token_urlsafe(24)
        self.faults = FaultInjector()
        self._state_file = state_file
        self.service = service or _load_or_create(state_file)
        self.service.set_options(**options)
        self._contract = Contract(contract)
        self._listener = Listener("training-server", self.faults, self._build, port)
        self._mirakl: MiraklTraining | None = None
        self._akinon: AkinonTraining | None = None
        if remote_contracts is not None:
            self._mirakl = MiraklTraining(remote_contracts[0], state_file=_beside(state_file, "marketplace"))
            self._akinon = AkinonTraining(remote_contracts[1], state_file=_beside(state_file, "web"))

    @property
    def url(self) -> str:
        """`http://127.0.0.1:PORT`. Raises TrainingServerError before the first start."""
        return self._listener.url

    def start(self) -> None:
        """Start and wait until the server listens. Raises TrainingServerError for a taken port or a second start."""
        self._listener.start()
        for system in self._remote_systems():
            system.start()

    def stop(self) -> None:
        """Abort every connection and wait for the thread. A second call does nothing."""
        for system in self._remote_systems():
            system.stop()
        self._listener.stop()

    @property
    def mirakl(self) -> MiraklTraining:
        """The marketplace. Raises TrainingServerError for a server without one."""
        return self._having(self._mirakl)

    @property
    def akinon(self) -> AkinonTraining:
        """The web shop. Raises TrainingServerError for a server without one."""
        return self._having(self._akinon)

    def _remote_systems(self) -> list[MiraklTraining | AkinonTraining]:
        return [system for system in (self._mirakl, self._akinon) if system is not None]

    @staticmethod
    def _having(system: T | None) -> T:
        if system is None:
            raise TrainingServerError("training server has no further systems")
        return system

    def refuse_connections(self) -> None:
        """Refuse new connections, like a PC without a service on that port. Open connections go on."""
        self._listener.refuse_connections()

    def accept_connections(self) -> None:
        self._listener.accept_connections()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _build(self, connections: Connections) -> ASGIApp:
        return build_asgi_app(
            service=self.service,
            faults=self.faults,
            contract=self._contract,
            connections=connections,
            credentials=(self.token, self.key),
            on_applied=self._save,
        )

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


def _beside(state_file: Path | None, system: str) -> Path | None:
    return state_file and state_file.with_name(f"{state_file.stem}-{system}{state_file.suffix}")
