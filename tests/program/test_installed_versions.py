"""Version folders in the whole program: good starts, the notice of a failed version, going back by one click."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from bonifiq_desktop import __version__
from bonifiq_desktop.arguments import Arguments
from bonifiq_desktop.cli import window
from bonifiq_desktop.cli.console import CommandFailed
from bonifiq_desktop.ledger.schema import MIGRATIONS
from bonifiq_desktop.services.doctor import run_checks
from bonifiq_desktop.services.installed_versions import InstalledVersions
from bonifiq_desktop.storage.paths import Paths
from tests.support.cashier import Cashier, let_work, wait_until
from tests.support.staff_actions import open_settings
from tests.support.version_folders import VersionFolders

OpenTill = Callable[[], Cashier]


@pytest.fixture(name="folders")
def program_in_version_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> VersionFolders:
    """This program as version 0.2.0, updated from 0.1.0."""
    folders = VersionFolders(tmp_path / "BonifiQ Desktop")
    folders.add("0.1.0")
    folders.add("0.2.0")
    folders.set_current("0.2.0", "0.1.0")
    installed = InstalledVersions(folders.root, "0.2.0")
    monkeypatch.setattr(InstalledVersions, "find", lambda: installed)
    return folders


def test_opened_till_reports_a_good_start(folders: VersionFolders, open_till: OpenTill) -> None:
    cashier = open_till()
    wait_until(lambda: folders.count("0.2.0", "good") == 1, "the mark")
    assert not cashier.find("versionNotice").isVisible()
    cashier.app.stop()


def test_till_without_its_ledger_reports_no_good_start(
    folders: VersionFolders, open_till: OpenTill, data: Path
) -> None:
    data.mkdir(exist_ok=True)
    (data / "ledger.db").write_bytes(b"no database, and long enough for a header of one" * 20)
    cashier = open_till()
    cashier.wait_for_message("ledgerMessage")
    let_work(0.3)
    assert folders.count("0.2.0", "good") == 0


def test_one_click_in_the_settings_goes_back_to_the_version_before(
    folders: VersionFolders, open_till: OpenTill
) -> None:
    cashier = open_till()
    open_settings(cashier, "advanced")
    button = cashier.find("settingsOtherVersion")
    wait_until(button.isVisible, "the button")
    assert button.accessibleName() == "Voltar à versão 0.1.0"
    cashier.press(Qt.Key.Key_Return, "settingsOtherVersion")
    words = cashier.wait_for_message("settingsVersionMessage", ("success",))
    assert "Na próxima vez que o programa for aberto, começa a versão 0.1.0." in words
    assert folders.current == ["0.1.0", "0.2.0"]
    assert button.accessibleName() == "Voltar à versão 0.2.0"
    cashier.press(Qt.Key.Key_Return, "settingsOtherVersion")
    wait_until(lambda: folders.current == ["0.2.0", "0.1.0"], "the way back")


def test_version_that_cannot_open_the_ledger_is_not_offered(folders: VersionFolders, open_till: OpenTill) -> None:
    manifest = folders.root / "versions" / "0.1.0" / "manifest.txt"
    manifest.write_text(f"# ledger {len(MIGRATIONS) - 1}\n", encoding="utf-8")
    cashier = open_till()
    open_settings(cashier, "advanced")
    wait_until(lambda: "A versão 0.1.0 não lê o histórico" in cashier.find("settingsVersion").text(), "the reason")
    assert not cashier.find("settingsOtherVersion").isVisible()


def test_failed_version_is_named_above_the_pages(folders: VersionFolders, open_till: OpenTill) -> None:
    folders.set_current("0.2.0", "0.3.0", "failed")
    folders.add("0.3.0")
    cashier = open_till()
    words = cashier.wait_for_message("versionNotice")
    assert "A versão 0.3.0 do programa não abriu neste PC" in words
    open_settings(cashier, "advanced")
    button = cashier.find("settingsOtherVersion")
    wait_until(button.isVisible, "the button")
    assert button.accessibleName() == "Tentar a versão 0.3.0 de novo"


def test_older_program_on_a_newer_ledger_offers_the_newer_version(
    folders: VersionFolders, open_till: OpenTill, data: Path
) -> None:
    open_till().app.stop()
    with closing(sqlite3.connect(data / "ledger.db")) as db:
        db.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    cashier = open_till()
    cashier.wait_for_message("ledgerMessage")
    assert not cashier.is_shown("rescueOtherVersion"), "0.1.0 cannot open it either"
    cashier.app.stop()
    folders.add("0.3.0", ledger=len(MIGRATIONS) + 1)
    folders.set_current("0.2.0", "0.3.0")
    again = open_till()
    wait_until(lambda: again.is_shown("rescueOtherVersion"), "the button")
    again.press(Qt.Key.Key_Return, "rescueOtherVersion")
    wait_until(lambda: folders.current == ["0.3.0", "0.2.0"], "the choice")


def test_doctor_names_the_version_folders(folders: VersionFolders, tmp_path: Path) -> None:
    paths = Paths(tmp_path / "none")
    program = run_checks(paths)[0]
    assert (program.value, program.fine) == (f"{__version__}, folder 0.2.0; also installed: 0.1.0", True)
    folders.set_current("0.1.0", "0.3.0", "failed")
    folders.add("0.3.0")
    program = run_checks(paths)[0]
    expected = f"{__version__}, folder 0.2.0, the next start takes 0.1.0; 0.3.0 DID NOT OPEN and is not used"
    assert (program.value, program.fine) == (expected, False)


def test_second_start_is_not_counted_against_the_version(
    folders: VersionFolders, open_till: OpenTill, data: Path
) -> None:
    cashier = open_till()
    folders.set_count("0.2.0", "started", 1)
    arguments = Arguments()
    arguments.data_dir = str(data)
    with pytest.raises(CommandFailed, match="já está aberto") as failed:
        window.run(arguments)
    assert failed.value.status == 3
    assert folders.count("0.2.0", "started") == 0
    cashier.app.stop()
