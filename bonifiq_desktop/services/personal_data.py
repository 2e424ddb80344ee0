"""What this till holds of one customer: found, handed out, erased, as the law gives every customer the right to."""

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC
from pathlib import Path
from typing import Any

from bonifiq_desktop.domain.contacts import ContactError, mask_email, mask_phone, read_email, read_phone
from bonifiq_desktop.domain.documents import DocumentError, mask_document, read_document
from bonifiq_desktop.domain.money import to_wire
from bonifiq_desktop.domain.operations import Operation
from bonifiq_desktop.domain.orders import Customer, Order
from bonifiq_desktop.domain.personal_data import (
    CustomerBusy,
    CustomerNotNamed,
    CustomersHidden,
    ErasureResult,
    PersonalDataReport,
)
from bonifiq_desktop.domain.pseudonyms import pseudonym
from bonifiq_desktop.domain.staff import NO_APPROVAL, ApprovalGrant, Task
from bonifiq_desktop.domain.strict_json import load
from bonifiq_desktop.ledger.errors import LedgerError
from bonifiq_desktop.ledger.ledger import Ledger
from bonifiq_desktop.ledger.personal_data import SeenOrder
from bonifiq_desktop.ledger.personal_data_in_copies import (
    copies_with_personal_data,
    erase_in_copy,
    holds_customer,
)
from bonifiq_desktop.security.credentials import CredentialsError, load_or_create_hash_key
from bonifiq_desktop.services import export
from bonifiq_desktop.services.access_control import AccessControl
from bonifiq_desktop.services.file_executor import FileExecutor
from bonifiq_desktop.storage.drafts import find_drafts, save_draft
from bonifiq_desktop.storage.files import write_user_file
from bonifiq_desktop.storage.paths import Paths

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Named:
    """A customer as asked for: masked, by pseudonym, and how to know a text that names them."""

    masked: str
    known_as: str
    is_in: Callable[[str], bool] = field(repr=False)

    @property
    def trace(self) -> str:
        """What tells the customer's entries in the trail from another one's, and leads to nobody without the key."""
        return self.known_as[:12]


