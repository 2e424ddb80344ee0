"""`packaging/linux/starter.sh`: which version it starts. `tests/windows` has the same for the Windows starter."""

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.version_folders import VersionFolders

STARTER = Path(__file__).resolve().parents[1] / "packaging" / "linux" / "starter.sh"
PROGRAM = (
    '#!/bin/sh\necho "$(basename "$(dirname "$0")")"\nfor each in "$@"; do echo "[$each]"; done\nexit ${STATUS:-0}\n'
)

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="a shell script for Linux")


@pytest.fixture(name="folders")
def installed_folders(tmp_path: Path) -> VersionFolders:
    """An update from 0.1.0 to 0.2.0, not started yet."""
    folders = VersionFolders(tmp_path / "Balcão São João" / "BonifiQ Desktop")
    shutil.copyfile(STARTER, folders.root / "bonifiq-desktop")
    (folders.root / "bonifiq-desktop").chmod(0o755)
    for name in ("0.1.0", "0.2.0"):
        add(folders, name)
    folders.set_current("0.2.0", "0.1.0")
    return folders


def add(folders: VersionFolders, name: str) -> None:
    program = folders.add(name)
    program.write_text(PROGRAM, encoding="utf-8")
    program.chmod(0o755)


def start(folders: VersionFolders, *arguments: str, status: int = 0) -> list[str]:
    """Start; return the version that ran and the arguments that it got."""
    command = [str(folders.root / "bonifiq-desktop"), *arguments]
    environment = os.environ | {"STATUS": str(status)}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert (done.returncode, done.stderr) == (status, "")
    return done.stdout.splitlines()


def test_starter_passes_on_arguments_and_exit_status(folders: VersionFolders) -> None:
    assert start(folders, "a b", "", 'q"x', "$HOME", status=3) == ["0.2.0", "[a b]", "[]", '[q"x]', "[$HOME]"]


def test_starter_through_a_link_finds_the_versions(folders: VersionFolders, tmp_path: Path) -> None:
    link = tmp_path / "command"
    link.symlink_to(folders.root / "bonifiq-desktop")
    assert subprocess.run([link], capture_output=True, text=True, check=True).stdout == "0.2.0\n"


def test_starter_after_two_failed_starts_takes_the_previous_version(folders: VersionFolders) -> None:
    assert [start(folders) for _ in range(3)] == [["0.2.0"], ["0.2.0"], ["0.1.0"]]
    assert folders.current == ["0.1.0", "0.2.0", "failed"]
    assert start(folders) == ["0.1.0"]


def test_starter_keeps_a_version_that_started_well(folders: VersionFolders) -> None:
    start(folders)
    folders.set_count("0.2.0", "good", 1)
    assert [start(folders)[0] for _ in range(4)] == ["0.2.0"] * 4
    assert folders.count("0.2.0", "started") == 1


def test_starter_keeps_the_version_if_the_previous_one_failed_too(folders: VersionFolders) -> None:
    folders.set_count("0.1.0", "started", 2)
    assert [start(folders)[0] for _ in range(4)] == ["0.2.0"] * 4


def test_starter_keeps_the_only_version(folders: VersionFolders) -> None:
    folders.set_current("0.2.0")
    assert [start(folders)[0] for _ in range(4)] == ["0.2.0"] * 4


@pytest.mark.parametrize("argument", ["--training", "--version", "--quit-when-ready", "doctor", "history"])
def test_starter_counts_no_training_or_command_start(folders: VersionFolders, argument: str) -> None:
    start(folders, argument)
    assert folders.count("0.2.0", "started") == 0
    start(folders, "--data-dir", "elsewhere")
    assert folders.count("0.2.0", "started") == 1


def test_starter_does_not_count_a_start_beside_a_running_one(folders: VersionFolders) -> None:
    folders.set_count("0.2.0", "started", 2)
    with (folders.root / "starts" / "0.2.0.started").open("ab") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert start(folders) == ["0.2.0"]
    assert folders.count("0.2.0", "started") == 2
    assert start(folders) == ["0.1.0"]


def test_starter_replaces_a_missing_program_by_the_previous_version(folders: VersionFolders) -> None:
    (folders.root / "versions" / "0.2.0" / "bonifiq-desktop").unlink()
    assert start(folders) == ["0.1.0"]
    assert folders.current == ["0.1.0", "0.2.0", "failed"]


@pytest.mark.parametrize("lines", [(), ("../0.2.0",), ("0.9.0", "0.8.0"), ("\x00" * 20,)])
def test_starter_with_unusable_current_file_starts_a_version(folders: VersionFolders, lines: tuple[str, ...]) -> None:
    shutil.rmtree(folders.root / "versions" / "0.1.0")
    add(folders, "0.0.1.new")
    add(folders, "0.0.2.old")
    folders.set_current(*lines)
    assert start(folders) == ["0.2.0"]


def test_starter_without_any_version_reports_it(folders: VersionFolders) -> None:
    shutil.rmtree(folders.root / "versions")
    done = subprocess.run([folders.root / "bonifiq-desktop"], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "Instale de novo; o histórico e os ajustes continuam guardados." in done.stderr


@pytest.mark.skipif(sys.platform == "linux" and os.geteuid() == 0, reason="root may write everywhere")
def test_starter_in_folder_of_another_user_takes_the_current_version(folders: VersionFolders) -> None:
    folders.root.chmod(0o555)
    assert [start(folders)[0] for _ in range(3)] == ["0.2.0"] * 3
