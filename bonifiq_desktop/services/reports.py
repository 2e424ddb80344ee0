"""Pictures and questions of the owner: read beside the till's work, with masked customers, and as CSV."""

import csv
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import TextIOWrapper
from pathlib import Path
from typing import Any

from bonifiq_desktop.domain.documents import format_document, mask_document
from bonifiq_desktop.domain.moments import day_bounds
from bonifiq_desktop.domain.orders import Customer
from bonifiq_desktop.domain.owner_questions import (
    Answer,
    Decided,
    Question,
    ReturningCustomer,
    RevealedCustomer,
    Row,
    Unsent,
    customers_who_returned,
    sums_by_person,
)
from bonifiq_desktop.domain.progress import Progress
from bonifiq_desktop.domain.remote_orders import to_whole_units
from bonifiq_desktop.domain.reports import MAX_ROWS, GivenBack, Pictures, draw_up
from bonifiq_desktop.domain.staff import ApprovalGrant, Task
from bonifiq_desktop.ledger import reports as ledger_reports
from bonifiq_desktop.ledger.customers import Customers
from bonifiq_desktop.services.access_control import AccessControl
from bonifiq_desktop.services.export import in_brazilian, plain_text
from bonifiq_desktop.storage.files import write_user_file

_MASK = "…"


def read_pictures(ledger: Path, first: date, last: date, progress: Progress) -> Pictures:
    """Add up the days from `first` to `last` by this PC's calendar. Raises LedgerError, WorkStopped."""
    since, until = day_bounds(first, last)
    with ledger_reports.reading(ledger, progress) as db:
        return draw_up(
            first,
            last,
            ledger_reports.sales(db, since, until, progress),
            ledger_reports.given_back(db, since, until, progress),
        )


# --- questions


def answer(ledger: Path, question: Question, first: date, last: date, progress: Progress) -> Answer:
    """Answer a question about the days from `first` to `last`; customers have no names yet.

    Raises LedgerError, WorkStopped.
    """
    returns = _given_back(ledger, first, last, progress) if question in _ABOUT_RETURNS else ()
    if question is Question.CUSTOMERS:
        customers, unnamed = customers_who_returned(returns)
        return Answer(question, first, last, customers[:MAX_ROWS], len(customers), unnamed=unnamed)
    if question is Question.GIVEN_BACK:
        return Answer(question, first, last, returns[:MAX_ROWS], len(returns), sums_by_person(returns))
    rows = all_rows(ledger, question, first, last, progress)
    return Answer(question, first, last, rows[:MAX_ROWS], len(rows))


_ABOUT_RETURNS = frozenset({Question.GIVEN_BACK, Question.CUSTOMERS})


def all_rows(ledger: Path, question: Question, first: date, last: date, progress: Progress) -> tuple[Row, ...]:
    """Every row of an answer; customers have no names yet. Raises LedgerError, WorkStopped."""
    if question in _ABOUT_RETURNS:
        returns = _given_back(ledger, first, last, progress)
        return returns if question is Question.GIVEN_BACK else customers_who_returned(returns)[0]
    since, until = day_bounds(first, last)
    with ledger_reports.reading(ledger, progress) as db:
        if question is Question.DECIDED:
            return tuple(ledger_reports.decided(db, since, until, progress))
        return tuple(ledger_reports.unsent(db, since, until, progress, datetime.now(UTC)))


def _given_back(ledger: Path, first: date, last: date, progress: Progress) -> tuple[GivenBack, ...]:
    """What was given back, by person and reason, the newest first."""
    since, until = day_bounds(first, last)
    with ledger_reports.reading(ledger, progress) as db:
        found = sorted(ledger_reports.given_back(db, since, until, progress), key=lambda each: -each.operation_id)
    return tuple(sorted(found, key=lambda each: (each.person, each.reason)))


def with_masked_customers(found: Answer, customers: Customers) -> Answer:
    """The answer with the first letter of each customer's name, and the masked document."""
    return replace(found, rows=masked_rows(found.rows, customers))


def masked_rows(rows: Sequence[Row], customers: Customers) -> tuple[Row, ...]:
    """Rows with masked customers. Raises LedgerError."""
    return tuple(_masked(row, customers) if isinstance(row, ReturningCustomer) else row for row in rows)


def _masked(row: ReturningCustomer, customers: Customers) -> ReturningCustomer:
    known = customers.by_id(row.customer_id) or Customer()
    name = f"{known.name.strip()[:1].upper()}{_MASK}" if known.name.strip() else ""
    return replace(row, name=name, document=mask_document(known.document))


