"""Export of the history: JSON and CSV for programs, XLSX for spreadsheets.

A spreadsheet guesses types when it reads CSV: `2000009876543210123`, `0001234567`, `03/04`, `1E5` and `1.234` become
numbers and dates. CSV cannot prevent that and stay exact. XLSX states the type of each cell.
"""

import codecs
import csv
import json
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from decimal import Decimal
from io import BytesIO, TextIOWrapper
from pathlib import Path
from textwrap import indent
from typing import Any, BinaryIO, TextIO

from bonifiq_desktop.domain.operations import Operation
from bonifiq_desktop.domain.progress import Progress
from bonifiq_desktop.domain.remote_orders import minor_digits
from bonifiq_desktop.ledger.history import count_operations, read_operations
from bonifiq_desktop.storage.files import write_user_file

_VALUES: dict[str, Callable[[Operation], Any]] = {
    "id": lambda operation: operation.operation_id,
    "kind": lambda operation: operation.kind.value,
    "system": lambda operation: operation.system,
    "return_id": lambda operation: operation.return_id,
    "order_id": lambda operation: operation.order_id,
    "cancel_key": lambda operation: operation.cancel_key,
    "value": lambda operation: str(_amount(operation)),
    "state": lambda operation: operation.state.value,
    "evidence": lambda operation: operation.evidence and operation.evidence.value,
    "evidence_id": lambda operation: operation.evidence_id,
    "attempts": lambda operation: operation.attempts,
    "created_at": lambda operation: operation.created_at.isoformat(timespec="milliseconds"),
    "settled_at": lambda operation: operation.settled_at and operation.settled_at.isoformat(timespec="milliseconds"),
}
COLUMNS = tuple(_VALUES)
_FORMULA_STARTS = "=+-@"
_MONEY = "#,##0.00"
_MOMENT = "dd/mm/yyyy hh:mm:ss"
_ROWS = 1_000_000  # per sheet: XlsxWriter silently drops rows below line 1,048,576
_WIDTHS = {"return_id": 24, "order_id": 26, "cancel_key": 42, "evidence_id": 26, "created_at": 20, "settled_at": 20}


def row(operation: Operation) -> dict[str, Any]:
    """Return an operation as a row named by COLUMNS, with its value as a decimal string in its own currency."""
    return {name: read(operation) for name, read in _VALUES.items()}


def _amount(operation: Operation) -> Decimal:
    """The value in whole units of its currency, with the digits of that currency."""
    return Decimal(operation.value).scaleb(-minor_digits(operation.currency))


def in_brazilian(amount: Decimal) -> str:
    """An amount with decimal comma and points between thousands."""
    return f"{amount:,f}".translate({ord(","): ".", ord("."): ","})


def write_json(operations: Iterable[Operation], out: TextIO) -> int:
    """Write a JSON array of rows; returns their number.

    A file that is not Unicode gets JSON escapes for non-ASCII characters, so that every reader gets the same texts.
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
    """Write CSV with `;` and Brazilian values (`25,90`); returns the number of operations.

    Texts that a spreadsheet would execute as a formula become plain text.
    """
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    count = 0
    for operation in operations:
        values = row(operation) | {"value": in_brazilian(_amount(operation))}
        writer.writerow(map(plain_text, values.values()))
        count += 1
    return count


def write_xlsx(operations: Iterable[Operation], file: BinaryIO) -> int:
    """Write a workbook with texts, amounts, and times in this PC's zone; returns the number of operations.

    Raises OSError.
    """
    from xlsxwriter import Workbook
    from xlsxwriter.exceptions import FileCreateError

    buffer = BytesIO()  # on a full disk, the library would leave an archive that it cannot close
    book = Workbook(buffer, {"constant_memory": True})
    try:
        count = _fill(book, operations)
        book.close()
    except FileCreateError as error:
        raise error.args[0] from error
    finally:
        book.fileclosed = True  # a failed workbook would try to write itself again when it is collected
        _remove_rows(book)
    file.write(buffer.getbuffer())
    return count


def _remove_rows(book: Any) -> None:
    """Remove the temporary files of a workbook that was not closed."""
    for sheet in book.worksheets():
        if sheet.row_data_filename is not None:
            sheet.row_data_fh.close()
            Path(sheet.row_data_filename).unlink(missing_ok=True)


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
                    sheet.write_number(line, column, _amount(operation), money)
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


def save(ledger: Path, target: Path, *, data_folder: Path, progress: Progress | None = None) -> int:
    """Write the history to a `.xlsx` or CSV file atomically; returns the number of operations.

    Raises WorkStopped, InsideDataFolder, OSError, LedgerError; then the file at `target` is as it was.
    """
    progress = progress or Progress()
    total = count_operations(ledger)
    # Closed here: a stop would leave the reading to the garbage collector, which runs on another thread.
    with closing(read_operations(ledger)) as found, write_user_file(target, data_folder=data_folder) as file:
        operations = _reported(found, total, progress)
        count = write_xlsx(operations, file) if target.suffix.lower() == ".xlsx" else _write_csv_file(operations, file)
        progress.report(total, total)  # the last moment at which a stop leaves no file
        return count


def _write_csv_file(operations: Iterable[Operation], file: BinaryIO) -> int:
    # Without the byte order mark of utf-8-sig, Brazilian Excel garbles accents.
    out = TextIOWrapper(file, encoding="utf-8-sig", newline="")
    try:
        return write_csv(operations, out)
    finally:
        out.detach()  # flushes, and leaves `file` open for `write_user_file`


def _reported(operations: Iterable[Operation], total: int, progress: Progress) -> Iterator[Operation]:
    for done, operation in enumerate(operations):
        progress.report(done, max(total, done))
        yield operation


def plain_text(value: Any) -> Any:
    """A cell of a CSV file: a text that a spreadsheet would execute as a formula becomes plain text."""
    if not isinstance(value, str) or not value:
        return value
    # Spreadsheets skip blanks before a formula, and accept wide and small forms of its first character.
    first = unicodedata.normalize("NFKC", value[0])
    return f"'{value}" if value[0].isspace() or first in _FORMULA_STARTS else value
