"""Look up a customer in BonifiQ: by document for a new sale, or by order to show the whole document."""

from dataclasses import dataclass, field, replace

from bonifiq_desktop.domain.contacts import is_masked, mask_email, mask_phone
from bonifiq_desktop.domain.documents import RevealedDocument, format_document
from bonifiq_desktop.domain.orders import Customer, same_order
from bonifiq_desktop.domain.pseudonyms import pseudonym
from bonifiq_desktop.domain.redaction import redact_personal_data
from bonifiq_desktop.domain.sales import SaleError
from bonifiq_desktop.domain.staff import NO_APPROVAL, ApprovalGrant, Task
from bonifiq_desktop.domain.verdicts import FailureReason, LookupFailed
from bonifiq_desktop.ledger.ledger import Ledger
from bonifiq_desktop.services.access_control import AccessControl
from bonifiq_desktop.services.order_lookup import OrderLookup


@dataclass(eq=False, repr=False)
class KnownCustomer:
    """Finds customers, caches the last one in memory, and replaces a sale's masked fields by its data.

    `hash_key`: key of the ledger's pseudonyms; without it, no customer is found.
    """

    ledger: Ledger
    lookup: OrderLookup
    hash_key: bytes | None
    access: AccessControl
    _known: tuple[str, Customer] | None = field(init=False, default=None)  # pseudonym and customer

    async def reveal(self, order_id: str, *, grant: ApprovalGrant = NO_APPROVAL) -> RevealedDocument:
        """Look up the whole document of an order's customer.

        Raises ApprovalNeeded, NotSetUp, LookupFailed.
        """
        self.access.require(Task.REVEAL, grant, order=order_id)
        order = await self.lookup.look_up(order_id)
        if not same_order(order.order_id, order_id):
            raise LookupFailed(FailureReason.WRONG_ORDER)
        return RevealedDocument(format_document(order.customer.document) if order.customer else "")

    async def find(self, document: str) -> Customer | None:
        """Look up the customer of the newest order seen here with this document; None if there is none.

        The result is masked; a sale with unchanged masks gets the data behind them. The ledger stores only a pseudonym.
        Raises NotSetUp, LookupFailed.
        """
        known_as = pseudonym(self.hash_key, document)
        if self._known is not None and self._known[0] != known_as:
            self._known = None
        order_id = self.ledger.queries.last_order_id_of_customer(known_as) if known_as else None
        if known_as is None or order_id is None:
            return None
        customer = (await self.lookup.look_up(order_id)).customer
        if customer is None or self.pseudonym(customer) != known_as:
            return None
        self._known = known_as, customer
        return customer.masked()

    def forget(self) -> None:
        """Drop the cached customer."""
        self._known = None

    def unmasked(self, typed: Customer) -> Customer:
        """Replace a sale's masked fields by the data of the cached customer.

        Raises SaleError for a masked field of another customer.
        """
        if self._known is not None and self._known[0] == self.pseudonym(typed):
            known = self._known[1]
            email = known.email if typed.email == mask_email(known.email) else typed.email
            phone = known.phone if typed.phone == mask_phone(known.phone) else typed.phone
            name = known.name if typed.name == redact_personal_data(known.name) else typed.name
            typed = replace(typed, name=name, email=email, phone=phone)
        for part, text in (("name", typed.name), ("email", typed.email), ("phone", typed.phone)):
            if is_masked(text):
                raise SaleError(part)
        return typed

    def pseudonym(self, customer: Customer | None) -> str | None:
        """The customer's pseudonym in the ledger, or None."""
        return pseudonym(self.hash_key, customer.document, customer.email, customer.phone) if customer else None
