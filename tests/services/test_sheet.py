"""Tests of the XLSX export."""

import errno
import gc
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Xml

import pytest
from openpyxl import load_workbook
from openpyxl.cell import Cell

from bonifiq_desktop.domain.operations import Operation
from bonifiq_desktop.ledger.errors import LedgerError
from bonifiq_desktop.ledger.ledger import Ledger
from bonifiq_desktop.services import history_sheet
from bonifiq_desktop.services.export import COLUMNS, save
from bonifiq_desktop.services.history_sheet import write_xlsx
from bonifiq_desktop.storage.files import InsideDataFolder
from tests.services.test_export import AT, DONE, OPEN
from tests.support.ledger_actions import sell

_ORDER_ID, _KEY, _VALUE, _ATTEMPTS, _CREATED = map(
    COLUMNS.index, ("order_id", "cancel_key", "value", "attempts", "created_at")
)
_NAMESPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
LOOKALIKES = [
    *("2000009876543210123", "0001234567", "03/04", "1E5", "1.234", "1,5", "=cmd", "=1+1", "-1", "+5511987654321"),
    *("@SUM(A1)", "TRUE", "VERDADEIRO", "1/2", "12:30", "25%", "R$ 5", "00", "1e-7", "https://x.example", "mailto:a@b"),
    *(" 7", "'7", "PRESENTE-🎁-ação", "a\tb", "<b>&amp;", "_x0041_", "#N/A", "internal:A1", "x" * 200, "\u200e5"),
]


def cells(file: Path, name: str = "sheet1") -> list[list[tuple[str, str]]]:
    """Type and text of every cell, a list per row: `s` is text, `n` a number."""
    with zipfile.ZipFile(file) as archive:
        sheet = Xml.fromstring(archive.read(f"xl/worksheets/{name}.xml"))
        assert not [name for name in archive.namelist() if "hyperlink" in name.lower()]
    assert not [found for found in sheet.iter() if found.tag == f"{_NAMESPACE}f"], "a formula"
    return [[_cell(cell) for cell in row] for row in sheet.iter(f"{_NAMESPACE}row")]


def _cell(cell: Xml.Element) -> tuple[str, str]:
    text = "".join(found.text or "" for found in cell.iter(f"{_NAMESPACE}t"))
    number = cell.find(f"{_NAMESPACE}v")
    return ("n", number.text or "") if cell.get("t") is None and number is not None else ("s", text)


def sheet_of(operations: Iterable[Operation], folder: Path) -> list[list[tuple[str, str]]]:
    file = folder / "x.xlsx"
    with file.open("wb") as out:
        write_xlsx(operations, out, data_folder=folder)
    return cells(file)


@pytest.mark.parametrize("text", LOOKALIKES)
def test_xlsx_export_keeps_order_id_as_text(tmp_path: Path, text: str) -> None:
    _head, row = sheet_of([replace(DONE, order_id=text, cancel_key=text)], tmp_path)
    # XLSX writes _xHHHH_ for a character, and escapes that sequence in a text the same way.
    assert row[_ORDER_ID] == row[_KEY] == ("s", text.replace("_x0041_", "_x005F_x0041_"))


def test_xlsx_export_has_exact_amounts_and_local_times(tmp_path: Path) -> None:
    head, done, waiting = sheet_of([DONE, OPEN], tmp_path)
    assert [text for _, text in head] == list(COLUMNS)
    assert (done[0], done[_VALUE], waiting[_VALUE]) == (("n", "7"), ("n", "1234567.89"), ("n", "0.05"))
    assert done[_ATTEMPTS] == ("n", "2")
    days = float(done[_CREATED][1])
    shown = datetime(1899, 12, 30) + timedelta(days=days)  # noqa: DTZ001 - a sheet knows no zone
    assert abs(shown - AT.astimezone().replace(tzinfo=None)) < timedelta(seconds=1)
    assert len(waiting) == len(COLUMNS) - 1, "nothing where it is not settled"


