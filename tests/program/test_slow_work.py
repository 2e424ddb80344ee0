"""Slow work in the window: it shows how far it is, and a stop leaves nothing half done."""

import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QProgressBar, QRadioButton

from bonifiq_desktop.domain.progress import Progress
from bonifiq_desktop.ledger import backups
from bonifiq_desktop.ledger.history import count_operations
from tests.bench.large_ledger import ledger_with
from tests.support.cashier import Cashier, wait_until

OPERATIONS = 12_000


@pytest.fixture(name="long_history")
def data_folder_with_a_long_history(tmp_path: Path, data: Path) -> Path:
    """Return the ledger of a data folder."""
    data.mkdir(mode=0o700)
    made = ledger_with(tmp_path / "made", OPERATIONS)
    for file in made.parent.iterdir():
        if file.is_file():
            shutil.copy2(file, data / file.name)
    return data / made.name


def wait_for_bar(cashier: Cashier, name: str) -> QProgressBar:
    """Wait until a bar shows that some of the work is done."""
    wait_until(lambda: cashier.is_shown(f"{name}Progress"), "the bar")
    bar: QProgressBar = cashier.find(f"{name}Bar", QProgressBar)
    wait_until(lambda: bar.value() > 0, "the first steps")
    return bar


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_stopped_export_leaves_the_earlier_file_and_a_second_one_is_whole(
    long_history: Path,
    open_till: Callable[[], Cashier],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    ending: str,
    slow: None,
) -> None:
    folder = tmp_path / "sheets"
    folder.mkdir()
    target = folder / f"vendas.{ending}"
    target.write_text("the sheet of yesterday")
    rest = tmp_path / "temporary"
    rest.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(rest))
    cashier = open_till()
    cashier.press(Qt.Key.Key_F4)
    wait_until(lambda: cashier.is_shown("historyExport"), "the history")
    export_to = cashier.window.content.history.export_to
    export_to(str(target))
    bar = wait_for_bar(cashier, "historyExport")
    assert bar.maximum() == OPERATIONS
    assert "%" in cashier.text("historyExportCount")
    cashier.press(Qt.Key.Key_Return, "historyExportStop")
    assert "Parado" in cashier.wait_for_message("historyMessage", ("info",))
    assert not cashier.is_shown("historyExportProgress")
    assert [path.name for path in folder.iterdir()] == [target.name]
    assert target.read_text() == "the sheet of yesterday"
    assert list(rest.iterdir()) == []
    export_to(str(target))
    words = cashier.wait_for_message("historyMessage", ("success",))
    assert "12000" in words.replace(".", "")
    if ending == "csv":
        assert len(target.read_text(encoding="utf-8-sig").splitlines()) == OPERATIONS + 1


def test_stopped_restore_changes_nothing_and_a_second_one_restores(
    long_history: Path, open_till: Callable[[], Cashier], data: Path, slow: None
) -> None:
    copies = data / "backups"
    copies.mkdir(mode=0o700, exist_ok=True)
    shutil.copy2(long_history, copies / "ledger-9-20260101T120000Z.db")
    long_history.write_bytes(b"not a ledger" * 1000)
    cashier = open_till()
    wait_until(lambda: cashier.window.findChild(QRadioButton, "rescueBackup0") is not None, "the copy")

    def choose_copy() -> None:
        cashier.find("rescueBackup0", QRadioButton).setChecked(True)
        cashier.type("rescueName", "Dona Lucia")
        cashier.press(Qt.Key.Key_Return, "rescueConfirm")

    choose_copy()
    wait_for_bar(cashier, "rescue")
    cashier.press(Qt.Key.Key_Return, "rescueStop")
    assert "Parado" in cashier.wait_for_message("rescueMessage", ("info",))
    assert long_history.read_bytes().startswith(b"not a ledger")
    assert [path.name for path in data.iterdir() if "set-aside" in path.name or path.name.endswith(".new")] == []
    choose_copy()
    wait_until(lambda: not cashier.find("ledgerMessage").isVisible(), "the history in use again")
    assert count_operations(long_history) == OPERATIONS


@pytest.fixture(name="slow")
def slow_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the work take two seconds and more, as on an old PC."""
    report = Progress.report
    waited_at = [0]

    def slowly(progress: Progress, done: int, total: int) -> None:
        if done < waited_at[0] or done - waited_at[0] > total / 40:
            waited_at[0] = done
            time.sleep(0.05)
        report(progress, done, total)

    monkeypatch.setattr(Progress, "report", slowly)
    monkeypatch.setattr(backups, "_PAGES_AT_ONCE", 50)
