"""Write the program's bill of materials (CycloneDX JSON): `sbom.py FILE`.

The distributions are those of requirements.lock that apply here, as they are installed in the environment that runs
this; what they bring in binary form, and Python's own, is named with the version that is really loaded. It ends with
status 1, and writes nothing, when what is installed is not what the lock says.
"""

import json
import platform
import sqlite3
import ssl
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
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
    beneath = list(_platform_components())
    refs = {part["bom-ref"] for part in parts}
    links = [link for link in bill["dependencies"] if link["ref"] in refs]
    for link in links:
        link["dependsOn"] = [ref for ref in link.get("dependsOn", []) if ref in refs]
    all_refs = sorted(refs | {part["bom-ref"] for part in beneath})
    bill["components"] = parts + beneath
    bill["dependencies"] = [{"ref": program["bom-ref"], "dependsOn": all_refs}, *links]
    return bill


def _platform_components() -> Iterator[dict[str, str]]:
    openssl = ssl.OPENSSL_VERSION.split()[1]
    for name, number in (
        ("CPython", platform.python_version()),
        ("OpenSSL", openssl),
        ("SQLite", sqlite3.sqlite_version),
        ("Qt", qVersion()),
    ):
        purl = f"pkg:generic/{name.lower()}@{number}"
        yield {"bom-ref": purl, "type": "library", "name": name, "version": number, "purl": purl}


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
