"""Export of a day: its totals, what was open, and late changes, as CSV or XLSX."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import fields
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any, BinaryIO

from bonifiq_desktop.domain.day_close import (
    DayReport,
    DayTotals,
    LateChange,
    LoyaltySum,
    NamedSum,
    OpenOperation,
    Sum,
    TillDay,
)
from bonifiq_desktop.domain.remote_orders import to_whole_units
from bonifiq_desktop.ledger.day_close import read_day
from bonifiq_desktop.services.export import in_brazilian, plain_text
from bonifiq_desktop.storage.files import write_user_file

COLUMNS = ("section", "name", "order_id", "state", "count", "value", "currency", "points", "at")
"""Columns of a row; a section is a field of `DayTotals`, or `day`, `closed`, `shop…`, `open`, `late`, `damaged`."""
Cell = str | int | Decimal | datetime | None
_MONEY, _MOMENT = "#,##0.00", "dd/mm/yyyy hh:mm:ss"
_WIDTHS = (22, 28, 26, 14, 10, 14, 10, 10, 20)


def save(ledger: Path, day: date, target: Path, *, till: str, now: datetime, data_folder: Path) -> int:
    """Write a day to a `.xlsx` or CSV file atomically; returns the number of rows. A closed day shows its record.

    Raises InsideDataFolder, OSError, LedgerError; then the file at `target` is as it was.
    """
    found = list(rows(read_day(ledger, day, till=till, now=now)))
    with write_user_file(target, data_folder=data_folder) as file:
        (_write_xlsx if target.suffix.lower() == ".xlsx" else _write_csv)(found, file)
    return len(found)


def rows(report: DayReport) -> Iterator[tuple[Cell, ...]]:
    """The rows of a day, with the cells of COLUMNS."""
    closed = report.closed
    yield _row("day", name=report.day.isoformat(), count=report.operations)
    yield _row("till", name=report.till)
    if closed is not None:
        name = f"{closed.number} {closed.code}"
        yield _row("closed", name=name, state=closed.person, count=closed.open_operations, at=closed.at)
        yield _row("reason", name=closed.reason)
    totals = closed.totals if closed else report.totals
    for each in fields(DayTotals):
        yield from _total_rows(each.name, getattr(totals, each.name))
    for till in closed.shop if closed else report.shop:
        yield from _till_rows(till, till.till or report.till)
    for item in report.open_operations:
        state = "contradicted" if item.contradicted else item.state.value
        yield _operation_row("open", item, state, item.created_at)
    for number in report.damaged_operations:
        yield _row("damaged", name=str(number))
    for change in (*(closed.late_changes if closed else ()), *report.late_changes):
        before = change.before.value if change.before else "none"
        now = "contradicted" if change.contradicted else change.now.value
        yield _operation_row("late", change, f"{before} > {now}", change.at)


def _operation_row(section: str, item: OpenOperation | LateChange, state: str, at: datetime) -> tuple[Cell, ...]:
    return _row(
        section,
        name=item.kind.value,
        order_id=item.order_id,
        state=state,
        value=to_whole_units(item.value, item.currency),
        currency=item.currency,
        at=at,
    )


def _till_rows(till: TillDay, name: str) -> Iterator[tuple[Cell, ...]]:
    """What is known of one till. `at`: when the shop database last heard of it."""
    yield _row("shop", name=name, count=till.operations, at=till.heard_at)
    yield _row("shop_open", name=name, count=till.open_operations)
    for section in ("sales", "refunds", "cancellations"):
        yield _sum_row(f"shop_{section}", name, getattr(till, section))
    for each in till.returns:
        yield _sum_row("shop_returns", f"{name} {each.name}", each.sum)


def _total_rows(section: str, total: Sum | LoyaltySum | Sequence[NamedSum]) -> Iterator[tuple[Cell, ...]]:
    match total:
        case Sum():
            yield _sum_row(section, "", total)
        case LoyaltySum():
            for name, points, cashback in (
                ("told", total.points, total.cashback),
                ("estimated", total.estimated_points, total.estimated_cashback),
            ):
                yield _row(section, name=name, value=to_whole_units(cashback, "BRL"), currency="BRL", points=points)
        case _:
            for each in total:
                yield _sum_row(section, each.name, each.sum)


def _sum_row(section: str, name: str, total: Sum) -> tuple[Cell, ...]:
    return _row(
        section,
        name=name,
        count=total.count,
        value=to_whole_units(total.value, total.currency),
        currency=total.currency,
    )


def _row(section: str, **cells: Cell) -> tuple[Cell, ...]:
    return section, *(cells.get(name) for name in COLUMNS[1:])


def _write_csv(found: Sequence[tuple[Cell, ...]], file: BinaryIO) -> None:
    # Without the byte order mark of utf-8-sig, Brazilian Excel garbles accents.
    out = TextIOWrapper(file, encoding="utf-8-sig", newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows(map(_csv_cell, row) for row in found)
    out.detach()  # flushes, and leaves `file` open for `write_user_file`


def _csv_cell(cell: Cell) -> Any:
    match cell:
        case Decimal():
            return in_brazilian(cell)
        case datetime():
            return cell.astimezone().strftime("%d/%m/%Y %H:%M:%S")
    return plain_text(cell)


def _write_xlsx(found: Sequence[tuple[Cell, ...]], file: BinaryIO) -> None:
    from xlsxwriter import Workbook

    buffer = BytesIO()  # on a full disk, the library would leave an archive that it cannot close
    book = Workbook(buffer, {"in_memory": True})
    sheet = book.add_worksheet()
    head, money, moment = (
        book.add_format(form) for form in ({"bold": True}, {"num_format": _MONEY}, {"num_format": _MOMENT})
    )
    sheet.freeze_panes(1, 0)
    for column, (name, width) in enumerate(zip(COLUMNS, _WIDTHS, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, name, head)
    sheet.autofilter(0, 0, len(found), len(COLUMNS) - 1)
    for line, row in enumerate(found, start=1):
        for column, cell in enumerate(row):
            match cell:
                case Decimal():
                    sheet.write_number(line, column, cell, money)
                case datetime():
                    sheet.write_datetime(line, column, cell.astimezone().replace(tzinfo=None), moment)
                case int():
                    sheet.write_number(line, column, cell)
                case str() if cell:
                    sheet.write_string(line, column, cell)
    book.close()
    file.write(buffer.getbuffer())
