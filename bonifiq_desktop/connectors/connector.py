"""The port to a remote system: everything that the services know of one."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bonifiq_desktop.domain.connections import ConnectionStatus
from bonifiq_desktop.domain.operations import Operation
from bonifiq_desktop.domain.orders import Order
from bonifiq_desktop.domain.read_back import ReadBack
from bonifiq_desktop.domain.requests import Intent, SerializedRequest
from bonifiq_desktop.domain.returns import Leg, RemoteAccount, RemoteReason, ReturnChoice, SettlingTimes
from bonifiq_desktop.domain.rewards import AvailableRewards, Basket, CodeChecked, CodeRequest, CodeSent
from bonifiq_desktop.domain.verdicts import Verdict
from bonifiq_desktop.security.credentials import Credentials

CALL_TIMEOUT = 20.0
"""Seconds that one call of any connector may take in all, from name look-up to the last byte of the answer."""


@dataclass(frozen=True)
class CallReport:
    """How a call went. `server_time`: the clock of the server (UTC), None where its answer did not name it.

    It is the system's own clock only where `status` is ONLINE: a captive portal answers with a date, too.
    """

    status: ConnectionStatus
    server_time: datetime | None = None


class Connector(Protocol):
    """One remote system under one address and one pair of credentials. Used and closed on one event loop."""

    def serialize(self, intent: Intent, key_index: int = 0) -> SerializedRequest:
        """The request of an intent. Pure: the same intent and index make the same bytes.

        `key_index`: the running number in the client key, where the system takes one.
        """

    async def send(self, operation: Operation, request: SerializedRequest) -> Verdict:
        """Send an operation's request once, and classify the answer. What goes wrong on the way is a verdict, too."""

    async def look_up(self, order_id: str) -> Order:
        """The order under a number; it may bear another number. Raises OrderNotFound, LookupFailed."""

    async def read_back(self, operation: Operation, body: bytes | None) -> ReadBack:
        """What the system's records show of an operation that was perhaps applied. Changes nothing there.

        `body`: of its request, as it was sent; None where it was erased since. The order may bear another number: the
        caller compares it. Raises LookupFailed.
        """

    async def verify(self) -> None:
        """Prove that address and credentials work. Changes nothing there. Raises LookupFailed."""

    async def aclose(self) -> None:
        """Close every connection. Nothing is reported from then on, and calls raise RuntimeError."""


class RewardConnector(Connector, Protocol):
    """A loyalty service: it tells the rewards of a customer, and identifies the customer by a one-time code.

    `send` redeems (Kind.REDEMPTION) and undoes (Kind.REVERSAL); `read_back` of a reversal reads the redemption.
    """

    async def rewards(self, basket: Basket) -> AvailableRewards:
        """The rewards for a basket. Raises RewardsNotOffered, LookupFailed."""

    async def send_code(self, request: CodeRequest) -> CodeSent:
        """Ask for a one-time code to be sent to a customer. Raises LookupFailed."""

    async def check_code(self, request: CodeRequest, code: str) -> CodeChecked:
        """Check a one-time code that the customer named. Raises LookupFailed."""

    def with_reward(self, body: bytes, redemption: Operation) -> bytes:
        """The body of a sale that was never sent, with the Coupon of its redemption. Pure."""

    def reversal(self, redemption: Operation) -> SerializedRequest:
        """The request that undoes a redemption: by its RewardId, else by its OriginalKey. Pure."""


class ReturnConnector(Connector, Protocol):
    """A marketplace or web shop: no client key, so that a lost answer is settled by the system's own records.

    `look_up` sets `Order.remote`. `read_back` compares the records with `Operation.baseline`.
    """

    settling: SettlingTimes

    def plan(self, order: Order, choice: ReturnChoice) -> tuple[Leg, ...]:
        """The requests that a choice makes, in the order of their sending. Pure. Raises ReturnImpossible."""

    def baseline(self, order: Order, operation: Operation) -> str:
        """What `read_back` has to know of the records just before the first sending. Pure."""

    def remote_state(self, order: Order, operation: Operation) -> str:
        """The state of what a confirmed operation made, by the system's own word; "" where it shows none. Pure."""

    async def reasons(self) -> tuple[RemoteReason, ...]:
        """The reasons that this shop may use. Raises LookupFailed."""

    async def describe(self) -> RemoteAccount:
        """Prove address, credentials and, where the system shows it, rights. Raises LookupFailed."""


Observer = Callable[[CallReport], None]
"""Called after each call of a connector."""


class ConnectorFactory(Protocol):
    """Makes the connector of an address and its credentials. Raises UnsafeUrl."""

    def __call__(self, url: str, credentials: Credentials, *, observe: Observer = ...) -> Connector: ...
