"""The file for the support in two presses: from the settings, from the page that stands in for a broken history, and
from the command line where no window opens."""

import json
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from zipfile import ZipFile

import pytest
from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtWidgets import QFileDialog, QLineEdit

from bonifiq_desktop.training_server.server import TrainingServer
from tests.support.cashier import Cashier, program, wait_until


@pytest.fixture(name="documents")
def documents_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the Documents folder, where the dialog starts."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home"))
    place = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    documents = Path(place)
    assert documents.is_relative_to(tmp_path)
    documents.mkdir(parents=True)
    return documents


def save_support_file(cashier: Cashier, page: str) -> Path:
    """Press the button and save in the dialog; return the path."""
    if page == "settings":
        cashier.window.content.settings.show_section("advanced")
    cashier.press(Qt.Key.Key_Return, f"{page}Support")
    wait_until(lambda: cashier.window.findChild(QFileDialog, f"{page}SupportDialog") is not None, "the dialog")
    dialog = cashier.find(f"{page}SupportDialog", QFileDialog)
    chosen = Path(dialog.selectedFiles()[0])
    name = dialog.findChild(QLineEdit)
    assert name is not None
    cashier.press(Qt.Key.Key_Return, name.objectName())
    said = cashier.wait_for_message(f"{page}SupportMessage", ("success",))
    assert str(chosen) in said
    return chosen


def operations_in(path: Path) -> list[dict[str, object]]:
    with ZipFile(path) as archive:
        found: list[dict[str, object]] = json.loads(archive.read("operations.json"))["operations"]
        return found


def test_settings_save_the_support_file_in_documents(cashier: Cashier, documents: Path) -> None:
    cashier.fill_sale("15990")
    cashier.press(Qt.Key.Key_Return, "saleSubmit")
    cashier.wait_for_state("saleOutcome", "confirmed")
    cashier.press(Qt.Key.Key_F9)
    path = save_support_file(cashier, "settings")
    assert path.parent == documents
    assert path.name.startswith("suporte-bonifiq-")
    assert path.suffix == ".zip"
    assert [(row["kind"], row["state"]) for row in operations_in(path)] == [("sale", "confirmed")]
    content = b"".join(ZipFile(path).read(name) for name in ZipFile(path).namelist())
    assert b"52998224725" not in content
    assert b"Maria" not in content


def choose(cashier: Cashier, path: Path) -> None:
    """Save to a path as the dialog would."""
    cashier.press(Qt.Key.Key_F9)
    cashier.window.content.settings.show_section("advanced")
    cashier.press(Qt.Key.Key_Return, "settingsSupport")
    wait_until(lambda: cashier.window.findChild(QFileDialog, "settingsSupportDialog") is not None, "the dialog")
    dialog = cashier.find("settingsSupportDialog", QFileDialog)
    dialog.fileSelected.emit(str(path))
    dialog.reject()


def test_support_file_that_cannot_be_written_shows_an_error(cashier: Cashier, documents: Path) -> None:
    choose(cashier, documents / "nowhere" / "x.zip")
    assert "Não foi possível gravar neste PC." in cashier.wait_for_message("settingsSupportMessage")
    assert cashier.find("settingsSupport").isEnabled()


def test_recovery_page_saves_the_support_file(
    start: Callable[..., Cashier], server: TrainingServer, credentials: None, data: Path, documents: Path
) -> None:
    data.mkdir()
    (data / "ledger.db").write_bytes(b"not a database" * 1000)
    cashier = start("--data-dir", str(data), "--api-url", server.url)
    wait_until(lambda: cashier.is_shown("rescueSupport"), "the rescue page")
    path = save_support_file(cashier, "rescue")
    with ZipFile(path) as archive:
        assert "!!  ledger: cannot be used (LedgerDamaged)" in archive.read("doctor.txt").decode()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no file here that makes its reader wait")
def test_look_up_is_answered_while_the_support_file_is_written(cashier: Cashier, documents: Path) -> None:
    cashier.app.paths.crash_reports.mkdir()
    endless = cashier.app.paths.crash_reports / "crash-20260101T000000Z-1.json"
    os.mkfifo(endless)

    def go_on() -> bool:
        """Unblock the reader of the pipe; return False if the pipe has no reader."""
        with suppress(OSError):
            os.close(os.open(endless, os.O_WRONLY | os.O_NONBLOCK))
            return True
        return False

    choose(cashier, documents / "x.zip")
    try:
        cashier.look_up("1001")
        assert not (documents / "x.zip").exists()
    finally:
        wait_until(go_on, "the reader")
    wait_until((documents / "x.zip").exists, "the file")


def test_command_line_writes_the_support_file(tmp_path: Path) -> None:
    target = tmp_path / "support.zip"
    nowhere = {"QT_QPA_PLATFORM": "", "DISPLAY": "", "WAYLAND_DISPLAY": ""}
    data = ("--data-dir", str(tmp_path / "data"))
    done = program("doctor", *data, "--file", str(target), **nowhere)
    assert done.returncode == program("doctor", *data, **nowhere).returncode
    assert str(target) in done.stdout
    assert operations_in(target) == []
    failed = program("doctor", *data, "--file", str(tmp_path / "nowhere" / "x.zip"), **nowhere)
    assert failed.returncode == 1
    assert "não pôde ser gravado" in failed.stderr
    assert "Traceback" not in failed.stderr
