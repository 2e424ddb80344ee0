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
from functools import partial
from io import TextIOWrapper
from pathlib import Path
from textwrap import indent
from typing import Any, BinaryIO, TextIO

from bonifiq_desktop.domain.operations import Operation
from bonifiq_desktop.domain.progress import Progress
from bonifiq_desktop.domain.remote_orders import to_whole_units
from bonifiq_desktop.ledger.history import count_operations, knows_other_tills, read_selected
from bonifiq_desktop.ledger.history_filter import Query
from bonifiq_desktop.storage.files import write_user_file

_VALUES: dict[str, Callable[[Operation], Any]] = {
    "id": lambda operation: operation.operation_id,
    "kind": lambda operation: operation.kind.value,
    "system": lambda operation: operation.system,
    "return_id": lambda operation: operation.return_id,
    "order_id": lambda operation: operation.order_id,
    "cancel_key": lambda operation: operation.cancel_key,
    "value": lambda operation: str(amount_of(operation)),
    "state": lambda operation: operation.state.value,
    "evidence": lambda operation: operation.evidence and operation.evidence.value,
    "evidence_id": lambda operation: operation.evidence_id,
    "attempts": lambda operation: operation.attempts,
    "created_at": lambda operation: operation.created_at.isoformat(timespec="milliseconds"),
    "settled_at": lambda operation: operation.settled_at and operation.settled_at.isoformat(timespec="milliseconds"),
}
COLUMNS = tuple(_VALUES)
_FORMULA_STARTS = "=+-@"


def columns(till: str = "") -> tuple[str, ...]:
    """The names of the cells of a row."""
    return (*COLUMNS, "till") if till else COLUMNS


def row(operation: Operation, till: str = "") -> dict[str, Any]:
    """Return an operation as a row named by COLUMNS, with its value as a decimal string in its own currency.

    `till`: the name of this till; with it, the row names the till that registered the operation.
    """
    values = {name: read(operation) for name, read in _VALUES.items()}
    return values | {"till": operation.till or till} if till else values


def amount_of(operation: Operation) -> Decimal:
    """The value in whole units of its currency, with the digits of that currency."""
    return to_whole_units(operation.value, operation.currency)


def in_brazilian(amount: Decimal) -> str:
    """An amount with decimal comma and points between thousands."""
    return f"{amount:,f}".translate({ord(","): ".", ord("."): ","})


def write_json(operations: Iterable[Operation], out: TextIO, till: str = "") -> int:
    """Write a JSON array of rows; returns their number. `till`: see `row`.

    A file that is not Unicode gets JSON escapes for non-ASCII characters, so that every reader gets the same texts.
    """
    count, escaped = 0, not _is_unicode(out.encoding)
    for operation in operations:
        out.write(",\n" if count else "[\n")
        out.write(indent(json.dumps(row(operation, till), ensure_ascii=escaped, indent=1), " "))
        count += 1
    out.write("\n]\n" if count else "[]\n")
    return count


def _is_unicode(encoding: str | None) -> bool:
    return encoding is None or codecs.lookup(encoding).name.startswith("utf")


def write_csv(operations: Iterable[Operation], out: TextIO, till: str = "") -> int:
    """Write CSV with `;` and Brazilian values (`25,90`); returns the number of operations.

    Texts that a spreadsheet would execute as a formula become plain text. `till`: see `row`.
    """
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(columns(till))
    count = 0
    for operation in operations:
        values = row(operation, till) | {"value": in_brazilian(amount_of(operation))}
        writer.writerow(map(plain_text, values.values()))
        count += 1
    return count


def save(
    ledger: Path,
    target: Path,
    *,
    data_folder: Path,
    query: Query = Query(),  # noqa: B008 - it is frozen
    progress: Progress | None = None,
    till: str = "",
) -> int:
    """Write what a query selects to a file atomically; returns the number of operations.

    `till`: the name of this till, for the column of tills.
    An ending `.xlsx` or `.json` sets the format, else it is CSV.
    Raises WorkStopped, InsideDataFolder, FileInUse, OSError, LedgerError; then the file at `target` is as it was.
    """
    progress = progress or Progress()
    with write_user_file(target, data_folder=data_folder) as file:
        total, till = count_operations(ledger, query), till_column(ledger, query, till)
        # Closed here: a stop would leave the reading to the garbage collector, which runs on another thread.
        with closing(read_selected(ledger, query)) as found:
            operations = _reported(found, total, progress)
            match target.suffix.lower():
                case ".xlsx":
                    from bonifiq_desktop.services.history_sheet import write_xlsx

                    count = write_xlsx(operations, file, data_folder=data_folder, progress=progress, till=till)
                case ".json":
                    count = _write_text(partial(write_json, till=till), operations, file, "utf-8")
                case _:
                    # Without the byte order mark of utf-8-sig, Brazilian Excel garbles accents.
                    count = _write_text(partial(write_csv, till=till), operations, file, "utf-8-sig")
        progress.report(total, total)  # the last moment at which a stop leaves no file
        return count


def till_column(ledger: Path, query: Query, till: str) -> str:
    """The name of this till where rows of others can stand beside its own, else empty. Raises LedgerError."""
    return till if query.filter.selects_other_tills and knows_other_tills(ledger) else ""


def _write_text(
    write: Callable[[Iterable[Operation], TextIO], int], operations: Iterable[Operation], file: BinaryIO, encoding: str
) -> int:
    out = TextIOWrapper(file, encoding=encoding, newline="")
    try:
        return write(operations, out)
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
