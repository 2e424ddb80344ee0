"""Write the licence notices of all files in a package: `notices.py CONTENTS FILE`.

CONTENTS is the list of files that the spec noted. Each belongs to a distribution of the lock, to Python, to the
system that the package was built on, or to us. One without an owner or a known licence is an
error: then nothing is written.
"""

import json
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from importlib.metadata import Distribution, distribution
from pathlib import Path

from locked import LOCK, locked_versions
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
TEXTS = ROOT / "packaging" / "licenses"
BUILDERS = ("pyinstaller", "pyinstaller-hooks-contrib")
"""Build tools whose code is in the package: PyInstaller's bootloader and run-time hooks."""

OF_QT = ("LGPL-3.0-only", "GPL-3.0-only")
"""Licences whose texts are missing from Qt's distributions."""

LIBRARIES_INSIDE = "psycopg-binary"
"""A distribution that holds other projects' libraries without their licences; those are in `packaging/licenses`."""

_IS_LICENCE = re.compile(r"(LICEN[CS]E|COPYING|NOTICE)", re.IGNORECASE)
_COMMON = Path("/usr/share/common-licenses")
_LINE = "=" * 100

PREFACE = f"""\
BonifiQ Desktop is under the MIT licence (LICENSE). This package also holds the work of others, each under its own
licence; they are listed here with their licence texts, as they were when the package was built.

Qt and Qt for Python (PySide6, Shiboken)
{"-" * 40}
They are used under the GNU Lesser General Public License, version 3 (LGPL-3.0-only), whose text is at the end of
this file with that of the GPL it refers to. They are unmodified builds of The Qt Company; their source code is at
https://download.qt.io/official_releases/ under the version numbers below. You may replace them: they are shared
libraries of their own in this folder (PySide6/Qt/lib, PySide6/Qt/plugins, and PySide6 and shiboken6 beside them,
inside `_internal`, or inside `Contents/Frameworks` on macOS). Put builds of the same major version in their place,
with the same file names, and start the program as before: nothing checks them. You may look into, take apart and
change the rest to find out whether your change works. Qt itself holds the work of others (among it FreeType,
HarfBuzz, ICU, libjpeg, libpng, PCRE2, zlib, the Unicode data); it is listed, with licences, at
https://doc.qt.io/qt-6/licenses-used-in-qt.html.

psycopg, the client of PostgreSQL
{"-" * 33}
psycopg and psycopg-binary are used under the LGPL-3.0-only too, unmodified. Their source code is at
https://github.com/psycopg/psycopg/tags under the version numbers below. Their compiled modules and libraries are files
of their own (`psycopg_binary` and `psycopg_binary.libs`). Their Python modules are in the program's archive: to
replace them, build the program anew from its source code, which is under the MIT licence, with the version you choose.
"""


class LicenceMissing(Exception):
    """A packaged file has no known licence."""


def notices(contents: Iterable[Path]) -> str:
    """The notices of a package made of these files. Raises LicenceMissing."""
    owners = dict(_owners([*locked_versions(LOCK.read_text(encoding="utf-8")), *BUILDERS]))
    names, rest = set(), set()
    for file in contents:
        if (owner := owners.get(file.resolve())) is not None:
            names.add(owner)
        elif not _is_ours(file):
            rest.add(file.resolve())
    parts = [PREFACE, *(_of_distribution(distribution(name)) for name in sorted(names))]
    debian = sorted(set(_debian_packages(rest)))
    parts += [_of_debian(package) for package in debian]
    if not any(package.startswith("libpython") for package in debian):
        parts.append(_section(f"CPython {sys.version.split()[0]}", "PSF-2.0", [_python_licence()]))
    qt = [
        _section(f"The text of {name}", name, [(TEXTS / f"{name}.txt").read_text(encoding="utf-8")]) for name in OF_QT
    ]
    return f"\n{_LINE}\n".join([*parts, *_common_texts(parts), *qt])


def _owners(names: Iterable[str]) -> Iterator[tuple[Path, str]]:
    for name in names:
        for file in distribution(name).files or ():
            yield Path(str(file.locate())).resolve(), name


def _is_ours(file: Path) -> bool:
    return file.is_relative_to(ROOT) and not {"site-packages", ".venv"} & set(file.parts)


