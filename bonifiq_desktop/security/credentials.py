"""API token and key, stored in `credentials.json`: the token in clear, the key sealed by the system's keyring.

Without a usable keyring the key stays in memory, unless the owner agreed to a plain file that only this user can read.

Credentials are sent only to the address they were typed for: it is sealed together with the key. In a plain file it
stands beside the key, which protects from mistakes, not from an attacker who edits the file.
"""

import os
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from pathlib import Path

from bonifiq_desktop.security.keyrings import Keyring, KeyringFailed, KeyringTimeout, TimedKeyring
from bonifiq_desktop.storage.files import read_json, sync_folder, write_json
from bonifiq_desktop.storage.held_files import retry_while_held

TOKEN_VARIABLE = "BONIFIQ_API_TOKEN"  # noqa: S105 - the name of a variable
KEY_VARIABLE = "BONIFIQ_API_KEY"
SERVICE = "BonifiQ Desktop"
_SUFFIX_LENGTH = 4  # characters of the token


class KeyStorage(StrEnum):
    """Where the API key is stored."""

    KEYRING = "keyring"
    FILE = "file"
    MEMORY = "this_run"
    ENVIRONMENT = "environment"


class CredentialsError(Exception):
    """The stored credentials cannot be read: damaged file, or a keyring without their secret."""


class CredentialsTimeout(CredentialsError):
    """The keyring with the secret of the stored key does not answer; it may at the next start."""


class CredentialsForOtherAddress(CredentialsError):
    """The stored credentials are for another address."""


@dataclass(frozen=True)
class Credentials:
    """Token and key that the owner creates in BonifiQ's panel. `repr` shows neither."""

    token: str = field(repr=False)
    key: str = field(repr=False)

    @property
    def token_suffix(self) -> str:
        """The last characters of the token; none of a token so short that they would reveal it."""
        return self.token[-_SUFFIX_LENGTH:] if len(self.token) >= 3 * _SUFFIX_LENGTH else ""


def credentials_from_environment() -> Credentials | None:
    """Return the environment's credentials, for kiosks and tests; they win over the stored ones."""
    token, key = os.environ.get(TOKEN_VARIABLE), os.environ.get(KEY_VARIABLE)
    return Credentials(token, key) if token and key else None


class CredentialStore:
    """Reads and writes `credentials.json`. Its methods may wait for the keyring: call them in a worker thread."""

    def __init__(self, path: Path, keyring: Keyring | None) -> None:
        self._path = path
        self.keyring = keyring if isinstance(keyring, TimedKeyring) else TimedKeyring(lambda: keyring)
        self._in_memory: dict[str, Credentials] = {}  # by address
        self._owner = sha256(str(path).encode()).hexdigest()[:16]

    def load(self, url: str) -> tuple[Credentials, KeyStorage] | None:
        """Return the credentials for an address and where they are stored, or None. The environment wins.

        Raises CredentialsForOtherAddress, CredentialsTimeout, CredentialsError.
        """
        given = credentials_from_environment()
        if given is not None:
            return given, KeyStorage.ENVIRONMENT
        if url in self._in_memory:
            return self._in_memory[url], KeyStorage.MEMORY
        stored = self._stored()
        if stored is None:
            return None
        credentials, typed_for, keeping = stored
        if typed_for != url:
            raise CredentialsForOtherAddress
        return credentials, keeping

    def stored(self) -> Credentials | None:
        """Return the credentials that the owner typed, for any address. Raises CredentialsError."""
        stored = self._stored()
        return stored[0] if stored else next(iter(self._in_memory.values()), None)

    def _stored(self) -> tuple[Credentials, str, KeyStorage] | None:
        """Return the file's credentials, their address and where the key is stored."""
        try:
            data = read_json(self._path)
        except (OSError, ValueError) as error:
            raise CredentialsError from error
        if not (data.get("key") or data.get("sealed_key")):
            return None
        if not data.get("token"):
            raise CredentialsError
        if data.get("key"):
            keeping, typed_for, key = KeyStorage.FILE, str(data.get("url", "")), str(data["key"])
        else:
            keeping = KeyStorage.KEYRING
            typed_for, _, key = self._unseal(str(data["sealed_key"])).partition("\n")
        return Credentials(str(data["token"]), key), typed_for, keeping

    def save(self, credentials: Credentials, url: str, *, allow_plain_file: bool) -> KeyStorage:
        """Store credentials for an address as safely as this machine can; return where. Raises OSError."""
        kept = self._write(credentials, url, file_allowed=allow_plain_file)
        self._in_memory.clear()
        if kept is KeyStorage.MEMORY:
            self._in_memory[url] = credentials
        return kept

    def _write(self, credentials: Credentials, url: str, *, file_allowed: bool) -> KeyStorage:
        sealed = self._seal(f"{url}\n{credentials.key}")  # a URL has no line break
        if sealed is not None:
            write_json(self._path, {"token": credentials.token, "sealed_key": sealed})
            return KeyStorage.KEYRING
        if file_allowed:
            write_json(self._path, {"token": credentials.token, "key": credentials.key, "url": url})
            return KeyStorage.FILE
        write_json(self._path, {"token": credentials.token})
        return KeyStorage.MEMORY

    def forget(self) -> None:
        """Delete the credentials and their secret, so that no copy of the file can be opened. Raises OSError."""
        self._in_memory.clear()
        with suppress(FileNotFoundError):
            retry_while_held(self._path.unlink)
            sync_folder(self._path.parent)
        with suppress(KeyringFailed):  # no secret, or a locked keyring
            self.keyring.delete_password(SERVICE, self._owner)

    def _seal(self, text: str) -> str | None:
        """Return the sealed text, or None where no keyring works."""
        from cryptography.fernet import Fernet

        if not self.keyring.usable:
            return None
        try:
            # Keep an existing secret: after a crash before the file is written, only it opens the old file.
            secret = self.keyring.get_password(SERVICE, self._owner)
            if secret is None or not _is_valid_secret(secret):
                secret = Fernet.generate_key().decode()
                self.keyring.set_password(SERVICE, self._owner, secret)
        except KeyringFailed:  # locked, refused by the user, or no answer
            return None
        return Fernet(secret).encrypt(text.encode()).decode()

    def _unseal(self, sealed: str) -> str:
        from cryptography.fernet import Fernet, InvalidToken

        try:
            secret = self.keyring.get_password(SERVICE, self._owner)
            if secret is None:
                raise CredentialsError
            return Fernet(secret).decrypt(sealed.encode()).decode()
        except KeyringTimeout as error:
            raise CredentialsTimeout from error
        except (InvalidToken, KeyringFailed, ValueError) as error:
            raise CredentialsError from error


def _is_valid_secret(secret: str) -> bool:
    from cryptography.fernet import Fernet

    try:
        Fernet(secret)
    except ValueError:
        return False
    return True