def reveal(
    numbers: Iterable[int], customers: Customers, access: AccessControl, grant: ApprovalGrant
) -> tuple[RevealedCustomer, ...]:
    """Whole names and documents of customers. Raises ApprovalNeeded, LedgerError."""
    wanted = tuple(numbers)[:MAX_ROWS]
    access.require(Task.REVEAL, grant, customers=len(wanted))
    found = ((number, customers.by_id(number)) for number in wanted)
    return tuple(
        RevealedCustomer(number, known.name, format_document(known.document))
        for number, known in found
        if known is not None
    )


# --- files


def _money(value: int, currency: str) -> str:
    return in_brazilian(to_whole_units(value, currency))


def _moment(at: datetime | None) -> str:
    return at.astimezone().strftime("%d/%m/%Y %H:%M:%S") if at else ""


def _seconds(span: timedelta) -> int:
    return int(span / timedelta(seconds=1))


_GIVEN_BACK: dict[str, Callable[[GivenBack], Any]] = {
    "person": lambda row: row.person,
    "reason": lambda row: row.reason,
    "created_at": lambda row: _moment(row.at),
    "kind": lambda row: row.kind.value,
    "order_id": lambda row: row.order_id,
    "items": lambda row: ", ".join(row.items),
    "value": lambda row: _money(row.value, row.currency),
    "currency": lambda row: row.currency,
    "systems": lambda row: ", ".join(row.systems),
    "id": lambda row: row.operation_id,
}
_CUSTOMERS: dict[str, Callable[[ReturningCustomer], Any]] = {
    "name": lambda row: row.name,
    "document": lambda row: row.document,
    "returns": lambda row: row.count,
    "value": lambda row: " + ".join(f"{_money(each.value, each.currency)} {each.currency}" for each in row.sums),
    "last_order_id": lambda row: row.last_order_id,
}
_DECIDED: dict[str, Callable[[Decided], Any]] = {
    "at": lambda row: _moment(row.at),
    "person": lambda row: row.person,
    "what": lambda row: row.by_hand.value,
    "reason": lambda row: row.reason,
    "review_reason": lambda row: row.review_reason and row.review_reason.value,
    "state": lambda row: row.state.value,
    "kind": lambda row: row.kind.value,
    "order_id": lambda row: row.order_id,
    "value": lambda row: _money(row.value, row.currency),
    "currency": lambda row: row.currency,
    "id": lambda row: row.operation_id,
}
_UNSENT: dict[str, Callable[[Unsent], Any]] = {
    "created_at": lambda row: _moment(row.at),
    "until": lambda row: _moment(row.until),
    "unsent_seconds": lambda row: _seconds(row.delay.unsent),
    "unknown_seconds": lambda row: _seconds(row.delay.unknown),
    "review_seconds": lambda row: _seconds(row.delay.review),
    "failed_attempts": lambda row: row.attempts,
    "failure": lambda row: row.failure and row.failure.value,
    "state": lambda row: row.state.value,
    "kind": lambda row: row.kind.value,
    "order_id": lambda row: row.order_id,
    "value": lambda row: _money(row.value, row.currency),
    "currency": lambda row: row.currency,
    "id": lambda row: row.operation_id,
}
COLUMNS: dict[Question, dict[str, Callable[[Any], Any]]] = {
    Question.GIVEN_BACK: _GIVEN_BACK,
    Question.CUSTOMERS: _CUSTOMERS,
    Question.DECIDED: _DECIDED,
    Question.UNSENT: _UNSENT,
}


def save(question: Question, rows: Sequence[Row], target: Path, *, data_folder: Path, progress: Progress) -> int:
    """Write rows as CSV for a Brazilian spreadsheet, atomically; returns their number.

    Raises WorkStopped, InsideDataFolder, OSError; then the file at `target` is as it was.
    """
    columns = COLUMNS[question]
    with write_user_file(target, data_folder=data_folder) as file:
        # Without the byte order mark of utf-8-sig, Brazilian Excel garbles accents.
        out = TextIOWrapper(file, encoding="utf-8-sig", newline="")
        try:
            writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
            writer.writerow(columns)
            for done, row in enumerate(rows):
                progress.report(done, len(rows))
                writer.writerow(plain_text(read(row)) for read in columns.values())
        finally:
            out.detach()  # flushes, and leaves `file` open for `write_user_file`
        progress.report(len(rows), len(rows))
    return len(rows)


def save_content(content: bytes, target: Path, *, data_folder: Path) -> None:
    """Write a drawn report, atomically. Raises InsideDataFolder, OSError."""
    with write_user_file(target, data_folder=data_folder) as file:
        file.write(content)
