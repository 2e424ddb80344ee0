"""The package's content: everything needed, nothing else, and all licence notices."""

import json
import re
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packaging.utils import canonicalize_name

from bonifiq_desktop import __version__
from tests.frozen.shop_pc import DIST, LINUX_ONLY, REPOSITORY, built
from tests.support.build_tools import build_tool
from tests.support.help_texts import HELP_TEXTS
from tests.support.windows_program import CONSOLE, windows_subsystem

LARGEST = 150_000_000  # bytes
# Of a bare window packaged by the same rules. What comes on top has the same size on each system (cryptography,
# pydantic, QtNetwork, QtPrintSupport, our modules: 25 to 28 MiB; libpq with an OpenSSL of its own: 8 to 11 MiB), while
# Qt and Python for Windows are smaller than for Linux.
BARE = 1.62 if sys.platform == "win32" else 1.39

on_linux = pytest.mark.skipif(sys.platform != "linux", reason=LINUX_ONLY.format(".deb"))
on_windows = pytest.mark.skipif(sys.platform != "win32", reason="programs for Windows are made on Windows")

_BILL = "sbom.cdx.json"
_COMPILED = "shiboken6/files.dir/shibokensupport/"
"""What PySide would compile at every start: see `packaging/signatures.py`."""


def _files(folder: Path) -> Iterator[Path]:
    return (file for file in folder.rglob("*") if file.is_file() and not file.is_symlink())


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in _files(folder))


def test_package_size_is_near_that_of_a_bare_window() -> None:
    assert _size(built()) <= LARGEST
    assert _size(built()) <= BARE * _size(DIST / "bare")


def test_package_holds_no_development_files() -> None:
    names = {file.relative_to(built()).as_posix() for file in _files(built())}
    compiled = {name for name in names if _COMPILED in name}
    assert {name.partition(_COMPILED)[2] for name in compiled} >= {"__init__.pyc", "signature/loader.pyc"}
    names -= compiled
    assert [
        name for name in names if re.search(r"(^|/)(tests?|__pycache__|plugins/styles)/|\.(pyc?|ts|pyi|c|h)$", name)
    ] == []
    translations = {Path(name).name for name in names if name.endswith(".qm")}
    assert translations == {"bonifiq_en.qm", "bonifiq_pt_BR.qm", "qtbase_en.qm", "qtbase_pt_BR.qm"}
    assert not [
        name for name in names if re.search(r"Qt6?(Qml|Quick|Pdf|WebEngine|Designer|Sql|Test|VirtualKeyboard)", name)
    ]


def test_package_holds_no_path_of_the_build_machine() -> None:
    told = str(REPOSITORY).encode()
    assert [file.name for file in _files(built()) if told in file.read_bytes()] == []


def test_notices_name_every_part_with_its_licence() -> None:
    [notices] = [file for file in _files(built()) if file.name == "THIRD-PARTY-NOTICES.txt"]
    text = notices.read_text(encoding="utf-8")
    heads = dict(re.findall(r"^(\S+) \S.*\nLicence: (.+)$", text, re.MULTILINE))
    assert heads["PySide6_Essentials"] == heads["shiboken6"] == "LGPL-3.0-only"
    assert heads["psycopg"] == heads["psycopg-binary"] == "LGPL-3.0-only"
    assert "Licence: OLDAP-2.8" in text
    assert heads.keys() >= {"httpx", "cryptography", "keyring", "certifi", "pyinstaller"}
    assert not heads.keys() & {"pytest", "ruff", "setuptools"}
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in text
    assert "You may replace them" in text
    assert "PYTHON SOFTWARE FOUNDATION LICENSE" in text


def test_bill_of_materials_lists_distributions_and_native_libraries() -> None:
    [file] = [file for file in _files(built()) if file.name == _BILL]
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(file.read_text(encoding="utf-8")) is None
    bill = json.loads(file.read_bytes())
    listed = {canonicalize_name(part["name"]): part["version"] for part in bill["components"]}
    locked = build_tool("locked")
    wanted = locked.locked_versions(locked.LOCK.read_text(encoding="utf-8"))
    assert {name: listed.get(name) for name in wanted} == wanted
    beneath = listed.keys() - wanted
    assert beneath >= {"cpython", "openssl", "sqlite", "qt", "libpq"}
    assert beneath <= {"cpython", "openssl", "sqlite", "qt", "libpq", "keyutils-libs", "cyrus-sasl-lib", "libcom-err"}
    assert bill["metadata"]["component"]["version"] == __version__


