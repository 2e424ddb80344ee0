"""The .deb by Debian's own rules: lintian, modes and search paths of libraries, AppStream pictures."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.frozen.shop_pc import DIST, LINUX_ONLY, REPOSITORY

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason=LINUX_ONLY.format(".deb"))

LIBRARY_MODE = 0o644
ELF = b"\x7fELF"


def package() -> Path:
    [found] = DIST.glob("*.deb")
    return found


@pytest.fixture(name="root", scope="module")
def unpacked_package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files that the .deb installs."""
    folder = tmp_path_factory.mktemp("deb")
    subprocess.run(["dpkg-deb", "-x", package(), folder], check=True)
    return folder


def libraries_in(root: Path) -> list[Path]:
    return [file for file in root.rglob("*.so*") if file.is_file() and not file.is_symlink()]


def is_elf(file: Path) -> bool:
    with file.open("rb") as opened:
        return opened.read(len(ELF)) == ELF


def search_paths(file: Path) -> list[str]:
    told = subprocess.run(["objdump", "-p", str(file)], capture_output=True, text=True, check=True).stdout
    return [path for paths in re.findall(r"^ +R(?:UN)?PATH +(\S+)$", told, re.MULTILINE) for path in paths.split(":")]


@pytest.mark.skipif(not shutil.which("lintian"), reason="needs lintian")
def test_deb_passes_lintian_without_errors_and_warnings() -> None:
    command = ["lintian", "--allow-root", "--fail-on", "error,warning", str(package())]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_program_and_libraries_search_only_beside_themselves(root: Path) -> None:
    programs = [file for file in root.rglob("*") if file.is_file() and not file.is_symlink() and is_elf(file)]
    assert len(programs) > len(libraries_in(root)) > 0
    elsewhere = {
        file.name: paths
        for file in programs
        if (paths := [p for p in search_paths(file) if p.split("/")[0] != "$ORIGIN"])
    }
    assert elsewhere == {}


def test_libraries_are_not_executable(root: Path) -> None:
    modes = {file.name: file.stat().st_mode & 0o777 for file in libraries_in(root)}
    assert {name: oct(mode) for name, mode in modes.items() if mode != LIBRARY_MODE} == {}


def test_appstream_pictures_are_those_of_the_documents(root: Path) -> None:
    [metadata] = (root / "usr" / "share" / "metainfo").iterdir()
    addresses = re.findall(r"<image>(.+)</image>", metadata.read_text(encoding="utf-8"))
    pictures = [re.fullmatch(r"https://[^@]+/raw/main/(docs/pictures/[\w-]+\.png)", each) for each in addresses]
    assert pictures
    assert [each for each in pictures if each is None or not (REPOSITORY / each[1]).is_file()] == []
