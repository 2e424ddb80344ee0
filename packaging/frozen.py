"""Build settings that both specs share: included and excluded modules and files.

The program and the bare window (the yardstick of its size and start) are trimmed by the same rules.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from fnmatch import fnmatch
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

from locked import LOCK, locked_versions
from packaging.utils import canonicalize_name

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent

Entry = tuple[str, str, str]
"""An entry of a PyInstaller table: name in the package, file, kind."""

# Modules of Python and of libraries that are imported somewhere and never used by the program.
_UNUSED_MODULES = [
    *("tkinter", "lib2to3", "idlelib", "ensurepip", "venv", "turtle", "pydoc_data", "unittest", "doctest", "pdb"),
    *("httpx._main", "uvicorn.__main__", "keyring.cli", "keyring.completion", "keyring.testing"),
    *("xmlrpc", "pyexpat", "cffi", "pycparser", "pydantic.v1"),
    # segno and python-barcode import the writers of xml, which the program does not use; never a reader.
    *("xml.etree", "xml.parsers", "xml.dom.expatbuilder", "xml.dom.pulldom", "xml.sax.expatreader"),
    # Back ends for libraries that the lock file does not hold: trio, h2, socksio, httptools, wsproto, websockets.
    *("anyio._backends._trio", "httpcore._backends.trio"),
    *(f"httpcore.{kind}.{part}" for kind in ("_async", "_sync") for part in ("http2", "socks_proxy")),
    *(f"uvicorn.protocols.http.{part}_impl" for part in ("httptools", "zttp", "zttp_h2")),
    *(f"uvicorn.protocols.websockets.{part}_impl" for part in ("websockets", "websockets_sansio", "wsproto")),
    "_uuid",  # for uuid1, by the PC's network address; the program makes uuid4
    "_pydecimal",  # decimal takes it only where its compiled module is missing
    # uvicorn imports multiprocessing for several server processes; the training server has one.
    *(f"multiprocessing.{part}" for part in ("dummy", "heap", "managers", "pool", "shared_memory", "sharedctypes")),
]

# The Qt plugins that a window of widgets needs: a screen, pictures as SVG, keys with accents, the desktop's manners.
_PLUGINS = {
    "platforms": ("qxcb", "qwayland", "qoffscreen", "qwindows", "qcocoa"),
    "imageformats": ("qsvg", "qico", "qicns"),
    "iconengines": ("qsvgicon",),
    "platforminputcontexts": ("composeplatforminputcontextplugin", "ibusplatforminputcontextplugin"),
    "platformthemes": ("qxdgdesktopportal",),
    "printsupport": ("cupsprintersupport", "windowsprintersupport", "cocoaprintersupport"),
    "wayland-shell-integration": ("xdg-shell",),
    "wayland-graphics-integration-client": ("qt-plugin-wayland-egl",),
    "wayland-decoration-client": ("bradient",),
}
_QT_LIBRARIES = ("Core", "Gui", "Widgets", "PrintSupport", "Network", "DBus", "Svg", "XcbQpa", "WaylandClient",
                 "WaylandEglClientHwIntegration", "OpenGL")  # fmt: skip
_TRANSLATIONS = ("qtbase_pt_BR.qm", "qtbase_en.qm")

# Every Linux desktop has these libraries, built for its drivers, fonts and keyboards. The .deb depends on them.
_SYSTEM_LIBRARIES = (
    *("libglib-2.0.so*", "libgobject-2.0.so*", "libgio-2.0.so*", "libgmodule-2.0.so*", "libgthread-2.0.so*"),
    *("libfontconfig.so*", "libfreetype.so*", "libdbus-1.so*", "libgssapi_krb5.so*", "libxkbcommon*.so*"),
    "libcups.so*",
    *("libX11*.so*", "libxcb.so*", "libwayland-*.so*", "libEGL.so*", "libGL*.so*", "libstdc++.so*", "libgcc_s.so*"),
)


def excluded_modules() -> list[str]:
    """Modules of distributions outside the program's lock file, and unused modules."""
    ours = set(locked_versions(LOCK.read_text(encoding="utf-8"))) | {"bonifiq-desktop"}
    owners = {module: set(map(canonicalize_name, names)) for module, names in packages_distributions().items()}
    workshop = [module for module, names in owners.items() if not names & ours and module.isidentifier()]
    return sorted({*workshop, *_UNUSED_MODULES})


