"""The history as a workbook: names as texts, amounts with their currency, times in this PC's zone.

The library keeps the rows in files until the end. They are in a folder of the data folder, where only this user can
read, and a start of the program removes what a killed one left.
"""

from collections.abc import Callable, Iterable
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from xlsxwriter import Workbook
from xlsxwriter.exceptions import FileCreateError

from bonifiq_desktop.domain.operations import Operation
from bonifiq_desktop.domain.progress import Progress
from bonifiq_desktop.domain.remote_orders import currency_symbol, minor_digits
from bonifiq_desktop.services.export import amount_of, columns, row
from bonifiq_desktop.storage.files import temporary_folder

_MOMENT = "dd/mm/yyyy hh:mm:ss"
_ROWS = 1_000_000  # per sheet: XlsxWriter silently drops rows below line 1,048,576
_WIDTHS = {
    "id": 10,
    "attempts": 11,
    "value": 18,
    "return_id": 24,
    "order_id": 26,
    "cancel_key": 42,
    "evidence_id": 26,
    "created_at": 20,
    "settled_at": 20,
}
_WIDTH = 14  # characters, of the other columns; room for the filter's button


def write_xlsx(
    operations: Iterable[Operation],
    file: BinaryIO,
    *,
    data_folder: Path,
    progress: Progress | None = None,
    till: str = "",
) -> int:
    """Write a workbook; returns the number of operations. Its memory does not grow with them. `till`: see `export.row`.

    Raises WorkStopped, OSError.
    """
    progress = progress or Progress()
    with temporary_folder(data_folder) as folder:
        out = _Out(file, lambda: progress.report(0, 0))  # a bar without an end: the library tells no steps
        book = Workbook(out, {"constant_memory": True, "tmpdir": folder})
        book.use_zip64()
        try:
            count = _Sheets(book, till).fill(operations)
            book.close()
        except FileCreateError as error:
            raise error.args[0] from error
        finally:
            out.close()
            book.fileclosed = True  # a failed workbook would try to write itself again when it is collected
            for sheet in book.worksheets():
                with suppress(OSError):
                    sheet.row_data_fh.close()
        return count


class _Out:
    """The file of a workbook. An archive that failed is completed when it is collected: that goes nowhere.

    `step`: called before each write; it may raise.
    """

    def __init__(self, file: BinaryIO, step: Callable[[], None]) -> None:
        self._file: BinaryIO = file
        self._step = step

    def close(self) -> None:
        """Let all that follows go nowhere, at the same places."""
        nowhere = _Nowhere()
        nowhere.seek(self._file.tell())
        self._file, self._step = nowhere, lambda: None

    def write(self, data: bytes) -> int:
        self._step()
        return self._file.write(data)

    def tell(self) -> int:
        return self._file.tell()

    def seek(self, place: int) -> int:
        return self._file.seek(place)

    def flush(self) -> None:
        self._file.flush()


class _Nowhere(BytesIO):
    """Keeps places and no bytes."""

    def write(self, data: Any) -> int:
        self.seek(self.tell() + len(data))
        return len(data)


class _Sheets:
    """The sheets of a workbook, each with as many rows as fit."""

    def __init__(self, book: Any, till: str) -> None:
        self._book = book
        self._till, self._columns = till, columns(till)
        self._head = book.add_format({"bold": True, "bottom": 1})
        self._moment = book.add_format({"num_format": _MOMENT})
        self._money: dict[str, Any] = {}

    def fill(self, operations: Iterable[Operation]) -> int:
        """Write the rows; returns their number."""
        sheet, line, full = self._new_sheet(), 0, 0
        for operation in operations:
            if line == _ROWS:
                self._finish(sheet, line)
                sheet, line, full = self._new_sheet(), 0, full + line
            line += 1
            self._write_row(sheet, line, operation)
        self._finish(sheet, line)
        return full + line

    def _new_sheet(self) -> Any:
        number = len(self._book.worksheets()) + 1
        sheet = self._book.add_worksheet("Histórico" if number == 1 else f"Histórico {number}")
        sheet.freeze_panes(1, 0)
        for column, name in enumerate(self._columns):
            sheet.set_column(column, column, _WIDTHS.get(name, _WIDTH))
            sheet.write_string(0, column, name, self._head)
        return sheet

    def _write_row(self, sheet: Any, line: int, operation: Operation) -> None:
        for column, (name, value) in enumerate(row(operation, self._till).items()):
            match name:
                case "value":
                    sheet.write_number(line, column, amount_of(operation), self._money_format(operation.currency))
                case "created_at" | "settled_at":
                    at = getattr(operation, name)
                    if at is not None:
                        sheet.write_datetime(line, column, at.astimezone().replace(tzinfo=None), self._moment)
                case "id" | "attempts":
                    sheet.write_number(line, column, value)
                case _:
                    sheet.write_string(line, column, value or "")

    def _finish(self, sheet: Any, last: int) -> None:
        """Offer a filter for each column, and mark no number that is a name as a mistake."""
        end = len(self._columns) - 1
        sheet.autofilter(0, 0, last, end)
        sheet.ignore_errors({"number_stored_as_text": f"A1:{chr(ord('A') + end)}{last + 1}"})

    def _money_format(self, currency: str) -> Any:
        """The format of a currency's amounts: its symbol, and as many decimals as it has."""
        if currency not in self._money:
            digits = minor_digits(currency)
            decimals = f".{'0' * digits}" if digits else ""
            shown = f"[${currency_symbol(currency)}] #,##0{decimals}"
            self._money[currency] = self._book.add_format({"num_format": shown})
        return self._money[currency]
