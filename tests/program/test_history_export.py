"""Export of the history from the window: both formats, and a missing folder."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from tests.support.cashier import Cashier, wait_until


@pytest.mark.parametrize(("kind", "ending", "begins"), [(0, ".xlsx", b"PK"), (1, ".csv", b"\xef\xbb\xbfid;")])
def test_export_format_sets_suffix_and_content(
    cashier: Cashier, tmp_path: Path, kind: int, ending: str, begins: bytes
) -> None:
    cashier.refund()
    cashier.press(Qt.Key.Key_F4)
    cashier.press(Qt.Key.Key_Return, "historyExport")
    dialog = cashier.find("historyExportDialog", QFileDialog)
    filters = dialog.nameFilters()
    dialog.selectNameFilter(filters[kind])
    dialog.filterSelected.emit(filters[kind])
    dialog.setDirectory(str(tmp_path))
    dialog.selectFile("vendas")
    dialog.accept()
    assert "1 linha" in cashier.wait_for_message("historyMessage", ("success",))
    assert (tmp_path / f"vendas{ending}").read_bytes().startswith(begins)


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_export_to_a_missing_folder_shows_an_error(cashier: Cashier, tmp_path: Path, ending: str) -> None:
    cashier.press(Qt.Key.Key_F4)
    wait_until(cashier.find("historyExport").isVisible, "the history")
    cashier.window.content.history.export_to(str(tmp_path / "gone" / f"x.{ending}"))
    assert "Não foi possível gravar neste PC" in cashier.wait_for_message("historyMessage")
    assert not (tmp_path / "gone").exists()
