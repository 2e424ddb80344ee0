"""Customers' rights under the LGPD: find, export and erase one customer's data on this till."""

import json
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
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
from bonifiq_desktop.domain.progress import Progress
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
from bonifiq_desktop.ledger.records import NO_END
from bonifiq_desktop.services import export
from bonifiq_desktop.services.access_control import AccessControl
from bonifiq_desktop.services.file_executor import FileExecutor
from bonifiq_desktop.storage.drafts import find_drafts, save_draft
from bonifiq_desktop.storage.files import write_user_file
from bonifiq_desktop.storage.paths import Paths

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Subject:
    """The customer of one request. `is_in`: whether a text names the customer.

    `pseudonyms`: those of the ledger and of its copies, which may be sealed with other keys.
    """

    masked: str
    pseudonym: str
    pseudonyms: frozenset[str]
    is_in: Callable[[str], bool] = field(repr=False)

    @property
    def audit_id(self) -> str:
        """Id in the audit log; only the hash key can connect it with the customer."""
        return self.pseudonym[:12]


@dataclass(eq=False, repr=False)
class PersonalDataService:
    """Finds a customer by CPF, CNPJ, e-mail or phone, through the pseudonyms in the ledger."""

    ledger: Ledger
    paths: Paths
    file_executor: FileExecutor
    access: AccessControl

    async def find(self, text: str, progress: Progress | None = None) -> PersonalDataReport:
        """Count a customer's data. Raises WorkStopped, CustomerNotNamed, CustomersHidden, LedgerError."""
        subject = self._subject(text)
        orders = self.ledger.personal_data.order_ids_of_customer(subject.pseudonym)
        operations = self.ledger.personal_data.operations_of_orders(orders)
        return PersonalDataReport(
            orders=len(self.ledger.personal_data.seen_orders(orders)),
            operations=len(operations) + len(self.ledger.personal_data.operations_elsewhere(subject.pseudonym)),
            unfinished=sum(operation.settled_at is None for operation in operations),
            copies=len(await self._copies_with(subject, orders, progress or Progress())),
            drafts=len(find_drafts(self.paths.drafts, subject.is_in)),
        )

    def export(self, text: str, path: Path, *, grant: ApprovalGrant = NO_APPROVAL) -> int:
        """Write a customer's data to a private JSON file; returns the number of entries.

        Raises ApprovalNeeded, CustomerNotNamed, CustomersHidden, LedgerError, InsideDataFolder, OSError.
        """
        subject = self._subject(text)
        self.access.require(Task.EXPORT_CUSTOMER, grant, customer=subject.audit_id)
        records = self.ledger.personal_data
        orders = records.order_ids_of_customer(subject.pseudonym)
        data = {
            "customer": subject.masked,
            "orders": [_order(seen) for seen in records.seen_orders(orders)],
            "operations": [_operation(operation) for operation in records.operations_of_orders(orders)],
            "operations_of_other_tills": [_operation(each) for each in records.operations_elsewhere(subject.pseudonym)],
            "waiting_requests": [load(body) for body in records.request_bodies(orders)],
            "drafts": find_drafts(self.paths.drafts, subject.is_in),
        }
        with write_user_file(path, data_folder=self.paths.folder) as file:
            # default=str writes the Decimals of a request.
            file.write(json.dumps(data, ensure_ascii=False, indent=1, default=str).encode())
        return sum(len(part) for part in data.values() if not isinstance(part, str))

    async def erase(
        self, text: str, progress: Progress | None = None, *, grant: ApprovalGrant = NO_APPROVAL
    ) -> ErasureResult:
        """Erase a customer's data in the ledger, its copies and the drafts.

        The operations stay with order number, value and key.

        Raises CustomerBusy while an operation of the customer is unfinished, ApprovalNeeded, CustomerNotNamed,
        CustomersHidden, LedgerError, OSError.
        """
        subject = self._subject(text)
        self.access.require(Task.ERASE_CUSTOMER, grant, customer=subject.audit_id)
        orders = self.ledger.personal_data.order_ids_of_customer(subject.pseudonym)
        if self._are_unfinished(orders):
            raise CustomerBusy
        if orders or self.ledger.changes.incarnation is not None:
            self.ledger.personal_data.erase(orders, subject.pseudonym)
        self.ledger.connection.truncate_wal()
        for screen in find_drafts(self.paths.drafts, subject.is_in):
            save_draft(self.paths.drafts, screen, {})
        return ErasureResult(tuple(await self._erase_in_copies(subject.pseudonyms, orders, progress or Progress())))

    async def erase_due(self) -> None:
        """Erase here, in the ledger, its copies and the drafts, the customers whom a person erased at another till.

        What came after the erasure stays: a till that reads the shop's log from its start meets every old one again.
        A customer with an unfinished operation waits for its end. Raises LedgerError, OSError.
        """
        records = self.ledger.personal_data
        for due in records.due_erasures():
            orders = records.order_ids_of_customer(due.identity, due.until)
            if self._are_unfinished(orders):
                continue
            known_as = self.ledger.customers.pseudonyms_beside(due.identity)  # as long as the record is there
            await self._erase_in_copies(known_as, orders, Progress(), due.until)
            for screen in find_drafts(self.paths.drafts, partial(self._is_of, due.identity), due.until):
                save_draft(self.paths.drafts, screen, {})
            orders = records.order_ids_of_customer(due.identity, due.until)
            if self._are_unfinished(orders):
                continue  # registered meanwhile
            records.erase_due(due, orders)
            self.ledger.connection.truncate_wal()
            _log.info("customer erased for another till")

    def _are_unfinished(self, orders: list[str]) -> bool:
        found = self.ledger.personal_data.operations_of_orders(orders)
        return any(operation.settled_at is None for operation in found)

    def _is_of(self, pseudonym: str, text: str) -> bool:
        """Whether a text is the document, e-mail or phone that a pseudonym stands for."""
        customers = self.ledger.customers
        return any(
            pseudonym in customers.pseudonyms(*names) for names in ((text, ""), ("", text.strip()), ("", "", text))
        )

    async def _erase_in_copies(
        self, pseudonyms: frozenset[str], orders: list[str], progress: Progress, until: datetime = NO_END
    ) -> list[str]:
        """Returns the names of the copies that could not be changed."""
        unchanged = []
        copies = await self.file_executor.run(copies_with_personal_data, self.paths.ledger)
        for done, path in enumerate(copies):
            progress.report(done, len(copies))
            try:
                await self.file_executor.run(erase_in_copy, path, pseudonyms, orders, until)
            except LedgerError:
                _log.warning("copy not erased", extra={"copy": path.name}, exc_info=True)
                unchanged.append(path.name)
        return unchanged

    async def _copies_with(self, subject: _Subject, orders: list[str], progress: Progress) -> list[Path]:
        """The copies that hold data of the customer, and the unreadable ones."""
        found = []
        copies = await self.file_executor.run(copies_with_personal_data, self.paths.ledger)
        for done, path in enumerate(copies):
            progress.report(done, len(copies))
            try:
                if await self.file_executor.run(holds_customer, path, subject.pseudonyms, orders):
                    found.append(path)
            except LedgerError:
                found.append(path)
        return found

    def _subject(self, typed: str) -> _Subject:
        """Raises CustomerNotNamed, CustomersHidden."""
        if self.ledger.customers.keys is None or self.ledger.customers.hides_kept:
            raise CustomersHidden
        try:
            if "@" in typed:
                email = read_email(typed).casefold()
                return self._named(mask_email(email), ("", email), email, str.casefold)
            with suppress(DocumentError):
                document = read_document(typed)
                return self._named(mask_document(document), (document,), document, _alphanumerics)
            phone = read_phone(typed)
        except ContactError as error:
            raise CustomerNotNamed from error
        digits = phone.removeprefix("+55").removeprefix("+")
        return self._named(mask_phone(phone), ("", "", phone), digits, _digits)

    def _named(self, masked: str, identifiers: tuple[str, ...], name: str, fold: Callable[[str], str]) -> _Subject:
        """`name`: what names the customer in a text that `fold` has normalized. Raises CustomersHidden."""
        customers = self.ledger.customers
        known_as = customers.keys.identity(*identifiers) if customers.keys else None
        if known_as is None:
            raise CustomersHidden
        return _Subject(masked, known_as, customers.pseudonyms(*identifiers), lambda text: name in fold(text))


def _alphanumerics(text: str) -> str:
    return "".join(filter(str.isalnum, text)).upper()


def _digits(text: str) -> str:
    return "".join(filter(str.isdecimal, text))


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
    return export.row(operation, operation.till) | {"reason": operation.reason, "customer": _customer(operation.order)}


def _customer(order: Order | None) -> dict[str, str] | None:
    known: Customer | None = order.customer if order else None
    return {"first_name": known.name, "document": known.document, "tier": known.tier} if known else None