class PersonalDataService:
    """Finds a customer by CPF or CNPJ, or by e-mail where BonifiQ has no document: the ledger has a keyed hash only."""

    def __init__(
        self, ledger: Ledger, paths: Paths, beside: FileExecutor, hash_key: bytes | None, *, access: AccessControl
    ) -> None:
        self._ledger = ledger
        self._access = access
        self._paths = paths
        self._beside = beside
        self._hash_key = hash_key

    async def find(self, text: str) -> PersonalDataReport:
        """How much there is of a customer. Raises CustomerNotNamed, CustomersHidden, LedgerError."""
        named = self._named(text)
        orders = self._ledger.personal_data.order_ids_of_customer(named.known_as)
        operations = self._ledger.personal_data.operations_of_orders(orders)
        return PersonalDataReport(
            orders=len(self._ledger.personal_data.seen_orders(orders)),
            operations=len(operations),
            unfinished=sum(operation.settled_at is None for operation in operations),
            copies=len(await self._copies_with(named, orders)),
            drafts=len(find_drafts(self._paths.drafts, named.is_in)),
        )

    def export(self, text: str, path: Path, *, grant: ApprovalGrant = NO_APPROVAL) -> int:
        """Write all that is held of a customer to a JSON file for this user alone; returns how many entries.

        Raises ManagerNeeded, CustomerNotNamed, CustomersHidden, LedgerError, InsideDataFolder, OSError.
        """
        named = self._named(text)
        self._access.require(Task.EXPORT_CUSTOMER, grant, customer=named.trace)
        orders = self._ledger.personal_data.order_ids_of_customer(named.known_as)
        told = {
            "customer": named.masked,
            "orders": [_order(seen) for seen in self._ledger.personal_data.seen_orders(orders)],
            "operations": [
                _operation(operation) for operation in self._ledger.personal_data.operations_of_orders(orders)
            ],
            "waiting_requests": [load(body) for body in self._ledger.personal_data.request_bodies(orders)],
            "drafts": find_drafts(self._paths.drafts, named.is_in),
        }
        with write_user_file(path, data_folder=self._paths.folder) as file:
            # Decimals and dates of a request are told as they stand.
            file.write(json.dumps(told, ensure_ascii=False, indent=1, default=str).encode())
        return sum(len(part) for part in told.values() if not isinstance(part, str))

    async def erase(self, text: str, *, grant: ApprovalGrant = NO_APPROVAL) -> ErasureResult:
        """Drop what is held of a customer, in the ledger, its copies, set-aside files and drafts; operations stay, with
        order number, value and key.

        Raises CustomerBusy while something of the customer is unfinished, ManagerNeeded, CustomerNotNamed,
        CustomersHidden, LedgerError, OSError.
        """
        named = self._named(text)
        self._access.require(Task.ERASE_CUSTOMER, grant, customer=named.trace)
        orders = self._ledger.personal_data.order_ids_of_customer(named.known_as)
        if any(operation.settled_at is None for operation in self._ledger.personal_data.operations_of_orders(orders)):
            raise CustomerBusy
        if orders:
            self._ledger.personal_data.erase(orders)
        self._ledger.connection.truncate_wal()
        for screen in find_drafts(self._paths.drafts, named.is_in):
            save_draft(self._paths.drafts, screen, {})
        return ErasureResult(tuple(await self._erase_in_copies(named, orders)))

    async def _erase_in_copies(self, named: _Named, orders: list[str]) -> list[str]:
        """The names of those that could not be changed."""
        left = []
        for path in await self._beside.run(copies_with_personal_data, self._paths.ledger):
            try:
                await self._beside.run(erase_in_copy, path, named.known_as, orders)
            except LedgerError:
                _log.warning("a customer stays in a copy", extra={"copy": path.name}, exc_info=True)
                left.append(path.name)
        return left

    async def _copies_with(self, named: _Named, orders: list[str]) -> list[Path]:
        """Those that hold something; one that cannot be read may."""
        found = []
        for path in await self._beside.run(copies_with_personal_data, self._paths.ledger):
            try:
                if await self._beside.run(holds_customer, path, named.known_as, orders):
                    found.append(path)
            except LedgerError:
                found.append(path)
        return found

    def _named(self, typed: str) -> _Named:
        try:
            if "@" in typed:
                email = read_email(typed).casefold()
                masked, known_as = mask_email(email), pseudonym(self._hash_key, "", email)
                is_in: Callable[[str], bool] = lambda text: email in text.casefold()  # noqa: E731
            else:
                document = read_document(typed)
                masked, known_as = mask_document(document), pseudonym(self._hash_key, document)
                is_in = lambda text: document in "".join(filter(str.isalnum, text)).upper()  # noqa: E731
        except ContactError as error:
            raise CustomerNotNamed from error
        except DocumentError:
            masked, known_as, is_in = self._called(typed)
        if known_as is None:
            raise CustomersHidden
        return _Named(masked, known_as, is_in)

    def _called(self, typed: str) -> tuple[str, str | None, Callable[[str], bool]]:
        """The same of a customer who is known by phone only. Raises CustomerNotNamed."""
        try:
            phone = read_phone(typed)
        except ContactError as error:
            raise CustomerNotNamed from error
        digits = phone.removeprefix("+55").removeprefix("+")
        is_in: Callable[[str], bool] = lambda text: digits in "".join(filter(str.isdecimal, text))  # noqa: E731
        return mask_phone(phone), pseudonym(self._hash_key, "", phone=phone), is_in


def _order(seen: SeenOrder) -> dict[str, Any]:
    return {
        "order_id": seen.order.order_id,
        "placed_at": seen.order.placed_at.astimezone(UTC).isoformat() if seen.order.placed_at else None,
        "first_total": str(to_wire(seen.first_total)),
        "last_total": str(to_wire(seen.last_total)),
        "first_seen_at": seen.first_seen_at,
        "last_seen_at": seen.last_seen_at,
        "customer": _customer(seen.order),
    }


def _operation(operation: Operation) -> dict[str, Any]:
    return export.row(operation) | {"reason": operation.reason, "customer": _customer(operation.order)}


def _customer(order: Order | None) -> dict[str, str] | None:
    known: Customer | None = order.customer if order else None
    return {"first_name": known.name, "document": known.document, "tier": known.tier} if known else None


def read_hash_key(paths: Paths) -> bytes | None:
    """The secret for finding customers again; without it everything else still works."""
    try:
        return load_or_create_hash_key(paths.folder / "customer-hash.json")
    except (CredentialsError, OSError):
        _log.exception("customers cannot be found by their document")
        return None
