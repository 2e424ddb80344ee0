"""The API token and key: sealed with a key that the operating system's keyring holds.

`credentials.json` has the token in clear and the API key sealed. Without a usable keyring the key lives for this
run only, unless the owner agreed in so many words to a file that only this user can read.

The pair is for the address it was typed for, and no other one gets it: that address is sealed together with the key.
(In a file without a seal it stands beside the key, which helps against a slip and not against who edits both files.)
"""

import base64
import os
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from pathlib import Path

from bonifiq_desktop.security.keyrings import Keyring, KeyringTimeout, TimedKeyring
from bonifiq_desktop.storage.files import read_json, sync_folder, write_json

TOKEN_VARIABLE = "BONIFIQ_API_TOKEN"  # noqa: S105 - the name of a variable
KEY_VARIABLE = "BONIFIQ_API_KEY"
_SERVICE = "BonifiQ Desktop"
_HASH_KEY_BYTES = 32
_SUFFIX_LENGTH = 4  # characters of the token


class KeyStorage(StrEnum):
    """How the API key is kept."""

    KEYRING = "keyring"
    FILE = "file"
    MEMORY = "this_run"
    ENVIRONMENT = "environment"


class CredentialsError(Exception):
    """The stored credentials cannot be read: damaged file, or a keyring that no longer opens them."""


class CredentialsTimeout(CredentialsError):
    """The keyring that opens the stored key does not answer. It may at the next start."""


class CredentialsForOtherAddress(CredentialsError):
    """The stored credentials were typed for another address."""


@dataclass(frozen=True)
class Credentials:
    """The pair that the owner makes in BonifiQ's panel. Never printed: the key is left out of `repr`."""

    token: str = field(repr=False)
    key: str = field(repr=False)

    @property
    def token_suffix(self) -> str:
        """The last characters of the token; none of one so short that they would give it away."""
        return self.token[-_SUFFIX_LENGTH:] if len(self.token) >= 3 * _SUFFIX_LENGTH else ""


def credentials_from_environment() -> Credentials | None:
    """The pair that a kiosk set-up or a test gives in the environment; it wins over the stored one."""
    token, key = os.environ.get(TOKEN_VARIABLE), os.environ.get(KEY_VARIABLE)
    return Credentials(token, key) if token and key else None


class CredentialStore:
    """Reads and writes `credentials.json`. A keyring may take its deadline several times: call it beside the loop.

    `held`: the pair that is kept for this run only, by its address; whoever passes it on to the next store keeps it.
    """

    def __init__(self, path: Path, keyring: Keyring | None, in_memory: dict[str, Credentials] | None = None) -> None:
        self._path = path
        self.keyring = keyring if isinstance(keyring, TimedKeyring) else TimedKeyring(lambda: keyring)
        self._held = {} if in_memory is None else in_memory
        self._owner = sha256(str(path).encode()).hexdigest()[:16]

    def load(self, url: str) -> tuple[Credentials, KeyStorage] | None:
        """The credentials for an address and how they are kept, or None. The environment wins.

        Raises CredentialsElsewhere, KeyringUnanswered, CredentialsError.
        """
        given = credentials_from_environment()
        if given is not None:
            return given, KeyStorage.ENVIRONMENT
        if url in self._held:
            return self._held[url], KeyStorage.MEMORY
        stored = self._stored()
        if stored is None:
            return None
        credentials, typed_for, keeping = stored
        if typed_for != url:
            raise CredentialsForOtherAddress
        return credentials, keeping

    def stored(self) -> Credentials | None:
        """The pair that the owner typed here, for whatever address; not the environment's. Raises CredentialsError."""
        stored = self._stored()
        return stored[0] if stored else next(iter(self._held.values()), None)

    def _stored(self) -> tuple[Credentials, str, KeyStorage] | None:
        """What is in the file: the pair, the address that it was typed for, and how the key is kept."""
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
        """Keep the credentials for an address as safely as this machine can; says how. Raises OSError."""
        kept = self._write(credentials, url, file_allowed=allow_plain_file)
        self._held.clear()
        if kept is KeyStorage.MEMORY:
            self._held[url] = credentials
        return kept

    def _write(self, credentials: Credentials, url: str, *, file_allowed: bool) -> KeyStorage:
        sealed = self._seal(f"{url}\n{credentials.key}")  # an address has no line break
        if sealed is not None:
            write_json(self._path, {"token": credentials.token, "sealed_key": sealed})
            return KeyStorage.KEYRING
        if file_allowed:
            write_json(self._path, {"token": credentials.token, "key": credentials.key, "url": url})
            return KeyStorage.FILE
        write_json(self._path, {"token": credentials.token})
        return KeyStorage.MEMORY

    def forget(self) -> None:
        """Keep no credentials, nor what sealed them: an old copy of the file opens no more. Raises OSError."""
        from keyring.errors import KeyringError

        self._held.clear()
        with suppress(FileNotFoundError):
            self._path.unlink()
            sync_folder(self._path.parent)
        with suppress(KeyringError, KeyringTimeout):  # none there, or locked: then it seals nothing any more
            self.keyring.delete_password(_SERVICE, self._owner)

    def _seal(self, text: str) -> str | None:
        """The sealed text, or None where no keyring works."""
        from cryptography.fernet import Fernet
        from keyring.errors import KeyringError

        if not self.keyring.usable:
            return None
        try:
            # A secret that is there stays: replaced, it would no longer open the old file if this is cut short here.
            secret = self.keyring.get_password(_SERVICE, self._owner)
            if secret is None or not _is_valid_secret(secret):
                secret = Fernet.generate_key().decode()
                self.keyring.set_password(_SERVICE, self._owner, secret)
        except (KeyringError, KeyringTimeout):  # locked, or the person said no, or no answer
            return None
        return Fernet(secret).encrypt(text.encode()).decode()

    def _unseal(self, sealed: str) -> str:
        from cryptography.fernet import Fernet, InvalidToken
        from keyring.errors import KeyringError

        try:
            secret = self.keyring.get_password(_SERVICE, self._owner)
            if secret is None:
                raise CredentialsError
            return Fernet(secret).decrypt(sealed.encode()).decode()
        except KeyringTimeout as error:
            raise CredentialsTimeout from error
        except (InvalidToken, KeyringError, ValueError) as error:
            raise CredentialsError from error


def _is_valid_secret(secret: str) -> bool:
    from cryptography.fernet import Fernet

    try:
        Fernet(secret)
    except ValueError:
        return False
    return True


def load_or_create_hash_key(path: Path) -> bytes:
    """The secret that turns a customer's document into what the ledger may keep of it; made at the first call.

    Raises OSError, CredentialsError.
    """
    try:
        data = read_json(path)
        if "key" not in data:
            data = {"key": base64.b64encode(os.urandom(_HASH_KEY_BYTES)).decode()}
            write_json(path, data)
        secret = base64.b64decode(str(data["key"]), validate=True)
    except ValueError as error:
        raise CredentialsError from error
    if len(secret) != _HASH_KEY_BYTES:
        raise CredentialsError
    return secret
