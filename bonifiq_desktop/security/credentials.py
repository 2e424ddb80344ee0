"""API token and key, stored in `credentials.json`: the token in clear, the key sealed by the system's keyring.

The secrets of other connections stand beside them, each under its connection's name and with its own keyring entry.

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
from threading import Lock
from typing import Any

from bonifiq_desktop.security.keyrings import Keyring, KeyringFailed, KeyringTimeout, TimedKeyring
from bonifiq_desktop.storage.files import read_json, sync_folder, write_json
from bonifiq_desktop.storage.held_files import retry_while_held

TOKEN_VARIABLE = "BONIFIQ_API_TOKEN"  # noqa: S105 - the name of a variable
KEY_VARIABLE = "BONIFIQ_API_KEY"
SERVICE = "BonifiQ Desktop"
_SUFFIX_LENGTH = 4  # characters of the token
_CONNECTIONS = "connections"


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


class _Seal:
    """Seals texts with a key that the keyring holds under `owner`."""

    def __init__(self, keyring: TimedKeyring, owner: str) -> None:
        self._keyring = keyring
        self._owner = sha256(owner.encode()).hexdigest()[:16]

    def close(self, text: str) -> str | None:
        """Return the sealed text, or None where no keyring works."""
        from cryptography.fernet import Fernet

        if not self._keyring.usable:
            return None
        try:
            # Keep an existing key: after a crash before the file is written, only it opens the old file.
            key = self._keyring.get_password(SERVICE, self._owner)
            if key is None or not _is_valid_key(key):
                key = Fernet.generate_key().decode()
                self._keyring.set_password(SERVICE, self._owner, key)
        except KeyringFailed:  # locked, refused by the user, or no answer
            return None
        return Fernet(key).encrypt(text.encode()).decode()

    def open(self, sealed: str) -> str:
        """Return the text. Raises CredentialsTimeout, CredentialsError."""
        from cryptography.fernet import Fernet, InvalidToken

        try:
            key = self._keyring.get_password(SERVICE, self._owner)
            if key is None:
                raise CredentialsError
            return Fernet(key).decrypt(sealed.encode()).decode()
        except KeyringTimeout as error:
            raise CredentialsTimeout from error
        except (InvalidToken, KeyringFailed, ValueError) as error:
            raise CredentialsError from error

    def forget_key(self) -> None:
        """Delete the key, so that no copy of what was sealed can be opened."""
        with suppress(KeyringFailed):  # no key, or a locked keyring
            self._keyring.delete_password(SERVICE, self._owner)


def _is_valid_key(key: str) -> bool:
    from cryptography.fernet import Fernet

    try:
        Fernet(key)
    except ValueError:
        return False
    return True


class _CredentialsFile:
    """`credentials.json`: BonifiQ's pair at the top, and `connections` with the entries of the others, by name."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = Lock()  # worker threads read and write

    def read(self) -> dict[str, Any]:
        """Return the content. Raises CredentialsError."""
        try:
            return read_json(self._path)
        except (OSError, ValueError) as error:
            raise CredentialsError from error

    def entries(self) -> dict[str, Any]:
        """Return the entries of the other connections. Raises CredentialsError."""
        entries = self.read().get(_CONNECTIONS, {})
        if not isinstance(entries, dict):
            raise CredentialsError
        return entries

    def write_pair(self, pair: dict[str, str]) -> None:
        """Replace BonifiQ's pair; the entries of the others stay. Raises OSError."""
        with self._lock:
            self._write({**pair, _CONNECTIONS: self._readable()[_CONNECTIONS]})

    def write_entry(self, name: str, entry: dict[str, str] | None) -> None:
        """Replace, or with None remove, the entry of one connection; all else stays. Raises OSError."""
        with self._lock:
            content = self._readable()
            entries = {other: content[_CONNECTIONS][other] for other in content[_CONNECTIONS] if other != name}
            self._write({**content, _CONNECTIONS: entries | ({name: entry} if entry is not None else {})})

    def _readable(self) -> dict[str, Any]:
        """The content, with `connections`; empty for a damaged file. Raises OSError for one that a program holds."""
        try:
            content = read_json(self._path)
        except ValueError:
            content = {}
        entries = content.get(_CONNECTIONS)
        return {**content, _CONNECTIONS: entries if isinstance(entries, dict) else {}}

    def _write(self, content: dict[str, Any]) -> None:
        shown = {name: value for name, value in content.items() if value or name != _CONNECTIONS}
        if shown:
            write_json(self._path, shown)
            return
        with suppress(FileNotFoundError):
            retry_while_held(self._path.unlink)
            sync_folder(self._path.parent)


