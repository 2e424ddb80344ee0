"""Look-ups of orders and customers."""

from typing import TYPE_CHECKING

from bonifiq_desktop.domain.documents import RevealedDocument
from bonifiq_desktop.domain.orders import Customer
from bonifiq_desktop.domain.staff import ApprovalGrant
from bonifiq_desktop.services.lookup_result import LookupResult
from bonifiq_desktop.worker import commands as c
from bonifiq_desktop.worker.handlers.registry import handles

if TYPE_CHECKING:
    from bonifiq_desktop.worker.backend import Backend


@handles(c.LookUp, needs_credentials=True)
async def look_up(backend: "Backend", command: c.LookUp) -> LookupResult:
    return await backend.lookup.look_up(command.text, is_order_number=command.is_order_number)


@handles(c.FindCustomer, needs_credentials=True)
async def find_customer(backend: "Backend", command: c.FindCustomer) -> Customer | None:
    return await backend.customers.find(command.document)


@handles(c.RevealDocument, needs_credentials=True)
async def reveal_document(backend: "Backend", command: c.RevealDocument, grant: ApprovalGrant) -> RevealedDocument:
    return await backend.customers.reveal(command.order_id, grant=grant)
