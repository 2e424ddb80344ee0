"""Commands about returns in several systems, and about the connections to marketplaces and web shops."""

from dataclasses import dataclass, field
from datetime import datetime

from bonifiq_desktop.domain.connections import ConnectionStatus
from bonifiq_desktop.domain.operations import Operation
from bonifiq_desktop.domain.orders import Order
from bonifiq_desktop.domain.returns import Leg, RemoteAccount, RemoteReason, ReturnChoice
from bonifiq_desktop.security.credentials import KeyStorage
from bonifiq_desktop.services.return_requests import RemoteLookup, ReturnRequest
from bonifiq_desktop.storage.remote_settings import RemoteSettings
from bonifiq_desktop.worker.command import Command, NeedsApproval


class LookUpElsewhere(Command[RemoteLookup]):
    """Look a purchase up in a marketplace or web shop, by a typed number of any system.

    `also`: other numbers of the same purchase, as another system showed them. `is_order_number`: as in LookUp. Raises
    OrderIdError, ConnectionUnknown, NotSetUp, LookupFailed.
    """

    connection: str
    text: str
    also: tuple[str, ...] = ()
    is_order_number: bool = False


class PlanReturn(Command[tuple[Leg, ...]]):
    """The requests that a choice would make of a connection. Raises ReturnImpossible, ConnectionUnknown, NotSetUp."""

    connection: str
    order: Order
    choice: ReturnChoice


class RegisterReturn(NeedsApproval[tuple[Operation, ...]]):
    """Register a return in every system that must know of it; its legs come in the order of their sending."""

    request: ReturnRequest


class WithdrawReturn(Command[tuple[Operation, ...]]):
    """Withdraw the legs of a return of which nothing was sent yet; the value is all its legs."""

    return_id: str


@dataclass(frozen=True)
class ConnectionInfo:
    """A connection to a marketplace or web shop, without its secret.

    `status_at`: as `Status.connection_at`. `key_storage`: where the secret is stored; None without a secret.
    `lines_refused`: the system refused to cancel single lines, which is kept until the connection is saved again.
    """

    settings: RemoteSettings
    status: ConnectionStatus
    has_secret: bool
    key_storage: KeyStorage | None
    status_at: datetime | None = None
    stopped_by_credentials: bool = False
    lines_refused: bool = False


class ReadConnections(Command[tuple[ConnectionInfo, ...]]):
    """Read the connections to marketplaces and web shops, in the order in which they were added."""


class SaveConnection(NeedsApproval[tuple[ConnectionInfo, ...]]):
    """Add a connection, or change the one with its name. `secret`: a Mirakl key, an Akinon password or token.

    `secret` None: it stays as it is, but at a new address it is forgotten. `allow_plain_file`: the owner agreed to a
    file without a seal. Raises SettingsError with a field such as `connections.url`; `connections.busy` while something
    is unfinished at the address that is to change.
    """

    settings: RemoteSettings
    secret: str | None = field(repr=False, default=None)
    allow_plain_file: bool = False


class RemoveConnection(NeedsApproval[tuple[ConnectionInfo, ...]]):
    """Remove a connection and its secret. Raises SettingsError `connections.busy` while something is unfinished."""

    name: str


class TestRemoteConnection(Command[RemoteAccount]):
    """Prove a connection, without changing anything there; `secret` None: the stored one, at its own address only."""

    __test__ = False  # pytest would collect the class for its name

    settings: RemoteSettings
    secret: str | None = field(repr=False, default=None)


class FetchReasons(Command[tuple[RemoteReason, ...]]):
    """Read the reasons that a marketplace or web shop knows; `secret` as in TestRemoteConnection."""

    settings: RemoteSettings
    secret: str | None = field(repr=False, default=None)


@dataclass(frozen=True)
class RemoteStatus:
    """How a connection to a marketplace or web shop is; `at` as `Status.connection_at`."""

    name: str
    system: str
    status: ConnectionStatus
    stopped_by_credentials: bool = False
    at: datetime | None = None
