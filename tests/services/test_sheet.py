"""Tests of the XLSX export."""

import subprocess
import sys
import zipfile
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest

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
