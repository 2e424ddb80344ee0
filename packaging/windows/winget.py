"""Write the winget manifest of an installer: `winget.py INSTALLER --url URL --date YYYY-MM-DD --out FOLDER`.

Three files, as the community repository of winget wants them (manifest schema 1.6): version, installer, texts.
"""

import argparse
import json
import sys
from collections.abc import Mapping
from datetime import date
from hashlib import sha256
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from bonifiq_desktop import __version__

PACKAGE = "BonifiQDesktop.BonifiQDesktop"
SCHEMA = "1.6.0"
PRODUCT_CODE = "{7F0C3C0A-5B0E-4C56-9D0B-3C1B1F6E2A41}_is1"  # AppId of bonifiq-desktop.iss
LANGUAGE = "pt-BR"


def manifests(version: str, url: str, digest: str, published: date) -> dict[str, Mapping[str, object]]:
    """The three files by name, each as its keys and values."""
    common = {"PackageIdentifier": PACKAGE, "PackageVersion": version}
    installer = {
        "Architecture": "x64",
        "InstallerUrl": url,
        "InstallerSha256": digest.upper(),
    }
    return {
        f"{PACKAGE}.yaml": common | _kind("version", DefaultLocale=LANGUAGE),
        f"{PACKAGE}.installer.yaml": common
        | _kind(
            "installer",
            InstallerType="inno",
            Scope="user",
            MinimumOSVersion="10.0.17763.0",
            ProductCode=PRODUCT_CODE,
            ReleaseDate=published.isoformat(),
            Installers=[installer],
        ),
        f"{PACKAGE}.locale.{LANGUAGE}.yaml": common
        | _kind(
            "defaultLocale",
            PackageLocale=LANGUAGE,
            Publisher="BonifiQ Desktop",
            PackageName="BonifiQ Desktop",
            License="MIT",
            ShortDescription="Balcão da loja: vendas e devoluções com os pontos e o cashback do BonifiQ.",
        ),
    }


def _kind(kind: str, **more: object) -> dict[str, object]:
    return more | {"ManifestType": kind, "ManifestVersion": SCHEMA}


def as_yaml(content: Mapping[str, object]) -> str:
    """YAML of texts and lists of tables; every text is quoted as in JSON, which YAML reads."""
    lines = []
    for name, value in content.items():
        if isinstance(value, list):
            lines.append(f"{name}:")
            for table in value:
                pairs = [f"{key}: {json.dumps(text, ensure_ascii=False)}" for key, text in table.items()]
                lines += [f"{'  ' if place else '- '}{pair}" for place, pair in enumerate(pairs)]
        else:
            lines.append(f"{name}: {json.dumps(value, ensure_ascii=False)}")
    return "\n".join(lines) + "\n"


def main(arguments: list[str] | None = None) -> int:
    """Write the files. Return the exit status."""
    parser = argparse.ArgumentParser(prog="winget.py", description=__doc__)
    parser.add_argument("installer", type=Path)
    parser.add_argument("--url", required=True, help="where the installer can be got")
    parser.add_argument("--date", type=date.fromisoformat, required=True, help="of the release")
    parser.add_argument("--out", type=Path, required=True)
    chosen = parser.parse_args(arguments)
    digest = sha256(chosen.installer.read_bytes()).hexdigest()
    chosen.out.mkdir(parents=True, exist_ok=True)
    for name, content in manifests(__version__, chosen.url, digest, chosen.date).items():
        (chosen.out / name).write_text(as_yaml(content), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
