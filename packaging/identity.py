"""The program's name, version, icons and resources in each system's form."""

import json
import re
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from packaging.version import Version
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize
from PySide6.QtGui import QImageReader

from bonifiq_desktop import __version__

ROOT = Path(__file__).resolve().parent.parent
ICON = ROOT / "resources" / "icons" / "bonifiq-desktop.svg"
IDENTIFIER = "io.github.bonifiq_desktop.BonifiQDesktop"
SITE = "https://github.com/bonifiq-desktop/bonifiq-desktop"
"""The project's address, which follows from the identifier."""
HELP = ("messages", "user-guide")
"""The documents that the help shows, each in every language."""
ASKED_FOR = ("PySide6-Essentials", "cryptography", "httpx", "keyring", "psycopg", "pydantic")
_MIGRATIONS = "bonifiq_desktop/shop_database/migrations"
"""The SQL that sets a shop database up."""
SIZES = (16, 24, 32, 48, 64, 128, 256, 512)

_ICNS = {"icp4": 16, "icp5": 32, "ic07": 128, "ic08": 256, "ic09": 512}


def resources() -> Iterator[tuple[Path, str]]:
    """Every resource with its folder in the package, as in a wheel."""
    help_texts = [file for name in HELP for file in sorted((ROOT / "docs").glob(f"{name}.*.md"))]
    links = "".join(file.read_text(encoding="utf-8") for file in help_texts)
    pictures = sorted(set(re.findall(r"\]\((pictures/[^)]+)\)", links)))
    resources = [file for file in sorted((ROOT / "resources").rglob("*")) if file.is_file() and file.suffix != ".ts"]
    for file in (*resources, *help_texts, *(ROOT / "docs" / picture for picture in pictures)):
        yield file, str(Path("bonifiq_desktop") / file.parent.relative_to(ROOT))
    for file in sorted((ROOT / _MIGRATIONS).glob("*.sql")):
        yield file, _MIGRATIONS


def png(size: int) -> bytes:
    """The icon, drawn at this size."""
    reader = QImageReader(str(ICON))
    reader.setScaledSize(QSize(size, size))
    image = reader.read()
    if image.isNull():
        raise RuntimeError(f"{ICON.name}: {reader.errorString()}")
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return bytes(data.data())


def write_icons(folder: Path) -> None:
    """The icon as PNG in every size, as .ico and as .icns. (Qt writes neither with more than one size.)"""
    folder.mkdir(parents=True, exist_ok=True)
    pictures = {size: png(size) for size in SIZES}
    for size, picture in pictures.items():
        (folder / f"{size}.png").write_bytes(picture)
    (folder / "bonifiq-desktop.ico").write_bytes(_ico([(s, p) for s, p in pictures.items() if s <= 256]))  # noqa: PLR2004
    chunks = b"".join(_chunk(kind, pictures[size]) for kind, size in _ICNS.items())
    (folder / "bonifiq-desktop.icns").write_bytes(_chunk("icns", chunks))


def _ico(pictures: list[tuple[int, bytes]]) -> bytes:
    header, bodies = struct.pack("<HHH", 0, 1, len(pictures)), b""
    start = len(header) + 16 * len(pictures)
    for size, picture in pictures:
        side = size % 256  # 0 stands for 256
        header += struct.pack("<BBBBHHII", side, side, 0, 0, 1, 32, len(picture), start + len(bodies))
        bodies += picture
    return header + bodies


def _chunk(kind: str, body: bytes) -> bytes:
    return kind.encode("ascii") + struct.pack(">I", len(body) + 8) + body


def numeric_version(version: str) -> tuple[int, int, int, int]:
    """The four numbers of a Windows version resource: 0.2.0rc1 gives 0, 2, 0, 0."""
    major, minor, micro, *_ = (*Version(version).release, 0, 0, 0)
    return major, minor, micro, 0


def windows_version() -> Any:
    """The version resource of a Windows program."""
    from PyInstaller.utils.win32 import versioninfo as win

    numbers = numeric_version(__version__)
    words = {
        "CompanyName": "BonifiQ Desktop",
        "FileDescription": "BonifiQ Desktop",
        "FileVersion": __version__,
        "InternalName": "bonifiq-desktop",
        "LegalCopyright": "MIT",
        "OriginalFilename": "bonifiq-desktop.exe",
        "ProductName": "BonifiQ Desktop",
        "ProductVersion": __version__,
    }
    table = win.StringTable("041604B0", [win.StringStruct(name, text) for name, text in words.items()])
    kids = [win.StringFileInfo([table]), win.VarFileInfo([win.VarStruct("Translation", [0x0416, 1200])])]
    return win.VSVersionInfo(ffi=win.FixedFileInfo(filevers=numbers, prodvers=numbers), kids=kids)


def mac_bundle() -> dict[str, Any]:
    """The Info.plist of the macOS bundle."""
    return {
        "bundle_identifier": IDENTIFIER,
        "version": __version__,
        "info_plist": {
            "CFBundleShortVersionString": __version__,
            "CFBundleDevelopmentRegion": "pt_BR",
            "CFBundleLocalizations": ["pt_BR", "en"],
            "LSApplicationCategoryType": "public.app-category.business",
            "LSMinimumSystemVersion": "13.0",
            "NSHighResolutionCapable": True,
            "NSRequiresAquaSystemAppearance": False,
        },
    }


def note_contents(file: Path, analysis: Any) -> None:
    """Write the list of packaged files for the notices."""
    tables = (analysis.pure, analysis.binaries, analysis.datas, analysis.scripts)
    origins = sorted({source for table in tables for *_, source, _kind in table if Path(source or "").is_absolute()})
    file.write_text(json.dumps(origins, indent=0), encoding="utf-8")
