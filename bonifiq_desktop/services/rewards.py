"""Rewards of a customer at the counter: what may be used, and the one-time code that identifies the customer."""

from dataclasses import dataclass, replace

from bonifiq_desktop.domain.rewards import AvailableRewards, Basket, CodeChecked, CodeRequest, CodeSent
from bonifiq_desktop.services.connection import Connection
from bonifiq_desktop.services.lookup import KnownCustomer


@dataclass(eq=False, repr=False)
class RewardService:
    """Asks the loyalty service while a person waits. Codes are kept nowhere."""

    connection: Connection
    customers: KnownCustomer

    async def find(self, basket: Basket) -> AvailableRewards:
        """The rewards for a basket; its customer may be masked, the answer's one is.

        Raises RewardsNotOffered, NotSetUp, LookupFailed, and SaleError for a masked customer who is not known.
        """
        customer = self.customers.unmasked(basket.customer)
        found = await self.connection.rewards_for_person(replace(basket, customer=customer))
        return replace(found, customer=found.customer.masked() if found.customer else None)

    async def send_code(self, request: CodeRequest) -> CodeSent:
        """Ask for a code to be sent. Raises NotSetUp, LookupFailed, SaleError."""
        return await self.connection.send_code(self._unmasked(request))

    async def check_code(self, request: CodeRequest, code: str) -> CodeChecked:
        """Check a code. Raises NotSetUp, LookupFailed, SaleError."""
        return await self.connection.check_code(self._unmasked(request), code)

    def _unmasked(self, request: CodeRequest) -> CodeRequest:
        return replace(request, customer=self.customers.unmasked(request.customer))
