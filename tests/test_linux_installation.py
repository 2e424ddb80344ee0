"""The .tar.gz: install.sh writes a version folder and switches to it last."""

import os
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path
from types import ModuleType

import pytest

from tests.support.build_tools import build_tool
from tests.support.version_folders import VersionFolders

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="a shell script for Linux")

Packages = dict[str, Path]
PROGRAM = '#!/bin/sh\nbasename "$(dirname "$0")"\n'
INTERRUPTIONS = 20


@pytest.fixture(name="packages")
def unpacked_packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Packages:
    """The unpacked .tar.gz of two versions of a stand-in."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    archives = build_tool("archives")
    return {version: unpack(archives, version, tmp_path, monkeypatch) for version in ("0.1.0", "0.2.0")}


def unpack(archives: ModuleType, version: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    program = folder / f"program {version}"
    (program / "parts").mkdir(parents=True)
    (program / "bonifiq-desktop").write_text(PROGRAM, encoding="ascii")
    (program / "bonifiq-desktop").chmod(0o755)
    noise = random.Random(version)
    for number in range(20):
        (program / "parts" / f"{number}.so").write_bytes(noise.randbytes(50_000))
    (program / "parts" / "link.so").symlink_to("1.so")
    monkeypatch.setattr(archives, "__version__", version)
    (folder / "São João").mkdir(exist_ok=True)
    subprocess.run(["/bin/tar", "-xzf", archives.make_tar(program, folder), "-C", folder / "São João"], check=True)
    return folder / "São João" / f"bonifiq-desktop-{version}"


@pytest.fixture(name="folders")
def installation_target(tmp_path: Path) -> VersionFolders:
    """Where to install."""
    return VersionFolders(tmp_path / "Balcão 1")


def install(package: Path, folders: VersionFolders) -> subprocess.CompletedProcess[str]:
    command = ["sh", str(package / "install.sh"), str(folders.root)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def start(folders: VersionFolders) -> str:
    command = [str(folders.root / "bonifiq-desktop"), "--version"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def is_whole(folders: VersionFolders, version: str) -> bool:
    command = ["sha256sum", "--quiet", "--check", "manifest.txt"]
    return not subprocess.run(command, cwd=folders.root / "versions" / version, check=False).returncode


def test_unpacked_program_runs_without_installation(packages: Packages) -> None:
    program = packages["0.1.0"] / "bonifiq-desktop"
    assert subprocess.run([program], capture_output=True, text=True, check=True).stdout == "bonifiq-desktop-0.1.0\n"


def test_installation_and_update_keep_the_version_before(packages: Packages, folders: VersionFolders) -> None:
    assert install(packages["0.1.0"], folders).returncode == 0
    assert (folders.current, start(folders)) == (["0.1.0", ""], "0.1.0")
    folders.set_count("0.1.0", "good", 1)
    assert install(packages["0.2.0"], folders).returncode == 0
    assert (folders.current, start(folders)) == (["0.2.0", "0.1.0"], "0.2.0")
    assert folders.names == {"0.1.0", "0.2.0"}
    names = {file.name for file in (folders.root / "versions" / "0.2.0").iterdir()}
    assert names == {"bonifiq-desktop", "manifest.txt", "parts"}


def test_second_installation_of_a_version_leaves_its_folder(packages: Packages, folders: VersionFolders) -> None:
    install(packages["0.1.0"], folders)
    program = folders.root / "versions" / "0.1.0" / "bonifiq-desktop"
    before = program.stat().st_ino
    assert install(packages["0.1.0"], folders).returncode == 0
    assert program.stat().st_ino == before
    (program.parent / "parts" / "3.so").write_bytes(b"damaged")
    assert install(packages["0.1.0"], folders).returncode == 0
    assert is_whole(folders, "0.1.0")
    assert folders.names == {"0.1.0"}


def test_damaged_package_changes_nothing(packages: Packages, folders: VersionFolders) -> None:
    install(packages["0.1.0"], folders)
    (packages["0.2.0"] / "parts" / "3.so").write_bytes(b"damaged")
    failed = install(packages["0.2.0"], folders)
    assert (failed.returncode, failed.stdout) == (1, "")
    assert "Nada mudou neste computador." in failed.stderr
    assert (folders.current, start(folders)) == (["0.1.0", ""], "0.1.0")


def test_update_over_a_version_that_failed_keeps_the_one_before_it(packages: Packages, folders: VersionFolders) -> None:
    install(packages["0.1.0"], folders)
    shutil.copytree(folders.root / "versions" / "0.1.0", folders.root / "versions" / "0.1.5")
    folders.set_current("0.1.5", "0.1.0")
    install(packages["0.2.0"], folders)
    assert folders.current == ["0.2.0", "0.1.0"]


def test_interrupted_updates_leave_a_program_that_starts(packages: Packages, folders: VersionFolders) -> None:
    install(packages["0.1.0"], folders)
    folders.set_count("0.1.0", "good", 1)
    begun = time.monotonic()
    install(packages["0.2.0"], folders)
    whole = time.monotonic() - begun
    chance = random.Random(13)
    for _ in range(INTERRUPTIONS):
        folders.set_current("0.1.0", "")
        shutil.rmtree(folders.root / "versions" / "0.2.0", ignore_errors=True)
        interrupt(packages["0.2.0"], folders, after=chance.uniform(0, 1.1) * whole)
        version = start(folders)
        assert version == folders.current[0]
        assert is_whole(folders, version)
    assert install(packages["0.2.0"], folders).returncode == 0
    assert (start(folders), folders.names) == ("0.2.0", {"0.1.0", "0.2.0"})


def interrupt(package: Path, folders: VersionFolders, *, after: float) -> None:
    command = ["sh", str(package / "install.sh"), str(folders.root)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, start_new_session=True) as process:
        try:
            process.wait(after)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, 9)