def _of_distribution(found: Distribution) -> str:
    """A distribution's name, version, licence and licence texts."""
    meta = found.metadata
    classifiers = [line.rpartition(" :: ")[2] for line in meta.get_all("Classifier") or () if "License ::" in line]
    licence = meta.get("License-Expression") or meta.get("License") or ", ".join(classifiers)
    files = [Path(str(file.locate())) for file in found.files or () if _IS_LICENCE.search(file.name)]
    texts = [file.read_text(encoding="utf-8", errors="replace") for file in files if ".dist-info" in str(file)]
    # Qt's wheels offer a choice of licences; those for Windows hold the text of the commercial one alone.
    if "LGPL-3.0-only" in (licence or ""):
        licence, texts = "LGPL-3.0-only", ["The text is at the end of this file."]
    if canonicalize_name(meta["Name"]) == LIBRARIES_INSIDE:
        texts.append((TEXTS / f"{LIBRARIES_INSIDE}-libraries.txt").read_text(encoding="utf-8"))
    name = f"{meta['Name']} {found.version}"
    if not licence or not texts:
        raise LicenceMissing(name)
    return _section(name, licence.strip().splitlines()[0], texts)


def _section(name: str, licence: str, texts: Iterable[str]) -> str:
    return "\n\n".join([f"{name}\nLicence: {licence}", *(text.strip() for text in texts), ""])


def _debian_packages(files: Iterable[Path]) -> Iterator[str]:
    """The Debian packages that own system files. A Python from elsewhere has its own licence file."""
    owners = _dpkg_owners(files)
    for file in files:
        if package := owners.get(file) or owners.get(Path("/", *file.parts[2:])):
            yield package
        elif not _is_python(file):
            raise LicenceMissing(str(file))


def _dpkg_owners(files: Iterable[Path]) -> dict[Path, str]:
    """Pairs of file and package from dpkg. /lib and /usr/lib are the same folder; dpkg lists one of both names."""
    if shutil.which("dpkg-query") is None:
        return {}
    names = [name for file in files for name in (str(file), str(Path("/", *file.parts[2:])))]
    command = ["dpkg-query", "-S", *names]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    lines = [line.rpartition(": ") for line in told.stdout.splitlines()]
    return {Path(name): package.split(",")[0].partition(":")[0] for package, _colon, name in lines}


def _is_python(file: Path) -> bool:
    roots = {Path(sys.base_prefix).resolve(), Path(sysconfig.get_path("stdlib")).resolve()}
    return any(file.is_relative_to(root) for root in roots)


def _python_licence() -> str:
    for folder in (Path(sysconfig.get_path("stdlib")), Path(sys.base_prefix)):
        for name in ("LICENSE.txt", "LICENSE"):
            if (folder / name).is_file():
                return (folder / name).read_text(encoding="utf-8")
    raise LicenceMissing("CPython")


def _of_debian(package: str) -> str:
    file = Path("/usr/share/doc") / package / "copyright"
    if not file.is_file():
        raise LicenceMissing(f"{package} (Debian)")
    return _section(
        f"{package} (built by Debian)", "see the text", [file.read_text(encoding="utf-8", errors="replace")]
    )


def _common_texts(parts: Iterable[str]) -> Iterator[str]:
    """The common licence texts that Debian's copyright files refer to, once each."""
    named = {name for part in parts for name in re.findall(rf"{_COMMON.as_posix()}/([A-Za-z0-9.-]*[A-Za-z0-9])", part)}
    names: dict[Path, list[str]] = {}
    for name in sorted(named):
        if (_COMMON / name).is_file():
            names.setdefault((_COMMON / name).resolve(), []).append(name)
    for file, called in names.items():
        yield _section(f"The text called {', '.join(called)} above", file.name, [file.read_text(encoding="utf-8")])


def main() -> int:
    """Write the notices. Return the exit status."""
    contents, out = map(Path, sys.argv[1:])
    files = [Path(name) for name in json.loads(contents.read_text(encoding="utf-8"))]
    try:
        text = notices(files)
    except LicenceMissing as error:
        print(f"notices: no licence is known of {error}", file=sys.stderr)
        return 1
    out.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
