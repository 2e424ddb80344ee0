"""Compose the services of one connection."""

from collections.abc import Callable
from dataclasses import dataclass, field

from bonifiq_desktop.domain.operations import Operation
from bonifiq_desktop.ledger.ledger import Ledger
from bonifiq_desktop.services.access_control import AccessControl
from bonifiq_desktop.services.checkouts import CheckoutService
from bonifiq_desktop.services.claims import OrderClaims
from bonifiq_desktop.services.connection import Connection
from bonifiq_desktop.services.lookup import KnownCustomer, LookupService, OrderLookup
from bonifiq_desktop.services.outbox import Outbox
from bonifiq_desktop.services.registration import RegistrationService
from bonifiq_desktop.services.retry import RetryPolicy
from bonifiq_desktop.services.rewards import RewardService
from bonifiq_desktop.storage.settings import Settings


@dataclass(eq=False, repr=False)
class ConnectionServices:
    """The services of one connection. `publish` gets every operation that changed by itself; `claims`: see Outbox."""

    ledger: Ledger
    connection: Connection
    settings: Callable[[], Settings]
    publish: Callable[[Operation], None]
    access: AccessControl
    policy: RetryPolicy = field(default_factory=RetryPolicy)
    claims: OrderClaims | None = None

    def __post_init__(self) -> None:
        ledger, connection = self.ledger, self.connection
        order_lookup = OrderLookup(ledger, connection, connection.look_up_for_person, self.publish)
        self.customers = KnownCustomer(ledger, order_lookup, self.access)
        self.lookup = LookupService(ledger, connection, order_lookup, self.customers)
        self.registration = RegistrationService(
            ledger, connection, order_lookup, self.customers, self.settings, self.access
        )
        self.rewards = RewardService(connection, self.customers)
        self.checkouts = CheckoutService(ledger, connection, self.customers, self.registration)
        self.outbox = Outbox(ledger, connection, self.settings, self.publish, self.policy, self.claims)
