"""The keys of the ledger's customer records: one seals them, the other makes keyed hashes by which they are found.

Both come from one secret, which the system's keyring holds. Without a usable keyring it is in a file where the owner
agreed to one, else in memory: then the program keeps no customer after its end.
"""

import base64
import hmac
import os
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from bonifiq_desktop.domain.phones import Phone
from bonifiq_desktop.domain.pseudonyms import hash_name, pseudonym
from bonifiq_desktop.security.credentials import SERVICE, CredentialsError
from bonifiq_desktop.security.keyrings import KeyringFailed, TimedKeyring
from bonifiq_desktop.storage.files import read_json, write_json
from bonifiq_desktop.storage.held_files import retry_while_held

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_SECRET_BYTES = 32
_NONCE_BYTES = 12
_CHECK_LETTERS = 32


class SealBroken(Exception):
    """A sealed record was made with another key or for another row, or it was changed."""


@dataclass(frozen=True)
class CustomerKeys:
    """The keys of one secret. `is_kept`: False for a secret in memory, which ends with the program."""

    secret: bytes = field(repr=False)
    is_kept: bool = True

    @classmethod
    def for_this_run(cls) -> "CustomerKeys":
        return cls(os.urandom(_SECRET_BYTES), is_kept=False)

    @cached_property
    def check_value(self) -> str:
        """A text by which two secrets are compared, and from which neither follows."""
        return self._derived(b"check").hex()[:_CHECK_LETTERS]

    def seal(self, row_id: int, text: bytes) -> bytes:
        """Seal a record for one row: in another row it does not open."""
        return self._seal(_associated(row_id), text)

    def unseal(self, row_id: int, sealed: bytes) -> bytes:
        """Open a sealed record. Raises SealBroken."""
        return self._unseal(_associated(row_id), sealed)

    def seal_for(self, associated: str, text: bytes) -> bytes:
        """Seal a record for the other tills: beside another `associated` text it does not open."""
        return self._seal(b"shop " + associated.encode(), text)

    def unseal_for(self, associated: str, sealed: bytes) -> bytes:
        """Open a record that `seal_for` sealed, here or at another till. Raises SealBroken."""
        return self._unseal(b"shop " + associated.encode(), sealed)

    def _seal(self, associated: bytes, text: bytes) -> bytes:
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, text, associated)

    def _unseal(self, associated: bytes, sealed: bytes) -> bytes:
        from cryptography.exceptions import InvalidTag

        try:
            return self._cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], associated)
        except (InvalidTag, ValueError) as error:
            raise SealBroken from error

    def identity(self, document: str, email: str = "", phone: str = "") -> str | None:
        """The keyed hash of a customer's document, else of the e-mail, else of the phone."""
        return pseudonym(self._hash_key, document, email, phone)

    def hash_name(self, name: str) -> str | None:
        """The same for what `pseudonyms.known_as` returned."""
        return hash_name(self._hash_key, name)

    def phone_hash(self, phone: Phone) -> str:
        """The keyed hash of a phone number's comparable form."""
        return hmac.new(self._hash_key, f"phone {phone.key}".encode(), sha256).hexdigest()

    @cached_property
    def _hash_key(self) -> bytes:
        return self._derived(b"hash")

    @cached_property
    def _cipher(self) -> "AESGCM":
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        return AESGCM(self._derived(b"seal"))

    def _derived(self, purpose: bytes) -> bytes:
        return hmac.new(self.secret, b"customers " + purpose, sha256).digest()


def _associated(row_id: int) -> bytes:
    return b"customer %d" % row_id


def load_customer_keys(file: Path, keyring: TimedKeyring, *, file_allowed: bool) -> CustomerKeys:
    """Load or create the keys of a data folder. May wait for the keyring: call it in a worker thread.

    `file_allowed`: the owner agreed to secrets in a file, or this is a training folder without real customers. Never
    raises: a damaged file or a locked keyring means keys for this run only, and what is on disk stays sealed.
    """
    with suppress(KeyringFailed):
        if keyring.usable:
            return CustomerKeys(_secret_in_keyring(keyring, file))
    if file_allowed:
        with suppress(OSError, CredentialsError):
            return CustomerKeys(load_or_create_secret(file))
    return CustomerKeys.for_this_run()


def _secret_in_keyring(keyring: TimedKeyring, file: Path) -> bytes:
    """Raises KeyringFailed."""
    owner = f"{sha256(str(file.parent).encode()).hexdigest()[:16]}-customers"
    stored = _decoded(keyring.get_password(SERVICE, owner))
    if stored is not None:
        return stored
    secret = os.urandom(_SECRET_BYTES)
    with suppress(OSError, CredentialsError):  # records that were sealed before this PC had a keyring
        secret = load_secret(file) or secret
    keyring.set_password(SERVICE, owner, base64.b64encode(secret).decode())
    if _decoded(keyring.get_password(SERVICE, owner)) != secret:
        raise KeyringFailed
    forget_secret_file(file)
    return secret


def load_or_create_secret(file: Path) -> bytes:
    """Return the secret of a file, created at the first call. Raises OSError, CredentialsError."""
    secret = load_secret(file)
    if secret is None:
        secret = os.urandom(_SECRET_BYTES)
        write_json(file, {"key": base64.b64encode(secret).decode()})
    return secret


def load_secret(file: Path) -> bytes | None:
    """Return the secret of a file, or None where there is none. Raises OSError, CredentialsError."""
    try:
        data = read_json(file)
    except ValueError as error:
        raise CredentialsError from error
    if "key" not in data:
        return None
    secret = _decoded(str(data["key"]))
    if secret is None:
        raise CredentialsError
    return secret


def forget_secret_file(file: Path) -> None:
    """Delete the secret in the file, with which every record sealed by it is lost."""
    with suppress(OSError):
        retry_while_held(lambda: file.unlink(missing_ok=True))


def _decoded(text: str | None) -> bytes | None:
    """The secret that was encoded, or None for any other text."""
    with suppress(ValueError):
        secret = base64.b64decode(text or "", validate=True)
        return secret if len(secret) == _SECRET_BYTES else None
    return None
