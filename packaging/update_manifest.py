"""Notices of newer versions, as tills ask for them: `update_manifest.py keys KEYFILE` once, then for every release
`update_manifest.py sign KEYFILE --page https://… --out FILE`.

`keys` makes the private key that signs (keep it off the web server) and prints the public one, which stands behind the
`#` in the tills' setting: `https://host/path/FILE#KEY`. `sign` writes the notice of this very version, to be put there.
"""

import argparse
import json
import os
import sys
from base64 import b64encode, urlsafe_b64encode
from datetime import UTC, date, datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from bonifiq_desktop import __version__
from bonifiq_desktop.domain.updates import PROGRAM, parse_release


def make_key(path: Path) -> Ed25519PrivateKey:
    """A new private key, in a file for this user alone. Raises FileExistsError rather than replace one, OSError."""
    key = Ed25519PrivateKey.generate()
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return key


def read_key(path: Path) -> Ed25519PrivateKey:
    """A private key that `make_key` wrote. Raises ValueError for anything else, OSError."""
    key = load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError("no Ed25519 key")
    return key


def public_part(key: Ed25519PrivateKey) -> str:
    """The public key, as tills get it."""
    return urlsafe_b64encode(key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)).decode().rstrip("=")


def notice_of(key: Ed25519PrivateKey, version: str, page: str, published: date) -> bytes:
    """A signed notice. Raises UnusableNotice for one that tills would refuse."""
    said = {"program": PROGRAM, "version": version, "page": page, "published": published.isoformat()}
    payload = json.dumps(said).encode() + b"\n"
    parse_release(payload)
    return b64encode(key.sign(payload)) + b"\n" + payload


def main(given: list[str] | None = None) -> int:
    """Make a key or sign a notice. Return the exit status."""
    parser = argparse.ArgumentParser(prog="update_manifest.py", description=__doc__)
    wishes = parser.add_subparsers(dest="wish", required=True)
    keys = wishes.add_parser("keys", help="make a private key, print its public part")
    sign = wishes.add_parser("sign", help=f"write the signed notice of version {__version__}")
    for wish in (keys, sign):
        wish.add_argument("key", type=Path, metavar="KEYFILE")
    sign.add_argument("--page", required=True, help="https address where a person gets this version")
    sign.add_argument("--out", required=True, type=Path, metavar="FILE")
    chosen = parser.parse_args(given)
    try:
        key = make_key(chosen.key) if chosen.wish == "keys" else read_key(chosen.key)
        if chosen.wish == "sign":
            chosen.out.write_bytes(notice_of(key, __version__, chosen.page, datetime.now(UTC).date()))
    except (OSError, ValueError) as error:
        print(f"update_manifest: {error}", file=sys.stderr)
        return 1
    print(public_part(key))
    return 0


if __name__ == "__main__":
    sys.exit(main())
