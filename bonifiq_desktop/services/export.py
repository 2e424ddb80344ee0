"""The history for other programs: JSON and CSV for machines, XLSX for a spreadsheet.

A spreadsheet reads CSV by guessing: of `2000009876543210123`, `0001234567`, `03/04`, `1E5` and `1.234` it makes numbers
and dates. A CSV file cannot forbid that and stay exact, so it stays exact, and XLSX says of every cell what it holds.
"""

import codecs
import csv
import json
import unicodedata
from collections.abc import Iterable
from io import BytesIO, TextIOWrapper
from pathlib import Path
from textwrap import indent
from typing import Any, BinaryIO, TextIO

from bonifiq_desktop.domain.money import format_plain, to_wire
from bonifiq_desktop.domain.operations import Operation
from bonifiq_desktop.ledger.history import read_operations
from bonifiq_desktop.storage.files import write_user_file

COLUMNS = (
    "id",
    "kind",
    "order_id",
    "cancel_key",
    "value",
    "state",
    "evidence",
    "attempts",
    "created_at",
    "settled_at",
)
_FORMULA_STARTS = "=+-@"
_MONEY = "#,##0.00"
_MOMENT = "dd/mm/yyyy hh:mm:ss"
_ROWS = 1_000_000  # of one sheet, which holds 1,048,576 lines; what is written below them is lost without a word
_WIDTHS = {"order_id": 26, "cancel_key": 42, "created_at": 20, "settled_at": 20}


def row(operation: Operation) -> dict[str, Any]:
    """An operation by the names of COLUMNS, its value a decimal string in reais."""
    return {
        "id": operation.operation_id,
        "kind": operation.kind.value,
        "order_id": operation.order_id,
        "cancel_key": operation.cancel_key,
        "value": str(to_wire(operation.value)),
        "state": operation.state.value,
        "evidence": operation.evidence.value if operation.evidence else None,
        "attempts": operation.attempts,
        "created_at": operation.created_at.isoformat(timespec="milliseconds"),
        "settled_at": operation.settled_at.isoformat(timespec="milliseconds") if operation.settled_at else None,
    }


def write_json(operations: Iterable[Operation], out: TextIO) -> int:
    """Write a JSON array, one object per operation, values as decimal strings in reais. Returns how many.

    Into anything but Unicode, JSON's own escapes stand for what is not ASCII: every reader gets the same texts.
    """
    count, escaped = 0, not _is_unicode(out.encoding)
    for operation in operations:
        out.write(",\n" if count else "[\n")
        out.write(indent(json.dumps(row(operation), ensure_ascii=escaped, indent=1), " "))
        count += 1
    out.write("\n]\n" if count else "[]\n")
    return count


def _is_unicode(encoding: str | None) -> bool:
    return encoding is None or codecs.lookup(encoding).name.startswith("utf")


def write_csv(operations: Iterable[Operation], out: TextIO) -> int:
    """Write CSV with `;` and Brazilian values (`25,90`). Returns how many operations.

    Texts that a spreadsheet would run as a formula are made plain text.
    """
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    count = 0
    for operation in operations:
        told = row(operation) | {"value": format_plain(operation.value)}
        writer.writerow([_plain_text(told[name]) for name in COLUMNS])
        count += 1
    return count


def write_xlsx(operations: Iterable[Operation], file: BinaryIO) -> int:
    """Write a sheet: texts as texts, whatever they look like; values as amounts; times of this PC's zone as times.

    Returns how many operations. Raises OSError.
    """
    from xlsxwriter import Workbook
    from xlsxwriter.exceptions import FileCreateError

    whole = BytesIO()  # on a disk that fills up meanwhile the library would leave an archive that cannot be closed
    book = Workbook(whole, {"constant_memory": True})
    try:
        count = _fill(book, operations)
        book.close()
    except FileCreateError as error:
        raise error.args[0] from error
    finally:
        book.fileclosed = True  # one that is given up would try to write itself once more when it is collected
    file.write(whole.getbuffer())
    return count


def _fill(book: Any, operations: Iterable[Operation]) -> int:
    head = book.add_format({"bold": True})
    money, moment = (book.add_format({"num_format": how}) for how in (_MONEY, _MOMENT))
    sheet = None
    count = 0
    for count, operation in enumerate(operations, start=1):
        line = (count - 1) % _ROWS + 1
        if sheet is None or line == 1:
            sheet = _new_sheet(book, head)
        for column, (name, value) in enumerate(row(operation).items()):
            match name:
                case "value":
                    sheet.write_number(line, column, to_wire(operation.value), money)
                case "created_at" | "settled_at":
                    at = getattr(operation, name)
                    if at is not None:
                        sheet.write_datetime(line, column, at.astimezone().replace(tzinfo=None), moment)
                case "id" | "attempts":
                    sheet.write_number(line, column, value)
                case _:
                    sheet.write_string(line, column, value or "")
    if sheet is None:
        _new_sheet(book, head)
    return count


def _new_sheet(book: Any, head: Any) -> Any:
    sheet = book.add_worksheet()
    sheet.freeze_panes(1, 0)
    for column, name in enumerate(COLUMNS):
        sheet.set_column(column, column, _WIDTHS.get(name, 14))
        sheet.write_string(0, column, name, head)
    return sheet


def save(ledger: Path, target: Path, *, outside: Path) -> int:
    """Write the whole history to a file, by its ending a sheet or CSV; whole or not at all. Returns how many.

    `outside`: the data folder. Raises InsideDataFolder, OSError, LedgerError.
    """
    with write_user_file(target, data_folder=outside) as file:
        if target.suffix.lower() == ".xlsx":
            return write_xlsx(read_operations(ledger), file)
        # utf-8-sig: without the mark Excel in Brazil reads accents wrong.
        out = TextIOWrapper(file, encoding="utf-8-sig", newline="")
        try:
            return write_csv(read_operations(ledger), out)
        finally:
            out.detach()  # written through; `saving` finishes the file


def _plain_text(value: Any) -> Any:
    if not isinstance(value, str) or not value:
        return value
    # Spreadsheets skip blanks before a formula, and take the wide and the small forms of its sign for it.
    first = unicodedata.normalize("NFKC", value[0])
    return f"'{value}" if value[0].isspace() or first in _FORMULA_STARTS else value
