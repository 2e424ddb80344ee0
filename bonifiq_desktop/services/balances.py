"""A customer's balance and rewards without a sale."""

from dataclasses import dataclass

from bonifiq_desktop.domain.orders import Customer
from bonifiq_desktop.domain.phones import read_phone_shape
from bonifiq_desktop.domain.query import read_identifier, search_text
from bonifiq_desktop.domain.redaction import redact_personal_data
from bonifiq_desktop.domain.rewards import Basket, RewardsNotOffered
from bonifiq_desktop.domain.search import Balance, BalanceNotOffered, CustomerUnknown
from bonifiq_desktop.ledger.ledger import Ledger
from bonifiq_desktop.services.connection import Connection


@dataclass(eq=False, repr=False)
class BalanceService:
    """Asks the remote system for balances. Document and e-mail travel in the request's body, never in its URL."""

    ledger: Ledger
    connection: Connection

    async def ask(self, typed: str) -> Balance:
        """The balance of a customer, by CPF, CNPJ, e-mail, or the phone of a customer known here.

        Raises CustomerUnknown, BalanceNotOffered, NotSetUp, LookupFailed, LedgerError.
        """
        named = read_identifier(typed) or self._of_phone(typed)
        if not named:
            raise CustomerUnknown
        try:
            found = await self.connection.rewards_for_person(Basket(Customer(customer_id=named), 0))
        except RewardsNotOffered as error:
            raise BalanceNotOffered from error
        customer = found.customer
        if customer is None:
            raise CustomerUnknown
        first_name = redact_personal_data(customer.name).partition(" ")[0]
        tier = redact_personal_data(customer.tier)
        points, cashback = customer.points or 0, customer.cashback or 0
        return Balance(first_name, tier, points, cashback, customer.enrolled, found.rewards)

    def _of_phone(self, typed: str) -> str:
        """The document or e-mail of the one customer here with this phone; empty for none, or for several."""
        phone = read_phone_shape(search_text(typed))
        numbers = self.ledger.customers.with_phone(phone) if phone is not None and phone.is_whole else []
        customer = self.ledger.customers.by_id(numbers[0]) if len(numbers) == 1 else None
        return (customer.document or customer.email) if customer else ""
