"""Permissions: every written file is private, and a folder that others can write to is refused."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from bonifiq_desktop.cli.console import not_private
from bonifiq_desktop.ledger.ledger import Ledger
from bonifiq_desktop.storage.files import Exposure, FolderNotPrivate
from tests.support.cashier import Cashier, program, wait_until

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the rights of a file are another matter there")


def permissions_in(folder: Path) -> dict[str, int]:
    """Return the permission bits of a folder and its content, by name."""
    found = [folder, *folder.rglob("*")]
    return {path.relative_to(folder).as_posix(): stat.S_IMODE(path.lstat().st_mode) for path in found}


def test_files_of_the_main_job_are_private_with_any_umask(tmp_path: Path) -> None:
    data, out = tmp_path / "data", tmp_path / "out"
    tour = [sys.executable, "-m", "bonifiq_desktop", "tour", "--out", str(out), "--data-dir", str(data)]
    done = subprocess.run(tour, capture_output=True, text=True, timeout=180, check=False, umask=0)
    assert done.returncode == 0, done.stderr
    assert (out / "data").exists() is False
    rights = permissions_in(data)
    for name in ("ledger.db", "training-shop.json", "customer-key.json", "logs"):
        assert f"training/{name}" in rights
    folders = {name for name in rights if (data / name).is_dir()}
    assert {name: oct(mode) for name, mode in rights.items() if mode != (0o700 if name in folders else 0o600)} == {}


@pytest.mark.parametrize("mode", [0o777, 0o707, 0o702, 0o1777])
@pytest.mark.parametrize("arguments", [[], ["--training"]])
def test_world_writable_folder_is_refused(tmp_path: Path, mode: int, arguments: list[str]) -> None:
    data = tmp_path / "data"
    place = data / "training" if arguments else data
    place.mkdir(parents=True)
    place.chmod(mode)
    done = program(*arguments, "--data-dir", str(data), "--quit-when-ready")
    assert done.returncode == 1
    assert f"qualquer usuário deste computador pode escrever na pasta {place}" in done.stderr
    assert "Traceback" not in done.stderr
    assert list(place.iterdir()) == []
    assert "NOT PRIVATE" in program("doctor", *arguments, "--data-dir", str(data)).stdout


@pytest.mark.parametrize(("platform", "way"), [("linux", "chmod o-w"), ("win32", "Propriedades › Segurança")])
def test_refusal_of_a_writable_folder_says_how_to_mend_it_on_this_system(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, platform: str, way: str
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    assert way in not_private(FolderNotPrivate(Exposure.WORLD_WRITABLE, tmp_path))


@pytest.mark.parametrize("mode", [0o700, 0o755, 0o775])
def test_group_writable_folder_is_accepted(tmp_path: Path, mode: int) -> None:
    data = tmp_path / "data"
    data.mkdir()
    data.chmod(mode)
    assert program("--data-dir", str(data), "--quit-when-ready").returncode == 0


def fill_data_folder(data: Path) -> Path:
    """Create a data folder with every kind of file and nested folders."""
    assert program("--data-dir", str(data), "--quit-when-ready").returncode == 0
    for name in ("settings.json", "drafts/sale.json", "backups/x/notes.txt", "logs/old.log", "training/settings.json"):
        (data / name).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        (data / name).write_text("{}")
    Ledger(data / "ledger.db").close()
    return data


@pytest.mark.parametrize(
    "name", [".", "drafts", "backups", "backups/x", "drafts/sale.json", "ledger.db", "logs/old.log"]
)
def test_readable_files_are_made_private_by_the_next_start(tmp_path: Path, name: str) -> None:
    data = fill_data_folder(tmp_path / "data")
    mode = 0o755 if (data / name).is_dir() else 0o644
    (data / name).chmod(mode)
    assert "OPEN TO OTHERS" in program("doctor", "--data-dir", str(data)).stdout
    assert program("--data-dir", str(data), "--quit-when-ready").returncode == 0
    assert {oct(found & 0o077) for found in permissions_in(data).values()} == {"0o0"}
    assert "OPEN TO OTHERS" not in program("doctor", "--data-dir", str(data)).stdout


@pytest.mark.parametrize("name", [".", "drafts", "backups", "backups/x", "drafts/sale.json", "ledger.db", "training"])
@pytest.mark.parametrize(
    "command", [["--quit-when-ready"], ["history"], ["doctor", "--restore", "x.db", "--name", "A"]]
)
def test_world_writable_path_is_refused_at_any_depth(tmp_path: Path, name: str, command: list[str]) -> None:
    data = fill_data_folder(tmp_path / "data")
    (data / "backups" / "x.db").write_bytes(b"")
    place = data / name
    place.chmod(0o777)
    before = permissions_in(data)
    done = program(*command, "--data-dir", str(data))
    assert (done.returncode, done.stdout) == (1, "")
    assert f"pode escrever {'na pasta' if place.is_dir() else 'no arquivo'} {place.resolve()}" in done.stderr
    assert permissions_in(data) == before
    assert "NOT PRIVATE (everyone" in program("doctor", "--data-dir", str(data)).stdout


@pytest.mark.parametrize("name", ["drafts/sale.json", "backups", "backups/x", "logs/old.log", "training/settings.json"])
@pytest.mark.parametrize("command", [["--quit-when-ready"], ["history"]])
def test_link_at_any_depth_is_refused_and_not_followed(tmp_path: Path, name: str, command: list[str]) -> None:
    data, outside = fill_data_folder(tmp_path / "data"), tmp_path / "outside"
    outside.mkdir()
    moved = (data / name).rename(outside / "moved")
    (data / name).symlink_to(moved)
    done = program(*command, "--data-dir", str(data))
    assert (done.returncode, done.stdout) == (1, "")
    assert f"{data / name} é um atalho" in done.stderr
    assert "NOT PRIVATE (link" in program("doctor", "--data-dir", str(data)).stdout


def test_draft_that_cannot_be_saved_is_reported_until_it_can(cashier: Cashier, tmp_path: Path) -> None:
    drafts = tmp_path / "data" / "drafts"
    drafts.write_bytes(b"")
    cashier.press(Qt.Key.Key_F3)
    cashier.type("saleName", "Maria")
    words = cashier.wait_for_message("draftNotice")
    assert "não está sendo guardado" in words
    drafts.unlink()
    cashier.type("saleName", "Maria A")
    wait_until(lambda: not cashier.find("draftNotice").isVisible(), "the notice to go")
    assert (drafts / "sale.json").exists()


@pytest.mark.parametrize("name", ["ledger.db", "settings.json", "credentials.json", "logs", "drafts", "in-use.lock"])
def test_link_in_place_of_a_file_is_refused_and_its_target_untouched(tmp_path: Path, name: str) -> None:
    data, target = tmp_path / "data", tmp_path / "target"
    data.mkdir()
    target.write_bytes(b"another user's")
    (data / name).symlink_to(target)
    done = program("--data-dir", str(data), "--quit-when-ready")
    assert done.returncode == 1
    assert f"{data / name} é um atalho" in done.stderr
    assert target.read_bytes() == b"another user's"
    assert [path.name for path in data.iterdir()] == [name]