@pytest.mark.parametrize(
    ("currency", "amount", "shown"),
    [
        ("BRL", "1234567.89", "[$R$] #,##0.00"),
        ("EUR", "1234567.89", "[$€] #,##0.00"),
        ("DKK", "1234567.89", "[$DKK] #,##0.00"),
        ("JPY", "123456789", "[$JPY] #,##0"),
        ("CLP", "123456789", "[$CLP] #,##0"),
        ("KWD", "123456.789", "[$KWD] #,##0.000"),
    ],
)
def test_another_library_reads_dates_amounts_and_names(tmp_path: Path, currency: str, amount: str, shown: str) -> None:
    texts = ("0012", "=1+1", "1E5", "03/04", "\u202e12", "a\nb")
    every = [replace(DONE, order_id=text, currency=currency) for text in texts]
    with (tmp_path / "x.xlsx").open("wb") as out:
        write_xlsx(every, out, data_folder=tmp_path)
    sheet = load_workbook(tmp_path / "x.xlsx").worksheets[0]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", f"A1:M{len(every) + 1}")
    cells = {name: [row[place] for row in sheet.iter_rows(min_row=2)] for place, name in enumerate(COLUMNS)}
    assert [(cell.data_type, cell.value) for cell in cells["order_id"]] == [("s", text) for text in texts]
    value, created = cells["value"][0], cells["created_at"][0]
    assert isinstance(value, Cell)
    assert isinstance(created, Cell)
    assert (value.data_type, str(value.value), value.number_format) == ("n", amount, shown)
    assert not value.is_date
    assert created.is_date
    assert isinstance(created.value, datetime)
    assert abs(created.value - AT.astimezone().replace(tzinfo=None)) < timedelta(milliseconds=2)


def test_xlsx_export_leaves_nothing_on_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class FullDisk(BytesIO):
        def write(self, data: Any) -> int:
            if self.tell() + len(data) > 600:
                raise OSError(errno.ENOSPC, "No space left on device")
            return super().write(data)

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    with pytest.raises(OSError, match="No space left"):
        write_xlsx([DONE] * 50, FullDisk(), data_folder=tmp_path)
    gc.collect()  # an archive that is completed now would raise again
    assert list(tmp_path.iterdir()) == []


def test_xlsx_export_continues_in_next_sheet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history_sheet, "_ROWS", 2)
    every = [replace(DONE, operation_id=number) for number in range(1, 6)]
    with (tmp_path / "x.xlsx").open("wb") as out:
        assert write_xlsx(every, out, data_folder=tmp_path) == 5
    found = [row[0][1] for n in (1, 2, 3) for row in cells(tmp_path / "x.xlsx", f"sheet{n}")[1:]]
    assert found == ["1", "2", "3", "4", "5"]


def test_export_of_unreadable_history_leaves_no_file(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "ledger.db").write_bytes(b"rubbish" * 1000)
    with pytest.raises(LedgerError):
        save(tmp_path / "data" / "ledger.db", tmp_path / "x.xlsx", data_folder=tmp_path / "data")
    assert not (tmp_path / "x.xlsx").exists()


@pytest.mark.parametrize("ending", [".xlsx", ".XLSX", ".csv", ""])
def test_export_format_follows_suffix_and_failure_leaves_no_file(tmp_path: Path, ending: str) -> None:
    data, out = tmp_path / "data", tmp_path / "out"
    data.mkdir(mode=0o700)
    out.mkdir()
    ledger = Ledger(data / "ledger.db")
    sell(ledger, "0001234567")
    ledger.close()
    file = out / f"historico{ending}"
    assert save(data / "ledger.db", file, data_folder=data) == 1
    assert file.read_bytes().startswith(b"PK" if ending.lower() == ".xlsx" else b"\xef\xbb\xbfid;")
    with pytest.raises(InsideDataFolder):
        save(data / "ledger.db", data / f"x{ending}", data_folder=data)
    with pytest.raises(OSError, match="nowhere"):
        save(data / "ledger.db", out / "nowhere" / f"x{ending}", data_folder=data)
    assert [left.name for left in out.iterdir()] == [file.name]


def test_xlsxwriter_is_imported_only_for_xlsx() -> None:
    code = "import bonifiq_desktop.app, bonifiq_desktop.services.export, sys; print('xlsxwriter' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"