class CredentialStore:
    """Reads and writes `credentials.json`. Its methods may wait for the keyring: call them in a worker thread.

    `connections`: the secrets of the connections to other systems.
    """

    def __init__(self, path: Path, keyring: Keyring | None) -> None:
        self.keyring = keyring if isinstance(keyring, TimedKeyring) else TimedKeyring(lambda: keyring)
        self._file = _CredentialsFile(path)
        self.connections = ConnectionSecrets(self._file, self.keyring, str(path))
        self._in_memory: dict[str, Credentials] = {}  # by address
        self._seal = _Seal(self.keyring, str(path))

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
        data = self._file.read()
        if not (data.get("key") or data.get("sealed_key")):
            return None
        if not data.get("token"):
            raise CredentialsError
        if data.get("key"):
            keeping, typed_for, key = KeyStorage.FILE, str(data.get("url", "")), str(data["key"])
        else:
            keeping = KeyStorage.KEYRING
            typed_for, _, key = self._seal.open(str(data["sealed_key"])).partition("\n")
        return Credentials(str(data["token"]), key), typed_for, keeping

    def save(self, credentials: Credentials, url: str, *, allow_plain_file: bool) -> KeyStorage:
        """Store credentials for an address as safely as this machine can; return where. Raises OSError."""
        kept = self._write(credentials, url, file_allowed=allow_plain_file)
        self._in_memory.clear()
        if kept is KeyStorage.MEMORY:
            self._in_memory[url] = credentials
        return kept

    def _write(self, credentials: Credentials, url: str, *, file_allowed: bool) -> KeyStorage:
        sealed = self._seal.close(f"{url}\n{credentials.key}")  # a URL has no line break
        if sealed is not None:
            self._file.write_pair({"token": credentials.token, "sealed_key": sealed})
            return KeyStorage.KEYRING
        if file_allowed:
            self._file.write_pair({"token": credentials.token, "key": credentials.key, "url": url})
            return KeyStorage.FILE
        self._file.write_pair({"token": credentials.token})
        return KeyStorage.MEMORY

    def forget(self) -> None:
        """Delete the credentials and their key, so that no copy of the file can be opened. Raises OSError."""
        self._in_memory.clear()
        self._file.write_pair({})
        self._seal.forget_key()


@dataclass(frozen=True)
class StoredSecret:
    """The secret of a connection, with where it is stored. `repr` does not show it."""

    secret: str = field(repr=False)
    storage: KeyStorage


class ConnectionSecrets:
    """The secrets of connections to other systems, by name and address. The environment has no say in them.

    Its methods may wait for the keyring, as those of CredentialStore.
    """

    def __init__(self, file: _CredentialsFile, keyring: TimedKeyring, owner: str) -> None:
        self._file = file
        self._keyring = keyring
        self._owner = owner
        self._in_memory: dict[str, tuple[str, str]] = {}  # by name: address and secret

    def load(self, name: str, url: str) -> StoredSecret | None:
        """Return the secret of a connection, or None where none is stored.

        Raises CredentialsForOtherAddress, CredentialsTimeout, CredentialsError.
        """
        if name in self._in_memory:
            storage, (typed_for, secret) = KeyStorage.MEMORY, self._in_memory[name]
        else:
            entry = self._file.entries().get(name)
            if entry is None:
                return None
            storage, typed_for, secret = self._opened(name, entry)
        if typed_for != url:
            raise CredentialsForOtherAddress
        return StoredSecret(secret, storage)

    def _opened(self, name: str, entry: Any) -> tuple[KeyStorage, str, str]:
        if not isinstance(entry, dict) or not (entry.get("secret") or entry.get("sealed_secret")):
            raise CredentialsError
        if entry.get("secret"):
            return KeyStorage.FILE, str(entry.get("url", "")), str(entry["secret"])
        # Each name has a key of its own: an entry that was moved to another name does not open.
        typed_for, _, secret = self._seal(name).open(str(entry["sealed_secret"])).partition("\n")
        return KeyStorage.KEYRING, typed_for, secret

    def save(self, name: str, url: str, secret: str, *, allow_plain_file: bool) -> KeyStorage:
        """Store a secret for a name and an address as safely as this machine can; return where. Raises OSError."""
        sealed = self._seal(name).close(f"{url}\n{secret}")  # a URL has no line break
        if sealed is not None:
            kept, entry = KeyStorage.KEYRING, {"sealed_secret": sealed}
        elif allow_plain_file:
            kept, entry = KeyStorage.FILE, {"secret": secret, "url": url}
        else:
            kept, entry = KeyStorage.MEMORY, None
        self._file.write_entry(name, entry)
        self._in_memory.pop(name, None)
        if kept is KeyStorage.MEMORY:
            self._in_memory[name] = url, secret
        return kept

    def forget(self, name: str) -> None:
        """Delete a secret and its key, so that no copy of the file can be opened. Raises OSError."""
        self._in_memory.pop(name, None)
        self._file.write_entry(name, None)
        self._seal(name).forget_key()

    def _seal(self, name: str) -> _Seal:
        return _Seal(self._keyring, f"{self._owner}\n{name}")
