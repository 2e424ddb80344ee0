"""A customer's balance without a sale."""

from dataclasses import dataclass

from bonifiq_desktop.domain.query import read_identifier
from bonifiq_desktop.domain.redaction import redact_personal_data
from bonifiq_desktop.domain.search import Balance, CustomerUnknown
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
        named = self._identifier(typed)
        customer = await self.connection.balance_for_person(named) if named else None
        if customer is None:
            raise CustomerUnknown
        first_name = redact_personal_data(customer.name).partition(" ")[0]
        tier = redact_personal_data(customer.tier)
        return Balance(first_name, tier, customer.points or 0, customer.cashback or 0, customer.enrolled)

    def _identifier(self, typed: str) -> str:
        """The document or e-mail that BonifiQ knows the customer by; empty when the text names no customer."""
        return read_identifier(typed)
