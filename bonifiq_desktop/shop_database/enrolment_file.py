"""The enrolment file: what a till needs to join the shop database, sealed with a one-time code.

The file travels by any way, the code by another one. The key is derived from the code by scrypt, and AES-GCM seals the
content. A code has 20 of 24 letters, 91 bits: guessing it is hopeless even without scrypt.
"""

import base64
import binascii
import json
import secrets
from dataclasses import asdict, dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

from bonifiq_desktop.domain.shop_database import EnrolmentError, EnrolmentTrouble

CODE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Without I and O, which are read as digits."""
CODE_LENGTH = 20
_GROUP = 5
_FORMAT = "bonifiq-shop-database-enrolment"
_VERSION = 1
_SECRET_BYTES = 32
_SALT_BYTES = 16
_NONCE_BYTES = 12
_SCRYPT_COST = 2**15  # 32 MiB, a tenth of a second on a counter PC


@dataclass(frozen=True)
class Enrolment:
    """Access of a till that joins. `hosts`: `name` or `name:port`. `ca`: the certificate authority as PEM text.

    `password`: works once; the till replaces it when it joins. `secret`: the shop's key, 32 bytes. `until`: when the
    database stops accepting the enrolment, a moment with a time zone.
    """

    shop: str
    till: str
    hosts: tuple[str, ...]
    database: str
    role: str
    ca: str
    until: datetime
    password: str = field(repr=False)
    secret: bytes = field(repr=False)


def new_code() -> str:
    """Make a code, in groups that a person can read aloud."""
    letters = "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))
    return "-".join(letters[start : start + _GROUP] for start in range(0, CODE_LENGTH, _GROUP))


def seal_enrolment(enrolment: Enrolment, code: str) -> bytes:
    """Return the content of the enrolment file."""
    salt, nonce = secrets.token_bytes(_SALT_BYTES), secrets.token_bytes(_NONCE_BYTES)
    content = asdict(enrolment) | {"secret": _encoded(enrolment.secret), "until": enrolment.until.isoformat()}
    sealed = _cipher(code, salt).encrypt(nonce, json.dumps(content).encode(), _FORMAT.encode())
    return json.dumps(
        {
            "format": _FORMAT,
            "version": _VERSION,
            "salt": _encoded(salt),
            "nonce": _encoded(nonce),
            "sealed": _encoded(sealed),
            "sha256": sha256(sealed).hexdigest(),  # tells a damaged file from a wrong code
        },
        indent=1,
    ).encode()


def open_enrolment(data: bytes, code: str) -> Enrolment:
    """Open an enrolment file. Raises EnrolmentError: UNREADABLE, WRONG_CODE."""
    from cryptography.exceptions import InvalidTag

    salt, nonce, sealed = _parts(data)
    try:
        opened = _cipher(code, salt).decrypt(nonce, sealed, _FORMAT.encode())
    except InvalidTag as error:
        raise EnrolmentError(EnrolmentTrouble.WRONG_CODE) from error
    try:
        content: dict[str, Any] = json.loads(opened)
        secret, until = _decoded(content["secret"]), datetime.fromisoformat(content["until"])
        texts = {name: str(content[name]) for name in ("shop", "till", "database", "role", "ca", "password")}
        enrolment = Enrolment(**texts, hosts=tuple(map(str, content["hosts"])), secret=secret, until=until)
    except (ValueError, KeyError, TypeError) as error:
        raise EnrolmentError(EnrolmentTrouble.UNREADABLE) from error
    if len(enrolment.secret) != _SECRET_BYTES or enrolment.until.tzinfo is None:
        raise EnrolmentError(EnrolmentTrouble.UNREADABLE)
    return enrolment


def _parts(data: bytes) -> tuple[bytes, bytes, bytes]:
    """Salt, nonce and sealed content."""
    try:
        stored = json.loads(data)
        if stored["format"] != _FORMAT or stored["version"] != _VERSION:
            raise ValueError("format")
        salt, nonce, sealed = (_decoded(stored[name]) for name in ("salt", "nonce", "sealed"))
        if len(nonce) != _NONCE_BYTES or sha256(sealed).hexdigest() != stored["sha256"]:
            raise ValueError("checksum")
    except (ValueError, KeyError, TypeError) as error:
        raise EnrolmentError(EnrolmentTrouble.UNREADABLE) from error
    return salt, nonce, sealed


def _cipher(code: str, salt: bytes) -> Any:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

    letters = "".join(letter for letter in code.upper() if letter in CODE_LETTERS)
    return AESGCM(Scrypt(salt=salt, length=32, n=_SCRYPT_COST, r=8, p=1).derive(letters.encode()))


def _encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _decoded(text: object) -> bytes:
    """Raises ValueError."""
    try:
        return base64.b64decode(str(text), validate=True)
    except binascii.Error as error:
        raise ValueError(text) from error