@on_linux
def test_archives_hold_the_bill_of_materials_of_the_folder() -> None:
    [deb], [archive] = DIST.glob("*.deb"), DIST.glob("*.tar.gz")
    packed = subprocess.run(["dpkg-deb", "--fsys-tarfile", str(deb)], capture_output=True, check=True).stdout
    for content in (packed, archive.read_bytes()):
        with tarfile.open(fileobj=BytesIO(content)) as tar:
            [member] = [member for member in tar if Path(member.name).name == _BILL]
            found = tar.extractfile(member)
            assert found is not None
            assert found.read() == (built() / _BILL).read_bytes()


@on_linux
def test_every_library_is_packaged_or_a_dependency_of_the_deb() -> None:
    own = {file.name for file in built().rglob("*")}
    wanted = {name for file in _files(built()) if file.suffix == ".so" or ".so." in file.name for name in _needed(file)}
    control = (REPOSITORY / "packaging/linux/control").read_text(encoding="utf-8")
    depends = set(re.findall(r"[a-z0-9][a-z0-9+.-]+", control.partition("Depends:")[2].partition("Recommends:")[0]))
    missing = {name for name in wanted - own if not _debian_packages(name) & depends}
    assert missing == set()


def _needed(file: Path) -> list[str]:
    told = subprocess.run(["objdump", "-p", str(file)], capture_output=True, text=True, check=True).stdout
    return re.findall(r"^ +NEEDED +(\S+)$", told, re.MULTILINE)


def _debian_packages(library: str) -> set[str]:
    told = subprocess.run(["dpkg-query", "-S", f"*/{library}"], capture_output=True, text=True, check=False).stdout
    return set(re.findall(r"^([a-z0-9+.-]+)", told, re.MULTILINE))


@on_linux
def test_desktop_entry_and_metadata_are_valid(tmp_path: Path) -> None:
    [package] = DIST.glob("*.deb")
    subprocess.run(["dpkg-deb", "-x", str(package), str(tmp_path)], check=True)
    share = tmp_path / "usr" / "share"
    checks = (
        ["desktop-file-validate", "--warn-kde", str(share / "applications" / "bonifiq-desktop.desktop")],
        ["appstreamcli", "validate", "--no-net", *map(str, (share / "metainfo").iterdir())],
    )
    for check in checks:
        done = subprocess.run(check, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
    assert (share / "icons/hicolor/scalable/apps/bonifiq-desktop.svg").is_file()
    assert (share / "icons/hicolor/48x48/apps/bonifiq-desktop.png").is_file()


@on_linux
def test_deb_runs_no_maintainer_script() -> None:
    [package] = DIST.glob("*.deb")
    listed = subprocess.run(["dpkg-deb", "--ctrl-tarfile", str(package)], capture_output=True, check=True).stdout
    names = set(re.findall(rb"\./(preinst|postinst|prerm|postrm|conffiles|control)\0", listed))
    assert names == {b"control"}


@on_windows
def test_windows_folder_holds_one_program_for_terminals_with_its_version() -> None:
    [program] = built().glob("*.exe")
    assert windows_subsystem(program) == CONSOLE
    assert __version__.encode("utf-16-le") in program.read_bytes()


def test_package_holds_the_help_in_each_language_with_its_pictures() -> None:
    [guide] = [file for file in _files(built()) if file.name == "user-guide.pt-BR.md"]
    texts = [guide.parent / name for name in HELP_TEXTS]
    pictures = re.findall(r"\]\((pictures/[^)]+)\)", "".join(text.read_text(encoding="utf-8") for text in texts))
    assert pictures
    assert {file.relative_to(guide.parent).as_posix() for file in _files(guide.parent)} == {*HELP_TEXTS, *pictures}
