"""Write the program's bill of materials (CycloneDX JSON): `sbom.py FILE`.

The distributions are those of requirements.lock that apply here, as they are installed in the environment that runs
this; what they bring in binary form, and Python's own, is named with the version that is really loaded. It ends with
status 1, and writes nothing, when what is installed is not what the lock says.
"""

import ctypes
import json
import platform
import sqlite3
import ssl
import subprocess
import sys
from collections.abc import Iterable, Iterator
from importlib.metadata import PackageNotFoundError, distribution, version
from pathlib import Path
from typing import Any

from locked import LOCK, locked_versions
from packaging.utils import canonicalize_name
from PySide6.QtCore import qVersion

from bonifiq_desktop import __version__


class LockMismatch(Exception):
    """An installed distribution differs from the lock file."""


def check_installed(wanted: dict[str, str]) -> None:
    """Raises LockMismatch for the first distribution that is missing or has another version."""
    for name, number in wanted.items():
        try:
            found = version(name)
        except PackageNotFoundError:
            found = "nothing"
        if found != number:
            raise LockMismatch(f"{name}: {number} in the lock, {found} installed")


def build_sbom(wanted: dict[str, str]) -> dict[str, Any]:
    """Build the bill of these distributions and of the components below them."""
    # The library's own validation takes long; a test validates the written file.
    options = ["--no-validate", "--output-reproducible"]
    command = [sys.executable, "-m", "cyclonedx_py", "environment", *options, sys.executable]
    bill: dict[str, Any] = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    program = {"bom-ref": "bonifiq-desktop", "type": "application", "name": "BonifiQ Desktop", "version": __version__}
    bill["metadata"]["component"] = program | {"licenses": [{"license": {"id": "MIT"}}]}
    parts = [part for part in bill["components"] if canonicalize_name(part["name"]) in wanted]
    # Web pages and descriptions identify nothing, and are more than half of the bill, which is in every package.
    for part in (*parts, *bill["metadata"]["tools"]["components"]):
        for unneeded in ("description", "externalReferences"):
            part.pop(unneeded, None)
    beneath = [*_platform_components(), *_inner_components(wanted)]
    refs = {part["bom-ref"] for part in parts}
    links = [link for link in bill["dependencies"] if link["ref"] in refs]
    for link in links:
        link["dependsOn"] = [ref for ref in link.get("dependsOn", []) if ref in refs]
    all_refs = sorted(refs | {part["bom-ref"] for part in beneath})
    bill["components"] = parts + beneath
    bill["dependencies"] = [{"ref": program["bom-ref"], "dependsOn": all_refs}, *links]
    return bill


def _platform_components() -> Iterator[dict[str, str]]:
    """Python's, Qt's and libpq's parts. libpq has an OpenSSL of its own, mostly in another version than Python's."""
    named = (
        ("CPython", platform.python_version()),
        *(("OpenSSL", number) for number in sorted({ssl.OPENSSL_VERSION.split()[1], *_openssl_of_libpq()})),
        ("SQLite", sqlite3.sqlite_version),
        ("Qt", qVersion()),
        ("libpq", _libpq_version()),
    )
    for name, number in named:
        purl = f"pkg:generic/{name.lower()}@{number}"
        yield {"bom-ref": purl, "type": "library", "name": name, "version": number, "purl": purl}


def _libpq_version() -> str:
    """libpq's version: 180006 stands for 18.6."""
    from psycopg import pq

    return f"{pq.version() // 10000}.{pq.version() % 10000}"


def _openssl_of_libpq() -> Iterator[str]:
    """The version of each OpenSSL inside psycopg-binary."""
    for file in distribution("psycopg-binary").files or ():
        if file.name.startswith("libcrypto"):
            library = ctypes.CDLL(str(file.locate()))
            library.OpenSSL_version.restype = ctypes.c_char_p
            yield library.OpenSSL_version(0).decode().split()[1]


def _inner_components(wanted: Iterable[str]) -> Iterator[dict[str, Any]]:
    """The libraries that the wheels' own bills of materials (PEP 770) name beside their distribution."""
    for name in wanted:
        for file in distribution(name).files or ():
            if "sboms" in file.parts and file.name.endswith(".cdx.json"):
                bill = json.loads(file.read_text(encoding="utf-8"))
                yield from (part for part in bill["components"] if canonicalize_name(part["name"]) != name)


def main() -> int:
    """Write the bill. Return the exit status."""
    [out] = map(Path, sys.argv[1:])
    wanted = locked_versions(LOCK.read_text(encoding="utf-8"))
    try:
        check_installed(wanted)
    except LockMismatch as error:
        print(f"sbom: {error}", file=sys.stderr)
        return 1
    bill = build_sbom(wanted)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(bill, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"sbom: {len(bill['components'])} components in {out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