def trim(analysis: Any) -> Any:
    """Remove the excluded files from an analysis and return it."""
    analysis.datas = [_short(entry) for entry in analysis.datas if _is_wanted(entry[0])]
    analysis.binaries = [entry for entry in analysis.binaries if _is_wanted(entry[0])]
    if sys.platform == "linux":
        analysis.binaries = list(_reached(analysis.binaries))
        files = {name for name, *_ in analysis.binaries}
        analysis.datas = [(name, source, kind) for name, source, kind in analysis.datas
                          if kind != "SYMLINK" or str(Path(name).parent / source) in files]  # fmt: skip
    return analysis


def _short(entry: Entry) -> Entry:
    """Metadata without the long description. The program reads versions only; pydantic's description has 140 kB."""
    name, source, kind = entry
    if Path(name).name != "METADATA":
        return entry
    short = ROOT / "build" / "metadata" / Path(name).parent.name
    short.parent.mkdir(parents=True, exist_ok=True)
    short.write_text(Path(source).read_text(encoding="utf-8").partition("\n\n")[0] + "\n\n", encoding="utf-8")
    return name, str(short), kind


def _is_wanted(name: str) -> bool:
    """Whether a file found by PyInstaller belongs in the package."""
    path = Path(name)
    if any(part.endswith(".dist-info") for part in path.parts):
        return path.name in {"METADATA", "entry_points.txt"}
    if path.parts[:2] == ("jsonschema", "benchmarks"):
        return False
    if "translations" in path.parts and "PySide6" in path.parts:
        return path.name in _TRANSLATIONS
    if "plugins" in path.parts and "PySide6" in path.parts:
        kind = path.parts[path.parts.index("plugins") + 1]
        return any(fnmatch(path.stem.removeprefix("lib"), plugin) for plugin in _PLUGINS.get(kind, ()))
    stem = path.name.removeprefix("lib").partition(".")[0]
    if stem.startswith("Qt6"):
        return stem.removeprefix("Qt6") in _QT_LIBRARIES
    for part in path.parts:
        if part.startswith("Qt") and part.endswith(".framework"):  # as the same libraries are called on macOS
            return part.removeprefix("Qt").removesuffix(".framework") in _QT_LIBRARIES
    if sys.platform == "linux" and len(path.parts) == 1:
        return not any(fnmatch(path.name, pattern) for pattern in _SYSTEM_LIBRARIES)
    name = path.name.lower()  # the last ones are part of Windows 10, which is the least that it runs on
    return not any(fnmatch(name, pattern) for pattern in ("opengl32sw.dll", "api-ms-win-*.dll", "ucrtbase.dll"))


def _reached(binaries: list[Entry]) -> Iterator[Entry]:
    """The binaries without libraries that only excluded plugins need."""
    libraries = {Path(name).name: source for name, source, kind in binaries if kind == "BINARY" and _is_library(name)}
    waiting = [source for name, source, _kind in binaries if Path(name).name not in libraries]
    waiting += [source for name, source in libraries.items() if name.startswith("libpython")]
    found = {Path(source).name for source in waiting}
    while waiting:
        for name in _needed_by(waiting.pop()) & libraries.keys() - found:
            found.add(name)
            waiting.append(libraries[name])
    return (entry for entry in binaries if Path(entry[0]).name in found or Path(entry[0]).name not in libraries)


def _needed_by(file: str) -> set[str]:
    """The libraries that a file needs directly; PyInstaller's function would follow their needs too."""
    command = ["objdump", "-p", file]
    told = subprocess.run(command, capture_output=True, text=True, check=True)
    return set(re.findall(r"^ +NEEDED +(\S+)$", told.stdout, re.MULTILINE))


def _is_library(name: str) -> bool:
    path = Path(name)
    return ".so" in path.name and path.name.startswith("lib") and "plugins" not in path.parts


# Arguments of Analysis, EXE and COLLECT in both specs.
# Without docstrings and asserts the package is 5 % smaller. No behaviour depends on them: `make smoke` runs everything.
ANALYSIS = {"optimize": 2, "pathex": [str(ROOT)], "excludes": excluded_modules(), "hookspath": [str(HERE / "hooks")]}
PROGRAM = {"exclude_binaries": True, "strip": sys.platform == "linux", "upx": False}
FOLDER = {"strip": sys.platform == "linux", "upx": False}
